"""Which screen settles an open point of the gate: every condition that is not met leads to the work that meets it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from gongshi.admissions.gate import Condition, ConditionCode, Gap
from gongshi.projects.models import Project
from gongshi.web import formatting
from gongshi.web.languages import desk, link
from gongshi.web.wording import label

# A list of 5,000 comments is worked through in its queue, not from here.
SHOWN = 10


@dataclass(frozen=True)
class Step:
    """Something to be done: what it is about, what is to be done, and where. Some only wait for a date."""

    subject: str
    words: str
    address: str | None


def steps(project: Project, condition: Condition) -> list[Step]:
    """What settles a condition; nothing for one that is met."""
    return [] if condition.is_met else list(_STEPS[condition.code](project, condition))


def _round_over(_project: Project, condition: Condition) -> Iterator[Step]:
    yield Step("", _("Wait for the closing: %(closing)s.", closing=_closing(condition.rests_on["closes_at"])), None)


def _comments(project: Project, condition: Condition) -> Iterator[Step]:
    number = project.consultation.number
    for one in condition.missing[:SHOWN]:
        comment = str(one["comment"])
        yield Step(comment, _("place it, answer it or withhold it"), of_comment(number, comment))
    left = len(condition.missing) - SHOWN
    if left > 0:
        yield Step(
            _("%(count)s more comments", count=left), _("work through the queue"), desk("triage.show", number=number)
        )


def _objections(_project: Project, condition: Condition) -> Iterator[Step]:
    for one in condition.missing:
        number = str(one["objection"])
        yield Step(number, _("dispose of it"), desk("objections.show", objection=number))


def _adopted(project: Project, condition: Condition) -> Iterator[Step]:
    for one in condition.missing:
        yield Step(str(one["objection"]), _("name it as the cause of a change in the plan"), of_revision(project))


def _risks(project: Project, condition: Condition) -> Iterator[Step]:
    for one in condition.missing:
        for gap in (Gap(code) for code in _words(one["gaps"])):
            yield _gap(project, str(one["objection"]), str(one["risk"] or ""), gap)


def _gap(project: Project, objection: str, risk: str, gap: Gap) -> Step:
    subject = f"{objection} → {risk}" if risk else objection
    words = label(gap)
    if gap is Gap.NO_RISK:
        return Step(subject, words, desk("objections.show", objection=objection))
    if gap in {Gap.NO_PREVENTION, Gap.NO_COMPENSATION}:
        return Step(subject, words, of_revision(project))
    return Step(subject, words, desk("judging.judge", **_place(project), _anchor=f"risk-{risk}"))


def _version(project: Project, _condition: Condition) -> Iterator[Step]:
    yield Step("", _("Publish the version of the plan that is being prepared."), of_revision(project))


def _waited(_project: Project, condition: Condition) -> Iterator[Step]:
    earliest = formatting.spoken_moment(datetime.fromisoformat(str(condition.rests_on["decision_from"])))
    yield Step("", _("Wait: a decision may be made from %(moment)s on.", moment=earliest), None)


def _interrupted(project: Project, condition: Condition) -> Iterator[Step]:
    for one in condition.missing:
        if one["kind"] == "withdrawn":
            words = _("It was withdrawn by a notice and is not admitted any more.")
            yield Step("", words, link("notices.show", slug=str(one["notice"])))
        else:
            words = _("It was suspended; hold a further comment period.")
            yield Step("", words, desk("publishing.second_round", number=project.consultation.number))


def evidence() -> dict[str, object]:
    """What the partials need that word a condition's evidence."""
    return {"gaps": Gap, "instant": datetime.fromisoformat}


def of_comment(number: str, comment: str) -> str:
    """The triage screen, opened on one comment."""
    return desk("triage.show", number=number, comment=comment)


def of_revision(project: Project) -> str:
    """The screen on which a plan is revised."""
    return desk("revising.show", **_place(project))


def _place(project: Project) -> dict[str, str | int]:
    return {"number": project.consultation.number, "project": project.number}


def _closing(text: object) -> str:
    return formatting.spoken_closing(datetime.fromisoformat(str(text))) if text else "—"


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


_STEPS: Mapping[ConditionCode, Callable[[Project, Condition], Iterator[Step]]] = {
    ConditionCode.ROUND_OVER: _round_over,
    ConditionCode.COMMENTS_PLACED: _comments,
    ConditionCode.OBJECTIONS_DISPOSED: _objections,
    ConditionCode.ADOPTED_REALISED: _adopted,
    ConditionCode.MAJOR_RISKS_COVERED: _risks,
    ConditionCode.VERSION_PUBLIC: _version,
    ConditionCode.ANSWERS_WAITED: _waited,
    ConditionCode.NOT_INTERRUPTED: _interrupted,
}
