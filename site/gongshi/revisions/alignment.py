"""Which paragraph of a new text is which of the one before it, so that ids stay though the applicant sends none. Pure.

In this order, and the same every time: an id that the text itself carries and the plan knows; the same words, in place
or moved; one paragraph cut into several (the first part keeps the id) or several made one (the first id stays); similar
words, of the same kind before others, near before far. What finds no predecessor is new and gets a number above every
one that any version of the plan ever used. Rows of the risk register are told by the same words, then by their number,
then by similar words.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from gongshi.projects.plan_text import PlanParagraph, PlanRisk, PlanText
from gongshi.projects.plan_writing import unkeyed
from gongshi.revisions.likeness import Piece
from gongshi.revisions.matching import Matching


class Numbers:
    """Ids that no version of a plan ever had: each time the one above the highest."""

    def __init__(self, prefix: str, known: Collection[str]) -> None:
        taken = (key.removeprefix(prefix) for key in known if key.startswith(prefix))
        self._prefix = prefix
        self._last = max((int(number) for number in taken if number.isdecimal()), default=0)

    def following(self) -> str:
        self._last += 1
        return f"{self._prefix}{self._last}"


def align(markdown: str, *, before: PlanText, used: Collection[str] = (), working: PlanText | None = None) -> PlanText:
    """The new text under the ids that its paragraphs and risks had before.

    `used`: every key that any version of this plan had. `working`: the text as last kept, whose new ids stay too.
    Raises PlanUnreadable with the line.
    """
    found = unkeyed(markdown)
    kept = working or PlanText((), ())
    known = {*used, *_keys_of(before), *_keys_of(kept)}
    paragraphs = _paragraph_keys(
        [_of_paragraph(one) for one in found.text.paragraphs],
        found.said,
        [_of_paragraph(one) for one in before.paragraphs],
        [_of_paragraph(one) for one in kept.paragraphs],
    )
    risks = _risk_keys(
        [_of_risk(one) for one in found.text.risks],
        found.risks_said,
        [_of_risk(one) for one in before.risks],
        [_of_risk(one) for one in kept.risks],
    )
    return PlanText(
        tuple(
            replace(one, key=key)
            for one, key in zip(found.text.paragraphs, _numbered(paragraphs, Numbers("p-", known)), strict=True)
        ),
        tuple(
            replace(one, key=key)
            for one, key in zip(found.text.risks, _numbered(risks, Numbers("r-", known)), strict=True)
        ),
    )


def as_new(text: PlanText, key: str, *, used: Collection[str]) -> PlanText:
    """The same text, in which this paragraph or risk is not the earlier one of its key but a new one."""
    return as_earlier(text, key, Numbers(key[:2], {*used, *_keys_of(text)}).following())


def as_earlier(text: PlanText, key: str, earlier: str) -> PlanText:
    """The same text, in which this paragraph or risk is the earlier one of that key."""
    return PlanText(
        tuple(replace(one, key=earlier) if one.key == key else one for one in text.paragraphs),
        tuple(replace(one, key=earlier) if one.key == key else one for one in text.risks),
    )


def _paragraph_keys(
    news: Sequence[Piece], said: Sequence[str | None], before: Sequence[Piece], kept: Sequence[Piece]
) -> list[str | None]:
    found = Matching(news, {one.key for one in (*before, *kept)})
    found.believe(said)
    found.same_words(kept)
    found.same_words(before)
    found.alike(before)
    found.similar(kept)
    return found.keys


def _risk_keys(
    news: Sequence[Piece], said: Sequence[str | None], before: Sequence[Piece], kept: Sequence[Piece]
) -> list[str | None]:
    found = Matching(news, {one.key for one in (*before, *kept)})
    found.same_words(kept)
    found.same_words(before)
    found.believe(said)
    found.similar(before)
    found.similar(kept)
    return found.keys


def _numbered(keys: Sequence[str | None], numbers: Numbers) -> list[str]:
    return [key or numbers.following() for key in keys]


def _keys_of(text: PlanText) -> set[str]:
    return {one.key for one in text.paragraphs} | {one.key for one in text.risks}


def _of_paragraph(one: PlanParagraph) -> Piece:
    return Piece(one.key, one.block, one.text)


def _of_risk(one: PlanRisk) -> Piece:
    return Piece(one.key, "risk", one.description)
