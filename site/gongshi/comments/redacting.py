"""The verb of covering part of what the public reads of a comment."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands, approve
from gongshi.comments import covering
from gongshi.comments.actions import AlreadySettled
from gongshi.comments.covering import NothingLeftToRead, NothingToCover, Span
from gongshi.comments.models import Comment, CommentState, Redaction, WithholdingReason


def redact(
    session: Session,
    comment: Comment,
    *,
    text: Sequence[Span] = (),
    resolution: Sequence[Span] = (),
    reason: WithholdingReason,
    by: Hands,
    at: datetime,
) -> Redaction:
    """Cover parts of what the public reads, or will read, of a comment; what was covered before stays covered.

    `text` and `resolution` are places of the two texts as they were sent. The log holds the hash of what is shown: of
    the list of both texts, or null for the second. Raises AlreadySettled, OutsideTheText, NothingToCover,
    NothingLeftToRead, and what `approve` raises.
    """
    if comment.state not in {CommentState.PENDING, CommentState.PUBLISHED}:
        raise AlreadySettled(comment=comment.number)
    spans = _all_spans(comment, {"text": text, "resolution": resolution})
    bureaus = [one.id for one in comment.consultation.bureaus]
    approval = approve(session, Act.REDACT, by, bureaus=bureaus, at=at)

    redaction = Redaction(
        ordinal=len(comment.redactions) + 1,
        spans=spans,
        shown_text=covering.covered(comment.text, spans["text"]),
        shown_resolution=covering.covered(comment.resolution, spans["resolution"]) if comment.resolution else None,
        reason=reason,
        redacted_at=at,
        approval=approval,
    )
    comment.redactions.append(redaction)
    comment.redacted_at = at
    shown = ledger.digest([redaction.shown_text, redaction.shown_resolution])
    entry = ledger.append(
        session,
        ledger.Kind.COMMENT_REDACTED,
        {"comment": comment.number, "sha256": shown, "reason": reason.value, "by": approval.codes},
        at=at,
    )
    redaction.ledger_index = entry.index
    search.enqueue(session, "comment", str(comment.id))
    return redaction


def _all_spans(comment: Comment, more: Mapping[str, Sequence[Span]]) -> dict[str, list[Span]]:
    spans, is_more, is_left = {}, False, False
    for name, sent in {"text": comment.text, "resolution": comment.resolution or ""}.items():
        covering.refuse_outside(sent, more[name])
        earlier = comment.redaction.spans_of(name) if comment.redaction else []
        spans[name] = covering.joined([*earlier, *more[name]])
        is_more = is_more or spans[name] != earlier
        is_left = is_left or covering.is_anything_left(sent, spans[name])
    if not is_more:
        raise NothingToCover(comment=comment.number)
    if not is_left:
        raise NothingLeftToRead(comment=comment.number)
    return spans
