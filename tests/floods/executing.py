"""Whether anything of a page runs that is not ours: noted inside Chromium, from before the page begins.

And to what it links that may be a file.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

SCRIPTS = "scripts of strangers that ran, and dialogs"
HANDLERS = "event handlers, foreign scripts and frames that stand in a page"
LINKS = "links that run a script"
VIOLATIONS = "reports of the content security policy"
FAILED = "pages that could not be shown (5xx)"
KINDS = (SCRIPTS, HANDLERS, LINKS, VIOLATIONS, FAILED)

NOTICE = """
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { noted("ran"); return null; };
  document.addEventListener("securitypolicyviolation", (event) => noted("csp " + event.violatedDirective));
"""
AUDIT = r"""() => {
  const found = {handlers: [], links: [], files: []};
  // As the browser itself reads an address, whatever is written before or within its scheme.
  const runs = (value) => {
    try {
      return /^(javascript:|vbscript:|data:text)/i.test(new URL(value, location.href).href);
    } catch { return false; }
  };
  for (const element of document.querySelectorAll("*")) {
    const foreign = element.matches("iframe, frame, object, embed, base, meta[http-equiv=refresh], style, template");
    const script = element.matches("script") && !String(element.src).startsWith(location.origin + "/static/");
    if (foreign || script) found.handlers.push(element.outerHTML.slice(0, 120));
    for (const {name, value} of element.attributes) {
      if (name.startsWith("on")) found.handlers.push(`${name}=${value.slice(0, 80)}`);
      const address = ["href", "src", "action", "formaction", "xlink:href", "data"].includes(name);
      const isOurStyle = element.matches("link[rel=stylesheet]");
      if (address && !isOurStyle && runs(value)) found.links.push(value.slice(0, 80));
    }
  }
  // A page of ours ends at a stroke: what does not may be a file.
  const ours = [...document.querySelectorAll("a[href]")].filter((a) => a.origin === location.origin);
  found.files = [...new Set(ours.map((a) => a.pathname + a.search))].filter((path) => !/\/($|\?)/.test(path));
  return found;
}"""


class Detector:
    """One browser context, and what was noted in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.counts: Counter[str] = Counter()
        self.examples: list[str] = []
        self.pages = 0
        self.files: set[str] = set()
        context.expose_binding("noted", lambda source, what: self._noted(source, what))
        context.add_init_script(NOTICE)
        self.page = context.new_page()
        self.page.on("dialog", lambda dialog: (self._add(SCRIPTS, dialog.message), dialog.dismiss()))

    def open(self, address: str) -> Page:
        """Show a page and look at it."""
        answer = self.page.goto(address)
        if answer is not None and answer.status >= 500:
            self._add(FAILED, "")
        return self.look()

    def look(self) -> Page:
        """Look at the page that is shown, once what fails to load has had its chance to."""
        self.pages += 1
        self.page.evaluate("() => new Promise((done) => setTimeout(done, 30))")
        found = self.page.evaluate(AUDIT)
        for example in found["handlers"]:
            self._add(HANDLERS, example)
        for example in found["links"]:
            self._add(LINKS, example)
        self.files.update(found["files"])
        return self.page

    def _noted(self, _source: Any, what: str) -> None:
        self._add(VIOLATIONS if what.startswith("csp") else SCRIPTS, what)

    def _add(self, kind: str, example: str) -> None:
        self.counts[kind] += 1
        self.examples.append(f"{kind}: {self.page.url} {example}")


@contextmanager
def detector(browser: Browser, cookie: Any = None, **how: Any) -> Iterator[Detector]:
    """A detector in a context of its own."""
    context = browser.new_context(**how)
    context.set_default_timeout(30_000)
    if cookie:
        context.add_cookies([cookie])
    yield Detector(context)
    context.close()
