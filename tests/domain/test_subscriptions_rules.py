"""Mail for who asked for it: confirmed by them, stopped at once, and the address forgotten."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from subscribing import ADDRESS, AT, DAY, HOUR, MINUTE, ask, caught_up, confirmed, publish

import making
from gongshi import db
from gongshi.comments.intake import Target
from gongshi.comments.models import Submission
from gongshi.sealing import CannotOpen, KeyRing
from gongshi.subscriptions import actions, addresses, links, queries
from gongshi.subscriptions.actions import AskedTooOften, LinkOver, MailKeys
from gongshi.subscriptions.addresses import AddressUnusable
from gongshi.subscriptions.models import (
    Mail,
    MailAllowance,
    MailKind,
    MailState,
    SubscriptionState,
)


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


def test_nothing_but_one_mail_to_confirm_is_sent_before_the_address_is_confirmed(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    ask(any_session, submission, keys)
    caught_up(any_session)

    publish(any_session, opened, submission)

    assert caught_up(any_session) == []
    assert [mail.kind for mail in any_session.scalars(select(Mail))] == [MailKind.CONFIRM]


def test_the_address_lies_sealed_and_opens_nowhere_else(
    any_session: Session, submission: Submission, keys: MailKeys
) -> None:
    subscription = ask(any_session, submission, keys)

    sealed = queries.sealed(subscription)

    assert sealed is not None
    assert ADDRESS.encode() not in sealed.data
    assert queries.address(subscription, keys.ring) == ADDRESS
    with pytest.raises(CannotOpen):
        keys.ring.open(sealed, queries.place(submission.id))


def test_the_links_are_not_stored(any_session: Session, submission: Submission, keys: MailKeys) -> None:
    subscription = ask(any_session, submission, keys)

    confirm, stop = (make(keys.links, subscription.id) for make in (links.confirm_token, links.stop_token))

    assert confirm != stop
    assert subscription.confirm_sha256 == links.fingerprint(confirm)
    assert queries.by_confirm_token(any_session, confirm) is subscription
    assert queries.by_stop_token(any_session, stop) is subscription
    assert queries.by_confirm_token(any_session, stop) is None


def test_a_stranger_is_sent_one_mail_a_day_whoever_asks(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    with db.writing(any_session) as at:
        others = [making.make_submission(any_session, opened.consultation, at) for _ in range(3)]
    ask(any_session, submission, keys)

    for other in others:
        ask(any_session, other, keys, ADDRESS.upper())
    next_day = ask(any_session, submission, keys, at=AT + DAY)

    assert any_session.scalar(select(func.count(Mail.id)).where(Mail.state == MailState.WAITING)) == 1
    assert next_day.state is SubscriptionState.ASKED


def test_whoever_confirmed_may_follow_more_on_the_same_day(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    with db.writing(any_session) as at:
        second = making.make_submission(any_session, opened.consultation, at)
    confirmed(any_session, submission, keys)

    again = ask(any_session, second, keys)

    assert again.state is SubscriptionState.ASKED


def test_what_is_counted_says_nothing_of_the_address(
    any_session: Session, submission: Submission, keys: MailKeys
) -> None:
    ask(any_session, submission, keys)
    first = any_session.scalars(select(MailAllowance.digest)).one()

    assert first == addresses.digest(keys.links, ADDRESS, AT.date())
    assert addresses.digest(keys.links, ADDRESS, (AT + DAY).date()) != first
    assert addresses.digest(b"another key", ADDRESS, AT.date()) != first


def test_with_one_receipt_only_so_many_addresses_are_written_to(
    any_session: Session, submission: Submission, keys: MailKeys
) -> None:
    for number in range(actions.ASKED_A_DAY):
        ask(any_session, submission, keys, f"shili{number}@example.cn")

    with pytest.raises(AskedTooOften):
        ask(any_session, submission, keys, "another@example.cn")

    assert any_session.scalar(select(func.count(Mail.id)).where(Mail.state == MailState.WAITING)) == 1
    assert ask(any_session, submission, keys, "another@example.cn", at=AT + DAY + MINUTE)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("shili", id="no domain"),
        pytest.param("@example.cn", id="no name"),
        pytest.param("shili@localhost", id="no dot"),
        pytest.param("shili@192.0.2.1", id="a number"),
        pytest.param("shili@[192.0.2.1]", id="an address literal"),
        pytest.param("shili@example.cn\r\nBcc: other@example.cn", id="a second header"),
        pytest.param("shili\n@example.cn", id="a line end"),
        pytest.param("shili@example.cn\u2028", id="a line separator"),
        pytest.param("shili\x00@example.cn", id="NUL"),
        pytest.param("shi li@example.cn", id="a space"),
        pytest.param("a@example.cn, b@example.cn", id="two of them"),
        pytest.param("示例 <shili@example.cn>", id="with a name"),
        pytest.param('"shi li"@example.cn', id="quoted"),
        pytest.param("shili@exa_mple.cn", id="an underscore in the domain"),
        pytest.param("shili@-example.cn", id="a hyphen first"),
        pytest.param("a..b@example.cn", id="two dots"),
        pytest.param(".a@example.cn", id="a dot first"),
        pytest.param("shi\u202eli@example.cn", id="turned direction"),
        pytest.param("shi\u200bli@example.cn", id="zero width"),
        pytest.param("shi\ud800li@example.cn", id="a lone surrogate"),
        pytest.param("a" * 65 + "@example.cn", id="a name too long"),
        pytest.param("a@" + "b" * 64 + ".cn", id="a label too long"),
        pytest.param("a@" + "b.c" * 85 + ".cn", id="too long"),
        pytest.param("a@" + "示" * 100_000, id="enormous"),
    ],
)
def test_what_is_no_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(AddressUnusable):
        addresses.plain(typed)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param(" Shi.Li+gs@Example.CN ", "Shi.Li+gs@example.cn", id="plain"),
        pytest.param("shili@示例.cn", "shili@xn--fsq092h.cn", id="a domain in Chinese"),
        pytest.param("示例@example.cn", "示例@example.cn", id="a name in Chinese"),
    ],
)
def test_a_plain_address_is_taken(typed: str, written: str) -> None:
    assert addresses.plain(typed) == written


@pytest.mark.parametrize(
    ("after", "works"),
    [
        pytest.param(timedelta(0), True, id="at once"),
        pytest.param(timedelta(hours=48) - timedelta(seconds=1), True, id="just in time"),
        pytest.param(timedelta(hours=48), False, id="after 48 hours"),
    ],
)
def test_the_link_works_for_48_hours(
    any_session: Session, submission: Submission, keys: MailKeys, after: timedelta, works: bool
) -> None:
    subscription = ask(any_session, submission, keys)

    if works:
        with db.writing(any_session):
            actions.confirm(any_session, subscription, at=AT + after)
            actions.confirm(any_session, subscription, at=AT + after + DAY * 10)
    else:
        with pytest.raises(LinkOver), db.writing(any_session):
            actions.confirm(any_session, subscription, at=AT + after)

    assert (subscription.state is SubscriptionState.CONFIRMED) is works
    assert subscription.confirmed_at == (AT + after if works else None)


def test_a_new_address_takes_the_place_of_the_old_one_only_once_it_is_confirmed(
    any_session: Session, submission: Submission, keys: MailKeys
) -> None:
    old = confirmed(any_session, submission, keys)
    new = ask(any_session, submission, keys, "new@example.cn")
    assert old.state is SubscriptionState.CONFIRMED

    with db.writing(any_session):
        actions.confirm(any_session, new, at=AT + HOUR)

    assert old.state is SubscriptionState.STOPPED
    assert queries.live(any_session, submission) == [new]


def test_stopping_forgets_the_address_and_what_waits(
    any_session: Session, opened: making.OpenList, submission: Submission, keys: MailKeys
) -> None:
    subscription = confirmed(any_session, submission, keys)
    publish(any_session, opened, submission)
    (mail,) = caught_up(any_session)

    with db.writing(any_session):
        actions.stop(any_session, subscription, at=AT + HOUR)
        actions.stop(any_session, subscription, at=AT + 2 * HOUR)

    assert (subscription.sealed_address, subscription.key_id, subscription.allowance) == (None, None, None)
    assert subscription.ended_at == AT + HOUR
    assert mail.state is MailState.DROPPED
    with pytest.raises(LinkOver), db.writing(any_session):
        actions.confirm(any_session, subscription, at=AT + HOUR)


def test_the_database_itself_keeps_no_address_after_the_end(
    any_session: Session, submission: Submission, keys: MailKeys
) -> None:
    subscription = ask(any_session, submission, keys)

    with pytest.raises(IntegrityError), db.writing(any_session) as at:
        subscription.state, subscription.ended_at = SubscriptionState.STOPPED, at


def test_an_address_moves_to_the_newest_key(any_session: Session, submission: Submission, keys: MailKeys) -> None:
    subscription = ask(any_session, submission, keys)
    old = keys.ring.primary
    new = keys.ring.add()
    assert queries.sealed_under_older_keys(any_session, new, 10) == [subscription]

    with db.writing(any_session):
        assert actions.reseal_next(any_session, keys.ring) == 1
    keys.ring.destroy(old)

    assert queries.sealed_under_older_keys(any_session, new, 10) == []
    assert queries.address(subscription, keys.ring) == ADDRESS
