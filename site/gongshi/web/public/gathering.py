"""What was gathered in one sitting, as it travels in a hidden field from page to page: one canonical JSON text.

It comes back from a browser, so it is read as strictly as anything that comes from there: a list of so many objects,
each with just these members, of just these types. What they say is checked as what is typed is, by the form.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gongshi.comments.checks import MOST_POINTS
from gongshi.web.places import LARGEST

_KIND = re.compile(r"[a-z]{0,20}")
_PARAGRAPH = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Broken(ValueError):
    """What came back is nothing that the form sent out."""


@dataclass(frozen=True)
class Written:
    """One comment of a sitting: what it is about, by numbers, and what was typed. It need not be finished yet."""

    project: int | None = None
    version: int | None = None
    paragraph: str | None = None
    kind: str = ""
    text: str = ""
    resolution: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.kind or self.text.strip() or self.resolution.strip())

    @property
    def length(self) -> int:
        return len(self.text) + len(self.resolution)


MEMBERS = set(asdict(Written()))


def packed(comments: Sequence[Written]) -> str:
    """For the hidden field; empty for none. JSON escapes line ends, which a browser would otherwise rewrite."""
    if not comments:
        return ""
    return json.dumps([asdict(one) for one in comments], ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def unpacked(text: str) -> list[Written]:
    """What `packed` made. Raises Broken for anything else."""
    if not text:
        return []
    try:
        found = json.loads(text, parse_constant=_refuse, parse_float=_refuse, object_pairs_hook=_without_doubles)
        text.encode()
    except (ValueError, RecursionError) as error:
        raise Broken from error
    if not isinstance(found, list) or not 0 < len(found) <= MOST_POINTS:
        raise Broken
    return [_written(one) for one in found]


def put(comments: Sequence[Written], one: Written, position: int | None) -> list[Written]:
    """The comments with one more: at its old place if it had one, else at the end."""
    found = list(comments)
    found.insert(len(found) if position is None else min(position, len(found)), one)
    return found


def _written(found: object) -> Written:
    if not isinstance(found, dict) or set(found) != MEMBERS:
        raise Broken
    texts = [found["kind"], found["text"], found["resolution"]]
    if not all(isinstance(one, str) and _has_no_halves(one) for one in texts) or not _KIND.fullmatch(texts[0]):
        raise Broken
    return Written(*_place(found["project"], found["version"], found["paragraph"]), *texts)


def _place(project: object, version: object, paragraph: object) -> tuple[int | None, int | None, str | None]:
    """The list, a project of it, or a paragraph of one of its versions."""
    if project is None and version is None and paragraph is None:
        return None, None, None
    if version is None and paragraph is None:
        return _number(project), None, None
    if not isinstance(paragraph, str) or not _PARAGRAPH.fullmatch(paragraph):
        raise Broken
    return _number(project), _number(version), paragraph


def _number(found: object) -> int:
    if type(found) is not int or not 0 < found <= LARGEST:  # True is an int, too.
        raise Broken
    return found


def _has_no_halves(text: str) -> bool:
    # Half of a surrogate pair can be written in JSON, but neither stored nor shown.
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _refuse("a member twice")


def _refuse(what: str) -> Any:
    raise Broken(what)
