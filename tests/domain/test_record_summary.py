"""The summary of opinions adds up or is refused, and says what became of everything."""

import pytest
from acts import NOW, answering, publishing

from gongshi.accounts.two_people import Hands, SamePerson
from gongshi.admissions import responding
from gongshi.comments import actions as comments
from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation
from gongshi.ledger import Kind
from gongshi.ledger import queries as ledger
from gongshi.notices import queries as notices
from gongshi.notices.models import NoticeKind
from gongshi.objections import queries as objections
from gongshi.objections import responses
from gongshi.record import reconciliation, summary
from gongshi.record.summary import SummaryDoesNotAddUp, SummaryTooEarly
from making import make_comment
from making_world import World


def heard(world: World) -> Consultation:
    return world.ready.consultation


def test_every_received_comment_ends_in_exactly_one_way(world: World) -> None:
    found = reconciliation.of(world.session, heard(world))

    assert found.received == 6
    assert (found.answered, found.withheld, found.withdrawn) == (4, 1, 1)
    assert found.unanswered == ()
    assert found.adds_up


def test_a_comment_under_an_objection_that_waits_is_not_answered(world: World) -> None:
    found = reconciliation.of(world.session, world.open_list.consultation)

    assert world.raising.number in found.unanswered
    assert world.published.number in found.unanswered
    assert not found.adds_up


def test_the_summary_is_a_notice_that_counts_everything(world: World) -> None:
    notice = summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW)

    assert notice.slug == "2026-sl-01-summary"
    assert notice.kind is NoticeKind.SUMMARY
    assert notices.summary_of(world.session, heard(world)) is notice
    assert "收到意见6条 = 已答复4条 + 不予公开1条 + 撤回1条" in notice.body
    assert "谩骂：1条" in notice.body


def test_the_summary_names_every_objection_with_its_reasons_and_every_answer(world: World) -> None:
    body = summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW).body

    for objection in objections.of_list(world.session, heard(world)):
        assert objection.number in body
        assert (objection.disposition.reasons if objection.disposition else objection.unfounded_reason) in body
    for answer in objections.answers_of_list(world.session, heard(world)):
        assert answer.text in body
        assert all(comment.number in body for comment in answer.comments)
    assert "第1号项目方案第2版 p-2、r-1" in body


def says(world: World, comment: Comment, answered: str, *, satisfied: bool) -> None:
    responding.respond(world.session, comment, answered, is_satisfied=satisfied, reason=None, at=NOW)


def below(body: str, number: str) -> str:
    """What the summary says of one objection or answer."""
    return body.split(f"### {number} ")[1].split("\n#")[0]


def test_the_summary_counts_what_senders_said_of_each_answer_and_of_all(world: World) -> None:
    refused, answer = world.ready.not_adopted, objections.answers_of_list(world.session, heard(world))[0]
    says(world, world.ready.comments[1], refused.number, satisfied=True)
    says(world, world.ready.comments[1], refused.number, satisfied=False)  # The latest counts.
    says(world, answer.comments[0], answer.number, satisfied=True)

    body = summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW).body

    assert "截至本公告发布，收到意见提出人对答复的评价2条，其中满意1条，不满意1条。" in body
    assert "对答复的评价：满意0条，不满意1条。" in below(body, refused.number)
    assert "对答复的评价：满意1条，不满意0条。" in below(body, answer.number)
    assert "对答复的评价" not in below(body, world.ready.adopted.number)


def test_the_summary_says_when_nobody_said_anything_of_the_answers(world: World) -> None:
    assert not responses.counts_of_list(world.session, heard(world))

    body = summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW).body

    assert "截至本公告发布，没有收到意见提出人对答复的评价。" in body


def test_the_summary_is_in_the_ledger_with_its_sum(world: World) -> None:
    notice = summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW)

    entry = ledger.entries(world.session, limit=1)[0]
    assert entry.kind is Kind.SUMMARY_PUBLISHED
    assert entry.subject["notice"] == notice.slug
    assert entry.subject["received"] == 6
    assert entry.subject["answered"] + entry.subject["withheld"] + entry.subject["withdrawn"] == 6


def test_text_of_withheld_comments_is_not_in_the_summary(world: World) -> None:
    hidden = world.ready.comments[4]

    body = summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW).body

    assert hidden.text not in body


def test_a_summary_that_does_not_add_up_is_refused_and_says_by_how_much(world: World) -> None:
    opened, closed = world.open_list, world.open_list.round.closes_at

    with pytest.raises(SummaryDoesNotAddUp) as refusal:
        summary.publish_summary(world.session, opened.consultation, by=publishing(world), at=closed)

    details = refusal.value.details
    assert details["received"] == 3
    assert details["answered"] == 0
    assert details["pending"] == 1
    assert set(details["unanswered"]) == {world.raising.number, world.published.number}  # type: ignore[call-overload]


def test_one_comment_more_and_the_summary_is_refused(world: World) -> None:
    opened = world.ready.open_list
    late = make_comment(
        world.session, opened, opened.round.closes_at.replace(day=20, month=3), project=opened.projects[0]
    )

    with pytest.raises(SummaryDoesNotAddUp):
        summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW)

    comments.withdraw(world.session, late, at=NOW)
    assert summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW)


def test_nothing_is_summed_up_while_comments_may_come(world: World) -> None:
    with pytest.raises(SummaryTooEarly):
        summary.publish_summary(world.session, world.open_list.consultation, by=publishing(world), at=NOW)


def test_a_second_summary_gets_a_name_of_its_own(world: World) -> None:
    first, second = (
        summary.publish_summary(world.session, heard(world), by=publishing(world), at=NOW) for _ in range(2)
    )

    assert (first.slug, second.slug) == ("2026-sl-01-summary", "2026-sl-01-summary-2")


def test_one_person_alone_publishes_no_summary(world: World) -> None:
    editor = publishing(world).prepared_by

    with pytest.raises(SamePerson):
        summary.publish_summary(world.session, heard(world), by=Hands(editor, editor), at=NOW)
    assert answering(world).prepared_by.id != editor.id
