"""What the Whoosh index holds of a document: tokens with their places, and one line to recognise it by. No text.

Raise SCHEMA_VERSION with every change here or in `tokens`; the worker then rebuilds the index by itself.
"""

import struct
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from whoosh import fields, formats
from whoosh.columns import VarBytesColumn

from gongshi.search import tokens
from gongshi.search.documents import Document, Ref
from gongshi.search.query import MOST_CHARACTERS

SCHEMA_VERSION = 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CARD = struct.Struct("<qI")

Posting = tuple[bytes, int, float, bytes]


class Card(NamedTuple):
    """What the index knows of a document besides its tokens: enough to order hits and to fetch them."""

    ref: Ref
    microseconds: int
    units: int


class Places(formats.Positions):  # type: ignore[misc]  # Whoosh has no types.
    """The places of a token as plain 32-bit numbers: smaller and much faster than Whoosh's pickled lists."""

    def encode(self, places: list[int]) -> bytes:
        numbers = array("I", places)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers.tobytes()

    def decode_positions(self, value: bytes) -> "array[int]":
        numbers = array("I")
        numbers.frombytes(value)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4


class PlacedTokens(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types.
    """A field given as (place, token) pairs, already cut."""

    def __init__(self) -> None:
        super().__init__(Places(), None)

    def index(self, value: Iterable[tuple[int, str]], **_: Any) -> Iterator[Posting]:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, token in value:
            places[token].append(place)
        for token, found in places.items():
            yield token.encode(), len(found), float(len(found)), self.format.encode(found)


class Exact(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types.
    """A field given as one token, or nothing."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: str, **_: Any) -> Iterator[Posting]:
        if value:
            yield value.encode(), 1, 1.0, b""


def schema() -> fields.Schema:
    """Kind and id; the whole title; names and body, with places; the Chinese characters of the body; the card."""
    return fields.Schema(
        key=Exact(),
        title=Exact(),
        names=PlacedTokens(),
        body=PlacedTokens(),
        characters=fields.COLUMN(VarBytesColumn()),
        card=fields.COLUMN(VarBytesColumn()),
    )


def key_of(ref: Ref) -> str:
    return ":".join(ref)


def fields_of(document: Document) -> dict[str, object]:
    """A document as arguments for Whoosh's `add_document`."""
    names = [tokens.squeeze(name) for name in (document.title, *document.names)]
    units = tokens.cut(document.body)
    title = names[0]
    key = key_of(document.ref)
    microseconds = (document.at - _EPOCH) // timedelta(microseconds=1)
    return {
        "key": key,
        # No query is longer, so a longer title is never all of one.
        "title": title if len(title) <= MOST_CHARACTERS else "",
        "names": list(_in_one_row(names)),
        "body": list(tokens.body_tokens(units)),
        "characters": tokens.characters(units).encode(),
        "card": _CARD.pack(microseconds, len(units)) + key.encode(),
    }


def read_card(value: bytes) -> Card:
    microseconds, units = _CARD.unpack_from(value)
    kind, _, id = value[_CARD.size :].decode().partition(":")
    return Card((kind, id), microseconds, units)


def _in_one_row(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The tokens of several names, a place left free between them, so that no match runs from one into the next."""
    start = 0
    for name in names:
        for place, token in tokens.name_tokens(name):
            yield start + place, token
        start += len(name) + 1
