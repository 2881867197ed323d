"""Step 4: which frames a sentence evokes. Trigger words propose; an arms context and the trained head confirm."""

from __future__ import annotations

from functools import cache

from rasad.languages import Trigger
from rasad.languages.lexicon import Match
from rasad.ontology import Sense, ontology
from rasad.reading.doers import doer, named_from
from rasad.reading.head import NONE, frame_probabilities
from rasad.reading.qualify import finite, stage
from rasad.reading.roles import Filled, fill
from rasad.reading.view import ITEMS, Mention, View

NESTING = 9  #: words within which "contract" is the frame for "supply" and gives way to it
RECENT = 3  #: sentences after a claim in which what is said may go on about it
TOLD = 30  #: sentences after a claim in which an accusation may belong to it
CONFIRMS = 0.5  #: the head's probability that confirms a frame where the words leave it open
REFUTES = 0.02  #: the head's probability under which a weak trigger is refuted, unless "none" is
UNLIKELY = 0.5  #: less probable than this
ACCUSED = 25  #: words within which what somebody is accused of is named
FIRM = 0.6  #: the affinity from which a role is filled firmly
DOES = 0.8  #: the affinity from which the subject of a deed is its doer
TOGETHER = 8  #: words between "can" and what one can do
_GIVES_WAY = frozenset({"contract", "win"})
_TO = frozenset(
    {"supply", "sell", "buy", "receive", "arrive", "equip", "repair", "modernise", "maintain", "train", "joint"}
)
_MATERIAL = frozenset({"transfer", "service", "joint_project", "competition", "capability", "dependence"})


def propose(view: View, since: int, strong: bool, *, asking: bool = True) -> list[Filled]:
    """The triggers of a sentence that hold, each with its roles filled.

    ``since`` counts the sentences since the last claim, which what is said here may go on about; ``strong`` tells whether
    a word that belongs to the arms trade alone stands near. Where the words do not settle it, the trained head does: it
    confirms a trigger that stands without an arms context of its own, and refutes a weak one. Where it is not asked, all of these hold.
    """
    chosen = _longest(view.triggers)
    filled: dict[tuple[int, int, str], Filled] = {}
    for trigger in chosen:
        sense = ontology().senses[trigger.value.sense]
        frame = sense.frame
        grounded = _grounded(view, frame, trigger.value.weak, since, strong)
        if not grounded and not strong:
            continue
        candidate = fill(view, trigger)
        if trigger.value.sense == "compete" and trigger.value.pos == "adjective" and "market" not in candidate.roles:
            continue
        if (
            _about_goods(view, candidate)
            or _civil(view, candidate)
            or (sense.roles.get("item") == ["subject"] and "item" not in candidate.roles)
        ):
            continue
        unsure = not grounded or (trigger.value.weak and not _sure(view, candidate, strong))
        if asking and satisfied(candidate) and unsure and not _confirmed(view, frame, grounded):
            continue
        if not grounded and not satisfied(candidate):
            continue
        span = (trigger.start, trigger.end, frame if trigger.value.sense in _own_cues() else "")
        if span not in filled or strength(candidate) > strength(filled[span]):
            filled[span] = candidate
    settled = _settle(view, _with_doers(view, list(filled.values())))
    return settled + [twin for f in settled if f.frame == "transfer" for twin in _twins(view, f)]


def _twins(view: View, first: Filled) -> list[Filled]:
    """The further pairs of a list: *bought missiles from India, and howitzers from France* is two purchases."""
    if "item" not in first.roles:
        return []
    found: list[Filled] = []
    for role, (partners, fit) in first.roles.items():
        if role == "item" or fit.function not in _PAIRING:
            continue
        items = first.roles["item"][0]
        straight = items[0].start < partners[0].start
        used = {m.group for m in items + partners}
        last = max(m.end for m in items + partners)
        later = [m for m in view.mentions if m.start >= last and m.group not in used]
        kinds = [m for m in later if m.type in ITEMS and m.entity.id != "category:other"]
        actors = [m for m in later if m.type in ("country", "org", "bloc") and m.functions.keys() & {fit.function}]
        pairs = [(i, a) for i in kinds for a in actors if _beside(view, i, a, straight)]
        for item, actor in pairs[:1]:
            if any(last <= t.start < min(item.start, actor.start) for t in view.triggers if t.value.pos == "verb"):
                break
            group = [m for m in kinds if m.group == item.group]
            partner = [m for m in actors if m.group == actor.group]
            twin = Filled(
                first.trigger,
                first.frame,
                {**first.roles, "item": (group, first.roles["item"][1]), role: (partner, fit)},
            )
            found += [twin, *_twins(view, twin)]
        if found:
            break
    return found


_PAIRING = frozenset({"from", "to", "dative", "at", "with", "for"})


def _beside(view: View, item: Mention, actor: Mention, straight: bool) -> bool:
    left, right = (item, actor) if straight else (actor, item)
    gap = range(left.end, right.start)
    return 0 <= right.start - left.end <= 4 and not any(view.words[i].fold in ",،;؛" for i in gap)


def triggered(view: View) -> bool:
    """Whether words of a sentence may be triggers, before any is taken out."""
    return bool(view.triggers) or any(_cues(view, _senses_of_cues()[name]) for name in _own_cues())


def prune(view: View, *, asking: bool = True) -> None:
    """Takes out of ``view.triggers`` what is none: part of a name, or a noun that looks like a verb; and adds the cues
    that are words of a sense too, those that the head should confirm whether it is asked or not."""
    own = [t for t in view.triggers if not _inside_name(view, t) and not _noun_form(view, t)]
    view.triggers = [_turned(view, t) for t in own]
    view.triggers += [t for name in _own_cues() for t in _cued(view, name, _senses_of_cues()[name], asking)]


def _turned(view: View, trigger: Match) -> Match:
    """A trigger in the sense that a cue beside it gives to it: *produce* with *jointly*."""
    for name, sense in _senses_of_cues().items():
        if trigger.value.sense in sense.turns and any(_together(view, c, trigger) for c in _cues(view, sense)):
            return trigger._replace(value=Trigger(name, trigger.value.pos, False))
    return trigger


def _cued(view: View, name: str, sense: Sense, asking: bool) -> list[Match]:
    """The cues that evoke a sense by what stands beside them: *can* before *repair*, *not* with *without*."""
    without = [m for m in view.cue("marker") if m.value.name == "without"]
    found: list[Match] = []
    for cue in _cues(view, sense):
        if not sense.beside:
            holds = bool(without) and all(cue.start >= m.end or cue.end <= m.start for m in without)
        else:
            holds = any(t.value.sense in sense.beside and _together(view, cue, t) for t in view.triggers)
            denied = sense.set.get("polarity") == "negative" or _negated(view, cue)
            holds = holds or (denied and _of_equipment(view, cue) and (not asking or _likely(view, sense.frame)))
        if holds:
            found.append(Match(cue.start, cue.end, Trigger(name, "verb", False), cue.key))
    return found


def _cues(view: View, sense: Sense) -> list[Match]:
    return [m for table, name in _named(tuple(sense.cues)) for m in view.cue(table, name)]


@cache
def _named(cues: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Table and name of cues that are written ``table.name``."""
    return tuple((table, name) for table, _, name in (cue.partition(".") for cue in cues))


@cache
def _senses_of_cues() -> dict[str, Sense]:
    return {name: sense for name, sense in ontology().senses.items() if sense.cues}


@cache
def _own_cues() -> tuple[str, ...]:
    """The senses whose cues are triggers themselves."""
    return tuple(name for name, sense in _senses_of_cues().items() if not sense.turns)


def _together(view: View, cue: Match, trigger: Match) -> bool:
    first, second = sorted((cue, trigger), key=lambda m: m.start)
    return _governs(view, first, second, TOGETHER)


def _negated(view: View, cue: Match) -> bool:
    return any(n.start <= cue.end and cue.start - n.end <= 2 for n in view.cue("polarity", "negative"))


def _of_equipment(view: View, cue: Match) -> bool:
    """Whether what follows a cue, or stands before it, is equipment, with no deed between that has a word."""
    for item in view.mentions:
        if item.type not in ITEMS and item.kind != "pointer:item":
            continue
        gap = range(cue.end, item.start) if item.start >= cue.end else range(item.end, cue.start)
        if len(gap) <= NESTING and not any(t.start in gap for t in [*view.triggers, *view.cue("boundaries")]):
            return True
    return False


def _likely(view: View, frame: str) -> bool:
    return frame_probabilities([view.text[view.sentence.start : view.sentence.end]])[0].get(frame, 0.0) >= CONFIRMS


def _grounded(view: View, frame: str, weak: bool, since: int, strong: bool) -> bool:
    """Whether a trigger stands in an arms context of its own sentence, or goes on about a claim just made."""
    if _has_item(view) or (strong and (bool(view.cue("arms")) or since <= RECENT)):
        return True
    if frame == "allegation" and (since <= TOLD or strong) and view.cue("offence"):
        return True  # in a report on arms deals a bribe is one of theirs
    if weak:
        return False
    return strong and (frame in ("membership", "alignment") or _points(view))


def _confirmed(view: View, frame: str, grounded: bool) -> bool:
    found = frame_probabilities([view.text[view.sentence.start : view.sentence.end]])[0]
    if grounded:
        return found.get(frame, 0.0) > REFUTES or found[NONE] < UNLIKELY
    return found.get(frame, 0.0) >= CONFIRMS


def _inside_name(view: View, trigger: Match) -> bool:
    """Whether a trigger is part of a name or title (*head of export control*) or is itself the word for a market."""
    inside = [
        m
        for m in view.mentions
        if m.start <= trigger.start and trigger.end <= m.end and m.type in ("org", "person", "bloc")
    ]
    return bool(inside) or any(m.start <= trigger.start and trigger.end <= m.end for m in view.cue("market"))


def _has_item(view: View) -> bool:
    return any(m.type in ITEMS for m in view.mentions)


def _points(view: View) -> bool:
    return any(m.kind in ("pointer:item", "pointer:ban") for m in view.mentions)


def _longest(triggers: list[Match]) -> list[Match]:
    """Every trigger that is not inside a longer one."""
    kept: list[Match] = []
    for match in sorted(triggers, key=lambda m: (-(m.end - m.start), m.start)):
        if not any(_overlaps(k, match) for k in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)


def _overlaps(kept: Match, match: Match) -> bool:
    if (kept.start, kept.end) == (match.start, match.end) or not (kept.start < match.end and match.start < kept.end):
        return False
    inside = kept.start <= match.start and match.end <= kept.end
    senses = ontology().senses
    return inside or senses[kept.value.sense].frame == senses[match.value.sense].frame


def satisfied(filled: Filled) -> bool:
    """Whether the roles make a claim."""
    return any(_has(filled, needed) for needed in ontology().frames[filled.frame].requires)


def _has(filled: Filled, needed: list[str]) -> bool:
    return all(
        role in filled.roles
        and len({m.entity.id if m.entity.id != "pointer:" else id(m) for m in filled.roles[role][0]})
        >= needed.count(role)
        for role in needed
    )


_OF_ARMS = frozenset({"transfer", "service", "restriction"})  #: frames in which a thing of the arms trade tells enough


def _sure(view: View, filled: Filled, strong: bool) -> bool:
    """Whether the words need no head to confirm a weak trigger: a system is named; or, near a word that belongs to the arms
    trade alone, what is delivered, serviced or barred; or every role that makes a deal. The head has refuted none rightly."""
    named = any(m.type == "system" for m in view.mentions)
    return named or (strong and filled.frame in _OF_ARMS and "item" in filled.roles) or _whole(filled)


def _whole(filled: Filled) -> bool:
    """Whether grammar fills every role that makes a deal, firmly."""
    needed = {role for roles in ontology().frames[filled.frame].requires for role in roles}
    return filled.frame == "transfer" and all(r in filled.roles and filled.roles[r][1].score >= FIRM for r in needed)


def strength(filled: Filled) -> float:
    """The sum of the affinities, with the required roles first."""
    fits: float = sum(fit.score for _, fit in filled.roles.values())
    fits += "item" in filled.roles and ontology().senses[filled.trigger.value.sense].roles["item"] == ["subject"]
    return 2.0 * satisfied(filled) + fits - 0.5 * bool(filled.trigger.value.weak)


def _with_doers(view: View, filled: list[Filled]) -> list[Filled]:
    """Lets the doer of a deed be the accused of the charge that tells of it, unless the charge itself names one before:
    *an inquiry into whether the firm broke the rules*, *that the firm broke them was never proven*."""
    deeds = [
        f for f in filled if f.trigger.value.sense == "commit" and "accused" in f.roles and finite(view, f.trigger)
    ]
    found: list[Filled] = []
    for charge in filled:
        if charge.frame == "allegation" and charge.trigger.value.sense in _CHARGES:
            own = charge.roles.get("accused")
            for deed in deeds:
                named = own is not None and own[1].function in ("object", "against") and own[1].score > DOES
                before = charge.trigger.start < deed.trigger.start
                if deed.roles["accused"][1].score >= DOES and not (named and before):
                    doers = {m.entity.id for m in deed.roles["accused"][0]}
                    roles = {r: g for r, g in charge.roles.items() if not doers & {m.entity.id for m in g[0]}}
                    charge = charge._replace(roles={**roles, "accused": deed.roles["accused"]})
        found.append(charge)
    return found


_CHARGES = frozenset({"accuse", "investigate", "charge", "prove", "clear"})


def _settle(view: View, filled: list[Filled]) -> list[Filled]:
    """Drops what another trigger takes up: *signed a contract to supply* is a supply; what somebody calls for, or is
    accused of, is no event of its own."""
    filled.sort(key=lambda f: f.trigger.start)
    filled = _handed_down(view, filled)
    kept: list[Filled] = []
    for candidate in filled:
        sense = candidate.trigger.value.sense
        inner = [f for f in filled if f is not candidate and _governs(view, candidate.trigger, f.trigger)]
        if sense in _GIVES_WAY and any(f.trigger.value.sense in _TO and len(f.roles) >= 2 for f in inner):
            continue
        if _leads_to(view, candidate, inner):
            continue
        if (
            candidate.frame == "position"
            and _wish(view, candidate.trigger)
            and any(f.frame in _MATERIAL for f in inner)
        ):
            continue
        reach = {
            f.trigger.start: _governs(
                view, f.trigger, candidate.trigger, ACCUSED if f.frame == "allegation" else NESTING
            )
            for f in filled
        }
        outer = [
            f for f in filled
            if f is not candidate and satisfied(f) and (reach[f.trigger.start] or _shares(f.trigger, candidate.trigger))
        ]  # fmt: skip
        outer = [f for f in outer if not (f.frame == "position" and _wish(view, f.trigger))]
        named = _nominal(view, candidate.trigger)
        if any(_takes_up(f, candidate) and (named or _shares(f.trigger, candidate.trigger)) for f in outer):
            continue
        if candidate.frame == "service" and named and _unfolds(view, candidate, filled):
            continue
        kept.append(candidate)
    return [f for f in kept if not _idle(view, f, kept)]


def _leads_to(view: View, candidate: Filled, inner: list[Filled]) -> bool:
    """Whether a noun only leads to the deed that is named at once: *a request to buy*."""
    near = [
        f for f in inner if f.trigger.start - candidate.trigger.end <= 1 and named_from(view, f.trigger) is not None
    ]
    deed = candidate.frame == "transfer"
    if deed and candidate.trigger.value.pos == "verb":  # offered Argentina to hand helicopters over to Ukraine
        named = {i for m in view.mentions for i in range(m.start, m.end)}
        near = [
            f for f in inner
            if named_from(view, f.trigger) is not None and doer(view, f.trigger) is not None
            and named.issuperset(range(candidate.trigger.end, f.trigger.start))
        ]  # fmt: skip
    return deed and any(f.frame == candidate.frame and satisfied(f) for f in near)


_SIDES = {
    "transfer": {"supplier": "supplier", "recipient": "recipient"},
    "service": {"supplier": "provider", "recipient": "client"},
}  #: which side of a contract is which side of what is contracted


def _handed_down(view: View, filled: list[Filled]) -> list[Filled]:
    """Gives what a contract is about the parties of the contract, where it names none of its own: *signed a contract with
    France for the supply of six frigates*."""
    handed = list(filled)
    for index, inner in enumerate(handed):
        if inner.trigger.value.sense not in _TO or inner.frame not in _SIDES:
            continue
        outer = [f for f in filled if f.trigger.value.sense in _GIVES_WAY and _governs(view, f.trigger, inner.trigger)]
        if not outer:
            continue
        firm = {role: group for role, group in outer[-1].roles.items() if group[1].score >= FIRM}
        parties = {side: firm[role] for role, side in _SIDES[inner.frame].items() if role in firm}
        own = inner.roles.get("provider", ([], None))[1]
        if len(parties) == 2 and own and own.function == "subject" and "client" not in inner.roles:
            inner = inner._replace(roles={r: g for r, g in inner.roles.items() if r != "provider"})
        states = {m.entity.country or m.entity.id for r, (g, _) in inner.roles.items() if r != "item" for m in g}
        for side, (group, fit) in parties.items():
            if side not in inner.roles and states.isdisjoint(m.entity.country or m.entity.id for m in group):
                inner = inner._replace(roles={**inner.roles, side: (group, fit)})
        handed[index] = inner
    return handed


def _idle(view: View, candidate: Filled, others: list[Filled]) -> bool:
    """Whether a trigger only leads up to what another says: the deed that somebody is accused of, the agreement under
    which something is overhauled, the warning whose words are a claim themselves."""
    sense = candidate.trigger.value.sense
    rest = [f for f in others if f is not candidate]
    if sense == "commit":
        return any(f.frame == "allegation" and f.trigger.value.sense != "commit" and "accused" in f.roles for f in rest)
    if sense == "accuse" and candidate.trigger.value.pos == "noun":
        return any(
            f.trigger.value.sense == "deny" and abs(f.trigger.start - candidate.trigger.start) < NESTING for f in rest
        )
    if sense == "contract":
        material = [f for f in rest if f.frame in ("transfer", "service", "joint_project") and "item" in f.roles]
        if "item" not in candidate.roles:
            return bool(material) and stage(view, [candidate.trigger], "transfer")[0] not in _ENDS
        return any(f.frame != "transfer" and _same_item(f, candidate) for f in material)
    if sense == "belong" and candidate.trigger.value.pos == "noun":
        return any(f.frame == "membership" and 0 <= candidate.trigger.start - f.trigger.end <= NESTING for f in rest)
    if candidate.frame == "transfer" and _nominal(view, candidate.trigger):
        near = [f for f in rest if 0 < f.trigger.start - candidate.trigger.end <= NESTING and satisfied(f)]
        if any(f.trigger.value.sense == "commit" for f in near):
            return True  # by buying these missiles it violates the embargo
        if "item" not in candidate.roles and any(f.frame == "restriction" for f in near):
            return True  # arms imports have been banned
    if candidate.frame == "service" and _nominal(view, candidate.trigger):
        depends = [f for f in rest if f.frame == "dependence" and satisfied(f)]
        if any(0 < f.trigger.start - candidate.trigger.end <= NESTING for f in depends):
            return True  # in the upkeep of its aircraft it depends on …
    doing = [f for f in rest if sense in ontology().senses[f.trigger.value.sense].beside and satisfied(f)]
    if any(_together(view, f.trigger, candidate.trigger) for f in doing):
        return True  # what one can or cannot do
    if candidate.frame == "capability":
        return any(f.frame == "joint_project" and _same_item(f, candidate) for f in rest)
    if sense == "warn" and _says(view, candidate.trigger):
        own = [s for s in view.cue("speech") if s.start <= candidate.trigger.start < s.end]
        before = [f for f in rest if satisfied(f) and f.trigger.start < candidate.trigger.start]
        after = [f for f in rest if satisfied(f) and f.trigger.start > candidate.trigger.start]
        trailing = (
            bool(own)
            and candidate.trigger.start > 0
            and any(
                view.words[i].fold in ",،" for i in range(max(0, candidate.trigger.start - 4), candidate.trigger.start)
            )
        )
        return bool(after) or (trailing and bool(before) and not view.cue("coordinators"))
    return False


_ENDS = frozenset({"suspended", "cancelled", "refused"})  #: stages that are an event of their own beside the order


def _says(view: View, trigger: Match) -> bool:
    return any(c.start <= trigger.start < c.end and c.value.name in ("verbs", "believe") for c in view.cue("speech"))


def _unfolds(view: View, candidate: Filled, others: list[Filled]) -> bool:
    """Whether a service is what somebody is able or unable to do: *has no plants that could overhaul them*."""
    able = [f for f in others if f.frame == "capability" and 0 <= candidate.trigger.start - f.trigger.end <= NESTING]
    relatives = {m.start for m in view.cue("relatives")}
    return any(
        relatives & set(range(f.trigger.start, candidate.trigger.start)) or f.trigger.end >= candidate.trigger.start - 2
        for f in able
    )


def _wish(view: View, trigger: Match) -> bool:
    """Whether the word for a position only tells the stage of a deal: *wanted to buy*, *refused to supply*."""
    return any(c.start < trigger.end and trigger.start < c.end and c.value.name in _DEALS for c in view.cue("stage"))


_DEALS = frozenset({"propose", "approve", "agree", "refuse", "suspend", "cancel"})


def _governs(view: View, outer: Match, inner: Match, reach: int = NESTING) -> bool:
    """Whether one trigger stands before another in the same clause, near enough to govern it."""
    gap = range(outer.end, inner.start)
    return (
        0 <= inner.start - outer.end <= reach
        and not any(b.start in gap for b in view.cue("boundaries"))
        and not any(view.words[i].fold in ";؛" for i in gap)
    )


def _takes_up(outer: Filled, inner: Filled) -> bool:
    if outer.frame == "position":
        named = inner.frame == "restriction" and "target" in inner.roles  # a call to end it tells that it is in force
        return inner.frame in _MATERIAL | {"restriction", "position", "allegation"} and not named
    if outer.frame in ("capability", "dependence"):
        return inner.frame == "service" or (inner.frame == "capability" and outer.frame == "dependence")
    if outer.frame == "restriction":
        return inner.frame == "transfer" and "item" not in inner.roles and "target" in outer.roles
    accuses = outer.frame == "allegation" and outer.trigger.value.sense != "deny"
    return accuses and inner.frame in ("transfer", "restriction", "service")


def _shares(outer: Match, inner: Match) -> bool:
    """Whether two triggers have a word in common: *відновлює* of *власними силами відновлює* and *відновлює танки*."""
    return not set(inner.met).isdisjoint(outer.met)


def _nominal(view: View, trigger: Match) -> bool:
    """Whether a trigger is a noun, an infinitive or a gerund: something named, not told."""
    if trigger.value.pos in ("noun", "adjective"):
        return True
    tags = view.verb(trigger).tags
    if view.language.order == "VSO":
        return not trigger.key.startswith(("v:", "p:"))
    if view.language.latin:
        infinitive = trigger.start > 0 and view.words[trigger.start - 1].fold == "to"
        return infinitive or "gerund" in tags
    return "infinitive" in tags


def _same_item(first: Filled, second: Filled) -> bool:
    ids = [{m.entity.id for m in f.roles["item"][0]} if "item" in f.roles else set() for f in (first, second)]
    return bool(ids[0] & ids[1])


def _noun_form(view: View, trigger: Match) -> bool:
    """Whether a form that may be a verb or a noun is the other one here: *for the ships*, *will order*, or part of a
    capitalised name, or a verb with a particle that makes it another."""
    if trigger.end - trigger.start > 1 or not view.language.before_nouns:
        return False
    word = view.words[trigger.start]
    previous = view.words[trigger.start - 1].fold if trigger.start else ""
    owned = trigger.start > 0 and "possessive" in view.words[trigger.start - 1].tags
    if trigger.value.pos == "noun":
        return previous in view.language.before_verbs and not word.tags & {"plur"}
    if trigger.value.pos != "verb":
        return False
    if trigger.end < len(view.words) and view.words[trigger.end].fold in view.language.particles:
        return True  # to give up is not to give
    if word.glued and any(m.end == trigger.start and m.kind == "adjective" for m in view.mentions):
        return True  # Russian-built
    if word.capital and trigger.start and view.words[trigger.start - 1].kind == "w" and not word.upper:
        return True
    if word.tags & {"past", "gerund"} or not trigger.start:
        return False
    owned = owned or any(m.end == trigger.start and m.kind == "adjective" for m in view.mentions)  # the Polish order
    return owned or previous in view.language.before_nouns


def _civil(view: View, candidate: Filled) -> bool:
    """Whether the machines of a deal are those of an airline, of farmers, of a hospital: a word of theirs stands in the
    sentence, no designation, and nothing about arms beside the machines themselves."""
    if candidate.frame not in _MATERIAL or "item" not in candidate.roles or not view.cue("civil"):
        return False
    items = candidate.roles["item"][0]
    own = {i for m in view.mentions if m.type in ITEMS for i in range(m.start, m.end)}
    armed = any(own.isdisjoint(range(a.start, a.end)) for a in view.cue("arms"))
    forces = any(m.entity.kind in _FORCES for m in view.mentions)
    return not armed and not forces and all(m.type != "system" and m.entity.category in _PEACEFUL for m in items)


_FORCES = frozenset({"service", "ministry", "armed-group"})
_PEACEFUL = frozenset({"aircraft", "ships", "engines", "satellites", "sensors", "missiles", "other"})


def _about_goods(view: View, candidate: Filled) -> bool:
    """Whether what passes is no arms: *deliveries of wheat*, and no item of equipment is named."""
    if "item" in candidate.roles:
        return False
    trigger = candidate.trigger
    return any(0 <= g.start - trigger.end <= NESTING or 0 <= trigger.start - g.end <= 3 for g in view.cue("goods"))
