"""The comment form: what it is about, what may be said, and every refusal with all that was typed kept in place."""

from urllib.parse import unquote_to_bytes

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import StopValidation

from gongshi.comments import checks, tallies
from gongshi.comments import refusals as refused
from gongshi.comments.actions import Point
from gongshi.comments.models import CommentKind
from gongshi.comments.refusals import Reason
from gongshi.consultations import queries as consultations
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.moment import now
from gongshi.web.public.comments import bp
from gongshi.web.public.receipts import receipt_page
from gongshi.web.public.sending import NotTaken, count, fresh_key, is_key, send
from gongshi.web.public.targets import Place, place_of

FORM_TYPE = "application/x-www-form-urlencoded"


def _as_typed(text: str | None) -> str:
    # Forms travel with CRLF line ends whatever was typed; as people count it, one character stands there.
    return (text or "").replace("\r\n", "\n")


class CommentForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """What a person fills in. No token: such a page could not be cookieless. Where it is sent from is checked instead.

    `reasons` are the rules that the fields broke, for the public count.
    """

    class Meta:
        csrf = False

    submission_key = HiddenField()
    kind = StringField()
    text = TextAreaField(lazy_gettext("Your comment"), filters=[_as_typed])
    resolution = TextAreaField(lazy_gettext("What change would resolve it?"), filters=[_as_typed])

    @property
    def reasons(self) -> list[Reason]:
        return list(self.__dict__.setdefault("_reasons", []))

    def point(self, place: Place) -> Point:
        """What was filled in, as the process takes it."""
        kind, text, wish = (field.data or "" for field in (self.kind, self.text, self.resolution))
        return Point(CommentKind(kind), text, wish if wish.strip() else None, place.target)

    def make_showable(self) -> None:
        """NUL was refused and cannot stand in HTML either: where it was, a mark stands."""
        for field in (self.text, self.resolution):
            field.data = (field.data or "").replace("\x00", "\ufffd")

    def validate_kind(self, field: Field) -> None:
        if field.data not in list(CommentKind):
            self._refuse(Reason.KIND_MISSING, gettext("Please choose what kind of comment this is."))

    def validate_text(self, field: Field) -> None:
        try:
            if not _is_readable(request.get_data()):
                raise checks.TextUnreadable
            checks.refuse_bad_text(field.data)
        except RuleBroken as refusal:
            self._refuse(Reason(refusal.code), wording.say(refusal))

    def validate_resolution(self, field: Field) -> None:
        try:
            checks.refuse_unkeepable(field.data)
        except RuleBroken as refusal:
            self._refuse(Reason(refusal.code), wording.say(refusal))

    def _refuse(self, reason: Reason, sentence: str) -> None:
        self.__dict__.setdefault("_reasons", []).append(reason)
        raise StopValidation(sentence)


@bp.route("/consultations/<number>/comment", methods=["GET", "POST"])
def form(number: str) -> ResponseReturnValue:
    place = place_of(number)
    if request.method == "GET":
        return _page(place, CommentForm(formdata=None, submission_key=fresh_key()), 200)
    _refuse_strange_bodies()
    filled = CommentForm()
    if not filled.validate():
        count(place.consultation, filled.reasons)
        filled.make_showable()
        return _page(place, filled, 422)
    key, points = filled.submission_key.data or "", [filled.point(place)]
    try:
        taken = send(place.consultation, place.project, key=key, points=points)
    except NotTaken as refusal:
        return _refusal_page(place, filled, refusal)
    return receipt_page(taken)


@bp.get("/consultations/<number>/refusals/")
def refusals(number: str) -> ResponseReturnValue:
    consultation = consultations.public(session(), number, now())
    return render_template(
        "public/comments/refusals.html",
        consultation=consultation,
        example=consultation.is_example,
        totals=refused.totals(session(), consultation),
        rows=refused.by_hour(session(), consultation),
        tally=tallies.of(session(), consultation),
    )


def _refusal_page(place: Place, filled: CommentForm, refusal: NotTaken) -> Response:
    if refusal.reason is Reason.KEY_USED_FOR_ANOTHER_TEXT:
        # Under the old key this text could never be sent; the sentence above the form says what a second sending means.
        filled.submission_key.data = fresh_key()
    response = _page(place, filled, refusal.status, refusal)
    if refusal.seconds is not None:
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _page(place: Place, filled: CommentForm, status: int, refusal: NotTaken | None = None) -> Response:
    body = render_template(
        "public/comments/form.html",
        place=place,
        consultation=place.consultation,
        example=place.consultation.is_example,
        standing=place.standing,
        at=now(),
        form=filled,
        kinds=list(CommentKind),
        refusal=refusal,
        sentence=_sentence(refusal),
        faults=[(_anchor(field), str(one)) for field in filled for one in field.errors],
        limit=checks.LONGEST_TEXT,
    )
    return not_kept(make_response(body, status))


def _sentence(refusal: NotTaken | None) -> str:
    """How the rule that was broken is worded, where it was a rule of the process."""
    cause = refusal.__cause__ if refusal else None
    return wording.say(cause) if isinstance(cause, RuleBroken) else ""


def _anchor(field: Field) -> str:
    return "kind-0" if field.name == "kind" else str(field.id)


def _refuse_strange_bodies() -> None:
    """What our form cannot have sent: another encoding, a field twice (one would be dropped unseen), no good key."""
    if request.mimetype != FORM_TYPE:
        abort(415)
    request.get_data()  # Kept, so that the bytes can be looked at after the form was read from them.
    repeated = any(len(values) > 1 for values in request.form.listvalues())
    if repeated or not is_key(request.form.get("submission_key", "")):
        abort(400)


def _is_readable(body: bytes) -> bool:
    """Whether the body is UTF-8, so that what was read is what was sent."""
    try:
        unquote_to_bytes(body.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return False
    return True
