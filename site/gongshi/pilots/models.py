"""Life-cycle events."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval
from gongshi.append_only import append_only
from gongshi.db import Base, Id, enumerated
from gongshi.projects.models import PlanVersion, Project


class EventKind(StrEnum):
    """运行监测, 现场检查, 评估结论, 改进, 整改, 暂停, 停止, 退出, 转常态化运营."""

    MONITORING = "monitoring"
    INSPECTION = "inspection"
    CONCLUSION = "conclusion"
    IMPROVEMENT = "improvement"
    RECTIFICATION = "rectification"
    SUSPENSION = "suspension"
    STOP = "stop"
    EXIT = "exit"
    CONVERSION = "conversion"


class LifecycleEvent(Base):
    """试点动态: names the commitment (a paragraph or a risk of the admitted version) that it fulfils or breaches."""

    __tablename__ = "lifecycle_event"
    __table_args__ = (
        CheckConstraint("(paragraph_key IS NULL) <> (risk_key IS NULL)", name="one_commitment"),
        Index("ix_lifecycle_event_project", "project_id", "published_at"),
    )

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    kind: Mapped[EventKind] = mapped_column(enumerated(EventKind))
    happened_on: Mapped[date]
    title: Mapped[str]
    text: Mapped[str]
    paragraph_key: Mapped[str | None]
    risk_key: Mapped[str | None]
    fulfils: Mapped[bool]
    published_at: Mapped[datetime] = mapped_column(index=True)
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))
    ledger_index: Mapped[int]

    project: Mapped[Project] = relationship()
    version: Mapped[PlanVersion] = relationship()
    approval: Mapped[Approval] = relationship()


append_only(LifecycleEvent.__table__)
