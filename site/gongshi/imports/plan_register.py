"""The register of risks among the tables of a plan, whatever its columns are called. Pure."""

import re
import unicodedata

from gongshi.projects.plan_text import REGISTER, REGISTER_COLUMNS

REGISTER_HEADING = REGISTER
Rows = list[list[str]]
# The names people give the six columns, the register's own first.
_NAMES = {
    "编号": ("编号", "序号", "风险编号"),
    "风险点": ("风险点", "风险描述", "风险事项", "风险点描述", "主要风险"),
    "等级": ("等级", "风险等级", "级别", "风险级别"),
    "防范措施": ("防范措施", "风险防范措施", "防控措施", "应对措施"),
    "补偿机制": ("补偿机制", "风险补偿机制", "补偿措施", "风险补偿措施"),
    "责任人": ("责任人", "责任部门", "责任单位", "责任主体"),
}
_KNOWN = {name: column for column, names in _NAMES.items() for name in names}
_NEEDED = {"风险点", "防范措施"}
_SEVERITY = re.compile(r"^(重大|一般)(?:风险|级)?$")


def is_register(rows: Rows) -> bool:
    """Whether a table is the register: its head names the risk and its prevention."""
    return bool(rows) and {_KNOWN.get(_plain(cell)) for cell in rows[0]} >= _NEEDED


def register(rows: Rows) -> str:
    """The register as the last section of a plan. Risks without a number in the form r-1 get the next one."""
    places = {column: place for place, cell in enumerate(rows[0]) if (column := _KNOWN.get(_plain(cell)))}
    lines = [f"## {REGISTER}", "", _line(REGISTER_COLUMNS), "|" + "---|" * len(REGISTER_COLUMNS)]
    taken = {_key(row[places["编号"]]) for row in rows[1:]} if "编号" in places else set()
    following = 1
    for row in rows[1:]:
        cells = {column: row[place] if place < len(row) else "" for column, place in places.items()}
        key = _key(cells.get("编号", ""))
        if not re.fullmatch(r"r-\d+", key):
            while f"r-{following}" in taken:
                following += 1
            key, following = f"r-{following}", following + 1
        severity = _SEVERITY.match(_plain(cells.get("等级", "")))
        cells |= {"编号": key, "等级": severity[1] if severity else cells.get("等级", "")}
        lines.append(_line([cells.get(column, "") for column in REGISTER_COLUMNS]))
    return "\n".join(lines)


def _key(written: str) -> str:
    plain = _plain(written)
    return f"r-{int(plain)}" if re.fullmatch(r"\d{1,4}", plain) else plain


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(" ".join(one.split()).replace("|", "｜") for one in cells) + " |"


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
