"""The gate 纳入条件核查 (rule 14): a pure function from what is known about a project to a list of conditions.

Every condition is returned, met or not, with its evidence: what it rests on if it is met, what is missing if it is not.
Evidence is made of numbers and keys, never of sentences; the web words it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongshi import ledger


class ConditionCode(StrEnum):
    """The conditions of admission. The code is permanent."""

    ROUND_OVER = "round-over"
    COMMENTS_PLACED = "comments-placed"
    OBJECTIONS_DISPOSED = "objections-disposed"
    ADOPTED_REALISED = "adopted-realised"
    MAJOR_RISKS_COVERED = "major-risks-covered"
    VERSION_PUBLIC = "version-public"
    ANSWERS_WAITED = "answers-waited"
    NOT_INTERRUPTED = "not-interrupted"


class Gap(StrEnum):
    """What a major objection's risk still lacks."""

    NO_RISK = "no-risk"
    NO_PREVENTION = "no-prevention"
    NO_COMPENSATION = "no-compensation"
    NOT_JUDGED = "not-judged"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True)
class RiskCover:
    """What is known about the risk that a major objection names, in the current version."""

    key: str
    has_prevention: bool
    has_compensation: bool
    sufficient: bool | None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        found = []
        if not self.has_prevention:
            found.append(Gap.NO_PREVENTION)
        if not self.has_compensation:
            found.append(Gap.NO_COMPENSATION)
        if self.sufficient is None:
            found.append(Gap.NOT_JUDGED)
        elif not self.sufficient:
            found.append(Gap.INSUFFICIENT)
        return tuple(found)


@dataclass(frozen=True)
class RaisedObjection:
    """An objection that concerns the project. `changes` are the keys it changed in this project's plan."""

    number: str
    is_major: bool
    is_disposed: bool
    is_unfounded: bool
    needs_change: bool
    changes: tuple[str, ...]
    risk: RiskCover | None


@dataclass(frozen=True)
class Stop:
    """The latest notice that suspended or withdrew the project or its whole list; lifted by a later round (rule 4a).

    What was withdrawn stays so, whatever rounds follow.
    """

    notice: str
    kind: str
    is_lifted: bool


@dataclass(frozen=True)
class Dossier:
    """All that the gate looks at."""

    consultation: str
    project: int
    rounds_over: bool
    last_closing: str
    unplaced_comments: tuple[str, ...]
    placed_comments: int
    objections: tuple[RaisedObjection, ...]
    latest_version: int
    public_version: int
    last_answer: str | None
    decision_from: str | None
    waited: bool
    stop: Stop | None = None


@dataclass(frozen=True)
class Condition:
    """One condition: met or not, what it rests on, and what is missing."""

    code: ConditionCode
    is_met: bool
    rests_on: Mapping[str, object]
    missing: tuple[Mapping[str, object], ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code.value,
            "met": self.is_met,
            "rests_on": dict(self.rests_on),
            "missing": [dict(one) for one in self.missing],
        }


def evaluate(dossier: Dossier) -> tuple[Condition, ...]:
    """All conditions in the order in which they are usually settled."""
    return tuple(check(dossier) for check in CHECKS)


def passed(conditions: tuple[Condition, ...]) -> bool:
    return all(condition.is_met for condition in conditions)


def digest(conditions: tuple[Condition, ...]) -> str:
    """The hash that ties a confirmation to exactly what was shown."""
    return ledger.digest([condition.as_json() for condition in conditions])


def round_over(dossier: Dossier) -> Condition:
    return Condition(ConditionCode.ROUND_OVER, dossier.rounds_over, {"closes_at": dossier.last_closing})


def comments_placed(dossier: Dossier) -> Condition:
    return _condition(
        ConditionCode.COMMENTS_PLACED,
        {"placed": dossier.placed_comments},
        [{"comment": number} for number in dossier.unplaced_comments],
    )


def objections_disposed(dossier: Dossier) -> Condition:
    waiting = [one for one in dossier.objections if not (one.is_disposed or one.is_unfounded)]
    return _condition(
        ConditionCode.OBJECTIONS_DISPOSED,
        {"objections": [one.number for one in dossier.objections]},
        [{"objection": one.number} for one in waiting],
    )


def adopted_realised(dossier: Dossier) -> Condition:
    adopted = [one for one in dossier.objections if one.needs_change]
    return _condition(
        ConditionCode.ADOPTED_REALISED,
        {"realised": {one.number: list(one.changes) for one in adopted if one.changes}},
        [{"objection": one.number} for one in adopted if not one.changes],
    )


def major_risks_covered(dossier: Dossier) -> Condition:
    standing = [one for one in dossier.objections if one.is_major and not one.is_unfounded]
    gaps = {one: one.risk.gaps if one.risk else (Gap.NO_RISK,) for one in standing}
    return _condition(
        ConditionCode.MAJOR_RISKS_COVERED,
        {
            "covered": {one.number: one.risk.key for one in standing if one.risk and not gaps[one]},
            "unfounded": [one.number for one in dossier.objections if one.is_major and one.is_unfounded],
        },
        [
            {
                "objection": one.number,
                "risk": one.risk.key if one.risk else None,
                "gaps": [gap.value for gap in gaps[one]],
            }
            for one in standing
            if gaps[one]
        ],
    )


def version_public(dossier: Dossier) -> Condition:
    is_met = dossier.public_version > 0 and dossier.latest_version == dossier.public_version
    return Condition(
        ConditionCode.VERSION_PUBLIC, is_met, {"public": dossier.public_version, "latest": dossier.latest_version}
    )


def answers_waited(dossier: Dossier) -> Condition:
    return Condition(
        ConditionCode.ANSWERS_WAITED,
        dossier.waited,
        {"last_answer": dossier.last_answer, "decision_from": dossier.decision_from},
    )


def not_interrupted(dossier: Dossier) -> Condition:
    stop = dossier.stop
    return _condition(
        ConditionCode.NOT_INTERRUPTED,
        {"lifted": stop.notice if stop and stop.is_lifted else None},
        [{"notice": stop.notice, "kind": stop.kind}] if stop and not stop.is_lifted else [],
    )


CHECKS = (
    round_over,
    comments_placed,
    objections_disposed,
    adopted_realised,
    major_risks_covered,
    version_public,
    answers_waited,
    not_interrupted,
)


def _condition(code: ConditionCode, rests_on: Mapping[str, object], missing: list[dict[str, object]]) -> Condition:
    return Condition(code, not missing, rests_on, tuple(missing))
