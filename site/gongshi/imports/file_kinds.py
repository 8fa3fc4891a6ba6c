"""Which kind of file this is: what its first bytes say and what its name says must agree. Pure.

A file can be more than one thing at once; so an image ends where its format ends, and an Office file begins and ends
as the archive it is.
"""

import unicodedata
from collections.abc import Collection
from enum import StrEnum

from gongshi.imports import archives
from gongshi.imports.refusals import FileEmpty, FileTooBig, KindMismatch, KindNotAllowed, OldOffice

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


class FileKind(StrEnum):
    """The kinds of file that the site takes. The value is the ending of its name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpg"
    MARKDOWN = "md"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


ENDINGS = {kind.value: kind for kind in FileKind} | {
    "jpeg": FileKind.JPEG,
    "markdown": FileKind.MARKDOWN,
    "txt": FileKind.MARKDOWN,
}
TEXTS = frozenset({FileKind.MARKDOWN, FileKind.CSV})
OFFICE = frozenset({FileKind.DOCX, FileKind.XLSX})
ATTACHMENTS = frozenset({FileKind.PDF, FileKind.DOCX, FileKind.XLSX, FileKind.PNG, FileKind.JPEG})
MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.MARKDOWN: "text/markdown",
    FileKind.CSV: "text/csv",
}


def clean_name(given: str | None) -> str:
    """A file's own name as it may be shown and kept: without folders, control characters, or excessive length."""
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    visible = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip()
    stem, dot, ending = visible.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if dot else visible[:100] or "file"


def kind_of(name: str, data: bytes, *, allowed: Collection[FileKind], largest: int = LARGEST) -> FileKind:
    """The kind of a file, by its name and its bytes alike; an Office file has then passed `archives.check`.

    Raises KindNotAllowed, FileEmpty, FileTooBig, OldOffice, PasswordProtected, KindMismatch, and what
    `archives.check` raises.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = ENDINGS.get(ending)
    if not data:
        raise FileEmpty(name=name)
    if len(data) > largest:
        raise FileTooBig(name=name, megabytes=largest // MEGABYTE)
    if data.startswith(OLE):
        raise archives.protected(name) if _is_encrypted_package(data) else OldOffice(name=name)
    if kind is None or kind not in allowed:
        raise KindNotAllowed(name=name, found=ending or "—", allowed=sorted(one.value for one in allowed))
    found = seen(name, data)
    if found != kind and not (found is None and kind in TEXTS):
        raise KindMismatch(name=name, ending=ending, found=found.value if found else "?")
    return kind


def seen(name: str, data: bytes) -> FileKind | None:
    """What the bytes alone say; None for text and for what is not known. Raises what `archives.check` raises."""
    if data.startswith(b"%PDF-"):
        return FileKind.PDF if b"%%EOF" in data[-2048:] else None
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG if data.endswith(b"IEND\xae\x42\x60\x82") else None
    if data.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG if data.rstrip(b"\x00").endswith(b"\xff\xd9") else None
    if data.startswith(b"PK"):
        parts = archives.check(name, data)
        return next((FileKind(kind) for main, kind in OFFICE_MAIN.items() if main in parts), None)
    return None


def _is_encrypted_package(data: bytes) -> bool:
    """Office keeps a password-protected .xlsx or .docx inside the old container, under this name."""
    return "EncryptedPackage".encode("utf-16-le") in data
