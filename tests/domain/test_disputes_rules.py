"""“This was not me”: a published name can be disputed; text and name stay as they are."""

import pytest
from acts import NOW
from contesting import under_a_name
from sqlalchemy import select

from gongshi import ledger
from gongshi.comments import contests, disputing
from gongshi.comments.checks import TextTooLong, TextUnreadable
from gongshi.comments.dispute_models import Dispute, DisputedBy
from gongshi.comments.disputing import DisputeReasonMissing, NoNameShown
from gongshi.comments.models import Comment
from gongshi.comments.personal_models import NameConsent
from gongshi.ledger.models import LedgerEntry
from making_world import World

WHY = "我没有写过这条意见。"


def dispute(world: World, comment: Comment, why: str | None = WHY, by: DisputedBy = DisputedBy.ANYBODY) -> Dispute:
    return disputing.dispute(world.session, comment, disputed_by=by, reason=why, at=NOW)


def test_a_dispute_is_entered_and_changes_nothing_of_the_comment(world: World) -> None:
    comment = under_a_name(world)
    before = (comment.text, comment.state, comment.state_at)

    made = dispute(world, comment)

    entry = world.session.scalar(select(LedgerEntry).order_by(LedgerEntry.index.desc()).limit(1))
    assert entry is not None
    assert made.reason_salt is not None
    assert (entry.kind, entry.index) == (ledger.Kind.COMMENT_DISPUTED, made.ledger_index)
    assert ledger.commitment(made.reason_salt, WHY) in entry.body
    assert WHY not in entry.body
    assert (comment.text, comment.state, comment.state_at) == before


def test_disputes_are_counted_from_the_first_on(world: World) -> None:
    comment = under_a_name(world)
    assert contests.disputed(world.session, comment).count == 0

    for _ in range(3):
        dispute(world, comment)

    found = contests.disputed(world.session, comment)
    assert (found.count, found.first_at) == (3, NOW)
    assert [one.ordinal for one in contests.disputes_of_list(world.session, comment.consultation, 9)] == [3, 2, 1]


def test_a_comment_without_a_shown_name_has_no_name_to_dispute(world: World) -> None:
    with pytest.raises(NoNameShown):
        dispute(world, world.published)


def test_a_name_that_nobody_reads_yet_is_not_disputed(world: World) -> None:
    pending = under_a_name(world, world.pending)

    with pytest.raises(NoNameShown):
        dispute(world, pending)


def test_a_name_whose_consent_was_taken_back_is_not_disputed(world: World) -> None:
    comment = under_a_name(world)
    world.session.get_one(NameConsent, comment.id).withdrawn_at = NOW
    world.session.flush()

    with pytest.raises(NoNameShown):
        dispute(world, comment)


def test_who_has_no_receipt_says_why(world: World) -> None:
    comment = under_a_name(world)

    with pytest.raises(DisputeReasonMissing):
        dispute(world, comment, " ")

    assert dispute(world, comment, None, DisputedBy.RECEIPT).reason is None


@pytest.mark.parametrize(
    ("why", "refused"),
    [
        pytest.param("字" * 2_001, TextTooLong, id="too long"),
        pytest.param("不是\x00我", TextUnreadable, id="NUL"),
        pytest.param("不是\ud800我", TextUnreadable, id="half of a surrogate pair"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_the_door(world: World, why: str, refused: type[Exception]) -> None:
    comment = under_a_name(world)

    with pytest.raises(refused):
        dispute(world, comment, why)

    assert contests.disputed(world.session, comment).count == 0
