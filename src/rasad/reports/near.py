"""What somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(given: str, known: Iterable[str]) -> str:
    """``; did you mean …?``, where something known is written much like it; else nothing."""
    from rapidfuzz import fuzz, process

    names = {name: name.lower() for name in known}
    found = process.extractOne(given.lower(), names, scorer=fuzz.ratio, score_cutoff=60)
    return f"; did you mean {found[2]}?" if found else ""
