"""``rasad show ID`` tells everything behind a deal, relation, claim, document or entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasad.cli import printing
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.wording import as_json

if TYPE_CHECKING:
    from rasad.register import Register

_FORMS = ("table", "json")


def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Of a deal (d-…), relation (r-…), claim (c-…) or document (doc-…), or as much of it as tells it from others; an entity (country:KAZ, system:S-300) or its name.", show_default=False)],
    register: RegisterOption = None,
    form: Annotated[str, typer.Option("--format", "-f", metavar="|".join(_FORMS), help="How to show it.")] = "table",
) -> None:  # fmt: skip
    """Show everything behind one thing: who says so, in which words, in their own language."""
    printing.form(form, _FORMS)
    with gathered(register) as kept:
        whole = kept.whole_id(identifier)
        if form == "json":
            printing.print_json(_as_json(kept, whole))
        else:
            _print(kept, whole)


def _print(register: Register, identifier: str) -> None:
    from rasad.cli.deal_page import print_deal
    from rasad.cli.pages import print_claim_page, print_document_page, print_entity_page

    to = printing.console()
    if deal := register.deal(identifier):
        print_deal(to, register, deal)
    elif claim := register.claim(identifier):
        print_claim_page(to, claim)
    elif document := register.document(identifier):
        print_document_page(to, register, document)
    elif entity := register.entity(identifier):
        print_entity_page(to, register, entity)


def _as_json(register: Register, identifier: str) -> Any:
    import msgspec

    if deal := register.deal(identifier):
        told = {name: getattr(deal, name) for name in ("fields", "history", "disagreements", "claims")}
        return {**as_json(register.row(deal)), "behind": told}
    found: Any = register.claim(identifier) or register.document(identifier) or register.entity(identifier)
    told = msgspec.to_builtins(found)
    if "rows" in told:
        told["rows"] = [as_json(row) for row in found.rows]
    return told
