"""The settings, for whoever serves a request."""

from flask import current_app

from config import Config


def settings() -> Config:
    """The Config that this application was created with."""
    config = current_app.config["SITE"]
    assert isinstance(config, Config)
    return config
