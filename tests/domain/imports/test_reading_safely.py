"""A file is read in a process of its own: whatever it does there, the server goes on."""

import time
from pathlib import Path

import pytest

from gongshi.imports import safely
from gongshi.imports.refusals import FileDamaged, FileEmpty, ReadingTooLarge, ReadingTooSlow
from gongshi.imports.safely import Limits

READERS = {
    "echo": "def read(data, name): return {'name': name, 'size': len(data)}",
    "spin": "def read(data, name):\n    while True: pass",
    "sleep": "import time\ndef read(data, name): time.sleep(60)",
    "hog": "def read(data, name): return [bytes(1000) for _ in range(10**7)]",
    "crash": "import os, signal\ndef read(data, name): os.kill(os.getpid(), signal.SIGSEGV)",
    "fail": "def read(data, name): raise ValueError('broken')",
    "refuse": "from gongshi.imports.refusals import FileEmpty\ndef read(data, name): raise FileEmpty(name=name)",
    "flood": "def read(data, name): return 'x' * (40 * 1024 * 1024)",
    "write": "import tempfile\ndef read(data, name): tempfile.TemporaryFile().write(b'x' * 2**25)",
    "peek": "import os\ndef read(data, name): return sorted(os.environ)",
}


@pytest.fixture(autouse=True)
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers of these tests, found beside those of the site."""
    for name, source in READERS.items():
        text = f"from gongshi.imports import safely\n{source}\nif __name__ == '__main__':\n    safely.serve(read)\n"
        (tmp_path / f"reader_{name}.py").write_text(text, encoding="utf-8")
    site = safely._SOURCE
    monkeypatch.setattr(safely, "_SOURCE", f"{site}:{tmp_path}")


def test_a_reader_gets_the_file_and_its_answer_comes_back() -> None:
    assert safely.run("reader_echo", b"12345", name="名单 “甲”.xlsx") == {"name": "名单 “甲”.xlsx", "size": 5}


def test_a_refusal_in_the_child_is_the_same_refusal_here() -> None:
    with pytest.raises(FileEmpty) as refused:
        safely.run("reader_refuse", b"", name="空.xlsx")

    assert refused.value.details == {"name": "空.xlsx"}


@pytest.mark.parametrize(
    ("reader", "limits", "refusal"),
    [
        pytest.param("spin", Limits(processor=1, seconds=10), ReadingTooSlow, id="computes for ever"),
        pytest.param("sleep", Limits(seconds=0.5), ReadingTooSlow, id="waits for ever"),
        pytest.param("hog", Limits(memory=128), ReadingTooLarge, id="takes all memory"),
        pytest.param("crash", Limits(), FileDamaged, id="crashes"),
        pytest.param("fail", Limits(), FileDamaged, id="fails"),
        pytest.param("flood", Limits(), ReadingTooLarge, id="answers without end"),
        pytest.param("write", Limits(), FileDamaged, id="fills the disk"),
    ],
)
def test_a_reader_that_misbehaves_is_ended_and_the_file_refused(
    reader: str, limits: Limits, refusal: type[Exception]
) -> None:
    begun = time.monotonic()

    with pytest.raises(refusal):
        safely.run(f"reader_{reader}", b"x", name="坏.xlsx", limits=limits)

    assert time.monotonic() - begun < 8


def test_a_reader_knows_nothing_of_the_servers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for files")

    seen = safely.run("reader_peek", b"", name="x")

    assert "SECRET_KEY" not in seen
    assert set(seen) <= {"LANG", "OPENPYXL_LXML", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "LC_CTYPE"}
