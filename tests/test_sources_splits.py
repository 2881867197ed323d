"""Places cut into pieces, containers opened: together they give what reading in one go gives."""

import gzip
import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcs import archive, page, record

from rasad.claims import Document
from rasad.sources import Piece, Problem, Provenance, Skipped, documents, documents_of, forms, tables, unpacked
from rasad.sources import splits as module
from rasad.sources.places import Place, places
from rasad.sources.splits import splits

TEXT = "In March 2006 Sweden delivered 12 Gripen fighters to Hungary, the defence ministry said."
Entry = Document | Problem | Skipped


def place_of(path: Path) -> Place:
    (place,) = places([path])
    assert isinstance(place, Place)
    return place


def in_pieces(path: Path, cut: int) -> tuple[list[Piece], list[Entry]]:
    pieces = [*splits(place_of(path), cut=cut)]
    return pieces, [entry for piece in pieces for entry in documents_of(piece)]


@given(
    texts=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60), max_size=60),
    cut=st.integers(1, 700), ended=st.booleans(), blank=st.booleans(),
)  # fmt: skip
def test_pieces_of_lines_are_the_whole_file(
    texts: list[str], cut: int, ended: bool, blank: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cut") / "x.jsonl"
    between = "\n\n" if blank else "\n"
    path.write_text(between.join(json.dumps({"text": text}) for text in texts) + ("\n" if ended else ""))
    whole = Piece(name=str(path), place=str(path), form="lines")
    pieces, entries = in_pieces(path, cut)
    assert entries == [*documents_of(whole)]
    assert [piece.part for piece in pieces if piece.part] == sorted(piece.part for piece in pieces if piece.part)
    assert sum(piece.size for piece in pieces) == path.stat().st_size


def test_pieces_of_lines_are_about_as_large_as_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"text": f"{TEXT} {n}"}) + "\n" for n in range(2_000)))
    pieces, entries = in_pieces(path, 20_000)
    assert {type(entry) for entry in entries} == {Document}
    assert all(20_000 <= piece.size < 20_200 for piece in pieces[:-1])
    assert len(pieces) == -(-path.stat().st_size // 20_100)


def test_a_piece_stands_on_its_own_and_can_be_sent(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"Story": f"{TEXT} {n}"}) + "\n" for n in range(50)))
    pieces = [*splits(place_of(path), {"text": "Story"}, known=Provenance(outlet="Daily"), cut=1_000)]
    sent = [msgspec.msgpack.decode(msgspec.msgpack.encode(piece), type=Piece) for piece in pieces]
    assert sent == pieces
    found = [entry for piece in reversed(sent) for entry in documents_of(piece)]
    assert {(entry.name, entry.text, entry.outlet) for entry in found if isinstance(entry, Document)} == {
        (f"{path}:{n + 1}", f"{TEXT} {n}", "Daily") for n in range(50)
    }


def test_what_a_container_holds_gives_its_documents(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(
        gzip.compress(b"".join(b'{"text": "Text %d."}\n' % n for n in range(200_000)))
    )
    (tmp_path / "b.warc.gz").write_bytes(
        archive([record(page(TEXT, TEXT)), record(TEXT.encode(), content_type="text/plain")], ".gz")
    )
    (tmp_path / "c.txt").write_text(TEXT)
    for place in places([tmp_path]):
        assert isinstance(place, Place)
        (piece,) = splits(place)
        inner = [*unpacked(piece)]
        assert [entry for one in inner if isinstance(one, Piece) for entry in documents_of(one)] == [
            *documents_of(piece)
        ]
    blocks = [*unpacked(Piece(name="a", place=str(tmp_path / "a.jsonl.gz"), form="lines", packing="gz"))]
    assert [type(block) for block in blocks] == [Piece] * 5
    assert all(block.data is not None and len(block.data) < 1_100_000 for block in blocks if isinstance(block, Piece))


def test_what_is_no_container_is_given_back_with_its_form(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(gzip.compress(b"<html><body><p>x</p></body></html>"))
    (piece,) = splits(place_of(path))
    assert [(one.form, one.packing) for one in unpacked(piece) if isinstance(one, Piece)] == [("html", "gz")]


def test_a_text_in_the_encoding_that_a_server_told_is_read_in_it() -> None:
    text = "Швеция поставила Венгрии 12 истребителей."
    piece = Piece(name="x", place="x", form="text", data=text.encode("koi8-r"), encoding="koi8-r")
    assert [*documents_of(piece)] == [Document(name="x", text=text)]
    wrong = msgspec.structs.replace(piece, data=text.encode(), encoding="no-such-encoding")
    assert [*documents_of(wrong)] == [Document(name="x", text=text)]


def test_a_text_that_begins_as_a_page_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(page(TEXT, TEXT))
    (document,) = documents([tmp_path])
    assert isinstance(document, Document)
    assert "Sport" not in document.text


# What changes while it is read.


def test_of_a_text_that_grows_while_it_is_read_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    read = module.from_stream

    def meanwhile(name: str, file: BytesIO):
        yield from read(name, file)
        if name == str(path):
            with path.open("a") as more:
                more.write(" And more.")

    monkeypatch.setattr(module, "from_stream", meanwhile)
    assert [*documents([tmp_path])] == [
        Skipped(str(path), "changed while it was read"), Document(name=str(tmp_path / "b.txt"), text=TEXT),
    ]  # fmt: skip


def test_of_lines_that_grow_what_was_there_is_read_and_the_change_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "One."}\n{"text": "Two."}\n')
    entries = documents([path])
    first = next(entries)
    with path.open("a") as more:
        more.write('{"text": "Three."}\n')
    *rest, last = entries
    assert [entry.text for entry in (first, *rest) if isinstance(entry, Document)][:2] == ["One.", "Two."]
    assert last == Skipped(str(path), "changed while it was read")


def test_a_part_of_what_is_no_longer_as_it_was_cut_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": f"{TEXT} {n}"}) + "\n" for n in range(100)))
    *_, piece = splits(place_of(path), cut=1_000)
    path.write_text("".join(json.dumps({"text": f"Other {n}"}) + "\n" for n in range(1_000)))
    *_, last = documents_of(piece)
    assert last == Skipped(str(path), "changed while it was read")


def test_a_file_that_goes_before_it_is_read_is_told(tmp_path: Path) -> None:
    for name in ("a.txt", "a.jsonl", "a.parquet", "a.warc.gz", "a"):
        path = tmp_path / name
        path.write_text(TEXT)
        pieces = splits(place_of(path), cut=1)
        path.unlink()
        told = [entry for piece in pieces for entry in documents_of(piece)]
        assert told == [Skipped(str(path), "cannot be read: No such file or directory")]


def test_the_same_remark_on_a_file_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": TEXT * 20, "odd": n}) + "\n" for n in range(2_000)))
    assert path.stat().st_size > 3 * 2**20
    assert sum(isinstance(entry, Problem) for entry in documents([path])) == 1


def test_a_text_or_page_that_is_too_large_is_named_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 10_000)
    path = tmp_path / "a.html"
    path.write_bytes(page(TEXT * 1_000))
    (skipped,) = documents([path])
    assert isinstance(skipped, Skipped)
    assert (skipped.path, skipped.reason.partition(" MB")[2]) == (str(path), ", too large for one text")


MEASURE = """
import resource, sys
from rasad.sources import documents
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for entry in documents([sys.argv[1]]):
    print(getattr(entry, "path", None) or entry.name, getattr(entry, "reason", None) or entry.text)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz"])
def test_a_line_of_a_gigabyte_is_passed_over_in_little_memory(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{ending}"
    filling = bytes(range(33, 127)).replace(b'"', b"'").replace(b"\\", b"/") * 11_000
    with gzip.open(path, "wb", 1) if ending.endswith(".gz") else path.open("wb") as out:
        out.write(b'{"text": "Before."}\n{"text": "')
        for _ in range(1_050):
            out.write(filling)
        out.write(b'"}\n{"text": "After."}\n')
    command = [sys.executable, "-c", MEASURE, str(path)]
    *told, grown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told == [f"{path}:1 Before.", f"{path}:2 a line of more than {tables.LARGEST >> 20} MB", f"{path}:3 After."]
    assert int(grown) < 250_000


# Every form by the one door.

MAIL = (
    "From: Anna Hentzau <anna@example.org>\nSubject: Gripen for Hungary\nDate: Sat, 09 Mar 2024 10:00:00 +0000\n"
    f"Message-ID: <1@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{TEXT}\n"
)
FEED = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Post</title>'
    "<link>https://example.org</link><description>News</description><item><title>Gripen</title><link>https://example.org/1</link>"
    f"<content:encoded><![CDATA[<p>{TEXT} {TEXT}</p><p>{TEXT}</p>]]></content:encoded></item></channel></rss>"
)


def made(folder: Path) -> None:
    """One file of every form that tests can write by hand."""
    import docx

    word = docx.Document()
    word.add_paragraph(TEXT)
    word.save(str(folder / "a.docx"))
    (folder / "b.eml").write_text(MAIL)
    (folder / "c.mbox").write_text(f"From anna@example.org Sat Mar  9 10:00:00 2024\n{MAIL}\n" * 2)
    (folder / "d.xml").write_text(FEED)
    (folder / "e.html").write_bytes(page(TEXT, TEXT))
    (folder / "f.jsonl").write_text(json.dumps({"text": TEXT}))
    (folder / "g.warc").write_bytes(record(page(TEXT, TEXT)))
    (folder / "h.txt").write_text(TEXT)


FORMS = {"a.docx": 1, "b.eml": 1, "c.mbox": 2, "d.xml": 1, "e.html": 1, "f.jsonl": 1, "g.warc": 1, "h.txt": 1}


def counted(path: Path) -> dict[str, int]:
    """How many texts with the sentence each file gives."""
    found: dict[str, int] = {}
    for entry in documents([path]):
        assert isinstance(entry, Document), entry
        assert TEXT in entry.text
        name = Path(entry.name.partition("#")[0].rpartition(":")[0] or entry.name.partition("#")[0]).name
        found[name] = found.get(name, 0) + 1
    return found


def test_every_form_is_read_by_its_ending(tmp_path: Path) -> None:
    made(tmp_path)
    assert counted(tmp_path) == FORMS


def test_every_form_is_read_packed(tmp_path: Path) -> None:
    made(tmp_path)
    for path in [*tmp_path.iterdir()]:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert counted(tmp_path) == {f"{name}.gz": number for name, number in FORMS.items()}


def test_every_form_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    made(tmp_path)
    for path in [*tmp_path.iterdir()]:
        path.rename(path.with_name(path.stem))
    assert counted(tmp_path) == {Path(name).stem: number for name, number in FORMS.items()}


@pytest.mark.parametrize("ending", [ending for ending in forms.FORMS if ending != ".md"])
@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_a_file_with_nothing_in_it_is_named(ending: str, packing: str, tmp_path: Path) -> None:
    (tmp_path / f"a{ending}{packing}").touch()
    (skipped,) = documents([tmp_path])
    assert isinstance(skipped, Skipped)
    assert skipped.path == str(tmp_path / f"a{ending}{packing}")
