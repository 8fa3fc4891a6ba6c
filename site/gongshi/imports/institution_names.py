"""Is this institution one that is known already, one that is nearly written like it, or a new one? Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongshi.projects.models import Category

_SUFFIXES = ("股份有限公司", "有限责任公司", "有限公司", "公司")
_BRACKETS = str.maketrans("[]{}〔〕【】", "()()()()")
MOST_NEAR = 3


@dataclass(frozen=True)
class Known:
    """An institution of the site, as far as its names matter."""

    name: str
    category: Category
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """What a written name stands for: a known institution, or nothing yet, with those that look like it."""

    known: Known | None = None
    near: tuple[str, ...] = ()


def match(written: str, known: Sequence[Known]) -> Match:
    """The institution of this name or alias, width, blanks and brackets aside; else those one or two slips away."""
    exact = next((one for one in known if one.name == written), None)
    alike = exact or next((one for one in known if plain(written) in _names(one)), None)
    return Match(known=alike) if alike else Match(near=near(written, [one.name for one in known]))


def near(written: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that this could be a slip of the pen for, the nearest first."""
    own = _core(written)
    ranked = sorted((distance, name) for name in names if (distance := _slips(own, _core(name))) is not None)
    return tuple(name for _, name in ranked[:MOST_NEAR])


def plain(name: str) -> str:
    """A name without what people do not see: width, case, blanks, kinds of bracket."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_BRACKETS).lower().split())


def _names(one: Known) -> set[str]:
    return {plain(name) for name in (one.name, *one.aliases)}


def _core(name: str) -> str:
    own = plain(name)
    return next((own.removesuffix(end) for end in _SUFFIXES if own.endswith(end) and len(own) > len(end) + 1), own)


def _slips(left: str, right: str) -> int | None:
    """How many characters differ, if that is few for names so long; None otherwise."""
    allowed = 1 if min(len(left), len(right)) < 8 else 2
    if abs(len(left) - len(right)) > allowed or min(len(left), len(right)) < 3:
        return None
    distance = _distance(left, right)
    return distance if distance <= allowed else None


def _distance(left: str, right: str) -> int:
    """Edit distance in which two neighbours that changed places count as one slip."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, 1):
        earlier, before, row = before, row, [i] + [0] * len(right)
        for j, other in enumerate(right, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one != other))
            if i > 1 and j > 1 and one == right[j - 2] and left[i - 2] == other:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]
