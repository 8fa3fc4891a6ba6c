"""Fills a list with many comments at once, for benchmarks: rows as the acts would have left them, without the acts."""

import random
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.comments import family_rebuild, tallies
from gongshi.comments.models import Channel, Comment, CommentKind, CommentState, Submission
from gongshi.comments.triage_models import Queue, Triage
from gongshi.consultations.models import Consultation
from gongshi.projects import queries as projects

WORDS = [
    "模型", "复核", "每月", "季度", "客户", "信息", "泄露", "风险", "补偿", "机制", "数据",
    "存储", "境内", "期限", "人工", "坐席", "接管", "建议", "增加", "明确", "投资者", "保护",
]  # fmt: skip
LETTER = "本人反对本项目，理由是模型每季度复核一次太少，不足以及时发现失效，建议改为每月复核并公布结果。第{}封。"
KINDS = list(CommentKind)


def fill(session: Session, consultation: Consultation, count: int) -> None:
    """Add `count` comments: three in ten are form letters, the others all different. Call it inside `db.writing`."""
    listed = projects.of_list(session, consultation)
    start = tallies.of(session, consultation).received
    pool, template = random.Random(7), session.scalars(select(Submission)).first()
    assert template is not None
    session.flush()
    connection = session.connection()
    tally = tallies.of(session, consultation)
    tally.received, tally.pending = tally.received + count, tally.pending + count
    session.flush()
    for first in range(start + 1, start + count + 1, 5_000):
        rows = [
            _row(consultation, template, seq, listed[seq % len(listed)].id, _text(pool, seq))
            for seq in range(first, min(first + 5_000, start + count + 1))
        ]
        _insert(connection, rows)
    _families(session, consultation)


def _text(pool: random.Random, seq: int) -> str:
    return LETTER.format(seq % 7) if seq % 10 < 3 else "".join(pool.choices(WORDS, k=60))


def _row(consultation: Consultation, template: Submission, seq: int, project: object, text: str) -> dict[str, object]:
    received_at = template.received_at + timedelta(seconds=seq)
    return {
        "id": uuid4(), "submission_id": uuid4(), "consultation_id": consultation.id, "round_id": template.round_id,
        "seq": seq, "number": f"{consultation.number}-{seq:04d}", "kind": KINDS[seq % 4], "text": text,
        "text_salt": ledger.new_salt(), "project_id": project, "received_at": received_at, "ledger_index": 0,
        "state": CommentState.PENDING, "state_at": received_at, "channel": Channel.WEB, "queue": Queue.LOOK,
        "is_placed": False, "is_for_answer": False, "is_flagged": seq % 100 == 0,
    }  # fmt: skip


def _insert(connection: Connection, rows: list[dict[str, object]]) -> None:
    connection.execute(insert(Submission), [
        {"id": row["submission_id"], "consultation_id": row["consultation_id"], "round_id": row["round_id"],
         "submission_key": uuid4().hex, "body_sha256": "", "receipt_number": uuid4().hex, "secret_sha256": "",
         "channel": row["channel"], "received_at": row["received_at"]} for row in rows
    ])  # fmt: skip
    connection.execute(insert(Comment), [_only(row, Comment) for row in rows])
    connection.execute(insert(Triage), [{**_only(row, Triage), "comment_id": row["id"]} for row in rows])


def _only(row: dict[str, object], table: type) -> dict[str, object]:
    return {name: value for name, value in row.items() if name in table.__table__.columns}  # type: ignore[attr-defined]


def _families(session: Session, consultation: Consultation) -> None:
    """Families as the command works them out, in this transaction."""
    session.flush()
    family_rebuild.begin(session, consultation.id)
    while family_rebuild.wipe(session, consultation.id):
        pass
    texts = family_rebuild.read(session, consultation.id)
    for portion in texts.portions():
        family_rebuild.store(session, consultation.id, texts, portion)
    first = family_rebuild.firsts(texts, ())
    made = family_rebuild.establish(session, consultation.id, texts, first)
    for portion in texts.portions():
        family_rebuild.assign(session, texts, first, made, portion)
    family_rebuild.finish(session, consultation.id)
