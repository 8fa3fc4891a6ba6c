"""Numbers in addresses: `<int:project>` takes at most nine digits, since no database keeps longer ones."""

from flask import Flask
from werkzeug.routing import IntegerConverter


class Number(IntegerConverter):
    """A number that a row may have. A longer one is a page that does not exist, not a fault."""

    regex = r"\d{1,9}"


def init_app(app: Flask) -> None:
    """Take this kind of number in every address. Comes before the first blueprint."""
    app.url_map.converters["int"] = Number
