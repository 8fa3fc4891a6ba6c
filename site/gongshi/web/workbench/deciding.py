"""纳入核查与决定: the gates of a list, one gate with what settles it, and the decision with its notice."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired

from gongshi import clock
from gongshi.accounts.models import Role
from gongshi.admissions import gate as rules
from gongshi.admissions import notice_text
from gongshi.admissions import queries as admissions
from gongshi.admissions.gate import ConditionCode
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments.covering import Piece
from gongshi.consultations.models import Consultation
from gongshi.drafts import queries as drafts
from gongshi.drafts.deciding import Decided, Decision
from gongshi.drafts.models import Draft, DraftKind
from gongshi.objections import responses
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.record import desk as desks
from gongshi.record.desk import ProjectGate
from gongshi.web import long_markdown
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.wording import LABELS
from gongshi.web.workbench import access, drafting, places, reviews, settling
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.drafting import DraftForm
from gongshi.web.workbench.lettering import stretches
from gongshi.web.workbench.slow_markdown import refuse_slow
from gongshi.web.workbench.typed import typed

bp = Blueprint("deciding", __name__, url_prefix="/consultations/<number>")
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})

OUTCOMES = [SelectChoice(one.value, LABELS[AdmissionOutcome][one]) for one in AdmissionOutcome]


@bp.get("/gates/")
def gates(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    return render_template(
        "workbench/deciding/gates.html",
        consultation=consultation,
        example=consultation.is_example,
        gates=_gates(consultation),
        codes=list(ConditionCode),
        drafts=drafts.open_of(session(), consultation, kind=DraftKind.DECISION),
        at=now(),
    )


@bp.get("/projects/<int:project>/gate/")
def gate(number: str, project: int) -> ResponseReturnValue:
    row = _decidable(number, project)
    found = desks.of_project(session(), row, now())
    return render_template(
        "workbench/deciding/gate.html",
        consultation=row.consultation,
        project=row,
        example=row.consultation.is_example,
        found=found,
        steps={one.code.value: () if found.is_settled else settling.steps(row, one) for one in found.conditions},
        is_pilot=admissions.admitted_on(session(), row, clock.beijing(now()).date()) is not None,
        judgements=admissions.judgements(session(), row),
        decisions=admissions.decisions_of(session(), row),
        drafts=drafts.open_of(session(), row.consultation, kind=DraftKind.JUDGEMENT, project=row),
        at=now(),
        **settling.evidence(),
    )


class OneDecision(Form):
    """What is decided about one project; `gate` is the digest of the conditions that stood beside it."""

    project = HiddenField()
    gate = HiddenField()
    outcome = RadioField(
        _("Decision"), choices=OUTCOMES, validators=[DataRequired(_("Please choose what is decided."))]
    )
    text = TextAreaField(
        _("Text of the decision, public"), [DataRequired(_("Please say in public why it is decided so."))]
    )


class DecisionForm(DraftForm):
    """Decisions of one day on one list, and the notice that makes them known."""

    decided = FieldList(FormField(OneDecision))
    notice_title = StringField(_("Title of the notice"), [DataRequired(_("The notice needs a title."))])
    notice_body = TextAreaField(_("Text of the notice"), [DataRequired(_("The notice needs a text."))])

    def validate_notice_body(self, field: TextAreaField) -> None:
        refuse_slow(field)

    def contents(self) -> Decision:
        return Decision(
            tuple(
                Decided(
                    int(one.project.data), AdmissionOutcome(one.outcome.data), typed(one.text).strip(), one.gate.data
                )
                for one in self.decided
            ),
            typed(self.notice_title).strip(),
            typed(self.notice_body),
        )


@bp.route("/decision", methods=["GET", "POST"])
def decide(number: str) -> ResponseReturnValue:
    consultation = places.consultation_of(number)
    draft = drafting.opened(DraftKind.DECISION, consultation)
    chosen = _chosen(consultation, draft)
    form = DecisionForm() if request.method == "POST" else DecisionForm(data=_filled(consultation, chosen, draft))
    if len(form.decided) != len(chosen):
        abort(400)
    if request.form.get("do") == "notice":
        _draft_notice(consultation, form, chosen)
        return _decision_page(consultation, form, draft, chosen, 200)
    if form.validate_on_submit():
        title = _title(chosen)
        kept = drafting.kept(form, draft, form.contents(), title=title, consultation=consultation)
        if kept is not None:
            return kept
    return _decision_page(consultation, form, draft, chosen, 422 if form.is_submitted() else 200)


def _decision_page(
    consultation: Consultation, form: DecisionForm, draft: Draft | None, chosen: list[ProjectGate], status: int
) -> ResponseReturnValue:
    # What the page shows is what its digests stand for, also when the form comes back.
    for one, found in zip(form.decided, chosen, strict=True):
        one.form.gate.data = rules.digest(found.conditions)
    body = render_template(
        "workbench/deciding/decide.html",
        consultation=consultation,
        example=consultation.is_example,
        form=form,
        draft=draft,
        rows=list(zip(form.decided, chosen, strict=True)),
        blanks=notice_text.blanks(form.notice_body.data or ""),
        at=now(),
        **settling.evidence(),
    )
    return body, status


def _gates(consultation: Consultation) -> list[ProjectGate]:
    if consultation.is_archive or not consultation.is_public(now()):
        abort(404)
    return desks.gates(session(), consultation, now())


def _decidable(number: str, project: int) -> Project:
    """A project about which there is something to decide: of a public list that is not history."""
    row = places.project_of(number, project)
    if row.consultation.is_archive or not row.consultation.is_public(now()):
        abort(404)
    return row


def _chosen(consultation: Consultation, draft: Draft | None) -> list[ProjectGate]:
    """The gates of the projects that the form is about: those posted, those of the draft, those asked for."""
    if request.method == "POST":
        count = len([name for name in request.form if name.startswith("decided-") and name.endswith("-project")])
        asked = [request.form.get(f"decided-{place}-project", "") for place in range(count)]
    elif draft is not None:
        asked = [str(one.project) for one in drafting.contents(draft).decided]
    else:
        asked = request.args.getlist("project")
    numbers = list(dict.fromkeys(int(one) for one in asked if one.isascii() and one.isdigit() and len(one) < 6))
    found = [projects.numbered(session(), consultation, number) for number in numbers]
    if not found or len(found) != len(asked) or consultation.is_archive or not consultation.is_public(now()):
        abort(404)
    return [desks.of_project(session(), one, now()) for one in found if one is not None or abort(404)]


def _filled(consultation: Consultation, chosen: list[ProjectGate], draft: Draft | None) -> dict[str, Any]:
    """What the form shows first: the draft, or decisions that follow from the gates and the notice for them."""
    if draft is not None:
        stored: Decision = drafting.contents(draft)
        return {
            "decided": [
                {"project": one.project, "gate": one.gate, "outcome": one.outcome.value, "text": one.text}
                for one in stored.decided
            ],
            "notice_title": stored.notice_title,
            "notice_body": stored.notice_body,
        }
    suggested = [
        notice_text.of_decision(session(), one.project, *notice_text.suggested(one.project, one.conditions))
        for one in chosen
    ]
    return {
        "decided": [
            {"project": one.project.number, "gate": "", "outcome": one.outcome.value, "text": one.text}
            for one in suggested
        ],
        "notice_title": notice_text.title_of(consultation, suggested),
        "notice_body": notice_text.body_of(consultation, suggested),
    }


def _draft_notice(consultation: Consultation, form: DecisionForm, chosen: list[ProjectGate]) -> None:
    """Word the notice anew from what is decided on the form now."""
    decided = [
        notice_text.of_decision(session(), found.project, _outcome(one.outcome.data), typed(one.text))
        for one, found in zip(form.decided, chosen, strict=True)
    ]
    form.notice_title.data = notice_text.title_of(consultation, decided)
    form.notice_body.data = notice_text.body_of(consultation, decided)


def _outcome(value: str | None) -> AdmissionOutcome:
    return next((one for one in AdmissionOutcome if one.value == value), AdmissionOutcome.DEFERRED)


def _title(chosen: list[ProjectGate]) -> str:
    """How the draft is called on lists: 第3、5号项目纳入决定."""
    return f"第{'、'.join(str(one.project.number) for one in chosen)}号项目纳入决定"


def _review(draft: Draft, contents: Decision) -> Mapping[str, object]:
    assert draft.consultation is not None
    found = [projects.numbered(session(), draft.consultation, one.project) for one in contents.decided]
    gates = [desks.of_project(session(), one, now()) for one in found if one is not None]
    return {
        "rows": list(zip(contents.decided, gates, strict=True)),
        "unsatisfied": {
            one.project.number: [(said, stretches([Piece(said.reason)]) if said.reason else []) for said in
                                 responses.unsatisfied(session(), one.project)]
            for one in gates
        },
        "moved": [
            one.project for one, found in zip(contents.decided, gates, strict=True)
            if draft.is_open and rules.digest(found.conditions) != one.gate
        ],
        "notice": long_markdown.render(contents.notice_body),
        **settling.evidence(),
    }  # fmt: skip


reviews.register(DraftKind.DECISION, edit="deciding.decide", context=_review)
