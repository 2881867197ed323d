"""What is given becomes places that can be opened: of this machine and of stores."""

import gzip
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import rasad
from rasad.claims import Document
from rasad.cli import app
from rasad.sources import Problem, Skipped, documents, documents_of
from rasad.sources.forms import FORMS, UNKNOWN, form_of, told_by
from rasad.sources.places import Place, opened, places
from rasad.sources.splits import splits

TEXT = "In March 2006 Sweden delivered 12 Gripen fighters to Hungary, the defence ministry said."


def named(*given: str | Path) -> list[str]:
    return [place.name for place in places(given) if isinstance(place, Place)]


def files(folder: Path, *names: str, text: str = TEXT) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.txt", ("text", None)), ("A.TXT.GZ", ("text", "gz")), ("news.jsonl.zst", ("lines", "zst")),
        ("CC-NEWS-20240309000000-00001.warc.gz", ("warc", "gz")), ("s3://bucket/p/part-0.parquet", ("parquet", None)),
        ("page.htm", ("html", None)), ("report", (UNKNOWN, None)), ("dump.gz", (UNKNOWN, "gz")), ("a.csv.gz", (None, "gz")),
        ("a.png", (None, None)),
    ],
)  # fmt: skip
def test_the_ending_tells_what_stands_there(name: str, told: tuple[str | None, str | None]) -> None:
    assert form_of(name) == told


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"%PDF-1.7\n", "pdf"), (b"PAR1\x15\x04", "parquet"), (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", "warc"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00[Content_Types].xml", "docx"), (b"PK\x03\x04\x14\x00photo.jpg", "text"),
        (b"From a@b.c Sat Mar  9 10:00:00 2024\nSubject: x\n", "mbox"), (b"Received: from example.org\n", "mail"),
        (b"From our correspondent in Kyiv, at 10:00 this morning\n", "text"), (b'{"text": "x"}\n', "lines"),
        (b"<?xml version='1.0'?>\n<!-- made by hand -->\n<rss version='2.0'>", "feed"), (b"<feed xmlns='x'>", "feed"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "html"), (b"<html>", "html"), (TEXT.encode(), "text"), (b"", "text"),
    ],
)  # fmt: skip
def test_without_an_ending_the_first_bytes_tell(head: bytes, form: str) -> None:
    assert told_by(head) == form


@given(st.binary(max_size=300))
def test_any_bytes_have_a_form(head: bytes) -> None:
    assert told_by(head) in {*FORMS.values(), "text"} - {UNKNOWN}


def test_a_folder_is_searched_for_every_form_in_the_order_of_names(tmp_path: Path) -> None:
    files(
        tmp_path, "b.txt", "a.jsonl", "c/d.warc.gz", "c/e.md.zst", "z", ".hidden.txt", ".git/f.txt", "p.png", "t.csv.gz"
    )
    *found, told = places([tmp_path])
    assert [(Path(place.name).relative_to(tmp_path).as_posix(), place.form, place.packing) for place in found if isinstance(place, Place)] == [
        ("a.jsonl", "lines", None), ("b.txt", "text", None), ("z", UNKNOWN, None), ("c/d.warc.gz", "warc", "gz"), ("c/e.md.zst", "text", "zst"),
    ]  # fmt: skip
    assert told == Problem(str(tmp_path), "left out 2 files ending in .csv.gz, .png")


def test_a_pattern_names_files_and_folders(tmp_path: Path) -> None:
    files(tmp_path, "2023/a.txt", "2024/b.txt", "2024/c.odd", "2024/.d.txt", "[x].txt")
    assert named(f"{tmp_path}/*/*") == [f"{tmp_path}/2023/a.txt", f"{tmp_path}/2024/b.txt", f"{tmp_path}/2024/c.odd"]
    assert named(f"{tmp_path}/**/*.txt") == [f"{tmp_path}/2023/a.txt", f"{tmp_path}/2024/b.txt", f"{tmp_path}/[x].txt"]
    assert named(f"{tmp_path}/202?") == [f"{tmp_path}/2023/a.txt", f"{tmp_path}/2024/b.txt"]
    assert named(f"{tmp_path}/[x].txt") == [f"{tmp_path}/[x].txt"], "a name that is there is no pattern"
    assert [*places([f"{tmp_path}/*.pdf"])] == [Skipped(f"{tmp_path}/*.pdf", "nothing has a name of this pattern")]


def test_a_file_that_is_given_itself_is_read_whatever_its_ending(tmp_path: Path) -> None:
    files(tmp_path, "a.odd")
    (tmp_path / "b.dump").write_bytes(gzip.compress(b'{"text": "%s"}\n' % TEXT.encode()))
    one, two = documents([tmp_path / "a.odd", tmp_path / "b.dump"])
    assert (one, two) == (
        Document(name=str(tmp_path / "a.odd"), text=TEXT),
        Document(name=f"{tmp_path / 'b.dump'}:1", text=TEXT),
    )


@pytest.mark.skipif(sys.platform == "darwin", reason="names of files are UTF-8 there")
def test_a_name_that_is_no_utf8_has_an_address_that_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text(TEXT)
    (place,) = places([tmp_path])
    assert isinstance(place, Place)
    assert place.name == f"{tmp_path}/caf\ufffd.txt"
    place.address.encode("utf-8")
    assert [*documents([place.address])] == [Document(name=place.name, text=TEXT)]


def test_standard_input_takes_every_form() -> None:
    data = gzip.compress(b'{"text": "%s", "outlet": "Daily"}\n{"text": 1}\n' % TEXT.encode())
    done = CliRunner().invoke(app, ["read", "-", "-f", "jsonl"], input=data)
    assert '"document":"-:1"' in done.stdout.replace(" ", "")
    assert done.stderr.splitlines() == ["-:2: skipped, no object with a text: Expected `str`, got `int` - at `$.text`"]
    assert done.exit_code == 1


def test_what_is_kept_in_memory_is_read_too() -> None:
    import fsspec

    store = fsspec.filesystem("memory")
    store.pipe(
        {
            "/news/a.txt": TEXT.encode(),
            "/news/b/c.txt.gz": gzip.compress(TEXT.encode()),
            "/news/.h.txt": b"x",
            "/news/p.png": b"x",
        }
    )
    try:
        one, two, told = documents(["memory://news"])
        assert (one, two) == (
            Document(name="memory:///news/a.txt", text=TEXT), Document(name="memory:///news/b/c.txt.gz", text=TEXT),
        )  # fmt: skip
        assert told == Problem("memory:///news", "left out 1 file ending in .png")
        assert named("memory://news/*.txt") == ["memory:///news/a.txt"]
        assert [*documents(["memory://gone"])] == [Skipped("memory://gone", "no such file or folder")]
    finally:
        store.rm("/news", recursive=True)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://example.org/news/1.html", "pages and feeds of the web are for `rasad watch` and the desk"),
        ("https://example.org/", "pages and feeds of the web are for `rasad watch` and the desk"),
        ("odd://example.org/a.txt", "cannot be read: Protocol not known: odd"),
        ("file:///gone.txt", "no such file or folder"),
    ],
)
def test_an_address_that_cannot_be_opened_says_why(address: str, reason: str) -> None:
    (skipped,) = documents([address])
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(reason)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "cannot be read: the server does not answer"),
        (503, "cannot be read: the server answers 503"),
        (404, "no such file or folder"),
    ],
)
def test_a_server_that_fails_is_not_a_file_that_is_not_there(
    answer: int | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rasad.sources.places.SILENCE", 0.3)
    with serving(answer) as address:
        assert [*documents([address])] == [Skipped(address, reason, None if answer == 404 else address)]


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/x.warc.gz"
        (skipped,) = documents([address])
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("cannot be read: Cannot connect to host 127.0.0.1")
    assert skipped.place == address


@contextmanager
def serving(answer: int | None) -> Iterator[str]:
    """The address of a file on a server that answers so; None: never."""
    asked = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if answer is None:
                asked.wait(30)
            else:
                self.send_error(answer)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/x.warc.gz"
    finally:
        asked.set()
        server.shutdown()
        server.server_close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
@pytest.mark.parametrize("given", ["news", "news/*"])
def test_a_pipe_in_a_folder_is_named_and_not_waited_for(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files(tmp_path, "news/b.txt")
    os.mkfifo("news/a.txt")
    told, document = documents([given])
    assert told == Problem("news/a.txt", "left out: a pipe, a socket or a device, not a file")
    assert isinstance(document, Document)
    assert document.name == "news/b.txt"


def test_a_store_that_nothing_opens_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import fsspec  # noqa: F401

    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    (skipped,) = places(["s3://bucket/a.txt"])
    assert skipped == Skipped(
        "s3://bucket/a.txt",
        "cannot be read: what opens s3:// is not installed (pip install 'rasad[s3]')",
        "s3://bucket/a.txt",
    )


# A store that speaks as Amazon's does, on this machine.


@pytest.fixture(scope="module")
def s3() -> Iterator[object]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    for name, value in (
        ("AWS_ENDPOINT_URL", f"http://{host}:{port}"), ("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):  # fmt: skip
        patch.setenv(name, value)
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    store = s3fs.S3FileSystem()
    store.mkdir("news")
    yield store
    s3fs.S3FileSystem.clear_instance_cache()
    patch.undo()
    server.stop()


def test_a_bucket_is_read_as_a_folder_is(s3) -> None:
    s3.pipe(
        {
            "news/2024/a.txt": TEXT.encode(),
            "news/2024/b.jsonl.gz": gzip.compress(b'{"text": "%s"}' % TEXT.encode()),
            "news/p.png": b"x",
        }
    )
    assert [*documents(["s3://news"])] == [
        Document(name="s3://news/2024/a.txt", text=TEXT), Document(name="s3://news/2024/b.jsonl.gz:1", text=TEXT),
        Problem("s3://news", "left out 1 file ending in .png"),
    ]  # fmt: skip
    assert named("s3://news/*/*.txt") == ["s3://news/2024/a.txt"]
    assert rasad.read(["s3://news/2024/a.txt"])[0].document == "s3://news/2024/a.txt"


@pytest.mark.usefixtures("s3")
def test_what_a_bucket_does_not_have_is_told() -> None:
    done = CliRunner().invoke(app, ["read", "s3://news/gone.txt", "s3://none/a.txt"])
    assert done.stderr.splitlines() == [
        "s3://news/gone.txt: skipped, no such file or folder", "s3://none/a.txt: skipped, no such file or folder",
    ]  # fmt: skip
    assert done.exit_code == 1


def test_long_lines_of_a_bucket_are_cut_into_pieces(s3) -> None:
    s3.pipe(
        "news/long.jsonl", b"".join(b'{"text": "Text number %d of a long file."}\n' % number for number in range(1_000))
    )
    (place,) = places(["s3://news/long.jsonl"])
    assert isinstance(place, Place)
    cut = [*splits(place, cut=10_000)]
    assert len(cut) > 3
    read = [entry for piece in cut for entry in documents_of(piece)]
    assert [entry.name for entry in read if isinstance(entry, Document)] == [
        f"s3://news/long.jsonl:{n}" for n in range(1, 1_001)
    ]


def test_an_object_that_is_replaced_while_it_is_read_is_told(s3) -> None:
    s3.pipe("news/changing.jsonl", b'{"text": "Before."}\n' * 3)
    entries = documents(["s3://news/changing.jsonl"])
    next(entries)
    s3.pipe("news/changing.jsonl", b'{"text": "After that."}\n' * 5)
    *_, last = entries
    assert last == Skipped("s3://news/changing.jsonl", "changed while it was read")


def test_a_place_can_be_read_from_anywhere(s3) -> None:
    s3.pipe("news/seek.txt", b"0123456789")
    with opened("s3://news/seek.txt") as file:
        file.seek(7)
        assert (file.read(), file.tell()) == (b"789", 10)
