"""Plan files and revision files: `plans/NN.md` and `revisions/NN.vV.toml`."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from gongshi.loading.files import Entry, read_front_matter, read_toml, tables
from gongshi.loading.problems import refuse
from gongshi.projects.models import Block, Severity
from gongshi.projects.plan_text import SEVERITIES, PlanParagraph, PlanRisk, PlanText, PlanUnreadable, parse
from gongshi.revisions.models import ChangeKind, Subject

BLOCKS = {block.value: block for block in Block}


@dataclass(frozen=True)
class PlanFile:
    """The first version of a project's plan."""

    entry: Entry
    project: int
    title: str
    text: PlanText


@dataclass(frozen=True)
class ChangeEntry:
    """One declared change and its reason."""

    entry: Entry
    subject: Subject
    key: str
    kind: ChangeKind
    causes: tuple[str, ...]
    own_initiative: str | None


@dataclass(frozen=True)
class RevisionFile:
    """A later version, as the changes to the one before it."""

    entry: Entry
    project: int
    version: int
    day: int
    summary: str
    changes: tuple[ChangeEntry, ...]


def read_plan(path: Path) -> PlanFile:
    entry, body, first_line = read_front_matter(path)
    try:
        text = parse(body, first_line=first_line)
    except PlanUnreadable as error:
        raise refuse(replace(entry.at(), line=error.line), error.problem) from error
    return PlanFile(entry, entry.number("project"), entry.text("title"), text)


def read_revision(path: Path) -> RevisionFile:
    entry = read_toml(path)
    changes = tuple(_change(one) for one in tables(entry, "change"))
    if not changes:
        raise entry.refuse("change", "没有任何 [[change]]；请写明每一处修改")
    return RevisionFile(
        entry, entry.number("project"), entry.number("version"), entry.offset("day"), entry.text("summary"), changes
    )


def revised(before: PlanText, revision: RevisionFile) -> PlanText:
    """The text after the changes, made in the order of the file. Raises ContentInvalid for an id that is not there."""
    paragraphs, risks = list(before.paragraphs), list(before.risks)
    for change in revision.changes:
        if change.subject is Subject.PARAGRAPH:
            _change_paragraph(paragraphs, change)
        else:
            _change_risk(risks, change)
    return PlanText(tuple(paragraphs), tuple(risks))


def _change(entry: Entry) -> ChangeEntry:
    paragraph, risk = entry.optional("paragraph"), entry.optional("risk")
    if bool(paragraph) == bool(risk):
        raise entry.refuse("", "一处修改应写明 paragraph 或 risk 其中之一")
    kinds = {kind.value: kind for kind in ChangeKind}
    kind = entry.text("kind")
    if kind not in kinds:
        raise entry.refuse("kind", f"kind 应是 {'、'.join(kinds)} 之一，这里是“{kind}”")
    causes, own = tuple(entry.strings("causes")), entry.optional("own_initiative") or None
    if not causes and own is None:
        raise entry.refuse(
            "", f"修改 {paragraph or risk} 没有说明原因；请写 causes（异议）或 own_initiative（自行修改的理由）"
        )
    subject = Subject.PARAGRAPH if paragraph else Subject.RISK
    return ChangeEntry(entry, subject, paragraph or risk, kinds[kind], causes, own)


def _change_paragraph(paragraphs: list[PlanParagraph], change: ChangeEntry) -> None:
    entry, key = change.entry, change.key
    if change.kind is ChangeKind.ADDED:
        if any(one.key == key for one in paragraphs):
            raise entry.refuse("paragraph", f"编号 {key} 已经用过；新增的段落要用新编号")
        block = BLOCKS.get(entry.optional("block") or "paragraph")
        if block is None:
            raise entry.refuse("block", f"block 应是 {'、'.join(BLOCKS)} 之一")
        added = PlanParagraph(key, block, _plain(entry.text("text"), block), 3 if block is Block.HEADING else 0)
        paragraphs.insert(_after(paragraphs, entry), added)
        return
    place = _position(paragraphs, entry, "paragraph", key)
    existing = paragraphs[place]
    if change.kind is ChangeKind.REWORDED:
        paragraphs[place] = replace(existing, text=_plain(entry.text("text"), existing.block))
        return
    del paragraphs[place]
    if change.kind is ChangeKind.MOVED:
        paragraphs.insert(_after(paragraphs, entry), existing)


def _change_risk(risks: list[PlanRisk], change: ChangeEntry) -> None:
    entry, key = change.entry, change.key
    known = {one.key: place for place, one in enumerate(risks)}
    if change.kind is ChangeKind.ADDED:
        if key in known:
            raise entry.refuse("risk", f"风险点 {key} 已经有了；新增的要用新编号")
        severity = _severity(entry, entry.text("severity"))
        prevention, compensation = entry.optional("prevention") or None, entry.optional("compensation") or None
        risks.append(PlanRisk(key, entry.text("description"), severity, prevention, compensation, entry.text("owner")))
        return
    if key not in known:
        raise entry.refuse("risk", f"没有风险点 {key}；现有 {'、'.join(known)}")
    if change.kind is ChangeKind.REMOVED:
        del risks[known[key]]
        return
    risks[known[key]] = _reworded_risk(risks[known[key]], entry)


def _reworded_risk(risk: PlanRisk, entry: Entry) -> PlanRisk:
    given = entry.values
    severity = _severity(entry, entry.text("severity")) if "severity" in given else risk.severity
    return PlanRisk(
        risk.key,
        entry.text("description") if "description" in given else risk.description,
        severity,
        (entry.optional("prevention") or None) if "prevention" in given else risk.prevention,
        (entry.optional("compensation") or None) if "compensation" in given else risk.compensation,
        entry.text("owner") if "owner" in given else risk.owner,
    )


def _severity(entry: Entry, word: str) -> Severity:
    if word not in SEVERITIES:
        raise entry.refuse("severity", f"severity 应是“一般”或“重大”，这里是“{word}”")
    return SEVERITIES[word]


def _after(paragraphs: list[PlanParagraph], entry: Entry) -> int:
    return _position(paragraphs, entry, "after", entry.text("after")) + 1


def _position(paragraphs: list[PlanParagraph], entry: Entry, name: str, key: str) -> int:
    for place, paragraph in enumerate(paragraphs):
        if paragraph.key == key:
            return place
    raise entry.refuse(name, f"方案里没有 {key}；请检查编号")


def _plain(text: str, block: Block) -> str:
    """Text as it is stored: without the bars, dashes and hashes that only mark what it is."""
    if block in {Block.ROW, Block.HEADER}:
        return " | ".join(cell.strip() for cell in text.strip().strip("|").split("|"))
    return re.sub(r"^(?:-|#{2,4})\s+", "", text.strip())
