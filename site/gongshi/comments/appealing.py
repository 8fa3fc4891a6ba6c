"""Verbs: appeal a withholding by receipt, and decide the appeal by two people who did not withhold."""

from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act, Approval
from gongshi.accounts.two_people import Hands, approve
from gongshi.comments import contests, other_people, queues, tallies
from gongshi.comments.models import (
    Appeal,
    AppealDecision,
    AppealOutcome,
    Comment,
    CommentState,
    Withholding,
    WithholdingReason,
)
from gongshi.comments.own_words import own_words
from gongshi.errors import RuleBroken


class NotWithheld(RuleBroken):
    """What is appealed is that a text is not shown."""

    code = "not-withheld"


class AppealIsOpen(RuleBroken):
    """A withholding is appealed once at a time; the next appeal waits for the decision on this one."""

    code = "appeal-is-open"


class AppealDecided(RuleBroken):
    """An appeal is decided once."""

    code = "appeal-decided"


class NothingLeftToShow(RuleBroken):
    """A text that was erased cannot be shown any more, whoever asks for it."""

    code = "nothing-left-to-show"


class AppealReasonsMissing(RuleBroken):
    """A decision on an appeal says why, in public."""

    code = "appeal-reasons-missing"


def appeal(session: Session, comment: Comment, *, reason: str | None = None, at: datetime) -> Appeal:
    """Ask that a withheld text be shown. Raises NotWithheld, NothingLeftToShow, AppealIsOpen, TextTooLong,
    TextUnreadable.
    """
    withholding = _withholding_of(comment)
    _refuse_erased(comment)
    earlier = contests.appeals_of(session, withholding)
    if any(one.decision is None for one in earlier):
        raise AppealIsOpen(comment=comment.number)
    said = own_words(reason)

    entry = ledger.append(session, ledger.Kind.COMMENT_APPEALED, {"comment": comment.number, **said.committed}, at=at)
    made = Appeal(
        withholding=withholding,
        comment=comment,
        ordinal=len(earlier) + 1,
        reason=said.text,
        reason_salt=said.salt,
        appealed_at=at,
        ledger_index=entry.index,
    )
    session.add(made)
    session.flush()
    return made


def decide(
    session: Session,
    appeal: Appeal,
    *,
    outcome: AppealOutcome,
    withheld_for: WithholdingReason | None = None,
    reasons: str,
    by: Hands,
    at: datetime,
) -> AppealDecision:
    """Show the text after all, or keep it withheld, for the same reason code or the one that is given.

    Raises AppealDecided, NotWithheld, NothingLeftToShow, AppealReasonsMissing, DecidedByThoseWhoWithheld, and what
    `approve` raises.
    """
    comment = appeal.comment
    if appeal.decision is not None:
        raise AppealDecided(comment=comment.number)
    withholding = _withholding_of(comment)
    if outcome is AppealOutcome.PUBLISHED:
        _refuse_erased(comment)
    if not reasons.strip():
        raise AppealReasonsMissing(comment=comment.number)
    bureaus = frozenset(bureau.id for bureau in comment.consultation.bureaus)
    approval = approve(session, Act.APPEAL, by, bureaus=bureaus, at=at)
    other_people.refuse_those_who_withheld(session, appeal, by)

    if outcome is AppealOutcome.PUBLISHED:
        kept_for = None
        index = _show(session, comment, approval, at)
    else:
        kept_for = withheld_for or withholding.reason_in_force
        index = _keep(session, comment, kept_for, approval, at)
    decision = AppealDecision(
        appeal=appeal,
        outcome=outcome,
        withheld_for=kept_for,
        reasons=reasons,
        decided_at=at,
        approval=approval,
        ledger_index=index,
    )
    session.add(decision)
    session.flush()
    search.enqueue(session, "comment", str(comment.id))
    return decision


def _withholding_of(comment: Comment) -> Withholding:
    if comment.state is not CommentState.WITHHELD or comment.withholding is None:
        raise NotWithheld(comment=comment.number)
    return comment.withholding


def _refuse_erased(comment: Comment) -> None:
    if comment.is_text_erased:
        raise NothingLeftToShow(comment=comment.number)


def _show(session: Session, comment: Comment, approval: Approval, at: datetime) -> int:
    tallies.move(session, comment, CommentState.PUBLISHED)
    comment.state, comment.state_at, comment.published_by = CommentState.PUBLISHED, at, approval.approved_by
    queues.moved(session, comment)
    entry = ledger.append(
        session,
        ledger.Kind.COMMENT_PUBLISHED,
        {
            "comment": comment.number,
            "sha256": ledger.digest(comment.shown_text),
            "by": approval.approved_by.code,
        },
        at=at,
    )
    comment.state_ledger_index = entry.index
    return entry.index


def _keep(session: Session, comment: Comment, reason: WithholdingReason, approval: Approval, at: datetime) -> int:
    entry = ledger.append(
        session,
        ledger.Kind.COMMENT_WITHHELD,
        {"comment": comment.number, "reason": reason.value, "by": approval.codes},
        at=at,
    )
    return entry.index
