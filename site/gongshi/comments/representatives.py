"""Which comment of a family stands for it where readers see one for all: the first of those that anybody may read."""

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gongshi.comments.family_models import Family
from gongshi.comments.models import CommentState
from gongshi.comments.triage_models import Triage


def moved(session: Session, row: Triage, was: CommentState) -> None:
    """A comment was published, withheld or withdrawn: count it and choose anew."""
    shown = (row.state is CommentState.PUBLISHED) - (was is CommentState.PUBLISHED)
    family = session.get(Family, row.family_id) if shown and row.family_id else None
    if family is None:
        row.is_representative = row.state is CommentState.PUBLISHED
        return
    family.published += shown
    if shown > 0 and (family.shown_seq is None or row.seq < family.shown_seq):
        stand(session, family, row.seq)
    elif shown < 0 and row.seq == family.shown_seq:
        stand(session, family, _first_published(session, family, but=row.seq))


def stand(session: Session, family: Family, seq: int | None) -> None:
    """Let one comment stand for its family, and the one before it no longer."""
    mark(session, family.consultation_id, family.shown_seq, is_representative=False)
    mark(session, family.consultation_id, seq, is_representative=True)
    family.shown_seq = seq


def mark(session: Session, consultation_id: UUID, seq: int | None, *, is_representative: bool) -> None:
    """Note of one comment whether it stands for others, or for itself."""
    if seq is not None:
        session.execute(
            update(Triage)
            .where(Triage.consultation_id == consultation_id, Triage.seq == seq)
            .values(is_representative=is_representative)
        )


def recount(session: Session, family: Family) -> None:
    """Count a family that lost members, and choose its first ones anew."""
    seq, head_id = session.execute(
        select(Triage.seq, Triage.comment_id).where(Triage.family_id == family.id).order_by(Triage.seq).limit(1)
    ).one()
    family.seq, family.head_id = seq, head_id
    published = select(func.count()).where(Triage.family_id == family.id, Triage.state == CommentState.PUBLISHED)
    family.published = session.scalar(published) or 0
    stand(session, family, _first_published(session, family))


def _first_published(session: Session, family: Family, *, but: int | None = None) -> int | None:
    query = select(func.min(Triage.seq)).where(
        Triage.family_id == family.id, Triage.state == CommentState.PUBLISHED, Triage.seq != (but or 0)
    )
    found: int | None = session.scalar(query)
    return found
