"""The pages that the journeys walk through, by what a person does on them, found by what is written there.

Whatever leads to another page waits until that is there: on a slow machine the one before it would be read instead.
"""

import re

from playwright.sync_api import Locator, Page

from journeys.landmarks import Receipt


class FirstPage:
    def __init__(self, page: Page) -> None:
        self.page = page

    def open_list(self) -> None:
        """Go to the list that is open for comment."""
        with self.page.expect_navigation():
            self.page.locator(".box.open").get_by_role("link", name="查看项目").click()

    def search(self, text: str) -> "Search":
        self.page.get_by_label("检索方案、意见、答复和公告").fill(text)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="检索").click()
        return Search(self.page)


class OpenList:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.projects = page.get_by_role("table").first.get_by_role("row").filter(has=page.get_by_role("rowheader"))

    def filter_by(self, label: str, value: str) -> None:
        self.page.get_by_label(label).select_option(value)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="筛选").click()

    def open_first_project(self) -> str:
        """Go to the first project that is shown; returns its name."""
        link = self.projects.first.get_by_role("rowheader").get_by_role("link")
        name = link.inner_text()
        with self.page.expect_navigation():
            link.click()
        return name


class Project:
    def __init__(self, page: Page) -> None:
        self.page = page

    def paragraph(self, key: str) -> Locator:
        return self.page.locator(f"#{key}")

    def words_of(self, key: str) -> str:
        return self.paragraph(key).locator("p").first.inner_text()

    def comment_on(self, key: str) -> "CommentForm":
        with self.page.expect_navigation():
            self.paragraph(key).get_by_role("link", name=re.compile("^对第.*提意见")).click()
        return CommentForm(self.page)


class CommentForm:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.locator("textarea[name=text]")
        self.resolution = page.locator("textarea[name=resolution]")
        self.faults = page.get_by_role("alert")

    def choose(self, kind: str) -> None:
        self.page.locator(f"input[name=kind][value={kind}]").check()

    def chosen(self) -> str | None:
        return self.page.locator("input[name=kind]:checked").get_attribute("value")

    def write(self, text: str, *, resolution: str = "") -> None:
        self.text.fill(text)
        self.resolution.fill(resolution)

    def check(self) -> "Checking":
        """Press the button beneath the form, which leads to the page for checking or back to what is wrong."""
        with self.page.expect_navigation():
            self.page.locator("form#comment button[value=review]").click()
        return Checking(self.page)

    def also_on(self, project: int, key: str) -> "CommentForm":
        """Keep this comment and write another on a paragraph, chosen from the lists that the form offers."""
        with self.page.expect_navigation():
            self.page.locator("form#comment button[value=add]").click()
        return Choosing(self.page).paragraph(project, key)

    def send(self) -> "ReceiptPage":
        """Check and send; where something is wrong, the form stays."""
        checking = self.check()
        return checking.send() if checking.comments.count() else ReceiptPage(self.page)


class Choosing:
    def __init__(self, page: Page) -> None:
        self.page = page

    def paragraph(self, project: int, key: str) -> CommentForm:
        if not self._button("write", f"?project={project}").count():
            if not self._button("write", "/comment").count():
                self._press(self._button("choose", "/comment"))
            self._press(self._button("choose", f"?project={project}"))
        self._press(self.page.locator(f"button[value=write][formaction*='project={project}&'][formaction$='={key}']"))
        return CommentForm(self.page)

    def _button(self, step: str, to: str) -> Locator:
        return self.page.locator(f"button[value={step}][formaction$='{to}']")

    def _press(self, button: Locator) -> None:
        with self.page.expect_navigation():
            button.click()


class Checking:
    """The page on which everything is seen once more before it is sent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.comments = page.locator("ol.checked > li")

    def change(self, number: int) -> CommentForm:
        with self.page.expect_navigation():
            self.page.locator(f"#edit-{number}").click()
        return CommentForm(self.page)

    def tell(self, *, name: str = "", contact: str = "") -> None:
        self.page.locator("details.person summary").click()
        self.page.locator("#name").fill(name)
        self.page.locator("#contact").fill(contact)

    def send(self) -> "ReceiptPage":
        with self.page.expect_navigation():
            self.page.locator("button.btn[value=send]").click()
        return ReceiptPage(self.page)


class ReceiptPage:
    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def receipt(self) -> Receipt:
        """Number and secret, read from the page as a person copies them."""
        return Receipt(
            self.page.locator("#receipt-number").inner_text(), self.page.locator("#receipt-secret").inner_text()
        )

    @property
    def comment_number(self) -> str:
        found = re.search(r"\d{4}-[A-Z]{2}-\d{2}-\d{4}", self.page.locator(".slip").inner_text())
        assert found is not None
        return found.group()


class LookUp:
    def __init__(self, page: Page) -> None:
        self.page = page

    def look_up(self, receipt: Receipt) -> "Status":
        self.page.locator("input[name=number]").fill(receipt.number)
        self.page.locator("input[name=secret]").fill(receipt.secret)
        with self.page.expect_navigation():
            self.page.locator("main form button").click()
        return Status(self.page)


class Status:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.stations = page.locator(".stations > li")

    def passed(self) -> list[str]:
        """The names of the stations that the comment has gone through."""
        return self.page.locator(".stations > li.done b").all_inner_texts()


class Search:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.hits = page.locator(".hits").first.locator("> li")

    def search(self, text: str) -> None:
        self.page.locator("#q").fill(text)
        with self.page.expect_navigation():
            self.page.locator("main form button").click()

    def hit(self, kind: str, words: str) -> Locator:
        """The hit of this kind whose title holds the words."""
        tagged = self.hits.filter(has=self.page.locator(".tag", has_text=re.compile(f"^{kind}$")))
        return tagged.filter(has_text=words).first

    def narrow(self, kind: str) -> None:
        """Show the hits of one kind only."""
        with self.page.expect_navigation():
            self.page.locator(".found nav").first.get_by_role("link", name=kind).click()

    def follow(self, kind: str, words: str) -> None:
        with self.page.expect_navigation():
            self.hit(kind, words).get_by_role("link").first.click()
