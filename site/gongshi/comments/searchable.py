"""How a published comment becomes a search Document."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.comments.models import Comment, CommentState
from gongshi.search import Document


class Comments:
    """Search source: comments whose text the public can read, and no others."""

    def document(self, session: Session, id: str) -> Document | None:
        comment = session.get(Comment, UUID(id))
        if comment is None or comment.state is not CommentState.PUBLISHED:
            return None
        said = "\n".join(filter(None, [comment.shown_text, comment.shown_resolution]))
        if not said:  # Erased.
            return None
        return Document(
            kind="comment",
            id=id,
            title="",
            names=(comment.number,),
            body=said,
            at=comment.received_at,
            consultation=comment.consultation.number,
            place={"comment": comment.number},
        )

    def documents(self, session: Session) -> Iterator[Document]:
        shown = select(Comment.id).where(Comment.state == CommentState.PUBLISHED).order_by(Comment.id)
        for id in session.scalars(shown).all():
            found = self.document(session, str(id))
            if found is not None:
                yield found
