"""Texts worked on before approval: several analysts side by side, nobody's words overwritten unseen."""

import pytest
from acts import NOW, answering
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from gongshi.accounts.two_people import NotYourBureau, NotYourRole
from gongshi.ledger import queries as log
from gongshi.objections import actions, checks, samples, trail, working
from gongshi.objections.models import AnswerDraft, AnswerTemplate, DispositionDraft, Objection, Outcome
from making import make_comment, make_objection
from making_world import World


def keep(world: World, objection: Objection, *, edition: int = 0, **changed: object) -> DispositionDraft:
    held: dict[str, object] = {"outcome": Outcome.EXPLAINED, "reasons": "说明如下。", "is_ready": False}
    return working.keep_disposition(
        world.session,
        objection,
        edition=edition,
        by=world.office.analyst,
        at=NOW,
        **{**held, **changed},  # type: ignore[arg-type]
    )


def keep_answer(world: World, kept: AnswerDraft | None = None, *, edition: int = 0, **changed: object) -> AnswerDraft:
    held: dict[str, object] = {
        "title": "答复",
        "text": "谢谢。",
        "comments": [world.published],
        "is_ready": False,
        "by": world.office.analyst,
    }
    return working.keep_answer(
        world.session,
        world.open_list.consultation,
        kept,
        edition=edition,
        at=NOW,
        **{**held, **changed},  # type: ignore[arg-type]
    )


def test_a_text_is_rewritten_at_will_and_the_log_hears_nothing_of_it(world: World) -> None:
    size = log.size(world.session)

    keep(world, world.objection)
    kept = keep(world, world.objection, edition=1, reasons=" 另一说明。 ", is_ready=True)

    assert (kept.reasons, kept.edition, kept.is_ready) == ("另一说明。", 2, True)
    assert log.size(world.session) == size


def test_nobody_overwrites_what_a_colleague_kept_meanwhile(world: World) -> None:
    keep(world, world.objection)
    answer = keep_answer(world)

    with pytest.raises(working.TextEditedMeanwhile) as refused:
        keep(world, world.objection, reasons="我的说明。")
    with pytest.raises(working.TextEditedMeanwhile):
        keep_answer(world, answer)

    assert refused.value.details["person"] == world.office.analyst.pseudonym
    assert world.session.get_one(DispositionDraft, world.objection.id).reasons == "说明如下。"


@pytest.mark.parametrize("lacking", [{"reasons": " "}, {"outcome": None}], ids=["reasons", "outcome"])
def test_ready_means_whole(world: World, lacking: dict[str, object]) -> None:
    with pytest.raises(working.NotWholeYet):
        keep(world, world.objection, is_ready=True, **lacking)

    assert not keep(world, world.objection, **lacking).is_ready


@pytest.mark.parametrize("lacking", [{"title": ""}, {"text": ""}, {"comments": []}], ids=["title", "text", "comments"])
def test_a_ready_answer_is_whole_too(world: World, lacking: dict[str, object]) -> None:
    with pytest.raises(working.NotWholeYet):
        keep_answer(world, is_ready=True, **lacking)

    assert not keep_answer(world, **lacking).is_ready


def test_the_database_refuses_what_is_ready_and_not_whole(world: World) -> None:
    kept = keep(world, world.objection, reasons="")

    kept.is_ready = True
    with pytest.raises(IntegrityError, match="ready_when_whole"), world.session.begin_nested():
        world.session.flush()


def test_what_is_set_aside_has_no_outcome_beside_it(world: World) -> None:
    kept = keep(world, world.objection, is_unfounded=True, is_ready=True)

    assert (kept.outcome, kept.is_unfounded) == (None, True)


def test_nothing_is_drafted_for_what_is_settled_or_merged(world: World) -> None:
    into = make_objection(world.session, world.open_list, [world.raising], NOW)
    keep(world, world.objection)
    trail.merge(world.session, world.objection, into, by=world.office.analyst, at=NOW)

    with pytest.raises(checks.ObjectionRetired):
        keep(world, world.objection, edition=1)
    assert working.disposition_drafts(world.session, world.open_list.consultation) == {}
    actions.dispose(world.session, into, outcome=Outcome.EXPLAINED, reasons="。", by=answering(world), at=NOW)
    with pytest.raises(checks.AlreadyAnswered):
        keep(world, into)


def test_only_an_analyst_of_the_bureau_writes(world: World) -> None:
    for person, refusal in ((world.office.publisher, NotYourRole), (world.stranger.analyst, NotYourBureau)):
        with pytest.raises(refusal):
            keep_answer(world, by=person)
        with pytest.raises(refusal):
            working.save_template(world.session, world.office.bureau, None, title="甲", text="乙", by=person, at=NOW)


def test_further_comments_join_an_answer_and_none_of_another_list(world: World) -> None:
    kept = keep_answer(world)
    further = make_comment(world.session, world.open_list, NOW)

    working.add_comments(world.session, kept, [further], by=world.office.analyst_too, at=NOW)

    assert kept.comments == [world.published.number, further.number]
    assert working.spoken_for(world.session, world.open_list.consultation) == dict.fromkeys(kept.comments, kept)
    with pytest.raises(checks.NotOfThisList):
        working.add_comments(world.session, kept, [world.ready.comments[0]], by=world.office.analyst, at=NOW)
    with pytest.raises(checks.NotOfThisList):
        keep_answer(world, comments=[world.ready.comments[0]])


def test_an_answer_given_up_leaves_its_comments_free(world: World) -> None:
    kept = keep_answer(world)

    working.give_up_answer(world.session, kept, by=world.office.analyst)

    assert working.answer_drafts(world.session, world.open_list.consultation) == []


def test_a_bureau_keeps_its_own_templates(world: World) -> None:
    session, bureau, by = world.session, world.office.bureau, world.office.analyst
    kept = working.save_template(session, bureau, None, title="感谢", text="感谢支持。", by=by, at=NOW)
    working.save_template(session, bureau, kept, title="感谢", text="感谢您的支持。", by=by, at=NOW)

    with pytest.raises(working.TemplateTitleTaken):
        working.save_template(session, bureau, None, title=" 感谢 ", text="。", by=by, at=NOW)
    with pytest.raises(checks.WordingMissing):
        working.save_template(session, bureau, None, title="空", text=" ", by=by, at=NOW)
    assert [one.text for one in working.templates(session, bureau)] == ["感谢您的支持。"]
    assert working.templates(session, world.stranger.bureau) == []
    working.drop_template(session, kept, by=by)
    assert session.scalars(select(AnswerTemplate)).all() == []


def test_every_sample_says_what_is_to_be_filled_in() -> None:
    assert all("〔" in one.text and one.text.count("〔") == one.text.count("〕") for one in samples.REASONS)
