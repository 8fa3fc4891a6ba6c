"""Clients that solve the proof of work and send: people, once each; and bots, without rest, from a network each.

A bot does all that a browser does. Whole processes of them run at a lower priority: their machines are not ours, so
what they calculate must not be taken from the servers.
"""

import base64
import json
import multiprocessing
import os
import secrets
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from floods.people import FORM, FORM_TYPE, receipt_in
from floods.servers import NUMBER

ANSWER_SECONDS = 60
PROCESSES = 2
# A bot that is told to wait does not: it comes again at once, but for this.
PAUSE = 0.05


@dataclass(frozen=True)
class Sent:
    """One submission of one network and what came of it. Status 0: no answer. `tries` is what its proof took."""

    network: str
    status: int
    receipt: str = ""
    seconds: float = 0.0
    tries: int = 0


def send_once(port: int, network: str, *, proving: bool) -> Sent:
    """What one person's browser does when the button is pressed, the proof of work included."""
    began = time.monotonic()
    proof, tries = _proof(port, network) if proving else ("", 0)
    key = secrets.token_urlsafe(24)
    fields = {"submission_key": key, "kind": "suggest", "text": f"请写明复核的时限。{key}", "proof": proof}
    status, page = _ask(port, "POST", FORM, network, urlencode(fields))
    found = receipt_in(page)
    return Sent(network, status, found[0] if found else "", time.monotonic() - began, tries)


class Bots:
    """So many bots, running until they are called off; then `sent` holds what came of everything they did."""

    def __init__(self, port: int, networks: Sequence[str], *, proving: bool = True) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._over, self._told, self._begun = spawn.Event(), spawn.Queue(), spawn.Semaphore(0)
        self._count = len(networks)
        shares = [share for place in range(PROCESSES) if (share := networks[place::PROCESSES])]
        self._running = [
            spawn.Process(target=_swarm, args=(port, share, proving, self._begun, self._over, self._told))
            for share in shares
        ]
        self.sent: list[Sent] = []

    def __enter__(self) -> "Bots":
        for one in self._running:
            one.start()
        for _one in range(self._count):
            assert self._begun.acquire(timeout=10 * ANSWER_SECONDS), "the bots do not begin"
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for _one in self._running:
            self.sent += self._told.get(timeout=10 * ANSWER_SECONDS)
        for one in self._running:
            one.join()


def _swarm(port: int, networks: Sequence[str], proving: bool, begun: Any, over: Any, told: Any) -> None:
    os.nice(5)
    sent: list[Sent] = []

    def bot(network: str) -> None:
        # Every other time without a proof: whichever way is open is used.
        sent.append(send_once(port, network, proving=proving))
        begun.release()
        for turn in count():
            if over.is_set():
                return
            sent.append(send_once(port, network, proving=proving and turn % 2 == 1))
            time.sleep(PAUSE)

    threads = [Thread(target=bot, args=(network,)) for network in networks]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    told.put(sent)


def _proof(port: int, network: str) -> tuple[str, int]:
    status, body = _ask(port, "GET", f"/proof?consultation={NUMBER}", network)
    if status != 200:
        return "", 0
    challenge = json.loads(body)
    counter, key = _solved(challenge["parameters"])
    told = {"challenge": challenge, "solution": {"counter": counter, "derivedKey": key}}
    return base64.b64encode(json.dumps(told).encode()).decode(), counter + 1


def _solved(parameters: dict[str, Any]) -> tuple[int, str]:
    nonce, salt = bytes.fromhex(parameters["nonce"]), bytes.fromhex(parameters["salt"])
    for counter in range(2 * parameters["data"]["tries"]):
        password = nonce + struct.pack(">I", counter)
        key = pbkdf2_hmac("sha256", password, salt, parameters["cost"], parameters["keyLength"]).hex()
        if key.startswith(parameters["keyPrefix"]):
            return counter, key
    raise AssertionError("a challenge without a solution")


def _ask(port: int, method: str, path: str, network: str, body: str | None = None) -> tuple[int, str]:
    headers = {"Connection": "close", "X-Forwarded-For": network}
    if body is not None:
        headers["Content-Type"] = FORM_TYPE
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request(method, path, body, headers)
        with connection.getresponse() as response:
            return response.status, response.read().decode()
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()
