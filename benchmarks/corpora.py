"""The texts that are measured on: gold texts, ordinary news, and mixtures of the two of the length of news reports."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GOLD_DEV = ROOT / "tests" / "gold" / "dev"
GOLD_TEST = ROOT / "tests" / "gold" / "test"
GOLD_LATE = ROOT / "tests" / "gold" / "calibration"  #: written after the rules, by someone who had not seen them

REPORT = 2_500  #: bytes of UTF-8 in a report, about
ONE_IN = 100  #: one report in so many is about arms

Text = tuple[str, str]  #: the code of a language, and a text in it


@cache
def topics(folder: Path) -> list[dict[str, Any]]:
    """The gold files of a folder."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def arms() -> list[Text]:
    """Every gold text about arms that rules may look at, in all languages."""
    return [
        (code, text) for topic in topics(GOLD_DEV) if topic["claims"] for code, text in sorted(topic["texts"].items())
    ]


@cache
def ordinary(folder: Path) -> dict[str, list[str]]:
    """Sentences of ordinary news by language: the lines of ``ar.txt``, ``en.txt`` … in a folder."""
    return {
        path.stem: [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for path in sorted(folder.glob("??.txt"))
    }


def arms_reports(seed: int = 1) -> Iterator[Text]:
    """Reports about arms without end: gold texts in random order, put together to the length of a report."""
    choice = random.Random(seed)
    by_language: dict[str, list[str]] = {}
    for code, text in arms():
        by_language.setdefault(code, []).append(text)
    for code in cycle(sorted(by_language)):
        yield code, _filled(by_language[code], choice, "\n\n")


def ordinary_reports(folder: Path, seed: int = 2) -> Iterator[Text]:
    """Reports of ordinary news without end: sentences in their own order, from a random one on, to the length of a report."""
    choice = random.Random(seed)
    sentences = ordinary(folder)
    for code in cycle(sorted(sentences)):
        lines = sentences[code]
        first, chosen, length = choice.randrange(len(lines)), list[str](), 0
        while length < REPORT:
            chosen.append(lines[(first + len(chosen)) % len(lines)])
            length += size(chosen[-1])
        yield code, " ".join(chosen)


def mixed(folder: Path) -> Iterator[Text]:
    """The world's news: one report in ONE_IN about arms, the others not, without end."""
    return _mixture(arms_reports(), ordinary_reports(folder))


def fresh(folder: Path, seed: int = 1) -> Iterator[Text]:
    """Mixed news as long as one likes, in which hardly any report shares a passage with another: put together of the same few
    sentences, all would be near-copies. Words of ordinary news change places with their neighbours here and there."""
    return _mixture(_numbered(arms_reports(seed)), _stirred(ordinary_reports(folder, seed + 1), seed))


def renewed(texts: Iterator[Text], seed: int = 1) -> Iterator[Text]:
    """Texts with one word in ten put together of two, so that new words come for ever, as new names do."""
    choice = random.Random(seed)
    for code, text in texts:
        words = text.split(" ")
        for at in range(choice.randrange(10), len(words), 10):
            words[at] = words[at][:4] + words[choice.randrange(len(words))][2:]
        yield code, " ".join(words)


def _mixture(about: Iterator[Text], other: Iterator[Text]) -> Iterator[Text]:
    number = 0
    while True:
        number += 1
        yield next(about) if number % ONE_IN == ONE_IN // 2 else next(other)


def _numbered(texts: Iterator[Text]) -> Iterator[Text]:
    """Texts, each with a number of its own before it, so that none stands wholly in another."""
    for number, (code, text) in enumerate(texts):
        yield code, f"№ {number}\n\n{text}"


def _stirred(texts: Iterator[Text], seed: int) -> Iterator[Text]:
    choice = random.Random(seed)
    for code, text in texts:
        words, at = text.split(" "), choice.randrange(4)
        while at + 1 < len(words):
            words[at : at + 2] = words[at + 1], words[at]
            at += choice.randrange(3, 6)
        yield code, " ".join(words)


def up_to(texts: Iterator[Text], amount: int) -> Iterator[Text]:
    """The first texts, until they come to an amount in bytes."""
    for code, text in texts:
        yield code, text
        amount -= size(text)
        if amount <= 0:
            return


def size(text: str) -> int:
    """The length of a text in bytes of UTF-8."""
    return len(text.encode("utf-8"))


def _filled(pieces: list[str], choice: random.Random, between: str) -> str:
    chosen: list[str] = []
    length = 0
    while length < REPORT:
        chosen.append(choice.choice(pieces))
        length += size(chosen[-1])
    return between.join(chosen)
