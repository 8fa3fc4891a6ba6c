"""Publications through drafts: one person prepares, another approves exactly what was shown, and the act is done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from publishing import FILE, LATER, MONTH, NOW
from sqlalchemy import select

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import SamePerson
from gongshi.consultations.corrected import CorrectedField
from gongshi.consultations.models import Correction
from gongshi.drafts import actions
from gongshi.drafts.actions import DraftMoved
from gongshi.drafts.contents import Contents
from gongshi.drafts.models import Draft
from gongshi.drafts.publishing import (
    Extension,
    InstitutionNotKnown,
    ListCorrection,
    ListPublication,
    NewInstitution,
    NewValue,
    NoticePublication,
    SecondRound,
    Stop,
)
from gongshi.notices import lists
from gongshi.notices import queries as notices
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import InterruptionKind, NoticeKind
from gongshi.notices.openness import Openness, standing
from gongshi.projects import queries as projects
from gongshi.projects.models import Category
from making_world import World

TEXT = NoticeText("公告的标题", "公告的正文。", (FILE,))
EVERY: dict[str, Callable[[World], Contents]] = {
    "list": lambda _: ListPublication(LATER + MONTH, LATER, None, LATER, TEXT),
    "notice": lambda _: NoticePublication(NoticeKind.CALL, TEXT, LATER),
    "correction": lambda _: ListCorrection(TEXT, (NewValue(CorrectedField.NAME, ("更正后的名称",), 1),)),
    "extension": lambda world: Extension(1, world.open_list.round.closes_at + timedelta(days=7), "来信较多", TEXT),
    "second round": lambda _: SecondRound(NOW + MONTH, TEXT),
    "interruption": lambda _: Stop(InterruptionKind.SUSPENDED, TEXT),
}


def prepared(world: World, name: str, contents: Contents | None = None) -> Draft:
    consultation = {"list": world.draft, "second round": world.ready.consultation}.get(
        name, world.open_list.consultation
    )
    draft = actions.prepare(
        world.session,
        contents or EVERY[name](world),
        title="拟稿",
        consultation=consultation,
        by=world.office.editor,
        at=NOW,
    )
    actions.submit(world.session, draft, by=world.office.editor, at=NOW)
    return draft


def approve(world: World, draft: Draft) -> None:
    shown = actions.digest(world.session, draft, at=NOW)
    actions.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


@pytest.mark.parametrize("name", EVERY)
def test_what_was_kept_is_what_is_read_again(world: World, name: str) -> None:
    contents = EVERY[name](world)

    assert type(contents).from_json(contents.as_json()) == contents


@pytest.mark.parametrize("name", EVERY)
def test_every_publication_is_carried_out_by_a_second_person_with_its_notice(world: World, name: str) -> None:
    draft = prepared(world, name)

    approve(world, draft)

    slug = next(result.removeprefix("notice:") for result in draft.results if result.startswith("notice:"))
    notice = notices.find(world.session, slug)
    assert notice is not None
    assert (notice.title, notice.body, [one.sha256 for one in notice.attachments]) == (
        TEXT.title,
        TEXT.body,
        [FILE.sha256],
    )
    assert notice.approval is not None
    assert notice.approval.act is draft.act


@pytest.mark.parametrize("name", EVERY)
def test_nobody_approves_their_own_publication(world: World, name: str) -> None:
    draft = prepared(world, name)
    world.office.editor.role_rows[0].role = world.office.publisher.role_rows[0].role

    with pytest.raises(SamePerson):
        actions.approve(
            world.session,
            draft,
            shown=actions.digest(world.session, draft, at=NOW),
            by=world.office.editor,
            at=NOW,
        )


def test_a_list_whose_projects_were_changed_after_it_was_submitted_is_not_approved(world: World) -> None:
    draft = prepared(world, "list")
    shown = actions.digest(world.session, draft, at=NOW)
    projects.of_list(world.session, world.draft)[0].name = "换了名称"
    world.session.flush()

    with pytest.raises(DraftMoved):
        actions.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def test_a_period_that_was_extended_meanwhile_is_looked_at_again(world: World) -> None:
    first, second = prepared(world, "extension"), prepared(world, "extension")
    shown = actions.digest(world.session, second, at=NOW)
    approve(world, first)

    with pytest.raises(DraftMoved):
        actions.approve(world.session, second, shown=shown, by=world.office.publisher, at=NOW)


def test_a_round_that_opens_on_publication_opens_at_the_minute_it_is_public(world: World) -> None:
    draft = prepared(world, "list", ListPublication(LATER + MONTH, public_from=LATER, notice=TEXT))

    approve(world, draft)

    assert world.draft.rounds[0].opens_at == LATER
    assert standing(world.session, world.draft, at=LATER).openness is Openness.OPEN


def test_what_the_act_would_refuse_is_refused_when_it_is_submitted(world: World) -> None:
    short = ListPublication(LATER + timedelta(days=5), public_from=LATER, notice=TEXT)

    with pytest.raises(lists.PeriodTooShort):
        prepared(world, "list", short)


def test_a_new_institution_of_a_correction_comes_with_its_kind(world: World) -> None:
    value = NewValue(CorrectedField.LEAD, ("示例新来证券",), 1)
    with pytest.raises(InstitutionNotKnown):
        prepared(world, "correction", ListCorrection(TEXT, (value,)))

    new = (NewInstitution("示例新来证券", Category.SECURITIES),)
    approve(world, prepared(world, "correction", ListCorrection(TEXT, (value,), new)))

    lead = world.open_list.projects[0].lead
    assert lead is not None
    assert (lead.name, lead.category) == ("示例新来证券", Category.SECURITIES)


def test_a_correction_of_an_earlier_notice_changes_no_value(world: World) -> None:
    draft = prepared(world, "correction", ListCorrection(TEXT))

    approve(world, draft)

    assert draft.act is Act.CORRECT
    assert world.session.scalars(select(Correction)).all() == []
