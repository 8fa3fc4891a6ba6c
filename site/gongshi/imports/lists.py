"""A list of projects from a file: which kind it is, its cells from the child, and what they mean."""

from collections.abc import Collection, Sequence

from gongshi.imports import project_rows, safely, sheets
from gongshi.imports.file_kinds import FileKind, kind_of
from gongshi.imports.institution_names import Known
from gongshi.imports.project_rows import Reading

ALLOWED = frozenset({FileKind.XLSX, FileKind.CSV})


def read_list(name: str, data: bytes, known: Sequence[Known], *, existing: Collection[int]) -> Reading:
    """What would be stored, row by row, and what keeps it from being stored. Stores nothing.

    `existing`: the numbers that the list has already. Raises what `kind_of` and `safely.run` raise.
    """
    kind_of(name, data, allowed=ALLOWED, largest=sheets.LARGEST_FILE)
    answer = safely.run("gongshi.imports.sheet_child", data, name=name)
    return project_rows.read(sheets.of(answer), known, existing=existing)
