"""Step 5: who fills which role: from case, prepositions, voice and order, then from the sentences before.

Every mention first gets its grammatical functions (:func:`functions`), independent of any trigger. A trigger's sense says
which functions fill which role and which is surest; :func:`fill` then chooses the assignment of groups of mentions to
roles with the greatest sum of affinities.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from rasad.languages import Trigger, Word
from rasad.languages.lexicon import Match
from rasad.ontology import Frame, Sense, ontology
from rasad.reading.view import ACTORS, ITEMS, Mention, View

REACH = 5  #: words to the left of a mention in which its preposition is looked for
RANK = 0.1  #: what each further place in a sense's list of functions costs
WEAK_ITEM = 0.55  #: the least affinity of an item with a word that is common outside the arms trade
LEAST = 0.22  #: the least affinity with which a mention fills a role
REQUIRED = 0.6  #: what it is worth to fill a role that every claim of the frame requires; less where only some do
BOUNDARY = 0.22  #: what a clause boundary between trigger and mention costs
FOREIGN = 0.12  #: what another trigger between them costs
ELSEWHERE = 0.25  #: what it costs that a phrase before a verb may belong to a verb before it
DISTANCE = 0.006  #: what each word between them costs
_CASES = frozenset({"nomn", "gent", "datv", "accs", "ablt", "loct"})


class Affinity(NamedTuple):
    """How well a mention fits a role, and the function that says so."""

    score: float
    function: str


def functions(view: View) -> None:
    """Gives every mention its grammatical functions, with weights between 0 and 1."""
    group(view)
    markers = {m.end: m for m in view.cue("marker")}
    market = {i for m in view.cue("market") for i in range(m.start, m.end)}
    verbs = _verb_words(view)
    for mention in view.mentions:
        if mention.kind == "adjective":
            _adjective(view, mention, markers, verbs)
        elif view.language.has_case:
            _by_case(view, mention, markers)
        else:
            _by_position(view, mention, markers, verbs)
        if (mention.of and market & mention.of) or market & set(range(mention.start, mention.end)):
            mention.functions["market"] = 1.0
    first: dict[int, Mention] = {}
    for mention in view.mentions:
        leader = first.setdefault(mention.group, mention)
        if leader is not mention and (
            not view.language.has_case or "bare" in mention.functions or not mention.functions
        ):
            for function, weight in leader.functions.items():
                mention.functions.setdefault(function, weight)
            mention.of = mention.of | leader.of


def _finite(word: Word) -> bool:
    return "verb" in word.tags and not word.tags & {"noun", "adj"}


_SORTS = {"country": "state", "bloc": "state", "org": "org", "person": "person"}


def group(view: View) -> None:
    """Joins mentions of one sort that stand in a row: ``Turkey, Russia and the United Arab Emirates``.

    Commas alone join items, but actors only where a coordinator follows: *sanctions on Russia, Colombia is unable to* …
    """
    joiners = {i for m in view.cue("coordinators") for i in range(m.start, m.end)}
    chains: dict[str, list[list[tuple[Mention, bool]]]] = {}
    for mention in view.mentions:
        sort = "item" if mention.type in ITEMS else _SORTS.get(mention.type, mention.kind)
        sorted_chains = chains.setdefault(sort, [])
        joined = _coordinated(view, sorted_chains[-1][-1][0], mention, joiners) if sorted_chains else None
        if joined is None:
            sorted_chains.append([(mention, True)])
        else:
            sorted_chains[-1].append((mention, joined))
    number = view.sentence.start * 1_000  # a group belongs to one sentence
    for sort, sorted_chains in chains.items():
        for chain in sorted_chains:
            firm = sort == "item" or any(joined for _, joined in chain[1:])
            number += 1
            for mention, joined in chain:
                number += not (firm or joined)
                mention.group = number
            last = max((i for i, (_, joined) in enumerate(chain) if i and joined), default=0)
            if sort != "item":
                for mention, _ in chain[last + 1 :]:
                    number += 1
                    mention.group = number


def _coordinated(view: View, last: Mention, mention: Mention, joiners: set[int]) -> bool | None:
    """Whether a mention goes on a row: True by a coordinator, False by a comma, None not at all."""
    between = range(last.end, mention.start)
    if len(between) > 5 or (last.kind == "adjective") != (mention.kind == "adjective"):
        return None
    if _clitic(view, mention.start) not in (None, _clitic(view, last.start)):
        return None
    conjunct = view.language.order == "VSO"
    joined = conjunct and view.words[mention.start].fold[0] == "و" and "conj" in view.words[mention.start].tags
    comma = False
    blocking = {m.start for m in view.cue("marker")} | {m.start for m in view.cue("boundaries")} | _verb_words(view)
    blocking |= {i for m in view.triggers for i in range(m.start, m.end)}
    numbers = {i for q in view.cue("numbers") for i in range(q.start, q.end)}
    for index in between:
        word = view.words[index]
        if index in blocking - joiners:
            return None
        if index in joiners or (conjunct and word.kind == "w" and "conj" in word.tags and word.fold[0] == "و"):
            joined = True
        elif word.fold in ",،":
            comma = True
        elif word.fold in "«»\"“”„'‹›" or word.kind == "n" or index in numbers:
            continue
        elif index in blocking or word.kind == "p" or _finite(word) or (mention.type not in ITEMS and len(between) > 3):
            return None
    if joined and comma and "bare" not in last.functions and _opens_clause(view, mention):
        return None
    return True if joined else False if comma else None


def _opens_clause(view: View, mention: Mention) -> bool:
    """Whether a verb follows at once, so that the name begins a clause: *for the air force, and Ukraine sold …*."""
    return view.language.latin and any(t.start == mention.end and t.value.pos == "verb" for t in view.triggers)


def _verb_words(view: View) -> set[int]:
    verbs = {m.start for m in view.triggers if m.value.pos == "verb"}
    verbs.update(m.start for m in view.cue("speech") if m.value.name in ("verbs", "deny", "believe"))
    verbs.update(m.start for m in view.cue("stage") if not view.language.latin)
    return verbs


def _adjective(view: View, mention: Mention, markers: dict[int, Match], verbs: set[int]) -> None:
    """An adjective of nationality modifies the noun after it, or in Arabic the nouns before it, and takes that noun's
    function where the noun is no item, no trigger and no market: ``to Kazakh forces``."""
    words = view.words
    before = view.language.order == "VSO"
    indexes = (
        range(mention.start - 1, max(-1, mention.start - 6), -1)
        if before
        else range(mention.end, min(len(words), mention.end + 5))
    )
    heads: list[int] = []
    own = {m.start for m in view.mentions if m.type in ITEMS and m.entity.id != "category:other"}
    for index in indexes:
        word = words[index]
        if (word.kind == "p" and word.fold not in '«»"') or index in verbs:
            break
        if not before and (
            index in {m.start for m in markers.values()}
            or (word.tags & {"verb", "prep"} and not word.tags & {"noun", "adj"})
        ):
            break
        heads.append(index)
        if before and (
            index in {e - 1 for e in markers}
            or (any(t.startswith("prep:") for t in word.tags) and "def" not in word.tags and index in own)
        ):
            break
        if view.language.has_case and "noun" in word.tags and index not in own:
            pass
    mention.of = frozenset(heads)
    mention.functions["of"] = 1.0
    items = {
        i for m in view.mentions if m.type in ITEMS and m.entity.id != "category:other" for i in range(m.start, m.end)
    }
    triggers = {i for t in view.triggers for i in range(t.start, t.end)}
    market = {i for m in view.cue("market") for i in range(m.start, m.end)}
    makers = {i for m in view.cue("organisation_words") for i in range(m.start, m.end)}
    near = set(heads[:3])
    if not heads or (near & (items | triggers | market) and not near & makers):
        return
    head = heads[0]
    proxy = Mention(mention.entity, "name", min(mention.start, head), max(mention.end, head + 1), "", 0, 0)
    proxy.head = head
    if view.language.has_case:
        _by_case(view, proxy, markers)
    else:
        proxy.start = head if before else mention.start
        _by_position(view, proxy, markers, verbs)
    for function, weight in proxy.functions.items():
        mention.functions[function] = max(weight * 0.8, mention.functions.get(function, 0))
    mention.of |= proxy.of


def _by_case(view: View, mention: Mention, markers: dict[int, Match]) -> None:
    words = view.words
    head = words[mention.head] if mention.start <= mention.head < mention.end else words[mention.start]
    if head is words[mention.start] and mention.end - mention.start == 2 and words[mention.start + 1].glued:
        head = words[mention.start + 1]  # Эр-Рияд, Нью-Дели
    cases = head.tags & _CASES
    fixed = not cases or len(cases) > 4 or (head.upper and len(head.fold) > 1)
    index = mention.start - 1
    if fixed or words[index].fold in '«"„“':
        apposed = index - (words[index].fold in '«"„“')
        if apposed >= 0 and index >= 0 and words[apposed].tags & {"noun"} and words[apposed].tags & _CASES:
            cases, fixed, index = words[apposed].tags & _CASES, False, apposed - 1  # «Мотор Сич» after компании
    while index >= 0 and mention.start - index <= REACH:
        word = words[index]
        if index + 1 in markers or word.fold in '«"„“(':
            if index + 1 in markers:
                break
            index -= 1
            continue
        modifier = (
            word.tags & {"adj", "participle", "number", "pron"} and not word.tags & {"verb"}
        ) or word.kind == "n"
        if not modifier or (word.tags & {"noun"} and word.tags.isdisjoint({"adj", "participle"})):
            break
        index -= 1
    marker = markers.get(index + 1)
    if marker is not None and index >= 0:
        found = [m.value for m in view.cue("marker") if m.end == index + 1 and m.start == marker.start]
        chosen = [c for c in found if c.value is None or c.value in cases or fixed]
        for cue in chosen:
            mention.functions[cue.name] = 1.0 if not fixed or len(chosen) == 1 else 0.8
        if chosen:
            return
    numbers = {i for m in view.cue("numbers") for i in range(m.start, m.end)}
    counted = any(
        words[i].kind == "n" or i in numbers or "number" in words[i].tags for i in range(index + 1, mention.start)
    )
    if counted and "gent" in cases:
        mention.functions["subject"] = 0.85  # трое чиновников, два дипломата
    if fixed:
        mention.functions["bare"] = 1.0
        mention.functions.setdefault("of", 0.6)
    for case in cases if not fixed else ():
        function = view.language.case_functions.get(case)
        if function and function != "in":
            mention.functions[function] = 1.0 if len(cases) == 1 else 0.85
    if "of" in mention.functions:
        chain: list[int] = []
        at = index
        while at >= 0 and mention.start - at <= 7:
            word = words[at]
            if word.kind == "p" and word.fold not in '«»"':
                break
            if "noun" in word.tags:
                chain.append(at)
                if "gent" not in word.tags:
                    break
            elif not word.tags & {"adj", "participle"} and word.kind == "w":
                break
            at -= 1
        mention.of = frozenset(chain)
        if not chain:
            mention.functions["of"] *= 0.4


def _by_position(view: View, mention: Mention, markers: dict[int, Match], verbs: set[int]) -> None:
    words = view.words
    clitic = _clitic(view, mention.start)
    if clitic and mention.start not in markers:
        mention.functions[clitic] = 1.0
        return
    arabic = view.language.order == "VSO"
    boundaries = {m.start for table in ("boundaries", "coordinators", "relatives") for m in view.cue(table)}
    markets = {i for m in view.cue("market") for i in range(m.start, m.end)}
    times = {i for table in ("numbers", "months", "time") for m in view.cue(table) for i in range(m.start, m.end)}
    occupied = {
        i
        for m in view.mentions
        if m is not mention and not (m.start <= mention.start < m.end)
        for i in range(m.start, m.end)
    }
    chain: list[int] = []
    index = mention.start - 1
    while index >= 0 and mention.start - index <= REACH:
        word = words[index]
        if index + 1 in markers:
            _marked(view, mention, markers[index + 1], chain, markers, verbs)
            return
        if (
            (word.kind == "p" and word.fold not in "«»\"'")
            or index in verbs
            or index in boundaries
            or index in occupied
        ):
            break
        if mention.type in ACTORS and (word.kind == "n" or index in times or (index in markets and not arabic)):
            break
        if arabic:
            if word.fold.startswith("ال") or word.kind == "n":
                break
            chain.append(index)
            clitic = _clitic(view, index)
            if clitic:
                mention.functions[clitic] = 0.7
                mention.functions["of"] = 0.9
                mention.of = frozenset(chain)
                break
            if "conj" in word.tags and word.fold.startswith("و") and index:
                break
        index -= 1
    if arabic and chain:
        mention.of = frozenset(chain)
        mention.functions["of"] = 0.9
        mention.functions["bare"] = 0.5
    elif not arabic and words[mention.end - 1].fold.endswith("'s"):
        mention.of = frozenset(range(mention.end, min(len(words), mention.end + 4)))
        mention.functions["of"] = 1.0
    else:
        mention.functions["bare"] = 1.0


def _clitic(view: View, index: int) -> str | None:
    """The function of a preposition that is written into a word, where taking it off leaves a word that is known."""
    if not view.language.clitics:
        return None
    word = view.words[index]
    known = {m.key for m in (*view.names, *view.triggers) if m.start == index}
    known.update(m.key for table in view.cues.values() for m in table if m.start == index and m.value.table != "marker")
    if not known:
        return None
    bare = {k.lstrip("=").rpartition(":")[2] for k in known}
    if word.fold in bare or any(word.fold.startswith(k) for k in bare):
        return None
    key = max(bare, key=len)
    prefix = word.fold[: word.fold.find(key)] if key in word.fold else word.fold[:2]
    prefix = prefix.removesuffix("ال")
    prefix = prefix[:1] if prefix == "لل" else prefix
    return view.language.clitics.get(prefix[-1:]) if prefix else None


def _marked(
    view: View, mention: Mention, marker: Match, chain: list[int], markers: dict[int, Match], verbs: set[int]
) -> None:
    mention.functions.update(
        {m.value.name: 1.0 for m in view.cue("marker") if m.end == marker.end and m.start == marker.start}
    )
    if view.language.clitics and chain:  # the head of the annexation has the preposition: على بيع البحرين
        mention.of = frozenset(chain)
        mention.functions.setdefault("of", 0.9)
        if marker.value.name != "of":
            return
    if "of" not in mention.functions:
        return
    heads: list[int] = []
    index = marker.start - 1
    while index >= 0 and marker.start - index <= REACH:
        word = view.words[index]
        if word.kind == "p" or index + 1 in markers or index in verbs:
            heads.append(index) if index in verbs else None
            break
        heads.append(index)
        index -= 1
    mention.of = frozenset(heads)
    outer = markers.get(index + 1)
    if outer is not None and outer.value.name != "of":
        mention.functions.setdefault(outer.value.name, 0.6)


def passive(view: View, trigger: Match) -> bool:
    """Whether a verb stands in the passive."""
    if trigger.value.pos != "verb":
        return False
    word = view.words[trigger.start]
    if view.language.has_case:
        return "passive" in word.tags or (
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


def affinity(view: View, trigger: Match, role: str, mention: Mention, voice: bool) -> Affinity:
    """How well a mention fits a role of a trigger."""
    has = _relative_functions(view, trigger, mention, voice)
    best = Affinity(0.0, "")
    for rank, function in enumerate(_roles(view, trigger)[role]):
        weight = 0.3 if function == "any" else has.get(function, 0.0) * (1 - RANK * rank)
        if weight > best.score:
            best = Affinity(weight, function)
    if mention.kind == "pointer:actor" and (best.function != "subject" or trigger.value.pos not in ("verb", "phrase")):
        return Affinity(0.0, "")
    if not best.score:
        return best
    penalty = _penalty(view, trigger, mention)
    if mention.start < trigger.start and best.function in _PREPOSED and trigger.value.pos == "verb":
        penalty += ELSEWHERE * any(t.end <= mention.start and t.start != trigger.start for t in view.triggers)
    if best.function == "subject" and trigger.value.pos == "noun" and _of_another_clause(view, trigger, mention):
        return Affinity(0.0, "")
    return Affinity(best.score - penalty, best.function)


_PREPOSED = frozenset({"agent", "from", "to", "with", "for", "on", "against"})


def _roles(view: View, trigger: Match) -> dict[str, list[str]]:
    return view.language.roles.get(trigger.value.sense) or ontology().senses[trigger.value.sense].roles


def _relative_functions(view: View, trigger: Match, mention: Mention, voice: bool) -> dict[str, float]:
    before = mention.start < trigger.start
    relative = _relative(view, trigger, mention) if before else None
    has = dict(mention.functions) if relative is None else dict(relative)
    if (
        before
        and "infinitive" in view.words[trigger.start].tags
        and has.keys() & {"dative", "object"}
        and trigger.value.pos == "verb"
    ):
        has["subject"] = max(has.get("subject", 0.0), 0.8)  # позволила Польше передать, попросил Берлин передать
    verb = trigger.value.pos in ("verb", "phrase")
    inside = set(range(trigger.start, trigger.end))
    if "of" in has and mention.of and not (mention.of & inside) and not _of_item(view, trigger, mention):
        has["of"] *= 0.3
    if mention.kind == "adjective" and any(
        m.type in ITEMS and mention.of & set(range(m.start, m.end)) for m in view.mentions
    ):
        has["origin"] = 1.0
    if view.language.has_case and verb and disagrees(view, trigger.start, mention):
        has.pop("subject", None)
    if "bare" in has or ("subject" in has and "object" in has):
        either = "bare" not in has
        weight = max(has.pop("bare", 0.0), has.get("subject", 0.0), has.get("object", 0.0))
        has["subject"], has["object"] = _bare(view, trigger, mention, before, verb, weight)
        if either and not before and verb and not _takes_actor_object(view, trigger):
            has["subject"], has["object"] = 0.7 * weight, 0.5 * weight  # ракеты поставил концерн
    elif "subject" in has and trigger.value.pos == "noun":
        has["subject"] *= 0.8 if before else 0.55
    if before and "subject" in has and relative is None and _enclosed(view, trigger, mention):
        has["subject"] *= 0.4
    if voice:
        subject = has.pop("subject", 0.0)
        has["subject"] = has.pop("object", 0.0) * 0.3
        has["object"] = subject
        if "agent" in has:
            has["subject"] = max(has["subject"], has["agent"])
    return has


def _relative(view: View, trigger: Match, mention: Mention) -> dict[str, float] | None:
    """The functions of the antecedent of a relative clause in it: *Russia, which supplied …* is the subject of supply."""
    starts = [m for m in view.cue("relatives") if mention.end <= m.start <= mention.end + 4 and m.end <= trigger.start]
    if not starts or any(b.start > starts[0].start and b.start < trigger.start for b in view.cue("boundaries")):
        return None
    verbs = {t.start for t in view.triggers if t.value.pos == "verb" and starts[0].start < t.start < trigger.start}
    if verbs and any(view.words[i].fold in ",،" for i in range(starts[0].end, trigger.start)):
        return None  # the clause is closed: the country, which later resigned, was accused
    if any(view.words[i].kind == "w" and i != starts[0].start - 1 for i in range(mention.end, starts[0].start)):
        return None
    if not view.language.has_case:
        return {"bare": 1.0}
    word = view.words[starts[0].start]
    cases = word.tags & _CASES
    if starts[0].start > mention.end and view.words[starts[0].start - 1].kind == "w":
        found = [m.value for m in view.cue("marker") if m.end == starts[0].start]
        return {c.name: 1.0 for c in found if c.value is None or c.value in cases} or None
    functions = {view.language.case_functions[c]: 0.9 for c in cases if c in view.language.case_functions}
    return functions or {"bare": 1.0}


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


def disagrees(view: View, verb_at: int, mention: Mention) -> bool:
    """Whether a verb in the plural has a single name beside it, which then is not its subject: Киев обвиняли."""
    if view.words[mention.head].upper or (mention.functions.get("subject") == 0.85 and mention.kind == "anonymous"):
        return False  # an abbreviation has no number of its own, and a number gives another: США, два дипломата
    verb, noun = view.words[verb_at].tags, view.words[mention.head].tags
    alone = sum(m.group == mention.group for m in view.mentions) == 1
    return "plur" in verb and "sing" not in verb and bool(noun & _CASES) and "plur" not in noun and alone


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


def _of_item(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether it is the genitive of an item that belongs to the trigger (``deliveries of S-300 of Russia``)."""
    return (
        any(m.type in ITEMS and mention.of & set(range(m.start, m.end)) for m in view.mentions)
        and trigger.value.pos == "noun"
    )


def _penalty(view: View, trigger: Match, mention: Mention) -> float:
    left, right = (mention.end, trigger.start) if mention.start < trigger.start else (trigger.end, mention.start)
    if right <= left:
        return 0.0
    penalty = DISTANCE * (right - left)
    bounds = {m.start for m in view.cue("boundaries") if left <= m.start < right}
    if bounds and mention.start < trigger.start:
        if _relative(view, trigger, mention) is not None:
            bounds = set()
        relatives = {m.start for m in view.cue("relatives")}
        closed = {
            b for b in bounds if b in relatives and any(view.words[i].fold in ",،" for i in range(b, trigger.start))
        }
        bounds -= closed
    penalty += BOUNDARY * min(2, len(bounds))
    if any(view.words[i].fold in ";؛" for i in range(left, right)):
        penalty += 2 * BOUNDARY
    return penalty + FOREIGN * min(2, _foreign(view, trigger, mention))


def _of_another_clause(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether the subject of a clause is too far from a noun to act in it: *ordered tanks, but deliveries are late*."""
    if _foreign(view, trigger, mention):
        return True
    left, right = (mention.end, trigger.start) if mention.start < trigger.start else (trigger.end, mention.start)
    turned = any(
        left <= b.start < right
        for b in view.cue("boundaries")
        if b.start not in {r.start for r in view.cue("relatives")}
    )
    return turned and any(view.words[i].fold in ",،" for i in range(left, right))


def _foreign(view: View, trigger: Match, mention: Mention) -> int:
    """How many triggers of other frames stand between a trigger and a mention."""
    left, right = (mention.end, trigger.start) if mention.start < trigger.start else (trigger.end, mention.start)
    senses = ontology().senses
    frame = senses[trigger.value.sense].frame
    between = [t for t in view.triggers if left <= t.start < right and t.value.sense not in ("contract", "win")]
    return len({t.start for t in between if senses[t.value.sense].frame != frame})


class Filled(NamedTuple):
    """A trigger with the groups that fill its roles: role → (mentions, affinity)."""

    trigger: Match
    frame: str
    roles: dict[str, tuple[list[Mention], Affinity]]


def fill(view: View, trigger: Match) -> Filled:
    """The best assignment of the sentence's mentions to the roles of one trigger."""
    value: Trigger = trigger.value
    sense = ontology().senses[value.sense]
    frame = ontology().frames[sense.frame]
    voice = passive(view, trigger)
    roles: dict[str, tuple[list[Mention], Affinity]] = {}
    groups = _groups(view, frame)
    _fill_sets(view, trigger, sense, frame, voice, groups, roles)
    _fill_actors(view, trigger, sense, frame, voice, groups, roles)
    if "holder" in roles and "party" in roles:  # nobody takes a stand on himself
        holders = {m.entity.id for m in roles["holder"][0]}
        parties = [m for m in roles["party"][0] if m.entity.id not in holders]
        roles["party"] = (parties, roles["party"][1])
        roles = {role: found for role, found in roles.items() if found[0]}
    _fill_items(view, trigger, sense, frame, roles)
    return Filled(trigger, sense.frame, roles)


def _groups(view: View, frame: Frame) -> list[list[Mention]]:
    groups: dict[int, list[Mention]] = {}
    for mention in view.mentions:
        pointer = mention.kind.startswith("pointer:")
        if (
            mention.absorbed
            or mention.entity.kind == "media"
            or (mention.speaker and frame.roles.keys().isdisjoint(("accuser", "holder")))
        ):
            continue
        if mention.type in ACTORS or pointer or mention.kind == "anonymous":
            groups.setdefault(mention.group, []).append(mention)
    return list(groups.values())


def takes(frame: Frame, role: str, mention: Mention) -> bool:
    """Whether a role takes this kind of mention. Pointers are settled later, by their own kind."""
    kinds = frame.roles[role].kinds
    if mention.kind.startswith("pointer:"):
        wanted = POINTED[mention.kind[8:]]
        return bool(wanted & kinds)
    return mention.type in kinds


POINTED = {
    "country": frozenset({"country"}), "pair": frozenset({"country"}), "bloc": frozenset({"bloc"}), "org": frozenset({"org"}),
    "item": ITEMS, "person": frozenset({"person"}), "actor": frozenset({"country", "org", "bloc"}), "ban": frozenset(),
    "panel": frozenset({"org", "bloc"}), "speaker": frozenset({"country"}),
}  # fmt: skip


def _fill_sets(
    view: View, trigger: Match, sense: Sense, frame: Frame, voice: bool, groups: list[list[Mention]],
    roles: dict[str, tuple[list[Mention], Affinity]],
) -> None:  # fmt: skip
    for role, shape in frame.roles.items():
        if not shape.set or role not in sense.roles:
            continue
        scored: list[tuple[Affinity, list[Mention]]] = []
        for group in groups:
            fit = [m for m in group if takes(frame, role, m)]
            if fit:
                scored.append((max((affinity(view, trigger, role, m, voice) for m in fit), key=lambda a: a.score), fit))
        firm = [(a, fit) for a, fit in scored if a.score >= LEAST and a.function != "any"]
        if sum(len(fit) for _, fit in firm) < 2:  # "anywhere in the clause" only where grammar finds too few
            firm = [(a, fit) for a, fit in scored if a.score >= LEAST]
        if firm:
            best = max((a for a, _ in firm), key=lambda a: a.score)
            roles[role] = ([m for _, fit in firm for m in fit], best)


def _fill_actors(
    view: View, trigger: Match, sense: Sense, frame: Frame, voice: bool, groups: list[list[Mention]],
    roles: dict[str, tuple[list[Mention], Affinity]],
) -> None:  # fmt: skip
    wanted = [
        r for r in sense.roles if r in frame.roles and not frame.roles[r].kinds <= ITEMS and not frame.roles[r].set
    ]
    sets = frame.requires
    worths = {r: REQUIRED * sum(r in needed for needed in sets) / len(sets) for needed in sets for r in needed}
    table: list[list[tuple[int, Affinity]]] = []
    for role in wanted:
        options: list[tuple[int, Affinity]] = []
        for number, group in enumerate(groups):
            fit = [m for m in group if takes(frame, role, m)]
            if fit:
                best = max((affinity(view, trigger, role, m, voice) for m in fit), key=lambda a: a.score)
                if best.score >= LEAST:
                    options.append((number, best))
        options.sort(key=lambda o: -o[1].score)
        table.append(options[:5])
    best_score = 0.0
    best_choice: dict[str, tuple[int, Affinity]] = {}

    named_items = {"item"} if any(m.type in ITEMS for m in view.mentions) else set()
    named = [frozenset(m.entity.id for m in group if m.type != "pointer") for group in groups]

    def search(index: int, used: frozenset[int], score: float, choice: dict[str, tuple[int, Affinity]]) -> None:
        nonlocal best_score, best_choice
        if index == len(wanted):
            if any(all(r in choice or r in named_items for r in needed) for needed in sets):
                score += REQUIRED
            if score > best_score:
                best_score, best_choice = score, dict(choice)
            return
        role = wanted[index]
        worth = worths.get(role, 0.0)
        for number, fit in table[index]:
            if number not in used and not any(named[number] & named[other] for other in used):
                choice[role] = (number, fit)
                search(index + 1, used | {number}, score + fit.score + worth, choice)
                del choice[role]
        search(index + 1, used, score, choice)

    search(0, frozenset(), 0.0, {})
    for role, (number, chosen) in best_choice.items():
        roles[role] = ([m for m in groups[number] if takes(frame, role, m)], chosen)


def _fill_items(
    view: View, trigger: Match, sense: Sense, frame: Frame, roles: dict[str, tuple[list[Mention], Affinity]]
) -> None:
    for role in sense.roles:
        if role not in frame.roles or not frame.roles[role].kinds <= ITEMS:
            continue
        groups: dict[int, list[Mention]] = {}
        for mention in view.mentions:
            pointer = mention.kind == "pointer:item"
            if (mention.type in ITEMS and mention.entity.id != "category:other") or pointer:
                groups.setdefault(mention.group, []).append(mention)
        best: tuple[float, list[Mention]] | None = None
        for group in groups.values():
            score = _item_score(view, trigger, group)
            if best is None or score > best[0]:
                best = (score, group)
        if best is not None and best[0] >= (WEAK_ITEM if trigger.value.weak else LEAST):
            roles[role] = (best[1], Affinity(best[0], "object"))


def _item_score(view: View, trigger: Match, group: list[Mention]) -> float:
    mention = group[0]
    named = [m for m in view.mentions if m.type in ITEMS and m.entity.id != "category:other"]
    if mention.kind == "pointer:item" and any(0 <= m.start - mention.end <= 2 for m in named):
        return 0.0  # a unit of what is named next: five regiments of S-400
    score = (
        0.9
        - 0.3 * (mention.kind == "pointer:item" and bool(named))
        - 2.5 * DISTANCE * _distance(trigger, mention)
        - _penalty(view, trigger, mention) * 0.8
    )
    if mention.start < trigger.start:
        said = any(
            mention.end <= c.start < trigger.start and c.value.name in ("verbs", "deny") for c in view.cue("speech")
        )
        score -= 0.5 if said else 0.2
    for left, right in pairwise([m for m in view.mentions if m.type in ITEMS]):
        if any(left.end <= t.start < right.start for t in view.triggers):
            continue
        if (
            right is mention
            and left.group != mention.group
            and mention.functions.keys() & {"for", "of", "on", "with"}
            and right.start - left.end <= 3
        ):
            score -= 0.3  # engines for the drone: the drone is not what is delivered
    return score


def _distance(trigger: Match, mention: Mention) -> int:
    if mention.start >= trigger.end:
        return mention.start - trigger.end
    return max(0, trigger.start - mention.end)
