"""How commands that look into a register print what they find: as JSON, CSV, or for a person to read."""

from __future__ import annotations

import csv
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from rasad.cli.telling import wrong_use
from rasad.reports.near import nearest

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

FORMATS = ("table", "json", "jsonl", "csv")
Form = str  #: one of :data:`FORMATS`
PIPED = 100  #: columns, where the output is no terminal and COLUMNS does not say otherwise
WIDE = 140  #: columns from which on there is room
INDENT = "   "


def form(given: str, known: Sequence[str] = FORMATS) -> Form:
    """The format that is asked for."""
    if given not in known:
        raise wrong_use(f"--format: {given!r} is not one of {', '.join(known)}{nearest(given, known)}")
    return given


def print_json(value: Any) -> None:
    """One JSON value, indented."""
    _write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")


def print_lines(values: Iterable[Any]) -> None:
    """JSON lines."""
    for value in values:
        _write(msgspec.json.encode(value) + b"\n")


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """CSV with a header."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _write(text.getvalue().encode())


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def console() -> Console:
    """What a person's view is printed on: in colour on a terminal, in UTF-8 everywhere else."""
    from rich.console import Console

    class _Console(Console):
        """A console that lets whoever runs it know that nobody reads any more."""

        def on_broken_pipe(self) -> None:
            raise  # the BrokenPipeError during whose handling this is called

    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((PIPED, 24)).columns
    if not terminal:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    return _Console(width=max(60, width), highlight=False, force_terminal=terminal)


def print_table(to: Console, titles: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    """A table that fits the width, without breaking a word where that is possible, and never the last column. A title with
    ``>`` stands over numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    gap = 1 if to.width >= WIDE else 0  # beside the one space that parts columns
    table = Table(box=box.SIMPLE_HEAD, padding=(0, gap, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    held = [[Text(title.lstrip(">")), *cells] for title, cells in zip(titles, zip(*rows, strict=True), strict=True)]
    for title, width in zip(titles, _widths(held, to.width - (gap + 1) * len(titles)), strict=True):
        justify: Literal["left", "right"] = "right" if title.startswith(">") else "left"
        table.add_column(title.lstrip(">"), justify=justify, width=width, overflow="fold")
    for row in rows:
        table.add_row(*row)
    to.print(table)


def fits(to: Console, titles: Sequence[str], rows: Sequence[Sequence[Text]]) -> bool:
    """Whether a table of these can stand in the width without breaking a word, and without a column of many lines."""
    gap = 2 if to.width >= WIDE else 1
    columns = [
        [title.lstrip(">"), *(cell.plain for cell in cells)]
        for title, cells in zip(titles, zip(*rows, strict=True), strict=True)
    ]
    if any(len(text) > to.width for column in columns for text in column):
        return False
    return (
        sum(gap + max(len(word) for text in column for word in re.split("[ \n]", text)) for column in columns)
        <= to.width
    )


def _widths(columns: Sequence[Sequence[Text]], room: int) -> list[int]:
    """How wide each column is: the longest word at least, where all of these fit, and then what is left to those whose lines
    lack most."""
    from rich.cells import cell_len

    lines = [max(cell_len(line) for text in column for line in text.plain.split("\n")) for column in columns]
    words = [max(cell_len(word) for text in column for word in re.split("[ \n]", text.plain)) for column in columns]
    fitting = (most for most in range(max(words), 1, -1) if sum(min(w, most) for w in words[:-1]) + words[-1] <= room)
    fair = next(fitting, 1)
    widths = [*(min(word, fair) for word in words[:-1]), words[-1]]
    for _ in range(min(room, sum(lines)) - sum(widths)):
        widest = max(range(len(lines)), key=lambda at: lines[at] / widths[at])
        widths[widest] += 1
    return widths


def print_text(to: Console, line: Text, indent: str = INDENT) -> None:
    """A text, broken to the width and indented; what is broken goes on a little further in."""
    from rich.text import Text

    for number, part in enumerate(line.wrap(to, to.width - len(indent) - 2)):
        part.rstrip()
        to.print(Text(indent + ("  " if number else "")) + part, soft_wrap=True)


def print_quote(to: Console, quote: str, language: str | None, indent: str = INDENT) -> None:
    """A quotation in its own direction. Every line that is written from right to left is isolated by itself, since a terminal
    orders each line alone."""
    from rich.text import Text

    from rasad.reports import readable
    from rasad.reports.wording import PDI, RLI, is_turned

    turned = is_turned(quote, language)
    for line in Text(readable(quote)).wrap(to, to.width - len(indent) - 2):
        line.rstrip()
        to.print(Text(indent) + (Text(RLI) + line + Text(PDI) if turned else line), soft_wrap=True)
