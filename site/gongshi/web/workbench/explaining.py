"""对照与说明: what differs from the public version, change by change, why; and handing it to the approver."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # The stubs are of an older WTForms.
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from gongshi.accounts.models import Role
from gongshi.db import writing
from gongshi.drafts.models import Draft, DraftKind
from gongshi.drafts.revising import NextVersion
from gongshi.errors import RuleBroken
from gongshi.objections import queries as objections
from gongshi.objections.models import Objection
from gongshi.projects import plan_text
from gongshi.projects.models import PlanVersion, Project
from gongshi.record.comparison import Changed, Comparison, compare_upcoming
from gongshi.revisions import returned, working
from gongshi.revisions.models import ReturnedVersion, Subject
from gongshi.revisions.working import Place, Why, Working
from gongshi.web import formatting, wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench import access, drafting, reviews, revising
from gongshi.web.workbench.access import me
from gongshi.web.workbench.drafting import DraftForm

bp = Blueprint("explaining", __name__, url_prefix="/consultations/<number>/projects/<int:project>/revision")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR})

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Asked:
    """One change with what may have caused it: the objections that speak of its very place first."""

    row: Changed
    why: Why
    near: tuple[Objection, ...]
    others: tuple[Objection, ...]
    could_be: tuple[str, ...]
    fault: str = ""

    @property
    def name(self) -> str:
        return name_of((self.row.difference.subject, self.row.key))


def name_of(place: Place) -> str:
    """What the fields of a change are called: `paragraph-p-5`."""
    subject, key = place
    return f"{subject.value}-{key}"


@bp.route("/changes", methods=["GET", "POST"])
def changes(number: str, project: int) -> ResponseReturnValue:
    row = revising.revisable(number, project)
    state = working.of(session(), row)
    if request.method == "GET":
        return _changes_page(row, state, state.explanations)
    given = _given(state)
    too_long = {place for place, why in given.items() if len(why.own_initiative) > LONGEST_REASON}
    if too_long:
        faults = dict.fromkeys(too_long, _("A reason has at most 2,000 characters."))
        return _changes_page(row, state, given, faults=faults, status=422)
    try:
        with writing(session()) as at:
            revising.refuse_while_submitted(row)
            working.explain(session(), row, given, shown=request.form.get("shown", ""), by=me(), at=at)
            _correct(row, at)
    except RuleBroken as refusal:
        return _changes_page(row, working.of(session(), row), given, refusal=wording.say(refusal), status=409)
    return _after_saving(row, working.of(session(), row))


@bp.post("/start-over")
def start_over(number: str, project: int) -> ResponseReturnValue:
    """Put the working text back to the public one."""
    row = revising.revisable(number, project)
    try:
        with writing(session()) as at:
            revising.refuse_while_submitted(row)
            working.start_over(session(), row, by=me(), edition=_edition(), at=at)
    except RuleBroken as refusal:
        g.refused_code = refusal.code
        flash(wording.say(refusal), "error")
    else:
        flash(_("The working text reads as the public version again."), "done")
    return redirect(desk("revising.show", number=number, project=project), 303)


class SubmitForm(DraftForm):
    """What the public reads above the comparison, and what the version rests on."""

    title = StringField(
        lazy_gettext("Title of the plan"), [DataRequired(lazy_gettext("The version needs a title.")), Length(max=200)]
    )
    summary = TextAreaField(
        lazy_gettext("What this version changes, in a sentence"),
        [DataRequired(lazy_gettext("Please say in a sentence what this version changes.")), Length(max=1000)],
    )
    returned = SelectMultipleField(
        lazy_gettext("Texts of the applicant that it rests on"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


@bp.route("/submit", methods=["GET", "POST"])
def submit(number: str, project: int) -> ResponseReturnValue:
    row = revising.revisable(number, project)
    state = working.of(session(), row)
    draft = drafting.opened(DraftKind.REVISION, row.consultation, row) or revising.open_draft(row)
    form = SubmitForm() if request.method == "POST" else SubmitForm(data=_filled(state, draft))
    form.returned.choices = _returned(row)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate() and not state.unexplained and state.differences:
            contents = NextVersion.of(
                state,
                title=(form.title.data or "").strip(),
                summary=(form.summary.data or "").strip(),
                rests_on=tuple(form.returned.data or ()),
            )
            kept = drafting.kept(
                form, draft, contents, title=contents.called(row), consultation=row.consultation, project=row
            )
            if kept is not None:
                return kept
    body = render_template(
        "workbench/explaining/submit.html",
        **{**revising.about(row, state), "draft": draft},
        form=form,
        comparison=_comparison(state, form.summary.data or ""),
        names={(one.subject, one.key): name_of((one.subject, one.key)) for one in state.unexplained},
    )
    return body, status


def _changes_page(
    row: Project,
    state: Working,
    given: Mapping[Place, Why],
    *,
    refusal: str = "",
    faults: Mapping[Place, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    comparison = _comparison(state)
    asked = list(_asked(row, state, comparison, given, faults or {}))
    unsaid = [one for one in asked if not one.why.says_why]
    body = render_template(
        "workbench/explaining/changes.html",
        **revising.about(row, state),
        comparison=comparison,
        by_place={(one.row.difference.subject, one.row.key): one for one in asked},
        nothing=Why(),
        rows=asked,
        unsaid=unsaid,
        following={one.name: after.name for one, after in _to_the_next(asked)},
        refusal=refusal,
        ask_all=request.form.get("do") == "next" and bool(unsaid),
        raised=objections.of_project(session(), row),
    )
    return body, status


def _to_the_next(asked: list[Asked]) -> Iterable[tuple[Asked, Asked]]:
    """For each change the next one after it that is not explained yet."""
    following: Asked | None = None
    for one in reversed(asked):
        if following is not None:
            yield one, following
        if not one.why.says_why:
            following = one


def _asked(
    row: Project, state: Working, comparison: Comparison, given: Mapping[Place, Why], faults: Mapping[Place, str]
) -> Iterable[Asked]:
    raised = objections.of_project(session(), row)
    gone = [one for one in state.differences if one.after is None]
    for changed in comparison.changed:
        place = (changed.difference.subject, changed.key)
        near = [one for one in raised if _speaks_of(one, row, place)]
        is_new = changed.difference.before is None
        yield Asked(
            changed,
            given.get(place, Why()),
            tuple(near),
            tuple(one for one in raised if one not in near),
            tuple(one.key for one in gone if is_new and one.subject is place[0]),
            faults.get(place, ""),
        )


def _speaks_of(objection: Objection, project: Project, place: Place) -> bool:
    subject, key = place
    if subject is Subject.RISK:
        return objection.risks.get(project.number) == key
    return any(one.paragraph_key == key and one.project_id == project.id for one in objection.comments)


def _given(state: Working) -> dict[Place, Why]:
    """What the form says of every change; “the same for all” fills those that say nothing."""
    given: dict[Place, Why] = {}
    everywhere = _typed("all")
    for one in state.differences:
        place = (one.subject, one.key)
        why = _typed(name_of(place))
        given[place] = everywhere if request.form.get("do") == "all" and not why.says_why else why
    return given


def _typed(name: str) -> Why:
    numbers = dict.fromkeys(request.form.getlist(f"why-{name}"))
    return Why(tuple(sorted(numbers)), request.form.get(f"own-{name}", "").replace("\r\n", "\n").strip())


def _after_saving(row: Project, state: Working) -> ResponseReturnValue:
    address = {"number": row.consultation.number, "project": row.number}
    left = len(state.unexplained)
    if request.form.get("do") != "next":
        all_said = _("Saved. Every change has its reason.")
        flash(_("Saved. Still without a reason: %(count)s.", count=left) if left else all_said, "done")
        return redirect(desk("explaining.changes", _anchor=_saved_at(), **address), 303)
    if left:
        return _changes_page(row, state, state.explanations, status=422)
    return redirect(desk("explaining.submit", **address), 303)


def _correct(row: Project, at: datetime) -> None:
    """The clerk says which paragraph is which: `new:p-5` is another one; `same:p-41` is the one chosen beside it."""
    verb, _colon, key = request.form.get("do", "").partition(":")
    if verb == "new":
        working.treat_as_new(session(), row, key, by=me(), edition=_edition(), at=at)
    elif verb == "same":
        earlier = request.form.get(f"earlier-{key}", "")
        working.treat_as_earlier(session(), row, key, earlier=earlier, by=me(), edition=_edition(), at=at)


def _saved_at() -> str | None:
    """The change beside which the clerk pressed the button: there the page opens again."""
    verb, _colon, name = request.form.get("do", "").partition(":")
    return name if verb == "save" and name else None


def _edition() -> int:
    return revising.as_edition(request.form.get("edition"))


def _comparison(state: Working, summary: str = "") -> Comparison:
    return compare_upcoming(state.before, state.text, summary=summary)


def _filled(state: Working, draft: Draft | None) -> dict[str, object]:
    had = drafting.contents(draft)
    return {
        "title": had.title if had else state.before.title,
        "summary": had.summary if had else "",
        "returned": list(had.returned) if had else [],
        "edition": drafting.edition(draft),
    }


def _returned(row: Project) -> list[SelectChoice]:
    def words(one: ReturnedVersion) -> str:
        how = one.file_name or wording.label(one.channel)
        return f"{one.institution.name} · {formatting.spoken_day(one.returned_on)} · {how}"

    return [SelectChoice(one.ordinal, words(one)) for one in returned.of_project(session(), row)]


def _review(draft: Draft, contents: NextVersion) -> Mapping[str, object]:
    """What its approver is shown: both texts side by side and every reason, as the public will read them."""
    row = draft.project
    assert row is not None
    before = next((one for one in row.published_versions if one.number == contents.start), None)
    if before is None:
        abort(404)
    listed = {one.number: one for one in objections.of_list(session(), row.consultation)}
    return {
        "project": row,
        **_compared(before, contents),
        "reasons": {(one.subject, one.key): one for one in contents.explanations},
        "objections": listed,
        "rests_on": [one for one in returned.of_project(session(), row) if one.ordinal in contents.returned],
    }


def _compared(before: PlanVersion, contents: NextVersion) -> dict[str, object]:
    """The comparison; of a text that cannot be read any more the text itself, so that it can be given back."""
    try:
        text = plan_text.kept(contents.markdown)
    except plan_text.KeptPlanUnreadable as refusal:
        return {"comparison": None, "unreadable": wording.say(refusal)}
    return {"comparison": compare_upcoming(before, text, summary=contents.summary), "unreadable": ""}


reviews.register(DraftKind.REVISION, edit="explaining.submit", context=_review)
