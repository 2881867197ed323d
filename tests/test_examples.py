"""The example sentences of every language: the claims that stand beside them are found, and no sentence without any gives one.

A sentence alone may be screened out as too short to be about arms, so each is read with one more sentence after it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from gold_match import misread, missed

import rasad
from rasad.claims import Claim

AFTERWARDS = {
    "ar": " افتتح يوم الاثنين معرض الأسلحة والمعدات العسكرية، وفيه دبابات ومدافع هاوتزر وصواريخ مضادة للدبابات.",
    "en": " The exhibition of weapons and military equipment opened on Monday, with battle tanks, howitzers and anti-tank missiles.",
    "ru": " В понедельник открылась выставка вооружений и военной техники, на ней танки, гаубицы и противотанковые ракеты.",
    "uk": " У понеділок відкрилася виставка озброєнь і військової техніки, на ній танки, гаубиці та протитанкові ракети.",
}

# The reader misses these or adds to them. A number is the place of the example in examples.json, counted from nought.
KNOWN_MISSES: dict[tuple[str, int], str] = {
    ("en", 20): "missed service {'provider': ['org:Lockheed Martin'], 'client': ['country:GRC'], 'item': ['s",
    ("en", 371): "missed service {'provider': ['org:lockheed-martin'], 'client': ['country:SGP'], 'item': ['s",
    ("ru", 231): "missed dependence {'dependent': ['country:ARM'], 'provider': ['country:RUS']}",
    ("ru", 281): "missed restriction {'issuer': ['country:USA'], 'target': ['country:RUS']}",
    ("ru", 346): "missed service {'provider': ['country:ESP'], 'client': ['country:UKR'], 'item': ['system:HA",
    ("ru", 384): "missed dependence {'dependent': ['country:IRN'], 'provider': ['country:RUS'], 'item': ['cat",
    ("ru", 450): "missed position {'stance': ['calls-for']}",
    ("ru", 462): "missed dependence {'dependent': ['country:SWE'], 'provider': ['country:USA']}",
    ("uk", 147): "missed alignment {'actor': ['country:BFA'], 'toward': ['country:RUS']}",
    ("uk", 168): "missed transfer {'supplier': ['country:SWE'], 'recipient': ['country:HUN'], 'item': ['syste",
    ("uk", 435): "missed dependence {'dependent': ['country:LAO'], 'provider': ['country:CHN']}",
    ("uk", 166): "missed: transfer; who has paid for it is its recipient",
    ("uk", 485): "missed service {'provider': ['country:DEU'], 'client': ['country:AUT'], 'item': ['system:Eu",
    ("ar", 13): "missed: service {provider: [country:UKR], client: [country:EGY], item: [category:engines]}",
    ("ar", 16): "missed: service {provider: [country:GBR], client: [country:UKR], item: [system:Challenger 2]}",
    ("ar", 18): "missed: service {provider: [country:CHE], client: [country:SAU], item: [category:aircraft]}",
    ("ar", 77): "missed: transfer {supplier: [country:RUS], recipient: [country:MLI], item: [class:helicopter]}",
    ("ar", 102): "missed: transfer {supplier: [country:DEU], recipient: [org:egyptian-navy], item: [class:frigate]}",
    ("en", 22): "missed: service {provider: [country:RUS], client: [country:MMR], item: [system:MiG-29]}",
    ("en", 56): "missed: alignment {actor: [country:MDA], away_from: [bloc:CIS]}",
    ("ru", 135): "a claim where there is none: position",
    ("ru", 526): "a claim where there is none: restriction",
    ("uk", 115): "missed: allegation {accused: [country:TUR]}",
    ("uk", 131): "missed: joint_project {item: [category:engines], party: [country:IND, country:RUS]}",
    ("uk", 163): "missed: joint_project {item: [category:engines], party: [country:IND, country:RUS]}",
    ("uk", 456): "missed: joint_project; several makers are no joint project",
    ("uk", 458): "missed: service; the army before the verb is taken for its subject",
    ("uk", 482): "missed: transfer; whose tanks the engines are for",
}

# The claims are found, but the reader says something of them otherwise.
KNOWN_MISREADINGS: dict[tuple[str, int], str] = {
    ("en", 62): "said by [bloc:UN], not [anonymous:experts]",
}


@cache
def examples(code: str) -> list[dict[str, Any]]:
    text = files("rasad.languages").joinpath(code, "examples.json").read_text(encoding="utf-8")
    return list(json.loads(text))


@cache
def claims_of(code: str, number: int) -> list[Claim]:
    return rasad.read(examples(code)[number]["text"] + AFTERWARDS[code], language=code)


def cases(known: dict[tuple[str, int], str]) -> list[Any]:
    """Every example, those that are known to fail marked with the reason."""
    return [
        pytest.param(
            code,
            number,
            id=f"{code}-{number}",
            marks=[pytest.mark.xfail(strict=True, reason=known[code, number])] if (code, number) in known else [],
        )
        for code in AFTERWARDS
        for number in range(len(examples(code)))
    ]


@pytest.mark.parametrize("code", AFTERWARDS)
def test_the_sentence_that_is_added_says_nothing(code: str) -> None:
    assert rasad.read(AFTERWARDS[code], language=code) == []


@pytest.mark.parametrize(("code", "number"), cases(KNOWN_MISSES))
def test_an_example_is_read_as_its_claims_say(code: str, number: int) -> None:
    gold, claims = examples(code)[number]["claims"], claims_of(code, number)
    assert [line for one in gold for line in missed(one, claims)] == []
    if not gold:
        assert [f"{claim.frame} {claim.evidence.quote}" for claim in claims] == []


@pytest.mark.parametrize(("code", "number"), cases(KNOWN_MISREADINGS))
def test_what_is_said_of_an_example_is_right(code: str, number: int) -> None:
    assert [line for one in examples(code)[number]["claims"] for line in misread(one, claims_of(code, number))] == []
