"""The one verb of the log: append."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi.clock import iso
from gongshi.ledger import kinds, merkle, queries
from gongshi.ledger.commitments import canonical
from gongshi.ledger.kinds import Kind
from gongshi.ledger.models import LedgerEntry, LedgerNode

FORMAT = 1
# What the length prefix of a C2SP entry tile can say.
MAX_BODY = 65_535


def append(session: Session, kind: Kind, subject: Mapping[str, object], *, at: datetime) -> LedgerEntry:
    """Record a public act in the transaction of the act itself (rule 16). The entry that comes back has its index.

    If the clock was found stepped back, that is recorded first. Under `session.info["source"] == "content"` the act
    is told as one of the past: `acted_at`, beside the true `recorded_at`. Raises RuntimeError outside `db.writing`,
    ValueError for a subject that this kind may not hold, and TreeMismatch where the stored tree has a hole.
    """
    if "recorded_at" not in session.info:
        raise RuntimeError("the ledger is written inside db.writing only")
    stepped_by = session.info.pop("clock_stepped_by", None)
    if stepped_by is not None:
        _append(session, Kind.CLOCK_STEPPED, {"seconds": round(stepped_by)}, at=session.info["recorded_at"])
    return _append(session, kind, subject, at=at)


def _append(session: Session, kind: Kind, subject: Mapping[str, object], *, at: datetime) -> LedgerEntry:
    kinds.check(kind, subject)
    body = canonical({"v": FORMAT, "kind": kind, **_moments(session, at), "subject": dict(subject)})
    data = body.encode()
    if len(data) > MAX_BODY:
        raise ValueError(f"{kind}: an entry has at most {MAX_BODY} bytes")

    edge = queries.frontier(session, queries.size(session))
    leaf = merkle.leaf_hash(data)
    entry = LedgerEntry(index=edge.size, kind=kind, recorded_at=session.info["recorded_at"], body=body, leaf_hash=leaf)
    session.add(entry)
    session.add_all(LedgerNode(level=level, index=index, hash=held) for (level, index), held in edge.add(leaf))
    session.flush()
    return entry


def _moments(session: Session, at: datetime) -> dict[str, str]:
    if at.tzinfo is None:
        raise ValueError("naive datetime")
    if session.info.get("source") == "content":
        return {"acted_at": iso(at), "recorded_at": iso(session.info["recorded_at"]), "source": "content"}
    return {"at": iso(at)}
