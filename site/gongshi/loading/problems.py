"""What is wrong with a content file, said so that whoever wrote it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file."""

    path: Path
    line: int


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: where, what is wrong, and what to do."""

    place: Place
    what: str

    def __str__(self) -> str:
        return f"{self.place.path}:{self.place.line}: {self.what}"


class ContentInvalid(Exception):
    """Some content cannot be loaded. Nothing of it was."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def refuse(place: Place, what: str) -> ContentInvalid:
    """One problem as an exception to raise."""
    return ContentInvalid([Problem(place, what)])
