"""修改前后对照: two versions of a plan side by side, word by word, with what caused each difference."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from sqlalchemy.orm import Session

from gongshi.projects import plan_text
from gongshi.projects.models import PlanVersion
from gongshi.projects.plan_text import PlanParagraph, PlanRisk, PlanText
from gongshi.revisions import queries as revisions
from gongshi.revisions.differences import Difference, aligned, differences
from gongshi.revisions.models import Change, ChangeKind, Subject
from gongshi.revisions.redline import Mark, redline

Pieces = tuple[tuple[Mark, str], ...]
Place = tuple[Subject, str]

RISK_FIELDS = ("description", "severity", "prevention", "compensation", "owner")


@dataclass(frozen=True)
class Wording:
    """One field of a paragraph or risk, before and after, in marked pieces. Empty where it did not exist."""

    name: str
    before: Pieces
    after: Pieces

    @property
    def is_changed(self) -> bool:
        return any(mark is not Mark.KEPT for mark, _ in (*self.before, *self.after))


@dataclass(frozen=True)
class Changed:
    """A paragraph or risk that differs, and every published change that made it so, oldest first.

    For one that moved: the keys it stood behind, before and after; empty at the beginning.
    """

    difference: Difference
    wordings: tuple[Wording, ...]
    changes: tuple[Change, ...]
    stood_behind: str = ""
    stands_behind: str = ""

    is_changed = True

    @property
    def key(self) -> str:
        return self.difference.key

    @property
    def kind(self) -> ChangeKind:
        return self.difference.kind


@dataclass(frozen=True)
class Unchanged:
    """A stretch of paragraphs or risks that read the same in both versions."""

    items: tuple[PlanParagraph | PlanRisk, ...]

    is_changed = False


@dataclass(frozen=True)
class Upcoming:
    """A version that is still being written, by the number it will have."""

    number: int
    summary: str = ""


@dataclass(frozen=True)
class Comparison:
    """Both texts in the reading order of the later one."""

    before: PlanVersion
    after: PlanVersion | Upcoming
    paragraphs: tuple[Changed | Unchanged, ...]
    risks: tuple[Changed | Unchanged, ...]

    @property
    def changed(self) -> list[Changed]:
        return [one for one in (*self.paragraphs, *self.risks) if isinstance(one, Changed)]


def compare(session: Session, before: PlanVersion, after: PlanVersion) -> Comparison:
    """What differs between two published versions of one plan, the earlier one given first."""
    return _compared(before, after, plan_text.of(after), _changes(session, before, after))


def compare_upcoming(before: PlanVersion, text: PlanText, *, summary: str = "") -> Comparison:
    """What differs between a published version and the text that may become the next one. Nothing caused it yet."""
    return _compared(before, Upcoming(before.number + 1, summary), text, defaultdict(list))


def _compared(
    before: PlanVersion, after: PlanVersion | Upcoming, new: PlanText, made: Mapping[Place, list[Change]]
) -> Comparison:
    old = plan_text.of(before)
    found = {(one.subject, one.key): one for one in differences(old, new)}
    neighbours = _behind(old), _behind(new)

    def row(place: Place, item: PlanParagraph | PlanRisk) -> Changed | PlanParagraph | PlanRisk:
        difference = found.get(place)
        return item if difference is None else _changed(difference, made[place], *neighbours)

    paragraphs = [row((Subject.PARAGRAPH, one.key), one) for one in _later(aligned(old, new))]
    risks = [row((Subject.RISK, one.key), one) for one in _risks(old, new)]
    return Comparison(before, after, tuple(_folded(paragraphs)), tuple(_folded(risks)))


def _changes(session: Session, before: PlanVersion, after: PlanVersion) -> Mapping[Place, list[Change]]:
    made: defaultdict[Place, list[Change]] = defaultdict(list)
    for revision in revisions.of_project(session, after.project):
        if before.number < revision.to_version.number <= after.number:
            for change in revision.changes:
                made[change.subject, change.key].append(change)
    return made


def _changed(
    difference: Difference, changes: Iterable[Change], old: Mapping[str, str], new: Mapping[str, str]
) -> Changed:
    wordings = tuple(_wordings(difference))
    if difference.kind is not ChangeKind.MOVED:
        return Changed(difference, wordings, tuple(changes))
    return Changed(difference, wordings, tuple(changes), old[difference.key], new[difference.key])


def _wordings(difference: Difference) -> Iterator[Wording]:
    names = ("text",) if difference.subject is Subject.PARAGRAPH else RISK_FIELDS
    for name in names:
        before, after = _field(difference.before, name), _field(difference.after, name)
        marked = redline(before, after)
        yield Wording(
            name,
            tuple(piece for piece in marked if piece[0] is not Mark.ADDED),
            tuple(piece for piece in marked if piece[0] is not Mark.REMOVED),
        )


def _field(item: PlanParagraph | PlanRisk | None, name: str) -> str:
    return str(getattr(item, name) or "") if item is not None else ""


def _behind(text: PlanText) -> dict[str, str]:
    paragraphs = ["", *(one.key for one in text.paragraphs)]
    risks = ["", *(one.key for one in text.risks)]
    return {key: behind for keys in (paragraphs, risks) for behind, key in pairwise(keys)}


def _later(pairs: Iterable[tuple[PlanParagraph | None, PlanParagraph | None]]) -> Iterator[PlanParagraph]:
    for before, after in pairs:
        item = after or before
        assert item is not None
        yield item


def _risks(old: PlanText, new: PlanText) -> list[PlanRisk]:
    kept = {one.key for one in new.risks}
    return [*new.risks, *(one for one in old.risks if one.key not in kept)]


def _folded(rows: Iterable[Changed | PlanParagraph | PlanRisk]) -> Iterator[Changed | Unchanged]:
    for is_changed, run in groupby(rows, key=lambda row: isinstance(row, Changed)):
        if is_changed:
            yield from (row for row in run if isinstance(row, Changed))
        else:
            yield Unchanged(tuple(row for row in run if not isinstance(row, Changed)))
