"""The register's commands, through their own door, on a real register of texts in four languages."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from test_cli import Done, lines, on_a_terminal, rasad

from rasad.cli.list import DEAL_COLUMNS, RELATION_COLUMNS
from rasad.register import open_register
from rasad.reports.wording import PDI, RLI

ENGLISH = (
    "In 2018 Russia agreed to sell 18 S-400 systems to India for $5.4 billion, said Defence Minister John Smith. "
    "India depends on Russia for the overhaul of its S-300 systems."
)
ARABIC = "وقعت روسيا في عام 2018 عقدا لتسليم 24 منظومة من طراز إس-400 إلى الهند. وقال محللون إن فرنسا تنافس روسيا في السوق الهندية."
RUSSIAN = (
    "В 2021 году Россия поставила Индии зенитные комплексы С-400, заявил министр обороны Сергей Шойгу. "
    "По данным источников, Индия может закупить 12 истребителей Су-57."
)
UKRAINIAN = (
    "Швеція звинуватила Угорщину в продажі ракет Іраку в обхід ембарго. Угорщина заперечила ці звинувачення. "
    "Україна передала Польщі 5 танків Т-72 у 2015 році."
)
OTHER = "In 2016 France delivered 3 Rafale fighters to Egypt, the defence ministry said."
SCHOOL = "The village school reopened on Monday, and the children said that they were happy with the new library."
PRINTED = [
    {"text": ENGLISH, "name": "sale.en", "outlet": "Harbour Review", "published": "2018-10-05", "address": "https://example.org/1"},
    {"text": ARABIC, "name": "sale.ar", "outlet": "Sahifa", "published": "2019-02", "language": "ar"},
    {"text": RUSSIAN, "name": "delivery.ru", "outlet": "Vestnik", "published": "2021"},
    {"text": UKRAINIAN, "name": "accused.uk"},
]  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of the four texts, made by the command."""
    folder = tmp_path_factory.mktemp("kept")
    file = folder / "news.jsonl"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in PRINTED), encoding="utf-8")
    done = rasad("add", file, "--register", folder / "rasad.db")
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "rasad.db"


@pytest.fixture
def register(kept: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copy(kept, tmp_path / "rasad.db"))


def found(register: Path, *arguments: str | Path) -> list[dict[str, object]]:
    """What a command gives as JSON."""
    done = rasad(*arguments, "--register", register, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def sale(register: Path) -> str:
    return next(row["id"] for row in found(register, "deals", "--item", "S-400"))


def claim(register: Path, document: str, frame: str = "transfer") -> str:
    """The id of the first claim of a frame in a document."""
    with open_register(register) as opened, opened.engine.connect() as connection:
        query = "SELECT c.id FROM claims c JOIN publications p USING (document) WHERE p.name = :name AND c.frame = :frame ORDER BY c.start"
        return str(connection.execute(text(query), {"name": document, "frame": frame}).scalar())


# Adding.


def test_adding_makes_the_register_and_says_what_came_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OTHER, encoding="utf-8")
    first = rasad("add", tmp_path / "a.txt", "-r", tmp_path / "r.db")
    assert first.returncode == 0
    assert first.stdout == "1 new · 1 claim stored\nthe register has 1 deal and 0 relations, from 1 claim in 1 text\n"
    again = rasad("add", tmp_path / "a.txt", "-r", tmp_path / "r.db")
    assert again.stdout.startswith("1 unchanged\n")
    elsewhere = rasad(
        "add", tmp_path / "a.txt", "-r", tmp_path / "r.db", "--outlet", "Herald", "--published", "2016-03"
    )
    assert elsewhere.stdout.startswith("1 printed elsewhere\n")
    assert found(tmp_path / "r.db", "deals")[0]["reports"] == 2
    assert found(tmp_path / "r.db", "deals")[0]["sources"] == 1


def test_a_register_is_named_by_the_environment_or_is_rasad_db_in_this_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OTHER, encoding="utf-8")
    run = [sys.executable, "-m", "rasad.cli"]
    subprocess.run([*run, "add", "a.txt"], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / "rasad.db").exists()
    there = subprocess.run(
        [*run, "deals", "-f", "csv"], cwd="/", check=True, capture_output=True, text=True, env={**os.environ, "RASAD_REGISTER": str(tmp_path / "rasad.db")}
    )  # fmt: skip
    assert "Rafale" in there.stdout


def test_each_line_of_a_file_says_where_its_text_comes_from(kept: Path) -> None:
    document = found(kept, "show", found(kept, "search", "Shoigu")[0]["document"])
    assert [(p["outlet"], p["published"], p["name"]) for p in document["publications"]] == [
        ("Vestnik", "2021", "delivery.ru")
    ]
    assert document["text"] == RUSSIAN
    assert document["language"] == "ru"


def test_what_is_told_for_all_fills_what_a_line_does_not_say(tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(json.dumps({"text": OTHER, "published": "2016-04-01T08:30:00Z"}) + "\n", encoding="utf-8")
    rasad("add", news, "-r", tmp_path / "r.db", "--outlet", "Herald", "--published", "1999")
    hit = found(tmp_path / "r.db", "search", "Rafale")[0]
    assert [(p["outlet"], p["published"], p["name"]) for p in hit["publications"]] == [
        ("Herald", "2016-04-01", f"{news}:1")
    ]


def test_files_of_json_lines_are_read_in_folders_too(tmp_path: Path) -> None:
    (tmp_path / "wire").mkdir()
    (tmp_path / "wire" / "news.jsonl").write_text(json.dumps({"text": OTHER}) + "\n", encoding="utf-8")
    added = rasad("add", tmp_path / "wire", "--register", tmp_path / "r.db")
    assert added.stdout.startswith("1 new")
    assert not added.stderr


def test_a_bad_line_is_named_and_skipped(tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    bad = [
        b'{"text": "cut',
        b'["a", "list"]',
        b'{"name": "no text"}',
        b'{"text": ""}',
        json.dumps({"text": OTHER, "published": "5 Oct 2016"}).encode(),
        json.dumps({"text": OTHER, "published": "2016-13"}).encode(),
        json.dumps({"text": OTHER, "language": "fr"}).encode(),
        b'{"text": "\xff\xfe"}',
    ]
    good = json.dumps({"text": OTHER, "colour": "blue"}).encode()
    news.write_bytes(b"\n".join([*bad, b"", good]))
    done = rasad("add", news, "-r", tmp_path / "r.db")
    assert done.returncode == 1
    assert done.stdout.startswith("1 new · 8 skipped · 1 claim stored\n")
    told = done.stderr.splitlines()
    assert [line.split(": ")[0] for line in told] == [*(f"{news}:{number}" for number in range(1, 9)), str(news)]
    for line, why in zip(told, ["no object with a text", "no object", "`text`", "empty", "ISO 8601", "ISO 8601", "ar, en, ru, uk", "UTF-8", "colour"], strict=True):  # fmt: skip
        assert why in line


def test_what_cannot_be_read_is_told_and_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OTHER, encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    done = rasad("add", tmp_path / "empty.txt", tmp_path / "missing.jsonl", tmp_path / "a.txt", "-r", tmp_path / "r.db")
    assert done.returncode == 1
    assert f"{tmp_path / 'empty.txt'}: skipped, empty" in done.stderr
    assert f"{tmp_path / 'missing.jsonl'}: skipped, no such file or folder" in done.stderr
    assert done.stdout.startswith("1 new · 2 skipped")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--published", "yesterday"], "--published: 'yesterday' is no date (ISO 8601: 2018, 2018-10 or 2018-10-05)"),
        (["--published", "2018-02-30"], "'2018-02-30' is no date"),
        (["--language", "fr"], "--language: 'fr' is not one of ar, en, ru, uk"),
    ],
)
def test_wrong_provenance_is_told_before_anything_is_made(tmp_path: Path, arguments: list[str], told: str) -> None:
    (tmp_path / "a.txt").write_text(OTHER, encoding="utf-8")
    done = rasad("add", tmp_path / "a.txt", "-r", tmp_path / "r.db", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("rasad: ")
    assert told in done.stderr
    assert not (tmp_path / "r.db").exists()


def test_many_texts_are_added_under_a_progress_bar_on_a_terminal(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(12):
        (news / f"{number}.jsonl").write_text(json.dumps({"text": f"{SCHOOL} {number}"}), encoding="utf-8")
    size = sum(file.stat().st_size for file in news.iterdir())
    seen, code = on_a_terminal(["add", str(news), "-r", str(tmp_path / "r.db")], None)
    assert f"/{size / 1000:.1f} kB" in seen
    assert "12 new" in seen
    assert code == 0


def test_an_interruption_keeps_what_was_stored_and_says_so(tmp_path: Path) -> None:
    waiting = tmp_path / "waiting"
    os.mkfifo(waiting)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(64):  # as many as are stored at once
        (folder / f"{number}.txt").write_text(f"{SCHOOL} {number}", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "rasad.cli", "add", str(folder), str(waiting), "-r", str(tmp_path / "r.db")],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    writer = os.open(waiting, os.O_WRONLY)  # waits until the process reads: the folder is done
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    os.close(writer)
    assert process.returncode == 130
    assert (
        told == "rasad: interrupted; what was stored until then stays (64 new texts), add the same again for the rest\n"
    )
    again = rasad("add", folder, "-r", tmp_path / "r.db")
    assert again.stdout.startswith("64 unchanged\n")


# Deals.


def test_a_deal_is_listed_as_a_register_lists_it(kept: Path) -> None:
    shown = rasad("deals", "-r", kept, "--item", "S-400", width=160).stdout.splitlines()
    assert shown[0].split() == [
        "Supplier",
        "Recipient",
        "Number",
        "Designation",
        "Year",
        "Delivered",
        "Stage",
        "Reported",
        "by",
        "ID",
    ]
    assert shown[2].split() == ["Russia", "India", shown[2].split()[2], "S-400", "2018", "2021", "delivered", *["3", "reports,", "3", "independent"], sale(kept)]  # fmt: skip
    assert shown[3].split() == ["air", "defence", "systems", "≠", "number"]
    assert "1 deal · rasad show ID" in shown[-1]


def test_a_number_that_nobody_asserts_stands_in_brackets(kept: Path) -> None:
    shown = rasad("deals", "-r", kept, "--item", "Su-57", width=160).stdout
    assert "[12]" in shown
    assert found(kept, "deals", "--item", "Su-57")[0]["estimates"] == ["number_ordered"]
    asserted = rasad("deals", "-r", kept, "--item", "T-72", width=160).stdout
    assert " 5 " in asserted
    assert "[5]" not in asserted


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("command", ["deals", "relations"])
def test_no_line_is_wider_than_the_terminal_and_no_id_is_cut(kept: Path, command: str, width: int) -> None:
    shown = rasad(command, "-r", kept, width=width).stdout.splitlines()[:-1]
    assert max(map(len, shown)) <= width
    for row in found(kept, command):
        short = row["id"] if width >= 140 else row["id"][:10]
        assert sum(line.rstrip().endswith(f" {short}") for line in shown) == 1
        assert found(kept, "show", short)["id"] == row["id"]


def test_deals_as_json_lines_and_csv_say_the_same(kept: Path) -> None:
    rows = found(kept, "deals")
    assert lines(rasad("deals", "-r", kept, "-f", "jsonl").stdout) == rows
    table = list(csv.DictReader(rasad("deals", "-r", kept, "-f", "csv").stdout.splitlines()))
    assert list(table[0]) == list(DEAL_COLUMNS)
    row = next(row for row in rows if row["id"] == sale(kept))
    assert row["roles"]["supplier"] == [{"id": "country:RUS", "name": "Russia"}]
    assert row["value"] == {"amount": 5.4e9, "currency": "USD"}
    assert (row["reports"], row["sources"], row["disputed"]) == (3, 3, ["number"])
    cells = next(cells for cells in table if cells["id"] == row["id"])
    assert (cells["supplier"], cells["recipient_id"], cells["designation"]) == ("Russia", "country:IND", "S-400")
    assert (cells["value"], cells["currency"], cells["year_of_order"]) == ("5400000000.0", "USD", "2018")
    assert (cells["reports"], cells["independent_sources"], cells["disputed"]) == ("3", "3", "number")


@pytest.mark.parametrize(
    ("filters", "items"),
    [
        (["--supplier", "Russia"], {"S-400"}),
        (["--supplier", "Россия"], {"S-400"}),
        (["--recipient", "POL"], {"T-72"}),
        (["--party", "country:UKR"], {"T-72"}),
        (["--recipient", "الهند"], {"S-400", "Su-57"}),
        (["--category", "aircraft"], {"Su-57"}),
        (["--frame", "transfer"], {"S-400", "Su-57", "T-72"}),
        (["--frame", "service"], set()),
        (["--year", "2015"], {"T-72"}),
        (["--year", "2016-2030"], {"S-400"}),
        (["--year", "2016-"], {"S-400"}),
        (["--year", "-2016"], {"T-72"}),
        (["--stage", "delivered"], {"S-400", "T-72"}),
        (["--outlet", "sahifa"], {"S-400"}),
        (["--min-sources", "2"], {"S-400"}),
        (["--disputed"], {"S-400"}),
        (["--disputed", "number"], {"S-400"}),
        (["--disputed", "--supplier", "UKR"], set()),
        (["--order", "number", "--limit", "1"], {"S-400"}),
    ],
)
def test_filters_choose_deals(kept: Path, filters: list[str], items: set[str]) -> None:
    assert {row["roles"]["item"][0]["name"] for row in found(kept, "deals", *filters)} == items


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--supplier", "Rusia"], "nothing in the register or the gazetteer is called 'Rusia'; did you mean Russia?"),
        (["--category", "aircrafts"], "did you mean aircraft?"),
        (["--frame", "transfers"], "did you mean transfer?"),
        (["--stage", "deliverd"], "did you mean delivered?"),
        (["--disputed", "numbr"], "did you mean number?"),
        (["--year", "2018-2015"], "--year: '2018-2015' is neither a year, as 2018, nor years, as 2015-2018"),
        (["--year", "lately"], "--year: 'lately'"),
        (["--order", "size"], "--order: 'size' is not one of sources, year, number, value"),
        (["--format", "xml"], "--format: 'xml' is not one of table, json, jsonl, csv"),
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_told_in_one_line(kept: Path, arguments: list[str], told: str) -> None:
    done = rasad("deals", "-r", kept, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("rasad: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_nothing_that_passes_is_said_and_is_an_empty_list(kept: Path) -> None:
    assert rasad("deals", "-r", kept, "--supplier", "France").stdout == "no deals that pass\n"
    assert found(kept, "deals", "--supplier", "France") == []


def test_a_long_table_says_how_many_more_there_are(kept: Path) -> None:
    assert "2 of 3 deals, --limit 0 shows all" in rasad("deals", "-r", kept, "--limit", "2").stdout
    assert "3 deals · " in rasad("deals", "-r", kept, "--limit", "0").stdout


def test_a_reader_that_stops_early_is_no_error(kept: Path) -> None:
    for form in ("table", "jsonl"):
        process = subprocess.Popen(
            [sys.executable, "-m", "rasad.cli", "deals", "-r", str(kept), "-f", form], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )  # fmt: skip
        process.stdout.close()
        told = process.stderr.read().decode()
        assert (process.wait(), told) == (141, "")


# Relations.


def test_a_relation_is_one_sentence(kept: Path) -> None:
    shown = rasad("relations", "-r", kept, width=160).stdout
    assert "India depends on Russia for S-300" in shown
    assert "France competes with Russia in the market of India" in shown


def test_an_accusation_is_listed_with_its_finding_and_its_denial(kept: Path) -> None:
    shown = " ".join(rasad("relations", "-r", kept, "--party", "Hungary", width=200).stdout.split())
    assert "Sweden accuses Hungary of" in shown
    assert shown.count("alleged, not established · denied by Hungary") == 1
    (row,) = [row for row in found(kept, "relations") if row["frame"] == "allegation"]
    assert (row["polarity"], row["denied"]) == ("positive", True)
    assert row["denied_by"] == [{"id": "country:HUN", "name": "Hungary"}]


def test_an_accusation_that_nobody_denies_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(UKRAINIAN.partition(".")[0] + ".", encoding="utf-8")
    rasad("add", tmp_path / "a.txt", "-r", tmp_path / "r.db")
    shown = rasad("relations", "-r", tmp_path / "r.db", width=200).stdout
    assert "alleged, not established · no denial found" in shown
    identifier = found(tmp_path / "r.db", "relations")[0]["id"]
    assert rasad("show", identifier, "-r", tmp_path / "r.db").stdout.count("no denial found") == 2


def test_relations_as_csv_have_their_roles(kept: Path) -> None:
    table = list(csv.DictReader(rasad("relations", "-r", kept, "-f", "csv").stdout.splitlines()))
    assert list(table[0]) == list(RELATION_COLUMNS)
    needs = next(cells for cells in table if cells["frame"] == "dependence")
    assert needs["roles"] == "dependent=country:IND;provider=country:RUS;item=system:S-300"
    accused = next(cells for cells in table if cells["frame"] == "allegation")
    assert (accused["findings"], accused["denied_by"]) == ("alleged", "Hungary")


# Showing.


def test_a_deal_shows_every_value_with_who_supports_it(kept: Path) -> None:
    shown = rasad("show", sale(kept), "-r", kept, width=120).stdout
    fields = [" ".join(line.split()) for line in shown.splitlines()]
    assert "supplier Russia 3 independent sources, 3 reports 2018-10-05–2021" in fields
    assert "year of order 2018 2 independent sources, 2 reports 2018-10-05–2019-02" in fields
    assert "years of delivery 2021 1 independent source, 1 report 2021" in fields
    number = next(at for at, line in enumerate(fields) if line.startswith("number ordered"))
    assert {line.removeprefix("number ordered ") for line in fields[number : number + 2]} == {
        "18 1 independent source, 1 report 2018-10-05",
        "24 1 independent source, 1 report 2019-02",
    }
    assert "3 independent sources, 3 reports, 3 claims · 2018–2021" in shown


def test_a_deal_tells_its_history_and_its_disagreements_in_words(kept: Path) -> None:
    shown = rasad("show", sale(kept), "-r", kept, width=120).stdout
    history = [" ".join(line.split()) for line in shown.splitlines()]
    assert "2018 ordered 18 1 independent source, 1 report" in history
    assert "2018 ordered 24 1 independent source, 1 report" in history
    assert "2021 delivered 1 independent source, 1 report" in history
    told = next(line for line in history if line.startswith("≠ the number: "))
    assert "18 (1 independent source, 1 report)" in told
    assert "24 (1 independent source, 1 report)" in told


def test_the_evidence_stands_source_by_source_in_its_own_language_and_direction(kept: Path) -> None:
    shown = rasad("show", sale(kept), "-r", kept, width=120).stdout
    assert "source 1 of 3: 1 report" in shown
    assert "source 3 of 3: 1 report" in shown
    assert "according to John Smith (Defence Minister) · Harbour Review, 2018-10-05 (sale.en)" in shown
    assert "according to Sergei Shoigu" in shown
    assert "В 2021 году Россия поставила Индии зенитные комплексы С-400" in shown
    arabic = [line.strip() for line in shown.splitlines() if "روسيا" in line]
    assert arabic
    assert all(line.startswith(RLI) and line.endswith(PDI) for line in arabic)
    for name in ("sale.en", "sale.ar", "delivery.ru"):
        assert claim(kept, name) in shown


def test_an_accusation_is_shown_with_its_finding_and_its_denial(kept: Path) -> None:
    for identifier in (
        claim(kept, "accused.uk", "allegation"),
        "Hungary",
        found(kept, "search", "ембарго")[0]["document"],
    ):
        shown = rasad("show", identifier, "-r", kept, width=120).stdout
        assert "Sweden accuses Hungary of" in shown
        assert "finding: alleged, not established · denied by Hungary" in shown


def test_a_claim_shows_where_it_stands_and_what_it_is_part_of(kept: Path) -> None:
    identifier = claim(kept, "sale.en")
    shown = rasad("show", identifier, "-r", kept, width=120).stdout
    assert "Harbour Review, 2018-10-05 (sale.en) https://example.org/1" in shown
    assert f"· {sale(kept)}" in shown
    told = found(kept, "show", identifier)
    assert told["claim"]["evidence"]["quote"] == ENGLISH[: told["claim"]["evidence"]["end"]]
    assert told["standing"] == told["claim"]
    assert [row["id"] for row in told["rows"]] == [sale(kept)]


def test_an_entity_shows_every_name_and_where_it_was_seen(kept: Path) -> None:
    shown = rasad("show", "system:S-400", "-r", kept, width=120).stdout
    assert "S-400" in shown
    assert "С-400" in shown
    assert "إس-400" in shown
    assert "Vestnik, 2021 (delivery.ru)" in shown
    told = found(kept, "show", "S-400")
    assert {(seen["text"], seen["language"], seen["claims"]) for seen in told["names"]} == {("S-400", "en", 1), ("إس-400", "ar", 1), ("С-400", "ru", 1)}  # fmt: skip
    assert (told["claims"], told["deals"]) == (3, 1)
    assert [row["id"] for row in told["rows"]] == [sale(kept)]


def test_a_document_shows_where_it_was_printed_its_claims_and_its_text(kept: Path) -> None:
    identifier = found(kept, "search", "الهند")[0]["document"]
    shown = rasad("show", identifier[:12], "-r", kept, width=120).stdout
    assert f"━━ {identifier} · Arabic · 2 claims" in shown
    assert "Sahifa, 2019-02 (sale.ar)" in shown
    assert f"part of {sale(kept)}" in shown
    assert found(kept, "show", identifier)["text"] == ARABIC


def test_a_deal_as_json_has_everything_behind_it(kept: Path) -> None:
    told = found(kept, "show", sale(kept))
    assert told["sentence"].startswith("Russia → India: ")
    numbers = next(field for field in told["behind"]["fields"] if field["name"] == "number_ordered")
    assert {value["value"] for value in numbers["values"]} == {18.0, 24.0}
    assert {held["claim"]["language"] for held in told["behind"]["claims"]} == {"en", "ar", "ru"}
    assert [one["kind"] for one in told["behind"]["disagreements"]] == ["number"]


def test_what_does_not_exist_is_told_with_what_is_nearest(kept: Path) -> None:
    near = sale(kept)[:-1] + ("0" if sale(kept)[-1] != "0" else "1")
    for given, told in (
        (near, f"rasad: {near}: there is no such deal; nearest is {sale(kept)}"),
        ("c-0000000000000000", "rasad: c-0000000000000000: there is no such claim; it may have changed"),
        (
            "doc-ffffffffffffffff",
            "rasad: doc-ffffffffffffffff: there is no such document; it may be of another register",
        ),
        ("country:RUZ", "rasad: country:RUZ: there is no such entity; did you mean country:RUS?"),
        ("Rusia", "did you mean Russia?"),
    ):
        done = rasad("show", given, "-r", kept)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr
        assert done.stderr.count("\n") == 1


# Searching.


def test_a_search_finds_words_in_any_form_and_then_like_meanings(kept: Path) -> None:
    hits = found(kept, "search", "комплекс", "Индия")
    assert hits[0]["by"] == "words"
    assert "зенитные комплексы" in hits[0]["quote"]
    assert {hit["by"] for hit in hits} == {"words", "meaning"}
    places = [(hit["document"], hit["start"]) for hit in hits]
    assert len(places) == len(set(places))


def test_a_question_in_one_language_finds_the_sentence_in_another(kept: Path) -> None:
    hits = found(kept, "search", "--meaning", "Russia signed a contract for systems with India", "--limit", "3")
    assert {hit["by"] for hit in hits} == {"meaning"}
    assert "ar" in {hit["language"] for hit in hits}
    arabic = next(hit for hit in hits if hit["language"] == "ar")
    assert arabic["claims"] == [claim(kept, "sale.ar")]


def test_a_search_is_printed_with_claims_deals_and_places(kept: Path) -> None:
    shown = rasad("search", "Shoigu", "-r", kept, width=120).stdout
    assert "With these words  1 result" in shown
    assert "В 2021 году Россия поставила Индии" in shown
    assert "Vestnik, 2021 (delivery.ru)" in shown
    assert claim(kept, "delivery.ru") in shown
    assert sale(kept) in shown


def test_whole_texts_are_found_too(kept: Path) -> None:
    hits = found(kept, "search", "--documents", "танк")
    assert [hit["kind"] for hit in hits] == ["document"]
    assert hits[0]["quote"] == UKRAINIAN
    assert "nothing found for aardvark" in rasad("search", "--documents", "aardvark", "-r", kept).stdout


# Reviewing.


def review(register: Path, *arguments: str | Path) -> Done:
    return rasad("review", *arguments, "-r", register, "--reviewer", "Anna")


def test_a_rejected_claim_takes_part_in_nothing_until_it_is_undone(register: Path) -> None:
    identifier = claim(register, "sale.ar")
    done = review(register, "reject", identifier, "--reason", "a typing error")
    assert done.stdout == f"review 1: rejected {identifier}; `rasad review undo 1` takes it back\n"
    row = found(register, "deals", "--item", "S-400")[0]
    assert (row["reports"], row["number_ordered"], row["disputed"]) == (2, 18.0, [])
    shown = rasad("show", identifier, "-r", register, width=120).stdout
    assert "Anna: reject · a typing error" in shown
    assert "rejected, it takes part in nothing" in shown
    review(register, "undo", "1")
    assert found(register, "deals", "--item", "S-400")[0]["disputed"] == ["number"]


def test_an_accepted_claim_says_so(register: Path) -> None:
    review(register, "accept", claim(register, "sale.en")[:10])
    assert "accepted by a reviewer" in rasad("show", sale(register), "-r", register).stdout


def test_a_claim_is_corrected_field_by_field(register: Path) -> None:
    identifier = claim(register, "sale.en")
    done = review(
        register, "correct", identifier, "quantity=20", "value=2500000000:eur", "year=2017", "stage=approved",
        "supplier=country:RUS,org:rosoboronexport", "terms=",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    standing = found(register, "show", identifier)["standing"]
    assert (standing["quantity"], standing["year"], standing["stage"]) == (20.0, 2017, "approved")
    assert standing["value"] == {"amount": 2.5e9, "currency": "EUR"}
    assert [filler["id"] for filler in standing["roles"]["supplier"]] == ["country:RUS", "org:rosoboronexport"]
    review(register, "correct", identifier, "value=", "supplier=")
    standing = found(register, "show", identifier)["standing"]
    assert standing["value"] is None
    assert "supplier" not in standing["roles"]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("stage", "'stage' is no FIELD=VALUE, as in stage=ordered"),
        ("stag=ordered", "a transfer claim has no 'stag'"),
        ("stage=orderd", "'orderd' is not one of proposed"),
        ("year=lately", "year: 'lately' is no year"),
        ("value=12", "value: '12' is no amount, as in 2500000000:USD"),
        ("value=x:USD", "value: 'x:USD' is no amount"),
        ("supplier=Russia", "supplier: 'Russia' is no id of"),
        ("polarity=", "polarity: every claim has one, it cannot be removed"),
    ],
)
def test_a_wrong_correction_is_told_and_changes_nothing(register: Path, field: str, told: str) -> None:
    done = review(register, "correct", claim(register, "sale.en"), field)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert found(register, "review", "log") == []


def test_deals_are_joined_and_split(register: Path) -> None:
    parts = [row["id"] for row in found(register, "deals") if row["roles"]["recipient"][0]["id"] == "country:IND"]
    assert review(register, "join", *parts).returncode == 0
    joined = [row for row in found(register, "deals") if row["roles"]["recipient"][0]["id"] == "country:IND"]
    assert [row["reports"] for row in joined] == [3]
    assert [row["claims"] for row in joined] == [4]
    review(register, "undo", "1")
    review(register, "split", sale(register), claim(register, "sale.ar"))
    assert sorted(row["claims"] for row in found(register, "deals", "--item", "S-400")) == [1, 2]


def test_entities_are_merged_and_parted(register: Path) -> None:
    assert review(register, "merge", "country:POL", "country:UKR").returncode == 0
    assert "merged into country:UKR by a reviewer" in rasad("show", "POL", "-r", register).stdout
    assert "country:POL was merged into it" in rasad("show", "UKR", "-r", register).stdout
    review(register, "undo", "1")
    tanks = claim(register, "accused.uk")
    assert review(register, "part", "Poland", "country:HUN", tanks).returncode == 0
    row = found(register, "deals", "--item", "T-72")[0]
    assert row["roles"]["recipient"] == [{"id": "country:HUN", "name": "Hungary"}]


def test_the_log_tells_what_was_decided_and_what_was_undone(register: Path) -> None:
    identifier = claim(register, "sale.en")
    review(register, "correct", identifier, "quantity=20", "--reason", "the annex says so")
    review(register, "undo", "1", "--reason", "it does not")
    log = found(register, "review", "log")
    assert [(line["id"], line["action"], line["reviewer"], line["undone_by"]) for line in log] == [(1, "correct", "Anna", 2), (2, "undo", "Anna", None)]  # fmt: skip
    shown = rasad("review", "log", "-r", register, width=160).stdout
    assert f"corrected {identifier}: quantity=20" in shown
    assert "the annex says so" in shown
    assert "undone by 2" in shown
    assert "undid review 1" in shown
    review(register, "undo", "2")
    assert [line["undone_by"] for line in found(register, "review", "log")] == [None, 3, None]


def test_a_log_of_nothing_says_so(register: Path) -> None:
    assert rasad("review", "log", "-r", register).stdout == "nothing was reviewed yet\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["accept", "c-0000000000000000"], "c-0000000000000000: there is no such claim"),
        (["undo", "7"], "7: there is no such review; `rasad review log` lists them"),
        (["join", "d-0000000000000000", "d-1111111111111111"], "d-0000000000000000: there is no such deal"),
        (["merge", "person:nobody", "country:UKR"], "person:nobody: there is no such entity"),
        (["merge", "country:UKR", "system:S-400"], "are of different kinds and cannot be one"),
    ],
)
def test_a_review_of_what_is_not_there_is_told(register: Path, arguments: list[str], told: str) -> None:
    done = review(register, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("rasad: ")
    assert told in done.stderr


def test_a_claim_that_went_when_its_text_was_read_again_cannot_be_reviewed(register: Path) -> None:
    identifier = claim(register, "sale.en")
    with (
        open_register(register) as opened,
        opened.engine.begin() as connection,
    ):  # as a newer reader that finds nothing leaves it
        for table in ("atoms", "mentions"):
            connection.execute(text(f"DELETE FROM {table} WHERE claim = :claim"), {"claim": identifier})
        connection.execute(text("DELETE FROM claims WHERE id = :claim"), {"claim": identifier})
    done = review(register, "accept", identifier)
    assert done.returncode == 2
    assert f"{identifier}: there is no such claim; it may have changed when more was read" in done.stderr


def test_the_reviewer_is_the_login_name_where_none_is_given(register: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rasad.cli", "review", "accept", claim(register, "sale.en"), "-r", str(register)],
        env={**os.environ, "LOGNAME": "boris"}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.startswith("review 1: accepted")
    assert found(register, "review", "log")[0]["reviewer"] == "boris"


def test_the_commands_are_the_same_on_every_database(address: str, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in PRINTED), encoding="utf-8")
    assert rasad("add", news, "-r", address).returncode == 0
    identifier = sale(address)
    assert "≠ the number: " in rasad("show", identifier, "-r", address, width=120).stdout
    assert "denied by Hungary" in rasad("relations", "-r", address, width=200).stdout
    told = found(address, "show", "S-400")
    assert {seen["text"] for seen in told["names"]} == {"S-400", "إس-400", "С-400"}
    assert found(address, "search", "Shoigu")[0]["claims"]
    near = rasad("show", f"{identifier[:-1]}x", "-r", address)
    assert f"nearest is {identifier}" in near.stderr
    assert (
        review(address, "reject", found(address, "show", identifier)["behind"]["claims"][0]["claim"]["id"]).returncode
        == 0
    )
    assert found(address, "deals", "--item", "S-400")[0]["claims"] == 2
    assert "is up to date" in rasad("upgrade", "-r", address).stdout


# Registers that are not as they should be.


def missing(folder: Path) -> Path:
    return folder / "none.db"


def damaged(folder: Path) -> Path:
    (folder / "bad.db").write_bytes(b"this is no database" * 100)
    return folder / "bad.db"


def foreign(folder: Path) -> Path:
    engine = create_engine(f"sqlite:///{folder / 'other.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE books (title text)"))
    engine.dispose()
    return folder / "other.db"


def newer(folder: Path) -> Path:
    with open_register(folder / "newer.db", create=True) as opened, opened.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    return folder / "newer.db"


@pytest.mark.parametrize("command", [["deals"], ["show", "c-1234"], ["search", "x"], ["review", "log"], ["upgrade"]])
@pytest.mark.parametrize(
    ("made", "told"),
    [
        (missing, "no such register; `rasad add PATH…` makes one"),
        (damaged, "it is not a SQLite file"),
        (foreign, "is no register of Rasad's"),
        (newer, "was made by a newer Rasad"),
    ],
)
def test_a_register_that_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, command: list[str], made: Callable[[Path], Path], told: str
) -> None:
    file = made(tmp_path)
    before = file.read_bytes() if file.exists() else None
    done = rasad(*command, "-r", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"rasad: {file}: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert (file.read_bytes() if file.exists() else None) == before


def test_an_older_register_is_brought_up_to_date(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    file = tmp_path / "old.db"
    config = Config()
    config.set_main_option("script_location", str(Path(open_register.__code__.co_filename).with_name("migrations")))
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    refused = rasad("deals", "-r", file)
    assert refused.returncode == 2
    assert f"bring it up to date with `rasad upgrade --register {file}`" in refused.stderr
    done = rasad("upgrade", "--register", file)
    assert done.returncode == 0
    assert "was brought from version 0001 of the tables to " in done.stdout
    assert rasad("deals", "-r", file).stdout == "no deals that pass\n"
    assert "is up to date" in rasad("upgrade", "-r", file).stdout


def test_what_an_interrupted_run_left_is_gathered_first(register: Path) -> None:
    _leave_undone(register)
    assert found(register, "deals", "--item", "S-400")[0]["reports"] == 3


def test_a_register_that_cannot_be_written_now_says_that_something_is_not_gathered(register: Path) -> None:
    _leave_undone(register)
    holder = create_engine(f"sqlite:///{register}")
    with holder.connect() as connection:  # another program that writes for long: nobody else may
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        done = rasad("deals", "-r", register, "-f", "json")
    holder.dispose()
    assert done.returncode == 0
    assert "another program has been writing to it for a while" in done.stderr
    assert done.stderr.endswith("some claims are not gathered into deals and relations yet\n")
    assert json.loads(done.stdout) == []


def _leave_undone(register: Path) -> None:
    """As a run that was killed before it gathered leaves a register."""
    with open_register(register) as opened, opened.engine.begin() as connection:
        connection.execute(text("INSERT INTO stale SELECT DISTINCT block FROM atoms"))
        connection.execute(text("DELETE FROM deals"))


def test_reading_a_report_loads_nothing_of_the_register(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OTHER, encoding="utf-8")
    program = (
        "import sys\nfrom rasad.cli import app\n"
        f"app(['read', {str(tmp_path / 'a.txt')!r}, '-f', 'csv'], standalone_mode=False)\n"
        "print({name.partition('.')[0] for name in sys.modules} & {'alembic', 'duckdb', 'pyarrow', 'splink', 'sqlalchemy'})"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert "Rafale" in done.stdout
    assert done.stdout.endswith("\nset()\n")


def test_every_command_and_column_is_documented() -> None:
    told = (Path(__file__).parents[1] / "docs" / "command-line.md").read_text(encoding="utf-8")
    commands = ("add", "deals", "relations", "show", "search", "upgrade", *(f"review {name}" for name in ("accept", "reject", "correct", "join", "split", "merge", "part", "undo", "log")))  # fmt: skip
    assert [name for name in commands if f"rasad {name}" not in told] == []
    assert [name for name in (*DEAL_COLUMNS, *RELATION_COLUMNS) if f"`{name}`" not in told] == []
