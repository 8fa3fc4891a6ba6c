"""纳入公告: the notice of admission, drafted for the clerk from the decisions, who may edit it before it is submitted.

What only the clerk knows (the legal basis, where to complain) stands as a blank ［填写…］; a notice with a blank left
is refused, see `blanks`. Its words are part of the record, so they are Chinese and stand here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gongshi.admissions.gate import Condition, ConditionCode
from gongshi.admissions.models import AdmissionOutcome
from gongshi.consultations.models import Consultation
from gongshi.notices.plain import plain
from gongshi.objections import queries as objections
from gongshi.objections.models import Objection
from gongshi.projects.models import PlanVersion, Project, Risk
from gongshi.revisions import queries as revisions

HEADINGS = {
    AdmissionOutcome.ADMITTED: "正式纳入的项目",
    AdmissionOutcome.REFUSED: "不予纳入的项目",
    AdmissionOutcome.DEFERRED: "暂缓作出决定的项目",
    AdmissionOutcome.WITHDRAWN: "申报人撤回的项目",
}
ACTS = {
    AdmissionOutcome.ADMITTED: "正式纳入试点",
    AdmissionOutcome.REFUSED: "不予纳入试点",
    AdmissionOutcome.DEFERRED: "暂缓纳入试点",
    AdmissionOutcome.WITHDRAWN: "撤回申报",
}
CONDITIONS = {
    ConditionCode.ROUND_OVER: "征求意见期已满",
    ConditionCode.COMMENTS_PLACED: "收到的意见均已归类",
    ConditionCode.OBJECTIONS_DISPOSED: "异议均已处理",
    ConditionCode.ADOPTED_REALISED: "采纳的异议均已落实到方案",
    ConditionCode.MAJOR_RISKS_COVERED: "重大风险均有足够的防范措施和补偿机制",
    ConditionCode.VERSION_PUBLIC: "现行方案已经公布",
    ConditionCode.ANSWERS_WAITED: "最后一次答复后的等待期已满",
    ConditionCode.NOT_INTERRUPTED: "未被中止或者撤回",
}
BASIS = "［填写依据的文件名称和条款］"
CONTACT = "［填写受理投诉的电话、地址或者电子邮箱］"
_BLANK = re.compile("［填写[^］]*］")
_ORDINALS = "一二三四五六"


@dataclass(frozen=True)
class Decided:
    """A decision that is about to be taken, and what the notice says about its project."""

    project: Project
    outcome: AdmissionOutcome
    text: str
    version: PlanVersion | None
    realised: tuple[tuple[Objection, tuple[str, ...]], ...]
    covered: tuple[Risk, ...]


def of_decision(session: Session, project: Project, outcome: AdmissionOutcome, text: str) -> Decided:
    """What the record knows for the notice: the objections that changed the plan, the risks that major ones named."""
    version = project.current_version
    raised = objections.of_project(session, project)
    changes = revisions.caused_by_each(session, raised)
    here = {
        one.id: tuple(change.key for change in changes.get(one.id, ()) if change.revision.project_id == project.id)
        for one in raised
    }
    named = {
        concern.risk_key
        for one in raised
        if one.is_major and one.unfounded_at is None
        for concern in one.concerns
        if concern.project_id == project.id
    }
    return Decided(
        project,
        outcome,
        text,
        version,
        tuple((one, here[one.id]) for one in raised if here[one.id]),
        tuple(risk for risk in version.risks if risk.key in named) if version else (),
    )


def suggested(project: Project, conditions: Sequence[Condition]) -> tuple[AdmissionOutcome, str]:
    """The decision that follows from the gate, with a first wording: admitted, or deferred for what is not met."""
    unmet = [CONDITIONS[one.code] for one in conditions if not one.is_met]
    if unmet:
        return AdmissionOutcome.DEFERRED, f"经核查，下列纳入条件尚未满足：{'；'.join(unmet)}。决定暂缓纳入试点。"
    version = project.current_version
    number = version.number if version else 0
    return AdmissionOutcome.ADMITTED, f"经核查，纳入条件全部满足，决定正式纳入试点，按方案第{number}版实施。"


def title_of(consultation: Consultation, decided: Sequence[Decided]) -> str:
    """The title, after the one project or the list."""
    if len(decided) == 1:
        one = decided[0]
        return f"关于第{one.project.number}号项目“{one.project.name}”{ACTS[one.outcome]}的公告"
    return f"关于“{consultation.title}”{len(decided)}个项目纳入决定的公告"


def body_of(consultation: Consultation, decided: Sequence[Decided]) -> str:
    """The Markdown, the decisions grouped by their outcome."""
    groups = [
        (outcome, [one for one in decided if one.outcome is outcome])
        for outcome in AdmissionOutcome
        if any(one.outcome is outcome for one in decided)
    ]
    parts = [
        f"依据{BASIS}，“{plain(consultation.title)}”（{consultation.number}）公开征求意见期满，"
        "收到的意见已经逐条处理，有关方案已经修改并公布，纳入条件已经逐项核查。现将决定公告如下。"
    ]
    for place, (outcome, group) in enumerate(groups):
        parts += [f"## {_ORDINALS[place]}、{HEADINGS[outcome]}", *(part for one in group for part in _project(one))]
    parts += [
        f"## {_ORDINALS[len(groups)]}、监督和投诉",
        "每个项目的方案、意见、异议、修改之处和核查记录长期公开。"
        f"对上述决定或者项目履行承诺的情况有意见的，可以向发布机关反映：{CONTACT}。",
        "\n\n".join(bureau.name for bureau in consultation.bureaus),
    ]
    return "\n\n".join(parts)


def blanks(text: str) -> list[str]:
    """What the clerk has not filled in yet."""
    return _BLANK.findall(text)


def _project(one: Decided) -> Iterator[str]:
    project = one.project
    yield f"### 第{project.number}号项目　{plain(project.name)}"
    joint = "、".join(plain(partner.institution.name) for partner in project.partners)
    lead = plain(project.lead.name) if project.lead else ""
    facts = [f"牵头申报单位：{lead}" + (f"；联合申报单位：{joint}" if joint else "")]
    if one.outcome is AdmissionOutcome.ADMITTED:
        facts += _terms(one)
    yield "\n".join(f"- {fact}" for fact in facts)
    yield plain(one.text) if one.text.strip() else "［填写决定的理由］"


def _terms(one: Decided) -> Iterator[str]:
    if one.version is not None:
        yield f"按方案第{one.version.number}版实施"
    if one.realised:
        changed = "；".join(
            f"{objection.number}“{plain(objection.title)}”改动{len(keys)}处" for objection, keys in one.realised
        )
        yield f"因异议作出的修改：{changed}"
    else:
        yield "因异议作出的修改：无"
    for risk in one.covered:
        yield (
            f"对重大风险点 {risk.key}“{plain(risk.description)}”的承诺："
            f"防范措施：{plain(risk.prevention or '')}；补偿机制：{plain(risk.compensation or '')}"
        )
    if not one.covered:
        yield "方案风险点登记中的防范措施和补偿机制，是申报单位的公开承诺"
