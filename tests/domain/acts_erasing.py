"""The verb of erasing, with an example of its use: see acts.py."""

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.comments import erasing, intake
from gongshi.comments.erasure_models import ErasedField, ErasureReason
from gongshi.comments.intake import Person, Point
from gongshi.comments.models import CommentKind
from gongshi.ledger import Kind
from gongshi.sealing import KeyRing
from making import SERVER_KEY, beijing
from making_world import World

NOW = beijing("2026-04-17", "12:00")


def _erase(world: World, by: Hands) -> object:
    return erasing.erase(
        world.session,
        world.published,
        fields=[ErasedField.TEXT],
        reason=ErasureReason.COURT_ORDER,
        order_number="（2026）示例民初1号",
        by=by,
        at=NOW,
    )


def told_and_erased(world: World, ring: KeyRing) -> None:
    """A comment that came with a name and the consent to show it, and whose text was erased since."""
    submission = intake.submit(
        world.session,
        world.open_list.consultation,
        submission_key="told-and-erased",
        points=[Point(CommentKind.ASK, "应删除的话。")],
        server_key=SERVER_KEY,
        at=NOW,
        person=Person("示例投资者甲", None, publish_name=True),
        ring=ring,
    )
    erasing.erase(
        world.session,
        submission.comments[0],
        fields=[ErasedField.TEXT],
        reason=ErasureReason.COURT_ORDER,
        order_number="（2026）示例民初2号",
        by=Hands(world.office.analyst, world.office.publisher),
        at=NOW,
    )


ERASING = (erasing.erase, _erase, (Kind.COMMENT_ERASED,), Act.ERASE)
