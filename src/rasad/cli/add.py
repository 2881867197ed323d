"""``rasad add PATH…`` reads texts and stores them in a register with their claims."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

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
from rasad.cli.opening import RegisterOption, opened
from rasad.cli.progress import progress
from rasad.cli.telling import ALL_READ, INTERRUPTED, SOME_SKIPPED, tell, wrong_use
from rasad.cli.wording import counted
from rasad.register.add import read_each
from rasad.sources import Problem, Provenance, Skipped, documents
from rasad.sources.provenance import day
from rasad.sources.tables import Columns

if TYPE_CHECKING:
    from rasad.register import Register
    from rasad.register.add import Added
    from rasad.register.store import Stored

STATUS = (
    "Exit status: 0 all was stored · 1 something was skipped (standard error says what and why) · "
    "2 wrong use, or the register cannot be used."
)


def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help=GIVEN, show_default=False)],
    register: RegisterOption = None,
    language: LanguageOption = None,
    outlet: Annotated[str | None, typer.Option(metavar="NAME", help="Who published the texts.", show_default=False)] = None,
    published: Annotated[str | None, typer.Option(metavar="DATE", help="When: 2018, 2018-10 or 2018-10-05.", show_default=False)] = None,
    address: Annotated[str | None, typer.Option(metavar="URL", help="Where the text can be found.", show_default=False)] = None,
    columns: ColumnsOption = None,
    processes: ProcessesOption = None,
) -> None:  # fmt: skip
    """Read texts and store them, with their claims, in a register, which is made where there is none.

    A text that is there already changes nothing, but for where else it was printed; one that an older Rasad read is read again,
    and keeps its reviews. What a file, a mail, a page or a row tells of its text itself comes before what is said of all.
    """
    known = Provenance(
        outlet=outlet, address=address, published=_published(published), language=language_given(language)
    )
    named = columns_given(columns)
    with opened(register, create=True) as kept:
        before = kept.counts().documents
        try:
            added = _added(kept, paths, known, named, processes_for(paths, processes))
        except KeyboardInterrupt:
            new = counted(kept.counts().documents - before, "new text")
            tell(f"rasad: interrupted; what was stored until then stays ({new}), add the same again for the rest")
            raise typer.Exit(INTERRUPTED) from None
        aside = kept.set_aside(added.skipped, known, named)
        for line in summary(kept, added.stored, len(added.skipped), "skipped"):
            typer.echo(line)
        if aside:
            where = f" -r {register}" if register and "://" not in register else ""
            typer.echo(f"{kept.counted_aside():,} set aside, to be tried again: rasad retry{where}")
    raise typer.Exit(SOME_SKIPPED if added.skipped else ALL_READ)


def _added(register: Register, paths: list[str], known: Provenance, columns: Columns, processes: int) -> Added:
    with ExitStack() as stack:
        advance, told = stack.enter_context(progress(bytes_of(paths), "bytes"))
        reading = read_each
        if processes:
            from rasad.engines import Readers

            reading = stack.enter_context(Readers(processes))

        def tell_of(entry: Problem | Skipped) -> None:
            told(f"{entry.path}: {f'skipped, {entry.reason}' if isinstance(entry, Skipped) else entry.message}")

        return register.add(documents(paths, known=known, columns=columns, done=advance), read=reading, tell=tell_of)


def summary(register: Register, stored: Stored, left: int, word: str) -> list[str]:
    """What came of storing texts of which some were left (``word`` says how), in two lines."""
    came = (
        (stored.new, "new"),
        (stored.again, "read again"),
        (stored.reprinted, "printed elsewhere"),
        (stored.unchanged, "unchanged"),
        (left, word),
    )
    said = " · ".join(f"{number:,} {what}" for number, what in came if number) or "no texts"
    claims = f" · {counted(stored.claims, 'claim')} stored" if stored.new or stored.again else ""
    holds = register.counts()
    held = ((holds.deals, "deal"), (holds.relations, "relation"), (holds.claims, "claim"), (holds.documents, "text"))
    deals, relations, every, documents = (counted(number, word) for number, word in held)
    return [said + claims, f"the register has {deals} and {relations}, from {every} in {documents}"]


def _published(given: str | None) -> str | None:
    try:
        return day(given) if given is not None else None
    except ValueError as error:
        raise wrong_use(f"--published: {error}") from None
