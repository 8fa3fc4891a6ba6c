"""Institutions, projects, and the immutable numbered versions of their plans."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval
from gongshi.append_only import append_only
from gongshi.consultations.models import Consultation
from gongshi.db import Base, Code, Id, enumerated


class Category(StrEnum):
    """The kinds of institution that take part. The value is the public name."""

    SECURITIES = "证券公司"
    FUND = "基金管理公司"
    FUTURES = "期货公司"
    CORE = "市场核心机构"
    RATING = "信用评级机构"
    REGIONAL = "区域性股权市场运营机构"
    CUSTODY = "基金托管机构"
    SERVICE = "证券期货服务机构"
    BANK = "银行"
    TECHNOLOGY = "科技企业"
    OTHER = "其他"


class Block(StrEnum):
    """What a paragraph is in the plan's layout."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEADER = "header"
    ROW = "row"


class Severity(StrEnum):
    """一般 general or 重大 major."""

    GENERAL = "general"
    MAJOR = "major"


class Institution(Base):
    """机构: leads or joins projects. `aliases` are what people also call it, for search."""

    __tablename__ = "institution"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    category: Mapped[Category] = mapped_column(enumerated(Category))
    aliases: Mapped[list[str]] = mapped_column(default=list)
    is_example: Mapped[bool] = mapped_column(default=False)


class Partner(Base):
    """联合申报单位: an institution that joins a project, in the order of the list."""

    __tablename__ = "partner"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    ordinal: Mapped[int]

    institution: Mapped[Institution] = relationship()


class Project(Base):
    """项目: one row of the list. Outside the archive its lead institution 牵头申报单位 is known; there it may not be,
    and then `unknown_source` says where that was read."""

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("lead_id IS NOT NULL OR unknown_source IS NOT NULL", name="lead_or_source"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    name: Mapped[str]
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"), index=True)
    unknown_source: Mapped[str | None]
    technologies: Mapped[list[str]] = mapped_column(default=list)
    scenarios: Mapped[list[str]] = mapped_column(default=list)

    consultation: Mapped[Consultation] = relationship()
    lead: Mapped[Institution | None] = relationship()
    partners: Mapped[list[Partner]] = relationship(order_by=Partner.ordinal)
    versions: Mapped[list["PlanVersion"]] = relationship(back_populates="project", order_by="PlanVersion.number")

    @property
    def institutions(self) -> list[Institution]:
        """The lead, then the joint institutions."""
        joint = [partner.institution for partner in self.partners]
        return [self.lead, *joint] if self.lead else joint

    @property
    def current_version(self) -> "PlanVersion | None":
        """The latest version that the public can read."""
        published = [version for version in self.versions if version.published_at is not None]
        return published[-1] if published else None

    @property
    def published_versions(self) -> list["PlanVersion"]:
        return [version for version in self.versions if version.published_at is not None]


class PlanVersion(Base):
    """方案版本: immutable numbered text of a project's plan, with its risk register."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("published_at IS NULL OR approval_id IS NOT NULL", name="approved"),
    )

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    sha256: Mapped[Code]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval.id"))
    ledger_index: Mapped[int | None]

    project: Mapped[Project] = relationship(back_populates="versions")
    approval: Mapped[Approval | None] = relationship()
    paragraphs: Mapped[list["Paragraph"]] = relationship(back_populates="version", order_by="Paragraph.ordinal")
    risks: Mapped[list["Risk"]] = relationship(back_populates="version", order_by="Risk.ordinal")


class Paragraph(Base):
    """段落: a heading, paragraph, list item or table row, with a key that stays through versions (`p-31`).

    The cells of a table row are joined by ` | `.
    """

    __tablename__ = "paragraph"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    key: Mapped[Code]
    ordinal: Mapped[int]
    block: Mapped[Block] = mapped_column(enumerated(Block))
    level: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]

    version: Mapped[PlanVersion] = relationship(back_populates="paragraphs")

    @property
    def cells(self) -> list[str]:
        return self.text.split(" | ")


class Risk(Base):
    """风险点: a row of the plan's risk register. Prevention and compensation may be missing; the gate will say so."""

    __tablename__ = "risk"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    key: Mapped[Code]
    ordinal: Mapped[int]
    description: Mapped[str]
    severity: Mapped[Severity] = mapped_column(enumerated(Severity))
    prevention: Mapped[str | None]
    compensation: Mapped[str | None]
    owner: Mapped[str]

    version: Mapped[PlanVersion] = relationship(back_populates="risks")

    @property
    def is_covered(self) -> bool:
        """Both 防范措施 and 补偿机制 are stated. Whether they suffice is a judgement, see admissions."""
        return bool(self.prevention and self.compensation)


append_only(Paragraph.__table__)
append_only(Risk.__table__)
append_only(PlanVersion.__table__, columns=("project_id", "number", "title", "summary", "sha256"))
