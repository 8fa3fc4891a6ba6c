"""Settings are read once, checked, and wrong ones are named with their remedy."""

import os
import stat
from pathlib import Path

import pytest

from config import Config, WrongSetting


def test_without_any_setting_the_site_runs_on_its_own_folder() -> None:
    config = Config.from_env({})

    assert config.PORT == 8000
    assert config.DATA_DIR.name == "var"
    assert config.database_url.startswith("sqlite:////")


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    config = Config.from_env(
        {"PORT": "9000", "DATA_DIR": str(tmp_path), "TRUSTED_HOSTS": "a.example.cn, .example.cn", "THREADS": " 4 "}
    )

    assert config.PORT == 9000
    assert config.THREADS == 4
    assert tmp_path == config.DATA_DIR
    assert config.TRUSTED_HOSTS == ("a.example.cn", ".example.cn")


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PORT", "http", "whole number from 1 to 65535"),
        ("PORT", "0", "whole number"),
        ("THREADS", "-1", "whole number"),
        ("DATABASE_URL", "nonsense", "leave it empty"),
        ("DATABASE_URL", "mysql://root@host/name", "PostgreSQL or SQLite"),
        ("RATELIMIT_STORAGE_URI", "memory://", "each process alone"),
        ("RATELIMIT_STORAGE_URI", "file:///tmp", "redis://"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("ENVIRONMENT", "prod", "development, production"),
        ("LEDGER_ORIGIN", "https://example.cn/ledger", "without scheme"),
        ("TRUSTED_HOSTS", "https://example.cn/", "without scheme"),
        ("TRUSTED_PROXIES", "many", "whole number from 0 to 5"),
        ("COMMENT_LIMITS", "often", "5 per 10 minutes"),
        ("CONSULTATION_LIMIT", "some", "5 per 10 minutes"),
        ("DATA_DIR", __file__, "name a folder"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(name: str, value: str, remedy: str) -> None:
    with pytest.raises(WrongSetting) as refusal:
        Config.from_env({name: value})

    assert name in str(refusal.value)
    assert remedy in str(refusal.value)


def test_all_wrong_values_are_named_at_once_and_no_secret_is_shown() -> None:
    with pytest.raises(WrongSetting) as refusal:
        Config.from_env({"PORT": "x", "THREADS": "y", "SECRET_KEY": "hunter2"})

    assert all(name in str(refusal.value) for name in ("PORT", "THREADS", "SECRET_KEY"))
    assert "hunter2" not in str(refusal.value)


def test_production_names_its_hosts() -> None:
    with pytest.raises(WrongSetting, match="TRUSTED_HOSTS"):
        Config.from_env({"ENVIRONMENT": "production"})

    assert Config.from_env({"ENVIRONMENT": "production", "TRUSTED_HOSTS": "gongshi.example.cn"}).is_production


def test_the_kept_secret_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    config = Config(DATA_DIR=tmp_path)

    secret = config.secret_key()

    assert len(secret) >= 32
    assert config.secret_key() == secret
    assert stat.S_IMODE(os.stat(tmp_path / "keys" / "secret_key").st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret_key"]


def test_a_postgresql_address_gets_our_driver() -> None:
    assert Config(DATABASE_URL="postgres://u:p@h/n").database_url == "postgresql+psycopg://u:p@h/n"
    assert "secret" not in repr(Config(SECRET_KEY="secret" * 8))
