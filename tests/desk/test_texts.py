"""The pages of a text and of a claim."""

import re
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.desk.test_add import SIPRI

import rasad
from rasad.claims import Document, Evidence
from rasad.exchange.imports import import_sipri
from rasad.register.texts import PART, cuts
from rasad.web.marking import Mark, Span, paragraphs

SEED = (
    "Ukraine recently supplied Kazakhstan with S-300 systems, said Serhiy Zgurets, head of military programmes at the Center for "
    "Army, Conversion and Disarmament Studies.\n\nRussia has no plants able to overhaul the S-300 systems.\n"
)


def shown_text(page: str) -> str:
    """The text as a reader sees it: what stands in the paragraphs of the page, without marks."""
    inside = page.partition("data-text>")[2].partition("<aside")[0]
    found = re.findall(r"<p dir=\"[a-z]+\">(.*?)</p>", inside, re.S)
    return "\n\n".join(unescape(re.sub(r"<[^>]*>", "", paragraph)) for paragraph in found)


@pytest.fixture
def added(register_file: Path) -> Path:
    """The register with one text more."""
    with rasad.open_register(register_file) as register:
        register.add(
            [Document(name="seed.txt", text=SEED, language="en", outlet="Example Post", published="2018-10-05")]
        )
    return register_file


def document_of(register_file: Path, name: str) -> tuple[str, list[rasad.Claim]]:
    with rasad.open_register(register_file) as register:
        identifier = next(row.document for row in register.search(name, kind="document", limit=50))
        text = register.text(identifier)
        assert text is not None
        return identifier, [one.claim for one in text.claims]


@pytest.fixture
def seed(added: Path) -> tuple[str, list[rasad.Claim]]:
    return document_of(added, "Zgurets")


def test_the_text_stands_as_it_is_with_each_claim_marked_where_it_stands(
    desk: TestClient, seed: tuple[str, list[rasad.Claim]]
) -> None:
    identifier, claims = seed
    page = desk.get(f"/documents/{identifier}").text
    assert shown_text(page) == SEED.strip()
    assert {claim.frame for claim in claims} >= {"transfer", "capability"}
    for claim in claims:
        assert f'id="{claim.id}" href="?claim={claim.id}#{claim.id}"' in page
    assert "Example Post" in page
    assert "Oct 5, 2018" in page


def test_a_click_shows_roles_words_speaker_and_why(desk: TestClient, seed: tuple[str, list[rasad.Claim]]) -> None:
    identifier, claims = seed
    claim = next(claim for claim in claims if claim.frame == "transfer")
    page = desk.get(f"/documents/{identifier}", params={"claim": claim.id}).text
    panel = page.partition("<aside")[2].partition("</aside>")[0]
    assert '<a href="/countries/UKR" dir="auto">Ukraine</a>' in panel
    assert "Sergey Zgurets" in panel
    assert '<q lang="en" dir="auto">supplied Kazakhstan with</q> <small' in panel
    assert re.search(r'<mark class="role"[^>]*data-as="supplier">Ukraine</mark>', page)
    assert shown_text(page) == SEED.strip()


def test_what_is_said_not_to_be_says_so(desk: TestClient, seed: tuple[str, list[rasad.Claim]]) -> None:
    identifier, claims = seed
    claim = next(claim for claim in claims if claim.frame == "capability")
    page = desk.get(f"/documents/{identifier}", params={"claim": claim.id}).text
    assert '<span class="chip against">says no</span>' in page.partition("<aside")[2]


def test_a_claim_leads_into_its_text_and_to_its_deals(desk: TestClient, seed: tuple[str, list[rasad.Claim]]) -> None:
    identifier, claims = seed
    claim = next(claim for claim in claims if claim.frame == "transfer")
    page = desk.get(f"/claims/{claim.id}").text
    assert f'href="/documents/{identifier}?claim={claim.id}#{claim.id}"' in page
    assert re.search(r'href="/deals/d-[0-9a-f]+"', page)
    told = desk.get(f"/claims/{claim.id}.json").json()
    assert told["shown"]["claim"]["evidence"]["quote"] in SEED
    assert told["why"]["explanation"]["triggers"][0]["text"] == "supplied Kazakhstan with"


def test_an_accusation_stands_with_what_came_of_it(desk: TestClient, register_file: Path) -> None:
    with rasad.open_register(register_file) as register:
        relation = register.relations(frame="allegation", limit=1)[0]["deal"]
        opened = register.deal(relation)
        assert opened is not None
        held = opened.claims[0]
    page = desk.get(f"/documents/{held.document}", params={"claim": held.claim.id}).text
    listed = page.partition('class="rows claims"')[2]
    assert page.partition("<aside")[2].partition("</aside>")[0].count('class="standing"') >= 1
    accusations = desk.get(f"/documents/{held.document}.json").json()["text"]["claims"]
    assert listed.count('class="standing"') >= sum(one["claim"]["frame"] == "allegation" for one in accusations)


@pytest.mark.parametrize("address", ["/documents/doc-0000000000000000", "/claims/c-0000000000000000", "/documents/x"])
def test_what_is_not_there_is_named(desk: TestClient, address: str) -> None:
    answer = desk.get(address)
    assert answer.status_code == 404
    assert address.rpartition("/")[2] in answer.text


def test_a_claim_of_another_text_and_a_part_too_many_are_refused(
    desk: TestClient, seed: tuple[str, list[rasad.Claim]]
) -> None:
    identifier, _ = seed
    assert desk.get(f"/documents/{identifier}?claim=c-1").status_code == 404
    answer = desk.get(f"/documents/{identifier}?part=7")
    assert (answer.status_code, "this text has 1" in answer.text) == (400, True)
    assert desk.get(f"/documents/{identifier}?part=x").status_code == 422


def test_hostile_text_is_shown_and_does_nothing(desk: TestClient, register_file: Path) -> None:
    hostile = (
        'Russia delivered S-400 systems to India in 2021. <script>alert(1)</script> \u202egnp.exe\u202c "onload=x\n'
    )
    with rasad.open_register(register_file) as register:
        register.add(
            [
                Document(
                    name="<b>x</b>", text=hostile, language="en", outlet='"><img src=x>', address="javascript:alert(1)"
                )
            ]
        )
    identifier, _ = document_of(register_file, "gnp")
    page = desk.get(f"/documents/{identifier}").text
    main = page.partition("<main")[2]
    assert "<script>alert" not in page
    assert "<img" not in main
    assert "<b>x" not in main
    assert 'href="javascript:' not in page
    assert "\u202e" not in page
    assert "<script>alert(1)</script>" in shown_text(page)


def test_a_long_text_comes_in_parts_around_the_claim(desk: TestClient, register_file: Path) -> None:
    filler = "The weather was fine and nothing happened anywhere that day. " * 20 + "\n"
    text = filler * 200 + "Russia delivered S-400 systems to India in 2021.\n" + "x" * 1_000_000
    with rasad.open_register(register_file) as register:
        register.add([Document(name="long.txt", text=text, language="en")])
    identifier, _ = document_of(register_file, "weather")
    first = desk.get(f"/documents/{identifier}.json").json()
    assert first["text"]["length"] == len(text)
    with rasad.open_register(register_file) as register:
        document = register.document(identifier)
    assert document is not None
    claim = document.claims[0].claim
    page = desk.get(f"/documents/{identifier}", params={"claim": claim.id})
    assert claim.evidence.quote in shown_text(page.text)
    assert len(page.content) < 20 * PART
    assert 'rel="next" href="?part=' in page.text


def test_a_long_text_is_read_again_when_it_is_asked_to(desk: TestClient, register_file: Path) -> None:
    text = "The weather was fine. " * 500 + "\nRussia delivered S-400 systems to India in 2021.\n"
    with rasad.open_register(register_file) as register:
        register.add([Document(name="long.txt", text=text, language="en")])
    identifier, _ = document_of(register_file, "weather")
    claim = desk.get(f"/documents/{identifier}.json").json()["text"]["claims"][0]["claim"]["id"]
    for address in (f"/documents/{identifier}?claim={claim}", f"/claims/{claim}?x=1"):
        page = desk.get(address).text
        link = unescape(re.search(r'href="(\?[^"]*why=true)[^"]*"', page)[1])
        assert "delivered</q> <small" not in page
        assert "delivered</q> <small" in desk.get(address.partition("?")[0] + link).text


def test_a_line_of_a_table_was_not_read(desk: TestClient, register_file: Path, tmp_path: Path) -> None:
    table = tmp_path / "sipri.csv"
    table.write_text(SIPRI, "utf-8")
    with rasad.open_register(register_file) as register:
        import_sipri(register, table)
        deal = register.deal(register.deals(recipient="Kazakhstan", supplier="Russia", item="Su-30MK")[0]["deal"])
    assert deal is not None
    held = deal.claims[0]
    page = desk.get(f"/documents/{held.document}", params={"claim": held.claim.id}).text
    assert "It is a line of a table" in page
    assert "Kazakhstan Russia 2015" in " ".join(shown_text(page).split())


def test_parts_are_the_whole_text() -> None:
    text = ("word " * 2000 + "\n") * 5 + "x" * 50_000
    starts = [*cuts(text), len(text)]
    assert "".join(text[a:b] for a, b in pairwise(starts)) == text
    assert all(b - a <= PART for a, b in pairwise(starts))
    assert text[starts[1] - 1] == "\n"


def claim_at(number: int, start: int, end: int) -> rasad.Claim:
    return rasad.Claim(
        id=f"c-{number}", document="x", language="en", frame="transfer", roles={}, stage=None, certainty="asserted", polarity="positive",
        quantity=None, value=None, year=None, time=None, attribution=[], evidence=Evidence(start, end, ""), confidence=0.5,
    )  # fmt: skip


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=8)


@given(text=st.text("aб ا\n1", max_size=80), claimed=SPANS, marked=SPANS, start=st.integers(0, 20))
def test_cutting_a_text_loses_and_moves_nothing(
    text: str, claimed: list[tuple[int, int]], marked: list[tuple[int, int]], start: int
) -> None:
    claims = [claim_at(n, at, at + length) for n, (at, length) in enumerate(claimed)]
    marks = [Span(at, at + length, Mark("role", str(n))) for n, (at, length) in enumerate(marked)]
    found = paragraphs(text, start, False, claims, marks)
    assert ["".join(p.text for r in one.runs for p in r.pieces) for one in found] == [
        line for line in text.split("\n") if line.strip()
    ]
    for one in found:
        at = one.start
        for run in one.runs:
            end = at + sum(len(piece.text) for piece in run.pieces)
            rests = {c.id for c in claims if c.evidence.start < end and c.evidence.end > at}
            assert set(run.claims) == rests
            assert {c.id for c in claims if c.evidence.start == at} <= set(run.begins) <= rests
            for piece in run.pieces:
                own = {mark.of for mark in marks if mark.start < at + len(piece.text) and mark.end > at}
                assert set(piece.marks) == own
                at += len(piece.text)


def test_paragraphs_have_the_direction_of_their_letters() -> None:
    text = "S-300 منظومة دفاع جوي روسية\nReuters reported it from Astana (أستانا).\n123\n"
    assert [p.direction for p in paragraphs(text, 0, True, [])] == ["rtl", "ltr", "rtl"]
