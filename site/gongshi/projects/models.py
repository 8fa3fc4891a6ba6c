"""Institutions, projects, and the immutable numbered versions of their plans."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval, StaffUser
from gongshi.append_only import append_only, once
from gongshi.consultations.corrected import CorrectedField, corrected_list, corrected_text, latest
from gongshi.consultations.models import Consultation, Correction
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


class PlanSource(StrEnum):
    """How the working text of a plan came in. `returned`: by the applicant, as a file that is kept."""

    TYPED = "typed"
    PASTED = "pasted"
    UPLOADED = "uploaded"
    RETURNED = "returned"


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
    and then `unknown_source` says where that was read.

    What was published stays as it was in `listed_name`, `listed_lead`, `partners` and so on; `name`, `lead` and
    `joint` are as the last correction has them.
    """

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("lead_id IS NOT NULL OR unknown_source IS NOT NULL", name="lead_or_source"),
    )

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    listed_name: Mapped[str] = mapped_column("name")
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"), index=True)
    unknown_source: Mapped[str | None]
    listed_technologies: Mapped[list[str]] = mapped_column("technologies", default=list)
    listed_scenarios: Mapped[list[str]] = mapped_column("scenarios", default=list)

    consultation: Mapped[Consultation] = relationship()
    listed_lead: Mapped[Institution | None] = relationship()
    corrections: Mapped[list[Correction]] = relationship(
        order_by=(Correction.corrected_at, Correction.ordinal), lazy="selectin", viewonly=True
    )
    corrected_institutions: Mapped[list["CorrectedInstitution"]] = relationship(
        order_by="CorrectedInstitution.ordinal", lazy="selectin", viewonly=True
    )
    partners: Mapped[list[Partner]] = relationship(order_by=Partner.ordinal)
    versions: Mapped[list["PlanVersion"]] = relationship(back_populates="project", order_by="PlanVersion.number")

    name = corrected_text("name", CorrectedField.NAME)
    technologies = corrected_list("technologies", CorrectedField.TECHNOLOGIES)
    scenarios = corrected_list("scenarios", CorrectedField.SCENARIOS)

    @property
    def lead(self) -> Institution | None:
        """牵头申报单位, as the last correction has it."""
        corrected = self._corrected(CorrectedField.LEAD)
        return self.listed_lead if corrected is None else corrected[0]

    @lead.setter
    def lead(self, institution: Institution | None) -> None:
        self.listed_lead = institution

    @property
    def joint(self) -> list[Institution]:
        """联合申报单位, in their order, as the last correction has them."""
        corrected = self._corrected(CorrectedField.JOINT)
        return [partner.institution for partner in self.partners] if corrected is None else corrected

    @property
    def institutions(self) -> list[Institution]:
        """The lead, then the joint institutions."""
        return [self.lead, *self.joint] if self.lead else self.joint

    @property
    def listed_institutions(self) -> list[Institution]:
        """The same as the list was published."""
        joint = [partner.institution for partner in self.partners]
        return [self.listed_lead, *joint] if self.listed_lead else joint

    def _corrected(self, field: CorrectedField) -> list[Institution] | None:
        found = latest(self.corrections, field)
        if found is None:
            return None
        return [one.institution for one in self.corrected_institutions if one.correction_id == found.id]

    @property
    def current_version(self) -> "PlanVersion | None":
        """The latest version that the public can read."""
        published = [version for version in self.versions if version.published_at is not None]
        return published[-1] if published else None

    @property
    def published_versions(self) -> list["PlanVersion"]:
        return [version for version in self.versions if version.published_at is not None]


class CorrectedInstitution(Base):
    """An institution that a correction of a project's lead or joint institutions names, in its order."""

    __tablename__ = "corrected_institution"

    correction_id: Mapped[UUID] = mapped_column(ForeignKey("correction.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.id"), index=True)

    institution: Mapped[Institution] = relationship(lazy="joined")


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


class PlanDraft(Base):
    """The working text of a project's next plan version. Nobody but staff sees it, and it may be wrong or unfinished.

    `edition` counts its changes from 1, so that two people who edit at the same time cannot overwrite each other.
    """

    __tablename__ = "plan_draft"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    markdown: Mapped[str]
    source: Mapped[PlanSource] = mapped_column(enumerated(PlanSource))
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    edited_at: Mapped[datetime]
    edition: Mapped[int]

    project: Mapped[Project] = relationship()
    edited_by: Mapped[StaffUser] = relationship()


_OF_A_PUBLISHED_LIST = "SELECT 1 FROM consultation WHERE consultation.published_at IS NOT NULL AND consultation.id ="
_ITS_LIST = "SELECT consultation_id FROM project WHERE project.id = project_id"
append_only(CorrectedInstitution.__table__)
append_only(Project.__table__, when=once(f"EXISTS ({_OF_A_PUBLISHED_LIST} consultation_id)"))
append_only(
    Partner.__table__,
    when=once(f"EXISTS ({_OF_A_PUBLISHED_LIST} ({_ITS_LIST}))"),
)
append_only(Paragraph.__table__)
append_only(Risk.__table__)
append_only(PlanVersion.__table__, columns=("project_id", "number", "title", "summary", "sha256"))
