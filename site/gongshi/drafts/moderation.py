"""Drafts about comments: a letter to be entered, texts to be withheld, a text to be covered in part."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions, covering, intake, queries, queues
from gongshi.comments.actions import AlreadySettled
from gongshi.comments.covering import Span
from gongshi.comments.intake import Point, Target
from gongshi.comments.models import Channel, Comment, CommentKind, CommentState, WithholdingReason
from gongshi.comments.receipts import Receipt
from gongshi.comments.redacting import redact
from gongshi.drafts.contents import Contents, Result
from gongshi.drafts.models import Draft, DraftKind
from gongshi.errors import RuleBroken
from gongshi.projects import queries as projects

# Carried out in one transaction: about half a second under the write lock.
MOST_AT_ONCE = 200


class TooManyAtOnce(RuleBroken):
    """One draft withholds so many comments at most that its approver can look at each."""

    code = "too-many-at-once"


class NothingChosen(RuleBroken):
    """A draft about comments names at least one."""

    code = "nothing-chosen"


@dataclass(frozen=True)
class Letter(Contents):
    """来信来电录入: what came on paper, by e-mail or by telephone, as one comment; `project` None is the whole list.

    Its receipt is made when it is typed, so that whoever wrote can be told it; of the secret only the hash is kept.
    """

    kind: ClassVar = DraftKind.LETTER
    act: ClassVar = Act.ENTER
    channel: Channel
    received_on: date
    says: CommentKind
    text: str
    resolution: str | None
    project: int | None
    version: int | None
    paragraph_key: str | None
    submission_key: str
    receipt_number: str
    secret_sha256: str

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        assert draft.consultation is not None
        submission = intake.enter_under(
            session,
            draft.consultation,
            receipt=Receipt(self.submission_key, self.receipt_number, self.secret_sha256),
            points=[Point(self.says, self.text, self.resolution or None, self.target(session, draft))],
            channel=self.channel,
            received_on=self.received_on,
            by=by,
            at=at,
        )
        return [Result("comment", comment.number) for comment in submission.comments]

    def target(self, session: Session, draft: Draft) -> Target:
        """What the letter speaks of. Raises TargetUnknown when that is not in the list."""
        if self.project is None or draft.consultation is None:
            return Target()
        project = projects.numbered(session, draft.consultation, self.project)
        if project is None:
            raise intake.TargetUnknown
        versions = [one for one in project.versions if one.number == self.version]
        return Target(project, versions[0] if versions else None, self.paragraph_key)


@dataclass(frozen=True)
class Withheld(Contents):
    """不予公开: the texts of one or many comments are not shown, for one reason; each gets a record of its own."""

    kind: ClassVar = DraftKind.WITHHOLDING
    act: ClassVar = Act.WITHHOLD
    comments: list[str]
    reason: WithholdingReason

    def take_up(self, session: Session, draft: Draft) -> None:
        if not self.comments:
            raise NothingChosen
        if len(self.comments) > MOST_AT_ONCE:
            raise TooManyAtOnce(limit=MOST_AT_ONCE)
        found = self.found(session)
        for comment in found:
            _refuse_settled(comment)
        queues.hold(session, found, draft.id)

    def put_down(self, session: Session, draft: Draft) -> None:
        queues.release(session, self.found(session), draft.id)

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        found = self.found(session)
        for comment in found:
            actions.withhold(session, comment, reason=self.reason, by=by, at=at)
        queues.release(session, found, draft.id)
        return [Result("comment", comment.number) for comment in found]

    def seen(self, session: Session, _draft: Draft, _at: datetime) -> object:
        return [[comment.number, comment.state.value] for comment in self.found(session)]

    def found(self, session: Session) -> list[Comment]:
        """The comments, in the order of the list."""
        return queries.all_numbered(session, self.comments)


@dataclass(frozen=True)
class Redaction(Contents):
    """遮盖: places of one comment and of its wish, in characters as it was sent, that the public does not read."""

    kind: ClassVar = DraftKind.REDACTION
    act: ClassVar = Act.REDACT
    comment: str
    text: list[list[int]]
    resolution: list[list[int]]
    reason: WithholdingReason

    def take_up(self, session: Session, draft: Draft) -> None:
        comment = self.found(session)
        _refuse_settled(comment)
        queues.hold(session, [comment], draft.id)

    def put_down(self, session: Session, draft: Draft) -> None:
        queues.release(session, [self.found(session)], draft.id)

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        comment = self.found(session)
        redact(
            session,
            comment,
            text=covering.joined(self.text),
            resolution=covering.joined(self.resolution),
            reason=self.reason,
            by=by,
            at=at,
        )
        queues.release(session, [comment], draft.id)
        return [Result("comment", comment.number)]

    def seen(self, session: Session, _draft: Draft, _at: datetime) -> object:
        comment = self.found(session)
        return [comment.state.value, len(comment.redactions)]

    def found(self, session: Session) -> Comment:
        return queries.numbered(session, self.comment)

    def spans(self, comment: Comment, name: str) -> list[Span]:
        """What will be covered of "text" or "resolution", with what is covered already."""
        more = self.text if name == "text" else self.resolution
        earlier = comment.redaction.spans_of(name) if comment.redaction else []
        return covering.joined([*earlier, *more])


def _refuse_settled(comment: Comment) -> None:
    if comment.state not in {CommentState.PENDING, CommentState.PUBLISHED}:
        raise AlreadySettled(comment=comment.number)
