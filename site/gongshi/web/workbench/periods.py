"""A comment period on a form: by its last day or by a number of working days, and in words what that means."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, DateTimeLocalField, Field, Form, IntegerField, RadioField, TextAreaField, ValidationError

from gongshi import clock, workdays
from gongshi.consultations.models import USUAL_PERIOD
from gongshi.web import formatting
from gongshi.web.moment import now
from gongshi.web.workbench.choices import SelectChoice
from gongshi.web.workbench.typed import typed

AT_ONCE, ON_DAY = "at-once", "on-day"
UNTIL_DAY, WORKING_DAYS = "until-day", "working-days"
LONGEST = timedelta(days=366)
MOST_WORKING_DAYS = 250


def may_be_empty(_form: object, field: Field) -> None:
    """A validator: an empty field is not misread as a wrong date; whether it may stay empty is asked after it."""
    if not any(field.raw_data or ()):
        field.errors = []


@dataclass(frozen=True)
class Period:
    """A period as it will be: `opens_at` is empty where it opens with its publication."""

    opens_at: datetime | None
    closes_at: datetime
    counted_from: datetime

    @property
    def days(self) -> int:
        """Whole days, from the opening to the closing."""
        return (self.closes_at - self.counted_from) // timedelta(days=1)

    @property
    def working_days(self) -> int:
        """Working days in it; the day on which it opens does not count."""
        return workdays.between(clock.beijing(self.counted_from).date(), self.last_day)

    @property
    def last_day(self) -> date:
        return clock.beijing(self.closes_at - clock.AN_INSTANT).date()

    @property
    def is_short(self) -> bool:
        return self.closes_at - self.counted_from < USUAL_PERIOD

    @property
    def is_estimated(self) -> bool:
        """Whether it reaches into a year whose holidays are not announced yet."""
        return not workdays.is_announced(self.last_day.year)


class PeriodFields(Form):
    """How long comments are taken. Mixed into a form; `period()` is what it comes to, once the fields are right."""

    opens = RadioField(
        _("Opens"),
        choices=[SelectChoice(AT_ONCE, _("as soon as it is public")), SelectChoice(ON_DAY, _("on a day"))],
        default=AT_ONCE,
    )
    opens_on = DateField(_("First day"), [may_be_empty])
    length = RadioField(
        _("Closes"),
        choices=[
            SelectChoice(UNTIL_DAY, _("after a last day")),
            SelectChoice(WORKING_DAYS, _("after a number of working days")),
        ],
        default=UNTIL_DAY,
    )
    closes_on = DateField(_("Last day"), [may_be_empty])
    working_days = IntegerField(_("Working days"), [may_be_empty])
    short_reason = TextAreaField(_("Why it is shorter than 30 days"), [may_be_empty])

    def public_from(self) -> datetime | None:
        """From when on the period's list is public, where that is set; a form with such a field says so."""
        return None

    def validate_opens_on(self, field: Field) -> None:
        if self.opens.data != ON_DAY:
            return
        if field.data is None:
            raise ValidationError(gettext("Please give the first day."))
        _refuse_strange(field.data)
        since = self.public_from()
        if since is not None and clock.start_of(field.data) < since:
            raise ValidationError(gettext("The period would open before it is public. Choose a later day."))

    def validate_closes_on(self, field: Field) -> None:
        if self.length.data != UNTIL_DAY:
            return
        if field.data is None:
            raise ValidationError(gettext("Please give the last day."))
        _refuse_strange(field.data)
        if clock.end_of(field.data) <= (self._begins() or now()):
            raise ValidationError(gettext("The last day lies before the first."))

    def validate_working_days(self, field: Field) -> None:
        if self.length.data != WORKING_DAYS:
            return
        if field.data is None or not 1 <= field.data <= MOST_WORKING_DAYS:
            raise ValidationError(gettext("Please give a number from 1 to %(most)s.", most=MOST_WORKING_DAYS))
        if self._begins() is None:
            raise ValidationError(
                gettext("Working days are counted from a known day: choose the first day, or a set instant, above.")
            )

    def validate_short_reason(self, field: Field) -> None:
        period = self.period_or_none()
        if period is not None and period.is_short and not typed(field).strip():
            raise ValidationError(
                gettext(
                    "A period shorter than 30 days needs a published reason; this one has %(days)s days.",
                    days=period.days,
                )
            )

    def period_or_none(self) -> Period | None:
        """What the fields come to, or None while they say nothing whole."""
        begins = self._begins()
        counted_from = begins or now()
        if self.length.data == UNTIL_DAY and self.closes_on.data:
            closes_at = clock.end_of(self.closes_on.data)
        elif (
            self.length.data == WORKING_DAYS
            and begins
            and 1 <= (count := self.working_days.data or 0) <= MOST_WORKING_DAYS
        ):
            first = clock.beijing(begins).date()
            closes_at = clock.end_of(workdays.after_working_days(first, count))
        else:
            return None
        if closes_at <= counted_from:
            return None
        opens_at = clock.start_of(self.opens_on.data) if self.opens.data == ON_DAY and self.opens_on.data else None
        return Period(opens_at, closes_at, counted_from)

    def period(self) -> Period:
        found = self.period_or_none()
        assert found is not None, "the fields were validated"
        return found

    def reason(self) -> str | None:
        """The published reason, where the period is short."""
        return typed(self.short_reason).strip() or None if self.period().is_short else None

    def meaning(self) -> list[str]:
        """In sentences what the fields come to; empty while they say nothing whole."""
        period = self.period_or_none()
        if period is None:
            return []
        closes = formatting.spoken_closing(period.closes_at)
        if self._begins():
            opens = formatting.spoken_moment(period.counted_from)
            begins = gettext("Comments are taken from %(opens)s until %(closes)s.", opens=opens, closes=closes)
        else:
            begins = gettext("Comments are taken from the publication on until %(closes)s.", closes=closes)
        said = [
            begins,
            gettext(
                "That is %(days)s days, %(working)s of them working days.",
                days=period.days,
                working=period.working_days,
            ),
        ]
        if period.is_estimated:
            said.append(
                gettext(
                    "The holidays of %(year)s are not announced yet; Monday to Friday is counted.",
                    year=period.last_day.year,
                )
            )
        if period.is_short:
            said.append(gettext("It is shorter than 30 days and needs a published reason."))
        return said

    def _count(self) -> int:
        return self.working_days.data or 0

    def _begins(self) -> datetime | None:
        """The instant at which the period opens, where the form fixes it."""
        if self.opens.data == ON_DAY:
            return clock.start_of(self.opens_on.data) if self.opens_on.data else None
        return self.public_from()


class PublicFromFields(Form):
    """At once on approval, or from a set minute on."""

    public = RadioField(
        _("Becomes public"),
        choices=[SelectChoice(AT_ONCE, _("as soon as it is approved")), SelectChoice(ON_DAY, _("from a set time on"))],
        default=AT_ONCE,
    )
    public_at = DateTimeLocalField(
        _("Public from (Beijing time)"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], validators=[may_be_empty]
    )

    def validate_public_at(self, field: Field) -> None:
        if self.public.data != ON_DAY:
            return
        if field.data is None:
            raise ValidationError(gettext("Please give the day and the time."))
        _refuse_strange(field.data.date())
        since = self.public_from()
        if since is not None and since <= now():
            raise ValidationError(gettext("This time is over already. Choose a later one, or publish on approval."))

    def public_from(self) -> datetime | None:
        """The set instant, or None for at once."""
        if self.public.data != ON_DAY or self.public_at.data is None:
            return None
        given: datetime = self.public_at.data
        return given.replace(second=0, microsecond=0, tzinfo=clock.BEIJING)


def filled(opens_at: datetime | None, closes_at: datetime, reason: str | None) -> dict[str, object]:
    """The values of the period's fields for a draft that is opened again."""
    return {
        "opens": ON_DAY if opens_at else AT_ONCE,
        "opens_on": clock.beijing(opens_at).date() if opens_at else None,
        "length": UNTIL_DAY,
        "closes_on": clock.beijing(closes_at - clock.AN_INSTANT).date(),
        "short_reason": reason or "",
    }


def filled_public(public_from: datetime | None) -> dict[str, object]:
    return {
        "public": ON_DAY if public_from else AT_ONCE,
        "public_at": clock.beijing(public_from).replace(tzinfo=None) if public_from else None,
    }


def _refuse_strange(day: date) -> None:
    today = clock.beijing(now()).date()
    if day < today:
        raise ValidationError(gettext("This day is over already."))
    if day - today > LONGEST:
        raise ValidationError(gettext("This is more than a year ahead. Please check the year."))
