"""Which comments of a list are nearly the same as which, on disk: signatures, and the buckets they are found by.

In each band a comment is compared with those that stand within `WINDOW` places of it in the same bucket, in the order
of their numbers: what `clusters` does in memory, for one comment after the other.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from gongshi.comments import clusters, similarity
from gongshi.comments.family_models import Bucket, CommentSignature
from gongshi.comments.similarity import WINDOW, Signature

# More than this many values in one statement are too many for some databases.
AT_ONCE = 5_000
Pair = tuple[int, int]

_SIDE = "seq {sign} wanted.seq ORDER BY seq {order} LIMIT :window"
_SQLITE = """
    WITH wanted(key, seq) AS (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:wanted))
    SELECT wanted.key, wanted.seq, found.seq FROM wanted CROSS JOIN comment_bucket AS found
    WHERE found.key = wanted.key
    AND found.seq IN (SELECT seq FROM comment_bucket WHERE key = wanted.key AND {side})
"""
_POSTGRESQL = """
    SELECT wanted.key, wanted.seq, found.seq
    FROM (SELECT (value->>0)::bigint AS key, (value->>1)::int AS seq
          FROM jsonb_array_elements(CAST(:wanted AS jsonb)) AS value) AS wanted
    CROSS JOIN LATERAL (SELECT seq FROM comment_bucket WHERE key = wanted.key AND {side}) AS found
"""
_BEFORE = {"sign": "<", "order": "DESC"}
_AFTER = {"sign": ">", "order": "ASC"}


@dataclass
class Around:
    """Who stands around one comment in one bucket, the nearest first."""

    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)

    @property
    def across(self) -> list[Pair]:
        """Pairs that are within reach of each other exactly when this comment is not between them."""
        return [
            (self.before[WINDOW - place - 1], later)
            for place, later in enumerate(self.after)
            if WINDOW - place - 1 < len(self.before)
        ]


def put(session: Session, consultation_id: UUID, signed: Sequence[tuple[UUID, int, Signature]]) -> None:
    """Store signatures of comments, by their ids and running numbers, so that they are found."""
    if not signed:
        return
    session.execute(
        insert(CommentSignature),
        [
            {
                "comment_id": comment_id,
                "consultation_id": consultation_id,
                "seq": seq,
                "pieces": signature.pieces,
                "numbers": similarity.packed(signature.numbers),
            }
            for comment_id, seq, signature in signed
        ],
    )
    numbers = np.stack([signature.numbers for _, _, signature in signed])
    rows = zip([seq for _, seq, _ in signed], bucket_keys(consultation_id, numbers), strict=True)
    session.execute(insert(Bucket), [{"key": key, "seq": seq} for seq, keys in rows for key in keys])


def take_away(session: Session, consultation_id: UUID, seq: int) -> None:
    """Destroy the signature of a comment and what it is found by."""
    own = stored(session, consultation_id, [seq])
    if seq in own:
        keys = bucket_keys(consultation_id, own[seq].numbers[None])[0]
        session.execute(delete(Bucket).where(Bucket.key.in_(keys), Bucket.seq == seq))
        session.execute(
            delete(CommentSignature).where(
                CommentSignature.consultation_id == consultation_id, CommentSignature.seq == seq
            )
        )


def around(session: Session, consultation_id: UUID, seqs: Collection[int]) -> dict[int, list[Around]]:
    """For each of these comments, who stands around it in each bucket that it shares with others."""
    return _around(session, consultation_id, stored(session, consultation_id, seqs))


def near(session: Session, consultation_id: UUID, seq: int, signature: Signature) -> list[tuple[int, float]]:
    """Who shares a bucket with a text that may not be stored yet, and the estimate of each; the most alike first."""
    places = _around(session, consultation_id, {seq: signature})[seq]
    met = stored(session, consultation_id, {other for one in places for other in (*one.before, *one.after)})
    found = [(other, similarity.estimate(signature, theirs)) for other, theirs in met.items()]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _around(session: Session, consultation_id: UUID, signed: dict[int, Signature]) -> dict[int, list[Around]]:
    places: dict[tuple[int, int], Around] = {}
    if signed:
        keys = bucket_keys(consultation_id, np.stack([signature.numbers for signature in signed.values()]))
        wanted = json.dumps([(key, seq) for seq, of in zip(signed, keys, strict=True) for key in of])
        for key, seq, other in _side(session, wanted, _BEFORE):
            places.setdefault((key, seq), Around()).before.append(other)
        for key, seq, other in _side(session, wanted, _AFTER):
            places.setdefault((key, seq), Around()).after.append(other)
    found: dict[int, list[Around]] = {seq: [] for seq in signed}
    for (_, seq), one in places.items():
        one.before.sort(reverse=True)
        one.after.sort()
        found[seq].append(one)
    return found


def kin(session: Session, consultation_id: UUID, seqs: Collection[int]) -> list[Pair]:
    """The pairs of nearly the same comments of which one is among these."""
    found = around(session, consultation_id, seqs)
    met = {(seq, other) for seq, places in found.items() for one in places for other in (*one.before, *one.after)}
    return alike(session, consultation_id, met)


def alike(session: Session, consultation_id: UUID, pairs: Iterable[Pair]) -> list[Pair]:
    """Those of these pairs that are nearly the same, each once, the lower number first."""
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    signed = stored(session, consultation_id, {seq for pair in wanted for seq in pair})
    if not signed:
        return []
    place = {seq: at for at, seq in enumerate(signed)}
    numbers = np.stack([signature.numbers for signature in signed.values()])
    pieces = np.array([signature.pieces for signature in signed.values()], dtype=np.int32)
    one, other = (np.array([place[pair[side]] for pair in wanted], dtype=np.int64) for side in (0, 1))
    seqs = list(signed)
    lower, higher = clusters.alike(numbers, pieces, one, other)
    return [(seqs[left], seqs[right]) for left, right in zip(lower.tolist(), higher.tolist(), strict=True)]


def bucket_keys(consultation_id: UUID, numbers: similarity.Numbers) -> list[list[int]]:
    """The keys of signatures, one a row, mixed with the list's own number: lists share no bucket."""
    own = np.uint64(consultation_id.int >> 64 ^ consultation_id.int & (1 << 64) - 1)
    keys: list[list[int]] = (similarity.keys(numbers) ^ own).view(np.int64).tolist()
    return keys


def _side(session: Session, wanted: str, side: dict[str, str]) -> list[tuple[int, int, int]]:
    shape = _POSTGRESQL if session.get_bind().dialect.name == "postgresql" else _SQLITE
    statement = text(shape.format(side=_SIDE.format(**side)))
    return [(key, seq, other) for key, seq, other in session.execute(statement, {"wanted": wanted, "window": WINDOW})]


def stored(session: Session, consultation_id: UUID, seqs: Collection[int]) -> dict[int, Signature]:
    """The signatures of comments by their running numbers."""
    columns = (CommentSignature.seq, CommentSignature.numbers, CommentSignature.pieces)
    query = select(*columns).where(CommentSignature.consultation_id == consultation_id)
    wanted, found = list(seqs), {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = session.execute(query.where(CommentSignature.seq.in_(wanted[start : start + AT_ONCE])))
        found.update({seq: Signature(similarity.unpacked(numbers), pieces) for seq, numbers, pieces in rows})
    return found
