"""Signed notes as specified by c2sp.org/signed-note, with Ed25519 keys.

A note is a text and lines of signatures under it. Keys are written in the forms that other tools read: a verifier key
as `<name>+<key id>+<base64>`, a signing key as `PRIVATE+KEY+<name>+<key id>+<base64>`. Signatures by keys we do not
know, a witness's for instance, are carried along and believed by nobody.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_ID_SIZE = 4
MAX_SIGNATURES = 100
_PRIVATE = "PRIVATE+KEY+"
_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<base64>[A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class MalformedNote(ValueError):
    """These bytes are not a signed note, or not a key for one."""


class NotSigned(Exception):
    """No known key has signed the note, or a known key's signature is not over this text."""


@dataclass(frozen=True)
class Signature:
    """One line under a note: whose it says it is, and what it holds."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_id + self.value).decode()}"


@dataclass(frozen=True)
class Note:
    """A text, ending in a newline, and its signatures; `str(note)` is the form that is published."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{signature}\n" for signature in self.signatures)


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a key, under the name it signs as."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_SIZE]

    def __str__(self) -> str:
        return _written(self.name, self.key_id, self.public)

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a key; its id must be the one that its name and bytes make. Raises MalformedNote."""
        name, key_id, public = _key_parts(text)
        key = cls(name, public)
        if key.key_id.hex() != key_id:
            raise MalformedNote("the key id is not that of the key")
        return key

    def has_signed(self, note: Note) -> bool:
        """Whether this key's signature is under the note. Raises NotSigned when it is there and wrong."""
        mine = [held for held in note.signatures if (held.name, held.key_id) == (self.name, self.key_id)]
        for signature in mine:
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature.value, note.text.encode())
            except InvalidSignature as error:
                raise NotSigned(f"the signature of {self.name} is not over this text") from error
        return bool(mine)


@dataclass(frozen=True)
class SigningKey:
    """A key that signs notes under a name."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def export(self) -> str:
        """The secret itself, in the form that `parse` reads."""
        return _PRIVATE + _written(self.name, self.verifier.key_id, self.private.private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Read a signing key. Raises MalformedNote."""
        if not text.startswith(_PRIVATE):
            raise MalformedNote("not a signing key")
        name, key_id, seed = _key_parts(text.removeprefix(_PRIVATE))
        key = cls(name, Ed25519PrivateKey.from_private_bytes(seed))
        if key.verifier.key_id.hex() != key_id:
            raise MalformedNote("the key id is not that of the key")
        return key

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """A new key. Raises MalformedNote for a name that no note could carry."""
        _refuse_unless_name(name)
        return cls(name, Ed25519PrivateKey.generate())


def sign(text: str, key: SigningKey) -> Note:
    """A note of this text with one signature. Raises MalformedNote for a text that no note could carry."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise MalformedNote("a note's text ends in a newline and has no other control characters")
    return Note(text, (Signature(key.name, key.verifier.key_id, key.private.sign(text.encode())),))


def parse(written: str) -> Note:
    """Read a note without believing it yet. Raises MalformedNote."""
    text, blank, signatures = written.rpartition("\n\n")
    if not blank or not signatures.endswith("\n") or _CONTROL.search(written):
        raise MalformedNote("a note is a text, an empty line, and lines of signatures")
    lines = signatures.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote(f"a note has at most {MAX_SIGNATURES} signatures")
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def verify(written: str, keys: Iterable[VerifierKey]) -> Note:
    """Read a note that at least one of these keys has signed. Raises MalformedNote, NotSigned."""
    note = parse(written)
    # Every key is asked, since a false signature of a known key condemns the note whoever else has signed it.
    if not any([key.has_signed(note) for key in keys]):
        raise NotSigned("no known key has signed this note")
    return note


def _signature(line: str) -> Signature:
    found = _SIGNATURE_LINE.fullmatch(line)
    if found is None:
        raise MalformedNote("not a line of a signature")
    held = _bytes(found["base64"])
    if len(held) <= KEY_ID_SIZE:
        raise MalformedNote("a signature begins with the id of its key")
    return Signature(found["name"], held[:KEY_ID_SIZE], held[KEY_ID_SIZE:])


def _written(name: str, key_id: bytes, key: bytes) -> str:
    return f"{name}+{key_id.hex()}+{base64.b64encode(ED25519 + key).decode()}"


def _key_parts(text: str) -> tuple[str, str, bytes]:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    _refuse_unless_name(name)
    key = _bytes(encoded)
    if len(key) != len(ED25519) + 32 or not key.startswith(ED25519):
        raise MalformedNote("not an Ed25519 key")
    return name, key_id, key.removeprefix(ED25519)


def _refuse_unless_name(name: str) -> None:
    if not re.fullmatch(r"[^\s+]+", name) or _CONTROL.search(name):
        raise MalformedNote("a key's name is not empty and has neither spaces nor plus signs")


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedNote("not base64") from error
