"""Hostile texts on every page, at the counts of CI."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from floods import hostile, taking_away
from floods.counts import reduced
from floods.naughty import prove_naughty
from floods.reports import written
from journeys import chromium
from tests.conftest import missing

MAIL = b"From: shili@example.cn\r\nSubject: x\r\n\r\nx\r\n"


def test_the_corpus_has_the_whole_list() -> None:
    # 503, of which four stand in it twice.
    assert len(hostile.naughty()) == 499
    assert len(hostile.corpus()) > 485 + 100


def office_file(part: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as parts:
        parts.writestr("word/document.xml", part)
    return held.getvalue()


FILES = {
    "a table": ("text/csv; charset=utf-8", b'"x","\'=1+1"\r\n"y","1"\r\n', True),
    "a cell that is run": ("text/csv", b'"x","=1+1"\r\n', False),
    "a cell that is run after blanks": ("text/csv", b'"x","  =1+1"\r\n', False),
    "a row too short": ("text/csv", b'"x","y"\r\n"x"\r\n', False),
    "a cell that is not closed": ("text/csv", b'"x","y\r\n', False),
    "a table in another encoding": ("text/csv", "表".encode("gbk"), False),
    "values": ("application/json", b'{"x": "</script>"}', True),
    "values cut short": ("application/json", b'{"x": ', False),
    "a feed": ("application/atom+xml", b"<feed><title>x &amp; y</title></feed>", True),
    "a feed with bare text": ("application/atom+xml", b"<feed><title>x & y</title></feed>", False),
    "a document": (taking_away.DOCX, office_file("<w><t>x</t></w>"), True),
    "a document with bare text": (taking_away.DOCX, office_file("<w><t>x < y</t></w>"), False),
    "a document that is none": (taking_away.DOCX, b"PK\x03\x04", False),
    "text": ("text/plain", "文字".encode(), True),
    "text with a NUL": ("text/plain", b"x\x00", False),
}


@pytest.mark.parametrize(("media_type", "data", "in_order"), FILES.values(), ids=FILES)
def test_a_file_that_others_would_stumble_over_is_noticed(media_type: str, data: bytes, in_order: bool) -> None:
    assert (taking_away.wrong_with(media_type, data) == "") is in_order


def test_a_header_that_came_in_with_a_text_is_noticed() -> None:
    assert taking_away.shape(MAIL) != taking_away.shape(MAIL.replace(b"x\r\n", b"x\r\nBcc: y@example.cn\r\n", 1))


# A busy machine takes four times as long as an idle one.
@pytest.mark.timeout(900)
@pytest.mark.slow
@pytest.mark.browser
def test_hostile_texts_run_nothing_and_are_shown_as_sent(tmp_path: Path) -> None:
    if chromium.executable() is None or not chromium.driver_starts():
        missing("no Chromium here, or Playwright's Node.js does not run")

    # In a thread of its own: the journeys' browser may have a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(prove_naughty, tmp_path, reduced("naughty")).result()

    assert report.is_clean, written(report)
