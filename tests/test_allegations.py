"""`rasad allegations`: accusations with how they stand and who denies them; every number is worked out by hand."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from said import claim, report

from rasad import Document
from rasad.analysis import allegations
from rasad.claims import Claim
from rasad.pictures import PictureError
from rasad.register import FilterError, Register, open_register

ARMS = "org:ruritanian-arms@HRV"
MINISTER = "person:the-minister"


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


def accusation(finding: str | None = "alleged", *, of: str = "corruption", accused: str = ARMS, **said: Any) -> Claim:
    return claim("allegation", accused=accused, offence=of.split("+"), finding=finding, **said)


def denial(by: str | None = MINISTER, *, of: str = "corruption", accused: str = ARMS, **said: Any) -> Claim:
    return accusation(None, of=of, accused=accused, by=by, polarity="negative", **said)


def rasad(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-m", "rasad.cli", "allegations", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)


def only(register: Register, table: str = "accusations", **asked: Any) -> Any:
    (row,) = allegations(register, **asked).table(table)
    return row


# ── what is told ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_findings_of_an_accusation_are_a_history_each_with_its_date_of_report(register: Register) -> None:
    wire = "The state bought guns and the company is said to have paid for the signature of an official in charge of them all."
    register.store([
        report("2006-02-01", accusation(accuser="country:USA"), text=wire, outlet="Morning"),
        report("2006-02-02", accusation(accuser="country:USA"), text=wire + " Updated.", outlet="Evening"),
        report("2007-05", accusation("investigated")),
        report("2009", accusation("charged", certainty="probable"), denial(words="We paid nobody.")),
        report("2014-04-30", accusation("dismissed", year=2013, by="person:a-judge")),
    ])  # fmt: skip
    row = only(register)
    assert (row.accused.name, row.offence, [one.id for one in row.accuser]) == (
        "Ruritanian Arms",
        ("corruption",),
        ["country:USA"],
    )
    assert (row.standing, row.denial) == ("dismissed", "denied by The Minister")
    assert row.findings == ("alleged", "investigated", "charged", "dismissed")
    assert (row.first, row.last) == ("2006-02-01", "2014-04-30")
    assert (row.reports, row.sources) == (5, 4)  # the two of 2006 are near-copies
    told = [
        (step.date, step.year, step.finding, step.certainty, step.sources)
        for step in allegations(register).table("findings")
    ]
    assert told == [
        ("2006-02-01", None, "alleged", "asserted", 1),
        ("2006-02-02", None, "alleged", "asserted", 1),
        ("2007-05", None, "investigated", "asserted", 1),
        ("2009", None, "charged", "probable", 1),
        ("2014-04-30", 2013, "dismissed", "asserted", 1),
    ]
    assert [speaker.name for speaker in allegations(register).table("findings")[-1].speaker] == ["A Judge"]
    said = only(register, "denials")
    assert (said.words, said.denied_by.id, said.date, said.answers) == ("We paid nobody.", MINISTER, "2009", (row.id,))


def test_who_denies_all_wrongdoing_in_a_text_denies_each_accusation_in_it(register: Register) -> None:
    register.store([
        report("2010", accusation(), accusation(of="diversion"), denial(of="other", words="Nothing of it is so.")),
        report("2011", accusation(of="embargo-breach")),
    ])  # fmt: skip
    rows = {row.offence: row.denial for row in allegations(register).table()}
    assert rows == {
        ("corruption",): "denied by The Minister", ("diversion",): "denied by The Minister", ("embargo-breach",): "no denial found",
    }  # fmt: skip
    assert len(only(register, "denials").answers) == 2


def test_a_denial_whose_speaker_is_not_named_is_a_denial(register: Register) -> None:
    register.store([report("2010", accusation(), denial(None))])
    assert only(register).denial == "denied by the report itself"


def test_what_one_source_prints_many_times_is_one_denial(register: Register) -> None:
    wire = "Asked about the contract, the minister said that not a coin had been paid to anybody, and that the court would find so."
    register.store([
        report("2010-01-01", accusation(), denial(words="Not a coin."), text=wire, outlet="Morning"),
        report("2010-01-02", denial(words="Not one coin."), text=wire + " Updated.", outlet="Evening"),
        report("2010-02-01", denial(words="Not a cent.")),
    ])  # fmt: skip
    told = [(row.date, row.words, row.reports) for row in allegations(register).table("denials")]
    assert told == [("2010-01-01", "Not a coin.", 2), ("2010-02-01", "Not a cent.", 1)]
    assert only(register).sources == 1


def test_what_is_only_denied_accuses_nobody(register: Register) -> None:
    register.store([report("2010", denial())])
    answer = allegations(register)
    assert (answer.title, answer.table(), answer.table("findings")) == ("0 accusations", (), ())
    assert only(register, "denials").standing == "no accusation in the register"
    with pytest.raises(PictureError, match="0 accusations: nothing to draw"):
        answer.picture()


def test_two_verdicts_of_one_day_stand_side_by_side(register: Register) -> None:
    register.store([report("2012-01-01", accusation("proven")), report("2012-01-01", accusation("unproven"))])
    assert only(register).standing == "said to be proven; not proven"


@pytest.mark.parametrize(
    ("later", "standing"),
    [
        (accusation("alleged"), "charged, not yet judged"),
        (accusation("proven", certainty="possible"), "charged, not yet judged"),
        (accusation("proven", certainty="probable"), "said to be proven"),
        (accusation("unproven"), "not proven"),
        (accusation("investigated"), "under investigation, not established"),
    ],
)
def test_the_latest_that_is_more_than_alleged_and_more_than_possible_stands(
    register: Register, later: Claim, standing: str
) -> None:
    register.store([report("2012", accusation("charged")), report("2013", later)])
    assert only(register).standing == standing


def test_a_finding_without_a_date_counts_as_of_the_year_it_tells_of(register: Register) -> None:
    register.store([report(None, accusation("dismissed", year=2015)), report("2012", accusation("charged", year=2012))])
    assert only(register).standing == "dismissed"


def test_a_rejected_denial_is_none(register: Register) -> None:
    said = denial()
    register.store([report("2010", accusation(), said)])
    register.reject(said.id, reviewer="r", reason="it is of another affair")
    answer = allegations(register)
    assert (answer.table()[0].denial, answer.table("denials")) == ("no denial found", ())


def test_an_accusation_is_found_by_accused_accuser_offence_and_years(register: Register) -> None:
    register.store([
        report("2010", accusation(accuser="country:USA"), accusation(accuser="country:FRA org:le-journal@FRA")),
        report("2014", accusation(of="diversion+embargo-breach", accused="country:HRV", accuser="country:RUS", year=2003)),
        report("2015", accusation(of="diversion", accused="country:EGY", accuser="country:RUS")),
    ])  # fmt: skip

    def found(**asked: Any) -> list[str]:
        return sorted(row.accused.id for row in allegations(register, **asked).table())

    company = ARMS.partition("@")[0]
    assert found() == ["country:EGY", "country:HRV", company]
    assert found(accused="Croatia") == ["country:HRV", company]
    assert found(accuser="USA") == found(accuser="org:le-journal") == found(accuser="FRA") == [company]
    assert found(accuser="Russia", offence="diversion") == ["country:EGY", "country:HRV"]
    assert found(offence="embargo-breach") == ["country:HRV"]
    assert found(year_from=2003, year_to=2003) == ["country:HRV"]
    assert found(year_from=2011) == ["country:EGY"]
    assert (
        allegations(register, accused="HRV", offence="diversion").title == "1 accusation of diversion against Croatia"
    )
    assert [row.sources for row in allegations(register, limit=1).table()] == [1]
    best = allegations(register, limit=1)
    assert (best.title, best.notes[-1]) == (
        "1 of 3 accusations",
        "These are the best supported; a limit of 0 gives all 3.",
    )


def test_a_row_leads_back_to_its_sentences(register: Register) -> None:
    register.store([report("2010", accusation(words="The firm paid."), denial(of="other", words="Never."))])
    answer = allegations(register)
    assert sorted(shown.claim.evidence.quote for shown in answer.claims(answer.table()[0])) == [
        "Never.",
        "The firm paid.",
    ]


def test_a_report_that_was_read_gives_the_accusation_and_its_denial(register: Register) -> None:
    text = "Ukraine accused Iran of illegally supplying Shahed-136 drones. Iran denied the accusations."
    register.add([Document(name="report.txt", text=text, published="2022-11-05")])
    row = only(register, accused="Иран")
    assert (row.accuser[0].name, row.offence, row.item[0].name) == ("Ukraine", ("illicit-transfer",), "Shahed-136")
    assert (row.standing, row.denial, row.first) == ("alleged, not established", "denied by Iran", "2022-11-05")
    assert only(register, "denials").words == "Iran denied the accusations."


# ── never a bare accusation ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_register(tmp_path / "rasad.db", create=True) as register:
        register.store([
            report("2010-03-01", accusation("charged", accuser="country:USA"), denial(words="Never.")),
            report("2011", accusation(accused="country:EGY", of="diversion")),
        ])  # fmt: skip
    return tmp_path


STANDS = {"charged, not yet judged": "denied by The Minister", "alleged, not established": "no denial found"}


def test_every_row_of_every_format_tells_how_it_stands_and_who_denies_it(folder: Path) -> None:
    for form in ("json", "jsonl", "csv"):
        for table in ("accusations", "findings", "denials"):
            ran = rasad("--format", form, "--table", table, folder=folder)
            assert (ran.returncode, ran.stderr) == (0, "")
            if form == "json":
                rows = json.loads(ran.stdout)[table]
            elif form == "jsonl":
                rows = [json.loads(line) for line in ran.stdout.splitlines()]
            else:
                rows = list(csv.DictReader(StringIO(ran.stdout)))
            assert len(rows) == (1 if table == "denials" else 2)
            assert all(STANDS[row["standing"]] == row["denial"] for row in rows)
    shown = rasad(folder=folder).stdout
    for part in (*STANDS, *STANDS.values()):
        assert shown.count(part) >= 2, part


def test_frames_notebooks_and_pictures_tell_it_too(folder: Path) -> None:
    with open_register(folder / "rasad.db") as register:
        answer = allegations(register)
        for frame in (answer.to_polars(), answer.to_polars("findings"), answer.to_polars("denials")):
            assert all(STANDS[row["standing"]] == row["denial"] for row in frame.iter_rows(named=True))
        assert answer.to_pandas()["standing"].notna().all()
        page = answer._repr_html_()
        names = answer.picture().spec["params"][0]["value"]
        drawn = answer.picture().svg()
    for standing, denied in STANDS.items():
        assert f"<td dir='auto'>{standing}</td><td dir='auto'>{denied}</td>" in page
        assert f"{standing}; {denied}" in drawn
    assert [lines[-1] in {f"{s}; {d}" for s, d in STANDS.items()} for lines in names] == [True, True]


def test_the_picture_has_a_mark_for_every_finding_and_denial_at_its_date(folder: Path) -> None:
    with open_register(folder / "rasad.db") as register:
        picture = allegations(register).picture("timeline")
    marks = picture.spec["layer"][-1]["data"]["values"]
    march = 2010 + 2 / 12 + 0.5 / 372
    assert [(mark["kind"], round(mark["when"], 5)) for mark in marks] == [
        ("charged", round(march, 5)), ("denied", round(march, 5)), ("alleged", 2011.5),
    ]  # fmt: skip
    assert picture.spec["title"]["text"] == "What is alleged, and what came of it: 2 accusations"
    assert (picture.claims, picture.spec["title"]["subtitle"]) == (3, "3 claims behind it")


@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.json"])
def test_the_picture_is_written_to_a_file(folder: Path, name: str) -> None:
    ran = rasad("-o", name, folder=folder)
    assert (ran.returncode, ran.stderr) == (0, "")
    starts = {".svg": b"<svg", ".png": b"\x89PNG", ".json": b"{"}
    assert (folder / name).read_bytes().startswith(starts[Path(name).suffix])


# ── bad input ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--accused", "Kazahstan"], "rasad: accused: nothing in the register or the gazetteer is called 'Kazahstan'; did you mean Kazakhstan?"),
        (["--accuser", "Egipt"], "rasad: accuser: nothing in the register or the gazetteer is called 'Egipt'; did you mean Egypt?"),
        (["--offence", "corupt"], "rasad: offence: 'corupt' is not one of corruption, illicit-transfer, export-control-breach, embargo-breach, diversion, other; did you mean corruption?"),
        (["--year", "2015-2010"], "rasad: --year: '2015-2010' is neither a year, as 2018, nor years, as 2015-2018"),
        (["-o", "none/a.svg"], "rasad: none/a.svg: cannot be written: No such file or directory"),
        (["-o", "a.gif"], "rasad: a.gif: a picture is written as .svg, .png, .json, not as .gif"),
        (["-o", "a.svg", "--picture", "map"], "rasad: allegations: there is no picture 'map'; there is timeline"),
        (["--format", "csv", "--table", "accused"], "rasad: allegations: there is no table 'accused'; there are accusations, findings, denials"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_one_line(folder: Path, arguments: list[str], message: str) -> None:
    ran = rasad(*arguments, folder=folder)
    assert (ran.returncode, ran.stdout, ran.stderr.strip()) == (2, "", message)


def test_a_period_without_data_says_when_there_is_some(folder: Path) -> None:
    ran = rasad("--year", "1999", folder=folder)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "none with claims of these years; its first are of 2010, its last of 2011" in ran.stderr


def test_a_register_without_claims_and_one_without_accusations_say_so(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as register:
        assert allegations(register).notes == (
            "the register has no claims yet; `rasad add PATH…` reads reports into it",
        )
        assert allegations(register).to_polars("denials").columns[:3] == ["deals", "accused", "accused_id"]
        register.store([report("2010", claim("alignment", actor="country:EGY", toward="country:RUS"))])
        assert allegations(register, accused="EGY").notes == ("the register has no accusations against Egypt",)
        with pytest.raises(FilterError, match="offence: 'x'"):
            allegations(register, offence="x")


def test_what_has_no_date_is_not_drawn(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as register:
        register.store([report(None, accusation())])
        with pytest.raises(PictureError, match="1 accusation: nothing to draw: no report of them has a date"):
            allegations(register).picture()
