"""The notice that goes with an act, as a part of its form: drafted for the clerk, edited, imported, with its files.

A form of an act inherits `NoticeForm` and hands `outcome` two functions: the notice as the facts on the form have it,
and the draft's contents with the notice as it stands. As long as nobody touched the drafted words, they follow the
facts; once touched they are left alone.
"""

import json
from collections.abc import Callable
from pathlib import Path

from flask import flash, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import Field, FileField, HiddenField, MultipleFileField, StringField, TextAreaField, ValidationError

from gongshi import ledger
from gongshi.consultations.models import Consultation
from gongshi.drafts.contents import Contents
from gongshi.drafts.models import Draft
from gongshi.errors import RuleBroken
from gongshi.imports.file_kinds import clean_name
from gongshi.imports.plan_files import read_notice
from gongshi.notices import attachments, drafted
from gongshi.notices.actions import MOST_ATTACHMENTS, Attached, NoticeText
from gongshi.projects.models import Project
from gongshi.web import wording
from gongshi.web.settings import settings
from gongshi.web.workbench import drafting
from gongshi.web.workbench.drafting import DraftForm
from gongshi.web.workbench.slow_markdown import refuse_slow
from gongshi.web.workbench.typed import typed

LONGEST_TITLE = 150


def _refuse_slow(_form: object, field: Field) -> None:
    refuse_slow(field)


class NoticeForm(DraftForm):
    """The fields of a notice. `files` are those kept already, also while other fields are still wrong."""

    drafted = HiddenField()
    notice_title = StringField(_("Title of the notice"))
    notice_body = TextAreaField(_("Text of the notice"), [_refuse_slow])
    uploads = MultipleFileField(_("Attachments"))
    imported = FileField(_("Take the text from a file"))

    files: tuple[Attached, ...] = ()

    def validate_notice_title(self, field: StringField) -> None:
        if len(typed(field)) > LONGEST_TITLE:
            raise ValidationError(gettext("A title has at most %(most)s characters.", most=LONGEST_TITLE))

    @staticmethod
    def as_hidden(file: Attached) -> str:
        """A kept file as the form carries it; what comes back is read from its bytes again and not believed."""
        return json.dumps([file.sha256, file.name], ensure_ascii=False)

    @property
    def text(self) -> NoticeText:
        """The notice as it stands on the form."""
        return NoticeText(typed(self.notice_title).strip(), typed(self.notice_body).strip(), self.files)

    def show(self, text: NoticeText) -> None:
        """Put a notice into the fields, as words of the site that the clerk has not touched."""
        self.notice_title.data, self.notice_body.data = text.title, text.body
        self.drafted.data = mark(text)

    @property
    def is_untouched(self) -> bool:
        """Whether the words are empty, or still those that the site drafted."""
        text = self.text
        return not (text.title or text.body) or self.drafted.data == mark(text)


def filled(stored: NoticeText | None) -> dict[str, object]:
    """The values of the notice's fields for a draft that is opened again."""
    return {"notice_title": stored.title, "notice_body": stored.body} if stored else {}


def files_of(stored: NoticeText | None) -> tuple[Attached, ...]:
    return stored.attachments if stored else ()


def folder() -> Path:
    """Where attachments are kept."""
    return settings().DATA_DIR / "attachments"


def mark(text: NoticeText) -> str:
    """A short hash of a notice's words, to know them again."""
    return ledger.digest([text.title, text.body.replace("\r\n", "\n").strip()])[:16]


def outcome(
    form: NoticeForm,
    draft: Draft | None,
    *,
    words: Callable[[], NoticeText],
    contents: Callable[[NoticeText], Contents],
    title: Callable[[], str],
    must_name: Callable[[], str] = lambda: "",
    consultation: Consultation | None = None,
    project: Project | None = None,
) -> Response | None:
    """Do what the pressed button asks. None where the page is to be shown (again), with what is wrong at its field.

    `words` and `contents` are called only when the form's other fields are right. `must_name` is what the text has to
    mention, such as the new last day; empty for nothing.
    """
    is_right = bool(form.validate())
    _take_files(form)
    wanted = request.form.get("do", "")
    if wanted in {"attach", "meaning"}:
        _forgive(form)
        return None
    if wanted == "import":
        _forgive(form)
        _take_text(form)
        return None
    if not is_right or form.uploads.errors:
        return None
    if form.is_untouched or wanted == "draft":
        form.show(words())
    if wanted not in {"save", "submit"} or not _is_finished(form, must_name()):
        return None
    return drafting.kept(form, draft, contents(form.text), title=title(), consultation=consultation, project=project)


def status(form: NoticeForm) -> int:
    """200 for a page that was asked for, 422 for one that came back because something is wrong."""
    return 422 if form.refusal or any(field.errors for field in form) else 200


def _is_finished(form: NoticeForm, must_name: str) -> bool:
    text = form.text
    left = drafted.blanks(text)
    if not text.title:
        form.notice_title.errors = [gettext("The notice needs a title.")]
    if not text.body:
        form.notice_body.errors = [gettext("The notice needs a text.")]
    elif left:
        form.notice_body.errors = [
            gettext("Please fill in what stands in 【】: %(what)s", what=gettext(", ").join(left))
        ]
    elif must_name and must_name not in text.body:
        said = gettext("The text does not name %(day)s. Please bring it in line with the fields above.", day=must_name)
        form.notice_body.errors = [said]
    return not (form.notice_title.errors or form.notice_body.errors)


def _take_files(form: NoticeForm) -> None:
    """Keep what was uploaded, beside what was kept before and is still ticked."""
    found, wrong = [], []
    for value in request.form.getlist("attached"):
        known = _kept_before(value)
        if known is not None:
            found.append(known)
    for upload in form.uploads.data or ():
        if isinstance(upload, FileStorage) and upload.filename:
            try:
                found.append(attachments.keep(folder(), name=clean_name(upload.filename), data=upload.read()))
            except RuleBroken as refusal:
                wrong.append(wording.say(refusal))
    unique = tuple({one.sha256: one for one in found}.values())
    if len(unique) > MOST_ATTACHMENTS:
        wrong.append(gettext("A notice carries at most %(most)s files.", most=MOST_ATTACHMENTS))
    form.files = unique[:MOST_ATTACHMENTS]
    if wrong:
        form.uploads.errors = wrong


def _kept_before(value: str) -> Attached | None:
    try:
        sha256, name = json.loads(value)
        data = attachments.place_of(folder(), str(sha256)).read_bytes()
        return attachments.keep(folder(), name=str(name), data=data)
    except (ValueError, TypeError, OSError, RuleBroken):
        return None


def _take_text(form: NoticeForm) -> None:
    upload = form.imported.data
    if not isinstance(upload, FileStorage) or not upload.filename:
        form.imported.errors = [gettext("Please choose a file first.")]
        return
    try:
        read = read_notice(clean_name(upload.filename), upload.read())
    except RuleBroken as refusal:
        form.imported.errors = [wording.say(refusal)]
        return
    form.notice_body.data = read.markdown.strip()
    if read.title:
        form.notice_title.data = read.title
    left_out = [wording.label(what) % {"count": count} for what, count in read.left_out.items()]
    flash(gettext("The text was taken from the file. Please read it through."), "done")
    if left_out:
        flash(gettext("Left out or guessed: %(what)s", what=gettext(", ").join(left_out)), "error")


def _forgive(form: NoticeForm) -> None:
    """What is wrong elsewhere is not said before somebody wants to save."""
    for field in form:
        if field is not form.uploads:
            field.errors = []
