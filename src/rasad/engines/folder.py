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
from typing import IO, Any, Protocol

import pyarrow as pa
from pyarrow import parquet

from rasad import __version__
from rasad.result import ASIDE, RUN, Begun, Described, described, listed, unlisted
from rasad.sources import Skipped

GROUP = 10_000  #: rows in a group, at most
TAKEN = "is there already and no run of Rasad; give a new folder"


class RunError(Exception):
    """A run cannot begin or go on; the message says why, and what to do."""


def _differing(before: Begun, now: Begun) -> str:
    """In what a run that was begun is another one than what is asked for now."""
    if before.reader != now.reader:
        return "was begun by another version of the reader, whose claims would not go with those of this one"
    if before.sources != now.sources:
        return f"is a run over other sources ({', '.join(before.sources)})"
    return "was begun with another --language, other --columns, or another --every-copy"


class Destination(Protocol):
    """Where a run writes, as :class:`Folder` is one."""

    @property
    def name(self) -> str:
        """What it is called in messages."""

    def describe(self) -> Described | None:
        """What is told of the run there; None where there is none."""

    def begin(self, told: Described) -> None:
        """Makes it, for a run that is told of so."""


def resumed(place: Destination, engine: str, begun: Begun) -> Described:
    """What is told of the run in a place, which is begun there if there is none. Raises RunError where it is another one."""
    told = place.describe()
    if told is None:
        told = Described(rasad=__version__, engine=engine, begun=begun)
        place.begin(told)
    elif told.engine != engine:
        raise RunError(f"{place.name}: was begun with --engine {told.engine}; go on with it, or give a new folder")
    elif told.begun != begun:
        raise RunError(f"{place.name}: {_differing(told.begun, begun)}; give a new folder")
    return told


class Folder:
    """The folder of a run."""

    def __init__(self, path: Path, work: str = "work") -> None:
        self.path = path
        self.work = path / work

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return str(self.path)

    def describe(self) -> Described | None:
        """What ``run.json`` tells; None where there is none. Raises RunError where it is not as it should be."""
        try:
            return described((self.path / RUN).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise RunError(f"{self.path / RUN}: cannot be read ({error})") from None

    def begin(self, told: Described) -> None:
        """Makes the folder. Raises RunError where something else is in it, or where it cannot be made."""
        try:
            if self.path.exists() and any(self.path.iterdir()):
                raise RunError(f"{self.path}: {TAKEN}")
            self.work.mkdir(parents=True)
            self.tell(told)
        except OSError as error:
            raise RunError(f"{self.path}: cannot be made ({error.strerror or error})") from None

    def tell(self, told: Described) -> None:
        """Writes ``run.json``."""
        whole(self.path / RUN, lambda file: file.write(told.packed()))

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
        whole(self.path / ASIDE, lambda file: file.write(listed(aside)))

    def aside(self) -> list[Skipped]:
        """What the run set aside. Raises RunError where the list cannot be read."""
        try:
            return unlisted((self.path / ASIDE).read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise RunError(f"{self.path / ASIDE}: cannot be read ({error})") from None

    def clear(self) -> None:
        """Takes away what is needed only while the run is under way."""
        shutil.rmtree(self.work)


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
    # as one table: a group of rows for each batch, of which there may be a thousand, is slow to read
    table = pa.Table.from_batches([batch for batch in batches if batch.num_rows], schema)
    parquet.write_table(table, file, compression="zstd", row_group_size=GROUP)


def batches_in(path: Path, rows: int = 256, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, so many at a time."""
    with parquet.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=rows, columns=columns)
