"""The verb of saying whether an answer satisfies, by receipt, until the decisions at which it counts (rule 15)."""

from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.admissions import queries
from gongshi.comments.models import Comment
from gongshi.comments.own_words import own_words
from gongshi.errors import RuleBroken
from gongshi.objections import responses
from gongshi.objections.response_models import Response


class NotAnsweredSo(RuleBroken):
    """A response speaks of an answer that the comment has."""

    code = "not-answered-so"


class DecidedMeanwhile(RuleBroken):
    """A response counts at the decision on a project; once all of those are taken, it would come too late."""

    code = "decided-meanwhile"


class SaidAlready(RuleBroken):
    """The same response again, word for word, says nothing new."""

    code = "said-already"


def respond(
    session: Session, comment: Comment, answered: str, *, is_satisfied: bool, reason: str | None = None, at: datetime
) -> Response:
    """Say whether an answer, an objection's disposition or an Answer, satisfies. `answered` is the number of either.

    Until the decision one can say otherwise, and the latest counts. Raises NotAnsweredSo, DecidedMeanwhile,
    SaidAlready, TextTooLong, TextUnreadable.
    """
    given = next((one for one in responses.given_to(session, comment) if one.number == answered), None)
    if given is None:
        raise NotAnsweredSo(comment=comment.number, answered=answered)
    if not queries.takes_responses(session, given):
        raise DecidedMeanwhile(comment=comment.number)
    said = own_words(reason)
    earlier = given.response
    if earlier is not None and (earlier.is_satisfied, earlier.reason) == (is_satisfied, said.text):
        raise SaidAlready(comment=comment.number)

    entry = ledger.append(
        session,
        ledger.Kind.RESPONSE_RECORDED,
        {
            "comment": comment.number,
            "satisfied": is_satisfied,
            ("objection" if given.objection else "answer"): answered,
            **said.committed,
        },
        at=at,
    )
    response = Response(
        comment=comment,
        objection=given.objection,
        answer=given.answer,
        is_satisfied=is_satisfied,
        reason=said.text,
        reason_salt=said.salt,
        recorded_at=at,
        ledger_index=entry.index,
    )
    session.add(response)
    session.flush()
    return response
