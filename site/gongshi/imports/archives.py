"""Office files are zip archives: what is checked of one before anything in it is unpacked. Pure.

The limits are those of docs/decisions/0010-reading-files.md.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from gongshi.imports.refusals import (
    FileDamaged,
    HasExternalLinks,
    HasMacros,
    PasswordProtected,
    TooManyParts,
    UnpacksTooBig,
    UnsafeNames,
)

MOST_PARTS = 200
LARGEST_UNPACKED = 20 * 1024 * 1024
# A part of some size that unpacks to more than this many times as much is a bomb, or nearly empty and still useless.
DENSEST = 100
SMALL_PART = 100 * 1024

_ENTRY = b"PK\x01\x02"
_END = b"PK\x05\x06"
_ENCRYPTED = 0x1
_MACROS = ("vbaproject.bin", "vbadata.xml")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def check(name: str, data: bytes) -> frozenset[str]:
    """The names of the parts of an archive that is harmless to unpack.

    Raises FileDamaged, TooManyParts, UnsafeNames, PasswordProtected, UnpacksTooBig, HasMacros, HasExternalLinks.
    """
    # The count comes before the directory is read: reading a long one already costs memory.
    if data.count(_ENTRY) > 4 * MOST_PARTS:
        raise TooManyParts(name=name, most=MOST_PARTS)
    parts = _parts(name, data)
    if len(parts) > MOST_PARTS:
        raise TooManyParts(name=name, most=MOST_PARTS)
    if len({part.filename.lower() for part in parts}) < len(parts) or not all(map(_is_inside, parts)):
        raise UnsafeNames(name=name)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise PasswordProtected(name=name)
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(map(_is_dense, parts)):
        raise UnpacksTooBig(name=name, megabytes=LARGEST_UNPACKED // 1024 // 1024, times=DENSEST)
    names = frozenset(part.filename for part in parts)
    if any(PurePosixPath(one).name.lower() in _MACROS for one in names) or _declares_macros(name, data, names):
        raise HasMacros(name=name)
    if any(one.lower().startswith("xl/externallinks/") for one in names):
        raise HasExternalLinks(name=name)
    return names


def protected(name: str) -> PasswordProtected:
    """The refusal of a file that only a password opens."""
    return PasswordProtected(name=name)


def _parts(name: str, data: bytes) -> Sequence[zipfile.ZipInfo]:
    end = data.rfind(_END)
    # Nothing before the first entry and nothing after the end: an archive that is something else besides is refused.
    if not data.startswith(b"PK\x03\x04") or end < 0 or len(data) != end + 22:
        raise FileDamaged(name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.compress_type not in _METHODS for part in parts):
                raise FileDamaged(name=name)
            return parts
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise FileDamaged(name=name) from error


def _declares_macros(name: str, data: bytes, names: frozenset[str]) -> bool:
    """Whether the table of contents calls the file macro-enabled, wherever the program itself may be hidden."""
    contents = "[Content_Types].xml"
    if contents not in names:
        raise FileDamaged(name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(contents) as part:
            declared = part.read(1024 * 1024)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error) as error:
        raise FileDamaged(name=name) from error
    return b"macroEnabled" in declared or b"vbaProject" in declared


def _is_inside(part: zipfile.ZipInfo) -> bool:
    path = part.filename
    return not path.startswith("/") and "\\" not in path and ":" not in path and ".." not in path.split("/")


def _is_dense(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL_PART and part.file_size > DENSEST * max(part.compress_size, 1)
