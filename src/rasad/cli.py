"""The command line: ``rasad read PATH…`` prints the claims of reports."""

from __future__ import annotations

import gc
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, NamedTuple

import typer

from rasad import __version__
from rasad.claims import Claim, Document, Explanation
from rasad.languages import codes
from rasad.ontology import ontology
from rasad.reading import explain_document, read_document
from rasad.reading.identify import identify
from rasad.reports import FORMATS, Record, Sink, open_sink, readable
from rasad.sources import Problem, Skipped, find, from_file, standard_input

ALL_READ, SOME_SKIPPED, WRONG_USE, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141
FEW = 5  #: so many files are read without a progress bar
_ENDINGS = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}

app = typer.Typer(
    help="Reads press reports on the arms trade in Arabic, English, Russian and Ukrainian, and tells [bold]who claims what, "
    "according to whom, how surely, and in which words[/bold].",
    epilog="Try: [cyan]rasad read examples[/cyan]",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Wanted(NamedTuple):
    """Which claims to show."""

    frames: frozenset[str]
    min_confidence: float

    def takes(self, claim: Claim) -> bool:
        """Whether a claim is to be shown."""
        return claim.confidence >= self.min_confidence and (not self.frames or claim.frame in self.frames)


def main() -> None:
    """Runs the command line."""
    gc.set_threshold(
        200_000, 20, 20
    )  # what is loaded at the start is kept: looking through it for garbage is lost time
    app(prog_name="rasad")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rasad {__version__}")
        raise typer.Exit


@app.callback()
def _rasad(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(
    epilog="Exit status: 0 all was read · 1 something was skipped (standard error says what and why) · 2 wrong use.",
)
def read(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Text files, folders of text files, or - for standard input.", show_default=False)],
    form: Annotated[str | None, typer.Option("--format", "-f", metavar="|".join(FORMATS), help="How to show the claims. [dim]\\[default: by the ending of --output, else table][/dim]", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of standard output.", show_default=False)] = None,
    language: Annotated[str | None, typer.Option(metavar="|".join(codes()), help="The language of the texts. [dim]\\[default: each is looked at][/dim]", show_default=False)] = None,
    frame: Annotated[list[str] | None, typer.Option(metavar="FRAME", help="Only claims of this frame; may be given more than once.", show_default=False)] = None,
    min_confidence: Annotated[float, typer.Option(metavar="0…1", help="Only claims at least this sure to be what the text says.")] = 0.0,
    explain: Annotated[bool, typer.Option("--explain", help="Tell after each claim which words led to it.")] = False,
) -> None:  # fmt: skip
    """Print the claims of reports: who supplies, services, builds, rivals, restricts or accuses whom, according to whom.

    Each text is read by itself, in the order given; folders are searched for .txt, .text and .md files.
    """
    wanted = Wanted(_frames(frame or []), _share(min_confidence))
    _check_language(language)
    form = _format(form, output, explain)
    _check_output(form, output, paths)
    try:
        with _stream(output) as stream, _progress(paths, output) as (opened, tell):
            sink = open_sink(form, stream, explained=explain)
            try:
                skipped = _read_all(opened, language, wanted, sink, explain or form == "table", tell)
            finally:
                sink.close()
    except KeyboardInterrupt:
        _tell("rasad: interrupted; what had been read until then was written")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from None
    except OSError as error:
        raise _wrong_use(f"the output cannot be written: {error.strerror or error}") from None
    raise typer.Exit(SOME_SKIPPED if skipped else ALL_READ)


def _read_all(
    opened: Iterable[Document | Problem | Skipped],
    language: str | None,
    wanted: Wanted,
    sink: Sink,
    explained: bool,
    tell: Callable[[str], None],
) -> int:
    """Reads documents into a sink and tells of every problem; gives how many could not be read."""
    skipped = 0
    for entry in opened:
        if isinstance(entry, Document):
            entry = _identified(entry, language)
        if isinstance(entry, Document):
            read_or_skipped = _claims(entry, explained)
            if isinstance(read_or_skipped, list):
                shown = [pair for pair in read_or_skipped if wanted.takes(pair[0])]
                sink.write(Record(entry, shown, [claim for claim, _ in read_or_skipped]))
                continue
            entry = read_or_skipped
        if isinstance(entry, Skipped):
            skipped += 1
            tell(f"{entry.path}: skipped, {entry.reason}")
        else:
            tell(f"{entry.path}: {entry.message}")
    return skipped


def _identified(document: Document, language: str | None) -> Document | Skipped:
    code = language or identify(document.text)
    if code is None:
        return Skipped(document.name, f"language not one of {', '.join(codes())}")
    return Document(name=document.name, text=document.text, language=code)


def _claims(document: Document, explained: bool) -> list[tuple[Claim, Explanation | None]] | Skipped:
    """The claims of a document. A fault of the reader costs one document, not the run."""
    try:
        if explained:
            return [*explain_document(document)]
        return [(claim, None) for claim in read_document(document)]
    except Exception as error:
        return Skipped(document.name, f"the reader failed, please report it ({type(error).__name__}: {error})")


# What is given, checked before anything is read.


def _wrong_use(message: str) -> typer.Exit:
    _tell(f"rasad read: {message}")
    return typer.Exit(WRONG_USE)


def _nearest(given: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(given, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""


def _frames(given: list[str]) -> frozenset[str]:
    known = ontology().frames
    frames = [name.strip().lower().replace("-", "_") for name in given]
    for name, written in zip(frames, given, strict=True):
        if name not in known:
            raise _wrong_use(
                f"--frame: there is no frame {written!r}{_nearest(name, known)} (frames: {', '.join(known)})"
            )
    return frozenset(frames)


def _share(given: float) -> float:
    if not 0 <= given <= 1:
        raise _wrong_use(f"--min-confidence: {given:g} is not between 0 and 1")
    return given


def _check_language(given: str | None) -> None:
    if given is not None and given not in codes():
        raise _wrong_use(f"--language: {given!r} is not one of {', '.join(codes())}{_nearest(given, codes())}")


def _format(given: str | None, output: Path | None, explain: bool) -> str:
    form = given or (_ENDINGS.get(output.suffix.lower(), "table") if output else "table")
    if form not in FORMATS:
        raise _wrong_use(f"--format: {form!r} is not one of {', '.join(FORMATS)}{_nearest(form, FORMATS)}")
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


def _tell(message: str) -> None:
    """One line on standard error."""
    print(readable(message), file=sys.stderr)


def _opened(paths: list[str], done: Callable[[], None]) -> Iterator[Document | Problem | Skipped]:
    """The documents that the paths name; ``done`` is called after each file."""
    for given in paths:
        if given == "-":
            yield from standard_input()
            done()
            continue
        for path in find([given]):
            if isinstance(path, Path):
                yield from from_file(path)
            else:
                yield path
            done()


@contextmanager
def _progress(
    paths: list[str], output: Path | None
) -> Iterator[tuple[Iterator[Document | Problem | Skipped], Callable[[str], None]]]:
    """The documents, and how to tell of a problem. Where many files are read and nothing but the bar would be seen
    meanwhile, a progress bar is drawn on standard error."""
    seen = output is None and sys.stdout.isatty()
    total = (
        0
        if seen or not sys.stderr.isatty()
        else sum(1 for given in paths for _ in ([given] if given == "-" else find([given])))
    )
    if total <= FEW:
        yield _opened(paths, lambda: None), _tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading", total=total)

        def tell(message: str) -> None:
            console.print(readable(message), markup=False, highlight=False, soft_wrap=True)

        yield _opened(paths, lambda: progress.advance(task)), tell


if __name__ == "__main__":
    main()
