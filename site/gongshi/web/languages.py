"""Chinese at `/`, English under `/en/`: which language a request speaks, and links that stay in it.

Message ids are English, so English needs no catalogue. The Chinese one is compiled from its .po when the site starts,
into a folder named after its contents: there is no build step and no stale file.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, has_request_context, request, url_for
from flask_babel import Babel
from markupsafe import Markup
from werkzeug.routing import BuildError

from config import Config

CHINESE = "zh_Hans"
ENGLISH = "en"
CATALOGUE = Path(__file__).parent / "translations" / CHINESE / "LC_MESSAGES" / "messages.po"


def init_app(app: Flask, config: Config) -> None:
    """Set up translations and give templates `link`, `language`, `other_language`."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compiled(CATALOGUE, config.DATA_DIR / "translations"))
    app.config["BABEL_DEFAULT_LOCALE"] = CHINESE
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(
        link=link, language=language, language_tag=language_tag, other_language=other_language, zh=chinese_inside
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
    return url_for(f"{audience}.{endpoint}", **values)


def other_language() -> str:
    """The address of this same page in the other language; the other home page where there is no twin."""
    audience = "public" if language() == ENGLISH else "en"
    endpoint = (request.endpoint or "").partition(".")[2]
    if request.method != "GET" or request.blueprint is None or not endpoint:
        return url_for(f"{audience}.home.show")
    values: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    try:
        return url_for(f"{audience}.{endpoint}", **values)
    except BuildError:
        return url_for(f"{audience}.home.show")


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
