"""Which risk a major objection names in each project: one choice a project, `risk-3` for project 3."""

from collections.abc import Mapping

PREFIX = "risk-"


def chosen(sent: Mapping[str, str], prefix: str = PREFIX) -> dict[int, str]:
    """The risk chosen for each project, by project number; projects without a choice are left out."""
    return {
        int(name.removeprefix(prefix)): key
        for name, key in sent.items()
        if key and name.startswith(prefix) and _is_number(name.removeprefix(prefix))
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7
