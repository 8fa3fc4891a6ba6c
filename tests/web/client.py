"""The client of the web tests: follows nothing, and looks at every page it gets as a careful reader would.

`get` and `post` are told the status to expect. An HTML answer is parsed strictly and must have a title, a language,
one h1, unique ids, a label on every field, nothing inline and no cookie; so every test also tests that.
"""

from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from html5lib.html5parser import ParseError
from werkzeug.test import TestResponse

UNLABELLED_TYPES = {"hidden", "submit", "button", "image", "reset"}


class Page:
    """An answer, and its HTML if it has any."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        # A file to download is not text.
        self.text = response.get_data().decode(errors="replace")
        self.soup = BeautifulSoup(self.text, "html.parser")

    @property
    def title(self) -> str:
        return _words(self.soup.title)

    @property
    def h1(self) -> str:
        return _words(self.soup.h1)

    @property
    def words(self) -> str:
        """What a reader sees, with single spaces."""
        return _words(self.soup.body)

    def one(self, selector: str) -> Tag:
        """The only element that matches a CSS selector."""
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector}"
        return found[0]

    def all(self, selector: str) -> list[Tag]:
        return list(self.soup.select(selector))

    def texts(self, selector: str) -> list[str]:
        return [_words(tag) for tag in self.soup.select(selector)]

    def links(self, within: str = "body") -> list[str]:
        return [str(tag["href"]) for tag in self.soup.select(f"{within} a[href]")]

    def fields(self, form: str = "form") -> dict[str, str]:
        """The values that a browser would send if the form were submitted untouched."""
        values: dict[str, str] = {}
        for field in self.one(form).select("input[name], textarea[name], select[name]"):
            if field.get("type") in {"radio", "checkbox"} and not field.has_attr("checked"):
                continue
            if field.name == "select":
                chosen = field.select_one("option[selected]") or field.select_one("option")
                values[str(field["name"])] = str(chosen.get("value", "")) if chosen else ""
            elif field.name == "textarea":
                # HTML drops one line end right after the tag.
                values[str(field["name"])] = field.get_text().replace("\r\n", "\n").removeprefix("\n")
            else:
                values[str(field["name"])] = str(field.get("value", ""))
        return values


class Client:
    """Asks the application as a browser without JavaScript would."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def get(self, path: str, status: int = 200, headers: Mapping[str, str] | None = None, **query: Any) -> Page:
        response = self._client.get(path, query_string=query or None, headers=headers, buffered=True)
        return self._looked_at(response, status, f"GET {path}")

    def post(
        self, path: str, data: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Page:
        response = self._client.post(path, data=dict(data), headers=headers, buffered=True)
        return self._looked_at(response, status, f"POST {path}")

    def _looked_at(self, response: TestResponse, status: int, asked: str) -> Page:
        assert response.status_code == status, f"{asked} answered {response.status_code}, not {status}"
        if asked.startswith("GET"):
            assert "Set-Cookie" not in response.headers, f"{asked} sets a cookie"
        page = Page(response)
        if response.mimetype == "text/html" and page.text and status not in {301, 302, 303, 304, 308}:
            _check_once(page)
        return page


# The same bytes keep the same promises: what many tests read, as the pages of the example, is parsed strictly once.
_KEPT: set[bytes] = set()


def _check_once(page: Page) -> None:
    digest = sha256(page.text.encode(errors="surrogatepass")).digest()
    if digest not in _KEPT:
        check(page)
        _KEPT.add(digest)


def check(page: Page) -> None:
    """Every promise that each page of the site makes. Public because the journeys use it too."""
    _parses_strictly(page.text)
    soup = page.soup
    assert page.title, "no title"
    assert soup.html is not None
    assert soup.html.get("lang") in {"zh-Hans", "en"}, "no language"
    assert len(soup.find_all("h1")) == 1, f"{len(soup.find_all('h1'))} h1"
    assert page.h1, "empty h1"
    _ids_are_unique(soup)
    _fields_have_labels(soup)
    _nothing_is_inline(soup)
    _references_are_kept(soup)
    _headings_have_no_gap(soup)


def _parses_strictly(text: str) -> None:
    try:
        html5lib.HTMLParser(strict=True).parse(text)
    except ParseError as error:
        raise AssertionError(f"not valid HTML: {error}") from error


def _ids_are_unique(soup: BeautifulSoup) -> None:
    twice = [one for one, count in Counter(tag["id"] for tag in soup.select("[id]")).items() if count > 1]
    assert not twice, f"ids used twice: {twice}"


def _fields_have_labels(soup: BeautifulSoup) -> None:
    labelled = {label.get("for") for label in soup.select("label[for]")}
    for field in soup.select("input, select, textarea"):
        if field.get("type") in UNLABELLED_TYPES:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
        named = named or field.get("id") in labelled
        assert named, f"a field without label: {field}"


def _nothing_is_inline(soup: BeautifulSoup) -> None:
    assert not soup.select("style, [style]"), "an inline style"
    assert not [script for script in soup.select("script") if not script.get("src")], "an inline script"
    handlers = [tag.name for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert not handlers, f"inline handlers on {handlers}"


def _references_are_kept(soup: BeautifulSoup) -> None:
    ids = {tag["id"] for tag in soup.select("[id]")}
    for name in ("aria-labelledby", "aria-describedby", "for"):
        for tag in soup.select(f"[{name}]"):
            missing = set(str(tag[name]).split()) - ids
            assert not missing, f"{name} names what is not on the page: {missing}"
    for link in soup.select('a[href^="#"]'):
        assert str(link["href"])[1:] in ids, f"a link to nowhere: {link['href']}"


def _headings_have_no_gap(soup: BeautifulSoup) -> None:
    before = 0
    for heading in soup.select("h1, h2, h3, h4, h5, h6"):
        level = int(heading.name[1])
        assert level <= before + 1, f"h{before} is followed by h{level}: {_words(heading)}"
        before = level


def _words(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag is not None else ""
