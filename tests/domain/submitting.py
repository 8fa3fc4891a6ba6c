"""What the tests of the comments share: a comment as it comes in on the site."""

from datetime import datetime

from acts import NOW

from gongshi.comments import intake
from gongshi.comments.intake import Point
from gongshi.comments.models import CommentKind, Submission
from making import SERVER_KEY
from making_world import World

TEXT = "模型每季度复核一次太少，建议每月复核。"


def submit(
    world: World,
    *,
    key: str = "key-1",
    at: datetime = NOW,
    points: list[Point] | None = None,
    server_key: bytes = SERVER_KEY,
) -> Submission:
    return intake.submit(
        world.session,
        world.open_list.consultation,
        submission_key=key,
        points=[Point(CommentKind.OPPOSE, TEXT)] if points is None else points,
        server_key=server_key,
        at=at,
    )
