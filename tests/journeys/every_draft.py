"""A draft of every kind, as somebody would have written it, with what it is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.accounts.models import StaffUser
from gongshi.accounts.two_people import Hands
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments import actions as comments
from gongshi.comments import appealing, receipts
from gongshi.comments.erasure_models import ErasedField, ErasureReason
from gongshi.comments.models import AppealOutcome, Channel, Comment, CommentKind, WithholdingReason
from gongshi.comments.personal_models import NameConsent
from gongshi.consultations.corrected import CorrectedField
from gongshi.consultations.models import Consultation
from gongshi.drafts.answering import Answers, Reply, Ruling, SettingAside
from gongshi.drafts.appeals import AppealRuling
from gongshi.drafts.contents import Contents
from gongshi.drafts.deciding import Decided, Decision, Event, Judgement, ScopeChange, Summary, Verdict
from gongshi.drafts.erasing import Erased
from gongshi.drafts.models import DraftKind
from gongshi.drafts.moderation import Letter, Redaction, Withheld
from gongshi.drafts.publishing import (
    Extension,
    ListCorrection,
    ListPublication,
    NewValue,
    NoticePublication,
    SecondRound,
    Stop,
)
from gongshi.drafts.revising import NextVersion
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import InterruptionKind, NoticeKind
from gongshi.objections.models import Objection, Outcome
from gongshi.pilots.models import EventKind
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.revisions import working
from making import SERVER_KEY, Office, OpenList, make_submission
from making_decisions import Ready, gate_shown

NOTICE = NoticeText(
    "关于公开征求意见有关事项的公告", "## 有关事项\n\n现就有关事项公告如下。\n\n- 一是期限；\n- 二是方式。"
)


@dataclass
class Desk:
    """The lists on which the bureau works, in every state, and the comments that wait to be looked at."""

    office: Office
    open_list: Consultation
    prepared: Consultation
    closed: OpenList
    admitted: Ready
    waiting: list[Comment]

    def objections(self, session: Session) -> list[Objection]:
        """Those on the closed list: one adopted, one not, two that wait."""
        mine = select(Objection).where(Objection.consultation == self.closed.consultation)
        return list(session.scalars(mine.order_by(Objection.number)))

    def unplaced(self, session: Session) -> list[Comment]:
        """Comments on the closed list that raise no issue."""
        mine = select(Comment).where(Comment.consultation == self.closed.consultation, Comment.project_id.is_(None))
        return list(session.scalars(mine.order_by(Comment.seq)))


@dataclass(frozen=True)
class Prepared:
    """What somebody has written, and what it is about."""

    contents: Contents
    title: str
    by: StaffUser
    consultation: Consultation | None = None
    project: Project | None = None


@dataclass(frozen=True)
class Kept:
    """A draft that stands in the database, who has it before them, and the form in which it was written."""

    kind: DraftKind
    number: int
    reader: str
    writer: str
    edit: str
    edited_by: str


def every_draft(session: Session, desk: Desk, at: datetime) -> Iterator[Prepared]:
    """One of each kind; each is made when it is asked for, so that it knows of those before it."""
    yield from _publications(session, desk, at)
    yield from _about_comments(desk, at)
    yield from _about_an_appeal(session, desk, at)
    yield _about_a_name(session, desk)
    yield from _about_plans(session, desk, at)
    yield from _about_pilots(desk, at)


def _publications(session: Session, desk: Desk, at: datetime) -> Iterator[Prepared]:
    editor, opened, closed = desk.office.editor, desk.open_list, desk.closed.consultation
    later = clock.beijing(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=60)
    yield Prepared(ListPublication(later, notice=NOTICE), "公布名单", editor, desk.prepared)
    yield Prepared(NoticePublication(NoticeKind.CALL, NOTICE), "征集试点项目的公告", editor)
    names = (NewValue(CorrectedField.NAME, ("更正后的项目名称",), 1),)
    yield Prepared(ListCorrection(NOTICE, names), "更正项目名称", editor, opened)
    yield Prepared(Extension(1, later, "回应社会关切，延长期限。", NOTICE), "延长征求意见期限", editor, opened)
    yield Prepared(SecondRound(later, NOTICE), "再次公开征求意见", editor, closed)
    yield Prepared(
        Stop(InterruptionKind.SUSPENDED, NOTICE), "中止", editor, opened, projects.numbered(session, opened, 1)
    )


def _about_comments(desk: Desk, at: datetime) -> Iterator[Prepared]:
    analyst, opened, waiting = desk.office.analyst, desk.open_list, desk.waiting
    receipt = receipts.of(SERVER_KEY, "a letter")
    letter = Letter(
        channel=Channel.LETTER,
        received_on=clock.beijing(at).date(),
        says=CommentKind.SUGGEST,
        text="建议每月公布一次运行情况。",
        resolution="写明每月公布。",
        project=3,
        version=1,
        paragraph_key="p-2",
        submission_key=receipt.submission_key,
        receipt_number=receipt.number,
        secret_sha256=receipt.secret_sha256,
    )
    yield Prepared(letter, "来信录入", analyst, opened)
    withheld = [one.number for one in waiting[3:5]]
    yield Prepared(Withheld(withheld, WithholdingReason.ADVERTISING), "2条意见不予公开", analyst, opened)
    redacted = Redaction(waiting[2].number, [[2, 4], [7, 18]], [], WithholdingReason.PERSONAL_DATA)
    yield Prepared(redacted, "遮盖电话号码", analyst, opened)


def _about_an_appeal(session: Session, desk: Desk, at: datetime) -> Iterator[Prepared]:
    """The text was withheld by the other analyst, so this one decides."""
    text = "“专家评语”无非是走过场，请公布全文。"
    comment = make_submission(session, desk.open_list, at, text=text).comments[0]
    by = Hands(desk.office.analyst_too, desk.office.publisher)
    comments.withhold(session, comment, reason=WithholdingReason.ABUSE, by=by, at=at)
    appealing.appeal(session, comment, reason="批评不是谩骂。", at=at)
    ruling = AppealRuling(comment.number, AppealOutcome.PUBLISHED, None, "批评程序不属于谩骂，予以公布。")
    yield Prepared(ruling, "关于申诉的决定", desk.office.analyst, desk.open_list)


def _about_a_name(session: Session, desk: Desk) -> Prepared:
    """Whoever signed a comment is to be forgotten, and what they said with them."""
    comment = session.scalars(select(Comment).join(NameConsent)).one()
    fields, order = [ErasedField.NAME, ErasedField.TEXT, ErasedField.REASONS], "（2026）示例民初1号"
    erased = Erased(comment.number, fields, ErasureReason.COURT_ORDER, order)
    return Prepared(erased, "删除姓名和内容", desk.office.analyst, desk.open_list)


def _about_plans(session: Session, desk: Desk, at: datetime) -> Iterator[Prepared]:
    analyst, editor, closed = desk.office.analyst, desk.office.editor, desk.closed.consultation
    first, second = desk.closed.projects[:2]
    waiting = [one.number for one in desk.objections(session)[2:]]
    answers = Answers(
        (Ruling(waiting[0], Outcome.ADOPTED, "改为每月复核。"),),
        (SettingAside(waiting[1], "所述情况经核实不存在。"),),
        (Reply("关于评语的答复", "评语摘要随名单公布。", tuple(one.number for one in desk.unplaced(session)[:1])),),
    )
    yield Prepared(answers, "第一批答复", analyst, closed)
    found = working.of(session, first)
    version = NextVersion.of(found, title="第1号项目方案", summary="缩短时限。")
    yield Prepared(version, version.called(first), editor, closed, first)
    verdicts = (Verdict("r-4", True, "足以覆盖。"), Verdict("r-5", False, "补偿没有上限。"))
    yield Prepared(Judgement(1, verdicts), "第2号项目风险判断", analyst, closed, second)
    decided = Decided(2, AdmissionOutcome.REFUSED, "风险防范不足，不予纳入。", gate_shown(session, second, at))
    decision = Decision((decided,), "关于不予纳入的公告", "第2号项目不予纳入试点。\n\n依据有关规定。")
    yield Prepared(decision, "第2号项目的决定", analyst, closed)


def _about_pilots(desk: Desk, at: datetime) -> Iterator[Prepared]:
    editor, admitted = desk.office.editor, desk.admitted.consultation
    project = desk.admitted.project
    yield Prepared(Summary(), "意见采纳情况", desk.office.editor, admitted)
    event = Event(
        event=EventKind.MONITORING,
        happened_on=clock.beijing(at).date(),
        title="第一季度运行监测",
        text="运行平稳，人工接管12次，均在5分钟内完成。",
        paragraph="p-4",
        risk=None,
        fulfils=True,
    )
    yield Prepared(event, "第一季度运行监测", editor, admitted, project)
    later = clock.beijing(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=60)
    scope = ScopeChange("扩大服务对象范围", "拟将服务对象扩大到机构客户。", None, later, None)
    yield Prepared(scope, "扩大服务对象范围", editor, admitted, project)
