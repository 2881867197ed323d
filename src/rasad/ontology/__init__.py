"""Frames, roles, attributes, categories and senses: the files beside this one, read and checked."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

KINDS = frozenset({"country", "bloc", "org", "person", "anonymous", "system", "class", "category"})
FUNCTIONS = frozenset(
    [
        "subject",
        "object",
        "agent",
        "of",
        "dative",
        "to",
        "from",
        "with",
        "for",
        "in",
        "on",
        "against",
        "between",
        "about",
        "without",
        "market",
        "origin",
        "owner",
        "at",
        "any",
    ]
)
TENSES = frozenset({"past", "present", "future", "noun", "always"})
OPEN_VALUES = frozenset({"number", "money", "year"})


class OntologyError(ValueError):
    """A file of the ontology is malformed; the message names the file, the table and the entry."""


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which kinds of entities may fill a role, and whether its fillers belong together as a set."""

    kinds: frozenset[str]
    set: bool = False


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a claim of this frame says, with its roles and attributes. ``requires`` lists the smallest sets of roles that
    make a claim; ``attributes`` the closed values of each, or the name of an open kind of value."""

    about: str
    requires: list[list[str]]
    roles: dict[str, Role]
    attributes: dict[str, list[str] | str] = {}


class Sense(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a trigger word means: its frame and, for each role, the grammatical functions that fill it, surest first.

    ``cues`` names cues (``table.name``) that are words of this sense too; ``beside`` senses of which one must stand near;
    ``turns`` senses whose own words mean this one where such a cue stands near.
    """

    frame: str
    roles: dict[str, list[str]]
    stage: dict[str, str] = {}
    set: dict[str, str] = {}
    weak: bool = False
    cues: list[str] = []
    beside: frozenset[str] = frozenset()
    turns: frozenset[str] = frozenset()


class Ontology(msgspec.Struct, frozen=True):
    """Everything that can be claimed."""

    frames: dict[str, Frame]
    senses: dict[str, Sense]
    categories: dict[str, str]
    stages: dict[str, dict[str, str]]


def _tables(folder: Traversable, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OntologyError(f"{name}: no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OntologyError(f"{name}: {error}") from None


def _decode(folder: Traversable, name: str, shape: type[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for table, content in _tables(folder, name).items():
        try:
            found[table] = msgspec.convert(content, shape)
        except msgspec.ValidationError as error:
            raise OntologyError(f"{name}: [{table}]: {error}") from None
    return found


def _check(condition: bool, where: str, message: str) -> None:
    if not condition:
        raise OntologyError(f"{where}: {message}")


def _check_frame(name: str, frame: Frame) -> None:
    where = f"frames.toml: [{name}]"
    _check(bool(frame.roles), where, "has no roles")
    for role, entry in frame.roles.items():
        unknown = sorted(entry.kinds - KINDS)
        _check(not unknown, where, f"role {role} takes unknown kinds: {', '.join(unknown)}")
    for needed in frame.requires:
        unknown = sorted(set(needed) - frame.roles.keys())
        _check(not unknown, where, f"requires roles that it does not have: {', '.join(unknown)}")
    for attribute, values in frame.attributes.items():
        closed = isinstance(values, list)
        _check(closed or values in OPEN_VALUES, where, f"attribute {attribute} has an unknown kind of value: {values}")


def _check_sense(name: str, sense: Sense, senses: dict[str, Sense], frames: dict[str, Frame]) -> None:
    where = f"senses.toml: [{name}]"
    unknown = sorted((sense.beside | sense.turns) - senses.keys())
    _check(not unknown, where, f"names unknown senses: {', '.join(unknown)}")
    _check(all(cue.count(".") == 1 for cue in sense.cues), where, "a cue is written table.name")
    _check(sense.frame in frames, where, f"unknown frame: {sense.frame}")
    frame = frames[sense.frame]
    for role, functions in sense.roles.items():
        _check(role in frame.roles, where, f"frame {sense.frame} has no role {role}")
        unknown = sorted(set(functions) - FUNCTIONS)
        _check(not unknown, where, f"role {role} has unknown functions: {', '.join(unknown)}")
    for tense, stage in sense.stage.items():
        _check(tense in TENSES, where, f"unknown tense: {tense}")
        _check(stage in frame.attributes.get("stage", ()), where, f"unknown stage: {stage}")
    for attribute, value in sense.set.items():
        values = ["positive", "negative"] if attribute == "polarity" else frame.attributes.get(attribute, ())
        _check(isinstance(values, list) and value in values, where, f"{attribute} cannot be {value}")


def load(folder: Traversable) -> Ontology:
    """The ontology in a folder; raises OntologyError, naming file, table and entry, when it is malformed."""
    frames = _decode(folder, "frames.toml", Frame)
    senses = _decode(folder, "senses.toml", Sense)
    categories = _decode(folder, "categories.toml", dict[str, str])
    stages = _decode(folder, "stages.toml", dict[str, str])
    _check(set(categories) == {"categories"}, "categories.toml", "must hold the one table [categories]")
    for name, frame in frames.items():
        _check_frame(name, frame)
    for name, sense in senses.items():
        _check_sense(name, sense, senses, frames)
    for name, meanings in stages.items():
        _check(name in frames, f"stages.toml: [{name}]", "is no frame")
        for cue, stage in meanings.items():
            _check(
                stage in frames[name].attributes.get("stage", ()),
                f"stages.toml: [{name}]",
                f"{cue}: unknown stage: {stage}",
            )
    return Ontology(frames, senses, categories["categories"], stages)


@cache
def ontology() -> Ontology:
    """The ontology that comes with Rasad."""
    return load(files(__name__))
