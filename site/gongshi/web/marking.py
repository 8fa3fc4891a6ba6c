"""Every page, marked before it leaves: what no eye sees in any text of it is shown by its code.

It is done once, on the finished page, and not at each place where somebody's text is printed: so no page can forget it.
The character stays in its mark, so that a passage that is copied is the passage that was sent.
"""

import re
from typing import Any

from flask import Flask
from flask_babel import gettext
from jinja2 import Template
from markupsafe import escape

from gongshi.comments.checks import UNHOLDABLE
from gongshi.web.odd_characters import code, runs, spelled

LOST = "\ufffd"
CLASS = "no-eye"
_UNHOLDABLE = re.compile(f"[{UNHOLDABLE}]")
_TAG = re.compile(r"""<!--.*?-->|<(/?)([a-zA-Z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)>""", re.DOTALL)
# What stands in a field is what will be sent: it is left as it was typed. Scripts and styles are not texts.
_UNTOUCHED = {"textarea", "script", "style"}
# They hold text alone, or end where an HTML element begins.
_TEXT_ALONE = {"title", "option", "text", "tspan", "desc"}


class MarkedTemplate(Template):
    """A template whose finished page has been marked."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        return marked_page(super().render(*args, **kwargs))


def init_app(app: Flask) -> None:
    """Mark every page that the application renders."""
    app.jinja_env.template_class = MarkedTemplate


def marked_page(html: str) -> str:
    """The same page with marks in its texts. What HTML cannot hold at all becomes U+FFFD, wherever it stands."""
    if next(runs(html), None) is None:
        return html
    parts, read, inside = [], 0, ""
    for tag in _TAG.finditer(html):
        parts += [_marked(html[read : tag.start()], inside), _UNHOLDABLE.sub(LOST, tag[0])]
        inside, read = _within(tag, inside), tag.end()
    return "".join([*parts, _marked(html[read:], inside)])


def in_a_field(text: str) -> str:
    """A text as it stands in a textarea or an attribute: escaped, and as it was typed but for what HTML cannot hold."""
    return str(escape(_UNHOLDABLE.sub(LOST, text)))


def _within(tag: re.Match[str], inside: str) -> str:
    """The element whose rules hold for the text after this tag; empty for an ordinary one."""
    name = (tag[2] or "").lower()
    if inside in _UNTOUCHED or inside == CLASS:
        # A section of a page that was rendered by itself has its marks already.
        return "" if tag[1] and name in {inside, "bdi"} else inside
    if tag[1]:
        return "" if name == inside else inside
    if name == "bdi" and f'class="{CLASS}"' in tag[3]:
        return CLASS
    return name if name in _UNTOUCHED | _TEXT_ALONE else inside


def _marked(text: str, inside: str) -> str:
    if inside in _TEXT_ALONE:
        return spelled(text)
    if inside:
        return _UNHOLDABLE.sub(LOST, text)
    parts, read = [], 0
    for start, end in runs(text):
        run = text[start:end]
        parts += [text[read:start], _mark(run)]
        read = end
    return "".join([*parts, text[read:]])


def _mark(run: str) -> str:
    said = escape(gettext("invisible character"))
    return f'<bdi class="{CLASS}" data-code="{code(run)}" title="{said}">{_UNHOLDABLE.sub(LOST, run)}</bdi>'
