"""All families of a list worked out anew, for the command `flask families rebuild`; the same families as ever come out.

Work is done in portions, each in a transaction of its own, so that whoever comments meanwhile waits for a moment only.
From `begin` to `finish` the worker leaves the list alone; if the command is stopped in between, run it again.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from gongshi.comments import clusters, kinship, similarity
from gongshi.comments.family_models import Bucket, CommentSignature, Family, FamilyForgotten, FamilyRebuild
from gongshi.comments.models import Comment, CommentState
from gongshi.comments.similarity import Signature
from gongshi.comments.triage_models import Triage

PORTION = 2_000


@dataclass
class Texts:
    """What all comments of a list are compared by, in the order of their numbers; the texts themselves are not kept."""

    ids: list[UUID]
    seqs: NDArray[np.int32]
    pieces: clusters.Pieces
    numbers: similarity.Numbers

    def portions(self, size: int = PORTION) -> Iterator[slice]:
        return (slice(start, start + size) for start in range(0, len(self.ids), size))


def begin(session: Session, consultation_id: UUID) -> None:
    """Keep the worker away from a list."""
    session.merge(FamilyRebuild(consultation_id=consultation_id))


def wipe(session: Session, consultation_id: UUID) -> int:
    """Forget some of what was worked out; returns how much, 0 when nothing is left."""
    rows = list(
        session.scalars(
            select(CommentSignature).where(CommentSignature.consultation_id == consultation_id).limit(PORTION)
        )
    )
    if rows:
        keys = kinship.bucket_keys(consultation_id, np.stack([similarity.unpacked(row.numbers) for row in rows]))
        session.connection().execute(
            delete(Bucket).where(Bucket.key == bindparam("of"), Bucket.seq == bindparam("at")),
            [{"of": key, "at": row.seq} for row, found in zip(rows, keys, strict=True) for key in found],
        )
        ids = [row.comment_id for row in rows]
        session.execute(delete(CommentSignature).where(CommentSignature.comment_id.in_(ids)))
    return len(rows) or _stand_alone(session, consultation_id)


def read(session: Session, consultation_id: UUID) -> Texts:
    """The signatures of all texts there are. Takes a fraction of a millisecond a text; writes nothing."""
    here = Comment.consultation_id == consultation_id
    count = session.scalar(select(func.count()).select_from(Comment).where(here)) or 0
    found = Texts([], *_empty(count))
    query = select(Comment.id, Comment.seq, Comment.text).where(here).order_by(Comment.seq).limit(count)
    for comment_id, seq, text in session.execute(query.execution_options(yield_per=PORTION)):
        if text:
            place, signature = len(found.ids), similarity.signature(text)
            found.ids.append(comment_id)
            found.seqs[place], found.pieces[place], found.numbers[place] = seq, signature.pieces, signature.numbers
    kept = len(found.ids)
    return Texts(found.ids, found.seqs[:kept], found.pieces[:kept], found.numbers[:kept])


def store(session: Session, consultation_id: UUID, texts: Texts, portion: slice) -> None:
    """Store some of the signatures, but for texts that changed since they were read."""
    gone = forgotten(session, consultation_id)
    rows = zip(texts.ids[portion], texts.seqs[portion].tolist(), strict=True)
    signed = [
        (comment_id, seq, Signature(texts.numbers[place], int(texts.pieces[place])))
        for place, (comment_id, seq) in enumerate(rows, portion.start)
        if comment_id not in gone
    ]
    kinship.put(session, consultation_id, signed)


def forgotten(session: Session, consultation_id: UUID) -> frozenset[UUID]:
    """The comments whose text changed since `begin`."""
    query = select(FamilyForgotten.comment_id).where(FamilyForgotten.consultation_id == consultation_id)
    return frozenset(session.scalars(query))


def firsts(texts: Texts, gone: Collection[UUID]) -> clusters.Places:
    """For each text the place of the first of its family; its own for one that is alone or gone."""
    kept = np.array([place for place, one in enumerate(texts.ids) if one not in gone], dtype=np.int64)
    found: clusters.Places = np.arange(len(texts.ids), dtype=np.int64)
    found[kept] = kept[clusters.partition(texts.numbers[kept], texts.pieces[kept])]
    return found


def establish(session: Session, consultation_id: UUID, texts: Texts, first: clusters.Places) -> dict[int, UUID]:
    """Make the families without their members; returns the id of each by the place of its first."""
    session.execute(
        update(Triage)
        .where(Triage.consultation_id == consultation_id, Triage.family_id.is_not(None))
        .values(family_id=None)
    )
    session.execute(delete(Family).where(Family.consultation_id == consultation_id))
    heads, sizes = np.unique(first, return_counts=True)
    made = {int(head): (uuid4(), int(size)) for head, size in zip(heads, sizes, strict=True) if size > 1}
    if made:
        session.execute(
            insert(Family),
            [
                {"id": id, "consultation_id": consultation_id, "head_id": texts.ids[head],
                 "seq": int(texts.seqs[head]), "size": size, "published": 0}
                for head, (id, size) in made.items()
            ],
        )  # fmt: skip
    return {head: id for head, (id, _) in made.items()}


def assign(session: Session, texts: Texts, first: clusters.Places, made: dict[int, UUID], portion: slice) -> None:
    """Put some comments into their families."""
    rows = [
        {"of": comment_id, "family": made.get(head)}
        for comment_id, head in zip(texts.ids[portion], first[portion].tolist(), strict=True)
    ]
    changed = update(Triage.__table__).where(Triage.__table__.c.comment_id == bindparam("of"))  # type: ignore[arg-type]
    session.connection().execute(changed.values(family_id=bindparam("family"), is_compared=True), rows)


def finish(session: Session, consultation_id: UUID) -> None:
    """Count what may be read of each family, and give the list back to the worker."""
    shown = (Triage.family_id == Family.id, Triage.state == CommentState.PUBLISHED)
    session.execute(
        update(Family)
        .where(Family.consultation_id == consultation_id)
        .values(
            published=select(func.count()).select_from(Triage).where(*shown).scalar_subquery(),
            shown_seq=select(func.min(Triage.seq)).where(*shown).scalar_subquery(),
        )
        .execution_options(synchronize_session=False)
    )
    first = select(Family.shown_seq).where(Family.id == Triage.family_id).scalar_subquery()
    session.execute(
        update(Triage)
        .where(Triage.consultation_id == consultation_id, Triage.family_id.is_not(None))
        .values(is_representative=func.coalesce(Triage.seq == first, False))
        .execution_options(synchronize_session=False)
    )
    gone = list(forgotten(session, consultation_id))
    session.execute(update(Triage).where(Triage.comment_id.in_(gone)).values(is_compared=_is_erased()))
    session.execute(delete(FamilyForgotten).where(FamilyForgotten.consultation_id == consultation_id))
    session.execute(delete(FamilyRebuild).where(FamilyRebuild.consultation_id == consultation_id))
    session.expire_all()


def _stand_alone(session: Session, consultation_id: UUID) -> int:
    """Take some comments out of their families; the last portion ends the families."""
    here = Triage.consultation_id == consultation_id
    seqs = list(session.scalars(select(Triage.seq).where(here, Triage.is_compared.is_(True)).limit(PORTION)))
    session.execute(
        update(Triage)
        .where(here, Triage.seq.in_(seqs))
        .values(family_id=None, is_compared=False, is_representative=Triage.state == CommentState.PUBLISHED)
        .execution_options(synchronize_session=False)
    )
    if not seqs:
        session.execute(delete(Family).where(Family.consultation_id == consultation_id))
    return len(seqs)


def _is_erased() -> object:
    return select(func.length(Comment.text) == 0).where(Comment.id == Triage.comment_id).scalar_subquery()


def _empty(count: int) -> tuple[NDArray[np.int32], clusters.Pieces, similarity.Numbers]:
    numbers = np.zeros((count, similarity.NUMBERS), dtype=np.uint16)
    return np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32), numbers
