"""What the log holds instead of texts: salted commitments to what may have to vanish, plain hashes of what is public.

A commitment is HMAC-SHA256 under a fresh salt of 32 bytes, over the exact UTF-8 bytes of one field. While the salt is
kept, anyone who is given it and the text can check the entry; once it is destroyed nobody, this site included, can test
a guess, and the entry still stands (rule 17). A plain hash of a telephone number is found by trying them all.
"""

import hmac
import json
import secrets
from hashlib import sha256

SALT_SIZE = 32


def new_salt() -> bytes:
    """A fresh salt, for one field of one comment."""
    return secrets.token_bytes(SALT_SIZE)


def commitment(salt: bytes, text: str) -> str:
    """The commitment to a text, in hex. Nothing is normalised: the bytes that were sent are the bytes that count."""
    if len(salt) != SALT_SIZE:
        raise ValueError("a salt has 32 bytes")
    return hmac.digest(salt, text.encode(), "sha256").hex()


def digest(value: object) -> str:
    """SHA-256 in hex of what is public: of a text's UTF-8 bytes, of bytes, or of plain data as canonical JSON."""
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    return sha256((value if isinstance(value, str) else canonical(value)).encode()).hexdigest()


def canonical(value: object) -> str:
    """Plain data as the one JSON text it has: sorted keys, no spaces, characters as they are.

    Only null, booleans, integers, strings, lists and objects with string keys are plain: other languages print
    fractions differently, and sort number keys differently. Raises ValueError.
    """
    _refuse_unless_plain(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_unless_plain(value: object) -> None:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("an object's keys are strings")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            _refuse_unless_plain(item)
    elif not isinstance(value, str | int | None):
        raise ValueError(f"a {type(value).__name__} has no canonical JSON")
