"""How well a mention fits a role of a trigger (the second part of step 5): from its functions, from voice and order, and from
what stands between the two."""

from __future__ import annotations

from typing import NamedTuple

from rasad.languages import Word
from rasad.languages.lexicon import Match
from rasad.ontology import ontology
from rasad.reading.functions import CASES
from rasad.reading.view import ACTORS, ITEMS, Mention, View

RANK = 0.1  #: what each further place in a sense's list of functions costs
BOUNDARY = 0.22  #: what a clause boundary between trigger and mention costs
FOREIGN = 0.12  #: what another trigger between them costs
ELSEWHERE = 0.25  #: what it costs that a phrase before a verb may belong to a verb before it
DISTANCE = 0.006  #: what each word between them costs


class Deed(NamedTuple):
    """What is known of a trigger before its roles are filled: its voice, and who does it where a word beside it tells; and, of mentions
    that were looked at, their functions in the eyes of the trigger, and the :func:`penalty`, which are the same for every role."""

    passive: bool
    doer: Mention | None
    seen: dict[int, dict[str, float]]
    costs: dict[int, float]


class Affinity(NamedTuple):
    """How well a mention fits a role, and the function that says so."""

    score: float
    function: str


def passive(view: View, trigger: Match) -> bool:
    """Whether a verb stands in the passive."""
    if trigger.value.pos != "verb":
        return False
    word = view.verb(trigger)
    if view.language.has_case:
        if any("infinitive" in view.words[i].tags for i in range(trigger.start + 1, trigger.end)):
            return False  # змушена купувати
        return ("passive" in word.tags and "verb" not in word.tags) or (  # тянут is rarely a participle
            "reflexive" in word.tags and view.language.has_active(trigger.key, trigger.value)
        )
    if not view.language.passive:
        return False
    if "participle" not in word.tags:
        return False
    auxiliaries = {m.start for m in view.cue("voice")}
    for index in range(trigger.start - 1, max(-1, trigger.start - 4), -1):
        if index in auxiliaries:
            return True
        if view.words[index].kind == "p":
            break
    after = trigger.end
    if trigger.end - trigger.start > 1 or any(
        view.words[i].fold in ("have", "has", "had") for i in range(max(0, trigger.start - 3), trigger.start)
    ):
        return False
    by = any(m.start == after and m.value.name == "agent" for m in view.cue("marker"))
    return by and not (after + 1 < len(view.words) and "gerund" in view.words[after + 1].tags)


def affinity(view: View, trigger: Match, role: str, mention: Mention, deed: Deed) -> Affinity:
    """How well a mention fits a role of a trigger."""
    voice, has = deed.passive, deed.seen.get(id(mention))
    if has is None:
        has = deed.seen[id(mention)] = _seen(view, trigger, mention, deed)
    if role == "recipient" and mention.kind == "adjective" and "origin" in has and _apart(trigger, mention):
        has = {name: worth for name, worth in has.items() if name != "of"}  # French fighters are bought from France
    best = Affinity(0.0, "")
    for rank, function in enumerate(_roles(view, trigger)[role]):
        weight = 0.3 if function == "any" else has.get(function, 0.0) * (1 - RANK * rank)
        if weight > best.score:
            best = Affinity(weight, function)
    told = mention.speaker and role == "accused" and mention.start >= trigger.end and best.function == "subject"
    if told and trigger.value.sense != "deny":
        return Affinity(0.0, "")  # has been charged, the Justice Department said
    if mention.kind == "pointer:actor" and (best.function != "subject" or trigger.value.pos not in ("verb", "phrase")):
        return Affinity(0.0, "")
    if not best.score:
        return best
    if id(mention) not in deed.costs:
        deed.costs[id(mention)] = penalty(view, trigger, mention)
    cost = deed.costs[id(mention)]
    if mention.start < trigger.start and trigger.value.pos == "verb":
        before = [t for t in view.triggers if t.end <= mention.start and t.start != trigger.start]
        if voice and best.function == "subject" and "agent" in mention.functions and _other_deed(trigger, role, before):
            return Affinity(0.0, "")
        elsewhere = bool(before)
        cost += ELSEWHERE * (elsewhere and best.function in _PREPOSED)
    if best.function == "subject" and trigger.value.pos == "noun" and _of_another_clause(view, trigger, mention):
        return Affinity(0.0, "")
    return Affinity(best.score - cost, best.function)


def _seen(view: View, trigger: Match, mention: Mention, deed: Deed) -> dict[str, float]:
    has = _relative_functions(view, trigger, mention, deed.passive)
    if deed.doer is None:
        return has
    itself = mention.group == deed.doer.group  # who is asked to do it does it, and not who asks
    return {"subject": 0.95} if itself else {**has, "subject": 0.3 * has.get("subject", 0.0)}


_PARTS = frozenset({"engines", "other"})  #: categories of what is built in or used up: an adjective tells who makes it
_PREPOSED = frozenset({"agent", "from", "to", "with", "for", "on", "against"})


def _two_makers(view: View) -> bool:
    """Whether equipment of two makers competes, and so the makers do: *Russian Su-30s compete with American F-16s*."""
    return len({m.entity.id for m in view.mentions if m.kind == "adjective" and m.type == "country"}) > 1


def _apart(trigger: Match, mention: Mention) -> bool:
    """Whether a genitive is not that of the trigger itself."""
    return mention.of.isdisjoint(range(trigger.start, trigger.end))


def _other_deed(trigger: Match, role: str, before: list[Match]) -> bool:
    """Whether the agent before a passive is that of a verb of the same matter: *two of the jets ordered by Myanmar have been
    delivered*; but who built the frigates may well have delivered them."""
    senses = ontology().senses
    frame = senses[trigger.value.sense].frame
    same = any(senses[t.value.sense].frame == frame and t.value.pos == "verb" for t in before)
    return same and not ontology().frames[frame].roles[role].set


def _roles(view: View, trigger: Match) -> dict[str, list[str]]:
    return view.language.roles.get(trigger.value.sense) or ontology().senses[trigger.value.sense].roles


def _relative_functions(view: View, trigger: Match, mention: Mention, voice: bool) -> dict[str, float]:
    before = mention.start < trigger.start
    relative = _relative(view, trigger, mention) if before else None
    has = dict(mention.functions) if relative is None else dict(relative)
    if "agent" in has and not voice and not before and view.language.passive and not _by(view, trigger, mention):
        del has["agent"]
    if (
        before
        and "infinitive" in view.verb(trigger).tags
        and has.keys() & {"dative", "object"}
        and trigger.value.pos == "verb"
    ):
        has["subject"] = max(has.get("subject", 0.0), 0.8)  # позволила Польше передать, попросил Берлин передать
    verb = trigger.value.pos in ("verb", "phrase")
    inside = set(range(trigger.start, trigger.end))
    if "of" in has and mention.of and not (mention.of & inside) and not _of_item(view, trigger, mention):
        has["of"] *= 0.2
    if before and verb and "of" in has and _whole_of(view, trigger, mention):
        has["subject"] = max(has.get("subject", 0.0), 0.6)
    frame = ontology().senses[trigger.value.sense].frame
    for item in view.mentions if mention.of else ():
        if item.type in ITEMS and not mention.of.isdisjoint(range(item.start, item.end)):
            maker = item.entity.country
            if any(mention.end <= t.start < item.start for t in view.triggers):
                continue  # Belarusian imports of arms
            if item.entity.category not in _PARTS and (maker is None or maker != mention.entity.country):
                has["owner"] = 1.0  # the Malaysian frigates
            if maker is not None and maker == mention.entity.country:
                has["origin"] = 1.0  # bought Russia's Su-35
            if mention.kind == "adjective":
                has["origin"] = 1.0
                marked = item.functions.keys().isdisjoint(("subject", "object", "bare"))
                if frame == "competition" and (marked or _two_makers(view)):
                    has |= {f: 0.8 * w for f, w in item.functions.items() if f not in has and f not in ("of", "in")}
                if "without" in item.functions:
                    has["without"] = 1.0  # without Italian gearboxes
    if view.language.has_case and verb and disagrees(view, view.verb(trigger), mention):
        has.pop("subject", None)
    if "bare" in has or ("subject" in has and "object" in has):
        either = "bare" not in has
        weight = max(has.pop("bare", 0.0), has.get("subject", 0.0), has.get("object", 0.0))
        has["subject"], has["object"] = _bare(view, trigger, mention, before, verb, weight)
        if either and not before and verb and not _takes_actor_object(view, trigger):
            has["subject"], has["object"] = 0.7 * weight, 0.5 * weight  # ракеты поставил концерн
        if not before and trigger.value.pos == "verb" and not voice and _has_object(view, trigger):
            has["subject"], has["object"] = 0.9 * weight, 0.3 * weight
    elif "subject" in has and trigger.value.pos == "noun":
        has["subject"] *= 0.8 if before else 0.55
    if not before and trigger.value.pos == "noun" and _is_predicate(view, mention):
        has["subject"] = 0.9
    if before and "subject" in has and relative is None and _enclosed(view, trigger, mention):
        has["subject"] *= 0.4
    if not voice and not before and _given(view, trigger, mention):
        has["to"] = 1.0
    if voice:
        subject = has.pop("subject", 0.0)
        has["subject"] = has.pop("object", 0.0) * 0.3
        has["object"] = subject
        if "agent" in has:
            has["subject"] = max(has["subject"], has["agent"])
    return has


def _whole_of(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether what depends is somebody's: *the strength of the Saudi air force rests on*."""
    if ontology().senses[trigger.value.sense].frame != "dependence" or not view.language.has_case or not mention.of:
        return False
    items = {i for m in view.mentions if m.type in ITEMS for i in range(m.start, m.end)}
    head = view.words[min(mention.of)]
    return trigger.start - mention.end <= 2 and "nomn" in head.tags and mention.of.isdisjoint(items)


def _has_object(view: View, trigger: Match) -> bool:
    """Whether the object stands before the verb already, so that the subject follows: *корветы, которые строит Navantia*."""
    if not view.language.has_case or _takes_actor_object(view, trigger):
        return False
    clause = _clause_of(view, trigger)
    if clause is not None and clause.start > 1:
        antecedent = clause.start - 1 - (view.words[clause.start - 1].fold == ",")
        relative = view.words[clause.start].tags & CASES
        kept = any(
            m.start <= antecedent < m.end and (m.type in ITEMS or m.kind == "pointer:item") for m in view.mentions
        )
        actors = [m for m in view.mentions if clause.end <= m.start < trigger.start and m.type in ACTORS]
        return kept and "accs" in relative and not any(m.functions.keys() & {"subject", "bare"} for m in actors)
    return any(
        m.kind == "pointer:item" and m.end == trigger.start and "accs" in view.words[m.start].tags
        for m in view.mentions
    )


def _is_predicate(view: View, mention: Mention) -> bool:
    """Whether a name tells who a noun before it is: *the main rival of Russia is China*, *главный соперник — Китай*."""
    if not mention.functions.keys() & {"bare", "subject"} or not mention.start:
        return False
    before = view.words[mention.start - 1]
    if view.language.has_case:
        return before.fold in "—–"
    return view.language.latin and any(v.end == mention.start for v in view.cue("voice"))


def _given(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether it is the first of two objects: *gave Ukraine howitzers*."""
    if not view.language.latin or trigger.value.pos != "verb" or mention.functions.keys() != {"bare"}:
        return False
    marks = {m.start for m in view.cue("marker")}
    items = [m for m in view.mentions if m.type in ITEMS and 0 <= m.start - mention.end <= 4]
    near = mention.start - trigger.end <= 1 and items
    return bool(near) and marks.isdisjoint(range(mention.end, items[0].start))


def _by(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether a by-phrase after an active verb or a noun is of it, and not of a noun between: *a visit by the minister*."""
    if trigger.value.pos == "verb" and trigger.end - trigger.start == 1:
        return False
    marks = [
        m.start for m in view.cue("marker") if m.value.name == "agent" and trigger.start <= m.start < mention.start
    ]
    joined = {i for m in view.mentions for i in range(m.start, m.end)}
    joined |= {i for m in [trigger, *view.cue("stage")] for i in range(m.start, m.end)}
    return bool(marks) and (marks[-1] - 1 in joined or view.words[marks[-1] - 1].kind != "w")


def _relative(view: View, trigger: Match, mention: Mention) -> dict[str, float] | None:
    """The functions of the antecedent of a relative clause in it: *Russia, which supplied …* is the subject of supply."""
    if _participle_of(view, trigger, mention):
        return {"subject": 0.95}
    starts = [m for m in view.cue("relatives") if mention.end <= m.start <= mention.end + 4 and m.end <= trigger.start]
    if not starts or any(b.start > starts[0].start and b.start < trigger.start for b in view.cue("boundaries")):
        return None
    verbs = {t.start for t in view.triggers if t.value.pos == "verb" and starts[0].start < t.start < trigger.start}
    inside = range(starts[0].end, trigger.start)
    commas = [i for i in inside if view.words[i].fold in ",،"]
    if commas and (verbs or any(_FINITE & view.words[i].tags for i in range(inside.start, commas[-1]))):
        return None  # the clause is closed: the country, which later resigned, was accused
    if any(view.words[i].kind == "w" and i != starts[0].start - 1 for i in range(mention.end, starts[0].start)):
        return None
    if not view.language.has_case:
        return {"bare": 1.0}
    word = view.words[starts[0].start]
    cases = word.tags & CASES
    if starts[0].start > mention.end and view.words[starts[0].start - 1].kind == "w":
        found = [m.value for m in view.cue("marker") if m.end == starts[0].start]
        return {c.name: 1.0 for c in found if c.value is None or c.value in cases} or None
    functions = {view.language.case_functions[c]: 0.9 for c in cases if c in view.language.case_functions}
    return functions or {"bare": 1.0}


def _participle_of(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether a participle behind a comma is of the name before: *у Мьянмы, получившей первые JF-17*."""
    if not view.language.has_case or trigger.value.pos != "verb":
        return False
    tags = view.words[trigger.start].tags
    comma = mention.end < len(view.words) and view.words[mention.end].fold == ","
    beside = comma and 1 <= trigger.start - mention.end <= 2
    agrees = bool(tags & view.words[mention.head].tags & CASES) or view.words[mention.head].upper
    return beside and "participle" in tags and "verb" not in tags and agrees


_FINITE = frozenset({"verb", "past", "present"})


def _in_apposition(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether a mention stands between two commas after another actor: *Algeria, the third buyer after India, ordered*."""
    commas = [i for i in range(trigger.start) if view.words[i].fold in ",،"]
    before = [c for c in commas if c < mention.start]
    after = [c for c in commas if c >= mention.end]
    if not before or not after or mention.start - before[-1] < 2:
        return False
    opened, closed = before[-1], after[0]
    if any(opened < t.start < closed and t.value.pos == "verb" for t in view.triggers):
        return False
    same = any(m.group == mention.group and m is not mention for m in view.mentions)
    return not same and any(m.end == opened and m.type in ACTORS for m in view.mentions)


def _enclosed(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether a mention stands in a relative clause that is closed before the trigger: Embraer, which beat X, will supply."""
    opened = [r.start for r in view.cue("relatives") if r.start < mention.start]
    if not opened:
        return _in_apposition(view, trigger, mention)
    if any(view.words[i].fold in ",،" for i in range(opened[-1], mention.start)):
        return False
    return any(view.words[i].fold in ",،" for i in range(mention.end, trigger.start))


def disagrees(view: View, word: Word, mention: Mention) -> bool:
    """Whether a verb in the plural has a single name beside it, which then is not its subject: Киев обвиняли."""
    if view.words[mention.head].upper or (mention.functions.get("subject") == 0.85 and mention.kind == "anonymous"):
        return False  # an abbreviation has no number of its own, and a number gives another: США, два дипломата
    verb, noun = word.tags, view.words[mention.head].tags
    alone = sum(m.group == mention.group for m in view.mentions) == 1
    single = "plur" not in noun and (
        bool(noun & CASES) or (mention.kind in ("name", "capital") and mention.type == "country")
    )
    return "plur" in verb and "sing" not in verb and single and alone


def _takes_actor_object(view: View, trigger: Match) -> bool:
    sense = ontology().senses[trigger.value.sense]
    frame = ontology().frames[sense.frame]
    roles = _roles(view, trigger)
    return any(
        functions[:1] == ["object"] and not frame.roles[role].kinds <= ITEMS for role, functions in roles.items()
    )


def _bare(view: View, trigger: Match, mention: Mention, before: bool, verb: bool, weight: float) -> tuple[float, float]:
    """(subject, object) for a mention without any mark, from the order of words."""
    if view.language.order == "VSO":
        if before and not verb and _second(view, trigger, mention):
            return 0.2 * weight, 0.15 * weight
        if verb and not before and any(m.end == trigger.start and "bare" in m.functions for m in view.mentions):
            return 0.3 * weight, 0.85 * weight  # Iraq asks Paris: the subject stands before its verb
        if before:
            return (0.8 if verb else 0.7) * weight, (0.4 if verb else 0.15) * weight  # an unwritten passive may hide
        if not verb:
            return 0.3 * weight, 0.35 * weight
        bare = [m for m in view.mentions if m.start > trigger.start and "bare" in m.functions and m.type not in ITEMS]
        first = not bare or bare[0].group == mention.group
        return (0.85 * weight, 0.6 * weight) if first else (0.3 * weight, 0.85 * weight)
    if before:
        return (0.95 if verb else 0.75) * weight, 0.12 * weight
    return 0.25 * weight, (0.9 if verb else 0.4) * weight


def _second(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether it is the object of the verb that leads to a deed: *Iraq negotiates with Paris the purchase*."""
    cues = [c for c in view.cue("stage", "negotiate") if c.start < mention.start and c.start < trigger.start]
    if not cues:
        return False
    others = [m for m in view.mentions if m.end <= mention.start and m.group != mention.group and m.type in ACTORS]
    opens = max((b.start for b in view.cue("boundaries") if b.start < cues[-1].start), default=-1)
    return any("bare" in m.functions and m.start > opens for m in others)


def _of_item(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether it is the genitive of an item that belongs to the trigger (``deliveries of S-300 of Russia``)."""
    return (
        any(m.type in ITEMS and mention.of & set(range(m.start, m.end)) for m in view.mentions)
        and trigger.value.pos == "noun"
    )


def penalty(view: View, trigger: Match, mention: Mention) -> float:
    """What stands between a trigger and a mention and makes it less likely that they belong together."""
    left, right = (mention.end, trigger.start) if mention.start < trigger.start else (trigger.end, mention.start)
    if right <= left:
        return 0.0
    cost = DISTANCE * (right - left)
    bounds = {m.start for m in view.cue("boundaries") if left <= m.start < right}
    if bounds and mention.start < trigger.start:
        if _relative(view, trigger, mention) is not None:
            bounds = set()
        relatives = {m.start for m in view.cue("relatives")}
        closed = {
            b for b in bounds if b in relatives and any(view.words[i].fold in ",،" for i in range(b, trigger.start))
        }
        bounds -= closed
    cost += BOUNDARY * min(2, len(bounds))
    acts = mention.functions.keys() & {"subject", "bare"} and mention.type not in ITEMS
    marks = ";؛:" if acts else ";؛"  # what follows a colon may tell more of what stands before
    if any(view.words[i].fold in marks for i in range(left, right)):
        cost += 2 * BOUNDARY
    if mention.start > trigger.start and _after_clause(view, trigger, mention):
        cost += 2 * BOUNDARY
    return cost + FOREIGN * min(2, _foreign(view, trigger, mention))


def _clause_of(view: View, trigger: Match) -> Match | None:
    """The relative pronoun of the clause in which a verb stands, if it stands in one."""
    if trigger.value.pos != "verb":
        return None
    before = [r for r in view.cue("relatives") if r.end <= trigger.start]
    if not before or any(view.words[i].fold in ",،;" for i in range(before[-1].end, trigger.start)):
        return None
    return before[-1]


def _after_clause(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether a subject follows the comma that ends the relative clause of a verb: *the S-400s, which Moscow sent it, Turkey
    has not switched on*."""
    if not mention.functions.keys() & {"subject", "bare"} or _clause_of(view, trigger) is None:
        return False
    opens = view.words[mention.start - 1].fold in ",،"
    told = any(view.words[i].tags & _FINITE for i in range(mention.end, min(mention.end + 5, len(view.words))))
    return opens and told


def _of_another_clause(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether the subject of a clause is too far from a noun to act in it: *ordered tanks, but deliveries are late*."""
    if _foreign(view, trigger, mention):
        return True
    left, right = (mention.end, trigger.start) if mention.start < trigger.start else (trigger.end, mention.start)
    relatives = {r.start for r in view.cue("relatives")}
    return any(
        left <= b.start < right and b.start not in relatives and b.start and view.words[b.start - 1].fold in ",،"
        for b in view.cue("boundaries")
    )


def _foreign(view: View, trigger: Match, mention: Mention) -> int:
    """How many triggers of other frames stand between a trigger and a mention."""
    left, right = (mention.end, trigger.start) if mention.start < trigger.start else (trigger.end, mention.start)
    senses = ontology().senses
    frame = senses[trigger.value.sense].frame
    between = [t for t in view.triggers if left <= t.start < right and t.value.sense not in ("contract", "win")]
    return len({t.start for t in between if senses[t.value.sense].frame != frame})
