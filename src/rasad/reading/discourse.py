"""What the sentences before have named (the second half of step 5): antecedents for words that point back, and the
fillers that a sentence leaves out."""

from __future__ import annotations

from rasad.gazetteer import states
from rasad.languages.lexicon import Match
from rasad.reading.attribute import introduced
from rasad.reading.roles import POINTED
from rasad.reading.view import Mention, View

MEMORY = 60  #: mentions that are remembered


_FIRMS = frozenset({"company", "agency", "name", ""})  #: the kinds of organisation that "the firm" points at


class Discourse:
    """The mentions of a document so far, the latest last."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.last_speaker: Mention | None = None
        self.last_voice: Mention | None = None  #: the last who spoke and is no paper
        self.last_paper: Mention | None = None
        self.last_state: Mention | None = None

    def add(self, view: View) -> None:
        """Remembers what a sentence named."""
        self.mentions.extend(m for m in view.mentions if not m.kind.startswith("pointer"))
        del self.mentions[:-MEMORY]

    def settle(self, view: View, speakers: list[Mention]) -> None:
        """Gives every pointer of a sentence its antecedents. *We* and *our* are the state of whom the sentence lets speak,
        or of the last who spoke."""
        self.last_speaker = speakers[-1] if speakers else self.last_speaker
        self.last_state = next((state for s in reversed(speakers) for state in [state_of(s)] if state), self.last_state)
        self.last_voice = next((s for s in reversed(speakers) if s.entity.kind != "media"), self.last_voice)
        self.last_paper = next((s for s in reversed(speakers) if s.entity.kind == "media"), self.last_paper)
        for index, pointer in enumerate(view.mentions):
            if pointer.kind.startswith("pointer:"):
                pointer.antecedents = self._antecedents(view, index, pointer)

    def again(self, view: View, speaker: Mention, several: bool) -> Mention | None:
        """Who a speaker without a name is, where a name came before and the word only points back at it: *the newspaper added*,
        *отметил чиновник*. ``several`` tells that the verb is in the plural."""
        if speaker.end - speaker.start > 1 or several:
            return None

        def pointed(cues: list[Match]) -> bool:
            return any(c.start <= speaker.start < c.end for c in cues)

        if pointed(view.cue("speech", "paper")):
            return self.last_paper
        last = self.last_voice
        titled = view.language.has_case and pointed(view.cue("titles")) and not introduced(view, speaker)
        official = speaker.entity.name == "officials" and (titled or pointed(view.cue("anaphora", "person")))
        return last if official and last is not None and last.type == "person" else None

    def who_speaks(self, somebody: bool) -> list[Mention]:
        """Whoever spoke last, or else the person named last: the antecedent of a speaker who is not named. ``somebody`` tells
        that a word points at a person, not at the paper that quotes him."""
        last = (self.last_voice if somebody else None) or self.last_speaker
        if last is not None:
            return [last]
        persons = [m for m in self.mentions if m.type == "person"]
        return persons[-1:]

    def _topical_state(self) -> Mention | None:
        """The state that the document has named most: that of a speaker of whom nothing is known."""
        states = [m for m in self.mentions if m.type == "country"]
        counts: dict[str, int] = {}
        for mention in states:
            counts[mention.entity.id] = counts.get(mention.entity.id, 0) + 1
        return max(states, key=lambda m: counts[m.entity.id], default=None)

    def _antecedents(self, view: View, index: int, pointer: Mention) -> list[Mention]:
        kind = pointer.kind[8:]
        if kind == "speaker":
            speaker = self.last_speaker
            state = state_of(speaker) if speaker is not None else None
            if speaker is not None and speaker.entity.id == "anonymous:officials":
                state = state or self.last_state  # whose embassy spoke before
            topic = self._topical_state() if self.last_speaker is not None else None
            return [m for m in (state or topic,) if m is not None]
        earlier = [m for m in view.mentions[:index] if not m.kind.startswith("pointer")]
        wanted = POINTED[kind]
        pool = [m for m in [*self.mentions, *earlier] if m.type in wanted and m.entity.id != "category:other"]
        if kind == "org":
            pool = [m for m in pool if m.entity.kind in _FIRMS] or pool
        if kind == "panel":
            pool = [m for m in pool if m.type == "org"] or pool
        if kind == "person" and self.last_speaker is not None and self.last_speaker.type in ("person", "anonymous"):
            return [self.last_speaker]  # he added
        here = [m for m in earlier if m.type == "country"]
        if kind == "country" and not here:
            theirs = [state for m in earlier if m.type in ("person", "anonymous") if (state := state_of(m)) is not None]
            if theirs:
                return theirs[-1:]  # the president of Colombia announced that the country will buy
        if not pool:
            return []
        if kind == "pair":
            return _last_two(pool)
        if kind == "item":
            last = pool[-1]
            return [m for m in pool if m.group == last.group]
        if kind == "actor":
            return [_topic(earlier, self.mentions, wanted) or pool[-1]]
        if (kind == "country" and here and pointer.head != pointer.start) or (
            kind == "country" and here and pointer.end - pointer.start > 2
        ):
            return [here[-1]]  # cooperation with Kazakhstan, because the leadership of that country …
        if kind == "country" and "subject" in pointer.functions | dict.fromkeys(
            ["subject"] if "bare" in pointer.functions else []
        ):
            counts: dict[str, int] = {}
            for mention in pool:
                counts[mention.entity.id] = counts.get(mention.entity.id, 0) + 1
            # what the text is about, and of two what was the subject
            return [
                max(
                    reversed(pool),
                    key=lambda m: (
                        counts[m.entity.id],
                        bool(m.functions.keys() & {"subject", "bare"}),
                        m.group // 1_000,
                        -m.start,
                    ),
                )
            ]
        return [pool[-1]]


def state_of(actor: Mention) -> Mention | None:
    """The state that an official, a ministry or a state itself speaks and acts for, where it is known."""
    code = actor.entity.country or (actor.state.entity.country if actor.state is not None else None)
    state = states().get(f"country:{code}") if code else None
    if state is None:
        return None
    standing = Mention(state, "official", actor.start, actor.end, actor.text, actor.at, actor.until)
    standing.functions = actor.functions
    return standing


def _last_two(pool: list[Mention]) -> list[Mention]:
    found: dict[str, Mention] = {}
    for mention in reversed(pool):
        found.setdefault(mention.entity.id, mention)
        if len(found) == 2:
            break
    return list(reversed(found.values()))


def _topic(earlier: list[Mention], before: list[Mention], wanted: frozenset[str]) -> Mention | None:
    """The subject so far: the first actor in the subject's place, of this sentence or else of the one before."""
    eligible = [m for m in before if m.type in wanted and m.kind != "adjective"]
    last = [
        m for m in eligible if m.group // 1_000 == eligible[-1].group // 1_000
    ]  # of the latest sentence that names one
    for pool, subjects in ((earlier, True), (earlier, False), (last, True), (last, False)):
        for mention in pool:
            subject = bool(mention.functions.keys() & {"subject", "bare"})
            if (
                mention.type in wanted
                and (subject or not subjects)
                and mention.kind != "adjective"
                and not mention.absorbed
            ):
                return mention
    return None
