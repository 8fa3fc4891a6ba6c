"""Chinese at `/`, English under `/en/`: which language a request speaks, and links that stay in it.

Message ids are English, so English needs no catalogue. The Chinese one is compiled from its .po when the site starts,
into a folder named after its contents: there is no build step and no stale file.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, current_app, has_request_context, request, url_for
from flask_babel import Babel, get_locale, get_translations
from markupsafe import Markup
from werkzeug.routing import BuildError

from config import Config

CHINESE = "zh_Hans"
ENGLISH = "en"
TWINS = {"public": "en", "en": "public", "workbench": "en_workbench", "en_workbench": "workbench"}
WORKBENCH = {"workbench", "en_workbench"}
CATALOGUE = Path(__file__).parent / "translations" / CHINESE / "LC_MESSAGES" / "messages.po"


def init_app(app: Flask, config: Config) -> None:
    """Set up translations and give templates `link`, `desk`, `language`, `other_language`."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compiled(CATALOGUE, config.DATA_DIR / "translations"))
    app.config["BABEL_DEFAULT_LOCALE"] = CHINESE
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    Babel(app, locale_selector=language)
    app.extensions["gongshi.links"] = {}
    _translate_templates(app)
    app.jinja_env.globals.update(
        link=link,
        desk=desk,
        language=language,
        language_tag=language_tag,
        other_language=other_language,
        in_workbench=in_workbench,
        zh=chinese_inside,
    )


def _translate_templates(app: Flask) -> None:
    """Look up each language's catalogue once for all, and not at each of the fifty words of a page."""
    known: dict[Locale, Translations] = {}

    def words() -> Translations:
        locale = get_locale()
        if locale not in known:
            known[locale] = get_translations()
        return known[locale]

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Of the extension that Babel added.
        gettext=lambda text: words().ugettext(text),
        ngettext=lambda one, many, count: words().ungettext(one, many, count),
        newstyle=True,
    )


def language() -> str:
    """`zh_Hans` or `en`, by the address alone; Chinese outside a request."""
    if not has_request_context():
        return CHINESE
    in_english = request.path == "/en" or request.path.startswith("/en/")
    return ENGLISH if in_english else CHINESE


def language_tag() -> str:
    """The same for HTML's `lang`."""
    return language().replace("_", "-")


def chinese_inside() -> Markup:
    """The attribute that marks a record's words, which are Chinese, on a page that is not: `<p{{ zh() }}>`."""
    return Markup(' lang="zh-Hans"') if language() == ENGLISH else Markup("")


def link(endpoint: str, **values: Any) -> str:
    """The address of a public page in the language of this request: `link("consultations.show", number=…)`."""
    audience = "en" if language() == ENGLISH else "public"
    if values or not has_request_context():
        return url_for(f"{audience}.{endpoint}", **values)
    # The frame of every page has a dozen of these, and they are always the same.
    known: dict[tuple[str, str, str], str] = current_app.extensions["gongshi.links"]
    place = (request.script_root, audience, endpoint)
    if place not in known:
        known[place] = url_for(f"{audience}.{endpoint}")
    return known[place]


def desk(endpoint: str, **values: Any) -> str:
    """The address of a page of the workbench in the language of this request: `desk("triage.show", …)`."""
    audience = "en_workbench" if language() == ENGLISH else "workbench"
    return url_for(f"{audience}.{endpoint}", **values)


def other_language() -> str:
    """The address of this same page in the other language; the other home page where there is no twin."""
    audience, _dot, endpoint = (request.endpoint or "").partition(".")
    twin = TWINS.get(audience) or _audience_of_the_other_language()
    if not endpoint or not _can_be_opened(twin):
        return _home(twin)
    values: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    try:
        return url_for(f"{twin}.{endpoint}", **values)
    except BuildError:
        return _home(twin)


def in_workbench() -> bool:
    """Whether this request is for the staff's side of the site, by the address alone."""
    return has_request_context() and is_of_workbench(request.path)


def is_of_workbench(path: str) -> bool:
    """Whether an address is one of the workbench, in either language."""
    return path.startswith(("/workbench/", "/en/workbench/"))


def _can_be_opened(twin: str) -> bool:
    if twin in WORKBENCH:  # A form that came back with faults has the address of the form.
        return request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return request.method == "GET" and request.blueprint is not None


def _audience_of_the_other_language() -> str:
    if in_workbench():
        return "workbench" if language() == ENGLISH else "en_workbench"
    return "public" if language() == ENGLISH else "en"


def _home(audience: str) -> str:
    return url_for(f"{audience}.dashboard.show" if audience in WORKBENCH else f"{audience}.home.show")


def compiled(catalogue: Path, folder: Path) -> Path:
    """A folder with the compiled catalogue, made now if this .po has not been compiled yet."""
    source = catalogue.read_bytes() if catalogue.exists() else b""
    target = folder / hashlib.sha256(source).hexdigest()[:16]
    compiled_file = target / CHINESE / "LC_MESSAGES" / "messages.mo"
    if source and not compiled_file.exists():
        compiled_file.parent.mkdir(parents=True, exist_ok=True)
        fresh = compiled_file.with_suffix(f".{os.getpid()}")
        with catalogue.open("rb") as text, fresh.open("wb") as binary:
            write_mo(binary, read_po(text, locale=CHINESE))
        fresh.replace(compiled_file)
    return target
