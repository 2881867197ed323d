"""Step 6: certainty, polarity, stage, finding, offence, terms, quantity, value and time of what a sentence claims."""

from __future__ import annotations

from rasad.claims import Money, TimeSpan
from rasad.languages import Trigger
from rasad.languages.lexicon import Match
from rasad.ontology import ontology
from rasad.reading.quantities import alone
from rasad.reading.view import ITEMS, Mention, Quantity, View

GOVERNS = 7  #: words over which a word before a trigger governs it
CLAUSE = 6  #: words that the end of a clause counts for
GIVEN = 3  #: words between a verb and what it does not give
NEGATES = 3  #: words over which a negation reaches
_FINDINGS = ("unproven", "dismissed", "proven", "charged", "investigated", "alleged")


def stages() -> dict[str, dict[str, str]]:
    """What each stage cue means for each frame."""
    return ontology().stages


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
    if view.language.clitics:  # an "and" written into a verb
        joined = [t for t in view.triggers if left <= t.start < right or t.start == max(cue.start, trigger.start)]
        cost += 0.3 * any("conj" in view.words[t.start].tags and t.key[:2] in ("v:", "p:") for t in joined)
    cost += 0.15 * any(left <= m.start < right for m in view.cue("coordinators"))
    commas = sum(view.words[i].fold in ",،" for i in range(left, right))
    cost += 0.08 * commas
    frame = ontology().senses[trigger.value.sense].frame
    rivals = {
        t.start
        for t in view.triggers
        if left <= t.start < right and t.start != trigger.start and ontology().senses[t.value.sense].frame != frame
    }
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
    triggers = [t for t in triggers if not _attributive(view, t)] or triggers
    told = [t for t in triggers if finite(view, t)]
    for trigger in triggers:
        for cue in _outermost(view.cue("stage")):
            if cue.value.name not in meaning or (
                told and cue.end == cue.start + 1 and _outside(cue, triggers) and _attributive(view, cue)
            ):
                continue
            cost = _cost(view, trigger, cue)
            if cost <= 0.75 and (best is None or cost < best[0]):
                best = (cost, cue)
    if best is not None and not (told and _outside(best[1], triggers)):
        named_stage = meaning[best[1].value.name]
        verbs = [t for t in triggers if t.value.pos == "verb"]
        verbs = [t for t in verbs if not _to_do(view, t)] or verbs  # imposed an embargo to stop deliveries
        if named_stage == "in_force" and any(tense(view, t) == "future" for t in verbs):
            named_stage = "proposed"  # we will impose sanctions
        return named_stage, best[1]
    for trigger in sorted(triggers, key=lambda t: t.value.pos != "verb"):
        by_tense = ontology().senses[trigger.value.sense].stage
        if not by_tense:
            continue
        if "always" in by_tense:
            return by_tense["always"], trigger
        return by_tense.get(tense(view, trigger)), trigger
    if best is not None:
        return meaning[best[1].value.name], best[1]
    return ("in_force", None) if frame == "restriction" else (None, None)


def _outermost(cues: list[Match]) -> list[Match]:
    """Those that stand in no longer one: *not guilty* is no *guilty*, *talks have begun* no beginning."""
    return [
        cue for cue in cues
        if not any(
            c.start <= cue.start and cue.end <= c.end and c.end - c.start > cue.end - cue.start for c in cues
        )
    ]  # fmt: skip


def _attributive(view: View, cue: Match) -> bool:
    """Whether a word only describes a thing: *delivered the promised howitzers*, *передала замовлені танки*."""
    tags = view.words[cue.start].tags
    if "participle" not in tags or "short" in tags:
        return False
    return not view.language.latin or (cue.start > 0 and view.words[cue.start - 1].fold in view.language.before_nouns)


def _outside(cue: Match, triggers: list[Match]) -> bool:
    return not any(cue.start < t.end and t.start < cue.end for t in triggers)


def finite(view: View, trigger: Match) -> bool:
    """Whether a trigger is a verb that tells an event by itself, which no word before it can put off."""
    if trigger.value.pos != "verb" or trigger.end - trigger.start > 2:
        return False
    word, before = view.verb(trigger), view.words[trigger.start - 1] if trigger.start else None
    if view.language.order == "VSO":
        return trigger.key.startswith(("v:", "p:")) and not (before is not None and before.fold in ("ان", "بان", "لان"))
    if view.language.latin:
        return bool(word.tags & {"past"}) or (
            bool(word.tags & {"present"}) and not (before is not None and before.fold == "to")
        )
    return "short" in word.tags or ("verb" in word.tags and not word.tags & {"infinitive", "gerund", "participle"})


def _to_do(view: View, trigger: Match) -> bool:
    """Whether a verb is an infinitive."""
    if view.language.latin:
        return trigger.start > 0 and view.words[trigger.start - 1].fold == "to"
    return "infinitive" in view.verb(trigger).tags


def tense(view: View, trigger: Match) -> str:
    """past, present or future; a noun counts as past."""
    if trigger.value.pos == "noun":
        return "noun" if "noun" in ontology().senses[trigger.value.sense].stage else "past"
    tags = view.verb(trigger).tags
    near = range(max(0, trigger.start - 3), trigger.start)
    done = view.language.latin and any(view.words[i].fold in ("have", "has", "had", "having") for i in near)
    future = not done and any(
        m.end <= trigger.start and trigger.start - m.end <= 2 for m in view.cue("tense", "future")
    )
    if view.language.latin and "participle" in tags and any(view.words[i].fold in ("is", "are", "being") for i in near):
        return "future" if future else "present"  # are maintained by
    if future or ("future" in tags and "past" not in tags):
        return "future"
    if tags & {"past", "participle"}:
        return "past"
    if view.language.order == "VSO":
        denied = trigger.start > 0 and view.words[trigger.start - 1].fold == "لم"
        return "present" if trigger.key.startswith("p:") and not denied else "past"
    if tags & {"infinitive"}:
        return "future"
    return "present"


def certainty(view: View, triggers: list[Match]) -> tuple[str, Match | None]:
    """asserted, probable or possible, and the cue that tells it."""
    for trigger in triggers:
        ability = ontology().senses[trigger.value.sense].frame == "capability"
        cue = _nearest(view, trigger, "certainty", 0.62)
        if cue is not None and not (ability and cue.end > trigger.start):
            return cue.value.name, cue
    return "asserted", None


def polarity(view: View, triggers: list[Match], operator: Match | None) -> tuple[str, Match | None]:
    """positive or negative, and the negation that tells it. Two negations are none."""
    negations = view.cue("polarity", "negative")
    excepts = {c.start for c in view.cue("polarity", "except")}
    leading = [operator] if operator is not None and operator.start < triggers[0].end else []
    for target in leading + triggers:
        for cue in negations:
            inside = target.start <= cue.start < target.end
            gap = max(0, target.start - cue.end) if cue.start < target.start else -1
            if cue.start == target.end and finite(view, triggers[0]) and view.language.latin:
                gap = 0  # has delivered nothing
            reaches = (
                0 <= gap <= NEGATES
                and not _boundaries(view, cue.end, target.start)
                and not any(view.words[i].kind == "p" for i in range(cue.end, target.start))
            )
            if reaches and any(cue.end <= e <= target.end + 8 for e in excepts):
                continue  # did not lift it except in 2022
            if reaches and not inside:
                return "negative", cue
            if inside and isinstance(target.value, Trigger) and _open(target):
                return "negative", cue
    return "positive", None


def none_of(view: View, trigger: Match, items: list[Mention]) -> bool:
    """Whether a negation stands before what a verb is about: *not a single tank has been delivered*, *gave it no drones*."""
    return any(
        0 <= item.start - cue.end <= 2
        and (
            (item.end <= trigger.start and trigger.start - item.end <= 5)
            or (0 <= cue.start - trigger.end <= GIVEN and not _boundaries(view, trigger.end, cue.start))
        )
        for item in items
        for cue in view.cue("polarity", "negative")
    )


def lacking(view: View, holders: list[Mention]) -> bool:
    """Whether a sentence ends with the negation of what somebody has: *завода … у Болгарии нет*."""
    for holder in holders:
        for cue in view.cue("polarity", "negative"):
            between = range(holder.end, cue.start)
            if (
                "at" in holder.functions
                and 0 <= len(between) <= NEGATES
                and all(view.words[i].kind == "w" for i in between)
                and all(w.kind == "p" or w.tags & {"verb"} for w in view.words[cue.end : cue.end + 2])
            ):
                return True
    return False


def _open(trigger: Match) -> bool:
    """Whether a negation inside the words of a trigger turns it round: not where the trigger itself denies."""
    return trigger.end - trigger.start > 2 and ontology().senses[trigger.value.sense].set.get("polarity") != "negative"


def finding(view: View, default: str, alone: bool) -> str:
    """What came of an allegation, as far as the sentence says; where it tells of several (``alone`` is false), each keeps
    the finding of its own word."""
    found = set()
    if not alone and default != "alleged":
        return default
    for cue in _outermost(view.cue("finding")):
        name = cue.value.name
        if name == "proven":
            negated = any(
                0 <= cue.start - n.end <= 4 or 0 <= n.start - cue.end <= 2 for n in view.cue("polarity", "negative")
            )
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
        broken = others or any(view.words[i].kind == "p" and view.words[i].fold not in '«»"“”' for i in stop)
        if not broken:
            best = number.value
    if best is None and item.start > 1 and _unit_of(view, item.start):
        best = 2.0
    if best is None and view.language.order == "VSO":
        after = [q for q in view.quantities if q.kind == "count" and q.start == item.end]
        if after:
            best = after[0].value
        elif view.words[item.start].fold.endswith(("تان", "تين")) or view.words[item.head].fold.endswith(
            ("تان", "تين")
        ):
            best = 2.0
    return best


def _of_items(view: View, number: Quantity) -> bool:
    """Whether equipment, or what it is counted in, follows a number."""
    items = [m for m in view.mentions if m.type in ITEMS or m.kind == "pointer:item"]
    return any(m.start <= number.end < m.end for m in items) or any(u.start == number.end for u in view.cue("units"))


def _unit_of(view: View, start: int) -> bool:
    """Whether a unit in the dual stands before an item: فوجين من منظومات."""
    units = {m.start: m.key.rpartition(":")[2] for m in view.cue("units")}
    for index in range(start - 1, max(-1, start - 4), -1):
        form = view.words[index].fold
        if index in units and form.endswith(("ين", "ان", "تين", "تان")) and not units[index].endswith(("ين", "ان")):
            return True
    return False


def lone_quantity(view: View) -> float | None:
    """The one number of things in a sentence that counts something it does not name: *two have not been delivered*."""
    counts = [q for q in view.quantities if q.kind == "count" and (alone(view, q) or _of_items(view, q))]
    if len(counts) == 1:
        return counts[0].value
    units = [
        m
        for m in view.cue("units")
        if view.words[m.start].fold.endswith(("ين", "ان")) and not m.key.endswith(("ين", "ان"))
    ]
    return 2.0 if units and not counts else None


def value(view: View, trigger: Match, rivals: list[Match]) -> Money | None:
    """The money that the sentence names, nearest to the trigger, unless it is nearer to that of another event."""
    money = [
        q
        for q in view.quantities
        if q.kind == "money" and all(_apart(view, trigger, q) <= _apart(view, other, q) for other in rivals)
    ]
    if not money:
        return None
    nearest = min(money, key=lambda q: _apart(view, trigger, q))
    return Money(amount=nearest.value, currency=nearest.currency)


def _apart(view: View, trigger: Match, quantity: Quantity) -> int:
    """How far a quantity stands from a trigger: words, and more where a clause ends between."""
    ahead = quantity.start < trigger.start
    left, right = (quantity.end, trigger.start) if ahead else (trigger.end, quantity.start)
    joiners = {m.start for m in view.cue("coordinators")}
    joined = sum(
        view.words[i].fold in ",،" and (i + 1 in joiners or "conj" in view.words[i + 1].tags)
        for i in range(left, right)
    )
    return max(0, right - left) + CLAUSE * (_boundaries(view, left, right) + joined)


def _of_other_deed(view: View, trigger: Match, start: int) -> bool:
    """Whether a relative clause or a participle after the trigger tells of another deed, whose time stands behind it."""
    senses = ontology().senses
    if not isinstance(trigger.value, Trigger) or senses[trigger.value.sense].frame != "transfer":
        return False
    after = {m.end for m in view.mentions if m.type in ITEMS}
    opening = {m.start for m in view.cue("relatives")} | {m.start for m in view.cue("boundaries") if m.start in after}
    for other in view.triggers:
        if other.value.pos != "verb" or not trigger.end <= other.start < other.end <= start:
            continue
        opened = any(trigger.end <= at < other.start for at in opening)
        own = opened or ("participle" in view.verb(other).tags and not view.language.latin)
        closed = any(view.words[i].fold in ",،" for i in range(other.end, start))
        if own and not closed and senses[other.value.sense].frame == "transfer":
            return True
    return False


def time(view: View, trigger: Match) -> tuple[TimeSpan | None, int | None]:
    """The expression of time nearest to the trigger, and its year; not that of a deed in a clause of its own: *received the
    tanks that it ordered in 2022*."""
    times = [span for span in view.times if not _of_other_deed(view, trigger, span[0])]
    if not times:
        return None, None

    def cost(span: tuple[int, int, str | None, str | None]) -> float:
        left, right = (span[1], trigger.start) if span[1] <= trigger.start else (trigger.end, span[0])
        return max(0, right - left) + CLAUSE * _boundaries(view, left, right) + 40 * (span[2] is None)

    start, end, first, last = min(times, key=cost)
    at, until = view.words[start].start, view.words[end - 1].end
    span = TimeSpan(text=view.text[at:until], start=at, end=until, from_=first, to=last)
    return span, int(first[:4]) if first else None
