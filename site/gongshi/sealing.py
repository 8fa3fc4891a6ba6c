"""Sealing 封存: a text under AES-256-GCM, bound to the place where it lies, so that it opens nowhere else.

A ring holds several keys, of which the newest seals and all open. Each key is a file of its own, named by its id, so
that a key is taken away by deleting its file; ids begin with a number that only grows, so that the newest is the one
that sorts last, whatever the clock says. The folder is looked at again before each use: a process that has run for
weeks seals under the key that was made a moment ago.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_SIZE = 32
NONCE_SIZE = 12


class CannotOpen(Exception):
    """What was sealed does not open: its key is gone, or it lies elsewhere than where it was sealed, or was changed.

    Says which key, and nothing of what was sealed.
    """


@dataclass(frozen=True)
class Sealed:
    """What may be stored: the id of the key, and the nonce with the ciphertext."""

    key_id: str
    data: bytes


class KeyRing:
    """The keys of one folder. Made by `load_or_create`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, AESGCM] = {}

    @classmethod
    def load_or_create(cls, folder: Path) -> Self:
        """The ring of a folder; the first key is made when there is none."""
        ring = cls(folder)
        if not ring.ids():
            ring.add()
        return ring

    def ids(self) -> list[str]:
        """The ids of the keys that there are now, the oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(entry.name.removesuffix(".key") for entry in os.scandir(self._folder) if _is_key(entry.name))

    @property
    def primary(self) -> str:
        """The id of the key that seals now. Raises CannotOpen when every key is gone."""
        ids = self.ids()
        if not ids:
            raise CannotOpen("no key is left in the folder of keys")
        return ids[-1]

    def add(self) -> str:
        """Make a new key, which seals from now on; it is on disk when this returns."""
        ids = self.ids()
        ordinal = int(ids[-1].split("-")[0]) + 1 if ids else 1
        id = f"{ordinal:04d}-{secrets.token_hex(4)}"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_durably(self._folder / f"{id}.key", AESGCM.generate_key(KEY_SIZE * 8).hex())
        return id

    def destroy(self, id: str) -> None:
        """Delete a key for ever: whatever it sealed opens no more. Raises ValueError for the one that seals now."""
        if id == self.primary:
            raise ValueError("the key that seals now is not destroyed; make a new one first")
        path = self._folder / f"{id}.key"
        # Overwritten first: on many disks the bytes of a deleted file stay until somebody needs the room.
        with path.open("r+b") as file:
            file.write(b"0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(self._folder)
        self._keys.pop(id, None)

    def seal(self, text: bytes, aad: str) -> Sealed:
        """Seal under the newest key. `aad` says where it lies; the id of the key is bound to it as well."""
        id, nonce = self.primary, secrets.token_bytes(NONCE_SIZE)
        return Sealed(id, nonce + self._key(id).encrypt(nonce, text, _bound(aad, id)))

    def open(self, sealed: Sealed, aad: str) -> bytes:
        """What was sealed there. Raises CannotOpen."""
        nonce, ciphertext = sealed.data[:NONCE_SIZE], sealed.data[NONCE_SIZE:]
        try:
            return self._key(sealed.key_id).decrypt(nonce, ciphertext, _bound(aad, sealed.key_id))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(f"not sealed here under key {sealed.key_id}") from error

    def rewrap(self, sealed: Sealed, aad: str) -> Sealed:
        """The same under the newest key. Raises CannotOpen."""
        return self.seal(self.open(sealed, aad), aad)

    def _key(self, id: str) -> AESGCM:
        path = self._folder / f"{id}.key"
        if id not in self._keys:
            try:
                self._keys[id] = AESGCM(bytes.fromhex(path.read_text(encoding="ascii").strip()))
            except FileNotFoundError as error:
                raise CannotOpen(f"key {id} is gone") from error
        elif not path.exists():
            # Destroyed by another process: what it sealed is to be unreadable here too.
            self._keys.pop(id, None)
            raise CannotOpen(f"key {id} is gone")
        return self._keys[id]


def _is_key(name: str) -> bool:
    return name.endswith(".key") and not name.startswith(".")


def _bound(aad: str, id: str) -> bytes:
    return f"{aad}:{id}".encode()


def _write_durably(path: Path, text: str) -> None:
    """A file is there whole or not at all, also after a power cut, and nobody else may read it."""
    fresh = path.with_name(f".{path.name}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
