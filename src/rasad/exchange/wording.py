"""Rows of the register in words: their sentence, their numbers with SIPRI's brackets, what came of an accusation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from rasad.claims import Claim, Evidence, Filler
from rasad.reports.wording import ENGLISH, amount, called, inline, money, sentence, wording

if TYPE_CHECKING:
    from rasad.register import Row

_LISTS = frozenset({"activity", "offence", "stance"})  #: attributes of a claim that are lists


def said(row: Row, language: str = ENGLISH) -> str:
    """What a deal or relation is, in one line of a language, as a claim is said: ``Russia → Turkey: S-400 · 2017``."""
    attributes: dict[str, Any] = {
        name: [*values] if name in _LISTS else values[0] for name, values in row.attributes.items()
    }
    roles = {role: [_filler(named.id, named.name) for named in held] for role, held in row.roles.items()}
    told = sentence(
        Claim(
            id=row.id, document="", language="en", frame=row.frame, roles=roles, stage=row.stage, certainty="asserted",
            polarity=row.polarity, quantity=row.number_ordered, value=None, year=None, time=None, attribution=[],
            evidence=Evidence(0, 0, ""), confidence=1.0, **attributes,
        ),
        language,
    )  # fmt: skip
    if row.number_ordered is not None:
        told = told.replace(f"{amount(row.number_ordered)} × ", f"{number(row, 'number_ordered')} × ", 1)
    if row.frame == "position" and len(roles) == 1:
        told += " …"  # for what, only the texts say
    return " · ".join(part for part in (told, number(row, "value", language), number(row, "year_of_order")) if part)


def _filler(identifier: str, name: str) -> Filler:
    return Filler(id=identifier, name=called(identifier, name), text=name, start=0, end=0)


def number(row: Row, field: str, language: str = ENGLISH) -> str:
    """A number of a row as SIPRI writes it: in brackets where nobody asserts it; nothing where it is not known."""
    value = getattr(row, field)
    if value is None:
        return ""
    shown = str(value) if field == "year_of_order" else money(value, language) if field == "value" else amount(value)
    return f"[{shown}]" if field in row.estimates else shown


def standing(row: Row) -> str:
    """What came of an accusation, and who denies it: it is never shown without."""
    told = "; ".join(wording().findings.get(finding, finding) for finding in row.findings)
    return f"{told} · {denied([row])}"


def denied(rows: Iterable[Row]) -> str:
    """Whether an accusation is denied in one of the relations that it is part of, and by whom."""
    rows = [*rows]
    deniers = dict.fromkeys(inline(called(named.id, named.name)) for row in rows for named in row.denied_by)
    if deniers:
        return f"denied by {', '.join(deniers)}"
    return "denied" if any(row.denied for row in rows) else "no denial found"


def as_json(row: Row) -> dict[str, Any]:
    """A row as JSON has it, with its sentence."""
    told: dict[str, Any] = msgspec.to_builtins(row)
    return {"id": told.pop("id"), "kind": told.pop("kind"), "frame": told.pop("frame"), "sentence": said(row), **told}
