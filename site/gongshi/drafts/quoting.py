"""Which drafts quote words of a comment that are erased, and how the quotation is destroyed.

A draft quotes them where one of its strings shares a run of twelve letters with them, punctuation and spaces aside,
that the public could not read anywhere before the comment came: plans, names and notices are quoted by both. What is
shorter is found only where it is the whole of a string.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.comments import erasing
from gongshi.comments.erasure_models import ErasedField
from gongshi.comments.models import Comment
from gongshi.drafts.models import Draft, DraftKind, DraftState
from gongshi.notices import queries as notices
from gongshi.projects import queries as projects
from gongshi.projects.models import PlanVersion

RUN = 12
MARK = "［已删除］"


class Fate(StrEnum):
    """What becomes of a draft that quotes what is erased."""

    # Its quotation is destroyed together with the text.
    EMPTIED = "emptied"
    # A letter that nobody has decided about: perhaps another sender's, with the same words.
    LETTER_IN_HAND = "letter-in-hand"
    # What came of it is on the public record, which an erasure of a comment does not reach.
    ON_RECORD = "on-record"


@dataclass(frozen=True)
class Quotation:
    """A draft that quotes what is to be erased."""

    draft: Draft
    fate: Fate


def find(session: Session, comment: Comment, words: "Words") -> list[Quotation]:
    """Every draft that quotes these words of a comment, of any kind and in any state, by its number.

    Letters that were entered are left out: each is the text of a comment, this one's or another's.
    """
    if not words.texts:
        return []
    return [
        Quotation(draft, _fate(draft))
        for draft in _drafts(session, comment)
        if not (draft.kind is DraftKind.LETTER and draft.state is DraftState.APPROVED)
        and any(words.are_in(one) for one in _strings(draft.contents))
    ]


def empty(session: Session, comment: Comment, words: "Words") -> None:
    """Destroy the quotations. Part of erasing, once its record is there: the database asks for it."""
    for found in find(session, comment, words):
        if found.fate is Fate.EMPTIED:
            found.draft.contents = _without(found.draft.contents, words)
            if found.draft.is_open:
                found.draft.edition += 1  # Whoever has it open on the screen does not write the words back.
    session.flush()


@dataclass(frozen=True)
class Words:
    """The words that an erasure destroys, and what the public could read before they came."""

    texts: frozenset[str]
    known: tuple[str, ...]

    @classmethod
    def of(cls, session: Session, comment: Comment, fields: Collection[ErasedField]) -> "Words":
        """Read before they are destroyed."""
        texts = frozenset(one.strip() for one in erasing.words(session, comment, fields) if one.strip())
        return cls(texts, tuple(_public_before(session, comment)) if texts else ())

    @cached_property
    def runs(self) -> frozenset[str]:
        """Every run of letters that tells a quotation."""
        told = {run for text in self.texts for run in _runs(_letters(text)[0])}
        return frozenset(told.difference(*(_runs(_letters(text)[0]) for text in self.known)))

    def are_in(self, string: str) -> bool:
        return self.are_all_of(string) or not self.runs.isdisjoint(_runs(_letters(string)[0]))

    def are_all_of(self, string: str) -> bool:
        return string.strip() in self.texts

    def taken_from(self, string: str) -> str:
        """The string with a mark in the place of each quotation, or nothing where it was nothing else."""
        if self.are_all_of(string):
            return ""
        letters, places = _letters(string)
        kept, upto = "", 0
        for start, stop in _joined(i for i, run in enumerate(_runs(letters)) if run in self.runs):
            kept += string[upto : places[start]] + MARK
            upto = places[stop - 1] + 1
        return kept + string[upto:]


def _fate(draft: Draft) -> Fate:
    if draft.state is DraftState.APPROVED:
        return Fate.ON_RECORD
    if draft.is_open and draft.kind is DraftKind.LETTER:
        return Fate.LETTER_IN_HAND
    return Fate.EMPTIED


def _drafts(session: Session, comment: Comment) -> Iterator[Draft]:
    """Those of its list, and those of its bureaus that are of no list."""
    bureaus = [one.id for one in comment.consultation.bureaus]
    of_no_list = Draft.consultation_id.is_(None) & Draft.bureau_id.in_(bureaus)
    concerned = (Draft.consultation_id == comment.consultation_id) | of_no_list
    yield from session.scalars(select(Draft).where(concerned).order_by(Draft.number))


def _public_before(session: Session, comment: Comment) -> Iterator[str]:
    consultation = comment.consultation
    yield consultation.title
    for project in projects.of_list(session, consultation):
        yield from (project.name, *(one.name for one in project.institutions))
        yield from (text for one in project.versions if _is_before(one, comment) for text in _texts_of(one))
    for notice in notices.every_of_list(session, consultation):
        if notice.published_at < comment.received_at:
            yield from (notice.title, notice.body)


def _is_before(version: PlanVersion, comment: Comment) -> bool:
    return version.published_at is not None and version.published_at < comment.received_at


def _texts_of(version: PlanVersion) -> Iterator[str]:
    yield from (version.title, version.summary)
    yield from (one.text for one in version.paragraphs)
    for risk in version.risks:
        yield from (risk.description, risk.prevention or "", risk.compensation or "", risk.owner or "")


def _letters(string: str) -> tuple[str, list[int]]:
    """The letters and digits of a string, and where each of them stands in it."""
    places = [place for place, character in enumerate(string) if character.isalnum()]
    return "".join(string[place] for place in places), places


def _runs(letters: str) -> list[str]:
    return [letters[start : start + RUN] for start in range(len(letters) - RUN + 1)]


def _joined(starts: Iterator[int]) -> list[tuple[int, int]]:
    """The stretches that runs cover which begin there, those that touch taken together."""
    stretches: list[tuple[int, int]] = []
    for start in starts:
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], start + RUN)
        else:
            stretches.append((start, start + RUN))
    return stretches


def _strings(held: Any) -> Iterator[str]:
    if isinstance(held, str) and not _is_a_key(held):
        yield held
    elif isinstance(held, dict):
        for one in held.values():
            yield from _strings(one)
    elif isinstance(held, list):
        for one in held:
            yield from _strings(one)


def _without(held: Any, words: Words) -> Any:
    if isinstance(held, str) and not _is_a_key(held) and words.are_in(held):
        return words.taken_from(held)
    if isinstance(held, dict):
        return {name: _without(one, words) for name, one in held.items()}
    if isinstance(held, list):
        return [_without(one, words) for one in held]
    return held


def _is_a_key(string: str) -> bool:
    """Numbers of things, instants, hashes and codes: what a draft needs to be read, and nobody's words."""
    return string.isascii() and not any(character.isspace() for character in string)
