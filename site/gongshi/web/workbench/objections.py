"""Objections at the desk: those of a list, one of them with everything about it, and a new one put into words."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from gongshi.accounts.models import Role
from gongshi.comments.models import Comment
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.drafts import queries as drafts
from gongshi.drafts.answering import comments_of
from gongshi.drafts.models import Draft, DraftKind
from gongshi.drafts.registry import contents_of
from gongshi.errors import RuleBroken
from gongshi.objections import actions, overview, queries, samples, working
from gongshi.objections.models import Objection, Outcome
from gongshi.projects import queries as projects
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access, risk_fields
from gongshi.web.workbench.access import me
from gongshi.web.workbench.places import consultation_of, objection_of

bp = Blueprint("objections", __name__)
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})

UNFOUNDED = "unfounded"
SHOWN = 60


class DispositionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """What is to be said to an objection; nothing is required until it is marked ready."""

    edition = HiddenField()
    outcome = RadioField(validate_choice=False)
    reasons = TextAreaField(validators=[Length(max=20_000)])

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.outcome.label.text, self.reasons.label.text = _("How it is disposed of"), _("Reasons")
        unfounded = _("Set aside as unfounded")
        self.outcome.choices = [*((one.value, wording.label(one)) for one in Outcome), (UNFOUNDED, unfounded)]

    @property
    def chosen(self) -> Outcome | None:
        return next((one for one in Outcome if one.value == self.outcome.data), None)


class WordingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """What an objection says."""

    title = StringField(validators=[Length(max=120)])
    text = TextAreaField(validators=[Length(max=5_000)])
    is_major = BooleanField()

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.title.label.text, self.text.label.text = _("Title"), _("What it says")
        self.is_major.label.text = _("It speaks of a major risk")


@bp.get("/objections/")
def index() -> ResponseReturnValue:
    mine = [
        one for one in consultations.published(session(), at=now()) if me().bureau_id in {b.id for b in one.bureaus}
    ]
    return render_template(
        "workbench/objections/index.html",
        lists=[(one, queries.count(session(), one), *queries.unsettled(session(), one)) for one in mine],
        at=now(),
    )


@bp.get("/consultations/<number>/objections/")
def of_list(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    lines = overview.of_list(session(), consultation)
    stage = next((one for one in overview.Stage if one.value == request.args.get("stage")), None)
    asked = "all" if request.args.get("stage") == "all" else stage
    return render_template(
        "workbench/objections/of_list.html",
        consultation=consultation,
        shown=[one for one in lines if _is_asked(one, asked)],
        counts={one: sum(line.stage is one for line in lines) for one in overview.Stage},
        waiting=sum(line.stage.waits for line in lines),
        total=len(lines),
        asked=asked,
        batches=in_batches(consultation),
        at=now(),
        example=consultation.is_example,
    )


def _is_asked(line: overview.Line, asked: overview.Stage | str | None) -> bool:
    return asked == "all" or (line.stage.waits if asked is None else line.stage is asked)


@bp.get("/objections/<objection>/")
def show(objection: str) -> ResponseReturnValue:
    found = objection_of(objection)
    return _page(found, _form_of(found))


@bp.post("/objections/<objection>/disposition")
def keep(objection: str) -> ResponseReturnValue:
    found, form = objection_of(objection), DispositionForm()
    wanted = request.form.get("do", "keep")
    if wanted == "insert":
        form.reasons.data = inserted(form.reasons.data, request.form.get("template", ""))
        return _page(found, form)
    if not form.validate():
        return _page(found, form, status=422)
    try:
        with writing(session()) as at:
            working.keep_disposition(
                session(),
                objection_of(objection),
                outcome=form.chosen,
                is_unfounded=form.outcome.data == UNFOUNDED,
                reasons=form.reasons.data or "",
                is_ready=wanted == "ready",
                edition=_number(form.edition.data),
                by=me(),
                at=at,
            )
    except RuleBroken as refusal:
        return _page(objection_of(objection), form, refusal=wording.say(refusal), status=422)
    ready = _("Kept, and ready to be submitted with the next batch of answers.")
    flash(ready if wanted == "ready" else _("Kept. It is not marked ready yet."), "done")
    return redirect(desk("objections.show", objection=objection, _anchor="disposition"), 303)


@bp.post("/objections/<objection>/comments")
def place(objection: str) -> ResponseReturnValue:
    found = objection_of(objection)
    typed = request.form.get("comments", "")
    try:
        with writing(session()) as at:
            found = objection_of(objection)
            named = comments_of(session(), found.consultation, numbers_in(typed, found.consultation))
            placed = actions.place(session(), found, named, by=me(), at=at)
    except RuleBroken as refusal:
        found = objection_of(objection)
        return _page(found, _form_of(found), typed=typed, refusal=wording.say(refusal), status=422)
    flash(_("Placed under this objection: %(count)s", count=len(placed)), "done")
    return redirect(desk("objections.show", objection=objection, _anchor="comments"), 303)


def _form_of(objection: Objection) -> DispositionForm:
    """The form as it was kept last."""
    kept = working.disposition_draft(session(), objection)
    if kept is None:
        return DispositionForm(formdata=None, data={"edition": 0})
    outcome = UNFOUNDED if kept.is_unfounded else kept.outcome and kept.outcome.value
    return DispositionForm(formdata=None, data={"outcome": outcome, "reasons": kept.reasons, "edition": kept.edition})


@bp.route("/consultations/<number>/objections/new", methods=["GET", "POST"])
def word(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    form = WordingForm()
    typed = request.values.get("comments") or " ".join(request.args.getlist("comment"))
    chosen = [int(one) for one in request.form.getlist("projects") if one.isascii() and one.isdigit()]
    if request.method == "POST" and form.validate():
        try:
            with writing(session()) as at:
                consultation = consultation_of(number)
                made = actions.word(
                    session(),
                    consultation,
                    title=form.title.data or "",
                    text=form.text.data or "",
                    comments=comments_of(session(), consultation, numbers_in(typed, consultation)),
                    projects=[one for one in projects.of_list(session(), consultation) if one.number in chosen],
                    is_major=form.is_major.data,
                    risks=risk_fields.chosen(request.form),
                    by=me(),
                    at=at,
                )
                name = made.number
        except RuleBroken as refusal:
            return _wording(consultation_of(number), form, typed, chosen, refusal=wording.say(refusal)), 422
        flash(_("Objection %(number)s is on the public record.", number=name), "done")
        return redirect(desk("objections.show", objection=name), 303)
    if request.method == "GET":
        chosen = sorted({one.project.number for one in _named(consultation, typed) if one.project})
    return _wording(consultation, form, typed, chosen), 422 if form.errors else 200


def _wording(consultation: Consultation, form: WordingForm, typed: str, chosen: list[int], *, refusal: str = "") -> str:
    return render_template(
        "workbench/objections/word.html",
        consultation=consultation,
        form=form,
        typed=typed,
        comments=_named(consultation, typed),
        projects=projects.of_list(session(), consultation),
        chosen=chosen,
        risks=risk_fields.chosen(request.form),
        refusal=refusal,
        example=consultation.is_example,
    )


def _named(consultation: Consultation, typed: str) -> list[Comment]:
    try:
        return comments_of(session(), consultation, numbers_in(typed, consultation))
    except RuleBroken:
        return []


def _page(
    objection: Objection, form: DispositionForm, *, typed: str = "", refusal: str = "", status: int = 200
) -> ResponseReturnValue:
    comments = objection.comments
    page = render_template(
        "workbench/objections/show.html",
        objection=objection,
        consultation=objection.consultation,
        stage=overview.stage_of(objection, working.disposition_draft(session(), objection)),
        kept=working.disposition_draft(session(), objection),
        batch=in_batches(objection.consultation).get(objection.number),
        comments=comments[:SHOWN],
        total=len(comments),
        form=form,
        typed=typed,
        samples=samples.REASONS,
        templates=working.templates(session(), me().bureau),
        refusal=refusal,
        at=now(),
        example=objection.consultation.is_example,
    )
    return page, status


def in_batches(consultation: Consultation) -> dict[str, Draft]:
    """The open draft that answers an objection, by its number; and an answer being worked on, by its id."""
    found: dict[str, Draft] = {}
    for draft in drafts.open_of(session(), consultation, kind=DraftKind.ANSWERS):
        contents = contents_of(draft)
        for key in (*contents.objections, *(str(one.kept) for one in contents.replies)):  # type: ignore[attr-defined]
            found[key] = draft
    return found


def inserted(text: str | None, wanted: str) -> str:
    """A text with a template at its end: one of the bureau's own by its id, or a sample by its title."""
    own = {str(one.id): one.text for one in working.templates(session(), me().bureau)}
    offered = {one.title: one.text for one in (*samples.REASONS, *samples.ANSWERS)}
    return "\n\n".join(one for one in ((text or "").rstrip(), own.get(wanted) or offered.get(wanted, "")) if one)


def numbers_in(typed: str, consultation: Consultation) -> tuple[str, ...]:
    """Comment numbers as somebody types or pastes them: whole, or only the running number."""
    words = typed.replace(",", " ").replace("，", " ").replace("、", " ").replace("；", " ").split()
    return tuple(
        dict.fromkeys(
            f"{consultation.number}-{one:>04}" if one.isascii() and one.isdigit() else one.upper() for one in words
        )
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
