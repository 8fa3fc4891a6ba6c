"""The public ledger for people: its size, its root, its signed head, its entries; and the head for programs."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from gongshi.ledger import Kind, heads, queries
from gongshi.ledger import checkpoint as checkpoints
from gongshi.ledger.models import LedgerEntry
from gongshi.ledger.notes import MalformedNote
from gongshi.web import ledger_words
from gongshi.web.db import session
from gongshi.web.languages import link
from gongshi.web.moment import now
from gongshi.web.places import cursor
from gongshi.web.settings import settings

bp = Blueprint("ledger", __name__)
machine = Blueprint("ledger", __name__)
PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An entry as a row of the page. `acted_at` differs from `recorded_at` only for what was loaded as content."""

    index: int
    kind: Kind
    acted_at: datetime
    recorded_at: datetime
    leaf_hash: str
    body: str
    words: str
    address: str | None

    @property
    def is_of_the_past(self) -> bool:
        return self.acted_at != self.recorded_at


@bp.get("/ledger/")
def show() -> ResponseReturnValue:
    size = queries.size(session())
    start = min(cursor("before") or size, size)
    entries = queries.entries(session(), before=start, limit=PER_PAGE)
    newer, oldest = min(start + PER_PAGE, size), entries[-1].index if entries else 0
    return render_template(
        "public/ledger/show.html",
        size=size,
        root=base64.b64encode(queries.root(session())).decode(),
        checkpoint=_checkpoint(),
        lines=[_line(entry) for entry in entries],
        before=link("ledger.show", before=newer if newer < size else None) if start < size else None,
        following=link("ledger.show", before=oldest) if oldest else None,
    )


@machine.get("/ledger/checkpoint")
def checkpoint() -> ResponseReturnValue:
    """The latest signed head, exactly as it was signed."""
    note = heads.latest(settings().DATA_DIR / "ledger")
    text, status = (str(note), 200) if note else ("no checkpoint has been signed yet\n", 404)
    return Response(text, status, mimetype="text/plain", headers={"Cache-Control": "no-cache"})


def _checkpoint() -> checkpoints.Checkpoint | None:
    try:
        return checkpoints.last_checkpoint(settings().DATA_DIR / "ledger")
    except MalformedNote:
        return None


def _line(entry: LedgerEntry) -> Line:
    body: Mapping[str, Any] = json.loads(entry.body)
    words, address = ledger_words.of(entry.kind, body["subject"])
    # What is approved and not public yet has no page that could be read.
    since = body["subject"].get("public_from")
    if since is not None and datetime.fromisoformat(since) > now():
        address = None
    return Line(
        index=entry.index,
        kind=entry.kind,
        acted_at=datetime.fromisoformat(body.get("acted_at") or body["at"]),
        recorded_at=entry.recorded_at,
        leaf_hash=entry.leaf_hash.hex(),
        body=entry.body,
        words=words,
        address=address,
    )
