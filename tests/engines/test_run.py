"""A run on the cores of this machine."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyarrow import dataset, parquet
from typer.testing import CliRunner
from warcs import archive, page, record

import rasad
from rasad.claims import Claim, decoded
from rasad.cli import app
from rasad.engines import folder as folders
from rasad.engines import local, plan, pool, reading, sifting
from rasad.engines.local import run
from rasad.sources import Problem, Skipped

from .corpus import EVERYDAY, gold, gold_files, news


class Quiet:
    """Watches a run and says nothing."""

    def __init__(self) -> None:
        self.said: list[Problem | Skipped] = []

    def step(self, name: str, total: int) -> None:
        pass

    def done(self, behind: int) -> None:
        pass

    def say(self, entry: Problem | Skipped) -> None:
        self.said.append(entry)


class Stopping(Quiet):
    """Interrupts a run when it has said so often that something was done."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def done(self, behind: int) -> None:  # noqa: ARG002
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches and parts of a few texts, so that little text has many."""
    monkeypatch.setattr(plan, "PIECES", 3)
    monkeypatch.setattr(sifting, "PART", 4_000)
    monkeypatch.setattr(reading, "TOGETHER", 2_000)
    monkeypatch.setattr("rasad.engines.copying.TEXT", 6_000)


def written(run_folder: Path) -> dict[str, bytes]:
    """What a run wrote, but for what tells when."""
    files = (path for path in run_folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {str(path.relative_to(run_folder)): path.read_bytes() for path in files}


def claims(run_folder: Path) -> list[Claim]:
    return [decoded(body) for body in table(run_folder / "claims").column("claim").to_pylist()]


def table(folder: Path) -> Any:
    return dataset.dataset(folder, partitioning="hive").to_table()


def rasad_run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rasad.cli", "run", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, **options)


def test_a_run_gives_the_claims_that_reading_gives(tmp_path: Path) -> None:
    given = gold_files(tmp_path / "news", 5)
    report = run([str(given)], tmp_path / "run", processes=0, watching=Quiet())
    read = list(rasad.read(given))
    assert len(read) > 20
    assert sorted(claims(tmp_path / "run"), key=lambda claim: claim.id) == sorted(read, key=lambda claim: claim.id)
    assert report.claims == len(read)


def test_a_register_that_loads_a_run_has_the_deals_of_one_that_added_the_texts(tmp_path: Path) -> None:
    given = gold_files(tmp_path / "news", 3)
    report = run([str(given)], tmp_path / "run", processes=0, watching=Quiet())
    with rasad.open_register(tmp_path / "loaded.db", create=True) as loaded:
        assert loaded.load(tmp_path / "run").skipped == ()
        kept = (loaded.deals(), loaded.relations(), loaded.counts().claims)
    with rasad.open_register(tmp_path / "added.db", create=True) as added:
        added.add([given])
        assert (added.deals(), added.relations(), added.counts().claims) == kept
    assert report.claims == kept[2] > 10


@pytest.mark.usefixtures("small")
def test_the_same_bytes_from_one_process_and_from_two(tmp_path: Path) -> None:
    given = news(tmp_path / "news")
    one = run([str(given)], tmp_path / "one", processes=0, watching=Quiet())
    two = run([str(given)], tmp_path / "two", processes=2, watching=Quiet())
    assert written(tmp_path / "one") == written(tmp_path / "two")
    assert (one.texts, one.about, one.claims) == (two.texts, two.about, two.claims)


def test_the_same_bytes_where_there_is_so_much_that_copies_and_deals_have_processes_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, apart = news(tmp_path / "news"), list[str]()
    run([str(given)], tmp_path / "here", processes=1, watching=Quiet())

    def noted(work: partial[Any]) -> Any:
        apart.append(work.func.__name__)
        return pool.apart(work)

    monkeypatch.setattr(local, "MUCH", 0)
    monkeypatch.setattr(local, "apart", noted)
    run([str(given)], tmp_path / "apart", processes=1, watching=Quiet())
    assert apart == ["find_copies", "finish"]
    assert written(tmp_path / "here") == written(tmp_path / "apart")


@pytest.mark.usefixtures("small")
def test_a_run_that_is_stopped_anywhere_goes_on_and_gives_the_same_bytes(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=3)
    run([str(given)], tmp_path / "whole", processes=0, watching=Quiet())
    stops = 0
    while True:
        try:
            run([str(given)], tmp_path / "stopped", processes=0, watching=Stopping(after=5 + stops % 4))
            break
        except KeyboardInterrupt:
            stops += 1
            assert stops < 100
    assert stops > 2
    assert written(tmp_path / "stopped") == written(tmp_path / "whole")


@pytest.mark.usefixtures("small")
def test_what_was_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = news(tmp_path / "news", topics=3)
    with pytest.raises(KeyboardInterrupt):
        run([str(given)], tmp_path / "run", processes=0, watching=Stopping(after=6))
    done = len(list((tmp_path / "run" / "work" / "sifted").iterdir()))
    sifted: list[str] = []
    real = sifting.sift

    def counted(pieces: Any) -> Any:
        sifted.extend(piece.name for piece in sifting.pieces_in(pieces))
        return real(pieces)

    monkeypatch.setattr(sifting, "sift", counted)
    run([str(given)], tmp_path / "run", processes=0, watching=Quiet())
    assert done > 0
    everything = plan.planned(folders.Begun(reader="", sources=[str(given)]))
    assert 0 < len(sifted) < len(everything.pieces)


def test_a_run_that_is_killed_goes_on(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=40)
    assert rasad_run(given, tmp_path / "whole", "-p", 2).returncode == 0
    command = [sys.executable, "-m", "rasad.cli", "run", str(given), str(tmp_path / "killed"), "-p", "2"]
    chance = random.Random(11)
    for _ in range(3):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(1 + 2 * chance.random())
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert rasad_run(given, tmp_path / "killed", "-p", 2).returncode == 0
    assert written(tmp_path / "killed") == written(tmp_path / "whole")


@pytest.mark.usefixtures("small")
def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    given = news(tmp_path / "news")

    class Killing(Quiet):
        killed = 0

        def done(self, behind: int) -> None:
            children = multiprocessing.active_children()
            if behind and children and self.killed < 2:
                os.kill(children[0].pid or 0, signal.SIGKILL)
                self.killed += 1

    watching = Killing()
    report = run([str(given)], tmp_path / "killed", processes=2, watching=watching)
    run([str(given)], tmp_path / "whole", processes=0, watching=Quiet())
    assert watching.killed == 2
    assert report.aside == 0
    assert written(tmp_path / "killed") == written(tmp_path / "whole")


def test_a_story_is_read_once_and_its_copies_are_linked_to_it(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=1)
    report = run([str(given)], tmp_path / "run", processes=0, watching=Quiet())
    documents = {row["outlet"]: row for row in table(tmp_path / "run" / "documents").to_pylist() if row["outlet"]}
    story = documents["Alpha"]
    assert {outlet: row["copy_of"] for outlet, row in documents.items()} == {
        "Alpha": None, "Beta": story["id"], "Gamma": story["id"], "Delta": story["id"], "Epsilon": story["id"],
    }  # fmt: skip
    assert (report.copies, len({row["copies"] for row in documents.values()})) == (4, 1)
    told = [claim for claim in claims(tmp_path / "run") if "Eurofighter" in claim.evidence.quote]
    assert told
    assert {claim.document for claim in told} == {story["name"]}
    deals = parquet.read_table(tmp_path / "run" / "deals" / "deals.parquet").to_pylist()
    typhoons = next(deal for deal in deals if deal["frame"] == "transfer" and deal["actor"] == "country:ESP")
    assert (typhoons["reports"], typhoons["sources"]) == (5, 1)


def test_every_copy_is_read_where_that_is_asked_for(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=1)
    report = run([str(given)], tmp_path / "run", every_copy=True, processes=0, watching=Quiet())
    told = {claim.document for claim in claims(tmp_path / "run") if "Eurofighter" in claim.evidence.quote}
    assert (report.copies, len(told)) == (3, 2)  # the same to the letter is read once all the same


def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=2)
    (given / "broken.pdf").write_bytes(b"%PDF-1.7\nno more than this")
    (given / "broken.jsonl").write_text('{"text": "A text about nothing."}\n{"text": 5}\n', encoding="utf-8")
    (given / "broken.txt.gz").write_bytes(b"\x1f\x8b\x08\x00nothing")
    (given / "astray.txt").symlink_to("nowhere")
    done = rasad_run(given, tmp_path / "run", "-p", 0)
    assert done.returncode == 1
    aside = [json.loads(line) for line in (tmp_path / "run" / "aside.jsonl").read_text("utf-8").splitlines()]
    names = {"broken.pdf", "broken.jsonl:2", "broken.txt.gz", "astray.txt"}
    assert {Path(entry["path"]).name for entry in aside} == names
    assert all(str(given / name.partition(":")[0]) in done.stderr for name in names)
    assert (
        f"4 set aside in {tmp_path / 'run'}/aside.jsonl; try them again: rasad retry {tmp_path / 'run'}" in done.stdout
    )
    assert len(claims(tmp_path / "run")) > 10


def test_a_run_that_has_ended_is_left_as_it_is(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=1)
    first = rasad_run(given, tmp_path / "run", "-p", 0)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*")}
    again = rasad_run(given, tmp_path / "run", "-p", 0)
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*")} == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda given, _: [given / "other"], "is a run over other sources"),
        (lambda given, _: [given, "--language", "en"], "was begun with another --language"),
    ],
)
def test_another_run_does_not_go_on_in_its_folder(tmp_path: Path, change: Any, told: str) -> None:
    given = news(tmp_path / "news", topics=1)
    rasad_run(given, tmp_path / "run", "-p", 0)
    first, *more = change(given, tmp_path)
    done = rasad_run(first, tmp_path / "run", *more)
    assert (done.returncode, told in done.stderr) == (2, True)


def test_a_folder_with_something_else_in_it_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear reader", encoding="utf-8")
    done = rasad_run(news(tmp_path / "news", topics=1), tmp_path / "mine")
    assert (done.returncode, done.stderr) == (
        2, f"rasad run: {tmp_path / 'mine'}: is there already and no run of Rasad; give a new folder\n",
    )  # fmt: skip
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(tmp_path: Path) -> None:
    import resource

    given = news(tmp_path / "news", topics=4)

    def little_room() -> None:  # a limit on the size of a file fails as a full disk does: by an error in writing
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = rasad_run(given, tmp_path / "run", "-p", 0, preexec_fn=little_room)
    assert done.returncode == 2
    assert "the folder cannot be written (" in done.stderr
    assert "Traceback" not in done.stderr
    assert rasad_run(given, tmp_path / "run", "-p", 0).returncode == 0
    run([str(given)], tmp_path / "whole", processes=0, watching=Quiet())
    assert written(tmp_path / "run") == written(tmp_path / "whole")


def test_one_long_table_is_cut_so_that_every_core_gets_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "CUT", 2_000)
    table = tmp_path / "news.jsonl"
    texts = [text for _, text in gold(6)]
    table.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    pieces = plan.planned(folders.Begun(reader="", sources=[str(table)])).pieces
    assert len(pieces) > 2
    assert sum(piece.size for piece in pieces) == table.stat().st_size
    assert max(piece.size for piece in pieces) < 2_000 + max(len(json.dumps({"text": text})) for text in texts) + 2


def test_a_long_plain_text_is_handed_out_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "LONG", 100_000)
    arms = "\n".join(text for _, text in gold(2))
    (tmp_path / "long.txt").write_text("\n".join([*EVERYDAY * 900, arms]), encoding="utf-8")
    run([str(tmp_path / "long.txt")], tmp_path / "run", processes=0, watching=Quiet())
    read = list(rasad.read(tmp_path / "long.txt"))
    assert len(read) > 5
    assert sorted(claims(tmp_path / "run"), key=lambda claim: claim.id) == sorted(read, key=lambda claim: claim.id)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["one"], "give what is to be read, and then the folder to write to"),
        (["-", "b"], "standard input cannot be read again"),
        (["a", "b", "--engine", "hadoop"], "--engine: 'hadoop' is not one of local, spark"),
        (["a", "b", "--master", "local"], "--master is for --engine spark"),
        (["a", "b", "--engine", "spark"], "--master is for --engine spark, which needs it"),
        (["a", "b", "--conf", "x=1"], "--conf is for --engine spark"),
        (["a", "b", "--engine", "spark", "--master", "local", "--conf", "x"], "--conf: 'x' is not of the form NAME=VALUE"),
        (["a", "b", "--language", "fr"], "--language: 'fr' is not one of ar, en, ru, uk"),
        (["a", "b", "--columns", "body=text"], "--columns: 'body' is not one of "),
    ],
)  # fmt: skip
def test_wrong_use_is_told(arguments: list[str], told: str) -> None:
    done = CliRunner().invoke(app, ["run", *arguments])
    assert done.exit_code == 2
    assert done.stderr.startswith(f"rasad run: {told}")
    assert len(done.stderr.splitlines()) == 1


def test_what_was_set_aside_is_tried_again(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=2)
    whole = (given / "printed.jsonl.gz").read_bytes()
    broken = next(given.glob("*.en.txt"))
    text = broken.read_bytes()
    broken.write_bytes(b"\x00\x01\x02" * 400)
    (given / "printed.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    assert rasad_run(given, tmp_path / "run", "-p", 0).returncode == 1
    again = rasad_retry(tmp_path / "run")
    assert (again.returncode, "2 set aside" in again.stdout) == (1, True)
    assert f"{broken}: set aside, binary" in again.stderr
    assert f"{given / 'printed.jsonl.gz'}: set aside, breaks off" in again.stderr
    broken.write_bytes(text)
    (given / "printed.jsonl.gz").write_bytes(whole)
    again = rasad_retry(tmp_path / "run")
    assert (again.returncode, again.stderr) == (0, "")
    run([str(given)], tmp_path / "whole", processes=0, watching=Quiet())
    for part in ("documents", "claims", "deals"):
        rows = [sorted(map(str, table(tmp_path / name / part).to_pylist())) for name in ("run", "whole")]
        assert rows[0] == rows[1]
    assert not (tmp_path / "run" / "work").exists()
    assert rasad_retry(tmp_path / "run").stdout == again.stdout


def test_what_is_broken_behind_a_text_that_was_read_stays_set_aside(tmp_path: Path) -> None:
    told = "In March 2006 Sweden delivered 12 Gripen fighters to Hungary, the defence ministry said."
    given, text = tmp_path / "crawl.warc.gz", page(told, "The pilots had trained in Sweden for two years before that.")
    given.write_bytes(archive([record(text)], ".gz") + b"\x1f\x8b\x08\x00" + b"no archive" * 40)
    assert rasad_run(given, tmp_path / "run", "-p", 0).returncode == 1
    before = (tmp_path / "run" / "aside.jsonl").read_text("utf-8"), claims(tmp_path / "run")
    assert [json.loads(line)["path"] for line in before[0].splitlines()] == [f"{given}#0"]
    assert [claim.frame for claim in before[1]] == ["transfer"]
    assert rasad_retry(tmp_path / "run").returncode == 1
    assert ((tmp_path / "run" / "aside.jsonl").read_text("utf-8"), claims(tmp_path / "run")) == before


def rasad_retry(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rasad.cli", "retry", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_only_a_run_that_has_ended_is_tried_again(tmp_path: Path) -> None:
    done = rasad_retry(tmp_path)
    assert (done.returncode, done.stderr) == (2, f"rasad retry: {tmp_path}: no folder that rasad run wrote\n")
