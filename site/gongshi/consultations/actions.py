"""Verbs: draft a consultation, amend it while nobody but staff can see it. `notices` publishes and corrects it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from gongshi.accounts.models import Bureau, Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.consultations import queries
from gongshi.consultations.models import Consultation, Nature
from gongshi.errors import RuleBroken


class ListNumberTaken(RuleBroken):
    """A list's number is its own for ever."""

    code = "list-number-taken"


class ListPublished(RuleBroken):
    """What is published is corrected by a notice, and never edited (rule 1)."""

    code = "list-published"


def draft(
    session: Session,
    *,
    number: str,
    nature: Nature,
    title: str,
    title_en: str,
    summary: str,
    bureaus: Sequence[Bureau],
    content_key: str | None = None,
) -> Consultation:
    """Begin a consultation that nobody but staff can see yet. Raises ListNumberTaken."""
    if queries.numbered(session, number) is not None:
        raise ListNumberTaken(number=number)
    consultation = Consultation(
        number=number,
        nature=nature,
        title=title,
        title_en=title_en,
        summary=summary,
        bureaus=list(bureaus),
        content_key=content_key,
    )
    session.add(consultation)
    session.flush()
    return consultation


def amend(
    session: Session,
    consultation: Consultation,
    *,
    title: str,
    title_en: str,
    summary: str,
    bureaus: Sequence[Bureau],
    by: StaffUser,
) -> None:
    """Word a consultation anew before it is published. Raises ListPublished, NotYourRole, NotYourBureau."""
    if consultation.published_at is not None:
        raise ListPublished(number=consultation.number)
    check(by, frozenset({Role.EDITOR}), frozenset(bureau.id for bureau in consultation.bureaus))
    consultation.title, consultation.title_en, consultation.summary = title, title_en, summary
    consultation.bureaus = list(bureaus)
    session.flush()
