"""Which plan file belongs to which project, by the file's name. Pure."""

import re
import unicodedata
from collections.abc import Sequence

_NUMBERS = re.compile(r"^(?:项目|方案|第|附件|no\.?|project|plan)?[\s_-]*0*(\d{1,3})(?!\d)")


def matched(names: Sequence[str], listed: Sequence[tuple[int, str]]) -> list[int | None]:
    """For every file the number of its project: the number its name begins with, else the project's name in it.

    Two files for one project are for none: a person must say which.
    """
    found = [_one(name, listed) for name in names]
    return [place if place is not None and found.count(place) == 1 else None for place in found]


def _one(name: str, listed: Sequence[tuple[int, str]]) -> int | None:
    stem = _plain(name.rpartition(".")[0] or name)
    leading = _NUMBERS.match(stem)
    if leading and int(leading[1]) in {number for number, _ in listed}:
        return int(leading[1])
    named = [number for number, project in listed if project and _plain(project) in stem]
    return named[0] if len(named) == 1 else None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
