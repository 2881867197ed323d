"""What Russian and Ukrainian share: case, tense and voice of a form, from pymorphy3."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

Readings = tuple[tuple[str, ...], frozenset[str]]

_TAGS = {
    "NOUN": "noun", "ADJF": "adj", "ADJS": "adj", "PRTF": "participle", "PRTS": "participle", "VERB": "verb", "INFN": "infinitive", "infn": "infinitive", "Impe": "past",
    "GRND": "gerund", "PREP": "prep", "CONJ": "conj", "NPRO": "pron", "NUMR": "number",
    "past": "past", "pres": "present", "futr": "future", "pssv": "passive",
    "nomn": "nomn", "gent": "gent", "gen2": "gent", "gen1": "gent", "datv": "datv", "accs": "accs", "acc2": "accs",
    "ablt": "ablt", "loct": "loct", "loc1": "loct", "loc2": "loct",
    "sing": "sing", "plur": "plur", "1per": "first", "Name": "name", "Surn": "name", "Patr": "name",
}  # fmt: skip
_CYRILLIC = re.compile("[\u0400-\u052f'ʼ]+")
_LEAST = 0.01  #: readings less probable than this beside a better one are left out


@cache
def _dictionary(language: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


def analyser(language: str) -> tuple[Callable[[str], Readings], Callable[[str, str], tuple[str, ...]]]:
    """``readings(form)`` gives the lemmas and the tags that a form may have; ``entry_keys(form)`` the lemmas that an
    entry written in this form stands for."""

    @lru_cache(maxsize=2_000)
    def readings(form: str) -> Readings:
        if not _CYRILLIC.fullmatch(form):
            return (form,), frozenset()
        parses = _dictionary(language).parse(form)
        lemmas: dict[str, None] = {}
        tags: set[str] = set()
        for parse in parses:
            if parse.score < _LEAST and lemmas:
                continue
            lemmas[parse.normal_form.replace("ё", "е")] = None
            grammemes = parse.tag.grammemes
            tags.update(_TAGS[g] for g in grammemes if g in _TAGS)
            if "PRTS" in grammemes:
                tags.add("short")
            if "VERB" in grammemes and parse.word.endswith(("ся", "сь")):
                tags.add("reflexive")
        return tuple(lemmas), frozenset(tags)

    def entry_keys(form: str, pos: str = "") -> tuple[str, ...]:
        del pos  # a lemma tells its part of speech
        lemmas = readings(form)[0]
        return (form,) if form in lemmas else lemmas

    return readings, entry_keys
