"""How a decision becomes a search Document."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.admissions.models import Admission
from gongshi.search import Document


class Decisions:
    """Search source: what was decided about a project, and why."""

    def document(self, session: Session, id: str) -> Document | None:
        admission = session.get(Admission, UUID(id))
        if admission is None:
            return None
        project = admission.project
        return Document(
            kind="decision",
            id=id,
            title=project.name,
            names=(),
            body=admission.text,
            at=admission.decided_at,
            consultation=project.consultation.number,
            place={"consultation": project.consultation.number, "project": project.number},
        )

    def documents(self, session: Session) -> Iterator[Document]:
        for id in session.scalars(select(Admission.id).order_by(Admission.id)).all():
            found = self.document(session, str(id))
            if found is not None:
                yield found
