"""Judgements of risks, stored gate runs, and admissions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval
from gongshi.append_only import append_only
from gongshi.db import Base, Code, Id, enumerated
from gongshi.notices.models import Notice
from gongshi.objections.response_models import Response
from gongshi.projects.models import PlanVersion, Project


class AdmissionOutcome(StrEnum):
    """正式纳入 / 不予纳入 / 暂缓 / 申报人撤回."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class RiskJudgement(Base):
    """An analyst judged, and a second person confirmed, whether a risk as worded in one version is covered (rule 14).

    `risk_sha256` ties it to that wording: when prevention or compensation change, it has to be judged again.
    """

    __tablename__ = "risk_judgement"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="with_reason"),)

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    risk_key: Mapped[Code]
    risk_sha256: Mapped[Code]
    is_sufficient: Mapped[bool]
    reason: Mapped[str]
    judged_at: Mapped[datetime]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))

    project: Mapped[Project] = relationship()
    version: Mapped[PlanVersion] = relationship()
    approval: Mapped[Approval] = relationship()


class GateRun(Base):
    """核查记录: a stored, logged evaluation of the gate that an approver confirmed. Page views make none."""

    __tablename__ = "gate_run"
    __table_args__ = (
        UniqueConstraint("id", "passed", "project_id"),
        Index("ix_gate_run_project", "project_id", "ran_at"),
    )

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    ran_at: Mapped[datetime]
    passed: Mapped[bool]
    conditions: Mapped[list[Any]] = mapped_column(JSON)
    sha256: Mapped[Code]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))
    ledger_index: Mapped[int]

    project: Mapped[Project] = relationship()
    version: Mapped[PlanVersion] = relationship()
    approval: Mapped[Approval] = relationship()


class Admission(Base):
    """纳入决定: what was decided about a project. `admitted` cannot be stored without a gate run that passed.

    A deferred project may be decided again, and so may one about which a later round was held; the latest decision
    counts.
    """

    __tablename__ = "admission"
    __table_args__ = (
        ForeignKeyConstraint(
            ["gate_run_id", "gate_passed", "project_id"], ["gate_run.id", "gate_run.passed", "gate_run.project_id"]
        ),
        CheckConstraint(
            "outcome <> 'admitted' OR (gate_run_id IS NOT NULL AND gate_passed IS TRUE)", name="only_by_the_gate"
        ),
        Index("ix_admission_project", "project_id", "decided_at"),
    )

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    outcome: Mapped[AdmissionOutcome] = mapped_column(enumerated(AdmissionOutcome))
    text: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(index=True)
    gate_run_id: Mapped[UUID | None]
    gate_passed: Mapped[bool | None]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))
    ledger_index: Mapped[int]

    project: Mapped[Project] = relationship()
    gate_run: Mapped[GateRun | None] = relationship(viewonly=True)
    approval: Mapped[Approval] = relationship()

    @property
    def is_final(self) -> bool:
        return self.outcome is not AdmissionOutcome.DEFERRED


class Announcement(Base):
    """That a notice 纳入公告 made a decision known. One notice may announce the decisions of one day on a list."""

    __tablename__ = "announcement"

    admission_id: Mapped[UUID] = mapped_column(ForeignKey("admission.id"), primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), index=True)

    admission: Mapped[Admission] = relationship()
    notice: Mapped[Notice] = relationship()


class UnsatisfiedResponse(Base):
    """That a response stood unsatisfied at the moment of a decision, which lists every one of them (rule 15)."""

    __tablename__ = "unsatisfied_response"

    admission_id: Mapped[UUID] = mapped_column(ForeignKey("admission.id"), primary_key=True)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)

    admission: Mapped[Admission] = relationship()
    response: Mapped[Response] = relationship()


append_only(RiskJudgement.__table__)
append_only(GateRun.__table__)
append_only(Admission.__table__)
append_only(Announcement.__table__)
append_only(UnsatisfiedResponse.__table__)
