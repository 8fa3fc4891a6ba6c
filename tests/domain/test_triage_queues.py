"""Where a comment stands on the desk follows from the record, act by act; and what is asked of the desk is found."""

from datetime import timedelta

import pytest
from acts import NOW, answering
from making_triage import arrive, seqs_of, stands

from gongshi.accounts.two_people import NotYourBureau, NotYourRole
from gongshi.comments import actions, desk, lines, queues, triage
from gongshi.comments.desk import FilterUnnamed, NoteEmpty, OnlyPublishedIsAnswered, TooManyFilters
from gongshi.comments.models import Channel, CommentKind, CommentState, WithholdingReason
from gongshi.comments.triage import Asked
from gongshi.comments.triage_models import FlagReason, Queue
from gongshi.objections import actions as objections
from making_world import World


def test_a_comment_is_looked_at_then_placed_then_done(world: World) -> None:
    comment = arrive(world)
    assert stands(world, comment) is Queue.LOOK

    actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    assert stands(world, comment) is Queue.PLACE

    objections.place(world.session, world.objection, [comment], by=world.office.analyst, at=NOW)
    assert stands(world, comment) is Queue.DONE


@pytest.mark.parametrize("state", [CommentState.WITHHELD, CommentState.WITHDRAWN])
def test_nothing_is_left_to_do_with_what_is_not_shown(world: World, state: CommentState) -> None:
    comment = arrive(world)

    if state is CommentState.WITHHELD:
        actions.withhold(world.session, comment, reason=WithholdingReason.ABUSE, by=answering(world), at=NOW)
    else:
        actions.withdraw(world.session, comment, at=NOW)

    assert stands(world, comment) is Queue.DONE


def test_a_question_is_set_aside_and_done_when_it_is_answered(world: World) -> None:
    comment = arrive(world, kind=CommentKind.ASK)
    actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    desk.set_aside(world.session, comment, by=world.office.analyst)
    assert stands(world, comment) is Queue.ANSWER

    objections.answer(
        world.session,
        world.open_list.consultation,
        title="关于费用",
        text="不收费。",
        comments=[comment],
        by=answering(world),
        at=NOW,
    )

    assert stands(world, comment) is Queue.DONE


def test_what_was_set_aside_can_be_placed_after_all(world: World) -> None:
    comment = arrive(world)
    actions.publish(world.session, comment, by=world.office.analyst, at=NOW)
    desk.set_aside(world.session, comment, by=world.office.analyst)

    desk.take_back(world.session, comment, by=world.office.analyst)

    assert stands(world, comment) is Queue.PLACE


def test_only_what_the_public_reads_is_set_aside_to_be_answered(world: World) -> None:
    with pytest.raises(OnlyPublishedIsAnswered):
        desk.set_aside(world.session, arrive(world), by=world.office.analyst)


def test_queues_are_counted_with_the_age_of_their_oldest(world: World) -> None:
    consultation = world.open_list.consultation
    before = triage.queues(world.session, consultation)[Queue.LOOK]

    arrive(world, at=NOW + timedelta(hours=1))

    after = triage.queues(world.session, consultation)[Queue.LOOK]
    assert after.count == before.count + 1
    assert after.oldest_at == before.oldest_at == world.pending.received_at
    assert sum(one.count for one in triage.queues(world.session, consultation).values()) == (
        triage.count(world.session, consultation, Asked())
    )


def test_a_flag_stands_until_it_is_cleared(world: World) -> None:
    comment, consultation = arrive(world), world.open_list.consultation
    desk.flag(world.session, comment, reason=FlagReason.PERSONAL_DATA, by=world.office.editor, at=NOW)
    assert seqs_of(world, Asked(flagged=True)) == [comment.seq]
    assert triage.flagged(world.session, consultation).count == 1

    desk.clear_flags(world.session, comment, by=world.office.analyst, at=NOW)

    assert triage.flagged(world.session, consultation).count == 0
    (kept,) = triage.flags(world.session, comment)
    assert (kept.cleared_by, kept.reason) == (world.office.analyst, FlagReason.PERSONAL_DATA)


def test_every_filter_finds_what_it_asks_for_and_nothing_else(world: World) -> None:
    project = world.open_list.projects[1]
    wanted = arrive(world, kind=CommentKind.SUGGEST, text="补偿机制应写明 GPT 的用途", project=project)
    for asked in (
        Asked(kind=CommentKind.SUGGEST),
        Asked(project=project),
        Asked(text="补偿机制应"),
        Asked(text="gpt"),
        Asked(queue=Queue.LOOK, project=project),
        Asked(state=CommentState.PENDING, kind=CommentKind.SUGGEST),
        Asked(project=project, channel=Channel.WEB),
        Asked(project=project, since=NOW),
    ):
        assert seqs_of(world, asked) == [wanted.seq], asked
        assert triage.count(world.session, world.open_list.consultation, asked) == 1
    for asked in (
        Asked(kind=CommentKind.SUGGEST, channel=Channel.CALL),
        Asked(project=project, until=NOW),
        Asked(project=project, queue=Queue.DONE),
        Asked(text="补偿%应"),
    ):
        assert seqs_of(world, asked) == [], asked


def test_the_window_shows_what_comes_before_and_after_in_the_filtered_order(world: World) -> None:
    project = world.open_list.projects[1]
    seqs = [arrive(world, text=f"第{n}条", project=project).seq for n in range(7)]
    for asked in (Asked(project=project), Asked(project=project, text="条")):
        window = lines.window(world.session, world.open_list.consultation, asked, at=seqs[3], before=2, after=2)

        assert [line.seq for line in window.lines] == seqs[1:6]
        assert (window.count, window.following, window.earlier) == (7, seqs[4], seqs[2])


def test_after_the_last_comes_the_first_again_and_then_nothing(world: World) -> None:
    project, consultation = world.open_list.projects[1], world.open_list.consultation
    first, last = (arrive(world, project=project) for _ in range(2))
    asked = Asked(queue=Queue.LOOK, project=project)
    assert triage.following(world.session, consultation, asked, after=first.seq) == last.seq
    assert triage.following(world.session, consultation, asked, after=last.seq) == first.seq

    for comment in (last, first):
        actions.publish(world.session, comment, by=world.office.analyst, at=NOW)

    assert triage.following(world.session, consultation, asked, after=first.seq) is None


@pytest.mark.parametrize("text", ["", "  ", "字" * 2_001])
def test_a_note_says_something_and_not_too_much(world: World, text: str) -> None:
    with pytest.raises(NoteEmpty):
        desk.note(world.session, world.pending, text=text, by=world.office.analyst, at=NOW)


def test_the_desk_is_for_staff_of_the_bureau_who_work_on_it(world: World) -> None:
    with pytest.raises(NotYourRole):
        desk.note(world.session, world.pending, text="看", by=world.office.admin, at=NOW)
    with pytest.raises(NotYourBureau):
        desk.flag(world.session, world.pending, reason=FlagReason.URGENT, by=world.stranger.analyst, at=NOW)
    with pytest.raises(NotYourRole):
        desk.set_aside(world.session, world.published, by=world.office.editor)


def test_filters_are_kept_for_each_person_under_a_name(world: World) -> None:
    session, office = world.session, world.office
    desk.keep_filter(session, name=" 我的 ", asked={"kind": "ask"}, by=office.analyst)
    desk.keep_filter(session, name="我的", asked={"kind": "support"}, by=office.analyst)

    (kept,) = triage.saved_filters(session, office.analyst)

    assert (kept.name, kept.asked) == ("我的", {"kind": "support"})
    assert triage.saved_filters(session, office.analyst_too) == []
    desk.forget_filter(session, name="我的", by=office.analyst_too)
    assert triage.saved_filters(session, office.analyst) == [kept]
    desk.forget_filter(session, name="我的", by=office.analyst)
    assert triage.saved_filters(session, office.analyst) == []


def test_filters_have_names_and_are_not_endless(world: World) -> None:
    session, by = world.session, world.office.analyst
    for name in ("", "  ", "字" * 41):
        with pytest.raises(FilterUnnamed):
            desk.keep_filter(session, name=name, asked={}, by=by)
    for number in range(desk.MOST_FILTERS):
        desk.keep_filter(session, name=f"筛选{number}", asked={}, by=by)
    with pytest.raises(TooManyFilters):
        desk.keep_filter(session, name="再多一个", asked={}, by=by)


def test_a_row_of_the_desk_says_what_the_comment_says(world: World) -> None:
    project = world.open_list.projects[1]
    comment = arrive(world, project=project)

    row = queues.of(world.session, comment)

    assert (row.seq, row.kind, row.project_id, row.state) == (comment.seq, comment.kind, project.id, comment.state)
