"""The families of ``gold/copies.json``: a text with copies made by listed edits, and texts that must stay apart from it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from rasad.sources.copies import LIKE, bands, likeness, signature
from rasad.sources.corpus import components

GOLD = Path(__file__).resolve().parent / "gold" / "copies.json"


class Copy(NamedTuple):
    """A text, its language, and the story that it is a copy of: two texts of one story are near-copies."""

    name: str
    story: str
    language: str
    text: str


class Quality(NamedTuple):
    """How many pairs are rightly found, wrongly found, and missed, and which ones are wrong."""

    right: int
    wrong: list[tuple[str, str]]
    missed: list[tuple[str, str]]

    @property
    def precision(self) -> float:
        """The share of the pairs found that are near-copies."""
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of the near-copies that are found."""
        return self.right / max(1, self.right + len(self.missed))


def copies(*, held_out: bool) -> list[Copy]:
    """The texts of the families that are held out from tuning, or of the others."""
    families = json.loads(GOLD.read_text(encoding="utf-8"))["families"]
    return [copy for family in families if family.get("held_out", False) is held_out for copy in _texts(family)]


def _texts(family: dict[str, Any]) -> Iterable[Copy]:
    name, language = family["id"], family["language"]
    if "template" in family:
        for filled, words in family["apart"].items():
            story = f"{name}/{filled}"
            yield Copy(story, story, language, "\n\n".join(family["template"]).format(**words))
        return
    yield Copy(name, name, language, "\n\n".join(family["original"]))
    for edited, edits in family["copies"].items():
        yield Copy(f"{name}/{edited}", name, language, _edited(family["original"], edits))
    for other, paragraphs in family["apart"].items():
        yield Copy(f"{name}/{other}", f"{name}/{other}", language, "\n\n".join(paragraphs))


def _edited(original: list[str], edits: dict[str, Any]) -> str:
    """``keep`` the first so many paragraphs; a new ``headline`` (null: none), ``lead`` or ``tail``; ``replace`` words;
    ``quotes`` of another kind."""
    paragraphs = original[: edits.get("keep")]
    if "lead" in edits:
        paragraphs[1] = edits["lead"]
    if "headline" in edits:
        paragraphs[:1] = [edits["headline"]] if edits["headline"] else []
    paragraphs += [edits["tail"]] if "tail" in edits else []
    text = "\n\n".join(paragraphs)
    for old, new in edits.get("replace", ()):
        if old not in text:
            raise ValueError(f"{GOLD.name}: {old!r} is not in the text that it is to be replaced in: {text[:60]!r}")
        text = text.replace(old, new)
    return text.translate(str.maketrans('«»"', "“””")) if edits.get("quotes") else text


def groups(texts: list[Copy]) -> dict[str, str]:
    """The group of each text, by name, as the register finds it: keys, then likeness, then whatever hangs together."""
    marks = {text.name: signature(text.text) for text in texts}
    keys = {name: set(bands(mark)) for name, mark in marks.items()}
    near = [
        (a, b) for a, b in combinations(marks, 2) if keys[a] & keys[b] and likeness(marks[a], marks[b]) >= LIKE
    ]  # fmt: skip
    return components(near, marks)


def quality(texts: list[Copy], found: dict[str, str]) -> Quality:
    """The pairs of texts in one group beside the pairs of one story."""
    right, wrong, missed = 0, [], []
    for a, b in combinations(texts, 2):
        together = found[a.name] == found[b.name]
        if a.story == b.story:
            right += together
            missed += [] if together else [(a.name, b.name)]
        elif together:
            wrong.append((a.name, b.name))
    return Quality(right, wrong, missed)
