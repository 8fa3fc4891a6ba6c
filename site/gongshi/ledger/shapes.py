"""The shapes a value in the log may have. None of them lets a sentence through by accident.

A shape is a function from a value to yes or no. Texts are ASCII, match a tight pattern as a whole and have at most 200
characters; an instant is written as `clock.iso` writes it.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

Shape = Callable[[object], bool]

MAX_LENGTH = 200
# Beyond this, programs that read JSON numbers as floating point see another number.
MAX_INTEGER = 2**53 - 1


class Fields(NamedTuple):
    """The exact names an object may hold, and the shape of each."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape]

    def faults(self, value: Mapping[str, object]) -> list[str]:
        """The names that are missing, unknown, or hold what they may not; never the values."""
        known = {**self.required, **self.optional}
        missing = [name for name in self.required if name not in value]
        wrong = [name for name, held in value.items() if name not in known or not known[name](held)]
        return sorted(missing + wrong)


def matching(pattern: str) -> Shape:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and len(value) <= MAX_LENGTH and compiled.fullmatch(value) is not None


def integer(lowest: int) -> Shape:
    return lambda value: type(value) is int and lowest <= value <= MAX_INTEGER


def boolean(value: object) -> bool:
    return isinstance(value, bool)


def list_of(shape: Shape) -> Shape:
    return lambda value: isinstance(value, list | tuple) and all(shape(item) for item in value)


def two_different(shape: Shape) -> Shape:
    """A list of two that are not the same, such as who prepared and who approved (rule 2)."""
    return lambda value: isinstance(value, list | tuple) and len({*filter(shape, value)}) == len(value) == 2


def mapping(keys: Shape, values: Shape) -> Shape:
    return lambda held: isinstance(held, dict) and all(keys(key) and values(value) for key, value in held.items())


def record(fields: Fields) -> Shape:
    return lambda value: isinstance(value, dict) and not fields.faults(value)


_NUMBER = r"[0-9]{4}-[A-Z]{1,8}-[0-9]{2,4}"
_KEY = r"[a-z]{1,3}-[0-9a-z]{1,12}"
_PLACE = rf"(?:paragraph|risk):{_KEY}"
_LOG_KEY_NAME = r"[A-Za-z0-9][A-Za-z0-9.:/_-]{0,119}"

CONSULTATION = matching(_NUMBER)
COMMENT = matching(rf"{_NUMBER}-[0-9]{{4,8}}")
OBJECTION = matching(rf"{_NUMBER}-O[0-9]{{2,4}}")
ANSWER = matching(rf"{_NUMBER}-A[0-9]{{2,4}}")
COUNT = integer(0)
ORDINAL = integer(1)
PROJECT_KEY = matching(r"[1-9][0-9]{0,5}")
CODE = matching(r"[a-z]{1,20}(?:-[a-z]{1,20}){0,3}")
SLUG = matching(r"(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*")
STAFF = matching(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")
KEY = matching(_KEY)
COMMITMENT_OF_PLAN = matching(rf"{_KEY}|(?:version:[1-9][0-9]*/)?{_PLACE}")
TARGET = matching(rf"list|project:[1-9][0-9]*(?:/version:[1-9][0-9]*/{_PLACE})?")
SHA256 = matching(r"[0-9a-f]{64}")
INSTANT = matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
DATE = matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
VERIFIER_KEY = matching(rf"{_LOG_KEY_NAME}\+[0-9a-f]{{8}}\+[A-Za-z0-9+/]{{44}}")
