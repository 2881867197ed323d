"""Step 6: certainty, polarity, stage, finding, offence, terms, quantity, value and time of what a sentence claims."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from rasad.claims import Money, TimeSpan
from rasad.languages.lexicon import Match
from rasad.ontology import ontology
from rasad.reading.view import ITEMS, Mention, View

GOVERNS = 7  #: words over which a word before a trigger governs it
NEGATES = 3  #: words over which a negation reaches
_FINDINGS = ("unproven", "dismissed", "proven", "charged", "investigated", "alleged")


@cache
def stages() -> dict[str, dict[str, str]]:
    """What each stage cue means for each frame."""
    return tomllib.loads(files("rasad.ontology").joinpath("stages.toml").read_text(encoding="utf-8"))


def _between(trigger: Match, cue: Match) -> tuple[int, int]:
    return (cue.end, trigger.start) if cue.end <= trigger.start else (trigger.end, cue.start)


def _boundaries(view: View, left: int, right: int) -> int:
    return len({m.start for m in view.cue("boundaries") if left <= m.start < right}) + 2 * any(
        view.words[i].fold in ";؛" for i in range(left, right)
    )


def _cost(view: View, trigger: Match, cue: Match) -> float:
    """How far a cue is from governing a trigger: 0 for a part of it, less than 1 for one that does."""
    if cue.start < trigger.end and trigger.start < cue.end:
        return 0.3
    left, right = _between(trigger, cue)
    distance = right - left
    before = cue.end <= trigger.start
    cost = 0.03 * distance + (0.0 if before else 0.3) + 0.35 * _boundaries(view, left, right)
    commas = sum(view.words[i].fold in ",،" for i in range(left, right))
    cost += 0.08 * commas
    frame = ontology().senses[trigger.value.sense].frame
    rivals = {t.start for t in view.triggers if left <= t.start < right and t.start != trigger.start and ontology().senses[t.value.sense].frame != frame}
    return cost + 0.2 * min(2, len(rivals))


def _nearest(view: View, trigger: Match, table: str, most: float, names: frozenset[str] | None = None) -> Match | None:
    best: tuple[float, Match] | None = None
    for cue in view.cue(table):
        if names is not None and cue.value.name not in names:
            continue
        cost = _cost(view, trigger, cue)
        if cost <= most and (best is None or cost < best[0]):
            best = (cost, cue)
    return best[1] if best else None


def stage(view: View, triggers: list[Match], frame: str) -> tuple[str | None, Match | None]:
    """The stage of a transfer, service, project or restriction, and the cue that tells it."""
    meaning = stages().get(frame)
    if meaning is None:
        return None, None
    best: tuple[float, Match] | None = None
    for trigger in triggers:
        for cue in view.cue("stage"):
            if cue.value.name not in meaning:
                continue
            cost = _cost(view, trigger, cue)
            if cost <= 0.75 and (best is None or cost < best[0]):
                best = (cost, cue)
    if best is not None:
        return meaning[best[1].value.name], best[1]
    for trigger in sorted(triggers, key=lambda t: t.value.pos != "verb"):
        by_tense = ontology().senses[trigger.value.sense].stage
        if not by_tense:
            continue
        if "always" in by_tense:
            return by_tense["always"], trigger
        return by_tense.get(tense(view, trigger)), trigger
    return ("in_force", None) if frame == "restriction" else (None, None)


def tense(view: View, trigger: Match) -> str:
    """past, present or future; a noun counts as past."""
    if trigger.value.pos == "noun":
        return "past"
    tags = view.words[trigger.start].tags
    future = any(m.end <= trigger.start and trigger.start - m.end <= 2 for m in view.cue("tense", "future"))
    if future or ("future" in tags and "past" not in tags):
        return "future"
    if tags & {"past", "participle"}:
        return "past"
    if view.language.order == "VSO":
        return "present" if trigger.key.startswith("p:") else "past"
    if tags & {"infinitive"}:
        return "future"
    return "present"


def certainty(view: View, triggers: list[Match]) -> tuple[str, Match | None]:
    """asserted, probable or possible, and the cue that tells it."""
    for trigger in triggers:
        cue = _nearest(view, trigger, "certainty", 0.62)
        if cue is not None:
            return cue.value.name, cue
    return "asserted", None


def polarity(view: View, triggers: list[Match], operator: Match | None) -> tuple[str, Match | None]:
    """positive or negative, and the negation that tells it. Two negations are none."""
    negations = view.cue("polarity", "negative")
    for target in ([operator] if operator is not None else []) + triggers:
        for cue in negations:
            inside = target.start <= cue.start < target.end
            gap = max(0, target.start - cue.end) if cue.start < target.start else -1
            reaches = 0 <= gap <= NEGATES and not _boundaries(view, cue.end, target.start) and not any(
                view.words[i].kind == "p" for i in range(cue.end, target.start)
            )
            if reaches and not inside:
                return "negative", cue
    return "positive", None


def finding(view: View, default: str) -> str:
    """What came of an allegation, as far as the sentence says."""
    found = set()
    for cue in view.cue("finding"):
        name = cue.value.name
        if name == "proven":
            negated = any(0 <= cue.start - n.end <= 4 or 0 <= n.start - cue.end <= 2 for n in view.cue("polarity", "negative"))
            name = "unproven" if negated else name
        found.add(name)
    found.add(default)
    return next(f for f in _FINDINGS if f in found)


def named(view: View, table: str) -> list[str]:
    """The names of the cues of one table in the sentence, each once, in order."""
    return list(dict.fromkeys(m.value.name for m in view.cue(table)))


def quantity(view: View, item: Mention) -> float | None:
    """The number that counts an item: the nearest before it, with nothing but its own words between."""
    best: float | None = None
    for number in view.quantities:
        if number.kind != "count":
            continue
        inside = item.start <= number.start < item.end and item.type != "system"
        gap = item.start - number.end
        if not inside and not 0 <= gap <= 5:
            continue
        stop = range(number.end, item.start)
        others = any(m is not item and m.type in ITEMS and m.start in stop for m in view.mentions)
        broken = others or any(view.words[i].kind == "p" and view.words[i].fold not in "«»\"“”" for i in stop)
        if not broken:
            best = number.value
    if best is None and view.language.order == "VSO":
        after = [q for q in view.quantities if q.kind == "count" and q.start == item.end]
        if after:
            best = after[0].value
        elif view.words[item.start].fold.endswith(("تان", "تين")) or view.words[item.head].fold.endswith(("تان", "تين")):
            best = 2.0
    return best


def value(view: View, trigger: Match) -> Money | None:
    """The money that the sentence names, nearest to the trigger."""
    money = [q for q in view.quantities if q.kind == "money"]
    if not money:
        return None
    nearest = min(money, key=lambda q: abs(q.start - trigger.start))
    return Money(amount=nearest.value, currency=nearest.currency)


def time(view: View, trigger: Match) -> tuple[TimeSpan | None, int | None]:
    """The expression of time nearest to the trigger, and its year."""
    if not view.times:
        return None, None

    def cost(span: tuple[int, int, str | None, str | None]) -> float:
        left, right = (span[1], trigger.start) if span[1] <= trigger.start else (trigger.end, span[0])
        return max(0, right - left) + 6 * _boundaries(view, left, right) + 40 * (span[2] is None)

    start, end, first, last = min(view.times, key=cost)
    at, until = view.words[start].start, view.words[end - 1].end
    span = TimeSpan(text=view.text[at:until], start=at, end=until, from_=first, to=last)
    return span, int(first[:4]) if first else None
