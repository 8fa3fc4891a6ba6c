"""What becomes of an objection's own standing: marked major, merged into another, split or worded anew."""

from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gongshi.accounts.models import Role
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.objections import overview, queries, suggestions, trail
from gongshi.objections.models import Objection
from gongshi.objections.trail import Part
from gongshi.projects import queries as projects
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.workbench import access, risk_fields
from gongshi.web.workbench.access import me
from gongshi.web.workbench.places import objection_of

bp = Blueprint("standing", __name__, url_prefix="/objections/<objection>")
access.allow(bp, reading={Role.ANALYST}, writing={Role.ANALYST})

MOST_PARTS = 8


@dataclass
class TypedPart:
    """One part of a split as it stands in the form. `comments` are running numbers."""

    title: str = ""
    text: str = ""
    projects: list[int] = field(default_factory=list)
    is_major: bool = False
    risks: dict[int, str] = field(default_factory=dict)
    comments: set[int] = field(default_factory=set)


@bp.route("/major", methods=["GET", "POST"])
def major(objection: str) -> ResponseReturnValue:
    refusal = ""
    if request.method == "POST":
        try:
            with writing(session()) as at:
                risks = risk_fields.chosen(request.form)
                trail.mark_major(session(), objection_of(objection), risks=risks, by=me(), at=at)
        except RuleBroken as refused:
            refusal = wording.say(refused)
        else:
            return _done(objection, _("Marked as a major risk. The gate waits for the risk it names."))
    return _page("major", objection_of(objection), refusal, named=risk_fields.chosen(request.form))


@bp.route("/merge", methods=["GET", "POST"])
def merge(objection: str) -> ResponseReturnValue:
    refusal, into = "", request.form.get("into", "")
    if request.method == "POST":
        try:
            with writing(session()) as at:
                found = objection_of(objection)
                other = queries.find(session(), into)
                if other is None or other.consultation_id != found.consultation_id:
                    raise trail.MergedIntoItself(objection=objection)
                trail.merge(session(), found, other, risks=risk_fields.chosen(request.form), by=me(), at=at)
        except RuleBroken as refused:
            refusal = wording.say(refused)
        else:
            return _done(into, _("Merged: %(number)s goes on here.", number=objection))
    found = objection_of(objection)
    return _page(
        "merge",
        found,
        refusal,
        others=_others(found),
        into=into,
        named=risk_fields.chosen(request.form),
    )


def _others(objection: Objection) -> list[overview.Line]:
    """The objections that it can be merged into, the likest first."""
    lines = [one for one in overview.of_list(session(), objection.consultation) if one.stage.waits]
    others = {one.objection.id: one for one in lines if one.objection.id != objection.id}
    said = {id: suggestions.pairs(one.objection.title, one.objection.text) for id, one in others.items()}
    likeness = suggestions.rank(suggestions.pairs(objection.title, objection.text), said)
    return sorted(others.values(), key=lambda one: (-likeness.get(one.objection.id, 0.0), one.objection.ordinal))


@bp.route("/split", methods=["GET", "POST"])
def split(objection: str) -> ResponseReturnValue:
    found, refusal, wanted = objection_of(objection), "", request.form.get("do", "")
    parts = _typed() if request.method == "POST" else [_whole(found)]
    if wanted == "more" and len(parts) < MOST_PARTS:
        parts.append(TypedPart())
    elif wanted == "fewer" and len(parts) > 1:
        parts.pop()
    elif wanted == "split":
        try:
            with writing(session()) as at:
                found = objection_of(objection)
                made = trail.split(session(), found, _parts(found, parts), by=me(), at=at)
                names = [one.number for one in made]
        except RuleBroken as refused:
            refusal = wording.say(refused)
        else:
            return _done(objection, _("It goes on as: %(numbers)s.", numbers=_(", ").join(names)))
    found = objection_of(objection)
    return _page("split", found, refusal, parts=parts, projects=projects.of_list(session(), found.consultation))


def _whole(objection: Objection) -> TypedPart:
    return TypedPart(
        title=objection.title,
        text=objection.text,
        projects=[one.number for one in objection.projects],
        is_major=objection.is_major,
        risks=objection.risks,
        comments={one.seq for one in objection.comments},
    )


def _typed() -> list[TypedPart]:
    count = max(1, min(MOST_PARTS, request.form.get("parts", 1, type=int)))
    return [_typed_part(place) for place in range(1, count + 1)]


def _typed_part(place: int) -> TypedPart:
    sent = request.form
    return TypedPart(
        title=sent.get(f"title-{place}", ""),
        text=sent.get(f"text-{place}", ""),
        projects=sent.getlist(f"projects-{place}", type=int),
        is_major=f"major-{place}" in sent,
        risks=risk_fields.chosen(sent, f"risk-{place}-"),
        comments=set(sent.getlist(f"comments-{place}", type=int)),
    )


def _parts(objection: Objection, typed: list[TypedPart]) -> list[Part]:
    listed = projects.of_list(session(), objection.consultation)
    return [
        Part(
            title=one.title.strip(),
            text=one.text.strip(),
            comments=[comment for comment in objection.comments if comment.seq in one.comments],
            projects=[project for project in listed if project.number in one.projects],
            is_major=one.is_major,
            risks=one.risks,
        )
        for one in typed
    ]


def _page(view: str, objection: Objection, refusal: str, **more: object) -> ResponseReturnValue:
    page = render_template(
        f"workbench/standing/{view}.html",
        objection=objection,
        consultation=objection.consultation,
        refusal=refusal,
        example=objection.consultation.is_example,
        **more,
    )
    return page, 422 if refusal else 200


def _done(objection: str, words: str) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(desk("objections.show", objection=objection), 303)
