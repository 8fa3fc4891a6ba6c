"""Texts that are being worked on before anybody approves them: dispositions, answers, and wordings used again.

Staff only, rewritten at will, several analysts side by side. What is ready is gathered into one draft (`drafts`), whose
approval publishes it. Nothing here is an act: the ledger hears nothing of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Bureau, StaffUser
from gongshi.comments import queues
from gongshi.comments.models import Comment, CommentState
from gongshi.consultations.models import Consultation
from gongshi.errors import RuleBroken
from gongshi.objections import checks, steps
from gongshi.objections.models import AnswerDraft, AnswerTemplate, DispositionDraft, Objection, Outcome


class TextEditedMeanwhile(RuleBroken):
    """Somebody else kept the text after this page was opened; theirs is not overwritten unseen."""

    code = "text-edited-meanwhile"


class NotWholeYet(RuleBroken):
    """Ready means whole: an outcome and reasons, or a title, a text and comments."""

    code = "not-whole-yet"


class TemplateTitleTaken(RuleBroken):
    """A bureau tells its templates apart by their titles."""

    code = "template-title-taken"


def keep_disposition(
    session: Session,
    objection: Objection,
    *,
    outcome: Outcome | None,
    is_unfounded: bool = False,
    reasons: str,
    is_ready: bool,
    edition: int,
    by: StaffUser,
    at: datetime,
) -> DispositionDraft:
    """Keep what is to be said to an objection. `edition` is the one the writer had before them, 0 for none.

    Raises ObjectionRetired, AlreadyAnswered, TextEditedMeanwhile, NotWholeYet, and what `accounts` raises.
    """
    steps.refuse_stranger(objection.consultation, by)
    checks.refuse_settled(objection)
    kept = session.get(DispositionDraft, objection.id)
    _refuse_overwriting(kept, edition)
    if is_ready and not (reasons.strip() and (outcome or is_unfounded)):
        raise NotWholeYet

    if kept is None:
        kept = DispositionDraft(objection=objection, edition=0)
        session.add(kept)
    kept.outcome, kept.is_unfounded = None if is_unfounded else outcome, is_unfounded
    kept.reasons, kept.is_ready = reasons.strip(), is_ready
    _sign(kept, by, at)
    session.flush()
    return kept


def keep_answer(
    session: Session,
    consultation: Consultation,
    kept: AnswerDraft | None,
    *,
    title: str,
    text: str,
    comments: Iterable[Comment],
    is_ready: bool,
    edition: int,
    by: StaffUser,
    at: datetime,
) -> AnswerDraft:
    """Keep an answer to some comments, a new one where `kept` is None.

    Raises NotOfThisList, TextEditedMeanwhile, NotWholeYet, and what `accounts` raises. Whether the comments may be
    answered is asked when the batch is submitted.
    """
    steps.refuse_stranger(consultation, by)
    answered = list(dict.fromkeys(comments))
    foreign = [one.number for one in answered if one.consultation_id != consultation.id]
    if foreign:
        raise checks.NotOfThisList(found=foreign)
    _refuse_overwriting(kept, edition)
    if is_ready and not (title.strip() and text.strip() and answered):
        raise NotWholeYet

    if kept is None:
        kept = AnswerDraft(consultation=consultation, edition=0)
        session.add(kept)
    kept.title, kept.text, kept.is_ready = title.strip(), text.strip(), is_ready
    kept.comments = [one.number for one in sorted(answered, key=lambda one: one.seq)]
    _sign(kept, by, at)
    _set_aside(session, answered)
    session.flush()
    return kept


def add_comments(
    session: Session, kept: AnswerDraft, comments: Sequence[Comment], *, by: StaffUser, at: datetime
) -> None:
    """Let an answer that is being worked on answer further comments too. Raises as `keep_answer`."""
    steps.refuse_stranger(kept.consultation, by)
    foreign = [one.number for one in comments if one.consultation_id != kept.consultation_id]
    if foreign:
        raise checks.NotOfThisList(found=foreign)
    kept.comments = sorted({*kept.comments, *(one.number for one in comments)})
    _sign(kept, by, at)
    _set_aside(session, comments)
    session.flush()


def give_up_answer(session: Session, kept: AnswerDraft, *, by: StaffUser) -> None:
    """Throw an unpublished answer away; its comments are free again."""
    steps.refuse_stranger(kept.consultation, by)
    session.delete(kept)
    session.flush()


def disposition_drafts(session: Session, consultation: Consultation) -> dict[UUID, DispositionDraft]:
    """What is being worked on for objections that wait, by the objection's id."""
    rows = session.scalars(
        select(DispositionDraft).join(DispositionDraft.objection).where(Objection.consultation_id == consultation.id)
    )
    return {one.objection_id: one for one in rows if one.objection.stands and not one.objection.is_settled}


def disposition_draft(session: Session, objection: Objection) -> DispositionDraft | None:
    return session.get(DispositionDraft, objection.id)


def answer_drafts(session: Session, consultation: Consultation) -> list[AnswerDraft]:
    """The answers of a list that are being worked on, the longest untouched first."""
    query = select(AnswerDraft).where(AnswerDraft.consultation_id == consultation.id)
    return list(session.scalars(query.order_by(AnswerDraft.edited_at, AnswerDraft.id)))


def spoken_for(session: Session, consultation: Consultation) -> dict[str, AnswerDraft]:
    """The comments that an answer being worked on names, by number."""
    return {number: kept for kept in answer_drafts(session, consultation) for number in kept.comments}


def save_template(
    session: Session,
    bureau: Bureau,
    template: AnswerTemplate | None,
    *,
    title: str,
    text: str,
    by: StaffUser,
    at: datetime,
) -> AnswerTemplate:
    """Keep a wording to be used again. Raises WordingMissing, TemplateTitleTaken, and what `accounts` raises."""
    _refuse_stranger_to(bureau, by)
    checks.refuse_wording(title, text)
    same = session.scalar(
        select(AnswerTemplate).where(AnswerTemplate.bureau_id == bureau.id, AnswerTemplate.title == title.strip())
    )
    if same is not None and same is not template:
        raise TemplateTitleTaken(title=title.strip())
    if template is None:
        template = AnswerTemplate(bureau=bureau)
        session.add(template)
    template.title, template.text = title.strip(), text.strip()
    template.edited_by, template.edited_at = by, at
    session.flush()
    return template


def drop_template(session: Session, template: AnswerTemplate, *, by: StaffUser) -> None:
    """Give a wording up. What was published with it stays as it is."""
    _refuse_stranger_to(template.bureau, by)
    session.delete(template)
    session.flush()


def templates(session: Session, bureau: Bureau) -> list[AnswerTemplate]:
    query = select(AnswerTemplate).where(AnswerTemplate.bureau_id == bureau.id).order_by(AnswerTemplate.title)
    return list(session.scalars(query))


def _refuse_stranger_to(bureau: Bureau, person: StaffUser) -> None:
    steps.refuse_stranger_to(frozenset({bureau.id}), person)


def _refuse_overwriting(kept: DispositionDraft | AnswerDraft | None, edition: int) -> None:
    if kept is not None and kept.edition != edition:
        raise TextEditedMeanwhile(person=kept.edited_by.pseudonym)


def _set_aside(session: Session, comments: Iterable[Comment]) -> None:
    """On the desk these comments now wait for an answer and no longer for an objection."""
    for comment in comments:
        if comment.state is CommentState.PUBLISHED:
            queues.set_aside(session, comment)


def _sign(kept: DispositionDraft | AnswerDraft, by: StaffUser, at: datetime) -> None:
    kept.edited_by, kept.edited_at, kept.edition = by, at, kept.edition + 1
