"""A register in the formats of other programs, each read back by a program that reads it."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sqlite3
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import networkx
import polars
import pytest
from datasette.app import Datasette
from followthemoney import model
from told import said, store

from rasad.claims import Money
from rasad.exchange.exports import MODULES, WHOLE, export
from rasad.exchange.flows import places
from rasad.exchange.geojson import course
from rasad.exchange.output import OutputError, replacing
from rasad.gazetteer import entities
from rasad.register import FilterError, Filters, Register, open_register

ORDER = "Russia agreed to hand five S-300PS launchers to Kazakhstan, said Serhiy Zgurets in Kyiv."
ARRIVAL = "All of the S-300PS had reached the Kazakh army by the end of 2015."
OFFER = "Ankara is ready to offer Astana its Bayraktar TB2 drones."
NOT_SO = "No T-72 tank was ever shipped from Ukraine to Kazakhstan."
REPAIR = "Antonov overhauls the An-26 aircraft of Kazakhstan for 2.5 million dollars."
TOGETHER = "Kazakhstan, Turkey and South Korea build the K9 together."
ACCUSED = "Moscow accused Kyiv of smuggling the S-300 to Georgia. Kyiv denies everything."
MEMBER = "Kazakhstan belongs to the CSTO."
CANNOT = "Kazakhstan has no plants that could overhaul the S-300."
ALONE = "The opposition warns."
CLAIMS = (
    said(ORDER, supplier="country:RUS", recipient="country:KAZ", item="system:S-300PS", stage="ordered", quantity=5, year=2014,
         outlet="Harbour Review", published="2014-06-02", by=("person:zgurets-sergey",)),
    said(ARRIVAL, supplier="country:RUS", recipient="country:KAZ", item="system:S-300PS", stage="delivered", quantity=5, year=2015,
         outlet="Evening Post", published="2016-01-09"),
    said(OFFER, supplier="country:TUR", recipient="country:KAZ", item="system:Bayraktar TB2", stage="proposed", certainty="possible"),
    said(NOT_SO, supplier="country:UKR", recipient="country:KAZ", item="system:T-72", stage="delivered", polarity="negative"),
    said(REPAIR, "service", provider="country:UKR", client="country:KAZ", item="system:An-26", activity=["repair"], stage="agreed",
         value=Money(2_500_000, "USD"), certainty="probable", year=2018),
    said(TOGETHER, "joint_project", party="country:KAZ, country:TUR, country:KOR", item="system:K9", stage="agreed"),
    said(ACCUSED, "allegation", accused="country:UKR", accuser="country:RUS", counterpart="country:GEO", item="system:S-300",
         offence=["illicit-transfer"], finding="alleged"),
    said(ACCUSED, "allegation", accused="country:UKR", accuser="country:RUS", offence=["illicit-transfer"], polarity="negative",
         by=("country:UKR",)),
    said(MEMBER, "membership", member="country:KAZ", organisation="bloc:CSTO", standing="member"),
    said(CANNOT, "capability", holder="country:KAZ", item="system:S-300", activity=["repair"], polarity="negative"),
    said(ALONE, "position", holder="anonymous:opposition", stance=["warns"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory):
    with open_register(tmp_path_factory.mktemp("register") / "rasad.db", create=True) as opened:
        store(opened, CLAIMS)
        yield opened


def rasad(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "rasad.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, env={**os.environ, "COLUMNS": "100"})


def kept(register: Register) -> str:
    return str(register.engine.url.database)


def entities_of(path: Path) -> dict[str, dict[str, Any]]:
    """The FollowTheMoney entities of a file by id, each valid, none twice, no link without its end."""
    found: dict[str, dict[str, Any]] = {}
    for line in path.read_text("utf-8").splitlines():
        entity = json.loads(line)
        assert entity["id"] not in found
        found[entity["id"]] = entity
    for entity in found.values():
        schema = model.get(entity["schema"])
        schema.validate(entity)
        assert set(schema.required) <= set(entity["properties"])
        for name, values in entity["properties"].items():
            for value in values:
                assert schema.get(name).type.clean(value) == value, (entity["id"], name, value)
                if schema.get(name).range:
                    assert model.get(found[value]["schema"]).is_a(schema.get(name).range)
    return found


def test_json_lines_have_every_deal_with_its_sentences(register: Register, tmp_path: Path) -> None:
    assert export(register, "jsonl", tmp_path / "all.jsonl") == (register.counted(Filters()), 0)
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    (s300,) = [
        line for line in lines if line["frame"] == "transfer" and line["roles"]["supplier"][0]["id"] == "country:RUS"
    ]
    assert s300["sentence"] == "Russia → Kazakhstan: 5 × S-300PS · 2014"
    assert (s300["number_ordered"], s300["last_delivery"], s300["sources"]) == (5, 2015, 2)
    assert {told["claim"]["evidence"]["quote"] for told in s300["evidence"]} == {ORDER, ARRIVAL}
    outlets = {told["publications"][0]["outlet"] for told in s300["evidence"]}
    assert outlets == {"Harbour Review", "Evening Post"}


def test_parquet_is_read_by_polars(register: Register, tmp_path: Path) -> None:
    written, _ = export(register, "parquet", tmp_path / "all.parquet")
    frame = polars.read_parquet(tmp_path / "all.parquet")
    assert frame.height == written == register.counted(Filters())
    quotations = frame.explode("evidence").select(polars.col("evidence").struct.field("quote")).to_series()
    assert set(quotations) == {claim.evidence.quote for _, claim in CLAIMS}
    repair = frame.row(by_predicate=polars.col("frame") == "service", named=True)
    assert (repair["value"], repair["currency"], repair["estimates"]) == (2_500_000, "USD", ["value", "year_of_order"])
    assert repair["attributes"] == [{"name": "activity", "value": "repair"}]
    tank = frame.filter(polars.col("sentence").str.contains("T-72")).row(0, named=True)
    assert tank["polarity"] == "negative"


def test_followthemoney_takes_every_entity(register: Register, tmp_path: Path) -> None:
    assert export(register, "ftm", tmp_path / "all.ftm.json") == (
        register.counted(Filters()) - 2,
        2,
    )  # the tank, the plants
    found = entities_of(tmp_path / "all.ftm.json")
    assert (found["country-KAZ"]["schema"], found["country-KAZ"]["properties"]["country"]) == ("PublicBody", ["kz"])
    (award,) = [
        e for e in found.values() if e["schema"] == "ContractAward" and e["properties"]["supplier"] == ["country-RUS"]
    ]
    contract = found[award["properties"]["contract"][0]]["properties"]
    assert (contract["authority"], contract["contractDate"], contract["status"]) == (
        ["country-KAZ"],
        ["2014"],
        ["delivered"],
    )
    assert any(ORDER in line and "according to Sergey Zgurets" in line for line in contract["description"])
    (repair,) = [e["properties"] for e in found.values() if "service" in e["properties"].get("type", [])]
    assert repair["title"] == ["Ukraine for Kazakhstan: repair of An-26 · [2.5 million USD] · [2018]"]
    assert not {"amount", "contractDate"} & repair.keys()  # nobody asserts them outright
    papers = [found[one]["properties"]["publisher"] for one in contract["proof"]]
    assert sorted(papers) == [["Evening Post"], ["Harbour Review"]]
    documented = [e["properties"] for e in found.values() if e["schema"] == "Documentation"]
    own = {claim.id for _, claim in CLAIMS if claim.evidence.quote not in (NOT_SO, CANNOT)}
    assert {one["recordId"][0] for one in documented} == own
    assert {e["properties"]["participant"][0] for e in found.values() if e["schema"] == "ProjectParticipant"} == {
        "country-KAZ", "country-TUR", "country-KOR",
    }  # fmt: skip
    (membership,) = [e["properties"] for e in found.values() if e["schema"] == "Membership"]
    assert (membership["member"], membership["organization"], membership["role"]) == (
        ["country-KAZ"],
        ["bloc-CSTO"],
        ["member"],
    )


def test_no_accusation_leaves_without_what_came_of_it_and_who_denies_it(register: Register, tmp_path: Path) -> None:
    for form in MODULES.keys() - {"sipri", "geojson"}:
        export(register, form, tmp_path / f"{form}.db")
    for entity in entities_of(tmp_path / "ftm.db").values():
        told = " ".join(entity["properties"].get("role", []))
        if "allegation" in told:
            (summary,) = entity["properties"]["summary"]
            assert summary.endswith("alleged, not established · denied by Ukraine")
    edges = networkx.read_graphml(tmp_path / "graphml.db").edges(data=True)
    assert {edge["standing"] for *_, edge in edges if edge["frame"] == "allegation"} == {
        "alleged, not established · denied by Ukraine"
    }
    with sqlite3.connect(tmp_path / "sqlite.db") as database:
        for view in ("allegations", "relations", "claims"):
            where = "" if view == "allegations" else " WHERE frame = 'allegation'"
            held = {row[0] for row in database.execute(f"SELECT standing FROM {view}{where}")}
            assert held == {"alleged, not established · denied by Ukraine"}
    lines = [json.loads(line) for line in (tmp_path / "jsonl.db").read_text("utf-8").splitlines()]
    for line in (one for one in lines if one["frame"] == "allegation"):
        assert (line["findings"], [one["name"] for one in line["denied_by"]]) == (["alleged"], ["Ukraine"])


def test_networkx_reads_the_graph(register: Register, tmp_path: Path) -> None:
    export(register, "graphml", tmp_path / "all.graphml")
    graph = networkx.read_graphml(tmp_path / "all.graphml", force_multigraph=True)
    assert graph.nodes["country:KAZ"] == {"name": "Kazakhstan", "kind": "country", "country": "KAZ"}
    (edge,) = [e for e in graph["country:RUS"]["country:KAZ"].values() if e["frame"] == "transfer"]
    assert (edge["number_ordered"], edge["year_of_order"], edge["sources"], edge["mutual"]) == (5.0, 2014, 2, False)
    assert edge["claim_ids"].split() == sorted(claim.id for _, claim in CLAIMS[:2])
    together = [
        (one, other) for one, other, e in graph.edges(data=True) if e["frame"] == "joint_project" and e["mutual"]
    ]
    assert sorted(map(sorted, together)) == [
        ["country:KAZ", "country:KOR"], ["country:KAZ", "country:TUR"], ["country:KOR", "country:TUR"],
    ]  # fmt: skip
    assert "system:T-72" not in graph
    assert not graph.has_edge("country:UKR", "country:KAZ") or all(
        e["frame"] == "service" for e in graph["country:UKR"]["country:KAZ"].values()
    )


def test_geojson_has_a_line_for_each_flow_and_none_for_offers_and_denials(register: Register, tmp_path: Path) -> None:
    assert export(register, "geojson", tmp_path / "flows.geojson") == (1, 2)
    (flow,) = json.loads((tmp_path / "flows.geojson").read_text("utf-8"))["features"]
    assert flow["geometry"]["type"] == "LineString"
    (from_, to) = flow["geometry"]["coordinates"]
    assert 50 < from_[1] < 70 < 90 < from_[0] < 110  # in Siberia
    assert 46 < to[0] < 88  # in Kazakhstan
    assert 40 < to[1] < 56
    told = flow["properties"]
    assert (told["supplier_id"], told["recipient_id"], told["deals"], told["claims"]) == (
        "country:RUS",
        "country:KAZ",
        1,
        2,
    )
    assert (told["categories"], told["first_year"], told["last_year"]) == ({"air-defence-systems": 1}, 2014, 2015)
    assert register.deal(told["deal_ids"][0]) is not None


def test_a_line_over_the_pacific_is_cut_at_its_middle() -> None:
    assert course((170.0, 10.0), (-170.0, 20.0)) == {
        "type": "MultiLineString", "coordinates": [[(170.0, 10.0), (180.0, 15.0)], [(-180.0, 15.0), (-170.0, 20.0)]],
    }  # fmt: skip
    assert course((-170.0, 20.0), (170.0, 10.0))["coordinates"][0] == [(-170.0, 20.0), (-180.0, 15.0)]


def test_every_state_of_the_gazetteer_that_is_on_a_map_has_its_place() -> None:
    assert all(-180 <= longitude <= 180 and -90 <= latitude <= 90 for longitude, latitude in places().values())
    assert places().keys() <= entities().keys()
    without = {one.id[8:] for one in entities().values() if one.type == "country" and one.id not in places()}
    assert without == {"BES", "BVT", "CCK", "CXR", "GIB", "GLP", "GUF", "MTQ", "MYT", "REU", "SJM", "TKL", "TUV", "UMI"}


def test_sqlite_has_no_key_that_leads_nowhere_and_every_view_answers(register: Register, tmp_path: Path) -> None:
    written, left = export(register, "sqlite", tmp_path / "register.db")
    described = json.loads((tmp_path / "register.metadata.json").read_text("utf-8"))["databases"]["register"]["tables"]
    with sqlite3.connect(tmp_path / "register.db") as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert (left, written) == (
            0,
            sum(database.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0] for t in ("deals", "relations")),
        )
        for name, told in described.items():
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            named = {
                *told.get("columns", ()),
                *told.get("facets", ()),
                *(told[k] for k in ("sort", "sort_desc", "label_column") if k in told),
            }
            assert named <= set(columns), name
            assert database.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] > 0, name
        rows = database.execute(
            "SELECT quotation, outlet, said_by FROM who_says_so WHERE sentence LIKE '%5 × S-300PS%' ORDER BY published"
        )
        assert rows.fetchall() == [
            (ORDER, "Harbour Review", "according to Sergey Zgurets"), (ARRIVAL, "Evening Post", "in the text's own voice"),
        ]  # fmt: skip
        assert database.execute("SELECT name, category, deals, deals_with_a_number FROM suppliers").fetchall() == [
            ("Russia", "air-defence-systems", 1, 1)
        ]
        partners = database.execute("SELECT partners FROM deals WHERE frame = 'joint_project'").fetchone()[0]
        assert sorted(partners.split(", ")) == ["Kazakhstan", "South Korea", "Turkey"]


def test_sqlite_finds_words(register: Register, tmp_path: Path) -> None:
    export(register, "sqlite", tmp_path / "register.db")
    described = json.loads((tmp_path / "register.metadata.json").read_text("utf-8"))["databases"]["register"]["tables"]
    with sqlite3.connect(tmp_path / "register.db") as database:
        searched = {name: told["fts_table"] for name, told in described.items() if "fts_table" in told}
        assert searched == {table: f"{table}_fts" for table in ("claims", "deals", "relations", "entities")}
        for table, word, column, text in (
            ("claims", "smuggling", "quotation", ACCUSED), ("deals", "bayraktar", "sentence", "Turkey → Kazakhstan: Bayraktar TB2"),
            ("entities", "kazakhstan", "name", "Kazakhstan"),
        ):  # fmt: skip
            found = database.execute(f"SELECT {column} FROM {table} WHERE rowid IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)", (word,)).fetchall()  # fmt: skip
            assert (text,) in found


def test_datasette_serves_the_file_as_it_is_described(register: Register, tmp_path: Path) -> None:
    export(register, "sqlite", tmp_path / "arms.db")
    described = json.loads((tmp_path / "arms.metadata.json").read_text("utf-8"))

    async def asked(address: str) -> Any:
        served = Datasette(files=[str(tmp_path / "arms.db")], metadata=described)
        answer = await served.client.get(address)
        assert answer.status_code == 200
        return answer.json() if ".json" in address else answer.text

    deals = asyncio.run(asked("/arms/deals.json?_shape=objects&_facet=stage"))
    assert {row["id"] for row in deals["rows"]} == {deal["deal"] for deal in register.deals()}
    assert sum(value["count"] for value in deals["facet_results"]["stage"]["results"]) == len(
        [deal for deal in register.deals() if deal["stage"]]
    )
    found = asyncio.run(asked("/arms/claims.json?_shape=array&_search=smuggling"))
    assert {claim["quotation"] for claim in found} == {ACCUSED}
    page = asyncio.run(asked("/arms/deals"))
    assert "near-copies, and texts that credit the same origin, count once" in page


def test_a_filter_narrows_every_format(register: Register, tmp_path: Path) -> None:
    for form in MODULES:
        counts = export(register, form, tmp_path / form, Filters(supplier="Russia", kind="deal"))
        assert counts == (1, 0), form
    export(register, "sqlite", tmp_path / "some.db", Filters(supplier="Russia", kind="deal"))
    with sqlite3.connect(tmp_path / "some.db") as database:
        assert database.execute("SELECT COUNT(*) FROM claims").fetchone() == (2,)
        assert {name for (name,) in database.execute("SELECT name FROM entities")} == {
            "Russia",
            "Kazakhstan",
            "S-300PS",
            "Sergey Zgurets",
        }


def test_what_a_reviewer_rejected_is_not_exported(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as register:
        store(register, CLAIMS[:2])
        register.reject(CLAIMS[1][1].id, reviewer="Ada")
        register.correct(CLAIMS[0][1].id, {"quantity": 6}, reviewer="Ada")
        export(register, "jsonl", tmp_path / "all.jsonl")
    (line,) = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    assert line["number_ordered"] == 6
    assert [(told["claim"]["quantity"], told["review"]) for told in line["evidence"]] == [(6, "correct")]


def test_the_same_register_gives_the_same_bytes(register: Register, tmp_path: Path) -> None:
    for form in MODULES.keys() - WHOLE:
        export(register, form, tmp_path / form)
        first = (tmp_path / form).read_bytes()
        export(register, form, tmp_path / form, force=True)
        assert (tmp_path / form).read_bytes() == first


def test_nothing_is_written_over_without_force_and_nothing_half_stays(register: Register, tmp_path: Path) -> None:
    for form in MODULES:
        place = tmp_path / f"{form}.db"
        place.write_text("mine")
        with pytest.raises(OutputError, match="is there already; --force replaces it"):
            export(register, form, place)
        assert place.read_text() == "mine"
        export(register, form, place, force=True)
        assert place.read_bytes() != b"mine"
    (tmp_path / "other.metadata.json").write_text("mine")
    with pytest.raises(OutputError, match=r"other\.metadata\.json: is there already"):
        export(register, "sqlite", tmp_path / "other.db")
    with pytest.raises(OutputError, match="is a folder"):
        export(register, "jsonl", tmp_path, force=True)
    with pytest.raises(OutputError, match=r"no/all\.jsonl: cannot be written: No such file or directory"):
        export(register, "jsonl", tmp_path / "no" / "all.jsonl")
    with pytest.raises(OutputError, match="cannot be written"):
        export(register, "sqlite", tmp_path / "no" / "all.db")
    assert not (tmp_path / "other.db").exists()
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_what_fails_halfway_leaves_the_old_file(tmp_path: Path) -> None:
    def half(error: BaseException) -> None:
        with replacing(place, force=True) as partial:
            partial.write_text("half of it")
            raise error

    place = tmp_path / "all.jsonl"
    place.write_text("old")
    with pytest.raises(OutputError, match=r"all\.jsonl: cannot be written: No space left on device"):
        half(OSError(28, "No space left on device"))
    with pytest.raises(KeyboardInterrupt):
        half(KeyboardInterrupt())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"all.jsonl": "old"}


def test_a_filter_that_means_nothing_writes_nothing(register: Register, tmp_path: Path) -> None:
    for form in MODULES:
        with pytest.raises(FilterError, match="did you mean Kazakhstan"):
            export(register, form, tmp_path / form, Filters(recipient="Kazahkstan"))
    with pytest.raises(FilterError, match="only transfers flow"):
        export(register, "geojson", tmp_path / "flows", Filters(frame="service"))
    assert list(tmp_path.iterdir()) == []


def test_a_register_without_claims_gives_files_without_rows(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as empty:
        for form in MODULES:
            assert export(empty, form, tmp_path / f"out.{form}") == (0, 0)
    assert polars.read_parquet(tmp_path / "out.parquet").height == 0
    assert json.loads((tmp_path / "out.geojson").read_text())["features"] == []
    assert len(networkx.read_graphml(tmp_path / "out.graphml")) == 0


def test_the_command_tells_what_it_wrote_and_left_out(register: Register, tmp_path: Path) -> None:
    own = kept(register)
    run = rasad("export", "ftm", "-r", own, "-o", "all.json", folder=tmp_path)
    assert (run.returncode, run.stdout) == (0, b"")
    count = register.counted(Filters()) - 2
    assert run.stderr.decode() == f"{count} deals and relations written; 2 were left out: only denied\n"
    again = rasad("export", "ftm", "-r", own, "-o", "all.json", folder=tmp_path)
    assert (again.returncode, again.stderr) == (
        2,
        b"rasad export ftm: --output: all.json: is there already; --force replaces it\n",
    )
    assert rasad("export", "ftm", "-r", own, "-o", "all.json", "--force", folder=tmp_path).returncode == 0
    lines = rasad("export", "jsonl", "-r", own, "--disputed", folder=tmp_path)
    assert (lines.returncode, lines.stderr) == (0, b"1 deal or relation written\n")
    assert json.loads(lines.stdout)["frame"] == "allegation"
    nowhere = rasad("export", "parquet", "-r", own, folder=tmp_path)
    assert (nowhere.returncode, nowhere.stderr) == (
        2,
        b"rasad export: parquet: is written to a file; name it with -o FILE\n",
    )


def test_memory_does_not_grow_with_the_register(tmp_path: Path) -> None:
    def peak(deals: int) -> int:
        with open_register(tmp_path / f"{deals}.db", create=True) as many:
            sold = {"supplier": "country:RUS", "recipient": "country:KAZ", "stage": "ordered"}
            store(many, (said("Russia sells Kazakhstan " * 40, item=f"system:X-{n}", **sold) for n in range(deals)))
            export(many, "jsonl", tmp_path / "warm")
            (tmp_path / "warm").unlink()
            gc.collect()
            tracemalloc.start()
            for form in ("jsonl", "ftm", "graphml", "sqlite"):
                export(many, form, tmp_path / f"{deals}.{form}.db")
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return most

    assert peak(1200) < 1.4 * peak(400)


def test_a_register_in_postgresql_gives_the_same(register: Register, postgresql: str, tmp_path: Path) -> None:
    with open_register(postgresql, create=True) as other:
        store(other, CLAIMS)
        for form in MODULES.keys() - WHOLE:
            export(register, form, tmp_path / "one", force=True)
            export(other, form, tmp_path / "other", force=True)
            assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes(), form
        export(other, "sqlite", tmp_path / "other.db")
    with sqlite3.connect(tmp_path / "other.db") as database:
        assert database.execute("SELECT COUNT(*) FROM claims").fetchone() == (len(CLAIMS),)
