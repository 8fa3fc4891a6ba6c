"""What holders of receipts do later: respond to an answer, appeal a withholding, dispute a name; and the desk."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from config import Config
from gongshi import db
from gongshi.accounts import actions as accounts
from gongshi.accounts.models import Role, StaffUser
from gongshi.comments import actions as comments
from gongshi.comments import personal, receipts
from gongshi.comments.dispute_models import Dispute
from gongshi.comments.models import Appeal, Comment, CommentState, WithholdingReason
from gongshi.comments.personal import Person
from gongshi.objections.response_models import Response
from gongshi.web.keys import personal_ring
from making import SERVER_KEY
from making_world import World, make_world
from web.client import Client, Page
from web.staff import signed_in

WHY = "答复没有说明理由 <b>“引号”</b>。"
LOOK_UP, RESPONSE, APPEAL, DISPUTE = (
    "/receipts/", "/receipts/response", "/receipts/appeal", "/receipts/dispute"
)  # fmt: skip


@dataclass
class Site:
    """The world in the application's own database, committed."""

    app: Flask
    session: Session
    world: World

    @property
    def public(self) -> Client:
        return Client(self.app)

    def receipt(self, comment: Comment) -> dict[str, str]:
        key = comment.submission.submission_key
        return {"number": receipts.number(SERVER_KEY, key), "secret": receipts.secret(SERVER_KEY, key)}

    def opened(self, comment: Comment) -> Page:
        return self.public.post(LOOK_UP, self.receipt(comment), 200)

    def count(self, table: type[Appeal | Dispute | Response]) -> int:
        self.session.rollback()
        return self.session.scalar(select(func.count()).select_from(table)) or 0

    def person(self, one: StaffUser) -> "Clerk":
        return Clerk(self, one)


@dataclass
class Clerk:
    """Somebody of the bureau at the desk."""

    site: Site
    person: StaffUser

    def get(self, path: str, **query: str) -> Page:
        return signed_in(self.site.app, self.person).get(path, **query)

    def post(self, path: str, data: dict[str, str], status: int = 303) -> Page:
        return signed_in(self.site.app, self.person).post(path, data, status)


@pytest.fixture
def site(app: Flask, engine: Engine) -> Iterator[Site]:
    with Session(engine) as session:
        with db.writing(session):
            world = make_world(session)
        yield Site(app, session, world)


@pytest.fixture
def withheld(site: Site) -> Comment:
    world = site.world
    with db.writing(site.session) as at:
        by = world.open_list.answered_by
        comments.withhold(site.session, world.pending, reason=WithholdingReason.ABUSE, by=by, at=at)
    return world.pending


@pytest.fixture
def named(site: Site, config: Config) -> Comment:
    found = site.world.published
    told = personal.salted(Person("示例甲", None, True))
    with db.writing(site.session) as at:
        personal.keep(site.session, found, told, ring=personal_ring(config), consents=True, at=at)
    return found


def not_adopted(site: Site) -> tuple[Comment, dict[str, str]]:
    """A comment that was answered, and the form in which its sender says no."""
    comment, objection = site.world.ready.comments[1], site.world.ready.not_adopted
    sent = {"comment": comment.number, "answered": objection.number, "satisfied": "no", "reason": WHY}
    return comment, {**site.receipt(comment), **sent}


def test_the_form_asks_about_each_answer_and_says_who_reads_the_reason(site: Site) -> None:
    comment, sent = not_adopted(site)

    page = site.opened(comment)

    form = f"form[action='{RESPONSE}']"
    assert page.fields(form) == {name: value for name, value in sent.items() if name != "satisfied"} | {"reason": ""}
    assert "不向社会公开" in page.words
    assert "您对答复是否满意" in page.words


def test_a_response_is_recorded_and_told_on_the_page(site: Site) -> None:
    comment, sent = not_adopted(site)

    page = site.public.post(RESPONSE, sent, 200)

    assert page.headers["Cache-Control"] == "no-store"
    assert "评价已记录" in page.one("[role=status]").get_text()
    assert "您的评价：不满意" in page.words
    assert WHY in page.words
    assert site.count(Response) == 1
    assert WHY in site.opened(comment).words


def test_a_response_can_be_changed_until_the_decision(site: Site) -> None:
    _, sent = not_adopted(site)
    site.public.post(RESPONSE, sent, 200)

    page = site.public.post(RESPONSE, {**sent, "satisfied": "yes"}, 200)

    assert "您的评价：满意" in page.words
    assert site.count(Response) == 2


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"satisfied": ""}, 422, id="neither yes nor no"),
        pytest.param({"reason": "字" * 2_001}, 422, id="too long"),
        pytest.param({"reason": "字\x00字"}, 422, id="NUL"),
        pytest.param({"reason": "e" + "\u0301" * 40}, 422, id="a long run of marks"),
        pytest.param({"answered": "2026-SL-01-O99"}, 422, id="an answer it does not have"),
    ],
)
def test_what_is_refused_stays_typed(site: Site, changed: dict[str, str], status: int) -> None:
    _, sent = not_adopted(site)

    page = site.public.post(RESPONSE, {**sent, **changed}, status)

    assert page.one("#faults")
    assert site.count(Response) == 0
    if "answered" not in changed:
        typed = {**sent, **changed}["reason"].replace("\x00", "\ufffd")
        assert page.one("textarea[id^=response-reason]").get_text().removeprefix("\n") == typed


def test_a_wrong_secret_gets_the_look_up_page_and_nothing_else(site: Site) -> None:
    _, sent = not_adopted(site)

    page = site.public.post(RESPONSE, {**sent, "secret": "00000-00000-00000-00000-00000-0"}, 404)

    assert page.soup.select_one("input[name=secret]") is not None
    assert site.count(Response) == 0


def test_nobody_responds_for_a_comment_of_another_receipt(site: Site) -> None:
    _, sent = not_adopted(site)

    site.public.post(RESPONSE, {**sent, **site.receipt(site.world.ready.comments[0])}, 404)

    assert site.count(Response) == 0


def test_what_another_site_sends_is_refused(site: Site) -> None:
    _, sent = not_adopted(site)

    for path in (RESPONSE, APPEAL, DISPUTE):
        site.public.post(path, sent, 403, headers={"Sec-Fetch-Site": "cross-site"})


def test_the_public_reads_yes_or_no_and_never_why(site: Site) -> None:
    comment, sent = not_adopted(site)
    site.public.post(RESPONSE, sent, 200)
    number = site.world.ready.not_adopted.number

    gate = site.public.get("/consultations/2026-SL-01/projects/1/gate/")
    pages = [gate, site.public.get(f"/objections/{number}/"),
             site.public.get("/consultations/2026-SL-01/projects/1/trace/")]  # fmt: skip

    assert comment.number in gate.one("ul.unsatisfied").get_text()
    assert all("不满意1" in page.words.replace(" ", "") for page in pages[1:])
    assert all("引号" not in page.text for page in pages)


def test_an_appeal_is_told_to_the_sender_and_marked_for_the_public(site: Site, withheld: Comment) -> None:
    sent = {**site.receipt(withheld), "comment": withheld.number, "reason": WHY}

    page = site.public.post(APPEAL, sent, 200)

    assert "您的申诉已记录" in page.one("[role=status]").get_text()
    assert WHY in page.words
    assert page.soup.select_one(f"form[action='{APPEAL}']") is None
    stub = site.public.get(f"/comments/{withheld.number}/")
    assert "提出申诉" in stub.words
    assert "引号" not in stub.text
    listed = site.public.get("/consultations/2026-SL-02/comments/", state="withheld")
    assert "提出申诉" in listed.words


def test_a_second_appeal_waits_for_the_decision_on_the_first_and_keeps_what_was_typed(
    site: Site, withheld: Comment
) -> None:
    sent = {**site.receipt(withheld), "comment": withheld.number, "reason": WHY}
    site.public.post(APPEAL, sent, 200)

    page = site.public.post(APPEAL, {**sent, "reason": "再次申诉的理由"}, 409)

    assert page.one(f"#appeal-reason-{withheld.number}").get_text().strip() == "再次申诉的理由"
    assert site.count(Appeal) == 1


def test_who_is_not_withheld_has_nothing_to_appeal(site: Site) -> None:
    comment = site.world.published
    assert site.opened(comment).soup.select_one(f"form[action='{APPEAL}']") is None

    site.public.post(APPEAL, {**site.receipt(comment), "comment": comment.number, "reason": WHY}, 409)

    assert site.count(Appeal) == 0


def fresh_publisher(site: Site) -> StaffUser:
    with db.writing(site.session) as at:
        return accounts.appoint(
            site.session, site.world.office.bureau, login="later", pseudonym="审核辛", roles=[Role.PUBLISHER], at=at
        )


def test_two_others_decide_an_appeal_at_the_desk_and_everybody_hears_of_it(site: Site, withheld: Comment) -> None:
    office, number = site.world.office, "2026-SL-02"
    site.public.post(APPEAL, {**site.receipt(withheld), "comment": withheld.number, "reason": WHY}, 200)
    publisher = fresh_publisher(site)
    first, second = site.person(office.analyst_too), site.person(publisher)
    path = f"/workbench/consultations/{number}/appeal"

    desk = first.get(f"/workbench/consultations/{number}/contested/")
    form = first.get(path, comment=withheld.number)
    filled = {**form.fields("form.form"), "outcome": "published", "reasons": "经复查，予以公布。", "do": "submit"}
    draft = first.post(f"{path}?comment={withheld.number}", filled).headers["Location"]
    mine = site.person(office.publisher).get(draft)
    shown = second.get(draft)
    second.post(f"{draft}approve", shown.fields("form[action$=approve]"))

    assert withheld.number in desk.words
    assert "引号" in desk.words
    assert mine.soup.select_one("form[action$=approve]") is None
    assert "引号" in shown.words
    site.session.rollback()
    assert withheld.state is CommentState.PUBLISHED
    public = site.public.get(f"/comments/{withheld.number}/")
    assert withheld.text in public.words
    assert "经复查，予以公布。" in public.words
    assert "经复查，予以公布。" in site.opened(withheld).words


def test_a_decision_without_reasons_or_outcome_is_asked_for_again(site: Site, withheld: Comment) -> None:
    site.public.post(APPEAL, {**site.receipt(withheld), "comment": withheld.number}, 200)
    clerk = site.person(site.world.office.analyst_too)
    path = f"/workbench/consultations/2026-SL-02/appeal?comment={withheld.number}"

    page = clerk.post(path, {"reasons": "", "do": "submit"}, 422)

    assert len(page.all("#faults li")) == 2


def test_the_dashboard_counts_appeals_and_leads_to_them(site: Site, withheld: Comment) -> None:
    site.public.post(APPEAL, {**site.receipt(withheld), "comment": withheld.number}, 200)

    page = site.person(site.world.office.analyst).get("/workbench/")

    assert "/workbench/consultations/2026-SL-02/contested/" in page.links("main")
    assert "待决定的申诉" in page.words


def test_the_approver_of_a_decision_reads_who_was_not_satisfied_and_why(site: Site) -> None:
    _, sent = not_adopted(site)
    site.public.post(RESPONSE, sent, 200)
    analyst = site.person(site.world.office.analyst)
    path = "/workbench/consultations/2026-SL-01/decision?project=1"
    filled = analyst.get("/workbench/consultations/2026-SL-01/decision", project="1").fields("form.form")
    body = filled["notice_body"].replace("［填写依据的文件名称和条款］", "有关规定").replace(
        "［填写受理投诉的电话、地址或者电子邮箱］", "示例电话"
    )  # fmt: skip
    draft = analyst.post(path, {**filled, "notice_body": body, "do": "submit"}).headers["Location"]

    publisher = site.person(site.world.office.publisher)
    shown = publisher.get(draft)
    publisher.post(f"{draft}approve", shown.fields("form[action$=approve]"))

    assert "引号" in shown.words
    decision = site.public.get("/consultations/2026-SL-01/projects/1/decision/")
    assert sent["comment"] in decision.one("ul.unsatisfied").get_text()
    assert "引号" not in decision.text


def test_anybody_may_dispute_a_shown_name(site: Site, named: Comment) -> None:
    path = f"/comments/{named.number}/dispute"
    assert path in site.public.get(f"/comments/{named.number}/").links("main")
    form = site.public.get(path)

    page = site.public.post(path, {**form.fields("form.form"), "reason": WHY}, 200)

    assert "已记录" in page.one("[role=status]").get_text()
    public = site.public.get(f"/comments/{named.number}/")
    assert "署名存在争议（1次）" in public.words
    assert "引号" not in public.text
    assert named.text in public.words
    clerk = site.person(site.world.office.publisher)
    assert "引号" in clerk.get("/workbench/consultations/2026-SL-02/contested/").words


@pytest.mark.parametrize("reason", ["", "字" * 2_001, "不是\x00我"])
def test_a_dispute_that_is_refused_keeps_what_was_typed(site: Site, named: Comment, reason: str) -> None:
    page = site.public.post(f"/comments/{named.number}/dispute", {"reason": reason}, 422)

    assert page.one("textarea#reason").get_text().removeprefix("\n") == reason.replace("\x00", "\ufffd")
    assert site.count(Dispute) == 0


def test_a_comment_without_a_name_cannot_be_disputed(site: Site) -> None:
    path = f"/comments/{site.world.published.number}/dispute"

    assert "没有公开署名" in site.public.get(path).words
    page = site.public.post(path, {"reason": WHY}, 409)

    assert page.one("textarea#reason").get_text().strip() == WHY
    assert site.count(Dispute) == 0


def test_the_holder_of_the_receipt_disputes_without_saying_why(site: Site, named: Comment) -> None:
    sent = {**site.receipt(named), "comment": named.number}
    assert site.opened(named).soup.select_one(f"form[action='{DISPUTE}']")

    page = site.public.post(DISPUTE, sent, 200)

    assert "已记录" in page.one("[role=status]").get_text()
    assert site.count(Dispute) == 1


def test_disputes_are_limited_as_look_ups_are_and_lose_no_text(site: Site, named: Comment) -> None:
    path = f"/comments/{named.number}/dispute"
    for place in range(30):
        site.public.post(path, {"reason": f"第{place}次"}, 200)

    page = site.public.post(path, {"reason": WHY}, 429)

    assert int(page.headers["Retry-After"]) > 0
    assert page.one("textarea#reason").get_text().strip() == WHY
    assert site.count(Dispute) == 30
