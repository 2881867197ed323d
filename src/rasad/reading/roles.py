"""Step 5: who fills which role. Of all assignments of groups of mentions to the roles of a trigger the one with the greatest
sum of affinities is taken; gaps are filled later from the sentences before (:mod:`rasad.reading.discourse`)."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from rasad.languages import Trigger
from rasad.languages.lexicon import Match
from rasad.ontology import Frame, Sense, ontology
from rasad.reading.affinity import DISTANCE, Affinity, Deed, affinity, disagrees, passive, penalty
from rasad.reading.doers import doer
from rasad.reading.view import ACTORS, ITEMS, Mention, View

WEAK_ITEM = 0.55  #: the least affinity of an item with a word that is common outside the arms trade
LEAST = 0.22  #: the least affinity with which a mention fills a role
OWN = 3  #: words between "that" and the verb of which whoever speaks may be the subject
REQUIRED = 0.6  #: what it is worth to fill a role that every claim of the frame requires; less where only some do


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
    deed = Deed(passive(view, trigger), doer(view, trigger), {}, {})
    roles: dict[str, tuple[list[Mention], Affinity]] = {}
    groups = _groups(view, trigger, frame)
    _fill_sets(view, trigger, sense, frame, deed, groups, roles)
    _fill_actors(view, trigger, sense, frame, deed, groups, roles)
    if "holder" in roles and "party" in roles:  # nobody takes a stand on himself
        holders = {m.entity.id for m in roles["holder"][0]}
        parties = [m for m in roles["party"][0] if m.entity.id not in holders]
        roles["party"] = (parties, roles["party"][1])
        roles = {role: found for role, found in roles.items() if found[0]}
    _fill_items(view, trigger, sense, frame, deed, roles)
    return Filled(trigger, sense.frame, roles)


def _groups(view: View, trigger: Match, frame: Frame) -> list[list[Mention]]:
    groups: dict[int, list[Mention]] = {}
    for mention in view.mentions:
        pointer = mention.kind.startswith("pointer:")
        silent = mention.speaker and frame.roles.keys().isdisjoint(("accuser", "holder"))
        silent = silent and not _says_of_himself(view, trigger, mention)
        if mention.absorbed or silent or (mention.entity.kind == "media" and "accuser" not in frame.roles):
            continue
        if mention.type in ACTORS or pointer or mention.kind == "anonymous":
            groups.setdefault(mention.group, []).append(mention)
    return list(groups.values())


def _says_of_himself(view: View, trigger: Match, mention: Mention) -> bool:
    """Whether what somebody says has no subject of its own, so that it is he who does it: *Польша заявила, что передаст*."""
    if not view.language.has_case or trigger.value.pos != "verb" or mention.type == "anonymous":
        return False
    that = [b for b in view.cue("speech", "that") if mention.end <= b.start and b.end <= trigger.start]
    tags = view.verb(trigger).tags
    if (
        not that
        or "verb" not in tags
        or trigger.start - that[-1].end > OWN
        or disagrees(view, view.verb(trigger), mention)
    ):
        return False
    told = range(that[-1].end, len(view.words))
    others = [m for m in view.mentions if m.start in told and m.type not in ITEMS and m is not mention]
    return not any(m.functions.keys() & {"subject", "bare"} for m in others)


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
    view: View, trigger: Match, sense: Sense, frame: Frame, deed: Deed, groups: list[list[Mention]],
    roles: dict[str, tuple[list[Mention], Affinity]],
) -> None:  # fmt: skip
    for role, shape in frame.roles.items():
        if not shape.set or role not in sense.roles:
            continue
        scored: list[tuple[Affinity, list[Mention]]] = []
        for group in groups:
            fit = [m for m in group if takes(frame, role, m)]
            if fit:
                scored.append((max((affinity(view, trigger, role, m, deed) for m in fit), key=lambda a: a.score), fit))
        firm = [(a, fit) for a, fit in scored if a.score >= LEAST and a.function != "any"]
        if (
            len({m.entity.id for _, fit in firm for m in fit}) < 2
        ):  # "anywhere in the clause" only where grammar finds too few
            firm = [(a, fit) for a, fit in scored if a.score >= LEAST]
        if firm:
            best = max((a for a, _ in firm), key=lambda a: a.score)
            roles[role] = ([m for _, fit in firm for m in fit], best)


def _fill_actors(
    view: View, trigger: Match, sense: Sense, frame: Frame, deed: Deed, groups: list[list[Mention]],
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
                best = max((affinity(view, trigger, role, m, deed) for m in fit), key=lambda a: a.score)
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
    view: View,
    trigger: Match,
    sense: Sense,
    frame: Frame,
    deed: Deed,
    roles: dict[str, tuple[list[Mention], Affinity]],
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
            if sense.roles[role] != ["subject"]:
                score = _item_score(view, trigger, group)
            elif _acts_in(view, trigger, group):  # what arrives is the subject itself
                score = max(affinity(view, trigger, role, m, deed).score for m in group)
            else:
                continue
            if best is None or score > best[0]:
                best = (score, group)
        if best is not None and best[0] >= (WEAK_ITEM if trigger.value.weak else LEAST):
            roles[role] = (best[1], Affinity(best[0], "object"))


def _acts_in(view: View, trigger: Match, group: list[Mention]) -> bool:
    """Whether equipment may be the subject of a verb: *the tanks arrived*, not *he arrived and inspected the tanks*, nor a
    participle."""
    if view.language.has_case and "participle" in view.words[trigger.start].tags:
        return False
    for mention in group:
        between = range(min(trigger.end, mention.end), max(trigger.start, mention.start))
        other = any(view.words[i].tags & {"verb", "past"} for i in between if not mention.start <= i < mention.end)
        if mention.functions.keys() & {"subject", "bare"} and not other:
            return True
    return False


def _item_score(view: View, trigger: Match, group: list[Mention]) -> float:
    mention = group[0]
    named = [m for m in view.mentions if m.type in ITEMS and m.entity.id != "category:other"]
    if mention.kind == "pointer:item" and any(0 <= m.start - mention.end <= 2 for m in named):
        return 0.0  # a unit of what is named next: five regiments of S-400
    if mention.kind == "pointer:item" and mention.functions.keys() == {"object"} and mention.end == trigger.start:
        return 0.85  # их поставила
    score = (
        0.9
        - 0.3 * (mention.kind == "pointer:item" and bool(named))
        - 2.5 * DISTANCE * _distance(trigger, mention)
        - penalty(view, trigger, mention) * 0.8
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
