"""The options of a select, as WTForms wants them since 3.3."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # Its stubs are older.

__all__ = ["SelectChoice"]
