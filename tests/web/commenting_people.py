"""What the tests of commenting share: an open list in the application's database, and a person with a form."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import making
from gongshi import clock, db
from gongshi.comments.models import Comment, Submission
from gongshi.consultations.models import Consultation
from gongshi.web.refused import RefusalCounter
from web.client import Client, Page

FORM = "/consultations/2026-SL-01/comment"
TEXT = "模型每季度复核一次太少，建议每月复核。"
PARAGRAPH = {"project": 1, "version": 1, "paragraph": "p-2"}


@dataclass
class Person:
    """Someone with the form of one target open in front of them."""

    client: Client
    address: str
    fields: dict[str, str]

    @classmethod
    def opens(cls, client: Client, address: str = FORM, **query: Any) -> "Person":
        page = client.get(address, **query)
        return cls(client, str(page.one("#comment")["action"]), page.fields("#comment"))

    @property
    def key(self) -> str:
        return self.fields["submission_key"]

    def sends(self, status: int = 201, *, headers: dict[str, str] | None = None, **fields: str) -> Page:
        """Press the button, with some fields filled in."""
        filled = {**self.fields, "kind": "oppose", "text": TEXT, **fields}
        return self.client.post(self.address, filled, status=status, headers=headers)


def open_list(session: Session, **periods: Any) -> making.OpenList:
    """2026-SL-01, published, open since yesterday unless told otherwise, and committed."""
    with db.writing(session) as at:
        return making.make_open_list(session, at, **periods)


def close_now(session: Session, consultation: Consultation) -> datetime:
    """Let the round have closed a moment ago. Only a test may: in the process a period is never shortened (rule 1)."""
    closed_at = clock.now() - timedelta(seconds=3)
    unprotected(session, "round_closes_at_only_grows")
    consultation.rounds[0].closes_at = closed_at
    session.commit()
    return closed_at


def unprotected(session: Session, trigger: str) -> None:
    """Take away what the database refuses, so that a test can have a past that the process never makes."""
    session.execute(text(f'DROP TRIGGER "{trigger}"'))


def count(session: Session, table: type[Comment | Submission] = Comment) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def counter(app: Flask) -> RefusalCounter:
    found = app.extensions["gongshi.refused"]
    assert isinstance(found, RefusalCounter)
    return found


def receipt(page: Page) -> tuple[str, str]:
    """Number and secret, as the page shows them."""
    return page.one("#receipt-number").get_text(), page.one("#receipt-secret").get_text()
