"""Passwords: which are taken, how they are kept and compared.

As NIST SP 800-63B (section 5.1.1.2) advises: long, of any letters, no rules of composition, none of the common ones. Kept as Argon2id
hashes with the first recommendation for little memory of RFC 9106 (section 4): 3 passes over 64 MiB.
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  #: characters
LONGEST = 1024
_AT_ONCE = BoundedSemaphore(2)  # each takes 64 MiB
_HASHER = PasswordHasher()


class PasswordError(ValueError):
    """A password that is not taken; ``args[0]`` is the key of the words for why."""


def checked(password: str, name: str) -> str:
    """The password, if it may be that of somebody of this name. Raises PasswordError."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise PasswordError("password.short")
    if len(plain) > LONGEST:
        raise PasswordError("password.long")
    if _is_common(plain.casefold(), name):
        raise PasswordError("password.common")
    return plain


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_plain(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password of which this was kept. Without any (no such account) it takes as long, and is not."""
    if len(password) > LONGEST:
        password, kept = "", None
    nobodys = _nobodys()
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or nobodys, _plain(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def made() -> str:
    """A password that nobody thought of: 96 random bits."""
    return secrets.token_urlsafe(12)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _is_common(password: str, name: str) -> bool:
    """Whether nothing is left of a password that takes guessing once common words, the name, and runs of keys or digits are out."""
    left = password
    for word in (*_common(), *([name.casefold()] if len(name) > 2 else [])):
        left = left.replace(word, "")
    return len(set(left)) < 4 or len(left) < 5


@cache
def _common() -> tuple[str, ...]:
    """The words of ``common.txt``, the longest first."""
    lines = files(__package__).joinpath("common.txt").read_text("utf-8").splitlines()
    return tuple(sorted((line for line in lines if line and not line.startswith("#")), key=len, reverse=True))
