"""The triage page: the queue, the comment in hand, and after each act the next one."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock, db
from gongshi.comments import families
from gongshi.comments.covering import MARK
from gongshi.comments.intake import Target
from gongshi.comments.models import Comment, CommentKind, CommentState
from gongshi.comments.triage_models import Queue, Triage
from gongshi.drafts.models import Draft, DraftState
from making import OpenList, make_open_list, make_submission
from web.client import Client
from web.staff import StaffClient, signed_in

LETTER = "本人反对本项目，理由是模型每季度复核一次太少，不足以及时发现失效，建议改为每月复核并公布结果，说明补偿办法。"
NUMBER = "2026-SL-01"
PAGE = f"/workbench/consultations/{NUMBER}/triage/"


@pytest.fixture
def opened(session: Session) -> OpenList:
    """Five comments that wait: two nearly the same, a question, one with a telephone number, one with hidden signs."""
    with db.writing(session) as at:
        made = make_open_list(session, at)
        texts = [
            (LETTER, CommentKind.OPPOSE),
            (LETTER + "谢谢", CommentKind.OPPOSE),
            ("请问是否收费？", CommentKind.ASK),
            ("请致电13800000000联系王某某。", CommentKind.SUGGEST),
            ("看似\u202e正常\u200b的意见", CommentKind.OPPOSE),
        ]
        for place, (text, kind) in enumerate(texts):
            project = made.projects[0]
            target = Target(project, project.versions[0], "p-2") if place == 0 else Target(project)
            make_submission(session, made.consultation, at, text=text, kind=kind, target=target)
        session.flush()
        families.join_next(session)
    return made


@pytest.fixture
def analyst(app: Flask, opened: OpenList) -> StaffClient:
    return signed_in(app, opened.analyst)


def of(session: Session, seq: int) -> Comment:
    session.rollback()
    return session.scalars(select(Comment).where(Comment.seq == seq)).one()


def queue_of(session: Session, seq: int) -> Queue:
    session.rollback()
    return session.scalars(select(Triage).where(Triage.seq == seq)).one().queue


def the_draft(session: Session) -> Draft:
    session.rollback()
    return session.scalars(select(Draft)).one()


def act(seq: int, verb: str) -> str:
    return f"/workbench/comments/{NUMBER}-{seq:04d}/{verb}"


LOOK = {"sieve": "queue=look"}


def test_the_first_comment_of_the_queue_is_there_with_its_paragraph_and_what_is_like_it(analyst: StaffClient) -> None:
    page = analyst.get(PAGE)

    assert page.one("#in-hand").get_text().split()[1] == f"{NUMBER}-0001"
    assert LETTER in page.one(".said").get_text()
    assert "机器学习模型" in page.one(".spoken-of").get_text()
    assert [box["value"] for box in page.all("input[name=with]")] == ["2"]
    assert len(page.all(".worklist li")) == 5


def test_after_publishing_the_next_comes_up(analyst: StaffClient, session: Session) -> None:
    page = analyst.send(act(1, "publish"), LOOK)

    assert of(session, 1).state is CommentState.PUBLISHED
    assert f"{NUMBER}-0002" in page.one("#in-hand").get_text()
    assert len(page.all(".worklist li")) == 4


def test_what_is_ticked_beside_it_is_treated_too_with_a_record_each(analyst: StaffClient, session: Session) -> None:
    analyst.send(act(1, "publish"), {**LOOK, "with": "2"})

    assert {of(session, seq).state for seq in (1, 2)} == {CommentState.PUBLISHED}
    assert of(session, 3).state is CommentState.PENDING


def test_a_new_objection_is_worded_and_the_next_comment_placed_under_it_in_one_step(
    analyst: StaffClient, session: Session
) -> None:
    said = {"title": "复核间隔过长", "text": "每季度复核一次太少。", "projects": "1"}
    page = analyst.send(act(1, "word"), {**LOOK, **said})
    suggested = [button["value"] for button in page.all("button[name=objection]")]
    assert suggested == [f"{NUMBER}-O01"]

    analyst.send(act(2, "place"), {**LOOK, "objection": suggested[0]})

    assert {queue_of(session, seq) for seq in (1, 2)} == {Queue.DONE}


@pytest.mark.parametrize("typed", ["O01", "o01 复核间隔过长", f"{NUMBER}-O01"])
def test_an_objection_is_found_by_what_people_type(analyst: StaffClient, session: Session, typed: str) -> None:
    analyst.send(act(1, "word"), {"title": "复核", "text": "太少。", "projects": "1"})

    analyst.send(act(2, "place"), {"other": typed})

    assert queue_of(session, 2) is Queue.DONE


def test_an_objection_that_is_not_there_is_said_and_nothing_is_published(
    analyst: StaffClient, session: Session
) -> None:
    analyst.send(act(2, "word"), {"title": "复核", "text": "太少。", "projects": "1"})

    page = analyst.post(act(1, "place"), {**LOOK, "other": "O77"}, 422)

    assert "O77" in page.one(".faults").get_text()
    assert page.one("#other")["value"] == "O77"
    assert of(session, 1).state is CommentState.PENDING


def test_an_objection_without_projects_keeps_what_was_typed(analyst: StaffClient, session: Session) -> None:
    page = analyst.post(act(1, "word"), {**LOOK, "title": "复核间隔", "text": "太少。"}, 422)

    assert page.one("#title")["value"] == "复核间隔"
    assert page.one("#text").get_text() == "太少。"
    assert of(session, 1).state is CommentState.PENDING


def test_a_question_waits_for_an_answer_with_others(analyst: StaffClient, session: Session) -> None:
    analyst.send(act(3, "set-aside"), LOOK)
    assert queue_of(session, 3) is Queue.ANSWER

    page = analyst.get(f"{PAGE}?queue=answer")
    assert any("answers/new" in address for address in page.links())
    analyst.send(act(3, "take-back"), {"sieve": "queue=answer"})

    assert queue_of(session, 3) is Queue.PLACE


def test_a_withholding_goes_to_a_second_person_in_one_step(
    analyst: StaffClient, app: Flask, session: Session, opened: OpenList, client: Client
) -> None:
    page = analyst.send(act(4, "withhold"), {**LOOK, "reason": "personal-data"})
    assert queue_of(session, 4) is Queue.WAITING
    assert f"{NUMBER}-0005" in page.one("#in-hand").get_text()
    draft = the_draft(session)
    assert draft.state is DraftState.SUBMITTED

    publisher = signed_in(app, opened.publisher)
    review = publisher.get(f"/workbench/drafts/{draft.number}/")
    assert "13800000000" in review.words
    publisher.send(f"/workbench/drafts/{draft.number}/approve", {"shown": review.one("input[name=shown]")["value"]})

    assert of(session, 4).state is CommentState.WITHHELD
    assert "13800000000" not in client.get(f"/comments/{NUMBER}-0004/").text


def test_a_withholding_without_a_reason_is_not_made(analyst: StaffClient, session: Session) -> None:
    page = analyst.post(act(4, "withhold"), LOOK, 422)

    assert page.all(".faults")
    assert queue_of(session, 4) is Queue.LOOK


def test_a_redaction_is_typed_previewed_approved_and_public(
    analyst: StaffClient, app: Flask, session: Session, opened: OpenList, client: Client
) -> None:
    analyst.send(act(4, "publish"), LOOK)
    address = f"/workbench/consultations/{NUMBER}/redaction?comment={NUMBER}-0004"
    typed = {"passages": "13800000000\n王某某", "reason": "personal-data"}
    shown = f"请致电{MARK}联系{MARK}。"
    preview = analyst.post(address, {**typed, "do": "preview"}, 200)
    assert shown in preview.one("#preview").parent.get_text().replace("[covered]", "").replace(
        "［已遮盖］", ""
    ).replace("（已遮盖）", "")

    analyst.send(address, {**typed, "do": "submit"})
    draft = the_draft(session)
    publisher = signed_in(app, opened.publisher)
    review = publisher.get(f"/workbench/drafts/{draft.number}/")
    publisher.send(f"/workbench/drafts/{draft.number}/approve", {"shown": review.one("input[name=shown]")["value"]})

    public = client.get(f"/comments/{NUMBER}-0004/")
    assert MARK in public.text
    for page in (
        public,
        client.get(f"/consultations/{NUMBER}/comments/"),
        analyst.get(f"{PAGE}?comment={NUMBER}-0004"),
    ):
        assert "13800000000" not in page.text
        assert "王某某" not in page.text
    assert "13800000000" not in publisher.get(f"/workbench/drafts/{draft.number}/").words


def test_a_passage_that_stands_nowhere_is_said_at_its_field(analyst: StaffClient) -> None:
    address = f"/workbench/consultations/{NUMBER}/redaction?comment={NUMBER}-0004"

    page = analyst.post(address, {"passages": "李某", "reason": "secret", "do": "submit"}, 422)

    assert "李某" in page.one("#passages-wrong").get_text()
    assert page.one("#passages").get_text().strip() == "李某"


def test_what_no_eye_sees_is_made_visible(analyst: StaffClient) -> None:
    page = analyst.get(f"{PAGE}?comment={NUMBER}-0005")

    assert [sign["data-code"] for sign in page.all(".said .no-eye")] == ["U+202E", "U+200B"]


def test_notes_and_flags_are_for_colleagues_only(analyst: StaffClient, client: Client, session: Session) -> None:
    analyst.send(act(1, "publish"), LOOK)
    analyst.send(act(1, "note"), {"note": "像是组织提交"})
    page = analyst.send(act(1, "flag"), {"reason": "second-look"})
    assert "像是组织提交" in page.words

    flagged = analyst.get(f"{PAGE}?queue=flagged")
    assert f"{NUMBER}-0001" in flagged.one("#in-hand").get_text()
    public = client.get(f"/comments/{NUMBER}-0001/")
    assert "像是组织提交" not in public.text

    analyst.send(act(1, "clear"), {"sieve": "queue=flagged"})
    assert "nothing-left" in analyst.get(f"{PAGE}?queue=flagged").text


def test_an_empty_queue_says_so_and_where_there_is_work(analyst: StaffClient) -> None:
    for seq in (1, 2, 3, 4, 5):
        page = analyst.send(act(seq, "publish"), LOOK)

    assert page.one(".nothing-left")
    assert any("queue=place" in address for address in page.links(".nothing-left"))


def test_filters_narrow_the_queue_and_are_kept_by_name(analyst: StaffClient) -> None:
    page = analyst.get(f"{PAGE}?queue=look&kind=ask")
    assert [re.findall(r"\d{4}$", href.split("&")[-1])[0] for href in page.links(".worklist ol")] == ["0003"]

    kept = analyst.send(
        f"/workbench/consultations/{NUMBER}/triage/filters", {"sieve": "queue=look&kind=ask", "name": "咨询"}
    )
    assert "咨询" in kept.texts(".saved-one a")
    nameless = analyst.post(f"/workbench/consultations/{NUMBER}/triage/filters", {"sieve": "kind=ask", "name": ""}, 422)
    assert nameless.all("#filter-name-wrong")
    gone = analyst.send(
        f"/workbench/consultations/{NUMBER}/triage/filters/forget", {"sieve": "queue=look", "name": "咨询"}
    )
    assert not gone.all(".saved-one")


@pytest.mark.parametrize("nonsense", ["queue=x", "kind=<b>", "project=99", "since=yesterday", "family=-3", "comment=x"])
def test_a_filter_that_means_nothing_asks_for_nothing(analyst: StaffClient, nonsense: str) -> None:
    analyst.get(f"{PAGE}?{nonsense}", 404 if nonsense.startswith("comment") else 200)


def test_a_whole_family_is_treated_at_once(analyst: StaffClient, session: Session) -> None:
    address = f"/workbench/consultations/{NUMBER}/triage/alike/{NUMBER}-0002/"
    page = analyst.get(address)
    assert [mark.get_text() for mark in page.all("td ins")] == ["谢谢"]

    analyst.send(address, {"do": "publish"})
    assert {queue_of(session, seq) for seq in (1, 2)} == {Queue.PLACE}
    analyst.send(address, {"do": "withhold", "reason": "advertising"})
    assert {queue_of(session, seq) for seq in (1, 2)} == {Queue.WAITING}
    draft = the_draft(session)
    assert len(draft.contents["comments"]) == 2
    assert analyst.post(address, {"do": "place", "other": "O99"}, 422).all(".faults")


def test_where_the_first_of_a_family_was_placed_is_suggested_for_the_others(
    analyst: StaffClient, session: Session
) -> None:
    analyst.send(act(1, "word"), {**LOOK, "title": "复核间隔过长", "text": "每季度复核一次太少。", "projects": "1"})
    address = f"/workbench/consultations/{NUMBER}/triage/alike/{NUMBER}-0001/"

    suggested = analyst.get(address).one(".suggested button")
    analyst.send(address, {"objection": str(suggested["value"])})

    assert queue_of(session, 2) is Queue.DONE


def test_a_letter_is_typed_by_one_and_confirmed_by_another(
    analyst: StaffClient, app: Flask, session: Session, opened: OpenList, client: Client
) -> None:
    address = f"/workbench/consultations/{NUMBER}/letters/new"
    today = clock.beijing(opened.round.opens_at).date().isoformat()
    typed = {
        "channel": "letter", "received_on": today, "kind": "oppose", "project": "1", "paragraph": "2",
        "text": "来信认为复核太少。", "resolution": "", "do": "submit",
    }  # fmt: skip
    wrong = analyst.post(address, {**typed, "paragraph": "99", "received_on": "2999-01-01"}, 422)
    assert wrong.all("#paragraph-wrong")
    assert wrong.all("#received_on-wrong")
    assert wrong.one("#text").get_text().strip() == "来信认为复核太少。"

    analyst.send(address, typed)
    draft = the_draft(session)
    publisher = signed_in(app, opened.publisher)
    review = publisher.get(f"/workbench/drafts/{draft.number}/")
    assert "来信认为复核太少" in review.words
    after = publisher.send(
        f"/workbench/drafts/{draft.number}/approve", {"shown": review.one("input[name=shown]")["value"]}
    )

    comment = of(session, 6)
    assert (comment.submission.channel.value, comment.paragraph_key) == ("letter", "p-2")
    assert comment.submission.receipt_number in after.words
    secret = after.one("code").get_text()
    found = client.post("/receipts/", {"number": comment.submission.receipt_number, "secret": secret}, 200)
    assert "来信认为复核太少" in found.words


def test_staff_of_another_role_read_and_do_not_act(app: Flask, opened: OpenList, session: Session) -> None:
    editor = signed_in(app, opened.editor)
    page = editor.get(PAGE)
    assert not page.all("#doing")

    editor.post(act(1, "publish"), LOOK, 403)

    assert of(session, 1).state is CommentState.PENDING


def test_the_index_counts_what_waits(analyst: StaffClient) -> None:
    page = analyst.get("/workbench/comments/")

    assert "5" in page.texts("tbody td")


def test_both_languages_have_the_page(analyst: StaffClient) -> None:
    assert analyst.get(f"/en{PAGE}").one("html")["lang"] == "en"
