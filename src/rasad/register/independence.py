"""Reports are not events: from which source each claim comes. Forty papers that print one story of an agency are one source
(``sources/copies.py`` tells which texts are near-copies, ``sources/origins.py`` whom a text credits). Everything here is a function of
what it is given: the order in which texts arrive changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache

from rasad.gazetteer import entities, folded_names, languages_named
from rasad.languages.words import fold


@cache
def _houses() -> dict[str, str]:
    """The media of the gazetteer by id and by every name that only one of them has."""
    known = entities()
    named: dict[str, set[str]] = defaultdict(set)
    for code in languages_named():
        for name, ids in folded_names(code).items():
            named[name] |= ids
    single = {name: next(iter(ids)) for name, ids in named.items() if len(ids) == 1}
    houses = {name: identifier for name, identifier in single.items() if known[identifier].kind == "media"}
    return houses | {identifier: identifier for identifier, entity in known.items() if entity.kind == "media"}


def sources(
    documents: Iterable[tuple[str, str | None, str, str | None]], claims: Iterable[tuple[str, str, str | None]]
) -> dict[str, str]:
    """The source of each claim by its id: claims with the same one are no independent support.

    ``documents`` are (id, outlet, group of near-copies, origin), a line for each outlet that printed one; ``claims`` are (id,
    document, the medium that the claim itself credits). The source is, surest first, whom the claim credits; whom the texts of
    the group credit (the most of them; of several as many, the first in the alphabet); the outlet, where it is a medium of the
    gazetteer and the only one that printed the group; and otherwise the group.
    """
    groups: dict[str, str] = {}
    credited: dict[str, set[tuple[str, str]]] = defaultdict(set)
    printers: dict[str, set[str]] = defaultdict(set)
    for document, outlet, group, credit in documents:
        groups[document] = group
        if credit is not None:
            credited[group].add((credit, document))
        house = (_houses().get(outlet) or _houses().get(fold(outlet))) if outlet else None
        if house is not None:
            printers[group].add(house)
    keys = {group: _key(group, credited[group], printers[group]) for group in set(groups.values())}
    return {claim: own if own is not None else keys[groups[document]] for claim, document, own in claims}


def _key(group: str, credited: set[tuple[str, str]], printers: set[str]) -> str:
    if credited:
        often = Counter(credit for credit, _ in credited)
        return min(often, key=lambda credit: (-often[credit], credit))
    return next(iter(printers)) if len(printers) == 1 else group
