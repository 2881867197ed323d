"""Questions that have no answer, or mean nothing, are told alike by every command that answers an analyst."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from told import said, store
from typer.testing import CliRunner

from rasad.cli import app
from rasad.register import open_register

EMPTY = "the register has no claims yet; `rasad add PATH…` reads reports into it"
#: What is asked of each command, of a state or, with a sign of its own, of all.
ASKED = {
    "market": ["market", "{}"], "supplier": ["supplier", "{}"], "flows": ["flows", "--recipient", "{}"],
    "dependence": ["dependence", "{}"], "allegations": ["allegations", "--accused", "{}"], "alignment": ["alignment", "{}"],
    "embargoes": ["embargoes", "--deals", "--target", "{}"], "brief": ["brief", "{}", "-o", "brief.html"],
}  # fmt: skip
DRAWING = [command for command in ASKED if command != "brief"]


def asked(command: str, state: str, *more: str) -> list[str]:
    return [part.format(state) for part in ASKED[command]] + [*more]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register in which something is told of Iran by which every command has an answer, and nothing of Togo."""
    with open_register(tmp_path / "rasad.db", create=True) as register:
        store(register, [
            said("Russia delivered the S-300.", supplier="country:RUS", recipient="country:IRN", item="system:S-300", stage="delivered", year=2016),
            said("Iran delivered drones.", supplier="country:IRN", recipient="country:RUS", item="system:Shahed-136", stage="delivered", year=2022),
            said("Iran is drawing closer to Russia.", "alignment", actor="country:IRN", toward="country:RUS", year=2016),
            said("Iran is accused.", "allegation", accused="country:IRN", offence=["diversion"], year=2016),
        ])  # fmt: skip
    return tmp_path


def rasad(folder: Path, *arguments: str) -> Result:
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        ran = CliRunner().invoke(app, [*arguments], prog_name="rasad", env={"COLUMNS": "120", "RASAD_REGISTER": ""})
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"rasad.db", "rasad.db-wal", "rasad.db-shm"}


@pytest.mark.parametrize("command", ASKED)
def test_a_question_with_an_answer_ends_with_0(folder: Path, command: str) -> None:
    ran = rasad(folder, *asked(command, "IRN"))
    assert ran.exit_code == 0
    assert "Iran" in (folder / "brief.html").read_text() if command == "brief" else "Iran" in ran.stdout


@pytest.mark.parametrize("command", DRAWING)
def test_a_question_without_an_answer_ends_with_0_and_says_what_is_missing(folder: Path, command: str) -> None:
    ran = rasad(folder, *asked(command, "Togo"))
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr.startswith("rasad: ")
    assert len(ran.stderr.splitlines()) == 1
    assert "embargo" in ran.stderr if command == "embargoes" else "Togo" in ran.stderr or "recipient" in ran.stderr
    data = rasad(folder, *asked(command, "Togo", "-f", "json"))
    assert (data.exit_code, data.stderr) == (0, ran.stderr)
    assert not any(rows for name, rows in json.loads(data.stdout).items() if name not in ("title", "notes"))


@pytest.mark.parametrize("command", ASKED)
def test_a_register_without_claims_says_what_to_do(tmp_path: Path, command: str) -> None:
    open_register(tmp_path / "rasad.db", create=True).close()
    ran = rasad(tmp_path, *asked(command, "IRN"))
    assert (ran.exit_code, ran.stdout) == (1 if command == "brief" else 0, "")
    assert EMPTY in ran.stderr
    assert left(tmp_path) == set()


@pytest.mark.parametrize("command", DRAWING)
def test_a_picture_with_nothing_in_it_is_not_drawn_and_ends_with_1(folder: Path, command: str) -> None:
    ran = rasad(folder, *asked(command, "Togo", "-o", "picture.svg"))
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "nothing to draw" in ran.stderr
    assert ran.stderr.endswith("; nothing was written\n")
    assert left(folder) == set()


def test_a_brief_with_nothing_in_it_is_not_written_and_ends_with_1(folder: Path) -> None:
    ran = rasad(folder, *asked("brief", "Togo"))
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == "rasad: the register has no claim that a brief on Togo could tell; nothing was written\n"
    assert left(folder) == set()


@pytest.mark.parametrize("command", DRAWING)
def test_a_picture_that_cannot_be_written_leaves_nothing_and_ends_with_2(folder: Path, command: str) -> None:
    (folder / "folder.svg").mkdir()
    for path, why in (
        ("nowhere/a.svg", "cannot be written"),
        ("a.gif", "is written as .svg, .png, .json"),
        ("folder.svg", "is a folder"),
    ):
        ran = rasad(folder, *asked(command, "IRN", "-o", path))
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert why in ran.stderr
        assert left(folder) == {"folder.svg"}


@pytest.mark.parametrize("command", ASKED)
def test_an_unknown_country_is_answered_with_the_nearest(folder: Path, command: str) -> None:
    ran = rasad(folder, *asked(command, "Irann"))
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "did you mean Iran?" in ran.stderr
    assert left(folder) == set()


@pytest.mark.parametrize("command", ["market IRN", "supplier IRN", "flows"])
def test_an_unknown_category_is_answered_with_the_nearest(folder: Path, command: str) -> None:
    ran = rasad(folder, *command.split(), "--category", "air-defense-systems")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "did you mean air-defence-systems?" in ran.stderr


@pytest.mark.parametrize("command", ["flows", "dependence"])
def test_an_unknown_system_is_answered_with_the_nearest(folder: Path, command: str) -> None:
    ran = rasad(folder, command, "--item", "Shahed-1366")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "did you mean Shahed-136?" in ran.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["market", "IRN", "--from", "1991", "--to", "1992"], ["supplier", "IRN", "--to", "1992"], ["flows", "--year", "1991-1992"],
        ["allegations", "--year", "1991"], ["alignment", "IRN", "--year", "1991"],
    ],
)  # fmt: skip
def test_a_period_without_data_ends_with_0_and_says_so(folder: Path, command: list[str]) -> None:
    ran = rasad(folder, *command)
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "199" in ran.stderr or "2022" in ran.stderr or "2016" in ran.stderr


def test_a_malformed_table_of_embargoes_is_named_with_its_line(folder: Path) -> None:
    (folder / "mine.tsv").write_text("id\tdirection\n")
    ran = rasad(folder, "embargoes", "--file", "mine.tsv", "-o", "a.svg")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "mine.tsv, line 1: the header must be" in ran.stderr
    assert left(folder) == {"mine.tsv"}


def test_an_answer_without_rows_in_the_table_that_was_asked_for_says_so(folder: Path) -> None:
    ran = rasad(folder, "allegations", "--table", "denials")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr.startswith("rasad: 1 accusation: no denials; ")
