"""Which language a text is in: by script and commonest words, and where these do not tell by py3langid."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from rasad.languages import codes, profile

SAMPLE = 1_200  #: characters from the beginning that are looked at
HEAD = 300  #: characters that tell the script
CERTAIN = 0.3  #: the share of commonest words that settles it at once
CLEAR = 0.12  #: the share that settles it where no other language of the script has more
TIE = 3.0  #: a language that is less likely than py3langid's first guess by less (natural logarithm) is as good as it
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Cyrillic": re.compile("[\u0400-\u04ff]"),
    "Latin": re.compile("[a-z\u00c0-\u024f]"),
}


@cache
def _neighbours() -> dict[str, list[frozenset[str]]]:
    """The commonest words of other languages, by script."""
    data = tomllib.loads(files("rasad.languages").joinpath("neighbours.toml").read_text(encoding="utf-8"))
    return {script: [frozenset(words) for words in table.values()] for script, table in data.items()}


def identify(text: str) -> str | None:
    """The code of a language that Rasad reads, or None."""
    sample = text[:SAMPLE].lower()
    words = _WORD.findall(sample)
    shares = _shares(words, sample) if words else {}
    if not shares:
        return None
    ranked = sorted(shares.items(), key=lambda s: -s[1])
    best, share = ranked[0]
    runner_up = ranked[1][1] if len(ranked) > 1 else 0.0
    if share >= CERTAIN and share - runner_up >= 0.03:
        return best
    other = max((_share(words, common) for common in _neighbours().get(profile(best).script, ())), default=0.0)
    if share >= CLEAR and share - runner_up >= 0.03 and share > other:
        return best
    import py3langid

    guesses = py3langid.rank(text[: 2 * SAMPLE])
    guess, score = guesses[0]
    if guess in codes():
        return str(guess)
    common = share >= 2 * CLEAR and share > other
    tied = share >= CLEAR and any(code == best and score - its < TIE for code, its in guesses)
    return best if common or tied else None


def _share(words: list[str], common: frozenset[str]) -> float:
    return sum(map(common.__contains__, words)) / len(words)


def _shares(words: list[str], sample: str) -> dict[str, float]:
    """For each language of the text's script, the share of its commonest words, more where letters are its own alone."""
    head = sample[:HEAD]
    counts = {name: len(pattern.findall(head)) for name, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    shares: dict[str, float] = {}
    for code in codes():
        known = profile(code)
        if known.script != script:
            continue
        own = sum(map(sample.count, known.letters)) / len(sample)
        shares[code] = _share(words, known.common) + (0.1 if own > 0.003 else 0.0)
    return shares
