"""The text of a plan as plain values, and as the Markdown in which people write it. Pure: no database.

The format is described in content/README.md: headings, paragraphs, list items and table rows, each ending in
` {#p-7}`, and last the risk register, a table under `## 风险点登记`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from gongshi import ledger
from gongshi.errors import RuleBroken
from gongshi.projects.models import Block, Paragraph, PlanVersion, Risk, Severity

REGISTER = "风险点登记"
REGISTER_COLUMNS = ("编号", "风险点", "等级", "防范措施", "补偿机制", "责任人")
SEVERITIES = {"一般": Severity.GENERAL, "重大": Severity.MAJOR}

_ID = re.compile(r"\s*\{#(p-\d+)\}\s*$")
_RULE_LINE = re.compile(r"^\|[\s:|-]+\|$")
_RISK_KEY = re.compile(r"r-\d+")


@dataclass(frozen=True)
class PlanParagraph:
    """A paragraph before it is stored."""

    key: str
    block: Block
    text: str
    level: int = 0


@dataclass(frozen=True)
class PlanRisk:
    """A row of the risk register before it is stored."""

    key: str
    description: str
    severity: Severity
    prevention: str | None
    compensation: str | None
    owner: str

    @property
    def sha256(self) -> str:
        """What a judgement of this risk is tied to: change a word and it has to be judged again."""
        return ledger.digest(
            [self.key, self.description, self.severity.value, self.prevention, self.compensation, self.owner]
        )


@dataclass(frozen=True)
class PlanText:
    """The whole plan: paragraphs in order and the risk register."""

    paragraphs: tuple[PlanParagraph, ...]
    risks: tuple[PlanRisk, ...]

    @property
    def sha256(self) -> str:
        """The hash that the ledger commits to when a version is published."""
        return ledger.digest(
            {
                "paragraphs": [[p.key, p.block.value, p.level, p.text] for p in self.paragraphs],
                "risks": [
                    [r.key, r.description, r.severity.value, r.prevention, r.compensation, r.owner] for r in self.risks
                ],
            }
        )


class PlanFault(StrEnum):
    """What can be wrong with a plan's Markdown."""

    NO_REGISTER = "no-register"
    KEY_TWICE = "key-twice"
    NO_KEY = "no-key"
    HEADING_FORM = "heading-form"
    EMPTY_PARAGRAPH = "empty-paragraph"
    REGISTER_FORM = "register-form"
    RISK_KEY = "risk-key"
    RISK_SEVERITY = "risk-severity"
    RISK_WORDLESS = "risk-wordless"
    RISK_OWNERLESS = "risk-ownerless"


class PlanUnreadable(ValueError):
    """A plan's Markdown is not in the format. Says the line and what to do; `fault` and `details` for other words."""

    def __init__(self, line: int, problem: str, fault: PlanFault, **details: object) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.fault = fault
        self.details = details


class KeptPlanUnreadable(RuleBroken):
    """A plan that was kept while it could be read no longer can: a later release is stricter, or the row is damaged."""

    code = "kept-plan-unreadable"


def of(version: PlanVersion) -> PlanText:
    """The text of a stored version."""
    return PlanText(tuple(map(of_paragraph, version.paragraphs)), tuple(map(of_risk, version.risks)))


def of_paragraph(row: Paragraph) -> PlanParagraph:
    return PlanParagraph(row.key, row.block, row.text, row.level)


def of_risk(row: Risk) -> PlanRisk:
    return PlanRisk(row.key, row.description, row.severity, row.prevention, row.compensation, row.owner)


def parse(markdown: str, *, first_line: int = 1) -> PlanText:
    """Read a plan. Raises PlanUnreadable with the line."""
    text, problems = examine(markdown, first_line=first_line)
    if problems:
        raise problems[0]
    return text


def kept(markdown: str) -> PlanText:
    """Read a plan that was in order when it was kept. Raises KeptPlanUnreadable with the line."""
    try:
        return parse(markdown)
    except PlanUnreadable as error:
        raise KeptPlanUnreadable(line=error.line) from error


def examine(markdown: str, *, first_line: int = 1) -> tuple[PlanText, list[PlanUnreadable]]:
    """What can be read of a plan, and everything that is wrong with it, in the order of its lines."""
    paragraphs: list[PlanParagraph] = []
    risks: list[PlanRisk] = []
    problems: list[PlanUnreadable] = []
    seen: dict[str, int] = {}
    in_register = False
    for number, line in _blocks(markdown, first_line):
        if _is_register_heading(line):
            in_register = True
            continue
        try:
            found = _risk_row(line, number) if in_register else _paragraph_or_rule(line, number)
            if found is not None:
                _once(found.key, number, seen)
        except PlanUnreadable as error:
            problems.append(error)
            continue
        if isinstance(found, PlanRisk):
            risks.append(found)
        elif found is not None:
            paragraphs.append(found)
    if not in_register or not (risks or problems):
        problems.append(
            PlanUnreadable(
                first_line, f"没有风险点登记；请在末尾加上标题“## {REGISTER}”和登记表", PlanFault.NO_REGISTER
            )
        )
    return PlanText(_with_headers(markdown, paragraphs), tuple(risks)), problems


def with_ids(markdown: str) -> str:
    """The same Markdown with an id written behind every block that has none."""
    taken = [int(found) for found in re.findall(r"\{#p-(\d+)\}", markdown)]
    following = max(taken, default=0) + 1
    lines: list[str] = []
    in_register = False
    for line in markdown.splitlines():
        stripped = line.strip()
        in_register = in_register or _is_register_heading(stripped)
        if stripped and not in_register and not _RULE_LINE.match(stripped) and not _ID.search(stripped):
            line = f"{line.rstrip()} {{#p-{following}}}"
            following += 1
        lines.append(line)
    return "\n".join(lines) + "\n"


def _blocks(markdown: str, first_line: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(markdown.splitlines(), first_line):
        if line.strip():
            yield number, line.strip()


def _is_register_heading(line: str) -> bool:
    return bool(re.fullmatch(rf"##\s*{REGISTER}", _ID.sub("", line)))


def _once(key: str, line: int, seen: dict[str, int]) -> None:
    if key in seen:
        raise PlanUnreadable(
            line,
            f"编号 {key} 在第 {seen[key]} 行已经用过；每一段的编号必须不同",
            PlanFault.KEY_TWICE,
            key=key,
            earlier=seen[key],
        )
    seen[key] = line


def _paragraph_or_rule(line: str, number: int) -> PlanParagraph | None:
    return None if _RULE_LINE.match(line) else _paragraph(line, number)


def _paragraph(line: str, number: int) -> PlanParagraph:
    found = _ID.search(line)
    if found is None:
        raise PlanUnreadable(
            number, "这一段没有编号；请在行末加上 {#p-数字}，或运行 flask content ids 自动补上", PlanFault.NO_KEY
        )
    key, text = found[1], line[: found.start()].strip()
    heading = re.match(r"(#{2,4})\s+(.+)", text)
    if heading:
        return PlanParagraph(key, Block.HEADING, heading[2], len(heading[1]))
    if text.startswith("- "):
        return PlanParagraph(key, Block.ITEM, text[2:].strip())
    if text.startswith("|"):
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        return PlanParagraph(key, Block.ROW, " | ".join(cells))
    if text.startswith("#"):
        raise PlanUnreadable(number, "标题用 ##、### 或 ####，后面空一格再写文字", PlanFault.HEADING_FORM)
    if not text:
        raise PlanUnreadable(number, f"编号 {key} 的段落没有文字", PlanFault.EMPTY_PARAGRAPH, key=key)
    return PlanParagraph(key, Block.PARAGRAPH, text)


def _risk_row(line: str, number: int) -> PlanRisk | None:
    if _RULE_LINE.match(line):
        return None
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if not line.startswith("|") or len(cells) != len(REGISTER_COLUMNS):
        columns = " | ".join(REGISTER_COLUMNS)
        problem = f"风险点登记表每行应有 {len(REGISTER_COLUMNS)} 栏：{columns}"
        raise PlanUnreadable(number, problem, PlanFault.REGISTER_FORM, columns=columns, count=len(REGISTER_COLUMNS))
    if tuple(cells) == REGISTER_COLUMNS:
        return None
    key, description, severity, prevention, compensation, owner = cells
    if not _RISK_KEY.fullmatch(key):
        raise PlanUnreadable(number, f"风险点编号应写作 r-1、r-2 …，这里是“{key}”", PlanFault.RISK_KEY, found=key)
    if severity not in SEVERITIES:
        problem = f"风险点 {key} 的等级应为“一般”或“重大”，这里是“{severity}”"
        raise PlanUnreadable(number, problem, PlanFault.RISK_SEVERITY, key=key, found=severity)
    if not description:
        raise PlanUnreadable(number, f"风险点 {key} 没有写明是什么风险；请补上", PlanFault.RISK_WORDLESS, key=key)
    if not owner:
        raise PlanUnreadable(number, f"风险点 {key} 没有责任人；请补上", PlanFault.RISK_OWNERLESS, key=key)
    return PlanRisk(key, description, SEVERITIES[severity], prevention or None, compensation or None, owner)


def _with_headers(markdown: str, paragraphs: list[PlanParagraph]) -> tuple[PlanParagraph, ...]:
    # A table's first line is its header only where a |---| line follows it.
    headers = set()
    lines = [line.strip() for line in markdown.splitlines()]
    for line, following in pairwise(lines):
        found = _ID.search(line)
        if found and line.startswith("|") and _RULE_LINE.match(following):
            headers.add(found[1])
    return tuple(replace(p, block=Block.HEADER) if p.key in headers else p for p in paragraphs)
