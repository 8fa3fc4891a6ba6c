"""What the holder of a receipt can prove: the entries made of a comment's words, and what of them can be opened."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from gongshi.comments import personal, queries
from gongshi.comments.models import Comment
from gongshi.comments.personal_models import PersonalDetail
from gongshi.ledger import proofs
from gongshi.ledger import queries as log
from gongshi.ledger.models import LedgerEntry
from gongshi.ledger.notes import Note
from gongshi.ledger.proofs import Opening
from gongshi.sealing import CannotOpen, KeyRing

PERSONAL = frozenset({"name", "contact"})


@dataclass(frozen=True)
class Provable:
    """An entry made of a comment's words, and what lies behind its commitments as far as it is still held."""

    entry: LedgerEntry
    committed: tuple[str, ...]
    openings: tuple[Opening, ...]

    @property
    def index(self) -> int:
        return self.entry.index

    @property
    def is_first(self) -> bool:
        """Whether it tells when the comment came; a later one tells what its words were replaced by."""
        return self.entry.kind == "comment.received"

    @property
    def has_person(self) -> bool:
        """Whether a name or contact would be opened with it."""
        return any(one.field in PERSONAL for one in self.openings)

    def written(self, session: Session, head: Note, *, with_person: bool) -> str:
        """The proof file. Raises NotCovered while no signed head covers the entry."""
        opened = [one for one in self.openings if with_person or one.field not in PERSONAL]
        return proofs.written(session, self.entry, head, opened)


def provable(session: Session, comment: Comment, *, indexes: Sequence[int], ring: KeyRing | None) -> list[Provable]:
    """What can be proved of a comment by these entries of the log; names and contacts only under `ring`."""
    held = list(_held(session, comment, ring))
    return [_provable(log.entry(session, index), held) for index in indexes]


def entry_of(session: Session, comment: Comment, index: int, *, ring: KeyRing | None) -> Provable:
    """The one made of this comment's words that has this index. Raises NoResultFound."""
    if index not in indexes_of(session, comment):
        raise NoResultFound
    return provable(session, comment, indexes=[index], ring=ring)[0]


def indexes_of(session: Session, comment: Comment) -> list[int]:
    """When it came, and the last replacement of its words if there was one: what its receipt is made of."""
    latest = queries.replacements(session, comment)[-1:]
    return [comment.ledger_index, *(change.ledger_index for change in latest)]


def has_person(session: Session, comment: Comment) -> bool:
    """Whether a name or a contact is still held beside this comment."""
    held = select(PersonalDetail.comment_id).where(PersonalDetail.comment_id == comment.id).limit(1)
    return session.scalar(held) is not None


def _provable(entry: LedgerEntry, held: Iterable[Opening]) -> Provable:
    committed = json.loads(entry.body)["subject"]["c"]
    return Provable(entry, tuple(sorted(committed)), tuple(proofs.openings_of(committed, held)))


def _held(session: Session, comment: Comment, ring: KeyRing | None) -> Iterable[Opening]:
    if comment.text_salt:
        yield Opening("text", comment.text_salt, comment.text)
    if comment.resolution_salt and comment.resolution is not None:
        yield Opening("resolution", comment.resolution_salt, comment.resolution)
    for earlier in queries.earlier_texts(session, comment):
        yield Opening("text", earlier.text_salt, earlier.text)
        if earlier.resolution_salt and earlier.resolution is not None:
            yield Opening("resolution", earlier.resolution_salt, earlier.resolution)
    if ring is not None:
        yield from _held_of_person(session, comment, ring)


def _held_of_person(session: Session, comment: Comment, ring: KeyRing) -> Iterable[Opening]:
    for detail in session.scalars(select(PersonalDetail).where(PersonalDetail.comment_id == comment.id)):
        try:
            one = personal.opened(detail, ring)
        except CannotOpen:
            continue  # Its key was destroyed: there is nothing to open any more.
        yield Opening(detail.field.value, one.salt, one.text)
