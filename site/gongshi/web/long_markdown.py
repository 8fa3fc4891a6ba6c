"""A long notice, set part by part: Python-Markdown is slow on long texts, and `markdown` refuses them."""

import re

from markupsafe import Markup

from gongshi.web import markdown

PART = 12 * 1024
_HEADING = re.compile(r"^(?=#{2,3} )", re.MULTILINE)


def render(text: str) -> Markup:
    """The whole as sanitised HTML. It is cut before headings only, so that it reads as it would in one piece."""
    return Markup("\n").join(markdown.render(part) for part in parts(text))


def prove(text: str) -> None:
    """Proof, for a text that is being written, that `render` will be quick with it; raises as `markdown.proven`."""
    for part in parts(text):
        markdown.proven(part)


def parts(text: str) -> list[str]:
    """The text in pieces of at most 12 KiB, as far as its headings allow."""
    found = [""]
    for section in _HEADING.split(text):
        if found[-1] and len((found[-1] + section).encode()) > PART:
            found.append("")
        found[-1] += section
    return found
