"""A claim on a page, with the words it rests on: in their own language and direction, with who says it and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rasad.claims import Claim
from rasad.cli.printing import print_quote, print_text
from rasad.cli.wording import denied, plain
from rasad.reports.wording import according_to, finding, inline, readable, sentence

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from rasad.register import Register, Row
    from rasad.register.deals import Evidence, Publication

_REVIEWED = {"accept": ("accepted", "green"), "reject": ("rejected", "red"), "correct": ("corrected", "yellow")}
_DOUBT = {"probable": "≈ probable", "possible": "? possible"}


def print_evidence(
    to: Console, register: Register, held: Evidence, rows: Iterable[Row], *, part_of: bool = True
) -> None:
    """A claim with its evidence. ``part_of``: also of which deals and relations it is part."""
    from rich.text import Text

    rows = [*rows]
    print_claim(to, held.claim, held.review, rows)
    if held.review == "correct" and (shown := register.claim(held.claim.id)) and shown.standing:
        print_text(to, Text(f"as corrected: {sentence(shown.standing)}", style="yellow"))
    print_quote(to, held.claim.evidence.quote, held.claim.language)
    print_text(to, dim(f"{according_to(held.claim.attribution)} · {appearances(held.publications)}"))
    if part_of:
        for row in rows:
            print_text(to, dim(f"part of {row.id}"))
    to.print()


def print_claim(to: Console, claim: Claim, review: str | None, rows: Sequence[Row]) -> None:
    """What is claimed, how surely, what reviewers say; an accusation with what came of it and whether it is denied."""
    from rich.text import Text

    line = Text(" ▪ ").append(plain(claim.frame), style="bold")
    if claim.stage:
        line.append(f" · {plain(claim.stage)}")
    if claim.certainty in _DOUBT:
        line.append(f"  {_DOUBT[claim.certainty]}", style="yellow")
    if claim.polarity == "negative":
        line.append("  ✗ denied" if claim.frame == "allegation" else "  ✗ negative", style="bold red")
    if review:
        word, style = _REVIEWED[review]
        line.append(f"  {word} by a reviewer", style=style)
    line.append(f"  confidence {claim.confidence:.2f}  {claim.id}", style="dim")
    to.print(line, soft_wrap=True)
    print_text(to, Text(sentence(claim), style="bold"))
    if claim.frame == "allegation":
        print_text(to, Text(_standing(claim, rows), style="red"))


def _standing(claim: Claim, rows: Iterable[Row]) -> str:
    return f"finding: {finding(claim)} · {'this is a denial' if claim.polarity == 'negative' else denied(rows)}"


def appearances(publications: Iterable[Publication], most: int = 5) -> str:
    """Where a text was printed: outlet, date, and the name it has here."""
    shown = [appearance(publication) for publication in publications]
    more = f"; and {len(shown) - most} more" if len(shown) > most else ""
    return "; ".join(shown[:most]) + more


def appearance(publication: Publication) -> str:
    """One appearance: ``Harbour Review, 2018-10-05 (reports/1.txt)``, or with its title in place of the name it has here."""
    known = ", ".join(inline(part) for part in (publication.outlet, publication.published) if part)
    called = inline(publication.title or publication.name) + (", with small changes" if publication.copy else "")
    return f"{known} ({called})" if known else called


def whole_appearance(publication: Publication) -> str:
    """One appearance with all that is known of it: also who wrote it, its address, and beside its title the name it has here."""
    parts = (publication.author and f"by {publication.author}", publication.title and publication.name)
    said = ", ".join([appearance(publication), *(inline(part) for part in parts if part)])
    address = publication.address if publication.address != publication.name else None
    return f"{said} {readable(address)}" if address else said


def dim(said: str) -> Text:
    """A line that stands back."""
    from rich.text import Text

    return Text(said, style="dim")
