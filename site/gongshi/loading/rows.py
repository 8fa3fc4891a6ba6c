"""What the rows of comments, objections, answers and decisions say, checked before anything is done."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from gongshi.comments.models import Channel, CommentKind, CommentState, WithholdingReason
from gongshi.loading.files import Entry, read_csv
from gongshi.loading.timeline import time_of

COMMENT_COLUMNS = (
    "ref", "day", "time", "channel", "submission", "kind", "project", "paragraph", "text", "resolution", "state",
    "reason",
)  # fmt: skip

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class CommentRow:
    """One line of `comments*.csv`."""

    entry: Entry
    ref: str
    day: int
    time: time
    channel: Channel
    submission: str
    kind: CommentKind
    project: int | None
    paragraph: str | None
    text: str
    resolution: str | None
    state: CommentState
    reason: WithholdingReason | None


def read_comments(folder: Path) -> list[CommentRow]:
    """All comments of a consultation in the order of receipt; a ref occurs once."""
    rows = [_comment(row) for path in sorted(folder.glob("comments*.csv")) for row in read_csv(path, COMMENT_COLUMNS)]
    seen: set[str] = set()
    for row in rows:
        if row.ref in seen:
            raise row.entry.refuse("ref", f"意见编号 {row.ref} 重复；请换一个")
        seen.add(row.ref)
    return sorted(rows, key=lambda row: (row.day, row.time))


def word(entry: Entry, name: str, kind: type[Word]) -> Word:
    """A value that must be one of a closed list."""
    known = {member.value: member for member in kind}
    if entry.text(name) not in known:
        raise entry.refuse(name, f"“{name}”应是 {'、'.join(known)} 之一，这里是“{entry.text(name)}”")
    return known[entry.text(name)]


def _comment(row: Entry) -> CommentRow:
    state = word(row, "state", CommentState)
    return CommentRow(
        entry=row,
        ref=row.text("ref"),
        day=row.offset("day"),
        time=time_of(row, "time"),
        channel=word(row, "channel", Channel),
        submission=row.optional("submission") or row.text("ref"),
        kind=word(row, "kind", CommentKind),
        project=row.number("project") if row.optional("project") else None,
        paragraph=row.optional("paragraph") or None,
        text=row.text("text"),
        resolution=row.optional("resolution") or None,
        state=state,
        reason=word(row, "reason", WithholdingReason) if state is CommentState.WITHHELD else None,
    )
