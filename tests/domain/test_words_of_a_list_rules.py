"""The words of a list are changed until it is published, by an editor of its bureau; then they are corrected."""

import pytest
from publishing import amend_words
from rounds import publishing

from gongshi.accounts.two_people import NotYourBureau, NotYourRole
from gongshi.consultations import actions
from gongshi.consultations.actions import ListNumberTaken, ListPublished
from gongshi.consultations.models import Nature
from making_world import World


def amend(world: World, **told: object) -> None:
    given: dict[str, object] = {
        "title": "题",
        "title_en": "t",
        "summary": "述",
        "bureaus": [world.office.bureau],
        "by": world.office.editor,
    }
    actions.amend(world.session, world.draft, **given | told)  # type: ignore[arg-type]


def test_a_list_that_nobody_published_yet_is_worded_anew(world: World) -> None:
    amend_words(world, publishing(world))

    assert (world.draft.title, world.draft.summary) == ("新标题", "新说明。")


def test_a_published_list_is_not_worded_anew(world: World) -> None:
    with pytest.raises(ListPublished):
        actions.amend(
            world.session,
            world.open_list.consultation,
            title="题",
            title_en="t",
            summary="述",
            bureaus=[world.office.bureau],
            by=world.office.editor,
        )


def test_only_an_editor_of_the_bureau_words_a_list(world: World) -> None:
    with pytest.raises(NotYourRole):
        amend(world, by=world.office.publisher)
    with pytest.raises(NotYourBureau):
        amend(world, by=world.stranger.editor)


def test_a_number_is_used_once(world: World) -> None:
    with pytest.raises(ListNumberTaken):
        actions.draft(
            world.session,
            number=world.draft.number,
            nature=Nature.LIVE,
            title="题",
            title_en="t",
            summary="述",
            bureaus=[world.office.bureau],
        )
