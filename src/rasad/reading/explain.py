"""Why a claim was made: the words behind its trigger, its roles, its speaker and its certainty."""

from __future__ import annotations

from rasad.claims import Cited, Claim, Explanation
from rasad.languages.lexicon import Match
from rasad.reading.drafts import Draft, Slot
from rasad.reading.ground import features
from rasad.reading.view import Mention, View


def explain(claim: Claim, draft: Draft, others: int) -> Explanation:
    """The explanation of a claim, from the draft that it was made of."""
    view = draft.view
    return Explanation(
        claim=claim.id,
        triggers=[_words(view, t, f"{t.value.sense} ({t.value.pos})") for t in draft.triggers],
        roles={role: [_role(slot) for slot in slots] for role, slots in draft.roles.items()},
        speakers=[_mention(m, (m.antecedents[0] if m.antecedents else m).entity.id) for m in draft.spoken],
        cues={name: _words(view, cue, f"{name} = {getattr(claim, name)}") for name, cue in draft.cues.items()},
        features={name: round(value, 3) for name, value in features(draft, others).items()},
    )


def _words(view: View, match: Match, told: str) -> Cited:
    first, last = view.words[match.start], view.words[match.end - 1]
    return Cited(view.text[first.start : last.end], first.start, last.end, told)


def _mention(mention: Mention, told: str) -> Cited:
    return Cited(mention.text, mention.at, mention.until, told)


def _role(slot: Slot) -> Cited:
    told = f"{slot.fit.function}, {slot.fit.score:.2f}"
    if slot.pointer is not None:
        told += f", which {slot.pointer.text!r} points at"
    elif slot.implicit:
        told += ", from an earlier sentence"
    return _mention(slot.mention, told)
