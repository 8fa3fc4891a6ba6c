"""What a receipt's holder can keep: a proof file for each comment, and the whole receipt as one page for offline.

Both are asked for by POST with number and secret, so that the secret stands in no address.
"""

import base64
import io
import logging

from flask import Response, abort, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import NoResultFound, OperationalError

from gongshi import clock
from gongshi.comments import proving
from gongshi.comments.models import Comment, Submission
from gongshi.comments.proving import Provable
from gongshi.ledger import heads
from gongshi.ledger.checkpoint import Checkpoint
from gongshi.ledger.merkle import TreeMismatch
from gongshi.ledger.notes import MalformedNote, Note
from gongshi.ledger.proofs import ENDING
from gongshi.web import assets, keys, ledger_head
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.public import opened
from gongshi.web.public.opened import comment_named, opened_by_receipt
from gongshi.web.public.receipts import bp, slip
from gongshi.web.settings import settings

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 60


@bp.post("/receipts/proof")
@opened_by_receipt
def proof(submission: Submission) -> ResponseReturnValue:
    """One proof file. Without `person` nothing in it opens a name or a contact."""
    comment = comment_named(submission)
    found = _entry(comment)
    try:
        head = covering(found.index)
    except NotSignedNow:
        return _later(submission, comment)
    with_person = request.form.get("person", "") == "with"
    text = found.written(session(), head, with_person=with_person)
    return _sent(text, _name_of_proof(comment, found, with_person=with_person), "text/plain")


@bp.post("/receipts/file")
@opened_by_receipt
def file(submission: Submission) -> ResponseReturnValue:
    """The receipt with everything that belongs to it, as one HTML file that needs no network and runs nothing."""
    secret = request.form.get("secret", "")
    receipt = opened.status_of(submission)
    text = render_template(
        "public/receipts/_file.html",
        receipt=receipt,
        slip=slip(submission, secret),
        style=_style(),
        made_at=clock.now(),
        proofs={comment.number: _proofs(comment) for comment in submission.comments},
        key=ledger_head.signer(current_app).vkey,
    )
    return _sent(text, gettext("comment-receipt-%(number)s", number=receipt.number) + ".html", "text/html")


class NotSignedNow(Exception):
    """No signed head covers the entry, and none can be signed at this moment."""


def covering(index: int) -> Note:
    """A signed head that covers this entry of the ledger: the latest, or a new one. Raises NotSignedNow."""
    try:
        latest = heads.latest(ledger_head.folder(settings()))
        if latest is not None and Checkpoint.parse(latest.text).size > index:
            return latest
        return ledger_head.sign(current_app, session())
    except (TreeMismatch, MalformedNote, ValueError, OSError, OperationalError) as error:
        log.exception("a proof had to be put off")
        session().rollback()
        raise NotSignedNow from error


def _entry(comment: Comment) -> Provable:
    """The entry that is asked for: the one of `index`, or the last one made of this comment's words."""
    indexes = proving.indexes_of(session(), comment)
    wanted = request.form.get("index", "")
    try:
        index = int(wanted) if wanted else indexes[-1]
        return proving.entry_of(session(), comment, index, ring=keys.personal_ring(settings()))
    except (ValueError, NoResultFound):
        abort(404)


def _proofs(comment: Comment) -> list[tuple[str, str]]:
    """Names and texts of a comment's proof files; none while they cannot be made."""
    indexes = proving.indexes_of(session(), comment)
    made = []
    for found in proving.provable(session(), comment, indexes=indexes, ring=keys.personal_ring(settings())):
        try:
            text = found.written(session(), covering(found.index), with_person=True)
        except NotSignedNow:
            return []
        made.append((_name_of_proof(comment, found, with_person=True), text))
    return made


def _name_of_proof(comment: Comment, found: Provable, *, with_person: bool) -> str:
    name = str(gettext("comment-receipt-%(number)s", number=comment.number))
    if not found.is_first:
        name += gettext("-replaced")
    if found.has_person and not with_person:
        name += gettext("-without-name")
    return name + ENDING


def _later(submission: Submission, comment: Comment) -> Response:
    sentence = gettext(
        "The signed proof cannot be made at this moment. Nothing is lost; please ask for it again later."
    )
    response = opened.status_page(submission, faults=[(f"comment-{comment.number}", sentence)], status=503)
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def _sent(text: str, name: str, mimetype: str) -> Response:
    response = send_file(io.BytesIO(text.encode()), mimetype=mimetype, as_attachment=True, download_name=name)
    # Opened in the browser after all, it may do nothing there.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src data:; img-src data:; sandbox"
    return not_kept(response)


def _style() -> str:
    return "data:text/css;base64," + base64.b64encode((assets.FOLDER / "receipt-file.css").read_bytes()).decode()


def _files(comment: Comment) -> dict[str, object]:
    held = proving.has_person(session(), comment)
    return {"indexes": proving.indexes_of(session(), comment), "has_person": held}


opened.section("files", "public/receipts/sections/_files.html", _files, also_when_sent=True)
