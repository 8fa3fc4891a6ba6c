"""Reads: submissions by key or receipt, published comments page by page, counts by paragraph."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, selectinload

from gongshi.comments import receipts
from gongshi.comments.earlier_models import EarlierText
from gongshi.comments.models import Appeal, Comment, CommentKind, CommentState, ParagraphTally, Submission, Withholding
from gongshi.comments.text_models import TextChange, TextChangeKind
from gongshi.consultations.models import Consultation
from gongshi.group_commit import asked_once, keys_of_group
from gongshi.projects.models import Project


def by_submission_key(session: Session, key: str) -> Submission | None:
    """The submission that was taken under a key. A group asks for all of its keys together."""
    keys = keys_of_group(session)
    if key not in keys:
        return _under_keys(session, {key}).get(key)
    return asked_once(session, by_submission_key, lambda: _under_keys(session, keys)).get(key)


def _under_keys(session: Session, keys: Collection[str]) -> dict[str, Submission]:
    query = select(Submission).where(Submission.submission_key.in_(keys)).options(selectinload(Submission.comments))
    return {found.submission_key: found for found in session.scalars(query)}


def by_receipt(session: Session, number: str, secret: str) -> Submission | None:
    """The submission of a receipt; None alike for an unknown number and for a wrong secret."""
    found = session.scalar(
        select(Submission)
        .where(Submission.receipt_number == receipts.as_written(number))
        .options(selectinload(Submission.comments))
    )
    # The comparison is made even for an unknown number, so that both take the same time.
    stored = found.secret_sha256 if found else receipts.fingerprint("")
    opened = receipts.opens(secret, stored)
    return found if found and opened else None


def numbered(session: Session, number: str) -> Comment:
    """A comment by its public number, whatever its state; raises NoResultFound."""
    return session.scalars(select(Comment).where(Comment.number == number)).one()


def replacements(session: Session, comment: Comment) -> list[TextChange]:
    """How often its sender replaced a comment, the first time first."""
    if not comment.text_ordinal:
        return []
    query = select(TextChange).where(TextChange.comment_id == comment.id, TextChange.kind == TextChangeKind.REPLACED)
    return list(session.scalars(query.order_by(TextChange.ordinal)))


def earlier_texts(session: Session, comment: Comment) -> list[EarlierText]:
    """What the public could read of a comment before its sender replaced it, the first first; erased texts are gone."""
    if not comment.text_ordinal:
        return []
    query = select(EarlierText).where(EarlierText.comment_id == comment.id, EarlierText.text != "")
    return list(session.scalars(query.order_by(EarlierText.ordinal)))


def all_numbered(session: Session, numbers: Collection[str]) -> list[Comment]:
    """Comments by their public numbers, in the order of the list; raises NoResultFound if one is missing."""
    found = list(session.scalars(select(Comment).where(Comment.number.in_(numbers)).order_by(Comment.seq)))
    if len(found) != len(set(numbers)):
        raise NoResultFound
    return found


def counts_by_paragraph(session: Session, project: Project) -> dict[str, int]:
    """How many published comments speak of each paragraph; under "" of the project in all."""
    rows = session.scalars(select(ParagraphTally).where(ParagraphTally.project_id == project.id))
    return {row.paragraph_key: row.published for row in rows if row.published}


def oldest_pending(session: Session, consultation: Consultation) -> Comment | None:
    """The comment that has waited longest to be published or withheld (rule 13)."""
    return session.scalar(
        select(Comment)
        .where(Comment.consultation_id == consultation.id, Comment.state == CommentState.PENDING)
        .order_by(Comment.seq)
        .limit(1)
    )


def counts_by_project(session: Session, consultation: Consultation) -> dict[int, int]:
    """How many published comments speak of each project of a list, by its number."""
    rows = session.execute(
        select(Project.number, ParagraphTally.published)
        .join(Project, Project.id == ParagraphTally.project_id)
        .where(Project.consultation_id == consultation.id, ParagraphTally.paragraph_key == "")
    )
    return {number: published for number, published in rows}


def about(session: Session, project: Project) -> list[Comment]:
    """Every comment on this project or on its whole list, whatever became of it, in their order."""
    return list(
        session.scalars(
            select(Comment)
            .where(
                Comment.consultation_id == project.consultation_id,
                (Comment.project_id == project.id) | Comment.project_id.is_(None),
            )
            .order_by(Comment.seq)
        )
    )


@dataclass(frozen=True)
class Wanted:
    """Which comments of a list are asked for; what is None is not asked about."""

    state: CommentState | None = None
    project: Project | None = None
    paragraph_key: str | None = None
    kind: CommentKind | None = None


def listing(
    session: Session,
    consultation: Consultation,
    wanted: Wanted,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int,
) -> list[Comment]:
    """Comments of a list in their order, from the one after `after`; or, given `before`, the last ones before that."""
    query = _only(wanted, select(Comment).where(Comment.consultation_id == consultation.id, Comment.seq > after))
    query = query.options(
        selectinload(Comment.project),
        selectinload(Comment.version),
        selectinload(Comment.withholding).selectinload(Withholding.appeals).selectinload(Appeal.decision),
    )
    if before is None:
        return list(session.scalars(query.order_by(Comment.seq).limit(limit)))
    latest = session.scalars(query.where(Comment.seq < before).order_by(Comment.seq.desc()).limit(limit))
    return list(latest)[::-1]


def _only(wanted: Wanted, query: Select[Comment]) -> Select[Comment]:
    if wanted.state is not None:
        query = query.where(Comment.state == wanted.state)
    if wanted.project is not None:
        query = query.where(Comment.project_id == wanted.project.id)
    if wanted.paragraph_key is not None:
        query = query.where(Comment.paragraph_key == wanted.paragraph_key)
    return query.where(Comment.kind == wanted.kind) if wanted.kind is not None else query
