"""Everything behind one claim: its words, its speaker, the deals it is part of, what reviewers said, and why the reader made it."""

from __future__ import annotations

from rasad.analysis.asked import AskedRegister
from rasad.register import ShownClaim
from rasad.register.texts import Why
from rasad.reports.wording import is_turned
from rasad.web.errors import NotThereError
from rasad.web.marking import Paragraph, behind, paragraphs
from rasad.web.pages import PageData, Pages

pages = Pages()


class ClaimPage(PageData, frozen=True, kw_only=True):
    """A claim as it was read and as it stands, its evidence cut where the words behind it begin and end, and why it was made."""

    shown: ShownClaim
    evidence: tuple[Paragraph, ...]
    why: Why | None


@pages.page("/claims/{identifier}", template="claim.html")
def claim(register: AskedRegister, identifier: str) -> ClaimPage:
    """A claim with everything behind it."""
    shown = register.claim(register.whole_id(identifier))
    if shown is None:
        raise NotThereError(identifier)
    because = register.why(shown.claim.id)
    quote = shown.claim.evidence
    marks = behind(shown.claim, because.explanation if because else None)
    turned = is_turned(quote.quote, shown.claim.language)
    return ClaimPage(shown=shown, evidence=paragraphs(quote.quote, quote.start, turned, [], marks), why=because)
