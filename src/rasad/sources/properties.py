"""What a file of an office program or a PDF tells of itself, where it is sound: programs fill in much that nobody wrote."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rasad.sources.provenance import day


class _Fillings(NamedTuple):
    """What programs put there (``properties.toml``)."""

    untitled: re.Pattern[str]
    file: re.Pattern[str]
    accounts: frozenset[str]


@cache
def _fillings() -> _Fillings:
    told = tomllib.loads(files(__package__).joinpath("properties.toml").read_text("utf-8"))
    untitled, endings = "|".join(told["untitled"]), "|".join(told["endings"])
    return _Fillings(
        re.compile(untitled, re.IGNORECASE), re.compile(rf"\S*\.(?:{endings})", re.IGNORECASE), frozenset(told["accounts"])
    )  # fmt: skip


def title_of(given: str | None) -> str | None:
    """A title that somebody gave, not a name of a file or what a program puts there."""
    title = " ".join((given or "").split())
    filled = _fillings().untitled.match(title) or _fillings().file.fullmatch(title.rpartition(" ")[2])
    return None if filled or sum(c.isalpha() for c in title) < 3 else title


def author_of(given: str | None) -> str | None:
    """A name of somebody, not of an account of a machine."""
    author = " ".join((given or "").split())
    return (
        None
        if author.lower() in _fillings().accounts or sum(c.isalpha() for c in author) < 2 or "\\" in author
        else author
    )


def made(created: str | None, changed: str | None) -> str | None:
    """The day a file was made, as the date of its text: where it was not changed on a later one. Both are ISO 8601; None where that is
    not so, or not known."""
    try:
        first, last = day(created or ""), day(changed or created or "")
    except ValueError:
        return None
    return first if first == last and len(first) == 10 else None
