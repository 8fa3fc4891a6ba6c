"""Every code of the process has words, in both languages."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

import gongshi
from gongshi.errors import RuleBroken
from gongshi.record import timeline
from gongshi.web import wording
from gongshi.web.languages import CATALOGUE, CHINESE

WEB = Path(gongshi.__file__).parent / "web"
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
# Worded where they are drawn, step by step: components/timeline.html.
WORDED_ELSEWHERE = {timeline.Step}
# What no page shows: codes of the search engine and of the loader.
INTERNAL = ("gongshi.search", "gongshi.loading")


@pytest.fixture(scope="session", autouse=True)
def every_module() -> None:
    """Load all of gongshi, so that every class is known."""
    for module in pkgutil.walk_packages(gongshi.__path__, "gongshi."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)


def subclasses(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        if one.__module__.startswith("gongshi."):
            yield one
        yield from subclasses(one)


def test_every_refusal_is_worded_and_has_a_code_of_its_own() -> None:
    refusals = {one for one in subclasses(RuleBroken) if issubclass(one, RuleBroken)}
    codes = Counter(one.code for one in refusals)

    assert refusals
    assert not {one.__qualname__ for one in refusals if "code" not in vars(one)}, "a refusal without a code"
    assert not {code for code, count in codes.items() if count > 1}, "codes used twice"
    assert not set(codes) - set(wording.REFUSALS), "refusals without words in web/wording.py"


def test_every_enum_value_is_worded() -> None:
    enums = {
        one
        for one in subclasses(StrEnum)
        if issubclass(one, StrEnum) and not one.__module__.startswith(INTERNAL) and one not in WORDED_ELSEWHERE
    }

    assert enums
    assert not {one.__qualname__ for one in enums - set(wording.LABELS)}, "enums without words in web/wording.py"
    for enum, labels in wording.LABELS.items():
        assert set(labels) == set(enum), f"{enum.__qualname__} is worded in part"


@pytest.fixture(scope="session")
def catalogue() -> dict[str, Message]:
    with CATALOGUE.open("rb") as file:
        return {_key(message.id): message for message in read_po(file, locale=CHINESE) if message.id}


def test_every_text_has_its_chinese(catalogue: dict[str, Message]) -> None:
    missing = [place for place, text in texts() if text not in catalogue or not _is_complete(catalogue[text])]

    assert not missing, "texts without Chinese:\n" + "\n".join(missing)


def test_translations_keep_the_placeholders(catalogue: dict[str, Message]) -> None:
    for text, message in catalogue.items():
        for chinese in [message.string] if isinstance(message.string, str) else message.string:
            assert _placeholders(chinese) == _placeholders(text), f"{text!r} → {chinese!r}"


def test_no_translation_is_left_unsure(catalogue: dict[str, Message]) -> None:
    assert not [text for text, message in catalogue.items() if message.fuzzy]


def texts() -> Iterator[tuple[str, str]]:
    """Every text that wants translating, and where it stands."""
    for file, line, text, _comments, _context in extract_from_dir(WEB, METHODS, OPTIONS, KEYWORDS):
        yield f"{file}:{line}: {text!r}", _key(text)


def _key(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _is_complete(message: Message) -> bool:
    return all([message.string] if isinstance(message.string, str) else message.string)


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))
