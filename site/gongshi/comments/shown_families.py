"""Families as readers see them: who stands for whom on a list, the families by size, and all of it to take away."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from gongshi.comments import kinship, similarity
from gongshi.comments.family_models import Family
from gongshi.comments.models import Comment, CommentState
from gongshi.comments.triage_models import Triage
from gongshi.consultations.models import Consultation

AT_ONCE = 2_000


@dataclass(frozen=True)
class Sums:
    """How many families a list has, and how many comments are in them."""

    families: int
    comments: int


@dataclass(frozen=True)
class Row:
    """One comment in the table of families. The estimate is that against the first; none where no text is shown."""

    number: str
    state: CommentState
    head: str
    size: int
    estimate: float | None


def representatives(
    session: Session, consultation: Consultation, *, after: int = 0, before: int | None = None, limit: int
) -> list[Comment]:
    """Published comments, of each family the first: from the one after `after` on, or the last ones before `before`."""
    query = (
        select(Comment)
        .join(Triage, Triage.comment_id == Comment.id)
        .where(Triage.consultation_id == consultation.id, Triage.is_representative.is_(True), Triage.seq > after)
        .options(selectinload(Comment.project), selectinload(Comment.version), selectinload(Comment.withholding))
    )
    if before is None:
        return list(session.scalars(query.order_by(Triage.seq).limit(limit)))
    latest = session.scalars(query.where(Triage.seq < before).order_by(Triage.seq.desc()).limit(limit))
    return list(latest)[::-1]


def of(session: Session, comments: Iterable[Comment]) -> dict[UUID, Family]:
    """The families of these comments, by the comment; those that are alone are left out."""
    wanted = [comment.id for comment in comments]
    query = select(Triage.comment_id, Family).join(Family, Family.id == Triage.family_id)
    rows = session.execute(query.where(Triage.comment_id.in_(wanted)).options(selectinload(Family.head)))
    return {comment_id: family for comment_id, family in rows}


def largest(
    session: Session, consultation: Consultation, *, after: tuple[int, int] | None = None, limit: int
) -> list[Family]:
    """Families of a list, the largest first, then the earliest; `after` is size and number of the last one shown."""
    query = select(Family).where(Family.consultation_id == consultation.id)
    if after is not None:
        size, seq = after
        query = query.where(or_(Family.size < size, (Family.size == size) & (Family.seq > seq)))
    order = (Family.size.desc(), Family.seq)
    return list(session.scalars(query.order_by(*order).limit(limit).options(selectinload(Family.head))))


def shown(session: Session, families: Sequence[Family]) -> dict[UUID, Comment]:
    """Of each family the comment that stands for it, by the family; those without any published one are left out."""
    if not families:
        return {}
    seqs = [family.shown_seq for family in families if family.shown_seq is not None]
    query = select(Comment).where(Comment.consultation_id == families[0].consultation_id, Comment.seq.in_(seqs))
    by_seq = {comment.seq: comment for comment in session.scalars(query)}
    return {family.id: by_seq[family.shown_seq] for family in families if family.shown_seq in by_seq}


def members(session: Session, family: Family, *, after: int = 0, limit: int) -> list[Comment]:
    """Comments of a family in their order, whatever became of them, from the one after number `after` on."""
    here = (Triage.family_id == family.id, Triage.consultation_id == family.consultation_id, Triage.seq > after)
    query = select(Comment).join(Triage, Triage.comment_id == Comment.id).where(*here)
    related = (selectinload(Comment.project), selectinload(Comment.version), selectinload(Comment.withholding))
    return list(session.scalars(query.order_by(Triage.seq).limit(limit).options(*related)))


def sums(session: Session, consultation: Consultation) -> Sums:
    """How many families a list has, and how many comments they hold."""
    counted = select(func.count(), func.coalesce(func.sum(Family.size), 0))
    families, comments = session.execute(counted.where(Family.consultation_id == consultation.id)).one()
    return Sums(families, comments)


def table(session: Session, consultation: Consultation) -> Iterator[Row]:
    """Every comment that is in a family, in the order of their numbers, a portion at a time."""
    after = 0
    query = (
        select(Triage.seq, Comment.number, Triage.state, Family.seq, Family.size)
        .join(Comment, Comment.id == Triage.comment_id)
        .join(Family, Family.id == Triage.family_id)
        .where(Triage.consultation_id == consultation.id)
        .order_by(Triage.seq)
        .limit(AT_ONCE)
    )
    while rows := session.execute(query.where(Triage.seq > after)).all():
        after = rows[-1][0]
        signed = kinship.stored(session, consultation.id, {seq for row in rows for seq in (row[0], row[3])})
        for seq, number, state, head, size in rows:
            is_shown = state is CommentState.PUBLISHED and seq in signed and head in signed
            estimate = similarity.estimate(signed[seq], signed[head]) if is_shown else None
            yield Row(number, state, f"{consultation.number}-{head:04d}", size, estimate)


def is_complete(session: Session, consultation: Consultation) -> bool:
    """Whether every comment of a list was looked into."""
    waiting = select(Triage.seq).where(Triage.is_compared.is_(False), Triage.consultation_id == consultation.id)
    return session.scalar(waiting.limit(1)) is None
