"""Files of notices: the kind is what the bytes say, the name is safe to show, and each content is kept once."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from gongshi.imports.file_kinds import LARGEST, FileKind
from gongshi.imports.refusals import FileRefused
from gongshi.notices import attachments

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def office(*parts: str) -> bytes:
    """An Office file with these parts, as an archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return held.getvalue()


def test_a_file_is_kept_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    kept = attachments.keep(tmp_path, name="项目清单.pdf", data=PDF)

    assert (kept.name, kept.kind, kept.size) == ("项目清单.pdf", FileKind.PDF, len(PDF))
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    assert attachments.place_of(tmp_path, kept.sha256).read_bytes() == PDF


def test_the_same_content_is_kept_once_and_nothing_else_lies_beside_it(tmp_path: Path) -> None:
    first = attachments.keep(tmp_path, name="一.pdf", data=PDF)
    second = attachments.keep(tmp_path, name="二.pdf", data=PDF)

    assert first.sha256 == second.sha256
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("清单.docx", PDF, id="a PDF that calls itself a document"),
        pytest.param("清单.pdf", b"<html><script>alert(1)</script></html>", id="a page that calls itself a PDF"),
        pytest.param("清单.html", b"<html></html>", id="a page"),
        pytest.param("清单.svg", b"<svg/>", id="a drawing with scripts in it"),
        pytest.param("清单.md", "# 题".encode(), id="a text, which would be a notice by itself"),
        pytest.param("清单.pdf", b"", id="nothing"),
        pytest.param("清单.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), id="a spreadsheet with macros"),
        pytest.param("清单.xlsx", office("word/document.xml"), id="a document that calls itself a spreadsheet"),
        pytest.param("清单", PDF, id="no ending"),
        pytest.param("清单.pdf", PDF + b" " * LARGEST + b"%%EOF", id="too big"),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_not_kept(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(FileRefused):
        attachments.keep(tmp_path, name=name, data=data)

    assert list(tmp_path.iterdir()) == []


def test_an_office_file_without_macros_is_kept(tmp_path: Path) -> None:
    assert attachments.keep(tmp_path, name="表.xlsx", data=office("xl/workbook.xml")).kind is FileKind.XLSX


@pytest.mark.parametrize("name", ["C:\\文件\\清单.pdf", "../../etc/清单.pdf", "清\r\n单\x00.pdf", "清\u202e单.pdf"])
def test_a_name_is_shown_without_path_and_without_what_cannot_be_seen(tmp_path: Path, name: str) -> None:
    assert attachments.keep(tmp_path, name=name, data=PDF).name == "清单.pdf"


def test_only_a_hash_leads_to_a_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        attachments.place_of(tmp_path, "../../etc/passwd")
