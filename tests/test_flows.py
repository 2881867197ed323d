"""Who arms whom: flows counted by hand, on the map and as bars."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from told import said, store

from rasad.analysis import flows
from rasad.analysis.transfers import Flows
from rasad.pictures import PictureError
from rasad.register import FilterError, open_register


def sale(words: str, supplier: str | None, recipient: str, item: str, year: int, stage: str = "ordered", **more: Any):
    roles = {
        "supplier": supplier and f"country:{supplier}",
        "recipient": f"country:{recipient}",
        "item": f"system:{item}",
    }
    return said(words, **roles, year=year, stage=stage, **more)


SALES = (
    sale("Moscow hands over five S-300PS.", "RUS", "KAZ", "S-300PS", 2014, quantity=5, outlet="Harbour Review"),
    sale("Kazakh gunners now man ten of the S-300PS batteries.", "RUS", "KAZ", "S-300PS", 2014, quantity=10, outlet="Evening Post"),
    sale("The Kazakh air force bought the Su-30SM in Irkutsk.", "RUS", "KAZ", "Su-30SM", 2015),
    sale("Rafale jets go to Cairo.", "FRA", "EGY", "Rafale", 2015, "delivered"),
    sale("Ankara may yet sell its Bayraktar TB2.", "TUR", "KAZ", "Bayraktar TB2", 2018, "proposed"),
    sale("Kyiv never sold a T-72 to Astana.", "UKR", "KAZ", "T-72", 2016, "delivered", polarity="negative"),
    sale("Somebody sold Cairo the S-400.", None, "EGY", "S-400", 2017),
    said("Rosoboronexport armed Hezbollah with the Kornet.", supplier="org:rosoboronexport", recipient="org:hezbollah",
         item="system:Kornet", year=2006, stage="delivered"),
)  # fmt: skip


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory):
    with open_register(tmp_path_factory.mktemp("register") / "rasad.db", create=True) as opened:
        store(opened, SALES)
        yield opened


def rasad(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rasad.cli", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "120"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)


def counted(answer: Flows) -> dict[tuple[str, str], tuple[int, float]]:
    return {(row.supplier.id, row.recipient.id): (row.transfers, row.share) for row in answer.tables["flows"]}


def test_a_flow_counts_what_was_ordered_or_delivered_and_nothing_that_was_offered_or_denied(register) -> None:
    answer = flows(register)
    assert counted(answer) == {
        ("country:RUS", "country:KAZ"): (2, 0.5),
        ("country:FRA", "country:EGY"): (1, 0.25),
        ("country:RUS", "org:hezbollah"): (1, 0.25),
    }
    biggest = answer.tables["flows"][0]
    assert (biggest.first_year, biggest.last_year, biggest.disputed) == (2014, 2015, 1)  # five or ten S-300PS
    assert biggest.categories == ("air-defence-systems", "aircraft")
    assert answer.notes == (
        "Counted are 4 of 7 transfers: those ordered, being delivered or delivered whose supplier and recipient are known. What is "
        "only proposed, refused, cancelled or denied is not.",
        "3 of them are from one state to another, and on the map.",
    )


def test_every_row_leads_back_to_its_sentences(register) -> None:
    answer = flows(register)
    biggest = answer.tables["flows"][0]
    assert {shown.claim.evidence.quote for shown in answer.claims(biggest)} == {
        claim.evidence.quote for _, claim in SALES[:3]
    }


def test_a_stage_that_is_asked_for_is_counted(register) -> None:
    assert counted(flows(register, stage="proposed")) == {("country:TUR", "country:KAZ"): (1, 1.0)}


def test_filters_narrow_the_flows(register) -> None:
    assert set(counted(flows(register, supplier="France"))) == {("country:FRA", "country:EGY")}
    assert counted(flows(register, category="aircraft", recipient="KAZ")) == {("country:RUS", "country:KAZ"): (1, 1.0)}
    assert counted(flows(register, year_from=2016)) == {}


def test_how_many_sources_a_transfer_has(register) -> None:
    rows = flows(register).tables["sources per deal"]
    assert [(row.sources, row.transfers, row.share, row.disputed) for row in rows] == [(1, 3, 0.75, 0), (2, 1, 0.25, 1)]


def test_the_map_draws_a_line_for_each_flow_between_states(register) -> None:
    picture = flows(register).picture()
    lines = picture.spec["layer"][1]["data"]["values"]
    assert [(one["properties"]["by"], one["properties"]["transfers"]) for one in lines] == [
        ("Russia", 2),
        ("France", 1),
    ]
    assert picture.claims == 4
    assert picture.spec["title"]["text"] == "Who arms whom"
    assert picture.spec["title"]["subtitle"].startswith("2 flows between states; lines run")
    svg = picture.svg()
    for name in ("Russia", "Kazakhstan", "France", "Egypt", "4 claims behind it"):
        assert name in svg


def test_the_bars_add_up(register) -> None:
    picture = flows(register, recipient="KAZ").picture("sources")
    bars = picture.spec["data"]["values"]
    assert [(bar["sources"], bar["kind"], bar["transfers"]) for bar in bars if bar["transfers"]] == [
        ("1", "sources do not disagree", 1), ("2", "sources disagree", 1),
    ]  # fmt: skip
    assert "50%" in picture.svg()


def test_no_picture_of_nothing(register) -> None:
    with pytest.raises(PictureError, match="nothing to draw; no transfer between two states"):
        flows(register, year_from=2030).picture()
    with pytest.raises(PictureError, match="nothing to draw"):
        flows(register, recipient="org:hezbollah").picture("map")
    with pytest.raises(PictureError, match="nothing to draw"):
        flows(register, year_from=2030).picture("sources")
    with pytest.raises(PictureError, match="no picture 'globe'; there are map, sources"):
        flows(register).picture("globe")


def test_tables_have_their_columns_even_without_rows(register) -> None:
    frame = flows(register, year_from=2030).to_polars()
    assert frame.height == 0
    assert {"supplier", "supplier_id", "recipient_id", "transfers", "categories"} <= set(frame.columns)
    assert flows(register).to_polars()["supplier_id"].to_list() == ["country:RUS", "country:FRA", "country:RUS"]


def test_the_command(register, tmp_path: Path) -> None:
    own = register.engine.url.database
    told = rasad("flows", "-r", own, "--format", "json", folder=tmp_path)
    assert told.returncode == 0
    assert json.loads(told.stdout)["flows"][0]["supplier"] == {"id": "country:RUS", "name": "Russia"}
    assert "Kazakhstan" in rasad("flows", "-r", own, folder=tmp_path).stdout
    assert rasad("flows", "-r", own, "-o", "map.png", folder=tmp_path).returncode == 0
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--recipient", "Kazahkstan"], "did you mean Kazakhstan"),
        (["--category", "aircraf"], "did you mean aircraft"),
        (["--stage", "orderd"], "did you mean ordered"),
        (["--year", "soon"], "neither a year"),
        (["-o", "map.gif"], "is written as .svg, .png, .json"),
        (["-o", "no/map.svg"], "cannot be written: No such file or directory"),
        (["--table", "ships", "-f", "csv"], "there is no table 'ships'"),
    ],
)
def test_what_means_nothing_is_told(register, tmp_path: Path, arguments: list[str], message: str) -> None:
    run = rasad("flows", "-r", register.engine.url.database, *arguments, folder=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_register_without_claims(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as empty:
        assert flows(empty).tables == {"flows": (), "sources per deal": ()}
        with pytest.raises(PictureError, match="nothing to draw"):
            flows(empty).picture()
        with pytest.raises(FilterError):
            flows(empty, recipient="Kazahkstan")
