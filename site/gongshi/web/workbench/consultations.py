"""征求意见: the lists of my bureau, a new one, its words, and the page of one list from which everything is reached."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import Field, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from gongshi import clock
from gongshi.accounts import queries as accounts
from gongshi.accounts.models import Bureau, Role
from gongshi.comments import tallies
from gongshi.consultations import actions, queries
from gongshi.consultations.models import Consultation, Nature
from gongshi.db import writing
from gongshi.drafts import queries as drafts
from gongshi.errors import RuleBroken
from gongshi.ledger.shapes import CONSULTATION
from gongshi.notices import queries as notices
from gongshi.notices.openness import Standing, standing
from gongshi.projects import queries as projects
from gongshi.record import public_clock
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access, next_steps, places
from gongshi.web.workbench.access import me
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.next_steps import NextStep
from gongshi.web.workbench.typed import typed

bp = Blueprint("consultations", __name__, url_prefix="/consultations")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR})

SERIES = "SL"
LONGEST_TITLE, LONGEST_SUMMARY = 120, 2_000


@dataclass(frozen=True)
class Row:
    """A list in the bureau's table."""

    consultation: Consultation
    standing: Standing
    project_count: int
    next: NextStep | None


@bp.get("/")
def index() -> ResponseReturnValue:
    found = queries.every_of_bureau(session(), me().bureau)
    return render_template("workbench/consultations/index.html", rows=[_row(one) for one in found], at=now())


class ConsultationForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """What a list is called and who issues it."""

    number = StringField(_("Number"), [DataRequired(_("Please give a number."))])
    title = StringField(_("Title"), [DataRequired(_("Please give a title.")), Length(max=LONGEST_TITLE)])
    title_en = StringField(_("English title"), [DataRequired(_("Please give an English title.")), Length(max=240)])
    summary = TextAreaField(
        _("What it is about"),
        [DataRequired(_("Please say in a few sentences what it is about.")), Length(max=LONGEST_SUMMARY)],
    )
    joint = SelectMultipleField(
        _("Jointly with"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validate_choice=False
    )
    refusal: str = ""

    def validate_number(self, field: Field) -> None:
        if not CONSULTATION(field.data.strip()):
            raise ValidationError(
                gettext("A number is a year, letters and two digits, such as %(number)s.", number="2026-SL-01")
            )

    def bureaus(self) -> list[Bureau]:
        """My bureau first, then those that issue the list with it."""
        others = {bureau.slug: bureau for bureau in accounts.bureaus(session())}
        return [
            me().bureau,
            *(others[slug] for slug in self.joint.data or () if slug in others and slug != me().bureau.slug),
        ]


@bp.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    year = clock.beijing(now()).year
    form = ConsultationForm(data={"number": queries.next_number(session(), SERIES, year)})
    _offer_bureaus(form, me().bureau)
    if form.validate_on_submit():
        try:
            with writing(session()):
                made = actions.draft(
                    session(),
                    number=typed(form.number).strip(),
                    nature=Nature.EXAMPLE if me().is_trial else Nature.LIVE,
                    title=typed(form.title).strip(),
                    title_en=typed(form.title_en).strip(),
                    summary=typed(form.summary).strip(),
                    bureaus=form.bureaus(),
                ).number
            flash(gettext("List %(number)s is begun. Nobody but staff can see it yet.", number=made), "done")
            return redirect(desk("consultations.show", number=made), 303)
        except RuleBroken as refusal:
            form.number.errors = [wording.say(refusal)]
    body = render_template("workbench/consultations/create.html", form=form)
    return body, 422 if form.is_submitted() else 200


@bp.route("/<number>/words", methods=["GET", "POST"])
def words(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    form = ConsultationForm(data=_filled(consultation))
    _offer_bureaus(form, me().bureau)
    if form.validate_on_submit():
        try:
            with writing(session()):
                actions.amend(
                    session(),
                    consultation,
                    title=typed(form.title).strip(),
                    title_en=typed(form.title_en).strip(),
                    summary=typed(form.summary).strip(),
                    bureaus=form.bureaus(),
                    by=me(),
                )
            flash(gettext("Saved."), "done")
            return redirect(desk("consultations.show", number=number), 303)
        except RuleBroken as refusal:
            form.refusal = wording.say(refusal)
    body = render_template(
        "workbench/consultations/words.html", form=form, consultation=consultation, example=consultation.is_example
    )
    return body, 422 if form.is_submitted() else 200


@bp.get("/<number>/")
def show(number: str) -> ResponseReturnValue:
    at = now()
    consultation = places.consultation_of(number)
    listed = projects.of_list(session(), consultation)
    return render_template(
        "workbench/consultations/show.html",
        at=at,
        consultation=consultation,
        example=consultation.is_example,
        standing=standing(session(), consultation, at=at),
        is_public=consultation.is_public(at),
        steps=next_steps.of(consultation, at),
        projects=listed,
        without_plan={one.id for one in next_steps.without_plan(consultation)},
        numbers={one.id: one.number for one in listed},
        drafts=drafts.open_of(session(), consultation),
        notices=notices.every_of_list(session(), consultation),
        tally=tallies.of(session(), consultation),
        clock_of_record=public_clock.of(session(), consultation, at),
        running=[one for one in consultation.rounds if one.closes_at > at],
    )


def _row(consultation: Consultation) -> Row:
    steps = next_steps.of(consultation, now())
    return Row(
        consultation,
        standing(session(), consultation, at=now()),
        len(projects.of_list(session(), consultation)),
        steps[0] if steps else None,
    )


def _offer_bureaus(form: ConsultationForm, mine: Bureau) -> None:
    form.joint.choices = [SelectChoice(one.slug, one.name) for one in accounts.bureaus(session()) if one.id != mine.id]


def _filled(consultation: Consultation) -> dict[str, object]:
    return {
        "number": consultation.number,
        "title": consultation.title,
        "title_en": consultation.title_en,
        "summary": consultation.summary,
        "joint": [one.slug for one in consultation.bureaus],
    }
