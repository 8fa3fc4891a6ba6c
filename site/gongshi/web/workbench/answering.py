"""Answers at the desk: those to questions and supporters, and the batch of everything that is ready."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from gongshi.accounts.models import Role
from gongshi.comments import triage
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.comments.triage import Asked
from gongshi.comments.triage_models import Queue
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.drafts.answering import Answers, Reply, Ruling, SettingAside, comments_of
from gongshi.drafts.models import Draft, DraftKind
from gongshi.errors import RuleBroken
from gongshi.objections import overview, queries, samples, working
from gongshi.objections.models import AnswerDraft
from gongshi.objections.overview import Stage
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access, drafting, reviews
from gongshi.web.workbench.access import me
from gongshi.web.workbench.objections import in_batches, inserted
from gongshi.web.workbench.places import consultation_of

bp = Blueprint("answering", __name__)
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})

OFFERED = 500


class BatchForm(drafting.DraftForm):
    """Which of the ready texts are submitted together. The boxes are read by name."""


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """An answer to comments that raise no issue."""

    edition = HiddenField()
    title = StringField(validators=[Length(max=120)])
    text = TextAreaField(validators=[Length(max=20_000)])

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.title.label.text, self.text.label.text = _("Title"), _("Answer")


@bp.route("/consultations/<number>/answers/", methods=["GET", "POST"])
def index(number: str) -> ResponseReturnValue:
    consultation = consultation_of(number)
    draft = drafting.opened(DraftKind.ANSWERS, consultation)
    form = BatchForm(data={"edition": drafting.edition(draft)})
    lines, replies = _ready(consultation), _replies(consultation)
    batches = {key: one for key, one in in_batches(consultation).items() if draft is None or one.id != draft.id}
    chosen = _chosen(draft, lines, replies, batches)
    if form.validate_on_submit():
        contents = _contents(lines, replies, chosen)
        title = _(
            "Answers: objections %(objections)s, other answers %(replies)s",
            objections=len(contents.objections),
            replies=len(contents.replies),
        )
        if contents.size == 0:
            form.refusal = wording.REFUSALS["empty-batch"]
        else:
            kept = drafting.kept(form, draft, contents, title=title, consultation=consultation)
            if kept is not None:
                return kept
    page = render_template(
        "workbench/answering/index.html",
        consultation=consultation,
        form=form,
        draft=draft,
        lines=lines,
        replies=replies,
        unready=[one for one in overview.of_list(session(), consultation) if _is_unready(one.stage)],
        published=queries.answers_of_list(session(), consultation),
        queues=triage.queues(session(), consultation),
        batches=batches,
        chosen=chosen,
        at=now(),
        example=consultation.is_example,
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/consultations/<number>/answers/new", methods=["GET", "POST"])
def write(number: str) -> ResponseReturnValue:
    return _write(consultation_of(number), None)


@bp.route("/consultations/<number>/answers/<uuid:answer>", methods=["GET", "POST"])
def edit(number: str, answer: UUID) -> ResponseReturnValue:
    consultation = consultation_of(number)
    return _write(consultation, _kept(consultation, answer))


@bp.post("/consultations/<number>/answers/<uuid:answer>/give-up")
def give_up(number: str, answer: UUID) -> ResponseReturnValue:
    with writing(session()):
        working.give_up_answer(session(), _kept(consultation_of(number), answer), by=me())
    flash(_("Given up. Its comments are free again."), "done")
    return redirect(desk("answering.index", number=number), 303)


def _kept(consultation: Consultation, answer: UUID) -> AnswerDraft:
    found = session().get(AnswerDraft, answer)
    if found is None or found.consultation_id != consultation.id:
        abort(404)
    return found


def _write(consultation: Consultation, kept: AnswerDraft | None) -> ResponseReturnValue:
    number, id = consultation.number, kept.id if kept else None
    given = {"title": kept.title, "text": kept.text, "edition": kept.edition} if kept else {"edition": 0}
    form = AnswerForm(data=given)
    chosen = _chosen_comments(consultation, kept)
    wanted, refusal = request.form.get("do", ""), ""
    if wanted == "insert":
        form.text.data = inserted(form.text.data, request.form.get("template", ""))
    elif form.validate_on_submit():
        try:
            with writing(session()) as at:
                consultation = consultation_of(number)
                working.keep_answer(
                    session(),
                    consultation,
                    _kept(consultation, id) if id else None,
                    title=form.title.data or "",
                    text=form.text.data or "",
                    comments=comments_of(session(), consultation, tuple(one.number for one in chosen)),
                    is_ready=wanted == "ready",
                    edition=request.form.get("edition", 0, type=int),
                    by=me(),
                    at=at,
                )
        except RuleBroken as broken:
            refusal = wording.say(broken)
        else:
            flash(_("Kept, and ready.") if wanted == "ready" else _("Kept. It is not marked ready yet."), "done")
            return redirect(desk("answering.index", number=number), 303)
    return _answer_page(consultation_of(number), form, kept, chosen, refusal)


def _answer_page(
    consultation: Consultation, form: AnswerForm, kept: AnswerDraft | None, chosen: list[Comment], refusal: str
) -> ResponseReturnValue:
    kind = _kind()
    page = render_template(
        "workbench/answering/write.html",
        consultation=consultation,
        form=form,
        kept=kept,
        chosen=chosen,
        offered=[one for one in _offered(consultation, kind) if one not in chosen],
        kind=kind,
        kinds=CommentKind,
        elsewhere={
            number: other
            for number, other in working.spoken_for(session(), consultation).items()
            if kept is None or other.id != kept.id
        },
        templates=working.templates(session(), me().bureau),
        samples=samples.ANSWERS,
        batch=in_batches(consultation).get(str(kept.id)) if kept else None,
        refusal=refusal,
        example=consultation.is_example,
    )
    return page, 422 if refusal or form.errors else 200


def _kind() -> CommentKind | None:
    return next((one for one in CommentKind if one.value == request.args.get("kind")), None)


def _chosen_comments(consultation: Consultation, kept: AnswerDraft | None) -> list[Comment]:
    """What is ticked: as sent, as the address asks (`?comment=…`), or as it was kept."""
    if request.method == "POST":
        numbers = request.form.getlist("comments")
    else:
        numbers = [*(kept.comments if kept else ()), *request.args.getlist("comment")]
        if "all" in request.args:
            numbers += [one.number for one in _offered(consultation, _kind())]
    known = tuple(dict.fromkeys(one for one in numbers if one.startswith(f"{consultation.number}-")))
    try:
        return comments_of(session(), consultation, known)
    except RuleBroken:
        return []


def _offered(consultation: Consultation, kind: CommentKind | None) -> list[Comment]:
    """Published comments that ended nowhere yet: those set aside for an answer, and of one kind all of them."""
    asked = [Asked(queue=Queue.ANSWER, state=CommentState.PUBLISHED, kind=kind)]
    if kind is not None:
        asked.append(Asked(queue=Queue.PLACE, state=CommentState.PUBLISHED, kind=kind))
    return [row.comment for one in asked for row in triage.listing(session(), consultation, one, limit=OFFERED)]


def _ready(consultation: Consultation) -> list[overview.Line]:
    return [one for one in overview.of_list(session(), consultation) if one.stage is Stage.READY]


def _is_unready(stage: Stage) -> bool:
    return stage in {Stage.UNTOUCHED, Stage.WRITTEN_ON}


def _replies(consultation: Consultation) -> list[AnswerDraft]:
    return working.answer_drafts(session(), consultation)


def _chosen(
    draft: Draft | None, lines: list[overview.Line], replies: list[AnswerDraft], batches: dict[str, Draft]
) -> set[str]:
    """Numbers of objections and ids of answers that are ticked: as sent, as in the draft, or all that is free."""
    if request.method == "POST":
        return set(request.form.getlist("item"))
    if draft is not None:
        contents = drafting.contents(draft)
        return {*contents.objections, *(str(one.kept) for one in contents.replies)}
    ready = [*(one.objection.number for one in lines), *(str(one.id) for one in replies if one.is_ready)]
    return {one for one in ready if one not in batches}


def _contents(lines: list[overview.Line], replies: list[AnswerDraft], chosen: set[str]) -> Answers:
    """What is ticked, in the words that are kept at this moment."""
    kept = [one.kept for one in lines if one.kept is not None and one.objection.number in chosen]
    return Answers(
        rulings=tuple(
            Ruling(one.objection.number, one.outcome, one.reasons) for one in kept if one.outcome is not None
        ),
        set_aside=tuple(SettingAside(one.objection.number, one.reasons) for one in kept if one.is_unfounded),
        replies=tuple(
            Reply(one.title, one.text, tuple(one.comments), one.id)
            for one in replies
            if one.is_ready and str(one.id) in chosen
        ),
    )


def _shown_to_the_approver(draft: Draft, contents: Answers) -> dict[str, object]:
    """Every item with the objection or the comments that it answers."""
    assert draft.consultation is not None
    found = {number: queries.find(session(), number) for number in contents.objections}
    return {
        "objections": found,
        "answered": [(one, comments_of(session(), draft.consultation, one.comments)) for one in contents.replies],
    }


reviews.register(DraftKind.ANSWERS, edit="answering.index", context=_shown_to_the_approver)
