"""The gazetteer: who and what has a name, in every language. Tables under ``data/``; ``docs/gazetteer.md`` tells their form."""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from rasad.cache import fingerprint, kept
from rasad.claims import Entity
from rasad.gazetteer.spelling import spellings
from rasad.languages import Language, codes, language
from rasad.languages.words import fold
from rasad.ontology import KINDS, ontology

TABLES = ("countries.tsv", "blocs.tsv", "organisations.tsv", "persons.tsv", "systems.tsv", "classes.tsv", "places.tsv")
COLUMNS = ("id", "kind", "country", "category")


class GazetteerError(ValueError):
    """A table is malformed; the message names the file and the line."""


class Name(NamedTuple):
    """A name of an entity, as the matcher finds it. ``weak``: counts only in an arms context."""

    entity: Entity
    kind: str
    weak: bool
    upper: bool
    capital: bool


class Row(NamedTuple):
    """One line of a table."""

    where: str
    id: str
    kind: str
    country: str
    category: str
    names: dict[str, list[str]]


def rows(folder: Traversable, table: str) -> Iterator[Row]:
    """The lines of one table; raises GazetteerError for a line that is not as the format says."""
    categories = ontology().categories
    try:
        lines = folder.joinpath(table).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GazetteerError(f"{table}: cannot be read: {error}") from None
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    header: list[str] | None = None
    for number, cells in zip(
        (n for n, _ in numbered),
        csv.reader((line for _, line in numbered), delimiter="\t", quoting=csv.QUOTE_NONE),
        strict=True,
    ):
        where = f"{table}, line {number}"
        if header is None:
            header = cells
            if tuple(header[:4]) != COLUMNS:
                raise GazetteerError(f"{where}: the header must begin with {', '.join(COLUMNS)}")
            continue
        if len(cells) != len(header):
            raise GazetteerError(f"{where}: {len(cells)} cells where the header has {len(header)}")
        identifier, kind, country, category = cells[:4]
        prefix, _, rest = identifier.partition(":")
        if prefix not in KINDS | {"place"} or not rest:
            raise GazetteerError(f"{where}: {identifier!r} is not an id of the form kind:name")
        if category and category not in categories:
            raise GazetteerError(f"{where}: unknown category {category!r}")
        names = {
            code: [v.strip() for v in cell.split("|") if v.strip()]
            for code, cell in zip(header[4:], cells[4:], strict=True)
        }
        if not any(names.values()):
            raise GazetteerError(f"{where}: {identifier} has no name in any language")
        yield Row(where, identifier, kind or "name", country, category, names)
    if header is None:
        raise GazetteerError(f"{table}: is empty: no header")


@cache
def _table_rows() -> tuple[Row, ...]:
    folder = files(__name__).joinpath("data")
    return tuple(row for table in TABLES for row in rows(folder, table))


@cache
def entities() -> dict[str, Entity]:
    """Every entity of the gazetteer by id; its name is the first English name of its first row."""
    return _entities(_table_rows())


@cache
def states() -> dict[str, Entity]:
    """The states by id: one small table, for whoever needs no more."""
    return _entities(rows(files(__name__).joinpath("data"), "countries.tsv"))


_OF_ITS_OWN = ("country", "bloc", "org", "person", "class", "category")  #: a designation is the same in every language
_NO_NAME = frozenset({"adjective", "inhabitant", "capital", "metonym"})


@cache
def names_in(code: str) -> dict[str, str]:
    """What entities are called in a language, by id: the first name that a table has there. Designations of systems are not here."""
    found: dict[str, str] = {}
    for row in _table_rows():
        held = row.names.get(code)
        if held and row.kind not in _NO_NAME and row.id.partition(":")[0] in _OF_ITS_OWN:
            found.setdefault(row.id, held[0].strip("=?").strip())
    return found


@cache
def makers() -> dict[str, str]:
    """The state (alpha-3) of the maker of each designation, by id; what has several makers, or none that is known, is not here."""
    return {row.id: row.country for row in rows(files(__name__).joinpath("data"), "systems.tsv") if row.country}


def _entities(listed: Iterable[Row]) -> dict[str, Entity]:
    known: dict[str, Entity] = {}
    for row in listed:
        if row.id in known:
            continue
        first = next((names[0] for names in (row.names.get("en"), *row.names.values()) if names), row.id)
        known[row.id] = Entity(
            id=row.id,
            name=first.strip("=?").strip(),
            country=row.country or None,
            category=row.category or None,
            kind=row.kind,
        )
    return known


@cache
def groups() -> dict[str, str]:
    """What sort of equipment a class or designation is within its category (``combat-aircraft``, ``helicopter``), by id; what
    is not here can be any. Raises GazetteerError for a line of ``groups.tsv`` that is malformed or names an unknown id."""
    found: dict[str, str] = {}
    known = entities()
    for number, line in enumerate(files(__name__).joinpath("data", "groups.tsv").read_text("utf-8").splitlines(), 1):
        if number == 1 or line.startswith("#") or not line.strip():
            continue
        identifier, _, group = line.partition("\t")
        if identifier not in known or not group.strip():
            raise GazetteerError(
                f"groups.tsv, line {number}: {line!r} is not the id of a class or system, a tab, a group"
            )
        found[identifier] = group.strip()
    return found


_DESIGNATION = re.compile(r"\d")
_INFLECTED = frozenset({"adjective", "inhabitant"})
_ANY_CASE = frozenset({"class", "category"})


@cache
def exporters() -> dict[str, int]:
    """The rank of each great exporter of arms, from 0."""
    table = tomllib.loads(files(__name__).joinpath("data/exporters.toml").read_text(encoding="utf-8"))
    return {code: rank for rank, code in enumerate(table["exporters"])}


@cache
def named_language(code: str) -> Language:
    """The language with every name of the gazetteer added to its lexicon."""
    data = files(__name__).joinpath("data")
    sources = [data.joinpath(table) for table in (*TABLES, "spelling.toml")]
    sources += [f for f in files(f"rasad.languages.{code}").iterdir() if f.name.endswith((".toml", ".tsv", ".py"))]
    sources += [files("rasad.languages").joinpath(n) for n in ("__init__.py", "lexicon.py", "words.py", "cyrillic.py")]
    sources += [files(__name__).joinpath(n) for n in ("__init__.py", "spelling.py")]
    sources.append(files("rasad.ontology").joinpath("senses.toml"))
    return kept(f"language-{code}", fingerprint(sorted(sources, key=str), sys.version), lambda: _with_names(code))


def _with_names(code: str) -> Language:
    spoken = language(code)
    known = entities()
    latin = code == "en"
    for row in _table_rows():
        entity = known[row.id]
        common = entity.type in _ANY_CASE
        for variant in row.names.get(code, ()):
            _add(spoken, row, entity, variant, common)
        if not latin and not common and row.kind not in _INFLECTED:
            for variant in row.names.get("en", ()):
                _add(spoken, row, entity, variant if variant.startswith("=") else "=" + variant, common)
        if not latin:
            for spelled, weak in _spelled(row, code):
                _add(spoken, row, entity, f"={spelled}{'?' if weak else ''}", common)
    spoken.forget()
    return spoken


def _spelled(row: Row, code: str) -> Iterator[tuple[str, bool]]:
    """A designation as the rules of a language spell it, and whether that counts only in an arms context."""
    if row.id.startswith("system:"):
        for variant in row.names.get("en", ()):
            if _DESIGNATION.search(variant):
                yield from ((spelled, variant.endswith("?")) for spelled in spellings(variant.strip("=?"), code))


def spelled_designations(code: str) -> Iterator[tuple[str, str]]:
    """Every spelling that the rules of a language give to a designation, with the id of the system."""
    for row in _table_rows():
        yield from ((spelled, row.id) for spelled, _ in _spelled(row, code))


def _add(spoken: Language, row: Row, entity: Entity, variant: str, common: bool) -> None:
    weak = variant.endswith("?")
    form = variant.rstrip("?").strip()
    literal = form.startswith("=")
    form = form.lstrip("=")
    letters = [c for c in form if c.isalpha()]
    cased = any(c.lower() != c.upper() for c in letters)
    upper = cased and form == form.upper() and len(letters) > 1
    name = Name(entity, row.kind, weak, upper, cased and not common and form[:1] != form[:1].lower())
    if literal or upper or _DESIGNATION.search(form):
        entry = " ".join("=" + part for part in form.replace("/", " ").split())
    else:
        entry = form.replace("/", " ")
    try:
        spoken.lexicon.add(entry, name, "noun" if common or row.kind in _INFLECTED else "name")
    except (ValueError, IndexError) as error:
        raise GazetteerError(f"{row.where}: {error}") from None


def folded_names(code: str) -> dict[str, set[str]]:
    """Every folded name with the ids that carry it: for checks that no name means two things."""
    found: dict[str, set[str]] = {}
    for row in _table_rows():
        for variant in row.names.get(code, ()):
            found.setdefault(fold(variant.strip("=?")), set()).add(row.id)
    return found


def names(code: str) -> Iterator[tuple[str, str]]:
    """Every name in a language as it is written, with the id that it stands for; without adjectives and inhabitants."""
    for row in _table_rows():
        if row.kind not in _INFLECTED:
            yield from ((variant.strip("=?").strip(), row.id) for variant in row.names.get(code, ()))


def languages_named() -> tuple[str, ...]:
    """The languages that the tables have a column for."""
    return tuple(code for code in codes() if any(code in row.names for row in _table_rows()))
