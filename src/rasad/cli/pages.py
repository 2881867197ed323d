"""A claim, a document, an entity, each with everything behind it, for a person to read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from rasad.cli.deal_page import print_heading, print_title
from rasad.cli.evidence import appearance, appearances, dim, print_claim, print_evidence, whole_appearance
from rasad.cli.printing import INDENT, print_quote, print_table, print_text
from rasad.cli.wording import corrected, counted, plain, said, standing, support
from rasad.languages import codes, profile
from rasad.reports.wording import according_to, inline, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from rasad.register import Register, Review, Row, ShownClaim, ShownDocument, ShownEntity
    from rasad.register.identity import Link, Reason
    from rasad.register.shown import Seen

LONG = 3_000  #: characters of a text that are shown; JSON has them all
CLAIMS = 20  #: claims that are shown of an entity
CERTAIN = 0.999  #: no probability is shown to be more
FIRST = 3  #: documents that are named where there may be thousands


def print_claim_page(to: Console, shown: ShownClaim) -> None:
    """A claim with its evidence, its source, what reviewers decided, and the deals it is part of."""
    from rich.text import Text

    claim = shown.claim
    print_title(to, claim.id, f"{plain(claim.frame)} · {_spoken(claim.language)}")
    print_claim(to, claim, None, shown.rows)
    print_quote(to, claim.evidence.quote, claim.language)
    print_text(to, dim(according_to(claim.attribution)))
    print_text(to, dim(f"{shown.document}, characters {claim.evidence.start}–{claim.evidence.end}"))
    to.print()
    print_heading(to, "Printed")
    for publication in shown.publications:
        print_text(to, Text(whole_appearance(publication)))
    print_text(to, dim(f"independent source: {inline(shown.source.name)}"))
    to.print()
    if shown.reviews:
        print_heading(to, "Reviewed")
        for review in shown.reviews:
            print_text(to, Text(_reviewed(review)))
        stands = (
            "rejected, it takes part in nothing"
            if shown.standing is None
            else f"it stands as: {sentence(shown.standing)}"
        )
        print_text(to, Text(stands, style="bold"))
        to.print()
    _print_rows(to, "Part of", shown.rows, len(shown.rows))


def _reviewed(review: Review) -> str:
    fields = ", ".join(corrected(review.content.get("fields", {})))
    words = f"{review.id} · {review.at} · {inline(review.reviewer)}: {review.action}"
    return " · ".join(part for part in (words, fields, inline(review.reason)) if part)


def print_document_page(to: Console, register: Register, shown: ShownDocument) -> None:
    """A text: where it was printed, what is like it, what it claims, and its words."""
    from rich.text import Text

    title = next((one.title for one in shown.publications if one.title and not one.copy), None)
    named = f"{inline(title)} · {shown.id}" if title else shown.id
    print_title(to, named, f"{_spoken(shown.language)} · {counted(len(shown.claims), 'claim')}")
    print_heading(to, "Printed")
    for publication in shown.publications:
        print_text(to, Text(whole_appearance(publication)))
    if shown.origin:
        print_text(to, Text(f"credits {inline(shown.origin.name)}"))
    to.print()
    if shown.copies:
        print_heading(to, "Near-copies", "they count as one source with it")
        for publication in shown.copies:
            print_text(to, Text(appearance(publication)).append(f"  {publication.document}", style="dim"))
        to.print()
    if shown.claims:
        print_heading(to, "Claims")
        to.print()
        rows = register.rows_of(held.claim.id for held in shown.claims)
        for held in shown.claims:
            print_evidence(to, register, held, rows.get(held.claim.id, ()))
    print_heading(to, "Text")
    for paragraph in shown.text[:LONG].splitlines():
        if paragraph.strip():
            print_quote(to, paragraph.strip(), shown.language)
    if len(shown.text) > LONG:
        print_text(to, dim(f"… {len(shown.text) - LONG:,} more characters; --format json has them all"))


def print_entity_page(to: Console, register: Register, shown: ShownEntity) -> None:
    """An entity: every name, the deals and relations it is in, and claims that name it."""
    kind = shown.id.partition(":")[0]
    known = [kind, shown.category or "", "" if shown.in_gazetteer else "not in the gazetteer"]
    print_title(to, f"{inline(shown.name)} · {shown.id}", " · ".join(part for part in known if part))
    if shown.merged_into:
        print_text(to, dim(f"merged into {shown.merged_into} by a reviewer"))
    for merged in shown.merged:
        print_text(to, dim(f"{merged} was merged into it by a reviewer"))
    _print_links(to, shown)
    if shown.names:
        _print_names(to, register, shown.names)
    _print_rows(to, "Deals and relations", shown.rows, shown.deals)
    if shown.evidence:
        some = shown.evidence[:CLAIMS]
        every = f"{len(some):,} of {shown.claims:,}, the surest" if len(some) < shown.claims else ""
        print_heading(to, "Claims", every)
        to.print()
        rows = register.rows_of(held.claim.id for held in some)
        for held in some:
            print_evidence(to, register, held, rows.get(held.claim.id, ()))


def _print_links(to: Console, shown: ShownEntity) -> None:
    """With whom an entity is one, and why: each reason with the factor by which it makes that likelier, or less likely."""
    from rich.text import Text

    if not shown.linked and not shown.linked_into:
        return
    print_heading(
        to, "One with", "found by Rasad; rasad review part ID ID CLAIM… says that a claim means the one it names"
    )
    links = Counter(
        msgspec.structs.replace(link, document="*" * bool(link.document))
        for link in (*shown.linked_into, *shown.linked)
    )
    for link, number in links.items():
        print_text(to, Text(_linked(link, shown.id) + (f" in {counted(number, 'text')}" if link.document else "")))
        print_text(
            to, dim(f"{', '.join(map(_factor, link.reasons))} → {min(link.probability, CERTAIN):.3g}"), INDENT * 2
        )
    to.print()


def _linked(link: Link, shown: str) -> str:
    through = f", as {link.compared} is," if link.compared not in (link.into, shown) else ""
    if link.entity == shown:
        return f"it is {link.into}{through}"
    return f"{link.entity} is {'it' if link.into == shown else link.into}{through}"


def _factor(reason: Reason) -> str:
    return f"{reason.found} ×{reason.factor:.3g}"


def _print_names(to: Console, register: Register, names: Iterable[Seen]) -> None:
    from rich.text import Text

    names = [*names]
    first = register.publications(document for seen in names for document in seen.documents[:FIRST])
    lines = []
    for seen in names:
        where = [p for document in seen.documents[:FIRST] for p in first.get(document, ())]
        more = f"; and {len(seen.documents) - FIRST:,} more texts" if len(seen.documents) > FIRST else ""
        lines.append(
            (
                Text(inline(seen.text)),
                Text(_spoken(seen.language), style="dim"),
                Text(f"{seen.claims:,}"),
                Text(appearances(where) + more, style="dim"),
            )
        )
    print_table(to, ("Name", "Language", ">Claims", "Seen in"), lines)
    to.print()


def _print_rows(to: Console, title: str, rows: tuple[Row, ...], total: int) -> None:
    from rich.text import Text

    if not rows:
        return
    print_heading(to, title, f"{len(rows):,} of {total:,}, the best supported" if len(rows) < total else "")
    for row in rows:
        line = Text(said(row))
        if row.frame == "allegation":
            line.append(f" · {standing(row)}", style="red")
        elif row.stage:
            line.append(f" · {plain(row.stage)}")
        print_text(to, line.append(f" · {support(row.reports, row.sources)} · {row.id}", style="dim"))
    to.print()


def _spoken(language: str | None) -> str:
    return profile(language).name if language in codes() else "unknown language"
