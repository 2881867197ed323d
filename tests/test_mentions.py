"""What a text names, and what its words stand for."""

from __future__ import annotations

import pytest

import rasad


def fillers(code: str, text: str, frame: str, role: str) -> set[str]:
    """The ids that fill a role in the claims of a frame."""
    return {f.id for c in rasad.read(text, language=code) if c.frame == frame for f in c.roles.get(role, ())}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Russian experts repair the S-300 systems of Kazakhstan."),
        ("ru", "Российские специалисты ремонтируют комплексы С-300 Казахстана."),
        ("uk", "Російські фахівці ремонтують комплекси С-300 Казахстану."),
    ],
)
def test_specialists_who_do_not_speak_act_for_their_state(code: str, text: str) -> None:
    assert fillers(code, text, "service", "provider") == {"country:RUS"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Turkey tests helicopters. “We cannot make helicopter engines,” said Marko Dravinets, an engineer."),
        ("ru", "Турция испытывает вертолёты. «Мы не можем производить вертолётные двигатели», — сказал инженер Марко Дравинец."),
        ("uk", "Туреччина випробовує вертольоти. «Ми не можемо виробляти вертолітні двигуни», — сказав інженер Марко Дравинець."),
    ],
)  # fmt: skip
def test_we_of_a_speaker_without_a_known_state_is_the_state_that_the_text_is_about(code: str, text: str) -> None:
    assert fillers(code, text, "capability", "holder") == {"country:TUR"}


def test_the_owner_of_a_company_is_its_country() -> None:
    text = "Sweden's Saab delivered Gripen fighters to Brazil."
    assert fillers("en", text, "transfer", "supplier") == {"org:saab"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "North Korea has delivered a million artillery shells to Russia."),
        ("ru", "Северная Корея поставила России миллион артиллерийских снарядов."),
        ("uk", "Північна Корея поставила Росії мільйон артилерійських снарядів."),
        ("ar", "سلمت كوريا الشمالية روسيا مليون قذيفة مدفعية."),
    ],
)
def test_a_million_is_a_number_without_another(code: str, text: str) -> None:
    assert [c.quantity for c in rasad.read(text, language=code)] == [1_000_000]
