"""The whole job at the desk: a major objection's risk is judged by two, the gate turns, decision, notice and summary
are published, and afterwards the pilot's life and a change of its scope."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from gongshi import db
from gongshi.accounts.models import StaffUser
from gongshi.admissions import queries as admissions
from gongshi.admissions.models import AdmissionOutcome
from gongshi.admissions.notice_text import BASIS
from gongshi.drafts import queries as drafts
from gongshi.projects.models import Project
from making import OpenList, make_comment
from web.deciding_desk import (
    DAY,
    DECISION,
    GATE,
    GATES,
    JUDGEMENT,
    NUMBER,
    PILOT,
    SUMMARY,
    Desk,
    approved,
    decided,
    decision,
    judged,
    opened_desk,
    public,
    unmet,
    verdicts,
)


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Iterator[Desk]:
    yield from opened_desk(app, engine)


# The whole job


def test_from_a_major_objection_to_the_published_decision_and_summary(desk: Desk) -> None:
    assert unmet(desk) == ["major-risks-covered"]
    assert f"{JUDGEMENT}#risk-r-4" in desk.as_("analyst").get(GATE).links("#major-risks-covered")

    judged(desk)
    assert unmet(desk) == []

    settled = decided(desk)
    (made,) = admissions.decisions_of(desk.session, desk.first_project())
    assert made.outcome is AdmissionOutcome.ADMITTED
    assert [one for one in settled.links("main") if one.startswith("/notices/")]
    shown = public(desk, f"/consultations/{NUMBER}/projects/1/decision/")
    notice = admissions.notices_of(desk.session, desk.first_project())[made.id]
    assert f"/notices/{notice.slug}/" in shown.links("section.decision")
    assert "有关规定" in public(desk, f"/notices/{notice.slug}/").words

    editor = desk.as_("editor")
    assert "2026-SL-01-O01" in editor.get(SUMMARY).words
    approved(desk, editor.post(SUMMARY, {**editor.get(SUMMARY).fields("form.form"), "do": "submit"}), "publisher")
    assert "意见采纳情况" in public(desk, f"/consultations/{NUMBER}/").words


def test_a_list_with_nothing_decided_leads_there_from_the_page_of_the_day(desk: Desk) -> None:
    judged(desk)

    page = desk.as_("analyst").get("/workbench/")

    assert GATES in page.links(".queues")
    assert f"{DECISION}?project=1" in page.links(".list-card")
    assert [one["class"] for one in page.all("ul.due li")] == [["urgent"]], "thirty days without a summary"


# Judging


def test_nobody_judges_nothing(desk: Desk) -> None:
    analyst = desk.as_("analyst")

    page = analyst.post(JUDGEMENT, {**analyst.get(JUDGEMENT).fields("form.form"), "do": "submit"}, 422)

    assert page.links("#faults") == ["#verdicts-0-verdict"]


def test_a_judgement_without_its_reason_is_said_at_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = verdicts(analyst.get(JUDGEMENT), r4="sufficient", r5="insufficient")
    sent["verdicts-3-reason"] = " "

    page = analyst.post(JUDGEMENT, {**sent, "do": "submit"}, 422)

    assert page.links("#faults") == ["#verdicts-3-reason"]
    assert page.fields("form.form")["verdicts-4-reason"] == "经测算作出判断。"
    assert drafts.in_hand(desk.session, desk.first_project().consultation.bureaus[0].id) == []


def test_a_risk_without_compensation_is_kept_as_a_draft_but_not_submitted_as_sufficient(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = verdicts(analyst.get(JUDGEMENT), r3="sufficient")

    page = analyst.send(JUDGEMENT, {**sent, "do": "submit"})

    assert "r-3" in " ".join(page.texts(".flash.trouble"))
    assert page.all("form[action$=submit]")


def test_the_one_who_judged_does_not_confirm(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    answer = analyst.post(JUDGEMENT, {**verdicts(analyst.get(JUDGEMENT), r4="sufficient"), "do": "submit"})
    address = answer.headers["Location"]

    page = analyst.get(address)

    assert not page.all("form[action$=approve]")
    analyst.post(f"{address}approve", {"shown": ""}, 409)
    assert admissions.judgements(desk.session, desk.first_project()) == []


def test_a_draft_of_judgements_is_opened_again_as_it_was_typed(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = verdicts(analyst.get(JUDGEMENT), r5="insufficient")
    answer = analyst.post(JUDGEMENT, {**sent, "do": "save"})
    edit = next(
        one for one in analyst.get(answer.headers["Location"]).links("section[aria-labelledby=act]") if "draft=" in one
    )

    form = analyst.get(edit).fields("form.form")

    assert form["verdicts-4-verdict"] == "insufficient"
    assert form["verdicts-4-reason"] == "经测算作出判断。"
    assert form["edition"] == "1"


def test_a_form_that_speaks_of_other_risks_is_refused(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = verdicts(analyst.get(JUDGEMENT), r4="sufficient")

    analyst.post(JUDGEMENT, {**sent, "verdicts-0-risk": "r-99"}, 400)
    analyst.post(JUDGEMENT, {**sent, "version": "1x"}, 400)


# Deciding


def test_the_form_suggests_what_follows_from_the_gate_and_drafts_the_notice(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    before = analyst.get(DECISION, project=1).fields("form.form")
    judged(desk)
    after = analyst.get(DECISION, project=1).fields("form.form")

    assert (before["decided-0-outcome"], after["decided-0-outcome"]) == ("deferred", "admitted")
    assert "重大风险均有足够的防范措施和补偿机制" in before["decided-0-text"]
    assert after["notice_title"].startswith("关于第1号项目")
    assert BASIS in after["notice_body"]


def test_the_notice_is_drafted_anew_from_what_is_decided_now(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = analyst.get(DECISION, project=[1, 2]).fields("form.form")

    page = analyst.post(
        f"{DECISION}?project=1",
        {**sent, "decided-0-outcome": "refused", "decided-1-outcome": "withdrawn", "do": "notice"},
        200,
    )

    body = page.fields("form.form")["notice_body"]
    assert "不予纳入的项目" in body
    assert "申报人撤回的项目" in body
    assert page.fields("form.form")["decided-0-text"] == sent["decided-0-text"]


def test_a_notice_with_its_blanks_is_saved_but_not_submitted(desk: Desk) -> None:
    judged(desk)
    analyst = desk.as_("analyst")
    sent = analyst.get(DECISION, project=1).fields("form.form")

    page = analyst.send(f"{DECISION}?project=1", {**sent, "do": "submit"})

    assert BASIS in " ".join(page.texts(".flash.trouble"))


def test_what_is_missing_is_said_at_its_field(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = {**decision(analyst), "decided-0-text": "", "notice_title": "", "decided-0-outcome": "perhaps"}

    page = analyst.post(f"{DECISION}?project=1", sent, 422)

    assert page.links("#faults") == ["#decided-0-outcome", "#decided-0-text", "#notice_title"]


def test_a_project_is_not_admitted_against_its_gate(desk: Desk) -> None:
    analyst = desk.as_("analyst")

    page = analyst.send(f"{DECISION}?project=1", decision(analyst))

    assert page.texts(".flash.trouble")
    assert admissions.decisions_of(desk.session, desk.first_project()) == []


def test_a_gate_that_moved_is_told_to_the_approver_and_nothing_is_decided(desk: Desk) -> None:
    judged(desk)
    analyst = desk.as_("analyst")
    address = analyst.post(f"{DECISION}?project=1", decision(analyst)).headers["Location"]
    publisher = desk.as_("publisher")
    shown = publisher.get(address).fields("form[action$=approve]")
    judged(desk, r4="insufficient")

    publisher.post(f"{address}approve", shown, 409)
    page = publisher.get(address)
    publisher.post(f"{address}approve", page.fields("form[action$=approve]"), 409)

    assert page.all(".sheet .faults")
    assert admissions.decisions_of(desk.session, desk.first_project()) == []


@pytest.mark.parametrize(
    "query",
    [{}, {"project": 99}, {"project": "x"}, {"project": [1, 1]}, {"project": [1, 99]}],
    ids=["none", "not there", "no number", "twice", "one not there"],
)
def test_a_decision_is_about_projects_of_the_list(desk: Desk, query: dict[str, object]) -> None:
    desk.as_("analyst").get(DECISION, 404, **query)


def test_entries_that_no_page_sent_are_refused(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = decision(analyst)

    analyst.post(DECISION, {**sent, "decided-7-text": "多出来的"}, 400)
    analyst.post(DECISION, {**sent, "decided-0-project": "99"}, 404)


def test_the_approver_reads_what_is_missing_before_deferring(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = {**decision(analyst, "deferred"), "do": "submit"}
    address = analyst.post(f"{DECISION}?project=1", sent).headers["Location"]

    page = desk.as_("publisher").get(address)

    assert "2026-SL-01-O01" in " ".join(page.links(".sheet li.unmet"))


def test_a_refused_project_has_no_pilot_and_nothing_left_to_do(desk: Desk) -> None:
    analyst = desk.as_("analyst")
    sent = {**decision(analyst, "refused"), "do": "submit"}
    approved(desk, analyst.post(f"{DECISION}?project=1", sent), "publisher")

    page = analyst.get(GATE)

    assert PILOT not in page.links("main")
    assert not page.all(".steps-to-take")


# The summary


def test_what_is_still_open_is_named_with_the_screen_that_settles_it(desk: Desk) -> None:
    with db.writing(desk.session) as at:
        project = desk.session.get_one(Project, desk.project)
        opened = _as_open_list(desk, project)
        number = make_comment(desk.session, opened, at - 35 * DAY, project=project).number

    page = desk.as_("editor").get(SUMMARY)

    assert any(number in one for one in page.links("section.faults"))
    assert not page.all("form.form")
    desk.as_("editor").send(SUMMARY, {"do": "submit"})


def test_the_publisher_and_the_analyst_read_the_summary_without_preparing_it(desk: Desk) -> None:
    assert not desk.as_("analyst").get(SUMMARY).all("form.form")
    desk.as_("analyst").post(SUMMARY, {"do": "submit"}, 403)


def _as_open_list(desk: Desk, project: Project) -> OpenList:
    staff = {role: desk.session.get_one(StaffUser, id) for role, id in desk.people.items()}
    return OpenList(
        project.consultation,
        project.consultation.rounds[0],
        [project],
        project.consultation.bureaus[0],
        staff["editor"],
        staff["analyst"],
        staff["publisher"],
        analyst_too=staff["analyst-too"],
        office=None,  # type: ignore[arg-type]  # Nobody else is needed here.
    )
