"""Withholding (DOMAIN.md section 3): its author may appeal by receipt, and other people than before decide."""

import pytest
from acts import NOW
from contesting import REASON, appealed, new_person, others, withheld
from making_triage import stands
from sqlalchemy import select

from gongshi import ledger
from gongshi.accounts.models import Role
from gongshi.accounts.two_people import Hands, NotYourRole, SamePerson
from gongshi.comments import actions as comments
from gongshi.comments import appealing, contests, other_people, tallies
from gongshi.comments.actions import AlreadySettled, ShownOnAppeal
from gongshi.comments.appealing import AppealDecided, AppealIsOpen, AppealReasonsMissing, NotWithheld
from gongshi.comments.checks import TextTooLong
from gongshi.comments.models import Appeal, AppealDecision, AppealOutcome, CommentState, WithholdingReason
from gongshi.comments.other_people import DecidedByThoseWhoWithheld
from gongshi.comments.queries import counts_by_paragraph
from gongshi.comments.triage_models import Queue
from gongshi.drafts import actions as drafts
from gongshi.drafts.actions import DraftMoved
from gongshi.drafts.appeals import AppealRuling
from gongshi.drafts.models import Draft
from gongshi.ledger.models import LedgerEntry
from gongshi.search.models import OutboxRow
from making_world import World

REASONS = "经复查，该意见没有侮辱他人，予以公布。"


def decide(
    world: World, appeal: Appeal, outcome: AppealOutcome, by: Hands | None = None, **given: object
) -> AppealDecision:
    return appealing.decide(
        world.session,
        appeal,
        outcome=outcome,
        by=by or others(world),
        at=NOW,
        **{"reasons": REASONS, **given},  # type: ignore[arg-type]
    )


def last_entry(world: World) -> LedgerEntry:
    found = world.session.scalar(select(LedgerEntry).order_by(LedgerEntry.index.desc()).limit(1))
    assert found is not None
    return found


def ruling(appeal: Appeal, outcome: AppealOutcome = AppealOutcome.PUBLISHED) -> AppealRuling:
    kept = WithholdingReason.DEFAMATION if outcome is AppealOutcome.KEPT else None
    return AppealRuling(appeal.comment.number, outcome, kept, REASONS)


def drafted(world: World, appeal: Appeal, by: Hands) -> Draft:
    return drafts.prepare(
        world.session,
        ruling(appeal),
        title="关于申诉的决定",
        consultation=appeal.comment.consultation,
        by=by.prepared_by,
        at=NOW,
    )


def test_an_appeal_is_entered_with_a_salted_hash_of_what_was_said(world: World) -> None:
    appeal = appealed(world)

    assert appeal.reason_salt is not None
    assert ledger.commitment(appeal.reason_salt, REASON) in last_entry(world).body
    assert REASON not in last_entry(world).body
    assert contests.open_appeal(world.session, appeal.comment) is appeal


def test_an_appeal_may_say_nothing(world: World) -> None:
    appeal = appealing.appeal(world.session, withheld(world), reason="  \n", at=NOW)

    assert (appeal.reason, appeal.reason_salt) == (None, None)
    assert '"c"' not in last_entry(world).body


def test_what_is_said_has_at_most_2000_characters(world: World) -> None:
    comment = withheld(world)

    with pytest.raises(TextTooLong):
        appealing.appeal(world.session, comment, reason="字" * 2_001, at=NOW)

    assert appealing.appeal(world.session, comment, reason="字" * 2_000, at=NOW).reason == "字" * 2_000


def test_only_a_withholding_is_appealed(world: World) -> None:
    with pytest.raises(NotWithheld):
        appealing.appeal(world.session, world.published, at=NOW)


def test_a_withholding_is_appealed_once_at_a_time(world: World) -> None:
    appeal = appealed(world)
    with pytest.raises(AppealIsOpen):
        appealing.appeal(world.session, appeal.comment, at=NOW)

    decide(world, appeal, AppealOutcome.KEPT)

    again = appealing.appeal(world.session, appeal.comment, at=NOW)
    assert again.ordinal == 2


def test_an_appeal_is_decided_once(world: World) -> None:
    appeal = appealed(world)
    by = others(world)
    decide(world, appeal, AppealOutcome.KEPT, by)
    world.session.refresh(appeal)

    with pytest.raises(AppealDecided):
        decide(world, appeal, AppealOutcome.PUBLISHED, by)


def test_a_decision_says_why_in_public(world: World) -> None:
    with pytest.raises(AppealReasonsMissing):
        decide(world, appealed(world), AppealOutcome.KEPT, reasons=" ")


def test_a_text_is_published_upon_appeal_and_counted_so(world: World) -> None:
    appeal = appealed(world)
    comment = appeal.comment
    before = tallies.of(world.session, comment.consultation)
    published, hidden = before.published, before.withheld

    decide(world, appeal, AppealOutcome.PUBLISHED)

    world.session.expire_all()
    after = tallies.of(world.session, comment.consultation)
    assert comment.state is CommentState.PUBLISHED
    assert (after.published, after.withheld) == (published + 1, hidden - 1)
    assert stands(world, comment) is Queue.PLACE
    assert ledger.digest(comment.text) in last_entry(world).body
    assert last_entry(world).kind == ledger.Kind.COMMENT_PUBLISHED
    assert world.session.scalar(select(OutboxRow).where(OutboxRow.id == str(comment.id)))


def test_a_text_stays_withheld_for_the_same_or_another_reason(world: World) -> None:
    appeal = appealed(world)
    before = counts_by_paragraph(world.session, world.open_list.projects[0])

    decide(world, appeal, AppealOutcome.KEPT, withheld_for=WithholdingReason.PERSONAL_DATA)

    world.session.expire_all()
    assert appeal.comment.state is CommentState.WITHHELD
    assert appeal.comment.withholding is not None
    assert appeal.comment.withholding.reason is WithholdingReason.ABUSE
    assert appeal.comment.withholding.reason_in_force is WithholdingReason.PERSONAL_DATA
    assert '"reason":"personal-data"' in last_entry(world).body
    assert counts_by_paragraph(world.session, world.open_list.projects[0]) == before


def test_what_was_published_upon_appeal_is_not_withheld_again(world: World) -> None:
    appeal = appealed(world)
    decide(world, appeal, AppealOutcome.PUBLISHED)

    with pytest.raises(ShownOnAppeal):
        comments.withhold(world.session, appeal.comment, reason=WithholdingReason.ABUSE, by=others_again(world), at=NOW)
    with pytest.raises(AlreadySettled):
        comments.publish(world.session, appeal.comment, by=world.office.analyst, at=NOW)


def others_again(world: World) -> Hands:
    return Hands(world.office.analyst, world.office.publisher)


@pytest.mark.parametrize("again", ["prepared_by", "approved_by"])
def test_nobody_who_withheld_decides_where_the_bureau_has_two_others(world: World, again: str) -> None:
    appeal = appealed(world)
    fresh = others(world)
    withheld_by = {"prepared_by": world.office.analyst, "approved_by": world.office.publisher}
    by = Hands(**{"prepared_by": fresh.prepared_by, "approved_by": fresh.approved_by, again: withheld_by[again]})

    with pytest.raises(DecidedByThoseWhoWithheld) as refused:
        decide(world, appeal, AppealOutcome.KEPT, by)

    assert refused.value.details["people"] == [withheld_by[again].pseudonym]


def test_where_the_bureau_has_no_two_others_one_other_is_enough(world: World) -> None:
    appeal = appealed(world)

    decision = decide(world, appeal, AppealOutcome.KEPT, Hands(world.office.analyst_too, world.office.publisher))

    assert decision.approval.prepared_by is world.office.analyst_too


def test_the_same_two_never_decide(world: World) -> None:
    appeal = appealed(world)

    with pytest.raises(DecidedByThoseWhoWithheld):
        decide(world, appeal, AppealOutcome.PUBLISHED, Hands(world.office.analyst, world.office.publisher))


def test_one_person_with_both_roles_is_not_two_others(world: World) -> None:
    appeal = appealed(world)
    both = new_person(world, "both", Role.ANALYST, Role.PUBLISHER)
    world.office.analyst_too.is_active = False

    decide(world, appeal, AppealOutcome.KEPT, Hands(both, world.office.publisher))


def test_roles_and_two_people_hold_for_appeals_too(world: World) -> None:
    appeal = appealed(world)

    with pytest.raises(SamePerson):
        decide(world, appeal, AppealOutcome.KEPT, Hands(world.office.analyst_too, world.office.analyst_too))
    with pytest.raises(NotYourRole):
        decide(world, appeal, AppealOutcome.KEPT, Hands(world.office.editor, world.office.publisher))


def test_who_withheld_does_not_even_begin_a_draft_that_nobody_could_approve(world: World) -> None:
    appeal = appealed(world)
    by = Hands(world.office.analyst, world.office.publisher)
    assert not other_people.may_prepare(world.session, appeal, world.office.analyst)

    with pytest.raises(DecidedByThoseWhoWithheld):
        drafted(world, appeal, by)

    new_person(world, "later", Role.PUBLISHER)
    world.office.analyst_too.is_active = False
    world.session.flush()
    assert drafted(world, appeal, by).prepared_by is world.office.analyst


def test_a_draft_names_only_approvers_who_may(world: World) -> None:
    appeal = appealed(world)
    by = others(world)
    draft = drafted(world, appeal, by)
    drafts.submit(world.session, draft, by=by.prepared_by, at=NOW)

    assert drafts.approvers(world.session, draft) == [by.approved_by]
    assert not drafts.may_approve(world.session, draft, world.office.publisher)
    assert draft not in drafts.waiting_for(world.session, world.office.publisher)
    assert draft in drafts.waiting_for(world.session, by.approved_by)
    assert drafts.count_waiting_for(world.session, by.approved_by) == 1
    assert drafts.count_waiting_for(world.session, world.office.publisher) == 0


def test_a_draft_publishes_the_text_and_lets_the_comment_go(world: World) -> None:
    appeal = appealed(world)
    by = others(world)
    draft = drafted(world, appeal, by)
    drafts.submit(world.session, draft, by=by.prepared_by, at=NOW)

    shown = drafts.digest(world.session, draft, at=NOW)
    drafts.approve(world.session, draft, shown=shown, by=by.approved_by, at=NOW)

    assert appeal.comment.state is CommentState.PUBLISHED
    assert stands(world, appeal.comment) is Queue.PLACE
    assert draft.results == [f"comment:{appeal.comment.number}"]


def test_a_draft_does_not_decide_what_was_decided_meanwhile(world: World) -> None:
    appeal = appealed(world)
    by = others(world)
    draft = drafted(world, appeal, by)
    drafts.submit(world.session, draft, by=by.prepared_by, at=NOW)
    shown = drafts.digest(world.session, draft, at=NOW)

    decide(world, appeal, AppealOutcome.KEPT, by)
    world.session.expire_all()

    with pytest.raises(DraftMoved):
        drafts.approve(world.session, draft, shown=shown, by=by.approved_by, at=NOW)


def test_the_desk_knows_how_many_appeals_wait_and_since_when(world: World) -> None:
    consultation = world.open_list.consultation
    assert contests.waiting(world.session, consultation) == (0, None)

    appeal = appealed(world)
    assert contests.waiting(world.session, consultation) == (1, NOW)
    assert contests.open_appeals(world.session, consultation) == [appeal]

    decide(world, appeal, AppealOutcome.KEPT)
    assert contests.waiting(world.session, consultation) == (0, None)
    assert contests.decided_appeals(world.session, consultation, 5) == [appeal]
