"""Drafts that erase: what of one comment is destroyed, for which reason, on whose order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.comments import erasing, queries, queues
from gongshi.comments.erasing import NothingToErase, OrderNumberMissing
from gongshi.comments.erasure_models import ErasedField, ErasureReason
from gongshi.comments.models import Comment
from gongshi.drafts import quoting
from gongshi.drafts.contents import Contents, Result
from gongshi.drafts.models import Draft, DraftKind
from gongshi.drafts.quoting import Quotation, Words


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
        words = Words.of(session, comment, self.fields)
        erasing.erase(
            session,
            comment,
            fields=self.fields,
            reason=self.reason,
            order_number=self.order_number,
            by=by,
            at=at,
        )
        _empty(session, comment, words)
        queues.release(session, [comment], draft.id)
        return [Result("comment", comment.number)]

    def seen(self, session: Session, _draft: Draft, _at: datetime) -> object:
        comment = self.found(session)
        quoting_it = [[one.draft.number, one.draft.edition, one.fate.value] for one in self.quotations(session)]
        return [comment.state.value, comment.text_ordinal, sorted(erasing.erasable(session, comment)), quoting_it]

    def found(self, session: Session) -> Comment:
        return queries.numbered(session, self.comment)

    def quotations(self, session: Session) -> list[Quotation]:
        """The drafts that quote what will be destroyed."""
        comment = self.found(session)
        return quoting.find(session, comment, Words.of(session, comment, self.fields))


def repeat(session: Session, record: Mapping[str, Any], *, at: datetime) -> None:
    """Erase again what a restored database brought back, its drafts included. Raises NoResultFound."""
    comment = queries.numbered(session, record["comment"])
    words = Words.of(session, comment, [ErasedField(one) for one in record["fields"]])
    if erasing.repeat(session, record, at=at) is not None:
        _empty(session, comment, words)


def _empty(session: Session, comment: Comment, words: Words) -> None:
    """Take what was erased out of the letter that a comment was entered by, and out of what quotes it."""
    entered = cast(Draft.results, String).contains(f'"comment:{comment.number}"', autoescape=True)
    for draft in session.scalars(select(Draft).where(Draft.kind == DraftKind.LETTER, entered)):
        draft.contents = {**draft.contents, "text": comment.text, "resolution": comment.resolution}
    quoting.empty(session, comment, words)
