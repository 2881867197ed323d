"""A claim in words: one line that says what is claimed, one that says according to whom; and text made fit to be shown."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

import msgspec

from rasad.claims import Claim, Filler, Money, Speaker
from rasad.languages import codes, profile

RLI, PDI = "\u2067", "\u2069"
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_TURNS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN: dict[int, str | None] = {**dict.fromkeys(_CONTROLS, " "), **dict.fromkeys(_TURNS)}
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z_]+)(\+?)(?:\|([^}]*))?\}")


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The templates of one frame."""

    positive: str
    negative: str


class Wording(msgspec.Struct, frozen=True):
    """The file ``sentences.toml``."""

    frames: dict[str, Sentence]
    words: dict[str, str]
    findings: dict[str, str]
    speakers: dict[str, str]


@cache
def wording() -> Wording:
    """The wording that comes with Rasad."""
    tables = msgspec.toml.decode(
        files(__package__).joinpath("sentences.toml").read_bytes(), type=dict[str, dict[str, str]]
    )
    words, findings, speakers = (tables.pop(name) for name in ("words", "findings", "speakers"))
    return Wording(msgspec.convert(tables, dict[str, Sentence]), words, findings, speakers)


def readable(text: str) -> str:
    """The text without control characters, which a terminal would obey, and without marks that turn its direction, which
    would reach beyond it."""
    return text.translate(_SHOWN)


def right_to_left(text: str) -> bool:
    """Whether the first letter of the text is of a script that is written from right to left."""
    return next((d != "L" for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL")), False)


def is_turned(quote: str, language: str | None) -> bool:
    """Whether a quotation is written from right to left: as its language is, or as its first letter tells where that is not known."""
    return profile(language).direction == "rtl" if language in codes() else right_to_left(quote)


def inline(text: str) -> str:
    """A name or title as it can stand within an English line: isolated where it is written from right to left."""
    shown = readable(text)
    return f"{RLI}{shown}{PDI}" if right_to_left(shown) else shown


def sentence(claim: Claim) -> str:
    """What is claimed, in one line: ``Russia → Turkey: S-400 · sale · 2.5 billion USD · 2017``."""
    templates = wording().frames.get(claim.frame)
    if templates is None:
        said = " · ".join(f"{role}: {_names(fillers, ', ')}" for role, fillers in claim.roles.items())
        said = said if claim.polarity == "positive" else f"not so: {said}"
    else:
        said = _filled(templates.negative if claim.polarity == "negative" else templates.positive, claim)
    return " · ".join([said, *_details(claim)])


def _filled(template: str, claim: Claim) -> str:
    def slot(match: re.Match[str]) -> str:
        name, joined, instead = match.groups()
        return _slot(claim, name, " and " if joined else ", ") or instead or ""

    def optional(match: re.Match[str]) -> str:
        inside = match.group(1)
        empty = any(not _slot(claim, s.group(1), ", ") and s.group(3) is None for s in _SLOT.finditer(inside))
        return "" if empty else _SLOT.sub(slot, inside)

    return _SLOT.sub(slot, _OPTIONAL.sub(optional, template))


def _slot(claim: Claim, name: str, separator: str) -> str:
    """What stands in a slot of a template: the names in a role, or the values of an attribute."""
    if name == "item" and claim.quantity is not None and len(claim.roles.get("item", ())) == 1:
        return f"{amount(claim.quantity)} × {_names(claim.roles['item'], separator)}"
    if name in claim.roles:
        return _names(claim.roles[name], separator)
    value = getattr(claim, name, None)
    values = value if isinstance(value, list) else [value] if value else []
    return " and ".join(wording().words.get(v, v.replace("_", " ").replace("-", " ")) for v in values)


def _names(fillers: list[Filler], separator: str) -> str:
    """Names of fillers; those that the sentence itself does not name stand in ‹ ›."""
    shown = [(inline(f.name), f.implicit) for f in fillers]
    return separator.join(f"‹{name}›" if implicit else name for name, implicit in shown)


def _details(claim: Claim) -> list[str]:
    details = [claim.terms] if claim.terms else []
    if claim.quantity is not None and len(claim.roles.get("item", ())) != 1:
        details.append(f"{amount(claim.quantity)} in number")
    if claim.value is not None:
        details.append(money(claim.value))
    if claim.year is not None:
        details.append(str(claim.year))
    elif claim.time is not None:
        details.append(inline(claim.time.text))
    return details


def amount(number: float) -> str:
    """A number as it is written in a sentence: ``40,000``, ``2.5``."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}".rstrip("0")


def money(value: Money) -> str:
    """An amount of money as it is written in a sentence: ``2.5 billion USD``."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if abs(value.amount) >= size:
            return f"{value.amount / size:,.6g} {name} {value.currency}"
    return f"{amount(value.amount)} {value.currency}"


def according_to(attribution: list[Speaker]) -> str:
    """Who says it, nearest speaker first: ``according to X (minister), as told by Y``."""
    if not attribution:
        return "in the text's own voice"
    return "according to " + ", as told by ".join(_speaker(s) for s in attribution)


def _speaker(speaker: Speaker) -> str:
    if speaker.anonymous:
        name = wording().speakers.get(speaker.id) or f"unnamed {inline(speaker.name)}"
    else:
        name = inline(speaker.name)
    known = [inline(part) for part in (speaker.title, speaker.organisation) if part]
    return f"{name} ({', '.join(known)})" if known else name


def finding(claim: Claim) -> str:
    """What came of an accusation, in words; an accusation of which nothing is told counts as alleged."""
    value = claim.finding or "alleged"
    return wording().findings.get(value, value)
