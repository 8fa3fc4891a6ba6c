"""公告: those of my bureau, a new one with its preview and files, and the files of notices that are still drafts."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField

from gongshi.accounts.models import Role
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.drafts import queries as drafts
from gongshi.drafts.models import Draft, DraftKind, DraftState
from gongshi.drafts.publishing import NoticePublication
from gongshi.notices import queries
from gongshi.notices.actions import Attached, NoticeText
from gongshi.notices.models import NoticeKind
from gongshi.web.attached import sent
from gongshi.web.db import session
from gongshi.web.moment import now
from gongshi.web.wording import LABELS
from gongshi.web.workbench import access, announcing, drafting, periods
from gongshi.web.workbench.access import me
from gongshi.web.workbench.announcing import NoticeForm
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.periods import PublicFromFields

bp = Blueprint("notices", __name__, url_prefix="/notices")
access.allow(bp, reading=access.EVERYONE, writing={Role.EDITOR}, uploads={"write"})

# The other kinds come from their acts, each with a form of its own.
TYPED = (NoticeKind.CALL, NoticeKind.CONSULTATION, NoticeKind.ADMISSION, NoticeKind.LIFE_CYCLE)


class PlainNoticeForm(PublicFromFields, NoticeForm):
    """A notice that is no act by itself: a call for applications, a further word on a list."""

    kind = SelectField(_("Kind"), choices=[SelectChoice(one.value, LABELS[NoticeKind][one]) for one in TYPED])
    of = SelectField(_("On which list"), validate_choice=True)


@bp.get("/")
def index() -> ResponseReturnValue:
    under_way = [one for one in drafts.in_hand(session(), me().bureau_id) if one.kind is DraftKind.NOTICE]
    under_way += [one for one in drafts.waiting(session(), me().bureau_id) if one.kind is DraftKind.NOTICE]
    return render_template(
        "workbench/notices/index.html",
        notices=queries.of_bureau(session(), me().bureau),
        under_way=under_way,
        at=now(),
        states=DraftState,
    )


@bp.route("/new", methods=["GET", "POST"])
def write() -> ResponseReturnValue:
    draft = _opened()
    stored: NoticePublication | None = drafting.contents(draft)
    form = PlainNoticeForm(edition=drafting.edition(draft), data=_filled(stored, draft.consultation if draft else None))
    form.of.choices = _lists(draft.consultation if draft else None, is_new=draft is None)
    form.files = announcing.files_of(stored.notice if stored else None)
    if form.is_submitted():
        about = consultations.numbered(session(), form.of.data) if form.of.data else None
        done = announcing.outcome(
            form,
            draft,
            words=lambda: NoticeText(form.text.title, form.text.body),
            contents=lambda text: NoticePublication(NoticeKind(form.kind.data), text, form.public_from()),
            title=lambda: f"公告：{form.text.title}",
            consultation=about if about and me().bureau in about.bureaus else None,
        )
        if done is not None:
            return done
    body = render_template("workbench/notices/write.html", form=form, draft=draft)
    return body, announcing.status(form) if form.is_submitted() else 200


@bp.get("/drafts/<int:number>/files/<int:ordinal>")
def file(number: int, ordinal: int) -> Response:
    """A file of a notice that is still a draft, for those who prepare and approve it."""
    contents = drafting.contents(drafting.visible(number))
    text = getattr(contents, "notice", None)
    files: tuple[Attached, ...] = text.attachments if isinstance(text, NoticeText) else ()
    if not 1 <= ordinal <= len(files):
        abort(404)
    response = sent(files[ordinal - 1])
    response.headers["Cache-Control"] = "no-store"
    return response


def _opened() -> Draft | None:
    """The draft this page was opened on, whatever list it speaks of."""
    asked = request.args.get("draft", "")
    if not asked:
        return None
    draft = drafting.visible(int(asked)) if asked.isascii() and asked.isdigit() else abort(404)
    return draft if draft.kind is DraftKind.NOTICE else abort(404)


def _lists(kept: Consultation | None, *, is_new: bool) -> list[SelectChoice]:
    none = [SelectChoice("", gettext("on none"))]
    if not is_new:
        return [SelectChoice(kept.number, f"{kept.number} {kept.title}")] if kept else none
    mine = [one for one in consultations.every_of_bureau(session(), me().bureau) if one.is_public(now())]
    return none + [SelectChoice(one.number, f"{one.number} {one.title}") for one in mine]


def _filled(stored: NoticePublication | None, about: Consultation | None) -> dict[str, object]:
    if stored is None:
        return {}
    return {
        "kind": stored.notice_kind.value,
        "of": about.number if about else "",
        **periods.filled_public(stored.public_from),
        **announcing.filled(stored.notice),
    }
