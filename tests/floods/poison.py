"""Every text that people wrote, replaced by hostile ones in the database itself, past every check.

What a page does with a text must not depend on what was let in. A text of people is known by its Chinese characters:
numbers, keys and codes have none, and stay.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Connection, Enum, Table, inspect, select, text

from config import Config
from gongshi import db
from gongshi.migrations.tables import metadata

# What is signed or only for programs holds no words of people; a plan in preparation has to be one that can be read.
LEFT = {"ledger_entry", "search_outbox", "worker_lease", "plan_draft"}
READ = {"markdown"}
CHINESE = re.compile("[\u4e00-\u9fff]")
# So that the search finds them.
FOUND_BY = "证券"


def poison(config: Config, texts: Sequence[str]) -> int:
    """Put all of `texts` into each text of people; how many texts that were."""
    engine = db.make_engine(config.database_url)
    dose, numbers = "\n".join(one for one in texts if _can_be_stored(one)), count(1)
    with engine.begin() as connection:
        _let_everything_change(connection)
        for table in metadata.sorted_tables:
            if table.name not in LEFT and inspect(connection).has_table(table.name):
                _poison(connection, table, dose, numbers)
    engine.dispose()
    return next(numbers) - 1


def _poison(connection: Connection, table: Table, dose: str, numbers: Iterator[int]) -> None:
    # An institution's name stands in its address, which ends at a stroke.
    dose = dose.replace("/", "／").replace("\n", " ") if table.name == "institution" else dose
    keys = list(table.primary_key.columns)
    free = [column.name for column in table.columns if not isinstance(column.type, Enum)]
    for row in connection.execute(select(table)).mappings().all():
        changed = {name: _with_dose(row[name], dose, numbers) for name in free if _is_people_s(row[name])}
        if changed:
            same = table.update().values(changed)
            connection.execute(same.where(*(key == row[key.name] for key in keys)))


def _with_dose(value: Any, dose: str, numbers: Iterator[int]) -> Any:
    if isinstance(value, dict):
        return {name: held if name in READ else _with_dose(held, dose, numbers) for name, held in value.items()}
    if isinstance(value, list):
        return [_with_dose(held, dose, numbers) for held in value]
    # Some are unique.
    return f"{FOUND_BY}{next(numbers)} {dose}" if isinstance(value, str) and CHINESE.search(value) else value


def _is_people_s(value: Any) -> bool:
    if isinstance(value, dict | list):
        return CHINESE.search(json.dumps(value, ensure_ascii=False)) is not None
    return isinstance(value, str) and CHINESE.search(value) is not None


def _let_everything_change(connection: Connection) -> None:
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.execute(text(f'DROP TRIGGER "{name}"'))


def _can_be_stored(one: str) -> bool:
    return "\x00" not in one and not any("\ud800" <= character <= "\udfff" for character in one)
