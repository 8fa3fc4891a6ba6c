"""Challenges and their solutions: ALTCHA's second protocol, PBKDF2 with a counter that only the solver's work finds.

A challenge is signed and bound to one consultation, so nothing is stored when it is issued. It ends after ten minutes.
The work is bounded: the counter lies anywhere below twice the average, and checking it costs one HMAC.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha import Payload, create_challenge, verify_solution

from config import Config
from gongshi.comments.challenges import UsedChallenge
from gongshi.comments.refusals import Reason
from gongshi.web import keys
from gongshi.web.limits.difficulty import TRIES

ALGORITHM = "PBKDF2/SHA-256"
ITERATIONS = 5000
LASTS = timedelta(minutes=10)
# Ours have about 750 characters. What is longer is not looked into.
LONGEST = 2048


class ProofRefused(Exception):
    """A proof was given in that is none: made up, altered, of another list, or too old. `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def challenge(config: Config, consultation: str, *, factor: int, at: datetime) -> dict[str, Any]:
    """A new challenge for one submission to the consultation with this number, as its JSON says it."""
    tries = TRIES * factor
    made = create_challenge(
        ALGORITHM,
        ITERATIONS,
        counter=secrets.randbelow(2 * tries),
        expires_at=at + LASTS,
        data={"list": consultation, "tries": tries},
        hmac_secret=keys.proof_key(config),
        hmac_key_secret=keys.proof_answer_key(config),
    )
    told: dict[str, Any] = made.to_dict()
    return told


def checked(config: Config, consultation: str, proof: str) -> UsedChallenge:
    """The challenge that this solution solves. Raises ProofRefused, and never for what was used before."""
    payload = _read(proof)
    found = verify_solution(
        payload, keys.proof_key(config), hmac_key_secret=keys.proof_answer_key(config)
    )  # It takes no instant: the end of a challenge is compared with the clock of this moment.
    if found.expired:
        raise ProofRefused(Reason.PROOF_TOO_OLD)
    parameters = payload.challenge.parameters
    data, ends = parameters.data or {}, parameters.expires_at
    if not found.verified or data.get("list") != consultation or ends is None:
        raise ProofRefused(Reason.PROOF_INVALID)
    return UsedChallenge(nonce=parameters.nonce, tries=data["tries"], expires_at=datetime.fromtimestamp(ends, UTC))


def _read(proof: str) -> Payload:
    if len(proof) > LONGEST:
        raise ProofRefused(Reason.PROOF_INVALID)
    try:
        return Payload.from_base64(proof)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProofRefused(Reason.PROOF_INVALID) from error
