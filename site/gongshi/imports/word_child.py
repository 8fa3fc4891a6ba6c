"""The child that reads .docx: its headings, paragraphs, list items and tables, and a count of what it left out.

Run by `safely`. Inserted text that nobody has accepted yet is taken, deleted text is not; both are reported.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from gongshi.imports import safely
from gongshi.imports.refusals import FileDamaged

MOST_BLOCKS = 3_000
# What is left out, by the element that shows it.
LEFT_OUT = {
    qn("w:drawing"): "images",
    qn("w:pict"): "images",
    qn("w:object"): "objects",
    qn("w:footnoteReference"): "footnotes",
    qn("w:endnoteReference"): "footnotes",
    qn("w:commentReference"): "comments",
    qn("w:ins"): "tracked-changes",
    qn("w:del"): "tracked-changes",
    qn("w:txbxContent"): "text-boxes",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": "formulas",
}
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:pict"), qn("w:drawing"), qn("w:object")}
_BREAKS = {qn("w:br"), qn("w:cr")}
_HEADING = re.compile(r"heading (\d)")


def read(data: bytes, name: str) -> dict[str, Any]:
    """`blocks` in order, each `[kind, level, text or rows]`, and `left_out`, counts. Raises FileDamaged."""
    try:
        document = Document(io.BytesIO(data))
        body = document.element.body
        left_out = Counter(LEFT_OUT[one.tag] for one in body.iter() if one.tag in LEFT_OUT)
        blocks = [block for element in _flat(body) for block in _blocks(element, document, left_out)]
        _count_margins(document, left_out)
    except MemoryError:
        raise
    # Whatever python-docx and the XML parser make of a broken file: it is broken.
    except Exception as error:
        raise FileDamaged(name=name) from error
    return {"blocks": blocks[:MOST_BLOCKS], "left_out": dict(left_out), "is_cut": len(blocks) > MOST_BLOCKS}


def _flat(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those inside content controls."""
    for element in parent.iterchildren():
        if element.tag in {qn("w:p"), qn("w:tbl")}:
            yield element
        elif element.tag == qn("w:sdt"):
            for content in element.iterchildren(qn("w:sdtContent")):
                yield from _flat(content)


def _blocks(element: Any, document: Any, left_out: Counter[str]) -> Iterator[tuple[str, int, Any]]:
    if element.tag == qn("w:tbl"):
        rows = _rows(Table(element, document))
        if rows:
            yield "table", 0, rows
        return
    paragraph = Paragraph(element, document)
    kind, level = _kind(paragraph)
    if kind == "item" or element.find(f".//{qn('w:numPr')}") is not None:
        left_out["numbering"] += 1
    # A line break within a paragraph is a paragraph of its own here: a line is what a comment can speak of.
    for line in _text(element).split("\n"):
        if line.strip():
            yield kind, level, " ".join(line.split())


def _kind(paragraph: Paragraph) -> tuple[str, int]:
    style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    heading = _HEADING.fullmatch(style)
    if heading:
        return "heading", int(heading[1])
    if style == "title":
        return "title", 0
    outline = paragraph._p.find(f"./{qn('w:pPr')}/{qn('w:outlineLvl')}")
    if outline is not None and (level := int(outline.get(qn("w:val"), "9"))) < 9:
        return "heading", level + 1
    is_item = style.startswith("list") or paragraph._p.find(f"./{qn('w:pPr')}/{qn('w:numPr')}") is not None
    return ("item", 0) if is_item else ("paragraph", 0)


def _text(element: Any) -> str:
    parts: list[str] = []
    for child in element.iterchildren():
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag == qn("w:tab"):
            parts.append(" ")
        elif child.tag in _BREAKS:
            parts.append("\n")
        elif child.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        else:
            parts.append(_text(child))
    return "".join(parts)


def _rows(table: Table) -> list[list[str]]:
    """The cells of every row; one that spans several columns stands in the first of them."""
    rows = []
    for row in table.rows:
        cells: list[str] = []
        seen: list[Any] = []
        for cell in row.cells:
            is_repeated = any(cell._tc is one for one in seen)
            seen.append(cell._tc)
            lines = [_text(one._p).replace("\n", " ").strip() for one in cell.paragraphs]
            cells.append("" if is_repeated else " ".join(line for line in lines if line))
        if any(cells):
            rows.append(cells)
    return rows


def _count_margins(document: Any, left_out: Counter[str]) -> None:
    for section in document.sections:
        for margin in (section.header, section.footer):
            if not margin.is_linked_to_previous and any(one.text.strip() for one in margin.paragraphs):
                left_out["margins"] += 1


if __name__ == "__main__":
    safely.serve(read)
