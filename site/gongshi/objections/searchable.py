"""How objections with their dispositions, and answers, become search Documents."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.objections.models import Answer, Disposition, Objection
from gongshi.search import Document


class Objections:
    """Search source: an objection once it is disposed of (or withdrawn as unfounded), with the reasons."""

    def document(self, session: Session, id: str) -> Document | None:
        objection = session.get(Objection, UUID(id))
        if objection is None or not objection.is_settled:
            return None
        disposition = objection.disposition
        reasons = disposition.reasons if disposition else objection.unfounded_reason
        return Document(
            kind="objection",
            id=id,
            title=objection.title,
            names=(objection.number,),
            body=f"{objection.text}\n{reasons}",
            at=disposition.decided_at if disposition else objection.unfounded_at or objection.worded_at,
            consultation=objection.consultation.number,
            place={"objection": objection.number},
        )

    def documents(self, session: Session) -> Iterator[Document]:
        settled = (
            select(Objection.id)
            .outerjoin(Disposition)
            .where(Disposition.id.is_not(None) | Objection.unfounded_at.is_not(None))
            .order_by(Objection.id)
        )
        for id in session.scalars(settled).all():
            found = self.document(session, str(id))
            if found is not None:
                yield found


class Answers:
    """Search source: answers to groups of comments."""

    def document(self, session: Session, id: str) -> Document | None:
        answer = session.get(Answer, UUID(id))
        if answer is None:
            return None
        return Document(
            kind="answer",
            id=id,
            title=answer.title,
            names=(answer.number,),
            body=answer.text,
            at=answer.published_at,
            consultation=answer.consultation.number,
            place={"answer": answer.number},
        )

    def documents(self, session: Session) -> Iterator[Document]:
        for id in session.scalars(select(Answer.id).order_by(Answer.id)).all():
            found = self.document(session, str(id))
            if found is not None:
                yield found
