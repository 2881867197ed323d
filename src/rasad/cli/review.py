"""``rasad review …`` is what people say of claims, deals and entities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasad.cli import printing
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.telling import wrong_use
from rasad.cli.wording import corrected
from rasad.ontology import ontology

if TYPE_CHECKING:
    from rich.text import Text

    from rasad.register import Register, Review

_FORMS = ("table", "json")
_LISTS = frozenset({"activity", "offence", "stance"})  #: attributes that may have several values
_ALWAYS = frozenset({"certainty", "polarity"})  #: attributes that every claim has

app = typer.Typer(
    help="Review claims, deals and entities: every decision is kept with who made it, when and why, and can be undone.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

ClaimArgument = Annotated[str, typer.Argument(metavar="CLAIM", help="The id of a claim, c-…", show_default=False)]
ClaimsArgument = Annotated[list[str], typer.Argument(metavar="CLAIM…", help="Ids of claims.", show_default=False)]
Reviewer = Annotated[str | None, typer.Option(envvar="RASAD_REVIEWER", metavar="NAME", help="Who decides. [dim]\\[default: your login name][/dim]", show_default=False)]  # fmt: skip
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why.", show_default=False)]


@app.command()
def accept(
    claim: ClaimArgument, register: RegisterOption = None, reviewer: Reviewer = None, reason: Reason = ""
) -> None:
    """Say that a claim is what its text says."""
    _made(register, reviewer, lambda kept, who: kept.accept(kept.whole_id(claim), reviewer=who, reason=reason))


@app.command()
def reject(
    claim: ClaimArgument, register: RegisterOption = None, reviewer: Reviewer = None, reason: Reason = ""
) -> None:
    """Say that a claim is not what its text says; it takes part in nothing any more."""
    _made(register, reviewer, lambda kept, who: kept.reject(kept.whole_id(claim), reviewer=who, reason=reason))


@app.command()
def correct(
    claim: ClaimArgument,
    fields: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE…", help="As stage=ordered quantity=18 value=2500000000:USD supplier=country:RUS,org:rosoboronexport year=2018; nothing after = removes.", show_default=False)],
    register: RegisterOption = None, reviewer: Reviewer = None, reason: Reason = "",
) -> None:  # fmt: skip
    """Say what a claim should have been: other fillers of roles, another stage, number, value or year."""
    changes = dict(map(_field, fields))
    _made(
        register, reviewer, lambda kept, who: kept.correct(kept.whole_id(claim), changes, reviewer=who, reason=reason)
    )


@app.command()
def join(
    first: Annotated[str, typer.Argument(metavar="DEAL", help="The id of a deal or relation; it stays.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="OTHER", help="The id of the one that becomes part of it.", show_default=False)],
    register: RegisterOption = None, reviewer: Reviewer = None, reason: Reason = "",
) -> None:  # fmt: skip
    """Say that two deals, or two relations, are one."""

    def made(kept: Register, who: str) -> Review:
        return kept.join(kept.whole_id(first), kept.whole_id(second), reviewer=who, reason=reason)

    _made(register, reviewer, made)


@app.command()
def split(
    deal: Annotated[str, typer.Argument(metavar="DEAL", help="The id of a deal or relation.", show_default=False)],
    claims: ClaimsArgument, register: RegisterOption = None, reviewer: Reviewer = None, reason: Reason = "",
) -> None:  # fmt: skip
    """Say that some claims of a deal or relation are another one."""

    def made(kept: Register, who: str) -> Review:
        return kept.split(kept.whole_id(deal), [*map(kept.whole_id, claims)], reviewer=who, reason=reason)

    _made(register, reviewer, made)


@app.command()
def merge(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="The id or name that goes.", show_default=False)],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The id or name that stays.", show_default=False)],
    register: RegisterOption = None, reviewer: Reviewer = None, reason: Reason = "",
) -> None:  # fmt: skip
    """Say that two entities are one."""

    def made(kept: Register, who: str) -> Review:
        return kept.merge(kept.whole_id(entity), kept.whole_id(into), reviewer=who, reason=reason)

    _made(register, reviewer, made)


@app.command()
def part(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="The id or name that claims were read to mean.", show_default=False)],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The id of whom they mean.", show_default=False)],
    claims: ClaimsArgument, register: RegisterOption = None, reviewer: Reviewer = None, reason: Reason = "",
) -> None:  # fmt: skip
    """Say that some claims that name an entity mean another one."""

    def made(kept: Register, who: str) -> Review:
        return kept.part(kept.whole_id(entity), [*map(kept.whole_id, claims)], into, reviewer=who, reason=reason)

    _made(register, reviewer, made)


@app.command()
def undo(
    review: Annotated[int, typer.Argument(metavar="NUMBER", help="Of a line of the log.", show_default=False)],
    register: RegisterOption = None, reviewer: Reviewer = None, reason: Reason = "",
) -> None:  # fmt: skip
    """Take a decision back. An undo can be undone too."""
    _made(register, reviewer, lambda kept, who: kept.undo(review, reviewer=who, reason=reason))


@app.command()
def log(
    register: RegisterOption = None,
    form: Annotated[str, typer.Option("--format", "-f", metavar="|".join(_FORMS), help="How to show it.")] = "table",
) -> None:
    """List every decision: its number, when, who, what and why, and what was undone."""
    printing.form(form, _FORMS)
    with gathered(register) as kept:
        lines = kept.reviews()
        undone = _undone(lines)
        if form == "json":
            printing.print_json([{**_data(line), "undone_by": undone.get(line.id)} for line in lines])
        else:
            _print(lines, undone)


def _made(address: str | None, reviewer: str | None, decide: Callable[[Register, str], Review]) -> None:
    """Makes a decision and tells its number."""
    who = reviewer or _login()
    with gathered(address) as kept:
        line = decide(kept, who)
        typer.echo(f"review {line.id}: {_words(line)}; `rasad review undo {line.id}` takes it back")


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # who runs it has no name on this system
        raise wrong_use("--reviewer: say who decides; this account has no name") from None


# Fields as they are written on the command line.


def _field(given: str) -> tuple[str, Any]:
    """A field and its new value, from ``stage=ordered``."""
    name, separator, value = given.partition("=")
    if not separator or not name:
        raise wrong_use(f"{given!r} is no FIELD=VALUE, as in stage=ordered")
    if name in _roles():
        return name, _several(value)
    if name in _ALWAYS and not value:
        raise wrong_use(f"{name}: every claim has one, it cannot be removed")
    if not value:
        return name, None
    if name == "value":
        return name, _money(value)
    return name, _several(value) if name in _LISTS else value


def _several(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _money(value: str) -> dict[str, Any]:
    number, _, currency = value.partition(":")
    try:
        amount = float(number)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf") or len(currency) != 3 or not currency.isalpha():
        raise wrong_use(f"value: {value!r} is no amount, as in 2500000000:USD")
    return {"amount": amount, "currency": currency.upper()}


def _roles() -> frozenset[str]:
    return frozenset(role for frame in ontology().frames.values() for role in frame.roles)


# The log.


def _undone(lines: Sequence[Review]) -> dict[int, int]:
    """Of each line that does not hold the line that took it back."""
    undone: dict[int, int] = {}
    for line in reversed(lines):  # a later undo may undo an earlier undo
        if line.action == "undo" and line.id not in undone:
            undone[int(line.content["undoes"])] = line.id
    return undone


def _data(line: Review) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__struct_fields__}


def _print(lines: Sequence[Review], undone: dict[int, int]) -> None:
    from rich.text import Text

    to = printing.console()
    if not lines:
        to.print("nothing was reviewed yet")
        return
    cells = [_cells(line, undone.get(line.id)) for line in lines]
    printing.print_table(to, (">No", "When", "Who", "What", "Why", ""), cells)
    to.print(Text("rasad review undo NUMBER takes one back", style="dim"))


def _cells(line: Review, undone_by: int | None) -> tuple[Text, ...]:
    from rich.text import Text

    from rasad.reports.wording import inline

    style = "dim strike" if undone_by else ""
    words = (str(line.id), line.at[:16].replace("T", " "), inline(line.reviewer), _words(line), inline(line.reason))
    return (*(Text(word, style=style) for word in words), Text(f"undone by {undone_by}" if undone_by else ""))


def _words(line: Review) -> str:
    """What was decided: ``corrected c-5f0c: stage=ordered``."""
    content = line.content
    if line.action == "correct":
        return f"corrected {line.subject}: {', '.join(corrected(content['fields']))}"
    if line.action == "join":
        return f"joined {content['deals'][1]} to {line.subject}"
    if line.action == "split":
        claims = dict.fromkeys(atom.partition("/")[0] for atom in content["atoms"][0])
        return f"split {', '.join(claims)} from {line.subject}"
    if line.action == "merge":
        return f"merged {line.subject} into {content['into']}"
    if line.action == "part":
        return f"parted {', '.join(content['claims'])} from {line.subject} into {content['into']}"
    return f"{_PAST[line.action]} {line.subject}"


_PAST = {"accept": "accepted", "reject": "rejected", "undo": "undid review"}
