"""The list beside the comment in hand: a line for each, read in one query a side, however many comments there are."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from gongshi.comments import triage
from gongshi.comments.family_models import Family
from gongshi.comments.models import Comment, CommentKind, Redaction
from gongshi.comments.triage import Asked
from gongshi.comments.triage_models import Triage
from gongshi.consultations.models import Consultation
from gongshi.projects.models import Project

WORDS = 40


@dataclass(frozen=True)
class Line:
    """A comment in a list: its first words as they are shown, what it speaks of, how many are nearly the same."""

    seq: int
    number: str
    kind: CommentKind
    received_at: datetime
    words: str
    project: int | None
    paragraph_key: str | None
    is_flagged: bool
    size: int | None


@dataclass(frozen=True)
class Window:
    """Part of a filter around one place, how much the filter holds (up to `COUNTED_TO`), and its neighbours."""

    lines: list[Line]
    count: int
    earlier: int | None
    following: int | None


def window(session: Session, consultation: Consultation, asked: Asked, *, at: int, before: int, after: int) -> Window:
    """What a filter holds around number `at`, which need not be in it."""
    if asked.text:
        return _window_of_found(session, consultation, asked, at, before, after)
    held = triage.only(asked, consultation, select(Triage.seq))
    behind = held.where(Triage.seq < at).order_by(Triage.seq.desc()).limit(before)
    ahead = held.where(Triage.seq >= at).order_by(Triage.seq).limit(after + 1)
    earlier, later = list(session.scalars(behind))[::-1], list(session.scalars(ahead))
    return Window(
        lines=_lines(session, consultation, earlier + later),
        count=triage.count(session, consultation, asked),
        earlier=earlier[-1] if earlier else None,
        following=next((seq for seq in later if seq > at), None),
    )


def _window_of_found(
    session: Session, consultation: Consultation, asked: Asked, at: int, before: int, after: int
) -> Window:
    """The same where each question would read every text again: they are read once."""
    seqs = list(session.scalars(triage.only(asked, consultation, select(Triage.seq)).order_by(Triage.seq)))
    place = bisect_left(seqs, at)
    shown = seqs[max(0, place - before) : place + after + 1]
    later = [seq for seq in seqs[place : place + 2] if seq > at]
    return Window(
        lines=_lines(session, consultation, shown),
        count=min(len(seqs), triage.COUNTED_TO),
        earlier=seqs[place - 1] if place else None,
        following=later[0] if later else None,
    )


def _lines(session: Session, consultation: Consultation, seqs: Sequence[int]) -> list[Line]:
    query: Select[Any] = (
        select(
            Triage.seq, Comment.number, Triage.kind, Triage.received_at, func.substr(_shown(), 1, WORDS),
            Project.number, Triage.paragraph_key, Triage.is_flagged, Family.size,
        )
        .join(Comment, Comment.id == Triage.comment_id)
        .outerjoin(Project, Project.id == Triage.project_id)
        .outerjoin(Family, Family.id == Triage.family_id)
        .where(Triage.consultation_id == consultation.id, Triage.seq.in_(seqs))
        .order_by(Triage.seq)
    )  # fmt: skip
    return [Line(*row) for row in session.execute(query)]


def _shown() -> Any:
    latest = (
        select(Redaction.shown_text)
        .where(Redaction.comment_id == Comment.id)
        .order_by(Redaction.ordinal.desc())
        .limit(1)
        .scalar_subquery()
    )
    return case((Comment.redacted_at.is_not(None), latest), else_=Comment.text)
