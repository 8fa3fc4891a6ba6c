"""A published list whose round is over, with one adopted objection, and the people who revise its first plan."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.comments import actions as comments
from gongshi.comments.intake import Target
from gongshi.db import writing
from gongshi.objections import actions as objections
from gongshi.objections.models import Outcome
from making import PLAN, OpenList, make_open_list, make_submission
from web.staff import StaffClient, signed_in

NUMBER = "2026-SL-01"
HOME = f"/workbench/consultations/{NUMBER}/projects/1/revision"
RETURNED = f"/workbench/consultations/{NUMBER}/projects/1/returned"
CHANGED = PLAN.replace("5分钟", "2分钟").replace("设置人工复核 |  |", "设置人工复核 | 先行赔付 |")


@dataclass
class Desk:
    """Who works on it, and the objection that was adopted."""

    editor: StaffClient
    publisher: StaffClient
    analyst: StaffClient
    objection: str
    logins: dict[str, str]


def make_desk(app: Flask, session: Session) -> Desk:
    """The list opened 40 days ago and closed 10 days ago; its objection to ¶5 of project 1 is adopted."""
    now = clock.now()
    with writing(session) as at:
        opened = make_open_list(
            session,
            at,
            number=NUMBER,
            opens_at=now - timedelta(days=40),
            closes_at=now - timedelta(days=10),
        )
        objection = _adopted(session, opened, now - timedelta(days=20))
        staff = {role: getattr(opened, role).login for role in ("editor", "publisher", "analyst")}
    return Desk(
        signed_in(app, staff["editor"]),
        signed_in(app, staff["publisher"]),
        signed_in(app, staff["analyst"]),
        objection,
        staff,
    )


def _adopted(session: Session, opened: OpenList, at: datetime) -> str:
    project = opened.projects[0]
    sent = make_submission(
        session,
        opened.consultation,
        at,
        text="5分钟太长。",
        resolution="改为2分钟。",
        target=Target(project, project.current_version, "p-5"),
    )
    comments.publish(session, sent.comments[0], by=opened.analyst, at=at)
    raised = objections.word(
        session,
        opened.consultation,
        title="接管时限过长",
        text="5分钟内损失已经发生。",
        comments=sent.comments,
        projects=[project],
        by=opened.analyst,
        at=at,
    )
    objections.dispose(
        session, raised, outcome=Outcome.ADOPTED, reasons="采纳，缩短时限。", by=opened.answered_by, at=at
    )
    return raised.number
