"""The chore that ends the retention of names and contacts."""

import time

from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.comments import retention
from gongshi.search import worker
from gongshi.web.settings import settings

LOOK_AGAIN_AFTER = 600.0


class Retention:
    """Looks every ten minutes, and works until nothing is left whose time is over."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")

    def waits(self, session: Session) -> bool:
        if time.monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return False
        found = retention.is_due(session, days=settings().PERSONAL_DATA_DAYS, at=clock.now())
        if not found:
            self._looked_at = time.monotonic()
        return found

    def do(self, session: Session) -> int:
        return retention.delete_due(
            session, days=settings().PERSONAL_DATA_DAYS, at=session.info["recorded_at"]
        )  # fmt: skip


_retention = Retention()
RETENTION = worker.Chore(_retention.waits, _retention.do)
