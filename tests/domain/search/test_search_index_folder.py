"""The index is disposable: it can be missing, old, garbled or swapped at any moment, and the site works on."""

import gc
import json
import logging
import os
import random
import shutil
import stat
import threading
import time
from datetime import timedelta

import pytest
import search_corpus
from search_corpus import make_document
from search_watching import watching

from gongshi.search import IndexBusy, IndexMissing, parse, whoosh_folder
from gongshi.search.whoosh_engine import WhooshBackend

QUERIES = [parse(typed) for typed in ("证券", "数据 模型", "的", "api", "Bloom", "风险防范", "银河证券")]


def answers(backend):
    return [(page.hits, page.total) for page in map(backend.search, QUERIES)]


def folder_of(backend_root):
    return whoosh_folder.current(backend_root).folder


@pytest.fixture
def root(tmp_path):
    return tmp_path / "index"


def test_without_an_index_search_says_so(root):
    backend = WhooshBackend(root)

    assert backend.health().reason == "missing"
    with pytest.raises(IndexMissing):
        backend.search(parse("公示"))
    with pytest.raises(IndexMissing):
        backend.apply({("notice", "1"): make_document(body="公示")})


def test_an_index_made_with_another_table_is_not_read(backend, root):
    stamp = folder_of(root) / whoosh_folder.STAMP
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"stamp": "of another time"}))

    assert backend.health().reason == "outdated"
    fresh = WhooshBackend(root)
    with pytest.raises(IndexMissing):
        fresh.search(parse("公示"))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"stamp": 1}', '{"stamp": "x", "built_at": "yesterday"}'])
def test_a_garbled_stamp_is_a_missing_index(backend, root, content):
    (folder_of(root) / whoosh_folder.STAMP).write_text(content)

    assert backend.health().reason == "missing"


def test_only_the_owner_may_look_into_the_folder(root):
    root.mkdir(mode=0o755)
    WhooshBackend(root).rebuild([])

    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder_of(root).stat().st_mode) == 0o700


def test_no_text_is_kept_in_the_index(backend, root):
    backend.rebuild([make_document(body="秘密的正文内容在此", title="标题")])

    kept = b"".join(path.read_bytes() for path in folder_of(root).iterdir() if path.is_file())
    assert "秘密的".encode() not in kept


def damaged(folder, dice):
    """A copy of an index with one of its files cut, zeroed, scrambled or gone."""
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix != ".json"]
    path = dice.choice([file for file in files if file.stat().st_size])
    content = bytearray(path.read_bytes())
    start = dice.randrange(len(content))
    match dice.choice(["cut", "zeroed", "scrambled", "gone"]):
        case "cut":
            path.write_bytes(content[:start])
        case "zeroed":
            content[start : start + 512] = bytes(len(content[start : start + 512]))
            path.write_bytes(content)
        case "scrambled":
            content[start : start + 64] = dice.randbytes(len(content[start : start + 64]))
            path.write_bytes(content)
        case "gone":
            path.unlink()


# Whoosh leaves files open where opening fails half-way.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("seed", range(40))
def test_a_garbled_index_raises_nothing_but_index_missing_and_a_rebuild_mends_it(root, seed, sound_index, caplog):
    caplog.set_level(logging.CRITICAL, "gongshi.search")  # Log records would hold on to those files.
    shutil.copytree(sound_index.root, root, symlinks=True)
    damaged(folder_of(root), random.Random(seed))
    documents = search_corpus.documents(60)
    backend = WhooshBackend(root)

    try:
        answers(backend)
    except IndexMissing:
        assert not backend.health().ok
    backend.rebuild(documents)

    assert backend.health().ok
    assert backend.health().count == 60
    assert answers(backend) == answers(sound_index)
    backend.close()
    gc.collect()


@pytest.fixture(scope="module")
def sound_index(tmp_path_factory):
    root = tmp_path_factory.mktemp("sound") / "index"
    backend = WhooshBackend(root)
    documents = search_corpus.documents(60)
    backend.rebuild(documents[:40])
    backend.apply({document.ref: document for document in documents[40:]})
    yield backend
    backend.close()


def test_a_reader_never_sees_a_half_built_index(root):
    documents = search_corpus.documents(60)
    writer, reader = WhooshBackend(root), WhooshBackend(root)
    writer.rebuild(documents)
    expected, folders = answers(writer), set()

    with watching(lambda: answers(reader), threads=1) as seen:
        for _ in range(5):
            writer.rebuild(documents)
            folders.add(folder_of(root))
            time.sleep(0.3)

    assert len(folders) == 5
    assert len(seen) > 5
    assert all(answer == expected for answer in seen)
    writer.close()
    reader.close()


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(backend, root):
    backend.rebuild([make_document(body="公示")])
    before = sorted(path.name for path in root.iterdir())

    def broken():
        yield make_document("2", body="公示")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        backend.rebuild(broken())

    assert backend.search(parse("公示")).hits == [("notice", "1")]
    assert sorted(path.name for path in root.iterdir()) == before


def test_an_unreadable_document_leaves_the_index_as_it_was(backend):
    backend.apply({("notice", "1"): make_document(body="公示")})

    with pytest.raises(AttributeError):
        backend.apply({("notice", "1"): None, ("notice", "2"): make_document("2", body=None)})

    assert backend.search(parse("公示")).hits == [("notice", "1")]
    assert backend.health().ok


def test_old_generations_are_kept_an_hour(backend, root):
    kept, old = folder_of(root), root / "20200101T000000-old"
    shutil.copytree(kept, old)
    (root / "20200101T000000-unfinished").mkdir()
    (root / ".current-left").symlink_to("nowhere")
    hours_ago = time.time() - timedelta(hours=2).total_seconds()
    os.utime(old, (hours_ago, hours_ago))

    backend.rebuild([])

    assert {path.name for path in root.iterdir()} == {"current", "lock", kept.name, folder_of(root).name}


def test_there_is_one_writer_at_a_time(backend, root, monkeypatch):
    monkeypatch.setattr(whoosh_folder, "LOCK_SECONDS", 0.1)
    other = WhooshBackend(root)

    with backend.exclusive():
        backend.apply({("notice", "1"): make_document(body="公示")})
        with pytest.raises(IndexBusy):
            run_in_thread(lambda: other.apply({("notice", "2"): make_document("2", body="公示")}))

    other.apply({("notice", "3"): make_document("3", body="公示")})
    assert backend.search(parse("公示")).total == 2
    backend.close()
    other.close()


def run_in_thread(work):
    caught = []

    def run():
        try:
            work()
        except Exception as error:  # Raised again in the test's own thread.
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if caught:
        raise caught[0]
