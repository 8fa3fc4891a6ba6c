"""What a draft holds: a typed value that knows how to become public, kept as JSON.

Each kind of draft is a frozen dataclass of this package, listed in `registry`. Its fields are plain values (numbers and
keys of things, texts, instants), never database objects: a draft may wait for days.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from cattrs.preconf.json import make_converter
from sqlalchemy.orm import Session

from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands
from gongshi.drafts.models import DraftKind

if TYPE_CHECKING:
    from gongshi.drafts.models import Draft

_converter = make_converter()
_converter.register_unstructure_hook(UUID, str)
_converter.register_structure_hook(UUID, lambda text, _type: UUID(text))


@dataclass(frozen=True)
class Result:
    """Something public that an approved draft brought about; the web makes a link of it.

    `consultation`, `comment`, `objection` and `answer` are named by their numbers, a `notice` by its slug; a `project`,
    a `gate` and a `decision` as 2026-SL-01/3, a `version` as 2026-SL-01/3/2.
    """

    kind: str
    ref: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}"


@dataclass(frozen=True)
class Contents:
    """The parent of what drafts hold."""

    kind: ClassVar[DraftKind]
    act: ClassVar[Act]

    def carry_out(self, session: Session, draft: "Draft", *, by: Hands, at: datetime) -> list[Result]:
        """Do the act, in the transaction of its approval, and say what came of it. Raises whatever the act refuses."""
        raise NotImplementedError

    def seen(self, _session: Session, _draft: "Draft", _at: datetime) -> object:
        """What else the approver relies on, beyond the contents: if it changes, what was shown is no longer so."""
        return None

    def barred(self, _session: Session, _draft: "Draft") -> frozenset[UUID]:
        """Whose approval the act would refuse although they hold the role for it."""
        return frozenset()

    def take_up(self, _session: Session, _draft: "Draft") -> None:
        """The draft now speaks of what it holds: said when it is begun, and after each new wording."""

    def put_down(self, _session: Session, _draft: "Draft") -> None:
        """The draft no longer does: said before a new wording, and when it is discarded."""

    def as_json(self) -> dict[str, Any]:
        plain = json.loads(json.dumps(_converter.unstructure(self), ensure_ascii=False))
        assert isinstance(plain, dict)
        return plain

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The value that `as_json` gave."""
        return _converter.structure(stored, cls)
