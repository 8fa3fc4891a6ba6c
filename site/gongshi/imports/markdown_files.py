"""A plan that somebody wrote in Markdown elsewhere, in the plainer Markdown of plans. Pure."""

import re

from gongshi.projects.plan_text import REGISTER

_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\(([^)\s\n]*)\)")


def plan_from_markdown(text: str) -> tuple[str, str, int]:
    """The text, the title it bore, and how many marks of emphasis and links were taken off.

    A single `#` heading at the top is the title; where there are several, every heading goes one level down.
    """
    lines = text.split("\n")
    tops = [place for place, line in enumerate(lines) if re.match(r"#\s+\S", line)]
    title = ""
    if len(tops) == 1 and not any(line.strip() for line in lines[: tops[0]]):
        title = lines.pop(tops[0])[1:].strip()
    elif tops:
        lines = [f"#{line}" if re.match(r"#{1,3}\s", line) else line for line in lines]
    plain, stripped = zip(*map(_plain, lines), strict=True)
    return "\n".join(plain).strip("\n") + "\n", title, sum(stripped)


def _plain(line: str) -> tuple[str, int]:
    line = re.sub(r"^(\s*)[*+•](\s+)", r"\1-\2", line)
    line = re.sub(
        rf"^#+\s*(?:[一二三四五六七八九十]+、)?\s*{REGISTER}(?=\s*(?:\{{#p-\d+\}}\s*)?$)", f"## {REGISTER}", line
    )
    line, marks = _EMPHASIS.subn(r"\2", line)
    line, links = _LINK.subn(lambda found: f"{found[1]}（{found[2]}）" if found[2] else found[1], line)
    return line, marks + links
