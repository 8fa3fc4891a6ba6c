"""Finding a part of a query in one segment of a Whoosh index: exactly, by the places of its tokens.

Whoosh serves as an inverted file and nothing more: postings are read one after the other, and its query classes,
scorers and collectors, some of which lose documents or miscount them, are not used (docs/decisions/0007).
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.reading import TermNotFound

from gongshi.search import tokens
from gongshi.search.engine import TooBroad
from gongshi.search.query import Part
from gongshi.search.tokens import Step

Counts = dict[int, int]
"""How often something was found in each document, by the document's number in the segment."""
PlacesByDocument = dict[int, set[int]]


class Deadline:
    """The moment after which a search gives up with `TooBroad`."""

    def __init__(self, seconds: float) -> None:
        self._moment = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() > self._moment:
            raise TooBroad


def in_names(reader: Any, part: Part, deadline: Deadline) -> Counts:
    return _row(reader, "names", tokens.name_steps(part.squeezed), deadline)


def in_body(reader: Any, characters: Iterable[bytes], part: Part, deadline: Deadline) -> Counts:
    """`characters` are those of each document's body."""
    if len(part.units) == 1 and tokens.is_cjk(part.units[0]):
        return _with_character(reader, characters, part.units[0], deadline)
    return _row(reader, "body", tokens.body_steps(part.units, open_ended=part.open_ended), deadline)


def titled(reader: Any, squeezed: str, deadline: Deadline) -> Counts:
    """Documents whose whole title this is."""
    return _counts(reader, "title", squeezed, deadline)


def numbers_of(reader: Any, key: str) -> list[int]:
    """The live documents with this key: one, or none."""
    return list(_ids(reader, "key", key))


def _row(reader: Any, field: str, steps: list[Step], deadline: Deadline) -> Counts:
    """Where all steps stand at their offsets from one and the same place."""
    if len(steps) == 1:
        return _any_of(reader, field, steps[0], deadline)
    firm = sorted(
        (step for step in steps if not step.is_prefix), key=lambda step: int(reader.doc_frequency(field, step.term))
    )
    found = dict(_places(reader, field, firm[0], deadline))
    for step in firm[1:]:
        if not found:
            break
        found = _narrowed(found, _places_among(reader, field, step, found, deadline))
    for step in steps:
        if step.is_prefix:
            found = _narrowed(found, _prefix_places(reader, field, step, found, deadline).items())
    return {number: len(places) for number, places in found.items()}


def _narrowed(found: PlacesByDocument, places: Iterable[tuple[int, set[int]]]) -> PlacesByDocument:
    return {number: both for number, there in places if (both := found[number] & there)}


def _prefix_places(
    reader: Any, field: str, step: Step, found: PlacesByDocument, deadline: Deadline
) -> PlacesByDocument:
    """Places among the documents found so far of every token that begins with the step's term."""
    gathered: PlacesByDocument = {}
    for term in _beginning_with(reader, field, step.term):
        deadline.check()
        for number, places in _places_among(reader, field, step._replace(term=term), found, deadline):
            gathered.setdefault(number, set()).update(places)
    return gathered


def _any_of(reader: Any, field: str, step: Step, deadline: Deadline) -> Counts:
    if not step.is_prefix:
        return _counts(reader, field, step.term, deadline)
    counts: Counts = {}
    for term in _beginning_with(reader, field, step.term):
        for number, count in _counts(reader, field, term, deadline).items():
            counts[number] = counts.get(number, 0) + count
    return counts


def _with_character(reader: Any, characters: Iterable[bytes], character: str, deadline: Deadline) -> Counts:
    """Documents with this Chinese character in the body. It may begin thousands of tokens; one column is quicker."""
    deadline.check()
    wanted = character.encode()
    return {number: 1 for number, there in enumerate(characters) if wanted in there and not reader.is_deleted(number)}


def _beginning_with(reader: Any, field: str, prefix: str) -> Iterator[str]:
    for term in reader.expand_prefix(field, prefix):
        yield term.decode()


def _ids(reader: Any, field: str, term: str) -> Iterator[int]:
    matcher = _matcher(reader, field, term)
    while matcher is not None and matcher.is_active():
        yield matcher.id()
        matcher.next()


def _counts(reader: Any, field: str, term: str, deadline: Deadline) -> Counts:
    deadline.check()
    counts: Counts = {}
    matcher = _matcher(reader, field, term)
    while matcher is not None and matcher.is_active():
        counts[matcher.id()] = int(matcher.weight())
        matcher.next()
    return counts


def _places(reader: Any, field: str, step: Step, deadline: Deadline) -> Iterator[tuple[int, set[int]]]:
    """Each document with the token, and where a row would have to begin for the token to stand at its offset."""
    deadline.check()
    matcher = _matcher(reader, field, step.term)
    while matcher is not None and matcher.is_active():
        yield matcher.id(), _beginnings(matcher, step)
        matcher.next()


def _places_among(
    reader: Any, field: str, step: Step, found: PlacesByDocument, deadline: Deadline
) -> Iterator[tuple[int, set[int]]]:
    """The same, of the documents found so far only; whole blocks of others are skipped unread."""
    deadline.check()
    matcher = _matcher(reader, field, step.term)
    if matcher is None:
        return
    for number in found:
        if not matcher.is_active():
            return
        if matcher.id() < number:
            matcher.skip_to(number)
        if matcher.is_active() and matcher.id() == number:
            yield number, _beginnings(matcher, step)


def _beginnings(matcher: Any, step: Step) -> set[int]:
    return {place - step.offset for place in matcher.value_as("positions")}


def _matcher(reader: Any, field: str, term: str) -> Any:
    try:
        return reader.postings(field, term)
    except TermNotFound:
        return None
