"""Which language a text is in: by script and commonest words, and where these do not tell by py3langid."""

from __future__ import annotations

from rasad.languages import codes, profile
from rasad.languages.words import split

SAMPLE = 3_000  #: characters from the beginning that are looked at
CLEAR = 0.12  #: the share of commonest words that settles it
_RANGES = {"Arabic": ("\u0600", "\u06ff"), "Cyrillic": ("\u0400", "\u04ff"), "Latin": ("a", "\u024f")}


def identify(text: str) -> str | None:
    """The code of a language that Rasad reads, or None."""
    sample = text[:SAMPLE]
    words = [w.fold for w in split(sample) if w.kind == "w"]
    if not words:
        return None
    letters = "".join(words)
    shares: dict[str, float] = {}
    for code in codes():
        known = profile(code)
        low, high = _RANGES[known.script]
        scripted = sum(low <= c <= high for c in letters) / len(letters)
        if scripted < 0.5:
            continue
        share = sum(w in known.function_words for w in words) / len(words)
        own = sum(c in known.letters for c in sample.lower()) / len(letters)
        shares[code] = share + (0.1 if own > 0.004 else 0.0)
    if not shares:
        return None
    ranked = sorted(shares.items(), key=lambda s: -s[1])
    best, share = ranked[0]
    runner_up = ranked[1][1] if len(ranked) > 1 else 0.0
    if share >= CLEAR and share - runner_up >= 0.03:
        return best
    import py3langid

    guess = py3langid.classify(sample)[0]
    if guess in codes():
        return str(guess)
    return best if share >= 2 * CLEAR else None
