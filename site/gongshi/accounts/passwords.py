"""Passwords 口令: long enough, not obvious, kept as argon2id (46 MiB, one pass, one lane).

At most two are computed at a time in a process, so that a flood of sign-ins cannot take the machine's memory. A name
that nobody has costs the same time as a wrong password: a dummy is verified.
"""

import re
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from gongshi.errors import RuleBroken

SHORTEST, LONGEST = 12, 200
HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_TURN = threading.BoundedSemaphore(2)
# What people take when they are told to take twelve characters; matched without digits, signs and case.
OBVIOUS = frozenset(
    re.findall(
        r"\w+",
        "password passwords passwort admin administrator adminadmin qwerty qwertyuiop qwertyqwerty asdfghjkl zxcvbnm "
        "qwertyuiopasdf abcdefghijkl abcabcabcabc letmein letmeinplease welcome welcomewelcome iloveyou woaini "
        "woainiwoaini woaizhongguo zhongguo beijing beijingbeijing shanghai gongshi gongshigongshi zhengjianju csrc "
        "changeme changemeplease secret topsecret default test testtest testtesttest user guest root rootroot mima "
        "wodemima monkey dragon football princess superman trustno login loginlogin",
    )
)
_RUNS = ("0123456789" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")


class PasswordTooShort(RuleBroken):
    """A password has at least 12 characters."""

    code = "password-too-short"


class PasswordObvious(RuleBroken):
    """A password is none that anybody would try first: a row of keys, a well-known word, one's own name."""

    code = "password-obvious"


@dataclass(frozen=True)
class Chosen:
    """A password that may be used, as it is kept."""

    hash: str


def choose(password: str, *, login: str) -> Chosen:
    """Check a new password and hash it, which takes some 50 ms: before the write lock is asked for.

    Raises PasswordTooShort, PasswordObvious.
    """
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordTooShort(shortest=SHORTEST, longest=LONGEST)
    if is_obvious(plain, login=login):
        raise PasswordObvious
    with _TURN:
        return Chosen(HASHER.hash(plain))


def is_obvious(password: str, *, login: str) -> bool:
    """Whether a password is among the first that somebody would try for this account."""
    low = password.lower()
    letters = re.sub(r"[^a-z]", "", low)
    name = re.sub(r"[^a-z]", "", login.lower())
    rest = letters.replace(name, "") if len(name) >= 4 else letters
    if letters in OBVIOUS or (len(name) >= 4 and name in letters and len(rest) < 6):
        return True
    if len(set(low)) < 5 or low == low[: len(low) // 2] * 2:
        return True
    return any(low in run or low in run[::-1] for run in _RUNS)


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was chosen; without one the answer is no, after the same time."""
    plain = _normal(password)[: 4 * LONGEST]
    with _TURN:
        try:
            right = HASHER.verify(kept or _dummy(), plain)
        except (VerifyMismatchError, InvalidHashError):
            return False
    return kept is not None and right


@cache
def _dummy() -> str:
    return HASHER.hash(secrets.token_urlsafe())


def _normal(password: str) -> str:
    # The same password typed on another keyboard: full-width letters, composed accents.
    return unicodedata.normalize("NFKC", password)
