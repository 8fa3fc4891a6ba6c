"""A plan's text back in the Markdown in which people edit it, and Markdown whose ids are not to be relied on. Pure.

An applicant returns a text without ids, or with ids that were moved about; `revisions.alignment` finds the right ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gongshi.projects.models import Block

# The format is one; it is read there and written here.
from gongshi.projects.plan_text import (
    _ID,
    _RISK_KEY,
    _RULE_LINE,
    REGISTER,
    REGISTER_COLUMNS,
    SEVERITIES,
    PlanParagraph,
    PlanRisk,
    PlanText,
    PlanUnreadable,
    _is_register_heading,
    examine,
    parse,
)


@dataclass(frozen=True)
class Unkeyed:
    """A text read whether or not its ids are right: under stand-in keys in reading order, with what each line said."""

    text: PlanText
    said: tuple[str | None, ...]
    risks_said: tuple[str | None, ...]


def unkeyed(markdown: str) -> Unkeyed:
    """Read a plan whose ids are missing, wrong, or there twice. Raises PlanUnreadable with the line for all else."""
    lines, said, risks_said = _under_stand_ins(markdown)
    return Unkeyed(parse(lines), said, risks_said)


def faults(markdown: str) -> list[PlanUnreadable]:
    """Everything for which `unkeyed` would refuse a text, in the order of its lines."""
    return examine(_under_stand_ins(markdown)[0])[1]


def has_register(markdown: str) -> bool:
    """Whether a text brings its risk register along."""
    return any(_is_register_heading(line.strip()) for line in markdown.splitlines())


def written(text: PlanText) -> str:
    """The Markdown in which people edit a text; `parse` reads it back as exactly this text."""
    lines: list[str] = []
    before: PlanParagraph | None = None
    for paragraph in text.paragraphs:
        if before is not None and not _stands_close(before, paragraph):
            lines.append("")
        lines.append(f"{line_of(paragraph)} {{#{paragraph.key}}}")
        if paragraph.block is Block.HEADER:
            lines.append("|" + "---|" * len(paragraph.text.split(" | ")))
        before = paragraph
    return "\n".join([*lines, "", written_register(text.risks)])


def written_register(risks: Iterable[PlanRisk]) -> str:
    """The register as the table at the end of a plan."""
    words = {severity: word for word, severity in SEVERITIES.items()}
    rows = [(r.key, r.description, words[r.severity], r.prevention or "", r.compensation or "", r.owner) for r in risks]
    table = [_row(REGISTER_COLUMNS), "|" + "---|" * len(REGISTER_COLUMNS), *map(_row, rows)]
    return "\n".join([f"## {REGISTER}", "", *table]) + "\n"


def line_of(paragraph: PlanParagraph) -> str:
    """A paragraph as the one line that people edit, without its id."""
    match paragraph.block:
        case Block.HEADING:
            return f"{'#' * paragraph.level} {paragraph.text}"
        case Block.ITEM:
            return f"- {paragraph.text}"
        case Block.ROW | Block.HEADER:
            return f"| {paragraph.text} |"
        case Block.PARAGRAPH:
            return paragraph.text


def _stands_close(before: PlanParagraph, after: PlanParagraph) -> bool:
    in_list = before.block is Block.ITEM and after.block is Block.ITEM
    return in_list or (before.block in {Block.HEADER, Block.ROW} and after.block is Block.ROW)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _under_stand_ins(markdown: str) -> tuple[str, tuple[str | None, ...], tuple[str | None, ...]]:
    said: list[str | None] = []
    risks_said: list[str | None] = []
    lines: list[str] = []
    in_register = False
    for line in (one.strip() for one in markdown.splitlines()):
        in_register = in_register or _is_register_heading(line)
        if _is_register_heading(line) or not line or _RULE_LINE.match(line):
            lines.append(line)
        elif in_register:
            lines.append(_under_stand_in(line, risks_said))
        else:
            found = _ID.search(line)
            said.append(found[1] if found else None)
            lines.append(f"{line[: found.start()] if found else line} {{#p-{len(said)}}}")
    return "\n".join(lines), tuple(said), tuple(risks_said)


def _under_stand_in(line: str, said: list[str | None]) -> str:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if not line.startswith("|") or len(cells) != len(REGISTER_COLUMNS) or tuple(cells) == REGISTER_COLUMNS:
        return line
    said.append(cells[0] if _RISK_KEY.fullmatch(cells[0]) else None)
    return _row([f"r-{len(said)}", *cells[1:]])
