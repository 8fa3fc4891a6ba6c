"""Lists that a journey of the staff begins with: made through the real actions, in the database of a running site.

The people are those of the worked example, so that whoever sits down in a browser finds the list on the desk.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import StaffUser
from gongshi.comments import actions as comments
from gongshi.comments import families
from gongshi.comments.intake import Target
from gongshi.comments.models import Comment, CommentKind
from gongshi.db import writing
from gongshi.drafts import actions as drafts
from gongshi.drafts.answering import Answers, Ruling
from gongshi.objections import actions as objections
from gongshi.objections.models import Objection, Outcome
from gongshi.web.db import db
from making import PLAN, Office, OpenList, make_open_list, make_submission

EDITOR, ANALYST, SECOND, PUBLISHER, ADMIN = (
    "shili-jingban",
    "shili-fenxi",
    "shili-fenxi-2",
    "shili-fabu",
    "shili-guanli",
)
DAY = timedelta(days=1)
# The risk r-1 of the first project has neither prevention nor compensation.
UNCOVERED = PLAN.replace("设置人工复核 |  |", "|  |")


@dataclass(frozen=True)
class Said:
    """What somebody sends in, on which project of the list."""

    kind: CommentKind
    text: str
    project: int = 1


@contextmanager
def at_the_office(app: Flask) -> Iterator[tuple[Session, Office, datetime]]:
    """A transaction in the site's database, the bureau with its people, and the instant."""
    with app.app_context(), Session(db.engine) as session, writing(session) as at:
        yield session, _office(session), at


def list_with_comments(app: Flask, number: str, said: Sequence[Said]) -> None:
    """A list of two projects, open since ten days ago, on which these comments came in one after another."""
    with at_the_office(app) as (session, office, at):
        opened = make_open_list(session, at, number=number, opens_at=at - 10 * DAY, office=office)
        for place, one in enumerate(said):
            sent = at - 9 * DAY + timedelta(minutes=place)
            target = Target(opened.projects[one.project - 1])
            make_submission(session, opened.consultation, sent, text=one.text, kind=one.kind, target=target)
        session.flush()
        while families.join_next(session):
            pass


def list_with_objections(app: Flask, number: str) -> tuple[str, str]:
    """A list that closed a month ago. An objection to a risk of its first project was adopted three weeks ago, by a
    batch that two people made; one to its second project waits for its answer. Returns the numbers of both.
    """
    with at_the_office(app) as (session, office, at):
        closed = at - 30 * DAY
        opened = make_open_list(
            session,
            closed - 31 * DAY,
            number=number,
            opens_at=closed - 31 * DAY,
            closes_at=closed,
            office=office,
            plan=UNCOVERED,
        )
        adopted = _objection(session, opened, 1, "模型失效时没有防范也没有赔付", closed - 5 * DAY)
        waiting = _objection(session, opened, 2, "收费标准没有写明", closed - 4 * DAY)
        ruling = Ruling(adopted.number, Outcome.ADOPTED, "采纳。申报人应当写明防范措施和补偿机制。")
        answered_at = closed + 9 * DAY
        batch = drafts.prepare(
            session,
            Answers(rulings=(ruling,)),
            title="答复一批",
            consultation=opened.consultation,
            by=office.analyst,
            at=answered_at,
        )
        drafts.submit(session, batch, by=office.analyst, at=answered_at)
        shown = drafts.digest(session, batch, at=answered_at)
        drafts.approve(session, batch, shown=shown, by=office.publisher, at=answered_at)
        return adopted.number, waiting.number


def _objection(session: Session, opened: OpenList, place: int, title: str, at: datetime) -> Objection:
    project = opened.projects[place - 1]
    heard = _published(session, opened, Said(CommentKind.OPPOSE, f"{title}，请补充。", place), at)
    return objections.word(
        session,
        opened.consultation,
        title=title,
        text=f"{title}，投资者的损失无人承担。",
        comments=[heard],
        projects=[project],
        by=opened.analyst,
        at=at + 6 * DAY,
    )


def _published(session: Session, opened: OpenList, said: Said, at: datetime) -> Comment:
    target = Target(opened.projects[said.project - 1])
    sent = make_submission(session, opened.consultation, at, text=said.text, kind=said.kind, target=target)
    comments.publish(session, sent.comments[0], by=opened.analyst, at=at)
    return sent.comments[0]


def _office(session: Session) -> Office:
    editor, analyst, second, publisher, admin = (
        session.scalars(select(StaffUser).where(StaffUser.login == login)).one()
        for login in (EDITOR, ANALYST, SECOND, PUBLISHER, ADMIN)
    )
    # Nobody has left this bureau.
    return Office(editor.bureau, editor, analyst, publisher, second, admin, left=editor)
