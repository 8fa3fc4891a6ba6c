"""Nothing that an operator can set, run or ask goes undocumented."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from config import Config
from gongshi.accounts.two_people import ACTS

DOCS = Path(__file__).parents[2] / "docs"
MACHINE = ("/healthz", "/readyz", "/ledger/checkpoint", "/clock", "/downloads/families-method.json")


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


@pytest.mark.parametrize("setting", [field.name for field in fields(Config)])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in text("operate.md")


def test_every_command_of_ours_is_documented(site: Flask) -> None:
    ours = {name for name in commands(site.cli) if name.split()[0] not in {"run", "shell", "routes"}}

    assert ours
    assert {name for name in ours if f"`{name}`" not in text("operate.md")} == set()


@pytest.mark.parametrize("address", MACHINE)
def test_every_address_for_programs_is_documented(site: Flask, address: str) -> None:
    assert address in {rule.rule for rule in site.url_map.iter_rules()}
    assert f"`{address}`" in text("api.md")


def test_every_link_between_documents_leads_somewhere() -> None:
    root = DOCS.parent
    for page in (root / "README.md", *DOCS.glob("*.md"), root / "content" / "README.md"):
        for target in _links(page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_table_of_who_prepares_and_who_approves_is_the_one_in_the_code() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text("publish.md").splitlines()]
    written = {row[1].strip("`"): (row[2], row[3]) for row in rows if len(row) == 4 and row[1].startswith("`")}

    assert written == {
        act.value: (", ".join(sorted(prepare)), ", ".join(sorted(approve))) for act, (prepare, approve) in ACTS.items()
    }


def _links(markdown: str) -> Iterator[str]:
    for piece in markdown.split("](")[1:]:
        target = piece.split(")")[0].split("#")[0]
        if target and "://" not in target:
            yield target
