"""What every engine promises besides the right set: fresh after every change, exact totals, stable pages, an order."""

import os
import random
import time
from datetime import timedelta

import pytest
import search_corpus
from search_corpus import NOON, make_document
from search_watching import watching

from gongshi.search import Sort, TooBroad, parse
from gongshi.search.whoosh_engine import WhooshBackend


def total(backend, typed):
    return backend.search(parse(typed)).total


def test_a_change_is_seen_at_the_next_query(backend):
    backend.apply({("notice", "1"): make_document(body="旧文")})
    assert (total(backend, "旧文"), total(backend, "新文")) == (1, 0)

    backend.apply({("notice", "1"): make_document(body="新文")})
    assert (total(backend, "旧文"), total(backend, "新文")) == (0, 1)

    backend.apply({("notice", "1"): None})
    assert (total(backend, "旧文"), total(backend, "新文")) == (0, 0)

    backend.apply({("notice", "1"): make_document(body="旧文")})
    assert (total(backend, "旧文"), total(backend, "新文")) == (1, 0)


def test_many_small_changes_leave_each_document_once(backend):
    dice = random.Random(7)
    held = {}
    for number in range(60):
        batch = {}
        for id in dice.sample(range(30), 5):
            document = make_document(str(id), body=f"公示 第{number}版")
            batch[document.ref] = document if dice.random() < 0.8 else None
        backend.apply(batch)
        held |= batch

    assert total(backend, "公示") == sum(document is not None for document in held.values())
    assert backend.health().count == total(backend, "公示")
    assert total(backend, "第59版") == sum("59" in document.body for document in held.values() if document)


def test_removing_what_was_never_there_changes_nothing(backend):
    backend.apply({("notice", "9"): None})

    assert backend.health().count == 0


def test_the_same_id_in_two_kinds_is_two_documents(backend):
    backend.apply({(kind, "1"): make_document(kind=kind, body="公示") for kind in ("notice", "project")})
    backend.apply({("notice", "1"): None})

    assert backend.search(parse("公示")).hits == [("project", "1")]


def test_another_process_sees_a_change_within_about_a_second(backend, tmp_path):
    reader = WhooshBackend(tmp_path / "index")
    assert total(reader, "公示") == 0

    backend.apply({("notice", "1"): make_document(body="公示")})
    time.sleep(1.1)

    assert total(reader, "公示") == 1
    reader.close()


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gap_or_repetition(backend, sort):
    documents = search_corpus.documents(200)
    backend.rebuild(documents)

    full = backend.search(parse("证券", sort=sort, per_page=1000))
    pages = [backend.search(parse("证券", sort=sort, page=page)).hits for page in (1, 2)]

    assert full.total == len(full.hits) > 40
    assert pages[0] + pages[1] == full.hits[:40]
    assert backend.search(parse("证券", sort=sort, page=10_000)).hits == []


def test_the_order_does_not_depend_on_how_the_index_came_about(tmp_path):
    documents = search_corpus.documents(120)
    at_once, by_and_by = WhooshBackend(tmp_path / "a"), WhooshBackend(tmp_path / "b")
    at_once.rebuild(documents)
    by_and_by.rebuild(reversed(documents[:50]))
    for start in range(40, 120, 20):
        by_and_by.apply({document.ref: document for document in documents[start : start + 20]})

    for typed in ("证券", "数据 模型", "api", "的", "GPT"):
        for sort in Sort:
            query = parse(typed, sort=sort, per_page=1000)
            assert at_once.search(query).hits == by_and_by.search(query).hits
    at_once.close()
    by_and_by.close()


def test_the_thing_of_that_name_comes_first_then_names_then_bodies(backend):
    documents = [
        make_document("body", body="银河证券" * 9, at=NOON + timedelta(days=9)),
        make_document("longer", title="银河证券数字人民币试点", at=NOON + timedelta(days=8)),
        make_document("alias", names=("银河证券",), at=NOON + timedelta(days=7)),
        make_document("exact", title="银河证券", at=NOON),
    ]
    backend.rebuild(documents)

    assert [id for _, id in backend.search(parse("银河证券")).hits] == ["exact", "longer", "alias", "body"]


def test_a_body_that_says_it_more_often_comes_first(backend):
    filling = "其他内容。" * 40
    backend.rebuild(
        [
            make_document(str(times), body=filling + "联邦学习，" * times, at=NOON - timedelta(days=times))
            for times in range(1, 5)
        ]
    )

    assert [id for _, id in backend.search(parse("联邦学习")).hits] == ["4", "3", "2", "1"]


def test_newest_first_goes_by_the_instant_and_then_by_the_id(backend):
    backend.rebuild(
        [
            make_document(id, body="公示", at=NOON + timedelta(microseconds=later))
            for id, later in [("b", 0), ("a", 0), ("c", 1)]
        ]
    )

    assert [id for _, id in backend.search(parse("公示", sort=Sort.NEWEST)).hits] == ["c", "a", "b"]


def test_kinds_narrow_the_hits_and_the_total_but_not_the_counts(backend):
    backend.rebuild([make_document(str(number), kind=kind, body="公示") for number, kind in enumerate("aabbbc")])

    page = backend.search(parse("公示", kinds=["b", "c", "unheard-of"]))

    assert page.total == 4
    assert {kind for kind, _ in page.hits} == {"b", "c"}
    assert page.counts_by_kind == {"a": 2, "b": 3, "c": 1}


def test_a_query_of_nothing_finds_nothing(backend):
    backend.rebuild([make_document(body="公示")])

    page = backend.search(parse("？！"))

    assert (page.hits, page.total, page.counts_by_kind) == ([], 0, {})


def test_documents_that_come_twice_are_kept_once(backend):
    backend.rebuild([make_document(body="公示"), make_document(body="公示")])

    assert total(backend, "公示") == 1


def test_a_word_without_end_does_no_harm(backend):
    backend.apply({("notice", "1"): make_document(title="b" * 70_000, body="a" * 70_000)})

    assert [total(backend, typed) for typed in ("a" * 99, "a" * 100, "a" * 101, "b" * 100)] == [1, 1, 1, 1]


def test_a_search_that_takes_too_long_is_given_up(backend, tmp_path):
    backend.rebuild([make_document(body="公示")])
    hasty = WhooshBackend(tmp_path / "index", seconds=-1.0)

    with pytest.raises(TooBroad):
        hasty.search(parse("公示"))
    assert hasty.health().ok
    hasty.close()


def test_a_forked_process_opens_the_index_for_itself(backend):
    backend.rebuild(search_corpus.documents(150))
    queries = [parse(typed) for typed in ("证券 数据", "风险", "api", "的")]
    expected = [backend.search(query).hits for query in queries]

    child = os.fork()
    same = all([backend.search(query).hits for query in queries] == expected for _ in range(60))
    if child == 0:
        os._exit(0 if same else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert same


def test_threads_search_side_by_side_while_one_writes(backend):
    documents = search_corpus.documents(80)
    backend.rebuild(documents)
    expected = total(backend, "证券"), total(backend, "券")
    with watching(lambda: (total(backend, "证券"), total(backend, "券"))) as seen:
        for number in range(40):
            backend.apply({("extra", str(number)): make_document(str(number), kind="extra", body="公示")})

    assert set(seen) == {expected}
