"""Reading: text to claims, one module a step. :func:`read_document` runs them in order."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from rasad.claims import Claim, Document, Entity, Explanation
from rasad.gazetteer import named_language
from rasad.languages import Language, profile
from rasad.ontology import ontology
from rasad.reading import attribute, drafts, frames, ground, qualify
from rasad.reading.affinity import Affinity
from rasad.reading.attribute import NEAR, Speech
from rasad.reading.discourse import Discourse
from rasad.reading.drafts import Draft
from rasad.reading.explain import explain
from rasad.reading.functions import functions
from rasad.reading.identify import identify
from rasad.reading.mentions import mentions, names_item
from rasad.reading.quantities import Dated, same_time, told
from rasad.reading.screen import GLANCE, NARROW, Hits, screen
from rasad.reading.segment import Sentence, quotations, sentences
from rasad.reading.view import Mention, View

REPORTS = 4  #: words between "this" and the verb of saying that reports it
APART = 3  #: words between the coming and the going of a restriction, at least
TURN = 40  #: characters before a quotation in which the name of who says it stands, in an interview
MEMORY = 20  #: acts of speech before and after a quotation among which its speaker is looked for
LOOKED = 200  #: sentences kept from the first look at a document, at most
NEVER = 1_000_000_000  #: sentences since the last claim, where there was none; more than any offset

__all__ = ["explain_document", "may_claim", "read_document"]


def read_document(document: Document) -> list[Claim]:
    """The claims of one document, in the order of their evidence. A text in no language that Rasad reads has none."""
    return [claim for claim, _, _ in _read(document)]


def may_claim(text: str, code: str, hits: Hits) -> bool:
    """Whether a first look finds that a text in a language, of which the screen gave these hits, may have claims; a look that asks no
    encoder, and is sooner over than reading."""
    return _promising(text, named_language(code), hits, sentences(text, profile(code)), {}, asking=False)


def explain_document(document: Document) -> list[tuple[Claim, Explanation]]:
    """The claims of one document, each with the words that led to it."""
    return [(claim, explain(claim, draft, others)) for claim, draft, others in _read(document)]


def _read(document: Document) -> list[tuple[Claim, Draft, int]]:
    hits = screen(document.text)
    if hits is None:
        return []
    code = document.language or identify(document.text)
    if code is None:
        return []
    made = draft_claims(document.text, named_language(code), hits)
    crowd: dict[int, int] = {}
    for draft in made:
        crowd[draft.index] = crowd.get(draft.index, 0) + 1
    found: dict[str, tuple[Claim, Draft, int]] = {}
    for draft in made:
        others = crowd[draft.index] - 1
        for claim in ground.claims(document, code, draft, others):
            found.setdefault(claim.id, (claim, draft, others))
    return list(found.values())


def draft_claims(text: str, language: Language, hits: Hits) -> list[Draft]:
    """Steps 2 to 7 over a text."""
    discourse = Discourse()
    known: dict[str, Entity] = {}
    quoted = quotations(text, profile(language.code))
    spoken = _Speakers(text, quoted)
    found: list[Draft] = []
    armed = -frames.RECENT - 1  #: the last sentence that named a system
    cut = sentences(text, profile(language.code))
    looked: dict[int, _Look] = {}
    dated: Dated | None = None  #: the time that was named last
    if not _promising(text, language, hits, cut, looked):
        return []
    for index, sentence in enumerate(cut):
        if not hits.about(sentence.start, sentence.end):
            continue
        look = looked.pop(sentence.start, None)
        if look is not None and look.read is not None and not known:  # what was seen at the first look holds
            view, known = look.read, look.known
        else:
            view = _analysed(look.raw if look is not None else View(text, sentence, language), known)
        dated = same_time(view, dated)
        heard = attribute.speeches(view)
        attribute.release(view)
        _settle(view, heard, discourse)
        spoken.hear(view, heard)
        if any(m.type == "system" for m in view.mentions):
            armed = index
        certain = index - armed <= frames.RECENT or hits.certain(sentence.start, sentence.end)
        made = _drafts(view, index, found, heard, certain)
        if not made and found and found[-1].index == index - 1:
            spoken.hear_after(view, heard, found[-1].view.sentence)
        found.extend(made)
        discourse.add(view)
    for draft in found:
        spoken.attribute(draft)
    return found


class _Look(NamedTuple):
    """A sentence looked at by itself: as the lexicon left it, as it was then read if it was, and the names that it made known."""

    raw: View
    read: View | None
    known: dict[str, Entity]


def _analysed(view: View, known: dict[str, Entity], *, asking: bool = True) -> View:
    """The sentence with its mentions and their functions; ``known`` are the names of the document so far."""
    mentions(view, True, known)
    frames.prune(view, asking=asking)
    functions(view)
    return view


def _settle(view: View, heard: list[Speech], discourse: Discourse) -> None:
    """Gives the pointers of a sentence their antecedents. Those who speak point at whoever spoke last, or are an official
    without a name where a title points at nobody."""
    speakers = [s.speaker for s in heard]
    for speaker, cue in ((s.speaker, s.cue) for s in heard):
        if speaker.kind == "anonymous":
            named = discourse.again(view, speaker, "plur" in view.words[cue.start].tags)
            speaker.antecedents = [named] if named is not None else []
    named_here = [s for s in speakers if not s.kind.startswith("pointer")]
    discourse.settle(view, [s.antecedents[0] if s.antecedents else s for s in named_here])
    for speaker, act in ((s.speaker, s.kind) for s in heard):
        if speaker.kind in ("pointer:person", "pointer:actor"):
            somebody = act == "his" or (speaker.kind == "pointer:person" and speaker in view.mentions)
            before = [] if attribute.introduced(view, speaker) else discourse.who_speaks(somebody)
            official = attribute.stand_in(view, speaker)
            speaker.antecedents = before or ([official] if official else speaker.antecedents)
        elif speaker.kind.startswith("pointer") and not speaker.antecedents:
            official = attribute.stand_in(view, speaker)
            speaker.antecedents = [official] if official else []


def _promising(
    text: str, language: Language, hits: Hits, cut: list[Sentence], looked: dict[int, _Look], *, asking: bool = True
) -> bool:
    """Whether a sentence that itself speaks of arms has a trigger with a role filled, such as a first claim needs. Where none has, as in
    most news that only touches on arms, the sentences around need not be read. ``looked`` keeps the sentences looked at; where one
    is not ``asking`` the encoder, what it might refute counts."""
    armed = -frames.RECENT - 1
    for index, sentence in enumerate(cut):
        if not hits.about(sentence.start, sentence.end, NARROW if not hits.strong else GLANCE):
            continue
        known: dict[str, Entity] = {}
        raw, view = View(text, sentence, language), None
        certain = index - armed <= frames.RECENT or hits.certain(sentence.start, sentence.end)
        if frames.triggered(raw) and (certain or names_item(raw)):
            view = _analysed(raw.again(), known, asking=asking)
        if len(looked) < LOOKED:
            looked[sentence.start] = _Look(raw, view, known)
        if view is None:
            continue
        if any(m.type == "system" for m in view.mentions):
            armed, certain = index, True
        if any(filled.roles for filled in frames.propose(view, NEVER, certain, asking=asking)):
            return True
    return False


def _drafts(view: View, index: int, earlier: list[Draft], heard: list[Speech], strong: bool) -> list[Draft]:
    since = index - earlier[-1].index if earlier else NEVER
    made = [drafts.draft(view, index, filled) for filled in frames.propose(view, since, strong)]
    for draft in made:
        _let_speaker_hold(draft, heard)
        drafts.orient(draft, earlier)
    made = drafts.deny(drafts.merge(made), earlier)
    kept: list[Draft] = []
    for draft in made:
        drafts.answer_accusation(draft, [*earlier, *kept])
        drafts.inherit(draft, [*earlier, *kept])
        drafts.part_sides(draft)
        if draft.complete() and drafts.stands(draft, [*earlier, *kept]):
            _qualify(draft, [d for d in made if d is not draft])
            if not drafts.says_nothing(draft):
                kept.append(draft)
                kept.extend(_other_half(draft, made))
    return kept


def _other_half(draft: Draft, made: list[Draft]) -> list[Draft]:
    """The other claim of a sentence that tells both how a restriction came and how it went: *lifted in 2024 the embargo
    that it had imposed in 2013*."""
    if draft.frame != "restriction" or sum(d.frame == "restriction" for d in made) > 1:
        return []
    view, stage = draft.view, draft.attributes.get("stage")
    lifting, imposing = view.cue("stage", "lift"), view.cue("stage", "impose") + view.cue("stage", "suspend")
    verbs = [t for t in draft.triggers if qualify.finite(view, t)]
    apart = [(a, b) for a in lifting for b in [*imposing, *verbs] if max(a.start - b.end, b.start - a.end) >= APART]
    if stage not in ("lifted", "in_force") or not apart:
        return []
    cue = apart[0][1] if stage == "lifted" else apart[0][0]
    other = drafts.again(draft)
    other.attributes["stage"] = "in_force" if stage == "lifted" else "lifted"
    for half, word in ((other, cue), (draft, apart[0][0] if stage == "lifted" else apart[0][1])):
        half.attributes["time"], half.attributes["year"] = qualify.time(view, word)
    if other.attributes["stage"] == "in_force":
        other.attributes["polarity"] = "positive"
    return [other]


def _let_speaker_hold(draft: Draft, heard: list[Speech]) -> None:
    """What ought to be, and a position without a holder, is what the speaker wants."""
    if draft.frame != "position":
        return
    trigger = draft.triggers[0]
    says = [s for s in heard if s.cue.start <= trigger.start < s.cue.end]
    holders = [s.mention for s in draft.roles.get("holder", [])]
    if holders and (not says or any(s.speaker in holders for s in says)):
        return
    at = draft.view.words[draft.triggers[0].start].start
    speakers = [s.speaker for s in says] or [s.speaker for s in heard if s.start <= at < s.end]
    if speakers:
        holder = speakers[-1].antecedents[0] if speakers[-1].antecedents else speakers[-1]
        known = holder in draft.view.mentions or speakers[-1].kind.startswith("pointer")
        if known and not holder.kind.startswith("pointer"):
            draft.roles["holder"] = [drafts.Slot(holder, Affinity(0.7, "speaker"))]


def _qualify(draft: Draft, others: list[Draft]) -> None:
    """What a draft claims besides its roles; ``others`` are the other drafts of its sentence."""
    view, triggers, attributes = draft.view, draft.triggers, draft.attributes
    frame = ontology().frames[draft.frame]
    alone = all(d.frame != draft.frame for d in others)
    own = {t.start for t in triggers}
    paid = [d for d in others if "value" in ontology().frames[d.frame].attributes]
    rivals = [t for d in paid for t in d.triggers if t.start not in own and qualify.finite(view, t)]
    stage, operator = qualify.stage(view, triggers, draft.frame)
    if stage:
        attributes["stage"] = stage
    attributes["certainty"], sure = qualify.certainty(view, triggers)
    denial = None
    if "polarity" not in attributes:
        attributes["polarity"], denial = qualify.polarity(view, triggers, operator)
        if denial is None and qualify.none_of(
            view, triggers[0], [s.mention for s in draft.roles.get("item", ()) if not s.implicit]
        ):
            attributes["polarity"] = "negative"
        if draft.frame == "capability" and qualify.lacking(view, [s.mention for s in draft.roles.get("holder", ())]):
            attributes["polarity"] = "negative"
        if draft.frame == "allegation":  # "never proven" is a finding, not a denial
            attributes["polarity"], denial = "positive", None
        if denial is not None and stage == "proposed" and operator in triggers:
            attributes["stage"] = "delivered" if draft.frame == "transfer" else stage
    draft.cues = {n: m for n, m in (("stage", operator), ("certainty", sure), ("polarity", denial)) if m is not None}
    if draft.frame == "allegation":
        attributes["finding"] = qualify.finding(view, str(attributes.get("finding", "alleged")), alone)
        offences = qualify.named(view, "offence")
        supplies = any(ontology().senses[t.value.sense].frame == "transfer" for t in view.triggers)
        answered = attributes.get("offence")
        attributes["offence"] = offences or answered or ["illicit-transfer" if supplies else "other"]
    for table in ("terms", "basis"):
        if table in frame.attributes:
            named = qualify.named(view, table)
            attributes[table] = next((n for n in named if n != "sale"), named[0] if named else None)
    if "quantity" in frame.attributes:
        items = draft.roles.get("item", [])
        number = next((n for n in (told(view, t) for t in triggers) if n is not None), None)
        attributes["quantities"] = {
            s.id: number.value
            if number is not None
            else _implicit_quantity(view, s)
            if s.implicit
            else qualify.quantity(view, s.mention)
            for s in items
        }
    if "value" in frame.attributes:
        attributes["value"] = qualify.value(view, triggers[0], rivals if qualify.finite(view, triggers[0]) else [])
    time, year = qualify.time(view, triggers[0])
    attributes["time"] = time
    if "year" in frame.attributes:
        attributes["year"] = year


def _implicit_quantity(view: View, slot: drafts.Slot) -> float | None:
    """The number that counts what a sentence only points at: *eight of them*."""
    counted = qualify.quantity(view, slot.pointer) if slot.pointer is not None else None
    return qualify.lone_quantity(view) if counted is None else counted


def _wishes(draft: Draft, speech: Speech) -> bool:
    """Whether an act of speech is a call or a stand: what else its sentence tells is not in its words."""
    senses = ontology().senses
    inside = [t for t in draft.view.triggers if t.start <= speech.cue.start < t.end]
    return any(senses[t.value.sense].frame == "position" and t.value.sense != "warn" for t in inside)


def _subject_speaks(draft: Draft) -> list[Mention]:
    """Who accuses or denies and fills no role: *officials accused Baghdad*, *the spokesman rejected the charge*."""
    view, trigger = draft.view, draft.triggers[0]
    if trigger.value.pos != "verb":
        return []
    near = [
        m
        for m in view.mentions
        if (m.kind == "anonymous" or m.type == "person")
        and m.functions.keys() & {"subject", "bare", "agent"}
        and 0 <= max(trigger.start - m.end, m.start - trigger.end) <= NEAR
    ]
    return sorted(near, key=lambda m: abs(m.start - trigger.start))[:1]


class _Speakers:
    """Who speaks where in a document: reported speech, and quotations that run over sentences."""

    def __init__(self, text: str, quoted: list[tuple[int, int]]) -> None:
        self.text = text
        self.quoted = quoted
        self.speeches: list[tuple[Sentence, Speech]] = []
        self.by_sentence: dict[int, list[Speech]] = {}
        self.persons: list[tuple[int, Mention]] = []

    def hear(self, view: View, heard: list[Speech]) -> None:
        """Remembers the acts of speech of a sentence."""
        self.persons.extend((view.sentence.start, m) for m in view.mentions if m.type == "person")
        self.speeches.extend((view.sentence, speech) for speech in heard)
        self.by_sentence[view.sentence.start] = heard

    def hear_after(self, view: View, heard: list[Speech], before: Sentence) -> None:
        """A sentence that only tells who said the one before: *this was announced by the minister*."""
        pointing = view.cue("speech", "this")
        for speech in heard:
            if any(abs(p.start - speech.cue.start) <= REPORTS for p in pointing):
                told = speech._replace(start=before.start, end=before.end)
                self.by_sentence.setdefault(before.start, []).append(told)

    def attribute(self, draft: Draft) -> None:
        """Gives a draft the chain of its speakers, nearest first."""
        trigger = draft.triggers[0]
        at = draft.view.words[trigger.start].start
        own = [s for s in self.by_sentence.get(draft.view.sentence.start, ()) if s.start <= at < s.end]
        own.sort(
            key=lambda s: (s.speaker.entity.kind == "media", abs(s.at - at))
        )  # a paper cites; its source is nearer
        if draft.frame == "allegation" and draft.attributes.get("polarity") != "negative":
            own = [s for s in own if s.kind != "deny"]
        elif draft.frame == "allegation":
            own = [s for s in own if s.kind == "deny"] or own
        if draft.frame != "position":
            own = [s for s in own if not _wishes(draft, s)]
        speakers = [s.speaker for s in own]
        index = bisect_right(self.quoted, (at, NEVER)) - 1
        quote = self.quoted[index] if index >= 0 else (0, 0)
        if quote[0] <= at < quote[1] and all(quote[0] <= s.at < quote[1] for s in own):
            speaker = self._quoted(quote)  # what is said in a quotation, its speaker says
            speakers += [speaker] if speaker is not None and speaker not in speakers else []
        speakers = self._actors_first(draft, speakers)
        draft.spoken = speakers
        chain = [
            attribute.speaker_of(m.antecedents[0] if m.antecedents else m)
            for m in speakers
            if m.antecedents or not m.kind.startswith("pointer")
        ]
        draft.attributes["attribution"] = list({s.id: s for s in chain}.values())

    def _actors_first(self, draft: Draft, speakers: list[Mention]) -> list[Mention]:
        """An accuser, and the holder of a position, speak for themselves."""
        own = {"allegation": "accuser", "position": "holder"}.get(draft.frame)
        if draft.frame == "allegation" and draft.triggers[0].value.sense not in ("accuse", "deny"):
            own = None  # who investigates or convicts does not tell us so
        slots = draft.roles.get(own, []) if own else []
        actors = [s.mention for s in slots]
        if draft.frame == "allegation" and not speakers:
            if draft.attributes.get("polarity") == "negative":
                actors = _subject_speaks(draft) or [s.mention for s in draft.roles.get("accused", [])]
            elif own and not actors:
                actors = _subject_speaks(draft)
        return actors + [s for s in speakers if all(s.entity.id != a.entity.id for a in actors)]

    def _inside(self, at: int) -> bool:
        """Whether an offset stands in a quotation."""
        index = bisect_right(self.quoted, (at, NEVER)) - 1
        return index >= 0 and self.quoted[index][0] <= at < self.quoted[index][1]

    def _quoted(self, quote: tuple[int, int]) -> Mention | None:
        """Who speaks in a quotation: named in a sentence that it overlaps, or just after it, or last before it."""
        start, end = quote
        turn = [m for _, m in self.persons if start - TURN <= m.at and m.until <= start]
        if turn:
            return turn[-1]  # Ivanov: …
        near = bisect_right(self.speeches, start, key=lambda s: s[0].start)
        speeches = self.speeches[max(0, near - MEMORY) : near + MEMORY]
        speeches = [(sentence, speech) for sentence, speech in speeches if not self._inside(speech.at)]
        for sentence, speech in speeches:
            if sentence.start < end and start < sentence.end:
                return speech.speaker
        after = [
            speech
            for sentence, speech in speeches
            if end <= sentence.start <= end + 3 and "\n" not in self.text[end : sentence.start]
        ]
        if after:
            return after[0].speaker
        before = [speech for sentence, speech in speeches if sentence.end <= start]
        named = [s for s in before if s.kind in ("verbs", "according", "believe")]
        if named:
            return named[-1].speaker
        persons = {m.entity.id: m for at, m in self.persons if at <= start}
        return next(iter(persons.values())) if len(persons) == 1 else None
