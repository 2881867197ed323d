"""Which language a text is in: by script and commonest words, and where these do not tell by py3langid."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from rasad.languages import codes, profile
from rasad.languages.words import fold, split

SAMPLE = 3_000  #: characters from the beginning that are looked at
CLEAR = 0.12  #: the share of commonest words that settles it
_RANGES = {"Arabic": ("\u0600", "\u06ff"), "Cyrillic": ("\u0400", "\u04ff"), "Latin": ("a", "\u024f")}


@cache
def _neighbours() -> dict[str, list[frozenset[str]]]:
    """The commonest words of other languages, by script."""
    data = tomllib.loads(files("rasad.languages").joinpath("neighbours.toml").read_text(encoding="utf-8"))
    return {script: [frozenset(map(fold, words)) for words in table.values()] for script, table in data.items()}


def identify(text: str) -> str | None:
    """The code of a language that Rasad reads, or None."""
    sample = text[:SAMPLE]
    words = [w.fold for w in split(sample) if w.kind == "w"]
    if not words:
        return None
    shares = _shares(words, sample)
    if not shares:
        return None
    ranked = sorted(shares.items(), key=lambda s: -s[1])
    best, share = ranked[0]
    runner_up = ranked[1][1] if len(ranked) > 1 else 0.0
    other = max((_share(words, common) for common in _neighbours().get(profile(best).script, ())), default=0.0)
    if share >= CLEAR and share - runner_up >= 0.03 and share > other:
        return best
    import py3langid

    guess = py3langid.classify(sample)[0]
    if guess in codes():
        return str(guess)
    return best if share >= 2 * CLEAR and share > other else None


def _share(words: list[str], common: frozenset[str]) -> float:
    return sum(word in common for word in words) / len(words)


def _shares(words: list[str], sample: str) -> dict[str, float]:
    """For each language of the text's script, the share of its commonest words, more where letters are its own alone."""
    letters = "".join(words)
    shares: dict[str, float] = {}
    for code in codes():
        known = profile(code)
        low, high = _RANGES[known.script]
        if sum(low <= c <= high for c in letters) / len(letters) < 0.5:
            continue
        own = sum(c in known.letters for c in sample.lower()) / len(letters)
        shares[code] = _share(words, known.function_words) + (0.1 if own > 0.004 else 0.0)
    return shares
