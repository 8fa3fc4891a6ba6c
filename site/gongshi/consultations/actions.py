"""Verbs: draft a consultation. Publishing, extending and correcting it are in `notices`, which can see its projects."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from gongshi.accounts.models import Bureau
from gongshi.consultations.models import Consultation, Nature


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
    """Begin a consultation that nobody but staff can see yet."""
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
