"""`rasad alignment`: memberships, moves, their yearly index and positions; every number is worked out by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from said import claim, report

from rasad import Document
from rasad.analysis import alignment
from rasad.claims import Claim
from rasad.pictures import PictureError
from rasad.register import Register, open_register

NATO, EU, CSTO = "bloc:NATO", "bloc:EU", "bloc:CSTO"
RUSSIA, UKRAINE = "country:RUS", "country:UKR"


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


def move(toward: str | None = None, away_from: str | None = None, **said: Any) -> Claim:
    poles = {name: pole for name, pole in (("toward", toward), ("away_from", away_from)) if pole}
    return claim("alignment", actor=UKRAINE, **poles, **said)


def belongs(organisation: str, standing: str | None, **said: Any) -> Claim:
    return claim("membership", member=UKRAINE, organisation=organisation, standing=standing, **said)


def index(register: Register, **asked: Any) -> dict[tuple[str, int], tuple[float, float, float, int]]:
    rows: Any = alignment(register, "UKR", **asked).table("index")
    return {(row.pole.id, row.year): (row.index, row.toward, row.away, row.votes) for row in rows}


def rasad(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-m", "rasad.cli", "alignment", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)


# ── the index ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_index_is_votes_toward_less_votes_away_by_all_votes(register: Register) -> None:
    register.store([
        report("2014-01-01", move(NATO)), report("2014-02-01", move(NATO, certainty="possible")),
        report("2014-03-01", move(None, NATO)), report("2015-01-01", move(NATO, certainty="probable")),
    ])  # fmt: skip
    assert index(register) == {(NATO, 2014): ((1 + 0.25 - 1) / 3, 1.25, 1, 3), (NATO, 2015): (0.5, 0.5, 0, 1)}


def test_a_source_has_one_vote_a_year_and_direction_where_it_is_surest(register: Register) -> None:
    wire = "The government said that it would draw closer to the alliance, and that its neighbour in the east had no say in it at all."
    register.store([
        report("2014-01-01", move(NATO, certainty="possible"), move(NATO, RUSSIA), text=wire, outlet="Morning"),
        report("2014-01-02", move(NATO, certainty="probable"), text=wire + " Updated.", outlet="Evening"),
        report("2014-05-01", move(NATO), move(None, NATO)),
    ])  # fmt: skip
    assert index(register) == {(NATO, 2014): ((1 + 1 - 1) / 3, 2, 1, 3), (RUSSIA, 2014): (-1, 0, 1, 1)}


def test_the_year_is_that_of_which_a_claim_tells_else_that_of_its_report(register: Register) -> None:
    register.store([report("2014", move(EU, year=2009), move(RUSSIA)), report(None, move(EU))])
    assert index(register) == {(EU, 2009): (1, 1, 0, 1), (RUSSIA, 2014): (1, 1, 0, 1)}
    answer = alignment(register, "UKR")
    assert answer.notes[1] == "1 of 3 claims of moves have no year and are not in the index"
    assert [(row.pole.id, row.years, row.sources) for row in answer.table("moves")] == [
        (EU, (2009,), 2),
        (RUSSIA, (2014,), 1),
    ]
    assert index(register, year_from=2010) == {(RUSSIA, 2014): (1, 1, 0, 1)}


def test_what_is_denied_has_no_vote_and_stands_beside_what_it_denies(register: Register) -> None:
    register.store([
        report("2014-01-01", move(NATO, by="person:an-expert", certainty="probable")),
        report("2014-02-01", move(NATO, by="person:the-envoy", polarity="negative")),
        report("2014-03-01", move(CSTO, polarity="negative")),
    ])  # fmt: skip
    assert index(register) == {(NATO, 2014): (0.5, 0.5, 0, 1)}
    answer = alignment(register, "UKR")
    (row,) = answer.table("moves")
    assert (row.certainty, [s.name for s in row.speaker], [s.name for s in row.denied_by]) == (
        "probable",
        ["An Expert"],
        ["The Envoy"],
    )
    assert (row.reports, row.sources, row.first, row.last) == (1, 1, "2014-01-01", "2014-01-01")
    assert answer.notes[1].startswith("1 that sources only deny are not counted: r-")


def test_the_moves_of_others_are_not_its_own(register: Register) -> None:
    register.store(
        [
            report(
                "2014",
                claim("alignment", actor="country:KAZ", toward=UKRAINE),
                claim("alignment", toward=RUSSIA, away_from=NATO),
            )
        ]
    )
    assert alignment(register, "UKR").tables == {"moves": (), "index": (), "memberships": (), "positions": ()}
    (row,) = alignment(register, "KAZ").table("moves")
    assert (row.direction, row.pole.name) == ("toward", "Ukraine")


# ── where it stands, and what is wanted ────────────────────────────────────────────────────────────────────────────────────


def test_each_standing_in_an_organisation_has_its_years_certainty_and_speakers(register: Register) -> None:
    register.store([
        report("2019", belongs(EU, "candidate", certainty="possible", by="anonymous:experts")),
        report("2022-06-23", belongs(EU, "candidate", year=2022), belongs("bloc:CIS", "member", year=1991)),
        report("2023", belongs("bloc:CIS", "former", year=2018), belongs(NATO, "member", polarity="negative")),
    ])  # fmt: skip
    rows = {
        (row.organisation.id, row.standing): (row.years, row.certainty, row.sources, [s.name for s in row.speaker])
        for row in alignment(register, "Ukraine").table("memberships")
    }
    assert rows == {
        (EU, "candidate"): ((2019, 2022), "asserted", 2, ["unnamed experts", "the report itself"]),
        ("bloc:CIS", "member"): ((1991,), "asserted", 1, ["the report itself"]),
        ("bloc:CIS", "former"): ((2018,), "asserted", 1, ["the report itself"]),
    }


def test_positions_are_its_own_those_of_its_people_and_those_that_concern_it(register: Register) -> None:
    s300 = "system:S-300"
    register.store([
        report("2014-01-01", claim("position", holder=UKRAINE, stance=["calls-for"], item=s300, words="Kyiv asks for S-300.")),
        report("2014-02-01", claim("position", holder="org:kyiv-guild@UKR", stance=["opposes"], by="org:kyiv-guild")),
        report("2014-03-01", claim("position", holder=RUSSIA, stance=["warns", "opposes"], party=f"{UKRAINE} {NATO}", certainty="probable")),
        report("2014-04-01", claim("position", holder=RUSSIA, stance=["supports"], party="country:KAZ")),
    ])  # fmt: skip
    rows = {row.holder.id: row for row in alignment(register, "UKR").table("positions")}
    assert set(rows) == {UKRAINE, "org:kyiv-guild", RUSSIA}
    own, other = rows[UKRAINE], rows[RUSSIA]
    assert (own.stance, [one.id for one in own.item], own.words) == (("calls-for",), [s300], "Kyiv asks for S-300.")
    assert (sorted(other.stance), sorted(one.id for one in other.party)) == (["opposes", "warns"], [NATO, UKRAINE])
    assert (other.certainty, other.years) == ("probable", (2014,))


def test_a_row_leads_back_to_its_sentences(register: Register) -> None:
    register.store(
        [report("2014", move(NATO, words="It will join.")), report("2015", move(EU, words="It will trade."))]
    )
    answer = alignment(register, "UKR")
    (row,) = (row for row in answer.table("index") if row.pole.id == NATO)
    assert [shown.claim.evidence.quote for shown in answer.claims(row)] == ["It will join."]


def test_a_report_that_was_read_gives_memberships_moves_and_positions(register: Register) -> None:
    text = (
        "Turkey is a member of NATO. Analysts say that the S-400 deal brings Turkey closer to Russia and away from NATO. Turkey "
        "opposes the decision of the United States."
    )
    register.add([Document(name="report.txt", text=text, published="2019-07-20")])
    answer = alignment(register, "Туреччина")
    assert [(row.direction, row.pole.name, row.speaker[0].name) for row in answer.table("moves")] == [
        ("toward", "Russia", "unnamed analysts"), ("away from", "NATO", "unnamed analysts"),
    ]  # fmt: skip
    assert [(row.pole.name, row.year, row.index) for row in answer.table("index")] == [
        ("NATO", 2019, -1),
        ("Russia", 2019, 1),
    ]
    assert [(row.organisation.name, row.standing, row.first) for row in answer.table("memberships")] == [
        ("NATO", "member", "2019-07-20")
    ]
    assert [row.words for row in answer.table("positions")] == ["Turkey opposes the decision of the United States."]


# ── the picture, the formats ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_register(tmp_path / "rasad.db", create=True) as register:
        register.store([
            report("2014", move(NATO), move(None, RUSSIA, certainty="possible")),
            report("2022", belongs(EU, "candidate", certainty="probable")),
            report(None, claim("membership", member="country:EGY", organisation="bloc:AU", standing="member")),
        ])  # fmt: skip
    return tmp_path


def test_the_picture_tells_its_definition_its_numbers_and_its_claims(folder: Path) -> None:
    with open_register(folder / "rasad.db") as register:
        picture = alignment(register, "UKR").picture()
        assert picture.claims == 3
        said = picture.spec["title"]["subtitle"]
        assert said[0] == "3 claims behind it"
        assert " ".join(said[1:]).startswith("Index: votes toward minus votes away, divided by all votes")
        belonging, moving = picture.spec["vconcat"]
        drawn = picture.svg()
    assert belonging["data"]["values"] == [
        {"organisation": "European Union", "year": 2022, "standing": "candidate, probable"}
    ]
    assert [(row["pole"], row["year"], row["index"], row["votes"]) for row in moving["data"]["values"]] == [
        ("NATO", 2014, 1, 1), ("Russia", 2014, -0.25, 1),
    ]  # fmt: skip
    for words in ("candidate, probable", "NATO", "Russia", "away from"):
        assert words in drawn


def test_every_format_gives_the_same_numbers(folder: Path) -> None:
    whole = json.loads(rasad("UKR", "--format", "json", folder=folder).stdout)
    lines = rasad("UKR", "--format", "jsonl", "--table", "index", folder=folder).stdout.splitlines()
    cells = rasad("UKR", "--format", "csv", "--table", "index", folder=folder).stdout.splitlines()
    assert [row["index"] for row in whole["index"]] == [json.loads(line)["index"] for line in lines] == [1, -0.25]
    assert (
        cells[1].startswith("NATO,bloc:NATO,2014,1.0,1.0,0.0,1,r-") or "NATO,bloc:NATO,2014,1.0,1.0,0.0,1" in cells[1]
    )
    assert "candidate" in rasad("UKR", folder=folder).stdout


# ── bad input ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Kazahstan"], "rasad: alignment: nothing in the register or the gazetteer is called 'Kazahstan'; did you mean Kazakhstan?"),
        (["S-300"], "rasad: alignment: 'S-300' is neither a state nor a bloc, but system:S-300"),
        (["UKR", "--year", "x"], "rasad: --year: 'x' is neither a year, as 2018, nor years, as 2015-2018"),
        (["UKR", "-o", "none/a.png"], "rasad: none/a.png: cannot be written: No such file or directory"),
        (["UKR", "--table", "moved"], "rasad: alignment: there is no table 'moved'; there are moves, index, memberships, positions"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_one_line(folder: Path, arguments: list[str], message: str) -> None:
    ran = rasad(*arguments, folder=folder)
    assert (ran.returncode, ran.stderr.strip()) == (2, message)


def test_a_period_without_data_and_a_register_without_claims_say_so(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as register:
        assert alignment(register, "UKR").notes == (
            "the register has no claims yet; `rasad add PATH…` reads reports into it",
        )
        register.store([report("2014", move(NATO))])
        assert alignment(register, "UKR", year_to=2000).notes == (
            "the register has moves, memberships or positions of Ukraine, but none of these years; its first are of 2014, its last of 2014",
        )
        assert alignment(register, "EGY").notes == ("the register has no moves, memberships or positions of Egypt",)
        with pytest.raises(PictureError, match="nothing to draw"):
            alignment(register, "EGY").picture()
