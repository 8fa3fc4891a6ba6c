"""Families of comments that are nearly the same (rule 10): what hangs together by pairs that are nearly the same.

Whoever works them out, and when, gets the same families, also after a text was replaced or erased. No comment is hidden
or counted less for being in one. What is withheld or withdrawn stays in its family; an erased text is in none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from gongshi.comments import kinship, relations, similarity
from gongshi.comments.family_models import CommentSignature, Family, FamilyForgotten, FamilyRebuild
from gongshi.comments.models import Comment, CommentState
from gongshi.comments.similarity import ALIKE
from gongshi.comments.triage_models import Queue, Triage

# So many are looked into in one transaction, about a tenth of a second under the write lock.
PORTION = 50


@dataclass(frozen=True)
class Similar:
    """A comment that is like another: the share of pieces they have in common, and how large its family is."""

    comment: Comment
    likeness: float
    size: int


def is_waiting(session: Session) -> bool:
    """Whether any comment was not looked into yet."""
    return session.scalar(_waiting().with_only_columns(Triage.comment_id).limit(1)) is not None


def join_next(session: Session, limit: int = PORTION) -> int:
    """Find the families of the oldest comments that were not looked into; returns how many that were."""
    query = _waiting().order_by(Triage.consultation_id, Triage.seq).limit(limit)
    rows = session.scalars(query.options(selectinload(Triage.comment))).all()
    lists: dict[UUID, list[Triage]] = defaultdict(list)
    for row in rows:
        lists[row.consultation_id].append(row)
    for consultation_id, waiting in lists.items():
        _join(session, consultation_id, waiting)
    return len(rows)


def forget(session: Session, comment: Comment) -> None:
    """Destroy what a comment was compared by, since its text changed, and settle its family as if it never was there.

    A new text waits to be looked into. Part of the act that changes the text, in its transaction.
    """
    row = session.get_one(Triage, comment.id)
    row.is_representative = row.state is CommentState.PUBLISHED
    session.flush()
    if session.get(FamilyRebuild, row.consultation_id) is not None:
        kinship.take_away(session, row.consultation_id, row.seq)
        session.merge(FamilyForgotten(comment_id=comment.id, consultation_id=row.consultation_id))
    elif row.is_compared:
        relations.leave(session, row)
    row.is_compared = not comment.text
    session.flush()


def similar_to(session: Session, comment: Comment, *, limit: int = 5) -> list[Similar]:
    """Comments of the same list that are most like this one, its own family first. Writes nothing."""
    if not comment.text:
        return []
    own = family_of(session, comment)
    shown = _others(session, own, comment, limit) if own else []
    known = {row.comment_id for row in shown}
    for row in _near(session, comment):
        if len(shown) < limit and row.comment_id not in known and (own is None or row.family_id != own.id):
            shown.append(row)
    sizes = _sizes(session, shown)
    found = [
        Similar(row.comment, similarity.exact(comment.shown_text, row.comment.shown_text), sizes.get(row.family_id, 1))
        for row in shown
    ]
    return sorted(found, key=lambda one: (-one.likeness, one.comment.seq))


def family_of(session: Session, comment: Comment) -> Family | None:
    """The family of a comment; None for one that is alone, or was not looked into yet."""
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
        Triage.family_id == family.id, Triage.consultation_id == family.consultation_id, Triage.seq > after
    )
    if queues is not None:
        query = query.where(Triage.queue.in_(list(queues)))
    return list(session.scalars(query.order_by(Triage.seq).limit(limit).options(selectinload(Triage.comment))))


def _waiting() -> Select[Triage]:
    busy = select(FamilyRebuild.consultation_id)
    return select(Triage).where(Triage.is_compared.is_(False), Triage.consultation_id.not_in(busy))


def _join(session: Session, consultation_id: UUID, rows: list[Triage]) -> None:
    """Put comments where they belong. Those that come after all others go together, a replaced one by itself."""
    last = session.scalar(
        select(func.max(CommentSignature.seq)).where(CommentSignature.consultation_id == consultation_id)
    )
    for row in rows:
        if row.seq <= (last or 0):
            _sign(session, consultation_id, [row])
            relations.enter(session, row)
    fresh = [row for row in rows if row.seq > (last or 0)]
    _sign(session, consultation_id, fresh)
    relations.link(session, consultation_id, kinship.kin(session, consultation_id, [row.seq for row in fresh]))


def _sign(session: Session, consultation_id: UUID, rows: Collection[Triage]) -> None:
    signed = [(row.comment_id, row.seq, similarity.signature(row.comment.text)) for row in rows if row.comment.text]
    for row in rows:
        row.is_compared = True
    session.flush()
    kinship.put(session, consultation_id, signed)


def _others(session: Session, family: Family, comment: Comment, limit: int) -> list[Triage]:
    return [row for row in members(session, family, limit=limit + 1) if row.comment_id != comment.id][:limit]


def _near(session: Session, comment: Comment) -> list[Triage]:
    """The comments that are most like this one, one of each family."""
    signature = similarity.signature(comment.text)
    near = kinship.near(session, comment.consultation_id, comment.seq, signature)
    order = {seq: place for place, (seq, likeness) in enumerate(near) if likeness >= ALIKE}
    query = select(Triage).where(Triage.consultation_id == comment.consultation_id, Triage.seq.in_(list(order)))
    rows = sorted(session.scalars(query.options(selectinload(Triage.comment))), key=lambda row: order[row.seq])
    firsts: dict[UUID, Triage] = {}
    for row in rows:
        firsts.setdefault(row.family_id or row.comment_id, row)
    return list(firsts.values())


def _sizes(session: Session, rows: Iterable[Triage]) -> dict[UUID | None, int]:
    wanted = [row.family_id for row in rows if row.family_id]
    query = select(Family.id, Family.size).where(Family.id.in_(wanted)) if wanted else None
    return {found: size for found, size in session.execute(query)} if query is not None else {}
