"""What a file of an office program or a PDF tells of itself, where it is sound: programs fill in much that nobody wrote."""

from __future__ import annotations

import re

from rasad.sources.provenance import day

_OF_A_PROGRAM = re.compile(
    r"microsoft (?:word|powerpoint|excel)|untitled|без имени|без названия|документ\s*\d|документ microsoft|document\s*\d|"
    r"(?:new|новый) (?:document|документ)|مستند\s*\d|powerpoint|slide \d|print|title$|layout \d",
    re.IGNORECASE,
)
_FILE = re.compile(r"\S*\.(?:docx?|odt|rtf|pdf|indd|pmd|qxd|qxp|tex|dvi|pages|html?|txt|xlsx?|pptx?)", re.IGNORECASE)
_OF_A_USER = frozenset(
    {"user", "admin", "administrator", "owner", "author", "unknown", "windows user", "microsoft office user", "anonymous", "root", "test",
     "python-docx", "пользователь", "пользователь windows", "админ", "администратор", "користувач", "адміністратор", "автор", "مستخدم", "المستخدم"}
)  # fmt: skip


def title_of(given: str | None) -> str | None:
    """A title that somebody gave, not a name of a file or what a program puts there."""
    title = " ".join((given or "").split())
    if _OF_A_PROGRAM.match(title) or _FILE.fullmatch(title.rpartition(" ")[2]) or sum(c.isalpha() for c in title) < 3:
        return None
    return title


def author_of(given: str | None) -> str | None:
    """A name of somebody, not of an account of a machine."""
    author = " ".join((given or "").split())
    return None if author.lower() in _OF_A_USER or sum(c.isalpha() for c in author) < 2 or "\\" in author else author


def made(created: str | None, changed: str | None) -> str | None:
    """The day a file was made, as the date of its text: where it was not changed on a later one. Both are ISO 8601; None where that is
    not so, or not known."""
    try:
        first, last = day(created or ""), day(changed or created or "")
    except ValueError:
        return None
    return first if first == last and len(first) == 10 else None
