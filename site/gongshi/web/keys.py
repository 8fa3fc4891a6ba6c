"""Keys: each use has its own, and none gives away another or the site's one secret, from which most are made."""

import hmac
from pathlib import Path

from config import Config
from gongshi.sealing import KeyRing


def receipt_key(config: Config) -> bytes:
    """The key that receipts are made with. Change the secret and no lost receipt can be shown again."""
    return _derived(config, "receipt")


def network_key(config: Config) -> bytes:
    """The key under which networks are counted, so that the counters hold no addresses."""
    return _derived(config, "network")


def proof_key(config: Config) -> bytes:
    """The key that challenges of the proof of work are signed with."""
    return _derived(config, "proof of work")


def proof_answer_key(config: Config) -> bytes:
    """The key under which a challenge holds its answer."""
    return _derived(config, "answer of a proof of work")


def factor_key(config: Config) -> bytes:
    """The key that second factors are sealed with. Change the secret and everybody has to set theirs anew."""
    return _derived(config, "second factor")


def access_log_key(config: Config) -> bytes:
    """The key under which networks stand in access logs, another one each day."""
    return _derived(config, "access log")


def mail_key(config: Config) -> bytes:
    """The key that links in mails are made with, and under which addresses are counted."""
    return _derived(config, "mail")


def personal_ring(config: Config) -> KeyRing:
    """The keys that names and contacts are sealed with. They are no use of the secret: each is drawn by itself, so that
    it can be destroyed for ever."""
    return KeyRing.load_or_create(personal_folder(config))


def personal_folder(config: Config) -> Path:
    """Where those keys lie. To look at them without making one: `KeyRing(personal_folder(config))`."""
    return config.DATA_DIR / "keys" / "personal"


def _derived(config: Config, use: str) -> bytes:
    # HKDF's expand step (RFC 5869) for one block; the secret is uniformly random, so there is nothing to extract.
    return hmac.digest(config.secret_key().encode(), f"gongshi {use} v1".encode() + b"\x01", "sha256")
