"""试点: an admitted project's life against its commitments, and the change of its scope."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Optional

from gongshi import clock
from gongshi.accounts.models import Role
from gongshi.admissions import queries as admissions
from gongshi.admissions.models import Admission
from gongshi.drafts import queries as drafts
from gongshi.drafts.deciding import Event, ScopeChange
from gongshi.drafts.models import Draft, DraftKind
from gongshi.pilots import queries
from gongshi.pilots.models import EventKind
from gongshi.projects import queries as projects
from gongshi.projects.models import Block, PlanVersion, Project
from gongshi.web import long_markdown
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.wording import LABELS
from gongshi.web.workbench import access, drafting, places, reviews
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.drafting import DraftForm
from gongshi.web.workbench.slow_markdown import refuse_slow
from gongshi.web.workbench.typed import typed

bp = Blueprint("pilots", __name__, url_prefix="/consultations/<number>/projects/<int:project>/pilot")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR})

KINDS = [SelectChoice(one.value, LABELS[EventKind][one]) for one in EventKind]
FULFILS, BREACHES = "yes", "no"
LONGEST_OPTION = 48
LONGEST_PERIOD = timedelta(days=366)


@bp.get("/")
def show(number: str, project: int) -> ResponseReturnValue:
    row, admission = _admitted(number, project)
    return render_template(
        "workbench/pilots/show.html",
        consultation=row.consultation,
        project=row,
        example=row.consultation.is_example,
        admission=admission,
        events=queries.of_project(session(), row),
        rounds=[one for one in row.consultation.rounds if one.project_id == row.id],
        is_reopened=admissions.reopened_since(row, admission.decided_at),
        drafts=[
            one
            for kind in (DraftKind.EVENT, DraftKind.SCOPE_CHANGE)
            for one in drafts.open_of(session(), row.consultation, kind=kind, project=row)
        ],
        at=now(),
    )


class EventForm(DraftForm):
    """What happened, and the commitment that it fulfils or breaches."""

    kind = SelectField(_("Kind"), choices=KINDS)
    happened_on = DateField(_("Day on which it happened"), [DataRequired(_("Please give the day."))])
    title = StringField(_("Title"), [DataRequired(_("Please give it a title."))])
    text = TextAreaField(_("What happened, public"), [DataRequired(_("Please say what happened."))])
    commitment = SelectField(
        _("Commitment of the admitted plan"), validators=[DataRequired(_("Please choose the commitment."))]
    )
    fulfils = RadioField(
        _("The commitment is"),
        choices=[SelectChoice(FULFILS, _("fulfilled")), SelectChoice(BREACHES, _("breached"))],
        validators=[DataRequired(_("Please say whether it fulfils or breaches the commitment."))],
    )

    def validate_happened_on(self, field: DateField) -> None:
        if _day(field) > _today():
            raise ValidationError(gettext("This day is still to come. What is recorded has happened."))

    def contents(self) -> Event:
        subject, _colon, key = typed(self.commitment).partition(":")
        return Event(
            EventKind(self.kind.data),
            _day(self.happened_on),
            typed(self.title).strip(),
            typed(self.text).strip(),
            key if subject == "paragraph" else None,
            key if subject == "risk" else None,
            self.fulfils.data == FULFILS,
        )


@bp.route("/event", methods=["GET", "POST"])
def event(number: str, project: int) -> ResponseReturnValue:
    row, admission = _admitted(number, project)
    draft = drafting.opened(DraftKind.EVENT, row.consultation, row)
    form = EventForm(data=_filled(drafting.contents(draft)))
    version = _version_of(admission)
    form.commitment.choices = _commitments(version)
    if form.validate_on_submit():
        title = f"第{row.number}号项目试点动态：{typed(form.title).strip()}"
        kept = drafting.kept(form, draft, form.contents(), title=title, consultation=row.consultation, project=row)
        if kept is not None:
            return kept
    body = render_template(
        "workbench/pilots/event.html",
        consultation=row.consultation,
        project=row,
        example=row.consultation.is_example,
        version=version,
        form=form,
        draft=draft,
    )
    return body, 422 if form.is_submitted() else 200


class ScopeForm(DraftForm):
    """What is going to change, and how long the public may comment on it."""

    title = StringField(_("Title of the notice"), [DataRequired(_("The notice needs a title."))])
    text = TextAreaField(_("What is going to change, and why"), [DataRequired(_("The notice needs a text."))])
    opens_on = DateField(_("First day of the comment period"), [Optional()])
    last_day = DateField(_("Last day of the comment period"), [DataRequired(_("Please give the last day."))])
    reason = TextAreaField(_("Why it is shorter than 30 days"))

    def validate_text(self, field: TextAreaField) -> None:
        refuse_slow(field)

    def validate_opens_on(self, field: DateField) -> None:
        if field.data and field.data < _today():
            raise ValidationError(gettext("The first day is over already. Leave it empty to open at the approval."))
        if field.data and field.data - _today() > LONGEST_PERIOD:
            raise ValidationError(gettext("This is more than a year ahead. Please check the year."))

    def validate_last_day(self, field: DateField) -> None:
        first, last = self.opens_on.data or _today(), _day(field)
        if last < first:
            raise ValidationError(gettext("The last day lies before the first."))
        if last - first > LONGEST_PERIOD:
            raise ValidationError(gettext("A comment period lasts a year at most. Please check the year."))

    def contents(self) -> ScopeChange:
        opens_on = self.opens_on.data
        return ScopeChange(
            typed(self.title).strip(),
            typed(self.text).strip(),
            clock.start_of(opens_on) if opens_on else None,
            clock.end_of(_day(self.last_day)),
            typed(self.reason).strip() or None,
        )


@bp.route("/scope", methods=["GET", "POST"])
def scope(number: str, project: int) -> ResponseReturnValue:
    row, admission = _admitted(number, project)
    draft = drafting.opened(DraftKind.SCOPE_CHANGE, row.consultation, row)
    form = ScopeForm(data=_filled_scope(row, drafting.contents(draft)))
    if form.validate_on_submit():
        title = f"第{row.number}号项目试点内容变更"
        kept = drafting.kept(form, draft, form.contents(), title=title, consultation=row.consultation, project=row)
        if kept is not None:
            return kept
    body = render_template(
        "workbench/pilots/scope.html",
        consultation=row.consultation,
        project=row,
        example=row.consultation.is_example,
        admission=admission,
        form=form,
        draft=draft,
    )
    return body, 422 if form.is_submitted() else 200


def _admitted(number: str, project: int) -> tuple[Project, Admission]:
    """A project that runs or ran under an admission; there is no pilot of any other."""
    row = places.project_of(number, project)
    found = admissions.admitted_on(session(), row, _today())
    if found is None:
        abort(404)
    return row, found


def _version_of(admission: Admission) -> PlanVersion:
    assert admission.gate_run is not None, "nothing is admitted without a gate run"
    return admission.gate_run.version


def _commitments(version: PlanVersion) -> list[SelectChoice]:
    """Every risk and every sentence of the admitted plan that can be fulfilled or breached; risks first."""
    risks = [SelectChoice(f"risk:{one.key}", f"{one.key}　{_short(one.description)}") for one in version.risks]
    said = [one for one in version.paragraphs if one.block not in {Block.HEADING, Block.HEADER}]
    return [
        SelectChoice("", gettext("Please choose")),
        *risks,
        *(SelectChoice(f"paragraph:{one.key}", f"{one.key}　{_short(one.text)}") for one in said),
    ]


def _today() -> date:
    return clock.beijing(now()).date()


def _day(field: DateField) -> date:
    """What a date field holds once it is valid."""
    assert isinstance(field.data, date)
    return field.data


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_OPTION else text[: LONGEST_OPTION - 1] + "…"


def _filled(stored: Event | None) -> dict[str, object]:
    if stored is None:
        return {"happened_on": _today()}
    return {
        "kind": stored.event.value,
        "happened_on": stored.happened_on,
        "title": stored.title,
        "text": stored.text,
        "commitment": f"risk:{stored.risk}" if stored.risk else f"paragraph:{stored.paragraph}",
        "fulfils": FULFILS if stored.fulfils else BREACHES,
    }


def _filled_scope(project: Project, stored: ScopeChange | None) -> dict[str, object]:
    if stored is None:
        return {
            "title": f"关于第{project.number}号项目“{project.name}”试点内容变更公开征求意见的公告",
            "last_day": _today() + timedelta(days=30),
        }
    opens_on = clock.beijing(stored.opens_at).date() if stored.opens_at else None
    return {
        "title": stored.title,
        "text": stored.text,
        "opens_on": opens_on,
        "last_day": clock.beijing(stored.closes_at).date() - timedelta(days=1),
        "reason": stored.short_period_reason or "",
    }


def _review_event(draft: Draft, contents: Event) -> Mapping[str, object]:
    assert draft.project is not None
    admission = admissions.admitted_on(session(), draft.project, contents.happened_on)
    version = _version_of(admission) if admission else None
    return {
        "project": draft.project,
        "version": version,
        "paragraph": projects.paragraph(session(), version, contents.paragraph)
        if version and contents.paragraph
        else None,
        "risk": next((one for one in version.risks if one.key == contents.risk), None) if version else None,
    }


def _review_scope(draft: Draft, contents: ScopeChange) -> Mapping[str, object]:
    return {"project": draft.project, "notice": long_markdown.render(contents.text)}


reviews.register(DraftKind.EVENT, edit="pilots.event", context=_review_event)
reviews.register(DraftKind.SCOPE_CHANGE, edit="pilots.scope", context=_review_scope)
