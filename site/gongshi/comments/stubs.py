"""What is not shown, or not as it was sent: comments that are withheld, withdrawn, covered in part, erased, replaced.

Each such act leaves a stub with its date, its reason, who decided it, its entry in the log and the hash of the text as
it was received. What was replaced before anyone could read it has a stub, too: the log says so as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from gongshi.accounts.models import Approval, Role
from gongshi.accounts.two_people import ACTS
from gongshi.comments.erasure_models import Erasure, ErasureReason
from gongshi.comments.models import Appeal, Comment, CommentState, Redaction, Withholding, WithholdingReason
from gongshi.comments.text_models import TextChange, TextChangeKind
from gongshi.consultations.models import Consultation
from gongshi.ledger.models import LedgerEntry


class StubKind(StrEnum):
    """What happened to the text of a comment: 不予公开, 撤回, 部分遮盖, 删除, 更换."""

    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    REDACTED = "redacted"
    ERASED = "erased"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Stub:
    """One act upon one comment. `decided` are the roles of the two who decided, empty where the sender did."""

    comment: Comment
    kind: StubKind
    at: datetime
    reason: WithholdingReason | ErasureReason | None
    approval: Approval | None
    ledger_index: int | None
    sha256: str
    appeal: Appeal | None = None

    @property
    def roles(self) -> list[Role]:
        """The roles that prepare and approve such an act; none where its sender acted."""
        if self.approval is None:
            return []
        return [role for side in ACTS[self.approval.act] for role in sorted(side)]


def page(
    session: Session, consultation: Consultation, *, kind: StubKind | None = None, after: int = 0, limit: int
) -> list[Stub]:
    """The stubs of the next so many comments of a list from the one after number `after` on, in their order."""
    kinds = [kind] if kind else list(StubKind)
    seqs: set[int] = set()
    for one in kinds:
        query = _concerned(one).where(Comment.consultation_id == consultation.id, Comment.seq > after)
        seqs.update(session.scalars(query.order_by(Comment.seq).limit(limit)))
    return _of(session, consultation, sorted(seqs)[:limit], frozenset(kinds))


def of_comment(session: Session, comment: Comment) -> list[Stub]:
    """The stubs of one comment, in the order of the acts."""
    found = _of(session, comment.consultation, [comment.seq], frozenset(StubKind))
    return sorted(found, key=lambda stub: stub.at)


def every(session: Session, consultation: Consultation, *, kind: StubKind | None = None) -> Iterator[Stub]:
    """All stubs of a list, in their order."""
    after, portion = 0, 500
    while found := page(session, consultation, kind=kind, after=after, limit=portion):
        yield from found
        after = found[-1].comment.seq


def _concerned(kind: StubKind) -> Select[Any]:
    """The running numbers of the comments with stubs of one kind."""
    numbers = select(Comment.seq)
    if kind in {StubKind.WITHHELD, StubKind.WITHDRAWN}:
        return numbers.where(Comment.state == CommentState(kind.value))
    if kind is StubKind.REDACTED:
        return numbers.where(Comment.id.in_(select(Redaction.comment_id)))
    if kind is StubKind.ERASED:
        return numbers.where(Comment.id.in_(select(Erasure.comment_id)))
    replaced = select(TextChange.comment_id).where(TextChange.kind == TextChangeKind.REPLACED)
    return numbers.where(Comment.id.in_(replaced))


def _of(session: Session, consultation: Consultation, seqs: Iterable[int], kinds: frozenset[StubKind]) -> list[Stub]:
    here = select(Comment).where(Comment.consultation_id == consultation.id, Comment.seq.in_(list(seqs)))
    people = (selectinload(Withholding.approval), selectinload(Withholding.appeals).selectinload(Appeal.decision))
    comments = session.scalars(
        here.order_by(Comment.seq).options(
            selectinload(Comment.withholding).options(*people),
            selectinload(Comment.redactions).selectinload(Redaction.approval),
            selectinload(Comment.round),
        )
    ).all()
    erasures = _by_comment(session, Erasure, comments)
    replaced = _by_comment(session, TextChange, comments)
    hashes = _hashes(session, comments)
    found = []
    for comment in comments:
        sha256 = hashes[comment.id]
        found += [*_settled(comment, sha256), *_covered(comment, sha256)]
        found += [
            Stub(comment, StubKind.ERASED, one.erased_at, one.reason, one.approval, one.ledger_index, sha256)
            for one in erasures.get(comment.id, [])
        ]
        found += [
            Stub(comment, StubKind.REPLACED, one.changed_at, None, None, one.ledger_index, sha256)
            for one in replaced.get(comment.id, [])
            if one.kind is TextChangeKind.REPLACED
        ]
    return [stub for stub in found if stub.kind in kinds]


def _settled(comment: Comment, sha256: str) -> Iterator[Stub]:
    if comment.state is CommentState.WITHDRAWN:
        yield Stub(comment, StubKind.WITHDRAWN, comment.state_at, None, None, comment.state_ledger_index, sha256)
    if comment.state is CommentState.WITHHELD and comment.withholding is not None:
        held = comment.withholding
        appeal = held.appeals[-1] if held.appeals else None
        index = comment.state_ledger_index
        yield Stub(
            comment, StubKind.WITHHELD, held.withheld_at, held.reason_in_force, held.approval, index, sha256, appeal
        )


def _covered(comment: Comment, sha256: str) -> Iterator[Stub]:
    for one in comment.redactions:
        yield Stub(comment, StubKind.REDACTED, one.redacted_at, one.reason, one.approval, one.ledger_index, sha256)


def _by_comment(session: Session, table: Any, comments: Iterable[Comment]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    query = select(table).where(table.comment_id.in_([one.id for one in comments])).order_by(table.ledger_index)
    for row in session.scalars(query.options(selectinload(table.approval))):
        found.setdefault(row.comment_id, []).append(row)
    return found


def _hashes(session: Session, comments: Iterable[Comment]) -> dict[UUID, str]:
    """What the log committed to when each comment was received: the salted hash of its text."""
    indexes = {one.ledger_index: one.id for one in comments}
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.index.in_(list(indexes))))
    found = {indexes[entry.index]: str(entry.subject.get("c", {}).get("text", "")) for entry in entries}
    return {comment_id: found.get(comment_id, "") for comment_id in indexes.values()}
