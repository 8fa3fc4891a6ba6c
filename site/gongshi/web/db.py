"""The database as a request sees it: one session, which ends with the request."""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from config import Config
from gongshi.db import Base, engine_options, prepare

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)


def init_app(app: Flask, config: Config) -> None:
    """Bind the application to its database. No connection is opened before the first request."""
    config.DATA_DIR.mkdir(parents=True, exist_ok=True)
    url = config.database_url
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def session() -> Session:
    """This request's session. Reads share one snapshot; a write goes through `gongshi.db.writing(session())`."""
    current: Any = db.session()
    assert isinstance(current, Session)
    return current
