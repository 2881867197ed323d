"""What is given to be read, and how the tables among it call their columns."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from rasad.cli.telling import wrong_use
from rasad.sources import Place, places
from rasad.sources.tables import Columns, columns_of

GIVEN = (
    "Files (plain text, HTML, PDF, .docx, .eml, .mbox, RSS and Atom, .jsonl, .parquet, .warc, and .gz or .zst of any), folders of "
    "them, patterns, addresses such as s3://bucket/key, or - for standard input."
)
ColumnsOption = Annotated[
    str | None,
    typer.Option(
        metavar="ROLE=NAME,…",
        help="What JSON lines and Parquet call their columns: text=body,outlet=source. [dim]\\[default: by the usual names][/dim]",
        show_default=False,
    ),
]


def columns_given(given: str | None) -> Columns:
    """The columns that ``--columns`` names."""
    try:
        return columns_of(given) if given is not None else {}
    except ValueError as error:
        raise wrong_use(f"--columns: {error}") from None


def sizes(paths: Iterable[str]) -> list[int]:
    """The bytes of each place that is given, for a progress bar: none where standard error is no terminal."""
    if not sys.stderr.isatty():
        return []
    return [place.size for place in places(paths) if isinstance(place, Place)]
