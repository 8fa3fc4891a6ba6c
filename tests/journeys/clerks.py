"""Somebody of the bureau at a desk: does what a person does on a page, and counts how often."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from gongshi.web.workbench.cookies import PLAIN
from journeys.running import RunningSite
from web.staff import signed_in


class Clerk:
    """One person in one browser. Every click, key and filled field is an action."""

    def __init__(self, page: Page, site: RunningSite, language: str = "") -> None:
        self.page = page
        self.site = site
        self.language = language
        self.actions = 0

    def open(self, path: str) -> None:
        """Type an address."""
        self.actions += 1
        answer = self.page.goto(self.site.address(self.language + path))
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"

    def follow(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Click a link by its words, and wait for where it leads."""
        with self.page.expect_navigation():
            self.actions += 1
            (within or self.page.locator("main")).get_by_role("link", name=name, exact=exact).first.click()

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Click a button that sends a form, and wait for the answer: whoever looks next finds it done."""
        with self.page.expect_navigation():
            self.touch(name, within=within)

    def touch(self, name: str, *, within: Locator | None = None) -> None:
        """Click a button that changes only the page itself."""
        self.actions += 1
        (within or self.page.locator("main")).get_by_role("button", name=name, exact=True).first.click()

    def fill(self, label: str, text: str, *, within: Locator | None = None, exact: bool = False) -> None:
        self.actions += 1
        (within or self.page.locator("main")).get_by_label(label, exact=exact).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.actions += 1
        self.page.locator("main").get_by_label(label).first.select_option(option)

    def check(self, label: str, *, within: Locator | None = None, exact: bool = False) -> None:
        self.actions += 1
        (within or self.page.locator("main")).get_by_label(label, exact=exact).first.check()

    def hand_in(self, label: str, *files: Path) -> None:
        """Choose a file, or several at once: one dialogue, one action."""
        self.actions += 1
        self.page.locator("main").get_by_label(label).first.set_input_files(list(files))

    def key(self, key: str) -> None:
        self.actions += 1
        self.page.keyboard.press(key)

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def submits(self) -> str:
        """Hand in the draft in hand for approval; returns where it stands."""
        self.press("保存并送审")
        self.sees("已送审，等待另一人批准。")
        return urlsplit(self.page.url).path

    def approves(self, draft: str, *shown: str) -> None:
        """Of the drafts that wait, open this one, see that it shows these words, approve it."""
        self.open("/workbench/drafts/")
        self.actions += 1
        self.page.locator(f"section[aria-labelledby=for-me] tbody th a[href='{draft}']").click()
        for words in shown:
            self.sees(words)
        self.press("批准")
        self.sees("已批准，已载入公开记录。")
        expect(self.page.locator(".state-approved")).to_be_visible()


def cookie_of(app: Flask, login: str) -> Any:
    """The cookie of somebody who is signed in, for a real browser."""
    return {"name": PLAIN, "value": signed_in(app, login).cookie, "httpOnly": True, "sameSite": "Strict"}
