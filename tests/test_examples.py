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
    "ar": " افتتح معرض الأسلحة يوم الاثنين.",
    "en": " The weapons exhibition opened on Monday.",
    "ru": " Выставка вооружений открылась в понедельник.",
    "uk": " Виставка озброєнь відкрилася в понеділок.",
}

# The reader misses these or adds to them. A number is the place of the example in examples.json, counted from nought.
KNOWN_MISSES: dict[tuple[str, int], str] = {
    ("ar", 6): "missed: transfer {supplier: [country:DEU], recipient: [country:UKR], item: [system:Taurus]}",
    ("ar", 10): "missed: transfer {supplier: [country:USA], recipient: [country:ISR], item: [category:ammunition]}",
    ("ar", 13): "missed: service {provider: [country:UKR], client: [country:EGY], item: [category:engines]}",
    ("ar", 14): "missed: service {client: [country:SAU], item: [system:M60]}",
    ("ar", 15): "missed: service {provider: [country:RUS], client: [country:IND], item: [system:Su-30]}",
    ("ar", 16): "missed: service {provider: [country:GBR], client: [country:UKR], item: [system:Challenger 2]}",
    ("ar", 17): "missed: service {provider: [country:ISR], client: [country:BRA], item: [system:F-5]}",
    ("ar", 18): "missed: service {provider: [country:CHE], client: [country:SAU], item: [category:aircraft]}",
    ("ar", 22): "missed: joint_project {item: [system:JF-17], party: [country:PAK, country:CHN]}",
    ("ar", 34): "missed: dependence {dependent: [country:SRB], provider: [country:RUS], item: [category:aircraft]}",
    ("ar", 37): "missed: cooperation {party: [country:DZA, country:CHN]}",
    ("ar", 39): "missed: cooperation {party: [country:TUR, country:PAK]}",
    ("ar", 40): "missed: cooperation {party: [country:IND, country:FRA]}",
    ("ar", 42): "missed: membership {member: [country:FIN], organisation: [bloc:NATO]}",
    ("ar", 45): "missed: membership {member: [country:SWE], organisation: [bloc:NATO]}",
    ("ar", 46): "missed: membership {member: [country:UKR], organisation: [bloc:NATO]}",
    ("ar", 47): "missed: alignment {actor: [country:ARM], toward: [country:FRA], away_from: [country:RUS]}",
    ("ar", 50): "missed: alignment {actor: [country:SAU], toward: [country:CHN]}",
    ("ar", 52): "missed: allegation {accused: [org:leonardo], counterpart: [country:IND], item: [category:aircraft...",
    ("ar", 55): "missed: restriction {issuer: [country:ITA], target: [country:SAU], item: [category:ammunition]}",
    ("ar", 77): "missed: transfer {supplier: [country:RUS], recipient: [country:MLI], item: [class:helicopter]}",
    ("ar", 97): "missed: dependence {dependent: [country:DZA], provider: [country:RUS]}",
    ("ar", 102): "missed: transfer {supplier: [country:DEU], recipient: [org:egyptian-navy], item: [class:frigate]}",
    ("ar", 121): "missed: competition {competitor: [country:TUR], rival: [country:CHN], item: [class:drone]}",
    ("ar", 122): "missed: alignment {actor: [country:VNM], away_from: [country:RUS]}",
    ("ar", 125): "missed: membership {member: [country:UKR], organisation: [bloc:NATO]}",
    ("ar", 127): "missed: restriction {issuer: [org:us-treasury], target: [org:baykar]}",
    ("ar", 129): "missed: joint_project {item: [class:fighter], party: [country:FRA, country:DEU, country:ESP]}",
    ("ar", 130): "missed: cooperation {party: [country:SAU, country:PAK]}",
    ("en", 12): "missed: transfer {supplier: [country:DNK], recipient: [country:UKR], item: [category:armoured-veh...",
    ("en", 14): "missed: transfer {supplier: [country:UKR], recipient: [country:THA], item: [system:Oplot]}",
    ("en", 15): "missed: transfer {supplier: [country:CHN], recipient: [country:PAK], item: [system:J-35]}",
    ("en", 16): "missed: transfer {supplier: [country:RUS], recipient: [country:IND], item: [system:T-14]}",
    ("en", 22): "missed: service {provider: [country:RUS], client: [country:MMR], item: [system:MiG-29]}",
    ("en", 25): "missed: joint_project {item: [category:aircraft], party: [country:JPN, country:GBR, country:ITA]}",
    ("en", 30): "missed: competition {competitor: [country:CHN], rival: [country:USA], market: [country:NGA], item...",
    ("en", 33): "missed: competition {competitor: [country:TUR], rival: [country:ISR], market: [country:AZE]}",
    ("en", 34): "missed: competition {competitor: [country:SWE], rival: [country:FRA], market: [country:PER], item...",
    ("en", 37): "missed: capability {holder: [country:IRN], item: [category:engines]}",
    ("en", 50): "missed: membership {member: [country:SWE], organisation: [bloc:NATO]}",
    ("en", 52): "missed: membership {member: [country:UKR], organisation: [bloc:NATO]}",
    ("en", 54): "missed: membership {member: [country:AUT], organisation: [bloc:NATO]}",
    ("en", 55): "missed: alignment {actor: [country:NER], toward: [country:RUS], away_from: [country:FRA]}",
    ("en", 56): "missed: alignment {actor: [country:MDA], away_from: [bloc:CIS]}",
    ("en", 58): "missed: alignment {toward: [country:CHN], away_from: [country:USA]}",
    ("en", 95): "missed: joint_project {item: [system:KAAN], party: [country:TUR, country:PAK]}",
    ("en", 99): "missed: dependence {dependent: [country:UKR], provider: [country:USA], item: [system:Patriot]}",
    ("en", 103): "missed: transfer {supplier: [org:thales], recipient: [org:dutch-armed-forces], item: [system:Bush...",
    ("en", 110): "missed: membership {member: [country:GEO], organisation: [bloc:NATO]}",
    ("en", 112): "missed: transfer {supplier: [country:IRN], recipient: [country:SDN], item: [class:drone]}",
    ("en", 113): "missed: transfer {supplier: [country:TUR], recipient: [country:SOM], item: [system:T129 ATAK]}",
    ("en", 117): "missed: dependence {dependent: [country:CHN], provider: [country:RUS], item: [category:engines]}",
    ("en", 118): "missed: transfer {supplier: [country:ITA], recipient: [country:KWT], item: [system:Eurofighter Ty...",
    ("en", 119): "missed: service {provider: [country:FRA], client: [org:egyptian-navy], item: [system:Mistral]}",
    ("en", 120): "missed: transfer {supplier: [country:FRA], recipient: [country:RUS], item: [system:Mistral]}",
    ("en", 124): "missed: alignment {actor: [country:MDA], toward: [bloc:EU], away_from: [country:RUS]}",
    ("en", 127): "missed: allegation {accused: [org:mke], accuser: [country:TUR], offence: [corruption]}",
    ("en", 129): "missed: membership {member: [country:MKD], organisation: [bloc:NATO]}",
    ("en", 132): "missed: membership {member: [country:SRB], organisation: [bloc:NATO]}",
    ("en", 136): "missed: transfer {supplier: [country:TUR], recipient: [country:MAR], item: [class:drone]}",
    ("en", 137): "missed: restriction {issuer: [country:CAN], target: [country:TUR]}",
    ("en", 140): "missed: alignment {actor: [country:RUS], toward: [country:DZA]}",
    ("ru", 34): "missed: dependence {dependent: [country:ARM], provider: [country:RUS]}",
    ("ru", 45): "missed: allegation {accused: [country:SRB]}",
    ("ru", 73): "missed: transfer {supplier: [country:FRA], recipient: [country:AZE], item: [category:satellites]}",
    ("ru", 77): "missed: competition {competitor: [country:ISR], rival: [country:RUS], market: [country:VNM], item...",
    ("ru", 109): "missed: transfer {supplier: [country:USA], recipient: [country:MAR], item: [system:AH-64 Apache]}",
    ("uk", 17): "missed: service {provider: [country:ISR], client: [country:ROU], item: [category:aircraft]}",
    ("uk", 23): "missed: joint_project {item: [category:armoured-vehicles], party: [country:TUR, country:MYS]}",
    ("uk", 24): "missed: joint_project {item: [category:aircraft], party: [country:DNK, country:UKR]}",
    ("uk", 25): "missed: joint_project {item: [category:aircraft], party: [country:ITA, country:JPN, country:GBR]}",
    ("uk", 38): "missed: dependence {dependent: [country:SAU], provider: [country:USA]}",
    ("uk", 39): "missed: dependence {dependent: [country:TUR], provider: [country:USA]}",
    ("uk", 42): "missed: cooperation {party: [country:AZE, country:TUR]}",
    ("uk", 43): "missed: cooperation {party: [country:JPN, country:PHL]}",
    ("uk", 46): "missed: membership {member: [country:FIN], organisation: [bloc:NATO]}",
    ("uk", 47): "missed: membership {member: [country:MDA], organisation: [bloc:EU]}",
    ("uk", 48): "missed: membership {member: [country:MNG], organisation: [bloc:SCO]}",
    ("uk", 49): "missed: membership {member: [country:USA], organisation: [bloc:NATO]}",
    ("uk", 50): "missed: membership {member: [country:GEO], organisation: [bloc:CIS]}",
    ("uk", 51): "missed: alignment {actor: [country:MLI], toward: [country:RUS], away_from: [country:FRA]}",
    ("uk", 53): "missed: alignment {actor: [country:PHL], toward: [country:USA]}",
    ("uk", 54): "missed: alignment {actor: [country:TUR], away_from: [bloc:NATO]}",
    ("uk", 55): "missed: alignment {actor: [country:UZB], away_from: [country:RUS]}",
    ("uk", 56): "missed: allegation {accused: [country:PAK], offence: [illicit-transfer]}",
    ("uk", 57): "missed: allegation {accused: [country:SRB]}",
    ("uk", 60): "missed: allegation {accused: [country:TUR]}",
    ("uk", 63): "missed: restriction {issuer: [country:CAN], target: [country:TUR]}",
    ("uk", 69): "missed: position {holder: [anonymous:diplomats], stance: [warns]}",
    ("uk", 87): "missed: transfer {supplier: [country:ISR], recipient: [country:AZE], item: [category:aircraft]}",
    ("uk", 90): "missed: transfer {supplier: [country:DEU], recipient: [country:EGY], item: [category:ships]}",
    ("uk", 93): "missed: transfer {supplier: [country:TUR], recipient: [country:SOM], item: [category:armoured-veh...",
    ("uk", 94): "missed: transfer {supplier: [country:JPN], recipient: [country:PHL], item: [category:sensors]}",
    ("uk", 95): "missed: transfer {supplier: [country:CHN], recipient: [country:THA], item: [category:ships]}",
    ("uk", 96): "missed: transfer {supplier: [country:USA], recipient: [country:HRV], item: [category:aircraft]}",
    ("uk", 104): "missed: transfer {supplier: [org:Hanwha Aerospace], recipient: [country:POL], item: [system:K239 ...",
    ("uk", 106): "missed: transfer {supplier: [country:SRB], recipient: [country:UKR], item: [category:ammunition]}",
    ("uk", 108): "missed: transfer {supplier: [org:Czechoslovak Group], recipient: [org:Ukrainian Armed Forces], it...",
    ("uk", 112): "missed: allegation {accused: [org:Airbus], offence: [corruption]}",
    ("uk", 115): "missed: allegation {accused: [country:TUR]}",
    ("uk", 119): "missed: restriction {issuer: [country:NLD], target: [country:TUR]}",
    ("uk", 120): "missed: restriction {issuer: [country:BEL], target: [country:SAU]}",
    ("uk", 126): "missed: dependence {dependent: [country:ARM], provider: [country:RUS]}",
    ("uk", 131): "missed: joint_project {item: [category:engines], party: [country:IND, country:RUS]}",
    ("uk", 132): "missed: joint_project {item: [category:missiles], party: [country:BLR, country:RUS]}",
    ("uk", 136): "missed: service {provider: [org:BAE Systems], client: [country:SAU], item: [category:aircraft]}",
    ("uk", 143): "missed: membership {member: [country:SWE], organisation: [bloc:NATO]}",
    ("uk", 147): "missed: alignment {actor: [country:BFA], toward: [country:RUS]}",
    ("uk", 148): "missed: cooperation {party: [country:IND, country:ISR]}",
    ("uk", 149): "missed: cooperation {party: [country:MAR, country:ISR]}",
    ("uk", 163): "missed: joint_project {item: [category:engines], party: [country:IND, country:RUS]}",
}

# The claims are found, but the reader says something of them otherwise.
KNOWN_MISREADINGS: dict[tuple[str, int], str] = {
    ("ar", 3): "stage is delivering, not delivered",
    ("en", 7): "said by [], not [org:Rosoboronexport]",
    ("en", 62): "said by [bloc:UN], not [anonymous:experts]",
    ("ru", 110): "said by [], not [country:KOR]",
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
