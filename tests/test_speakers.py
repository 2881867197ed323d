"""Who speaks when he is not named again."""

from __future__ import annotations

import pytest

import rasad

DELIVERIES = {
    "en": "Indian Defence Minister Rajnath Singh visited Moscow. According to him, Russia will deliver S-400 missile systems to India.",
    "ru": "Министр обороны Индии Раджнатх Сингх посетил Москву. По его словам, Россия поставит Индии зенитные ракетные системы С-400.",
    "uk": "Міністр оборони Індії Раджнатх Сінгх відвідав Москву. За його словами, Росія поставить Індії зенітні ракетні системи С-400.",
    "ar": "زار وزير الدفاع الهندي راجناث سينغ موسكو. وأضاف أن روسيا ستسلم الهند منظومات إس-400 الصاروخية.",
}


@pytest.mark.parametrize("code", sorted(DELIVERIES))
def test_his_words_are_those_of_the_minister_named_before(code: str) -> None:
    (claim,) = [c for c in rasad.read(DELIVERIES[code], language=code) if c.frame == "transfer"]
    assert [speaker.id for speaker in claim.attribution] == ["person:singh-rajnath"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Turkey has delivered two T-129 attack helicopters and missiles to Somalia. "
               "This was announced by Defence Minister Hulusi Akar."),
        ("ru", "Турция поставила Сомали ударные вертолёты и ракеты. Об этом сообщил министр обороны Хулуси Акар."),
        ("uk", "Туреччина поставила Сомалі ударні вертольоти й ракети. Про це повідомив міністр оборони Хулусі Акар."),
    ],
)  # fmt: skip
def test_a_sentence_that_reports_this_names_the_speaker_of_the_one_before(code: str, text: str) -> None:
    found = [c for c in rasad.read(text, language=code) if c.frame == "transfer"]
    assert {tuple(speaker.id for speaker in claim.attribution) for claim in found} == {("person:akar-hulusi",)}


def test_an_answer_in_an_interview_is_said_by_the_one_who_is_asked() -> None:
    text = (
        "Air Marshal Ravi Menon spoke to us in Delhi about arms imports.\n"
        "Which aircraft does India operate?\n"
        "Menon: India bought 36 Rafale fighters from France.\n"
    )
    (claim,) = [c for c in rasad.read(text, language="en") if c.frame == "transfer"]
    assert [speaker.name for speaker in claim.attribution] == ["Ravi Menon"]


def test_a_navy_is_not_supplied_by_its_own_state() -> None:
    text = "Naval Group completed the modernisation of the Egyptian frigates, and the Egyptian Navy received the last in 2023."
    for claim in rasad.read(text, language="en"):
        states = [{f.country for f in claim.roles.get(role, ())} for role in ("supplier", "recipient")]
        assert not states[0] & states[1]
