"""Rows of the register in words: their names and years, who supports them, what is disputed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rasad.exchange.wording import as_json, denied, number, said, standing
from rasad.ontology import ontology
from rasad.reports.wording import called, inline

if TYPE_CHECKING:
    from rasad.register import Row

__all__ = [
    "as_json", "called", "corrected", "counted", "deliveries", "denied", "description", "names", "number", "plain", "said", "sources",
    "standing", "support", "years",
]  # fmt: skip


def names(row: Row, *roles: str) -> str:
    """The names in the first of the roles that is filled."""
    held = next((row.roles[role] for role in roles if role in row.roles), ())
    return ", ".join(inline(called(named.id, named.name)) for named in held)


def deliveries(row: Row) -> str:
    """The years of deliveries and the number delivered: ``2019–2020: 4``."""
    return ": ".join(
        part for part in (years(row.first_delivery, row.last_delivery), number(row, "number_delivered")) if part
    )


def years(first: int | None, last: int | None) -> str:
    """The years from the first to the last."""
    known = [str(year) for year in dict.fromkeys((first, last)) if year is not None]
    return "–".join(known)


def description(category: str | None) -> str:
    """A category of weapons as words."""
    return ontology().categories.get(category or "", category or "").lower()


def support(reports: int, sources: int) -> str:
    """``7 reports, 3 independent``."""
    return f"{counted(reports, 'report')}, {sources:,} independent"


def sources(reports: int, sources: int) -> str:
    """``3 independent sources, 7 reports``."""
    return f"{counted(sources, 'independent source')}, {counted(reports, 'report')}"


def counted(number: int, word: str) -> str:
    """``1 claim``, ``2,000 claims``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def plain(name: str) -> str:
    """A name of a frame, stage or field as words."""
    return name.replace("_", " ").replace("-", " ")


def corrected(fields: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a correction, as the command line takes them."""
    for name, value in fields.items():
        if isinstance(value, dict):
            yield f"{name}={value['amount']:.12g}:{value['currency']}"
        else:
            yield f"{name}={','.join(value) if isinstance(value, list) else '' if value is None else value}"
