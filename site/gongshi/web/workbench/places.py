"""What an address of the workbench speaks of: records of my bureau in whatever state; another bureau's are not there.

Each raises NoResultFound, which the site answers with 404.
"""

from flask import request
from sqlalchemy.exc import NoResultFound

from gongshi.comments import queries as comments
from gongshi.comments.models import Comment
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.objections import queries as objections
from gongshi.objections.models import Objection
from gongshi.projects import queries as projects
from gongshi.projects.models import Project
from gongshi.web.db import session
from gongshi.web.workbench.access import me


def consultation_of(number: str) -> Consultation:
    """A consultation of my bureau, drafts and archive included."""
    return consultations.of_bureau(session(), number, bureau_id=me().bureau_id)


def project_of(number: str, project: int) -> Project:
    """A project of a list of my bureau, by its place in the list."""
    found = projects.numbered(session(), consultation_of(number), project)
    if found is None:
        raise NoResultFound
    return found


def comment_of(number: str) -> Comment:
    """A comment on a list of my bureau, by its number; published, pending or withheld."""
    found = comments.numbered(session(), number)
    _refuse_another_bureau(found.consultation)
    return found


def comment_of_list(consultation: Consultation, drafted: str | None) -> Comment:
    """The comment of this list that a draft speaks of or, before there is a draft, that `?comment=` names."""
    found = comment_of(request.args.get("comment", "") if drafted is None else drafted)
    if found.consultation_id != consultation.id:
        raise NoResultFound
    return found


def objection_of(number: str) -> Objection:
    """An objection to a list of my bureau, by its number."""
    found = objections.numbered(session(), number)
    _refuse_another_bureau(found.consultation)
    return found


def _refuse_another_bureau(consultation: Consultation) -> None:
    if me().bureau_id not in {bureau.id for bureau in consultation.bureaus}:
        raise NoResultFound
