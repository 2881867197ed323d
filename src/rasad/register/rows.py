"""Deals and relations as the rows of a register: names beside ids, roles as the claims have them, and what is an estimate only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, and_, select

from rasad.claims import Money, decoded
from rasad.ontology import ontology
from rasad.register.atoms import links
from rasad.register.database import slices
from rasad.register.deals import names
from rasad.register.schema import atoms, claims, deals

_NUMBERS = {
    "number_ordered": ("quantity", "quantity"),
    "number_delivered": ("quantity_delivered", "quantity"),
    "value": ("amount", "amount"),
    "year_of_order": ("ordered", "year"),
}  #: of each number of a row: the column of the summary, and that of the atoms that say it


class Named(msgspec.Struct, frozen=True, gc=False):
    """An entity with its name."""

    id: str
    name: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A deal or relation as a row. ``roles`` are those of its frame, ``attributes`` what distinguishes it beside them (the activity
    of a service, the offence of an accusation). ``polarity`` is negative where all of its claims say that it is not so.
    ``estimates`` names the numbers that nobody asserts outright (SIPRI's brackets); ``disputed`` on what sources disagree.
    ``denied``: some claim says that it is not so. ``findings`` and ``denied_by`` are those of an accusation: what came of it, and
    who denies it, in a claim of its own or of the same accused in the same text."""

    id: str
    kind: Literal["deal", "relation"]
    frame: str
    roles: dict[str, tuple[Named, ...]]
    attributes: dict[str, tuple[str, ...]]
    category: str | None
    polarity: Literal["positive", "negative"]
    stage: str | None
    number_ordered: float | None
    number_delivered: float | None
    value: Money | None
    year_of_order: int | None
    first_delivery: int | None
    last_delivery: int | None
    first_year: int | None
    last_year: int | None
    reports: int
    sources: int
    claims: int
    disputed: tuple[str, ...]
    estimates: tuple[str, ...]
    findings: tuple[str, ...] = ()
    denied: bool = False
    denied_by: tuple[Named, ...] = ()


def rows(connection: Connection, summaries: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows of summaries, in their order."""
    told = _told(connection, [summary["deal"] for summary in summaries])
    deniers = _deniers(connection, [s["deal"] for s in summaries if s["frame"] == "allegation"])
    columns = ("actor", "partner", "third", "item")
    known = names(connection, {part for s in summaries for c in columns if s[c] for part in s[c].split("+")})
    return [_row(s, told.get(s["deal"], []), deniers.get(s["deal"]), known) for s in summaries]


def rows_by_id(connection: Connection, wanted: Sequence[str]) -> list[Row]:
    """The rows of deals and relations by their ids, in that order; nothing for those that there are not."""
    summaries: dict[str, dict[str, Any]] = {}
    for some in slices(wanted):
        held = connection.execute(select(deals).where(deals.c.deal.in_(some))).mappings()
        summaries |= {row["deal"]: dict(row) for row in held}
    return rows(connection, [summaries[deal] for deal in wanted if deal in summaries])


def _row(
    summary: Mapping[str, Any],
    told: Sequence[Mapping[str, Any]],
    deniers: tuple[Named, ...] | None,
    known: Mapping[str, str],
) -> Row:
    frame = summary["frame"]
    link = links()[frame]
    columns = ((link.actor, "actor"), (link.partner, "partner"), (link.third, "third"), ("item", "item"))
    money = None if summary["amount"] is None else Money(summary["amount"], summary["currency"])
    label = tuple(summary["label"].split("+")) if summary["label"] else ()
    return Row(
        id=summary["deal"], kind=summary["kind"], frame=frame, category=summary["category"], stage=summary["stage"], value=money,
        roles={
            role: tuple(Named(part, known[part]) for part in summary[column].split("+"))
            for role, column in columns if role and summary[column]
        },
        attributes={link.label: label} if link.label and label else {},
        polarity="positive" if not told or any(said["polarity"] == "positive" for said in told) else "negative",
        number_ordered=summary["quantity"], number_delivered=summary["quantity_delivered"], year_of_order=summary["ordered"],
        **{name: summary[name] for name in ("first_delivery", "last_delivery", "first_year", "last_year")},
        **{name: summary[name] for name in ("reports", "sources", "claims")},
        disputed=tuple(summary["disputed"].split("+")) if summary["disputed"] else (),
        estimates=tuple(name for name, (column, said) in _NUMBERS.items() if _estimated(summary[column], said, told)),
        findings=_findings(told) if frame == "allegation" else (),
        denied=any(said["polarity"] == "negative" for said in told) or deniers is not None, denied_by=deniers or (),
    )  # fmt: skip


def _estimated(value: float | None, column: str, told: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nobody says outright that a number is this."""
    return value is not None and not any(
        said[column] == value and said["certainty"] == "asserted" and said["polarity"] == "positive" for said in told
    )


def _findings(told: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """What is said to have come of an accusation; of one of which nothing is told, that it is alleged."""
    known = ontology().frames["allegation"].attributes["finding"]
    said = {row["finding"] for row in told if row["finding"]}
    return tuple(finding for finding in known if finding in said) or ("alleged",)


def _told(connection: Connection, wanted: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    """What the claims of each deal say of it, each thing once."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    columns = [atoms.c[name] for name in ("deal", "polarity", "certainty", "quantity", "amount", "year", "finding")]
    for some in slices(wanted):
        for row in connection.execute(select(*columns).where(atoms.c.deal.in_(some)).distinct()).mappings():
            found.setdefault(row["deal"], []).append(dict(row))
    return found


def _deniers(connection: Connection, wanted: Sequence[str]) -> dict[str, tuple[Named, ...]]:
    """Who denies each accusation that is denied, be it in another relation: a text that accuses of corruption and breach of an
    embargo often has one denial of "wrongdoing"."""
    denial = atoms.alias()
    same = (denial.c.block == atoms.c.block, denial.c.document == atoms.c.document, denial.c.actor == atoms.c.actor)
    denials = (
        select(atoms.c.deal, claims.c.id, claims.c.body)
        .join(denial, and_(*same, denial.c.polarity == "negative"))
        .join(claims, claims.c.id == denial.c.claim)
        .distinct()
        .order_by(claims.c.id)
    )
    found: dict[str, dict[Named, None]] = {}
    for some in slices(wanted):
        for deal, _, body in connection.execute(denials.where(atoms.c.deal.in_(some))):
            speakers = decoded(body).attribution
            found.setdefault(deal, {}).update(dict.fromkeys(Named(speaker.id, speaker.name) for speaker in speakers))
    return {deal: tuple(speakers) for deal, speakers in found.items()}
