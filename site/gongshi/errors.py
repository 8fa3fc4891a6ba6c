"""How the process says no."""

from typing import ClassVar


class RuleBroken(Exception):
    """The process refuses. Each kind has a permanent `code`, from which `web/wording.py` looks up what a person reads.

    `details` fill the wording (a deadline, a count, a name of a condition); they are values, never sentences.
    """

    code: ClassVar[str] = "rule-broken"

    def __init__(self, **details: object) -> None:
        super().__init__(self.code, details)
        self.details = details

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code} ({given})" if given else self.code


class Busy(Exception):
    """The write lock could not be had in time. Nothing was written; trying again is safe."""

    retry_after = 2
