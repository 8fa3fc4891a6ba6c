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
# Cybersecurity Law art. 21: logs of the network's operation are kept for at least six months.
SIX_MONTHS = 180


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

    THREADS: int = 48
    """How many requests each process of the built-in server has in hand. An eighth of them work on submissions at
    once; half may wait for that, half a second at most; the rest are for those who read."""

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

    COMMENT_LIMITS: str = "20 per 10 minutes;200 per day"
    """How often one network may submit comments: burst and sustained, separated by `;`. The first is the burst."""

    COMMENT_LIMITS_WITHOUT_PROOF: str = "5 per hour;20 per day"
    """How many of these may come without a proof of work, as from a browser without JavaScript."""

    COMMENT_LIMITS_ALLOWED: str = "200 per 10 minutes;2000 per day"
    """The same for a network that staff have put on the list of shared ones (a library, a school), with or without."""

    CONSULTATION_LIMIT: str = "12000 per minute"
    """How many submissions one consultation takes from everybody together: a valve far out. Half is kept for
    networks that have sent little."""

    SESSION_IDLE_MINUTES: int = 30
    """After how many minutes without a request somebody of the staff has to sign in again."""

    SESSION_HOURS: int = 10
    """After how many hours somebody of the staff has to sign in again, whatever they are doing."""

    SIGN_IN_LIMITS: str = "10 per 10 minutes;50 per day"
    """How often one network may try to sign in to one account, and strange networks together: burst and sustained."""

    ACCESS_LOG_DAYS: int = 190
    """How many days access logs are kept in DATA_DIR/logs. In production at least 180: the law asks for six months."""

    PERSONAL_DATA_DAYS: int = 365
    """How many days after the last round of a list has closed the names and contacts of its commenters are kept."""

    SITE_URL: str = ""
    """The public address of the site, such as https://gongshi.example.cn. Mail needs it for its links."""

    SMTP_URL: str = field(default="", repr=False)
    """The server that takes our mail: `smtps://user:password@host`, or `smtp://host:587?starttls=1`. Empty: no mail."""

    MAIL_FROM: str = ""
    """The address that mail comes from and bounces go to, such as noreply@gongshi.example.cn."""

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
        faults += _faults_together(values)
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


def _faults_together(values: Mapping[str, Any]) -> list[str]:
    """What is wrong only because of another setting."""
    faults = []
    if values.get("ENVIRONMENT") == "production":
        if "TRUSTED_HOSTS" not in values:
            faults.append("TRUSTED_HOSTS: in production, name the hosts of the site, such as gongshi.example.cn")
        if values.get("ACCESS_LOG_DAYS", SIX_MONTHS) < SIX_MONTHS:
            faults.append(f"ACCESS_LOG_DAYS: in production, keep access logs for at least {SIX_MONTHS} days")
        if values.get("SITE_URL", "https:").startswith("http:"):
            faults.append("SITE_URL: in production, use an address that begins with https://")
    if "SMTP_URL" in values:
        faults += [f"{name}: mail (SMTP_URL) needs it" for name in ("SITE_URL", "MAIL_FROM") if name not in values]
    return faults


def _shown(name: str, text: str) -> str:
    return "(hidden)" if name in {"SECRET_KEY", "DATABASE_URL", "RATELIMIT_STORAGE_URI", "SMTP_URL"} else repr(text)


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


def _site_url(text: str) -> str:
    if not re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?/?", text):
        raise ValueError("use the address of the home page without a path, such as https://gongshi.example.cn")
    return text.rstrip("/")


def _smtp(text: str) -> str:
    found = re.fullmatch(
        r"smtp(s?)://([^/@\s]+@)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?/?(\?starttls=[01])?", text
    )
    if not found:
        raise ValueError("use smtps://user:password@host, smtp://host:587?starttls=1, or leave it empty")
    is_encrypted = found[1] or found[5] == "?starttls=1"
    if found[2] and not is_encrypted and found[3] not in {"localhost", "127.0.0.1", "[::1]"}:
        raise ValueError("the password would go unencrypted: use smtps:// or add ?starttls=1")
    return text


def _mail_address(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise ValueError("use one plain address, such as noreply@gongshi.example.cn")
    return text


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
    "COMMENT_LIMITS_WITHOUT_PROOF": _limits,
    "COMMENT_LIMITS_ALLOWED": _limits,
    "CONSULTATION_LIMIT": _limits,
    "SESSION_IDLE_MINUTES": _number(1, 24 * 60),
    "SESSION_HOURS": _number(1, 24),
    "SIGN_IN_LIMITS": _limits,
    "ACCESS_LOG_DAYS": _number(1, 3650),
    "PERSONAL_DATA_DAYS": _number(1, 3650),
    "SITE_URL": _site_url,
    "SMTP_URL": _smtp,
    "MAIL_FROM": _mail_address,
}
