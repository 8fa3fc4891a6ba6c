"""One-time codes: TOTP (RFC 6238) from a telephone, and recovery codes from a sheet of paper.

A TOTP code is taken for its own half minute and the ones before and after, and each half minute at most once.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet

STEP_SECONDS = 30
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # Without i, l, o, 0, 1, which are misread on paper.
_GROUPS, _GROUP = 4, 4


def new_secret() -> str:
    """A fresh TOTP secret: 160 bits in base32."""
    return pyotp.random_base32()


def address(secret: str, *, login: str, issuer: str) -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The half minute that a code belongs to, if it is one of now, just before or just after."""
    typed = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", typed):
        return None
    present = int(at.timestamp()) // STEP_SECONDS
    generator = pyotp.HOTP(secret)
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(generator.at(step), typed):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes of some 79 bits each, written in groups."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]


def digest(recovery_code: str) -> str:
    """What is kept of a recovery code, however it was typed."""
    return hashlib.sha256(re.sub(r"[^a-z0-9]", "", recovery_code.lower()).encode()).hexdigest()


def seal(secret: str, key: bytes) -> str:
    """A secret that has to be read again, unreadable without the key (32 bytes)."""
    return _box(key).encrypt(secret.encode()).decode()


def unseal(sealed: str, key: bytes) -> str:
    return _box(key).decrypt(sealed.encode()).decode()


def _box(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))
