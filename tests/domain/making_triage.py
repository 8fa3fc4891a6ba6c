"""What the tests of the desk share: a comment that arrives, and where it stands."""

from datetime import datetime

from acts import NOW

from gongshi.comments import queues, triage
from gongshi.comments.intake import Target
from gongshi.comments.models import Comment, CommentKind
from gongshi.comments.triage import Asked
from gongshi.comments.triage_models import Queue
from gongshi.projects.models import Project
from making import make_submission
from making_world import World


def arrive(
    world: World,
    *,
    text: str = "复核间隔应当缩短。",
    kind: CommentKind = CommentKind.OPPOSE,
    project: Project | None = None,
    at: datetime = NOW,
) -> Comment:
    """A comment on the open list, just received."""
    return make_submission(
        world.session, world.open_list.consultation, at, text=text, kind=kind, target=Target(project)
    ).comments[0]


def stands(world: World, comment: Comment) -> Queue:
    return queues.of(world.session, comment).queue


def seqs_of(world: World, asked: Asked) -> list[int]:
    """The running numbers that a filter finds."""
    return [row.seq for row in triage.listing(world.session, world.open_list.consultation, asked, limit=1_000)]
