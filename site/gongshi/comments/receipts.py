"""Receipts 回执: a number to name a submission by and a secret to open it with. Pure.

Both are HMACs of the submission key under a server key, so a retry gets the same receipt again although only a hash of
the secret is stored (rule 5). The secret has 128 bits; look-ups compare hashes in constant time.
"""

import hashlib
import hmac
from dataclasses import dataclass

# Crockford's alphabet: no I, L, O, U, so that a receipt survives being read out over the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


@dataclass(frozen=True)
class Receipt:
    """What of a receipt may be stored: the key it was made from, its number, and the hash of its secret."""

    submission_key: str
    number: str
    secret_sha256: str


def of(server_key: bytes, submission_key: str) -> Receipt:
    """The receipt of a submission."""
    opening = secret(server_key, submission_key)
    return Receipt(submission_key, number(server_key, submission_key), fingerprint(opening))


def number(server_key: bytes, submission_key: str) -> str:
    """What the receipt is called, such as HZ-7K3M9-QPD2R. Opens nothing by itself."""
    letters = _letters(_hmac(server_key, "number", submission_key), 10)
    return f"HZ-{letters[:5]}-{letters[5:]}"


def secret(server_key: bytes, submission_key: str) -> str:
    """The 128-bit secret, in groups of five."""
    letters = _letters(_hmac(server_key, "secret", submission_key), 26)
    return "-".join(letters[start : start + 5] for start in range(0, 26, 5))


def fingerprint(typed_secret: str) -> str:
    """The hash under which a secret is stored; forgiving about case, hyphens, spaces and look-alike letters."""
    return hashlib.sha256(_plain(typed_secret).encode()).hexdigest()


def as_written(typed_number: str) -> str:
    """A receipt number as it is stored, however it was typed."""
    letters = _plain(typed_number).removeprefix("HZ")
    return f"HZ-{letters[:5]}-{letters[5:10]}"


def opens(typed_secret: str, stored_fingerprint: str) -> bool:
    return hmac.compare_digest(fingerprint(typed_secret), stored_fingerprint)


def _plain(typed: str) -> str:
    kept = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return kept.translate(LOOKALIKES)


def _hmac(server_key: bytes, purpose: str, submission_key: str) -> int:
    digest = hmac.digest(server_key, f"{purpose}:{submission_key}".encode(), "sha256")
    return int.from_bytes(digest[:17], "big")


def _letters(value: int, count: int) -> str:
    return "".join(ALPHABET[(value >> (5 * place)) & 31] for place in range(count))
