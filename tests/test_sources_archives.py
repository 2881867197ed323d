"""Web archives: the pages in them with where they came from, and nothing lost but what is broken."""

import gzip
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from warcs import PACKED, archive, page, record

import rasad
from rasad.claims import Document
from rasad.sources import Piece, Problem, Skipped, documents
from rasad.sources.archives import records

SALE = "In March 2006 Sweden delivered 12 Gripen fighters to Hungary, the defence ministry said on Tuesday."
PAGE = page(SALE, "The aircraft were paid for in full, and training of the pilots will follow in the summer.")
PLAIN = "text/plain; charset=utf-8"


@pytest.fixture(params=PACKED)
def packing(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def found(data: bytes) -> list[Piece | Problem | Skipped]:
    return [*records("x.warc", "/x.warc", BytesIO(data))]


def pieces(data: bytes) -> list[Piece]:
    entries = found(data)
    assert all(isinstance(entry, Piece) for entry in entries), entries
    return [entry for entry in entries if isinstance(entry, Piece)]


def test_pages_texts_and_pdfs_are_given_with_where_they_came_from(packing: str) -> None:
    one, two, three, four = pieces(
        archive(
            [
                record(b"", kind="request"),
                record(PAGE, address="https://www.example.org/news/1", content_type="text/html; charset=windows-1251"),
                record(b"{}", kind="metadata", content_type="application/json"),
                record(PAGE, status="404 Not Found"),
                record(b"\x89PNG", content_type="image/png"),
                record(b"%PDF-1.7", address="http://example.com/a.pdf", content_type="application/pdf"),
                record(
                    SALE.encode(), kind="resource", content_type="text/plain", address="<https://example.net:8080/>"
                ),
                record(PAGE, kind="revisit"),
                record(PAGE, content_type="application/xhtml+xml", more="WARC-Concurrent-To: <urn:uuid:1>\r\n"),
            ],
            packing,
        )
    )
    assert (one.form, one.encoding, one.data) == ("html", "windows-1251", PAGE)
    assert (one.known.address, one.known.outlet) == ("https://www.example.org/news/1", "example.org")
    assert one.known.published is None, "the day of the crawl is not that of publication"
    assert (two.form, two.known.outlet) == ("pdf", "example.com")
    assert (three.form, three.data, three.known.address) == ("text", SALE.encode(), "https://example.net:8080/")
    assert (four.form, four.encoding) == ("html", None)


def test_a_piece_is_named_by_where_its_record_begins(packing: str) -> None:
    written = [archive([record(PAGE, address=f"https://example.org/{number}")], packing) for number in range(3)]
    names = [piece.name for piece in pieces(b"".join(written))]
    assert names == [f"x.warc#{sum(map(len, written[:number]))}" for number in range(3)]


def test_records_that_are_packed_as_one_have_names_of_their_own() -> None:
    names = [piece.name for piece in pieces(gzip.compress(archive([record(PAGE)] * 3)))]
    assert len({*names}) == 3
    assert names[0] == "x.warc#0"


def chunked(data: bytes) -> bytes:
    parts = [data[at : at + 700] for at in range(0, len(data), 700)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(PAGE), "Transfer-Encoding: chunked\r\n"),
        (gzip.compress(PAGE), "Content-Encoding: gzip\r\n"),
        (zlib.compress(PAGE), "Content-Encoding: deflate\r\n"),
        (zstandard.compress(PAGE), "Content-Encoding: zstd\r\n"),
        (chunked(gzip.compress(PAGE)), "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
        (PAGE, "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
        (PAGE, "Content-Encoding: br\r\n"),
    ],
)
def test_what_it_was_packed_in_on_its_way_is_taken_off(body: bytes, headers: str) -> None:
    assert [piece.data for piece in pieces(record(body, headers=headers))] == [PAGE]


def test_brotli_is_taken_off() -> None:
    from fastwarc.stream_io import BrotliWriter

    packed = BytesIO()
    writer = BrotliWriter(packed)
    writer.write(PAGE)
    writer.close()
    assert packed.getvalue() != PAGE
    assert [piece.data for piece in pieces(record(packed.getvalue(), headers="Content-Encoding: br\r\n"))] == [PAGE]


def test_a_content_that_cannot_be_unpacked_is_named_and_the_next_is_read() -> None:
    broken = record(b"\x1f\x8b" + b"x" * 100, headers="Content-Encoding: gzip\r\n")
    skipped, piece = found(broken + record(PAGE))
    assert isinstance(skipped, Skipped)
    assert (skipped.path, skipped.place) == ("x.warc#0", "/x.warc")
    assert skipped.reason.startswith("what it was packed in on its way cannot be unpacked")
    assert isinstance(piece, Piece)


def test_a_bomb_in_a_record_is_named_and_the_next_is_read() -> None:
    bomb = record(gzip.compress(bytes(100_000_000)), headers="Content-Encoding: gzip\r\n")
    skipped, piece = found(bomb + record(PAGE))
    assert skipped == Skipped("x.warc#0", "unpacks to more than 64 MB", "/x.warc")
    assert isinstance(piece, Piece)


def test_what_was_cut_off_when_it_was_fetched_is_told() -> None:
    remark, piece = found(record(PAGE, more="WARC-Truncated: length\r\n"))
    assert remark == Problem("x.warc#0", "was cut off when it was fetched; what there is of it is read")
    assert isinstance(piece, Piece)


ARCHIVED = [record(PAGE, address=f"https://example.org/{number}") for number in range(4)]


@given(data=st.data(), packing=st.sampled_from([*PACKED]))
def test_any_cut_of_an_archive_gives_what_stands_before_it(data: st.DataObject, packing: str) -> None:
    whole = archive(ARCHIVED, packing)
    every = pieces(whole)
    entries = found(whole[: data.draw(st.integers(0, len(whole)))])
    read = [entry for entry in entries if isinstance(entry, Piece)]
    assert read == every[: len(read)]
    assert entries[: len(read)] == read
    assert all(isinstance(entry, Skipped) and entry.place == "/x.warc" for entry in entries[len(read) :])
    assert len(entries) <= len(read) + 1


def test_a_cut_within_a_record_is_told(packing: str) -> None:
    first = archive(ARCHIVED[:1], packing)
    second = archive(ARCHIVED[1:2], packing)
    piece, skipped = found(first + second[: len(second) // 2])
    assert isinstance(piece, Piece)
    assert isinstance(skipped, Skipped)
    assert skipped.path == ("x.warc#0" if packing == ".zst" else f"x.warc#{len(first)}")


@given(st.binary(max_size=2_000), st.integers(0, 8_000))
def test_rubbish_anywhere_raises_nothing(rubbish: bytes, at: int) -> None:
    whole = archive(ARCHIVED)
    for entry in found(whole[:at] + rubbish + whole[at:]):
        assert isinstance(entry, (Piece, Problem, Skipped))


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(gzip.compress(b"Not an archive at all, only a text of some length." * 20))
    (skipped,) = documents([file])
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("broken in this record or after it")
    file.write_bytes(b"Not packed")
    assert [type(entry) for entry in documents([file])] == [Skipped]


def test_the_claims_of_a_page_say_where_it_stood(tmp_path: Path, packing: str) -> None:
    file = tmp_path / f"a.warc{packing}"
    file.write_bytes(archive(ARCHIVED[:1], packing))
    (document,) = documents([file])
    assert isinstance(document, Document)
    assert (document.outlet, document.address, document.published) == ("example.org", "https://example.org/0", None)
    assert any(claim.frame == "transfer" for claim in rasad.read([file]))


@pytest.mark.parametrize(
    ("canonical", "address"),
    [
        ("https://example.org/news/gripen", "https://example.org/news/gripen"),
        ("https://wire.example/1", "https://example.org/0?x=1"),
    ],
)
def test_a_page_is_of_the_place_that_it_was_fetched_from(canonical: str, address: str, tmp_path: Path) -> None:
    file = tmp_path / "a.warc"
    file.write_bytes(
        record(page(SALE, SALE, head=f"<link rel='canonical' href='{canonical}'>"), address="https://example.org/0?x=1")
    )
    (document,) = documents([file])
    assert isinstance(document, Document)
    assert (document.address, document.outlet) == (address, "example.org")


def test_what_a_user_knows_of_an_outlet_comes_before_the_name_of_a_host(tmp_path: Path) -> None:
    from rasad.sources import Provenance

    file = tmp_path / "a.warc"
    file.write_bytes(ARCHIVED[0])
    (document,) = documents([file], known=Provenance(outlet="The Example"))
    assert isinstance(document, Document)
    assert document.outlet == "The Example"


def test_an_archive_is_read_from_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "a.warc.gz"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(archive(ARCHIVED, ".gz"),))
    writer.start()
    assert [type(entry) for entry in documents([pipe])] == [Document] * 4
    writer.join()


MEASURE = """
import resource, sys
from rasad.sources import documents
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for entry in documents([sys.argv[1]]):
    print(type(entry).__name__, entry.reason if hasattr(entry, "reason") else entry.text[:12].strip())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def blocks(size: int) -> Iterator[bytes]:
    for _ in range(size >> 20):
        yield os.urandom(512) * 2048


@pytest.mark.parametrize("packed", [False, True])
def test_a_record_of_a_gigabyte_is_passed_over_in_little_memory(packed: bool, tmp_path: Path) -> None:
    size = 2**30
    head, _, _ = record(b"").partition(b"Content-Length: ")
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    small = record(SALE.encode(), content_type=PLAIN)
    file = tmp_path / ("a.warc.gz" if packed else "a.warc")
    with file.open("wb") as out:
        out.write(gzip.compress(small) if packed else small)
        pack = zlib.compressobj(1, wbits=31) if packed else None
        for block in (head, b"Content-Length: %d\r\n\r\n" % (len(http) + size), http, *blocks(size), b"\r\n\r\n"):
            out.write(block if pack is None else pack.compress(block))
        out.write(b"" if pack is None else pack.flush())
        out.write(gzip.compress(small) if packed else small)
    command = [sys.executable, "-c", MEASURE, str(file)]
    *told, grown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told == [
        "Document In March 200", "Skipped a record of 1,024 MB; more than 64 are not read", "Document In March 200",
    ]  # fmt: skip
    assert int(grown) < 80_000
