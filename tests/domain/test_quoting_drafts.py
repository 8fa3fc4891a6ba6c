"""Drafts of any kind that quote what is erased are named to both people, and lose the quotation with it."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from acts import NOW
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gongshi import db
from gongshi.comments import erasing, receipts
from gongshi.comments.erasure_models import ErasedField, ErasureReason
from gongshi.comments.models import Channel, Comment, CommentKind
from gongshi.comments.triage_models import CommentNote
from gongshi.drafts import actions as drafts
from gongshi.drafts import erasing as erasing_drafts
from gongshi.drafts import quoting
from gongshi.drafts.answering import Answers, Reply
from gongshi.drafts.contents import Contents
from gongshi.drafts.erasing import Erased
from gongshi.drafts.models import Draft, DraftState
from gongshi.drafts.moderation import Letter
from gongshi.drafts.publishing import NoticePublication
from gongshi.drafts.quoting import MARK, Fate, Words
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import NoticeKind
from making import SERVER_KEY, make_submission
from making_world import World, make_world

TEXT = "应删除的话：示例甲某，住在示例路九号三单元，去年九月欠款未还。"
WISH = "请去示例路九号三单元当面向他核实清楚。"
# As somebody quotes it: in part, over two lines, with other punctuation.
QUOTED = "有意见称“示例甲某\n> 住在示例路九号三单元”，经核实不属实。"
ORDER = "（2026）示例民初1号"


@pytest.fixture
def either(any_engine: Engine) -> Iterator[World]:
    """The world on either database."""
    with Session(any_engine) as session, db.writing(session):
        yield make_world(session)


@pytest.fixture
def sent(world: World) -> Comment:
    return _sent(world)


def _sent(world: World, words: str = TEXT) -> Comment:
    consultation = world.open_list.consultation
    return make_submission(world.session, consultation, NOW, text=words, resolution=WISH).comments[0]


def letter(words: str) -> Letter:
    receipt = receipts.of(SERVER_KEY, f"letter-{len(words)}")
    return Letter(
        channel=Channel.LETTER, received_on=date(2026, 4, 16), says=CommentKind.OPPOSE, text=words, resolution=None,
        project=None, version=None, paragraph_key=None, submission_key=f"letter-{len(words)}",
        receipt_number=receipt.number, secret_sha256=receipt.secret_sha256,
    )  # fmt: skip


def notice(body: str) -> NoticePublication:
    return NoticePublication(NoticeKind.CONSULTATION, NoticeText("关于意见的说明", body))


def answers(words: str) -> Answers:
    return Answers(replies=(Reply("答复", words, ("2026-SL-01-0001",)),))


def prepared(world: World, contents: Contents) -> Draft:
    by = world.office.editor if isinstance(contents, NoticePublication) else world.office.analyst
    consultation = world.open_list.consultation
    return drafts.prepare(world.session, contents, title="拟稿", consultation=consultation, by=by, at=NOW)


def discarded(world: World, contents: Contents) -> Draft:
    draft = prepared(world, contents)
    drafts.discard(world.session, draft, by=draft.prepared_by, at=NOW)
    return draft


def erasure(world: World, comment: Comment, *fields: ErasedField) -> Draft:
    chosen = list(fields or (ErasedField.TEXT, ErasedField.RESOLUTION))
    return prepared(world, Erased(comment.number, chosen, ErasureReason.COURT_ORDER, ORDER))


def approve(world: World, draft: Draft) -> None:
    drafts.submit(world.session, draft, by=draft.prepared_by, at=NOW)
    shown = drafts.digest(world.session, draft, at=NOW)
    drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def fates(world: World, comment: Comment) -> dict[int, Fate]:
    words = Words.of(world.session, comment, list(ErasedField))
    return {one.draft.number: one.fate for one in quoting.find(world.session, comment, words)}


KINDS = {"letter": letter, "notice": notice, "answers": answers}
kinds = pytest.mark.parametrize("kind", KINDS)


@kinds
@pytest.mark.parametrize("words", [TEXT, QUOTED, WISH], ids=["the text", "a part of it", "the wish"])
def test_what_was_discarded_is_found_and_loses_the_quotation(
    world: World, sent: Comment, kind: str, words: str
) -> None:
    draft = discarded(world, KINDS[kind](words))
    assert fates(world, sent) == {draft.number: Fate.EMPTIED}

    approve(world, erasure(world, sent))

    world.session.expire_all()
    held = json.dumps(draft.contents, ensure_ascii=False)
    assert "示例路九号三单元" not in held
    assert draft.state is DraftState.DISCARDED
    assert type(KINDS[kind](words)).from_json(draft.contents)  # It can still be read.
    if words == QUOTED:
        assert f"有意见称“{MARK}”，经核实不属实。" in held


@pytest.mark.parametrize("state", [DraftState.DRAFT, DraftState.SUBMITTED])
def test_what_is_in_work_loses_the_quotation_and_is_looked_at_again(
    world: World, sent: Comment, state: DraftState
) -> None:
    draft = prepared(world, notice(QUOTED))
    if state is DraftState.SUBMITTED:
        drafts.submit(world.session, draft, by=draft.prepared_by, at=NOW)
    shown, edition = drafts.digest(world.session, draft, at=NOW), draft.edition

    approve(world, erasure(world, sent))

    assert "示例路九号" not in str(draft.contents)
    assert (draft.state, draft.edition) == (state, edition + 1)
    if state is DraftState.SUBMITTED:
        with pytest.raises(drafts.DraftMoved):
            drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def test_a_letter_in_work_may_be_anothers_and_keeps_its_words(world: World, sent: Comment) -> None:
    draft = prepared(world, letter(TEXT))

    assert fates(world, sent) == {draft.number: Fate.LETTER_IN_HAND}
    approve(world, erasure(world, sent))

    assert draft.contents["text"] == TEXT


def test_what_was_published_is_named_and_stays(world: World, sent: Comment) -> None:
    draft = prepared(world, notice(QUOTED))
    approve(world, draft)

    assert fates(world, sent) == {draft.number: Fate.ON_RECORD}
    approve(world, erasure(world, sent))

    assert "示例路九号" in str(draft.contents)


def test_what_the_public_could_read_before_is_no_quotation_of_the_comment(world: World) -> None:
    public = world.open_list.projects[0].versions[0].paragraphs[1].text
    comment = _sent(world, f"{public}{TEXT}")
    quotes_the_plan = discarded(world, notice(f"方案写明：{public}请据此准备。"))
    quotes_both = discarded(world, notice(f"{public}{QUOTED}"))

    approve(world, erasure(world, comment))

    assert public in str(quotes_the_plan.contents)
    assert MARK not in str(quotes_the_plan.contents)
    assert public in str(quotes_both.contents)
    assert "示例路九号" not in str(quotes_both.contents)


def test_a_short_text_is_found_only_where_it_stands_alone(world: World) -> None:
    comment = _sent(world, "不同意。")
    alone, within = discarded(world, letter("不同意。")), discarded(world, notice("多人表示不同意。请知悉。"))

    approve(world, erasure(world, comment, ErasedField.TEXT))

    assert alone.contents["text"] == ""
    assert "多人表示不同意。请知悉。" in str(within.contents)


def test_a_number_that_a_text_names_is_left_in_the_drafts_that_need_it(world: World) -> None:
    comment = _sent(world, "2026-SL-01-0001")
    draft = discarded(world, answers("已阅。"))

    approve(world, erasure(world, comment, ErasedField.TEXT))

    assert draft.contents["replies"][0]["comments"] == ["2026-SL-01-0001"]


def test_a_name_alone_empties_no_draft(world: World, sent: Comment) -> None:
    draft = discarded(world, letter(TEXT))

    words = Words.of(world.session, sent, [ErasedField.NAME, ErasedField.CONTACT])

    assert quoting.find(world.session, sent, words) == []
    assert draft.contents["text"] == TEXT


def test_drafts_of_another_list_are_left_alone(world: World, sent: Comment) -> None:
    elsewhere = drafts.prepare(
        world.session, letter(TEXT), title="拟稿", consultation=world.ready.consultation,
        by=world.office.analyst, at=NOW,
    )  # fmt: skip

    assert elsewhere.number not in fates(world, sent)


def test_a_draft_that_begins_to_quote_it_after_the_approver_looked_stops_the_approval(
    world: World, sent: Comment
) -> None:
    draft = erasure(world, sent)
    drafts.submit(world.session, draft, by=draft.prepared_by, at=NOW)
    shown = drafts.digest(world.session, draft, at=NOW)
    prepared(world, notice(QUOTED))

    with pytest.raises(drafts.DraftMoved):
        drafts.approve(world.session, draft, shown=shown, by=world.office.publisher, at=NOW)


def test_a_restored_backup_loses_the_quotations_again(world: World, sent: Comment) -> None:
    draft = discarded(world, notice(QUOTED))
    session = world.session
    session.flush()
    backup = session.begin_nested()
    approve(world, erasure(world, sent))
    record = json.loads(json.dumps(session.info["erasures"][-1]))
    backup.rollback()
    session.expire_all()
    assert "示例路九号" in str(draft.contents)

    assert erasing.is_missing(session, record)
    erasing_drafts.repeat(session, record, at=NOW + timedelta(days=1))

    assert "示例路九号" not in str(draft.contents)
    assert sent.text == ""


def test_nothing_stored_holds_the_words_afterwards(world: World, sent: Comment) -> None:
    for kind in KINDS.values():
        discarded(world, kind(QUOTED))
    approve(world, erasure(world, sent))

    stored = [
        str(tuple(row)) for table in (Draft, CommentNote) for row in world.session.execute(select(table.__table__))
    ]
    assert not any("示例路九号" in row for row in stored)


def test_without_an_erasure_in_its_list_nobody_changes_what_was_discarded(either: World) -> None:
    comment, draft = _sent(either), discarded(either, notice(QUOTED))
    assert _refused(either.session)

    approve(either, erasure(either, comment))

    either.session.refresh(draft)
    assert "示例路九号" not in str(draft.contents)


def _refused(session: Session) -> bool:
    session.flush()
    step = session.begin_nested()
    try:
        session.execute(text("UPDATE draft SET contents = '{}' WHERE state = 'discarded'"))
    except DBAPIError as error:
        return "is append-only" in str(error)
    finally:
        step.rollback()
    return False
