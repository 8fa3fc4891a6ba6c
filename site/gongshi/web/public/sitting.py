"""One person's sitting at the comment form: all they wrote so far, carried from page to page by the form itself.

Nothing of it is stored before it is sent, no cookie holds it together, and no step of it needs a script.
"""

from dataclasses import dataclass, field
from functools import cached_property

from flask import request
from flask_babel import gettext

from gongshi.comments import checks
from gongshi.comments.intake import Person, Point
from gongshi.comments.models import CommentKind
from gongshi.comments.refusals import Reason
from gongshi.errors import RuleBroken
from gongshi.projects.models import Project
from gongshi.web import wording
from gongshi.web.public import gathering
from gongshi.web.public.comment_form import CommentForm, PersonForm, faults_of, point_of
from gongshi.web.public.gathering import Broken, Written
from gongshi.web.public.sending import fresh_key
from gongshi.web.public.targets import Place, places_of

Fault = tuple[str, str]
PERSONAL = ("name", "contact", "publish_name")


@dataclass(frozen=True)
class Gathered:
    """One comment of a sitting as the page for checking shows it: its number there, and its place."""

    number: int
    written: Written
    place: Place

    @cached_property
    def faults(self) -> list[tuple[Reason, str]]:
        return faults_of(self.written)

    @property
    def kind(self) -> CommentKind | None:
        return next((one for one in CommentKind if one.value == self.written.kind), None)

    @property
    def anchor(self) -> str:
        """The button that leads to putting it right."""
        return f"edit-{self.number}"


@dataclass
class Sitting:
    """What came with the form: the comments gathered before, the one being written, and who writes.

    `current` is the comment of this page, where the page has one; `position` its old place among the others, where it
    had one; `removed` what was just taken out and can be put back; `unread` what came back in a state that nothing can
    be made of.
    """

    place: Place
    key: str
    current: CommentForm
    has_current: bool = False
    gathered: list[Written] = field(default_factory=list)
    position: int | None = None
    removed: Written | None = None
    unread: str = ""

    @classmethod
    def begun(cls, place: Place) -> "Sitting":
        """With an empty form and a key of its own."""
        key = fresh_key()
        return cls(place, key, CommentForm(formdata=None, submission_key=key))

    @classmethod
    def sent(cls, place: Place) -> "Sitting":
        """As this request brings it. Never raises: what cannot be read stands in `unread`."""
        form = request.form
        current = CommentForm()
        found = cls(place, current.submission_key.data or "", current, has_current="text" in form)
        try:
            found.gathered = gathering.unpacked(form.get("gathered", ""))
            found.removed = next(iter(gathering.unpacked(form.get("removed", ""))), None)
            found.position = _position(form.get("position", ""))
            if found.gathered:
                places_of(place, found.gathered)
        except Broken:
            found.gathered, found.unread = [], form.get("gathered", "")
        return found

    @property
    def is_plain(self) -> bool:
        """Whether it is one comment and no more, as most are."""
        return self.has_current and not self.gathered

    @property
    def packed(self) -> str:
        return gathering.packed(self.gathered)

    @property
    def packed_removed(self) -> str:
        return gathering.packed([self.removed] if self.removed else [])

    @property
    def is_full(self) -> bool:
        return len(self.gathered) >= checks.MOST_POINTS

    @property
    def ordinal(self) -> int:
        """Which comment of the submission the one being written is."""
        return len(self.gathered) + 1 if self.position is None else self.position + 1

    @property
    def leaves_current_out(self) -> bool:
        """Whether nothing was written on this page, and there is something without it."""
        return not self.has_current or (bool(self.gathered) and self.current.written(self.place).is_blank)

    @cached_property
    def comments(self) -> list[Gathered]:
        """All of it, the one being written among them."""
        if self.is_plain:
            return [Gathered(1, self.current.written(self.place), self.place)]
        if self.leaves_current_out:
            return self.others
        whole = gathering.put(self.gathered, self.current.written(self.place), self.position)
        return self._gathered(whole)

    @cached_property
    def others(self) -> list[Gathered]:
        """What was gathered before."""
        return self._gathered(self.gathered)

    def _gathered(self, found: list[Written]) -> list[Gathered]:
        places = places_of(self.place, found)
        return [Gathered(number, one, where) for number, (one, where) in enumerate(zip(found, places, strict=True), 1)]

    @property
    def project(self) -> Project | None:
        """Of the first comment."""
        return self.comments[0].place.project

    @property
    def points(self) -> list[Point]:
        """For the process, once nothing is wrong."""
        return [point_of(one.written, one.place) for one in self.comments]

    @property
    def tells(self) -> bool:
        """Whether anything came about the person."""
        return any(request.form.get(name) for name in PERSONAL)

    @cached_property
    def person(self) -> PersonForm:
        return PersonForm() if request.method == "POST" else PersonForm(formdata=None)

    def told(self) -> Person | None:
        return self.person.person() if self.tells else None

    @cached_property
    def faults(self) -> list[Fault]:
        """What is wrong with the whole: where to put it right, and what."""
        found = []
        for one in self.comments:
            number = gettext("Comment %(number)s:", number=one.number)
            found += [(one.anchor, f"{number} {sentence}") for _, sentence in one.faults]
        too_much = self.too_much()
        if too_much:
            found.append((self.comments[-1].anchor, wording.say(too_much)))
        return found + self.faults_of_person

    @cached_property
    def faults_of_person(self) -> list[Fault]:
        return list(self.person.faults) if self.tells and not self.person.validate() else []

    @property
    def reasons(self) -> list[Reason]:
        """The rules that the whole breaks, for the public count."""
        found = [reason for one in self.comments for reason, _ in one.faults]
        too_much = self.too_much()
        return found + ([Reason(too_much.code)] if too_much else []) + (self.person.reasons if self.tells else [])

    def too_much(self) -> RuleBroken | None:
        """The rule on the size of a submission that this would break."""
        try:
            checks.refuse_too_much([one.written.length for one in self.comments])
        except RuleBroken as refusal:
            return refusal
        return None

    def gathers(self, comments: list[Written]) -> None:
        """From now on these are the comments gathered, and none is being written."""
        self._forget()
        self.gathered, self.has_current = comments, False
        self.position = self.position if self.removed else None

    def writes(self, one: Written | None) -> None:
        """From now on this comment is being written, or a new one about the place that the address names."""
        filled = one or Written()
        self.current = CommentForm(
            formdata=None, submission_key=self.key, kind=filled.kind, text=filled.text, resolution=filled.resolution
        )
        self.has_current, self.removed = True, None
        self._forget()

    def takes_out(self, number: int) -> Written | None:
        """The comment of this number, which is then no longer among the others; None if there is none."""
        if not 0 < number <= len(self.gathered):
            return None
        self._forget()
        return self.gathered.pop(number - 1)

    def edits(self, number: int) -> bool:
        """Write on at the comment of this number. False if there is none."""
        one = self.takes_out(number)
        if one is None:
            return False
        self.place = places_of(self.place, [one])[0]
        self.position = number - 1
        self.writes(one)
        return True

    def renews_key(self) -> None:
        self.key = self.current.submission_key.data = fresh_key()

    def _forget(self) -> None:
        for name in ("comments", "others", "faults"):
            self.__dict__.pop(name, None)


def _position(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else None
