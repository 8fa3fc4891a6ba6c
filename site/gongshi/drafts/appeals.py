"""申诉决定: how the appeal of a withholding ends, prepared and approved by people who did not withhold the text."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.comments import appealing, contests, other_people, queries, queues
from gongshi.comments.appealing import AppealDecided
from gongshi.comments.models import Appeal, AppealOutcome, Comment, WithholdingReason
from gongshi.drafts.contents import Contents, Result
from gongshi.drafts.models import Draft, DraftKind


@dataclass(frozen=True)
class AppealRuling(Contents):
    """What is decided about the open appeal of one comment. `withheld_for` only where the text stays withheld."""

    kind: ClassVar = DraftKind.APPEAL
    act: ClassVar = Act.APPEAL
    comment: str
    outcome: AppealOutcome
    withheld_for: WithholdingReason | None
    reasons: str

    def take_up(self, session: Session, draft: Draft) -> None:
        """Raises AppealDecided, DecidedByThoseWhoWithheld, HeldByADraft."""
        appeal = self.appeal(session)
        other_people.refuse_preparer(session, appeal, draft.prepared_by)
        queues.hold(session, [appeal.comment], draft.id)

    def put_down(self, session: Session, draft: Draft) -> None:
        queues.release(session, [self.found(session)], draft.id)

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        """Raises AppealDecided, and what `decide` raises."""
        comment = self.found(session)
        appealing.decide(
            session,
            self.appeal(session),
            outcome=self.outcome,
            withheld_for=self.withheld_for,
            reasons=self.reasons,
            by=by,
            at=at,
        )
        queues.release(session, [comment], draft.id)
        return [Result("comment", comment.number)]

    def seen(self, session: Session, _draft: Draft, _at: datetime) -> object:
        appeal = contests.open_appeal(session, self.found(session))
        return appeal and [appeal.ordinal, appeal.ledger_index, len(appeal.comment.redactions)]

    def barred(self, session: Session, draft: Draft) -> frozenset[UUID]:
        appeal = contests.open_appeal(session, self.found(session))
        return other_people.may_not_approve(session, appeal, draft.prepared_by_id) if appeal else frozenset()

    def found(self, session: Session) -> Comment:
        return queries.numbered(session, self.comment)

    def appeal(self, session: Session) -> Appeal:
        """Raises AppealDecided when nothing waits any more."""
        found = contests.open_appeal(session, self.found(session))
        if found is None:
            raise AppealDecided(comment=self.comment)
        return found
