"""The verbs on objections and answers, each with one example of its use: see acts.py."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.ledger import Kind
from gongshi.objections import actions as objections
from gongshi.objections import trail
from gongshi.objections.models import Objection, Outcome
from making import beijing
from making_world import World

NOW = beijing("2026-04-17", "12:00")


def _word(world: World, _by: Hands) -> object:
    return objections.word(
        world.session,
        world.open_list.consultation,
        title="保存期限过长",
        text="数据保存期限为60个月，过长。",
        comments=[world.published],
        projects=world.open_list.projects,
        is_major=True,
        risks={1: "r-1", 2: "r-2"},
        by=world.office.analyst,
        at=NOW,
    )


def _place(world: World, _by: Hands) -> object:
    return objections.place(world.session, world.objection, [world.published], by=world.office.analyst, at=NOW)


def _mark_major(world: World, _by: Hands) -> object:
    return trail.mark_major(world.session, world.objection, risks={1: "r-1"}, by=world.office.analyst, at=NOW)


def _merge(world: World, _by: Hands) -> object:
    into = world.session.scalars(select(Objection).where(Objection.title == "保存期限过长")).one()
    return trail.merge(world.session, world.objection, into, by=world.office.analyst, at=NOW)


def _split(world: World, _by: Hands) -> object:
    part = trail.Part("复核间隔", "每季度复核一次。", [world.raising], world.objection.projects)
    return trail.split(world.session, world.objection, [part, part], by=world.office.analyst, at=NOW)


def _dispose(world: World, by: Hands) -> object:
    return objections.dispose(
        world.session, world.objection, outcome=Outcome.EXPLAINED, reasons="说明如下。", by=by, at=NOW
    )


def _withdraw_as_unfounded(world: World, by: Hands) -> object:
    return objections.withdraw_as_unfounded(world.session, world.objection, reason="查无此事。", by=by, at=NOW)


def _answer(world: World, by: Hands) -> object:
    return objections.answer(
        world.session,
        world.open_list.consultation,
        title="答复",
        text="答复的正文。",
        comments=[world.published],
        by=by,
        at=NOW,
    )


ANSWERING: dict[str, tuple[Any, Callable[[World, Hands], object], *tuple[Any, ...]]] = {
    "word an objection": (objections.word, _word, (Kind.OBJECTION_WORDED,)),
    "place a comment under an objection": (objections.place, _place, (Kind.OBJECTION_WORDED,)),
    "mark an objection major": (trail.mark_major, _mark_major, (Kind.OBJECTION_WORDED,)),
    "merge an objection": (
        trail.merge,
        _merge,
        (Kind.OBJECTION_WORDED, Kind.OBJECTION_MERGED),
        None,
        lambda world: _word(world, Hands(world.office.analyst, world.office.publisher)),
    ),
    "split an objection": (trail.split, _split, (*(Kind.OBJECTION_WORDED,) * 2, Kind.OBJECTION_SPLIT)),
    "dispose of an objection": (objections.dispose, _dispose, (Kind.OBJECTION_DISPOSED,), Act.ANSWER),
    "set an objection aside": (
        objections.withdraw_as_unfounded,
        _withdraw_as_unfounded,
        (Kind.OBJECTION_DISPOSED,),
        Act.ANSWER,
    ),
    "answer comments": (objections.answer, _answer, (Kind.ANSWER_PUBLISHED,), Act.ANSWER),
}
