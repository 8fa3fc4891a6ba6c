"""Modules stay short, and only the edges decide when something is written."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "site" / "gongshi"
MODULES = [*sorted(SOURCE.rglob("*.py")), ROOT / "config.py", ROOT / "wsgi.py"]
TESTS_AND_BENCHMARKS = [path for folder in ("tests", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
LONGEST = 400
# The edges; the definition itself; and the search index, which is a cache with a queue and a lease of its own.
MAY_COMMIT = ("web/", "cli.py", "db.py", "group_commit.py", "loading/", "search/", "migrations/")
# The index dates its own folders and lease; no rule depends on it.
MAY_ASK = tuple(f"site/gongshi/{one}" for one in ("clock.py", "db.py", "cli.py", "search/"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*MODULES, *TESTS_AND_BENCHMARKS], ids=name)
def test_no_module_is_longer_than_can_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if not name(path).removeprefix("site/gongshi/").startswith(MAY_COMMIT)],
    ids=name,
)
def test_actions_never_commit(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]

    assert not [call.lineno for call in calls if _called(call) in {"commit", "writing"}]


@pytest.mark.parametrize("path", [path for path in MODULES if "web" not in path.relative_to(ROOT).parts], ids=name)
def test_below_the_web_only_the_clock_is_asked_for_the_time(path: Path) -> None:
    """Time is an argument (`at`); the moment of a write is read in db.py, under the lock."""
    text = path.read_text(encoding="utf-8")

    assert name(path) == "site/gongshi/clock.py" or "datetime.now(" not in text
    assert name(path).startswith(MAY_ASK) or "clock.now(" not in text


def test_site_is_a_source_root_and_never_a_package() -> None:
    """Python has a `site` module of its own."""
    assert not (ROOT / "site" / "__init__.py").exists()


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
