"""Step 4: which frames a sentence evokes. Trigger words propose; an arms context and the trained head confirm."""

from __future__ import annotations

from rasad.languages.lexicon import Match
from rasad.ontology import ontology
from rasad.reading.roles import Filled, fill
from rasad.reading.view import ITEMS, View

NESTING = 9  #: words within which "contract" is the frame for "supply" and gives way to it
_GIVES_WAY = frozenset({"contract", "win"})
_TO = frozenset({"supply", "sell", "buy", "receive", "equip", "repair", "modernise", "maintain", "train", "joint"})
_MATERIAL = frozenset({"transfer", "service", "joint_project", "competition", "capability", "dependence"})


def propose(view: View, recent: bool) -> list[Filled]:
    """The triggers of a sentence that hold, each with its roles filled.

    ``recent`` tells whether a claim about equipment was made just before, which what is said here may go on about.
    """
    chosen = [t for t in _longest(view.triggers) if not _inside_name(view, t)]
    about = _has_item(view) or bool(view.cue("arms"))
    filled: dict[tuple[int, int], Filled] = {}
    for trigger in chosen:
        frame = ontology().senses[trigger.value.sense].frame
        if trigger.value.weak and not about:
            continue
        if frame in _MATERIAL and not about and not (recent and not trigger.value.weak) and not _points(view):
            continue
        candidate = fill(view, trigger)
        if trigger.value.weak and trigger.value.sense == "compete" and candidate.roles.keys().isdisjoint(("rival", "market")):
            continue
        span = (trigger.start, trigger.end)
        if span not in filled or strength(candidate) > strength(filled[span]):
            filled[span] = candidate
    return _settle(view, list(filled.values()))


def _inside_name(view: View, trigger: Match) -> bool:
    """Whether a trigger is part of a name (*Polish Armaments Group*) or is itself the word for a market."""
    inside = [m for m in view.mentions if m.start <= trigger.start and trigger.end <= m.end and m.type in ("org", "person", "bloc")]
    return bool(inside) or any(m.start == trigger.start and m.end >= trigger.end for m in view.cue("market"))


def _has_item(view: View) -> bool:
    return any(m.type in ITEMS for m in view.mentions)


def _points(view: View) -> bool:
    return any(m.kind in ("pointer:item", "pointer:ban") for m in view.mentions) or bool(view.cue("arms"))


def _longest(triggers: list[Match]) -> list[Match]:
    """Every trigger that is not inside a longer one."""
    kept: list[Match] = []
    for match in sorted(triggers, key=lambda m: (-(m.end - m.start), m.start)):
        if not any(k.start <= match.start and match.end <= k.end and (k.start, k.end) != (match.start, match.end) for k in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)


def satisfied(filled: Filled) -> bool:
    """Whether the roles make a claim."""
    return any(_has(filled, needed) for needed in ontology().frames[filled.frame].requires)


def _has(filled: Filled, needed: list[str]) -> bool:
    return all(
        role in filled.roles and len({m.entity.id if m.entity.id != "pointer:" else id(m) for m in filled.roles[role][0]}) >= needed.count(role)
        for role in needed
    )


def strength(filled: Filled) -> float:
    """The sum of the affinities, with the required roles first."""
    return 2.0 * satisfied(filled) + sum(fit.score for _, fit in filled.roles.values()) - 0.5 * filled.trigger.value.weak


def _settle(view: View, filled: list[Filled]) -> list[Filled]:
    """Lets the frame for another trigger give way to it: *signed a contract to supply*."""
    filled.sort(key=lambda f: f.trigger.start)
    kept: list[Filled] = []
    for candidate in filled:
        trigger = candidate.trigger
        inner = [
            f for f in filled
            if f is not candidate and f.trigger.value.sense in _TO and 0 <= f.trigger.start - trigger.end <= NESTING
            and not any(trigger.end <= b.start < f.trigger.start for b in view.cue("boundaries"))
        ]  # fmt: skip
        if trigger.value.sense in _GIVES_WAY and any(len(f.roles) >= 2 for f in inner):
            continue
        kept.append(candidate)
    return kept
