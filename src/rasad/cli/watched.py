"""``rasad watched`` shows what each watched source gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from rasad.cli import printing
from rasad.cli.list import Form
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.telling import wrong_use
from rasad.reports.near import nearest

if TYPE_CHECKING:
    from rich.text import Text

    from rasad.register.watched import Text as Given
    from rasad.register.watched import Watched

MOST = 1_000  #: texts of a source that are listed
Of = Annotated[str | None, typer.Argument(metavar="ADDRESS", help="List the texts that this source gave.", show_default=False)]  # fmt: skip
COLUMNS = (
    "address", "kind", "outlet", "last", "next", "visits", "texts", "about_arms", "claims", "waiting", "lost", "failures", "error",
)  # fmt: skip
TEXTS = ("at", "document", "title", "address", "published", "new", "about_arms", "claims")


def watched(address: Of = None, register: RegisterOption = None, form: Form = "table") -> None:
    """List the sources that [cyan]rasad watch[/cyan] visits: when it was there last, what they gave, and what went wrong; or the texts
    of one of them. Times are UTC."""
    from rasad.register import watched as keeping

    printing.form(form)
    with gathered(register) as kept:
        sources = keeping.sources(kept.engine)
        if address is None:
            _print(form, COLUMNS, sources, _table)
            return
        of = next((one for one in sources if one.address == address), None)
        if of is None:
            raise wrong_use(f"{address}: is not watched{nearest(address, [one.address for one in sources])}")
        _print(form, TEXTS, keeping.texts(kept.engine, of.id, MOST), _texts)


def _print(form: str, columns: Sequence[str], rows: Sequence[Any], table: Callable[[Sequence[Any]], None]) -> None:
    if form == "table":
        table(rows)
    elif form == "json":
        printing.print_json(rows)
    elif form == "jsonl":
        printing.print_lines(rows)
    else:
        printing.print_csv(columns, ({name: msgspec.structs.asdict(row)[name] for name in columns} for row in rows))


def _table(sources: Sequence[Watched]) -> None:
    to = printing.console()
    if not sources:
        to.print("nothing is watched yet; `rasad watch FILE` watches what a file names")
        return
    titles = ("Source", "Last visit", "Next", ">New texts", ">About arms", ">Claims", "Trouble")
    printing.print_table(to, titles, [_line(one) for one in sources])


def _line(one: Watched) -> tuple[Text, ...]:
    from rich.text import Text

    from rasad.reports.wording import inline

    name = "\n".join(inline(part) for part in (one.outlet, one.address) if part)
    return (
        Text(name), Text(_time(one.last) or "never"), Text(_time(one.next) or "not any more"), Text(f"{one.texts:,}"),
        Text(f"{one.about_arms:,}"), Text(f"{one.claims:,}"), Text(inline(_trouble(one)), style="red" if one.error else "dim"),
    )  # fmt: skip


def _trouble(one: Watched) -> str:
    """What is to be known of a source beside what it gave."""
    counts = ((one.failures, "failed in a row"), (one.waiting, "waiting"), (one.lost, "given up"))
    told = [f"{number:,} {what}" for number, what in counts if number]
    return " · ".join([one.error, *told] if one.error else told)


def _time(given: str | None) -> str:
    """A time as a table shows it, to the minute."""
    return given[:16].replace("T", " ") if given else ""


def _texts(texts: Sequence[Given]) -> None:
    from rich.text import Text

    from rasad.reports.wording import inline

    to = printing.console()
    if not texts:
        to.print("this source gave no texts yet")
        return
    rows = [
        (Text(_time(one.at)), Text(inline(one.title)), Text(one.published or ""), Text(f"{one.claims:,}"), Text(one.document, style="dim"))
        for one in texts
    ]  # fmt: skip
    printing.print_table(to, ("Came", "Text", "Published", ">Claims", "ID"), rows)
