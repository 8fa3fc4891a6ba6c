"""The rows of `projects.csv`, for the archive and for the example alike."""

from pathlib import Path

from sqlalchemy.orm import Session

from gongshi.consultations.models import Consultation
from gongshi.loading.files import Entry, read_csv
from gongshi.loading.people import institution_of
from gongshi.projects import actions as projects
from gongshi.projects.models import Project

COLUMNS = ("number", "name", "lead", "joint", "technologies", "scenarios")
ARCHIVE_COLUMNS = (*COLUMNS, "source")


def load_projects(session: Session, consultation: Consultation, path: Path) -> dict[int, Project]:
    """Propose every row. Outside the archive a missing lead institution is refused; a number occurs once."""
    columns = ARCHIVE_COLUMNS if consultation.is_archive else COLUMNS
    found: dict[int, Project] = {}
    for row in read_csv(path, columns):
        number = row.ordinal("number")
        if number in found:
            raise row.refuse("number", f"项目编号 {number} 重复；每个编号只能出现一次")
        found[number] = _propose(session, consultation, row, number)
    return found


def _propose(session: Session, consultation: Consultation, row: Entry, number: int) -> Project:
    lead, source = row.optional("lead"), row.optional("source") or None
    if not lead and not (consultation.is_archive and source):
        raise row.refuse("lead", f"项目 {number} 没有牵头申报单位；请在 lead 栏填写 institutions.csv 中的机构名称")
    if not consultation.is_archive:
        row.text("name")
    named = [lead, *row.strings("joint")]
    if len(set(named)) < len(named):
        raise row.refuse("joint", f"项目 {number} 的同一机构写了两次；牵头和联合单位各写一次")
    return projects.propose(
        session,
        consultation,
        number=number,
        name=row.optional("name"),
        lead=institution_of(session, row, "lead", lead) if lead else None,
        joint=[institution_of(session, row, "joint", one) for one in row.strings("joint")],
        technologies=row.strings("technologies"),
        scenarios=row.strings("scenarios"),
        unknown_source=source,
    )
