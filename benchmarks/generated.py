"""Claims as a register meets them, made up: few deals with hundreds of reports and a long tail, four languages, figures that
differ, denials, and about a quarter that lack the supplier, the recipient or the designation. The same seed, the same claims."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from msgspec.structs import replace

from rasad.claims import Claim, Evidence, Filler, Money, Speaker
from rasad.gazetteer import entities
from rasad.register.atoms import Reported

COUNTRIES = sorted(entity.removeprefix("country:") for entity in entities() if entity.startswith("country:"))[
    :108
]  #: real ones, since embargoes are only on these; what is told of them is made up
CATEGORIES = [
    "aircraft",
    "armoured-vehicles",
    "missiles",
    "artillery",
    "air-defence-systems",
    "ships",
    "sensors",
    "engines",
]
SYSTEMS = {
    category: [f"{'ABCDEFGH'[i]}{'KLMNOPRS'[family % 8]}-{20 + family}" for family in range(45)]
    for i, category in enumerate(CATEGORIES)
}
VARIANTS = ["", "", "", "A", "MKI", "PS"]
NUMBERS = [2, 4, 6, 8, 10, 12, 16, 18, 20, 24, 30, 36, 40, 50, 60, 72, 100, 120, 200]
WORDS = Evidence(0, 12, "made-up words")
SPEAKERS = [Speaker(id=f"person:speaker-{n}", name=f"Speaker {n}", kind="person") for n in range(200)]
RELATIONS = {
    "competition": ("competitor", "rival", "market"), "capability": ("holder", "item"), "dependence": ("dependent", "provider", "item"),
    "cooperation": ("party", "party"), "alignment": ("actor", "toward"), "allegation": ("accused", "counterpart"),
    "restriction": ("issuer", "target"),
}  # fmt: skip


def sentence(claim: Claim) -> str:
    """What a text says that makes a claim: names in the order of the roles."""
    named = [filler.text for _, filler in claim.fillers()]
    said = f"{claim.polarity} {claim.frame} {claim.stage or ''}: {', '.join(named)}"
    return " ".join(f"{said} {claim.quantity or ''} {claim.year or ''}".split()) + ".\n"


def grounded(made: Iterator[tuple[int, Reported]], seed: int = 5) -> Iterator[Reported]:
    """The claims in texts that consist of their sentences, one after the other; a third of them with a speaker."""
    chance, ends = Random(seed), dict[str, int]()
    for _, report in made:
        said, start = sentence(report.claim), ends.get(report.document, 0)
        ends[report.document] = start + len(said)
        roles = {role: [_placed(one, said, start) for one in found] for role, found in report.claim.roles.items()}
        speakers = [chance.choice(SPEAKERS)] if chance.random() < 0.33 else []
        evidence = Evidence(start, start + len(said) - 1, said[:-1])
        yield report._replace(claim=replace(report.claim, roles=roles, evidence=evidence, attribution=speakers))


def _placed(filler: Filler, said: str, start: int) -> Filler:
    at = start + said.index(filler.text)
    return replace(filler, start=at, end=at + len(filler.text))


class Event(NamedTuple):
    """What really happened, of which the claims tell."""

    frame: str
    supplier: Filler
    recipient: Filler
    third: Filler
    category: str
    system: str
    year: int
    number: int


def reports(claims: int, seed: int = 3) -> Iterator[tuple[int, Reported]]:
    """So many claims, each with the number of the event that it tells of."""
    chance = Random(seed)
    events = max(2, claims // 6)
    most = claims / (2 * events**0.5)
    made = 0
    for number in range(events):
        event = _event(chance)
        for _ in range(min(max(1, round(most / (number + 1) ** 0.5)), claims - made)):
            yield number, _report(chance, event, made, claims)
            made += 1
    for rest in range(made, claims):
        yield events + rest, _report(chance, _event(chance), rest, claims)


def _event(chance: Random) -> Event:
    kind = chance.random()
    frame = "transfer" if kind < 0.72 else "service" if kind < 0.8 else "joint_project" if kind < 0.84 else ""
    category = CATEGORIES[_skewed(chance, len(CATEGORIES))]
    supplier, recipient, third = (_country(COUNTRIES[_skewed(chance, len(COUNTRIES))]) for _ in range(3))
    system = SYSTEMS[category][_skewed(chance, 45)]
    frame = frame or chance.choice(list(RELATIONS))
    return Event(
        frame, supplier, recipient, third, category, system, chance.randint(1992, 2024), chance.choice(NUMBERS)
    )


def _skewed(chance: Random, size: int) -> int:
    return int(size * chance.random() ** 2)  # the first places more often


def _country(code: str) -> Filler:
    return Filler(id=f"country:{code}", name=code, text=code, start=0, end=3, country=code)


def _item(kind: str, name: str, category: str) -> Filler:
    return Filler(id=f"{kind}:{name}", name=name, text=name, start=4, end=9, category=category)


def _report(chance: Random, event: Event, number: int, claims: int) -> Reported:
    year, stage, quantity = _told(chance, event)
    claim = Claim(
        id=f"c-{number:016x}",
        document="made-up.txt",
        language=chance.choice(("ar", "en", "ru", "uk")),
        frame=event.frame,
        roles=_roles(chance, event),
        stage=stage if event.frame not in RELATIONS else None,
        certainty="asserted" if chance.random() < 0.8 else "possible",
        polarity="negative" if chance.random() < 0.03 else "positive",
        quantity=quantity if event.frame not in RELATIONS else None,
        value=Money(event.number * 1e6 * chance.choice((10, 10, 10, 12)), "USD") if chance.random() < 0.1 else None,
        year=year if chance.random() < 0.55 else None,
        time=None,
        attribution=[],
        evidence=WORDS,
        confidence=0.9,
    )  # fmt: skip
    document = f"{chance.randrange(max(1, claims // 5)):016x}"
    return Reported(claim, document, year + 1, f"s{chance.randrange(max(1, claims // 8)):012x}")


def _told(chance: Random, event: Event) -> tuple[int, str, float | None]:
    told = event.number * (chance.choice((0.5, 1.5, 2)) if chance.random() < 0.12 else 1)
    number = float(round(told)) if chance.random() < 0.6 else None
    firm = {"transfer": ("ordered", "delivering", "delivered")}.get(event.frame, ("agreed", "under_way", "completed"))
    kind = chance.random()
    if kind < 0.1:
        return event.year - 1, "proposed", number
    if kind < 0.5:
        return event.year + (1 if chance.random() < 0.1 else 0), firm[0], number
    if kind < 0.7:
        return event.year + chance.randint(1, 3), firm[1], float(max(1, event.number // 2)) if number else None
    return event.year + chance.randint(3, 5), "cancelled" if kind > 0.98 else firm[2], number


def _roles(chance: Random, event: Event) -> dict[str, list[Filler]]:
    named = _item("system", event.system + chance.choice(VARIANTS), event.category)
    if event.frame in RELATIONS:
        fillers = iter((event.supplier, event.recipient, event.third))
        roles: dict[str, list[Filler]] = {}
        for role in RELATIONS[event.frame]:
            roles.setdefault(role, []).append(named if role == "item" else next(fillers))
        return roles
    if event.frame == "joint_project":
        return {"party": [event.supplier, event.recipient], "item": [named]}
    one, other = {"transfer": ("supplier", "recipient")}.get(event.frame, ("provider", "client"))
    roles = {one: [event.supplier], other: [event.recipient], "item": [named]}
    lack = chance.random()
    if lack < 0.08:
        del roles[one]
    elif lack < 0.16:
        roles["item"] = [_item("class", f"{event.category} kind {event.number % 3}", event.category)]
    elif lack < 0.19:
        roles["item"] = [_item("category", event.category, event.category)]
    elif lack < 0.22:
        del roles["item"]
    elif lack < 0.25:
        del roles[other]
    return roles
