"""Keys that are made from the site's one secret: each use has its own, and none gives away another or the secret."""

import hmac

from config import Config


def receipt_key(config: Config) -> bytes:
    """The key that receipts are made with. Change the secret and no lost receipt can be shown again."""
    return _derived(config, "receipt")


def network_key(config: Config) -> bytes:
    """The key under which networks are counted, so that the counters hold no addresses."""
    return _derived(config, "network")


def factor_key(config: Config) -> bytes:
    """The key that second factors are sealed with. Change the secret and everybody has to set theirs anew."""
    return _derived(config, "second factor")


def _derived(config: Config, use: str) -> bytes:
    # HKDF's expand step (RFC 5869) for one block; the secret is uniformly random, so there is nothing to extract.
    return hmac.digest(config.secret_key().encode(), f"gongshi {use} v1".encode() + b"\x01", "sha256")
