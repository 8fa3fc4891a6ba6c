"""One site, one browser, many visitors: each with a network address and an empty memory of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from journeys import chromium
from journeys.clerks import Clerk, cookie_of
from journeys.desks import Bureau, furnished_bureau
from journeys.running import RunningSite, loaded, running_site
from journeys.watching import Watch
from tests.conftest import missing

Visitor = Callable[..., Page]
Sit = Callable[..., Clerk]
_networks = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    if chromium.executable() is None:
        missing("no Chromium here (CHROMIUM names none, and Debian's is not installed)")
    if not chromium.driver_starts():
        missing("Playwright's Node.js does not run here (as root: apt-get install libatomic1)")
    with chromium.driver() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = chromium.launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def content(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything loaded. Needs the browser first: without one, nothing is loaded."""
    return loaded(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="package")
def site(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The real server with the archive and the example."""
    with running_site(tmp_path_factory.mktemp("site"), content) as site:
        yield site


@pytest.fixture(scope="package")
def bureau_site(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """Another site with the same content, which the staff work on: what they do there disturbs no visitor here."""
    with running_site(tmp_path_factory.mktemp("bureau"), content) as site:
        yield site


@pytest.fixture(scope="package")
def bureau(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """A third one, whose bureau has a busy day: something stands on every page of its workbench. Leave it as it is."""
    with running_site(tmp_path_factory.mktemp("busy"), content) as site:
        yield furnished_bureau(site)


@pytest.fixture
def visitor(browser: Browser, site: RunningSite) -> Iterator[Visitor]:
    """Makes visitors: `visitor(width=375, java_script_enabled=False)` gives the page of a new one.

    Whatever they do, they are watched: at the end none has a cookie, and nothing was asked of another host, refused by
    the content security policy or complained of in the console.
    """
    contexts: list[tuple[BrowserContext, Watch]] = []

    def come(*, width: int = 1280, height: int = 800, **how: Any) -> Page:
        network = {"X-Forwarded-For": f"198.51.{next(_networks) // 250}.{next(_networks) % 250}"}
        context = browser.new_context(viewport={"width": width, "height": height}, extra_http_headers=network, **how)
        context.set_default_timeout(10_000)
        contexts.append((context, Watch(context, site.origin)))
        return context.new_page()

    yield come
    for context, watch in contexts:
        watch.finds_nothing()
        context.close()


@pytest.fixture
def sit_down(browser: Browser, bureau_site: RunningSite) -> Iterator[Sit]:
    """Puts staff of the worked example at their desks: `sit_down("shili-jingban")`, each in a browser of their own.

    They are watched as visitors are, but for the one cookie that they have.
    """
    with _desks(browser, bureau_site) as sit:
        yield sit


@pytest.fixture
def sit_down_busy(browser: Browser, bureau: Bureau) -> Iterator[Sit]:
    """The same in the bureau that has a busy day; with an empty login somebody who is not signed in."""
    with _desks(browser, bureau.site) as sit:
        yield sit


@contextmanager
def _desks(browser: Browser, site: RunningSite) -> Iterator[Sit]:
    contexts: list[tuple[BrowserContext, Watch]] = []

    def sit(login: str, *, width: int = 1280, height: int = 800, language: str = "", **how: Any) -> Clerk:
        context = browser.new_context(viewport={"width": width, "height": height}, **how)
        context.set_default_timeout(10_000)
        if login:
            context.add_cookies([{**cookie_of(site.app, login), "url": site.origin}])
        contexts.append((context, Watch(context, site.origin)))
        return Clerk(context.new_page(), site, language)

    yield sit
    for context, watch in contexts:
        watch.finds_nothing_but_the_cookie()
        context.close()
