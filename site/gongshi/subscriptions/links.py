"""The secret parts of links in mails: made from a key and the subscription, so that only hashes are stored. Pure."""

import base64
import hashlib
import hmac
from uuid import UUID


def confirm_token(key: bytes, subscription: UUID) -> str:
    """What confirms that the address is its owner's wish."""
    return _token(key, "confirm", subscription)


def stop_token(key: bytes, subscription: UUID) -> str:
    """What stops the mail."""
    return _token(key, "stop", subscription)


def fingerprint(token: str) -> str:
    """The hash under which a token is stored and found."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _token(key: bytes, purpose: str, subscription: UUID) -> str:
    made = hmac.digest(key, f"{purpose}:{subscription}".encode(), "sha256")[:24]
    return base64.urlsafe_b64encode(made).decode()
