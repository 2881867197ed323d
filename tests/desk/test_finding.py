"""The first page, and the search over everything."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.desk.conftest import BROWSER, TOKEN

import rasad
from rasad.claims import Document
from rasad.web.app import create_app
from rasad.web.settings import Settings

S300_AR = "قال الخبير سيرجي زغوريتس إن أوكرانيا سلمت كازاخستان أنظمة إس-300 عام 2016."
RAFALE = "Egypt bought 24 Rafale fighters from France in 2015 for 5.2 billion euros."
RAFALE_RU = "В 2015 году Египет купил у Франции 24 истребителя «Рафаль»."
TANKS = "Russia may deliver T-90 tanks to India in 2019."
ACCUSED = "Russia accused Ukraine of supplying arms to Georgia in breach of export rules. Kyiv denied the accusation."


def doc(text: str, name: str, **told: Any) -> Document:
    return Document(text=text, name=name, **told)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register whose whole content is above."""
    path = tmp_path_factory.mktemp("finding") / "small.db"
    with rasad.open_register(path, create=True) as register:
        register.add(
            [
                doc(S300_AR, "s300.txt", outlet="Al Masdar", published="2016-05-02"),
                doc(RAFALE, "rafale.txt", outlet="Gulf Daily", published="2015-02-17"),
                doc(RAFALE_RU, "rafale-ru.txt", outlet="Вестник", published="2015-02-18"),
                doc(TANKS, "tanks.txt", outlet="Gulf Daily", published="2019-03-01"),
                doc(ACCUSED, "accused.txt", published="2009-01-05"),
            ]
        )
    return path


@pytest.fixture
def told(small: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A desk on a copy of it."""
    with _desk(Path(shutil.copy(small, tmp_path / "told.db"))) as client:
        yield client


def _desk(path: Path) -> TestClient:
    client = TestClient(
        create_app(Settings(register=str(path), token=TOKEN, secret="s", hosts=("testserver",))), headers=BROWSER
    )
    client.get("/", params={"token": TOKEN})
    return client


def found(desk: TestClient, **asked: Any) -> dict[str, Any]:
    answer = desk.get("/search.json", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def quotes(page: dict[str, Any]) -> list[str]:
    return ["".join(part["text"] for part in one["quote"]) for one in page["found"]]


def hits(page: dict[str, Any]) -> list[list[str]]:
    return [[part["text"] for part in one["quote"] if part["marked"]] for one in page["found"]]


def facet(page: dict[str, Any], name: str) -> dict[str, int]:
    return {
        value["id"]: value["count"] for facet in page["facets"] if facet["name"] == name for value in facet["values"]
    }


# The first page.


def test_the_first_page_tells_what_came_in_by_day_and_outlet_the_newest_first(told: TestClient) -> None:
    came = told.get("/index.json").json()["came_in"]
    assert [one["publication"]["name"] for one in came] == [
        "accused.txt",
        "tanks.txt",
        "rafale-ru.txt",
        "rafale.txt",
        "s300.txt",
    ]
    page = told.get("/").text
    assert page.index("accused.txt") < page.index("Gulf Daily") < page.index("tanks.txt") < page.index("Вестник")
    assert 'href="/search?show=documents&amp;outlet=Gulf+Daily"' in page


def test_the_first_page_shows_accusations_with_what_came_of_them_and_who_denies(told: TestClient) -> None:
    page = told.get("/").text
    accusation = page[page.index("Accusations, and what came of them") :]
    assert "alleged" in accusation
    assert "denied by" in accusation


def test_what_sources_disagree_on_is_told_with_on_what(told: TestClient) -> None:
    with rasad.open_register(told.app.state.desk.settings.register) as register:
        register.add([doc("Egypt bought 30 Rafale fighters from France in 2015.", "thirty.txt", outlet="Other")])
    disputed = told.get("/index.json").json()["disputed"]
    assert ["number"] in [row["disputed"] for row in disputed]


def test_an_empty_register_says_what_to_do(tmp_path: Path) -> None:
    rasad.open_register(tmp_path / "empty.db", create=True).close()
    with _desk(tmp_path / "empty.db") as desk:
        page = desk.get("/").text
        assert "Nothing has been read yet" in page
        assert 'href="/add"' in page
        assert "rasad add" in page
        assert "flows.svg" not in page
        assert found(desk, q="S-300")["total"] == 0


# What is found.


@pytest.mark.parametrize(
    "query", ["Kazakhstan", "Казахстан", "Казахстану", "كازاخستان", "S-300", "С-300", "إس-300", "s300 казахстан"]
)
def test_a_name_in_any_script_finds_the_sentence_and_the_page_of_whom_it_names(told: TestClient, query: str) -> None:
    page = found(told, q=query)
    assert quotes(page) == [S300_AR]
    assert {"country:KAZ", "system:S-300"} & {name["id"] for name in page["names"]}
    assert hits(page)[0], "the words are not marked"
    shown = told.get("/search", params={"q": query}).text
    assert 'href="/countries/KAZ"' in shown or 'href="/systems/S-300"' in shown


def test_an_id_or_the_beginning_of_one_leads_to_what_has_it(told: TestClient) -> None:
    deal = found(told, supplier="France")["rows"][0]["id"]
    claim = found(told, q="Rafale")["found"][0]["claims"][0]["claim"]["id"]
    for given, place in ((deal, "deals"), (deal[:8], "deals"), (claim, "claims")):
        page = told.get("/search", params={"q": given}).text
        assert f'<a class="chip" href="/{place}/{deal if place == "deals" else claim}"' in page
    assert found(told, q="d-0000")["names"] == []


def test_the_words_of_a_query_are_marked_in_every_form(told: TestClient) -> None:
    assert hits(found(told, q="buy rafales", category="aircraft")) == [["bought", "Rafale"]]
    assert hits(found(told, q="истребитель")) == [["истребителя"]]
    assert '<mark class="hit">истребителя</mark>' in told.get("/search", params={"q": "истребитель"}).text


def test_a_question_in_one_language_finds_the_sentence_in_another(told: TestClient) -> None:
    page = found(told, q="Egypt bought French fighter jets", meaning=True)
    assert set(quotes(page)[:2]) == {RAFALE, RAFALE_RU}


def test_deals_and_whole_documents_are_found_by_the_same_words(told: TestClient) -> None:
    deals = found(told, q="Rafale", show="deals")
    assert [(row["frame"], row["number_ordered"]) for row in deals["rows"]] == [("transfer", 24)]
    documents = found(told, q="Rafale", show="documents")
    assert {one["publications"][0]["name"] for one in documents["found"]} == {"rafale.txt", "rafale-ru.txt"}
    assert documents["found"][0]["claim_count"] >= 1


def test_an_accusation_that_is_found_stands_with_its_denial(told: TestClient) -> None:
    page = told.get("/search", params={"q": "accused Ukraine", "frame": "allegation"}).text
    accusation = page[page.index('<ul class="resting">') :]
    assert re.search(r"accuses Ukraine.*?alleged.*?denied by", accusation, re.DOTALL)


def test_what_was_rejected_is_found_no_more(told: TestClient) -> None:
    with rasad.open_register(told.app.state.desk.settings.register) as register:
        register.add([doc("Russia delivered T-90 tanks to India and Algeria in 2019.", "two.txt")])
        told.app.state.desk.state(now=True)
        first, *others = (
            one["claim"]["id"] for found_ in found(told, q="T-90 Algeria")["found"] for one in found_["claims"]
        )
        register.reject(first, reviewer="ann", reason="misread")
        told.app.state.desk.state(now=True)
        left = [one["claim"]["id"] for found_ in found(told, q="T-90 Algeria")["found"] for one in found_["claims"]]
        assert left == others
        for one in others:
            register.reject(one, reviewer="ann", reason="misread")
    told.app.state.desk.state(now=True)
    assert found(told, q="T-90 Algeria", sort="newest")["total"] == 0


def test_the_newest_come_first_where_that_is_asked(told: TestClient) -> None:
    names = [
        one["publications"][0]["name"] for one in found(told, q="Russia India Egypt Франция", sort="newest")["found"]
    ]
    assert names == sorted(names, key=["tanks.txt", "rafale-ru.txt", "rafale.txt", "accused.txt"].index)


def test_where_nothing_has_every_word_the_page_says_so(told: TestClient) -> None:
    page = found(told, q="Rafale zeppelin")
    assert (page["every"], page["total"]) == (False, 2)
    assert "nothing has every word" in told.get("/search?q=Rafale+zeppelin").text


# Facets.


def test_facets_count_what_was_found_and_narrow_it(told: TestClient) -> None:
    page = found(told, q="Rafale")
    assert facet(page, "language") == {"en": 1, "ru": 1}
    assert facet(page, "outlet") == {"Gulf Daily": 1, "Вестник": 1}
    assert facet(page, "supplier") == {"country:FRA": 2}
    assert facet(page, "year") == {"2015": 2}
    narrowed = found(told, q="Rafale", language="ru")
    assert quotes(narrowed) == [RAFALE_RU]
    assert facet(narrowed, "outlet") == {"Вестник": 1}


def test_without_a_query_all_deals_are_counted_and_narrowed(told: TestClient) -> None:
    every = found(told)
    with rasad.open_register(told.app.state.desk.settings.register) as register:
        rows = [*register.deals(), *register.relations()]
    assert every["total"] == len(rows)
    assert facet(every, "frame") == {
        frame: sum(row["frame"] == frame for row in rows) for frame in {row["frame"] for row in rows}
    }
    assert facet(every, "supplier")["country:FRA"] == 1
    narrowed = found(told, supplier="France")
    assert [(row["frame"], row["roles"]["recipient"][0]["id"]) for row in narrowed["rows"]] == [
        ("transfer", "country:EGY")
    ]
    possible = found(told, certainty="possible", supplier="RUS")
    assert [row["roles"]["item"][0]["id"] for row in possible["rows"]] == ["system:T-90"]
    assert found(told, outlet="Вестник")["total"] == 1
    assert found(told, language="ar", year=2016)["total"] == 1


def test_the_accused_are_no_suppliers(told: TestClient) -> None:
    assert "country:UKR" in facet(found(told), "supplier")
    assert {row["frame"] for row in found(told, supplier="Ukraine")["rows"]} <= {"transfer", "service"}


def test_a_facet_is_a_link_that_adds_it_and_one_that_takes_it_out(told: TestClient) -> None:
    page = told.get("/search", params={"q": "Rafale", "meaning": ""}).text
    link = unescape(re.search(r'href="(/search[^"]*language=ru[^"]*)"', page).group(1))  # type: ignore[union-attr]
    narrowed = told.get(link).text
    assert "истребителя" in narrowed
    assert "Egypt bought" not in narrowed
    assert 'class="chosen" href="/search?q=Rafale"' in narrowed


# What is not found, or makes no sense.


@pytest.mark.parametrize(
    ("query", "meant"), [("Kazahstan", "Kazakhstan"), ("Казакстан", "Казахстан"), ("zzz Rafalle", "zzz Rafale")]
)
def test_what_was_perhaps_meant(told: TestClient, query: str, meant: str) -> None:
    assert meant in found(told, q=query)["instead"]
    assert f"q={quote(meant.replace(' ', '+'), safe='+')}" in told.get("/search", params={"q": query}).text


def test_where_nothing_is_found_the_page_says_what_could_be_done(told: TestClient) -> None:
    page = unescape(told.get("/search?q=zeppelin&language=ru").text)
    assert "Nothing was found" in page
    assert 'href="/search?q=zeppelin"' in page
    assert 'href="/search?q=zeppelin&language=ru&meaning=1"' in page


@pytest.mark.parametrize(
    ("asked", "status", "told_so"),
    [
        ("stage=deliverd", 400, "delivered"), ("category=aircrafts", 400, "aircraft"), ("supplier=Atlantis", 400, "Atlantis"),
        ("certainty=sure", 400, "asserted"), ("page=0", 422, "page"), ("show=everything", 422, "show"), ("year=x", 422, "year"),
        ("q=" + "x" * 400, 400, "300"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(told: TestClient, asked: str, status: int, told_so: str) -> None:
    answer = told.get(f"/search?{asked}")
    assert answer.status_code == status
    assert told_so in answer.text


def test_a_page_past_the_end_leads_back(told: TestClient) -> None:
    page = told.get("/search?page=7&q=Rafale").text
    assert "There is only 1 page." in page
    assert 'href="/search?q=Rafale"' in page


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "\u202egnal\u2066", "a\x00b", "' OR 1=1 --", '"', "*", "NEAR(", "(((", "%", "🚀", "\ud7ff"]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_words_are_words(told: TestClient, query: str) -> None:
    for path in ("/search", "/search.json", "/search.csv", "/suggest.json"):
        for more in ({}, {"meaning": "1"}, {"show": "documents"}, {"show": "names"}):
            answer = told.get(path, params={"q": query, **more})
            assert answer.status_code == 200
    page = told.get("/search", params={"q": query}).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert not {"\u202e", "\u2066"} & set(page)


def test_hostile_texts_are_shown_as_text(told: TestClient) -> None:
    hostile = "<script>alert(1)</script> Egypt bought 7 Gripen fighters\u202e from Sweden in 2020."
    with rasad.open_register(told.app.state.desk.settings.register) as register:
        register.add([doc(hostile, "<b>name</b>.txt", outlet='"><svg onload=alert(1)>')])
    told.app.state.desk.state(now=True)
    for path in ("/", "/search?q=Gripen", "/search?q=Gripen&show=documents"):
        page = told.get(path).text
        assert "&lt;svg onload" in page
        assert not {"<script>alert", "<svg onload", "<b>name"} & {
            part for part in ("<script>alert", "<svg onload", "<b>name") if part in page
        }
        assert "\u202e" not in page


# As data.


def test_a_table_of_what_was_found(told: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(told.get("/search.csv?q=Rafale&language=ru").text)))
    assert [(row["quote"], row["outlets"], row["language"]) for row in rows] == [(RAFALE_RU, "Вестник", "ru")]
    deals = list(csv.DictReader(io.StringIO(told.get("/search.csv?supplier=FRA").text)))
    assert [(row["frame"], row["roles.supplier"], row["number_ordered"]) for row in deals] == [
        ("transfer", "country:FRA", "24.0")
    ]


@pytest.mark.parametrize(
    ("begun", "first"),
    [("kaz", "country:KAZ"), ("Каз", "country:KAZ"), ("كازا", "country:KAZ"), ("s-3", "system:S-300"), ("S30", "system:S-300"), ("с-30", "system:S-300"), ("raf", "system:Rafale")],
)  # fmt: skip
def test_a_name_is_suggested_from_its_beginning(told: TestClient, begun: str, first: str) -> None:
    suggested = told.get("/suggest.json", params={"q": begun}).json()["suggestions"]
    assert suggested[0]["id"] == first
    assert len(suggested) <= 8
    assert suggested[0]["in_register"]


def test_who_is_in_the_register_alone_is_suggested_by_given_name_and_surname(told: TestClient) -> None:
    with rasad.open_register(told.app.state.desk.settings.register) as register:
        register.add(
            [doc("Egypt has bought 24 Rafale fighters from France, Defence Minister Roman Hnatiuk said.", "h.txt")]
        )
    told.app.state.desk.state(now=True)
    for begun in ("Hnat", "hnat", "Roman Hn"):
        assert [one["name"] for one in told.get("/suggest.json", params={"q": begun}).json()["suggestions"]][:1] == [
            "Roman Hnatiuk"
        ]


def test_strangers_find_nothing(stranger: TestClient) -> None:
    for path in ("/search.json?q=S-400", "/suggest.json?q=s", "/index.json"):
        assert stranger.get(path, headers={"accept": "*/*"}).status_code == 401
