"""Verb: correct a published list, by a notice that says so (更正). The rows that were published stay as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gongshi import ledger, search
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands, approve
from gongshi.consultations.corrected import CorrectedField
from gongshi.consultations.models import Consultation, Correction
from gongshi.notices.actions import NoticeText, announce, record_on_list, refuse_foreign
from gongshi.notices.models import Notice, NoticeKind
from gongshi.notices.refusals import CorrectionUnfinished, NothingCorrected, NotPublishedYet
from gongshi.projects import searchable
from gongshi.projects.models import CorrectedInstitution, Institution, Project

OF_INSTITUTIONS = frozenset({CorrectedField.LEAD, CorrectedField.JOINT})


@dataclass(frozen=True)
class Corrected:
    """One value that is to be corrected: words, or for lead and joint the institutions in their order."""

    field: CorrectedField
    project: Project | None = None
    words: tuple[str, ...] = ()
    institutions: tuple[Institution, ...] = ()

    @property
    def becomes(self) -> list[str]:
        return [one.name for one in self.institutions] or [word.strip() for word in self.words if word.strip()]


def correct(
    session: Session,
    consultation: Consultation,
    *,
    corrected: Sequence[Corrected],
    notice: NoticeText,
    by: Hands,
    at: datetime,
) -> Notice:
    """Correct values of a list that everybody can read already, all by one notice.

    Raises NotPublishedYet, NothingCorrected, CorrectionUnfinished, ProjectOfAnotherList, and what `approve` raises.
    """
    if not consultation.is_public(at):
        raise NotPublishedYet(consultation=consultation.number)
    bureaus = [bureau.id for bureau in consultation.bureaus]
    approval = approve(session, Act.CORRECT, by, bureaus=bureaus, at=at)
    _refuse_unfinished(consultation, corrected)

    concerned = {one.project for one in corrected}
    project = concerned.pop() if len(concerned) == 1 else None
    announced = announce(
        session,
        consultation,
        notice,
        kind=NoticeKind.CORRECTION,
        project=project,
        approval=approval,
        since=at,
        at=at,
    )
    rows = [_keep(session, consultation, announced, place, one, at) for place, one in enumerate(corrected, 1)]
    _read_again(session, consultation, corrected)
    record_on_list(
        session,
        ledger.Kind.CONSULTATION_CORRECTED,
        consultation,
        project,
        announced,
        at,
        sha256=ledger.digest(
            [
                [one.project.number if one.project else None, row.field.value, row.was, row.becomes]
                for one, row in zip(corrected, rows, strict=True)
            ]
        ),
    )
    return announced


def value_of(consultation: Consultation, project: Project | None, field: CorrectedField) -> list[str]:
    """What a list, or a row of it, says now: a text as a list of one."""
    held = {
        CorrectedField.TITLE: lambda: [consultation.title],
        CorrectedField.TITLE_EN: lambda: [consultation.title_en],
        CorrectedField.SUMMARY: lambda: [consultation.summary],
    }
    if project is not None:
        held |= {
            CorrectedField.NAME: lambda: [project.name],
            CorrectedField.LEAD: lambda: [project.lead.name] if project.lead else [],
            CorrectedField.JOINT: lambda: [one.name for one in project.joint],
            CorrectedField.TECHNOLOGIES: lambda: project.technologies,
            CorrectedField.SCENARIOS: lambda: project.scenarios,
        }
    if field not in held:
        raise CorrectionUnfinished(field=field)
    return list(held[field]())


def _refuse_unfinished(consultation: Consultation, corrected: Sequence[Corrected]) -> None:
    if not corrected:
        raise NothingCorrected
    places = [(one.project.id if one.project else None, one.field) for one in corrected]
    if len(set(places)) < len(places):
        raise CorrectionUnfinished(field=places[0][1])
    for one in corrected:
        refuse_foreign(consultation, one.project)
        if one.field.is_of_the_list != (one.project is None) or not _is_whole(one):
            raise CorrectionUnfinished(field=one.field)
        if one.becomes == value_of(consultation, one.project, one.field):
            raise NothingCorrected(field=one.field)
    for project in {one.project for one in corrected if one.project is not None}:
        _refuse_twice(project, corrected)


def _is_whole(one: Corrected) -> bool:
    """Institutions where institutions are meant and words elsewhere; one value, unless it may hold many; none twice."""
    if (one.field in OF_INSTITUTIONS and one.words) or (one.field not in OF_INSTITUTIONS and one.institutions):
        return False
    if len(set(one.becomes)) < len(one.becomes):
        return False
    return one.field.is_many or len(one.becomes) == 1


def _refuse_twice(project: Project, corrected: Sequence[Corrected]) -> None:
    """An institution leads a project or joins it, not both."""
    now = {one.field: list(one.institutions) for one in corrected if one.project is project}
    lead = now.get(CorrectedField.LEAD, [project.lead] if project.lead else [])
    if any(one in now.get(CorrectedField.JOINT, project.joint) for one in lead):
        raise CorrectionUnfinished(field=CorrectedField.JOINT)


def _keep(
    session: Session, consultation: Consultation, notice: Notice, place: int, one: Corrected, at: datetime
) -> Correction:
    row = Correction(
        consultation=consultation,
        project_id=one.project.id if one.project else None,
        notice_id=notice.id,
        ordinal=place,
        field=one.field,
        was=value_of(consultation, one.project, one.field),
        becomes=one.becomes,
        corrected_at=at,
    )
    session.add(row)
    session.flush()
    if one.project is not None:
        session.add_all(
            CorrectedInstitution(
                correction_id=row.id, ordinal=ordinal, project_id=one.project.id, institution_id=institution.id
            )
            for ordinal, institution in enumerate(one.institutions, 1)
        )
    session.flush()
    return row


def _read_again(session: Session, consultation: Consultation, corrected: Sequence[Corrected]) -> None:
    """Have this session, and search, read the corrected rows anew."""
    session.expire(consultation, ["corrections"])
    for project in {one.project for one in corrected if one.project is not None}:
        before = project.institutions
        session.expire(project, ["corrections", "corrected_institutions"])
        searchable.enqueue_project(session, project)
        for institution in before:
            search.enqueue(session, "institution", str(institution.id))
