"""Everything behind one claim: its words, its speaker, the deals it is part of, what reviewers said, and why the reader made it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.register import ShownClaim
from rasad.register.database import reading
from rasad.register.texts import AT_ONCE, EXPLAINED, Why
from rasad.register.unfolded import Context, context
from rasad.reports.wording import is_turned
from rasad.web.errors import NotThereError
from rasad.web.marking import Paragraph, behind, paragraphs
from rasad.web.pages import PageData, Pages

pages = Pages()


class ClaimPage(PageData, frozen=True, kw_only=True):
    """A claim as it was read and as it stands, its words within their text, cut where those behind the claim begin and end, and why it
    was made."""

    shown: ShownClaim
    around: Context
    evidence: tuple[Paragraph, ...]
    why: Why | None


@pages.page("/claims/{identifier}", template="claim.html")
def claim(
    register: AskedRegister,
    identifier: str,
    why: Annotated[bool, Query(description="Read a long text again to explain the claim.")] = False,
) -> ClaimPage:
    """A claim with everything behind it."""
    shown = register.claim(register.whole_id(identifier))
    if shown is None:
        raise NotThereError(identifier)
    because = register.why(shown.claim.id, EXPLAINED if why else AT_ONCE)
    quote = shown.claim.evidence
    marks = behind(shown.claim, because.explanation if because else None)
    turned = is_turned(quote.quote, shown.claim.language)
    with reading(register.engine) as connection:
        around = context(connection, shown.claim, shown.document)
    return ClaimPage(
        shown=shown, around=around, evidence=paragraphs(quote.quote, quote.start, turned, [], marks), why=because
    )
