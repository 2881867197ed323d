"""The pages of what is watched: what each source gave, what went wrong, and the texts of one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from time import time

import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient
from tests.desk.browsing import Watched, served, started
from tests.desk.conftest import BROWSER
from tests.desk.test_browser import LOOKS

from rasad import Document, open_register
from rasad.register import watched
from rasad.register.store import document_id
from rasad.register.watched import Brought, moment
from rasad.sources import Provenance
from rasad.sources.visits.plan import Source

SALE = Document(
    name="http://example.org/sale", text="Poland ordered 96 Apache helicopters from the United States in 2023, the ministry said.",
    title="Ninety-six helicopters", outlet="The Herald", published="2026-10-05", address="http://example.org/sale", language="en",
)  # fmt: skip
SCHOOL = Document(
    name="http://example.org/school", text="The village school reopened on Monday, and the children were happy with the new library.",
    outlet="The Herald", address="http://example.org/school", language="en",
)  # fmt: skip
HERALD = Source(kind="feed", address="http://example.org/rss", outlet="The Herald")
COURIER = Source(kind="sitemap", address="https://courier.example/news/sitemap.xml")
ERROR = "answers 503 Service Unavailable"


def watch(file: Path, *, due: float = 3600) -> None:
    """Makes a register one of which two sources were watched: one gave two texts and an address of nothing, the other fails."""
    with open_register(file) as register:
        engine, known = register.engine, Provenance()
        register.add([SALE, SCHOOL])
        stands = watched.begin(engine, [HERALD, COURIER])
        herald, courier = stands[HERALD.address].id, stands[COURIER.address].id
        later = moment(time() + due)
        named = [(f"http://example.org/{name}", known) for name in ("sale", "school", "gone", "soon")]
        sale, school, gone, _ = watched.seen(engine, herald, later, named=named)
        watched.bring(engine, herald, [Brought(document_id(SALE), sale.address, True, True), Brought(document_id(SCHOOL), school.address, False, False)])  # fmt: skip
        for one, error in ((sale, None), (school, None), (gone, "answers 410 Gone")):
            watched.settled(engine, one, error)
        watched.failed(engine, courier, ERROR, later, 3)


@pytest.fixture
def watching(register_file: Path, desk: TestClient) -> TestClient:
    watch(register_file)
    return desk


def test_each_source_tells_what_it_gave_and_what_went_wrong(watching: TestClient) -> None:
    (herald, courier) = watching.get("/watch.json").json()["sources"]
    figures = ("texts", "about_arms", "claims", "waiting", "lost", "failures", "visits")
    assert [herald[name] for name in figures] == [1, 1, 1, 1, 1, 0, 1]
    assert (courier["error"], courier["failures"], courier["texts"]) == (ERROR, 3, 0)
    page = watching.get("/watch").text
    assert ERROR in page
    assert "failed 3 times in a row" in page
    assert "1 address waits" in page
    assert "overdue" not in page
    rows = list(csv.DictReader(StringIO(watching.get("/watch.csv").text)))
    assert [(row["address"], row["texts"]) for row in rows] == [(HERALD.address, "1"), (COURIER.address, "0")]


def test_visits_that_nobody_makes_are_told(register_file: Path, desk: TestClient) -> None:
    watch(register_file, due=-3600)
    assert "nobody seems to be watching" in desk.get("/watch").text


def test_a_source_lists_its_texts_and_what_gave_none(watching: TestClient) -> None:
    given = watching.get("/watch/1.json").json()
    assert {text["title"] for text in given["texts"]} == {SALE.title, SCHOOL.text}
    assert {text["title"]: text["published"] for text in given["texts"]}[SALE.title] == "2026-10-05"
    assert [lost["address"] for lost in given["lost"]] == ["http://example.org/gone"]
    page = watching.get("/watch/1").text
    assert f'href="/documents/{document_id(SALE)}"' in page
    assert "was there already" in page
    assert "not about arms" in page
    assert watching.get("/watch/1.csv").text.splitlines()[0].startswith("document,title,address")


def test_it_is_told_in_arabic(watching: TestClient) -> None:
    page = watching.get("/watch", headers={**BROWSER, "accept-language": "ar"}).text
    assert "فشلت 3 زيارات متتالية" in page
    assert 'href="/watch" aria-current="page">المراقبة' in page


def test_where_nothing_is_watched_it_says_how(desk: TestClient) -> None:
    page = desk.get("/watch").text
    assert "rasad watch FILE" in page
    assert desk.get("/watch.json").json()["sources"] == []


@pytest.mark.parametrize(("path", "status"), [("/watch/3", 404), ("/watch/x", 422), ("/watch/1?page=0", 422)])
def test_what_is_not_there_is_said(watching: TestClient, path: str, status: int) -> None:
    assert watching.get(path).status_code == status


def test_who_is_a_stranger_sees_nothing(stranger: TestClient) -> None:
    assert stranger.get("/watch.json", headers={"accept": "*/*"}).status_code == 401


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.mark.parametrize("look", LOOKS)
def test_it_can_be_read_in_every_look(browser: Browser, register_file: Path, look: str) -> None:
    watch(register_file)
    with served(register_file) as address:
        seen = Watched(browser.new_context(**LOOKS[look], bypass_csp=False), address.partition("/?")[0])
        seen.page.goto(address)
        for path, name in (("/watch", "watch"), ("/watch/1", "watch-source")):
            assert seen.open(path) == 200
            seen.shoot(f"{name}-{look}")
            assert seen.barriers() == []
            assert seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert seen.wrong == []
        seen.page.context.close()
