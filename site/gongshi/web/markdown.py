"""Markdown of notices and fixed pages, as HTML that can do no harm. Comments are plain text and never come here.

What staff write is proven before it is kept: `proven` renders it in a child that is killed after 2 seconds. So nothing
that is published can hold up a reader.
"""

from flask_babel import gettext as _
from markupsafe import Markup

from gongshi.errors import RuleBroken
from gongshi.imports import safely
from gongshi.imports.refusals import FileRefused
from gongshi.web.markdown_text import convert

LONGEST = 20 * 1024  # bytes; Python-Markdown needs seconds for some inputs that are longer.
# Whole Chinese characters in so many bytes.
LONGEST_IN_CHARACTERS = LONGEST // 3
CHILD = safely.Limits(memory=256, processor=2, seconds=2.0)
# Processor seconds that a text may take; one of 20 KB in good order takes a tenth.
SLOWEST = 0.5


class TooLong(ValueError):
    """Longer than anything that is rendered: a fault of the content, not of a reader."""


class MarkdownTooLong(RuleBroken):
    """A text by staff has at most 20 KB, some 6,800 Chinese characters."""

    code = "markdown-too-long"


class MarkdownTooSlow(RuleBroken):
    """A text that takes long to lay out would hold up every reader."""

    code = "markdown-too-slow"


def render(text: str) -> Markup:
    """A Markdown document as sanitised HTML. Its headings begin with `##`, h1 being the page's, and carry ids `s-…`."""
    size = len(text.encode())
    if size > LONGEST:
        raise TooLong(f"{size} bytes of Markdown, at most {LONGEST} are rendered")
    # nh3 has dropped everything that is not in the lists of markdown_text: here text becomes markup.
    return Markup(convert(text, table_word=_("Table")))  # noqa: S704


def proven(text: str) -> Markup:
    """The same for a text that is still being written, and proof that `render` will be quick with it.

    To be called before a text is kept. Raises MarkdownTooLong, MarkdownTooSlow, and Busy.
    """
    if len(text.encode()) > LONGEST:
        raise MarkdownTooLong(characters=LONGEST_IN_CHARACTERS)
    try:
        answer = safely.run("gongshi.web.markdown_child", text.encode(), name=_("Table"), limits=CHILD)
    except FileRefused as refusal:
        raise MarkdownTooSlow from refusal
    if answer["seconds"] > SLOWEST:
        raise MarkdownTooSlow
    return Markup(answer["html"])  # noqa: S704  As in `render`.
