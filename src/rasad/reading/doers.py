"""Whose deed it is that a sentence names and does not tell (part of step 5): *Riyadh's request to buy*, *allowed Denmark to
hand over*. The subject of the sentence is not the one who buys, or hands over."""

from __future__ import annotations

from rasad.languages.lexicon import Match
from rasad.ontology import ontology
from rasad.reading.view import ACTORS, ITEMS, Mention, View

PLAN = 3  #: words that the plan, request or refusal may have between who has it and the deed
ASKS = 4  #: words before somebody within which the verb stands that lets or asks him to do it
_DEEDS = frozenset({"transfer", "service"})
_LETS = frozenset({"approve", "refuse"})  #: stages that leave the deed to somebody else


def doer(view: View, trigger: Match) -> Mention | None:
    """Who does what an infinitive, or a noun of doing in Arabic, names, where the words before it tell."""
    if ontology().senses[trigger.value.sense].frame not in _DEEDS:
        return None
    inside = [m for m in view.mentions if m.start == trigger.start + 1 and m.end < trigger.end and m.type in ACTORS]
    opens = {0} | {b.end for b in view.cue("boundaries")}
    before = any(m.end == trigger.start and "bare" in m.functions and m.start in opens for m in view.mentions)
    if (
        inside
        and not (before and "of" not in inside[0].functions)
        and view.language.order == "VSO"
        and inside[0].functions.keys() <= {"of", "bare", "market"}
    ):
        return inside[0]  # a request of Saudi Arabia to buy, where the request is part of the phrase
    to = view.language.latin and any(view.words[i].fold == "to" for i in range(trigger.start, trigger.end))
    owners = [m for m in view.mentions if m.end == trigger.start and m.type in ACTORS and "of" in m.functions]
    if to and owners and trigger.value.pos == "verb":
        return owners[0]  # Spain's attempts to sell, where the attempt is part of the phrase
    start = named_from(view, trigger)
    if start is None:
        return None
    ahead = [
        m
        for m in view.mentions
        if m.end <= min(start, trigger.start) and (m.type in ACTORS or m.kind.startswith("pointer:")) and not m.absorbed
    ]
    nearest = max(ahead, key=lambda m: m.end, default=None)
    if nearest is None:
        return None
    if _has_plan(view, nearest, start) or _is_let(view, trigger, nearest, start):
        return nearest
    return None


def named_from(view: View, trigger: Match) -> int | None:
    """The word from which on a deed is named, if it is: *to buy*, *поставить*, *بيع*."""
    if view.language.has_case:
        return trigger.start if "infinitive" in view.words[trigger.start].tags else None
    if view.language.latin:
        named = trigger.start > 0 and view.words[trigger.start - 1].fold == "to" and trigger.value.pos == "verb"
        return trigger.start - 1 if named else None
    return None if trigger.key.startswith(("v:", "p:")) else trigger.start


def _has_plan(view: View, mention: Mention, start: int) -> bool:
    """Whether what leads up to the deed is somebody's: *the decision of Berlin to*, *a Saudi request to*."""
    gap = range(mention.end, start)
    if len(gap) > PLAN or any(not _plain(view, i) for i in gap) or mention.type in ITEMS:
        return False
    items = {i for m in view.mentions if m.type in ITEMS for i in range(m.start, m.end)}
    if not view.language.has_case and not view.language.latin:
        annexed = mention.functions.keys() <= {"of", "bare", "market"} and bool(mention.of) and not gap
        return (
            annexed and mention.of.isdisjoint(items) and not any(i in mention.of for t in view.triggers for i in t.met)
        )
    if "of" not in mention.functions or not mention.of:
        return False
    ahead = mention.kind == "adjective" or view.words[mention.end - 1].tags & {"possessive"}
    if ahead and not gap:
        return False
    if not ahead and gap:
        return False
    head = set(gap) if ahead else mention.of
    return not head & items


def _is_let(view: View, trigger: Match, mention: Mention, start: int) -> bool:
    """Whether somebody is let, told or asked to do it: *разрешила Дании передать*, *urged Berlin to supply*."""
    if mention.end != start or ontology().senses[trigger.value.sense].frame == "service":
        return False
    near = range(mention.start - ASKS, mention.start)
    asked = any(ontology().senses[t.value.sense].frame == "position" and t.start in near for t in view.triggers)
    let = any(c.start in near and c.value.name in _LETS for c in view.cue("stage"))
    if view.language.latin:
        functions = mention.functions.keys() & {"to", "with", "in", "against", "between", "about", "agent"}
        return not functions and mention.start > 0 and (asked or let or "for" in mention.functions)
    if view.language.has_case:
        further = any(m.start >= trigger.end and "dative" in m.functions and m.type in ACTORS for m in view.mentions)
        return bool(mention.functions.keys() & {"dative", "object"}) and (asked or let or further)
    return (asked or let) and bool(mention.functions.keys() & {"to", "dative", "from", "object"})


def _plain(view: View, index: int) -> bool:
    """Whether a word is part of a phrase of nouns: no mark, and no verb that tells something."""
    word = view.words[index]
    verb = any(t.start == index and t.value.pos == "verb" for t in view.triggers)
    return word.kind == "w" and not verb and not word.tags & {"verb", "past"}
