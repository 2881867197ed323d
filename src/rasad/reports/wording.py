"""A claim in words: one line that says what is claimed, one that says according to whom; and text made fit to be shown."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

import msgspec

from rasad.claims import Claim, Filler, Money, Speaker
from rasad.gazetteer import names_in
from rasad.languages import codes, profile

ENGLISH = "en"
LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"
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
    """The file ``sentences.toml``, or that of another language beside it (``sentences.ar.toml``)."""

    language: str
    turned: bool  #: written from right to left
    frames: dict[str, Sentence]
    names: dict[str, str]  #: by id: what has another name in sentences than in the gazetteer
    words: dict[str, str]
    phrases: dict[str, str]
    findings: dict[str, str]
    speakers: dict[str, str]


@cache
def wording(language: str = ENGLISH) -> Wording:
    """The wording of a language; of one without a file of its own, the English."""
    place = files(__package__).joinpath("sentences.toml" if language == ENGLISH else f"sentences.{language}.toml")
    if not place.is_file():
        return wording()
    tables = msgspec.toml.decode(place.read_bytes(), type=dict[str, dict[str, str]])
    lists = {name: tables.pop(name, {}) for name in ("names", "words", "phrases", "findings", "speakers")}
    turned = right_to_left(lists["phrases"]["million"])
    return Wording(language, turned, msgspec.convert(tables, dict[str, Sentence]), **lists)


def called(identifier: str, name: str, language: str = ENGLISH) -> str:
    """What somebody or something is called: those without a name are said to have none. In other languages than English states
    have the names of CLDR, and what the gazetteer names there its name; a designation is the same everywhere."""
    worded = wording(language)
    if shown := worded.speakers.get(identifier) or worded.names.get(identifier):
        return shown
    if language == ENGLISH:
        return name
    return _states(language).get(identifier) or names_in(language).get(identifier, name)


@cache
def _states(language: str) -> dict[str, str]:
    """The names of states in a language, by id."""
    import pycountry  # what only pages in other languages need is not loaded for a line on a terminal
    from babel import Locale

    known = Locale.parse(language).territories
    return {f"country:{one.alpha_3}": known[one.alpha_2] for one in pycountry.countries if one.alpha_2 in known}


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


def inline(text: str, turned: bool = False) -> str:
    """A name or title as it can stand within a line: isolated where it is written in the other direction than the line, which is
    from left to right unless ``turned``."""
    shown = readable(text)
    if right_to_left(shown) is turned:
        return shown
    return f"{LRI if turned else RLI}{shown}{PDI}"


def sentence(claim: Claim, language: str = ENGLISH) -> str:
    """What is claimed, in one line of a language: ``Russia → Turkey: S-400 · sale · 2.5 billion USD · 2017``."""
    worded = wording(language)
    templates = worded.frames.get(claim.frame)
    if templates is None:
        comma = worded.phrases["comma"]
        said = " · ".join(f"{role}: {_names(fillers, comma, worded)}" for role, fillers in claim.roles.items())
        said = said if claim.polarity == "positive" else worded.phrases["not_so"].format(said)
    else:
        said = _filled(templates.negative if claim.polarity == "negative" else templates.positive, claim, worded)
    return " · ".join([said, *_details(claim, worded)])


def _filled(template: str, claim: Claim, worded: Wording) -> str:
    both, comma = worded.phrases["and"], worded.phrases["comma"]

    def slot(match: re.Match[str]) -> str:
        name, joined, instead = match.groups()
        return _slot(claim, name, both if joined else comma, worded) or instead or ""

    def optional(match: re.Match[str]) -> str:
        inside = match.group(1)
        empty = any(not _slot(claim, s.group(1), comma, worded) and s.group(3) is None for s in _SLOT.finditer(inside))
        return "" if empty else _SLOT.sub(slot, inside)

    return _SLOT.sub(slot, _OPTIONAL.sub(optional, template))


def _slot(claim: Claim, name: str, separator: str, worded: Wording) -> str:
    """What stands in a slot of a template: the names in a role, or the values of an attribute."""
    if name == "item" and claim.quantity is not None and len(claim.roles.get("item", ())) == 1:
        return f"{amount(claim.quantity)} × {_names(claim.roles['item'], separator, worded)}"
    if name in claim.roles:
        return _names(claim.roles[name], separator, worded)
    value = getattr(claim, name, None)
    values = value if isinstance(value, list) else [value] if value else []
    return worded.phrases["and"].join(worded.words.get(v, v.replace("_", " ").replace("-", " ")) for v in values)


def _names(fillers: list[Filler], separator: str, worded: Wording) -> str:
    """Names of fillers; those that the sentence itself does not name stand in ‹ ›."""
    named = [f.name if worded.language == ENGLISH else called(f.id, f.name, worded.language) for f in fillers]
    shown = [inline(name, worded.turned) for name in named]
    return separator.join(f"‹{name}›" if f.implicit else name for name, f in zip(shown, fillers, strict=True))


def _details(claim: Claim, worded: Wording) -> list[str]:
    details = [worded.words.get(claim.terms, claim.terms)] if claim.terms else []
    if claim.quantity is not None and len(claim.roles.get("item", ())) != 1:
        details.append(worded.phrases["in_number"].format(amount(claim.quantity)))
    if claim.value is not None:
        details.append(money(claim.value, worded.language))
    if claim.year is not None:
        details.append(str(claim.year))
    elif claim.time is not None:
        details.append(inline(claim.time.text, worded.turned))
    return details


def amount(number: float) -> str:
    """A number as it is written in a sentence: ``40,000``, ``2.5``."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}".rstrip("0")


def money(value: Money, language: str = ENGLISH) -> str:
    """An amount of money as it is written in a sentence: ``2.5 billion USD``."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if abs(value.amount) >= size:
            return f"{value.amount / size:,.6g} {wording(language).phrases[name]} {value.currency}"
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
