"""The closed list of public acts (rule 16), and for each the exact fields that its entry may hold.

A field has one shape wherever it occurs. This table is a public contract: what outsiders check entries against. A new
act or field is added here; none is ever taken away or given another meaning, since entries that use it stay for ever.
"""

from collections.abc import Mapping
from enum import StrEnum

from gongshi.ledger.shapes import (
    ANSWER,
    CODE,
    COMMENT,
    COMMITMENT_OF_PLAN,
    CONSULTATION,
    COUNT,
    DATE,
    INSTANT,
    KEY,
    OBJECTION,
    ORDINAL,
    PROJECT_KEY,
    SHA256,
    SLUG,
    STAFF,
    TARGET,
    VERIFIER_KEY,
    Fields,
    Shape,
    boolean,
    integer,
    list_of,
    mapping,
    record,
    two_different,
)


class Kind(StrEnum):
    """A public act."""

    CONSULTATION_PUBLISHED = "consultation.published"
    CONSULTATION_CORRECTED = "consultation.corrected"
    CONSULTATION_SUSPENDED = "consultation.suspended"
    CONSULTATION_WITHDRAWN = "consultation.withdrawn"
    ROUND_SCHEDULED = "round.scheduled"
    ROUND_EXTENDED = "round.extended"
    NOTICE_PUBLISHED = "notice.published"
    VERSION_PUBLISHED = "version.published"
    COMMENT_RECEIVED = "comment.received"
    COMMENT_PUBLISHED = "comment.published"
    COMMENT_WITHHELD = "comment.withheld"
    COMMENT_WITHDRAWN = "comment.withdrawn"
    COMMENT_REPLACED = "comment.replaced"
    COMMENT_REDACTED = "comment.redacted"
    COMMENT_ERASED = "comment.erased"
    COMMENT_DISPUTED = "comment.disputed"
    COMMENT_APPEALED = "comment.appealed"
    OBJECTION_WORDED = "objection.worded"
    OBJECTION_MERGED = "objection.merged"
    OBJECTION_SPLIT = "objection.split"
    OBJECTION_DISPOSED = "objection.disposed"
    ANSWER_PUBLISHED = "answer.published"
    RESPONSE_RECORDED = "response.recorded"
    RISK_JUDGED = "risk.judged"
    GATE_RUN = "gate.run"
    ADMISSION_DECIDED = "admission.decided"
    SUMMARY_PUBLISHED = "summary.published"
    PILOT_EVENT = "pilot.event"
    KEY_ROTATED = "key.rotated"
    CLOCK_STEPPED = "clock.stepped"
    STAFF_ROLE = "staff.role"


# The fields of a comment that are committed to one by one, so that each can vanish alone.
_COMMITTED = ("resolution", "name", "contact", "files", "reason")
_OWN_WORDS = record(Fields({"text": SHA256}, dict.fromkeys(_COMMITTED, SHA256)))
# A changed paragraph or risk, and the objections that caused it: which objection led to what is itself on record.
_CHANGE = record(Fields({"key": KEY, "kind": CODE, "causes": list_of(OBJECTION), "own": boolean}, {}))
_REASON = record(Fields({"reason": SHA256}, {}))

_SHAPES: dict[str, Shape] = {
    "active": boolean,
    "answer": ANSWER,
    "answered": COUNT,
    "bureau": SLUG,
    "changes": list_of(_CHANGE),
    "channel": CODE,
    "closes_at": INSTANT,
    "closes_before": INSTANT,
    "comment": COMMENT,
    "comments": list_of(COMMENT),
    "commitment": COMMITMENT_OF_PLAN,
    "consultation": CONSULTATION,
    "fields": list_of(CODE),
    "from": ORDINAL,  # The version that was revised.
    "fulfils": boolean,
    "gate_run": COUNT,  # The index of the gate.run entry.
    "kind": CODE,
    "major": boolean,
    "new": VERIFIER_KEY,
    "notice": SLUG,
    "objection": OBJECTION,
    "old": VERIFIER_KEY,
    "opens_at": INSTANT,
    "outcome": CODE,
    "passed": boolean,
    "project": ORDINAL,
    "projects": list_of(ORDINAL),
    "public_from": INSTANT,  # Where it was approved before that, and everybody reads it only from then on.
    "reason": CODE,
    "received": COUNT,
    "received_on": DATE,  # When a letter, e-mail or call came in.
    "risk": KEY,
    "risks": mapping(PROJECT_KEY, KEY),
    "roles": list_of(CODE),
    "round": ORDINAL,
    "satisfied": boolean,
    "seconds": integer(-(2**53)),
    "sha256": SHA256,
    "staff": STAFF,
    "sufficient": boolean,
    "target": TARGET,
    "version": ORDINAL,
    "withdrawn": COUNT,
    "withheld": COUNT,
}
_ONE: dict[str, Shape] = {"by": STAFF}
_TWO: dict[str, Shape] = {"by": two_different(STAFF)}  # Prepared, approved (rule 2).


def _named(names: str) -> dict[str, Shape]:
    return {name: _SHAPES[name] for name in names.split()}


SUBJECTS: dict[Kind, Fields] = {
    Kind.CONSULTATION_PUBLISHED: Fields(_named("consultation sha256 projects"), _named("public_from") | _TWO),
    Kind.CONSULTATION_CORRECTED: Fields(_named("consultation notice"), _named("project sha256") | _TWO),
    Kind.CONSULTATION_SUSPENDED: Fields(_named("consultation notice"), _named("project") | _TWO),
    Kind.CONSULTATION_WITHDRAWN: Fields(_named("consultation notice"), _named("project") | _TWO),
    Kind.ROUND_SCHEDULED: Fields(_named("consultation round opens_at closes_at"), _named("project notice") | _TWO),
    Kind.ROUND_EXTENDED: Fields(_named("consultation round closes_before closes_at"), _named("opens_at notice") | _TWO),
    Kind.NOTICE_PUBLISHED: Fields(_named("notice kind sha256"), _named("consultation project public_from") | _TWO),
    Kind.VERSION_PUBLISHED: Fields(_named("consultation project version sha256"), _named("changes from") | _TWO),
    Kind.COMMENT_RECEIVED: Fields(
        _named("consultation comment round kind channel target") | {"c": _OWN_WORDS}, _named("received_on") | _TWO
    ),
    Kind.COMMENT_PUBLISHED: Fields(_named("comment sha256") | _ONE, {}),
    Kind.COMMENT_WITHHELD: Fields(_named("comment reason") | _TWO, {}),
    Kind.COMMENT_WITHDRAWN: Fields(_named("comment"), {}),
    Kind.COMMENT_REPLACED: Fields(_named("comment") | {"c": _OWN_WORDS}, _named("kind target")),
    Kind.COMMENT_REDACTED: Fields(_named("comment sha256 reason") | _TWO, {}),
    Kind.COMMENT_ERASED: Fields(_named("comment reason") | _TWO, _named("fields")),
    Kind.COMMENT_DISPUTED: Fields(_named("comment"), {"c": _REASON}),
    Kind.COMMENT_APPEALED: Fields(_named("comment"), {"c": _REASON}),
    Kind.OBJECTION_WORDED: Fields(_named("objection sha256 projects comments major"), _named("risks") | _ONE),
    Kind.OBJECTION_MERGED: Fields(_named("objection") | {"into": OBJECTION}, _ONE),
    Kind.OBJECTION_SPLIT: Fields(_named("objection") | {"into": list_of(OBJECTION)}, _ONE),
    Kind.OBJECTION_DISPOSED: Fields(_named("objection outcome sha256"), _TWO),
    Kind.ANSWER_PUBLISHED: Fields(_named("answer sha256 comments"), _TWO),
    Kind.RESPONSE_RECORDED: Fields(_named("comment satisfied"), _named("objection answer") | {"c": _REASON}),
    Kind.RISK_JUDGED: Fields(_named("consultation project version risk sufficient sha256") | _TWO, {}),
    Kind.GATE_RUN: Fields(_named("consultation project version passed sha256"), _ONE),
    # An applicant may withdraw before any gate was run.
    Kind.ADMISSION_DECIDED: Fields(_named("consultation project outcome sha256"), _named("gate_run") | _TWO),
    Kind.SUMMARY_PUBLISHED: Fields(
        _named("consultation sha256 received answered withheld withdrawn"), _named("notice") | _TWO
    ),
    Kind.PILOT_EVENT: Fields(_named("consultation project kind sha256"), _named("commitment fulfils") | _TWO),
    Kind.KEY_ROTATED: Fields(_named("old new"), _TWO),
    Kind.CLOCK_STEPPED: Fields(_named("seconds"), {}),
    Kind.STAFF_ROLE: Fields(_named("bureau staff roles"), _named("active") | _ONE),
}


def check(kind: Kind, subject: Mapping[str, object]) -> None:
    """Refuse a subject that this kind of entry may not hold. Raises ValueError, which names fields and no values."""
    faults = SUBJECTS[kind].faults(subject)
    if faults:
        raise ValueError(f"{kind}: missing, unknown or not allowed here: {', '.join(faults)}")
