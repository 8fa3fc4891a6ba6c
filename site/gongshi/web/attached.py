"""A file of a notice, as it is sent: to be saved and never shown by the browser, whatever it holds."""

from flask import Response, abort, send_file

from gongshi.imports.file_kinds import FileKind, clean_name
from gongshi.notices import attachments
from gongshi.notices.actions import Attached
from gongshi.notices.models import NoticeAttachment
from gongshi.web.settings import settings


def sent(file: Attached | NoticeAttachment) -> Response:
    """The bytes under the file's hash, which is its ETag; 404 where they are missing."""
    path = attachments.place_of(settings().DATA_DIR / "attachments", file.sha256)
    if not path.is_file():
        abort(404)
    response = send_file(
        path,
        mimetype=FileKind(file.kind).media_type,
        as_attachment=True,
        download_name=clean_name(file.name),
        etag=file.sha256,
        conditional=True,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
