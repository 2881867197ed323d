"""Designations that the gazetteer does not list but whose pattern is known: Su-75, T-14, إس-700."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from rasad.claims import Entity


@cache
def _patterns(code: str) -> tuple[re.Pattern[str] | None, list[str], list[str]]:
    data = tomllib.loads(files(__package__).joinpath("data/spelling.toml").read_text(encoding="utf-8"))
    entries = [*data["patterns"].get(code, ()), *(data["patterns"].get("en", ()) if code != "en" else ())]
    if not entries:
        return None, [], []
    joined = "|".join(f"(?P<p{i}>{e['regex']})" for i, e in enumerate(entries))
    return (
        re.compile(rf"(?<![\w-])(?:{joined})(?![\w])"),
        [e["category"] for e in entries],
        [e.get("latin", "") for e in entries],
    )


def unknown_designations(text: str, start: int, end: int, code: str) -> list[tuple[int, int, Entity]]:
    """(start, end, entity) for every stretch of ``text[start:end]`` that looks like a designation."""
    pattern, categories, prefixes = _patterns(code)
    if pattern is None or not _FIGURES.search(text, start, end):
        return []
    found = []
    for match in pattern.finditer(text, start, end):
        index = int((match.lastgroup or "p0")[1:])
        name = latin(match.group(), prefixes[index])
        found.append(
            (
                match.start(),
                match.end(),
                Entity(id=f"system:{name}", name=name, category=categories[index], kind="pattern"),
            )
        )
    return found


@cache
def _letters() -> dict[str, str]:
    pairs = zip(
        "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐ",
        [
            "A",
            "B",
            "V",
            "G",
            "D",
            "E",
            "E",
            "Zh",
            "Z",
            "I",
            "Y",
            "K",
            "L",
            "M",
            "N",
            "O",
            "P",
            "R",
            "S",
            "T",
            "U",
            "F",
            "Kh",
            "Ts",
            "Ch",
            "Sh",
            "Shch",
            "_",
            "Y",
            "_",
            "E",
            "Yu",
            "Ya",
            "I",
            "Yi",
            "Ye",
            "G",
        ],
        strict=True,
    )
    table = {c: ("" if latin == "_" else latin) for c, latin in pairs}
    return table | {c.lower(): latin.lower() for c, latin in table.items()}


_FIGURES = re.compile(r"\d.*")


def latin(designation: str, prefix: str = "") -> str:
    """A designation in Latin letters: Су-75 is Su-75. Where the script has no letters of its own for them (سو-75), the
    pattern's Latin ``prefix`` stands before the figures."""
    figures = _FIGURES.search(designation)
    if prefix and figures and not any("A" <= c <= "z" or "\u0400" <= c <= "\u04ff" for c in designation):
        return prefix + figures.group()
    return "".join(_letters().get(c, c) for c in designation)
