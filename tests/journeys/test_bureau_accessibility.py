"""axe-core finds nothing on a page of the workbench, in both languages; all fits a telephone and is reached by Tab."""

from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from gongshi import clock
from gongshi.accounts import actions, enrolling
from gongshi.accounts.models import Role, StaffUser
from gongshi.db import writing
from gongshi.web.commands.accounts import TRIAL_PASSWORD
from gongshi.web.workbench import access
from journeys.conftest import Sit
from journeys.desks import BY_DRAFTS, FILES, LANGUAGES, MAIN, STEPS, Bureau, Place, pages, short
from journeys.furnished import LOGINS
from journeys.test_accessibility import BUT_COLOURS, DESK, faults, looked_at
from journeys.test_any_screen import NARROW, misfits
from journeys.test_keyboard import LEFT_OUT, LISTEN, Keyboard

CONCEPTS = sorted(access.DECLARED)
PASSWORD = "yun-hai yu-gong tie-ma bing-he"  # noqa: S105  It opens nothing but a site under test.
# Year, month, day, hour, minute and the little calendar of a date are stops of their own.
STOPS_WITHIN = "() => 6 * document.querySelectorAll('input[type=date], input[type=datetime-local]').length"

in_both_languages = pytest.mark.parametrize("language", LANGUAGES, ids=LANGUAGES.values())


def of_concept(bureau: Bureau, concept: str) -> list[Place]:
    return [place for place in bureau.places if place.endpoint.startswith(f"{concept}.")]


def test_every_page_of_the_workbench_is_among_the_places(bureau: Bureau) -> None:
    shown = {place.endpoint for place in bureau.places}

    assert {short(rule) for rule in pages(bureau.house)} == shown | FILES | STEPS
    assert shown >= BY_DRAFTS


@in_both_languages
@pytest.mark.parametrize("concept", CONCEPTS)
def test_axe_finds_nothing_and_all_fits_a_telephone(
    sit_down_busy: Sit, bureau: Bureau, subtests: pytest.Subtests, concept: str, language: str
) -> None:
    tabs = {}
    for place in of_concept(bureau, concept):
        page = (tabs.get(place.login) or tabs.setdefault(place.login, sit_down_busy(place.login))).page
        with subtests.test(place.name):
            page.set_viewport_size(DESK)
            answer = page.goto(place.address(bureau.site, language))
            assert answer is not None
            assert answer.status == 200
            # In English the words differ and no colour does, and telling contrast is the slow part.
            assert not (
                looked_at(page, "public", closely=place.main) if language == "workbench" else faults(page, BUT_COLOURS)
            )
            page.set_viewport_size({"width": NARROW, "height": 800})
            assert not misfits(page), "at 320 px"


@pytest.mark.parametrize("concept", sorted({endpoint.partition(".")[0] for endpoint in MAIN}))
def test_all_that_can_be_clicked_is_reached_with_tab_and_seen(
    sit_down_busy: Sit, bureau: Bureau, subtests: pytest.Subtests, concept: str
) -> None:
    for place in [place for place in of_concept(bureau, concept) if place.main]:
        page = sit_down_busy(place.login).page
        with subtests.test(place.name):
            page.goto(place.address(bureau.site))
            for _ in range(page.evaluate(LISTEN) + page.evaluate(STOPS_WITHIN)):
                page.keyboard.press("Tab")
            assert not page.evaluate(LEFT_OUT)
            assert not page.evaluate("() => window.unseen")


def test_signing_in_for_a_trial_by_keyboard_alone(sit_down_busy: Sit, bureau: Bureau) -> None:
    with bureau.site.app.app_context():
        done = bureau.site.app.test_cli_runner().invoke(args=["accounts", "trial"])
    assert done.exit_code == 0, done.output
    page = sit_down_busy("").page
    page.goto(bureau.site.address("/workbench/comments/"))

    sign_in(Keyboard(page), "shili-fenxi", TRIAL_PASSWORD)

    expect(page).to_have_url(bureau.site.address("/workbench/comments/"))
    expect(page.locator(".desk-me")).to_contain_text("示例分析乙")


@in_both_languages
def test_joining_and_signing_in_again_with_a_second_factor_by_keyboard_alone(
    sit_down_busy: Sit, bureau: Bureau, language: str
) -> None:
    login, start = f"shili-{language}".replace("_", "-"), "/workbench" if language == "workbench" else "/en/workbench"
    page = sit_down_busy("").page
    keyboard, seen = Keyboard(page), []
    page.goto(bureau.site.address(f"{start}/join/{invited(bureau, login)}"))
    keyboard.type("#password", PASSWORD)
    keyboard.type("#again", PASSWORD)
    keyboard.follow("main form button")
    seen += looked_at(page, "public", closely=False)
    telephone = pyotp.TOTP(page.locator(".sheet code").inner_text().replace(" ", ""))
    keyboard.type("#code", telephone.now())
    keyboard.follow("main form button")
    seen += looked_at(page, "public", closely=False)
    expect(page.locator(".recovery li")).to_have_count(10)
    keyboard.follow("main .acts a")
    keyboard.follow(".desk-me button")

    page.goto(bureau.site.address(f"{start}/"))
    sign_in(keyboard, login, PASSWORD)
    seen += looked_at(page, "public", closely=False)
    keyboard.type("#code", telephone.at(clock.now() + timedelta(seconds=30)))
    keyboard.follow("main form button")

    expect(page).to_have_url(bureau.site.address(f"{start}/"))
    assert not seen


def sign_in(keyboard: Keyboard, login: str, password: str) -> None:
    keyboard.type("#login", login)
    keyboard.type("#password", password)
    keyboard.follow("main form button")


def invited(bureau: Bureau, login: str) -> str:
    """Somebody is given an account; what their link ends with."""
    with bureau.session() as session, writing(session) as at:
        admin = session.scalars(select(StaffUser).where(StaffUser.login == LOGINS[Role.ADMIN])).one()
        user = actions.appoint(
            session, admin.bureau, login=login, pseudonym="示例新人", roles=[Role.EDITOR], by=admin, at=at
        )
        return enrolling.invite(session, user, by=admin, at=at)
