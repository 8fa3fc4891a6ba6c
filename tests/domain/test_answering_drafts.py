"""A batch of answers: approved by a second person, published whole or not at all (rules 2 and 11)."""

import pytest
from acts import NOW

from gongshi.accounts.models import Role, StaffRole, StaffUser
from gongshi.accounts.two_people import SamePerson
from gongshi.comments.models import Comment, CommentKind
from gongshi.drafts import actions as drafts
from gongshi.drafts.answering import Answers, EmptyBatch, Reply, Ruling, SettingAside
from gongshi.drafts.models import Draft, DraftState
from gongshi.ledger import queries as log
from gongshi.objections import checks, queries, trail, working
from gongshi.objections.models import AnswerDraft, Objection, Outcome
from making import make_comment, make_objection
from making_world import World


def batch(world: World, contents: Answers) -> Draft:
    return drafts.prepare(
        world.session,
        contents,
        title="答复一批",
        consultation=world.open_list.consultation,
        by=world.office.analyst,
        at=NOW,
    )


def submit(world: World, contents: Answers) -> Draft:
    draft = batch(world, contents)
    drafts.submit(world.session, draft, by=world.office.analyst, at=NOW)
    return draft


def approve(world: World, draft: Draft, shown: str | None = None) -> None:
    shown = shown or drafts.digest(world.session, draft, at=NOW)
    drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def ruling(objection: Objection) -> Ruling:
    return Ruling(objection.number, Outcome.NOT_ADOPTED, "理由如下。")


@pytest.fixture
def another(world: World) -> Objection:
    return make_objection(world.session, world.open_list, [_heard(world)], NOW)


def _heard(world: World) -> Comment:
    return make_comment(world.session, world.open_list, NOW, kind=CommentKind.SUPPORT)


def test_one_approval_publishes_every_answer(world: World, another: Objection) -> None:
    kept = working.keep_answer(
        world.session,
        world.open_list.consultation,
        None,
        title="答复",
        text="谢谢。",
        comments=[world.published],
        is_ready=True,
        edition=0,
        by=world.office.analyst,
        at=NOW,
    )
    contents = Answers(
        (ruling(world.objection),),
        (SettingAside(another.number, "经核实不成立。"),),
        (Reply(kept.title, kept.text, tuple(kept.comments), kept.id),),
    )
    assert Answers.from_json(contents.as_json()) == contents

    draft = submit(world, contents)
    approve(world, draft)

    disposition = world.objection.disposition
    assert disposition is not None
    assert disposition.approval.codes == [world.office.analyst.code, world.office.publisher.code]
    assert another.unfounded_reason == "经核实不成立。"
    answered = queries.answer_to(world.session, world.published)
    assert answered is not None
    assert draft.results == [
        f"objection:{world.objection.number}",
        f"objection:{another.number}",
        f"answer:{answered.number}",
    ]
    assert world.session.get(AnswerDraft, kept.id) is None


def test_whoever_wrote_the_answers_does_not_approve_them(world: World) -> None:
    draft = submit(world, Answers((ruling(world.objection),)))

    with pytest.raises(SamePerson):
        drafts.approve(
            world.session,
            draft,
            shown=drafts.digest(world.session, draft, at=NOW),
            by=_as_publisher_too(world),
            at=NOW,
        )
    assert world.objection.disposition is None


def _as_publisher_too(world: World) -> StaffUser:
    """The analyst, made a publisher as well."""
    world.session.add(StaffRole(user=world.office.analyst, role=Role.PUBLISHER))
    world.session.flush()
    return world.office.analyst


def test_nothing_is_published_if_one_answer_is_refused(world: World, another: Objection) -> None:
    wrong = Answers((ruling(world.objection),), (), (Reply("答复", "谢谢。", (world.raising.number,)),))
    size = log.size(world.session)

    with pytest.raises(checks.PlacedTwice):
        submit(world, wrong)

    assert log.size(world.session) == size
    world.session.expire_all()
    assert world.objection.disposition is None


@pytest.mark.parametrize(
    ("contents", "refusal"),
    [
        pytest.param(Answers(), EmptyBatch, id="an empty batch"),
        pytest.param(
            Answers((Ruling("2026-SL-01-O01", Outcome.ADOPTED, "理由。"),)), checks.NotOfThisList, id="foreign"
        ),
        pytest.param(
            Answers((Ruling("2026-SL-02-O77", Outcome.ADOPTED, "理由。"),)), checks.NotOfThisList, id="unknown"
        ),
        pytest.param(
            Answers(replies=(Reply("答复", "谢谢。", ("2026-SL-01-0001",)),)), checks.NotOfThisList, id="comments"
        ),
        pytest.param(
            Answers((Ruling("2026-SL-02-O01", Outcome.ADOPTED, " "),)), checks.ReasonsMissing, id="without reasons"
        ),
    ],
)
def test_what_would_be_refused_later_is_refused_when_it_is_submitted(
    world: World, contents: Answers, refusal: type[Exception]
) -> None:
    draft = batch(world, contents)

    with pytest.raises(refusal):
        drafts.submit(world.session, draft, by=world.office.analyst, at=NOW)

    assert draft.state is DraftState.DRAFT


def test_an_objection_marked_major_meanwhile_is_looked_at_again(world: World) -> None:
    draft = submit(world, Answers((ruling(world.objection),)))
    shown = drafts.digest(world.session, draft, at=NOW)
    trail.mark_major(world.session, world.objection, risks={1: "r-1"}, by=world.office.analyst_too, at=NOW)

    with pytest.raises(drafts.DraftMoved):
        approve(world, draft, shown)


def test_an_objection_merged_meanwhile_is_not_answered(world: World, another: Objection) -> None:
    draft = submit(world, Answers((ruling(world.objection),)))
    trail.merge(world.session, world.objection, another, by=world.office.analyst_too, at=NOW)

    with pytest.raises(checks.ObjectionRetired):
        approve(world, draft)
