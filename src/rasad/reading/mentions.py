"""Step 3: who and what is named in a sentence: entities, persons, quantities, dates, and words that point back."""

from __future__ import annotations

from itertools import pairwise

from rasad.claims import Entity
from rasad.gazetteer import Name
from rasad.gazetteer.patterns import unknown_designations
from rasad.languages.lexicon import Match
from rasad.ontology import ontology
from rasad.reading.organisations import organisations
from rasad.reading.people import people
from rasad.reading.quantities import quantities, told
from rasad.reading.view import ITEMS, Mention, View

PARTS = frozenset({"engines", "other", "ammunition", "sensors"})  #: what a designation may stand before as its owner
APPOSITION = 3  #: words that may stand between a designation and the word for its kind
GOVERNMENT_REACH = 3  #: words between a country and the army or government that stands for it
CONTEXT = 6  #: words around an ambiguous name in which the arms context must stand
_QUOTES = frozenset("«»\"“”„'‹›")
POINTER = Entity(id="pointer:", name="")


def mentions(view: View, arms: bool, known: dict[str, Entity]) -> None:
    """Fills ``view.mentions``, ``view.quantities`` and ``view.times``.

    ``arms`` tells that the document is about arms, which is what an ambiguous name such as *Grad* or *tank* asks for;
    ``known`` holds the persons and the unlisted organisations of the document so far.
    """
    for match in _chosen(view, arms):
        if match.value.entity.type != "place":
            _add(view, match)
        _hide(view, match)
    _hide_nothing(view)
    for start, end, entity in unknown_designations(
        view.text, view.sentence.start, view.sentence.end, view.language.code
    ):
        _add_designation(view, start, end, entity)
    _pointers(view)
    view.mentions.sort(key=lambda m: (m.start, -m.end))
    organisations(view, known)
    _join_apposed_items(view)
    _join_company_countries(view)
    _name_after_pointer(view)
    _nationality_of_pointers(view)
    people(view, known)
    _extend_to_government(view)
    _share_government(view)
    _lone_government(view)
    _anonymous(view)
    named = {
        i for m in view.mentions if not m.kind.startswith("pointer") and not m.absorbed for i in range(m.start, m.end)
    }
    view.mentions = [
        m
        for m in view.mentions
        if not m.absorbed and not (m.type == "pointer" and not named.isdisjoint(range(m.start, m.end)))
    ]
    view.mentions.sort(key=lambda m: (m.start, -m.end))
    money = [c for c in view.cue("currencies") if c.end - c.start > 1]
    view.mentions = [m for m in view.mentions if not any(c.start <= m.start and m.end <= c.end for c in money)]
    quantities(view)
    _numbers_alone(view)


def names_item(view: View) -> bool:
    """Whether equipment may be named in a sentence, of which only the lexicon was asked: without that no mention is one of equipment."""
    sentence = view.sentence
    return any(match.value.entity.type in ITEMS for match in view.names) or bool(
        unknown_designations(view.text, sentence.start, sentence.end, view.language.code)
    )


def _numbers_alone(view: View) -> None:
    """A number that a verb tells of equipment which the sentence does not name points back at it: *ten were delivered*."""
    if any(m.type in ITEMS or m.kind == "pointer:item" for m in view.mentions):
        return
    transfers = [t for t in view.triggers if ontology().senses[t.value.sense].frame == "transfer"]
    numbers = [n for n in (told(view, t) for t in transfers) if n is not None]
    if numbers:
        number = min(numbers, key=lambda n: n.start)
        at, until = view.words[number.start].start, view.words[number.end - 1].end
        view.mentions.append(Mention(POINTER, "pointer:item", number.start, number.end, view.text[at:until], at, until))
        view.mentions.sort(key=lambda m: (m.start, -m.end))


def _chosen(view: View, arms: bool) -> list[Match]:
    """The names that hold, longest first, none overlapping another."""
    candidates = [m for m in view.names if _cased_right(view, m) and _whole(view, m)]
    candidates.sort(
        key=lambda m: (
            -(m.end - m.start),
            _PRIORITY.get(m.value.entity.type, 1),
            m.value.weak,
            m.value.kind in ("adjective", "inhabitant"),
            m.start,
        )
    )
    taken: set[int] = set()
    chosen: list[Match] = []
    doubtful: list[Match] = []
    for match in candidates:
        if taken.isdisjoint(range(match.start, match.end)):
            (doubtful if match.value.weak else chosen).append(match)
            taken.update(range(match.start, match.end))
    firm = any(m.value.entity.type in ("system", "class") for m in chosen) or bool(view.cue("arms"))
    for match in doubtful:
        if match.value.entity.type == "system":
            near = range(match.start - CONTEXT, match.end + CONTEXT)
            kinds = any(
                m.value.entity.type in ("class", "category") and m.start in near
                for m in chosen + doubtful
                if m != match
            )
            quoted = match.start > 0 and view.words[match.start - 1].fold in _QUOTES
            if arms and (kinds or quoted or _capital_inside(view, match)):
                chosen.append(match)
        elif arms and (firm or view.triggers) and not _civil(view, match):
            chosen.append(match)
    scenes = view.cue("nothing", "scenes")
    return [
        m for m in chosen
        if m.value.entity.type not in ITEMS or not any(s.start <= m.start and m.end <= s.end for s in scenes)
    ]  # fmt: skip


def _civil(view: View, match: Match) -> bool:
    """Whether the word beside says that the thing is no arms: *tanks for drinking water*."""
    return any(0 <= g.start - match.end <= 3 or 0 <= match.start - g.end <= 1 for g in view.cue("goods"))


_PRIORITY = {"place": 0, "system": 0, "bloc": 0, "org": 0, "country": 0, "person": 0, "class": 1, "category": 2}


def _capital_inside(view: View, match: Match) -> bool:
    """Whether a name has a capital in the middle of a sentence, where an ordinary word would have none."""
    return match.start > 0 and view.words[match.start].capital and view.words[match.start - 1].fold not in _QUOTES


def _hide(view: View, match: Match) -> None:
    """A word inside a name is no trigger and no cue: *United* States, Foreign Intelligence *Service*."""
    inside = range(match.start, match.end)
    view.triggers = [
        t
        for t in view.triggers
        if (t.start not in inside and t.end - 1 not in inside) or t.end - t.start > match.end - match.start
    ]
    if match.value.entity.type in ("class", "category"):
        return
    for table, cues in view.cues.items():
        if table not in _VISIBLE:
            view.cues[table] = [c for c in cues if not (c.start in inside and c.end - 1 in inside)]


def _hide_nothing(view: View) -> None:
    """A fixed phrase that only looks like a deal is none: the words of *who asked not to be named*, of *under fire* and of
    *courtesy visit* trigger nothing and tell no stage."""
    for unnamed in view.cue("speech", "unnamed"):
        view.triggers = [t for t in view.triggers if not unnamed.start <= t.start < unnamed.end]
    for phrase in view.cue("nothing"):
        if any(view.words[i].fold in ",،" for i in phrase.skipped):
            continue
        own = set(phrase.met)
        view.triggers = [t for t in view.triggers if not _swallows(phrase, own, t)]
        for table in _TELLING & view.cues.keys():
            view.cues[table] = [c for c in view.cues[table] if not own.issuperset(c.met)]


def _swallows(phrase: Match, own: set[int], trigger: Match) -> bool:
    """Whether a trigger lies within a phrase, on its own words, or shares a word with one that has no gap."""
    if not phrase.skipped:
        return not own.isdisjoint(trigger.met)
    return trigger.start in own and trigger.end <= phrase.end


_TELLING = frozenset({"stage", "offence", "finding", "terms", "ability"})


_VISIBLE = frozenset({"arms", "government", "market"})


def _cased_right(view: View, match: Match) -> bool:
    name: Name = match.value
    first, last = view.words[match.start], view.words[match.end - 1]
    if (
        view.language.latin
        and match.end - match.start == 1
        and match.key != first.fold
        and first.tags & {"gerund", "past"}
    ):
        return False  # shipped is no ship
    if name.entity.type == "system" and last.fold == "s" and not last.capital and match.end - match.start > 1:
        return False  # MiG-29s are several MiG-29, not the MiG-29S
    if name.upper:
        return all(
            w.upper
            or w.kind != "w"
            or (len(w.fold) == 1 and w.capital)
            or view.text[w.start : w.end].removesuffix("s").rstrip("'’").isupper()
            for w in view.words[match.start : match.end]
        )
    if name.kind == "inhabitant" and not name.capital and first.capital and match.start and not view.language.latin:
        return False  # a surname: Поляков
    return first.capital or not name.capital or first.kind != "w"


def _whole(view: View, match: Match) -> bool:
    """Whether a name does not begin in the middle of another token (``9K2`` is no K2)."""
    words = view.words
    first = words[match.start]
    if match.start and words[match.start - 1].end == first.start and words[match.start - 1].kind in "wn":
        return False
    return (
        match.value.entity.type == "system"
        or match.end == len(words)
        or words[match.end].start > words[match.end - 1].end
        or words[match.end].kind == "p"
    )


def _add(view: View, match: Match) -> None:
    words, name = view.words, match.value
    end, entity = match.end, name.entity
    if entity.type == "system":
        while (
            end < len(words)
            and words[end].start == words[end - 1].end
            and words[end].kind in "wn"
            and len(words[end].fold) < 6
        ):
            if words[end].fold in ("s", "es") and not words[end].capital:
                break  # a plural: Mi-17s
            end += 1
        if end > match.end:
            entity = _variant(view, match, end, entity)
    kind = _STANDS_FOR.get(name.kind, name.kind) if entity.type == "country" else "name"
    view.mentions.append(
        Mention(
            entity, kind, match.start, end, view.quote(match.start, end), words[match.start].start, words[end - 1].end
        )
    )


_STANDS_FOR = {"capital": "name", "metonym": "government"}  #: the Kremlin is the government, Moscow the state


def _variant(view: View, match: Match, end: int, entity: Entity) -> Entity:
    """A variant that the gazetteer does not list, of a system that it does: S-300 and letters after it."""
    from rasad.reading.people import romanise

    tail = romanise(view.text[view.words[match.end - 1].end : view.words[end - 1].end]).upper()
    if not any(c.isdigit() for c in entity.name):
        return entity
    return Entity(
        id=f"{entity.id}{tail}",
        name=f"{entity.name}{tail}",
        country=entity.country,
        category=entity.category,
        kind="variant",
    )


def _add_designation(view: View, start: int, end: int, entity: Entity) -> None:
    inside = [i for i, w in enumerate(view.words) if w.start < end and w.end > start]
    if not inside or any(m.start <= i < m.end for m in view.mentions for i in inside):
        return
    first, last = inside[0], inside[-1] + 1
    view.mentions.append(Mention(entity, "name", first, last, view.text[start:end], start, end))


def _pointers(view: View) -> None:
    """Words that point back: *the country*, *this organisation*, *it*. What they point at is settled later."""
    taken = {i for m in view.mentions for i in range(m.start, m.end)}
    ministries = [g for g in view.cue("government") if g.end - g.start > 1]
    last = -1
    for match in sorted(view.cue("anaphora"), key=lambda m: (m.start, -m.end)):
        if match.start < last or not taken.isdisjoint(range(match.start, match.end)):
            continue
        if any(g.start < match.end < g.end for g in ministries):
            continue  # the ministry of defence: the state's
        last = match.end
        mention = Mention(
            POINTER, "pointer:" + match.value.name, match.start, match.end, view.quote(match.start, match.end),
            view.words[match.start].start, view.words[match.end - 1].end,
        )  # fmt: skip
        view.mentions.append(mention)


def _join_apposed_items(view: View) -> None:
    """A designation and the word for its kind are one item: ``S-300 anti-aircraft missile systems``, ``танков Т-72``."""
    items = [m for m in view.mentions if m.type in ITEMS]
    for left, right in pairwise(items):
        if left.absorbed and left.type != "system":
            continue
        if left.type == "system" and left.entity.id == right.entity.id and left.end == right.start:
            left.absorbed, right.start = True, left.start  # A-29 Super Tucano
            continue
        pair = {left.type, right.type}
        if "system" not in pair or not pair & {"class", "category"} or not _apposed(view, left.end, right.start):
            continue
        system, kind = (left, right) if left.type == "system" else (right, left)
        if kind.absorbed or system.absorbed:
            continue
        if not _compatible(system, kind):
            if view.language.latin and left is system and right.start == left.end and kind.entity.category in PARTS:
                system.absorbed = True  # MiG-29 engines are engines
            continue
        kind.absorbed = True
        system.start, system.end = min(left.start, right.start), max(left.end, right.end)
        system.head = kind.start


def _compatible(system: Mention, kind: Mention) -> bool:
    """Whether the kind describes the system: not *engines for the Akinci*, but any vague word and any alike category."""
    same = system.entity.category == kind.entity.category
    return (
        same
        or kind.entity.category in (None, "other")
        or kind.kind.startswith("pointer")
        or _KIN.get((system.entity.category or "", kind.entity.category or ""), False)
    )


_KIN = {
    ("air-defence-systems", "missiles"): True,
    ("missiles", "air-defence-systems"): True,
    ("artillery", "missiles"): True,
    ("artillery", "armoured-vehicles"): True,
}


def _apposed(view: View, left: int, right: int) -> bool:
    if not 0 <= right - left <= APPOSITION + 1:
        return False
    types = {i for m in view.cue("apposition") for i in range(m.start, m.end)}
    if view.language.order == "VSO":  # مروحيات روسية من طراز مي-24
        types |= {i for m in view.mentions if m.kind == "adjective" for i in range(m.start, m.end)}
    return all(view.words[i].fold in _QUOTES or i in types or view.words[i].fold in "()" for i in range(left, right))


def _nationality_of_pointers(view: View) -> None:
    """*The American company* points at nothing: it is a company of that country, which stands for it."""
    adjectives = {i for m in view.mentions if m.kind == "adjective" for i in (m.start - 1, m.end)}
    view.mentions = [
        m for m in view.mentions
        if not (m.kind == "pointer:org" and adjectives & set(range(m.start, m.end)))
    ]  # fmt: skip


def _name_after_pointer(view: View) -> None:
    """*The exporter, Trakia Arms*: a word that a name explains points at nothing else."""
    words = view.words
    fillers = {i for m in view.cue("organisation_words") for i in range(m.start, m.end)}
    for pointer in [m for m in view.mentions if m.kind in ("pointer:org", "pointer:panel")]:
        for name in view.mentions:
            between = range(pointer.end, name.start)
            if (
                name.type == "org"
                and 0 < len(between) <= APPOSITION + 1
                and any(words[i].fold in ",،(-–—" for i in between)
                and all(words[i].kind == "p" or i in fillers or len(words[i].fold) < 7 for i in between)
            ):
                pointer.absorbed = True
                name.start, name.head = pointer.start, pointer.start


def _join_company_countries(view: View) -> None:
    """``the Ukrainian company Motor Sich``: the adjective belongs to the company."""
    orgs = [m for m in view.mentions if m.type == "org"]
    org_words = {i for m in view.cue("organisation_words") for i in range(m.start, m.end)}
    for org in orgs:
        for mention in view.mentions:
            owner = mention.end == org.start and "possessive" in view.words[mention.end - 1].tags  # Sweden's Saab
            if mention.type != "country" or not (mention.kind == "adjective" or owner):
                continue
            before = 0 <= org.start - mention.end <= 3 and all(
                i in org_words
                or view.words[i].fold in _QUOTES
                or (view.words[i].kind == "w" and not view.words[i].capital and org.start - mention.end <= 2)
                for i in range(mention.end, org.start)
            )
            closed = org.end + (org.end < len(view.words) and view.words[org.end].fold in _QUOTES)
            after = view.language.order == "VSO" and mention.start == closed
            if (before and view.language.order != "VSO") or after:
                mention.absorbed = True
                if before:
                    org.start = mention.start
                else:
                    org.end = mention.end
                if org.entity.country is None:
                    org.entity = Entity(
                        id=org.entity.id, name=org.entity.name, country=mention.entity.country, kind=org.entity.kind
                    )
        left = org.start - 1
        while left >= 0 and (left in org_words or view.words[left].fold in _QUOTES):
            if left in org_words:
                org.start = left
            left -= 1
        org.head = org.start


def _extend_to_government(view: View) -> None:
    """``the German government``, ``военное руководство этой страны``: the whole phrase stands for the country."""
    government = view.cue("government")
    if not government:
        return
    for mention in view.mentions:
        if mention.absorbed or (mention.type != "country" and mention.kind != "pointer:country"):
            continue
        for match in government:
            follows = 0 <= match.start - mention.end <= 1 and _plain(view, mention.end, match.start)
            precedes = 0 <= mention.start - match.end <= GOVERNMENT_REACH and _plain(view, match.end, mention.start)
            if mention.kind in ("adjective", "inhabitant") and view.language.order != "VSO":
                precedes = False
            elif mention.kind != "adjective" and not view.language.latin:
                follows = False
            if follows or precedes:
                if precedes and view.language.has_case and not _genitive(view, mention):
                    continue
                near = mention.start - match.end <= 1 and not view.language.latin  # الجانب من كازاخستان
                if precedes and _marked(view, match.end, mention.start) and not near:
                    continue  # the ministry in Abu Dhabi is that of the country; the army sent to Mali is not
                mention.head = match.start
                mention.start, mention.end = min(mention.start, match.start), max(mention.end, match.end)
                mention.kind = mention.kind if mention.kind.startswith("pointer") else "government"
                break


def _share_government(view: View) -> None:
    """``the Russian and Chinese governments``: the head is that of both adjectives."""
    joiners = {m.start for m in view.cue("coordinators") if m.end - m.start == 1}
    states = [m for m in view.mentions if m.type == "country" and not m.absorbed]
    for mention in states:
        shared = any(m.start == mention.end + 1 and m.kind == "government" for m in states)
        if mention.kind == "adjective" and mention.end in joiners and shared:
            mention.kind = "government"


def _lone_government(view: View) -> None:
    """*The defence ministry announced*: where no state stands beside it, the ministry is that of the state in question."""
    taken = {i for m in view.mentions for i in range(m.start, m.end)}
    opening = {m.start for m in [*view.cue("speech", "that"), *view.cue("boundaries")]}
    for match in view.cue("government"):
        ended = next((i for i in (match.end, match.end + 1) if i in opening), match.end + 2)
        ended = next((i for i in range(match.end, ended) if i < len(view.words) and view.words[i].fold in ",،"), ended)
        if match.end - match.start < 2 or not taken.isdisjoint(range(match.start - 1, ended)):
            continue
        first, last = view.words[match.start], view.words[match.end - 1]
        text = view.quote(match.start, match.end)
        mention = Mention(POINTER, "pointer:country", match.start, match.end, text, first.start, last.end)
        view.mentions.append(mention)
        taken.update(range(match.start, match.end))


def _genitive(view: View, mention: Mention) -> bool:
    """Whether a name may stand in the genitive: власти Нигерии, but к власти военных Нигер."""
    word = view.words[mention.start]
    return (
        mention.kind.startswith("pointer")
        or word.upper
        or "gent" in word.tags
        or not word.tags & {"nomn", "datv", "accs", "ablt", "loct"}
    )


def _plain(view: View, start: int, end: int) -> bool:
    """Whether nothing but words that belong to one phrase stands here: no punctuation, no other mention."""
    taken = {i for m in view.mentions for i in range(m.start, m.end)}
    taken |= {t.start for t in view.triggers} | {c.start for c in view.cue("speech") if c.value.name != "nouns"}
    if view.language.latin:
        linking = {m.start for m in view.cue("marker")} | {
            i for i in range(start, end) if view.words[i].fold in ("the", "of")
        }
        return all(i in linking and i not in taken for i in range(start, end))
    return all(view.words[i].kind == "w" and i not in taken for i in range(start, end))


def _marked(view: View, start: int, end: int) -> bool:
    """Whether a preposition other than *of* or *in* stands here."""
    names = {m.value.name for m in view.cue("marker") if start <= m.start < end}
    return bool(names - {"of", "in"}) and "of" not in names


def _anonymous(view: View) -> None:
    """Speakers without a name: analysts, officials, sources. An expert with a name is that person."""
    persons = [m for m in view.mentions if m.type == "person"]
    seen: set[tuple[int, int]] = set()
    for match in view.cue("anonymous"):
        if (match.start, match.end) in seen:
            continue
        seen.add((match.start, match.end))
        if any(p.start < match.end and match.start < p.end for p in persons):
            continue
        near = [m for m in view.mentions if m.start - match.end <= 1 and match.start - m.end <= 1]
        beside = [m for m in near if not any(m.start > c.start >= match.end for c in view.cue("marker"))]
        if match.value.name == "media" and any(m.entity.kind == "media" for m in beside):
            continue  # the newspaper Izvestia
        if match.value.name == "media" and any(t.start <= match.start < match.end < t.end for t in view.cue("titles")):
            continue  # the press service of a ministry
        body = view.language.latin or match.value.name in ("opposition", "authorities", "media")
        if body and match.end - match.start == 1 and any(m.type == "org" and m.start == match.end for m in near):
            continue  # the opposition Party of Labour
        states = [m for m in view.mentions if m.start <= match.start < m.end and m.type == "country"]
        if states and match.value.name == "authorities":
            continue  # the authorities of a state are the state
        for state in states:  # its officials are not, as long as they speak
            state.absorbed = True
        who = match.value.name
        mention = Mention(
            Entity(id=f"anonymous:{who}", name=who, kind="anonymous"), "anonymous", match.start, match.end,
            view.quote(match.start, match.end), view.words[match.start].start, view.words[match.end - 1].end,
        )  # fmt: skip
        mention.state = states[0] if states else None
        view.mentions.append(mention)
