"""After a flood: is everything there that people were promised, once, in its place in the ledger?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from floods.people import Answer, Letter, Shown
from gongshi import db
from gongshi.comments import receipts
from gongshi.comments.models import Comment, Submission
from gongshi.ledger import checkpoint
from gongshi.ledger import queries as log
from gongshi.ledger.kinds import Kind
from gongshi.ledger.models import LedgerEntry
from gongshi.web.ledger_head import folder

LOST, TWICE, NOT_FOUND = "comments lost", "comments kept twice", "receipts shown and not found again"
DIFFERENT = "people with two different receipts"


@dataclass
class Memory:
    """What people remember: which receipts each was shown. Several for one letter must be the same one."""

    shown: dict[Letter, set[Shown]] = field(default_factory=dict)

    def keep(self, answers: Iterable[Answer]) -> list[Letter]:
        """Remember the receipts. Returns the letters that got none."""
        without = []
        for answer in answers:
            if answer.receipt is None:
                without.append(answer.letter)
            else:
                self.shown.setdefault(answer.letter, set()).add(answer.receipt)
        return without


def audit(config: Config, memory: Memory, *, sent: int, all_answered: bool = True) -> tuple[dict[str, int], int]:
    """Every way in which a promise may be broken, with how often it was; and how many entries the ledger has.

    Where not everybody went on until there was an answer, nobody is missed for having none.
    """
    engine = db.make_engine(config.database_url)
    with Session(engine) as session:
        faults = promised(session, memory) | in_order(session)
        texts = Counter(session.scalars(select(Comment.text)))
        known = {text for letter in memory.shown for text in letter.texts}
        if all_answered:
            faults["people without a receipt in the end"] = sent - len(memory.shown)
            faults["comments nobody sent"] = len(set(texts) - known)
        faults["ledger short of what was signed"] = int(checkpoint.guard(session, folder(config)) is not None)
        size = log.size(session)
    engine.dispose()
    return faults, size


def promised(session: Session, memory: Memory) -> dict[str, int]:
    """What people were told, against what is stored."""
    texts = Counter(session.scalars(select(Comment.text)))
    numbers = select(Submission.receipt_number, Submission.secret_sha256)
    kept = {number: secret for number, secret in session.execute(numbers)}
    return {
        NOT_FOUND: sum(not _opens(kept, one) for pairs in memory.shown.values() for one in pairs),
        DIFFERENT: sum(len(pairs) > 1 for pairs in memory.shown.values()),
        LOST: sum(texts[text] == 0 for letter in memory.shown for text in letter.texts),
        TWICE: sum(times - 1 for times in texts.values()),
    }


def in_order(session: Session) -> dict[str, int]:
    """Running numbers without gaps, an entry for every comment, and a root that is that of the entries."""
    highest, count = session.execute(select(func.max(Comment.seq), func.count(Comment.id))).one()
    return {
        "gaps in the running numbers": int((highest or 0) - count),
        "comments without their ledger entry": _without_entry(session),
        "gaps in the ledger": _holes(session),
        "ledger root not that of its entries": int(log.recompute(session) != log.root(session)),
    }


def _opens(kept: dict[str, str], receipt: Shown) -> bool:
    number, secret = receipt
    return number in kept and receipts.opens(secret, kept[number])


def _holes(session: Session) -> int:
    highest, count = session.execute(select(func.max(LedgerEntry.index), func.count(LedgerEntry.index))).one()
    return int((-1 if highest is None else highest) + 1 - count)


def _without_entry(session: Session) -> int:
    entries = {
        entry.index: entry.subject["comment"]
        for entry in session.scalars(select(LedgerEntry).where(LedgerEntry.kind == Kind.COMMENT_RECEIVED))
    }
    numbers = {index: number for index, number in session.execute(select(Comment.ledger_index, Comment.number))}
    return len(set(entries.items()) ^ set(numbers.items()))
