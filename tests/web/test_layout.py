"""A plan's paragraphs, set as sections, lists and tables: every one of them once, in its order."""

from gongshi.projects.models import Block, Paragraph
from gongshi.web.layout import sections


def paragraph(number: int, block: Block, text: str = "文字", level: int = 0) -> Paragraph:
    return Paragraph(key=f"p-{number}", ordinal=number, block=block, text=text, level=level)


PLAN = [
    paragraph(1, Block.PARAGRAPH),
    paragraph(2, Block.HEADING, "技术应用", level=2),
    paragraph(3, Block.PARAGRAPH),
    paragraph(4, Block.ITEM),
    paragraph(5, Block.ITEM),
    paragraph(6, Block.PARAGRAPH),
    paragraph(7, Block.HEADING, "退出机制", level=3),
    paragraph(8, Block.HEADING, "服务信息", level=2),
    paragraph(9, Block.HEADER, "渠道 | 时间"),
    paragraph(10, Block.ROW, "柜台 | 工作日"),
]


def test_no_paragraph_is_lost_or_shown_twice() -> None:
    shown = []
    for section in sections(PLAN):
        shown += [section.heading] if section.heading else []
        shown += [one for group in section.groups for one in group.paragraphs]

    assert [one.key for one in shown] == [one.key for one in PLAN]


def test_neighbours_of_a_kind_stand_together() -> None:
    opening, technology, leaving, service = sections(PLAN)

    assert opening.heading is None
    assert [group.form for group in technology.groups] == ["paragraph", "list", "paragraph"]
    assert leaving.groups == ()
    assert [section.is_chapter for section in (opening, technology, leaving, service)] == [False, True, False, True]


def test_a_table_knows_its_head() -> None:
    table = sections(PLAN)[-1].groups[0]

    assert table.header is not None
    assert table.header.cells == ["渠道", "时间"]
    assert [row.key for row in table.body] == ["p-10"]


def test_an_empty_plan_has_no_sections() -> None:
    assert sections([]) == []
