"""What subscribers are told, once each; and the outbox, from which no mail is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from subscribing import AT, DAY, HOUR, MINUTE, ask, caught_up, confirmed, publish, told

import making
import making_decisions
from gongshi import db
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions as comments
from gongshi.comments.intake import Target
from gongshi.comments.models import Submission, WithholdingReason
from gongshi.sealing import KeyRing
from gongshi.subscriptions import actions, noticing, queries, sending
from gongshi.subscriptions.actions import MailKeys
from gongshi.subscriptions.models import (
    Mail,
    MailAllowance,
    MailKind,
    MailState,
    Subscription,
    SubscriptionState,
)
from gongshi.subscriptions.news import News

KEPT = timedelta(days=365)


@pytest.fixture
def keys(tmp_path: Path) -> MailKeys:
    return MailKeys(ring=KeyRing.load_or_create(tmp_path / "keys"), links=b"the key of links" * 2)


@pytest.fixture
def opened(any_session: Session) -> making.OpenList:
    with db.writing(any_session) as at:
        return making.make_open_list(any_session, at, project_count=1)


@pytest.fixture
def submission(any_session: Session, opened: making.OpenList) -> Submission:
    with db.writing(any_session) as at:
        return making.make_submission(any_session, opened.consultation, at, target=Target(opened.projects[0]))


def test_what_happens_is_told_once(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    subscription = confirmed(any_session, submission, keys)

    publish(any_session, opened, submission)

    (mail,) = caught_up(any_session)
    assert mail.subscription is subscription
    assert mail.news == [f"{submission.comments[0].number}|published||"]
    with db.writing(any_session):
        sending.take(any_session, 10, at=AT + HOUR)
    assert caught_up(any_session) == [mail]


def test_what_others_are_told_is_not_told_here(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    with db.writing(any_session) as at:
        other = making.make_submission(any_session, opened.consultation, at)
    confirmed(any_session, submission, keys)

    publish(any_session, opened, other)

    assert caught_up(any_session) == []


def test_what_happened_between_asking_and_confirming_is_told(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    subscription = ask(any_session, submission, keys)
    publish(any_session, opened, submission)
    caught_up(any_session)

    with db.writing(any_session):
        actions.confirm(any_session, subscription, at=AT + HOUR)

    assert told(caught_up(any_session)) == [News.PUBLISHED]


def test_several_acts_within_minutes_are_one_mail(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    confirmed(any_session, submission, keys)

    publish(any_session, opened, submission)
    first = caught_up(any_session)
    with db.writing(any_session) as at:
        making.make_objection(any_session, opened, submission.comments, at)
    second = caught_up(any_session)

    assert first == second
    assert told(second) == [News.PUBLISHED, News.GROUPED]


def test_what_comes_after_a_mail_was_taken_out_is_a_mail_of_its_own(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    confirmed(any_session, submission, keys)
    publish(any_session, opened, submission)
    caught_up(any_session)
    with db.writing(any_session):
        (taken,) = sending.take(any_session, 10, at=AT + HOUR)

    with db.writing(any_session) as at:
        making.make_objection(any_session, opened, submission.comments, at)

    assert told([taken]) == [News.PUBLISHED]
    assert told([mail for mail in caught_up(any_session) if mail is not taken]) == [News.GROUPED]


def test_a_withheld_comment_is_told_and_is_not_the_end(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    confirmed(any_session, submission, keys)
    with db.writing(any_session) as at:
        by = Hands(opened.analyst, opened.publisher)
        comments.withhold(any_session, submission.comments[0], reason=WithholdingReason.ABUSE, by=by, at=at)

    (mail,) = caught_up(any_session)

    assert told([mail]) == [News.WITHHELD]
    assert not mail.is_last


def test_the_whole_way_to_the_decision_is_told_and_then_the_address_is_forgotten(
    session: Session, keys: MailKeys
) -> None:
    with db.writing(session):
        ready = making_decisions.ready_project(session)
    project = ready.open_list.projects[0]
    found = [one for one in session.scalars(select(Submission)) if one.comments[0].project is project]
    subscription = confirmed(session, found[0], keys)
    with db.writing(session):
        subscription.told = []  # As if it had been there from the first day.
        making_decisions.confirm_gate(session, ready.open_list, project, making_decisions.DECIDED)
        making_decisions.decide(session, ready.open_list, project, making_decisions.DECIDED)

    (mail,) = caught_up(session)
    with db.writing(session):
        sending.accepted(session, mail, at=AT + DAY)

    assert {News.PUBLISHED, News.GROUPED, News.DISPOSED, News.DECIDED} <= set(told([mail]))
    assert mail.is_last
    assert subscription.state is SubscriptionState.COMPLETED
    assert subscription.sealed_address is None


def test_the_ledger_is_read_on_from_where_it_was_left(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    confirmed(any_session, submission, keys)
    publish(any_session, opened, submission)

    with db.writing(any_session):
        assert noticing.look_through(any_session, 1) == 1
        assert noticing.look_through(any_session, 1) == 0

    assert not noticing.waits(any_session)
    assert len(queries.to_look_at(any_session, 10)) == 1


@pytest.fixture
def mail(any_session: Session, submission: Submission, keys: MailKeys) -> Mail:
    """A mail of news about a confirmed subscription, to be sent now."""
    subscription = confirmed(any_session, submission, keys)
    with db.writing(any_session):
        subscription.told = ["a|published||"]
        mail = Mail(subscription=subscription, kind=MailKind.NEWS, news=["a|published||"], queued_at=AT, due_at=AT)
        any_session.add(mail)
    return mail


def test_what_was_taken_out_is_nobody_elses_for_a_while_and_falls_due_again(any_session: Session, mail: Mail) -> None:
    with db.writing(any_session):
        assert sending.take(any_session, 10, at=AT) == [mail]
        assert sending.take(any_session, 10, at=AT + MINUTE) == []

        assert sending.take(any_session, 10, at=AT + sending.TAKEN_FOR) == [mail]
    assert mail.tries == 2


def test_it_is_tried_ever_more_seldom_and_given_up_after_three_days(any_session: Session, mail: Mail) -> None:
    at, waits = AT, []
    with db.writing(any_session):
        while mail.state is MailState.WAITING:
            (taken,) = sending.take(any_session, 10, at=at)
            sending.deferred(taken, trouble="rcpt-451", at=at)
            waits.append(taken.due_at - at)
            at = taken.due_at

    assert waits[0] == sending.FIRST_WAIT
    assert waits == sorted(waits)
    assert max(waits) == sending.LONGEST_WAIT
    assert timedelta(days=3) - sending.LONGEST_WAIT <= at - AT <= timedelta(days=3) + sending.LONGEST_WAIT
    assert (mail.state, mail.trouble) == (MailState.FAILED, "rcpt-451")


def test_what_was_given_up_is_told_by_the_next_mail(any_session: Session, mail: Mail) -> None:
    with db.writing(any_session):
        sending.take(any_session, 10, at=AT)
        sending.deferred(mail, trouble="timeout", at=AT + 3 * DAY)
        again = noticing.tell(any_session, mail.subscription, facts=["a|published||"], is_last=False, at=AT + 3 * DAY)

    assert again is not None
    assert again is not mail
    assert again.news == ["a|published||"]


def test_while_the_server_is_down_it_is_asked_again_every_two_minutes(any_session: Session, mail: Mail) -> None:
    with db.writing(any_session):
        for number in range(10):
            sending.take(any_session, 10, at=AT + number * HOUR)
            sending.postponed(mail, trouble="timeout", at=AT + number * HOUR)
            assert mail.due_at == AT + number * HOUR + sending.FIRST_WAIT


def test_where_there_is_no_mailbox_nothing_more_is_sent(any_session: Session, mail: Mail) -> None:
    with db.writing(any_session):
        sending.refused(any_session, mail, trouble="rcpt-550", at=AT)

    assert mail.state is MailState.FAILED
    assert mail.subscription.state is SubscriptionState.UNREACHABLE
    assert mail.subscription.sealed_address is None


def test_what_has_run_out_is_ended_and_in_the_end_deleted(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys, mail: Mail
) -> None:
    with db.writing(any_session) as at:
        other = making.make_submission(any_session, opened.consultation, at)
    never_confirmed = ask(any_session, other, keys, "other@example.cn")
    long_ago = mail.subscription

    with db.writing(any_session):
        sending.tidy(any_session, 100, kept=KEPT, at=AT + 2 * DAY)
    assert (never_confirmed.state, never_confirmed.sealed_address) == (SubscriptionState.EXPIRED, None)
    assert long_ago.state is SubscriptionState.CONFIRMED

    with db.writing(any_session):
        sending.tidy(any_session, 100, kept=KEPT, at=AT + 2 * DAY + KEPT)
    assert (long_ago.state, long_ago.sealed_address) == (SubscriptionState.EXPIRED, None)

    for _ in range(2):
        with db.writing(any_session):
            sending.tidy(any_session, 100, kept=KEPT, at=AT + 40 * DAY + KEPT)
    left = [
        any_session.scalar(select(func.count()).select_from(table)) for table in (Subscription, Mail, MailAllowance)
    ]
    assert left == [0, 0, 0]


def test_the_health_of_the_outbox_says_what_waits_and_why(any_session: Session, mail: Mail) -> None:
    with db.writing(any_session):
        sending.take(any_session, 10, at=AT)
        sending.deferred(mail, trouble="rcpt-451", at=AT)

    health = queries.outbox_health(any_session)

    assert (health.waiting, health.oldest, health.trying_again) == (1, AT, 1)
    assert (health.failed, health.confirmed, health.last_trouble) == (0, 1, "rcpt-451")
