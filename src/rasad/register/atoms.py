"""Claims as atoms, the rows that are linked into deals and relations: one for each combination of a claim's fillers, so that
"aircraft and S-300 systems to Kazakhstan and Armenia" is four.

Which role stands in which column is data: ``links.toml``. The column ``block`` says which atoms can ever come together:
linking a block gives the same whatever else there is, so that a new document relinks only the blocks it touches. The block is
the frame and

* of a transfer or service the recipient's state (where none is named, the supplier's) and the category of equipment;
* of a joint project the category of equipment; of a restriction the target (where none is named, the issuer);
* of every other frame whom the claim is about: the competitor, holder, dependent, member, actor, accused, or the set of parties.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

import msgspec
import pyarrow as pa

from rasad.claims import Claim, Filler
from rasad.gazetteer import entities
from rasad.ontology import ontology

ATOM_SCHEMA: pa.Schema = pa.schema(
    [
        *((name, pa.string()) for name in ("atom", "claim", "document", "source", "frame", "block")),
        *((name, pa.string()) for name in ("actor", "partner", "third", "actor_id", "partner_id")),
        *((name, pa.string()) for name in ("item", "category", "family", "label")),
        *((name, pa.string()) for name in ("stage", "polarity", "certainty", "terms", "finding")),
        ("quantity", pa.float64()),
        ("amount", pa.float64()),
        ("currency", pa.string()),
        ("year", pa.int32()),
        ("published", pa.int32()),
        ("confidence", pa.float64()),
        ("language", pa.string()),
        ("entry", pa.string()),
    ]
)
BATCH = 50_000  #: atoms in a batch of the table
STATELESS = frozenset({"armed-group"})  #: kinds of the gazetteer that no state stands for: Hezbollah is not Lebanon

_CODE = re.compile(r"(\d*[A-Za-z/]+(?:[- ](?=\d))?\d+)(?!\d*x\d)")  # S-300, F/A-18, 2S19, JAS 39, K9
_NAME = re.compile(
    r"(.*[a-z]{2})(?:[- ](?![IVX]+$)[A-Z]{1,3}|-[A-Z]\d?[A-Z]*)"
)  # Tor-M2KM and Gripen E, not Piranha III
_KIND = re.compile(r" [a-z][a-z ]*$")  # the F-22 frigate is not the F-22


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which roles and attribute of a frame stand in which columns of an atom."""

    actor: str
    block: list[str]
    partner: str | None = None
    third: str | None = None
    label: str | None = None
    own: frozenset[str] = frozenset()


class Reported(NamedTuple):
    """A claim with the id of its document, the document's year where it is known, the independent source it comes from, and,
    where the document is a table, the line that it stands in."""

    claim: Claim
    document: str
    published: int | None
    source: str
    entry: str | None = None


class _Part(NamedTuple):
    """What a role gives to an atom: the state or entity that is compared, and the entity itself."""

    key: str | None
    id: str | None


_NOBODY = [_Part(None, None)]


@cache
def links() -> dict[str, Link]:
    """The content of ``links.toml``."""
    return msgspec.convert(
        tomllib.loads(files("rasad.register").joinpath("links.toml").read_text("utf-8")), dict[str, Link]
    )


def atoms(reported: Iterable[Reported | tuple[Claim, str, int | None, str]]) -> pa.Table:
    """A table of :data:`ATOM_SCHEMA` with a row for each combination of the fillers of each claim. Raises KeyError for a
    claim of a frame that ``links.toml`` does not know."""
    batches = []
    rows: list[tuple[object, ...]] = []
    for one in reported:
        rows.extend(_rows(*one))
        if len(rows) >= BATCH:
            batches.append(batch_of(rows))
            rows = []
    batches.append(batch_of(rows))
    return pa.Table.from_batches(batches, ATOM_SCHEMA)


def batch_of(rows: Sequence[Sequence[object]]) -> pa.RecordBatch:
    """Rows with the columns of :data:`ATOM_SCHEMA`, in their order, as a batch."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in ATOM_SCHEMA)
    return pa.record_batch(
        [pa.array(values, field.type) for values, field in zip(columns, ATOM_SCHEMA, strict=True)], schema=ATOM_SCHEMA
    )


def _rows(
    claim: Claim, document: str, published: int | None, source: str, entry: str | None = None
) -> Iterator[tuple[object, ...]]:
    """The atoms of a claim, in the order of :data:`ATOM_SCHEMA`."""
    link = links()[claim.frame]
    value = getattr(claim, link.label) if link.label else None
    label = value if value is None or isinstance(value, str) else "+".join(sorted(set(value))) or None
    money = claim.value
    amount, currency = (money.amount, money.currency) if money else (None, None)
    said = (label, claim.stage, claim.polarity, claim.certainty, claim.terms, claim.finding, claim.quantity)
    known = (amount, currency, claim.year, published, claim.confidence, claim.language, entry)
    actors, partners, thirds = (_parts(claim, role, link) for role in (link.actor, link.partner, link.third))
    combinations = product(actors, partners, thirds, _items(claim))
    for index, (actor, partner, third, (item, category)) in enumerate(combinations):
        where = {"actor": actor.key, "partner": partner.key, "category": category}
        block = "|".join([claim.frame, *(_block_part(part, where) for part in link.block)])
        yield (
            *(f"{claim.id}/{index}", claim.id, document, source, claim.frame, block),
            *(actor.key, partner.key, third.key, actor.id, partner.id),
            *(item, category, family(item) if item else None, *said, *known),
        )


def _items(claim: Claim) -> list[tuple[str | None, str | None]]:
    """Id and category of each item; a category is its own."""
    items = {filler.id: filler.category for filler in claim.roles.get("item", ())}
    return [
        (item, category or (item[9:] if item.startswith("category:") else None))
        for item, category in sorted(items.items())
    ] or [(None, None)]


def _parts(claim: Claim, role: str | None, link: Link) -> list[_Part]:
    fillers = claim.roles.get(role) if role else None
    if not role or not fillers:
        return _NOBODY
    own = role in link.own
    if role in _sets(claim.frame):
        keys = sorted({_key(filler, own) for filler in fillers})
        return [_Part("+".join(keys), "+".join(sorted({filler.id for filler in fillers})))]
    if len(fillers) == 1:
        return [_Part(_key(fillers[0], own), fillers[0].id)]
    return sorted({_Part(_key(filler, own), filler.id) for filler in fillers})


@cache
def _sets(frame: str) -> frozenset[str]:
    return frozenset(name for name, role in ontology().frames[frame].roles.items() if role.set)


def _key(filler: Filler, own: bool) -> str:
    return filler.id if own or not filler.country or _is_stateless(filler.id) else f"country:{filler.country}"


@cache
def _is_stateless(entity: str) -> bool:
    known = entities().get(entity)
    return known is not None and known.kind in STATELESS


def _block_part(part: str, where: dict[str, str | None]) -> str:
    """The value of the first filled column of ``a|b``, told from the same value in another column."""
    for place, column in enumerate(part.split("|")):
        if value := where[column]:
            return value if place == 0 else f"{column}={value}"
    return "-"


@cache
def family(entity: str) -> str | None:
    """The designation without the letters of a variant, so that S-300PS, S-300PMU-1 and S-300 are all S-300, while S-400 is
    not; None for what is no ``system:``. A name with a number (Bayraktar TB2, Ababil-3) is a designation of its own."""
    kind, _, name = entity.partition(":")
    if kind != "system":
        return None
    noun = _KIND.search(name)
    if code := _CODE.match(name):
        return code[1].replace(" ", "-") + (noun[0] if noun else "")
    variant = _NAME.fullmatch(name)
    return variant[1] if variant else name
