"""Families of comments that are nearly the same (rule 10): a comment joins the earliest family whose first is like it.

Comments are looked into in the order of their numbers, so that the families are the same whoever works them out, and
when. No comment is hidden or counted less for being in a family.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, selectinload

from gongshi.comments import similarity
from gongshi.comments.models import Comment
from gongshi.comments.similarity import ALIKE, FAMILY, Signature
from gongshi.comments.triage_models import Band, Family, Queue, Triage

# So many are looked into in one transaction, some tenths of a second under the write lock.
PORTION = 50
# Of the families that share a band with a text, the earliest so many are compared.
MOST_COMPARED = 200


@dataclass(frozen=True)
class Similar:
    """A comment that is like another: the share of pieces they have in common, and how large its family is."""

    comment: Comment
    likeness: float
    size: int


def is_waiting(session: Session) -> bool:
    """Whether any comment was not looked into yet."""
    return session.scalar(select(Triage.comment_id).where(Triage.family_id.is_(None)).limit(1)) is not None


def join_next(session: Session, limit: int = PORTION) -> int:
    """Find the families of the oldest comments that were not looked into; returns how many that were."""
    rows = session.scalars(
        select(Triage)
        .where(Triage.family_id.is_(None))
        .order_by(Triage.consultation_id, Triage.seq)
        .limit(limit)
        .options(selectinload(Triage.comment))
    ).all()
    for row in rows:
        _join(session, row)
    return len(rows)


def similar_to(session: Session, comment: Comment, *, limit: int = 5) -> list[Similar]:
    """Comments of the same list that are most like this one, its own family first. Writes nothing."""
    families = _alike(session, comment)
    own = families[0] if families and families[0][1] >= FAMILY else None
    shown = [*_members(session, own[0], comment, limit)] if own else []
    shown += [family.head for family, _ in families if family is not (own and own[0]) and family.head is not comment]
    sizes = {family.head_id: family.size for family, _ in families}
    found = [
        Similar(one, similarity.exact(comment.shown_text, one.shown_text), sizes.get(one.id, 1))
        for one in shown[:limit]
    ]
    return sorted(found, key=lambda one: (-one.likeness, one.comment.seq))


def family_of(session: Session, comment: Comment) -> Family | None:
    """The family of a comment, or None while it was not looked into."""
    row = session.get_one(Triage, comment.id)
    return session.get(Family, row.family_id) if row.family_id else None


def members(
    session: Session,
    family: Family,
    *,
    queues: Iterable[Queue] | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[Triage]:
    """Where the comments of a family stand, in their order, from the one after `after` on; of some queues or all."""
    query = select(Triage).where(
        Triage.family_id == family.head_id, Triage.consultation_id == family.consultation_id, Triage.seq > after
    )
    if queues is not None:
        query = query.where(Triage.queue.in_(list(queues)))
    return list(session.scalars(query.order_by(Triage.seq).limit(limit).options(selectinload(Triage.comment))))


def _join(session: Session, row: Triage) -> None:
    signature = similarity.signature(row.comment.text)
    keys = similarity.bands(signature)
    family = next(
        (one for one in _candidates(session, row, keys) if _estimate(one, signature) >= FAMILY), None
    ) or _begin(session, row, signature, keys)
    family.size += 1
    row.family_id = family.head_id
    session.flush()


def _begin(session: Session, row: Triage, signature: Signature, keys: Sequence[int]) -> Family:
    family = Family(
        head_id=row.comment_id,
        consultation_id=row.consultation_id,
        seq=row.seq,
        size=0,
        signature=similarity.packed(signature),
    )
    session.add(family)
    session.flush()
    session.add_all(
        Band(consultation_id=row.consultation_id, band=band, hash=key, seq=row.seq, head_id=row.comment_id)
        for band, key in enumerate(keys)
    )
    return family


def _alike(session: Session, comment: Comment) -> list[tuple[Family, float]]:
    """Families like this comment with the estimate of each: the one it belongs to first, then the most alike."""
    signature = similarity.signature(comment.text)
    row = session.get_one(Triage, comment.id)
    found = [
        (family, _estimate(family, signature)) for family in _candidates(session, row, similarity.bands(signature))
    ]
    kept = [(family, likeness) for family, likeness in found if likeness >= ALIKE]
    own = row.family_id or next((family.head_id for family, likeness in kept if likeness >= FAMILY), None)
    return sorted(kept, key=lambda one: (one[0].head_id != own, -one[1], one[0].seq))


def _candidates(session: Session, row: Triage, keys: Sequence[int]) -> list[Family]:
    """The earliest families that share a band with these keys, the first first."""
    met = (
        select(Band.head_id)
        .where(Band.consultation_id == row.consultation_id, tuple_(Band.band, Band.hash).in_(list(enumerate(keys))))
        .group_by(Band.head_id)
        .order_by(func.min(Band.seq))
        .limit(MOST_COMPARED)
    )
    return list(session.scalars(select(Family).where(Family.head_id.in_(met)).order_by(Family.seq)))


def _estimate(family: Family, signature: Signature) -> float:
    return similarity.estimate(similarity.unpacked(family.signature), signature)


def _members(session: Session, family: Family, comment: Comment, limit: int) -> Iterator[Comment]:
    for row in members(session, family, limit=limit + 1):
        if row.comment_id != comment.id:
            yield row.comment
