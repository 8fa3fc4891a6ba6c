"""`make screenshots`: pictures of every kind of page, to be looked at before a release.

Each is taken on a telephone, on a desk, in English, in large letters, by night and on paper; a page of the workbench
(its name begins with `workbench`) on a desk, on a telephone and in English. WORD takes only those whose name holds it.
An index.html in OUTDIR shows them side by side.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from journeys import chromium
from journeys.clerks import cookie_of
from journeys.desks import Bureau, furnished_bureau
from journeys.kinds import KINDS
from journeys.reached import REACHED
from journeys.running import RunningSite, loaded, running_site

LARGE_LETTERS = "--blink-settings=defaultFontSize=24"
# Beyond this a picture cannot be looked at; the top of such a page says enough.
TALLEST = 6000


@dataclass(frozen=True)
class Look:
    """One way of looking at a page."""

    name: str
    width: int
    language: str = "public"
    letters_are_large: bool = False
    color_scheme: str = "light"
    media: str = "screen"


LOOKS = (
    Look("phone", 375),
    Look("desk", 1280),
    Look("english", 1280, language="en"),
    Look("english-phone", 375, language="en"),
    Look("large", 375, letters_are_large=True),
    Look("night", 1280, color_scheme="dark"),
    Look("paper", 794, media="print"),
)


STAFF_LOOKS = LOOKS[:3]


def main(arguments: list[str]) -> int:
    """Take the pictures. Returns the exit code."""
    if not arguments or chromium.executable() is None:
        sys.stderr.write("usage: python -m benchmarks.screenshots OUTDIR [WORD]; Chromium is needed\n")
        return 2
    out, word = Path(arguments[0]), arguments[1] if len(arguments) > 1 else ""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium.driver() as playwright:
        content = loaded(Path(folder) / "content")
        with running_site(Path(folder) / "public", content) as site:
            taken = list(_pictures(playwright, site, out, word))
        with running_site(Path(folder) / "bureau", content) as site:
            taken += _workbench(chromium.launch(playwright), furnished_bureau(site), out, word)
    _index(out, taken)
    sys.stdout.write(f"{len(taken)} pictures in {out}\n")
    return 0


def _pictures(playwright: Playwright, site: RunningSite, out: Path, word: str) -> Iterator[str]:
    browsers = {False: chromium.launch(playwright), True: chromium.launch(playwright, LARGE_LETTERS)}
    networks = count(1)
    for name, come in _ways(site):
        if word not in name:
            continue
        for look in LOOKS:
            page = _visitor(browsers[look.letters_are_large], look, next(networks))
            come(page, look.language)
            yield _taken(page, look, out / f"{name.replace(' ', '-').replace(',', '')}.{look.name}.png")
            page.context.close()
    for browser in browsers.values():
        browser.close()


def _workbench(browser: Browser, bureau: Bureau, out: Path, word: str) -> Iterator[str]:
    networks = count(1)
    for place in bureau.places:
        name = f"workbench {place.name}"
        if word not in name:
            continue
        for look in STAFF_LOOKS:
            page = _visitor(browser, look, next(networks))
            if place.login:
                cookie = cookie_of(bureau.site.app, place.login)
                page.context.add_cookies([{**cookie, "url": bureau.site.origin}])
            page.goto(place.address(bureau.site, "en_workbench" if look.language == "en" else "workbench"))
            yield _taken(page, look, out / f"{name.replace(' ', '-')}.{look.name}.png")
            page.context.close()
    browser.close()


def _ways(site: RunningSite) -> Iterator[tuple[str, Callable[[Page, str], Any]]]:
    for kind in KINDS:
        yield kind.name, lambda page, language, kind=kind: page.goto(site.address(kind.path(site, language)))
    for name, (_status, way) in REACHED.items():
        yield name, lambda page, language, way=way: way(page, site, language)


def _visitor(browser: Browser, look: Look, network: int) -> Page:
    context = browser.new_context(
        viewport={"width": look.width, "height": 800},
        color_scheme=look.color_scheme,
        extra_http_headers={"X-Forwarded-For": f"198.51.{network // 250}.{network % 250}"},
    )
    return context.new_page()


def _taken(page: Page, look: Look, path: Path) -> str:
    page.emulate_media(media=look.media)
    tall = page.evaluate("() => document.documentElement.scrollHeight")
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": look.width, "height": min(tall, TALLEST)})
    return path.name


def _index(out: Path, names: list[str]) -> None:
    picture = '<figure><figcaption>{0}</figcaption><img src="{0}" width="300" alt=""></figure>\n'
    head = '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Pictures</title>\n'
    (out / "index.html").write_text(head + "".join(picture.format(name) for name in names), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
