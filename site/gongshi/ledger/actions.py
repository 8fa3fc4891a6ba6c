"""The one verb of the log: append."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from gongshi.clock import iso
from gongshi.ledger import kinds, merkle, queries
from gongshi.ledger.commitments import canonical
from gongshi.ledger.kinds import Kind
from gongshi.ledger.merkle import Frontier
from gongshi.ledger.models import LedgerEntry, LedgerNode

FORMAT = 1
# What the length prefix of a C2SP entry tile can say.
MAX_BODY = 65_535
# More acts than anybody enters while a clock is behind, a microsecond each.
WHILE_TIME_STANDS_STILL = timedelta(seconds=1)
SAME_STEP_SECONDS = 2


def append(session: Session, kind: Kind, subject: Mapping[str, object], *, at: datetime) -> LedgerEntry:
    """Record a public act in the transaction of the act itself (rule 16). The entry that comes back has its index.

    If the clock was found stepped back, that is recorded first. Under `session.info["source"] == "content"` the act
    is told as one of the past: `acted_at`, beside the true `recorded_at`. Raises RuntimeError outside `db.writing`,
    ValueError for a subject that this kind may not hold, and TreeMismatch where the stored tree has a hole.
    """
    if "recorded_at" not in session.info:
        raise RuntimeError("the ledger is written inside db.writing only")
    stepped_by = session.info.pop("clock_stepped_by", None)
    if stepped_by is not None and not _is_told(session, stepped_by):
        _append(session, Kind.CLOCK_STEPPED, {"seconds": round(stepped_by)}, at=session.info["recorded_at"])
    return _append(session, kind, subject, at=at)


def _is_told(session: Session, stepped_by: float) -> bool:
    """Whether this is the step back that the log told of last. Until the clock has caught up every act finds it again.

    Meanwhile acts follow each other by a microsecond; and a further step would find the clock further back.
    """
    # A group of acts is not flushed before its end, so the entry may still wait to be written.
    new = [one for one in session.new if isinstance(one, LedgerEntry) and one.kind == Kind.CLOCK_STEPPED]
    told = max(new, key=lambda one: one.index, default=None) or queries.last_of(session, Kind.CLOCK_STEPPED)
    if told is None or session.info["recorded_at"] - told.recorded_at > WHILE_TIME_STANDS_STILL:
        return False
    return bool(stepped_by > told.subject["seconds"] - SAME_STEP_SECONDS)


def _append(session: Session, kind: Kind, subject: Mapping[str, object], *, at: datetime) -> LedgerEntry:
    kinds.check(kind, subject)
    body = canonical({"v": FORMAT, "kind": kind, **_moments(session, at), "subject": dict(subject)})
    data = body.encode()
    if len(data) > MAX_BODY:
        raise ValueError(f"{kind}: an entry has at most {MAX_BODY} bytes")

    edge = _edge(session)
    leaf = merkle.leaf_hash(data)
    entry = LedgerEntry(index=edge.size, kind=kind, recorded_at=session.info["recorded_at"], body=body, leaf_hash=leaf)
    session.add(entry)
    session.add_all(LedgerNode(level=level, index=index, hash=held) for (level, index), held in edge.add(leaf))
    session.info["ledger_edge"] = _Edge(edge, entry)
    return entry


class _Edge(NamedTuple):
    """The right edge of the log as this transaction has left it, and the entry that made it so."""

    frontier: Frontier
    last: LedgerEntry


def _edge(session: Session) -> Frontier:
    # Under the write lock nobody else appends, so the edge is read once. After a savepoint was rolled back it is read
    # again: its last entry has left the session, or it has grown beyond the entry that is known.
    known = session.info.get("ledger_edge")
    if isinstance(known, _Edge) and known.last in session and known.frontier.size == known.last.index + 1:
        return known.frontier
    return queries.frontier(session, queries.size(session))


def _moments(session: Session, at: datetime) -> dict[str, str]:
    if at.tzinfo is None:
        raise ValueError("naive datetime")
    if session.info.get("source") == "content":
        return {"acted_at": iso(at), "recorded_at": iso(session.info["recorded_at"]), "source": "content"}
    return {"at": iso(at)}
