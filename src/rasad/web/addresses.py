"""The address of each thing at the desk, from its id."""

from __future__ import annotations

from urllib.parse import quote

_PLACES = {
    "d-": "/deals/", "r-": "/deals/", "c-": "/claims/", "doc-": "/documents/", "country:": "/countries/", "system:": "/systems/",
    "class:": "/systems/", "category:": "/systems/", "org:": "/organisations/", "bloc:": "/organisations/", "person:": "/people/",
    "anonymous:": "/people/",
}  # fmt: skip
_SHORTENED = ("country:", "system:", "org:", "person:")  #: ids that a page names without their kind


def address(identifier: str) -> str:
    """Where a deal, claim, document or entity is shown: ``country:KAZ`` at ``/countries/KAZ``, ``class:radar`` at
    ``/systems/class:radar``. Of what has no page of its own, the search for it."""
    for start, place in _PLACES.items():
        if identifier.startswith(start):
            shown = identifier.removeprefix(start) if start in _SHORTENED else identifier
            return place + quote(shown, safe=":/")
    return "/search?q=" + quote(identifier.partition(":")[2] or identifier)


def identifier(kind: str, given: str) -> str:
    """The id that the part of an address stands for: of ``KAZ`` at ``/countries/`` it is ``country:KAZ``."""
    return given if ":" in given and given.split(":")[0] + ":" in _PLACES else f"{kind}:{given}"
