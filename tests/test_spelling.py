"""Designations in the scripts of the press: data/spelling.toml through rasad.gazetteer.spelling, and the table of systems."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from rasad.gazetteer.spelling import MOST_SPELLINGS, spellings
from rasad.languages.words import split

DATA = Path(str(files("rasad.gazetteer").joinpath("data")))


def atoms(form: str) -> str:
    """What the matcher compares: S-300, S300 and S 300 are one, and so are إس-300 and اس 300."""
    return " ".join(word.fold for word in split(form) if word.kind != "p")


@pytest.mark.parametrize(
    ("designation", "russian", "ukrainian"),
    [
        ("S-300PMU-2", "С-300ПМУ-2", "С-300ПМУ-2"),
        ("Su-35", "Су-35", "Су-35"),
        ("Su-30MKI", "Су-30МКИ", "Су-30МКІ"),
        ("K9", "К9", "К9"),
        ("F-16", "Ф-16", "Ф-16"),
        ("T-72", "Т-72", "Т-72"),
        ("MiG-29", "МиГ-29", "МіГ-29"),
        ("Mi-17", "Ми-17", "Мі-17"),
        ("Mi-8AMTSh", "Ми-8АМТШ", "Мі-8АМТШ"),
        ("BTR-80", "БТР-80", "БТР-80"),
        ("AK-103", "АК-103", "АК-103"),
        ("2S19", "2С19", "2С19"),
        ("TB2", "ТБ2", "ТБ2"),
        ("CH-4", "СХ-4", "СХ-4"),
        ("An-178", "Ан-178", "Ан-178"),
        ("Il-76", "Ил-76", "Іл-76"),
        ("9K37", "9К37", "9К37"),
        ("Kh-101", "Х-101", "Х-101"),
        ("Type 212", "Тип 212", "Тип 212"),
        ("Project 636", "проект 636", "проєкт 636"),
        ("Leopard 2A6", "Леопард 2А6", "Леопард 2А6"),
    ],
)
def test_the_usual_cyrillic_spelling_comes_first(designation: str, russian: str, ukrainian: str) -> None:
    assert spellings(designation, "ru")[0] == russian
    assert spellings(designation, "uk")[0] == ukrainian


@pytest.mark.parametrize(
    ("designation", "spelled"),
    [
        ("S-300PMU-2", ["إس-300 بي إم يو-2"]),
        ("S-300", ["إس-300", "اس 300", "س-300"]),
        ("Su-35", ["سوخوي-35", "سوخوي 35", "سو-35"]),
        ("K9", ["كيه 9", "كي 9", "ك9"]),
        ("F-16", ["إف-16", "اف 16"]),
        ("T-72", ["تي-72"]),
        ("MiG-29", ["ميغ-29", "ميج-29"]),
        ("Mi-17", ["مي-17"]),
        ("BTR-80", ["بي تي آر-80"]),
        ("AK-103", ["إيه كيه-103", "إيه كي 103"]),
        ("2S19", ["2 إس 19"]),
        ("TB2", ["تي بي 2"]),
        ("CH-4", ["سي إتش-4", "سي اتش 4"]),
        ("An-178", ["أنتونوف-178"]),
        ("Il-76", ["إليوشن-76", "إيل-76"]),
        ("9K37", ["9 كيه 37"]),
        ("Type 212", ["تايب 212", "طراز 212"]),
        ("Leopard 2A6", ["ليوبارد 2 إيه 6"]),
    ],
)
def test_arabic_spellings_of_the_press_are_made(designation: str, spelled: list[str]) -> None:
    made = {atoms(s) for s in spellings(designation, "ar")}
    assert {atoms(s) for s in spelled} <= made


def test_a_name_without_a_number_has_no_spelling_by_rule() -> None:
    assert spellings("Rafale", "ru") == []
    assert spellings("Patriot", "ar") == []


def test_a_word_that_the_tables_do_not_know_is_not_read_letter_by_letter() -> None:
    assert spellings("Patriot PAC-3", "ru") == []
    assert spellings("CAESAR 6x6", "ru") == []


def test_a_language_of_latin_letters_has_no_other_spelling() -> None:
    assert spellings("S-300", "en") == []


@pytest.mark.parametrize(
    ("designation", "language"), [("V-22", "ar"), ("L-39", "ar"), ("V-22", "ru"), ("U-2", "ru"), ("Z-10", "uk")]
)
def test_no_spelling_reads_as_an_ordinary_word_and_a_number(designation: str, language: str) -> None:
    assert spellings(designation, language) == []


def test_numbers_and_letters_tell_spellings_apart() -> None:
    for language in ("ru", "uk", "ar"):
        families = ["S-300", "S-400", "S-300PS", "Su-35", "Su-34", "T-72", "T-72B", "K9", "K2"]
        made = [{atoms(s) for s in spellings(d, language)} for d in families]
        for number, one in enumerate(made):
            for other in made[number + 1 :]:
                assert not one & other


def test_there_are_never_more_spellings_than_promised() -> None:
    assert len(spellings("KHAKJ-1CAKH", "ar")) <= MOST_SPELLINGS
    assert len(set(spellings("AIM-120C-7", "uk"))) == len(spellings("AIM-120C-7", "uk"))


def patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    data = tomllib.loads((DATA / "spelling.toml").read_text(encoding="utf-8"))["patterns"]
    return [(re.compile(rf"(?<![\w-])(?:{p['regex']})(?!\w)"), p["category"]) for p in data[language]]


def category_of(text: str, language: str) -> str | None:
    for pattern, category in patterns(language):
        if pattern.search(text):
            return category
    return None


@pytest.mark.parametrize(
    ("text", "language", "category"),
    [
        ("the new Su-47 flew", "en", "aircraft"),
        ("an unknown Kh-95 was shown", "en", "missiles"),
        ("two AN/TPY-5 sets", "en", "sensors"),
        ("S-700 batteries", "en", "air-defence-systems"),
        ("BTR-87 carriers", "en", "armoured-vehicles"),
        ("the AK-308 rifle", "en", "small-arms"),
        ("показали Су-47", "ru", "aircraft"),
        ("партия БТР-87", "ru", "armoured-vehicles"),
        ("партія МіГ-41", "uk", "aircraft"),
        ("مقاتلات سوخوي-75", "ar", "aircraft"),
        ("منظومة إس-700", "ar", "air-defence-systems"),
        ("دبابات تي-72", "ar", "armoured-vehicles"),
    ],
)
def test_an_unlisted_designation_of_a_known_pattern_has_a_category(text: str, language: str, category: str) -> None:
    assert category_of(text, language) == category


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The M-1 and the A4 were closed, the B-12 vitamin is sold on A4 paper", "en"),
        ("COVID-19, H1N1 and PM2.5; the G-20, G-7 and F-1 racing in Y2K", "en"),
        ("a C-4 charge, a B-52s concert, an L-1 visa, page P-12, T-1000, U-20 and U-2", "en"),
        ("type 2 diabetes, Type 1, Route S-30, CO-2, 4K, 5G, 9M views, 2S, MI6 and MI5", "en"),
        ("трасса М-4, G-20, витамин В-12, формат А4, С-60 и К-9, школа № 5, Т-1", "ru"),
        ("траса М-06, вітамін Б-12, формат А4, дітям 6-12 років, ПМ-10", "uk"),
        ("فيتامين ب-12 وورق إيه 4 وقمة 20 وجي 7 في 300 متر", "ar"),
    ],
)
def test_patterns_do_not_fire_on_ordinary_text(text: str, language: str) -> None:
    assert category_of(text, language) is None


def test_patterns_do_not_fire_on_a_news_page_of_numbers() -> None:
    page = "On 12-14 May 2024 the No. 7 bus, flight TK-1987, room B-204 and gate C-12 served 300 of 1,200 people (A-level)."
    assert all(category_of(page, language) is None for language in ("en", "ru", "uk", "ar"))


def systems() -> list[dict[str, str]]:
    lines = (DATA / "systems.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_system_has_an_id_of_its_own_a_name_and_a_category() -> None:
    rows = systems()
    assert len(rows) >= 2700
    assert max(Counter(row["id"] for row in rows).values()) == 1
    assert all(row["id"].startswith("system:") and row["en"] and row["category"] for row in rows)


def test_no_listed_form_names_two_systems() -> None:
    owners: dict[str, set[str]] = {}
    for row in systems():
        for language in ("en", "ar", "ru", "uk"):
            for form in filter(None, row[language].split("|")):
                owners.setdefault(f"{language} {atoms(form.strip('=?'))}", set()).add(row["id"])
    assert {form: ids for form, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    "word", ["Patriot", "Grad", "Javelin", "Typhoon", "Spike", "Archer", "Град", "Бук", "Тор", "Оса"]
)
def test_a_name_that_is_an_ordinary_word_counts_only_in_an_arms_context(word: str) -> None:
    forms = {form for row in systems() for cell in ("en", "ru") for form in row[cell].split("|")}
    assert word not in forms
    assert f"{word}?" in forms
