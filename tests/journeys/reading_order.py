"""What a screen reader is told of a page, and in which order: Chromium's own accessibility tree, asked over CDP."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from playwright.sync_api import CDPSession, Page

from journeys.test_keyboard import STOPS

CONTROLS = {"button", "link", "textbox", "searchbox", "radio", "checkbox", "combobox", "DisclosureTriangle"}
PLACED = CONTROLS | {"heading", "StaticText"}
ONCE = ("banner", "main", "contentinfo")
# Where what was just done, or could not be done, is told.
TOLD = ".said, #faults"
DESCRIBED = "[...document.querySelectorAll('[aria-describedby]')].filter(one => one.checkVisibility())"
WORDS = """one => (one.getAttribute("aria-describedby") || "").split(" ")
  .map(id => (document.getElementById(id) || {textContent: `there is no ${id}`}).textContent)"""

Node = Mapping[str, Any]


class Box(NamedTuple):
    """A place on the page."""

    left: float
    top: float
    right: float
    bottom: float


class Told:
    """The page as it is told aloud, and what is wrong with that."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        found = self._cdp.send("Accessibility.getFullAXTree")["nodes"]
        self._by_id = {node["nodeId"]: node for node in found}
        self.nodes = [node for node in self._walk(found[0]) if not node["ignored"]]

    def faults(self) -> list[str]:
        """Everything at once; empty when the page can be followed by ear."""
        found = [*self._landmarks(), *self._headings(), *self._names(), *self._descriptions(), *self._live()]
        found += [*self._hidden(), *self._order()]
        self._cdp.detach()
        return found

    def _walk(self, node: Node) -> Iterator[Node]:
        yield node
        for child in node.get("childIds", ()):
            if child in self._by_id:
                yield from self._walk(self._by_id[child])

    def _landmarks(self) -> Iterator[str]:
        for role in ONCE:
            count = len([node for node in self.nodes if _role(node) == role])
            if count != 1:
                yield f"{count} times {role}"
        names = [_name(node) for node in self.nodes if _role(node) == "navigation"]
        if not all(names) or len(set(names)) != len(names):
            yield f"navigations that cannot be told apart: {names}"

    def _headings(self) -> Iterator[str]:
        before = 0
        levels = [(_property(node, "level"), _name(node)) for node in self._main() if _role(node) == "heading"]
        if [level for level, _ in levels].count(1) != 1:
            yield f"not one h1: {levels}"
        for level, name in levels:
            if level > before + 1:
                yield f"from h{before} to h{level}: {name}"
            before = level

    def _names(self) -> Iterator[str]:
        for node in self.nodes:
            if _role(node) in CONTROLS and not _name(node).strip():
                yield f"a {_role(node)} without a name"

    def _descriptions(self) -> Iterator[str]:
        """A hint or a fault that is tied to a field is told with it, and every field that is wrong has its fault."""
        for thing in self._elements(DESCRIBED):
            words = self._cdp.send(
                "Runtime.callFunctionOn",
                {"objectId": thing, "functionDeclaration": f"function() {{ return ({WORDS})(this); }}",
                 "returnByValue": True},
            )["result"]["value"]  # fmt: skip
            description = _plain(self._node(thing).get("description", {}).get("value", ""))
            yield from (f"not told with its field: {one}" for one in words if _plain(one) not in description)
        for id in self.page.evaluate("() => [...document.querySelectorAll('[aria-invalid]:not([aria-describedby])')]"
                                     ".map(one => one.id)"):  # fmt: skip
            yield f"wrong, and nobody says why: {id}"

    def _live(self) -> Iterator[str]:
        """What was just done is said by itself, and has the focus."""
        told = self._elements(f"document.querySelectorAll('{TOLD}')")
        roles = [_role(self._node(thing)) for thing in told]
        if set(roles) - {"status", "alert"}:
            yield f"what was done is in no live region, but in {roles}"
        if told and not self.page.evaluate(f"() => document.activeElement.matches('{TOLD}')"):
            yield "the focus is not where it is told what was done"

    def _hidden(self) -> Iterator[str]:
        """What the Tab key reaches is in the tree."""
        there = {node.get("backendDOMNodeId") for node in self.nodes}
        for thing in self._elements(f"({STOPS})().filter(one => one.tabIndex >= 0)"):
            described = self._cdp.send("DOM.describeNode", {"objectId": thing})["node"]
            if described["backendNodeId"] not in there:
                yield f"can be focused, and is not told: {described['nodeName']} {described.get('attributes')}"

    def _order(self) -> Iterator[str]:
        """Whatever is told later stands no higher, unless it stands beside."""
        before, words = Box(0, 0, 0, 0), ""
        for node in self._main():
            # What a style sheet writes has no place of its own.
            if "backendDOMNodeId" not in node or _role(node) not in PLACED or not _name(node).strip():
                continue
            box = self._box(node)
            if box and box.bottom <= before.top and box.left < before.right:
                yield f"“{_name(node)[:40]}” is told after “{words[:40]}” and stands above it"
            before, words = (box, _name(node)) if box else (before, words)

    def _main(self) -> Iterator[Node]:
        main = next(node for node in self.nodes if _role(node) == "main")
        return (node for node in self._walk(main) if not node["ignored"])

    def _box(self, node: Node) -> Box | None:
        """Where it stands; None where nothing is to be seen of it."""
        quads = self._cdp.send("DOM.getContentQuads", {"backendNodeId": node["backendDOMNodeId"]})["quads"]
        across = [x for quad in quads for x in quad[::2]]
        down = [y for quad in quads for y in quad[1::2]]
        return Box(min(across), min(down), max(across), max(down)) if quads else None

    def _node(self, thing: str) -> Node:
        asked = {"objectId": thing, "fetchRelatives": False}
        told: Node = self._cdp.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
        return told

    def _elements(self, expression: str) -> list[str]:
        """The handles of a list of elements."""
        whole = self._cdp.send("Runtime.evaluate", {"expression": f"[...{expression}]"})["result"]["objectId"]
        held = self._cdp.send("Runtime.getProperties", {"objectId": whole, "ownProperties": True})["result"]
        return [one["value"]["objectId"] for one in held if one["name"].isdigit()]


def _role(node: Node) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: Node) -> str:
    return str(node.get("name", {}).get("value", ""))


def _property(node: Node, name: str) -> Any:
    return next(one["value"]["value"] for one in node["properties"] if one["name"] == name)


def _plain(text: str) -> str:
    return "".join(text.split())
