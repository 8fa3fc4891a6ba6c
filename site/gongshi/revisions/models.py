"""Revisions and their changes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.append_only import append_only
from gongshi.db import Base, Code, Id, enumerated
from gongshi.objections.models import Objection
from gongshi.projects.models import PlanVersion, Project


class ChangeKind(StrEnum):
    """新增 / 删除 / 改写 / 移动."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"


class Subject(StrEnum):
    """What was changed: a paragraph of the text, or a row of the risk register."""

    PARAGRAPH = "paragraph"
    RISK = "risk"


class Revision(Base):
    """修改: the step from one version of a plan to the next."""

    __tablename__ = "revision"

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    from_version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"), unique=True)
    to_version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"), unique=True)
    published_at: Mapped[datetime]

    project: Mapped[Project] = relationship()
    from_version: Mapped[PlanVersion] = relationship(foreign_keys=[from_version_id])
    to_version: Mapped[PlanVersion] = relationship(foreign_keys=[to_version_id])
    changes: Mapped[list["Change"]] = relationship(back_populates="revision", order_by="Change.ordinal")


class Change(Base):
    """修改之处: a changed paragraph or risk; caused by objections, or 自行修改 own initiative with a reason."""

    __tablename__ = "change"
    __table_args__ = (UniqueConstraint("revision_id", "subject", "key"),)

    id: Mapped[Id]
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    ordinal: Mapped[int]
    subject: Mapped[Subject] = mapped_column(enumerated(Subject))
    key: Mapped[Code]
    kind: Mapped[ChangeKind] = mapped_column(enumerated(ChangeKind))
    own_initiative: Mapped[str | None]

    revision: Mapped[Revision] = relationship(back_populates="changes")
    causes: Mapped[list["Cause"]] = relationship(back_populates="change")

    @property
    def objections(self) -> list[Objection]:
        return sorted((cause.objection for cause in self.causes), key=lambda objection: objection.ordinal)


class Cause(Base):
    """That an objection led to a change."""

    __tablename__ = "cause"

    change_id: Mapped[UUID] = mapped_column(ForeignKey("change.id"), primary_key=True)
    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objection.id"), primary_key=True, index=True)

    change: Mapped[Change] = relationship(back_populates="causes")
    objection: Mapped[Objection] = relationship()


append_only(Revision.__table__)
append_only(Change.__table__)
append_only(Cause.__table__)
