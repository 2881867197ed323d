"""One box over everything: claims, deals and relations, documents, and who or what has a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.claims import Claim
from rasad.register import Asked, FilterError, Finding, Opened, Publication, Row, Suggestion
from rasad.register.facets import PARTIES, Chosen, Facet
from rasad.register.suggest import corrected
from rasad.register.terms import marked, terms
from rasad.reports.wording import readable
from rasad.web.pages import PageData, Pages

pages = Pages()
PAGE = 25  #: results on a page
LONGEST = 300  #: characters of a query
NAMES = 6  #: names beside what was found
AROUND = 120  #: characters of a document before the first of the words, and twice as many after

Show = Literal["claims", "deals", "documents", "names"]


class Part(msgspec.Struct, frozen=True):
    """A part of a quotation; ``marked``: it has words of the query."""

    text: str
    marked: bool


class Resting(msgspec.Struct, frozen=True, kw_only=True):
    """A claim with what reviewers decided, and the deals and relations that it is part of."""

    claim: Claim
    review: str | None
    rows: tuple[Row, ...]


class FoundWords(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a document, its words, and the claims that rest on them; of a whole document, the words around the first that were
    looked for, and how many claims it has."""

    document: str
    start: int
    end: int
    language: str | None
    quote: tuple[Part, ...]
    publications: tuple[Publication, ...]
    claims: tuple[Resting, ...]
    claim_count: int


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a facet by its id and name, with the number of what was found that has it."""

    id: str
    name: str
    count: int
    chosen: bool


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """A facet; ``more``: values that are not given; ``of``: among how much they were counted."""

    name: str
    values: tuple[Choice, ...]
    more: int
    of: int


class SearchPage(PageData, frozen=True, kw_only=True):
    """What was found. ``total``: how much (at least, where there is ``more`` than is looked through); ``every``: it has every word of
    the query, or only some; ``names``: who and what is called so; ``instead``: queries that may have been meant."""

    TABLE: ClassVar[str] = "table"

    query: str
    meaning: bool
    show: Show
    newest: bool
    page: int
    last: int
    total: int
    more: bool
    every: bool
    counts: dict[str, int]
    facets: tuple[Choices, ...]
    names: tuple[Suggestion, ...]
    instead: tuple[str, ...]
    found: tuple[FoundWords, ...]
    rows: tuple[Row, ...]

    @property
    def table(self) -> list[Any]:
        """What the page shows, as a table."""
        return [*self.names] if self.show == "names" else [*self.rows, *map(_cells, self.found)]


@pages.page("/search", template="search.html")
def search(
    register: AskedRegister,
    q: Annotated[str, Query(description="words or names in any language and form")] = "",
    meaning: Annotated[bool, Query(description="by what is meant, in whatever language")] = False,
    show: Annotated[Show | None, Query(description="what is shown; claims, or deals where there is no query")] = None,
    sort: Annotated[Literal["best", "newest"], Query(description="the best first, or the newest")] = "best",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
    supplier: Annotated[str | None, Query(description="of a transfer or service: name, code or id")] = None,
    recipient: Annotated[str | None, Query(description="of a transfer or service: name, code or id")] = None,
    category: str | None = None,
    frame: str | None = None,
    stage: str | None = None,
    certainty: str | None = None,
    outlet: str | None = None,
    language: Annotated[str | None, Query(description="of the text: its code")] = None,
    year: Annotated[int | None, Query(description="of which a claim tells, else of its report", ge=0, le=9999)] = None,
) -> SearchPage:
    """Claims, deals and relations, documents or names that have some words or mean something, with counts of what they are about.
    At most the first 1,000 of what a query finds are looked through, and the first 5,000 deals without a query."""
    query = " ".join(readable(q).split())
    if len(query) > LONGEST:
        raise FilterError(
            f"q: a query of {len(query):,} characters; at most {LONGEST} are looked for. `rasad add` reads whole texts"
        )
    chosen = Chosen(
        supplier=supplier, recipient=recipient, category=category, frame=frame, stage=stage, certainty=certainty, outlet=outlet,
        language=language, year=year,
    )  # fmt: skip
    what = show or ("claims" if query else "deals")
    if what == "names":
        return _names(register, query)
    asked = Asked(
        query=query, meaning=meaning and what != "documents", show=what, chosen=chosen, newest=sort == "newest", limit=PAGE,
        offset=PAGE * (page - 1),
    )  # fmt: skip
    finding = register.find(asked)
    names = _called(register, query)
    return SearchPage(
        query=query, meaning=asked.meaning, show=what, newest=asked.newest, page=page, last=max(1, -(-finding.paged // PAGE)),
        total=finding.total, more=finding.more, every=finding.every, counts=finding.counts,
        facets=_choices(register, finding.facets, finding.chosen), names=names,
        instead=corrected(query) if query and not meaning and not names and (not finding.total or not finding.every) else (),
        found=_found(register, asked, finding), rows=tuple(register.rows_by_id(finding.deals)),
    )  # fmt: skip


def _cells(found: FoundWords) -> dict[str, Any]:
    return {
        "document": found.document, "start": found.start, "end": found.end, "language": found.language,
        "quote": "".join(part.text for part in found.quote), "outlets": [one.printed_by for one in found.publications],
        "claim_count": found.claim_count, "claims": [held.claim.id for held in found.claims],
        "deals": list(dict.fromkeys(row.id for held in found.claims for row in held.rows)),
    }  # fmt: skip


def _names(register: AskedRegister, query: str) -> SearchPage:
    names = tuple(dict.fromkeys([*register.called(query), *register.suggested(query, 2 * PAGE)]))
    return SearchPage(
        query=query, meaning=False, show="names", newest=False, page=1, last=1, total=len(names), more=False, every=True, counts={},
        facets=(), names=names, instead=corrected(query) if query and not names else (), found=(), rows=(),
    )  # fmt: skip


def _called(register: AskedRegister, query: str) -> tuple[Suggestion, ...]:
    """Whom the query names, and, where it is but one word or name, who else begins so."""
    if not query:
        return ()
    named = register.called(query)
    more = register.suggested(query, NAMES) if len(terms(query)) == 1 else ()
    known = {one.id for one in named}
    return (*named, *(one for one in more if one.in_register and one.id not in known))[:NAMES]


def _choices(register: AskedRegister, facets: Iterable[Facet], chosen: Chosen) -> tuple[Choices, ...]:
    """The facets with names; what was chosen is among them."""
    facets, given = [*facets], {name: str(value) for name, value in chosen.given().items()}
    parties = {value.value for facet in facets if facet.name in PARTIES for value in facet.values}
    names = register.names(parties | {given[name] for name in PARTIES if name in given})
    told: list[Choices] = []
    for facet in facets:
        counts = {value.value: value.count for value in facet.values}
        if facet.name in given:
            counts = {given[facet.name]: counts.get(given[facet.name], 0)}
        values = tuple(
            Choice(id=value, name=names.get(value, value), count=count, chosen=facet.name in given)
            for value, count in counts.items()
        )
        told.append(Choices(name=facet.name, values=values, more=0 if facet.name in given else facet.more, of=facet.of))
    return tuple(told)


def _found(register: AskedRegister, asked: Asked, finding: Finding) -> tuple[FoundWords, ...]:
    whole = asked.show == "documents"
    opened = register.shown_at(finding.places, whole=whole)
    rows = register.rows_of(held.claim.id for one in opened for held in one.claims)
    return tuple(
        FoundWords(
            document=one.place.document, start=one.place.start, end=one.place.end, language=one.language,
            quote=_snippet(one, asked.query) if whole else _parts(one.quote, _spans(one, asked.query)),
            publications=one.publications, claim_count=one.claim_count,
            claims=tuple(Resting(claim=held.claim, review=held.review, rows=rows.get(held.claim.id, ())) for held in one.claims),
        )
        for one in opened
    )  # fmt: skip


def _spans(one: Opened, query: str) -> list[tuple[int, int]]:
    """Where a quotation has words of the query, or a name of whom the query names."""
    meant = {term.entity for term in terms(query) if term.entity}
    named = (
        (filler.start - one.place.start, filler.end - one.place.start)
        for held in one.claims
        for _, filler in held.claim.fillers()
        if filler.id in meant and one.place.start <= filler.start < filler.end <= one.place.end
    )
    return sorted({*marked(one.quote, one.language, query), *named})


def _parts(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Part, ...]:
    """A text in parts, those in spans marked."""
    parts: list[Part] = []
    at = 0
    for start, end in spans:
        if end > at:
            parts += [Part(text[at : max(at, start)], False), Part(text[max(at, start) : end], True)]
            at = end
    return tuple(part for part in (*parts, Part(text[at:], False)) if part.text)


def _snippet(one: Opened, query: str) -> tuple[Part, ...]:
    """The words of a text around the first that begins as a word of the query does."""
    forms = {form for term in terms(query) for way in term.ways for word in way for form in word if len(form) > 1}
    begin = "|".join(re.escape(form[: max(2, len(form) - 2)]) for form in sorted(forms))
    match = re.search(rf"\b(?:{begin})", one.quote, re.IGNORECASE) if begin else None
    start = one.quote.rfind(" ", 0, match.start() - AROUND) + 1 if match and match.start() > AROUND else 0
    shown = one.quote[start : start + 3 * AROUND]
    if start + len(shown) < len(one.quote):
        shown = shown.rpartition(" ")[0] or shown
    shown = f"{'… ' if start else ''}{shown}{' …' if start + len(shown) < len(one.quote) else ''}"
    return _parts(shown, marked(shown, one.language, query))


class Suggestions(PageData, frozen=True, kw_only=True):
    """Who and what has a name, one word of which begins as asked; at most eight."""

    suggestions: tuple[Suggestion, ...]


@pages.page("/suggest", template=None)
def suggest(
    register: AskedRegister, q: Annotated[str, Query(description="the beginning of a name, in any script")] = ""
) -> Suggestions:
    """Who and what has a name, one word of which begins as given: for who is still typing."""
    asked = " ".join(readable(q[:LONGEST]).split())
    return Suggestions(suggestions=register.suggested(asked))
