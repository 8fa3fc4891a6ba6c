"""The limits of the site, counted by Flask-Limiter.

Submissions: COMMENT_LIMITS per network, of these COMMENT_LIMITS_WITHOUT_PROOF without a proof of work (or
COMMENT_LIMITS_ALLOWED alone, where staff put the network on a list), and CONSULTATION_LIMIT per consultation, of which
half is kept for networks that have sent little. All are looked at and then counted under the write lock, once for each
submission that is really new. Look-ups, searches and challenges have generous limits of their own.

Attempts to sign in are counted per network and per account: from a network that the account knows for that network
alone, from all others together, so that a stranger makes the owner of an account wait only where the owner never was.
Where the counters cannot be reached, each process counts for itself until they answer again; nothing is ever let
through uncounted.
"""

import hmac
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, g, request
from flask_limiter import Limiter, RequestLimit
from flask_limiter.errors import RateLimitExceeded
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from werkzeug.exceptions import TooManyRequests

from config import Config
from gongshi.web import keys
from gongshi.web.limits import sqlite_storage
from gongshi.web.limits.difficulty import Load
from gongshi.web.limits.networks import network

log = logging.getLogger(__name__)

LOOK_UPS = "30 per 10 minutes;200 per day"
# Each may write to somebody who did not ask for it.
MAILS = "5 per 10 minutes;20 per day"
SEARCHES = "120 per minute"
# Each costs a millisecond of calculation here; a school behind one address asks for many.
CHALLENGES = "300 per 10 minutes"
# A whole bureau may sit behind one address.
SIGN_INS_OF_A_NETWORK = "60 per 10 minutes;600 per day"
REDIS_SECONDS = 1
NETWORK, CONSULTATION, LOOK_UP, SEARCH = "submit", "consultation", "look-up", "search"
WITHOUT_PROOF, ALLOWED, CROWD, CHALLENGE = "submit-without-proof", "submit-allowed", "consultation-crowd", "challenge"
VALVES = frozenset({CONSULTATION, CROWD})
SIGN_IN, ACCOUNT = "sign-in", "account"
MAIL = "mail"


class TooOften(TooManyRequests):
    """A limit is reached. `limit` names which one, `seconds` says after how long the next try succeeds."""

    def __init__(self, limit: str, seconds: int) -> None:
        super().__init__(retry_after=seconds)
        self.limit = limit
        self.seconds = seconds


# From so many submissions within the burst window on, a network draws on the half of the valve that is for all such.
SENT_MUCH = 3
BUSY_FOR_SECONDS = 60.0


@dataclass(frozen=True)
class Sender:
    """What is known of whoever sends: whether a proof of work came with it, whether staff allowed the network more."""

    proved: bool = False
    is_allowed: bool = False

    @property
    def limits(self) -> tuple[str, ...]:
        """The limits of the network that this submission counts for, the widest first."""
        if self.is_allowed:
            return (ALLOWED,)
        return (NETWORK,) if self.proved else (NETWORK, WITHOUT_PROOF)


class Limits:
    """The counters of one application."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._network_key = keys.network_key(config)
        self._busy_at = float("-inf")
        self._given = {
            NETWORK: config.COMMENT_LIMITS,
            WITHOUT_PROOF: config.COMMENT_LIMITS_WITHOUT_PROOF,
            ALLOWED: config.COMMENT_LIMITS_ALLOWED,
            CONSULTATION: config.CONSULTATION_LIMIT,
            CROWD: _half(config.CONSULTATION_LIMIT),
            CHALLENGE: CHALLENGES,
            LOOK_UP: LOOK_UPS,
            MAIL: MAILS,
            SEARCH: SEARCHES,
            SIGN_IN: SIGN_INS_OF_A_NETWORK,
            ACCOUNT: config.SIGN_IN_LIMITS,
        }
        self._limiter = self._counters(app, config, "moving-window")
        # A valve counts thousands: two counters of it cost less than a row for each.
        self._valves = self._counters(app, config, "sliding-window-counter")
        self._hits = {
            NETWORK: self._limited(NETWORK, _one_of_a_network),
            WITHOUT_PROOF: self._limited(WITHOUT_PROOF, _one_without_proof),
            ALLOWED: self._limited(ALLOWED, _one_of_an_allowed_network),
            CROWD: self._limited(CROWD, _one_of_the_crowd),
            CHALLENGE: self._limited(CHALLENGE, _one_challenge),
            LOOK_UP: self._limited(LOOK_UP, _one_look_up),
            MAIL: self._limited(MAIL, _one_mail),
            SEARCH: self._limited(SEARCH, _one_search),
            CONSULTATION: self._limited(CONSULTATION, _one_of_a_consultation),
            SIGN_IN: self._limited(SIGN_IN, _one_sign_in),
            ACCOUNT: self._limited(ACCOUNT, _one_sign_in_to_an_account),
        }

    def _counters(self, app: Flask, config: Config, strategy: str) -> Limiter:
        limiter = Limiter(
            key_func=self._bucket,
            storage_uri=config.RATELIMIT_STORAGE_URI or sqlite_storage.address(config.DATA_DIR / "limits.db"),
            storage_options=_options(config.RATELIMIT_STORAGE_URI),
            strategy=strategy,
            in_memory_fallback_enabled=True,
            on_breach=_remember,
        )
        limiter.init_app(app)
        return limiter

    def refuse_early(self, sender: Sender) -> None:
        """Refuse without counting, and before the write lock is asked for, what would be refused under it."""
        self._look(sender)

    def count_submission(self, sender: Sender) -> None:
        """Count one new submission of this network to this consultation. Called under the write lock, so that what was
        looked at is still so when it is counted: who is refused by one limit has used up nothing of another.

        Raises TooOften.
        """
        for limit in self._look(sender):
            self._hit(limit)

    def sent_by_network(self, sender: Sender) -> int:
        """How many submissions of this network were taken within the burst window, or half the challenges it asked for
        if that is more: whoever fetches many in advance has the work of whoever sends many."""
        burst = parse_many(self._given[sender.limits[0]])[0]
        asked = self._taken(CHALLENGE, parse_many(CHALLENGES)[0])
        return max(self._taken(sender.limits[0], burst), asked // 2)

    def load(self, consultation: str) -> Load:
        """How much a consultation receives just now."""
        item = parse_many(self._given[CONSULTATION])[0]
        per_minute = self._taken(CONSULTATION, item, consultation) * 60 / item.get_expiry()
        return Load(per_minute, time.monotonic() - self._busy_at < BUSY_FOR_SECONDS)

    def note_busy(self) -> None:
        """Remember that this process has just turned somebody away for being too busy."""
        self._busy_at = time.monotonic()

    def count_challenge(self) -> None:
        """Count one challenge that this network asks for. Raises TooOften."""
        self._hit(CHALLENGE)

    def count_look_up(self) -> None:
        """Count one attempt of this network to open a receipt. Raises TooOften."""
        self._hit(LOOK_UP)

    def count_mail(self) -> None:
        """Count one mail that this network asks for. Raises TooOften."""
        self._hit(MAIL)

    def count_search(self) -> None:
        """Count one search of this network. Raises TooOften."""
        self._hit(SEARCH)

    def count_sign_in(self, login: str, *, is_known_here: bool) -> None:
        """Count one attempt to prove that one is this person, by password or code. Raises TooOften."""
        self._hit(SIGN_IN)
        place = network(request.remote_addr) if is_known_here else ""
        g.sign_in_to = self._under_key(f"{login.strip().lower()} {place}")
        self._hit(ACCOUNT)

    def _limited(self, limit: str, act: Callable[[], None]) -> Callable[[], None]:
        of_whom = {CONSULTATION: _consultation, CROWD: _consultation, ACCOUNT: _account}.get(limit, self._bucket)
        return self._of(limit).shared_limit(self._given[limit], scope=limit, key_func=of_whom)(act)

    def _of(self, limit: str) -> Limiter:
        return self._valves if limit in VALVES else self._limiter

    def _hit(self, limit: str) -> None:
        try:
            self._hits[limit]()
        except RateLimitExceeded as error:
            raise TooOften(limit, g.retry_after) from error

    def _look(self, sender: Sender) -> list[str]:
        """The limits that a submission counts for, none of them full. Raises TooOften for the first that is.

        Without the write lock this is not the last word: two may pass here at once, and only one then counts.
        """
        valves = [CONSULTATION]
        if not sender.is_allowed and self._taken(NETWORK, parse_many(self._given[NETWORK])[0]) >= SENT_MUCH:
            valves.append(CROWD)
        concerned = [*sender.limits, *valves]
        for limit in concerned:
            self._refuse_full(limit)
        return concerned

    def _refuse_full(self, limit: str) -> None:
        whose = _consultation() if limit in VALVES else self._bucket()
        strategy = self._of(limit).limiter
        try:
            for item in parse_many(self._given[limit]):
                if not strategy.test(item, whose, limit):
                    raise TooOften(limit, _wait(strategy.get_window_stats(item, whose, limit).reset_time))
        except StorageError:
            log.warning("the counters of limits do not answer; the count itself will fall back")

    def _taken(self, limit: str, item: RateLimitItem, whose: str | None = None) -> int:
        """How many places of a limit are taken, without counting; none where the counters do not answer."""
        try:
            stats = self._of(limit).limiter.get_window_stats(item, whose or self._bucket(), limit)
        except StorageError:
            return 0
        return max(0, item.amount - stats.remaining)

    def _bucket(self) -> str:
        """The network of this request, under a key, so that the counters hold no addresses."""
        return self._under_key(network(request.remote_addr))

    def _under_key(self, text: str) -> str:
        return hmac.digest(self._network_key, text.encode(), "sha256").hex()[:32]


def init_app(app: Flask, config: Config) -> None:
    """Give the application its counters."""
    app.extensions["gongshi.limits"] = Limits(app, config)


def limits() -> Limits:
    """The counters of the application that serves this request."""
    found = current_app.extensions["gongshi.limits"]
    assert isinstance(found, Limits)
    return found


def limit_searches(bp: Blueprint) -> None:
    """Count every GET of a blueprint as a search; 429 when there are too many."""
    bp.before_request(lambda: limits().count_search())


def _options(uri: str) -> dict[str, str | int]:
    options: dict[str, str | int] = {"wrap_exceptions": True}
    if uri.startswith(("redis:", "rediss:")):
        # A counter is asked under the write lock: better to count alone than to let everybody wait for Redis.
        options |= {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    return options


def _half(limits: str) -> str:
    """The same limits with half the places, one at least."""
    return ";".join(str(type(one)(max(1, one.amount // 2), one.multiples)) for one in parse_many(limits))


def _consultation() -> str:
    return str((request.view_args or {}).get("number", ""))


def _account() -> str:
    return str(g.sign_in_to)


def _remember(breached: RequestLimit) -> None:
    g.retry_after = _wait(breached.window.reset_time)


def _wait(until: float) -> int:
    return max(1, math.ceil(until - time.time()))


# Flask-Limiter knows a limit by the name of the function it decorates, so each has one of its own.


def _one_of_a_network() -> None: ...


def _one_of_a_consultation() -> None: ...


def _one_without_proof() -> None: ...


def _one_of_an_allowed_network() -> None: ...


def _one_of_the_crowd() -> None: ...


def _one_challenge() -> None: ...


def _one_look_up() -> None: ...


def _one_mail() -> None: ...


def _one_search() -> None: ...


def _one_sign_in() -> None: ...


def _one_sign_in_to_an_account() -> None: ...
