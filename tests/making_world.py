"""Something of everything in one database: what any act may be tried on."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gongshi.accounts import audit
from gongshi.accounts.audit import AuditKind
from gongshi.comments.models import Comment, CommentKind
from gongshi.consultations.models import Consultation, Nature
from gongshi.objections.models import Objection
from gongshi.projects.models import Project
from making import (
    Office,
    OpenList,
    beijing,
    make_comment,
    make_draft,
    make_objection,
    make_office,
    make_open_list,
    make_submission,
)
from making_decisions import DECIDED, OPENS, Ready, confirm_gate, decide, ready_project


@dataclass
class World:
    """Something of everything, as it stands at `DECIDED`: what any act may be tried on."""

    session: Session
    office: Office
    stranger: Office
    ready: Ready
    admitted: Project
    open_list: OpenList
    pending: Comment
    published: Comment
    raising: Comment
    objection: Objection
    draft: Consultation
    archive: Consultation


def make_world(session: Session) -> World:
    """A list on the eve of its decisions (one taken), an open one in the middle of its round, a draft, an archive."""
    office = make_office(session, OPENS)
    ready = ready_project(session, office=office)
    opened_at = beijing("2026-04-10")
    open_list = make_open_list(session, opened_at, number="2026-SL-02", opens_at=opened_at, office=office)
    during = beijing("2026-04-15", "09:30")
    raising = make_comment(session, open_list, during, project=open_list.projects[0])
    archive, _ = make_draft(session, office, number="2021-BJ-01", nature=Nature.ARCHIVE)
    archive.sources = ["财联社，2021-11-19"]
    audit.note(session, AuditKind.REFUSED, actor=office.editor, details={"code": "409"}, at=during)
    admitted = ready.open_list.projects[2]
    confirm_gate(session, ready.open_list, admitted, DECIDED)
    decide(session, ready.open_list, admitted, DECIDED)
    return World(
        session,
        office,
        make_office(session, OPENS),
        ready,
        admitted,
        open_list,
        pending=make_submission(session, open_list.consultation, during).comments[0],
        published=make_comment(session, open_list, during, kind=CommentKind.ASK),
        raising=raising,
        objection=make_objection(session, open_list, [raising], during),
        draft=make_draft(session, office, number="2026-SL-03")[0],
        archive=archive,
    )
