"""What differs between two texts of a plan, paragraph by paragraph and risk by risk. Pure.

Paragraphs are matched by their keys, which stay through versions. Of the paragraphs that both texts have, the longest
run that kept its order stayed where it was; the others moved. One that moved and was reworded counts as reworded.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from gongshi.projects.plan_text import PlanParagraph, PlanRisk, PlanText
from gongshi.revisions.models import ChangeKind, Subject


@dataclass(frozen=True)
class Difference:
    """One paragraph or risk that is not as it was. What did not exist is None."""

    subject: Subject
    key: str
    kind: ChangeKind
    before: PlanParagraph | PlanRisk | None
    after: PlanParagraph | PlanRisk | None


def differences(before: PlanText, after: PlanText) -> list[Difference]:
    """In the reading order of the new text; what was removed stands where it was last read."""
    return [
        *_between(Subject.PARAGRAPH, before.paragraphs, after.paragraphs),
        *_between(Subject.RISK, before.risks, after.risks),
    ]


def aligned(before: PlanText, after: PlanText) -> list[tuple[PlanParagraph | None, PlanParagraph | None]]:
    """Both texts side by side in one order: the new text's, with removed paragraphs where they were last read."""
    old = {one.key: one for one in before.paragraphs}
    new = {one.key: one for one in after.paragraphs}
    return [(old.get(key), new.get(key)) for key in _reading_order(list(old), list(new))]


def _between(
    subject: Subject, before: Sequence[PlanParagraph | PlanRisk], after: Sequence[PlanParagraph | PlanRisk]
) -> list[Difference]:
    old = {one.key: one for one in before}
    new = {one.key: one for one in after}
    stayed = kept_order([key for key in old if key in new], [key for key in new if key in old])
    found = []
    for key in _reading_order(list(old), list(new)):
        kind = _kind(old.get(key), new.get(key), key in stayed)
        if kind is not None:
            found.append(Difference(subject, key, kind, old.get(key), new.get(key)))
    return found


def _kind(
    before: PlanParagraph | PlanRisk | None, after: PlanParagraph | PlanRisk | None, stayed: bool
) -> ChangeKind | None:
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    if before != after:
        return ChangeKind.REWORDED
    return None if stayed else ChangeKind.MOVED


def _reading_order(old: list[str], new: list[str]) -> list[str]:
    order = list(new)
    for place, key in enumerate(old):
        if key not in order:
            before = next((one for one in reversed(old[:place]) if one in order), None)
            order.insert(order.index(before) + 1 if before else 0, key)
    return order


def kept_order(old: list[str], new: list[str]) -> set[str]:
    """The longest common subsequence of two orders of the same keys (as a longest increasing subsequence)."""
    position = {key: place for place, key in enumerate(old)}
    tails: list[int] = []
    tail_keys: list[str] = []
    previous: dict[str, str | None] = {}
    for key in new:
        place = bisect_left(tails, position[key])
        previous[key] = tail_keys[place - 1] if place else None
        tails[place:], tail_keys[place:] = [position[key], *tails[place + 1 :]], [key, *tail_keys[place + 1 :]]
    kept: set[str] = set()
    last = tail_keys[-1] if tail_keys else None
    while last is not None:
        kept.add(last)
        last = previous[last]
    return kept
