"""What people type beside an act: read as it was sent, or refused where it did not arrive whole."""

from flask import request

from gongshi.comments.checks import TextUnreadable

FIELD = "reason"
# Stands where bytes that are no UTF-8 were sent.
BROKEN = "\ufffd"


def typed_reason() -> str:
    """The reason that was typed. Raises TextUnreadable when part of it got lost on the way."""
    # Forms travel with CRLF line ends whatever was typed; as people count it, one character stands there.
    text = request.form.get(FIELD, "").replace("\r\n", "\n")
    if BROKEN in text:
        raise TextUnreadable
    return text
