"""Counts kept as comments move, so that no page and no number is ever counted from rows (rule 18)."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from gongshi.comments.models import Comment, CommentState, CommentTally, ParagraphTally
from gongshi.consultations.models import Consultation


def of(session: Session, consultation: Consultation) -> CommentTally:
    """The reconciliation line: received = published + withheld + withdrawn + pending."""
    found = session.get(CommentTally, consultation.id)
    return found or CommentTally(
        consultation_id=consultation.id, received=0, published=0, withheld=0, withdrawn=0, pending=0
    )


def next_seq(session: Session, consultation: Consultation) -> int:
    """Count one more received comment and return its running number. Called under the write lock."""
    tally = session.get(CommentTally, consultation.id) or _just_begun(session, consultation)
    if tally is None:
        tally = CommentTally(
            consultation_id=consultation.id, received=0, published=0, withheld=0, withdrawn=0, pending=0
        )
        session.add(tally)
    tally.received += 1
    tally.pending += 1
    return tally.received


def _just_begun(session: Session, consultation: Consultation) -> CommentTally | None:
    """The count that another comment of the same submission began, which the database does not have yet."""
    begun = (one for one in session.new if isinstance(one, CommentTally))
    return next((one for one in begun if one.consultation_id == consultation.id), None)


def move(session: Session, comment: Comment, state: CommentState) -> None:
    """Count a comment in its new state and no longer in its old one."""
    session.execute(
        update(CommentTally)
        .where(CommentTally.consultation_id == comment.consultation_id)
        .values(
            {
                comment.state.value: getattr(CommentTally, comment.state.value) - 1,
                state.value: getattr(CommentTally, state.value) + 1,
            }
        )
    )
    shown = (state is CommentState.PUBLISHED) - (comment.state is CommentState.PUBLISHED)
    if shown and comment.project_id is not None:
        for key in {"", comment.paragraph_key or ""}:
            _count_shown(session, comment, key, shown)


def _count_shown(session: Session, comment: Comment, key: str, by: int) -> None:
    tally = session.get(ParagraphTally, (comment.project_id, key))
    if tally is None:
        tally = ParagraphTally(project_id=comment.project_id, paragraph_key=key, published=0)
        session.add(tally)
    tally.published += by
