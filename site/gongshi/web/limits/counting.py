"""The limits of the site, counted by Flask-Limiter.

Submissions: COMMENT_LIMITS per network, CONSULTATION_LIMIT per consultation; both are counted under the write lock,
once for each submission that is really new. Look-ups and searches have generous limits of their own. Attempts to sign
in are counted per network and per account: from a network that the account knows for that network alone, from all
others together, so that a stranger makes the owner of an account wait only where the owner never was. Where the
counters cannot be reached, each process counts for itself until they answer again; nothing is ever let through
uncounted.
"""

import hmac
import logging
import math
import time
from collections.abc import Callable

from flask import Blueprint, Flask, current_app, g, request
from flask_limiter import Limiter, RequestLimit
from flask_limiter.errors import RateLimitExceeded
from limits import parse_many
from limits.errors import StorageError
from werkzeug.exceptions import TooManyRequests

from config import Config
from gongshi.web import keys
from gongshi.web.limits import sqlite_storage
from gongshi.web.limits.networks import network

log = logging.getLogger(__name__)

LOOK_UPS = "30 per 10 minutes;200 per day"
SEARCHES = "120 per minute"
# A whole bureau may sit behind one address.
SIGN_INS_OF_A_NETWORK = "60 per 10 minutes;600 per day"
REDIS_SECONDS = 1
NETWORK, CONSULTATION, LOOK_UP, SEARCH = "submit", "consultation", "look-up", "search"
SIGN_IN, ACCOUNT = "sign-in", "account"


class TooOften(TooManyRequests):
    """A limit is reached. `limit` names which one, `seconds` says after how long the next try succeeds."""

    def __init__(self, limit: str, seconds: int) -> None:
        super().__init__(retry_after=seconds)
        self.limit = limit
        self.seconds = seconds


class Limits:
    """The counters of one application."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._network_key = keys.network_key(config)
        self._given = {
            NETWORK: config.COMMENT_LIMITS,
            CONSULTATION: config.CONSULTATION_LIMIT,
            LOOK_UP: LOOK_UPS,
            SEARCH: SEARCHES,
            SIGN_IN: SIGN_INS_OF_A_NETWORK,
            ACCOUNT: config.SIGN_IN_LIMITS,
        }
        self._limiter = Limiter(
            key_func=self._bucket,
            storage_uri=config.RATELIMIT_STORAGE_URI or sqlite_storage.address(config.DATA_DIR / "limits.db"),
            storage_options=_options(config.RATELIMIT_STORAGE_URI),
            strategy="moving-window",
            in_memory_fallback_enabled=True,
            on_breach=_remember,
        )
        self._limiter.init_app(app)
        self._hits = {
            NETWORK: self._limited(NETWORK, _one_of_a_network),
            LOOK_UP: self._limited(LOOK_UP, _one_look_up),
            SEARCH: self._limited(SEARCH, _one_search),
            CONSULTATION: self._limited(CONSULTATION, _one_of_a_consultation),
            SIGN_IN: self._limited(SIGN_IN, _one_sign_in),
            ACCOUNT: self._limited(ACCOUNT, _one_sign_in_to_an_account),
        }

    def refuse_early(self) -> None:
        """Refuse without counting, and before the write lock is asked for, what would be refused under it."""
        for limit in (NETWORK, CONSULTATION):
            self._refuse_full(limit)

    def count_submission(self) -> None:
        """Count one new submission of this network to this consultation. Raises TooOften."""
        # The valve is looked at first: a network whose submission it refuses has not used up one of its own.
        self._refuse_full(CONSULTATION)
        self._hit(NETWORK)
        self._hit(CONSULTATION)

    def count_look_up(self) -> None:
        """Count one attempt of this network to open a receipt. Raises TooOften."""
        self._hit(LOOK_UP)

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
        of_whom = {CONSULTATION: _consultation, ACCOUNT: _account}.get(limit, self._bucket)
        return self._limiter.shared_limit(self._given[limit], scope=limit, key_func=of_whom)(act)

    def _hit(self, limit: str) -> None:
        try:
            self._hits[limit]()
        except RateLimitExceeded as error:
            raise TooOften(limit, g.retry_after) from error

    def _refuse_full(self, limit: str) -> None:
        """Look without counting. Not the last word: two may pass here at once, and only one then counts."""
        whose = _consultation() if limit == CONSULTATION else self._bucket()
        strategy = self._limiter.limiter
        try:
            for item in parse_many(self._given[limit]):
                if not strategy.test(item, whose, limit):
                    raise TooOften(limit, _wait(strategy.get_window_stats(item, whose, limit).reset_time))
        except StorageError:
            log.warning("the counters of limits do not answer; the count itself will fall back")

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


def _one_look_up() -> None: ...


def _one_search() -> None: ...


def _one_sign_in() -> None: ...


def _one_sign_in_to_an_account() -> None: ...
