"""Nothing that an operator can set goes undocumented."""

from dataclasses import fields
from pathlib import Path

import pytest

from config import Config

OPERATE = Path(__file__).parents[2] / "docs" / "operate.md"


@pytest.mark.parametrize("setting", [field.name for field in fields(Config)])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in OPERATE.read_text(encoding="utf-8")
