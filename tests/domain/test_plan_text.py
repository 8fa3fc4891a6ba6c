"""How a plan is read: every paragraph by its key, the register by its columns; and what is wrong, by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.projects import plan_text
from gongshi.projects.models import Block, Severity
from gongshi.projects.plan_text import PlanParagraph, PlanRisk, PlanText, PlanUnreadable, parse, with_ids

REGISTER = """
## 风险点登记

| 编号 | 风险点 | 等级 | 防范措施 | 补偿机制 | 责任人 |
|---|---|---|---|---|---|
| r-1 | 模型失效 | 重大 | 人工复核 | 先行赔付 | 示例证券 |
"""
PLAN = f"""## 技术应用 {{#p-1}}

第一段。 {{#p-2}}

- 一项 {{#p-3}}

| 渠道 | 时间 | {{#p-4}}
|---|---|
| 移动客户端 | 全天 | {{#p-5}}

#### 小标题 {{#p-6}}
{REGISTER}"""


def problem(markdown: str, first_line: int = 1) -> PlanUnreadable:
    with pytest.raises(PlanUnreadable) as refused:
        parse(markdown, first_line=first_line)
    return refused.value


def test_every_block_of_a_plan_is_read_as_what_it_is() -> None:
    assert parse(PLAN).paragraphs == (
        PlanParagraph("p-1", Block.HEADING, "技术应用", 2),
        PlanParagraph("p-2", Block.PARAGRAPH, "第一段。"),
        PlanParagraph("p-3", Block.ITEM, "一项"),
        PlanParagraph("p-4", Block.HEADER, "渠道 | 时间"),
        PlanParagraph("p-5", Block.ROW, "移动客户端 | 全天"),
        PlanParagraph("p-6", Block.HEADING, "小标题", 4),
    )


def test_the_register_is_read_by_its_columns() -> None:
    assert parse(PLAN).risks == (PlanRisk("r-1", "模型失效", Severity.MAJOR, "人工复核", "先行赔付", "示例证券"),)


@pytest.mark.parametrize("blank", ["", " ", "\u3000"], ids=["nothing", "a blank", "a wide blank"])
def test_an_empty_cell_means_that_there_is_no_such_measure(blank: str) -> None:
    (risk,) = parse(PLAN.replace("人工复核", blank).replace("先行赔付", blank)).risks

    assert (risk.prevention, risk.compensation) == (None, None)


@pytest.mark.parametrize(
    ("broken", "line", "says"),
    [
        pytest.param(PLAN.replace(" {#p-2}", ""), 3, "没有编号", id="a paragraph without an id"),
        pytest.param(PLAN.replace("{#p-3}", "{#p-2}"), 5, "第 3 行已经用过", id="an id used twice"),
        pytest.param(PLAN.replace("{#p-3}", "{#x-3}"), 5, "没有编号", id="an id of another form"),
        pytest.param(PLAN.replace("第一段。", ""), 3, "没有文字", id="an id without a text"),
        pytest.param(PLAN.replace("## 技术", "# 技术"), 1, "标题用", id="a heading of the first level"),
        pytest.param(PLAN.replace("## 技术", "##技术"), 1, "标题用", id="a heading without its blank"),
        pytest.param(PLAN.replace("#### 小", "##### 小"), 11, "标题用", id="a heading too deep"),
        pytest.param(PLAN.replace("| 示例证券 |", "|"), 17, "应有 6 栏", id="a register row one cell short"),
        pytest.param(PLAN.replace("| r-1 |", "r-1 |"), 17, "应有 6 栏", id="a register row that begins without a bar"),
        pytest.param(PLAN.replace("r-1", "R1"), 17, "r-1、r-2", id="a risk numbered in another way"),
        pytest.param(PLAN.replace("重大", "严重"), 17, "“一般”或“重大”", id="an unknown severity"),
        pytest.param(PLAN + "| r-1 | 又 | 一般 | | | 甲 |\n", 18, "第 17 行已经用过", id="a risk numbered twice"),
        pytest.param(PLAN + "登记表后面的话\n", 18, "应有 6 栏", id="words after the register"),
        pytest.param(PLAN.replace(REGISTER, ""), 1, "没有风险点登记", id="no register"),
        pytest.param("", 1, "没有风险点登记", id="nothing at all"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_to_do(broken: str, line: int, says: str) -> None:
    found = problem(broken)

    assert found.line == line
    assert says in found.problem


def test_lines_are_counted_from_where_the_text_begins_in_its_file() -> None:
    assert problem(PLAN.replace(" {#p-2}", ""), first_line=5).line == 7


def test_a_table_without_a_rule_under_its_first_line_has_no_header() -> None:
    blocks = {one.key: one.block for one in parse(PLAN.replace("|---|---|\n| 移动", "| 移动")).paragraphs}

    assert (blocks["p-4"], blocks["p-5"]) == (Block.ROW, Block.ROW)


def test_missing_ids_are_written_behind_every_block_and_behind_no_other() -> None:
    written = with_ids("## 标题\n\n一段。 {#p-7}\n\n- 一项\n\n| 甲 | 乙 |\n|---|---|\n" + REGISTER)

    assert written.splitlines()[:8] == [
        "## 标题 {#p-8}",
        "",
        "一段。 {#p-7}",
        "",
        "- 一项 {#p-9}",
        "",
        "| 甲 | 乙 | {#p-10}",
        "|---|---|",
    ]
    assert "r-1 | 模型失效" in written
    assert written.count("{#") == 4


def test_writing_ids_again_changes_nothing() -> None:
    once = with_ids("## 标题\n\n一段。\n" + REGISTER)

    assert with_ids(once) == once


LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=30)


@given(st.lists(LINES.filter(lambda line: line.strip() and line.strip()[0] not in "#|-{"), min_size=1, max_size=8))
def test_whatever_is_written_is_read_back_word_for_word(lines: list[str]) -> None:
    lines = [line for line in lines if "{#" not in line] or ["一段。"]

    read = parse(with_ids("\n\n".join(lines) + "\n" + REGISTER))

    assert [one.text for one in read.paragraphs] == [line.strip() for line in lines]
    assert len({one.key for one in read.paragraphs}) == len(lines)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(PLAN.replace("第一段。", "第一段"), id="a full stop"),
        pytest.param(PLAN.replace("{#p-2}", "{#p-12}"), id="a key"),
        pytest.param(PLAN.replace("- 一项", "一项"), id="what a block is"),
        pytest.param(PLAN.replace("#### 小", "### 小"), id="the level of a heading"),
        pytest.param(PLAN.replace("人工复核", ""), id="a prevention taken away"),
        pytest.param(PLAN.replace("重大", "一般"), id="a severity"),
    ],
)
def test_any_change_gives_another_hash(changed: str) -> None:
    assert parse(changed).sha256 != parse(PLAN).sha256


def test_the_order_of_paragraphs_is_part_of_the_hash() -> None:
    text = parse(PLAN)

    assert PlanText(text.paragraphs[::-1], text.risks).sha256 != text.sha256


@pytest.mark.parametrize(
    ("field", "other"),
    [("prevention", "复核"), ("compensation", None), ("severity", Severity.GENERAL), ("owner", "别人")],
)
def test_a_reworded_risk_is_another_risk_to_judge(field: str, other: object) -> None:
    (risk,) = parse(PLAN).risks
    values = {**vars(risk), field: other}

    assert plan_text.PlanRisk(**values).sha256 != risk.sha256
