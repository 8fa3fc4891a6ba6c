"""The verbs by which people contest what was done with a comment, each with one example of its use: see acts.py."""

from collections.abc import Callable
from typing import Any

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.admissions import responding
from gongshi.comments import actions as comments
from gongshi.comments import appealing, contests, disputing
from gongshi.comments.dispute_models import DisputedBy
from gongshi.comments.models import AppealOutcome, WithholdingReason
from gongshi.comments.personal_models import DetailField, NameConsent, PersonalDetail
from gongshi.ledger import Kind
from making import beijing
from making_world import World

NOW = beijing("2026-04-17", "12:00")


def _withhold(world: World) -> object:
    by = Hands(world.office.analyst_too, world.office.publisher)
    return comments.withhold(world.session, world.pending, reason=WithholdingReason.ABUSE, by=by, at=NOW)


def _appeal(world: World, _by: Hands) -> object:
    return appealing.appeal(world.session, world.pending, reason="没有谩骂。", at=NOW)


def _appealed(world: World) -> None:
    _withhold(world)
    appealing.appeal(world.session, world.pending, reason="没有谩骂。", at=NOW)


def _decide(outcome: AppealOutcome) -> Callable[[World, Hands], object]:
    def decided(world: World, by: Hands) -> object:
        appeal = contests.open_appeal(world.session, world.pending)
        assert appeal is not None
        return appealing.decide(world.session, appeal, outcome=outcome, reasons="经复查。", by=by, at=NOW)

    return decided


def _name(world: World) -> None:
    detail = PersonalDetail(
        comment=world.published, field=DetailField.NAME, key_id="key", sealed=b"sealed", created_at=NOW
    )
    world.session.add_all([detail, NameConsent(comment=world.published, given_at=NOW)])
    world.session.flush()


def _dispute(world: World, _by: Hands) -> object:
    return disputing.dispute(
        world.session, world.published, disputed_by=DisputedBy.ANYBODY, reason="不是我写的。", at=NOW
    )


def _respond(world: World, _by: Hands) -> object:
    ready = world.ready
    return responding.respond(
        world.session,
        ready.comments[1],
        ready.not_adopted.number,
        is_satisfied=False,
        reason="没有说明理由。",
        at=NOW,
    )


CONTESTING: dict[str, tuple[Any, Callable[[World, Hands], object], *tuple[Any, ...]]] = {
    "appeal a withholding": (appealing.appeal, _appeal, (Kind.COMMENT_APPEALED,), None, _withhold),
    "publish upon an appeal": (
        appealing.decide,
        _decide(AppealOutcome.PUBLISHED),
        (Kind.COMMENT_PUBLISHED,),
        Act.APPEAL,
        _appealed,
    ),
    "keep withheld upon an appeal": (
        appealing.decide,
        _decide(AppealOutcome.KEPT),
        (Kind.COMMENT_WITHHELD,),
        Act.APPEAL,
        _appealed,
    ),
    "dispute a name": (disputing.dispute, _dispute, (Kind.COMMENT_DISPUTED,), None, _name),
    "respond to an answer": (responding.respond, _respond, (Kind.RESPONSE_RECORDED,)),
}
