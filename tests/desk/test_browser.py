"""The desk as people see it: every page in light, dark, on a phone and from right to left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.desk.browsing import Watched, served, started

import rasad

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "has_touch": True},
    "arabic": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}, "locale": "ar"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(examples: Path) -> Iterator[str]:
    with served(examples) as address:
        yield address


@pytest.fixture(scope="module")
def pages(examples: Path) -> dict[str, str]:
    """The address of one page of each sort."""
    with rasad.open_register(examples) as register:
        deal = register.deals(supplier="Russia", recipient="Turkey", item="S-400")[0]["deal"]
        accusation = register.relations(frame="allegation")[0]["deal"]
        document = next(
            publication.document
            for claim in register.deal(deal).claims
            for publication in claim.publications
            if publication.name.endswith(".ar.txt")
        )
        claim = next(held.claim.id for held in register.deal(deal).claims if held.document == document)
        person = register.entities(kind="person").entities[0].id.removeprefix("person:")
        organisation = register.entities(kind="org").entities[0].id.removeprefix("org:")
    return {
        "home": "/", "search": "/search?q=S-400", "search-meaning": "/search?q=delivered+fighter+jets&meaning=1", "search-all": "/search",
        "document": f"/documents/{document}", "document-claim": f"/documents/{document}?claim={claim}", "claim": f"/claims/{claim}",
        "deal": f"/deals/{deal}", "accusation": f"/deals/{accusation}", "countries": "/countries", "country": "/countries/TUR",
        "market": "/countries/TUR/market", "dependence": "/countries/TUR/dependence", "country-allegations": "/countries/TUR/allegations",
        "alignment": "/countries/TUR/alignment", "embargoes": "/countries/TUR/embargoes", "supplier": "/countries/RUS/supplier",
        "system": "/systems/S-400", "organisation": f"/organisations/{organisation}", "person": f"/people/{person}",
        "allegations": "/allegations", "review": "/review", "log": "/review/log", "compare": "/compare", "add": "/add",
        "account": "/account", "help": "/help",
    }  # fmt: skip


NAMES = (
    "home", "search", "search-meaning", "search-all", "document", "document-claim", "claim", "deal", "accusation", "countries",
    "country", "market", "dependence", "country-allegations", "alignment", "embargoes", "supplier", "system", "organisation",
    "person", "allegations", "review", "log", "compare", "add", "account", "help",
)  # fmt: skip


@pytest.fixture(params=LOOKS)
def seen(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[tuple[str, Watched]]:
    """A browser of each look that the desk knows."""
    context = browser.new_context(**LOOKS[request.param], bypass_csp=False)
    watched = Watched(context, address.partition("/?")[0])
    watched.page.goto(address)
    yield request.param, watched
    context.close()


def test_every_page_in_every_look(seen: tuple[str, Watched], pages: dict[str, str]) -> None:
    look, watched = seen
    wrong: list[str] = []
    for name in NAMES:
        status = watched.open(pages[name])
        watched.shoot(f"{name}-{look}")
        page = watched.page
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = [
            *([f"answers {status}"] if status != 200 else []),
            *([f"is {wide} pixels too wide"] if wide > 0 else []),
            *([f"has {n} headings of the first order"] if (n := page.locator("h1").count()) != 1 else []),
            *(
                ["runs in the wrong direction"]
                if (page.locator("html").get_attribute("dir") == "rtl") != (look == "arabic")
                else []
            ),
            *watched.barriers(),
            *watched.wrong,
        ]
        watched.wrong.clear()
        wrong += [f"{name}: {what}" for what in found]
    assert not wrong, "\n".join(wrong)
