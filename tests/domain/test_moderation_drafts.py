"""Drafts about comments: letters, withholdings, redactions. While one is open its comments wait for it."""

from datetime import date, timedelta

import pytest
from acts import NOW
from making_triage import arrive, stands

from gongshi.accounts.two_people import SamePerson
from gongshi.comments import receipts
from gongshi.comments.actions import AlreadySettled
from gongshi.comments.actions import withdraw as take_back
from gongshi.comments.covering import MARK, NothingToCover
from gongshi.comments.intake import NotOpen, TargetUnknown
from gongshi.comments.models import Channel, Comment, CommentKind, CommentState, WithholdingReason
from gongshi.comments.queries import by_receipt
from gongshi.comments.queues import HeldByADraft
from gongshi.comments.triage_models import Queue
from gongshi.drafts import actions
from gongshi.drafts.actions import DraftMoved
from gongshi.drafts.contents import Contents
from gongshi.drafts.models import Draft
from gongshi.drafts.moderation import MOST_AT_ONCE, Letter, NothingChosen, Redaction, TooManyAtOnce, Withheld
from making import SERVER_KEY
from making_world import World

REASON = WithholdingReason.PERSONAL_DATA


def prepare(world: World, contents: Contents) -> Draft:
    return actions.prepare(
        world.session,
        contents,
        title="关于意见的拟稿",
        consultation=world.open_list.consultation,
        by=world.office.analyst,
        at=NOW,
    )


def approve(world: World, draft: Draft) -> None:
    actions.submit(world.session, draft, by=world.office.analyst, at=NOW)
    shown = actions.digest(world.session, draft, at=NOW)
    actions.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def covering(comment: Comment, *spans: list[int]) -> Redaction:
    return Redaction(comment=comment.number, text=list(spans), resolution=[], reason=REASON)


def letter(**changed: object) -> Letter:
    key = "letter-1"
    receipt = receipts.of(SERVER_KEY, key)
    given: dict[str, object] = {
        "channel": Channel.LETTER, "received_on": date(2026, 4, 16), "says": CommentKind.OPPOSE,
        "text": "来信：复核太少。", "resolution": "每月复核。", "project": 1, "version": 1, "paragraph_key": "p-2",
        "submission_key": key, "receipt_number": receipt.number, "secret_sha256": receipt.secret_sha256,
    }  # fmt: skip
    return Letter(**{**given, **changed})  # type: ignore[arg-type]


def test_many_comments_are_withheld_by_one_draft_with_a_record_each(world: World) -> None:
    comments = [arrive(world, text=f"广告{n}") for n in range(3)]
    draft = prepare(world, Withheld([one.number for one in comments], WithholdingReason.ADVERTISING))
    assert {stands(world, one) for one in comments} == {Queue.WAITING}

    approve(world, draft)

    assert {one.state for one in comments} == {CommentState.WITHHELD}
    assert {one.withholding.reason for one in comments if one.withholding} == {WithholdingReason.ADVERTISING}
    assert len({one.withholding.id for one in comments if one.withholding}) == 3
    assert {stands(world, one) for one in comments} == {Queue.DONE}


def test_a_discarded_draft_gives_its_comments_back(world: World) -> None:
    comment = arrive(world)
    draft = prepare(world, Withheld([comment.number], REASON))

    actions.discard(world.session, draft, by=world.office.analyst, at=NOW)

    assert stands(world, comment) is Queue.LOOK


def test_another_wording_lets_go_of_what_it_no_longer_names(world: World) -> None:
    first, second = arrive(world), arrive(world)
    draft = prepare(world, Withheld([first.number], REASON))

    actions.amend(
        world.session,
        draft,
        Withheld([second.number], REASON),
        title="改",
        edition=1,
        by=world.office.analyst,
        at=NOW,
    )

    assert (stands(world, first), stands(world, second)) == (Queue.LOOK, Queue.WAITING)


def test_a_comment_waits_for_one_draft_at_a_time(world: World) -> None:
    comment = arrive(world)
    prepare(world, Withheld([comment.number], REASON))

    with pytest.raises(HeldByADraft):
        prepare(world, covering(comment, [0, 2]))


def test_a_redaction_is_carried_out_and_its_comment_is_looked_at_again(world: World) -> None:
    comment = arrive(world, text="王某某要求缩短复核间隔。")
    draft = prepare(world, covering(comment, [0, 3]))

    approve(world, draft)

    assert comment.shown_text == f"{MARK}要求缩短复核间隔。"
    assert stands(world, comment) is Queue.LOOK
    assert draft.results == [f"comment:{comment.number}"]


def test_what_the_act_refuses_is_refused_when_it_is_submitted(world: World) -> None:
    comment = arrive(world)
    draft = prepare(world, covering(comment))

    with pytest.raises(NothingToCover):
        actions.submit(world.session, draft, by=world.office.analyst, at=NOW)

    assert stands(world, comment) is Queue.WAITING


def test_whoever_prepares_does_not_approve(world: World) -> None:
    draft = prepare(world, covering(arrive(world), [0, 2]))
    actions.submit(world.session, draft, by=world.office.analyst, at=NOW)
    world.office.analyst.role_rows.extend(world.office.publisher.role_rows)

    with pytest.raises(SamePerson):
        actions.approve(
            world.session,
            draft,
            shown=actions.digest(world.session, draft, at=NOW),
            by=world.office.analyst,
            at=NOW,
        )


def test_a_comment_that_was_taken_back_meanwhile_is_not_withheld_unseen(world: World) -> None:
    comment = arrive(world)
    draft = prepare(world, Withheld([comment.number], REASON))
    actions.submit(world.session, draft, by=world.office.analyst, at=NOW)
    shown = actions.digest(world.session, draft, at=NOW)

    take_back(world.session, comment, at=NOW)

    with pytest.raises(DraftMoved):
        actions.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def test_what_is_settled_is_not_drafted_about(world: World) -> None:
    comment = arrive(world)
    take_back(world.session, comment, at=NOW)

    for contents in (Withheld([comment.number], REASON), covering(comment, [0, 2])):
        with pytest.raises(AlreadySettled):
            prepare(world, contents)


def test_a_draft_names_some_comments_and_not_too_many(world: World) -> None:
    with pytest.raises(NothingChosen):
        prepare(world, Withheld([], REASON))
    with pytest.raises(TooManyAtOnce):
        prepare(world, Withheld([f"2026-SL-02-{n:04d}" for n in range(MOST_AT_ONCE + 1)], REASON))


def test_a_letter_counts_from_its_approval_and_its_receipt_opens_it(world: World) -> None:
    draft = prepare(world, letter())

    approve(world, draft)

    submission = by_receipt(
        world.session, receipts.number(SERVER_KEY, "letter-1"), receipts.secret(SERVER_KEY, "letter-1")
    )
    assert submission is not None
    (comment,) = submission.comments
    assert (submission.channel, comment.text, comment.paragraph_key) == (Channel.LETTER, "来信：复核太少。", "p-2")
    assert (comment.project, comment.version) == (
        world.open_list.projects[0],
        world.open_list.projects[0].versions[0],
    )
    assert comment.received_at < NOW
    assert stands(world, comment) is Queue.LOOK


def test_a_letter_that_came_outside_the_round_is_refused_when_it_is_submitted(world: World) -> None:
    draft = prepare(world, letter(received_on=world.open_list.round.opens_at.date() - timedelta(days=3)))

    with pytest.raises(NotOpen):
        actions.submit(world.session, draft, by=world.office.analyst, at=NOW)


@pytest.mark.parametrize("wrong", [{"project": 99}, {"paragraph_key": "p-99"}, {"version": 7}])
def test_a_letter_speaks_of_something_in_the_list(world: World, wrong: dict[str, object]) -> None:
    draft = prepare(world, letter(**wrong))

    with pytest.raises(TargetUnknown):
        actions.submit(world.session, draft, by=world.office.analyst, at=NOW)
