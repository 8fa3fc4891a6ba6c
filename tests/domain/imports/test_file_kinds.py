"""A file is what its name says and what its bytes say, and both must say the same."""

import pytest
from spreadsheets import good_rows, repacked, workbook

from gongshi.imports import refusals
from gongshi.imports.file_kinds import ATTACHMENTS, FileKind, clean_name, kind_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xae\x42\x60\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"
PDF = b"%PDF-1.7\n" + b"x" * 20 + b"\n%%EOF\n"
EVERY = frozenset(FileKind)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("图.png", PNG, FileKind.PNG),
        ("图.jpg", JPEG, FileKind.JPEG),
        ("图.JPEG", JPEG, FileKind.JPEG),
        ("附件.pdf", PDF, FileKind.PDF),
        ("表.xlsx", workbook(good_rows(1)), FileKind.XLSX),
        ("文.md", "字".encode(), FileKind.MARKDOWN),
        ("文.txt", "字".encode("gbk"), FileKind.MARKDOWN),
        ("表.csv", b"1,2", FileKind.CSV),
    ],
)
def test_a_file_whose_name_and_bytes_agree_is_of_that_kind(name: str, data: bytes, kind: FileKind) -> None:
    assert kind_of(name, data, allowed=EVERY) is kind


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        pytest.param("图.png", JPEG, refusals.KindMismatch, id="a jpeg called png"),
        pytest.param("图.jpg", PDF, refusals.KindMismatch, id="a pdf called jpg"),
        pytest.param("页.png", b"<html><script>", refusals.KindMismatch, id="a page called png"),
        pytest.param("图.png", PNG + b"<script>", refusals.KindMismatch, id="a png that goes on as a page"),
        pytest.param("图.jpg", JPEG + b"PK\x05\x06", refusals.KindMismatch, id="a jpeg that goes on as an archive"),
        pytest.param("附件.pdf", b"<html>%PDF-1.7\n%%EOF", refusals.KindMismatch, id="a page that goes on as a pdf"),
        pytest.param("附件.pdf", b"%PDF-1.7\n" + b"x" * 5000, refusals.KindMismatch, id="half a pdf"),
        pytest.param("程序.exe", b"MZ", refusals.KindNotAllowed, id="a program"),
        pytest.param("页.html", b"<html>", refusals.KindNotAllowed, id="a page"),
        pytest.param("图.svg", b"<svg/>", refusals.KindNotAllowed, id="an svg"),
        pytest.param("文.docx", workbook(good_rows(1)), refusals.KindMismatch, id="a workbook called docx"),
        pytest.param(
            "文.xlsx", b"MZ" + workbook(good_rows(1)), refusals.KindMismatch, id="a program that goes on as a workbook"
        ),
        pytest.param(
            "表.xlsx",
            repacked(workbook(good_rows(1)), add={"xl/VBAPROJECT.BIN": b"x"}),
            refusals.HasMacros,
            id="macros in capitals",
        ),
        pytest.param("图.png", b"\x89PNG" + b"x" * 11 * 1024 * 1024, refusals.FileTooBig, id="eleven megabytes"),
        pytest.param("表.csv", b"1,2", refusals.KindNotAllowed, id="a kind that is no attachment"),
    ],
)
def test_a_file_whose_name_and_bytes_disagree_is_refused(name: str, data: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        kind_of(name, data, allowed=ATTACHMENTS)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\甲\\名单.xlsx", "名单.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("名\u202e单\r\n.xlsx", "名单.xlsx"),
        ("长" * 300 + ".docx", "长" * 100 + ".docx"),
        (None, "file"),
    ],
)
def test_a_files_own_name_is_kept_without_what_could_mislead(given: str | None, kept: str) -> None:
    assert clean_name(given) == kept
