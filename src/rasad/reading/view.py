"""What the reading steps hand on: a sentence with its words, and the mentions found in it."""

from __future__ import annotations

from copy import copy

from rasad.claims import Entity
from rasad.languages import Cue, Language, Trigger, Word
from rasad.languages.lexicon import Match
from rasad.reading.segment import Sentence

ACTORS = frozenset({"country", "bloc", "org", "person"})
ITEMS = frozenset({"system", "class", "category"})


class Mention:
    """Words ``[start:end]`` of a sentence that name an entity, or point back to one."""

    __slots__ = (
        "absorbed", "antecedents", "at", "end", "entity", "functions", "group", "head", "kind", "of", "organisation", "speaker",
        "start", "state", "text", "title", "type", "until",
    )  # fmt: skip

    def __init__(self, entity: Entity, kind: str, start: int, end: int, text: str, at: int, until: int) -> None:
        self.entity = entity
        self.type = entity.type
        self.kind = kind  #: name, adjective, capital, …; pointer when the words only point back
        self.start = start
        self.end = end
        self.text = text
        self.at = at  #: offset into the document
        self.until = until
        self.head = start  #: the word that heads the phrase which the mention stands in
        self.functions: dict[str, float] = {}
        self.of: frozenset[int] = frozenset()  #: the words whose genitive it is
        self.group = -1  #: mentions joined by "and" share a group
        self.absorbed = False  #: part of a longer mention, no filler of its own
        self.speaker = False  #: speaks, so does not act
        self.antecedents: list[Mention] = []
        self.title: str | None = None
        self.organisation: str | None = None
        self.state: Mention | None = None  #: whose officials or specialists these are

    def __repr__(self) -> str:
        return f"<{self.entity.id} {self.kind} {self.start}:{self.end} {self.functions}>"


class Quantity:
    """A number in words ``[start:end]``: ``kind`` is count (of things), whole (of which a part is
    counted), measure (of time, people, contracts), money or year."""

    __slots__ = ("currency", "end", "kind", "start", "value")

    def __init__(self, kind: str, value: float, start: int, end: int, currency: str = "") -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.currency = currency

    def __repr__(self) -> str:
        return f"<{self.kind} {self.value} {self.currency} {self.start}:{self.end}>"


class View:
    """A sentence as the steps see it: its words, what the lexicon found, and then mentions, quantities, times."""

    __slots__ = (
        "cues",
        "language",
        "mentions",
        "names",
        "quantities",
        "sentence",
        "text",
        "times",
        "triggers",
        "words",
    )

    def __init__(self, text: str, sentence: Sentence, language: Language) -> None:
        self.text = text
        self.sentence = sentence
        self.language = language
        self.words: list[Word] = language.words(text, sentence.start, sentence.end)
        self.cues: dict[str, list[Match]] = {}
        self.triggers: list[Match] = []
        self.names: list[Match] = []
        self.mentions: list[Mention] = []
        self.quantities: list[Quantity] = []
        self.times: list[tuple[int, int, str | None, str | None]] = []
        taken: dict[str, tuple[int, int]] = {}
        for match in language.lexicon.find(self.words):
            value = match.value
            if isinstance(value, Cue):
                if language.latin and (value.name == "nouns" or value.table in _NOMINAL) and self._verbal(match):
                    continue
                first = self.words[match.start]
                if (
                    value.table == "certainty"
                    and first.capital
                    and match.start
                    and not first.upper
                    and not language.has_case
                ):
                    continue  # the month of May
                # within a table the longest match wins
                start, end = taken.get(value.table, (-1, 0))
                same = (match.start, match.end) == (start, end)
                if match.start >= end or same or value.table in _OVERLAPPING:
                    self.cues.setdefault(value.table, []).append(match)
                    if match.end > end:
                        taken[value.table] = (match.start, match.end)
            elif isinstance(value, Trigger):
                if not (language.latin and value.pos == "noun" and self._verbal(match)):
                    self.triggers.append(match)
            else:
                self.names.append(match)

    def again(self) -> View:
        """The same sentence, for a second reading: as the lexicon left it."""
        view = copy(self)
        view.cues, view.triggers, view.names = dict(self.cues), list(self.triggers), list(self.names)
        view.mentions, view.quantities, view.times = [], [], []
        return view

    def _verbal(self, match: Match) -> bool:
        """Whether a noun was met by taking a verb's ending off: *according* is no accord."""
        word = self.words[match.start]
        return match.key != word.fold and bool(word.tags & {"gerund", "past"})

    def cue(self, table: str, name: str | None = None) -> list[Match]:
        """The cues of one table, or of one name in it."""
        found = self.cues.get(table, [])
        return found if name is None else [m for m in found if m.value.name == name]

    def verb(self, trigger: Match) -> Word:
        """The word of a phrase that has its number, voice and tense: in a language with case, where order is free, the
        first verb or participle of those that it names; elsewhere its first word."""
        first = self.words[trigger.start]
        if not self.language.has_case or trigger.end - trigger.start == 1 or first.tags & _VERBAL:
            return first
        return next((self.words[i] for i in trigger.met if self.words[i].tags & _VERBAL), first)

    def quote(self, start: int, end: int) -> str:
        """The text of words ``[start:end]``."""
        return self.text[self.words[start].start : self.words[end - 1].end]


_VERBAL = frozenset({"verb", "short", "infinitive", "past", "present", "future"})
_NOMINAL = frozenset({"anaphora", "government", "titles", "anonymous", "organisation_words", "goods"})
_OVERLAPPING = frozenset({"nothing", "speech", "stage", "offence", "finding", "anaphora", "titles"})
