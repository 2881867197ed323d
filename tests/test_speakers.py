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


def first_speakers(code: str, text: str, frame: str = "transfer", polarity: str = "positive") -> set[str]:
    """Who speaks first in each claim of a frame and a polarity."""
    found = [c for c in rasad.read(text, language=code) if c.frame == frame and c.polarity == polarity]
    return {claim.attribution[0].name if claim.attribution else "the author" for claim in found}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Turkey delivered Bayraktar TB2 drones to Kenya, sighed General Marko Dravinets."),
        ("ru", "Турция поставила Кении беспилотники «Байрактар ТБ2», вздохнул генерал Марко Дравинец."),
        ("uk", "Туреччина поставила Кенії безпілотники «Байрактар ТБ2», зітхнув генерал Марко Дравинець."),
    ],
)
def test_a_verb_after_the_words_that_were_said_tells_speech_whatever_it_means(code: str, text: str) -> None:
    assert first_speakers(code, text) == {"Marko Dravinets"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Diplomats lament that Turkey delivered Bayraktar TB2 drones to Kenya."),
        ("ru", "Дипломаты сокрушаются, что Турция поставила Кении беспилотники «Байрактар ТБ2»."),
        ("uk", "Дипломати журяться, що Туреччина поставила Кенії безпілотники «Байрактар ТБ2»."),
    ],
)
def test_a_person_and_a_verb_before_that_are_speech(code: str, text: str) -> None:
    assert first_speakers(code, text) == {"diplomats"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "en",
            "A spokeswoman for the defence ministry in Nairobi said Turkey had delivered Bayraktar TB2 drones to Somalia.",
        ),
        ("ru", "Представитель Кении заявил, что Турция поставила Сомали беспилотники «Байрактар ТБ2»."),
        ("uk", "Представник Кенії заявив, що Туреччина поставила Сомалі безпілотники «Байрактар ТБ2»."),
        ("ru", "Турция поставила Сомали беспилотники «Байрактар ТБ2», заявили в министерстве обороны Кении."),
    ],
)
def test_an_official_without_a_name_speaks_for_his_state(code: str, text: str) -> None:
    assert first_speakers(code, text) == {"Kenya"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "In 2020 Turkey delivered Bayraktar TB2 drones to Kenya, and according to analysts, China may sell missiles to Ghana."),
        ("ar", "في عام 2020 سلمت تركيا كينيا طائرات بيرقدار تي بي 2، ووفقا للمحللين قد تشتري غانا صواريخ من الصين."),
    ],
)  # fmt: skip
def test_according_to_in_a_clause_that_is_added_covers_that_clause(code: str, text: str) -> None:
    found = {
        c.roles["recipient"][0].id: c.attribution for c in rasad.read(text, language=code) if c.frame == "transfer"
    }
    assert found["country:KEN"] == [] or found["country:KEN"] == ()
    assert [s.name for s in found["country:GHA"]] == ["analysts"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Officials accused Kenya of diverting missiles to Somalia; a minister rejected the accusation."),
        ("ru", "Чиновники обвинили Кению в утечке ракет в Сомали."),
        ("uk", "Посадовці звинуватили Кенію у витоку ракет до Гани."),
    ],
)
def test_who_accuses_speaks_even_without_a_name(code: str, text: str) -> None:
    assert first_speakers(code, text, "allegation") == {"officials"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Norway has ordered four HIMARS launchers. Sweden may buy Patriot missiles from the United States, since Raytheon, "
            "General Erik Lund says, has promised a workshop.",
        ),
        (
            "ru",
            "Швеция может купить у США ракеты «Пэтриот», ведь Raytheon, по словам генерала Эрика Лунда, обещала мастерскую.",
        ),
    ],
)
def test_who_speaks_inside_a_clause_speaks_for_that_clause_alone(language: str, text: str) -> None:
    bought = [
        c
        for c in rasad.read(text, language=language)
        if c.frame == "transfer" and "supplier" in c.roles and c.roles["supplier"][0].id == "country:USA"
    ]
    assert [c.attribution for c in bought] == [[]]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            '"If Cairo takes the Su-35 fighters, we will impose sanctions on Egypt. We have told them so," Mike Pompeo said.',
        ),
        (
            "ru",
            "«Если Каир получит истребители Су-35, мы введём санкции против Египта. Мы им говорили», — заявил Майк Помпео.",
        ),
    ],
)
def test_a_verb_of_saying_inside_a_quotation_is_not_that_of_who_is_quoted(language: str, text: str) -> None:
    banned = [c for c in rasad.read(text, language=language) if c.frame == "restriction"]
    assert [s.id for c in banned for s in c.attribution] == ["person:pompeo-mike"]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("en", "A source close to Rosoboronexport told Reuters that Egypt had received five Su-35 fighters.", "sources"),
        ("ru", "Египет получил пять Су-35, рассказал агентству Reuters источник, близкий к «Рособоронэкспорту».", "sources"),
        ("ar", "اتهمت كييف إيران بتزويد روسيا بطائرات مسيّرة في انتهاك لقرارات الأمم المتحدة، ورفضت وزارة الخارجية الإيرانية هذا الاتهام.", "IRN"),
        ("uk", "Польща купить сто БМП, повідомив генеральний директор Patria Юкка Харью.", "person"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_speaker_does_not_speak(language: str, text: str, speaker: str) -> None:
    claims = [c for c in rasad.read(text, language=language) if c.frame == "transfer" or c.polarity == "negative"]
    speakers = [s.id for c in claims for s in c.attribution]
    expected = {"sources": "anonymous:sources", "IRN": "country:IRN", "person": "person:gr-k"}[speaker]
    assert speakers == [expected]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "أكدت صربيا شراء 12 مقاتلة رافال من فرنسا."),
        ("en", "Serbia confirmed the purchase of 12 Rafale fighters from France."),
        ("ru", "Сербия подтвердила покупку 12 истребителей «Рафаль» у Франции."),
    ],
)
def test_a_state_that_announces_its_own_deed_acts(code: str, text: str) -> None:
    (claim,) = [c for c in rasad.read(text, language=code) if c.frame == "transfer"]
    assert [f.id for f in claim.roles["recipient"]] == ["country:SRB"]
    assert claim.attribution == []
