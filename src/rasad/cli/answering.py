"""How a command gives an answer: as tables to read, as data, or as a picture in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from rasad.cli import printing
from rasad.cli.opening import gathered
from rasad.cli.telling import not_made, tell, wrong_use
from rasad.pictures import SUFFIXES

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from rasad.analysis.answers import Answer, Based
    from rasad.register import Register

Form = Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=f"How to show it: {', '.join(printing.FORMATS)}.")]  # fmt: skip
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=f"Draw the picture into this file ({', '.join(SUFFIXES)}).", show_default=False)]  # fmt: skip
Table = Annotated[str | None, typer.Option("--table", metavar="NAME", help="Which of its tables.", show_default=False)]  # fmt: skip
Kind = Annotated[str | None, typer.Option("--picture", metavar="KIND", help="Which of its pictures.", show_default=False)]  # fmt: skip
QUOTE = 60  #: characters from which on a cell is a quotation


def answer(
    make: Callable[[Register], Answer], register: str | None, form: str, output: Path | None, table: str | None, kind: str | None
) -> None:  # fmt: skip
    """Opens the register, asks it, shows what it answers. Where it answers nothing, a sentence on standard error says what is missing:
    the question was put well, and the command ends with 0; but a picture with nothing in it is not made, and it ends with 1."""
    from rasad.pictures import PictureError
    from rasad.register import FilterError

    printing.form(form)
    with gathered(register) as kept:
        try:
            given = make(kept)
            if output is not None:
                _draw(given, kind, output)
                return
            missing = _missing(given, table)
        except (FilterError, PictureError) as error:
            raise wrong_use(str(error)) from None
        if missing:
            tell(f"rasad: {missing}")
        if form != "table":
            _data(given, form, table)
        elif not missing:
            _for_a_person(given, table)


def _draw(given: Answer, kind: str | None, output: Path) -> None:
    from rasad.pictures import NothingToDrawError

    try:
        picture = given.picture(kind)
    except NothingToDrawError as error:
        missing = _missing(given, None)
        raise not_made(f"{error}; {missing}" if missing else str(error)) from None
    picture.save(output)


def _missing(given: Answer, table: str | None) -> str | None:
    """What is missing where what is asked for has no rows."""
    if any(given.tables.values()) and (table is None or given.table(table)):
        return None
    told = "; ".join(given.notes)
    return f"{given.title}: no {table.replace('_', ' ')}; {told}" if any(given.tables.values()) and table else told


def _data(given: Answer, form: str, table: str | None) -> None:
    if form == "json":
        named = {name: [msgspec.to_builtins(row) for row in rows] for name, rows in given.tables.items()}
        printing.print_json({"title": given.title, "notes": given.notes, **named})
        return
    found = given.to_arrow(table)
    if form == "jsonl":
        printing.print_lines(found.to_pylist())
    else:
        flat = ({name: _flat(cell) for name, cell in row.items()} for row in found.to_pylist())
        printing.print_csv(found.column_names, flat)


def _flat(cell: Any) -> Any:
    return ";".join(map(str, cell)) if isinstance(cell, list) else cell


def _for_a_person(given: Answer, table: str | None) -> None:
    from rich.text import Text

    from rasad.analysis.answers import SHOWN, heading, told, visible

    asked = {table: given.table(table)} if table else given.tables
    to = printing.console()
    to.print(Text(given.title, style="bold"), soft_wrap=True)
    for name, rows in asked.items():
        if not rows or (name in given.DETAILED and not table):
            continue
        shown = rows if table else rows[:SHOWN]
        to.print()
        to.print(Text(heading(name).capitalize(), style="bold cyan"), soft_wrap=True)
        fields = visible(given, shown)
        cells = [[Text(told(field, getattr(row, field))) for field in fields] for row in shown]
        titles = [f"{'>' if _is_number(shown, field) else ''}{heading(field)}" for field in fields]
        if printing.fits(to, titles, cells):
            printing.print_table(to, titles, cells)
        else:
            _blocks(to, titles, cells)
        if len(shown) < len(rows):
            printing.print_text(
                to, Text(f"{len(shown):,} of {len(rows):,}; --table {name!r} shows all", style="dim"), indent=""
            )
    longer = [name for name in given.DETAILED if given.tables[name] and not table]
    more = [f"More: --table {' or '.join(sorted(longer))}"] if longer else []
    for note in (*given.notes, *more):
        to.print()
        printing.print_text(to, Text(note, style="dim"), indent="")


def _blocks(to: Console, titles: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    """Rows that are too wide for a table: the first cell as a title, below it each of the others with its own, and what is long,
    a quotation, for itself."""
    from rich.text import Text

    for first, *others in rows:
        printing.print_text(to, Text.assemble((first.plain or "–", "bold")), indent="")
        told = [(title.lstrip(">"), cell) for title, cell in zip(titles[1:], others, strict=True) if cell.plain]
        short = [Text.assemble((f"{title} ", "dim"), cell) for title, cell in told if len(cell.plain) <= QUOTE]
        printing.print_text(to, Text(" · ").join(short))
        for _, cell in told:
            if len(cell.plain) > QUOTE:
                printing.print_quote(to, cell.plain, None)


def _is_number(rows: Sequence[Based], field: str) -> bool:
    return all(isinstance(getattr(row, field), int | float | None) for row in rows)
