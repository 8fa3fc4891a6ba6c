"""A bureau's desk on a busy day: on top of the worked example, lists in every state, and a draft of every kind.

Everything is made through the real actions, once, in the database of a site; `furnish` tells what the addresses of the
workbench are made of. There is something to be seen on every page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts import actions as accounts
from gongshi.accounts import enrolling
from gongshi.accounts.models import Role, StaffUser
from gongshi.comments import desk as notes
from gongshi.comments import families
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.comments.triage_models import FlagReason
from gongshi.consultations import queries as consultations
from gongshi.db import make_engine, writing
from gongshi.drafts import actions
from gongshi.drafts.models import Draft, DraftKind, DraftState
from gongshi.objections import actions as objections
from gongshi.objections import working as answering
from gongshi.objections.models import Outcome
from gongshi.revisions import returned, working
from gongshi.revisions.models import ReturnChannel, Subject
from gongshi.revisions.working import Why
from gongshi.web.settings import settings
from gongshi.web.workbench import reviews
from journeys.every_draft import Desk, Kept, Prepared, every_draft
from making import Office, OpenList, make_comment, make_draft, make_objection, make_open_list, make_submission
from making_decisions import READY_PLAN, confirm_gate, decide, ready_project
from web.matrix import House, values_of

DAY = timedelta(days=1)
OPEN, PREPARED, CLOSED, ADMITTED = "2026-SL-02", "2026-SL-90", "2026-SL-91", "2026-SL-92"
LISTS = {"closed": CLOSED, "admitted": ADMITTED, "open": OPEN, "in preparation": PREPARED}
LOGINS = {
    Role.EDITOR: "shili-jingban",
    Role.ANALYST: "shili-fenxi",
    Role.PUBLISHER: "shili-fabu",
    Role.ADMIN: "shili-guanli",
}
NEXT_PLAN = READY_PLAN.replace("每季度复核", "每月复核").replace("在5分钟内", "在2分钟内")
# The first two are to be withheld, the third to be covered in part; the last two say nearly the same.
JUST_IN = (
    "广告：低价代办开户，加微信。",
    "代写征求意见，请联系。",
    "我叫张某，电话13800000000，请公布专家对每个项目的评语摘要。",
    "请公布专家对每个项目在创新性、安全性和风险防控方面的评语摘要，否则公众无从判断。",
    "请公布专家对每个项目在创新性、安全性和风险防控方面的评语摘要，否则大家无从判断。",
)
STAYS, GOES_BACK = DraftKind.EVENT, DraftKind.EXTENSION


def furnish(app: Flask) -> tuple[House, list[Kept]]:
    """Make it all in the database of this site."""
    with session_of(app) as session:
        with writing(session) as at:
            desk = _lists(session, _office(session), at)
            values = _working_texts(session, desk, at)
            while families.join_next(session):
                pass
            drafts = [_draft(session, desk, one, at) for one in every_draft(session, desk, at)]
        kept = [_kept(app, draft) for draft in drafts]
        staff = {role: _person(session, login).id for role, login in LOGINS.items()}
    numbers = {one.kind.value: one.number for one in kept}
    return House(app, staff, {}, LISTS, numbers, values_of(LISTS, numbers, **values)), kept


@contextmanager
def session_of(app: Flask) -> Iterator[Session]:
    """A session of the database of a site."""
    with app.app_context():
        engine = make_engine(settings().database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def _office(session: Session) -> Office:
    editor, analyst, publisher, admin = (_person(session, login) for login in LOGINS.values())
    return Office(editor.bureau, editor, analyst, publisher, _person(session, "shili-fenxi-2"), admin, editor)


def _person(session: Session, login: str) -> StaffUser:
    return session.scalars(select(StaffUser).where(StaffUser.login == login)).one()


def _lists(session: Session, office: Office, at: datetime) -> Desk:
    ready = ready_project(session, number=ADMITTED, office=office)
    confirm_gate(session, ready.open_list, ready.project, at)
    decide(session, ready.open_list, ready.project, at)
    opened = consultations.numbered(session, OPEN)
    assert opened is not None
    waits = select(Comment).where(Comment.consultation == opened, Comment.state == CommentState.PENDING)
    for text in JUST_IN:
        make_submission(session, opened, at, text=text, kind=CommentKind.ASK)
    return Desk(
        office=office,
        open_list=opened,
        prepared=make_draft(session, office, number=PREPARED)[0],
        closed=_answered(session, office, at - 40 * DAY),
        admitted=ready,
        waiting=list(session.scalars(waits.order_by(Comment.seq.desc()))),
    )


def _answered(session: Session, office: Office, closed: datetime) -> OpenList:
    """A list whose round is over; of its objections one is adopted, one not, and two wait."""
    opened = make_open_list(
        session, closed - 20 * DAY, number=CLOSED, opens_at=closed - 20 * DAY, closes_at=closed,
        office=office, plan=READY_PLAN, project_count=3,
    )  # fmt: skip
    raising = [make_comment(session, opened, closed - 5 * DAY, project=one) for one in opened.projects]
    raised = [make_objection(session, opened, [one], closed + DAY, risk="r-4") for one in raising[:2]]
    raised += [make_objection(session, opened, raising, closed + DAY) for _ in range(2)]
    for objection, outcome in zip(raised[:2], (Outcome.ADOPTED, Outcome.NOT_ADOPTED), strict=True):
        objections.dispose(
            session,
            objection,
            outcome=outcome,
            reasons="经研究，作此处理。",
            by=opened.answered_by,
            at=closed + 2 * DAY,
        )
    for kind in (CommentKind.SUPPORT, CommentKind.ASK):
        make_comment(session, opened, closed - 4 * DAY, kind=kind)
    return opened


def _working_texts(session: Session, desk: Desk, at: datetime) -> dict[str, dict[str, Any]]:
    """What staff keep for themselves: notes, wordings, answers begun, a plan on its way, somebody invited."""
    office, closed = desk.office, desk.closed
    analyst, editor, project = office.analyst, office.editor, closed.projects[0]
    notes.note(session, desk.waiting[0], text="与上一条重复，请一并处理。", by=analyst, at=at)
    notes.flag(session, desk.waiting[2], reason=FlagReason.PERSONAL_DATA, by=analyst, at=at)
    notes.keep_filter(session, name="未处理的提问", asked={"kind": "ask"}, by=analyst)
    wording = answering.save_template(
        session, office.bureau, None, title="感谢支持", text="感谢您的支持。", by=analyst, at=at
    )
    answer = answering.keep_answer(
        session, closed.consultation, None, title="关于复核频次的答复", text="每月复核。",
        comments=desk.unplaced(session), is_ready=True, edition=0, by=analyst, at=at,
    )  # fmt: skip
    objection = desk.objections(session)[2]
    answering.keep_disposition(
        session,
        objection,
        outcome=Outcome.ADOPTED,
        reasons="改为每月复核。",
        is_ready=True,
        edition=0,
        by=analyst,
        at=at,
    )
    returned.record(
        session, project, institution=project.institutions[0], contact_role="法律合规部", channel=ReturnChannel.EMAIL,
        returned_on=at.date() - DAY, file=returned.Upload("方案修改稿.txt", NEXT_PLAN.encode()), by=editor, at=at,
    )  # fmt: skip
    found = working.keep(session, project, NEXT_PLAN, by=editor, edition=0, at=at)
    why = {(Subject.PARAGRAPH, one.key): Why(own_initiative="压缩时限。") for one in found.differences}
    working.explain(session, project, why, shown=found.digest, by=editor, at=at)
    invited = accounts.appoint(
        session, office.bureau, login="shili-xin", pseudonym="示例新人", roles=[Role.EDITOR], by=office.admin, at=at
    )
    return {
        "comment": {"waiting": desk.waiting[0].number},
        "objection": {"waiting": objection.number},
        "code": {"of an editor": editor.code, "invited": invited.code},
        "token": {"of the invited": enrolling.invite(session, invited, by=office.admin, at=at)},
        "answer": {"begun": answer.id},
        "template": {"a wording": wording.id},
        "session_id": {"unknown": uuid4()},
        "reminder": {"unknown": uuid4()},
        "key": {"a paragraph": "p-2"},
    }


def _draft(session: Session, desk: Desk, prepared: Prepared, at: datetime) -> Draft:
    """Prepare it and submit it; one stays in hand and one is given back."""
    draft = actions.prepare(
        session, prepared.contents, title=prepared.title, consultation=prepared.consultation,
        project=prepared.project, by=prepared.by, at=at,
    )  # fmt: skip
    if draft.kind is not STAYS:
        actions.submit(session, draft, by=prepared.by, at=at)
    if draft.kind is GOES_BACK:
        actions.give_back(session, draft, note="请写明延期的依据。", by=desk.office.publisher, at=at)
    return draft


def _kept(app: Flask, draft: Draft) -> Kept:
    form = reviews.registered(draft.kind).edit
    with app.test_request_context("/workbench/"):
        edit = reviews.edit_address(draft)
    writer = draft.prepared_by.login
    reader = LOGINS[Role.PUBLISHER] if draft.state is DraftState.SUBMITTED else writer
    return Kept(draft.kind, draft.number, reader, writer, edit, form)
