"""How a notice becomes a search Document."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.notices.models import Notice
from gongshi.search import Document


class Notices:
    """Search source: every notice, since a notice is public from the moment it exists."""

    def document(self, session: Session, id: str) -> Document | None:
        notice = session.get(Notice, UUID(id))
        if notice is None:
            return None
        return Document(
            kind="notice",
            id=id,
            title=notice.title,
            names=(notice.bureau.name,) if notice.bureau else (),
            body=notice.body,
            at=notice.published_at,
            consultation=notice.consultation.number if notice.consultation else "",
            place={"notice": notice.slug},
        )

    def documents(self, session: Session) -> Iterator[Document]:
        for id in session.scalars(select(Notice.id).order_by(Notice.id)).all():
            found = self.document(session, str(id))
            if found is not None:
                yield found
