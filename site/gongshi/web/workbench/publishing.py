"""Acts on a list: publish it, extend it, open it again, suspend or withdraw it. Each keeps a draft with its notice."""

from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Optional

from gongshi import clock
from gongshi.accounts.models import Role
from gongshi.consultations.models import Consultation, Round
from gongshi.drafts import queries as drafts
from gongshi.drafts.models import DraftKind
from gongshi.drafts.publishing import Extension, ListPublication, SecondRound, Stop
from gongshi.notices import drafted
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import InterruptionKind
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.wording import LABELS
from gongshi.web.workbench import access, announcing, drafting, next_steps, periods, places
from gongshi.web.workbench.announcing import NoticeForm
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.periods import PeriodFields, PublicFromFields
from gongshi.web.workbench.typed import typed

bp = Blueprint("publishing", __name__, url_prefix="/consultations/<number>")
access.allow(
    bp,
    reading=access.EVERYONE,
    writing={Role.EDITOR},
    uploads={"release", "extension", "second_round", "interruption"},
)

WHOLE_LIST = ""


class ReleaseForm(PublicFromFields, PeriodFields, NoticeForm):
    """From when on a list is public, how long comments are taken, and the notice that goes with it."""


@bp.route("/release", methods=["GET", "POST"])
def release(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    if consultation.published_at is not None or consultation.is_archive:
        return _not_now(number, gettext("This list is published already."))
    draft = drafting.opened(DraftKind.LIST, consultation)
    stored: ListPublication | None = drafting.contents(draft)
    form = ReleaseForm(edition=drafting.edition(draft), data=_filled_release(stored))
    form.files = announcing.files_of(stored.notice if stored else None)

    def words() -> NoticeText:
        period = form.period()
        return drafted.consultation(
            scope_of(consultation),
            project_count=len(projects.of_list(session(), consultation)),
            opens_at=period.opens_at or form.public_from(),
            closes_at=period.closes_at,
            short_period_reason=form.reason(),
        )

    def contents(text: NoticeText) -> ListPublication:
        period = form.period()
        return ListPublication(period.closes_at, period.opens_at, form.reason(), form.public_from(), text)

    if form.is_submitted():
        done = announcing.outcome(
            form,
            draft,
            words=words,
            contents=contents,
            title=lambda: f"公布名单 {consultation.number}",
            must_name=lambda: drafted.last_day(form.period().closes_at),
            consultation=consultation,
        )
        if done is not None:
            return done
    body = render_template(
        "workbench/publishing/release.html",
        consultation=consultation,
        example=consultation.is_example,
        form=form,
        draft=draft,
        under_way=_others(consultation, DraftKind.LIST, draft),
        projects=projects.of_list(session(), consultation),
        without_plan=next_steps.without_plan(consultation),
    )
    return body, announcing.status(form) if form.is_submitted() else 200


class ExtensionForm(NoticeForm):
    """The new last day of a round, and why."""

    round = SelectField(_("Comment period"), coerce=int)
    closes_on = DateField(_("New last day"), [DataRequired(_("Please give the new last day."))])
    reason = TextAreaField(
        _("Why it is extended (public)"), [DataRequired(_("An extension needs a published reason."))]
    )

    running: dict[int, Round]

    def validate_closes_on(self, _field: DateField) -> None:
        before = self.running[self.round.data].closes_at if self.round.data in self.running else now()
        if self.new_closing() <= before:
            raise ValidationError(
                gettext(
                    "A published period is never shortened; this one runs to the end of %(day)s. Give a later day.",
                    day=drafted.last_day(before),
                )
            )
        if self.new_closing() - now() > periods.LONGEST:
            raise ValidationError(gettext("This is more than a year ahead. Please check the year."))

    def new_closing(self) -> datetime:
        """The end of the last day that was given."""
        day = self.closes_on.data
        assert day is not None, "the field was validated"
        return clock.end_of(day)


@bp.route("/extension", methods=["GET", "POST"])
def extension(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    running = {one.ordinal: one for one in consultation.rounds if one.closes_at > now()}
    if not running:
        return _not_now(number, gettext("No comment period is running. A second round can be opened."))
    draft = drafting.opened(DraftKind.EXTENSION, consultation)
    stored: Extension | None = drafting.contents(draft)
    form = ExtensionForm(edition=drafting.edition(draft), data=_filled_extension(stored))
    form.files = announcing.files_of(stored.notice if stored else None)
    form.running = running
    form.round.choices = [SelectChoice(one.ordinal, _spoken(one)) for one in running.values()]

    def words() -> NoticeText:
        one = running[form.round.data]
        return drafted.extension(
            scope_of(consultation, _project_of(one)),
            before=one.closes_at,
            closes_at=form.new_closing(),
            reason=typed(form.reason),
        )

    def contents(text: NoticeText) -> Extension:
        return Extension(form.round.data, form.new_closing(), typed(form.reason).strip(), text)

    if form.is_submitted():
        done = announcing.outcome(
            form,
            draft,
            words=words,
            contents=contents,
            title=lambda: f"延长征求意见期限 {consultation.number}",
            must_name=lambda: drafted.last_day(form.new_closing()),
            consultation=consultation,
            project=_project_of(running[form.round.data]) if form.round.data in running else None,
        )
        if done is not None:
            return done
    body = render_template(
        "workbench/publishing/extension.html",
        consultation=consultation,
        example=consultation.is_example,
        form=form,
        draft=draft,
        running=list(running.values()),
        under_way=_others(consultation, DraftKind.EXTENSION, draft),
    )
    return body, announcing.status(form) if form.is_submitted() else 200


class SecondRoundForm(PeriodFields, NoticeForm):
    """Another period, for the whole list or for one project of it."""

    project = SelectField(_("Which part of the list"))


@bp.route("/second-round", methods=["GET", "POST"])
def second_round(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    if not consultation.is_public(now()) or consultation.is_archive:
        return _not_now(number, gettext("A second round follows a first: this list is not public."))
    draft = drafting.opened(DraftKind.SECOND_ROUND, consultation)
    stored: SecondRound | None = drafting.contents(draft)
    kept_project = str(draft.project.number) if draft and draft.project else WHOLE_LIST
    form = SecondRoundForm(edition=drafting.edition(draft), data={"project": kept_project, **_filled_round(stored)})
    form.files = announcing.files_of(stored.notice if stored else None)
    form.project.choices = _parts(consultation, only=kept_project if draft else None)

    def words() -> NoticeText:
        period = form.period()
        return drafted.second_round(
            scope_of(consultation, _chosen(consultation, form.project)),
            ordinal=len(consultation.rounds) + 1,
            opens_at=period.opens_at,
            closes_at=period.closes_at,
            short_period_reason=form.reason(),
        )

    def contents(text: NoticeText) -> SecondRound:
        period = form.period()
        return SecondRound(period.closes_at, text, period.opens_at, form.reason())

    if form.is_submitted():
        done = announcing.outcome(
            form,
            draft,
            words=words,
            contents=contents,
            title=lambda: f"再次公开征求意见 {consultation.number}",
            must_name=lambda: drafted.last_day(form.period().closes_at),
            consultation=consultation,
            project=_chosen(consultation, form.project),
        )
        if done is not None:
            return done
    body = render_template(
        "workbench/publishing/second_round.html",
        consultation=consultation,
        example=consultation.is_example,
        form=form,
        draft=draft,
        running=[_spoken(one) for one in consultation.rounds if one.closes_at > now()],
        under_way=_others(consultation, DraftKind.SECOND_ROUND, draft),
    )
    return body, announcing.status(form) if form.is_submitted() else 200


class InterruptionForm(NoticeForm):
    """Suspend or withdraw: what, and why."""

    kind = RadioField(
        _("What is to happen"),
        choices=[SelectChoice(one.value, LABELS[InterruptionKind][one]) for one in InterruptionKind],
        validators=[DataRequired(_("Please choose what is to happen."))],
    )
    project = SelectField(_("Which part of the list"))
    reason = TextAreaField(_("Why (public)"), [Optional()])


@bp.route("/interruption", methods=["GET", "POST"])
def interruption(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    if not any(one.closes_at > now() for one in consultation.rounds):
        return _not_now(number, gettext("No comment period is running, so there is nothing to suspend or withdraw."))
    draft = drafting.opened(DraftKind.INTERRUPTION, consultation)
    stored: Stop | None = drafting.contents(draft)
    kept_project = str(draft.project.number) if draft and draft.project else WHOLE_LIST
    values = {"kind": stored.interruption.value, **announcing.filled(stored.notice)} if stored else {}
    form = InterruptionForm(edition=drafting.edition(draft), data={"project": kept_project, **values})
    form.files = announcing.files_of(stored.notice if stored else None)
    form.project.choices = _parts(consultation, only=kept_project if draft else None)

    def words() -> NoticeText:
        scope = scope_of(consultation, _chosen(consultation, form.project))
        return drafted.interruption(scope, kind=InterruptionKind(form.kind.data), reason=typed(form.reason))

    if form.is_submitted():
        done = announcing.outcome(
            form,
            draft,
            words=words,
            contents=lambda text: Stop(InterruptionKind(form.kind.data), text),
            title=lambda: f"{drafted.INTERRUPTIONS[InterruptionKind(form.kind.data)]}征求意见 {consultation.number}",
            consultation=consultation,
            project=_chosen(consultation, form.project),
        )
        if done is not None:
            return done
    body = render_template(
        "workbench/publishing/interruption.html",
        consultation=consultation,
        example=consultation.is_example,
        form=form,
        draft=draft,
        under_way=_others(consultation, DraftKind.INTERRUPTION, draft),
    )
    return body, announcing.status(form) if form.is_submitted() else 200


@bp.post("/period")
def period(number: str) -> ResponseReturnValue:
    """What the fields of a period come to, in sentences: fetched while they are being filled in."""
    places.consultation_of(number)
    form = ReleaseForm()
    form.validate()
    return render_template("workbench/publishing/period.html", meaning=form.meaning())


def scope_of(consultation: Consultation, project: Project | None = None) -> drafted.Scope:
    """What a notice speaks of."""
    return drafted.Scope(
        title=consultation.title,
        bureaus=tuple(bureau.name for bureau in consultation.bureaus),
        project=project.number if project else None,
        project_name=project.name if project else "",
    )


def _others(consultation: Consultation, kind: DraftKind, draft: object) -> list[object]:
    """Drafts of the same kind that are under way already, so that nobody writes a second one unknowingly."""
    return [one for one in drafts.open_of(session(), consultation, kind=kind) if one is not draft]


def _not_now(number: str, why: str) -> ResponseReturnValue:
    flash(why, "error")
    return redirect(desk("consultations.show", number=number), 303)


def _parts(consultation: Consultation, *, only: str | None = None) -> list[SelectChoice]:
    """The whole list, or one of its projects; a draft that is opened again keeps its own."""
    every = [SelectChoice(WHOLE_LIST, gettext("the whole list"))]
    every += [
        SelectChoice(str(one.number), f"{one.number} {one.name}") for one in projects.of_list(session(), consultation)
    ]
    return every if only is None else [one for one in every if one.value == only]


def _chosen(consultation: Consultation, field: SelectField) -> Project | None:
    value = field.data or WHOLE_LIST
    return projects.numbered(session(), consultation, int(value)) if value.isascii() and value.isdigit() else None


def _project_of(one: Round) -> Project | None:
    return session().get(Project, one.project_id) if one.project_id else None


def _spoken(one: Round) -> str:
    project = _project_of(one)
    words = gettext("Round %(number)s", number=one.ordinal)
    if project is not None:
        words += gettext(", project %(number)s alone", number=project.number)
    return str(gettext("%(words)s, until %(day)s", words=words, day=drafted.last_day(one.closes_at)))


def _filled_release(stored: ListPublication | None) -> dict[str, object]:
    if stored is None:
        return {"closes_on": clock.beijing(now()).date() + timedelta(days=31)}
    return {
        **periods.filled(stored.opens_at, stored.closes_at, stored.short_period_reason),
        **periods.filled_public(stored.public_from),
        **announcing.filled(stored.notice),
    }


def _filled_extension(stored: Extension | None) -> dict[str, object]:
    if stored is None:
        return {}
    return {
        "round": stored.round,
        "closes_on": _last_day(stored.closes_at),
        "reason": stored.reason,
        **announcing.filled(stored.notice),
    }


def _filled_round(stored: SecondRound | None) -> dict[str, object]:
    if stored is None:
        return {"closes_on": clock.beijing(now()).date() + timedelta(days=31)}
    return {
        **periods.filled(stored.opens_at, stored.closes_at, stored.short_period_reason),
        **announcing.filled(stored.notice),
    }


def _last_day(closes_at: datetime) -> object:
    return clock.beijing(closes_at - clock.AN_INSTANT).date()
