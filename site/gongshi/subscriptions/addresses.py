"""What may be written to: one plain address, and nothing that could become a second line of a mail's head. Pure."""

import hmac
import re
import unicodedata
from datetime import date

from gongshi.errors import RuleBroken

# RFC 5321 4.5.3.1.
LONGEST, LONGEST_LOCAL, LONGEST_LABEL = 254, 64, 63
# RFC 5322's atom text; beyond ASCII any letter, mark or digit (RFC 6531). Quoted local parts are never anybody's.
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u00a1-\U0010ffff]+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
# Control, format, surrogate, private use, unassigned; line and paragraph separators, spaces.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}


class AddressUnusable(RuleBroken):
    """Not an address that mail can be sent to."""

    code = "mail-address-unusable"


def plain(typed: str) -> str:
    """An address as it is written to: domain in ASCII and small letters. Raises AddressUnusable."""
    address = unicodedata.normalize("NFC", typed.strip(" ")) if len(typed) <= 2 * LONGEST else ""
    local, at, domain = address.rpartition("@")
    if not at or not _is_local(local):
        raise AddressUnusable
    whole = f"{local}@{_ascii(domain)}"
    if len(whole.encode()) > LONGEST:
        raise AddressUnusable
    return whole


def digest(key: bytes, address: str, day: date) -> str:
    """What an address is counted under on one day; says nothing of it without the key, and differs from day to day."""
    return hmac.digest(key, f"address:{day}:{address.casefold()}".encode(), "sha256").hex()


def _is_local(local: str) -> bool:
    if any(unicodedata.category(letter) in _UNPRINTABLE for letter in local):
        return False
    return len(local.encode()) <= LONGEST_LOCAL and all(_ATOM.fullmatch(atom) for atom in local.split("."))


def _ascii(domain: str) -> str:
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError as error:
        raise AddressUnusable from error
    labels = ascii_domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        raise AddressUnusable
    if any(len(label) > LONGEST_LABEL or not _LABEL.fullmatch(label) for label in labels):
        raise AddressUnusable
    return ascii_domain
