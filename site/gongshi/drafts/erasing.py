"""Drafts that erase: what of one comment is destroyed, for which reason, on whose order."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.comments import erasing, queries, queues
from gongshi.comments.erasing import NothingToErase, OrderNumberMissing
from gongshi.comments.erasure_models import ErasedField, ErasureReason
from gongshi.comments.models import Comment
from gongshi.drafts.contents import Contents, Result
from gongshi.drafts.models import Draft, DraftKind


@dataclass(frozen=True)
class Erased(Contents):
    """删除: fields of one comment that are destroyed. The draft itself holds none of what they say."""

    kind: ClassVar = DraftKind.ERASURE
    act: ClassVar = Act.ERASE
    comment: str
    fields: list[ErasedField]
    reason: ErasureReason
    order_number: str

    def take_up(self, session: Session, draft: Draft) -> None:
        comment = self.found(session)
        if not self.order_number.strip():
            raise OrderNumberMissing(limit=erasing.LONGEST_ORDER_NUMBER)
        if not self.fields or not set(self.fields) <= erasing.erasable(session, comment):
            raise NothingToErase(comment=comment.number)
        queues.hold(session, [comment], draft.id)

    def put_down(self, session: Session, draft: Draft) -> None:
        queues.release(session, [self.found(session)], draft.id)

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        comment = self.found(session)
        erasing.erase(
            session,
            comment,
            fields=self.fields,
            reason=self.reason,
            order_number=self.order_number,
            by=by,
            at=at,
        )
        forget_letter(session, comment)
        queues.release(session, [comment], draft.id)
        return [Result("comment", comment.number)]

    def seen(self, session: Session, _draft: Draft, _at: datetime) -> object:
        comment = self.found(session)
        return [comment.state.value, comment.text_ordinal, sorted(erasing.erasable(session, comment))]

    def found(self, session: Session) -> Comment:
        return queries.numbered(session, self.comment)


def forget_letter(session: Session, comment: Comment) -> None:
    """Empty the letter that a comment was entered by, of what the comment no longer holds. Part of erasing it."""
    entered = cast(Draft.results, String).contains(f'"comment:{comment.number}"', autoescape=True)
    for draft in session.scalars(select(Draft).where(Draft.kind == DraftKind.LETTER, entered)):
        draft.contents = {**draft.contents, "text": comment.text, "resolution": comment.resolution}
    session.flush()
