"""Files of notices: checked when they come in, kept by the hash of their bytes, never opened by the site again.

The folder holds each content once, under `ab/abcd…`. A file is there before anything speaks of it: written beside its
place, flushed to disk, then renamed. What a draft that was given up brought in stays; nobody can reach it.
"""

import hashlib
import os
import re
from pathlib import Path
from uuid import uuid4

from gongshi.imports.file_kinds import ATTACHMENTS, clean_name, kind_of
from gongshi.notices.actions import Attached


def keep(folder: Path, *, name: str, data: bytes) -> Attached:
    """Check a file and keep its bytes.

    PDF, DOCX, XLSX, PNG and JPEG of at most 10 MB, whose bytes are what its name says; no macros, no bombs. Raises
    what `imports.file_kinds.kind_of` raises.
    """
    shown = clean_name(name)
    kind = kind_of(shown, data, allowed=ATTACHMENTS)
    sha256 = hashlib.sha256(data).hexdigest()
    _write(place_of(folder, sha256), data)
    return Attached(name=shown, kind=kind, size=len(data), sha256=sha256)


def place_of(folder: Path, sha256: str) -> Path:
    """Where the bytes with this hash are kept."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256")
    return folder / sha256[:2] / sha256


def _write(target: Path, data: bytes) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{uuid4().hex[:8]}")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
