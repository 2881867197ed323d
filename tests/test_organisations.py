"""Organisations that nobody listed."""

from __future__ import annotations

import pytest

import rasad

FIRMS = {
    "en": "The Norwegian firm Brannvik supplied Kenya with 12 anti-tank missiles. Two years later Brannvik sold howitzers to Ghana.",
    "ru": "Норвежская фирма «Браннвик» поставила Кении 12 противотанковых ракет. Позже «Браннвик» продала Гане гаубицы.",
    "uk": "Норвезька фірма «Браннвік» поставила Кенії 12 протитанкових ракет. Згодом «Браннвік» продала Гані гаубиці.",
    "ar": "زودت شركة «برانفيك» النرويجية كينيا باثني عشر صاروخًا مضادًا للدبابات.",
}


@pytest.mark.parametrize("code", sorted(FIRMS))
def test_a_firm_that_nobody_listed_is_found_by_the_word_before_it(code: str) -> None:
    suppliers = [f for c in rasad.read(FIRMS[code], language=code) for f in c.roles.get("supplier", ())]
    assert {f.id for f in suppliers} == {"org:brnfk"}
    assert suppliers[0].country == "NOR"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Prosecutors accused the exporter, Veldora Arms, of corruption in the sale of howitzers to Ghana."),
        ("ru", "Прокуратура обвинила экспортёра — Veldora Arms — в коррупции при продаже гаубиц Гане."),
        ("uk", "Прокуратура звинуватила експортера — Veldora Arms — у корупції під час продажу гаубиць Гані."),
    ],
)
def test_a_firm_that_nobody_listed_is_found_by_the_last_word_of_its_name(code: str, text: str) -> None:
    accused = [f.name for c in rasad.read(text, language=code) for f in c.roles.get("accused", ())]
    assert set(accused) == {"Veldora Arms"}


def test_letters_in_brackets_are_a_name_from_then_on() -> None:
    text = "The firm Veldora Arms (VLA) makes rockets. VLA delivered 40 anti-tank missiles to Ghana."
    (claim,) = [c for c in rasad.read(text, language="en") if c.frame == "transfer"]
    assert [f.name for f in claim.roles["supplier"]] == ["Veldora Arms"]
