"""The form in which a reviewer says what a claim should have been: its inputs, and what was changed in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, Literal

import msgspec

from rasad.claims import Claim, Money
from rasad.ontology import ontology
from rasad.register import FilterError, Register, ReviewError
from rasad.register.database import reading
from rasad.register.listing import resolved

LISTS = frozenset({"activity", "offence", "stance"})  #: attributes that may have several values
ALWAYS = {
    "certainty": ("asserted", "probable", "possible"),
    "polarity": ("positive", "negative"),
}  #: what every claim has one of
FIRST_YEAR, LAST_YEAR = 1900, 2100

Typed = Mapping[str, Sequence[str]]


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """An input of the form. ``entities``: ids or names, in one input each; ``one``, ``several``: of ``options``; ``money``: amount and
    currency. ``values`` are what stands in it."""

    name: str
    kind: Literal["entities", "one", "several", "number", "year", "money"]
    values: tuple[str, ...]
    options: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def inputs(claim: Claim, typed: Typed | None = None) -> tuple[Input, ...]:
    """The inputs for a claim, with what it says; or with what was ``typed``."""
    frame = ontology().frames[claim.frame]
    told = {**_said(claim), **(typed or {})}

    def made(name: str, kind: Any, **more: Any) -> Input:
        return Input(name=name, kind=kind, values=tuple(told.get(name, ())), **more)

    found = [made(role, "entities", kinds=tuple(sorted(held.kinds))) for role, held in frame.roles.items()]
    for name, values in {**frame.attributes, **ALWAYS}.items():
        if isinstance(values, str):
            found.append(made(name, values))
        else:
            found.append(made(name, "several" if name in LISTS else "one", options=tuple(values)))
    return tuple(found)


def changed(register: Register, claim: Claim, typed: Typed) -> dict[str, Any]:
    """The fields of a claim in which what was typed differs from what it says, as :func:`rasad.register.review.corrected` takes them;
    what was not asked about stays. Raises ReviewError or FilterError for what is no value of its field."""
    fields: dict[str, Any] = {}
    said = _said(claim)
    for one in inputs(claim, typed):
        given = [value.strip() for value in one.values if value.strip()]
        if one.name not in typed or sorted(given) == sorted(said.get(one.name, ())):
            continue
        value = _read(register, one, given)
        if value != _as_is(claim, one):
            fields[one.name] = value
    if not fields:
        raise ReviewError(
            "nothing was changed: a correction says at least in one field what the claim should have been"
        )
    _require(claim, fields)
    return fields


def _require(claim: Claim, fields: Mapping[str, Any]) -> None:
    """Raises ReviewError where too few roles would be left for a claim of its frame."""
    frame = ontology().frames[claim.frame]
    left = {role: len(fields.get(role, claim.roles.get(role, ()))) for role in frame.roles}
    if not any(all(left[role] >= many for role, many in Counter(some).items()) for some in frame.requires):
        needs = ", or ".join(" and ".join(some) for some in frame.requires)
        raise ReviewError(
            f"a claim of this kind ({claim.frame.replace('_', ' ')}) needs {needs}; one that says nothing is rejected"
        )


def _said(claim: Claim) -> dict[str, list[str]]:
    """What a claim says, as it stands in the inputs."""
    told = {role: [filler.id for filler in found] for role, found in claim.roles.items()}
    for name in (*ontology().frames[claim.frame].attributes, *ALWAYS):
        value = getattr(claim, name)
        if isinstance(value, Money):
            told[name] = [f"{value.amount:.12g}", value.currency]
        elif value is not None:
            told[name] = (
                list(value)
                if isinstance(value, list)
                else [f"{value:.12g}" if isinstance(value, float) else str(value)]
            )
    return told


def _as_is(claim: Claim, one: Input) -> Any:
    if one.kind == "entities":
        return [filler.id for filler in claim.roles.get(one.name, ())]
    value = getattr(claim, one.name)
    return {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value


def _read(register: Register, one: Input, given: list[str]) -> Any:
    if one.kind == "entities":
        return [_entity(register, one.name, value) for value in dict.fromkeys(given)]
    if one.kind == "several":
        return given or None
    if not given:
        if one.name in ALWAYS:
            raise ReviewError(f"{one.name}: every claim has one, it cannot be removed")
        return None
    if one.kind == "money":
        return _money(given)
    if one.kind == "number":
        return _number(one.name, given[0])
    if one.kind == "year":
        year = int(_number(one.name, given[0]))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ReviewError(f"year: {given[0]!r} is no year between {FIRST_YEAR} and {LAST_YEAR}")
        return year
    return given[0]


def _entity(register: Register, role: str, given: str) -> str:
    with reading(register.engine) as connection:
        try:
            return resolved(connection, given, role.replace("_", " "))
        except FilterError as error:
            raise ReviewError(
                f"{error}; somebody new is written as an id: org:name, person:name, system:designation"
            ) from None


def _number(name: str, given: str) -> float:
    try:
        number = float(given.replace(",", "").replace(" ", ""))
    except ValueError:
        number = float("nan")
    if not isfinite(number) or number < 0:
        raise ReviewError(f"{name}: {given!r} is no number")
    return number


def _money(given: Sequence[str]) -> dict[str, Any]:
    amount, currency = (*given, "")[:2]
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise ReviewError(f"value: {' '.join(given)!r} is no amount with its currency, as 2500000000 and USD")
    return {"amount": _number("value", amount), "currency": currency.upper()}
