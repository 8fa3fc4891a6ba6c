"""Builders: small published lists, made through the real actions, in whatever database the session belongs to.

Call them inside `db.writing`. Nothing here asks the clock: where a moment matters, it is given or named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.accounts import actions as accounts
from gongshi.accounts.models import Bureau, Role, StaffUser
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions as comments
from gongshi.comments import intake
from gongshi.comments.intake import Point, Target
from gongshi.comments.models import Comment, CommentKind, Submission
from gongshi.consultations import actions as consultations
from gongshi.consultations.models import Consultation, Nature, Round
from gongshi.notices import lists
from gongshi.objections import actions as objections
from gongshi.objections.models import Objection
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from gongshi.projects.models import Category, PlanVersion, Project
from gongshi.revisions import actions as revisions
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Subject

SERVER_KEY = b"the receipts' key of the tests!!"
PLAN = """
## 技术应用 {#p-1}

本项目以机器学习模型为投资者匹配服务内容，模型每季度复核一次。 {#p-2}

- 数据仅在境内存储，保存期限为60个月。 {#p-3}

## 风险防控 {#p-4}

出现异常时，人工坐席在5分钟内接管。 {#p-5}

## 风险点登记

| 编号 | 风险点 | 等级 | 防范措施 | 补偿机制 | 责任人 |
|---|---|---|---|---|---|
| r-1 | 模型在极端行情下失效 | 重大 | 设置人工复核 |  | 示例证券风险管理部 |
| r-2 | 客户信息泄露 | 一般 | 加密存储，最小授权 | 先行赔付 | 示例证券信息技术部 |
"""


def beijing(day: str, at: str = "00:00") -> datetime:
    """An instant by its Beijing date and time: `beijing("2026-04-17", "09:30")`."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), clock.BEIJING)


@dataclass
class Office:
    """A bureau with staff of every role, and one whose account is switched off."""

    bureau: Bureau
    editor: StaffUser
    analyst: StaffUser
    publisher: StaffUser
    analyst_too: StaffUser
    admin: StaffUser
    left: StaffUser

    @property
    def by_role(self) -> dict[Role, StaffUser]:
        return {
            Role.EDITOR: self.editor,
            Role.PUBLISHER: self.publisher,
            Role.ANALYST: self.analyst,
            Role.ADMIN: self.admin,
        }

    @property
    def second_by_role(self) -> dict[Role, StaffUser]:
        """Somebody else of the same role, where there is a second."""
        return {**self.by_role, Role.ANALYST: self.analyst_too}


@dataclass
class OpenList:
    """A published list and the people who may act on it."""

    consultation: Consultation
    round: Round
    projects: list[Project]
    bureau: Bureau
    editor: StaffUser
    analyst: StaffUser
    publisher: StaffUser
    analyst_too: StaffUser
    office: Office
    versions: list[PlanVersion] = field(default_factory=list)

    @property
    def published_by(self) -> Hands:
        return Hands(prepared_by=self.editor, approved_by=self.publisher)

    @property
    def answered_by(self) -> Hands:
        return Hands(prepared_by=self.analyst, approved_by=self.publisher)

    @property
    def judged_by(self) -> Hands:
        return Hands(prepared_by=self.analyst, approved_by=self.analyst_too)


def make_office(session: Session, at: datetime) -> Office:
    """A bureau of its own, with staff of every role."""
    suffix = uuid4().hex[:8]
    bureau = accounts.establish(
        session, slug=f"bureau-{suffix}", name=f"示例证监局{suffix}", name_en=f"Example Securities Bureau {suffix}"
    )
    session.flush()
    editor, publisher, analyst, analyst_too, admin, left = (
        accounts.appoint(session, bureau, login=f"{name}-{suffix}", pseudonym=pseudonym, roles=[role], at=at)
        for name, pseudonym, role in (
            ("editor", "经办甲", Role.EDITOR),
            ("publisher", "发布乙", Role.PUBLISHER),
            ("analyst", "分析丙", Role.ANALYST),
            ("analyst-too", "分析丁", Role.ANALYST),
            ("admin", "管理戊", Role.ADMIN),
            ("left", "离任己", Role.EDITOR),
        )
    )
    left.is_active = False
    session.flush()
    return Office(bureau, editor, analyst, publisher, analyst_too, admin, left)


def make_draft(
    session: Session,
    office: Office,
    *,
    number: str,
    project_count: int = 2,
    nature: Nature = Nature.LIVE,
    plan: str = PLAN,
) -> tuple[Consultation, list[Project]]:
    """A list of projects with plans that nobody but staff can see yet."""
    suffix = uuid4().hex[:8]
    consultation = consultations.draft(
        session,
        number=number,
        nature=nature,
        title="资本市场金融科技创新试点拟纳入项目公开征求意见",
        title_en="Consultation on projects proposed for the capital-market fintech pilot",
        summary="就拟纳入试点的项目向社会公开征求意见。",
        bureaus=[office.bureau],
    )
    lead = projects.register(session, name=f"示例证券{suffix}", category=Category.SECURITIES)
    joint = projects.register(session, name=f"示例科技{suffix}", category=Category.TECHNOLOGY)
    session.flush()
    listed = [_make_project(session, consultation, place, lead, joint, plan) for place in range(1, project_count + 1)]
    return consultation, listed


def make_open_list(
    session: Session,
    at: datetime,
    *,
    number: str = "2026-SL-01",
    project_count: int = 2,
    nature: Nature = Nature.LIVE,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    office: Office | None = None,
    plan: str = PLAN,
) -> OpenList:
    """A list of projects with plans, published and open since yesterday for 30 days more."""
    office = office or make_office(session, at)
    consultation, listed = make_draft(
        session, office, number=number, project_count=project_count, nature=nature, plan=plan
    )
    opens_at = opens_at or at - timedelta(days=1)
    opened = lists.publish_list(
        session,
        consultation,
        opens_at=opens_at,
        closes_at=closes_at or at + timedelta(days=30),
        short_period_reason="测试用",
        by=Hands(prepared_by=office.editor, approved_by=office.publisher),
        at=min(at, opens_at),
    )
    session.flush()
    return OpenList(
        consultation,
        opened,
        listed,
        office.bureau,
        office.editor,
        office.analyst,
        office.publisher,
        analyst_too=office.analyst_too,
        office=office,
        versions=[project.versions[0] for project in listed],
    )


def make_submission(
    session: Session,
    consultation: Consultation,
    at: datetime,
    *,
    text: str = "模型每季度复核一次太少，建议每月复核。",
    kind: CommentKind = CommentKind.OPPOSE,
    resolution: str | None = None,
    target: Target | None = None,
    key: str = "",
) -> Submission:
    """One submission with one comment, as it would come in on the site. Call it inside `db.writing`."""
    return intake.submit(
        session,
        consultation,
        submission_key=key or uuid4().hex,
        points=[Point(kind, text, resolution, target or Target())],
        server_key=SERVER_KEY,
        at=at,
    )


def make_comment(
    session: Session,
    open_list: OpenList,
    at: datetime,
    *,
    project: Project | None = None,
    kind: CommentKind = CommentKind.OPPOSE,
) -> Comment:
    """A comment that was received and is published."""
    submission = make_submission(session, open_list.consultation, at, kind=kind, target=Target(project))
    comments.publish(session, submission.comments[0], by=open_list.analyst, at=at)
    return submission.comments[0]


def make_objection(
    session: Session,
    open_list: OpenList,
    raised_by: Sequence[Comment],
    at: datetime,
    *,
    project: Project | None = None,
    risk: str | None = None,
) -> Objection:
    """An objection to one project (the first, unless told); a major one where it names a risk."""
    concerned = project or open_list.projects[0]
    return objections.word(
        session,
        open_list.consultation,
        title="复核间隔过长",
        text="模型每季度复核一次，不足以及时发现失效。",
        comments=raised_by,
        projects=[concerned],
        is_major=risk is not None,
        risks={concerned.number: risk} if risk else None,
        by=open_list.analyst,
        at=at,
    )


def make_revision(
    session: Session,
    open_list: OpenList,
    project: Project,
    markdown: str,
    at: datetime,
    *,
    explanations: dict[tuple[Subject, str], Explanation],
) -> PlanVersion:
    """The next version of a plan, published with why each place was changed."""
    version = projects.draft_version(
        session, project, title=project.versions[-1].title, summary="根据意见修改", text=plan_text.parse(markdown)
    )
    revisions.publish_version(session, version, explanations=explanations, by=open_list.published_by, at=at)
    return version


def _make_project(
    session: Session, consultation: Consultation, number: int, lead: object, joint: object, plan: str
) -> Project:
    project = projects.propose(
        session,
        consultation,
        number=number,
        name=f"基于人工智能的投资者服务项目{number}",
        lead=lead,  # type: ignore[arg-type]
        joint=[joint],  # type: ignore[list-item]
        technologies=["人工智能", "大数据"],
        scenarios=["智能投顾"],
    )
    projects.draft_version(session, project, title=f"项目{number}方案", summary="初次公布", text=plan_text.parse(plan))
    return project
