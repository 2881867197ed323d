"""What could not be read is kept, and `rasad retry` tries it again."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rasad import Document
from rasad.cli import app
from rasad.register import Register, aside, open_register
from rasad.register import add as adding
from rasad.sources import Provenance, Skipped, documents

GOOD = "Russia delivered {n} Su-30 fighters to Kazakhstan in 2018."
FOREIGN = "Il governo ha annunciato ieri una nuova riforma delle pensioni per i lavoratori italiani."


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two texts that can be read, one that is empty and one that is none."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in (2, 3):
        (folder / f"{number}.txt").write_text(GOOD.format(n=number), encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00" * 40)
    monkeypatch.chdir(tmp_path)
    return folder


def added(register: Register, *given: str, known: Provenance = Provenance()) -> None:
    register.set_aside(register.add([*given]).skipped, known)


def held(register: Register) -> list[tuple[str, int]]:
    return [(one.name, one.tries) for one in register.aside()]


def test_what_rasad_found_and_could_not_read_is_set_aside_with_its_whole_path(register, reports):
    added(register, "reports")
    assert [(one.place, one.name, one.reason) for one in register.aside()] == [
        (str(reports / "empty.txt"), "reports/empty.txt", "empty"),
        (str(reports / "picture.txt"), "reports/picture.txt", register.aside()[1].reason),
    ]
    assert "text" in register.aside()[1].reason


def test_a_mistyped_name_and_a_text_in_another_language_are_not_set_aside(register, reports):
    (reports / "it.txt").write_text(FOREIGN, encoding="utf-8")
    skipped = register.add(["reports/it.txt", "nowhere.txt", Skipped("-", "empty")]).skipped
    assert [entry.reason for entry in skipped] == [aside.FOREIGN, "no such file or folder", "empty"]
    assert register.set_aside(skipped) == 0
    assert register.aside() == ()


def test_what_goes_well_is_set_aside_no_more_and_the_rest_is_counted(register, reports, monkeypatch):
    added(register, "reports")
    (reports / "empty.txt").write_text(GOOD.format(n=9), encoding="utf-8")
    monkeypatch.chdir("/")
    tried = register.retry()
    assert (tried.well, tried.added.stored.new) == (1, 1)
    assert held(register) == [("reports/picture.txt", 2)]
    assert [(one.name, one.tries) for one in tried.left] == held(register)
    assert tried.left[0].first <= tried.left[0].last
    assert {p.name for d in evidence(register) for p in d.publications} == {
        "reports/2.txt", "reports/3.txt", "reports/empty.txt"
    }  # fmt: skip


def evidence(register: Register):
    return [claim for deal in register.deals() for claim in register.deal(deal["deal"]).claims]


def test_what_was_said_of_all_texts_holds_when_they_are_tried_again(register, reports):
    added(register, "reports", known=Provenance(outlet="Harbour Review"))
    (reports / "empty.txt").write_text(GOOD.format(n=9), encoding="utf-8")
    register.retry()
    outlets = {p.name: p.outlet for d in evidence(register) for p in d.publications}
    assert outlets["reports/empty.txt"] == "Harbour Review"


def test_a_place_that_is_gone_stays_set_aside(register, reports):
    lines = reports / "wire.jsonl"
    lines.write_text('{"text": \n{"text": "x", "language": "xx"}\n', encoding="utf-8")
    register.set_aside(entry for entry in documents([lines]) if isinstance(entry, Skipped))
    assert held(register) == [(f"{lines}:1", 1), (f"{lines}:2", 1)]
    lines.unlink()
    register.retry()
    assert held(register) == [(str(lines), 1), (f"{lines}:1", 2), (f"{lines}:2", 2)]
    lines.write_text(f'{{"text": "{GOOD.format(n=7)}"}}\nno\n', encoding="utf-8")
    tried = register.retry()
    assert (tried.well, tried.added.stored.new, held(register)) == (2, 1, [(f"{lines}:2", 3)])


def test_what_stands_in_a_store_is_set_aside_under_its_address_but_no_page_of_the_web(register):
    entries = [
        Skipped("s3://papers/a.warc.gz#12", "broken", "s3://papers/a.warc.gz"), Skipped("s3://papers/b.pdf", "cannot be read: timeout"),
        Skipped("s3://papers/none.pdf", "no such file or folder"), Skipped("https://example.org/a", "pages are for `rasad watch`"),
    ]  # fmt: skip
    assert register.set_aside(entries) == 2
    assert [(one.place, one.name) for one in register.aside()] == [
        ("s3://papers/a.warc.gz", "s3://papers/a.warc.gz#12"), ("s3://papers/b.pdf", "s3://papers/b.pdf")
    ]  # fmt: skip


def test_columns_that_were_named_are_named_again(register, reports):
    table = reports / "wire.jsonl"
    table.write_text(f'{{"story": "{GOOD.format(n=5)}"}}\n{{"story": \n', encoding="utf-8")
    skipped = [
        entry for entry in documents(["reports/wire.jsonl"], columns={"text": "story"}) if isinstance(entry, Skipped)
    ]
    register.set_aside(skipped, columns={"text": "story"})
    assert held(register) == [("reports/wire.jsonl:2", 1)]
    table.write_text(f'{{"story": "{GOOD.format(n=5)}"}}\n{{"story": "{GOOD.format(n=6)}"}}\n', encoding="utf-8")
    assert register.retry().added.stored.new == 2


def test_a_text_that_is_added_again_and_read_is_set_aside_no_more(register, reports):
    added(register, "reports")
    (reports / "empty.txt").write_text(GOOD.format(n=9), encoding="utf-8")
    added(register, "reports/empty.txt")
    assert held(register) == [("reports/picture.txt", 1)]


@pytest.mark.usefixtures("reports")
def test_a_text_at_which_the_reader_failed_is_set_aside_and_tried_again(register, monkeypatch):
    read = adding.read_document

    def fails(document: Document):
        if document.name.endswith("2.txt"):
            raise RuntimeError("a fault")
        return read(document)

    monkeypatch.setattr(adding, "read_document", fails)
    added(register, "reports/2.txt")
    register.retry()
    assert [(one.name, one.tries, "a fault" in one.reason) for one in register.aside()] == [("reports/2.txt", 2, True)]
    monkeypatch.setattr(adding, "read_document", read)
    assert register.retry().added.stored.new == 1
    assert register.aside() == ()


def test_the_commands_say_what_is_set_aside_and_how_to_try_it_again(reports, tmp_path):
    store = tmp_path / "kept.db"

    def invoked(*arguments: str) -> tuple[int, list[str], str]:
        done = CliRunner().invoke(app, [*arguments, "-r", str(store)])
        return done.exit_code, done.stdout.splitlines(), done.stderr

    code, said, _ = invoked("add", "reports")
    assert (code, said[0], said[2]) == (
        1, "2 new · 2 skipped · 2 claims stored", f"2 set aside, to be tried again: rasad retry -r {store}"
    )  # fmt: skip
    (reports / "empty.txt").write_text(GOOD.format(n=9), encoding="utf-8")
    code, said, beside = invoked("retry")
    assert (code, said[0]) == (1, "1 new · 1 still set aside · 1 claim stored")
    assert beside.startswith("reports/picture.txt: set aside, ")
    assert "(tried 2 times since " in beside
    os.remove(reports / "picture.txt")
    (reports / "picture.txt").write_text(GOOD.format(n=8), encoding="utf-8")
    assert invoked("retry")[:2] == (
        0, ["1 new · 1 claim stored", "the register has 1 deal and 0 relations, from 4 claims in 4 texts"]
    )  # fmt: skip
    assert invoked("retry")[:2] == (0, ["nothing is set aside"])


def test_a_register_that_is_not_there_is_not_made(tmp_path):
    done = CliRunner().invoke(app, ["retry", "-r", str(tmp_path / "none.db")])
    assert done.exit_code == 2
    assert "none.db: no such register" in done.stderr
    assert not (tmp_path / "none.db").exists()
