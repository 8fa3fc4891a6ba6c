"""Reading UTF-8 text, CSV, TOML and front matter with the line of everything that is found."""

import csv
import io
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from gongshi.ledger.shapes import SLUG, Shape
from gongshi.loading.problems import ContentInvalid, Place, refuse

LARGEST_NUMBER = 999_999_999
# A hundred years: beyond, calendars end.
FARTHEST_DAY = 36_500

_REMARK = r"\s*(?:#.*)?"


@dataclass(frozen=True)
class Entry:
    """One row, table or front matter: named values, and the line of each."""

    path: Path
    line: int
    values: dict[str, Any]
    lines: dict[str, int] = field(default_factory=dict)

    def at(self, name: str = "") -> Place:
        return Place(self.path, self.lines.get(name, self.line))

    def refuse(self, name: str, what: str) -> ContentInvalid:
        return refuse(self.at(name), what)

    def text(self, name: str) -> str:
        """A value that must be there."""
        found = self.optional(name)
        if not found:
            raise self.refuse(name, f"缺少“{name}”；请填写")
        return found

    def optional(self, name: str) -> str:
        found = self.values.get(name)
        if found is None:
            return ""
        if not isinstance(found, str):
            raise self.refuse(name, f"“{name}”应是文字，这里是 {found!r}；请加上引号")
        return found.strip()

    def matching(self, name: str, shape: Shape, how: str) -> str:
        """A value that must be there and have this shape; `how` tells people which."""
        found = self.text(name)
        if not shape(found):
            raise self.refuse(name, f"“{name}”{how}，这里是“{found}”")
        return found

    def slug(self, name: str) -> str:
        """A part of an address."""
        return self.matching(name, SLUG, "只能用小写字母、数字和连字符，如 digital-rmb")

    def number(self, name: str) -> int:
        """A whole number, written as one or as digits."""
        found = self.values.get(name)
        if isinstance(found, str) and re.fullmatch(r"[+-]?\d{1,9}", found.strip()):
            return int(found)
        if not isinstance(found, int) or isinstance(found, bool) or abs(found) > LARGEST_NUMBER:
            raise self.refuse(name, f"“{name}”应是不超过9位的整数，这里是“{'' if found is None else found}”")
        return found

    def ordinal(self, name: str) -> int:
        """A number that counts from 1."""
        if self.number(name) < 1:
            raise self.refuse(name, f"“{name}”从 1 数起，这里是“{self.number(name)}”")
        return self.number(name)

    def offset(self, name: str) -> int:
        """A day, counted from the day of loading."""
        if abs(self.number(name)) > FARTHEST_DAY:
            raise self.refuse(name, f"“{name}”是距载入之日的天数，应在前后 {FARTHEST_DAY} 天之内")
        return self.number(name)

    def flag(self, name: str, default: bool) -> bool:
        found = self.values.get(name, default)
        if not isinstance(found, bool):
            raise self.refuse(name, f"“{name}”应是 true 或 false，这里是“{found}”")
        return found

    def strings(self, name: str) -> list[str]:
        """A list: of strings in TOML, separated by `;` in CSV."""
        found = self.values.get(name) or []
        if isinstance(found, str):
            return [one.strip() for one in found.split(";") if one.strip()]
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.refuse(name, f'“{name}”应是文字的列表，如 ["甲", "乙"]')
        return found

    def numbers(self, name: str) -> list[int]:
        found = self.values.get(name) or []
        if not isinstance(found, list) or not all(isinstance(one, int) for one in found):
            raise self.refuse(name, f"“{name}”应是整数的列表，如 [4, 7]")
        return found

    def keyed(self, name: str) -> dict[int, str]:
        """Texts by project number, such as risks."""
        found = self.values.get(name, {})
        if not isinstance(found, dict) or not all(
            re.fullmatch(r"[1-9]\d{0,8}", key) and isinstance(value, str) for key, value in found.items()
        ):
            raise self.refuse(name, f'“{name}”应写作 {{ 4 = "r-2" }}，左边是项目编号')
        return {int(key): value for key, value in found.items()}

    def day(self, name: str) -> date:
        """A date, as TOML has it or written 2021-11-19."""
        found = self.values.get(name)
        if isinstance(found, date):
            return found
        try:
            return date.fromisoformat(str(found or ""))
        except ValueError:
            raise self.refuse(name, f"“{name}”应是日期，写作 2021-11-19，这里是“{found or ''}”") from None

    def table(self, name: str) -> "Entry | None":
        """A table inside this one."""
        found = self.values.get(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise self.refuse(name, f"“{name}”应是单独的一节，以 [{name}] 开头")
        inside = f"{name}."
        lines = {key.removeprefix(inside): line for key, line in self.lines.items() if key.startswith(inside)}
        return Entry(self.path, self.lines.get(name, self.line), found, lines)


def read_text(path: Path) -> str:
    """A file that must be UTF-8. The line of the first byte that is not is named."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise refuse(Place(path, 1), "找不到这个文件；请补上，或检查文件名") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse(Place(path, line), "不是 UTF-8 编码；请用文本编辑器另存为 UTF-8") from None
    if "\x00" in text:
        raise refuse(Place(path, text[: text.index("\x00")].count("\n") + 1), "有 NUL 字符；请删去")
    return text


def read_csv(path: Path, columns: Sequence[str]) -> list[Entry]:
    """The rows of a table whose first line names exactly these columns."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows: list[Entry] = []
    try:
        header = next(reader, [])
        if header != list(columns):
            raise refuse(Place(path, 1), f"第一行应是列名：{','.join(columns)}")
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not cells:
                continue
            if len(cells) != len(columns):
                raise refuse(
                    Place(path, line), f"应有 {len(columns)} 栏，这里有 {len(cells)} 栏；含逗号的文字要加双引号"
                )
            rows.append(Entry(path, line, dict(zip(columns, cells, strict=True))))
    except csv.Error as error:
        raise refuse(Place(path, reader.line_num), f"表格读不通（{error}）；请检查引号是否成对") from None
    return rows


def read_toml(path: Path) -> Entry:
    """A TOML file; tables inside know their lines."""
    text = read_text(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise refuse(Place(path, line), f"TOML 格式有误：{error}") from None
    return Entry(path, 1, values, _key_lines(text.splitlines(), 0))


def tables(entry: Entry, name: str) -> list[Entry]:
    """The entries of an array of tables `[[name]]`, each with its own line."""
    lines = read_text(entry.path).splitlines()
    heading = re.compile(rf"\[\[\s*{name}\s*\]\]{_REMARK}")
    starts = [number for number, line in enumerate(lines) if heading.fullmatch(line.strip())]
    found = entry.values.get(name, [])
    if not isinstance(found, list) or len(found) != len(starts):
        raise entry.refuse(name, f"请把每一项单独写成一节，以 [[{name}]] 开头")
    return [
        Entry(entry.path, start + 1, values, _key_lines(lines, start + 1, stop=_end(lines, start, name)))
        for start, values in zip(starts, found, strict=True)
    ]


def read_front_matter(path: Path) -> tuple[Entry, str, int]:
    """The front matter of a Markdown file, the text below it, and the line on which that text begins."""
    lines = read_text(path).splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        raise refuse(Place(path, 1), "开头应是两行 --- 之间的说明（如 title: …）")
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == "---")
    values: dict[str, Any] = {}
    places: dict[str, int] = {}
    for number, line in enumerate(lines[1:end], 2):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise refuse(Place(path, number), "说明的每一行应写作“名称: 内容”")
        values[name.strip()], places[name.strip()] = value.strip(), number
    return Entry(path, 1, values, places), "\n".join(lines[end + 1 :]), end + 2


def _key_lines(lines: list[str], start: int, stop: int | None = None) -> dict[str, int]:
    """The line of every name; of those inside a table under `table.name`."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(lines[start:stop], start + 1):
        header = re.match(r"\s*\[(?:\w+\.)?(\w+)\]", line)
        key = re.match(r"\s*([\w-]+)\s*=", line)
        if header:
            section = f"{header[1]}."
            found.setdefault(header[1], number)
        elif key:
            found.setdefault(section + key[1], number)
    return found


def _end(lines: list[str], start: int, name: str) -> int:
    for number in range(start + 1, len(lines)):
        line = lines[number].strip()
        if re.fullmatch(rf"\[\[?\s*[\w.]+\s*\]\]?{_REMARK}", line) and not line.startswith(f"[{name}."):
            return number
    return len(lines)
