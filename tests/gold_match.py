"""Whether claims that a person wrote down are among those that the reader found.

A gold claim is split into one claim for each choice of fillers, sets of parties apart; each must be borne by one claim of
the reader that has all of its fillers, and in the same roles no others. A role that the gold claim leaves out may be filled.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from rasad.claims import Claim, Speaker

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))

from judge import ANYTHING, PLAIN, same

Gold = dict[str, Any]

ATTRIBUTES = (
    "stage",
    "finding",
    "polarity",
    "certainty",
    "activity",
    "quantity",
    "year",
    "value",
    "terms",
    "basis",
    "standing",
)
TOGETHER = ("party", *PLAIN)


def missed(gold: Gold, claims: list[Claim]) -> list[str]:
    """What of a gold claim no claim bears: one line for each choice of fillers."""
    return [f"{gold['frame']} {atom}" for atom in atoms(gold) if not bearers(gold, atom, claims)]


def misread(gold: Gold, claims: list[Claim]) -> list[str]:
    """What the claims that bear a gold claim say otherwise than it does, where no bearer says all of it."""
    wrong: list[str] = []
    for atom in atoms(gold):
        told = [differences(gold, claim) for claim in bearers(gold, atom, claims)]
        if told and all(told):
            wrong.append(f"{gold['frame']} {atom}: {'; '.join(min(told, key=len))}")
    return wrong


def atoms(gold: Gold) -> Iterator[dict[str, list[str]]]:
    """The roles of a gold claim with one filler each, ``party`` and the plain values excepted."""
    roles: dict[str, list[str]] = gold["roles"]
    split = [role for role in roles if role not in TOGETHER]
    for choice in product(*(roles[role] for role in split)):
        yield {
            **{role: [filler] for role, filler in zip(split, choice, strict=True)},
            **{r: roles[r] for r in roles if r in TOGETHER},
        }


def bearers(gold: Gold, atom: dict[str, list[str]], claims: list[Claim]) -> list[Claim]:
    """The claims of the same frame that have all of these fillers, and in their roles no foreign ones."""
    return [claim for claim in claims if claim.frame == gold["frame"] and _bears(gold, atom, claim)]


def _bears(gold: Gold, atom: dict[str, list[str]], claim: Claim) -> bool:
    allowed: dict[str, list[str]] = gold.get("optional_roles", {})
    for role, wanted in atom.items():
        if role in PLAIN:
            if not set(wanted) & {ANYTHING, *(getattr(claim, role) or ())}:
                return False
        elif not all(any(same(one, filler) for filler in claim.roles.get(role, ())) for one in wanted):
            return False
    return all(
        any(same(one, filler) for one in [*gold["roles"].get(role, ()), *allowed.get(role, ())])
        for role, filler in claim.fillers()
        if role in gold["roles"]
    )


def differences(gold: Gold, claim: Claim) -> list[str]:
    """The attributes of a claim, its speaker included, that are not as the gold claim states them."""
    wrong = [
        f"{name} is {getattr(claim, name)!r}, not {gold[name]!r}"
        for name in ATTRIBUTES
        if name in gold and not _right(name, gold[name], getattr(claim, name))
    ]
    if not _right_speaker(gold.get("attribution", [ANYTHING]), claim.attribution):
        wrong.append(f"said by {[speaker.id for speaker in claim.attribution]}, not {gold['attribution']}")
    return wrong


def _right(name: str, wanted: Any, found: Any) -> bool:
    if name == "value":
        return (
            found is not None
            and found.currency == wanted["currency"]
            and abs(found.amount - wanted["amount"]) < 0.01 * wanted["amount"]
        )
    if name == "activity":
        return bool(set(wanted) & set(found or ()))
    return bool(found in wanted if isinstance(wanted, list) else found == wanted)


def _right_speaker(wanted: list[str], speakers: list[Speaker]) -> bool:
    if wanted == [ANYTHING]:
        return True
    if not wanted:
        return not speakers
    return any(_speaks(one, speaker) for one in wanted for speaker in speakers)


def _speaks(gold: str, speaker: Speaker) -> bool:
    from rasad.claims import Filler
    from rasad.gazetteer import entities

    known = entities().get(speaker.id)
    country = known.country if known else None
    return same(gold, Filler(id=speaker.id, name=speaker.name, text="", start=0, end=0, country=country))
