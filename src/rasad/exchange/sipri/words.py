"""What SIPRI's words mean: names of parties, designations, descriptions and remarks, by ``names.toml`` and ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from rasad.claims import Entity, Money
from rasad.gazetteer import entities, folded_names, named_language
from rasad.languages.words import fold
from rasad.reading.mentions import mentions
from rasad.reading.segment import Sentence
from rasad.reading.view import View

LIKE = 80  #: how alike (of 100) a known name must be to be offered in place of one that is not known
PARTIES = ("country", "bloc", "org")
_REMARK = re.compile(r"\s*[|;]\s*")


class UnknownNameError(ValueError):
    """No supplier or recipient goes by this name; the message offers the name that is most like it."""


@cache
def words() -> dict[str, Any]:
    """The content of ``words.toml``."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def _rules(table: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(value, re.compile(pattern, re.IGNORECASE)) for value, pattern in words()[table].items()]


@cache
def _own() -> dict[str, Any]:
    """The content of ``names.toml``."""
    return tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))


@cache
def _parties() -> dict[str, Entity | None]:
    """Every name of a supplier or recipient, folded. SIPRI's own names go before those of the gazetteer."""
    own, known = _own(), entities()
    found: dict[str, Entity | None] = {}
    for name, ids in folded_names("en").items():
        fitting = sorted((i for i in ids if i.partition(":")[0] in PARTIES), key=_state_first)
        if fitting:
            found[name] = known[fitting[0]]
    found |= {fold(name): known[identifier] for name, identifier in own["same"].items()}
    for identifier, entry in own["entities"].items():
        entity = Entity(id=identifier, name=entry["name"], country=entry.get("country"))
        found |= {fold(name): entity for name in entry["names"]}
    return found | {fold(name): None for name in own["unknown"]}


def _state_first(identifier: str) -> tuple[int, str]:
    return PARTIES.index(identifier.partition(":")[0]), identifier


def party(name: str) -> Entity | None:
    """Who goes by this name of a supplier or recipient; None where it says that nobody knows.

    A name with one star that no table lists is a group, with two stars an organisation of states: SIPRI marks them so, and
    they get an id made of the name. Any other name that is not known raises UnknownNameError.
    """
    bare = name.rstrip("* ")
    known = _parties()
    for key in (fold(bare), fold(bare.replace("&", "and"))):
        if key in known:
            return known[key]
    slug = re.sub(r"[^a-z0-9]+", "-", fold(bare)).strip("-")
    if slug and name.endswith("**"):
        return Entity(id=f"bloc:{slug.upper()}", name=bare)
    if slug and name.endswith("*"):
        return Entity(id=f"org:{slug}", name=bare)
    like = process.extractOne(fold(bare), list(known), scorer=fuzz.ratio, score_cutoff=LIKE)
    hint = f"; the most like is {like[0]!r}" if like else ""
    raise UnknownNameError(f"no country, bloc or organisation of this name is known{hint}")


@cache
def written(identifier: str | None, name: str, side: str) -> str:
    """The name under which :func:`party` knows who this is; of nobody, that the ``side`` (supplier, recipient) is unknown."""
    if identifier is None:
        return f"Unknown {side}(s)"
    own = _own()["entities"].get(identifier, {}).get("names", [])
    for form in (*own, name, f"{name}*", f"{name}**"):
        try:
            found = party(form)
        except UnknownNameError:
            continue
        if found is not None and found.id == identifier:
            return str(form)
    return f"{name}*"


@cache
def category(description: str) -> str | None:
    """The category of weapons that a description such as ``Towed gun`` belongs to, or None where it tells none."""
    for entry in words()["descriptions"]:
        if re.search(entry["words"], description, re.IGNORECASE):
            return str(entry["category"])
    return None


@cache
def item(designation: str, description: str) -> Entity:
    """The system of a row: the one that the reader finds in these words, or else one made of the designation.

    The description is put beside a name that is no name of a weapon by itself (``Perry`` is a frigate), and it rules out
    namesakes: the turbofan D-30 is not the howitzer. A made id says its category where the designation alone would not
    tell it from others: ``system:Eagle (aircraft)``.
    """
    kind = category(description)
    tries = [designation, f"{designation} {description}"]
    if kind == "ships":
        tries.append(f"{designation}-class {description}")
    for text in tries:
        for entity in _systems(text, len(designation)):
            if _fits(entity, kind):
                return entity
    identifier = f"system:{designation}"
    listed = entities().get(identifier)
    if listed is not None and _fits(listed, kind):
        return listed
    if kind and (listed is not None or not any(c.isdigit() for c in designation)):
        identifier += f" ({kind})"
    return Entity(id=identifier, name=designation, category=kind)


def _systems(text: str, end: int) -> list[Entity]:
    """The systems that the reader finds to begin before ``end``."""
    view = View(text, Sentence(start=0, end=len(text), paragraph=0), named_language("en"))
    mentions(view, True, {})
    return [m.entity for m in view.mentions if m.type == "system" and m.at < end]


def _fits(entity: Entity, kind: str | None) -> bool:
    return kind is None or entity.category in (None, kind, *words()["kin"].get(kind, ()))


def remarks(comments: str) -> list[str]:
    """The remarks that the comments consist of: SIPRI parts them with semicolons, some copies with bars."""
    return [remark for remark in _REMARK.split(comments) if remark]


def status(cell: str, comments: str) -> str:
    """``New``, ``Second-hand`` or ``Second-hand but modernized``, by the cell or, where it is blank, by the comments; a
    status of other words is left as it is."""
    for text in [cell] if cell else remarks(comments):
        for value, pattern in _rules("status"):
            if pattern.match(text):
                return value
    return cell or "New"


def terms(state: str, comments: str) -> tuple[str, ...]:
    """The terms that the status and the comments tell, those first that tell most."""
    said = [state, *remarks(comments)]
    return tuple(value for value, pattern in _rules("terms") if any(pattern.match(text) for text in said))


def stage(comments: str) -> str:
    """The stage of the deal before any delivery: ``ordered``, or less where the comments say so."""
    return next((value for value, pattern in _rules("stages") if pattern.search(comments)), "ordered")


def doubtful(comments: str) -> bool:
    """Whether the comments call supplier, recipient, designation or the deal itself uncertain."""
    return any(pattern.search(comments) for _, pattern in _rules("doubt"))


class _Values(NamedTuple):
    patterns: list[re.Pattern[str]]
    scales: dict[str, float]
    currencies: dict[str, str]


@cache
def _values() -> _Values:
    table, currencies = words()["value"], words()["currencies"]
    codes = {code: code for code in currencies["codes"]} | currencies["also"]
    return _Values([re.compile(p) for p in table["patterns"]], table["scales"], codes)


def value(comments: str) -> Money | None:
    """The value of the deal itself, in units of its currency, or None where no remark gives exactly one."""
    rules = _values()
    for remark in remarks(comments):
        for match in filter(None, (pattern.match(remark) for pattern in rules.patterns)):
            currency, scale = rules.currencies.get(match["currency"]), rules.scales.get(match["scale"])
            if currency and scale:
                return Money(round(float(match["amount"].replace(",", "")) * scale, 2), currency)
    return None
