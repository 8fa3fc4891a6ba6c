"""Numbers of objections, answers and comments in a text, as links to what they name."""

import re

from gongshi.web.languages import link

_NUMBER = re.compile(r"(?<![0-9A-Za-z-])(\d{4}-[A-Z]{1,8}-\d{2,4}-(?:(O)|(A))?\d{2,8})(?![0-9A-Za-z-])")


def linked(markdown: str) -> str:
    """The same Markdown with a link on every such number."""
    return _NUMBER.sub(_link, markdown)


def _link(found: re.Match[str]) -> str:
    number, objection, answer = found.groups()
    if objection:
        address = link("objections.show", objection=number)
    elif answer:
        address = link("answers.show", answer=number)
    else:
        address = link("comments.show", comment=number)
    return f"[{number}]({address})"
