"""A checker of proof files that shares nothing with the site: the specifications, hashlib and an Ed25519 library.

c2sp.org/tlog-proof, signed-note and tlog-checkpoint; RFC 6962 section 2.1.1, checked as RFC 9162 section 2.1.3.2 says.
"""

import base64
import hmac
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """The file proves nothing."""


@dataclass(frozen=True)
class Proved:
    """What a file proves: the entry, its place, and the texts behind those commitments that were opened."""

    entry: dict[str, Any]
    index: int
    size: int
    opened: dict[str, str]


def check(file: bytes, vkey: str) -> Proved:
    """Check a proof file against the log's public key. Raises Refused."""
    try:
        return _check(file.decode(), vkey)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, InvalidSignature) as error:
        raise Refused(str(error)) from error


def _check(text: str, vkey: str) -> Proved:
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    _want(lines[0] == "c2sp.org/tlog-proof@v1", "header")
    _want(lines[1].startswith("extra "), "extra")
    index = _decimal(lines[2].removeprefix("index ")) if lines[2].startswith("index ") else _refuse("index")
    extra = json.loads(_unbase64(lines[1].removeprefix("extra ")), object_pairs_hook=_no_twice)
    _want(set(extra) == {"leaf", "open"}, "extra holds a leaf and what is opened")
    size, root = _checkpoint(note, vkey)
    leaf = sha256(b"\x00" + extra["leaf"].encode()).digest()
    _want(_root_of(leaf, index, size, [_unbase64(line) for line in lines[3:]]) == root, "root")
    entry = json.loads(extra["leaf"], object_pairs_hook=_no_twice)
    return Proved(entry, index, size, _opened(entry["subject"]["c"], extra["open"]))


def _opened(committed: dict[str, str], opened: dict[str, Any]) -> dict[str, str]:
    for field, one in opened.items():
        _want(set(one) == {"salt", "text"} and re.fullmatch("[0-9a-f]{64}", one["salt"]) is not None, "opening")
        made = hmac.new(bytes.fromhex(one["salt"]), one["text"].encode(), "sha256").hexdigest()
        _want(committed[field] == made, f"{field} is not what was committed to")
    return {field: one["text"] for field, one in opened.items()}


def _checkpoint(note: str, vkey: str) -> tuple[int, bytes]:
    text, blank, signatures = note.rpartition("\n\n")
    text += "\n"
    _want(bool(blank) and signatures.endswith("\n"), "note")
    name, key_id, key = vkey.split("+", 2)
    public = _unbase64(key)[1:]
    _want(sha256(name.encode() + b"\n\x01" + public).hexdigest()[:8] == key_id, "key id")
    mine = f"— {name} "
    signed = [_unbase64(one.removeprefix(mine)) for one in signatures.split("\n")[:-1] if one.startswith(mine)]
    signed = [one[4:] for one in signed if one[:4].hex() == key_id]
    _want(len(signed) == 1, "one signature by this key")
    Ed25519PublicKey.from_public_bytes(public).verify(signed[0], text.encode())
    origin, size, root = text.split("\n")[:3]
    _want(origin == name, "origin")
    return _decimal(size), _unbase64(root)


def _root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    _want(index < size and all(len(step) == 32 for step in path), "path")
    place, last, result = index, size - 1, leaf
    for step in path:
        _want(last > 0, "a path too long")
        if place % 2 == 1 or place == last:
            result = sha256(b"\x01" + step + result).digest()
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            result = sha256(b"\x01" + result + step).digest()
        place, last = place // 2, last // 2
    _want(last == 0, "a path too short")
    return result


def _decimal(text: str) -> int:
    _want(re.fullmatch("0|[1-9][0-9]*", text) is not None, "a number")
    return int(text)


def _unbase64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    _want(base64.b64encode(data).decode() == text, "base64 has one form")
    return data


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _want(len({name for name, _ in pairs}) == len(pairs), "a member twice")
    return dict(pairs)


def _want(holds: bool, what: str) -> None:
    if not holds:
        _refuse(what)


def _refuse(what: str) -> int:
    raise Refused(what)
