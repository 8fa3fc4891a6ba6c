"""What can be filled in about a comment and about oneself, and what is refused of it, each at its field."""

from collections.abc import Callable, Iterator
from functools import wraps
from urllib.parse import unquote_to_bytes

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import StopValidation

from gongshi.comments import checks, personal
from gongshi.comments.intake import Person, Point
from gongshi.comments.models import CommentKind
from gongshi.comments.refusals import Reason
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.public.gathering import Written
from gongshi.web.public.sending import is_key
from gongshi.web.public.targets import Place

FORM_TYPE = "application/x-www-form-urlencoded"
# As much as one submission may hold, percent-encoded, twice: whoever pasted too much gets it back with a sentence.
LARGEST_BODY = 2 * 1024 * 1024


def with_room_for_a_submission(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Let this view read longer bodies than others: one submission may hold many comments."""

    @wraps(view)
    def roomy(number: str) -> ResponseReturnValue:
        request.max_content_length = request.max_form_memory_size = LARGEST_BODY
        return view(number)

    return roomy


def refuse_strange_bodies() -> None:
    """What our form cannot have sent: another encoding, a field twice (one would be dropped unseen), no good key."""
    if request.mimetype != FORM_TYPE:
        abort(415)
    request.get_data()  # Kept, so that the bytes can be looked at after the form was read from them.
    repeated = any(len(values) > 1 for values in request.form.listvalues())
    if repeated or not is_key(request.form.get("submission_key", "")):
        abort(400)
    if "text" not in request.form and not is_readable():
        abort(400)


def is_readable() -> bool:
    """Whether the body is UTF-8, so that what was read is what was sent."""
    try:
        unquote_to_bytes(request.get_data().replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return False
    return True


def _as_typed(text: str | None) -> str:
    # Forms travel with CRLF line ends whatever was typed; as people count it, one character stands there.
    return (text or "").replace("\r\n", "\n")


class _Refusing(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """A form that remembers which rules its fields broke, for the public count.

    No token: such a page could not be cookieless. Where it is sent from is checked instead.
    """

    class Meta:
        csrf = False

    @property
    def reasons(self) -> list[Reason]:
        return list(self.__dict__.setdefault("_reasons", []))

    @property
    def faults(self) -> Iterator[tuple[str, str]]:
        """Where something has to be put right, and what."""
        for field in self:
            yield from ((_anchor(field), str(one)) for one in field.errors)

    def _refuse(self, reason: Reason, sentence: str) -> None:
        self.__dict__.setdefault("_reasons", []).append(reason)
        raise StopValidation(sentence)

    def _refuse_for(self, refusal: RuleBroken) -> None:
        self._refuse(Reason(refusal.code), wording.say(refusal))


class CommentForm(_Refusing):
    """One comment."""

    submission_key = HiddenField()
    kind = StringField()
    text = TextAreaField(lazy_gettext("Your comment"), filters=[_as_typed])
    resolution = TextAreaField(lazy_gettext("What change would resolve it?"), filters=[_as_typed])

    def written(self, place: Place) -> Written:
        """What was filled in, as it is gathered."""
        kind, text, wish = (field.data or "" for field in (self.kind, self.text, self.resolution))
        known = kind if kind in list(CommentKind) else ""
        return Written(place.project_number, place.version_number, place.paragraph_key, known, text, wish)

    def validate_kind(self, field: Field) -> None:
        if field.data not in list(CommentKind):
            self._refuse(Reason.KIND_MISSING, gettext("Please choose what kind of comment this is."))

    def validate_text(self, field: Field) -> None:
        try:
            if not is_readable():
                raise checks.TextUnreadable
            checks.refuse_bad_text(field.data)
        except RuleBroken as refusal:
            self._refuse_for(refusal)

    def validate_resolution(self, field: Field) -> None:
        try:
            checks.refuse_unkeepable(field.data)
        except RuleBroken as refusal:
            self._refuse_for(refusal)


class PersonForm(_Refusing):
    """Who one is, if one wishes to say so; and, by itself and unticked, whether the name may be shown."""

    name = StringField(lazy_gettext("Name or organisation"))
    contact = StringField(lazy_gettext("Telephone or e-mail"))
    publish_name = BooleanField(lazy_gettext("I agree that my name is published with my comments"))

    def person(self) -> Person | None:
        """The same for the process; None for somebody who told nothing."""
        found = Person(self.name.data or None, self.contact.data or None, publish_name=bool(self.publish_name.data))
        return found if found.told else None

    def validate_name(self, field: Field) -> None:
        self._refuse_unkeepable(field.data, personal.LONGEST_NAME)

    def validate_contact(self, field: Field) -> None:
        self._refuse_unkeepable(field.data, personal.LONGEST_CONTACT)

    def validate_publish_name(self, field: Field) -> None:
        if field.data and not (self.name.data or "").strip():
            sentence = gettext("You agreed to publish your name but gave none: give it, or untick the box.")
            self._refuse(Reason.NAME_MISSING, sentence)

    def _refuse_unkeepable(self, text: str | None, longest: int) -> None:
        try:
            checks.refuse_unkeepable(text or "", longest)
        except RuleBroken as refusal:
            self._refuse_for(refusal)


def faults_of(written: Written) -> list[tuple[Reason, str]]:
    """What is wrong with a comment that was gathered before, in the order of its fields."""
    found = []
    if written.kind not in list(CommentKind):
        found.append((Reason.KIND_MISSING, gettext("Please choose what kind of comment this is.")))
    for check, text in ((checks.refuse_bad_text, written.text), (checks.refuse_unkeepable, written.resolution)):
        try:
            check(text)
        except RuleBroken as refusal:
            found.append((Reason(refusal.code), wording.say(refusal)))
    return found


def point_of(written: Written, place: Place) -> Point:
    """A comment without fault, as the process takes it."""
    wish = written.resolution if written.resolution.strip() else None
    return Point(CommentKind(written.kind), written.text, wish, place.target)


def _anchor(field: Field) -> str:
    return "kind-0" if field.name == "kind" else str(field.id)
