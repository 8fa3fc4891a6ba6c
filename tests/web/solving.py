"""A browser's part of the proof of work, in Python: asks for a challenge and finds its counter."""

import base64
import json
from typing import Any

from altcha import Challenge, Payload, solve_challenge

from web.client import Client


def asked(client: Client, consultation: str = "2026-SL-01", headers: dict[str, str] | None = None) -> dict[str, Any]:
    """A challenge as the site gives it."""
    challenge: dict[str, Any] = json.loads(client.get("/proof", consultation=consultation, headers=headers).text)
    return challenge


def solved(challenge: dict[str, Any]) -> str:
    """What a browser puts into the hidden field."""
    found = Challenge.from_dict(challenge)
    solution = solve_challenge(found)
    assert solution is not None
    return Payload(found, solution).to_base64()


def altered(proof: str, **parameters: Any) -> str:
    """The same with other parameters, under the old signature."""
    told = json.loads(base64.b64decode(proof))
    told["challenge"]["parameters"] |= parameters
    return base64.b64encode(json.dumps(told).encode()).decode()
