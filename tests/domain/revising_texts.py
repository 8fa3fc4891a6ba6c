"""Texts of plans as applicants return them."""

import re
from pathlib import Path

from gongshi.projects.plan_text import PlanText
from gongshi.revisions.differences import differences
from gongshi.revisions.models import ChangeKind
from making import PLAN

EXAMPLE = Path(__file__).parents[2] / "content" / "example" / "decided"
REGISTER = PLAN[PLAN.index("## 风险点登记") :]
PARAGRAPHS = (
    "## 技术应用",
    "本项目以机器学习模型为投资者匹配服务内容，模型每季度由独立部门复核一次，复核记录保存五年。",
    "客户数据仅在境内存储，访问须经两人授权并留下日志。",
    "## 风险防控",
    "出现异常时，人工坐席在5分钟内接管，并在当日向客户说明情况。",
    "试点期满前三个月提出退出方案，客户权益由牵头单位承接。",
)


def a_plan(*lines: str, ids: bool = False) -> str:
    """A plan of these lines with the register of `making.PLAN`; with running ids, or with none."""
    if ids:
        lines = tuple(re.sub(r"^(.*)", rf"\1 {{#p-{place}}}", line, count=1) for place, line in enumerate(lines, 1))
    return "\n\n".join([*lines, REGISTER])


def without_ids(markdown: str) -> str:
    return re.sub(r" \{#p-\d+\}", "", markdown)


def kinds(before: PlanText, after: PlanText) -> dict[str, ChangeKind]:
    return {one.key: one.kind for one in differences(before, after)}


def told_changes(before: PlanText, after: PlanText) -> dict[str, tuple[ChangeKind, str]]:
    """Changes with their new wording; what was added under its words, since its number is nobody's promise."""
    found = {}
    for one in differences(before, after):
        words = str(getattr(one.after, "text", None) or getattr(one.after, "description", ""))
        found[words if one.kind is ChangeKind.ADDED else one.key] = (one.kind, words)
    return found
