"""With the receipt in hand, long afterwards: an answer does not satisfy, a withholding is appealed, a name disputed."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts import actions as accounts
from gongshi.accounts.models import Role
from gongshi.admissions import queries as admissions
from gongshi.comments import personal, receipts
from gongshi.comments.models import Comment, CommentState
from gongshi.comments.personal import Person
from gongshi.comments.personal_models import NameConsent
from gongshi.db import writing
from gongshi.objections import responses
from gongshi.objections.models import Placement
from gongshi.web.keys import personal_ring, receipt_key
from gongshi.web.settings import settings
from journeys.bureau_lists import ANALYST, SECOND, at_the_office
from journeys.clerks import Clerk
from journeys.conftest import Sit
from journeys.furnished import session_of
from journeys.landmarks import Receipt
from journeys.pages import LookUp
from journeys.running import RunningSite

pytestmark = pytest.mark.browser
WHY = "答复没有说明回避是怎样核实的。"


@pytest.fixture
def session(bureau_site: RunningSite) -> Iterator[Session]:
    with session_of(bureau_site.app) as session:
        yield session


@pytest.fixture
def another_publisher(bureau_site: RunningSite) -> str:
    """The login of a publisher who withheld nothing: while there is one, no other approves on an appeal."""
    login = f"shili-{uuid4().hex[:8]}"
    with at_the_office(bureau_site.app) as (session, office, at):
        accounts.appoint(session, office.bureau, login=login, pseudonym="示例审核庚", roles=[Role.PUBLISHER], at=at)
    return login


def opened(clerk: Clerk, comment: Comment) -> None:
    """Somebody comes back with what they wrote down when they sent the comment."""
    with clerk.site.app.app_context():
        secret = receipts.secret(receipt_key(settings()), comment.submission.submission_key)
    clerk.open("/receipts/")
    LookUp(clerk.page).look_up(Receipt(comment.submission.receipt_number, secret))


def still_to_be_decided(session: Session) -> Comment:
    """A comment that was answered, and about which a decision is still to be taken."""
    placed = select(Comment).join(Placement, Placement.comment_id == Comment.id).order_by(Comment.number)
    return next(
        one
        for one in session.scalars(placed)
        if any(admissions.takes_responses(session, given) for given in responses.given_to(session, one))
    )


def test_an_answer_that_does_not_satisfy_is_counted_in_public_without_the_reason(
    sit_down: Sit, session: Session
) -> None:
    comment = still_to_be_decided(session)
    sender = sit_down("", width=375, java_script_enabled=False)
    opened(sender, comment)

    sender.check("不满意", exact=True)
    sender.fill("理由", WHY)
    sender.press("提交评价")

    expect(sender.page.get_by_role("status")).to_contain_text("已记录")
    sender.sees("您的评价：不满意")
    sender.sees(WHY)
    reader = sit_down("")
    number = responses.given_to(session, comment)[0].number
    reader.open(f"/objections/{number}/")
    reader.sees("不满意1")
    expect(reader.page.locator("body")).not_to_contain_text(WHY)


def test_a_withheld_comment_is_shown_after_its_sender_appealed(
    sit_down: Sit, session: Session, another_publisher: str
) -> None:
    withheld = select(Comment).where(Comment.state == CommentState.WITHHELD).order_by(Comment.number)
    comment = session.scalars(withheld).first()
    assert comment is not None
    assert comment.withholding is not None
    before = comment.withholding.approval
    sender = sit_down("", java_script_enabled=False)
    opened(sender, comment)
    sender.fill("申诉理由", "这不是广告。")
    sender.press("提出申诉")
    expect(sender.page.get_by_role("status")).to_contain_text("申诉已记录")

    analyst = sit_down(SECOND if before.prepared_by.login != SECOND else ANALYST)
    analyst.open("/workbench/")
    analyst.page.locator("a.queue", has_text="待决定的申诉").click()
    analyst.sees("这不是广告。")
    analyst.page.get_by_role("link", name="决定").first.click()
    analyst.check("改为公布原文")
    analyst.fill("决定理由（公开）", "经复查，予以公布。")
    draft = analyst.submits()
    withheld_it = sit_down(before.approved_by.login)
    withheld_it.open(draft)
    withheld_it.sees("经复查，予以公布。")
    expect(withheld_it.page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    sit_down(another_publisher).approves(draft, "经复查，予以公布。")

    reader = sit_down("")
    reader.open(f"/comments/{comment.number}/")
    reader.sees(comment.text[:20])
    reader.sees("经复查，予以公布。")
    opened(sender, comment)
    sender.sees("经复查，予以公布。")


def test_somebody_says_that_a_comment_under_their_name_is_not_theirs(
    sit_down: Sit, session: Session, bureau_site: RunningSite
) -> None:
    unsigned = Comment.id.not_in(select(NameConsent.comment_id))
    shown = select(Comment).where(Comment.state == CommentState.PUBLISHED, unsigned).order_by(Comment.number.desc())
    with bureau_site.app.app_context():
        ring = personal_ring(settings())
    with writing(session) as at:
        comment = session.scalars(shown).first()
        assert comment is not None
        told = personal.salted(Person("示例甲", None, True))
        personal.keep(session, comment, told, ring=ring, consents=True, at=at)
    reader = sit_down("", width=375, java_script_enabled=False)
    reader.open(f"/comments/{comment.number}/")

    reader.follow("这不是我提的意见")
    reader.fill("情况说明", "我没有提过这条意见。")
    reader.press("提出署名争议")

    expect(reader.page.get_by_role("status")).to_contain_text("存在争议")
    reader.open(f"/comments/{comment.number}/")
    reader.sees("署名存在争议（1次）")
    expect(reader.page.locator("body")).not_to_contain_text("我没有提过")
