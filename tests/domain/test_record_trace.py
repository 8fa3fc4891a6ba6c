"""The trace leaves nothing out and invents nothing."""

from acts import NOW

from gongshi.admissions import gate
from gongshi.admissions import queries as admissions
from gongshi.comments import queries as comments
from gongshi.objections import actions as objections_verbs
from gongshi.objections import queries as objections
from gongshi.objections.models import Outcome
from gongshi.record import trace
from gongshi.record.trace import End
from gongshi.revisions import queries as revisions
from making import make_comment, make_objection
from making_world import World


def test_every_comment_objection_and_change_of_a_project_is_in_its_trace(world: World) -> None:
    session, project = world.session, world.ready.project

    found = trace.of_project(session, project, NOW)

    assert {one.id for one in found.comments} == {one.id for one in comments.about(session, project)}
    assert found.objections == objections.of_project(session, project)
    made = [change for revision in revisions.of_project(session, project) for change in revision.changes]
    assert {one.id for one in found.changes} == {one.id for one in made}


def test_an_objection_without_a_change_is_there_with_none(world: World) -> None:
    found = trace.of_project(world.session, world.ready.project, NOW)

    by_objection = {strand.objection: strand for strand in found.strands if strand.objection}
    assert [change.key for change in by_objection[world.ready.adopted].changes] == ["p-2", "r-1"]
    assert by_objection[world.ready.not_adopted].changes == ()
    assert by_objection[world.ready.unfounded].changes == ()


def test_comments_that_raised_nothing_end_at_their_answer_or_at_what_became_of_them(world: World) -> None:
    found = trace.of_project(world.session, world.ready.project, NOW)

    ends = {strand.end: strand for strand in found.strands if strand.objection is None}
    assert set(ends) == {End.ANSWER, End.WITHHELD, End.WITHDRAWN}
    assert ends[End.ANSWER].comments == (world.ready.comments[3],)


def test_the_gate_of_an_undecided_project_is_the_gate_as_it_stands(world: World) -> None:
    session, project = world.session, world.ready.project

    found = trace.of_project(session, project, NOW)

    assert found.check.conditions == gate.evaluate(admissions.dossier(session, project, NOW))
    assert found.check.run is None
    assert found.decisions == ()


def test_the_gate_of_a_decided_project_is_the_one_the_decision_rests_on(world: World) -> None:
    found = trace.of_project(world.session, world.admitted, NOW)

    assert found.check.run is found.decisions[-1].gate_run
    assert gate.digest(found.check.conditions) == found.check.run.sha256  # type: ignore[union-attr]


def test_no_gate_is_shown_while_a_round_runs(world: World) -> None:
    found = trace.of_project(world.session, world.open_list.projects[0], NOW)

    assert found.check.conditions == ()
    assert found.objections == [world.objection]
    assert {End.PENDING, End.NOT_PLACED} <= {strand.end for strand in found.strands}


def test_what_concerns_other_projects_is_said_to_do_so(world: World) -> None:
    """A comment on the whole list may raise an objection to one project; in the others' traces it ends there."""
    session, here, elsewhere = world.session, *world.open_list.projects[:2]
    on_the_list = make_comment(session, world.open_list, world.published.received_at)
    objection = make_objection(session, world.open_list, [world.raising, on_the_list], NOW, project=here)

    found = trace.of_project(session, elsewhere, NOW)

    strand = next(strand for strand in found.strands if strand.objection is objection)
    assert strand.end is End.ELSEWHERE
    assert strand.comments == (on_the_list,)
    assert objection not in found.objections


def test_an_adopted_objection_without_a_change_waits_for_one(world: World) -> None:
    session, opened = world.session, world.open_list
    by = opened.answered_by
    objections_verbs.dispose(session, world.objection, outcome=Outcome.ADOPTED, reasons="应当修改。", by=by, at=NOW)

    waiting = [one for one in trace.of_project(session, opened.projects[0], NOW).strands if one.waits_for_change]

    assert [one.objection for one in waiting] == [world.objection]
    ready = trace.of_project(session, world.ready.project, NOW)
    assert not [one for one in ready.strands if one.waits_for_change]
