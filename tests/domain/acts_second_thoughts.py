"""The verbs of a sender's second thoughts, for `acts`."""

from datetime import timedelta

from gongshi.accounts.two_people import Hands
from gongshi.comments import actions, second_thoughts
from gongshi.comments.models import CommentKind
from gongshi.ledger import Kind
from making import make_submission
from making_world import World

A_MINUTE = timedelta(minutes=1)


def _replace(world: World, _by: Hands) -> object:
    comment = world.pending
    return second_thoughts.replace(
        world.session,
        comment,
        kind=CommentKind.ASK,
        text="请问多久复核一次？",
        resolution="写明周期。",
        at=comment.received_at + A_MINUTE,
    )


def _take_back(world: World, _by: Hands) -> object:
    return second_thoughts.take_back(world.session, world.pending, at=world.pending.received_at + A_MINUTE)


SECOND_THOUGHTS = {
    "replace a comment": (second_thoughts.replace, _replace, (Kind.COMMENT_REPLACED,)),
    "take a comment back": (second_thoughts.take_back, _take_back, (Kind.COMMENT_WITHDRAWN,)),
}


def replaced_after_it_was_read(world: World) -> None:
    """A comment that was published, and replaced a minute after it came."""
    session, came_at = world.session, world.pending.received_at
    comment = make_submission(session, world.open_list.consultation, came_at).comments[0]
    actions.publish(world.session, comment, by=world.office.analyst, at=comment.received_at)
    at = comment.received_at + A_MINUTE
    second_thoughts.replace(world.session, comment, kind=CommentKind.ASK, text="请问多久？", resolution=None, at=at)
