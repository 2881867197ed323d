"""SIPRI's table into the register and the register into SIPRI's columns; on invented tables."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from rasad import Document
from rasad.exchange.imports import Imported, import_sipri
from rasad.exchange.sipri import BadRow, RegisterFormatError, RegisterRow, read_register, write_register
from rasad.exchange.sipri.deals import rows_of
from rasad.register import Filters, Register, open_register

TITLES = "Supplier,Recipient,Ordered,Weapon model,Weapon category,Ordered year,Delivered year,Delivered num.,Comments"
S300 = "Russia,Kazakhstan,(5),S-300PS,SAM system,(2013),2015,(5),Second-hand; aid"
RAFALE = "France,Egypt,24,Rafale,FGA aircraft,2015,2015-2019,24,EUR5.2 b deal"
SU30 = "Russia,Algeria,14,Su-30MK,FGA aircraft,2015,2016-2017,14,"
SU30_TOO = "Russia,Algeria,8,Su-30MK,FGA aircraft,2015,2018,8,"


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


def table(folder: Path, *rows: str, titles: str = TITLES, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([titles, *rows]) + "\n")
    return path


def imported(register: Register, folder: Path, *rows: str) -> Imported:
    return import_sipri(register, table(folder, *rows))


def rasad(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "100"}
    command = [sys.executable, "-m", "rasad.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)


def test_every_row_is_a_deal_that_sipri_claims(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300, RAFALE)
    deals = {deal["item"]: deal for deal in register.deals()}
    s300 = deals["system:S-300PS"]
    assert (s300["actor"], s300["partner"], s300["quantity"], s300["ordered"]) == (
        "country:RUS",
        "country:KAZ",
        5,
        2013,
    )
    assert (s300["last_delivery"], s300["stage"], s300["sources"]) == (2015, "delivered", 1)
    behind = register.deal(s300["deal"]).claims
    assert {evidence.source for evidence in behind} == {"org:sipri"}
    assert {evidence.publications[0].outlet for evidence in behind} == {"SIPRI"}
    assert all("\tS-300PS\t" in evidence.claim.evidence.quote for evidence in behind)


def test_two_orders_of_one_year_are_two_deals_each_with_its_own_deliveries(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, SU30, SU30_TOO)
    found = sorted((d["quantity"], d["first_delivery"], d["last_delivery"], d["disputed"]) for d in register.deals())
    assert found == [(8, 2018, 2018, None), (14, 2016, 2017, None)]


def test_two_rows_alike_in_every_cell_are_two_deals(register: Register, tmp_path: Path) -> None:
    assert imported(register, tmp_path, RAFALE, RAFALE).deals == 2


def test_three_bad_rows_are_told_and_the_rest_is_stored(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        S300,
        "Atlantis,Egypt,1,Rafale,FGA aircraft,2015,,,",
        RAFALE,
        "France,Egypt,many,Rafale,,2015,,,",
        "France,Egypt",
    )
    run = rasad("import", "sipri", path.name, "-r", "rasad.db", folder=tmp_path)
    assert run.returncode == 1
    assert run.stdout.splitlines()[0] == "2 rows · 3 lines are no deals · 5 claims stored"
    assert [line.partition(":")[0] for line in run.stderr.splitlines()] == [
        "table.csv, line 3, Supplier", "table.csv, line 5, Ordered", "table.csv, line 6",
    ]  # fmt: skip
    with open_register(tmp_path / "rasad.db") as register:
        assert {deal["item"] for deal in register.deals()} == {"system:S-300PS", "system:Rafale"}


def test_a_table_without_a_column_is_refused_and_changes_nothing(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300)
    with pytest.raises(RegisterFormatError, match=r"missing the columns .*year of order"):
        import_sipri(
            register, table(tmp_path, "France,Egypt,24,Rafale", titles="Supplier,Recipient,Ordered,Weapon model")
        )
    with pytest.raises(RegisterFormatError, match="none of its lines is a deal"):
        imported(register, tmp_path, "Atlantis,Egypt,1,Rafale,FGA aircraft,2015,,,")
    assert [deal["item"] for deal in register.deals()] == ["system:S-300PS"]


def test_the_same_rows_in_another_shape_order_and_encoding_change_nothing(register: Register, tmp_path: Path) -> None:
    first = imported(register, tmp_path, RAFALE, "Sweden,Côte d'Ivoire,2,RBS-70,Portable SAM,2016,2017,2,")
    before = register.deals()
    other = tmp_path / "other.csv"
    other.write_bytes(
        "Weapon designation;Order date;Exporter;No. ordered;Recipient country;Weapon description;Year(s) of delivery;No. delivered;Comments\n"
        "RBS-70;2016;Sweden;2;Côte d'Ivoire;Portable SAM;2017;2;\n"
        "Rafale;2015;France;24;Egypt;FGA aircraft;2015-2019;24;EUR5.2 b deal\n".encode("windows-1252")
    )
    again = import_sipri(register, other)
    assert (first.stored.new, again.stored.new, again.stored.unchanged) == (1, 0, 1)
    assert register.deals() == before


def test_a_newer_edition_takes_the_place_of_the_older_one(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300, SU30, RAFALE)
    imported(register, tmp_path, S300, SU30.replace(",14,", ",16,", 1))
    assert {(d["item"], d["quantity"]) for d in register.deals()} == {
        ("system:S-300PS", 5),
        ("system:Su-30MK", 16),
        ("system:Rafale", 24),
    }


def test_a_row_that_a_newer_edition_drops_is_gone(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300, SU30, RAFALE)
    imported(register, tmp_path, SU30, RAFALE)
    assert {deal["item"] for deal in register.deals()} == {"system:Su-30MK", "system:Rafale"}


def test_a_table_of_one_recipient_leaves_the_rows_of_others(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300, SU30, RAFALE)
    part = imported(register, tmp_path, SU30_TOO)
    assert (part.kept, part.recipient, part.supplier) == (2, "Algeria", "Russia")
    assert {(d["item"], d["quantity"]) for d in register.deals()} == {
        ("system:S-300PS", 5),
        ("system:Su-30MK", 8),
        ("system:Rafale", 24),
    }


def test_reviews_hold_for_what_a_newer_edition_still_claims(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300, SU30, RAFALE)
    rafale = next(deal for deal in register.deals() if deal["item"] == "system:Rafale")
    ordered = next(e.claim for e in register.deal(rafale["deal"]).claims if e.claim.stage == "ordered")
    register.correct(ordered.id, {"quantity": 30}, reviewer="ann", reason="the contract")
    imported(register, tmp_path, SU30_TOO, S300, RAFALE)
    (again,) = [deal for deal in register.deals() if deal["item"] == "system:Rafale"]
    assert (again["deal"], again["quantity"]) == (rafale["deal"], 30)


def test_rows_of_a_table_are_not_among_what_is_found_in_texts(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, RAFALE)
    register.add([Document(name="a.txt", text="Egypt ordered 24 Rafale fighters from France in 2015.")])
    assert [hit.quote for hit in register.search("Rafale Egypt")] == [
        "Egypt ordered 24 Rafale fighters from France in 2015."
    ]


# Out again.


def written(register: Register, folder: Path, **filters: str) -> list[RegisterRow | BadRow]:
    stream = BytesIO()
    write_register(rows_of(register, Filters(**filters)), stream)
    path = folder / "written.csv"
    path.write_bytes(stream.getvalue())
    return list(read_register(path))


def test_what_was_imported_is_exported_again(register: Register, tmp_path: Path) -> None:
    path = table(tmp_path, S300, RAFALE, SU30, SU30_TOO)
    import_sipri(register, path)
    rows = {(row.designation, str(row.number_ordered)): row for row in written(register, tmp_path)}
    for row in read_register(path):
        again = rows[row.designation, str(row.number_ordered)]
        for field in RegisterRow.__struct_fields__:
            if field not in ("line", "claims"):
                assert getattr(again, field) == getattr(row, field), field


def test_rows_are_written_as_they_are_read_again(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300, RAFALE)
    register.add([Document(name="a.txt", text="Poland donated 10 T-72 tanks to Ukraine in 2022.", language="en")])
    assert written(register, tmp_path) == list(rows_of(register))


def test_an_export_imported_elsewhere_gives_the_same_deals(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300, RAFALE, SU30)
    written(register, tmp_path)
    columns = ("actor", "partner", "item", "quantity", "ordered", "first_delivery", "last_delivery", "stage")
    with open_register(tmp_path / "elsewhere.db", create=True) as elsewhere:
        import_sipri(elsewhere, tmp_path / "written.csv")
        found = [
            sorted(tuple(map(str, (d[c] for c in columns))) for d in each.deals()) for each in (register, elsewhere)
        ]
    assert found[0] == found[1]


def test_what_the_press_says_has_the_columns_of_a_register(register: Register, tmp_path: Path) -> None:
    register.add([Document(name="a.txt", text="Poland donated 10 T-72 tanks to Ukraine in 2022.", language="en")])
    (row,) = written(register, tmp_path)
    assert (row.supplier.name, row.recipient.name, row.designation) == ("Poland", "Ukraine", "T-72")
    assert (str(row.number_delivered), [str(year) for year in row.years], row.terms) == ("10", ["2022"], ("gift",))
    assert row.category == "armoured-vehicles"
    assert row.claims == tuple(e.claim.id for e in register.deal(register.deals()[0]["deal"]).claims)


def test_competing_values_stand_in_the_comments(register: Register, tmp_path: Path) -> None:
    texts = ["Egypt ordered 24 Rafale fighters from France in 2015."] + [
        f"{paper} reports that Egypt ordered 30 Rafale fighters from France in 2015." for paper in ("Reuters", "TASS")
    ]
    register.add([Document(name=f"{n}.txt", text=text, language="en") for n, text in enumerate(texts)])
    (row,) = written(register, tmp_path)
    assert str(row.number_ordered) == "30"
    assert row.comments == "number ordered also 24 (1 source)"


def test_numbers_that_nobody_asserts_stand_in_brackets(register: Register, tmp_path: Path) -> None:
    imported(register, tmp_path, S300)
    run = list(csv.DictReader(_exported(register).splitlines()))
    assert (run[0]["Number ordered"], run[0]["Year of order"], run[0]["Year(s) of delivery"]) == (
        "(5)",
        "(2013)",
        "2015",
    )
    register.add(
        [Document(name="a.txt", text="Kazakhstan ordered 5 S-300PS systems from Russia in 2013.", language="en")]
    )
    run = list(csv.DictReader(_exported(register).splitlines()))
    assert (run[0]["Number ordered"], run[0]["Year of order"]) == ("5", "2013")


def _exported(register: Register) -> str:
    stream = BytesIO()
    write_register(rows_of(register), stream)
    return stream.getvalue().decode()


def test_the_commands_import_reconcile_and_export(tmp_path: Path) -> None:
    path = table(tmp_path, S300, RAFALE)
    (tmp_path / "a.txt").write_text(
        "Ukraine has recently supplied Kazakhstan with S-300 anti-aircraft missile systems."
    )
    assert rasad("import", "sipri", path.name, folder=tmp_path).returncode == 0
    assert rasad("add", "a.txt", folder=tmp_path).returncode == 0
    shown = rasad("reconcile", "--recipient", "KAZ", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0] == "≠ S-300 for Kazakhstan: differing in supplier"
    assert lines[1].startswith("   press  Ukraine · S-300 · delivered · 1 claim, 1 source · d-")
    assert lines[2].startswith("   SIPRI  Russia · S-300PS · (5) ordered (2013) · (5) delivered (2015) · d-")
    assert max(map(len, lines)) <= 100
    data = rasad("reconcile", "--only", "differing", "-f", "csv", folder=tmp_path)
    (cells,) = csv.DictReader(data.stdout.splitlines())
    assert (cells["differs_in"], cells["press_supplier"], cells["register_supplier"]) == (
        "supplier",
        "Ukraine",
        "Russia",
    )
    out = rasad("export", "sipri", "-o", "out.csv", "--recipient", "EGY", folder=tmp_path)
    assert (out.returncode, out.stderr) == (0, "1 row written\n")
    assert [row.designation for row in read_register(tmp_path / "out.csv")] == ["Rafale"]


def test_wrong_use_is_told_in_one_line(tmp_path: Path) -> None:
    missing = rasad("import", "sipri", "nowhere.csv", folder=tmp_path)
    assert (missing.returncode, missing.stderr) == (
        2,
        "rasad import sipri: nowhere.csv: cannot be read: No such file or directory\n",
    )
    (tmp_path / "a.txt").write_text("France delivered 36 Rafale fighters to India in 2022.")
    rasad("add", "a.txt", folder=tmp_path)
    alone = rasad("reconcile", folder=tmp_path)
    assert alone.returncode == 2
    assert (
        alone.stderr
        == "rasad reconcile: the register has no table to compare the press with; `rasad import sipri FILE` stores one\n"
    )
    odd = rasad("reconcile", "--only", "difering", folder=tmp_path)
    assert "did you mean differing?" in odd.stderr


def test_whether_the_table_or_the_reports_come_first_makes_no_difference(tmp_path: Path) -> None:
    path = table(tmp_path, SU30, SU30_TOO, RAFALE)
    reports = [
        "Algeria ordered 8 Su-30 fighters from Russia in 2015.",
        "Russia delivered 14 Su-30 fighters to Algeria in 2017.",
        "Russia supplied Algeria with Su-30 fighters.",
        "Egypt ordered 26 Rafale fighters from France in 2014.",
    ]
    documents = [Document(name=f"{n}.txt", text=text, language="en") for n, text in enumerate(reports)]
    found = []
    for number in range(3):
        with open_register(tmp_path / f"{number}.db", create=True) as register:
            for place in (*documents[:number], path, *documents[number:]):
                import_sipri(register, place) if isinstance(place, Path) else register.add([place])
            found.append(register.deals())
    assert found[0] == found[1] == found[2]
    assert sorted((d["quantity"], d["claims"], d["disputed"]) for d in found[0]) == [
        (8, 4, None),
        (14, 4, None),
        (24, 4, "number"),
    ]
