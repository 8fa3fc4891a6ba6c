"""Every text that people wrote, replaced by hostile ones in the database itself, past every check.

What a page does with a text must not depend on what was let in. A text of people is known by its Chinese characters:
numbers, keys and codes have none, and stay. Texts that need have none are named, names of commenters are sealed anew,
and a plan in preparation goes on being one that can be read, whatever its paragraphs say.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Enum, Table, inspect, select, text, update

from config import Config
from gongshi import db, ledger
from gongshi.comments.models import Comment
from gongshi.comments.personal_models import PersonalDetail
from gongshi.drafts.models import Draft, DraftKind
from gongshi.migrations.tables import metadata
from gongshi.notices.models import Notice
from gongshi.projects import plan_text
from gongshi.projects.models import PlanDraft
from gongshi.projects.plan_text import PlanUnreadable
from gongshi.projects.plan_writing import written
from gongshi.sealing import KeyRing
from gongshi.web.keys import personal_ring

# What is signed or only for programs holds no words of people.
LEFT = {"ledger_entry", "search_outbox", "worker_lease"}
PLANS = {"markdown"}
CHINESE = re.compile("[\u4e00-\u9fff]")
# So that the search finds them.
FOUND_BY = "证券"
OF_A_PLAN = {"paragraph", "risk"}
ALSO = {
    ("bureau", "name_en"), ("consultation", "title_en"), ("notice_attachment", "name"),
    ("returned_version", "file_name"), ("staff_session", "user_agent"),
}  # fmt: skip


class Dose:
    """Hostile texts, so many of them in turn to each text of people: beginning with another one each time."""

    def __init__(self, texts: Sequence[str], share: int) -> None:
        self._texts = [one for one in texts if _can_be_stored(one)]
        self._share = min(share, len(self._texts))
        self.given = 0

    def next(self, turn: int | None = None) -> str:
        """The next texts, or those of a turn, and a number, because some texts of people are unique."""
        start = (self.given if turn is None else turn) * self._share
        self.given += 1
        taken = (self._texts[(start + place) % len(self._texts)] for place in range(self._share))
        return "\n".join([*taken, f"{FOUND_BY}{self.given}"])


def poison(config: Config, texts: Sequence[str], share: int) -> int:
    """Put `texts` into the texts of people, `share` of them into each; how many texts that were."""
    engine = db.make_engine(config.database_url)
    dose = Dose(texts, share)
    with engine.begin() as connection:
        _let_everything_change(connection)
        for table in metadata.sorted_tables:
            if table.name not in LEFT and inspect(connection).has_table(table.name):
                _poison(connection, table, dose)
        _seal_anew(connection, personal_ring(config), dose)
    engine.dispose()
    return dose.given


def make_plans_unreadable(config: Config, texts: Sequence[str]) -> None:
    """Plans in preparation, and those in drafts, as no form would ever keep them."""
    engine = db.make_engine(config.database_url)
    damaged = "\n".join(one for one in texts if _can_be_stored(one))
    with engine.begin() as connection:
        connection.execute(update(PlanDraft).values(markdown=damaged))
        held = select(Draft.id, Draft.contents).where(Draft.kind == DraftKind.REVISION)
        for id, contents in connection.execute(held).all():
            changed = {**contents, **dict.fromkeys(PLANS, damaged)}
            connection.execute(update(Draft).where(Draft.id == id).values(contents=changed))
    engine.dispose()


def put_into_notices(config: Config, texts: Sequence[str]) -> None:
    """Each as a paragraph of every notice, which is Markdown."""
    engine = db.make_engine(config.database_url)
    with engine.begin() as connection:
        connection.execute(update(Notice).values(body="\n\n".join(texts)))
    engine.dispose()


def _poison(connection: Connection, table: Table, dose: Dose) -> None:
    keys = list(table.primary_key.columns)
    free = [column.name for column in table.columns if not isinstance(column.type, Enum)]
    for row in connection.execute(select(table)).mappings().all():
        changed = {name: _replaced(table.name, name, row, dose) for name in free}
        changed = {name: value for name, value in changed.items() if value != row[name]}
        if changed:
            same = table.update().values(changed)
            connection.execute(same.where(*(key == row[key.name] for key in keys)))


def _replaced(table: str, name: str, row: Mapping[str, Any], dose: Dose) -> Any:
    value = row[name]
    if (table, name) in ALSO and value:
        return dose.next()
    if not _is_people_s(value):
        return value
    if table in OF_A_PLAN:
        return dose.next(_turn(row["key"]))
    if name in PLANS:
        return _plan(value, dose)
    # An institution's name stands in its address, which ends at a stroke.
    return dose.next().replace("/", "／").replace("\n", " ") if table == "institution" else _with_dose(value, dose)


def _with_dose(value: Any, dose: Dose) -> Any:
    if isinstance(value, dict):
        return {name: _plan(held, dose) if name in PLANS else _with_dose(held, dose) for name, held in value.items()}
    if isinstance(value, list):
        return [_with_dose(held, dose) for held in value]
    return dose.next() if isinstance(value, str) and CHINESE.search(value) else value


def _plan(markdown: str, dose: Dose) -> str:
    """The same plan with other words; one that nobody can read yet is any text."""
    try:
        plan = plan_text.parse(markdown)
    except PlanUnreadable:
        return dose.next()
    risks = [
        replace(one, **{name: _in_a_line(dose, one.key) for name in ("description", "prevention", "owner")})
        for one in plan.risks
    ]
    paragraphs = [replace(one, text=_in_a_line(dose, one.key)) for one in plan.paragraphs]
    return written(replace(plan, paragraphs=tuple(paragraphs), risks=tuple(risks)))


def _in_a_line(dose: Dose, key: str) -> str:
    """Without what is the grammar of a plan: line ends, cells, and a mark at the beginning."""
    return f"{FOUND_BY} {' '.join(dose.next(_turn(key)).split())}".replace("|", "｜")


def _turn(key: str) -> int:
    """Of each version the same, so that versions differ as much as versions do."""
    return int(key.rpartition("-")[2])


def _seal_anew(connection: Connection, ring: KeyRing, dose: Dose) -> None:
    """Names and contacts, each a single line as its field sends it."""
    held = select(PersonalDetail.comment_id, PersonalDetail.field, Comment.number).join(Comment)
    for comment_id, field, number in connection.execute(held).all():
        told = ledger.new_salt() + " ".join(dose.next().split()).encode()
        sealed = ring.seal(told, f"comment:{number}:{field.value}")
        same = update(PersonalDetail).where(PersonalDetail.comment_id == comment_id, PersonalDetail.field == field)
        connection.execute(same.values(key_id=sealed.key_id, sealed=sealed.data))


def _is_people_s(value: Any) -> bool:
    if isinstance(value, dict | list):
        return CHINESE.search(json.dumps(value, ensure_ascii=False)) is not None
    return isinstance(value, str) and CHINESE.search(value) is not None


def _let_everything_change(connection: Connection) -> None:
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.execute(text(f'DROP TRIGGER "{name}"'))


def _can_be_stored(one: str) -> bool:
    return "\x00" not in one and not any("\ud800" <= character <= "\udfff" for character in one)
