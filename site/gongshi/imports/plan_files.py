"""Plans and notices from .md and .docx: their text in the site's own Markdown, and a report of what was left out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gongshi.imports import safely
from gongshi.imports.file_kinds import FileKind, kind_of
from gongshi.imports.markdown_files import plan_from_markdown
from gongshi.imports.plan_register import REGISTER_HEADING, Rows, is_register, register
from gongshi.imports.refusals import FileEmpty, TextEncoding

ALLOWED = frozenset({FileKind.DOCX, FileKind.MARKDOWN})
LARGEST = 5 * 1024 * 1024
_CHAPTER = re.compile(r"[一二三四五六七八九十]{1,3}、\s*(\S.{0,29})")
_SECTION = re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]\s*(\S.{0,29})")


class LeftOut(StrEnum):
    """What of a file did not come into the text, or came in changed."""

    IMAGES = "images"
    OBJECTS = "objects"
    FOOTNOTES = "footnotes"
    COMMENTS = "comments"
    TRACKED_CHANGES = "tracked-changes"
    TEXT_BOXES = "text-boxes"
    FORMULAS = "formulas"
    NUMBERING = "numbering"
    MARGINS = "margins"
    TITLE = "title"
    EMPHASIS = "emphasis"
    HEADINGS_GUESSED = "headings-guessed"
    END = "end"


@dataclass(frozen=True)
class ReadText:
    """The Markdown of a file, the title it bore, and how often something was left out."""

    markdown: str
    title: str = ""
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)


def read_plan(name: str, data: bytes) -> ReadText:
    """A plan's text: headings from `##`, a register of risks last if there is a table of them.

    Raises what `kind_of` and `safely.run` raise, TextEncoding, and FileEmpty when there is no text.
    """
    if kind_of(name, data, allowed=ALLOWED, largest=LARGEST) is FileKind.MARKDOWN:
        markdown, title, stripped = plan_from_markdown(decoded(name, data))
        report = {LeftOut.TITLE: int(bool(title)), LeftOut.EMPHASIS: stripped}
        return _worth_reading(name, ReadText(markdown, title, _counted(report)))
    blocks, left_out = _word(name, data)
    guessed, blocks = _with_headings(blocks)
    title = " ".join(text for kind, _, text in blocks if kind == "title")
    left_out |= {LeftOut.TITLE: int(bool(title)), LeftOut.HEADINGS_GUESSED: guessed}
    return _worth_reading(name, ReadText(_plan(blocks), title, _counted(left_out)))


def read_notice(name: str, data: bytes) -> ReadText:
    """A notice's body as Markdown, and its title. Raises as `read_plan` does."""
    if kind_of(name, data, allowed=ALLOWED, largest=LARGEST) is FileKind.MARKDOWN:
        text = decoded(name, data)
        first = re.match(r"\s*#\s+(.+)\n", text + "\n")
        return _worth_reading(name, ReadText(text[first.end() :] if first else text, first[1].strip() if first else ""))
    blocks, left_out = _word(name, data)
    guessed, blocks = _with_headings(blocks)
    title = " ".join(text for kind, _, text in blocks if kind == "title")
    body = "\n\n".join(_block(kind, level, content) for kind, level, content in blocks if kind != "title")
    body = re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", body)
    return _worth_reading(name, ReadText(f"{body}\n", title, _counted(left_out | {LeftOut.HEADINGS_GUESSED: guessed})))


def decoded(name: str, data: bytes) -> str:
    """A text file: UTF-8 with or without its mark, or GB18030. Front matter goes. Raises TextEncoding."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TextEncoding(name=name)
    if "\x00" in text:
        raise TextEncoding(name=name)
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


def _word(name: str, data: bytes) -> tuple[list[tuple[str, int, Any]], dict[LeftOut, int]]:
    answer = safely.run("gongshi.imports.word_child", data, name=name)
    counts = {LeftOut(what): count for what, count in answer["left_out"].items()}
    return [tuple(block) for block in answer["blocks"]], counts | {LeftOut.END: int(answer["is_cut"])}


def _with_headings(blocks: Sequence[tuple[str, int, Any]]) -> tuple[int, list[tuple[str, int, Any]]]:
    """Where nothing is marked as a heading, short lines that begin with 一、 or （一） are."""
    if any(kind == "heading" for kind, _, _ in blocks):
        return 0, list(blocks)
    found = [_guessed(block) for block in blocks]
    return sum(kind == "heading" for kind, _, _ in found), found


def _guessed(block: tuple[str, int, Any]) -> tuple[str, int, Any]:
    kind, _, text = block
    if kind not in {"paragraph", "item"} or text.endswith(("。", "；", "，", "：")):
        return block
    if _CHAPTER.fullmatch(text) or text == REGISTER_HEADING:
        return "heading", 1, text
    return ("heading", 2, text) if _SECTION.fullmatch(text) else block


def _plan(blocks: Sequence[tuple[str, int, Any]]) -> str:
    lines: list[str] = []
    risks: Rows = []
    for kind, level, content in blocks:
        if kind == "table" and is_register(content):
            # The heading right above the register names it; it comes back with the register, at the end.
            if lines and lines[-1].startswith("#") and "风险点" in lines[-1]:
                lines.pop()
            risks += content if not risks else content[1:]
        elif kind != "title" and not (kind == "heading" and content.strip() == REGISTER_HEADING):
            lines.append(_block(kind, level, content))
    if risks:
        lines.append(register(risks))
    return "\n\n".join(lines) + "\n"


def _block(kind: str, level: int, content: Any) -> str:
    if kind == "table":
        return _table(content)
    text = _plain(content)
    if kind == "heading":
        return f"{'#' * min(level + 1, 4)} {text}"
    return f"- {text}" if kind == "item" else text


def _plain(text: str) -> str:
    """A line that means itself: what would be a mark at its beginning is written full-width."""
    return re.sub(r"^([#|>*+-])(?=\s|#|\|)", lambda found: chr(ord(found[1]) + 0xFEE0), text.replace("{#", "｛#"))


def _table(rows: Rows) -> str:
    width = max(len(row) for row in rows)
    written = ["| " + " | ".join(_cell(one) for one in [*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return "\n".join([written[0], "|" + "---|" * width, *written[1:]])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "｜")


def _counted(found: Mapping[LeftOut, int]) -> dict[LeftOut, int]:
    return {what: count for what, count in found.items() if count}


def _worth_reading(name: str, read: ReadText) -> ReadText:
    if not read.markdown.strip():
        raise FileEmpty(name=name)
    return read
