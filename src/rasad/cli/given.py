"""What is given to be read: the options that several commands have for it, and how much it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from rasad.cli.progress import FEW
from rasad.cli.telling import wrong_use
from rasad.cores import cores
from rasad.languages import codes
from rasad.reports.near import nearest
from rasad.sources.places import Place, places
from rasad.sources.tables import Columns, columns_of

SMALL = 2**20  #: bytes that are read without a progress bar
MUCH = 4 * 2**20  #: bytes from which on every core reads
GIVEN = (
    "Files (plain text, HTML, PDF, .docx, .eml, .mbox, RSS and Atom, .jsonl, .parquet, .warc, and .gz or .zst of any), folders of "
    "them, patterns, addresses such as s3://bucket/key, or - for standard input."
)
LanguageOption = Annotated[
    str | None,
    typer.Option(
        metavar="|".join(codes()),
        help="The language of the texts. [dim]\\[default: each is looked at][/dim]",
        show_default=False,
    ),
]
ColumnsOption = Annotated[
    str | None,
    typer.Option(
        metavar="ROLE=NAME,…",
        help="What JSON lines and Parquet call their columns: text=body,outlet=source. [dim]\\[default: by the usual names][/dim]",
        show_default=False,
    ),
]
ProcessesOption = Annotated[
    int | None,
    typer.Option(
        "--processes",
        "-p",
        metavar="N",
        min=0,
        help="Processes that read, 0: this one. [dim]\\[default: one a core where there is much to read, else 0][/dim]",
        show_default=False,
    ),
]


def language_given(given: str | None, command: str = "rasad") -> str | None:
    """The language that ``--language`` names."""
    if given is not None and given not in codes():
        raise wrong_use(f"--language: {given!r} is not one of {', '.join(codes())}{nearest(given, codes())}", command)
    return given


def columns_given(given: str | None, command: str = "rasad") -> Columns:
    """The columns that ``--columns`` names."""
    try:
        return columns_of(given) if given is not None else {}
    except ValueError as error:
        raise wrong_use(f"--columns: {error}", command) from None


def processes_for(paths: Iterable[str], asked: int | None) -> int:
    """How many processes are to read: as many as were asked for; else one for each core where what is given is large enough to be
    worth their start."""
    if asked is not None:
        return asked
    size = 0
    for place in places(paths):
        size += place.size if isinstance(place, Place) else 0
        if size > MUCH:
            return cores()
    return 0


def bytes_of(paths: Iterable[str]) -> int:
    """How many bytes the places have that are given, for a progress bar: none where standard error is no terminal, or where they are
    few and small."""
    if not sys.stderr.isatty():
        return 0
    sizes = [place.size for place in places(paths) if isinstance(place, Place)]
    return sum(sizes) if len(sizes) > FEW or sum(sizes) > SMALL else 0
