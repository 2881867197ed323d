"""Countries, systems, organisations, people and allegations at the desk, and the pictures of what is asked of them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.desk.conftest import BROWSER, TOKEN

import rasad
from rasad.analysis.upkeep import support
from rasad.claims import Document
from rasad.pictures import PictureError
from rasad.web.addresses import address as address_of
from rasad.web.app import create_app
from rasad.web.settings import Settings

QUESTIONS = ("market", "supplier", "dependence", "allegations", "alignment", "embargoes")
TEXTS = (
    Document(
        name="one.txt", outlet="Reuters", published="2017-02-01",
        text="Russia delivered 10 T-90 tanks to Kazakhstan in 2016. Kazakhstan cannot repair the S-300. Kazakhstan is a member of the CSTO.",
    ),
    Document(
        name="two.txt", outlet="TASS", published="2017-03-01",
        text="In 2016, Ukraine supplied 5 BTR-4 armoured personnel carriers to Kazakhstan.",
    ),
    Document(
        name="four.txt", outlet="Зеркало", published="2017-05-01",
        text="По словам эксперта Сергея Згурца, Украина поставила Казахстану комплексы С-300.",
    ),
    Document(
        name="three.txt", outlet="BBC", published="2018-01-05",
        text="Human Rights Watch accused Ukraine of corruption in arms deals with Kazakhstan. Ukraine denied the accusation.",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of texts that are counted by hand."""
    path = tmp_path_factory.mktemp("subjects") / "small.db"
    with rasad.open_register(path, create=True) as register:
        register.add(TEXTS)
    return path


@pytest.fixture
def own(small: Path) -> Iterator[TestClient]:
    settings = Settings(register=str(small), token=TOKEN, secret="secret", hosts=("testserver",))
    with TestClient(create_app(settings), headers=BROWSER, follow_redirects=False) as client:
        client.get("/", params={"token": TOKEN})
        yield client


def numbers(page: str) -> dict[str, list[str]]:
    """The rows of the first table of a page: first cell, and the others."""
    rows = re.findall(r"<tr>(.*?)</tr>", page[page.index("<tbody>") : page.index("</tbody>")], re.S)
    cells = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in rows
    ]
    return {first: others for first, *others in cells}


def test_the_states_of_the_register_with_what_they_are_in_it(own: TestClient) -> None:
    found = numbers(own.get("/countries").text)
    assert list(found) == ["Kazakhstan", "Russia", "Ukraine"]
    assert found["Kazakhstan"] == ["3", "", "", ""]
    assert found["Russia"] == ["", "1", "", "EU"]
    assert found["Ukraine"] == ["", "2", "1", "earlier: EU"]
    assert list(numbers(own.get("/countries?order=supplied").text)) == ["Ukraine", "Russia", "Kazakhstan"]
    assert list(numbers(own.get("/countries?embargoed=true").text)) == ["Russia"]


@pytest.mark.parametrize("words", ["kazakh", "KAZ", "Казахстан", "كازاخستان"])
def test_a_state_is_found_by_its_name_in_any_language(own: TestClient, words: str) -> None:
    assert [one["id"] for one in own.get("/countries.json", params={"q": words}).json()["countries"]] == ["country:KAZ"]


def test_a_state_that_is_not_there_is_not_found(own: TestClient) -> None:
    page = own.get("/countries", params={"q": "<b>Mordor"})
    assert page.status_code == 200
    assert "No state of the register is called “&lt;b&gt;Mordor”." in page.text


def test_a_market_as_it_was_counted_by_hand(own: TestClient) -> None:
    found = numbers(own.get("/countries/KAZ/market").text)
    assert found["Ukraine"][:2] == ["2", "67%"]
    assert found["Russia"][:2] == ["1", "33%"]
    assert list(numbers(own.get("/countries/KAZ/market?category=air-defence-systems").text)) == ["Ukraine"]
    table = own.get("/countries/KAZ/market.csv?table=suppliers").text.splitlines()
    assert [line.split(",")[table[0].split(",").index("deal_count")] for line in table[1:]] == ["2", "1"]


def test_from_a_number_to_the_sentences_in_two_clicks(own: TestClient) -> None:
    page = own.get("/countries/KAZ/market").text
    [behind] = re.findall(r'<a class="figure"[^>]* href="(/behind/[^"]+)">2</a>', page)[:1]
    told = own.get(behind.replace("&amp;", "&")).text
    assert "Украина поставила Казахстану комплексы С-300." in told
    assert "Ukraine supplied 5 BTR-4 armoured personnel carriers to Kazakhstan." in told
    assert "10 T-90" not in told
    [alone] = set(re.findall(r'<a class="figure"[^>]* href="(/deals/d-[^"]+)">33%</a>', page))
    assert "Russia delivered 10 T-90 tanks to Kazakhstan in 2016." in own.get(alone).text


def test_a_table_alone_goes_page_by_page(own: TestClient) -> None:
    first, second = (own.get(f"/countries/KAZ/market.json?table=suppliers&limit=1&page={n}").json() for n in (1, 2))
    assert [one["tables"][0]["rows"][0]["supplier"]["name"] for one in (first, second)] == ["Ukraine", "Russia"]
    assert [one["tables"][0]["total"] for one in (first, second)] == [2, 2]
    page = own.get("/countries/KAZ/market?table=suppliers&limit=1&page=2").text
    assert 'rel="prev" href="?table=suppliers&amp;limit=1"' in page
    assert 'rel="next"' not in page


def test_what_the_register_has_nothing_of_is_said_and_no_picture_drawn(own: TestClient) -> None:
    page = own.get("/countries/KAZ/supplier")
    assert page.status_code == 200
    assert "the register has no transfer, service or joint project of Kazakhstan" in page.text
    assert "<img" not in page.text
    assert own.get("/countries/KAZ/supplier.csv").text.strip() == ""


@pytest.mark.parametrize("address", ["/allegations", "/countries/UKR", "/countries/UKR/allegations", "/countries/UKR/deals?frame=allegation&role=accused"])  # fmt: skip
def test_an_accusation_never_stands_alone(own: TestClient, address: str) -> None:
    page = own.get(address).text
    for place in [found.start() for found in re.finditer("corruption", page[page.index("<h1") :])][:1]:
        after = page[page.index("<h1") + place :][:1500]
        assert "alleged" in after
        assert "denied by" in after


def test_what_a_person_said(own: TestClient) -> None:
    page = own.get("/people/zgurets-sergey").text
    assert "По словам эксперта Сергея Згурца, Украина поставила Казахстану комплексы С-300." in page
    told = own.get("/people/zgurets-sergey.json").json()
    assert told["subject"]["said"] == 1
    assert [(one["frame"], one["certainty"], one["year"], one["claims"]) for one in told["sayings"]] == [
        ("transfer", "asserted", 2017, 1)
    ]
    assert "Украина поставила" in own.get("/people/zgurets-sergey/said?frame=transfer&year=2017").text
    assert "Украина поставила" not in own.get("/people/zgurets-sergey/said?certainty=possible").text


def test_a_weapon_with_its_names_deals_and_who_keeps_it_going(own: TestClient) -> None:
    told = own.get("/systems/S-300.json").json()
    assert {(one["text"], one["language"]) for one in told["subject"]["names"]} == {("S-300", "en"), ("С-300", "ru")}
    assert {(one["frame"], one["deals"]) for one in told["subject"]["parts"]} == {("transfer", 1), ("capability", 1)}
    page = own.get("/systems/S-300").text
    assert 'href="/systems/category:air-defence-systems"' in page
    assert "Kazakhstan is not capable of repair: S-300" in page


def test_the_number_of_deals_is_that_of_the_deals_listed(desk: TestClient, register_file: Path) -> None:
    with rasad.open_register(register_file) as register:
        named = [one.id for kind in ("country", "bloc", "org", "person", "system", "class", "category") for one in register.entities(kind=kind, limit=4).entities]  # fmt: skip
    for place in map(address_of, named):
        told = desk.get(f"{place}.json").json()["subject"]["parts"]
        for part in told:
            page = desk.get(f"{place}/deals.json", params={"frame": part["frame"], "role": part["role"]}).json()
            assert page["total"] == part["deals"] == len(page["rows"]), (place, part)
            for row in page["rows"]:
                assert row["frame"] == part["frame"]
        every = desk.get(f"{place}/deals.json").json()
        assert every["total"] == len(every["rows"]) <= sum(part["deals"] for part in told)


def test_an_inference_leads_to_its_grounds(own: TestClient) -> None:
    answer = own.get("/countries/KAZ/dependence")
    page = answer.text
    assert answer.status_code == 200, page
    [ground] = re.findall(r'Kazakhstan has it \(<a href="(/deals/d-[0-9a-f]{8})">', page)[:1]
    assert "BTR-4" in own.get(ground).text


def test_a_merge_shows_on_both_pages(small: Path, tmp_path: Path) -> None:
    path = shutil.copy(small, tmp_path / "merged.db")
    with rasad.open_register(path) as register:
        register.merge("org:human-rights-watch", "org:amnesty-international", reviewer="me")
    settings = Settings(register=str(path), token=TOKEN, secret="secret", hosts=("testserver",))
    with TestClient(create_app(settings), headers=BROWSER, follow_redirects=False) as client:
        client.get("/", params={"token": TOKEN})
        gone = client.get("/organisations/human-rights-watch").text
        assert 'A reviewer said that this is <a href="/organisations/amnesty-international">' in gone
        stays = client.get("/organisations/amnesty-international.json").json()
        assert stays["subject"]["merged"] == ["org:human-rights-watch"]
        assert ("allegation", "accuser", 1) in {(p["frame"], p["role"], p["deals"]) for p in stays["subject"]["parts"]}
        assert [row["frame"] for row in stays["rows"]] == ["allegation"]


def test_a_picture_in_each_form_and_not_sent_twice(own: TestClient) -> None:
    drawn = own.get("/pictures/market/KAZ.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "Who arms Kazakhstan" in drawn.text
    assert own.get("/pictures/market/KAZ.svg", headers={"if-none-match": drawn.headers["etag"]}).status_code == 304
    assert own.get("/pictures/market/KAZ.png").content.startswith(b"\x89PNG")
    assert (
        own.get("/pictures/market/KAZ.json?kind=concentration")
        .json()["$schema"]
        .startswith("https://vega.github.io/schema/vega-lite")
    )
    assert own.get("/pictures/flows.svg").status_code == 200


def test_of_nothing_there_is_no_picture(own: TestClient) -> None:
    for address in ("/pictures/embargoes/KAZ.svg", "/pictures/market/KAZ.svg?kind=pie", "/pictures/market/FRA.svg"):
        assert own.get(address).status_code in (400, 404), address
    assert own.get("/pictures/market/KAZ.gif").status_code == 422


def test_every_picture_on_a_page_can_be_drawn(own: TestClient) -> None:
    seen = set()
    for question in QUESTIONS:
        page = own.get(f"/countries/KAZ/{question}").text
        for place in re.findall(r'(?:src|data-picture)="(/pictures/[^"]+)"', page):
            seen.add(question)
            assert own.get(place.replace("&amp;", "&")).status_code == 200, place
    assert {"market", "dependence", "alignment"} <= seen


def test_bad_addresses_are_told_what_is_wrong(own: TestClient) -> None:
    for address, status, said in (
        ("/countries/XYZ", 404, "XYZ"),
        ("/countries/Kazakstan/market", 404, "Kazakhstan"),
        ("/countries/KAZ/market?category=aircrafts", 400, "aircraft"),
        ("/countries/KAZ/market?from=2020&to=2010", 400, "2020"),
        ("/countries/KAZ/market?from=99999999999999999999", 422, "from"),
        ("/countries/KAZ/market?table=supplier", 400, "suppliers"),
        ("/countries/KAZ/dependence?without=nowhere", 400, "nowhere"),
        ("/countries/KAZ/embargoes?on=yesterday", 400, "2015-06-30"),
        ("/countries/KAZ/deals?frame=transfers", 400, "transfer"),
        ("/countries/KAZ/deals?frame=transfer&role=accused", 400, "supplier"),
        ("/countries/KAZ/deals?role=supplier", 400, "name the frame too"),
        ("/behind/market?who=country:KAZ&table=suppliers&row=99", 404, "there are 2"),
        ("/countries/country:XYZ/market", 404, "country:XYZ"),
        ("/behind/weather?table=x&row=0", 404, "market"),
        ("/behind/market?who=XYZ&table=suppliers&row=0", 404, "XYZ"),
        ("/systems/none", 404, "system:none"),
        ("/people/nobody", 404, "person:nobody"),
        ("/organisations/%3Cscript%3E", 404, "&lt;script&gt;"),
        ("/allegations?offence=treason", 400, "corruption"),
    ):  # fmt: skip
        answer = own.get(address)
        assert answer.status_code == status, address
        assert said in answer.text, address
        assert "<script>" not in answer.text


def test_names_from_outside_are_shown_as_text(tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    text = 'General <script>alert(1)</script> Smith said that Russia supplied 3 S-400 systems "\u202egpj.exe" to Kazakhstan in 2018.'
    with rasad.open_register(path, create=True) as register:
        register.add([Document(name='<img src=x onerror="alert(1)">', text=text, outlet="javascript:alert(1)")])
    settings = Settings(register=str(path), token=TOKEN, secret="secret", hosts=("testserver",))
    with TestClient(create_app(settings), headers=BROWSER, follow_redirects=False) as client:
        client.get("/", params={"token": TOKEN})
        for address in ("/systems/S-400", "/countries/KAZ", "/behind/market?who=country:KAZ&table=suppliers&row=0"):
            page = client.get(address).text
            assert "S-400" in page, address
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "\u202e" not in page
            assert 'href="javascript:' not in page


def test_a_report_to_take_along(own: TestClient) -> None:
    report = own.get("/countries/KAZ/brief.html")
    assert report.headers["content-disposition"] == 'attachment; filename="KAZ-brief.html"'
    assert "Russia delivered 10 T-90 tanks to Kazakhstan in 2016." in report.text
    assert "T-90" in own.get("/countries/KAZ/brief.md").text
    assert own.get("/countries/KAZ/brief.pdf").content.startswith(b"%PDF")
    assert own.get("/countries/KAZ/brief.docx").status_code == 422


def test_what_is_read_once_for_all_answers_alike(examples: Path, small: Path) -> None:
    for path in (examples, small):
        with rasad.open_register(path) as register:
            known = support(register)
            asked: list[dict[str, Any]] = [{"holder": one} for one in ("KAZ", "UKR", "RUS", "IND")]
            asked += [
                {"item": "S-300"},
                {"item": "S-400"},
                {"item": "S-300", "without": "UKR"},
                {"holder": "KAZ", "item": "S-300"},
            ]
            for one in asked:
                assert register.dependence(**one, support=known).tables == register.dependence(**one).tables, one


def test_an_answer_knows_which_of_its_pictures_can_be_drawn(examples: Path, small: Path) -> None:
    trade, drawn = ("shares", "concentration"), set()
    kinds = {"market": trade, "supplier": trade, "dependence": ("diagram",), "flows": ("map", "sources")}
    for path in (examples, small):
        with rasad.open_register(path) as register:
            asked = ("market", "supplier", "dependence", "alignment", "embargoes")
            answers = [getattr(register, name)(state) for name in asked for state in ("KAZ", "UKR", "FRA", "LBY")]
            answers += [register.allegations(accused=state) for state in ("UKR", "FRA")]
            answers += [register.flows(), register.flows(recipient="AND")]
            for answer in answers:
                for kind in kinds.get(answer.KIND, ("timeline",)):
                    if kind in answer.pictures:
                        assert answer.picture(kind).claims > 0
                        drawn.add(kind)
                    else:
                        with pytest.raises(PictureError):
                            answer.picture(kind)
    assert drawn == {"shares", "concentration", "diagram", "map", "sources", "timeline"}


def test_the_pages_say_the_same_on_either_database(own: TestClient, address: str) -> None:
    with rasad.open_register(address, create=True) as register:
        register.add(TEXTS)
    settings = Settings(register=address, token=TOKEN, secret="secret", hosts=("testserver",))
    with TestClient(create_app(settings), headers=BROWSER, follow_redirects=False) as client:
        client.get("/", params={"token": TOKEN})
        same = [
            "/countries",
            "/countries/KAZ",
            "/systems/S-300",
            "/systems/category:armoured-vehicles",
            "/people/zgurets-sergey",
        ]
        same += [
            "/people/zgurets-sergey/said",
            "/organisations/bloc:CSTO",
            "/countries/KAZ/deals",
            "/systems/BTR-4/deals",
        ]
        same += [
            "/behind/market?who=country:KAZ&table=suppliers&row=0",
            *(f"/countries/KAZ/{question}" for question in QUESTIONS[:3]),
        ]
        for place in same:
            path, _, query = place.partition("?")
            assert client.get(f"{path}.json?{query}").json() == own.get(f"{path}.json?{query}").json(), place
        with rasad.open_register(address) as register:
            register.merge("org:human-rights-watch", "org:amnesty-international", reviewer="me")
        merged = client.get("/organisations/amnesty-international.json").json()
        assert [part["deals"] for part in merged["subject"]["parts"]] == [1]
