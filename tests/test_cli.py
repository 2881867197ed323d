"""The command line, through its own door, on real files; as a process of its own where terminals, pipes and signals count."""

import csv
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from rasad.cli import app, runs
from rasad.reports.rows import columns
from rasad.reports.wording import PDI, RLI

SALE = (
    "In March 2006 Sweden delivered 12 Gripen fighters to Hungary for $1.2 billion, said Defence Minister John Smith."
)
ARABIC = "سلمت روسيا الصين 24 مقاتلة من طراز سو-35 في عام 2018، وقال مسؤولون إن الصفقة تمت."
ACCUSED = "Sweden accused Hungary of selling missiles to Iraq in breach of the embargo. Hungary denied the accusations."
SCHOOL = "The village school reopened on Monday, and the children said that they were happy with the new library."
CLAIM_FIELDS = {
    "id", "document", "language", "frame", "roles", "stage", "certainty", "polarity", "quantity", "value", "year", "time",
    "attribution", "evidence", "confidence",
}  # fmt: skip
FRAME_FIELDS = {"terms", "activity", "finding", "offence", "basis", "standing", "stance"}


class Done(NamedTuple):
    """What a command printed, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


def rasad(*arguments: str | Path, stdin: bytes | None = None, width: int = 80) -> Done:
    done = CliRunner().invoke(
        app, [str(a) for a in arguments], input=stdin, env={"COLUMNS": str(width)}, prog_name="rasad"
    )
    return Done(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "gripen.txt").write_text(SALE, encoding="utf-8")
    (folder / "school.txt").write_text(SCHOOL, encoding="utf-8")
    (folder / "sukhoi.ar.txt").write_text(ARABIC, encoding="utf-8")
    return folder


def lines(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_json_lines_have_the_fields_of_the_public_shape(reports: Path) -> None:
    done = rasad("read", reports / "gripen.txt", "--format", "jsonl")
    claim = next(c for c in lines(done.stdout) if c["frame"] == "transfer")
    assert CLAIM_FIELDS <= claim.keys() <= CLAIM_FIELDS | FRAME_FIELDS
    assert claim["document"] == str(reports / "gripen.txt")
    assert claim["language"] == "en"
    assert claim["roles"]["supplier"] == [
        {"id": "country:SWE", "name": "Sweden", "country": "SWE", "text": "Sweden", "start": 14, "end": 20}
    ]
    assert [f["id"] for f in claim["roles"]["recipient"]] == ["country:HUN"]
    assert claim["roles"]["item"][0].keys() - {"country"} == {"id", "name", "category", "text", "start", "end"}
    assert (claim["stage"], claim["certainty"], claim["polarity"]) == ("delivered", "asserted", "positive")
    assert (claim["quantity"], claim["value"], claim["year"]) == (12, {"amount": 1.2e9, "currency": "USD"}, 2006)
    assert claim["time"].keys() == {"text", "start", "end", "from", "to"}
    assert all(s.keys() == {"id", "name", "kind", "title", "organisation", "anonymous"} for s in claim["attribution"])
    assert claim["evidence"] == {"start": 0, "end": len(SALE), "quote": SALE}
    assert 0 <= claim["confidence"] <= 1
    assert done.returncode == 0


def test_json_is_one_array_of_the_same_claims(reports: Path) -> None:
    array = json.loads(rasad("read", reports, "-f", "json").stdout)
    assert array == lines(rasad("read", reports, "-f", "jsonl").stdout)
    assert json.loads(rasad("read", reports / "school.txt", "-f", "json").stdout) == []


def test_csv_holds_one_row_a_claim_and_everything_in_its_last_column(reports: Path) -> None:
    claims = lines(rasad("read", reports, "-f", "jsonl").stdout)
    rows = list(csv.DictReader(rasad("read", reports, "-f", "csv").stdout.splitlines()))
    assert list(rows[0]) == [column.name for column in columns()]
    assert [json.loads(row["claim"]) for row in rows] == claims
    first = next(row for row in rows if row["frame"] == "transfer" and row["language"] == "en")
    assert (first["supplier"], first["recipient"], first["quantity"], first["currency"]) == (
        "country:SWE",
        "country:HUN",
        "12.0",
        "USD",
    )


def test_parquet_reads_back_as_typed_columns(reports: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    done = rasad("read", reports, "-o", tmp_path / "claims.parquet")
    table = parquet.read_table(tmp_path / "claims.parquet").to_pylist()
    assert (done.returncode, done.stdout) == (0, "")
    assert [json.loads(row["claim"]) for row in table] == lines(rasad("read", reports, "-f", "jsonl").stdout)
    first = next(row for row in table if row["frame"] == "transfer" and row["language"] == "en")
    assert (first["value"], first["year"], first["start"], first["terms"]) == (1.2e9, 2006, 0, first["terms"])


def test_parquet_of_no_claims_is_a_valid_file(reports: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    rasad("read", reports / "school.txt", "-o", tmp_path / "none.parquet")
    assert parquet.read_table(tmp_path / "none.parquet").num_rows == 0


def test_parquet_goes_to_standard_output_only_where_that_is_a_file(reports: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    piped = rasad("read", reports, "-f", "parquet")
    assert (piped.returncode, piped.stdout) == (2, "")
    assert "--output" in piped.stderr
    with (tmp_path / "out.parquet").open("wb") as out:
        subprocess.run([sys.executable, "-m", "rasad.cli", "read", reports, "-f", "parquet"], stdout=out, check=True)
    assert parquet.read_table(tmp_path / "out.parquet").num_rows > 0


@pytest.mark.parametrize("ending", ["jsonl", "csv", "json"])
def test_the_ending_of_the_output_tells_the_format(reports: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"claims.{ending}"
    rasad("read", reports, "--output", out)
    assert out.read_text(encoding="utf-8") == rasad("read", reports, "--format", ending).stdout


def test_standard_input_is_a_document_named_by_a_dash() -> None:
    claims = lines(rasad("read", "-", "-f", "jsonl", stdin=SALE.encode()).stdout)
    assert {c["document"] for c in claims} == {"-"}
    assert any(c["frame"] == "transfer" for c in claims)


def test_only_the_asked_frames_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{SALE} Hungary is a member of NATO. {ACCUSED}", encoding="utf-8")
    every = {c["frame"] for c in lines(rasad("read", file, "-f", "jsonl").stdout)}
    assert {"transfer", "membership"} <= every
    one = lines(rasad("read", file, "-f", "jsonl", "--frame", "membership").stdout)
    assert {c["frame"] for c in one} == {"membership"}
    two = lines(rasad("read", file, "-f", "jsonl", "--frame", "membership", "--frame", "transfer").stdout)
    assert {c["frame"] for c in two} == {"membership", "transfer"}


def test_only_claims_that_are_sure_enough_are_shown(reports: Path) -> None:
    every = lines(rasad("read", reports, "-f", "jsonl").stdout)
    bar = sorted(c["confidence"] for c in every)[len(every) // 2]
    shown = lines(rasad("read", reports, "-f", "jsonl", "--min-confidence", str(bar)).stdout)
    assert shown == [c for c in every if c["confidence"] >= bar]


def test_the_language_can_be_told() -> None:
    text = b"Gripen: 12. Saab: Budapest, 2006. S-300: 4."
    assert rasad("read", "-", stdin=text).returncode == 1
    assert rasad("read", "-", "--language", "en", stdin=text).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--frame", "transfr"], "did you mean transfer?"),
        (["--language", "fr"], "ar, en, ru, uk"),
        (["--format", "jsnl"], "did you mean json"),
        (["--min-confidence", "1.5"], "not between 0 and 1"),
        (["--explain", "--format", "csv"], "--explain"),
        (["--output", "/nowhere/at/all.csv"], "/nowhere/at/all.csv cannot be written"),
    ],
)
def test_wrong_use_is_told_in_one_line(reports: Path, arguments: list[str], told: str) -> None:
    done = rasad("read", reports, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_to_be_read_is_never_written_over(reports: Path) -> None:
    done = rasad("read", reports / "gripen.txt", "-o", reports / "gripen.txt")
    assert done.returncode == 2
    assert (reports / "gripen.txt").read_text(encoding="utf-8") == SALE


def test_nothing_to_read_is_wrong_use() -> None:
    assert rasad("read").returncode == 2
    assert rasad("reed", "x").returncode == 2


def test_version_and_help() -> None:
    assert rasad("--version").stdout.startswith("rasad 0.")
    told = rasad("--help")
    assert told.returncode == 0
    assert "who claims what" in told.stdout
    assert "--min-confidence" in rasad("read", "--help").stdout


# The table.


def test_the_table_says_what_is_claimed_and_according_to_whom(reports: Path) -> None:
    shown = rasad("read", reports / "gripen.txt").stdout
    assert f"{reports / 'gripen.txt'} · English" in shown.replace("\n", "")
    assert "Sweden → Hungary: 12 × " in shown
    assert "1.2 billion USD · 2006" in shown
    assert "transfer · delivered" in shown
    assert "according to John Smith" in shown
    assert "in 1 document: " in shown


@pytest.mark.parametrize("width", [80, 200])
def test_no_line_of_the_table_is_wider_than_the_terminal(reports: Path, width: int) -> None:
    (reports / "long.txt").write_text(f"In a speech that was long and had no end, {SALE} " * 3, encoding="utf-8")
    shown = rasad("read", reports / "long.txt", reports / "sukhoi.ar.txt", width=width).stdout
    marks = str.maketrans("", "", RLI + PDI)
    assert max(len(line.translate(marks)) for line in shown.splitlines() if not line.startswith("━")) <= width
    assert "\x1b" not in shown


def test_a_quotation_from_right_to_left_has_its_own_isolated_lines(reports: Path) -> None:
    shown = rasad("read", reports / "sukhoi.ar.txt").stdout
    arabic = [line.strip() for line in shown.splitlines() if "روسيا" in line]
    assert arabic
    assert all(
        line.startswith(RLI) and line.endswith(PDI) and line.count(RLI) == line.count(PDI) == 1 for line in arabic
    )


def test_a_long_quotation_is_shortened_around_its_trigger(tmp_path: Path) -> None:
    padding = "the weather of that season was fair and the harvest had been good; " * 4
    text = (
        f"In the north {padding}in March Sweden delivered 12 Gripen fighters to the Hungarian army; {padding}said they."
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    shown = " ".join(rasad("read", tmp_path / "a.txt", "--frame", "transfer").stdout.split())
    _, quote, rest = shown.split("…")
    assert "Sweden delivered 12 Gripen fighters" in quote
    assert quote in text
    assert len(quote) < 160
    assert "In the north" not in rest


def test_an_accusation_is_shown_with_its_finding_and_its_denial(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ACCUSED, encoding="utf-8")
    claims = lines(rasad("read", tmp_path / "a.txt", "-f", "jsonl", "--frame", "allegation").stdout)
    shown = rasad("read", tmp_path / "a.txt", "--frame", "allegation").stdout
    assert {c["polarity"] for c in claims} == {"positive", "negative"}
    assert shown.count("finding: ") == len(claims)
    assert "finding: alleged, not established · denied by Hungary" in shown
    assert "this is a denial" in shown


def test_an_accusation_that_nobody_denies_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ACCUSED.partition(".")[0] + ".", encoding="utf-8")
    assert (
        "alleged, not established · no denial found in this text" in rasad("read", tmp_path / "a.txt", width=120).stdout
    )


def test_the_explanation_names_words_and_cues(reports: Path) -> None:
    shown = rasad("read", reports / "gripen.txt", "--explain", "--frame", "transfer", width=120).stdout
    assert "trigger: " in shown
    assert f"← delivered at {SALE.index('delivered')}–{SALE.index('delivered') + 9}" in shown
    assert "supplier: Sweden ← Sweden at 14–20 (subject" in shown
    for part in ("recipient: Hungary", "speaker: ", "stage: delivered", "certainty: asserted", "polarity: positive"):
        assert part in shown


def test_json_lines_carry_the_explanation_when_asked(reports: Path) -> None:
    plain = lines(rasad("read", reports, "-f", "jsonl").stdout)
    explained = lines(rasad("read", reports, "-f", "jsonl", "--explain").stdout)
    assert [{k: v for k, v in c.items() if k != "explanation"} for c in explained] == plain
    assert all(c["explanation"]["claim"] == c["id"] for c in explained)


def test_what_a_terminal_would_obey_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SALE.replace("to Hungary", "to Hungary \x1b[2J\u202e"), encoding="utf-8")
    shown = rasad("read", tmp_path / "a.txt").stdout
    assert "Sweden → Hungary" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


# Terminals, pipes and interruptions.


def on_a_terminal(arguments: list[str], stdout: int | None) -> tuple[str, int]:
    """What a process writes to the terminal that its standard error (and, without ``stdout``, its output) is."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-m", "rasad.cli", *arguments], stdout=theirs if stdout is None else stdout, stderr=theirs, env=environment
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while True:
        try:
            block = os.read(ours, 65_536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not block:
            break
        seen += block
    os.close(ours)
    return seen.decode("utf-8", "replace"), process.wait()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(SALE if number == 7 else SCHOOL, encoding="utf-8")
    (folder / "empty.txt").touch()
    return folder


def test_many_files_are_read_under_a_progress_bar_on_a_terminal(many: Path, tmp_path: Path) -> None:
    with (tmp_path / "out.jsonl").open("wb") as out:
        seen, code = on_a_terminal(["read", str(many), "-f", "jsonl"], out.fileno())
    assert f"/{sum(file.stat().st_size for file in many.iterdir()) / 1000:.1f} kB" in seen
    assert "empty.txt: skipped, empty" in seen
    assert code == 1
    assert (tmp_path / "out.jsonl").read_text().count("\n") >= 1


def test_a_run_shows_its_steps_on_a_terminal_and_names_that_cannot_move_the_cursor(many: Path, tmp_path: Path) -> None:
    (many / "\x1b[7A.txt").write_bytes(bytes(range(9)) * 99)
    seen, code = on_a_terminal(["run", str(many), str(tmp_path / "run"), "-p", "0"], None)
    assert code == 1
    assert re.search(r"(sifting|reading) .*\d kB", seen)
    assert "empty.txt: set aside, empty" in seen
    assert "[7A.txt: set aside, binary" in seen
    assert "\x1b[7A" not in seen


def test_where_there_is_no_terminal_a_line_tells_now_and_then_how_far_a_run_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SILENCE", 0.01)
    lines = runs.Lines()
    lines.step("sifting", 4_000_000)
    lines.done(1_000_000)
    time.sleep(0.02)
    lines.done(3_000_000)
    assert re.fullmatch(r"sifting: 3 MB of 4 MB, [\d.]+ [kMG]B/s, 0 min left\n", capsys.readouterr().err)


def test_no_progress_bar_is_drawn_when_piped_or_for_few_files(many: Path) -> None:
    assert rasad("read", many, "-f", "jsonl").stderr == f"{many / 'empty.txt'}: skipped, empty\n"
    seen, _ = on_a_terminal(["read", str(many / "7.txt")], None)
    assert "/1" not in seen.replace(str(many), "").replace("https://", "")
    assert "\x1b[" in seen  # the table has colours on a terminal


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_a_reader_that_stops_early_is_no_error(many: Path, form: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "rasad.cli", "read", str(many), "-f", form], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read().decode()
    assert process.wait() == 141
    assert "Traceback" not in told


def test_an_interruption_keeps_what_was_read(reports: Path, tmp_path: Path) -> None:
    waiting, out = tmp_path / "waiting", tmp_path / "out.jsonl"
    os.mkfifo(waiting)
    process = subprocess.Popen(
        [sys.executable, "-m", "rasad.cli", "read", str(reports / "gripen.txt"), str(waiting), "-o", str(out)],
        stderr=subprocess.PIPE,
    )
    writer = os.open(waiting, os.O_WRONLY)  # waits until the process reads: the first file is done
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    os.close(writer)
    assert process.returncode == 130
    assert told.decode().startswith("rasad: interrupted")
    assert lines(out.read_text(encoding="utf-8")) == lines(rasad("read", reports / "gripen.txt", "-f", "jsonl").stdout)


def test_claims_come_as_documents_are_read(reports: Path, tmp_path: Path) -> None:
    waiting = tmp_path / "waiting"
    os.mkfifo(waiting)
    process = subprocess.Popen(
        [sys.executable, "-m", "rasad.cli", "read", str(reports / "gripen.txt"), str(waiting), "-f", "jsonl"],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())  # before the second document is there
    assert first["document"].endswith("gripen.txt")
    waiting.write_text(ARABIC, encoding="utf-8")
    rest = lines(process.stdout.read().decode())
    assert any(c["document"] == str(waiting) for c in rest)
    assert process.wait() == 0


def test_every_column_and_field_is_documented() -> None:
    told = (Path(__file__).parents[1] / "docs" / "claims.md").read_text(encoding="utf-8")
    names = {column.name for column in columns()} | CLAIM_FIELDS | FRAME_FIELDS
    assert {name for name in names if f"`{name}`" not in told} == set()
