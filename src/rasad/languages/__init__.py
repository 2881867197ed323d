"""The languages that Rasad reads. Each is a folder of data (``docs/languages.md``); this is the one place that reads it."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from rasad.languages.lexicon import Lexicon
from rasad.languages.words import Word, fold, split
from rasad.ontology import ontology

REMEMBERED = 3_000  #: words of a language whose readings and entries are remembered, and as many that came before these

Read = tuple[tuple[str, ...], frozenset[str], tuple[Any, ...]]  #: the keys of a word, its tags, and what begins with it

__all__ = ["Cue", "Language", "Trigger", "Word", "codes", "language"]


class Trigger(NamedTuple):
    """A word that evokes a sense of the ontology."""

    sense: str
    pos: str  #: verb, noun, adjective, phrase
    weak: bool


class Cue(NamedTuple):
    """A word or phrase that tells something: ``Cue("stage", "approve")``, ``Cue("speech", "verbs")``."""

    table: str
    name: str
    value: Any = None


class LanguageError(ValueError):
    """A file of a language folder is not as ``docs/languages.md`` says."""


@cache
def codes() -> tuple[str, ...]:
    """The codes of all languages, from the folders that are there."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.ispkg))


def _load(code: str, name: str) -> dict[str, Any]:
    path = files(f"{__name__}.{code}").joinpath(name)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, FileNotFoundError) as error:
        raise LanguageError(f"{code}/{name}: {error}") from None


class Profile:
    """What is needed to recognise a language and cut it into sentences: the light half, loaded for every language."""

    def __init__(self, code: str) -> None:
        data = _load(code, "language.toml")
        self.code = code
        self.name: str = data["name"]
        self.script: str = data["script"]
        self.direction: str = data["direction"]
        self.order: str = data["order"]
        self.function_words = frozenset(fold(w) for w in data["function_words"])
        self.common = frozenset(w.lower() for w in data["function_words"])
        self.letters = frozenset(data.get("letters", ""))
        self.abbreviations = frozenset(fold(a.rstrip(".")) for a in data["abbreviations"])
        self.quotes: list[tuple[str, str]] = [(q[0], q[1]) for q in data["quotes"]]
        self.data = data


@cache
def profile(code: str) -> Profile:
    """The profile of one language."""
    return Profile(code)


class Language:
    """A language with its lexicon. ``lexicon.find(words)`` gives the triggers, cues, markers and names of a sentence."""

    def __init__(self, code: str) -> None:
        self.profile = profile(code)
        self.code = code
        morphology = importlib.import_module(f"{__name__}.{code}.morphology")
        self._readings = morphology.readings
        self._read: dict[str, Read] = {}
        self._before: dict[str, Read] = {}
        self.linking = frozenset(fold(w) for w in self.profile.data["function_words"])
        self.latin = self.profile.script == "Latin"
        self.order = self.profile.order
        self.lexicon = Lexicon(morphology.entry_keys)
        self.has_case = False
        self.passive: frozenset[str] = frozenset()
        self.before_verbs = frozenset(fold(w) for w in self.profile.data.get("before_verbs", ()))
        self.particles = frozenset(fold(w) for w in self.profile.data.get("particles", ()))
        self.before_nouns = frozenset(fold(w) for w in self.profile.data.get("before_nouns", ()))
        self.case_functions: dict[str, str] = {}
        self.clitics: dict[str, str] = {}
        self.roles: dict[
            str, dict[str, list[str]]
        ] = {}  #: where this language marks the roles of a sense in its own way
        self._load_markers()
        self._load_triggers()
        self._load_cues()
        self._load_speech()
        self._load_words()

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        del state["_readings"], state["_read"], state["_before"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._read, self._before = {}, {}
        self._readings = importlib.import_module(f"{__name__}.{self.code}.morphology").readings

    def forget(self) -> None:
        """Forgets what it remembers of words: to be called when entries have been added to its lexicon."""
        self._read, self._before = {}, {}

    def words(self, text: str, start: int, end: int) -> list[Word]:
        """The words of ``text[start:end]`` with the keys and tags of their readings, and the entries that begin with them."""
        words = split(text, start, end)
        for word in words:
            word.keys, word.tags, word.begins = self._read.get(word.fold) or self._looked_up(word)
        return words

    def _looked_up(self, word: Word) -> Read:
        """What is known of a word that has not come lately. Those that came before are forgotten together, so that words that come again
        and again stay."""
        read = self._before.get(word.fold)
        if read is None:
            keys, tags = self._keys_and_tags(word)
            read = keys, tags, self.lexicon.begins(keys)
        if len(self._read) >= REMEMBERED:
            self._before, self._read = self._read, {}
        self._read[word.fold] = read
        return read

    def _keys_and_tags(self, word: Word) -> tuple[tuple[str, ...], frozenset[str]]:
        if word.kind != "w":
            return ("=" + word.fold,), frozenset()
        if not self.latin and word.fold[0].isascii():
            return ("=" + word.fold, word.fold), _LATIN
        lemmas, tags = self._readings(word.fold)
        if "possessive" in tags:
            lemmas = (*lemmas, "=" + word.fold.rstrip("s").rstrip("'"))
        return ("=" + word.fold, *lemmas, *(t for t in tags if t.startswith("prep:"))), tags

    def _add(self, where: str, entry: str, value: Any, pos: str = "") -> None:
        try:
            self.lexicon.add(entry, value, pos)
        except (ValueError, IndexError) as error:
            raise LanguageError(f"{self.code}/{where}: {error}") from None

    def _load_markers(self) -> None:
        data = _load(self.code, "markers.toml")
        for function, entries in data["prepositions"].items():
            for entry in entries:
                preposition, _, case = entry.partition("+")
                if self.code_is_clitic(preposition):
                    self.clitics[fold(preposition)] = function
                else:
                    self._add("markers.toml", preposition, Cue("marker", function, case or None), "closed")
        self.case_functions = data.get("cases", {})
        self.has_case = bool(self.case_functions)
        self.passive = frozenset(data.get("voice", {}).get("passive", ()))
        for entry in self.passive:
            self._add("markers.toml", entry, Cue("voice", "passive"))

    def has_active(self, lemma: str, trigger: Trigger) -> bool:
        """Whether a reflexive verb is the passive of another of the same sense: поставляться of поставлять."""
        return lemma.endswith(("ся", "сь")) and trigger in self.lexicon.values(lemma[:-2])

    def code_is_clitic(self, preposition: str) -> bool:
        """Whether a preposition is written into the word that it governs (one letter of a script without case)."""
        return len(preposition) == 1 and preposition.lower() == preposition.upper()

    def _load_triggers(self) -> None:
        data = _load(self.code, "triggers.toml")
        senses = ontology().senses
        for sense, lists in data.items():
            if sense not in senses:
                raise LanguageError(f"{self.code}/triggers.toml: [{sense}] is no sense of ontology/senses.toml")
            for kind, entries in lists.items():
                if kind == "roles":
                    self.roles[sense] = {**senses[sense].roles, **entries}
                    continue
                for entry in entries:
                    if kind == "weak":
                        pos, _, entry = entry.partition(":")
                    else:
                        pos = _POS.get(kind, "")
                    if pos not in _POS.values():
                        raise LanguageError(
                            f"{self.code}/triggers.toml: [{sense}] {kind}: {entry!r} has no part of speech"
                        )
                    weak = kind == "weak" or senses[sense].weak
                    self._add("triggers.toml", entry, Trigger(sense, pos, weak), pos)

    def _load_cues(self) -> None:
        for file in ("cues.toml", "names.toml", "phrases.toml"):
            for table, lists in _load(self.code, file).items():
                for name, entries in lists.items():
                    for entry in entries:
                        self._add(file, entry, Cue(table, name), _CLOSED.get(table, ""))

    def _load_speech(self) -> None:
        data = _load(self.code, "speech.toml")
        for name, entries in data.items():
            if isinstance(entries, dict):
                for sub, subentries in entries.items():
                    for entry in subentries:
                        self._add("speech.toml", entry, Cue(name, sub))
            else:
                for entry in entries:
                    self._add("speech.toml", entry, Cue("speech", name), _CLOSED.get(name, ""))

    def _load_words(self) -> None:
        data = self.profile.data
        for table in ("boundaries", "coordinators", "relatives"):
            for entry in data.get(table, ()):
                self._add("language.toml", entry, Cue(table, entry), "name" if table == "relatives" else "closed")
        for table in ("numbers", "scales", "months"):
            for entry, number in data[table].items():
                self._add("language.toml", entry, Cue(table, entry, number), "closed" if table == "numbers" else "noun")
        for table in ("currencies", "time", "year"):
            for name, entries in data.get(table, {}).items():
                for entry in entries:
                    self._add("language.toml", entry, Cue(table, name))


_CLOSED = {
    "anaphora": "name",
    "apposition": "name",
    "ordinary": "noun",
    "polarity": "closed",
    "that": "closed",
    "according": "closed",
    "his": "closed",
    "this": "closed",
    "nobody": "closed",
    "tense": "closed",
}
_LATIN = frozenset({"latin"})
_POS = {"verbs": "verb", "nouns": "noun", "adjectives": "adjective", "phrases": "phrase"}


@cache
def language(code: str) -> Language:
    """The language with this code; raises LanguageError for a malformed folder, KeyError for an unknown code."""
    if code not in codes():
        raise KeyError(code)
    return Language(code)
