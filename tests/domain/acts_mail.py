"""The verbs of whoever wants to be told by mail, for `acts`. None is a public act: the ledger hears of none."""

import tempfile
from pathlib import Path

from gongshi.accounts.two_people import Hands
from gongshi.ledger import Kind
from gongshi.sealing import KeyRing
from gongshi.subscriptions import actions, queries
from gongshi.subscriptions.actions import MailKeys
from gongshi.subscriptions.models import Subscription
from making import beijing
from making_world import World

NOW = beijing("2026-04-17", "12:00")
NOTHING: tuple[Kind, ...] = ()


def _ask(world: World, _by: object = None) -> Subscription:
    with tempfile.TemporaryDirectory() as folder:
        keys = MailKeys(KeyRing.load_or_create(Path(folder)), b"k" * 32)
        return actions.ask(
            world.session, world.pending.submission, address="shili@example.cn", facts=[], keys=keys, at=NOW
        )


def _asked(world: World) -> Subscription:
    (found,) = queries.live(world.session, world.pending.submission)
    return found


def _confirm(world: World, _by: Hands) -> object:
    return actions.confirm(world.session, _asked(world), at=NOW)


def _stop(world: World, _by: Hands) -> object:
    return actions.stop(world.session, _asked(world), at=NOW)


MAIL = {
    "ask for mail": (actions.ask, _ask, NOTHING),
    "confirm an address": (actions.confirm, _confirm, NOTHING, None, _ask),
    "stop mail": (actions.stop, _stop, NOTHING, None, _ask),
}
