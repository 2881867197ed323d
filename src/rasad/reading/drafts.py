"""From filled frames to drafts of claims: pointers settled, gaps filled from what was said before, one draft a claim."""

from __future__ import annotations

from copy import copy
from typing import Any

from rasad.gazetteer import exporters
from rasad.languages.lexicon import Match
from rasad.ontology import ontology
from rasad.reading import qualify
from rasad.reading.affinity import Affinity
from rasad.reading.attribute import Speech
from rasad.reading.discourse import state_of
from rasad.reading.roles import Filled
from rasad.reading.view import Mention, View

INHERITS = 4  #: sentences over which a gap is filled from an earlier claim of the same kind


class Slot:
    """A filler of a draft: whom it names, the mention that says so, whether it is implicit, and how well it fits."""

    __slots__ = ("fit", "implicit", "mention", "pointer")

    def __init__(self, mention: Mention, fit: Affinity, implicit: bool = False, pointer: Mention | None = None) -> None:
        self.mention = mention
        self.fit = fit
        self.implicit = implicit
        self.pointer = pointer

    @property
    def id(self) -> str:
        """The id of the entity."""
        return self.mention.entity.id


class Draft:
    """A claim in the making."""

    __slots__ = (
        "activities", "attributes", "cues", "frame", "index", "roles", "speeches", "spoken", "triggers", "view",
    )  # fmt: skip

    def __init__(self, view: View, index: int, filled: Filled) -> None:
        self.view = view
        self.index = index
        self.frame = filled.frame
        self.triggers: list[Match] = [filled.trigger]
        self.roles: dict[str, list[Slot]] = {}
        self.attributes: dict[str, Any] = dict(ontology().senses[filled.trigger.value.sense].set)
        activity = self.attributes.pop("activity", None)
        self.activities: list[str] = [str(activity)] if activity else []
        if filled.frame == "service":
            self.activities = _activities(view, filled.trigger, 0) or self.activities
        elif filled.frame == "capability":
            self.activities = _activities(view, filled.trigger, ACTIVITY) or self.activities
        self.speeches: list[Speech] = []
        self.spoken: list[Mention] = []
        self.cues: dict[str, Match] = {}

    def ids(self, role: str) -> set[str]:
        """The ids that fill a role."""
        return {s.id for s in self.roles.get(role, ())}

    def complete(self) -> bool:
        """Whether the roles make a claim."""
        return any(
            all(len(self.ids(role)) >= needed.count(role) for role in needed)
            for needed in ontology().frames[self.frame].requires
        )


STATES = frozenset({"supplier", "recipient", "provider", "client"})  #: roles in which an official stands for the state


def draft(view: View, index: int, filled: Filled) -> Draft:
    """A draft with its pointers settled; a pointer without an antecedent fills nothing."""
    made = Draft(view, index, filled)
    taken: set[str] = set()
    for role, (mentions, fit) in sorted(
        filled.roles.items(), key=lambda r: any(m.kind.startswith("pointer") for m in r[1][0])
    ):
        slots: list[Slot] = []
        for mention in mentions:
            if not mention.kind.startswith("pointer:"):
                actor = state_of(mention) if mention.type == "person" and role in STATES else mention
                slots += [Slot(actor, fit)] if actor is not None else []
                continue
            named = [state_of(m) if m.type == "person" and role in STATES else m for m in mention.antecedents]
            slots.extend(
                Slot(found, Affinity(fit.score * 0.8, fit.function), True, mention)
                for found in named
                if found is not None
                and found.entity.id not in taken
                and found.type in ontology().frames[filled.frame].roles[role].kinds
            )
        unique = {s.id: s for s in reversed(slots)}
        slots = [s for s in slots if unique.get(s.id) is s]
        if slots:
            made.roles[role] = slots
            if role not in ("item",):
                taken.update(s.id for s in slots)
    return made


ACTIVITY = 8  #: words around "able" in which what one is able to do is named


def _activities(view: View, trigger: Match, reach: int) -> list[str]:
    """The activities of every service that the words of a trigger name: *modernisation and repair*."""
    senses = ontology().senses
    inside = [t for t in view.triggers if trigger.start - reach <= t.start and t.end <= trigger.end + reach]
    named = [senses[t.value.sense].set.get("activity") for t in inside]
    services = dict.fromkeys(a for a in named if a and (a != "production" or reach))
    return list(services)


def inherit(made: Draft, earlier: list[Draft]) -> None:
    """Fills gaps from the latest earlier draft about the same matter: one that shares a filler and contradicts none."""
    frame = ontology().frames[made.frame]
    for old in reversed(earlier):
        if made.index - old.index > INHERITS or made.attributes.get("polarity") == "negative":
            return
        if made.frame == old.frame == "capability" and "item" not in made.roles and made.index - old.index <= 2:
            made.roles["item"] = [Slot(s.mention, Affinity(0.4, "context"), True) for s in old.roles["item"]]
            return
        if old.frame != made.frame and {old.frame, made.frame} - _DEEDS:
            continue
        shared = [r for r in made.roles if r in old.roles and _same_side(made, old, r)]
        clash = [r for r in made.roles if r in old.roles and r not in shared and r != "item"]
        pointed = any(m.kind in ("pointer:item", "pointer:ban") for m in made.view.mentions)
        pointed = pointed or (made.triggers[0].value.sense == "contract" and old.frame == "transfer")  # the deal
        pointed = pointed or _named_by_kind(made, old)
        if clash or _other_item(made, old) or not (shared or (pointed and not made.complete())):
            continue
        used = {s.id for slots in made.roles.values() for s in slots}
        filled = False
        for role in frame.roles:
            if role in made.roles or role not in old.roles or frame.roles[role].set or role == "accuser":
                continue
            slots = [s for s in old.roles[role] if s.id not in used]
            if slots:
                made.roles[role] = [Slot(s.mention, Affinity(0.4, "context"), True) for s in slots]
                filled = True
        if filled or made.complete():
            return


def _same_side(made: Draft, old: Draft, role: str) -> bool:
    """Whether a role has the same filler in both, or one of the same state: the navy of the country that ordered."""
    if made.ids(role) & old.ids(role):
        return True
    states = [{s.mention.entity.country for s in d.roles[role]} - {None} for d in (made, old)]
    return role != "item" and bool(states[0] & states[1])


def _other_item(made: Draft, old: Draft) -> bool:
    """Whether the two are about different equipment, and so about different deals."""
    first, second = made.roles.get("item", []), old.roles.get("item", [])
    kinds = [{s.mention.entity.category for s in slots} for slots in (first, second)]
    return bool(first and second) and not kinds[0] & kinds[1]


def _named_by_kind(made: Draft, old: Draft) -> bool:
    """Whether all that a sentence names is the kind of the equipment whose designation was told just before: *the tanks*."""
    if made.roles.keys() != {"item"} or made.index - old.index > NEXT or "item" not in old.roles:
        return False
    first, second = made.roles["item"], old.roles["item"]
    kinds = {s.mention.entity.category for s in second if s.mention.type == "system"}
    return all(s.mention.type == "class" and s.mention.entity.category in kinds for s in first)


NEXT = 2  #: sentences within which the kind alone names equipment of a designation
_DEEDS = frozenset({"transfer", "service", "joint_project"})  #: frames that go on from one another, and can be denied


def orient(made: Draft, earlier: list[Draft]) -> None:
    """Turns a contract round where an earlier claim, or where the equipment comes from, tells who of the two supplies:
    the word itself does not. *France and Indonesia agreed on Rafales*: France supplies."""
    for sense, one, other in (("approach", "actor", "toward"), ("compete", "competitor", "rival")):
        pair = made.roles.get(one, [])
        if made.triggers[0].value.sense == sense and len(pair) == 2 and other not in made.roles:
            made.roles[one], made.roles[other] = pair[:1], pair[1:]  # Turkey and Ukraine draw closer
    if made.frame == "service":
        _orient_service(made)
    if made.frame != "transfer":
        return
    origins = {s.mention.entity.country for s in made.roles.get("item", ())} - {None}
    for role, other in (("recipient", "supplier"), ("supplier", "recipient")):
        slots = made.roles.get(role, [])
        home = [s for s in slots if s.mention.entity.country in origins]
        if len(slots) == 2 and not home and other not in made.roles:
            between = slots[0].fit.function == "between"
            if between or (made.triggers[0].value.pos == "noun" and "item" in made.roles):
                both = (slots, slots[::-1])
                home = [
                    s for s, o in both if any(s.id in d.ids("supplier") and o.id in d.ids("recipient") for d in earlier)
                ]
                home = home or [s for s, o in both if _exports_more([s], [o])]
            if between and not home:
                home = slots[1:]  # a purchase, a contract between the buyer and the seller
        either = role == "recipient" or made.triggers[0].value.pos == "noun"
        if len(slots) == 2 and len(home) == 1 and other not in made.roles and either:
            made.roles["supplier"] = home
            made.roles["recipient"] = [s for s in slots if s is not home[0]]
            return
    supplier, recipient = made.roles.get("supplier", []), made.roles.get("recipient", [])
    if _turned_round(made, supplier, recipient, origins):
        _turn(made)
        return
    owned = bool(supplier) and not recipient and bool(origins) and supplier[0].fit.function in _OWNS
    if owned and not origins & {s.mention.entity.country for s in supplier}:
        # the arrival of Polish K2s: Poland has them, Korea made them
        made.roles["recipient"] = made.roles.pop("supplier")
        return
    if not _either_way(made):
        return
    suppliers, recipients = made.ids("supplier"), made.ids("recipient")
    for old in reversed(earlier):
        if old.frame != "transfer":
            continue
        straight = bool(suppliers & old.ids("supplier")) + bool(recipients & old.ids("recipient"))
        turned = bool(suppliers & old.ids("recipient")) + bool(recipients & old.ids("supplier"))
        if turned > straight:
            _turn(made)
        if turned or straight:
            return
    if _exports_more(recipient, supplier):
        _turn(made)


def _orient_service(made: Draft) -> None:
    """Turns a contract on a service round where the one who would do it is a state and the other a company, or the maker."""
    provider, client = made.roles.get("provider", []), made.roles.get("client", [])
    if not provider or not client or provider[0].fit.function not in ("subject", "with"):
        return
    origins = {s.mention.entity.country for s in made.roles.get("item", ())} - {None}
    makers, owners = ({s.mention.entity.country for s in slots} for slots in (provider, client))
    firm, state = client[0].mention.entity.kind == "company", provider[0].mention.type == "country"
    trigger = made.triggers[0].value
    either = trigger.pos == "noun" or trigger.sense == "entrust"
    if either and ((firm and state) or (owners & origins and not makers & origins)):
        made.roles["provider"], made.roles["client"] = client, provider


def _turn(made: Draft) -> None:
    roles = {"supplier": made.roles.pop("recipient", []), "recipient": made.roles.pop("supplier", [])}
    made.roles.update({role: slots for role, slots in roles.items() if slots})


def _either_way(made: Draft) -> bool:
    """Whether grammar leaves open who of two supplies: a contract, or its noun: *signed with X an agreement on supplies*."""
    trigger = made.triggers[0].value
    supplier, recipient = made.roles.get("supplier", []), made.roles.get("recipient", [])
    if trigger.sense in _EITHER_WAY or not supplier or not recipient:
        return trigger.sense in _EITHER_WAY
    guessed = supplier[0].fit.function == "subject" and recipient[0].fit.function in _COUNTERPART
    return trigger.pos == "noun" and guessed


def _exports_more(one: list[Slot], other: list[Slot]) -> bool:
    """Whether of two states the first is by far the greater exporter of arms."""
    ranks = exporters()
    found: list[int] = []
    for slots in (one, other):
        if not slots or slots[0].mention.entity.country is None or slots[0].mention.entity.kind == "company":
            return False
        found.append(1 + ranks.get(slots[0].mention.entity.country, len(ranks)))
    return 1.5 * found[0] < found[1]


def _turned_round(made: Draft, supplier: list[Slot], recipient: list[Slot], origins: set[str | None]) -> bool:
    """Whether the buyer would get its own country's equipment from abroad, where grammar leaves open who of the two supplies;
    or a company would buy from a state."""
    makers, buyers = ({s.mention.entity.country for s in slots} for slots in (supplier, recipient))
    trigger = made.triggers[0].value
    if makers & origins:
        return False
    if _either_way(made):
        firms = all(s.mention.entity.kind == "company" for s in recipient)
        states = all(s.mention.type == "country" for s in supplier)
        return bool(buyers & origins) or bool(supplier and recipient and firms and states)
    if not buyers & origins:
        return False
    if supplier:
        return supplier[0].fit.function in _COUNTERPART
    return trigger.pos == "noun" and recipient[0].fit.function == "subject" and recipient[0].fit.score < GUESSED


GUESSED = 0.7  #: the affinity under which a noun's subject is a guess
_EITHER_WAY = frozenset({"contract"})
_OWNS = frozenset({"of", "origin"})  #: functions of whose a thing is, who may have made it or be to have it
_COUNTERPART = frozenset({"with", "between"})  #: functions of the other side of a deal, whichever it is


def answer_accusation(made: Draft, earlier: list[Draft]) -> None:
    """Lets a denial answer the accusation before it: the accused is whom that accused, whoever denies it for them."""
    if made.triggers[0].value.sense not in ("deny", "clear"):
        return
    before = [
        d
        for d in earlier
        if d.frame == "allegation" and made.index - d.index <= INHERITS and d.attributes.get("polarity") != "negative"
    ]
    if not before:
        return
    own = made.roles.get("accused", [])
    states = {s.mention.entity.country for s in own} - {None}
    answered = before[-1]
    for old in before:
        if made.ids("accused") & old.ids("accused") or states & {
            s.mention.entity.country for s in old.roles["accused"]
        }:
            answered = old
    accused = answered.roles["accused"]
    made.attributes["offence"] = answered.attributes.get("offence")
    itself = any(s.mention.type in ("country", "org") for s in own)
    if states and len(accused) > 1:
        accused = [s for s in accused if s.mention.entity.country in states] or accused
    elif itself and answered is before[-1] and not states & {s.mention.entity.country for s in accused}:
        accused = own  # a state or company that denies for itself what none has been accused of here
    if made.ids("accused") != {s.id for s in accused}:
        made.roles["accused"] = [Slot(s.mention, Affinity(0.6, "context"), True) for s in accused]
    if made.attributes.get("polarity") == "negative":
        made.roles = {"accused": made.roles["accused"]}


def again(made: Draft) -> Draft:
    """A draft that says the same of the same, for a second claim of its sentence."""
    twin = copy(made)
    twin.attributes = dict(made.attributes)
    return twin


def deny(made: list[Draft], earlier: list[Draft]) -> list[Draft]:
    """What becomes of a denial: where it answers an accusation, what it denies is that; where it stands alone, as in *Iran
    denied supplying missiles to Russia*, what is denied is the supply."""
    denials = [d for d in made if d.triggers[0].value.sense == "deny"]
    if not denials:
        return made
    accused = any(d.frame == "allegation" and d.triggers[0].value.sense != "deny" for d in made)
    accused = accused or any(d.frame == "allegation" and denials[0].index - d.index <= 2 * INHERITS for d in earlier)
    denied = [d for d in made for denial in denials if d.frame in _DEEDS and _denies(denial, d.triggers[0])]
    if accused:
        return [d for d in made if d not in denied]
    for draft in denied:
        draft.attributes["polarity"] = "negative"
    return [d for d in made if d not in denials] if denied else made


def _denies(denial: Draft, deed: Match) -> bool:
    """Whether a denial is of this deed: *denied supplying*, or, where the object goes first, *поставки отрицает*."""
    cue = denial.triggers[0]
    if deed.start >= cue.end:
        return deed.start - cue.end <= 12
    gap = range(deed.end, cue.start)
    closed = any(m.start in gap for m in denial.view.cue("boundaries")) or any(
        denial.view.words[i].kind == "p" and denial.view.words[i].fold not in '«»"“”' for i in gap
    )
    return deed.value.pos == "noun" and deed.end <= cue.start and len(gap) <= 6 and not closed


def says_nothing(made: Draft) -> bool:
    """Whether a draft only names what an earlier claim told (*the purchase*, *this contract*), with no stage, number, price
    or year of its own; or a service that nobody does (*a tank that cannot be repaired*, *a training flight*)."""
    if made.frame == "service":
        nobody = made.roles.keys() == {"item"}
        return nobody and (made.attributes["polarity"] == "negative" or made.activities == ["training"])
    if made.frame != "transfer" or any(t.value.pos != "noun" for t in made.triggers):
        return False
    explicit = [s for slots in made.roles.values() for s in slots if not s.implicit]
    cue = made.cues.get("stage")
    told = cue is not None and not any(cue.start < t.end and t.start < cue.end for t in made.triggers)
    named = any(made.attributes.get(name) for name in ("value", "year")) or any(
        q is not None for q in made.attributes.get("quantities", {}).values()
    )
    items = made.roles.get("item", [])
    return len(explicit) < 2 and all(s.implicit for s in items) and not told and not named


def part_sides(made: Draft) -> None:
    """Takes out who stands on both sides: nobody accuses himself, and a navy is not supplied by its own state."""
    if made.ids("accuser") & made.ids("accused"):
        del made.roles["accuser"]
    supplier, recipient = made.roles.get("supplier", []), made.roles.get("recipient", [])
    states = [{s.mention.entity.country for s in slots} - {None} for slots in (supplier, recipient)]
    home = (
        all(s.mention.entity.kind == "company" for s in supplier)
        and recipient != []
        and all(s.mention.entity.kind != "company" for s in recipient)
    )
    if states[0] & states[1] and len(supplier) == len(recipient) == 1 and not home:
        weaker = min(
            ("supplier", supplier[0]), ("recipient", recipient[0]), key=lambda s: (not s[1].implicit, s[1].fit.score)
        )
        del made.roles[weaker[0]]


def stands(made: Draft, earlier: list[Draft]) -> bool:
    """Whether a draft says enough: an allegation needs an offence, or an allegation that it answers."""
    if made.frame == "restriction" and made.roles.keys() == {"issuer"}:
        return bool(made.view.cue("stage", "lift") or made.view.cue("stage", "threaten"))  # whom it is about is known
    if made.frame != "allegation":
        return True
    if made.triggers[0].value.sense == "deny" and made.triggers[0].end - made.triggers[0].start > 1:
        return True
    told = any(ontology().senses[t.value.sense].frame == "transfer" for t in made.view.triggers)
    answered = any(d.frame == "allegation" and made.index - d.index <= 2 * INHERITS for d in earlier)
    return answered or told or bool(made.view.cue("offence"))


def merge(drafts: list[Draft]) -> list[Draft]:
    """Drafts of one sentence that say the same are one: *signed a contract … for the delivery of …*.

    A move away from one and toward another are one alignment, joined from the end: *rapprochement with X may mean a step
    away from Y and toward Z* says that Y gives way to Z.
    """
    kept: list[Draft] = []
    moves = [d for d in drafts if d.frame == "alignment"]
    drafts = [d for d in drafts if d.frame != "alignment"] + moves[::-1]
    for new in drafts:
        for old in kept:
            if old.triggers[0] is new.triggers[0] and old.frame == "transfer":
                continue  # two pairs of one list
            if old.frame == new.frame and old.view is new.view and _mergeable(old, new):
                _absorb(old, new)
                break
        else:
            kept.append(new)
    whole = {id(d) for d in kept if d.frame == "alignment" and d.complete()}
    return [d for d in kept if d.frame != "alignment" or not whole or id(d) in whole]


def _mergeable(old: Draft, new: Draft) -> bool:
    if old.frame == new.frame == "capability":
        return _same_capability(old, new)
    for name, usual in (("polarity", "positive"), ("stance", None), ("standing", None)):
        if old.attributes.get(name, usual) != new.attributes.get(name, usual):
            return False
    findings = {d.attributes.get("finding", "alleged") for d in (old, new)} - {"alleged"}
    if len(findings) > 1:
        return False
    frame = ontology().frames[old.frame]
    for role in old.roles.keys() & new.roles.keys():
        a, b = old.ids(role), new.ids(role)
        if frame.roles[role].set or (role == "item" and old.frame == "dependence"):
            continue
        if role == "item":
            if a != b and not a & b and not _same_kind(old, new):
                return False
        elif not a & b and not (role == "supplier" and _guessed(old) != _guessed(new)):
            return False
    crossed = [r for r in old.roles for q in new.roles if r != q and old.ids(r) & new.ids(q) and r != "item"]
    if crossed:
        return False
    return not _two_events(old, new)


def _same_capability(old: Draft, new: Draft) -> bool:
    """*Has no plants that could overhaul them*: the second word only unfolds the first."""
    holders = not old.ids("holder") or not new.ids("holder") or old.ids("holder") == new.ids("holder")
    items = not old.ids("item") or not new.ids("item") or bool(old.ids("item") & new.ids("item"))
    return holders and items and new.triggers[0].start - old.triggers[-1].end <= 10


def _guessed(made: Draft) -> bool:
    """Whether the supplier is only the subject of what is done to a sale: *Berlin blocked the sale*."""
    return made.triggers[0].value.pos == "noun" and any(
        s.fit.function == "subject" for s in made.roles.get("supplier", ())
    )


def _same_kind(old: Draft, new: Draft) -> bool:
    first = {s.mention.entity.category for s in old.roles["item"]}
    second = {s.mention.entity.category for s in new.roles["item"]}
    types = {s.mention.type for d in (old, new) for s in d.roles["item"]}
    return bool(first & second) and types != {"system"}


def _two_events(old: Draft, new: Draft) -> bool:
    """Whether two words with different stages tell of two events: *banned in 1987 and lifted the ban in 2022*."""
    if old.frame not in qualify.stages():
        return False
    view, (first, second) = old.view, sorted((old.triggers[0], new.triggers[0]))
    apart = any(second.start > b.start >= first.end for b in [*view.cue("coordinators"), *view.cue("boundaries")])
    apart = apart or _begins_with_and(view, first, second)
    apart = apart or any(view.words[i].fold in ";؛" for i in range(first.end, second.start))
    if not apart:
        return False
    if qualify.finite(view, first) and qualify.finite(view, second):
        return True
    return qualify.stage(view, [first], old.frame)[0] != qualify.stage(view, [second], old.frame)[0] and (
        qualify.finite(view, second) or _operated(view, second)
    )


def _begins_with_and(view: View, first: Match, second: Match) -> bool:
    """Whether a verb between the two, or the second itself, is joined by an "and" that is written into it."""
    verbs = [t for t in [*view.triggers, *view.cue("stage")] if first.end <= t.start <= second.start]
    return any("conj" in view.words[t.start].tags and t.key[:2] in ("v:", "p:") for t in verbs)


def _operated(view: View, trigger: Match) -> bool:
    """Whether a word for a stage stands at a trigger: *scrapped the deal*, *от сделки отказалась*."""
    return any(max(c.start - trigger.end, trigger.start - c.end) <= 2 for c in view.cue("stage"))


def _absorb(old: Draft, new: Draft) -> None:
    for role, slots in new.roles.items():
        if role not in old.roles or (role == "supplier" and _guessed(old) and not _guessed(new)):
            old.roles[role] = slots
        elif ontology().frames[old.frame].roles[role].set:
            have = old.ids(role)
            old.roles[role] = old.roles[role] + [s for s in slots if s.id not in have]
        elif (
            role == "item"
            and any(s.mention.type == "system" for s in slots)
            and all(s.mention.type != "system" for s in old.roles[role])
        ):
            old.roles[role] = slots
    old.triggers = old.triggers + new.triggers
    old.activities = list(dict.fromkeys(old.activities + new.activities))
    for name, found in new.attributes.items():
        old.attributes.setdefault(name, found)
