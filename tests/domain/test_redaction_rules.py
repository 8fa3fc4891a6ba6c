"""Rules 2, 16, 18: part of a text is covered by two people; the original stays sealed, the comment counts as before."""

import json

import pytest
from acts import NOW, answering
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from gongshi import ledger
from gongshi.accounts.two_people import Hands, NotYourRole, SamePerson
from gongshi.comments import actions, tallies
from gongshi.comments.actions import AlreadySettled
from gongshi.comments.covering import MARK, NothingLeftToRead, NothingToCover, OutsideTheText, Span
from gongshi.comments.intake import Target
from gongshi.comments.models import Comment, CommentState, Redaction, WithholdingReason
from gongshi.comments.redacting import redact
from gongshi.comments.searchable import Comments
from gongshi.ledger.models import LedgerEntry
from gongshi.record import receipt_status
from making import make_submission
from making_world import World

TEXT = "本人王某某认为模型失效。"
NAME: Span = (2, 5)
SHOWN = f"本人{MARK}认为模型失效。"


def received(world: World, *, resolution: str | None = None) -> Comment:
    return make_submission(
        world.session, world.open_list.consultation, NOW, text=TEXT, resolution=resolution, target=Target()
    ).comments[0]


def cover(world: World, comment: Comment, *text: Span, resolution: tuple[Span, ...] = ()) -> Redaction:
    return redact(
        world.session,
        comment,
        text=text,
        resolution=resolution,
        reason=WithholdingReason.PERSONAL_DATA,
        by=answering(world),
        at=NOW,
    )


def last_entry(world: World) -> dict[str, object]:
    entry = world.session.scalars(select(LedgerEntry).order_by(LedgerEntry.index.desc()).limit(1)).one()
    subject: dict[str, object] = json.loads(entry.body)["subject"]
    return subject


def test_the_public_reads_the_covered_text_and_the_original_stays(world: World) -> None:
    comment = received(world, resolution="请回电王某某。")

    cover(world, comment, NAME, resolution=((3, 6),))

    assert (comment.text, comment.resolution) == (TEXT, "请回电王某某。")
    assert (comment.shown_text, comment.shown_resolution) == (SHOWN, f"请回电{MARK}。")


def test_the_log_holds_the_hash_of_what_is_shown(world: World) -> None:
    comment = received(world)

    cover(world, comment, NAME)
    assert last_entry(world)["sha256"] == ledger.digest([SHOWN, None])

    actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    assert last_entry(world)["sha256"] == ledger.digest(SHOWN)


@pytest.mark.parametrize("is_published", [True, False], ids=["after publication", "before publication"])
def test_a_redacted_comment_counts_as_it_did(world: World, is_published: bool) -> None:
    comment = received(world)
    if is_published:
        actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    world.session.flush()
    tally = tallies.of(world.session, world.open_list.consultation)
    before = (tally.received, tally.published, tally.pending)

    cover(world, comment, NAME)

    assert (tally.received, tally.published, tally.pending) == before
    assert comment.state is (CommentState.PUBLISHED if is_published else CommentState.PENDING)


def test_search_finds_only_what_is_shown(world: World) -> None:
    comment = received(world)
    actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    cover(world, comment, NAME)
    world.session.flush()

    document = Comments().document(world.session, str(comment.id))

    assert document is not None
    assert "王某某" not in document.body


def test_the_holder_of_the_receipt_still_reads_their_own_words(world: World) -> None:
    comment = received(world)
    cover(world, comment, NAME)

    (status,) = receipt_status.status(world.session, comment.submission).comments

    assert status.text == TEXT
    assert status.redaction is not None
    assert (status.redaction.shown_text, status.redaction.reason) == (SHOWN, WithholdingReason.PERSONAL_DATA)


def test_a_later_redaction_covers_more_and_uncovers_nothing(world: World) -> None:
    comment = received(world)
    cover(world, comment, NAME)

    cover(world, comment, (7, 9))

    assert comment.shown_text == f"本人{MARK}认为{MARK}失效。"


def test_what_covers_nothing_more_is_refused(world: World) -> None:
    comment = received(world)
    cover(world, comment, NAME)

    with pytest.raises(NothingToCover):
        cover(world, comment)
    with pytest.raises(NothingToCover):
        cover(world, comment, (3, 4))


def test_a_comment_of_which_nothing_is_left_is_withheld_instead(world: World) -> None:
    with pytest.raises(NothingLeftToRead):
        cover(world, received(world), (0, len(TEXT)))


def test_a_place_outside_the_text_is_refused(world: World) -> None:
    with pytest.raises(OutsideTheText):
        cover(world, received(world), (0, len(TEXT) + 1))


@pytest.mark.parametrize("ended", ["withheld", "withdrawn"])
def test_what_is_not_shown_is_not_redacted(world: World, ended: str) -> None:
    comment = received(world)
    if ended == "withheld":
        actions.withhold(world.session, comment, reason=WithholdingReason.ABUSE, by=answering(world), at=NOW)
    else:
        actions.withdraw(world.session, comment, at=NOW)

    with pytest.raises(AlreadySettled):
        cover(world, comment, NAME)


def test_it_takes_an_analyst_and_a_publisher(world: World) -> None:
    comment, office = received(world), world.office

    for hands, refusal in (
        (Hands(office.analyst, office.analyst), SamePerson),
        (Hands(office.analyst, office.analyst_too), NotYourRole),
        (Hands(office.editor, office.publisher), NotYourRole),
    ):
        with pytest.raises(refusal):
            redact(world.session, comment, text=[NAME], reason=WithholdingReason.SECRET, by=hands, at=NOW)
    assert comment.shown_text == TEXT


def test_a_redaction_is_never_changed(world: World) -> None:
    redaction = cover(world, received(world), NAME)
    world.session.flush()
    redaction.shown_text = TEXT

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()
