"""What a page must not do behind a reader's back: set cookies, ask other hosts, break its own policy, complain."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

# Chromium writes every answer that is not a 2xx into the console; here such answers are wanted.
EXPECTED = "Failed to load resource: the server responded with a status of"


class Watch:
    """Notes what happens in a browser context from its beginning."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context = context
        self.origin = origin
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def finds_nothing(self) -> None:
        """Say what was seen since, if anything was."""
        assert not self.context.cookies(), "a cookie was set"
        self.finds_nothing_but_the_cookie()

    def finds_nothing_but_the_cookie(self) -> None:
        """The same for the workbench, which keeps one cookie that no script can read."""
        assert not self.strangers, f"asked elsewhere: {self.strangers}"
        assert not self.complaints, f"in the console: {self.complaints}"
        assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in self.context.cookies())

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:")):
            self.strangers.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            self.complaints.append(message.text)
