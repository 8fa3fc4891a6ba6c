"""Drafts of publications: a list, a notice, a correction, an extension, a second round, an interruption."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.clock import beijing, iso
from gongshi.consultations.corrected import CorrectedField
from gongshi.consultations.models import Consultation, Nature, Round
from gongshi.drafts.contents import Contents, Result
from gongshi.drafts.models import Draft, DraftKind
from gongshi.errors import RuleBroken
from gongshi.notices import corrections, lists
from gongshi.notices import queries as notices
from gongshi.notices.actions import NoticeText, publish_notice
from gongshi.notices.corrections import OF_INSTITUTIONS, Corrected, value_of
from gongshi.notices.models import InterruptionKind, Notice, NoticeKind
from gongshi.projects import actions as project_actions
from gongshi.projects import plan_text, queries
from gongshi.projects.models import Category, Institution, Project


class InstitutionNotKnown(RuleBroken):
    """An institution that is named for the first time comes with its kind."""

    code = "institution-not-known"


@dataclass(frozen=True)
class ListPublication(Contents):
    """公布名单: the period, from when on it is public, and the notice that goes with it.

    Without `opens_at` the round opens when the list becomes public; without `public_from` that is on approval.
    """

    kind: ClassVar = DraftKind.LIST
    act: ClassVar = Act.PUBLISH
    closes_at: datetime
    opens_at: datetime | None = None
    short_period_reason: str | None = None
    public_from: datetime | None = None
    notice: NoticeText | None = None

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        consultation = list_of(draft)
        project_actions.settle_plans(session, consultation)
        lists.publish_list(
            session,
            consultation,
            opens_at=self.opens_at or self.public_from or at,
            closes_at=self.closes_at,
            short_period_reason=self.short_period_reason,
            public_from=self.public_from,
            notice=self.notice,
            by=by,
            at=at,
        )
        return [
            Result("consultation", consultation.number),
            *_announced(session, consultation, NoticeKind.CONSULTATION),
        ]

    def seen(self, session: Session, draft: Draft, _at: datetime) -> object:
        """The whole list as it stands, plans included: whatever is changed after it was submitted is seen."""
        consultation = list_of(draft)
        texts = queries.plan_drafts(session, consultation)
        return [
            [consultation.number, consultation.title, consultation.title_en, consultation.summary],
            [bureau.slug for bureau in consultation.bureaus],
            [
                [
                    project.number,
                    project.name,
                    [one.name for one in project.institutions],
                    list(project.technologies),
                    list(project.scenarios),
                    [plan_text.of(version).sha256 for version in project.versions],
                    ledger.digest(texts[project.id].markdown) if project.id in texts else None,
                ]
                for project in queries.of_list(session, consultation)
            ],
        ]


@dataclass(frozen=True)
class NoticePublication(Contents):
    """发布公告: a notice that is no act on a list by itself."""

    kind: ClassVar = DraftKind.NOTICE
    act: ClassVar = Act.PUBLISH
    notice_kind: NoticeKind
    notice: NoticeText
    public_from: datetime | None = None

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        notice = _publish(session, draft, self.notice_kind, self.notice, self.public_from, by=by, at=at)
        return [Result("notice", notice.slug)]


@dataclass(frozen=True)
class NewValue:
    """One value to be corrected; institutions by their names. Without a project, a value of the list itself."""

    field: CorrectedField
    becomes: tuple[str, ...]
    project: int | None = None


@dataclass(frozen=True)
class NewInstitution:
    """An institution that occurs for the first time, with its kind."""

    name: str
    category: Category


@dataclass(frozen=True)
class ListCorrection(Contents):
    """更正: values of the list that were wrong; or, without any, the wording of an earlier notice."""

    kind: ClassVar = DraftKind.CORRECTION
    act: ClassVar = Act.CORRECT
    notice: NoticeText
    values: tuple[NewValue, ...] = ()
    new_institutions: tuple[NewInstitution, ...] = ()

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        if not self.values:
            notice = _publish(session, draft, NoticeKind.CORRECTION, self.notice, None, by=by, at=at)
            return [Result("notice", notice.slug)]
        consultation = list_of(draft)
        corrected = [self._corrected(session, consultation, value) for value in self.values]
        notice = corrections.correct(session, consultation, corrected=corrected, notice=self.notice, by=by, at=at)
        return [Result("notice", notice.slug)]

    def seen(self, session: Session, draft: Draft, _at: datetime) -> object:
        """What the corrected values are now."""
        consultation = draft.consultation
        if consultation is None:
            return None
        return [value_of(consultation, _project(session, consultation, one.project), one.field) for one in self.values]

    def _corrected(self, session: Session, consultation: Consultation, value: NewValue) -> Corrected:
        project = _project(session, consultation, value.project)
        if value.field not in OF_INSTITUTIONS:
            return Corrected(value.field, project, words=value.becomes)
        named = tuple(self._institution(session, consultation, name) for name in value.becomes)
        return Corrected(value.field, project, institutions=named)

    def _institution(self, session: Session, consultation: Consultation, name: str) -> Institution:
        found = queries.institution_named(session, name)
        if found is not None:
            return found
        category = next((one.category for one in self.new_institutions if one.name == name), None)
        if category is None:
            raise InstitutionNotKnown(name=name)
        registered = project_actions.register(session, name=name, category=category, is_example=consultation.is_example)
        session.flush()
        return registered


@dataclass(frozen=True)
class Extension(Contents):
    """延期: the new closing of a round, and why."""

    kind: ClassVar = DraftKind.EXTENSION
    act: ClassVar = Act.EXTEND
    round: int
    closes_at: datetime
    reason: str
    notice: NoticeText

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        consultation = list_of(draft)
        lists.extend(
            session,
            round_of(consultation, self.round),
            closes_at=self.closes_at,
            reason=self.reason,
            notice=self.notice,
            by=by,
            at=at,
        )
        return _announced(session, consultation, NoticeKind.EXTENSION)

    def seen(self, _session: Session, draft: Draft, _at: datetime) -> object:
        return iso(round_of(list_of(draft), self.round).closes_at)


@dataclass(frozen=True)
class SecondRound(Contents):
    """再次公开征求意见: another period, for the list or for the project that the draft names."""

    kind: ClassVar = DraftKind.SECOND_ROUND
    act: ClassVar = Act.PUBLISH
    closes_at: datetime
    notice: NoticeText
    opens_at: datetime | None = None
    short_period_reason: str | None = None

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        consultation = list_of(draft)
        lists.second_round(
            session,
            consultation,
            opens_at=self.opens_at or at,
            closes_at=self.closes_at,
            short_period_reason=self.short_period_reason,
            project=draft.project,
            notice=self.notice,
            by=by,
            at=at,
        )
        return _announced(session, consultation, NoticeKind.CONSULTATION)


@dataclass(frozen=True)
class Stop(Contents):
    """中止、撤回: of the list, or of the project that the draft names. The notice says why."""

    kind: ClassVar = DraftKind.INTERRUPTION
    act: ClassVar = Act.INTERRUPT
    interruption: InterruptionKind
    notice: NoticeText

    def carry_out(self, session: Session, draft: Draft, *, by: Hands, at: datetime) -> list[Result]:
        consultation = list_of(draft)
        made = lists.interrupt(
            session,
            consultation,
            kind=self.interruption,
            project=draft.project,
            slug=notices.free_slug(session, f"{consultation.number}-{self.interruption.value}"),
            title=self.notice.title,
            reason=self.notice.body,
            attachments=self.notice.attachments,
            by=by,
            at=at,
        )
        return [Result("notice", made.notice.slug)]


def list_of(draft: Draft) -> Consultation:
    """The list that a draft is about; such a draft always has one."""
    assert draft.consultation is not None
    return draft.consultation


def round_of(consultation: Consultation, ordinal: int) -> Round:
    return next(one for one in consultation.rounds if one.ordinal == ordinal)


def _project(session: Session, consultation: Consultation, number: int | None) -> Project | None:
    return queries.numbered(session, consultation, number) if number is not None else None


def _publish(
    session: Session,
    draft: Draft,
    kind: NoticeKind,
    text: NoticeText,
    public_from: datetime | None,
    *,
    by: Hands,
    at: datetime,
) -> Notice:
    consultation = draft.consultation
    stem = consultation.number if consultation else f"{draft.bureau.slug}-{beijing(at).year}"
    return publish_notice(
        session,
        slug=notices.free_slug(session, f"{stem}-{kind.value}"),
        kind=kind,
        title=text.title,
        body=text.body,
        bureau=consultation.bureaus[0] if consultation else draft.bureau,
        nature=consultation.nature if consultation else (Nature.EXAMPLE if draft.prepared_by.is_trial else Nature.LIVE),
        consultation=consultation,
        project=draft.project,
        attachments=text.attachments,
        public_from=public_from,
        by=by,
        at=at,
    )


def _announced(session: Session, consultation: Consultation, kind: NoticeKind) -> list[Result]:
    """The notice that this act just published."""
    made = [one for one in notices.every_of_list(session, consultation) if one.kind is kind]
    latest = max(made, key=lambda one: one.ledger_index, default=None)
    return [Result("notice", latest.slug)] if latest else []
