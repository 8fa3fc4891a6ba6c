"""Boxes, lines and text of a drawing, measured here so that the server can draw it: no script, no font of our own.

Widths are counted in ems of the drawing's one font size: a Chinese character takes one, a Latin letter a little more
than half. Coordinates are the SVG's own units, which are CSS pixels when the drawing is shown at its full width.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

FONT = 14
LINE = 21
PAD = 9
_WORD = re.compile(r"[\x21-\x7e]+ ?|.", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One line of text in a box; `style` is strong, quiet or seal. Words of the record are Chinese on every page."""

    text: str
    style: str = ""
    is_record: bool = False


@dataclass(frozen=True)
class Box:
    """A node: a link with lines of text in it. `style` is major, met, unmet or faint."""

    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]
    href: str
    style: str = ""

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def rows(self) -> list[tuple[int, Line]]:
        """Each line with the height of its baseline."""
        return [(self.y + PAD + LINE * place + 15, line) for place, line in enumerate(self.lines)]


@dataclass(frozen=True)
class Edge:
    """A line from one node to another; `is_arrow` gives it a head."""

    path: str
    tip: str = ""


@dataclass(frozen=True)
class Stop:
    """Where a line visibly ends, and the words that say how; `is_gap` where it should not end."""

    x: int
    y: int
    text: str
    is_gap: bool = False


@dataclass
class Drawing:
    """A drawing while it is being made, and as a template reads it."""

    width: int
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    captions: list[Stop] = field(default_factory=list)

    def box(self, at: tuple[int, int], width: int, lines: Iterable[Line], href: str, style: str = "") -> Box:
        """Add a node as high as its text needs."""
        fitted = tuple(fit(lines, width))
        made = Box(at[0], at[1], width, height_of(len(fitted)), fitted, href, style)
        self.boxes.append(made)
        self.height = max(self.height, made.bottom)
        return made

    def across(self, start: tuple[int, int], end: tuple[int, int], turn: int) -> None:
        """Draw a line that runs across, turns at x = `turn`, and ends in an arrow."""
        self.edges.append(Edge(f"M{start[0]} {start[1]}H{turn}V{end[1]}H{end[0] - 5}", _tip_right(*end)))

    def down(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Draw a line straight down that ends in an arrow."""
        self.edges.append(Edge(f"M{start[0]} {start[1]}V{end[1] - 5}", f"M{end[0]} {end[1]}l-5 -8h10z"))

    def plain(self, path: str) -> None:
        """Draw a line without an arrow."""
        self.edges.append(Edge(path))

    def stop(self, start: tuple[int, int], end: int, text: str, *, is_gap: bool = False) -> None:
        """End a line with a bar and the words that say how it ended."""
        self.edges.append(Edge(f"M{start[0]} {start[1]}H{end}M{end} {start[1] - 7}v14"))
        self.stops.append(Stop(end + 8, start[1] + 5, text, is_gap))
        self.height = max(self.height, start[1] + 10)


def fit(lines: Iterable[Line], width: int) -> Iterable[Line]:
    """The same lines, those that are too long for a box of this width broken into several."""
    room = (width - 2 * PAD) / FONT
    for line in lines:
        for text in wrap(line.text, room):
            yield Line(text, line.style, line.is_record)


def height_of(lines: int) -> int:
    return lines * LINE + 2 * PAD


def wrap(text: str, room: float) -> list[str]:
    """Break a text into lines of at most so many ems; Latin words stay whole where they fit."""
    rows, taken = [""], 0.0
    for word in _WORD.findall(text):
        needed = ems(word.rstrip())
        if rows[-1] and taken + needed > room:
            rows.append("")
            taken = 0.0
        rows[-1] += word
        taken += ems(word)
    return [row.rstrip() for row in rows]


def ems(text: str) -> float:
    """How wide a text is, in ems."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.57 for sign in text)


def _tip_right(x: int, y: int) -> str:
    return f"M{x} {y}l-8 -5v10z"
