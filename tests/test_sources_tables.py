"""Texts in rows: which column holds what, and what is wrong with which row."""

import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner
from warcs import page

import rasad
from rasad.claims import Document
from rasad.cli import app
from rasad.sources import Problem, Provenance, Skipped, documents, documents_of, tables
from rasad.sources.places import Place, places
from rasad.sources.splits import splits
from rasad.sources.tables import blocks, columns_of, lines

TEXT = "In March 2006 Sweden delivered 12 Gripen fighters to Hungary, the defence ministry said."


def of_lines(*rows: object, **columns: str) -> list[Document | Problem | Skipped]:
    data = b"".join(row if isinstance(row, bytes) else json.dumps(row).encode() + b"\n" for row in rows)
    return [*lines("x.jsonl", BytesIO(data), columns)]


def of_parquet(path: Path, table: dict[str, object], **columns: str) -> list[Document | Problem | Skipped]:
    pq.write_table(pa.table(table), path, row_group_size=2)
    return [*documents([path], columns=columns)]


@pytest.mark.parametrize("column", ["text", "body", "content", "article", "maintext", "plain_text", "Text", "BODY"])
def test_the_text_is_found_under_its_usual_names(column: str, tmp_path: Path) -> None:
    assert of_lines({column: TEXT}) == [Document(name="x.jsonl:1", text=TEXT)]
    assert of_parquet(tmp_path / "x.parquet", {column: [TEXT]}) == [Document(name=f"{tmp_path}/x.parquet:1", text=TEXT)]


ROW = {
    "id": 7, "headline": "Fighters", "maintext": TEXT, "source_domain": "example.org", "authors": ["A. Writer", "B. Writer"],
    "url": "https://example.org/1", "date_publish": "2024-03-09 10:11:12", "lang": "en-GB",
}  # fmt: skip
READ = Document(
    name="x", text=TEXT, title="Fighters", outlet="example.org", author="A. Writer, B. Writer", address="https://example.org/1",
    published="2024-03-09", language="en",
)  # fmt: skip


def test_what_is_known_of_a_text_is_found_too(tmp_path: Path) -> None:
    import msgspec

    read, told = of_lines(ROW)
    assert msgspec.structs.replace(read, name="x") == READ
    assert told == Problem(
        "x.jsonl",
        "fields that mean nothing here were left out: id "
        "(known: text, name, title, outlet, author, address, published, language)",
    )
    (read,) = of_parquet(tmp_path / "x.parquet", {name: [value] for name, value in ROW.items()})
    assert msgspec.structs.replace(read, name="x") == READ


def test_a_user_says_what_the_columns_are_called(tmp_path: Path) -> None:
    columns = columns_of("text=Story, outlet=paper")
    read = Document(name="x.jsonl:1", text=TEXT, outlet="Daily")
    assert of_lines({"Story": TEXT, "paper": "Daily"}, **columns) == [read]
    (entry,) = of_parquet(tmp_path / "x.parquet", {"Story": [TEXT], "text": ["short"], "paper": ["Daily"]}, **columns)
    assert (entry.text, entry.outlet) == (TEXT, "Daily")


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    assert of_parquet(path, {"a": [TEXT]}, text="Story") == [
        Skipped(str(path), "there is no column 'Story' (there are: a)")
    ]
    (skipped,) = of_parquet(path, {"a": [TEXT], "b": [1]})
    assert isinstance(skipped, Skipped)
    assert skipped.reason.endswith("name it by --columns text=NAME (there are: a, b)")
    assert of_parquet(path, {"text": [1, 2, 3]}) == [Skipped(str(path), "the column 'text' holds int64, not texts")]


@pytest.mark.parametrize("given", ["body", "txt=body", "text=", ""])
def test_columns_that_mean_nothing_are_wrong_use(given: str) -> None:
    done = CliRunner().invoke(app, ["read", "--columns", given, "-"], input=b"")
    assert done.exit_code == 2
    assert "is not one of text, name, title, outlet, author, address, published, language" in done.stderr


def test_each_bad_line_is_named_and_the_others_are_read() -> None:
    entries = of_lines(
        b'\xef\xbb\xbf{"text": "One."}\n', {"text": None}, b"\n", [1], b"{]\n", b'{"text": "\xff"}\n', {"text": 3}, {"text": " "},
        {"text": "x", "published": "soon"}, {"text": "x", "language": "de"}, {"title": "No text"}, {"text": "Two."}, b'{"text": "Thr',
    )  # fmt: skip
    assert [(e.name, e.text) for e in entries if isinstance(e, Document)] == [
        ("x.jsonl:1", "One."),
        ("x.jsonl:12", "Two."),
    ]
    assert [(e.path, e.reason.partition(":")[0]) for e in entries if isinstance(e, Skipped)] == [
        ("x.jsonl:2", "no object with a text"), ("x.jsonl:4", "no object with a text"), ("x.jsonl:5", "no object with a text"),
        ("x.jsonl:6", "not in UTF-8"), ("x.jsonl:7", "no object with a text"), ("x.jsonl:8", "empty"),
        ("x.jsonl:9", "'soon' is no date (ISO 8601"), ("x.jsonl:10", "language"), ("x.jsonl:11", "no object with a text"),
        ("x.jsonl:13", "no object with a text"),
    ]  # fmt: skip


def test_each_bad_row_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    entries = of_parquet(
        path, {"text": ["One.", None, "Three.", "", "Five."], "published": ["2024", "2024", "soon", None, "2024-03"]}
    )
    assert [(e.name, e.published) for e in entries if isinstance(e, Document)] == [
        (f"{path}:1", "2024"),
        (f"{path}:5", "2024-03"),
    ]
    assert [(e.path, e.place) for e in entries if isinstance(e, Skipped)] == [
        (f"{path}:{n}", str(path)) for n in (2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("column", "day"),
    [
        (pa.array([date(2024, 3, 9)]), "2024-03-09"),
        (pa.array([datetime(2024, 3, 9, 23, 59)], pa.timestamp("ns")), "2024-03-09"),
        (pa.array([datetime(2024, 3, 9, 23, 59, tzinfo=UTC)]), "2024-03-09"),
        (pa.array(["2024-03"]), "2024-03"),
        (pa.array([None], pa.timestamp("us")), None),
    ],
)  # fmt: skip
def test_dates_are_days(column: pa.Array, day: str | None, tmp_path: Path) -> None:
    (entry,) = of_parquet(tmp_path / "x.parquet", {"text": [TEXT], "date": column})
    assert entry.published == day


def test_texts_are_read_from_every_type_of_text(tmp_path: Path) -> None:
    for kind in (pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        column = pa.array([TEXT, TEXT, None], pa.string()).cast(kind)
        *read, skipped = of_parquet(tmp_path / "x.parquet", {"text": column})
        assert [entry.text for entry in read] == [TEXT, TEXT]
        assert isinstance(skipped, Skipped)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_a_row_that_is_too_long_is_named_and_the_next_is_read(
    kind: pa.DataType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LARGEST", 1_000)
    column = pa.array([TEXT, "x" * 1_001, TEXT]).cast(kind)
    one, skipped, three = of_parquet(tmp_path / "x.parquet", {"text": column})
    assert (one.text, three.text) == (TEXT, TEXT)
    assert (skipped.path, skipped.reason[:19]) == (f"{tmp_path / 'x.parquet'}:2", "a text of more than")


def test_what_is_no_parquet_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"text": [TEXT] * 1_000}), path)
    whole = path.read_bytes()
    for data in (b"", b"PAR1", whole[: len(whole) // 2], b"x" * 100):
        path.write_bytes(data)
        (skipped,) = documents([path])
        assert isinstance(skipped, Skipped)
        assert (skipped.path, skipped.reason[:33]) == (str(path), "cannot be read: no sound Parquet:")


@given(at=st.integers(4, 1_000_000), bits=st.integers(1, 255))
def test_changed_bytes_of_parquet_raise_nothing(at: int, bits: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("changed") / "x.parquet"
    pq.write_table(
        pa.table({"text": [f"{TEXT} {n}" for n in range(100)], "date": [date(2024, 1, 1)] * 100}),
        path,
        row_group_size=30,
    )
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= bits
    path.write_bytes(data)
    for entry in documents([path]):
        assert isinstance(entry, (Document, Problem, Skipped))


def test_a_page_in_a_column_of_texts_is_read_as_a_page(tmp_path: Path) -> None:
    html = page(TEXT, "The aircraft were paid for in full, and the pilots will be trained in the summer.").decode()
    (read,) = of_parquet(tmp_path / "x.parquet", {"content": [html]})
    assert TEXT in read.text
    assert "<p>" not in read.text
    assert "Sport" not in read.text
    assert [entry.text for entry in of_lines({"content": html})] == [read.text]


def test_row_groups_are_pieces_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"text": [f"Text {n}." for n in range(1, 11)]}), path, row_group_size=3)
    (place,) = places([path])
    assert isinstance(place, Place)
    cut = [*splits(place, cut=1)]
    assert [piece.part for piece in cut] == [(0, 1, 1), (1, 2, 4), (2, 3, 7), (3, 4, 10)]
    read = [entry for piece in reversed(cut) for entry in documents_of(piece)]
    assert sorted(read, key=lambda entry: int(entry.name.rpartition(":")[2])) == [*documents([path])]
    assert [piece.part for piece in splits(place)] == [(0, 4, 1)]


def test_a_line_that_is_too_long_is_named_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST", 1_000)
    long = b'{"text": "' + b"x" * 3_000_000 + b'"}\n'
    one, skipped, two = of_lines({"text": "One."}, long, {"text": "Two."})
    assert (one.text, skipped.path, two.name) == ("One.", "x.jsonl:2", "x.jsonl:3")
    assert skipped.reason.startswith("a line of more than")


@given(st.lists(st.binary(max_size=400).map(lambda line: line.replace(b"\n", b"")), max_size=40), st.integers(1, 500))
def test_blocks_are_the_lines_with_their_numbers(written: list[bytes], size: int) -> None:
    data = b"\n".join(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "BLOCK", size)
        found = [*blocks("x", BytesIO(data))]
    assert b"".join(block for _, block in found) == data
    number = 1
    for first, block in found:
        assert first == number
        number += block.count(b"\n")


def test_the_command_takes_columns_and_tables(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"Story": [TEXT], "paper": ["Daily"]}), path)
    done = CliRunner().invoke(app, ["read", str(path), "--columns", "text=Story,outlet=paper", "-f", "jsonl"])
    assert (done.exit_code, json.loads(done.stdout.splitlines()[0])["document"]) == (0, f"{path}:1")
    with pytest.warns(UserWarning, match="no column is called as texts are"):
        assert rasad.read([path]) == []


def test_what_a_row_says_comes_before_what_is_known_of_all(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"text": TEXT, "outlet": "Own"}) + "\n" + json.dumps({"text": TEXT}))
    found = documents([path], known=Provenance(outlet="Known", published="2020"))
    assert [(entry.outlet, entry.published) for entry in found if isinstance(entry, Document)] == [
        ("Own", "2020"),
        ("Known", "2020"),
    ]
