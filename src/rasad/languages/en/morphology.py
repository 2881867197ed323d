"""English word forms: regular endings by rule, irregular ones from ``irregular.tsv``."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

Readings = tuple[tuple[str, ...], frozenset[str]]


@cache
def _irregular() -> dict[str, list[tuple[str, str]]]:
    forms: dict[str, list[tuple[str, str]]] = {}
    for line in files(__package__).joinpath("irregular.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            form, lemma, tag = line.split("\t")
            forms.setdefault(form, []).append((lemma, tag))
    return forms


def _bases(stem: str) -> list[str]:
    """What a stem may be the stem of: supplied → suppli → supply, shipped → shipp → ship, licensed → licens → license."""
    bases = [stem, stem + "e"]
    if stem.endswith("i"):
        bases.append(stem[:-1] + "y")
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "aeiou":
        bases.append(stem[:-1])
    return bases


@lru_cache(maxsize=2_000)
def readings(form: str) -> Readings:
    """The lemmas and tags that a form may have."""
    lemmas: dict[str, None] = {form: None}
    tags: set[str] = set()
    for lemma, tag in _irregular().get(form, ()):
        lemmas[lemma] = None
        tags.update(tag.split(","))
    if form.endswith("'s"):
        lemmas[form[:-2]] = None
        tags.add("possessive")
    elif form.endswith("s'"):
        lemmas[form[:-1]] = None
        lemmas[form[:-2]] = None
        tags.add("possessive")
    elif len(form) > 3:
        if form.endswith("ing"):
            lemmas.update(dict.fromkeys(_bases(form[:-3])))
            tags.add("gerund")
        elif form.endswith("ed"):
            lemmas.update(dict.fromkeys(_bases(form[:-2])))
            tags.update(("past", "participle"))
        elif form.endswith("ies"):
            lemmas[form[:-3] + "y"] = None
            tags.update(("present", "plur"))
        elif form.endswith("es"):
            lemmas[form[:-1]] = None
            if form[:-2].endswith(("s", "x", "z", "ch", "sh", "o")):
                lemmas[form[:-2]] = None
            tags.update(("present", "plur"))
        elif form.endswith("s") and not form.endswith("ss"):
            lemmas[form[:-1]] = None
            tags.update(("present", "plur"))
    return tuple(lemmas), frozenset(tags)


def entry_keys(form: str, pos: str = "") -> tuple[str, ...]:
    """The keys of a form in an entry: entries are in dictionary form, so the form itself; a word of a closed class is
    met in this form alone (*not*, but no *noted*)."""
    return ("=" + form,) if pos == "closed" else (form,)
