"""The claims of a run gathered into deals, here and on a real Spark, which give the same."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from pyarrow import parquet
from rows import rows
from sqlalchemy import select
from test_linking import CLAIMS, report, sale
from test_load import TEXTS, doc, wrote

from rasad.claims import Claim, Document, Money, Speaker
from rasad.engines import spark_deals
from rasad.engines.deals import gathered, gathered_parts
from rasad.engines.spark_session import SparkError, session
from rasad.engines.spark_sql import statements
from rasad.register import open_register
from rasad.register.atoms import ATOM_SCHEMA, Reported, atoms
from rasad.register.database import reading
from rasad.register.linking import PRINTED, link
from rasad.register.load import load, run_in
from rasad.register.schema import deals
from rasad.register.store import document_id
from rasad.sources.copies import signature, story
from rasad.sources.corpus import copies_of
from rasad.sources.origins import origin

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
from generated import reports

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DOCUMENTS = pa.schema([(name, pa.string()) for name in ("id", "outlet", "copies", "origin", "published", "copy_of")])


class Run:
    """The folder of a run."""

    def __init__(self, folder: Path, documents: Sequence[dict[str, str]], claims: Sequence[tuple[str, Claim]]) -> None:
        self.documents, self.claims = folder / "documents", folder / "claims"
        self.documents.mkdir()
        parquet.write_table(pa.Table.from_pylist(list(documents), DOCUMENTS), self.documents / "part-0.parquet")
        for frame in {claim.frame for _, claim in claims}:
            (self.claims / f"frame={frame}").mkdir(parents=True)
            told = [(document, claim) for document, claim in claims if claim.frame == frame]
            table = {
                "document_id": [document for document, _ in told],
                "claim": [msgspec.json.encode(claim).decode() for _, claim in told],
            }
            parquet.write_table(pa.table(table), self.claims / f"frame={frame}" / "part-0.parquet")

    def deals(self) -> list[dict[str, Any]]:
        return gathered(self.claims, self.documents).deals.to_pylist()


def printed(document: str, outlet: str | None = None, published: str | None = None, **more: str) -> dict[str, Any]:
    return {"id": document, "outlet": outlet, "copies": document, "published": published} | more


def ordered(year: int | None = 2015, quantity: float | None = None, speaker: Speaker | None = None) -> Claim:
    claim = sale("RUS", "KAZ", "S-300", year, quantity).claim
    return replace(claim, attribution=[speaker]) if speaker else claim


# Reports and sources


def test_a_copy_is_a_report_of_what_it_copies_and_no_other_source(tmp_path: Path) -> None:
    documents = [
        printed("doc-1", "Kyiv Post"),
        printed("doc-1", "Dawn", copy_of="doc-1"),
        printed("doc-2", "Daily Star", copies="doc-1", copy_of="doc-1"),
        printed("doc-3", "Gulf News"),
    ]
    (deal,) = Run(tmp_path, documents, [("doc-1", ordered()), ("doc-3", ordered())]).deals()
    assert (deal["reports"], deal["sources"], deal["claims"]) == (4, 2, 2)


def test_an_outlet_that_prints_a_story_again_cut_short_reports_it_once(tmp_path: Path) -> None:
    documents = [printed("doc-1", "Dawn"), printed("doc-2", "Dawn", copies="doc-1", copy_of="doc-1")]
    (deal,) = Run(tmp_path, documents, [("doc-1", ordered())]).deals()
    assert deal["reports"] == 1


@pytest.mark.parametrize(
    ("first", "second", "sources"),
    [
        ({}, {}, 2),
        ({"copies": "doc-1"}, {"copies": "doc-1"}, 1),
        ({"origin": "org:reuters"}, {"origin": "org:reuters"}, 1),
        ({"origin": "org:reuters"}, {"origin": "org:tass"}, 2),
    ],
    ids=["two texts", "near-copies", "one agency", "two agencies"],
)
def test_what_has_one_origin_counts_once(
    tmp_path: Path, first: dict[str, str], second: dict[str, str], sources: int
) -> None:
    documents = [printed("doc-1", "Dawn", **first), printed("doc-2", "Gulf News", **second)]
    (deal,) = Run(tmp_path, documents, [("doc-1", ordered()), ("doc-2", ordered())]).deals()
    assert (deal["reports"], deal["sources"]) == (2, sources)


def test_claims_that_credit_the_same_institute_have_one_source(tmp_path: Path) -> None:
    sipri = Speaker(id="org:sipri", name="SIPRI", kind="institute")
    told = [("doc-1", ordered(speaker=sipri)), ("doc-2", ordered(speaker=sipri))]
    (deal,) = Run(tmp_path, [printed("doc-1"), printed("doc-2")], told).deals()
    assert deal["sources"] == 1


def test_a_document_is_as_old_as_its_first_printing(tmp_path: Path) -> None:
    told = [("doc-1", ordered(None)), ("doc-2", ordered(None))]
    late, early = printed("doc-2", "Dawn", "2019-05-04"), printed("doc-3", "Time", "2010", copy_of="doc-2")
    for name, documents, count in (("apart", [late], 2), ("together", [late, early], 1)):
        (tmp_path / name).mkdir()
        assert len(Run(tmp_path / name, [printed("doc-1", None, "2008-01"), *documents], told).deals()) == count


def test_a_claim_without_its_document_is_named(tmp_path: Path) -> None:
    claim = ordered()
    with pytest.raises(ValueError, match=f"claim {claim.id}: its document doc-2 is not among"):
        Run(tmp_path, [printed("doc-1")], [("doc-2", claim)]).deals()


def test_a_run_without_claims_has_no_deals(tmp_path: Path) -> None:
    assert Run(tmp_path, [], []).deals() == []


def test_the_register_that_loads_a_run_has_its_deals(tmp_path: Path) -> None:
    story = TEXTS[1].replace("Russia", "KYIV, 12 May (Reuters) - Russia", 1)
    texts = [doc(0, outlet="Dawn", published="2018-10-05"), *map(doc, range(1, 5))]
    texts += [
        replace(doc(1), outlet=outlet, text=text) for outlet, text in (("TASS", story), ("Time", f"{story} Both won."))
    ]
    texts += [replace(doc(0), outlet="Inland Post", text=TEXTS[0].partition(",")[0]), doc(4, outlet="Time")]
    found = {row["id"]: row for row in copies_of(signed(texts).to_batches()).to_pylist()}
    alone = [text for text in texts[:-1] if found[document_id(text)]["copy_of"] is None]
    copies = [(text, found[document_id(text)]["copy_of"]) for text in texts[:-1] if text not in alone]
    folder = wrote(tmp_path / "run", alone, [*copies, (texts[-1], document_id(texts[-1]))])
    for path in (folder / "documents").iterdir():
        held = parquet.read_table(path)
        credit = [origin(text, "en") for text in held["text"].to_pylist()]
        groups = [found[identifier]["copies"] for identifier in held["id"].to_pylist()]
        held = held.append_column("origin", pa.array(credit, pa.string())).append_column("copies", pa.array(groups))
        parquet.write_table(held, path)
    linked = gathered(folder / "claims", folder / "documents")
    with open_register(tmp_path / "loaded.db", create=True) as register:
        assert load(register.engine, run_in(str(folder))).skipped == ()
        with reading(register.engine) as connection:
            shown = connection.execute(select(*(deals.c[name] for name in linked.deals.column_names))).mappings().all()
    assert rows(pa.Table.from_pylist(list(map(dict, shown)), linked.deals.schema)) == rows(linked.deals)
    assert len(copies) > 1
    assert max(linked.deals["reports"].to_pylist()) > max(linked.deals["sources"].to_pylist()) > 1


def signed(texts: Sequence[Document]) -> pa.Table:
    once = {document_id(text): text for text in texts}
    return pa.table(
        {
            "id": list(once),
            "hash": [text.hash for text in once.values()],
            "length": pa.array([len(text.text) for text in once.values()], pa.int64()),
            "signature": [signature(text.text) for text in once.values()],
            "story_start": [story(text.text)[0] for text in once.values()],
            "story_end": [story(text.text)[1] for text in once.values()],
        }
    )


# Here and there


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """3,000 claims in texts of which some are copies, printed here and there."""
    chance = Random(6)
    told = [made for _, made in reports(3_000)]
    dates = {made.document: str(made.published) for made in told}
    names = sorted(dates)
    above: dict[str, str] = {name: names[n - 1] for n, name in enumerate(names) if n % 7 == 3}
    documents = [
        printed(
            name, chance.choice([None, "", "Dawn", "Reuters", "Новини"]), dates[name], copies=names[n - n % 5],
            copy_of=above.get(name), origin=chance.choice([None, None, "org:tass"]),
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    documents += [printed(names[n], "Elsewhere", None, copy_of=names[n]) for n in range(0, len(names), 7)]
    claims = [(above.get(made.document, made.document), made.claim) for made in told]
    return Run(tmp_path_factory.mktemp("run"), documents, claims)


def test_in_parts_they_are_the_same(run: Run) -> None:
    whole, parts = gathered(run.claims, run.documents), list(gathered_parts(run.claims, run.documents, part=300))
    assert len(parts) > 5
    assert pa.concat_tables([part.deals for part in parts]).sort_by("deal") == whole.deals
    assert pa.concat_tables([part.assignments for part in parts]).sort_by("atom") == whole.assignments


def test_spark_gathers_the_same_deals_from_a_run(run: Run, spark: SparkSession, tmp_path: Path) -> None:
    here = gathered(run.claims, run.documents)
    claims, documents = (spark.read.parquet(str(folder)) for folder in (run.claims, run.documents))
    assignment, summary = spark_deals.deals(spark, claims, documents, str(tmp_path / "scratch"))
    assert rows(assignment.toArrow()) == rows(here.assignments)
    assert rows(summary.toArrow()) == rows(here.deals)
    assert max(here.deals["reports"].to_pylist()) > max(here.deals["sources"].to_pylist()) > 3


def cases() -> list[list[Reported]]:
    """Claims that try every rule: made up by Hypothesis, and by hand what it does not make."""
    found: list[list[Reported]] = []

    @settings(max_examples=120, derandomize=True, database=None, deadline=None)
    @given(CLAIMS)
    def keep(claims: list[Reported]) -> None:
        found.append(claims)

    keep()
    tank = sale("RUS", "IND", "T-72", 2001, 310)
    lines = [
        sale("RUS", "IND", "T-90", year, 10, published=2020)._replace(entry=f"line-{year}") for year in (2001, 2002)
    ]
    money = [sale("RUS", "IND", "Su-35", 2015, value=Money(amount, "USD")) for amount in (2e9, 2.5e9, 0.1 + 0.2, -0.0)]
    activities = [["ремонт"], ["صيانة", "ремонт"], ["𝒳" * 3], ["overhaul", "repair"]]
    names = ["org:Ünïcode|+", "org:é", "org:é", "org:\\Q.\\E", "org:𝒳", "org:￿", "org:' OR 1"]
    projects = [("FRA, DEU", 2017), ("FRA, DEU, ESP", 2019), ("DEU, ESP", 2018), ("FRA, ITA", 2018), ("ESP", None)]
    return [
        *found,
        [tank, sale("RUS", "IND", "T-72", 1999, 310, polarity="negative"), sale("RUS", "IND", "T-72", None, 310, published=1)],
        [*lines, sale("RUS", "IND", "T-90", 2002, 12), sale("RUS", "IND", "T-90", 2003, 10, "delivered")],
        money,
        [report("service", provider="UKR", client="KAZ", item="S-300", year=2010, stage="agreed", activity=a) for a in activities],
        [report("capability", holder=name, item="S-300") for name in names],
        [report("cooperation", party=", ".join(names[:n])) for n in range(1, len(names))],
        [report("joint_project", party=parties, item="fighter", year=year) for parties, year in projects],
        [report("position", holder="anonymous:experts", item=item, stance=["warns"]) for item in ("S-300", "Su-30", None)],
        [sale(None, None, None), sale(None, None, None, polarity="negative")],
        [sale("FRA", "RUS", "Mi-17", 2011), *(sale("FRA", "RUS", "Mi-17", y, stage=s) for y, s in ((2014, "cancelled"), (2015, "delivered")))],
        [sale("RUS", "CHN", "Su-35", year, 24) for year in (2013, 2015)],
        [sale(supplier, "KAZ", "S-300", 2015, 10) for supplier in ("RUS", "RUS", "BLR")],
        [sale("RUS", "CHN", "Su-35", year, n) for year, n in ((2012, 24), (2014, 48), (2014, 0.5), (-3, 1e300))],
    ]  # fmt: skip


def test_spark_links_by_the_same_rules(spark: SparkSession, tmp_path: Path) -> None:
    every = []
    for number, case in enumerate(cases()):
        every += [
            row | {key: f"{number}~{row[key]}" for key in ("atom", "claim", "block")} for row in atoms(case).to_pylist()
        ]
    table = pa.Table.from_pylist(every, ATOM_SCHEMA)
    twice = pa.Table.from_pylist(
        [{"document": document, "printings": n} for n, document in enumerate("abc", 2)], PRINTED
    )
    here = link(table, printed=twice)
    parquet.write_table(table, tmp_path / "atoms.parquet")
    there = spark_deals.link(
        spark, spark.read.parquet(str(tmp_path / "atoms.parquet")),
        spark.createDataFrame(twice.to_pylist(), "document string, printings long"), str(tmp_path / "scratch"),
    )  # fmt: skip
    for mine, theirs in zip(here, there, strict=True):
        assert rows(theirs.toArrow()) == rows(mine)
    disputes = {word for words in here.deals["disputed"].to_pylist() if words for word in words.split("+")}
    assert disputes == {"date", "denied", "number", "stage", "supplier"}


# What carries it


def test_a_table_is_written_down_a_view_and_constants_are_not() -> None:
    script = """CREATE TEMPORARY TABLE a AS SELECT * FROM (VALUES (1, 'x')) AS t(n, word);
        CREATE TEMPORARY VIEW b AS SELECT n // 2 AS half FROM a;
        CREATE TEMPORARY TABLE c AS SELECT UNNEST(STRING_SPLIT(word, '+')) AS part FROM a;"""
    assert [(statement.name, statement.kept) for statement in statements(script)] == [
        ("a", False),
        ("b", False),
        ("c", True),
    ]
    assert "EXPLODE(SPLIT(" in statements(script)[2].query


def test_what_spark_needs_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with monkeypatch.context() as without:
        without.setenv("JAVA_HOME", str(tmp_path))
        with pytest.raises(SparkError, match="needs Java 17 or later: install it, or set JAVA_HOME"):
            session("local[1]")
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pyspark", None)
        with pytest.raises(SparkError, match=r"pip install 'rasad\[spark\]'"):
            session("local[1]")
