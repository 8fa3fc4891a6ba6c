"""A project of which all conditions of the gate hold, what happened to it on the way, and deciding about it.

Call these inside `db.writing`, like the builders of `making`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi.admissions import actions as admissions
from gongshi.admissions import gate
from gongshi.admissions import queries as dossiers
from gongshi.admissions.models import Admission, AdmissionOutcome, GateRun
from gongshi.comments import actions as comments
from gongshi.comments.models import Comment, CommentKind, WithholdingReason
from gongshi.consultations.models import Consultation
from gongshi.objections import actions as objections
from gongshi.objections.models import Objection, Outcome
from gongshi.projects.models import Project
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Subject
from making import (
    Office,
    OpenList,
    beijing,
    make_comment,
    make_objection,
    make_open_list,
    make_revision,
    make_submission,
)

READY_PLAN = """
## 技术应用 {#p-1}

本项目以机器学习模型为投资者匹配服务内容，模型每季度复核一次。 {#p-2}

## 风险防控 {#p-3}

出现异常时，人工坐席在5分钟内接管。 {#p-4}

## 风险点登记

| 编号 | 风险点 | 等级 | 防范措施 | 补偿机制 | 责任人 |
|---|---|---|---|---|---|
| r-1 | 模型在极端行情下失效 | 重大 | 设置人工复核 |  | 示例证券风险管理部 |
| r-2 | 没有防范措施的风险 | 重大 |  | 先行赔付 | 示例证券风险管理部 |
| r-3 | 没有补偿机制的风险 | 重大 | 加密存储 |  | 示例证券风险管理部 |
| r-4 | 没有判断过的风险 | 重大 | 加密存储 | 先行赔付 | 示例证券风险管理部 |
| r-5 | 判断为不足的风险 | 重大 | 加密存储 | 先行赔付 | 示例证券风险管理部 |
"""
READY_PLAN_REVISED = READY_PLAN.replace("每季度复核", "每月复核").replace(
    "设置人工复核 |  |", "设置人工复核 | 专项资金先行赔付 |"
)

OPENS = beijing("2026-03-02")
CLOSES = beijing("2026-04-01")
REVISED = beijing("2026-04-09", "17:00")
LAST_ANSWER = beijing("2026-04-13", "16:00")
# Tuesday, Wednesday and Thursday are the three full working days after the last answer.
DECISION_FROM = beijing("2026-04-17")
DECIDED = beijing("2026-04-17", "10:00")


@dataclass
class Ready:
    """A list of three projects, all of which meet every condition of the gate from `DECISION_FROM` on.

    The first has been through everything: an adopted major objection that led to a second version, one that was not
    adopted, one set aside as unfounded, a comment withheld and one taken back. Of the others nobody said anything.
    """

    open_list: OpenList
    comments: list[Comment]
    adopted: Objection
    not_adopted: Objection
    unfounded: Objection

    @property
    def consultation(self) -> Consultation:
        return self.open_list.consultation

    @property
    def project(self) -> Project:
        return self.open_list.projects[0]

    @property
    def quiet_project(self) -> Project:
        return self.open_list.projects[1]


def ready_project(session: Session, *, number: str = "2026-SL-01", office: Office | None = None) -> Ready:
    """Bring a list from its publication to the eve of the decision. See `Ready`."""
    ready = _heard(session, number, office)
    _answer(session, ready)
    explained = Explanation((ready.adopted,))
    make_revision(
        session,
        ready.open_list,
        ready.project,
        READY_PLAN_REVISED,
        REVISED,
        explanations={(Subject.PARAGRAPH, "p-2"): explained, (Subject.RISK, "r-1"): explained},
    )
    _judge(session, ready, "r-1", is_sufficient=True)
    _judge(session, ready, "r-5", is_sufficient=False)
    return ready


def _heard(session: Session, number: str, office: Office | None) -> Ready:
    opened = make_open_list(
        session,
        OPENS,
        number=number,
        project_count=3,
        opens_at=OPENS,
        closes_at=CLOSES,
        office=office,
        plan=READY_PLAN,
    )
    project, during = opened.projects[0], beijing("2026-03-20", "11:00")
    raising = [make_comment(session, opened, during, project=project) for _ in range(3)]
    praising = [make_comment(session, opened, during, project=project, kind=CommentKind.SUPPORT)]
    hidden, retracted = (make_submission(session, opened.consultation, during).comments[0] for _ in range(2))
    comments.withhold(session, hidden, reason=WithholdingReason.ABUSE, by=opened.answered_by, at=during)
    comments.withdraw(session, retracted, at=during)
    worded_at = beijing("2026-04-02", "10:00")
    return Ready(
        opened,
        [*raising, *praising, hidden, retracted],
        make_objection(session, opened, raising[:1], worded_at, risk="r-1"),
        make_objection(session, opened, raising[1:2], worded_at),
        make_objection(session, opened, raising[2:], worded_at, risk="r-2"),
    )


def _answer(session: Session, ready: Ready) -> None:
    by, answered_at = ready.open_list.answered_by, beijing("2026-04-08", "15:00")
    objections.dispose(
        session, ready.adopted, outcome=Outcome.ADOPTED, reasons="改为每月复核，并补上补偿。", by=by, at=answered_at
    )
    objections.dispose(
        session, ready.not_adopted, outcome=Outcome.NOT_ADOPTED, reasons="现有安排已足够。", by=by, at=answered_at
    )
    objections.withdraw_as_unfounded(session, ready.unfounded, reason="所述情况经核实不存在。", by=by, at=answered_at)
    objections.answer(
        session,
        ready.consultation,
        title="对支持意见的答复",
        text="感谢支持。",
        comments=[ready.comments[3]],
        by=by,
        at=LAST_ANSWER,
    )


def _judge(session: Session, ready: Ready, risk: str, *, is_sufficient: bool) -> None:
    version = ready.project.current_version
    assert version is not None
    admissions.judge(
        session,
        version,
        risk_key=risk,
        is_sufficient=is_sufficient,
        reason="经测算作出判断。",
        by=ready.open_list.judged_by,
        at=beijing("2026-04-10", "10:00"),
    )


def gate_shown(session: Session, project: Project, at: datetime) -> str:
    """The digest of the gate as a page shows it at this moment."""
    return gate.digest(gate.evaluate(dossiers.dossier(session, project, at)))


def confirm_gate(session: Session, open_list: OpenList, project: Project, at: datetime) -> GateRun:
    """Run the gate and have it confirmed exactly as shown, whatever it says."""
    shown = gate_shown(session, project, at)
    return admissions.run_gate(session, project, shown=shown, by=open_list.answered_by, at=at)


def decide(
    session: Session,
    open_list: OpenList,
    project: Project,
    at: datetime,
    outcome: AdmissionOutcome = AdmissionOutcome.ADMITTED,
) -> Admission:
    """Decide about a project on the gate run that was confirmed last."""
    return admissions.decide(session, project, outcome=outcome, text="决定的正文。", by=open_list.answered_by, at=at)
