"""答复 answers: dispositions, objections set aside, and answers to comments, approved and published in one batch."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation
from gongshi.drafts.contents import Contents, Result
from gongshi.drafts.models import Draft, DraftKind
from gongshi.errors import RuleBroken
from gongshi.objections import actions, queries
from gongshi.objections.checks import NotOfThisList
from gongshi.objections.models import AnswerDraft, Objection, Outcome


class EmptyBatch(RuleBroken):
    """A batch answers something."""

    code = "empty-batch"


@dataclass(frozen=True)
class Ruling:
    """How one objection is disposed of, and why."""

    objection: str
    outcome: Outcome
    reasons: str


@dataclass(frozen=True)
class SettingAside:
    """An objection that is set aside as unfounded, and why."""

    objection: str
    reason: str


@dataclass(frozen=True)
class Reply:
    """An answer to comments that raise no issue. `kept` is the working text it came from, which goes when published."""

    title: str
    text: str
    comments: tuple[str, ...]
    kept: UUID | None = None


@dataclass(frozen=True)
class Answers(Contents):
    """A batch of answers: all of it is published at once, or none of it."""

    kind: ClassVar = DraftKind.ANSWERS
    act: ClassVar = Act.ANSWER

    rulings: tuple[Ruling, ...] = ()
    set_aside: tuple[SettingAside, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def objections(self) -> list[str]:
        """The numbers of the objections that it settles."""
        return [*(one.objection for one in self.rulings), *(one.objection for one in self.set_aside)]

    @property
    def size(self) -> int:
        return len(self.rulings) + len(self.set_aside) + len(self.replies)

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        """Publish every item. Raises EmptyBatch, NotOfThisList, and what the acts on objections and answers raise."""
        consultation = draft.consultation
        if consultation is None or not self.size:
            raise EmptyBatch
        for ruling in self.rulings:
            objection = _objection(session, consultation, ruling.objection)
            actions.dispose(session, objection, outcome=ruling.outcome, reasons=ruling.reasons, by=by, at=at)
        for one in self.set_aside:
            objection = _objection(session, consultation, one.objection)
            actions.withdraw_as_unfounded(session, objection, reason=one.reason, by=by, at=at)
        return [
            *(Result("objection", number) for number in self.objections),
            *(Result("answer", self._reply(session, consultation, one, by=by, at=at)) for one in self.replies),
        ]

    def seen(self, session: Session, draft: Draft, _at: datetime) -> object:
        """How the objections stand that it settles: major or not, the risks they name, whether merged or split."""
        if draft.consultation is None:
            return None
        found = [_objection(session, draft.consultation, number) for number in self.objections]
        return {
            one.number: {
                "major": one.is_major,
                "stands": one.stands,
                "projects": [project.number for project in one.projects],
                "risks": sorted(one.risks.values()),
            }
            for one in found
        }

    def _reply(self, session: Session, consultation: Consultation, reply: Reply, *, by: Hands, at: datetime) -> str:
        answered = actions.answer(
            session,
            consultation,
            title=reply.title,
            text=reply.text,
            comments=comments_of(session, consultation, reply.comments),
            by=by,
            at=at,
        )
        kept = session.get(AnswerDraft, reply.kept) if reply.kept else None
        if kept is not None:
            session.delete(kept)
        return answered.number


def comments_of(session: Session, consultation: Consultation, numbers: tuple[str, ...]) -> list[Comment]:
    """The comments of a list with these numbers, in order. Raises NotOfThisList for any other."""
    query = select(Comment).where(Comment.consultation_id == consultation.id, Comment.number.in_(numbers))
    found = {one.number: one for one in session.scalars(query)}
    strange = sorted(set(numbers) - found.keys())
    if strange:
        raise NotOfThisList(found=strange)
    return sorted(found.values(), key=lambda one: one.seq)


def _objection(session: Session, consultation: Consultation, number: str) -> Objection:
    objection = queries.find(session, number)
    if objection is None or objection.consultation_id != consultation.id:
        raise NotOfThisList(found=[number])
    return objection
