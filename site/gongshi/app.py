"""The site, put together: what is here is what there is."""

from flask import Flask

from config import Config
from gongshi import cli
from gongshi.search.whoosh_engine import WhooshBackend
from gongshi.web import (
    access_log,
    assets,
    db,
    doors,
    errors,
    formatting,
    headers,
    health,
    languages,
    ledger_head,
    limits,
    marking,
    numbers,
    public,
    recently,
    refused,
    turnstile,
    wording,
    workbench,
)  # fmt: skip
from gongshi.web.public import door, taking


def create_app(config: Config) -> Flask:
    """The application for these settings."""
    app = Flask("gongshi", static_folder="web/static", static_url_path="/static", template_folder="web/templates")
    app.config["SITE"] = config
    app.config["SECRET_KEY"] = config.secret_key()
    app.config["TRUSTED_HOSTS"] = list(config.TRUSTED_HOSTS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = True
    numbers.init_app(app)
    marking.init_app(app)

    door.init_app(app)
    access_log.init_app(app, config)
    db.init_app(app, config)
    doors.init_app(app, config)
    languages.init_app(app, config)
    formatting.init_app(app)
    wording.init_app(app)
    assets.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    limits.init_app(app, config)
    ledger_head.init_app(app, config)
    refused.init_app(app)
    recently.init_app(app)
    turnstile.init_app(app, config)
    app.extensions["gongshi.search"] = WhooshBackend(config.SEARCH_INDEX_DIR)

    cli.init_app(app)

    app.register_blueprint(health.bp)
    app.register_blueprint(public.machine)
    app.register_blueprint(public.bp)
    app.register_blueprint(public.bp, name="en", url_prefix="/en")
    taking.init_app(app)
    workbench.init_app(app)
    return app
