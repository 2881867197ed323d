"""Persons: one id for one person, in every script and spelling."""

from __future__ import annotations

import pytest

import rasad
from rasad.claims import Speaker
from rasad.reading.people import person_id, romanise, skeleton


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Sergey Zgurets", "Sergey Zgurets"),
        ("Сергей Згурец", "Sergey Zgurets"),
        ("Иван Петров", "Ivan Petrov"),
        ("Анна  Иванова", "Anna Ivanova"),
        ("Мария", "Mariya"),
    ],
)
def test_a_name_is_written_in_latin_letters(name: str, latin: str) -> None:
    assert romanise(name) == latin


@pytest.mark.parametrize(
    "name", ["زغوريتس", "سيرغي زغوريتس", "عبد الفتاح السيسي", "Згурець", "Їжакевич", "Müller", "Łukasz Żur"]
)
def test_a_romanised_name_has_only_latin_letters_and_as_many_words(name: str) -> None:
    latin = romanise(name)
    assert latin.isascii()
    assert all(part[0].isupper() for part in latin.split())
    assert len(latin.split()) == len(name.split())


@pytest.mark.parametrize(
    "spellings",
    [
        ["Zgurets", "Zghurets", "Згурец", "Згурець", "زغوريتس", "زغورتس"],
        ["Petrov", "Petroff", "Петров", "بيتروف", "بتروف"],
        ["Shevchenko", "Шевченко", "شيفتشينكو", "شيفشنكو"],
        ["Zelensky", "Zelenskyy", "Zelenskiy"],
        ["Yushchenko", "Ющенко", "يوشتشينكو"],
        ["Kuleba", "Кулеба", "كوليبا"],
        ["Müller", "Muller"],
    ],
    ids=lambda spellings: spellings[0],
)
def test_one_surname_has_one_skeleton_in_every_script(spellings: list[str]) -> None:
    assert {skeleton(s) for s in spellings} == {skeleton(spellings[0])}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zgurets", "Zaitsev"),
        ("Петров", "Попов"),
        ("Шевченко", "Савченко"),
        ("Ivanov", "Sidorov"),
        ("زغوريتس", "زابورين"),
        ("Li", "Wu"),
    ],
)
def test_different_surnames_have_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_a_name_without_consonants_still_has_a_skeleton() -> None:
    assert skeleton("Ai") == "ai"
    assert person_id("Ai") == "person:ai"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Сергей Згурец", "Sergey Zgurets"),
        ("سيرغي زغوريتس", "Сергей Згурец"),
        ("Anna-Maria Petrova", "Anna Maria Petrova"),
    ],
)
def test_one_person_has_one_id(one: str, other: str) -> None:
    assert person_id(one) == person_id(other)


def test_the_egyptian_spelling_of_a_given_name_is_the_same_person() -> None:
    assert person_id("سيرجي زغوريتس") == person_id("سيرغي زغوريتس")


def test_two_persons_of_one_surname_have_two_ids() -> None:
    assert person_id("Ivan Petrov") != person_id("Oleg Petrov")


@pytest.mark.parametrize("name", ["金正恩", "習近平", "É", "...", "Ъ"])
def test_an_id_is_never_empty_and_only_of_small_latin_letters(name: str) -> None:
    kind, _, rest = person_id(name).partition(":")
    assert kind == "person"
    assert rest.replace("-", "").isalpha() or rest == ""
    assert rest == rest.lower()


REPORTS = {
    "en": "Turkey delivered 12 Bayraktar TB2 drones to Kenya, analyst Sergey Zgurets said.",
    "ru": "Турция поставила Кении 12 беспилотников «Байрактар ТБ2», сообщил аналитик Сергей Згурец.",
    "uk": "Туреччина поставила Кенії 12 безпілотників «Байрактар ТБ2», повідомив аналітик Сергій Згурець.",
    "ar": "سلمت تركيا كينيا 12 طائرة مسيرة من طراز بيرقدار تي بي 2، بحسب المحلل سيرغي زغوريتس.",
}


def speakers(text: str, language: str) -> list[Speaker]:
    return [speaker for claim in rasad.read(text, language=language) for speaker in claim.attribution]


@pytest.mark.parametrize("language", REPORTS)
def test_the_same_speaker_has_the_same_id_in_every_language(language: str) -> None:
    assert {speaker.id for speaker in speakers(REPORTS[language], language)} == {speakers(REPORTS["en"], "en")[0].id}


UNKNOWN = {
    "en": "Turkey delivered 12 Bayraktar TB2 drones to Kenya, analyst Marko Dravinets said.",
    "ru": "Турция поставила Кении 12 беспилотников «Байрактар ТБ2», сообщил аналитик Марко Дравинец.",
    "uk": "Туреччина поставила Кенії 12 безпілотників «Байрактар ТБ2», повідомив аналітик Марко Дравинець.",
    "ar": "سلمت تركيا كينيا 12 طائرة مسيرة من طراز بيرقدار تي بي 2، بحسب المحلل ماركو درافينتس.",
}


@pytest.mark.parametrize("language", UNKNOWN)
def test_a_person_whom_nobody_listed_is_one_id_in_every_language(language: str) -> None:
    assert [speaker.id for speaker in speakers(UNKNOWN[language], language)] == [person_id("Marko Dravinets")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Аналитик Марко Дравинец следит за рынком оружия. По словам Дравинца, Турция поставила Кении беспилотники «Байрактар ТБ2»."),
        ("uk", "Аналітик Марко Дравинець стежить за ринком зброї. За словами Дравинця, Туреччина поставила Кенії безпілотники «Байрактар ТБ2»."),
        ("en", "Analyst Marko Dravinets follows the arms market. According to Dravinets, Turkey delivered Bayraktar TB2 drones to Kenya."),
        ("ar", "يتابع المحلل ماركو درافينتس سوق السلاح. وبحسب درافينتس، سلمت تركيا كينيا طائرات مسيرة من طراز بيرقدار تي بي 2."),
    ],
)  # fmt: skip
def test_a_surname_alone_is_the_person_named_before_in_any_case(language: str, text: str) -> None:
    assert {speaker.id for speaker in speakers(text, language)} == {person_id("Marko Dravinets")}


def test_a_speaker_has_a_name_a_title_and_an_organisation() -> None:
    text = "Turkey delivered 12 Bayraktar TB2 drones to Kenya, said Marko Dravinets, head of the sales department of Baykar."
    (speaker,) = speakers(text, "en")
    assert (speaker.name, speaker.kind, speaker.organisation, speaker.anonymous) == (
        "Marko Dravinets",
        "person",
        "Baykar",
        False,
    )
    assert speaker.title is not None
    assert speaker.title.startswith("head of")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Bulgaria bought eight F-16 fighters from the United States, Defence Minister Stoyan Radev said."),
        ("ru", "Болгария купила у США восемь истребителей F-16, заявил министр обороны Стоян Радев."),
        ("uk", "Болгарія купила у США вісім винищувачів F-16, заявив міністр оборони Стоян Радев."),
        ("ar", "اشترت بلغاريا ثماني مقاتلات إف-16 من الولايات المتحدة، بحسب وزير الدفاع ستويان راديف."),
    ],
)
def test_a_namesake_of_a_known_person_is_somebody_else(language: str, text: str) -> None:
    assert {speaker.id for speaker in speakers(text, language)} == {person_id("Stoyan Radev")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Turkey delivered Bayraktar TB2 drones to Kenya, notes lift repairman Marko Dravinets."),
        ("en", "Turkey, Marko Dravinets, who grows roses in Varna, said, delivered Bayraktar TB2 drones to Kenya."),
        ("ru", "Турция поставила Кении беспилотники «Байрактар ТБ2», отмечает знаток лифтов Марко Дравинец."),
        ("ru", "Турция поставила Кении беспилотники «Байрактар ТБ2», заявил М. К. Дравинец."),
        ("uk", "Туреччина поставила Кенії безпілотники «Байрактар ТБ2», зауважує знавець ліфтів Марко Дравинець."),
    ],
)
def test_who_speaks_is_a_person_whatever_he_is(language: str, text: str) -> None:
    assert {speaker.id for speaker in speakers(text, language)} == {person_id("Marko Dravinets")}


def test_a_given_name_may_be_an_ordinary_word() -> None:
    text = "وترى المحللة سلام درافينتس أن تركيا سلمت كينيا طائرات مسيرة من طراز بيرقدار تي بي 2."
    assert [speaker.name.split()[-1] for speaker in speakers(text, "ar")] == ["Drafints"]
