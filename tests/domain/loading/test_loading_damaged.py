"""Content with a mistake is refused with file, line and what to do, and nothing of it is loaded."""

import csv
import re
from pathlib import Path

import pytest
import small_content
from loads import load, rows
from sqlalchemy import Engine

from gongshi.loading.problems import ContentInvalid

ARCHIVE = "archive/beijing-2021/consultation.toml"
ARCHIVE_PROJECTS = "archive/beijing-2021/projects.csv"
ARCHIVE_NOTICE = "archive/notices/list.md"
CONSULTATION = "example/decided/consultation.toml"
PROJECTS = "example/decided/projects.csv"
COMMENTS = "example/decided/comments.csv"
OBJECTIONS = "example/decided/objections.toml"
ANSWERS = "example/decided/answers.toml"
REVISION = "example/decided/revisions/01.v2.toml"
DECISIONS = "example/decided/decisions.toml"
PLAN = "example/decided/plans/01.md"
NOTICE = "example/decided/notices/naru.md"
STAFF = "example/staff.csv"
BUREAUS = "example/bureaus.csv"
INSTITUTIONS = "example/institutions.csv"

# The last part of a sound file, to be taken away.
REGISTER = small_content.FILES[PLAN][small_content.FILES[PLAN].index("## 风险点登记") :]
CHANGES = small_content.REVISION[small_content.REVISION.index("[[") :]


def refused(engine: Engine, folder: Path) -> str:
    """What the loader says; that it left nothing is checked on the way."""
    with pytest.raises(ContentInvalid) as problem:
        load(engine, folder)
    assert set(rows(engine).values()) == {0}
    return str(problem.value)


def damage(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} does not contain {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


MISTAKES = {
    # archive
    "a wrong date of a list": (ARCHIVE, "2021-11-19\n", '"19.11.2021"\n', 6, "写作 2021-11-19"),
    "a date of a list that does not exist": (ARCHIVE, "2021-11-19\n", '"2021-02-30"\n', 6, "写作 2021-11-19"),
    "a list without its date": (ARCHIVE, "published_on = 2021-11-19\n", "", 1, "published_on"),
    "a list without its number": (ARCHIVE, 'number = "2021-BJ-01"\n', "", 1, "number"),
    "a list numbered in another way": (ARCHIVE, '"2021-BJ-01"', '"北京第一批"', 1, "2021-BJ-01"),
    "a list without sources": (ARCHIVE, '["(a) 财联社，2021-11-19"]', "[]", 8, "sources"),
    "a list of no bureau": (ARCHIVE, '["北京证监局"]', "[]", 5, "bureaus"),
    "a list of an unknown bureau": (ARCHIVE, '"北京证监局"', '"北京局"', 5, "bureaus.csv"),
    "an archive project without lead and source": (ARCHIVE_PROJECTS, "名称以公布稿为准（来源 a）", "", 3, "牵头"),
    "a wrong date of a notice": (ARCHIVE_NOTICE, "2021-11-19\nsource", "2021年11月19日\nsource", 5, "写作 2021-11-19"),
    "a notice without its source": (ARCHIVE_NOTICE, "source: a\n", "", 1, "source"),
    "a notice of an unknown kind": (ARCHIVE_NOTICE, "kind: consultation", "kind: news", 3, "公告种类"),
    "a notice on an unknown list": (ARCHIVE_NOTICE, ": 2021-BJ-01", ": 2021-BJ-02", 7, "2021-BJ-02"),
    "a notice of an unknown bureau": (ARCHIVE_NOTICE, "bureau: 北京证监局", "bureau: 北京局", 8, "bureaus.csv"),
    "a notice without front matter": (ARCHIVE_NOTICE, "---\n", "", 1, "---"),
    "a notice whose front matter never ends": (ARCHIVE_NOTICE, "\n---\n\n公", "\n\n公", 1, "---"),
    "a line of front matter without colon": (ARCHIVE_NOTICE, "source: a", "source a", 6, "名称: 内容"),
    "an address with Chinese in it": (ARCHIVE_NOTICE, "2021-11-19-list", "北京名单", 2, "slug"),
    # a list and its rows
    "a day that is no number": (CONSULTATION, "published_day = -60", 'published_day = "十一月"', 6, "整数"),
    "a day that is half a number": (CONSULTATION, "opens_day = -60", "opens_day = -60.5", 10, "整数"),
    "a day beyond every calendar": (CONSULTATION, "published_day = -60", "published_day = -99999999", 6, "天"),
    "a list without a round": (CONSULTATION, "[round]", "[period]", 1, "round"),
    "a round that is no table": (CONSULTATION, "[round]\nopens_day = -60\nlast_day = -31", "round = 3", 9, "round"),
    "a period that ends before it begins": (CONSULTATION, "last_day = -31", "last_day = -70", 1, "period-in-the-past"),
    "a short period without a reason": (CONSULTATION, "last_day = -31", "last_day = -40", 1, "period-too-short"),
    "a list that opens too early": (CONSULTATION, "published_day = -60", "published_day = -50", 1, "period"),
    "a series of other letters": (CONSULTATION, 'series = "SL"', 'series = "示例"', 1, "series"),
    "TOML that cannot be read": (CONSULTATION, 'series = "SL"', "series = SL", 1, "TOML"),
    "a project without its lead": (PROJECTS, "陪伴服务,示例甲证券", "陪伴服务,", 3, "牵头"),
    "a project of an unknown institution": (PROJECTS, "示例甲证券", "示例丙证券", 2, "institutions.csv"),
    "a joint institution nobody knows": (PROJECTS, "示例乙科技", "示例丁科技", 2, "institutions.csv"),
    "a joint institution named twice": (PROJECTS, "示例乙科技", "示例乙科技;示例乙科技", 2, "写了两次"),
    "a project number used twice": (PROJECTS, "2,基于大语言", "1,基于大语言", 3, "重复"),
    "a project number that is none": (PROJECTS, "2,基于大语言", "二,基于大语言", 3, "整数"),
    "project number nought": (PROJECTS, "2,基于大语言", "0,基于大语言", 3, "number"),
    "a project number of thirty digits": (PROJECTS, "2,基于大语言", "2" * 30 + ",基于大语言", 3, "9位"),
    "a lead that also joins": (PROJECTS, "示例乙科技", "示例甲证券", 2, "写了两次"),
    "a project without a name": (PROJECTS, "2,基于大语言模型的陪伴服务", "2,", 3, "name"),
    "a column too many": (PROJECTS, "智能投顾", "智能投顾,又一栏", 3, "应有 6 栏"),
    "a header in another language": (PROJECTS, "number,name", "编号,名称", 1, "列名"),
    "a quote that never ends": (PROJECTS, "2,基于", '2,"基于', 3, "引号"),
    # plans
    "a plan of no project": (PLAN, "project: 1", "project: 7", 2, "projects.csv"),
    "a second plan of one project": (PLAN, "project: 1", "project: 2", None, "另一个文件"),
    "a paragraph without its id": (PLAN, " {#p-2}", "", 8, "没有编号"),
    "a plan without a register": (PLAN, REGISTER, "", 5, "风险点登记"),
    "an unknown severity": (PLAN, "重大", "严重", 16, "一般"),
    "a plan without front matter": (PLAN, "---\n", "", 1, "---"),
    "a plan with a NUL": (PLAN, "每季度", "每\x00季度", 8, "NUL"),
    # comments
    "a comment on an unknown project": (COMMENTS, "oppose,1,p-2", "oppose,9,p-2", 2, "projects.csv"),
    "a comment on an unknown paragraph": (COMMENTS, "oppose,1,p-2", "oppose,1,p-99", 2, "p-99"),
    "a comment of an unknown kind": (COMMENTS, "oppose", "protest", 2, "oppose"),
    "a comment that came by an unknown way": (COMMENTS, "letter", "fax", 4, "letter"),
    "a comment in an unknown state": (COMMENTS, ",withdrawn,", ",gone,", 6, "withdrawn"),
    "a withheld comment without a reason": (COMMENTS, "withheld,abuse", "withheld,", 5, "reason"),
    "a comment before the round": (COMMENTS, "a3,-49", "a3,-70", 4, "not-open"),
    "a comment after the round": (COMMENTS, "a3,-49", "a3,-30", 4, "not-open"),
    "a comment at no hour": (COMMENTS, "09:30", "25:30", 2, "09:30"),
    "a comment on no day": (COMMENTS, "a3,-49", "a3,昨天", 4, "整数"),
    "a comment on a day beyond every calendar": (COMMENTS, "a3,-49", "a3,-99999999", 4, "天"),
    "a comment without a text": (COMMENTS, "支持。", "", 3, "text"),
    "a comment numbered twice": (COMMENTS, "a3,-49", "a1,-49", 4, "重复"),
    # objections and answers
    "an objection raised by an unknown comment": (OBJECTIONS, '["a1"]', '["a99"]', 9, "a99"),
    "an objection raised by a withheld comment": (OBJECTIONS, '["a1"]', '["a4"]', 3, "comment-not-published"),
    "an objection to an unknown project": (OBJECTIONS, "projects = [1]", "projects = [9]", 8, "projects.csv"),
    "a risk that is in no register": (OBJECTIONS, '1 = "r-1"', '1 = "r-99"', 3, "risk-not-named"),
    "risks that are no table": (OBJECTIONS, '{ 1 = "r-1" }', '"r-1"', 11, "risks"),
    "a risk of no number": (OBJECTIONS, '1 = "r-1"', 'one = "r-1"', 11, "risks"),
    "a disposition on no day": (OBJECTIONS, "day = -28", 'day = "昨天"', 14, "整数"),
    "an unknown outcome": (OBJECTIONS, '"adopted"', '"accepted"', 15, "adopted"),
    "a disposition without reasons": (OBJECTIONS, 'reasons = "改为每月复核，并写明补偿。"', "", 13, "reasons"),
    "a disposition before the objection": (OBJECTIONS, "day = -28", "day = -30", 14, "o1"),
    "an objection that is not an array": (OBJECTIONS, "[[objection]]", "[objection]", 3, "[[objection]]"),
    "an answered comment that raised an objection": (ANSWERS, '["a2", "a3"]', '["a2", "a1"]', 1, "placed-twice"),
    "a comment that nobody answered": (ANSWERS, '["a2", "a3"]', '["a2"]', None, "2026-"),
    # revisions
    "a change caused by an unknown objection": (REVISION, '["o1"]', '["o9"]', 10, "o9"),
    "a change of an unknown paragraph": (REVISION, '"p-2"', '"p-99"', 7, "p-99"),
    "a change of an unknown risk": (REVISION, 'risk = "r-1"', 'risk = "r-99"', 20, "r-99"),
    "a paragraph put after an unknown one": (REVISION, 'after = "p-2"', 'after = "p-98"', 15, "p-98"),
    "an added paragraph with a used id": (REVISION, '"p-9"', '"p-3"', 13, "p-3"),
    "a change without a reason": (REVISION, 'causes = ["o1"]\n', "", 6, "原因"),
    "a change of nothing": (REVISION, 'paragraph = "p-2"\n', "", 6, "paragraph"),
    "a change that changes nothing": (REVISION, "模型每月复核一次。", "模型每季度复核一次。", None, "change-unknown"),
    "a change of an unknown kind": (REVISION, '"reworded"', '"edited"', 8, "reworded"),
    "a version out of order": (REVISION, "version = 2", "version = 3", 2, "第 2 版"),
    "a revision of no project": (REVISION, "project = 1", "project = 9", 1, "projects.csv"),
    "a revision without changes": (REVISION, CHANGES, "", 1, "change"),
    "an objection to another project as cause": (OBJECTIONS, "projects = [1]", "projects = [2]", None, "project=2"),
    # decisions
    "a gate that comes out otherwise": (DECISIONS, '"failed"', '"passed"', 11, "不是 passed"),
    "a gate that is expected to do something else": (DECISIONS, '"failed"', '"maybe"', 11, "passed"),
    "an admission that the gate does not allow": (DECISIONS, "sufficient = true", "sufficient = false", None, "passed"),
    "a decision about an unknown project": (DECISIONS, "project = 2", "project = 9", 25, "projects.csv"),
    "a judgement of an unknown risk": (DECISIONS, 'risk = "r-1"', 'risk = "r-99"', 1, "risk-unknown"),
    "an event of an unknown commitment": (DECISIONS, 'r-1"\nfulfils', 'r-99"\nfulfils', 30, "commitment"),
    "an event that should be true or false": (DECISIONS, "fulfils = true", 'fulfils = "yes"', 37, "true 或 false"),
    # notices of the example
    "a day of a notice that is no number": (NOTICE, "day: -18", "day: 昨天", 5, "整数"),
    "a typed summary": (NOTICE, "kind: admission", "kind: summary", 1, "notice-is-generated"),
    "an example notice with a Chinese address": (NOTICE, "slug: naru", "slug: 纳入", 2, "slug"),
    # people
    "an unknown role": (STAFF, "publisher", "boss", 5, "boss"),
    "staff of an unknown bureau": (STAFF, "甲,示例证监局", "甲,示例局", 2, "bureaus.csv"),
    "nobody to publish": (STAFF, "publisher", "editor", 1, "publisher"),
    "only one analyst": (STAFF, "丙,示例证监局,analyst", "丙,示例证监局,editor", 1, "analyst"),
    "an administrator with another role": (STAFF, "publisher", "publisher;admin", 5, "admin"),
    "a bureau with a Chinese slug": (BUREAUS, "shili,", "示例,", 2, "slug"),
    "two bureaus with one slug": (BUREAUS, "shili,", "beijing,", 2, "slug"),
    "an unknown category": (INSTITUTIONS, "科技企业", "科技公司", 3, "科技企业"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_file_its_line_and_what_to_do(
    untouched: Engine, content: Path, mistake: str
) -> None:
    name, old, new, line, says = MISTAKES[mistake]
    damage(content, name, old, new)

    told = refused(untouched, content)

    assert says in told.replace(str(content), "")
    if line is not None:
        assert f"{content / name}:{line}: " in told
    assert re.match(r".+:\d+: .*[\u4e00-\u9fff]", told)


@pytest.mark.parametrize(
    "name",
    [
        *(BUREAUS, INSTITUTIONS, STAFF, PROJECTS, CONSULTATION, PLAN, COMMENTS, OBJECTIONS, ANSWERS, REVISION),
        *(DECISIONS, NOTICE, ARCHIVE, ARCHIVE_PROJECTS, ARCHIVE_NOTICE),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused_with_the_line_of_the_first_bad_byte(
    untouched: Engine, content: Path, name: str
) -> None:
    path, text = content / name, small_content.FILES[name]
    path.write_bytes(text.encode("gb18030"))
    first = next(place for place, letter in enumerate(text) if not letter.isascii())

    told = refused(untouched, content)

    assert f"{path}:{text[:first].count(chr(10)) + 1}: 不是 UTF-8" in told


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        pytest.param(PLAN, small_content.FILES[PLAN].encode("utf-16"), 1, id="UTF-16"),
        pytest.param(COMMENTS, small_content.COMMENTS.encode().replace(b"\na3", b"\n\xffa3"), 4, id="one bad byte"),
        pytest.param(PROJECTS, small_content.PROJECTS.encode()[:-2], 3, id="cut in the middle of a character"),
    ],
)
def test_bytes_that_are_no_text_are_refused_too(
    untouched: Engine, content: Path, name: str, data: bytes, line: int
) -> None:
    (content / name).write_bytes(data)

    assert f"{content / name}:{line}: 不是 UTF-8" in refused(untouched, content)


def test_a_byte_order_mark_does_no_harm(untouched: Engine, content: Path) -> None:
    for name in (PROJECTS, PLAN, OBJECTIONS):
        (content / name).write_bytes(b"\xef\xbb\xbf" + small_content.FILES[name].encode())

    assert "2026-SL-01" in load(untouched, content)


@pytest.mark.parametrize(
    "name",
    [BUREAUS, INSTITUTIONS, STAFF, PROJECTS, ARCHIVE_PROJECTS, "archive/bureaus.csv", "archive/institutions.csv"],
)
def test_a_file_that_is_missing_is_named(untouched: Engine, content: Path, name: str) -> None:
    (content / name).unlink()

    assert f"{content / name}:1: 找不到" in refused(untouched, content)


def test_a_plan_that_is_missing_stops_the_list(untouched: Engine, content: Path) -> None:
    (content / PLAN).unlink()

    assert "plan-missing (projects=[1])" in refused(untouched, content)


@pytest.mark.parametrize("name", [OBJECTIONS, ANSWERS, REVISION, DECISIONS])
def test_a_table_with_a_remark_behind_its_name_is_not_passed_over(untouched: Engine, content: Path, name: str) -> None:
    text = small_content.FILES[name]
    table = re.search(r"^\[\[\w+\]\]$", text, re.M)
    assert table is not None
    damage(content, name, table[0], f"{table[0]}  # 备注")
    damage(content, name, "day = -", 'day = "x" # -')

    assert "整数" in refused(untouched, content)


def test_several_bad_plans_are_all_told_at_once(untouched: Engine, content: Path) -> None:
    for number in ("01", "02"):
        damage(content, f"example/decided/plans/{number}.md", " {#p-2}", "")

    assert refused(untouched, content).count("没有编号") == 2


def test_a_mistake_in_the_last_file_undoes_what_the_first_ones_did(untouched: Engine, content: Path) -> None:
    damage(content, "example/open/plans/02.md", " {#p-2}", "")

    assert "open/plans/02.md:8: " in refused(untouched, content)
    assert set(rows(untouched).values()) == {0}


def test_the_small_content_itself_is_sound() -> None:
    for name in (PROJECTS, COMMENTS, STAFF):
        assert len({len(row) for row in csv.reader(small_content.FILES[name].splitlines())}) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(ARCHIVE_NOTICE, "archive/notices/zz.md", id="notices of the archive"),
        pytest.param(NOTICE, "example/decided/notices/zz.md", id="notices of the example"),
        pytest.param(ARCHIVE, "archive/zz/consultation.toml", id="lists of the archive"),
    ],
)
def test_two_files_with_one_name_are_not_taken_for_the_same(
    untouched: Engine, content: Path, first: str, second: str
) -> None:
    (content / second).parent.mkdir(exist_ok=True)
    (content / second).write_text(small_content.FILES[first], encoding="utf-8")

    assert f"{content / second}:" in refused(untouched, content)


def test_a_notice_does_not_take_the_name_of_the_summary(untouched: Engine, content: Path) -> None:
    damage(content, NOTICE, "slug: naru", "slug: summary")

    assert f"{content / NOTICE}:2: " in refused(untouched, content)
