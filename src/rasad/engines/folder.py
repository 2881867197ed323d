"""The folder that a run writes into. While it is under way ``work/`` holds what was done so far, in parts: a part is there wholly or
not at all, and those that are there are never done again. When it ends there are ``documents/``, ``claims/frame=…/``, ``deals/``,
``aside.jsonl`` and ``run.json``. (Where it is done again for what was set aside, see ``again.py``, ``work/known.parquet`` names the
documents that were read before, and ``work/before/`` has their claims.)"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import msgspec
import pyarrow as pa
from pyarrow import parquet

from rasad.sources import Skipped

RUN = "run.json"


class RunError(Exception):
    """A run cannot begin or go on; the message says why, and what to do."""


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was begun with, which has to be the same when it goes on."""

    reader: str
    sources: list[str]
    language: str | None = None
    columns: dict[str, str] = {}
    every_copy: bool = False  #: copies are read as any other text


class Report(msgspec.Struct, kw_only=True):
    """What a run did. Counts of texts: ``texts`` looked at, ``about`` arms in a language that Rasad reads, ``foreign`` in another,
    ``empty`` pages without a text, ``copies`` that were read with another, ``read``. ``bytes`` of the sources, archives unpacked;
    ``claims``; ``deals``, and relations; ``aside``: what was set aside; ``seconds`` of work, over all the times it was begun."""

    texts: int = 0
    bytes: int = 0
    about: int = 0
    foreign: int = 0
    empty: int = 0
    copies: int = 0
    read: int = 0
    claims: int = 0
    deals: int = 0
    aside: int = 0
    seconds: float = 0.0


class Described(msgspec.Struct, kw_only=True):
    """``run.json``: what it was begun with, by which version and engine, and, once it has ended, what it did."""

    rasad: str
    engine: str
    begun: Begun
    report: Report | None = None


def differing(before: Begun, now: Begun) -> str:
    """In what a run that was begun is another one than what is asked for now."""
    if before.reader != now.reader:
        return "was begun by another version of the reader, whose claims would not go with those of this one"
    if before.sources != now.sources:
        return f"is a run over other sources ({', '.join(before.sources)})"
    return "was begun with another --language, other --columns, or another --every-copy"


class Folder:
    """The folder of a run."""

    def __init__(self, path: Path, work: str = "work") -> None:
        self.path = path
        self.work = path / work

    def describe(self) -> Described | None:
        """What ``run.json`` tells; None where there is none. Raises RunError where it is not as it should be."""
        try:
            return msgspec.json.decode((self.path / RUN).read_bytes(), type=Described)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise RunError(f"{self.path / RUN}: cannot be read ({error})") from None

    def begin(self, described: Described) -> None:
        """Makes the folder. Raises RunError where something else is in it, or where it cannot be made."""
        try:
            if self.path.exists() and any(self.path.iterdir()):
                raise RunError(f"{self.path}: is there already and no run of Rasad; give a new folder")
            self.work.mkdir(parents=True)
            self.tell(described)
        except OSError as error:
            raise RunError(f"{self.path}: cannot be made ({error.strerror or error})") from None

    def tell(self, described: Described) -> None:
        """Writes ``run.json``."""
        whole(self.path / RUN, lambda file: file.write(msgspec.json.format(msgspec.json.encode(described), indent=1)))

    def parts(self, kind: str) -> list[Path]:
        """The parts of a kind of work that are done, in their order."""
        return sorted((self.work / kind).glob("part-*.parquet"))

    def write_part(self, kind: str, number: int, tables: Sequence[pa.RecordBatch], schema: pa.Schema) -> Path:
        """Writes a part, wholly or not at all."""
        path = self.work / kind / f"part-{number:06}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        whole(path, lambda file: _write(file, tables, schema))
        return path

    def set_aside(self, aside: Sequence[Skipped]) -> None:
        """Writes the list of what was set aside."""
        lines = [msgspec.json.encode(entry._asdict()) + b"\n" for entry in aside]
        whole(self.path / "aside.jsonl", lambda file: file.write(b"".join(lines)))

    def clear(self) -> None:
        """Takes away what is needed only while the run is under way."""
        shutil.rmtree(self.work)


def aside_in(path: Path) -> list[Skipped]:
    """What a run set aside. Raises RunError where the list cannot be read."""
    try:
        return [Skipped(**msgspec.json.decode(line)) for line in path.read_bytes().splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError, TypeError) as error:
        raise RunError(f"{path}: cannot be read ({error})") from None


def whole(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Writes a file wholly or not at all, whatever interrupts it."""
    beside = path.with_name(path.name + ".unfinished")
    try:
        with beside.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _write(file: IO[bytes], batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> None:
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in batches:
            if batch.num_rows:
                writer.write_batch(batch)


def batches_in(path: Path, rows: int = 256, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, so many at a time."""
    with parquet.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=rows, columns=columns)
