"""A text in its own script and direction, with every claim where it stands, and beside it what one of them says, and why."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, ClassVar

from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.register import ShownClaim
from rasad.register.add import reader
from rasad.register.texts import AT_ONCE, EXPLAINED, TextPart, Why
from rasad.reports.wording import is_turned
from rasad.web.errors import NotThereError
from rasad.web.marking import Paragraph, behind, group, paragraphs
from rasad.web.pages import PageData, Pages

pages = Pages()
HEADLINE = 110  #: characters of a title, at most


class DocumentPage(PageData, frozen=True, kw_only=True):
    """A part of a text with its claims (``older``: an earlier version of the reader read them); its paragraphs, cut where claims begin and end; by claim, the group of its frame; and the
    claim that was chosen, with why the reader made it. ``TABLE`` is the claims."""

    TABLE: ClassVar[str] = "text.claims"

    title: str
    text: TextPart
    older: bool
    paragraphs: tuple[Paragraph, ...]
    groups: dict[str, str]
    chosen: ShownClaim | None
    why: Why | None


@pages.page("/documents/{identifier}", template="document.html")
def document(
    register: AskedRegister,
    identifier: str,
    claim: Annotated[str | None, Query(description="The claim that is shown beside the text.")] = None,
    part: Annotated[int | None, Query(ge=1, description="Which part of a long text.")] = None,
    why: Annotated[bool, Query(description="Read a long text again to explain the claim.")] = False,
) -> DocumentPage:
    """A text with every claim where it stands."""
    chosen = register.claim(claim) if claim else None
    if claim and (chosen is None or chosen.document != identifier):
        raise NotThereError(f"{claim}: no claim of this text")
    text = register.text(identifier, part, claim)
    if text is None:
        raise NotThereError(identifier)
    because = register.why(chosen.claim.id, EXPLAINED if why else AT_ONCE) if chosen else None
    turned = is_turned(text.text, text.language)
    marks = behind(chosen.claim, because.explanation if because else None) if chosen else []
    held = [one.claim for one in text.claims]
    return DocumentPage(
        title=_title(text), text=text, older=not text.imported and text.reader != reader(), paragraphs=paragraphs(text.text, text.start, turned, held, marks),
        groups={one.id: group(one.frame) for one in held}, chosen=chosen, why=because,
    )  # fmt: skip


def _title(text: TextPart) -> str:
    """Its title; else what the text begins with, in its first line: a headline, or some words; of a table the name of its file."""
    name = text.publications[0].name if text.publications else text.id
    if text.imported:
        return PurePath(name).name
    title = next((one.title for one in text.publications if one.title and not one.copy), None)
    line = title or text.text.lstrip().partition("\n")[0].strip() or name
    return line if len(line) <= HEADLINE else line[: line.rfind(" ", HEADLINE // 2, HEADLINE)].rstrip(" ,،") + " …"
