"""Addresses are promises: none that was published disappears.

`routes.json` holds every public address. After adding one, write it down with

    PYTHONPATH=site:. .venv/bin/python tests/architecture/test_routes.py
"""

import json
import sys
import tempfile
from pathlib import Path

import pytest
from flask import Flask

from config import Config
from gongshi.app import create_app

RECORD = Path(__file__).with_name("routes.json")
# Static files carry a hash in their address and are not cited; the workbench is for those who work there now.
NOT_PUBLIC = ("static", "workbench.", "en_workbench.")


def routes(app: Flask) -> list[str]:
    """Every public address with the methods that it takes."""
    return sorted(
        f"{' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(NOT_PUBLIC)
    )


def test_no_published_address_disappears(site: Flask) -> None:
    assert not set(json.loads(RECORD.read_text())) - set(routes(site))


def test_every_new_address_is_written_down(site: Flask) -> None:
    assert not set(routes(site)) - set(json.loads(RECORD.read_text())), "see the docstring of this file"


@pytest.mark.parametrize(("first", "second"), [("public.", "en."), ("workbench.", "en_workbench.")])
def test_every_page_has_its_english_twin(site: Flask, first: str, second: str) -> None:
    chinese = {rule.rule for rule in site.url_map.iter_rules() if rule.endpoint.startswith(first)}
    english = {rule.rule for rule in site.url_map.iter_rules() if rule.endpoint.startswith(second)}

    assert chinese
    assert english == {f"/en{rule}" for rule in chinese}


def main() -> None:
    """Write the record: what is there stays, what is new is added."""
    before = set(json.loads(RECORD.read_text())) if RECORD.exists() else set()
    with tempfile.TemporaryDirectory() as folder:
        now = set(routes(create_app(Config(DATA_DIR=Path(folder), SECRET_KEY="s" * 32))))
    RECORD.write_text(json.dumps(sorted(before | now), indent=0) + "\n")
    sys.stdout.write(f"{len(before | now)} addresses, {len(now - before)} new, {len(before - now)} missing now\n")


if __name__ == "__main__":
    main()
