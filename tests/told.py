"""Registers of claims made by hand, in words that quote themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from rasad.claims import Claim, Document, Evidence, Filler, Speaker
from rasad.gazetteer import entities
from rasad.ontology import ontology
from rasad.register import Register
from rasad.register.store import Read


def said(
    quote: str, frame: str = "transfer", *, outlet: str | None = None, published: str | None = None, by: tuple[str, ...] = (), **more: Any
) -> tuple[Document, Claim]:  # fmt: skip
    """A text of one sentence with the claim that it makes: roles as ids, joined with a comma."""
    told = f"{quote}{frame}{more}"
    given = {role: more.pop(role, None) for role in ontology().frames[frame].roles}
    roles = {role: [_filler(one, quote) for one in ids.split(", ")] for role, ids in given.items() if ids}
    document = Document(
        name=f"{outlet or 'a text'}: {quote[:20]}", text=quote, language="en", outlet=outlet, published=published
    )
    defaults = {
        "stage": None,
        "certainty": "asserted",
        "polarity": "positive",
        "quantity": None,
        "value": None,
        "year": None,
    }
    claim = Claim(
        id="c-" + hashlib.sha256(told.encode()).hexdigest()[:16], document=document.name, language="en", frame=frame,
        roles=roles, time=None, attribution=[_speaker(one) for one in by], evidence=Evidence(0, len(quote), quote), confidence=0.9,
        **{**defaults, **more},
    )  # fmt: skip
    return document, claim


def store(register: Register, every: Iterable[tuple[Document, Claim]]) -> None:
    """Stores claims; those of the same words are of one text."""
    texts: dict[str, Read] = {}
    for document, claim in every:
        texts.setdefault(document.text, Read(document, "told", [])).claims.append(claim)
    register.store([*texts.values()])


def _filler(identifier: str, quote: str) -> Filler:
    known = entities().get(identifier)
    name, country, category = (
        (known.name, known.country, known.category) if known else (identifier.partition(":")[2], None, None)
    )
    return Filler(id=identifier, name=name, text=quote[:1], start=0, end=1, country=country, category=category)


def _speaker(identifier: str) -> Speaker:
    known = entities().get(identifier)
    kind, _, bare = identifier.partition(":")
    return Speaker(id=identifier, name=known.name if known else bare, kind=kind, anonymous=kind == "anonymous")
