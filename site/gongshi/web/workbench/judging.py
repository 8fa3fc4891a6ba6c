"""风险判断: is each risk covered by what the plan says? One analyst judges, a second person confirms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, TextAreaField, ValidationError

from gongshi.accounts.models import Role
from gongshi.admissions import queries as admissions
from gongshi.admissions.models import RiskJudgement
from gongshi.drafts.deciding import Judgement, Verdict
from gongshi.drafts.models import Draft, DraftKind
from gongshi.objections import queries as objections
from gongshi.objections.models import Objection
from gongshi.projects.models import PlanVersion, Project, Risk
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.workbench import access, drafting, places, reviews
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.drafting import DraftForm
from gongshi.web.workbench.typed import typed

bp = Blueprint("judging", __name__, url_prefix="/consultations/<number>/projects/<int:project>")
access.allow(bp, reading=access.EVERYONE, writing={Role.ANALYST})

NOT_NOW, SUFFICIENT, INSUFFICIENT = "", "sufficient", "insufficient"
ANSWERS = [
    SelectChoice(NOT_NOW, _("Do not judge now")),
    SelectChoice(SUFFICIENT, _("Sufficient")),
    SelectChoice(INSUFFICIENT, _("Not sufficient")),
]


@dataclass(frozen=True)
class Case:
    """A risk with all that bears on judging it. `latest` speaks of its present wording."""

    risk: Risk
    named_by: tuple[Objection, ...]
    earlier: tuple[RiskJudgement, ...]
    latest: RiskJudgement | None

    @property
    def is_asked(self) -> bool:
        """Whether the gate waits for this judgement."""
        waits = any(one.is_major and one.unfounded_at is None for one in self.named_by)
        return waits and (self.latest is None or not self.latest.is_sufficient)


class OneVerdict(Form):
    """The verdict on one risk; left alone, it is not judged now."""

    risk = HiddenField()
    verdict = RadioField(_("Prevention and compensation are"), choices=ANSWERS, default=NOT_NOW)
    reason = TextAreaField(_("Reason, public"))

    def validate_reason(self, field: TextAreaField) -> None:
        if self.verdict.data and not typed(field).strip():
            raise ValidationError(
                gettext("Risk %(key)s: please give the reason for this judgement.", key=self.risk.data)
            )
        if not self.verdict.data and typed(field).strip():
            raise ValidationError(gettext("Risk %(key)s: a reason is there, but no judgement.", key=self.risk.data))


class JudgementForm(DraftForm):
    """Verdicts on the risks of one version of a plan."""

    version = HiddenField()
    verdicts = FieldList(FormField(OneVerdict))

    def contents(self) -> Judgement:
        given = [one for one in self.verdicts if one.verdict.data]
        return Judgement(
            int(typed(self.version)),
            tuple(Verdict(one.risk.data, one.verdict.data == SUFFICIENT, typed(one.reason).strip()) for one in given),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = bool(super().validate(extra_validators))
        if is_good and not any(one.verdict.data for one in self.verdicts):
            self.verdicts[0].verdict.errors = [gettext("Please judge at least one risk.")]
            return False
        return is_good


@bp.route("/judgement", methods=["GET", "POST"])
def judge(number: str, project: int) -> ResponseReturnValue:
    row, version = _judged(number, project)
    draft = drafting.opened(DraftKind.JUDGEMENT, row.consultation, row)
    cases = _cases(row, version)
    form = JudgementForm() if request.method == "POST" else JudgementForm(data=_filled(version, cases, draft))
    if request.method == "POST" and not _is_whole(form, cases):
        abort(400)
    if form.validate_on_submit():
        title = f"第{row.number}号项目风险判断"
        kept = drafting.kept(form, draft, form.contents(), title=title, consultation=row.consultation, project=row)
        if kept is not None:
            return kept
    body = render_template(
        "workbench/judging/judge.html",
        consultation=row.consultation,
        project=row,
        example=row.consultation.is_example,
        version=version,
        form=form,
        draft=draft,
        rows=sorted(zip(form.verdicts, cases, strict=True), key=lambda pair: not pair[1].is_asked),
        at=now(),
    )
    return body, 422 if form.is_submitted() else 200


def _is_whole(form: JudgementForm, cases: list[Case]) -> bool:
    """Whether the form speaks of the risks of this plan, as every form that this page sent out does."""
    version = form.version.data or ""
    return version.isascii() and version.isdigit() and [one.risk.data for one in form.verdicts] == [
        one.risk.key for one in cases
    ]  # fmt: skip


def _judged(number: str, project: int) -> tuple[Project, PlanVersion]:
    row = places.project_of(number, project)
    version = row.current_version
    if version is None or row.consultation.is_archive or not row.consultation.is_public(now()):
        abort(404)
    return row, version


def _cases(project: Project, version: PlanVersion) -> list[Case]:
    raised = objections.of_project(session(), project)
    earlier = admissions.judgements(session(), project)

    def names(one: Objection, risk: Risk) -> bool:
        return any(concern.project_id == project.id and concern.risk_key == risk.key for concern in one.concerns)

    return [
        Case(
            risk,
            tuple(one for one in raised if names(one, risk)),
            tuple(one for one in earlier if one.risk_key == risk.key),
            admissions.latest_judgement(session(), version, risk.key),
        )
        for risk in version.risks
    ]


def _filled(version: PlanVersion, cases: list[Case], draft: Draft | None) -> dict[str, object]:
    stored: Judgement | None = drafting.contents(draft)
    known = {one.risk: one for one in stored.verdicts} if stored else {}

    def shown(key: str) -> dict[str, object]:
        one = known.get(key)
        verdict = NOT_NOW if one is None else SUFFICIENT if one.is_sufficient else INSUFFICIENT
        return {"risk": key, "verdict": verdict, "reason": one.reason if one else ""}

    return {"version": version.number, "verdicts": [shown(case.risk.key) for case in cases]}


def _review(draft: Draft, contents: Judgement) -> Mapping[str, object]:
    assert draft.project is not None
    version = next((one for one in draft.project.versions if one.number == contents.version), None)
    cases = {one.risk.key: one for one in _cases(draft.project, version)} if version else {}
    return {
        "project": draft.project,
        "version": version,
        "is_current": version is not None and version is draft.project.current_version,
        "rows": [(one, cases.get(one.risk)) for one in contents.verdicts],
    }


reviews.register(DraftKind.JUDGEMENT, edit="judging.judge", context=_review)
