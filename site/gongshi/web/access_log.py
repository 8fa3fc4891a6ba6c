"""Who asked for what, one line of JSON per request, kept as long as the law asks and no longer (rule 8).

A line holds nothing that a person typed: no query, no body, no browser's name, and of the address visited only what
the site itself knows; where part of it is a token, or leads nowhere, the pattern of the address stands instead.
The network is cut to a /24 or /48 and stands under a key of that day: requests of one day can be told together,
those of two days cannot. A disk that is full costs lines, never a request.
"""

import hmac
import json
import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from flask import Flask, Response, g, request

from config import Config
from gongshi.clock import BEIJING
from gongshi.web.keys import access_log_key
from gongshi.web.limits.networks import UNKNOWN

log = logging.getLogger(__name__)

# Parts of addresses that open something by themselves.
SECRET_PARTS = {"token", "secret"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
FOUR_BITS, SIX_BITS = 24, 48
BEIJING_SECONDS = 8 * 3600
DAY = 86_400
COMPLAIN_AFTER = 60.0
OPEN_SECONDS = 1.0
# In the environment of a request: what was written of it.
LINE = "gongshi.access_line"
NETWORKS_REMEMBERED = 4096


class AccessLog:
    """The log of one application in one process. Several processes append to the same file, a line at a time."""

    def __init__(self, folder: Path, key: bytes, days: int) -> None:
        self._folder = folder
        self._key = key
        self._kept = timedelta(days=days)
        self._guard = threading.Lock()
        self._day = -1
        self._path = folder
        self._file: _File | None = None
        self._opened_at = float("-inf")
        self._day_key = b""
        self._networks: dict[str, str] = {}
        self._complained_at = float("-inf")

    def write(self, line: dict[str, object], remote: str | None, at: float) -> None:
        """Append one line, with the network of an address and the instant `at` in seconds. Never raises OSError."""
        try:
            with self._guard:
                file = self._opened(at)
                network = self._network(remote or "")
            whole = {"time": _instant(at), **line, "network": network}
            # One write at the end of a file is never mixed with that of another thread or process.
            os.write(file.number, json.dumps(whole, separators=(",", ":")).encode() + b"\n")
        except OSError as error:
            self._day = -1  # The folder may be what is missing: it is made again next time.
            self._complain(error)

    def _opened(self, at: float) -> "_File":
        """The file of this day. It is opened anew every second, so that whoever moves it away is soon let have it."""
        self._turn(at)
        if self._file is None or at >= self._opened_at + OPEN_SECONDS or at < self._opened_at:
            self._file = _File(self._path)
            self._opened_at = at
        return self._file

    def _turn(self, at: float) -> None:
        """Go on to the file of this Beijing day if it is another one than the last, and let go of what is too old."""
        day = int(at + BEIJING_SECONDS) // DAY
        if day == self._day:
            return
        self._file = None
        date = datetime.fromtimestamp(at, BEIJING).date()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._path = self._folder / f"access-{date}.jsonl"
        self._day_key = hmac.digest(self._key, str(date).encode(), "sha256")
        self._networks.clear()
        oldest = f"access-{date - self._kept}.jsonl"
        for path in self._folder.glob("access-????-??-??.jsonl"):
            if path.name < oldest:
                with suppress(FileNotFoundError):  # Another process may be as quick.
                    path.unlink()
        self._day = day

    def _network(self, remote: str) -> str:
        known = self._networks.get(remote)
        if known is None:
            if len(self._networks) >= NETWORKS_REMEMBERED:
                self._networks.clear()
            known = hmac.digest(self._day_key, truncated(remote).encode(), "sha256").hex()[:16]
            self._networks[remote] = known
        return known

    def _complain(self, error: OSError) -> None:
        if time.monotonic() > self._complained_at + COMPLAIN_AFTER:
            self._complained_at = time.monotonic()
            log.error("access log: cannot be written (%s); requests are served without it", error.strerror)


class _File:
    """A file to append to, closed when the last thread that still writes to it lets go of it."""

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)


def init_app(app: Flask, config: Config) -> None:
    """Log every request of the application. Called first of all, so that refusals of others are logged too."""
    access = AccessLog(config.DATA_DIR / "logs", access_log_key(config), config.ACCESS_LOG_DAYS)
    app.extensions["gongshi.access_log"] = access
    app.before_request(_begin)
    app.after_request(_end(access))


def of(app: Flask) -> AccessLog:
    """The log of an application, for what is answered in front of it."""
    found = app.extensions["gongshi.access_log"]
    assert isinstance(found, AccessLog)
    return found


def truncated(remote: str) -> str:
    """The network of an address as the log tells networks apart; `unknown` for what is no address."""
    try:
        address = ip_address(remote.strip())
    except ValueError:
        return UNKNOWN
    address = getattr(address, "ipv4_mapped", None) or address
    bits = FOUR_BITS if address.version == 4 else SIX_BITS
    return str(ip_network((address.packed, bits), strict=False))


def _begin() -> None:
    g.began = time.perf_counter()


def _end(access: AccessLog) -> Callable[[Response], Response]:
    def write(response: Response) -> Response:
        began = g.get("began")
        line: dict[str, object] = {
            "method": request.method if request.method in METHODS else "other",
            "endpoint": request.endpoint,
            "path": _path(response),
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1) if began is not None else None,
            "bytes": _length(response),
        }
        request.environ[LINE] = line
        access.write(line, request.remote_addr, time.time())
        return response

    return write


def _path(response: Response) -> str | None:
    """The address visited where the site answered it, its pattern where it refused; None where it leads nowhere."""
    rule = request.url_rule
    if rule is None:
        return None
    # What was refused may be whatever somebody typed; what was answered exists.
    is_ours = response.status_code < 400 and not rule.arguments & SECRET_PARTS
    return request.path if is_ours else rule.rule


def _length(response: Response) -> int | None:
    if response.content_length is None and response.is_sequence:
        return response.calculate_content_length()
    return response.content_length


def _instant(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
