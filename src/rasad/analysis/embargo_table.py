"""The table of embargoes, ``embargoes.tsv``, and whom each issuer binds, ``bound.tsv``: files that a person can edit, read and checked
line by line. Their columns are told in their first lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from rasad.gazetteer import entities
from rasad.ontology import ontology
from rasad.reports.near import nearest

Direction = Literal["to", "from"]
Issuer = Literal["UN", "EU", "OSCE"]
Force = Literal["mandatory", "political", "voluntary"]
Reach = Literal["whole", "part", "groups"]
Checked = Literal["dates", "act", "memory"]
COLUMNS = (
    "id", "direction", "targets", "issuer", "from", "to", "force", "reach", "categories", "scope", "exceptions", "act", "checked",
    "source",
)  # fmt: skip
_CHOICES: dict[str, Any] = {
    "direction": Direction,
    "issuer": Issuer,
    "force": Force,
    "reach": Reach,
    "checked": Checked,
}
BOUND_COLUMNS = ("issuer", "states", "from", "to", "source")


class EmbargoFileError(ValueError):
    """A file of embargoes is malformed; the message names the file and the line, and says what is wrong."""


class Span(NamedTuple):
    """Days, both included."""

    begins: date
    ends: date

    def shared(self, other: Span) -> Span | None:
        """The days in both."""
        begins, ends = max(self.begins, other.begins), min(self.ends, other.ends)
        return Span(begins, ends) if begins <= ends else None


def year_of(number: int) -> Span:
    """The days of a year."""
    return Span(date(number, 1, 1), date(number, 12, 31))


class Embargo(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the table: an embargo as long as its scope stayed the same. ``direction`` is ``to`` where it is about arms for the
    targets, ``from`` where it is about arms that they sell. ``reach`` is ``groups`` where it leaves the states among them free.
    ``categories`` are those covered; none: all. ``until`` is None where it is in force."""

    id: str
    direction: Direction
    targets: tuple[str, ...]
    issuer: Issuer
    since: date
    until: date | None
    force: Force
    reach: Reach
    categories: tuple[str, ...]
    scope: str
    exceptions: str
    act: str
    checked: Checked
    source: str

    @property
    def span(self) -> Span:
        """The days on which it was, or is, in force."""
        return Span(self.since, self.until or date.max)

    def in_force(self, year: int) -> Span | None:
        """The days of a year on which it was in force."""
        return self.span.shared(year_of(year))


def embargo_table(path: str | Path | None = None) -> tuple[Embargo, ...]:
    """The embargoes of a file, or of the table that comes with Rasad, in their order. Raises EmbargoFileError."""
    return _shipped() if path is None else _read(Path(path))


@cache
def _shipped() -> tuple[Embargo, ...]:
    return _read(files("rasad.analysis").joinpath("embargoes.tsv"))


@cache
def bound() -> Mapping[str, Mapping[str, tuple[Span, ...]]]:
    """For each issuer that does not bind every state, the states that it binds or addresses, and when."""
    found: dict[str, dict[str, tuple[Span, ...]]] = {}
    for where, cells in _lines(files("rasad.analysis").joinpath("bound.tsv"), BOUND_COLUMNS):
        issuer = _one_of(where, "issuer", cells["issuer"], get_args(Issuer))
        days = _days(where, cells)
        for code in _several(cells["states"]):
            state = _entity(where, f"country:{code}")
            spans = found.setdefault(issuer, {})
            spans[state] = (*spans.get(state, ()), Span(days[0], days[1] or date.max))
    return found


def _read(file: Path | Traversable) -> tuple[Embargo, ...]:
    found: dict[str, Embargo] = {}
    for where, cells in _lines(file, COLUMNS):
        embargo = _embargo(where, cells)
        if embargo.id in found:
            raise EmbargoFileError(f"{where}: there is an embargo {embargo.id!r} already")
        found[embargo.id] = embargo
    if not found:
        raise EmbargoFileError(f"{file.name}: no embargo in it")
    return tuple(found.values())


def _lines(file: Path | Traversable, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of a table under their columns, each with where it stands."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not in UTF-8"
        raise EmbargoFileError(f"{file}: cannot be read: {reason}") from None
    known = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{file.name}, line {number}"
        cells = [cell.strip() for cell in line.split("\t")]
        if not known:
            if tuple(cells) != columns:
                raise EmbargoFileError(f"{where}: the header must be {', '.join(columns)}, with tabs between")
            known = True
            continue
        if len(cells) != len(columns):
            raise EmbargoFileError(f"{where}: {len(cells)} cells where the header has {len(columns)}")
        yield where, dict(zip(columns, cells, strict=True))


def _embargo(where: str, cells: Mapping[str, str]) -> Embargo:
    for name in ("id", "targets", "scope", "act"):
        if not cells[name]:
            raise EmbargoFileError(f"{where}: {name} is empty")
    since, until = _days(where, cells)
    told: dict[str, Any] = {name: cells[name] for name in ("id", "scope", "exceptions", "act", "source")}
    told |= {name: _one_of(where, name, cells[name], get_args(known)) for name, known in _CHOICES.items()}
    categories = [_one_of(where, "category", name, ontology().categories) for name in _several(cells["categories"])]
    targets = tuple(_entity(where, target) for target in _several(cells["targets"]))
    return Embargo(targets=targets, categories=tuple(categories), since=since, until=until, **told)


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _one_of(where: str, what: str, given: str, known: Iterable[str]) -> Any:
    if given not in known:
        raise EmbargoFileError(f"{where}: {what} {given!r} is not one of {', '.join(known)}{nearest(given, known)}")
    return given


def _entity(where: str, given: str) -> str:
    """An id: of a state that the gazetteer has, or of any group."""
    kind, _, name = given.partition(":")
    if kind == "country" and given not in entities():
        raise EmbargoFileError(f"{where}: {name!r} is the code of no country (three letters, as in country:IRQ)")
    if kind not in ("country", "org") or not name:
        raise EmbargoFileError(f"{where}: target {given!r} is neither country:… nor org:…")
    return given


def _days(where: str, cells: Mapping[str, str]) -> tuple[date, date | None]:
    since, until = (_day(where, name, cells[name]) for name in ("from", "to"))
    if since is None:
        raise EmbargoFileError(f"{where}: from is empty")
    if until is not None and until < since:
        raise EmbargoFileError(f"{where}: ends on {until}, before it begins on {since}")
    return since, until


def _day(where: str, name: str, given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise EmbargoFileError(f"{where}: {name} {given!r} is no date; write 1990-08-06") from None
