"""Which objections a comment may belong to, the likeliest first: a help for the eye, never a decision.

A text is a set of pairs of neighbouring characters (and of words), as search reads them. An objection is what it says
and what the first comments under it say. Rare pairs weigh more than common ones; a long objection gains nothing by its
length. The ranking is the same for the same record. `rank` is pure.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from threading import Lock
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from gongshi.comments.models import Comment
from gongshi.objections.models import Concern, Objection, Placement
from gongshi.objections.queries import STANDS
from gongshi.search.tokens import body_tokens, cut

# So many comments are enough to know an objection by; more would only slow the first look down.
COMMENTS_READ = 12
SAME_PROJECT = 1.25
SAME_PARAGRAPH = 1.5
LEAST = 0.08
PROFILES_KEPT = 4000

Pairs = frozenset[str]
# An objection, how many of its comments are read, how many projects it concerns.
_Key = tuple[UUID, int, int]


@dataclass(frozen=True)
class Suggestion:
    """An objection that a comment may belong to; beyond a likeness of 0.5 the texts share most of their words."""

    objection: Objection
    likeness: float


@dataclass(frozen=True)
class Profile:
    """What an objection is compared by."""

    pairs: Pairs
    projects: frozenset[UUID]
    paragraphs: frozenset[tuple[UUID, str]]


def suggest(session: Session, comment: Comment, *, limit: int = 5) -> list[Suggestion]:
    """The standing objections of the comment's list that are most like it; those it is under already left out."""
    profiles = _profiles(session, comment)
    likeness = rank(pairs(comment.text, comment.resolution or ""), {id: one.pairs for id, one in profiles.items()})
    weighed = {id: found * _nearness(comment, profiles[id]) for id, found in likeness.items()}
    best = sorted(((found, str(id), id) for id, found in weighed.items() if found >= LEAST), reverse=True)[:limit]
    query = (
        select(Objection)
        .where(Objection.id.in_([id for _, _, id in best]))
        .options(selectinload(Objection.disposition))
    )
    found = {one.id: one for one in session.scalars(query)}
    return [Suggestion(found[id], likeness) for likeness, _, id in best]


def pairs(*texts: str) -> Pairs:
    """The pairs of a text."""
    return frozenset(token for text in texts for _, token in body_tokens(cut(text)) if not token.startswith("\0"))


def rank(text: Pairs, others: Mapping[UUID, Pairs]) -> dict[UUID, float]:
    """How much of a text each other one shares, 0 to about 1, rare pairs weighing more."""
    if not text or not others:
        return {}
    # By place in a row, because hashing the ids of three hundred objections sixty times over takes most of the time.
    ids, held = list(others), list(others.values())
    shared, whole, usual = [0.0] * len(ids), 0.0, sum(map(len, held)) / len(held)
    for pair in sorted(text):
        holders = [place for place, one in enumerate(held) if pair in one]
        weight = log(1 + len(held) / (1 + len(holders)))
        whole += weight
        for place in holders:
            shared[place] += weight
    return {
        id: found / whole / (0.75 + 0.25 * len(one) / usual)
        for id, one, found in zip(ids, held, shared, strict=True)
        if found
    }


def _nearness(comment: Comment, profile: Profile) -> float:
    if comment.project_id is None:
        return 1.0
    if (comment.project_id, comment.paragraph_key or "") in profile.paragraphs:
        return SAME_PARAGRAPH
    return SAME_PROJECT if comment.project_id in profile.projects else 1.0


def _profiles(session: Session, comment: Comment) -> dict[UUID, Profile]:
    """The profile of every objection that may be suggested; each is read once and kept until comments join it."""
    under = select(Placement.objection_id).where(Placement.comment_id == comment.id)
    placed = select(func.count()).where(Placement.objection_id == Objection.id).scalar_subquery()
    concerned = select(func.count()).where(Concern.objection_id == Objection.id).scalar_subquery()
    rows = session.execute(
        select(Objection.id, placed, concerned).where(
            Objection.consultation_id == comment.consultation_id, STANDS, Objection.id.not_in(under)
        )
    )
    wanted = {(id, min(comments, COMMENTS_READ), projects): id for id, comments, projects in rows}
    known = _KEPT.of(wanted)
    unknown = {id: key for key, id in wanted.items() if key not in known}
    if unknown:
        read = _read(session, unknown)
        known |= {unknown[id]: profile for id, profile in read.items()}
        _KEPT.keep({unknown[id]: profile for id, profile in read.items()})
    return {wanted[key]: profile for key, profile in known.items()}


def _read(session: Session, ids: Iterable[UUID]) -> dict[UUID, Profile]:
    ids = list(ids)
    said = {
        id: [title, text]
        for id, title, text in session.execute(
            select(Objection.id, Objection.title, Objection.text).where(Objection.id.in_(ids))
        )
    }
    projects: dict[UUID, set[UUID]] = {id: set() for id in said}
    for id, project_id in session.execute(
        select(Concern.objection_id, Concern.project_id).where(Concern.objection_id.in_(ids))
    ):
        projects[id].add(project_id)
    paragraphs: dict[UUID, set[tuple[UUID, str]]] = {id: set() for id in said}
    for id, text, project_id, key in session.execute(_first_comments(ids)):
        said[id].append(text)
        if project_id is not None and key is not None:
            paragraphs[id].add((project_id, key))
    return {id: Profile(pairs(*said[id]), frozenset(projects[id]), frozenset(paragraphs[id])) for id in said}


def _first_comments(ids: list[UUID]):  # type: ignore[no-untyped-def]  # A row of four columns, named once.
    place = func.row_number().over(partition_by=Placement.objection_id, order_by=Comment.seq).label("place")
    every = (
        select(Placement.objection_id, Comment.text, Comment.project_id, Comment.paragraph_key, place)
        .join(Comment, Comment.id == Placement.comment_id)
        .where(Placement.objection_id.in_(ids))
        .subquery()
    )
    return select(every.c.objection_id, every.c.text, every.c.project_id, every.c.paragraph_key).where(
        every.c.place <= COMMENTS_READ
    )


class _Kept:
    """Profiles of this process, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._profiles: OrderedDict[_Key, Profile] = OrderedDict()
        self._lock = Lock()

    def of(self, keys: Iterable[_Key]) -> dict[_Key, Profile]:
        with self._lock:
            found = {key: self._profiles[key] for key in keys if key in self._profiles}
            for key in found:
                self._profiles.move_to_end(key)
            return found

    def keep(self, profiles: Mapping[_Key, Profile]) -> None:
        with self._lock:
            self._profiles.update(profiles)
            while len(self._profiles) > PROFILES_KEPT:
                self._profiles.popitem(last=False)


_KEPT = _Kept()
