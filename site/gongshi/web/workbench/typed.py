"""What was typed into a field, as text: never None, line ends as people mean them."""

from wtforms import Field


def typed(field: Field) -> str:
    """The text of a field; empty where nothing was sent. CRLF, as forms travel, becomes LF."""
    return str(field.data or "").replace("\r\n", "\n")
