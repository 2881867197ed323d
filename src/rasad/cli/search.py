"""``rasad search WORDS…`` finds evidence and texts, by their words and by what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rasad.cli import printing
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.wording import counted
from rasad.reports.wording import sentence

if TYPE_CHECKING:
    from rich.console import Console

    from rasad.register import Found, Hit, Register

_FORMS = ("table", "json")
BEGINNING = 300  #: characters of a whole text that are shown


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS…", help="In any language and in any form; or a question, with --meaning.", show_default=False)],
    register: RegisterOption = None,
    meaning: Annotated[bool, typer.Option("--meaning", help="Only what means something like it, in whatever language.")] = False,
    documents: Annotated[bool, typer.Option("--documents", help="Whole texts, by their words, instead of the sentences that claims rest on.")] = False,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many of each kind.")] = 10,
    form: Annotated[str, typer.Option("--format", "-f", metavar="|".join(_FORMS), help="How to show them.")] = "table",
) -> None:  # fmt: skip
    """Search the register: first what has the words, in any of their forms, then what means something like them.

    A question in one language finds the sentence in another.
    """
    printing.form(form, _FORMS)
    query = " ".join(words)
    with gathered(register) as kept:
        parts = _searched(kept, query, meaning, documents, limit)
        if form == "json":
            printing.print_json([{"by": by, **_flat(found)} for by, hits in parts.items() for found in hits])
        else:
            _print(kept, parts, query)


def _searched(register: Register, query: str, meaning: bool, documents: bool, limit: int) -> dict[str, list[Found]]:
    """What is found by words and, where that is not ruled out, by meaning; nothing twice."""
    if documents:
        return {"words": register.found(register.search(query, kind="document", limit=limit))}
    if meaning:
        return {"meaning": register.found(register.search(query, meaning=True, limit=limit))}
    worded = register.search(query, limit=limit)
    there = {_place(hit) for hit in worded}
    meant = [hit for hit in register.search(query, meaning=True, limit=limit + len(worded)) if _place(hit) not in there]
    return {"words": register.found(worded), "meaning": register.found(meant[:limit])}


def _place(hit: Hit) -> tuple[str, int, int]:
    return hit.document, hit.start, hit.end


def _flat(found: Found) -> dict[str, object]:
    hit = found.hit
    return {
        **{name: getattr(hit, name) for name in hit.__struct_fields__},
        "language": found.language,
        "publications": found.publications,
        "claims": [claim.id for claim in found.claims],
    }


def _print(register: Register, parts: dict[str, list[Found]], query: str) -> None:
    from rich.text import Text

    from rasad.cli.deal_page import print_heading
    from rasad.reports import readable

    to = printing.console()
    if not any(parts.values()):
        to.print(Text(f"nothing found for {readable(query)}"), soft_wrap=True)
        return
    titles = {"words": "With these words", "meaning": "With a like meaning"}
    deals = register.rows_of(claim.id for hits in parts.values() for found in hits for claim in found.claims)
    for by, hits in parts.items():
        if not hits:
            continue
        print_heading(to, titles[by], counted(len(hits), "result"))
        to.print()
        for found in hits:
            _print_found(to, found, [row.id for claim in found.claims for row in deals.get(claim.id, ())])


def _print_found(to: Console, found: Found, deals: list[str]) -> None:
    from rich.text import Text

    from rasad.cli.evidence import appearances, dim

    quote = found.hit.quote
    whole = found.hit.kind == "document" and len(quote) > BEGINNING
    printing.print_quote(to, f"{quote[:BEGINNING]} …" if whole else quote, found.language, indent=" ")
    for said in dict.fromkeys(sentence(claim) for claim in found.claims):
        printing.print_text(to, Text(said, style="bold"))
    printing.print_text(to, dim(appearances(found.publications)))
    known = [found.hit.document] if not found.claims else [*(claim.id for claim in found.claims), *dict.fromkeys(deals)]
    printing.print_text(to, dim(" ".join(known)))
    to.print()
