"""Plans come in as people have them, .docx or .md; what does not come in is reported, never silently left out."""

import io
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from gongshi.imports import refusals
from gongshi.imports.plan_files import LeftOut, read_notice, read_plan
from gongshi.projects.models import Block, Severity
from gongshi.projects.plan_text import PlanText, examine, with_ids

REGISTER = (
    ("序号", "风险描述", "风险等级", "防范措施", "风险补偿机制", "责任部门"),
    ("1", "模型失效", "重大风险", "人工复核", "", "示例证券风险管理部"),
    ("", "信息泄露", "一般", "加密|授权", "先行赔付", "示例证券信息技术部"),
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    made = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def a_plan() -> Any:
    document = Document()
    document.add_paragraph("某某项目方案", style="Title")
    document.add_heading("技术应用", 1)
    document.add_paragraph("正文第一段。")
    document.add_heading("细节", 2)
    document.add_paragraph("列表的一项", style="List Bullet")
    table(document, (("阶段", "规模"), ("第一阶段", "约18万人")))
    document.add_heading("风险点登记", 1)
    table(document, REGISTER)
    document.add_heading("承诺声明", 1)
    document.add_paragraph("登记表之后的承诺。")
    return document


def text_of(markdown: str) -> PlanText:
    text, problems = examine(with_ids(markdown))
    assert problems == []
    return text


def test_a_word_plan_keeps_its_headings_lists_tables_and_register() -> None:
    read = read_plan("方案.docx", saved(a_plan()))
    text = text_of(read.markdown)

    assert [(one.block, one.level, one.text) for one in text.paragraphs] == [
        (Block.HEADING, 2, "技术应用"),
        (Block.PARAGRAPH, 0, "正文第一段。"),
        (Block.HEADING, 3, "细节"),
        (Block.ITEM, 0, "列表的一项"),
        (Block.HEADER, 0, "阶段 | 规模"),
        (Block.ROW, 0, "第一阶段 | 约18万人"),
        (Block.HEADING, 2, "承诺声明"),
        (Block.PARAGRAPH, 0, "登记表之后的承诺。"),
    ]
    assert [(one.key, one.description, one.severity, one.prevention, one.compensation) for one in text.risks] == [
        ("r-1", "模型失效", Severity.MAJOR, "人工复核", None),
        ("r-2", "信息泄露", Severity.GENERAL, "加密｜授权", "先行赔付"),
    ]
    assert read.title == "某某项目方案"
    assert read.left_out == {LeftOut.TITLE: 1, LeftOut.NUMBERING: 1}


def test_pictures_notes_tracked_changes_and_margins_are_reported() -> None:
    document = a_plan()
    document.add_picture(io.BytesIO(PIXEL))
    document.sections[0].header.paragraphs[0].text = "内部资料"
    paragraph = document.add_paragraph("批准前")
    inserted, deleted = OxmlElement("w:ins"), OxmlElement("w:del")
    for parent, tag, words in ((inserted, "w:t", "已补充"), (deleted, "w:delText", "已删去")):
        run, text = OxmlElement("w:r"), OxmlElement(tag)
        text.text = words
        run.append(text)
        parent.append(run)
        paragraph._p.append(parent)
    note = OxmlElement("w:footnoteReference")
    note.set(qn("w:id"), "1")
    paragraph.add_run()._r.append(note)

    read = read_plan("方案.docx", saved(document))

    assert "批准前已补充" in read.markdown
    assert "已删去" not in read.markdown
    assert read.left_out == {
        LeftOut.TITLE: 1,
        LeftOut.NUMBERING: 1,
        LeftOut.IMAGES: 1,
        LeftOut.FOOTNOTES: 1,
        LeftOut.TRACKED_CHANGES: 2,
        LeftOut.MARGINS: 1,
    }


def test_headings_that_are_only_numbered_are_recognised_and_reported() -> None:
    document = Document()
    for line in ("一、技术应用", "（一）模型", "正文。", "二、我们认为，这不是标题。"):
        document.add_paragraph(line)
    table(document, REGISTER)

    read = read_plan("方案.docx", saved(document))

    assert read.markdown.startswith(
        "## 一、技术应用\n\n### （一）模型\n\n正文。\n\n二、我们认为，这不是标题。\n\n## 风险点登记"
    )
    assert read.left_out[LeftOut.HEADINGS_GUESSED] == 2


def test_a_line_of_word_that_looks_like_a_mark_stays_text() -> None:
    document = Document()
    for line in ("# 不是标题", "- 不是列表", "{#p-1} 不是编号"):
        document.add_paragraph(line)
    table(document, REGISTER)

    text = text_of(read_plan("方案.docx", saved(document)).markdown)

    assert {one.block for one in text.paragraphs} == {Block.PARAGRAPH}
    assert [one.key for one in text.paragraphs] == ["p-1", "p-2", "p-3"]


def test_a_cell_over_several_columns_stands_once() -> None:
    document = Document()
    made = document.add_table(2, 3)
    for place, words in enumerate(("甲", "乙", "丙")):
        made.cell(0, place).text = words
    made.cell(1, 0).merge(made.cell(1, 1)).text = "合并"
    table(document, REGISTER)

    assert "| 合并 |  |  |" in read_plan("方案.docx", saved(document)).markdown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_markdown_plan_is_taken_as_it_is_without_front_matter_title_and_emphasis(encoding: str) -> None:
    source = (
        "---\ntitle: 甲\n---\n# 某某方案\n\n## 技术应用\n\n**着重**的[链接](https://example.org/)\n\n* 一项\n\n"
        "## 六、风险点登记\n\n| 编号 | 风险点 | 等级 | 防范措施 | 补偿机制 | 责任人 |\n|---|---|---|---|---|---|\n"
        "| r-1 | 甲 | 一般 | 乙 | 丙 | 丁 |\n"
    )

    read = read_plan("方案.md", source.encode(encoding))

    assert [one.text for one in text_of(read.markdown).paragraphs] == [
        "技术应用",
        "着重的链接（https://example.org/）",
        "一项",
    ]
    assert read.title == "某某方案"
    assert read.left_out == {LeftOut.TITLE: 1, LeftOut.EMPHASIS: 2}


def test_where_every_chapter_is_a_first_heading_all_go_one_level_down() -> None:
    read = read_plan("方案.md", "# 甲\n\n文。\n\n## 子\n\n文。\n\n# 乙\n".encode())

    assert read.markdown == "## 甲\n\n文。\n\n### 子\n\n文。\n\n## 乙\n"


def test_a_notice_keeps_its_emphasis_and_gives_its_title() -> None:
    read = read_notice("公告.md", "# 关于延期的公告\n\n**延长**七日。\n".encode())
    word = Document()
    word.add_paragraph("关于延期的公告", style="Title")
    word.add_paragraph("延长七日。")
    for words in ("甲", "乙"):
        word.add_paragraph(words, style="List Bullet")

    assert (read.title, read.markdown.strip()) == ("关于延期的公告", "**延长**七日。")
    assert read_notice("公告.docx", saved(word)).markdown == "延长七日。\n\n- 甲\n- 乙\n"


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        pytest.param("方案.docx", b"PK\x03\x04", refusals.FileDamaged, id="a broken archive"),
        pytest.param("方案.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", refusals.OldOffice, id="an old .doc"),
        pytest.param("方案.md", b"\x81\x00\xff", refusals.TextEncoding, id="no known encoding"),
        pytest.param("方案.md", b"  \n", refusals.FileEmpty, id="nothing but blanks"),
        pytest.param("方案.docx", saved(Document()), refusals.FileEmpty, id="a document without text"),
        pytest.param("方案.pdf", b"%PDF-1.7\n%%EOF", refusals.KindNotAllowed, id="a pdf"),
    ],
)
def test_a_file_that_gives_no_text_is_refused(name: str, data: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_plan(name, data)
