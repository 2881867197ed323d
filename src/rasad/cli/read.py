"""``rasad read PATH…`` prints the claims of reports."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, NamedTuple

import msgspec
import typer

from rasad.claims import Claim, Document, Explanation
from rasad.cli import telling
from rasad.cli.given import (
    GIVEN,
    ColumnsOption,
    LanguageOption,
    ProcessesOption,
    bytes_of,
    columns_given,
    language_given,
    processes_for,
)
from rasad.cli.progress import progress
from rasad.cli.telling import ALL_READ, SOME_SKIPPED, stopped
from rasad.languages import codes
from rasad.ontology import ontology
from rasad.reading import explain_document, read_document
from rasad.reading.identify import identify
from rasad.reports import FORMATS, Record, Sink, open_sink
from rasad.reports.near import nearest
from rasad.sources import Problem, Skipped, documents
from rasad.sources.pieces import reader_failed

_ENDINGS = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}

STATUS = "Exit status: 0 all was read · 1 something was skipped (standard error says what and why) · 2 wrong use."


TOGETHER = 8  #: documents that a process reads in one go
Entry = Document | Problem | Skipped
Found = tuple[Entry, list[tuple[Claim, Explanation | None]]]  #: what was to be read, and its claims


class Wanted(NamedTuple):
    """Which claims to show."""

    frames: frozenset[str]
    min_confidence: float

    def takes(self, claim: Claim) -> bool:
        """Whether a claim is to be shown."""
        return claim.confidence >= self.min_confidence and (not self.frames or claim.frame in self.frames)


def read(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help=GIVEN, show_default=False)],
    form: Annotated[str | None, typer.Option("--format", "-f", metavar="|".join(FORMATS), help="How to show the claims. [dim]\\[default: by the ending of --output, else table][/dim]", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of standard output.", show_default=False)] = None,
    language: LanguageOption = None,
    columns: ColumnsOption = None,
    processes: ProcessesOption = None,
    frame: Annotated[list[str] | None, typer.Option(metavar="FRAME", help="Only claims of this frame; may be given more than once.", show_default=False)] = None,
    min_confidence: Annotated[float, typer.Option(metavar="0…1", help="Only claims at least this sure to be what the text says.")] = 0.0,
    explain: Annotated[bool, typer.Option("--explain", help="Tell after each claim which words led to it.")] = False,
) -> None:  # fmt: skip
    """Print the claims of reports: who supplies, services, builds, rivals, restricts or accuses whom, according to whom.

    Each text is read by itself, in the order given: plain text, pages, PDF, Word, mail, feeds, JSON lines, Parquet, WARC, also packed.
    """
    wanted = Wanted(_frames(frame or []), _share(min_confidence))
    language = language_given(language, "rasad read")
    named = columns_given(columns, "rasad read")
    form = _format(form, output, explain)
    _check_output(form, output, paths)
    try:
        with (
            stopped("what had been read until then was written"),
            _stream(output) as stream,
            progress(_bytes(paths, output), "bytes") as (advance, told),
        ):
            sink = open_sink(form, stream, explained=explain)
            try:
                skipped = _read_all(
                    _found(
                        documents(paths, columns=named, done=advance),
                        partial(_read_some, language=language, explained=explain or form == "table"),
                        processes_for(paths, processes),
                    ),
                    wanted,
                    sink,
                    told,
                )
            finally:
                sink.close()
    except OSError as error:
        raise _wrong_use(f"the output cannot be written: {error.strerror or error}") from None
    raise typer.Exit(SOME_SKIPPED if skipped else ALL_READ)


def _read_all(found: Iterable[Found], wanted: Wanted, sink: Sink, tell: Callable[[str], None]) -> int:
    """Writes what was found in documents into a sink and tells of every problem; gives how many could not be read."""
    skipped = 0
    for entry, pairs in found:
        if isinstance(entry, Document):
            shown = [pair for pair in pairs if wanted.takes(pair[0])]
            sink.write(Record(entry, shown, [claim for claim, _ in pairs]))
        elif isinstance(entry, Skipped):
            skipped += 1
            tell(f"{entry.path}: skipped, {entry.reason}")
        else:
            tell(f"{entry.path}: {entry.message}")
    return skipped


def _found(opened: Iterable[Entry], read: Callable[[list[Entry]], list[Found]], processes: int) -> Iterator[Found]:
    """What was found in each document, in their order, read by so many processes."""
    if not processes:
        for entry in opened:
            yield from read([entry])
        return
    from rasad.engines.pool import Pool

    entries = iter(opened)
    some = iter(lambda: list(islice(entries, TOGETHER)), [])
    with Pool(read, _lost, processes) as pool:
        for results in pool.results(some):
            yield from (found for result in results for found in result)


def _lost(entries: list[Entry]) -> list[Found]:
    from rasad.engines.pool import DIED

    return [(Skipped(entry.name, DIED) if isinstance(entry, Document) else entry, []) for entry in entries]


def _read_some(entries: list[Entry], language: str | None, explained: bool) -> list[Found]:
    """Each document with its claims, or why it could not be read."""
    found: list[Found] = []
    for entry in entries:
        document = _identified(entry, language) if isinstance(entry, Document) else entry
        claims = _claims(document, explained) if isinstance(document, Document) else []
        found.append((claims, []) if isinstance(claims, Skipped) else (document, claims))
    return found


def _identified(document: Document, language: str | None) -> Document | Skipped:
    code = language or document.language or identify(document.text)
    if code is None:
        return Skipped(document.name, f"language not one of {', '.join(codes())}")
    return msgspec.structs.replace(document, language=code)


def _claims(document: Document, explained: bool) -> list[tuple[Claim, Explanation | None]] | Skipped:
    """The claims of a document. A fault of the reader costs one document, not the run."""
    try:
        if explained:
            return [*explain_document(document)]
        return [(claim, None) for claim in read_document(document)]
    except Exception as error:
        return Skipped(document.name, reader_failed(error))


# What is given, checked before anything is read.


def _wrong_use(message: str) -> typer.Exit:
    return telling.wrong_use(message, "rasad read")


def _frames(given: list[str]) -> frozenset[str]:
    known = ontology().frames
    frames = [name.strip().lower().replace("-", "_") for name in given]
    for name, written in zip(frames, given, strict=True):
        if name not in known:
            raise _wrong_use(
                f"--frame: there is no frame {written!r}{nearest(name, known)} (frames: {', '.join(known)})"
            )
    return frozenset(frames)


def _share(given: float) -> float:
    if not 0 <= given <= 1:
        raise _wrong_use(f"--min-confidence: {given:g} is not between 0 and 1")
    return given


def _format(given: str | None, output: Path | None, explain: bool) -> str:
    form = given or (_ENDINGS.get(output.suffix.lower(), "table") if output else "table")
    if form not in FORMATS:
        raise _wrong_use(f"--format: {form!r} is not one of {', '.join(FORMATS)}{nearest(form, FORMATS)}")
    if explain and form in ("csv", "parquet"):
        raise _wrong_use(f"--explain: {form} has no place for explanations; use table, json or jsonl")
    return form


def _check_output(form: str, output: Path | None, paths: list[str]) -> None:
    if output is None:
        if form == "parquet" and not _goes_to_a_file():
            raise _wrong_use("--format parquet needs --output FILE, or standard output sent to a file")
        return
    if output.exists() and any(
        path != "-" and os.path.exists(path) and os.path.samefile(path, output) for path in paths
    ):
        raise _wrong_use(f"--output: {output} is one of the files to be read")


def _goes_to_a_file() -> bool:
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):
        return False


# Where things come from and go to.


@contextmanager
def _stream(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    try:
        stream = output.open("wb")
    except OSError as error:
        raise _wrong_use(f"--output: {output} cannot be written: {error.strerror}") from None
    with stream:
        yield stream


def _bytes(paths: list[str], output: Path | None) -> int:
    """How many bytes are to be read, where a progress bar is wanted: where nothing else would be seen meanwhile; else 0."""
    seen = output is None and sys.stdout.isatty()
    return 0 if seen else bytes_of(paths)
