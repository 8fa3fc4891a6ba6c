"""What stands where in the loaded content, found by what it is and not by its number."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from gongshi import clock
from gongshi.comments import receipts
from gongshi.comments.family_models import Family
from gongshi.comments.models import Comment, CommentState, Submission
from gongshi.comments.personal_models import NameConsent
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.objections.models import Disposition, Objection, Outcome
from gongshi.subscriptions import links
from gongshi.subscriptions.models import Subscription
from gongshi.web.keys import mail_key, receipt_key


@dataclass(frozen=True)
class Receipt:
    """What a sender wrote down."""

    number: str
    secret: str


@dataclass(frozen=True)
class Landmarks:
    """`names` fill the gaps in the addresses of kinds.py; `receipt` is of a comment that changed something."""

    names: dict[str, str]
    receipt: Receipt


def landmarks(session: Session, config: Config) -> Landmarks:
    """Look around in the database of a site."""
    names = {_what(one): one.number for one in consultations.published(session, clock.now())}
    for state in CommentState:
        names[state.value] = _first_comment(session, state)
    adopted = _first_objection(session, Outcome.ADOPTED)
    names["adopted"] = adopted.number
    names["explained"] = _first_objection(session, Outcome.EXPLAINED).number
    names["unfounded"] = (
        session.scalars(
            select(Objection.number).where(Objection.unfounded_at.is_not(None)).order_by(Objection.number)
        ).first()
        or ""
    )
    alike = select(Comment.number).join(Family, Family.head_id == Comment.id)
    names["alike"] = session.scalars(alike.where(Comment.number.startswith(names["decided"])).limit(1)).one()
    names["signed"] = session.scalars(select(Comment.number).join(NameConsent).order_by(Comment.number).limit(1)).one()
    asked = session.scalars(select(Subscription.id).limit(1)).one()
    names["confirm"] = links.confirm_token(mail_key(config), asked)
    names["stop"] = links.stop_token(mail_key(config), asked)
    assert all(names.values()), names
    return Landmarks(names, receipt_of(adopted.placements[0].comment.submission, config))


def receipt_of(submission: Submission, config: Config) -> Receipt:
    """What its sender wrote down."""
    return Receipt(submission.receipt_number, receipts.secret(receipt_key(config), submission.submission_key))


def _what(consultation: Consultation) -> str:
    if consultation.is_archive:
        return "archive"
    return "decided" if "/decided" in (consultation.content_key or "") else "open"


def _first_comment(session: Session, state: CommentState) -> str:
    wanted = select(Comment.number).where(Comment.state == state).order_by(Comment.number)
    return session.scalars(wanted).first() or ""


def _first_objection(session: Session, outcome: Outcome) -> Objection:
    wanted = select(Objection).join(Disposition).where(Disposition.outcome == outcome).order_by(Objection.number)
    return session.scalars(wanted.limit(1)).one()
