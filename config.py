"""Every setting of the site: read from the environment once, checked, then frozen.

`flask doctor` and docs/operate.md speak of the same names. A wrong value stops the site at its start with a message
that names the setting and says what would be right; all wrong values are named at once.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from limits import parse_many
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ("development", "production")
SHORTEST_SECRET = 32


class WrongSetting(ValueError):
    """One or more settings cannot be used. The message names each and how to put it right."""


@dataclass(frozen=True)
class Config:
    """The settings. The name of an attribute is the name of the environment variable."""

    ENVIRONMENT: str = "development"
    """`production` for a real site: example content cannot be loaded, TRUSTED_HOSTS must be given."""

    HOST: str = "127.0.0.1"
    """The address that the built-in server listens on. Behind a front server leave it as it is."""

    PORT: int = 8000
    """The port that the built-in server listens on."""

    THREADS: int = 8
    """How many requests the built-in server handles at once."""

    DATA_DIR: Path = ROOT / "var"
    """The folder of everything that is written: database, keys, limits, checkpoints. Back this up."""

    SEARCH_INDEX_DIR: Path = ROOT / "search_index"
    """The folder of the search index. It can be thrown away; `flask search rebuild` makes it again."""

    CONTENT_DIR: Path = ROOT / "content"
    """The folder of fixed pages and of records that `flask content load` reads."""

    DATABASE_URL: str = ""
    """The database: empty for SQLite in DATA_DIR, or `postgresql://user:password@host/name`."""

    RATELIMIT_STORAGE_URI: str = ""
    """Where limits are counted: empty for SQLite in DATA_DIR, or `redis://host:6379/0` for several machines."""

    SECRET_KEY: str = field(default="", repr=False)
    """The secret behind receipts, at least 32 characters. Empty: made once and kept in DATA_DIR/keys."""

    LEDGER_ORIGIN: str = "gongshi.example/ledger"
    """The name under which the ledger signs: an address without scheme. Never change it once the ledger has begun."""

    TRUSTED_HOSTS: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    """The names by which the site may be called, separated by commas; `.example.cn` allows every name below it."""

    TRUSTED_PROXIES: int = 0
    """How many front servers of ours add X-Forwarded-For and X-Forwarded-Proto. 0: the headers are ignored."""

    COMMENT_LIMITS: str = "5 per 10 minutes;30 per day"
    """How often one network may submit comments: burst and sustained, separated by `;`."""

    CONSULTATION_LIMIT: str = "120 per minute"
    """How many submissions one consultation takes from everybody together: a valve against floods."""

    SESSION_IDLE_MINUTES: int = 30
    """After how many minutes without a request somebody of the staff has to sign in again."""

    SESSION_HOURS: int = 10
    """After how many hours somebody of the staff has to sign in again, whatever they are doing."""

    SIGN_IN_LIMITS: str = "10 per 10 minutes;50 per day"
    """How often one network may try to sign in to one account, and strange networks together: burst and sustained."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """The settings as the environment gives them. Raises WrongSetting with every fault at once."""
        given = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        faults = []
        for setting in fields(cls):
            text = given.get(setting.name, "").strip()
            if not text:
                continue
            try:
                values[setting.name] = READERS.get(setting.name, str)(text)
            except ValueError as error:
                faults.append(f"{setting.name}={_shown(setting.name, text)}: {error}")
        if values.get("ENVIRONMENT") == "production" and "TRUSTED_HOSTS" not in values:
            faults.append("TRUSTED_HOSTS: in production, name the hosts of the site, such as gongshi.example.cn")
        if faults:
            raise WrongSetting("The site cannot start with these settings:\n  " + "\n  ".join(faults))
        return cls(**values)

    @property
    def is_production(self) -> bool:
        return self.ENVIRONMENT == "production"

    @property
    def database_url(self) -> str:
        """DATABASE_URL with our driver named, or SQLite in DATA_DIR."""
        if not self.DATABASE_URL:
            return f"sqlite:///{self.DATA_DIR.absolute() / 'gongshi.db'}"
        url = make_url(self.DATABASE_URL)
        if url.get_backend_name() in {"postgresql", "postgres"}:
            url = url.set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    def secret_key(self) -> str:
        """SECRET_KEY, or the one kept in DATA_DIR/keys, made at the first call and readable by the owner alone."""
        return self.SECRET_KEY or _kept_secret(self.DATA_DIR / "keys" / "secret_key")


def _shown(name: str, text: str) -> str:
    return "(hidden)" if name in {"SECRET_KEY", "DATABASE_URL", "RATELIMIT_STORAGE_URI"} else repr(text)


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # Several processes may start at once: the first one's secret stands.
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def _environment(text: str) -> str:
    if text not in ENVIRONMENTS:
        raise ValueError(f"use one of {', '.join(ENVIRONMENTS)}")
    return text


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
            raise ValueError(f"use a whole number from {lowest} to {highest}")
        return int(text)

    return read


def _folder(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("this is a file; name a folder")
    return path


def _database(text: str) -> str:
    try:
        kind = make_url(text).get_backend_name()
    except ArgumentError as error:
        raise ValueError("use an address such as postgresql://user:password@host/name, or leave it empty") from error
    if kind not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("use a PostgreSQL or SQLite address, or leave it empty")
    return text


def _storage(text: str) -> str:
    if text.startswith("memory:"):
        raise ValueError(
            "memory:// counts in each process alone and lets too much through; use redis:// or leave it empty"
        )
    if not re.match(r"(redis|rediss|redis\+unix|redis\+sentinel)://.", text):
        raise ValueError("use redis://host:6379/0 or leave it empty")
    return text


def _secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"use at least {SHORTEST_SECRET} characters, for instance from `openssl rand -base64 48`")
    return text


def _origin(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9.-]+(/[A-Za-z0-9._-]+)*", text):
        raise ValueError("use an address without scheme, such as gongshi.example.cn/ledger")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in text.split(",") if host.strip())
    if not hosts or not all(re.fullmatch(r"\.?[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]", host) for host in hosts):
        raise ValueError("use host names without scheme, port or path, separated by commas")
    return hosts


def _limits(text: str) -> str:
    try:
        parse_many(text)
    except ValueError as error:
        raise ValueError("use limits such as “5 per 10 minutes;30 per day”") from error
    return text


READERS: dict[str, Callable[[str], Any]] = {
    "ENVIRONMENT": _environment,
    "PORT": _number(1, 65535),
    "THREADS": _number(1, 256),
    "DATA_DIR": _folder,
    "SEARCH_INDEX_DIR": _folder,
    "CONTENT_DIR": _folder,
    "DATABASE_URL": _database,
    "RATELIMIT_STORAGE_URI": _storage,
    "SECRET_KEY": _secret,
    "LEDGER_ORIGIN": _origin,
    "TRUSTED_HOSTS": _hosts,
    "TRUSTED_PROXIES": _number(0, 5),
    "COMMENT_LIMITS": _limits,
    "CONSULTATION_LIMIT": _limits,
    "SESSION_IDLE_MINUTES": _number(1, 24 * 60),
    "SESSION_HOURS": _number(1, 24),
    "SIGN_IN_LIMITS": _limits,
}
