"""What is given to be read, as places that can be opened: files of this machine, and of stores that fsspec knows (S3, Google Cloud,
Azure, HDFS …); each with what stands there."""

from __future__ import annotations

import glob
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from errno import ELOOP
from functools import partial
from os import PathLike
from pathlib import Path
from stat import S_ISREG
from typing import IO, Any
from urllib.parse import unquote_to_bytes, urlsplit

import msgspec

from rasad.sources.decoding import BLOCK
from rasad.sources.forms import FORMS, UNKNOWN, form_of
from rasad.sources.pieces import Problem, Skipped

STANDARD_INPUT = "-"
NOT_THERE = "no such file or folder"
NO_MATCH = "nothing has a name of this pattern"
SILENCE = 60.0  #: seconds after which a server that sends nothing is given up
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:://|::)")
_PATTERN = re.compile(r"[*?\[]")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What is opened: a path, an address such as ``s3://bucket/key``, or ``-``; what stands there (a form of
    :class:`~rasad.sources.pieces.Piece`, or :data:`~rasad.sources.forms.UNKNOWN`), and how it is packed."""

    name: str
    address: str
    form: str
    packing: str | None = None
    size: int = 0  #: bytes
    stamp: str | None = None  #: changes when what stands there does; None where it can be read once only


def display_name(path: str | Path) -> str:
    """The path as text that can be stored and printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def places(given: Iterable[str | PathLike[str]]) -> Iterator[Place | Problem | Skipped]:
    """Every place that is given: paths, folders, patterns (``news/**/*.txt``), addresses of stores, and ``-``.

    Folders are searched for the endings of :data:`~rasad.sources.forms.FORMS`, also packed, in the order of their names; what stands
    in them under another is counted in a :class:`Problem`; hidden files are passed over. A file that is given itself is read whatever
    its ending.
    """
    for one in given:
        address = os.fspath(one)
        if address == STANDARD_INPUT:
            yield Place(name=address, address=address, form=UNKNOWN)
        elif (local := path_of(address)) is not None:
            yield from _local(local)
        else:
            yield from _elsewhere(address)


def path_of(address: str) -> Path | None:
    """The path of a place of this machine; None for an address of a store."""
    if not _ELSEWHERE.match(address):
        return Path(address)
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(address).path))) if address.startswith("file://") else None


def opened(address: str) -> IO[bytes]:
    """What stands at a place, as bytes. Raises OSError."""
    path = path_of(address)
    if path is not None:
        return path.open("rb")
    store, inner = _store(address)
    with _told_as_the_system_would():
        return io.BufferedReader(_Distant(store.open(inner, "rb", block_size=4 * BLOCK)), BLOCK)


def stamp_of(address: str) -> str | None:
    """What tells whether a place has changed: its size and the time of its last change, or the mark that its store keeps of it. None
    for what is no file, such as a pipe. Raises OSError."""
    path = path_of(address)
    if path is not None:
        return _stamp(path.stat())
    store, inner = _store(address)
    with _told_as_the_system_would():
        store.invalidate_cache()
        return _mark(store.info(inner))


def _stamp(stat: os.stat_result) -> str | None:
    return f"{stat.st_size} {stat.st_mtime_ns}" if S_ISREG(stat.st_mode) else None


def _mark(info: dict[str, Any]) -> str:
    told = (info.get(name) for name in ("ETag", "etag", "md5Hash", "LastModified", "last_modified", "mtime", "created"))
    return " ".join(str(value) for value in (info.get("size"), *told) if value is not None)


class _Distant(io.RawIOBase):
    """A file of a store, which fails as the files of this machine do."""

    def __init__(self, file: Any) -> None:
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, into: Any) -> int:
        with _told_as_the_system_would():
            data = self._file.read(len(into))
        into[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _local(path: Path) -> Iterator[Place | Problem | Skipped]:
    try:
        there, folder = path.exists() or path.is_symlink(), path.is_dir()
    except OSError as error:
        yield Skipped(display_name(path), f"cannot be read: {error.strerror or error}")
        return
    if not there and _PATTERN.search(str(path)):
        found = sorted(glob.iglob(str(path), recursive=True))
        for one in map(Path, found):
            yield from _inside(one) if os.path.isdir(one) else (_found(one, form_of(one.name)[0] or UNKNOWN),)
        if not found:
            yield Skipped(display_name(path), NO_MATCH)
    elif folder:
        yield from _inside(path)
    else:
        yield _file(path, form_of(path.name)[0] or UNKNOWN)


def _file(path: Path, form: str) -> Place | Skipped:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return Skipped(display_name(path), "the link leads nowhere" if path.is_symlink() else NOT_THERE)
    except OSError as error:
        circular = error.errno == ELOOP
        return Skipped(
            display_name(path), "the link leads nowhere" if circular else f"cannot be read: {error.strerror}"
        )
    name, address = display_name(path), str(path)
    return Place(
        name=name, address=address if address == name else path.absolute().as_uri(), form=form,
        packing=form_of(path.name)[1], size=stat.st_size, stamp=_stamp(stat),
    )  # fmt: skip


def _found(path: Path, form: str) -> Place | Problem | Skipped:
    """A file that nobody named: what might never end, or never begin, is left out."""
    place = _file(path, form)
    if isinstance(place, Place) and place.stamp is None:
        return Problem(place.name, "left out: a pipe, a socket or a device, not a file")
    return place


def _inside(folder: Path) -> Iterator[Place | Problem | Skipped]:
    locked: list[Skipped] = []

    def refused(error: OSError) -> None:
        locked.append(Skipped(display_name(error.filename), f"cannot be read: {error.strerror}"))

    def files() -> Iterator[Path]:
        for root, folders, names in os.walk(folder, onerror=refused):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (Path(root, name) for name in sorted(names) if not name.startswith("."))

    yield from _readable(display_name(folder), ((path.name, partial(_found, path)) for path in files()), locked)


def _readable(
    folder: str, files: Iterable[tuple[str, Callable[[str], Place | Problem | Skipped]]], locked: Sequence[Skipped]
) -> Iterator[Place | Problem | Skipped]:
    """What can be read of the files in a folder, each with what makes a place of it; and what is to be told of the others."""
    found = False
    others: dict[str, int] = {}
    for name, placed in files:
        form, packing = form_of(name)
        if form is not None:
            found = True
            yield placed(form)
            continue
        stem, ending = os.path.splitext(name.lower())
        ending = os.path.splitext(stem)[1] + ending if packing else ending
        others[ending] = others.get(ending, 0) + 1
    yield from locked
    if others:
        total = sum(others.values())
        yield Problem(
            folder, f"left out {total} {'file' if total == 1 else 'files'} ending in {', '.join(sorted(others))}"
        )
    if not found and not locked:
        yield Skipped(folder, f"nothing to read in this folder (looked for {', '.join(sorted(filter(None, FORMS)))})")


# What stands in stores, by way of fsspec.


def _elsewhere(address: str) -> Iterator[Place | Problem | Skipped]:
    form = form_of(urlsplit(address).path)[0]
    if address.startswith(("http://", "https://")) and form in (None, UNKNOWN, "html", "feed"):
        yield Skipped(
            address, "pages and feeds of the web are for `rasad watch` and the desk; files of other forms are read"
        )
        return
    try:
        store, inner = _store(address)
        with _told_as_the_system_would():
            if _PATTERN.search(inner) and not store.exists(inner):
                every = sorted(store.glob(inner, detail=True).items())
                found = [entry for entry in every if not entry[0].rpartition("/")[2].startswith(".")]
                if not found:
                    yield Skipped(address, NO_MATCH)
            else:
                found = [(inner, store.info(inner))]
        for one, info in found:
            if info["type"] == "directory":
                yield from _within(store, one)
            else:
                yield _object(store, one, info, form_of(one)[0] or UNKNOWN)
    except FileNotFoundError:
        yield Skipped(address, NOT_THERE)
    except OSError as error:
        yield Skipped(address, f"cannot be read: {error.strerror or error}", address)


def _within(store: Any, folder: str) -> Iterator[Place | Problem | Skipped]:
    with _told_as_the_system_would():
        found = store.find(folder, detail=True)

    def files() -> Iterator[tuple[str, Callable[[str], Place | Problem | Skipped]]]:
        for path, info in sorted(found.items()):
            parts = path.removeprefix(folder).strip("/").split("/")
            if not any(part.startswith(".") for part in parts):
                yield parts[-1], partial(_object, store, path, info)

    yield from _readable(store.unstrip_protocol(folder), files(), ())


def _object(store: Any, path: str, info: dict[str, Any], form: str) -> Place:
    address = store.unstrip_protocol(path)
    return Place(
        name=address,
        address=address,
        form=form,
        packing=form_of(path)[1],
        size=info.get("size") or 0,
        stamp=_mark(info),
    )


def _store(address: str) -> tuple[Any, str]:
    """The file system of an address, and the address within it. Raises OSError where there is none."""
    from fsspec.core import url_to_fs
    from fsspec.registry import known_implementations

    try:
        with _told_as_the_system_would():
            store, inner = url_to_fs(address, **_patience(address))
    except ImportError:
        protocol = re.split("://|::", address)[0]
        needed = "pip install 'rasad[s3]'" if protocol in ("s3", "s3a") else known_implementations[protocol]["err"]
        raise OSError(f"what opens {protocol}:// is not installed ({needed})") from None
    except ValueError as error:
        raise OSError(str(error)) from None
    return store, inner


def _patience(address: str) -> dict[str, Any]:
    """The settings by which a server of the web may take as long as it likes for a file, but not be silent."""
    if not address.startswith(("http://", "https://")):
        return {}
    from aiohttp import ClientTimeout

    return {"client_kwargs": {"timeout": ClientTimeout(total=None, sock_connect=SILENCE, sock_read=SILENCE)}}


@contextmanager
def _told_as_the_system_would() -> Iterator[None]:
    """Makes an OSError of what stores raise in ways of their own: no credentials, no connection, no answer. (Of whatever is wrong
    with an address of the web fsspec says that there is no such file.)"""
    try:
        yield
    except FileNotFoundError as error:
        status = getattr(error.__cause__, "status", None)
        if status not in (None, 404, 410):
            raise OSError(f"the server answers {status}") from error
        if isinstance(error.__cause__, TimeoutError):
            raise OSError("the server does not answer") from error
        if isinstance(error.__cause__, OSError):
            raise OSError(str(error.__cause__)) from error
        raise
    except TimeoutError as error:
        raise OSError("the server does not answer") from error
    except (OSError, ImportError, ValueError):
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
