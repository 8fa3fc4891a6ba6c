"""Reads of the desk: the queues, one filter after another, and what comes before and after. Indexed, for 50,000."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from gongshi.accounts.models import StaffUser
from gongshi.comments.family_models import Family
from gongshi.comments.models import Channel, Comment, CommentKind, CommentState
from gongshi.comments.triage_models import CommentFlag, CommentNote, Queue, SavedFilter, Triage
from gongshi.consultations.models import Consultation
from gongshi.projects.models import Project

# Beyond this nobody reads how many there are exactly, and counting on would cost more than the page.
COUNTED_TO = 1_000
_OPTIONS = (
    selectinload(Triage.comment).selectinload(Comment.project),
    selectinload(Triage.comment).selectinload(Comment.version),
)


@dataclass(frozen=True)
class Standing:
    """How many comments wait in a queue, and when the oldest of them came."""

    count: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """Which comments are asked for; what is None is not asked about."""

    queue: Queue | None = None
    flagged: bool = False
    kind: CommentKind | None = None
    channel: Channel | None = None
    state: CommentState | None = None
    project: Project | None = None
    paragraph_key: str | None = None
    family_at_least: int | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def queues(session: Session, consultation: Consultation) -> dict[Queue, Standing]:
    """Every queue of a list with its count and the age of its oldest."""
    counted = session.execute(
        select(Triage.queue, func.count(), func.min(Triage.seq))
        .where(Triage.consultation_id == consultation.id)
        .group_by(Triage.queue)
    ).all()
    came = _came(session, consultation, [first for _, _, first in counted])
    return {
        **{queue: Standing() for queue in Queue},
        **{queue: Standing(count, came[first]) for queue, count, first in counted},
    }


def flagged(session: Session, consultation: Consultation) -> Standing:
    """How many comments carry a flag that nobody cleared."""
    count, first = session.execute(
        select(func.count(), func.min(Triage.seq)).where(
            Triage.consultation_id == consultation.id, Triage.is_flagged.is_(True)
        )
    ).one()
    return Standing(count, _came(session, consultation, [first])[first] if count else None)


def listing(session: Session, consultation: Consultation, asked: Asked, *, after: int = 0, limit: int) -> list[Triage]:
    """Comments of a filter in their order, from the one after number `after` on."""
    query = only(asked, consultation, select(Triage)).where(Triage.seq > after)
    return list(session.scalars(query.order_by(Triage.seq).limit(limit).options(*_OPTIONS)))


def listing_before(
    session: Session, consultation: Consultation, asked: Asked, *, before: int, limit: int
) -> list[Triage]:
    """The last comments of a filter before number `before`, in their order."""
    query = only(asked, consultation, select(Triage)).where(Triage.seq < before)
    found = session.scalars(query.order_by(Triage.seq.desc()).limit(limit).options(*_OPTIONS))
    return list(found)[::-1]


def following(session: Session, consultation: Consultation, asked: Asked, *, after: int) -> int | None:
    """The number of the next comment of a filter; after the last comes the first again; None when nothing is left."""
    query = only(asked, consultation, select(Triage.seq)).order_by(Triage.seq).limit(1)
    found: int | None = session.scalar(query.where(Triage.seq > after))
    return found or session.scalar(query.where(Triage.seq < after))


def count(session: Session, consultation: Consultation, asked: Asked) -> int:
    """How many comments a filter holds, counted up to `COUNTED_TO`."""
    found = only(asked, consultation, select(Triage.seq)).limit(COUNTED_TO).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def numbered(session: Session, consultation: Consultation, seq: int) -> Triage:
    """Where one comment stands, by its running number. Raises NoResultFound."""
    query = select(Triage).where(Triage.consultation_id == consultation.id, Triage.seq == seq)
    return session.scalars(query.options(*_OPTIONS)).one()


def chosen(session: Session, consultation: Consultation, seqs: list[int]) -> list[Comment]:
    """Comments of a list by their running numbers, in their order; numbers that are none are left out."""
    query = select(Comment).where(Comment.consultation_id == consultation.id, Comment.seq.in_(seqs))
    return list(session.scalars(query.order_by(Comment.seq)))


def family_counts(session: Session, family: Family) -> dict[Queue, int]:
    """How many comments of a family stand in each queue."""
    rows = session.execute(
        select(Triage.queue, func.count())
        .where(Triage.family_id == family.id, Triage.consultation_id == family.consultation_id)
        .group_by(Triage.queue)
    )
    return {**dict.fromkeys(Queue, 0), **{queue: count for queue, count in rows}}


def notes(session: Session, comment: Comment) -> list[CommentNote]:
    query = select(CommentNote).where(CommentNote.comment_id == comment.id).order_by(CommentNote.written_at)
    return list(session.scalars(query.options(selectinload(CommentNote.written_by))))


def flags(session: Session, comment: Comment) -> list[CommentFlag]:
    """Every flag of a comment, cleared ones too."""
    query = select(CommentFlag).where(CommentFlag.comment_id == comment.id).order_by(CommentFlag.flagged_at)
    return list(session.scalars(query.options(selectinload(CommentFlag.flagged_by))))


def saved_filters(session: Session, person: StaffUser) -> list[SavedFilter]:
    query = select(SavedFilter).where(SavedFilter.owner_id == person.id)
    return list(session.scalars(query.order_by(SavedFilter.name)))


def _came(session: Session, consultation: Consultation, seqs: Iterable[int]) -> dict[int, datetime]:
    """When the comments with these running numbers came."""
    query = select(Triage.seq, Triage.received_at).where(
        Triage.consultation_id == consultation.id, Triage.seq.in_(list(seqs))
    )
    return {seq: came_at for seq, came_at in session.execute(query)}


def only(asked: Asked, consultation: Consultation, query: Select[Any]) -> Select[Any]:
    """A query of the desk narrowed down to what is asked for."""
    equal = {
        Triage.queue: asked.queue,
        Triage.kind: asked.kind,
        Triage.channel: asked.channel,
        Triage.state: asked.state,
        Triage.project_id: asked.project.id if asked.project else None,
        Triage.paragraph_key: asked.paragraph_key,
        Triage.is_flagged: asked.flagged or None,
    }
    query = query.where(
        Triage.consultation_id == consultation.id,
        *(column == value for column, value in equal.items() if value is not None),
    )
    if asked.since is not None:
        query = query.where(Triage.received_at >= asked.since)
    if asked.until is not None:
        query = query.where(Triage.received_at < asked.until)
    return _larger(asked, consultation, _saying(asked, consultation, query))


def _saying(asked: Asked, consultation: Consultation, query: Select[Any]) -> Select[Any]:
    if not asked.text:
        return query
    # Letter case is asked about only where the words have any: comparing without it takes twice the time.
    cased = asked.text.lower() != asked.text.upper()
    says = Comment.text.icontains if cased else Comment.text.contains
    # Read through in the order in which the comments lie on disk, once, instead of looking each up.
    said = select(Comment.seq).where(Comment.consultation_id == consultation.id, says(asked.text, autoescape=True))
    return query.where(Triage.seq.in_(said))


def _larger(asked: Asked, consultation: Consultation, query: Select[Any]) -> Select[Any]:
    if not asked.family_at_least:
        return query
    large = select(Family.id).where(Family.consultation_id == consultation.id, Family.size >= asked.family_at_least)
    return query.where(Triage.family_id.in_(large))
