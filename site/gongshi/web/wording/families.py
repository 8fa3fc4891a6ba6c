"""How what is not shown is called."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.comments.stubs import StubKind

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    StubKind: {
        StubKind.WITHHELD: _("Withheld"),
        StubKind.WITHDRAWN: _("Withdrawn by its sender"),
        StubKind.REDACTED: _("Covered in part"),
        StubKind.ERASED: _("Erased"),
        StubKind.REPLACED: _("Replaced by its sender"),
    },
}
