"""Step 8: drafts become claims, with exact spans, stable ids and calibrated confidence."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from rasad.claims import Claim, Document, Evidence, Filler, Speaker, claim_id
from rasad.ontology import ontology
from rasad.reading.drafts import Draft, Slot
from rasad.reading.view import ITEMS

ATTRIBUTES = ("terms", "activity", "finding", "offence", "basis", "standing", "stance")


@cache
def _calibration() -> dict[str, float]:
    return dict(json.loads(files(__package__).joinpath("calibration.json").read_text(encoding="utf-8")))


def features(draft: Draft, others: int) -> dict[str, float]:
    """What the confidence of a claim is reckoned from."""
    frame = ontology().frames[draft.frame]
    required = {r for needed in frame.requires for r in needed}
    slots = [(role, slots[0]) for role, slots in draft.roles.items() if slots]
    fits = [s.fit.score for r, s in slots if r in required] or [0.0]
    return {
        "bias": 1.0,
        "least_fit": min(fits),
        "mean_fit": sum(fits) / len(fits),
        "implicit": sum(s.implicit for _, s in slots) / max(1, len(slots)),
        "roles": min(3, len(slots)) / 3,
        "weak": float(all(t.value.weak for t in draft.triggers)),
        "triggers": min(3, len(draft.triggers)) / 3,
        "head": float(draft.attributes.get("head", 0.5)),
        "crowd": min(6, others) / 6,
        "spoken": float(bool(draft.spoken)),
        f"frame:{draft.frame}": 1.0,
    }


def confidence(values: dict[str, float]) -> float:
    """The calibrated probability that a careful reader would accept the claim: a logistic model over the features."""
    weights = _calibration()
    total = sum(weights.get(name, 0.0) * value for name, value in values.items())
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 3)


def claims(document: Document, language: str, draft: Draft, others: int) -> list[Claim]:
    """The claims of one draft: one, or one for each item where the numbers of the items differ."""
    sure = confidence(features(draft, others))
    items = draft.roles.get("item", [])
    quantities: dict[str, Any] = draft.attributes.get("quantities", {})
    counts = {quantities.get(s.id) for s in items}
    if len(items) > 1 and len(counts) > 1:
        return [_claim(document, language, draft, [slot], quantities.get(slot.id), sure) for slot in items]
    return [_claim(document, language, draft, items, next(iter(counts), None), sure)]


def _claim(
    document: Document, language: str, draft: Draft, items: list[Slot], quantity: float | None, sure: float
) -> Claim:
    attributes = draft.attributes
    roles: dict[str, list[Filler]] = {}
    for role in ontology().frames[draft.frame].roles:
        slots = items if role == "item" else draft.roles.get(role, [])
        if slots:
            roles[role] = [_filler(document, slot) for slot in slots]
    evidence = _evidence(document, draft)
    named = {name: attributes[name] for name in ATTRIBUTES if attributes.get(name)}
    if draft.activities and "activity" in ontology().frames[draft.frame].attributes:
        named["activity"] = draft.activities
    if isinstance(named.get("stance"), str):
        named["stance"] = [named["stance"]]
    speakers: list[Speaker] = attributes.get("attribution", [])
    claim = Claim(
        id="",
        document=document.name,
        language=language,
        frame=draft.frame,
        roles=roles,
        stage=attributes.get("stage"),
        certainty=str(attributes.get("certainty", "asserted")),
        polarity=str(attributes.get("polarity", "positive")),
        quantity=quantity,
        value=attributes.get("value"),
        year=attributes.get("year"),
        time=attributes.get("time"),
        attribution=speakers,
        evidence=evidence,
        confidence=sure,
        **named,
    )
    return msgspec.structs.replace(claim, id=claim_id(document.hash, claim))


def _filler(document: Document, slot: Slot) -> Filler:
    mention, entity = slot.mention, slot.mention.entity
    return Filler(
        id=entity.id, name=entity.name, country=None if mention.type in ITEMS else entity.country, category=entity.category,
        text=document.text[mention.at : mention.until], start=mention.at, end=mention.until, implicit=slot.implicit,
    )  # fmt: skip


def _evidence(document: Document, draft: Draft) -> Evidence:
    sentence = draft.view.sentence
    return Evidence(start=sentence.start, end=sentence.end, quote=document.text[sentence.start : sentence.end])
