"""Revisions and their changes; explanations in the making; what applicants returned, and what was sent to them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import StaffUser
from gongshi.append_only import append_only
from gongshi.db import Base, Code, Id, enumerated
from gongshi.objections.models import Objection
from gongshi.projects.models import Institution, PlanVersion, Project


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


class ChangeExplanation(Base):
    """Why something is changed in the working text of a plan, while it is being written: staff only, and not final.

    `objections` are their numbers, `own_initiative` the applicant's own reason, empty where there is none.
    """

    __tablename__ = "change_explanation"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    subject: Mapped[Subject] = mapped_column(enumerated(Subject), primary_key=True)
    key: Mapped[Code] = mapped_column(primary_key=True)
    objections: Mapped[list[str]] = mapped_column(default=list)
    own_initiative: Mapped[str] = mapped_column(default="")
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    edited_at: Mapped[datetime]

    project: Mapped[Project] = relationship()
    edited_by: Mapped[StaffUser] = relationship()

    @property
    def says_why(self) -> bool:
        return bool(self.objections or self.own_initiative)


class ReturnChannel(StrEnum):
    """How a text came back: 报送系统 / 电子邮件 / 邮寄 / 当面递交."""

    SYSTEM = "system"
    EMAIL = "email"
    POST = "post"
    HAND = "hand"


class ReturnedVersion(Base):
    """申报单位交回的文本: who returned which text of a plan, when and how. Applicants have no account.

    The person is known by office only, never by name. The file is kept as it came, sealed: staff may fetch it, no page
    shows it.
    """

    __tablename__ = "returned_version"
    __table_args__ = (
        UniqueConstraint("project_id", "ordinal"),
        CheckConstraint("(file IS NULL) = (file_sha256 IS NULL)", name="file_with_hash"),
        CheckConstraint("(file IS NULL) = (file_name IS NULL)", name="file_with_name"),
    )

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    ordinal: Mapped[int]
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.id"))
    contact_role: Mapped[str]
    channel: Mapped[ReturnChannel] = mapped_column(enumerated(ReturnChannel))
    returned_on: Mapped[date]
    remark: Mapped[str]
    file_name: Mapped[str | None]
    file_sha256: Mapped[str | None]
    file_size: Mapped[int | None]
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))

    project: Mapped[Project] = relationship()
    institution: Mapped[Institution] = relationship()
    recorded_by: Mapped[StaffUser] = relationship()


class Basis(Base):
    """That a published revision rests on a text which the applicant returned."""

    __tablename__ = "basis"

    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    returned_id: Mapped[UUID] = mapped_column(ForeignKey("returned_version.id"), primary_key=True)

    revision: Mapped[Revision] = relationship()
    returned: Mapped[ReturnedVersion] = relationship()


class IssueListExport(Base):
    """That the list of issues of a project was made out for its applicant: when, by whom, on which version."""

    __tablename__ = "issue_list_export"

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    exported_at: Mapped[datetime]
    exported_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    objection_count: Mapped[int]
    sha256: Mapped[Code]

    project: Mapped[Project] = relationship()
    version: Mapped[PlanVersion] = relationship()
    exported_by: Mapped[StaffUser] = relationship()


append_only(ReturnedVersion.__table__)
append_only(Basis.__table__)
append_only(IssueListExport.__table__)
append_only(Revision.__table__)
append_only(Change.__table__)
append_only(Cause.__table__)
