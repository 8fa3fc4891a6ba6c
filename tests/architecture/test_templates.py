"""A template is where its endpoint says, compiles, and has a title."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

from gongshi.drafts.models import DraftKind
from gongshi.web.workbench import reviews

TEMPLATES = Path(__file__).parents[2] / "site" / "gongshi" / "web" / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PAGES = [name for name in ALL if name.startswith(("public/", "workbench/")) and not Path(name).name.startswith("_")]
# An error is no endpoint of its own, and the frame is everybody's.
NO_PAGE = {"workbench/base.html", "workbench/errors/error.html", "workbench/errors/not_for_you.html"}
# What a draft is shown by depends on its kind; `test_every_kind_of_draft_can_be_reviewed` looks at those.
BY_KIND = "workbench/drafts/show.html"


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in PAGES if name not in NO_PAGE])
def test_every_page_template_is_named_after_an_endpoint(site: Flask, name: str) -> None:
    endpoint = name.removesuffix(".html").replace("/", ".")

    assert endpoint in site.view_functions, f"no endpoint {endpoint} for templates/{name}"


@pytest.mark.parametrize("name", ALL)
def test_every_template_compiles_and_finds_what_it_names(site: Flask, name: str) -> None:
    site.jinja_env.get_template(name)

    for other in meta.find_referenced_templates(site.jinja_env.parse(source(name))):
        assert other in ALL or name == BY_KIND, f"{name} names {other}, which is not there"


@pytest.mark.parametrize("kind", DraftKind)
def test_every_kind_of_draft_can_be_reviewed(site: Flask, kind: DraftKind) -> None:
    assert f"workbench/drafts/_{kind.value}.html" in ALL
    assert f"workbench.{reviews.registered(kind).edit}" in site.view_functions


@pytest.mark.parametrize("name", [name for name in ALL if "{% extends" in source(name)])
def test_every_page_has_a_title_and_one_main_heading(name: str) -> None:
    text = source(name)

    assert re.search(r"{%-? block title -?%}", text), f"{name} has no title block"
    assert "<h1" in text, f"{name} has no h1"


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("components/")])
def test_no_template_imports_what_it_does_not_use(name: str) -> None:
    text = source(name)
    for imported in re.findall(r"{% from [^%]+? import ([^%]+?) %}", text):
        for one in imported.removesuffix(" with context").split(","):
            used_as = one.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{used_as}\b", text)) > 1, f"{name} imports {used_as} and does not use it"


@pytest.mark.parametrize("name", ALL)
def test_nothing_in_a_template_is_inline_or_unescaped(name: str) -> None:
    text = re.sub(r"{[{%#].*?[%}#]}", "", source(name), flags=re.DOTALL)

    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", text), f"{name} has something inline"
    assert not re.search(r"\|\s*safe\b|autoescape", source(name)), f"{name} switches escaping off"
