"""Who is one person, or one organisation, in different documents: those that the gazetteer does not know are linked by name, title,
organisation and country, with a score that can be explained.

The model is that of Fellegi and Sunter, run by splink over DuckDB. Its comparisons, their levels and figures are data:
``identity.toml``. What is linked depends on the mentions of one block alone (those with surnames, or head words, of one sound),
never on their order nor on what else is in the register:

* A *record* is a person with a full name, or an organisation, in all documents together. A bare surname may mean another person
  in every document, and is a record for each: "Zgurets, military expert" here, "General Zgurets" there.
* Two records are linked whose probability reaches the threshold. Where two candidates fit that are not one themselves, the
  better one is taken if it is clearly better; else neither.
* Records that links connect are one. Of their ids the one with the fullest name stays; of equally full ones the first by id.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import duckdb
import msgspec
import pyarrow as pa

from rasad.gazetteer import entities
from rasad.register.naming import (
    block,
    given_names,
    graded,
    is_short,
    organisation_words,
    person_name,
    plain_title,
    second_names,
    surnames,
    titles,
    without_article,
)
from rasad.sources.corpus import components

MENTIONS = pa.schema(
    [(name, pa.string()) for name in ("entity", "document", "name", "title", "organisation", "country")]
)
KINDS = ("person", "organisation")  #: the models
_LISTS = {
    "person": [
        "surnames", "surnames_same", "surnames_gendered", "surnames_alike", "given", "given_same", "given_alike", "given_initial", "seconds",
        "seconds_same", "titles", "titles_same", "titles_general", "titles_akin", "titles_unclear", "organisations", "countries",
    ],
    "organisation": ["words", "countries"],
}  # fmt: skip
_DIGITS = 6  #: of a probability, in which all machines agree


class IdentityError(ValueError):
    """``identity.toml`` is not as it should be; the message says where."""


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One outcome of a comparison; see ``identity.toml``."""

    words: str
    m: float
    u: float
    when: str = "ELSE"


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is compared, with its levels."""

    name: str
    unknown: str
    columns: list[str]
    level: list[Level]


class Model(msgspec.Struct, frozen=True):
    """The model of persons, or of organisations."""

    prior: float
    threshold: float
    clear: float
    comparisons: tuple[Comparison, ...]


class Reason(msgspec.Struct, frozen=True):
    """What one comparison found, in words, and by which factor that makes it likelier that two are one."""

    comparison: str
    found: str
    factor: float


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An entity that is another one: in a document or, where that is empty, everywhere. ``compared`` is with whom it was compared:
    ``into``, or another that is linked to it."""

    entity: str
    document: str
    into: str
    compared: str
    probability: float
    reasons: tuple[Reason, ...]


class _Pair(NamedTuple):
    """Two records that reach the threshold, with the level of each comparison (as splink counts them)."""

    probability: float
    found: tuple[int, ...]


_Pairs = Mapping[tuple[str, str], _Pair]


def linked(mentions: pa.Table) -> list[Link]:
    """The links among persons and organisations that a table of :data:`MENTIONS` names, one row for each mention (the same may
    come twice). ``name`` is in Latin letters and the nominative where the reader can tell; ``organisation`` is that which the
    title of a person names. Sorted by entity and document. Raises IdentityError."""
    found: list[Link] = []
    for kind in KINDS:
        records = _compared(list(_records(kind, mentions.to_pylist())))
        if records:
            found += _links(model(kind), records, _pairs(kind, records))
    return sorted(found, key=lambda link: (link.entity, link.document))


@cache
def model(kind: str) -> Model:
    """The content of ``identity.toml`` for persons or organisations. Raises IdentityError."""
    content = tomllib.loads(files("rasad.register").joinpath("identity.toml").read_text("utf-8"))
    try:
        comparisons = msgspec.convert(content[kind]["comparison"], tuple[Comparison, ...])
        figures = {name: float(content[name]) for name in ("prior", "threshold", "clear")}
    except (KeyError, msgspec.ValidationError) as error:
        raise IdentityError(f"identity.toml, {kind}: {error}") from None
    for comparison in comparisons:
        for figure in ("m", "u"):
            total = sum(getattr(level, figure) for level in comparison.level)
            if abs(total - 1) > 1e-9:
                raise IdentityError(
                    f"identity.toml, {kind} {comparison.name}: the {figure} of its levels make {total:.6g}, not 1"
                )
    return Model(**figures, comparisons=comparisons)


# Records.


def _records(kind: str, mentions: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What is known of each person or organisation; of bare surnames one record for each set of things known, since documents
    that know the same get the same links."""
    start = "person:" if kind == "person" else "org:"
    some_of = [mention for mention in mentions if mention["entity"].startswith(start)]
    full = {m["entity"] for m in some_of if kind != "person" or person_name(m["name"]).given}
    held: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for mention in some_of:
        held[mention["entity"], "" if mention["entity"] in full else mention["document"]].append(mention)
    told: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for (entity, document), some in held.items():
        told[entity, *(_distinct(some, name) for name in MENTIONS.names[2:])].append(document)
    describe = _person if kind == "person" else _organisation
    for number, ((entity, *known), documents) in enumerate(sorted(told.items(), key=lambda item: item[0])):
        record = {
            "record": f"{entity} {number}",
            "entity": entity,
            "block": block(entity),
            "documents": sorted(documents),
        }
        yield record | {"bare": entity not in full} | describe(*known)


def _distinct(mentions: Sequence[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(sorted({mention[name] for mention in mentions if mention[name]}))


def _person(
    names: Sequence[str], held: Sequence[str], organisations: Sequence[str], countries: Sequence[str]
) -> dict[str, Any]:
    parts = [person_name(name) for name in names]
    of = {_countries().get(organisation) for organisation in organisations}
    return {
        "name": _fullest(names),
        "surnames": _list(form for part in parts for form in (part.surname, without_article(part.surname))),
        "given": _list(part.given for part in parts),
        "seconds": _list(part.second for part in parts),
        "short": any(is_short(part.surname) for part in parts),
        "titles": _list(map(plain_title, held)),
        "organisations": _list(organisations),
        "countries": _list([*countries, *of]),
    }


def _organisation(
    names: Sequence[str], _: Sequence[str], __: Sequence[str], countries: Sequence[str]
) -> dict[str, Any]:
    name = _fullest(names)
    return {
        "name": name,
        "short": False,
        "words": list(organisation_words(name)) or None,
        "countries": _list(countries),
    }


def _list(values: Iterable[str | None]) -> list[str] | None:
    return sorted({value for value in values if value}) or None


@cache
def _countries() -> Mapping[str, str]:
    """The countries of the organisations that the gazetteer knows, by their names."""
    return {entity.name: entity.country for entity in entities().values() if entity.type == "org" and entity.country}


def _fullest(names: Iterable[str]) -> str:
    """The name with most parts that are no initials; then the longest, then the first."""
    return min(names, key=lambda name: (*_fullness(name), name), default="")


def _fullness(name: str) -> tuple[int, int]:
    """Smaller for a fuller name."""
    return -sum(len(part.strip(".")) > 1 for part in name.split()), -len(name)


def _compared(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of blocks in which there is something to compare, with what is like what."""
    full: dict[str, int] = defaultdict(int)
    every: dict[str, int] = defaultdict(int)
    for record in records:
        every[record["block"]] += 1
        full[record["block"]] += not record["bare"]
    kept = [record for record in records if full[record["block"]] and every[record["block"]] > 1]
    if kept and "surnames" in kept[0]:
        for column, grader in (
            ("surnames", surnames),
            ("given", given_names),
            ("seconds", second_names),
            ("titles", titles),
        ):
            graded(column, grader, kept)
    return kept


# Pairs.


def _pairs(kind: str, records: Sequence[Mapping[str, Any]]) -> _Pairs:
    """The pairs of records that reach the threshold."""
    from splink import (
        DuckDBAPI,
        Linker,
        SettingsCreator,
    )  # late: loading it takes longer than most that this program does

    texts = [pa.field(name, pa.string()) for name in ("record", "block")]
    flags = [pa.field(name, pa.bool_()) for name in ("bare", "short")]
    schema = pa.schema([*texts, *flags, *(pa.field(name, pa.list_(pa.string())) for name in _LISTS[kind])])
    chosen = model(kind)
    with duckdb.connect(config={"threads": 1}) as engine:
        table = DuckDBAPI(engine).register(
            pa.Table.from_pylist([_only(record, schema.names) for record in records], schema)
        )
        linker = Linker(
            table, SettingsCreator.from_path_or_dict(_settings(chosen)), log_level=None, validate_settings=False
        )
        found = linker.inference.predict(threshold_match_probability=chosen.threshold).as_duckdbpyrelation()
        levels = [f"gamma_{comparison.name}" for comparison in chosen.comparisons]
        rows = found.select(", ".join(["record_l", "record_r", "match_probability", *levels])).fetchall()
    return {
        (min(a, b), max(a, b)): _Pair(round(probability, _DIGITS), tuple(levels)) for a, b, probability, *levels in rows
    }


def _only(record: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: record.get(name) for name in names}


def _settings(chosen: Model) -> dict[str, Any]:
    """The model as splink takes it. Two bare surnames are not compared: that they are one, a document cannot tell."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record",
        "probability_two_random_records_match": chosen.prior,
        "blocking_rules_to_generate_predictions": ["l.block = r.block AND NOT (l.bare AND r.bare)"],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
        "comparisons": [
            {"output_column_name": comparison.name, "comparison_levels": list(_levels(comparison))}
            for comparison in chosen.comparisons
        ],
    }


def _levels(comparison: Comparison) -> Iterator[dict[str, Any]]:
    unknown = " OR ".join(f"{column}_{side} IS NULL" for column in comparison.columns for side in "lr")
    yield {"sql_condition": unknown, "label_for_charts": comparison.unknown, "is_null_level": True}
    for level in comparison.level:
        yield {
            "sql_condition": level.when, "label_for_charts": level.words, "m_probability": level.m, "u_probability": level.u,
        }  # fmt: skip


# Links.


def _links(chosen: Model, records: Sequence[Mapping[str, Any]], pairs: _Pairs) -> Iterator[Link]:
    held = {record["record"]: record for record in records}
    full = sorted(record for record in held if not held[record]["bare"])
    near = _candidates(pairs, held)
    taken = {pair: found for pair, found in pairs.items() if _is_clear(pair, pairs, near, chosen.clear)}
    groups = components(
        [pair for pair in sorted(taken) if not held[pair[0]]["bare"] and not held[pair[1]]["bare"]], full
    )
    stays = _staying(groups, held)
    for record in sorted(held):
        into = stays[groups[record]] if record in groups else None
        if record == into:
            continue
        fitting = [other for other in near[record] if _ordered(record, other) in taken]
        if not fitting:
            continue
        best = (
            into if into in fitting else min(fitting, key=lambda other: (-_odds(taken[_ordered(record, other)]), other))
        )
        yield from _told(chosen, held[record], held[stays[groups[best]]], held[best], taken[_ordered(record, best)])


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _candidates(pairs: _Pairs, held: Mapping[str, Mapping[str, Any]]) -> Mapping[str, list[str]]:
    """The records with a full name that each may be."""
    near: dict[str, list[str]] = defaultdict(list)
    for pair in sorted(pairs):
        for one, other in (pair, pair[::-1]):
            if not held[other]["bare"]:
                near[one].append(other)
    return near


def _is_clear(pair: tuple[str, str], pairs: _Pairs, near: Mapping[str, Sequence[str]], clear: float) -> bool:
    """Whether neither of two has another candidate that is not one with the first, and fits nearly as well."""
    return not any(
        rival != candidate
        and candidate in near[one]
        and _ordered(candidate, rival) not in pairs
        and _odds(pairs[pair]) < clear * _odds(pairs[_ordered(one, rival)])
        for one, candidate in (pair, pair[::-1])
        for rival in near[one]
    )


def _odds(pair: _Pair) -> float:
    return pair.probability / max(1 - pair.probability, 0.1**_DIGITS)


def _staying(groups: Mapping[str, str], held: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Of each group the record whose id stays."""
    members: dict[str, list[str]] = defaultdict(list)
    for record, group in groups.items():
        members[group].append(record)
    return {
        group: min(some, key=lambda record: (*_fullness(held[record]["name"]), held[record]["entity"]))
        for group, some in members.items()
    }


def _told(
    chosen: Model, record: Mapping[str, Any], into: Mapping[str, Any], compared: Mapping[str, Any], pair: _Pair
) -> Iterator[Link]:
    reasons = tuple(
        _reason(comparison, found) for comparison, found in zip(chosen.comparisons, pair.found, strict=True)
    )
    for document in record["documents"]:
        yield Link(
            entity=record["entity"], document=document, into=into["entity"], compared=compared["entity"],
            probability=pair.probability, reasons=reasons,
        )  # fmt: skip


def _reason(comparison: Comparison, found: int) -> Reason:
    """What a level says; splink counts them from the last, which is 0, and writes -1 for what is unknown."""
    if found < 0:
        return Reason(comparison.name, comparison.unknown, 1.0)
    level = comparison.level[len(comparison.level) - 1 - found]
    return Reason(comparison.name, level.words, round(level.m / level.u, 3))
