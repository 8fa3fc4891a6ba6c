"""What a server runs: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import sys
from pathlib import Path

# `site/` is the source root, not a package: Python has a `site` module of its own.
sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))

from config import Config
from gongshi.app import create_app

app = create_app(Config.from_env())
