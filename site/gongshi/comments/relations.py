"""Keeps the families of a list right as comments enter, and as texts change: who is joined to whom, and who parts.

When a comment leaves or enters in the middle, those around it in a bucket come within reach of each other, or out of
it. Joins are made at once; whether a family still hangs together is asked by walking from the places where it was cut,
all at the same pace, so that it costs as much as the smaller parts and not as much as the family.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from gongshi.comments import kinship, representatives, walks
from gongshi.comments.family_models import Family
from gongshi.comments.kinship import Pair
from gongshi.comments.models import CommentState
from gongshi.comments.triage_models import Triage

Standing = Row[int, UUID, UUID | None, CommentState]


def enter(session: Session, row: Triage) -> None:
    """A comment whose text was replaced is put among those that came after it."""
    consultation_id = row.consultation_id
    places = kinship.around(session, consultation_id, [row.seq]).get(row.seq, [])
    cut = kinship.alike(session, consultation_id, (pair for one in places for pair in one.across))
    link(session, consultation_id, kinship.kin(session, consultation_id, [row.seq]))
    _part(session, consultation_id, {seq for pair in cut for seq in pair})


def leave(session: Session, row: Triage) -> None:
    """A comment goes from among the others, with all that it was compared by."""
    consultation_id, seq = row.consultation_id, row.seq
    places = kinship.around(session, consultation_id, [seq]).get(seq, [])
    kin = {one for pair in kinship.kin(session, consultation_id, [seq]) for one in pair} - {seq}
    kinship.take_away(session, consultation_id, seq)
    family = session.get(Family, row.family_id) if row.family_id else None
    if family is not None:
        if family.shown_seq == seq:
            family.shown_seq = None
        row.family_id = None
        family.size -= 1
        session.flush()
        representatives.recount(session, family)
    link(session, consultation_id, kinship.alike(session, consultation_id, (p for one in places for p in one.across)))
    _part(session, consultation_id, kin)


def link(session: Session, consultation_id: UUID, pairs: Iterable[Pair]) -> None:
    """Make one family of what these pairs join."""
    found = list(pairs)
    standing = _standing(session, consultation_id, {seq for pair in found for seq in pair})
    # Somebody in a family stands for all of it.
    joined = walks.groups([(_token(standing[one]), _token(standing[other])) for one, other in found])
    alone = {row.comment_id: row for row in standing.values() if row.family_id is None}
    for group in joined:
        if len(group) > 1:
            families = [session.get_one(Family, one) for one in group if one not in alone]
            _merge(session, consultation_id, families, [alone[one] for one in group if one in alone])


def _merge(session: Session, consultation_id: UUID, families: list[Family], alone: list[Standing]) -> None:
    """The largest takes in the others, so that no comment changes its family often."""
    families.sort(key=lambda one: (-one.size, one.seq))
    heads = [(one.seq, one.head_id) for one in families] + [(one.seq, one.comment_id) for one in alone]
    shown = [one.shown_seq for one in families if one.shown_seq is not None]
    shown += [one.seq for one in alone if one.state is CommentState.PUBLISHED]
    seq, head_id = min(heads)
    if families:
        kept = families[0]
    else:
        kept = Family(consultation_id=consultation_id, seq=seq, head_id=head_id, size=0, published=0)
        session.add(kept)
    kept.size = sum(one.size for one in families) + len(alone)
    kept.published = sum(one.published or 0 for one in families)
    kept.published += sum(one.state is CommentState.PUBLISHED for one in alone)
    kept.seq, kept.head_id = seq, head_id
    session.flush()
    _move(session, kept, families[1:], [one.comment_id for one in alone])
    for one in shown:
        representatives.mark(session, consultation_id, one, is_representative=False)
    kept.shown_seq = None
    representatives.stand(session, kept, min(shown, default=None))
    session.flush()


def _move(session: Session, into: Family, families: list[Family], alone: list[UUID]) -> None:
    for start in range(0, len(alone), kinship.AT_ONCE):
        some = alone[start : start + kinship.AT_ONCE]
        session.execute(update(Triage).where(Triage.comment_id.in_(some)).values(family_id=into.id))
    for family in families:
        session.execute(update(Triage).where(Triage.family_id == family.id).values(family_id=into.id))
        session.delete(family)
    session.flush()


def _part(session: Session, consultation_id: UUID, seeds: set[int]) -> None:
    """See whether the families of these comments still hang together, and part those that do not."""
    families: dict[UUID, set[int]] = defaultdict(set)
    for row in _standing(session, consultation_id, seeds).values():
        if row.family_id is not None:
            families[row.family_id].add(row.seq)
    for family_id, cut in families.items():
        family = session.get_one(Family, family_id)
        parts = walks.apart(cut, lambda seqs: kinship.kin(session, consultation_id, seqs))
        for part in parts:
            _split_off(session, family, part)
        if family.size == 1:
            _split_off(session, family, {family.seq})
        elif parts:
            representatives.recount(session, family)
        if family.size == 0:
            session.execute(delete(Family).where(Family.id == family_id))
    session.flush()


def _split_off(session: Session, family: Family, part: set[int]) -> None:
    """Take a part out of its family; two or more are a family of their own."""
    rows = sorted(_standing(session, family.consultation_id, part).values(), key=lambda row: row.seq)
    shown = [row.seq for row in rows if row.state is CommentState.PUBLISHED]
    family.size -= len(rows)
    if family.shown_seq in part:
        family.shown_seq = None
    own = None
    if len(rows) > 1:
        first = rows[0]
        own = Family(
            consultation_id=family.consultation_id,
            seq=first.seq,
            head_id=first.comment_id,
            size=len(rows),
            published=len(shown),
            shown_seq=min(shown, default=None),
        )
        session.add(own)
    session.flush()
    ids = [row.comment_id for row in rows]
    for start in range(0, len(ids), kinship.AT_ONCE):
        some = ids[start : start + kinship.AT_ONCE]
        session.execute(update(Triage).where(Triage.comment_id.in_(some)).values(family_id=own.id if own else None))
    representatives.mark(session, family.consultation_id, min(shown, default=None), is_representative=True)


def _standing(session: Session, consultation_id: UUID, seqs: set[int]) -> dict[int, Standing]:
    query = select(Triage.seq, Triage.comment_id, Triage.family_id, Triage.state)
    query = query.where(Triage.consultation_id == consultation_id)
    wanted, found = list(seqs), dict[int, Standing]()
    for start in range(0, len(wanted), kinship.AT_ONCE):
        rows = session.execute(query.where(Triage.seq.in_(wanted[start : start + kinship.AT_ONCE])))
        found.update({row.seq: row for row in rows})
    return found


def _token(row: Standing) -> UUID:
    token: UUID = row.family_id or row.comment_id
    return token
