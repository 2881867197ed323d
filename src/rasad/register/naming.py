"""Names, titles and organisations as they are compared to find who is who: in every script by the sound, as the reader compares
them; titles by their meaning. Everything that is costly is worked out here, once for each form, so that the model (``identity.py``)
compares columns only."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from rasad.gazetteer import folded_names
from rasad.languages import codes, profile
from rasad.languages.words import fold
from rasad.reading.encoder import load_encoder
from rasad.reading.people import romanise, skeleton

#: likeness (Jaro-Winkler) in Latin letters from which on two given names may be forms of one; and from which on one name may be
#: the other without the vowels that Arabic does not write, where it has three consonants, and where it has fewer
LIKE, UNVOWELLED, UNVOWELLED_SHORT = 0.9, 0.55, 0.65
SAME_WORDS = 88  #: of 100, in which titles in one script agree: "defence minister", "minister of defense"
#: cosine of what two titles mean: in one script (only spelling differs), across scripts, related, and not to be told apart
SAME_SCRIPT, TRANSLATED, RELATED, UNCLEAR = 0.95, 0.68, 0.6, 0.38
SHORT = 3  #: consonants of a surname under which many share it

_VOWELS = {**dict.fromkeys("aeiy", "a"), **dict.fromkeys("ou", "u")}  #: those that scripts and ears keep apart
_GLIDES = re.compile(r"^[iy]+(?=[aeou])|(?<=\w{3})e?[iyj]+$")
_SERVANT_OF = re.compile(
    r"\babd (?:[ae]l[ -]?)?|\babd[aeu]l "
)  #: Abd al-Qadir and Abdel Kader are one given name, Abdelkader
_SERVANT = re.compile(r"^abd[aeou]?l(?=\w{3})")
_ARTICLE = re.compile(r"^[ae]l(?=[bcdfghjklmnpqrstvwxz]\w{3})")

Grades = dict[str, set[str]]  #: for each grade of likeness, the forms that are like one in that grade
Grader = Callable[[Sequence[str]], Mapping[str, Grades]]


class PersonName(NamedTuple):
    """The parts of a name in Latin letters, in lower case; None where it has no such part."""

    surname: str
    given: str | None
    second: str | None


@cache
def _content() -> Mapping[str, Any]:
    return tomllib.loads(files("rasad.register").joinpath("identity.toml").read_text("utf-8"))


@cache
def _particles() -> frozenset[str]:
    return frozenset(_content()["names"]["particles"])


@cache
def _forms() -> frozenset[str]:
    return frozenset(map(fold, _content()["organisations"]["forms"]))


@cache
def _given_pairs(grade: str) -> frozenset[tuple[str, str]]:
    groups = _content()["names"][grade]
    return frozenset((a, b) for group in groups for a in group for b in group)


@cache
def _function_words() -> frozenset[str]:
    return frozenset(word for code in codes() for word in profile(code).function_words)


def block(entity: str) -> str:
    """What an id of a person or organisation that the gazetteer does not know is compared by: only those with the same one can
    be one. Of a person the consonants of the surname, which begin the id, without what Arabic may add, an article, or not tell
    from a vowel, w (an f in the id); of an organisation the consonants of its head word."""
    kind, _, rest = entity.partition(":")
    if kind == "person":
        surname = rest.partition("-")[0]
        heard = surname.replace("f", "") or surname
        return f"{kind}:{heard[1:] if heard.startswith('l') and len(heard) > SHORT else heard}"
    words = organisation_words(rest.replace("-", " "))
    return f"{kind}:{words[0] if words else rest}"


@lru_cache(maxsize=20_000)
def person_name(name: str) -> PersonName:
    """The parts of a person's name."""
    parts = [anyascii(romanise(part)).lower() for part in re.split(r"[\s\-]+", name) if part]
    parts = [
        _SERVANT.sub("abd", re.sub(r"[^a-z]", "", part)) for part in _SERVANT_OF.sub("abd", " ".join(parts)).split()
    ]
    kept = [part for part in parts if part and part not in _particles()] or [part for part in parts if part]
    if not kept:
        return PersonName(name.lower(), None, None)
    given = kept[0] if len(kept) > 1 else None
    return PersonName(kept[-1], given, " ".join(kept[1:-1]) or None)


@lru_cache(maxsize=20_000)
def organisation_words(name: str) -> tuple[str, ...]:
    """The words of an organisation's name by their consonants, without legal forms; numbers as they are."""
    words: list[str] = re.findall(r"\w+", fold(name))
    kept = [word for word in words if word not in _forms()] or words
    return tuple(word if word.isdigit() else skeleton(word) for word in kept)


def is_short(surname: str) -> bool:
    """Whether so little of a surname is heard that many share it."""
    return len(skeleton(surname)) < SHORT


def without_article(surname: str) -> str:
    """A surname without the article that Arabic writes in one word with it: alrashid, rashid."""
    return _ARTICLE.sub("", surname)


def surnames(forms: Sequence[str]) -> dict[str, Grades]:
    """``same``: spellings of one surname; ``gendered``: that of a woman beside that of a man; ``alike``: other vowels."""
    found: dict[str, Grades] = {}
    for form in forms:
        heard = [other for other in forms if _heard_alike(form, other) or _heard_alike(_one_u(form), _one_u(other))]
        same = {other for other in heard if _sound_same(form, other) or JaroWinkler.similarity(form, other) >= LIKE}
        gendered = {other for other in heard if _gendered(form, other)}
        found[form] = {"same": same - gendered, "gendered": gendered, "alike": set(heard)}
    return found


def given_names(forms: Sequence[str]) -> dict[str, Grades]:
    """``same``: spellings of one given name; ``alike``: forms that may be of one; ``initial``: an initial and what it may stand
    for."""
    found: dict[str, Grades] = {}
    for form in forms:
        grades: Grades = {"same": set(), "alike": set(), "initial": set()}
        for other in forms:
            if grade := _given_grade(form, other):
                grades[grade].add(other)
        found[form] = grades
    return found


def _given_grade(a: str, b: str) -> str | None:
    if a == b and len(a) > 1:
        return "same"
    if len(a) == 1 or len(b) == 1:
        return "initial" if a[0] == b[0] or skeleton(a)[:1] == skeleton(b)[:1] else None
    if (_sound_same(a, b) and not _gendered(a, b)) or (a, b) in _given_pairs("same"):
        return "same"
    if (a, b) in _given_pairs("alike"):
        return "alike"
    if _gendered(a, b):
        return None
    spelled_alike = (
        skeleton(a) != skeleton(b) and JaroWinkler.similarity(a, b) >= LIKE
    )  # with other vowels it is another name
    return "alike" if spelled_alike or _sound_same(_one_g(a), _one_g(b)) else None


def second_names(forms: Sequence[str]) -> dict[str, Grades]:
    """``same``: spellings of one patronymic or middle name, or its initial."""
    return {
        form: {"same": {other for other in forms if _given_grade(form, other) in ("same", "initial")}} for form in forms
    }


def _sound_same(a: str, b: str) -> bool:
    """Whether two words may spell one name: the same consonants, and the same vowels, those apart that Arabic does not write. So
    Hasan is not Husein, hsn may be both. Arabic has one letter for w and u: Darwish is drush."""
    if _heard_alike(a, b):
        one, other = sorted((_vowels(a), _vowels(b)), key=len)
        unwritten = 2 * len(one) <= len(skeleton(a)) <= 2 * len(other) and _within(one, other)
        least = UNVOWELLED_SHORT if is_short(a) else UNVOWELLED
        return one == other or (unwritten and JaroWinkler.similarity(a, b) >= least)
    a, b = _one_u(a), _one_u(b)
    if not _heard_alike(a, b):
        return False
    one, other = sorted((_vowels(a), _vowels(b)), key=len)
    return _within(one, other) and JaroWinkler.similarity(a, b) >= UNVOWELLED


def _heard_alike(a: str, b: str) -> bool:
    return skeleton(a) == skeleton(b)


@lru_cache(maxsize=20_000)
def _vowels(word: str) -> str:
    """The vowels of a word, as far as scripts tell them apart, without a glide at the beginning (Yevgeny) or end (Vasyl, Vasiliy)."""
    word = _GLIDES.sub("", word)
    return re.sub(r"(.)\1+", r"\1", "".join(_VOWELS.get(letter, " ") for letter in word)).replace(" ", "")


def _within(few: str, many: str) -> bool:
    """Whether the letters of one stand in the other, in their order."""
    rest = iter(many)
    return all(letter in rest for letter in few)


def _one_u(word: str) -> str:
    return word.replace("w", "u")


def _one_g(word: str) -> str:
    """Arabic has one letter for what others write g and j."""
    return word.replace("j", "g")


def _gendered(a: str, b: str) -> bool:
    """Whether one ends as a woman's name does and the other does not: Petrov and Petrova, Viktor and Viktoria."""
    return a.rstrip("h").endswith("a") != b.rstrip("h").endswith("a")


def titles(forms: Sequence[str]) -> dict[str, Grades]:
    """``same``: titles of several words that agree; ``general``: of one word; ``akin``: related ones; ``unclear``: those of which
    the encoder does not know."""
    meant = _cosines(forms)
    found: dict[str, Grades] = {}
    for form, row in zip(forms, meant, strict=True):
        grades: Grades = {"same": set(), "general": set(), "akin": set(), "unclear": set()}
        for other, cosine in zip(forms, row, strict=True):
            if grade := _title_grade(form, other, float(cosine)):
                grades[grade].add(other)
        found[form] = grades
    return found


def _title_grade(a: str, b: str, cosine: float) -> str | None:
    one_script = _script(a) == _script(b)
    worded = 0.0
    if one_script:
        worded = 100.0 if _begins(a, b) or _begins(b, a) else fuzz.token_sort_ratio(_told(a), _told(b))
    if worded >= SAME_WORDS or cosine >= (SAME_SCRIPT if one_script else TRANSLATED):
        return {2: "same", 1: "akin", 0: "general"}[_several(a) + _several(b)]
    if cosine >= RELATED:
        return "akin"
    return "unclear" if cosine >= UNCLEAR else None


def _begins(a: str, b: str) -> bool:
    """Whether a title of several words begins another, which only says more: of what, and where."""
    return _several(a) and b.startswith(f"{a} ")


def _told(title: str) -> str:
    """The words of a title that say something, in Latin letters."""
    words = re.findall(r"\w+", title)
    return anyascii(" ".join(word for word in words if fold(word) not in _function_words()) or title)


@lru_cache(maxsize=20_000)
def plain_title(title: str) -> str:
    """A title without the organisation at its end, which is compared by itself: head of the programme (at Ukroboronprom)."""
    words = title.lower().split()
    cuts = (place for place in range(1, len(words)) if fold(" ".join(words[place:])) in _organisations())
    kept = words[: next(cuts, len(words))]
    while len(kept) > 1 and fold(kept[-1]) in _function_words():
        kept.pop()
    return " ".join(kept)


@cache
def _organisations() -> frozenset[str]:
    """The names of organisations that the gazetteer knows, in every language, folded."""
    named = (folded_names(code) for code in codes())
    return frozenset(name for names in named for name, ids in names.items() if any(i.startswith("org:") for i in ids))


def _several(title: str) -> bool:
    return len(re.findall(r"\w+", title)) > 1


def _script(text: str) -> str:
    """Latin, Cyrillic, Arabic …: where its first letter stands."""
    letter = next((c for c in text if c.isalpha()), "a")
    return "Latin" if letter < "\u0250" else "Arabic" if "\u0600" <= letter <= "\u06ff" else "other"


def _cosines(forms: Sequence[str]) -> NDArray[np.float64]:
    if len(forms) < 2:
        return np.ones((len(forms), len(forms)))
    vectors = np.vstack([_meaning(form) for form in forms])
    return np.round(vectors @ vectors.T, 4)  # what a sum of floats leaves beyond that differs between machines


@lru_cache(maxsize=20_000)
def _meaning(title: str) -> NDArray[np.float64]:
    """The vector of a title, of length one. Each alone, so that it is the same whatever else is encoded with it."""
    vector = np.asarray(load_encoder().encode([title])[0], dtype=np.float64)
    return vector / (np.linalg.norm(vector) or 1.0)


def graded(column: str, grader: Grader, records: Iterable[dict[str, Any]]) -> None:
    """Gives each record, for what it has in a column, what others of its block have that is like it, in one column for each
    grade: ``given_same``, ``given_alike`` …"""
    blocks: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        blocks.setdefault(record["block"], []).append(record)
    for some in blocks.values():
        like = grader(sorted({form for record in some for form in record[column] or ()}))
        for record in some:
            _give(record, column, like)


def _give(record: dict[str, Any], column: str, like: Mapping[str, Grades]) -> None:
    own = [like[form] for form in record[column] or ()]
    for grade in own[0] if own else ():
        record[f"{column}_{grade}"] = sorted(set().union(*(grades[grade] for grades in own)))
