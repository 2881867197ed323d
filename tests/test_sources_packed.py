"""Packed files are unpacked as they are read, to the place where they are sound, and never without end."""

import gzip
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from rasad.claims import Document
from rasad.sources import Problem, Skipped, documents
from rasad.sources.packed import FREE, PackingError, Unpacked

PACK: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "zst": zstandard.compress}
TEXT = "In March 2006 Sweden delivered 12 Gripen fighters to Hungary, the defence ministry said.\n"


@pytest.fixture(params=["gz", "zst"])
def packing(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read(data: bytes, packing: str) -> tuple[bytes, str | None]:
    """What can be unpacked, and why it ended there."""
    stream, given = Unpacked(BytesIO(data), packing), bytearray()
    try:
        while block := stream.read1(1000):
            given += block
    except PackingError as error:
        return bytes(given), str(error)
    return bytes(given), stream.remark


@given(parts=st.lists(st.binary(max_size=40_000), min_size=1, max_size=4), packing=st.sampled_from(["gz", "zst"]))
def test_members_one_after_the_other_are_one_stream(parts: list[bytes], packing: str) -> None:
    assert read(b"".join(map(PACK[packing], parts)), packing) == (b"".join(parts), None)


@given(data=st.data(), packing=st.sampled_from(["gz", "zst"]))
def test_what_stands_before_a_cut_is_given_and_the_cut_is_told(data: st.DataObject, packing: str) -> None:
    whole = bytes(data.draw(st.binary(min_size=1, max_size=5_000))) * 3
    packed = PACK[packing](whole)
    cut = data.draw(st.integers(1, len(packed) - 1))
    given, why = read(packed[:cut], packing)
    assert whole.startswith(given)
    assert why is not None
    assert why.startswith("breaks off" if cut >= 4 else ("breaks off", "broken: it does not begin"))


def test_what_follows_the_end_is_left_out_and_told(packing: str) -> None:
    given, remark = read(PACK[packing](b"sound") + b"and something else", packing)
    assert given == b"sound"
    assert remark is not None
    assert "after the end" in remark


def test_archives_may_be_filled_up_with_noughts_and_skip_frames() -> None:
    assert read(gzip.compress(b"one") + b"\0" * 40_000 + gzip.compress(b"two"), "gz") == (b"onetwo", None)
    skipped = b"\x5e\x2a\x4d\x18\x03\x00\x00\x00abc"
    assert read(skipped + zstandard.compress(b"one") + skipped + zstandard.compress(b"two"), "zst") == (b"onetwo", None)


def test_what_is_changed_within_is_told(packing: str) -> None:
    checked = {"gz": gzip.compress, "zst": zstandard.ZstdCompressor(write_checksum=True).compress}
    packed = bytearray(checked[packing](bytes(range(256)) * 400))
    packed[len(packed) // 2] ^= 0xFF
    _, why = read(bytes(packed), packing)
    assert why is not None
    assert why.startswith("broken: ")


def test_a_bomb_is_named_and_never_held(packing: str, tmp_path: Path) -> None:
    bomb = tmp_path / f"bomb.txt.{packing}"
    bomb.write_bytes(PACK[packing](bytes(400_000_000)))
    (tmp_path / "good.txt").write_text(TEXT)
    tracemalloc.start()
    skipped, good = documents([tmp_path])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(skipped, Skipped)
    assert (skipped.path, skipped.reason.partition(",")[0]) == (str(bomb), "inflates more than 250 times")
    assert isinstance(good, Document)
    assert most < FREE + 20_000_000


def test_what_repeats_itself_is_no_bomb(packing: str, tmp_path: Path) -> None:
    repeated = tmp_path / f"log.jsonl.{packing}"
    line = b'{"text": "Sweden delivered 12 Gripen fighters to Hungary.", "title": "%d"}\n'
    repeated.write_bytes(PACK[packing](b"".join(line % number for number in range(20_000))))
    assert sum(isinstance(entry, Document) for entry in documents([repeated])) == 20_000


def test_a_packed_text_is_the_text(packing: str, tmp_path: Path) -> None:
    file = tmp_path / f"a.txt.{packing}"
    file.write_bytes(PACK[packing](TEXT.encode()))
    assert [*documents([file])] == [Document(name=str(file), text=TEXT)]
    file.write_bytes(PACK[packing](TEXT.encode()) + b"rubbish")
    text, remark = documents([file])
    assert (text, type(remark)) == (Document(name=str(file), text=TEXT), Problem)


def test_of_a_text_that_breaks_off_nothing_is_read(packing: str, tmp_path: Path) -> None:
    file = tmp_path / f"a.txt.{packing}"
    file.write_bytes(PACK[packing](TEXT.encode() * 100)[:-6])
    (skipped,) = documents([file])
    assert isinstance(skipped, Skipped)
    assert skipped.path == str(file)
    assert skipped.reason.startswith("breaks off")


def test_of_lines_that_break_off_the_whole_ones_are_read(packing: str, tmp_path: Path) -> None:
    file = tmp_path / f"a.jsonl.{packing}"
    lines = b"".join(b'{"text": "Text %d, which is long enough to be one."}\n' % number for number in range(90_000))
    file.write_bytes(PACK[packing](lines)[:-20])
    *read, skipped = documents([file])
    assert isinstance(skipped, Skipped)
    assert skipped.path == str(file)
    assert len(read) > 30_000
    assert [entry.text for entry in read if isinstance(entry, Document)] == [
        f"Text {number}, which is long enough to be one." for number in range(len(read))
    ]
