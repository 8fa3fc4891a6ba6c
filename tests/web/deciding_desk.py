"""A list at the desk whose major objection waits for its judgement; what tests of deciding do with it, two by two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.admissions.notice_text import BASIS, CONTACT
from gongshi.objections import actions as objections
from gongshi.objections.models import Outcome
from gongshi.projects.models import Project
from making import OpenList, make_comment, make_objection, make_open_list
from making_decisions import READY_PLAN
from web.client import Client, Page
from web.staff import StaffClient, signed_in

DAY = timedelta(days=1)
NUMBER = "2026-SL-01"
GATE = f"/workbench/consultations/{NUMBER}/projects/1/gate/"
GATES = f"/workbench/consultations/{NUMBER}/gates/"
JUDGEMENT = f"/workbench/consultations/{NUMBER}/projects/1/judgement"
DECISION = f"/workbench/consultations/{NUMBER}/decision"
SUMMARY = f"/workbench/consultations/{NUMBER}/summary"
PILOT = f"/workbench/consultations/{NUMBER}/projects/1/pilot/"


@dataclass
class Desk:
    """A closed list on which a major objection was answered, and the people who work on it."""

    app: Flask
    session: Session
    project: UUID
    people: dict[str, UUID]

    def as_(self, role: str) -> StaffClient:
        return signed_in(self.app, self.people[role])

    def first_project(self) -> Project:
        self.session.rollback()
        return self.session.get_one(Project, self.project)


def opened_desk(app: Flask, engine: Engine) -> Iterator[Desk]:
    """The fixture `desk` of those tests."""
    with Session(engine) as session:
        with db.writing(session) as at:
            opened = _answered_list(session, at)
            staff = {"editor": opened.editor, "analyst": opened.analyst, "publisher": opened.publisher}
            others = {"analyst-too": opened.analyst_too, "admin": opened.office.admin}
            people = {role: one.id for role, one in {**staff, **others}.items()}
            project = opened.projects[0].id
        yield Desk(app, session, project, people)


def _answered_list(session: Session, at: datetime) -> OpenList:
    closed = at - 30 * DAY
    opened = make_open_list(
        session, closed - 20 * DAY, opens_at=closed - 20 * DAY, closes_at=closed, plan=READY_PLAN, number=NUMBER
    )
    comment = make_comment(session, opened, closed - 5 * DAY, project=opened.projects[0])
    raised = make_objection(session, opened, [comment], closed + DAY, risk="r-4")
    objections.dispose(
        session,
        raised,
        outcome=Outcome.NOT_ADOPTED,
        reasons="现有安排已足够。",
        by=opened.answered_by,
        at=closed + 2 * DAY,
    )
    return opened


def verdicts(page: Page, **given: str) -> dict[str, str]:
    """The judgement form as it came, with the verdicts that are given, by risk."""
    filled = page.fields("form.form")
    for place in range(9):
        risk = filled.get(f"verdicts-{place}-risk")
        if risk and risk.replace("-", "") in given:
            filled[f"verdicts-{place}-verdict"] = given[risk.replace("-", "")]
            filled[f"verdicts-{place}-reason"] = "经测算作出判断。"
    return filled


def approved(desk: Desk, page: Page, role: str) -> Page:
    """Somebody else opens the draft, reads it and approves it."""
    client = desk.as_(role)
    address = page.headers["Location"]
    shown = client.get(address)
    filled = shown.fields("form[action$=approve]")
    return client.send(f"{address}approve", filled)


def judged(desk: Desk, **given: str) -> Page:
    """An analyst judges, a colleague confirms."""
    analyst = desk.as_("analyst")
    sent = verdicts(analyst.get(JUDGEMENT), **(given or {"r4": "sufficient"}))
    return approved(desk, analyst.post(JUDGEMENT, {**sent, "do": "submit"}), "analyst-too")


def decision(client: StaffClient, outcome: str = "admitted") -> dict[str, str]:
    """The decision form as it came, its blanks filled in."""
    sent = client.get(DECISION, project=1).fields("form.form")
    body = sent["notice_body"].replace(BASIS, "有关规定").replace(CONTACT, "示例电话")
    return {**sent, "decided-0-outcome": outcome, "notice_body": body, "do": "submit"}


def decided(desk: Desk) -> Page:
    analyst = desk.as_("analyst")
    return approved(desk, analyst.post(f"{DECISION}?project=1", decision(analyst)), "publisher")


def unmet(desk: Desk) -> list[str]:
    return [str(one["id"]) for one in desk.as_("publisher").get(GATE).all("li.condition.unmet")]


def public(desk: Desk, path: str) -> Page:
    return Client(desk.app).get(path)
