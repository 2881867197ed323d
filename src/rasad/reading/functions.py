"""The grammatical functions of a sentence's mentions (the first part of step 5): from case, prepositions and order.

They are found without looking at any trigger; a trigger's sense then says which function fills which role.
"""

from __future__ import annotations

from rasad.languages import Word
from rasad.languages.lexicon import Match
from rasad.ontology import ontology
from rasad.reading.view import ACTORS, ITEMS, Mention, View

REACH = 5  #: words to the left of a mention in which its preposition is looked for
CASES = frozenset({"nomn", "gent", "datv", "accs", "ablt", "loct"})


def functions(view: View) -> None:
    """Gives every mention its grammatical functions, with weights between 0 and 1."""
    verbs = _verb_words(view)
    group(view, verbs)
    _open_clauses(view)
    markers = {m.end: m for m in view.cue("marker")}
    market = _market(view)
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
            if leader.functions and "bare" not in leader.functions and not view.language.has_case:
                mention.functions.pop("bare", None)  # *from France and India*: the preposition governs both
            for function, weight in leader.functions.items():
                mention.functions.setdefault(function, weight)
            mention.of = mention.of | leader.of


def _open_clauses(view: View) -> None:
    """Makes a boundary of every coordinator after which a subject and its verb begin a clause: *the first will be delivered
    in May and India is to have all of them*."""
    told = {t.start for t in view.triggers if t.value.pos == "verb"}
    told |= {c.start for table in ("voice", "tense") for c in view.cue(table)}
    for joiner in view.cue("coordinators"):
        after = next((m for m in view.mentions if 0 <= m.start - joiner.end <= 1 and m.type in ACTORS), None)
        if after is None or after.kind == "adjective" or after.end not in told:
            continue
        if any(m.group == after.group and m is not after for m in view.mentions):
            continue
        view.cues.setdefault("boundaries", []).append(joiner)


def _market(view: View) -> set[int]:
    """The words for a market, and for an order that several may vie for: *the Peruvian order*."""
    senses = ontology().senses
    orders = [t for t in view.triggers if t.value.pos == "noun" and senses[t.value.sense].frame == "transfer"]
    return {i for m in [*view.cue("market"), *orders] for i in range(m.start, m.end)}


def _finite(word: Word) -> bool:
    return "verb" in word.tags and not word.tags & {"noun", "adj"}


_SORTS = {"country": "state", "bloc": "state", "org": "org", "person": "person"}


def group(view: View, verbs: set[int]) -> None:
    """Joins mentions of one sort that stand in a row: ``Turkey, Russia and the United Arab Emirates``.

    Commas alone join items, but actors only where a coordinator follows: *sanctions on Russia, Colombia is unable to* …
    """
    joiners = {i for m in view.cue("coordinators") for i in range(m.start, m.end)}
    blocking = {m.start for m in view.cue("marker")} | {m.start for m in view.cue("boundaries")} | verbs
    blocking |= {i for m in view.triggers for i in m.met}
    blocking -= joiners
    numbers = {i for q in view.cue("numbers") for i in range(q.start, q.end)}
    chains: dict[str, list[list[tuple[Mention, bool]]]] = {}
    for mention in view.mentions:
        sort = "item" if mention.type in ITEMS else _SORTS.get(mention.type, mention.kind)
        sorted_chains = chains.setdefault(sort, [])
        last = sorted_chains[-1][-1][0] if sorted_chains else None
        joined = _coordinated(view, last, mention, joiners, blocking, numbers) if last is not None else None
        if joined is None:
            sorted_chains.append([(mention, True)])
        else:
            sorted_chains[-1].append((mention, joined))
    number = view.sentence.start * 1_000  # a group belongs to one sentence
    for sort, sorted_chains in chains.items():
        for chain in sorted_chains:
            firm = sort == "item" or any(joined for _, joined in chain[1:]) or _headline(view, [m for m, _ in chain])
            number += 1
            for mention, joined in chain:
                number += not (firm or joined)
                mention.group = number
            final = max((i for i, (_, joined) in enumerate(chain) if i and joined), default=0)
            if sort != "item" and not _headline(view, [m for m, _ in chain]):
                for mention, _ in chain[final + 1 :]:
                    number += 1
                    mention.group = number


def _headline(view: View, row: list[Mention]) -> bool:
    """Whether a headline puts a comma for the last *and*: *France, Egypt sign contract*."""
    if not view.language.latin or len(row) < 2 or row[0].start or any(m.kind == "adjective" for m in row):
        return False
    verb = next((t for t in view.triggers if t.start == row[-1].end and t.value.pos == "verb"), None)
    return verb is not None and not view.words[verb.start].fold.endswith(("s", "ed"))


def _coordinated(
    view: View, last: Mention, mention: Mention, joiners: set[int], blocking: set[int], numbers: set[int]
) -> bool | None:
    """Whether a mention goes on a row: True by a coordinator, False by a comma, None not at all."""
    between = range(last.end, mention.start)
    if len(between) > 5 or (last.kind == "adjective") != (mention.kind == "adjective"):
        return None
    if _clitic(view, mention.start) not in (None, _clitic(view, last.start)):
        return None
    conjunct = view.language.order == "VSO"
    joined = conjunct and view.words[mention.start].fold[0] == "و" and "conj" in view.words[mention.start].tags
    comma = False
    for index in between:
        word = view.words[index]
        if index in blocking:
            return None
        if index in joiners or (conjunct and word.kind == "w" and "conj" in word.tags and word.fold[0] == "و"):
            joined = True
        elif word.fold in ",،":
            comma = True
        elif word.fold in "«»\"“”„'‹›" or word.kind == "n" or index in numbers:
            continue
        elif word.kind == "p" or _finite(word) or (mention.type not in ITEMS and len(between) > 3):
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
    if not view.language.latin:  # in English a cue of the stage is as often a noun
        verbs.update(m.start for m in view.cue("stage") if _told(view, m))
    return verbs


def _told(view: View, cue: Match) -> bool:
    """Whether a cue begins with a verb and not with a noun that looks like none: *прекратил*, not *заказ*."""
    return "verb" in view.words[cue.start].tags if view.language.has_case else cue.key.startswith(("v:", "p:"))


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
    starts = {m.start for m in markers.values()}
    own = {m.start for m in view.mentions if m.type in ITEMS and m.entity.id != "category:other"}
    named = {i for m in view.mentions if m.type in ITEMS for i in range(m.start, m.end)}  # С-400 is no «с»
    for index in indexes:
        word = words[index]
        if (word.kind == "p" and word.fold not in '«»"') or index in verbs:
            break
        if (
            not before
            and index not in named
            and (index in starts or (word.tags & {"verb", "prep"} and not word.tags & {"noun", "adj"}))
        ):
            break
        heads.append(index)
        if before and (
            index + 1 in markers
            or (any(t.startswith("prep:") for t in word.tags) and "def" not in word.tags and index in own)
        ):
            break
    mention.of = frozenset(heads)
    mention.functions["of"] = 1.0
    items = {
        i for m in view.mentions if m.type in ITEMS and m.entity.id != "category:other" for i in range(m.start, m.end)
    }
    triggers = {i for t in view.triggers for i in t.met}
    market = {i for m in view.cue("market") for i in range(m.start, m.end)}
    makers = {i for m in view.cue("organisation_words") for i in range(m.start, m.end)}
    near = set(heads[:3])
    if not heads or (near & (items | triggers | market) and not near & makers):
        return
    head = heads[0]
    proxy = Mention(mention.entity, mention.kind, min(mention.start, head), max(mention.end, head + 1), "", 0, 0)
    proxy.head = head
    if view.language.has_case:
        _by_case(view, proxy, markers)
    else:
        proxy.start = head if before else mention.start
        _by_position(view, proxy, markers, verbs)
    mention.functions["of"] = 0.5  # it is the head that the sentence speaks of: *cleared by a Finnish court*
    for function, weight in proxy.functions.items():
        mention.functions[function] = max(weight * 0.8, mention.functions.get(function, 0))
    mention.of |= proxy.of


def _by_case(view: View, mention: Mention, markers: dict[int, Match]) -> None:
    words = view.words
    at = mention.head if mention.start <= mention.head < mention.end else mention.start
    alone = mention.end - mention.start == 2  # M23: a designation has no case of its own
    while at + 1 < mention.end and words[at + 1].glued and (alone or words[at + 1].tags & CASES):
        at += 1  # Эр-Рияда, премьер-министра
    head = words[at]
    cases = _shared_cases(view, mention, at)
    if mention.kind == "pointer:actor" and len(cases) > 4:  # её, их: never the subject
        mention.functions["object"] = 0.8
        given = [t for t in view.triggers if t.start == mention.end and t.value.pos == "verb"]
        armed = any(m.type in ITEMS for m in view.mentions)
        if armed and any("item" in ontology().senses[t.value.sense].roles for t in given) and not _takes_person(given):
            mention.kind = "pointer:item"  # их поставила
        return
    fixed = not cases or len(cases) > 4 or (head.upper and len(head.fold) > 1)
    if fixed and mention.kind == "government" and mention.start < at and "adj" in words[mention.start].tags:
        cases, fixed = words[mention.start].tags & CASES, False  # египетским ВМС
    index = mention.start - 1
    if fixed or words[index].fold in '«"„“':
        quoted = words[index].fold in '«"„“'
        apposed = index - quoted
        if (
            (quoted or not _own_noun(view, mention, apposed))
            and apposed >= 0
            and index >= 0
            and words[apposed].tags & {"noun"}
            and words[apposed].tags & CASES
        ):
            cases, fixed, index = words[apposed].tags & CASES, False, apposed - 1  # «Мотор Сич» after компании
    numbers = {i for m in view.cue("numbers") for i in range(m.start, m.end)}
    pronouns = {m.start for m in view.cue("relatives")}
    while index >= 0 and mention.start - index <= REACH:
        word = words[index]
        if index in pronouns:
            break  # в которых Перу зависит от России
        if index + 1 in markers or word.fold in '«"„“(':
            if index + 1 in markers:
                break
            index -= 1
            continue
        modifier = (
            word.tags & {"adj", "participle", "number", "pron"} and not word.tags & {"verb"}
        ) or word.kind == "n"
        if index not in numbers and (
            not modifier or (word.tags & {"noun"} and word.tags.isdisjoint({"adj", "participle"}))
        ):
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
    if marker is None and not fixed and _preposition(view, index):
        return  # a preposition that marks no role
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


def _takes_person(triggers: list[Match]) -> bool:
    """Whether a verb does something to somebody: *обвинили*, *обучили*."""
    roles = [ontology().senses[t.value.sense].roles for t in triggers]
    return any(r["item"][0] != "object" for r in roles if "item" in r)


def _preposition(view: View, index: int) -> bool:
    """Whether a word is a preposition, and not a letter of a name: *С-300*."""
    tags = view.words[index].tags if index >= 0 else frozenset()
    inside = any(m.start <= index < m.end for m in view.mentions)
    return "prep" in tags and not tags & {"noun", "verb"} and not inside


def _own_noun(view: View, mention: Mention, noun: int) -> bool:
    """Whether the noun before the name of a state has a meaning of its own, so that the name is no apposition to it:
    *в сторону США*, *угоду Нью-Дели ведёт*."""
    if mention.type != "country":
        return False
    return any(t.start <= noun < t.end for t in (*view.triggers, *view.cue("marker")))


def _shared_cases(view: View, mention: Mention, at: int) -> frozenset[str]:
    """The cases that a name of several words can stand in: *Южной Кореи* is a genitive, whatever *Южной* alone may be."""
    cases = view.words[at].tags & CASES
    if mention.type != "country" or mention.kind not in ("name", "adjective"):
        return cases
    others = view.words[mention.start : at] if mention.kind == "adjective" else view.words[at + 1 : mention.end]
    for word in others:
        cases = (cases & word.tags) or cases
    return cases


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
        if m is not mention and not (m.start <= mention.start < m.end) and not (m.kind == "adjective" and not arabic)
        for i in range(m.start, m.end)
    }
    chain: list[int] = []
    if not arabic and _before_its_noun(view, mention):
        mention.functions["of"] = 1.0
        mention.of = frozenset(range(mention.end, mention.end + 3))
        return
    told = {m.start for m in (*view.triggers, *view.cue("stage")) if m.start < mention.start}
    infinitives = {i for i in told if words[i - 1].fold == "to"} if not arabic else set()
    index = mention.start - 1
    while index >= 0 and mention.start - index <= REACH:
        word = words[index]
        if index + 1 in infinitives:
            break  # to block the administration
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
        if mention.type in {*ACTORS, "pointer"} and (
            word.kind == "n" or index in times or (index in markets and not arabic)
        ):
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
        price = {i for q in view.quantities for i in range(q.start, q.end)}
        owned = [i for i in range(mention.end, len(words)) if i not in price and words[i].kind == "w"]
        mention.of = frozenset(owned[:4])  # Canada's C$15 billion contract
        mention.functions["of"] = 1.0
    else:
        mention.functions["bare"] = 1.0


def _before_its_noun(view: View, mention: Mention) -> bool:
    """Whether a name stands right before a noun of doing, whose owner it is: *due to US sanctions*, *a UN arms embargo*."""
    if mention.type not in ("country", "bloc") or mention.kind != "name":
        return False
    arms = {m.start: m.end for m in view.cue("arms")}
    at = arms.get(mention.end, mention.end)
    senses = ontology().senses
    nouns = [t for t in view.triggers if t.start in (at, mention.end) and t.value.pos == "noun"]
    verbs = [t for t in view.triggers if t.start == mention.end and t.value.pos == "verb"]
    if verbs and not any(m.end == mention.start for m in view.cue("marker")):
        return False  # the arms Belarus imports
    return any(senses[t.value.sense].frame in ("transfer", "restriction") for t in nouns)


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
        mention.functions = {f: 0.65 * w for f, w in mention.functions.items()}
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
