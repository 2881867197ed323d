"""Sentences and quotations, with offsets."""

from __future__ import annotations

import pytest

from rasad.languages import codes, profile
from rasad.reading.segment import LONGEST, quotations, sentences


def cut(text: str, language: str = "en") -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, profile(language))]


def quoted(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in quotations(text, profile(language))]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["Russia delivered the jets.", "Who paid?", "Nobody knows!", "It is a secret…"]),
        ("ru", ["Россия поставила самолёты.", "Кто платил?", "Неизвестно!", "Это тайна…"]),
        ("uk", ["Росія поставила літаки.", "Хто платив?", "Невідомо!", "Це таємниця…"]),
        ("ar", ["سلمت روسيا الطائرات.", "من دفع؟", "لا أحد يعلم!", "هذا سر…"]),
    ],
)
def test_every_mark_that_ends_a_sentence_ends_one(language: str, parts: list[str]) -> None:
    assert cut(" ".join(parts), language) == parts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Gen. Smith of the U.S. Army met J. R. Jones at Lockheed Martin Corp. in Texas."),
        ("en", "The jets cost $3.5 billion, i.e. 4.1 million each."),
        ("en", "The No. 2 buyer paid 1.250 million."),
        ("ru", "В 2015 г. Россия поставила С-300 на 3,5 млрд. долл. и т.д."),
        ("ru", "Об этом сообщил А. Б. Иванов из г. Тулы."),
        ("uk", "У 2015 р. Росія поставила С-300 на 3,5 млрд. дол."),
        ("uk", "Про це повідомив А. Б. Іваненко з м. Києва."),
        ("ar", "قال د. أحمد إن قيمة الصفقة بلغت 3.5 مليار دولار."),
        ("en", "The ship (built in Gdansk... or not) sailed."),
        ("en", "He asked: who pays?and nobody answered."),
    ],
)
def test_no_sentence_ends_after_an_abbreviation_an_initial_or_inside_a_number(language: str, text: str) -> None:
    assert cut(text, language) == [text]


def test_an_abbreviation_at_the_end_of_the_text_ends_it() -> None:
    assert cut("The jets came from the U.S.") == ["The jets came from the U.S."]


def test_a_closing_quotation_mark_belongs_to_the_sentence_before_it() -> None:
    assert cut("“We paid.” The rest is silence.") == ["“We paid.”", "The rest is silence."]
    assert cut("«Мы заплатили.» Остальное молчание.", "ru") == ["«Мы заплатили.»", "Остальное молчание."]


def test_a_question_inside_a_sentence_does_not_end_it() -> None:
    assert cut("“Who pays?” asked the minister.") == ["“Who pays?” asked the minister."]


def test_a_new_line_ends_a_sentence_and_a_paragraph() -> None:
    text = "Arms deal signed\nRussia delivered the jets. India paid.\n\nThe end"
    found = sentences(text, profile("en"))
    assert [(text[s.start : s.end], s.paragraph) for s in found] == [
        ("Arms deal signed", 0), ("Russia delivered the jets.", 1), ("India paid.", 1), ("The end", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\r\n", "\u200b"])
def test_there_is_nothing_in_nothing(text: str) -> None:
    assert cut(text) in ([], ["\u200b"])


def test_white_space_at_the_edges_is_left_out_and_nothing_else() -> None:
    text = "  One.\t\tTwo?  \r\n  Three "
    assert cut(text) == ["One.", "Two?", "Three"]


@pytest.mark.parametrize("language", codes())
def test_a_text_without_any_end_is_cut_between_words(language: str) -> None:
    text = "word " * 3_000
    found = cut(text, language)
    assert len(found) > 1
    assert max(map(len, found)) <= LONGEST
    assert " ".join(found) == text.strip()


def test_a_text_without_even_a_space_loses_no_letter() -> None:
    text = "x" * (3 * LONGEST + 7)
    assert "".join(cut(text)) == text


@pytest.mark.parametrize(
    ("language", "text", "inside"),
    [
        ("en", "He said “the jets will come next year” and left.", "“the jets will come next year”"),
        ("en", 'He said "the jets will come next year" and left.', '"the jets will come next year"'),
        ("ru", "Он сказал: «самолёты прибудут в этом году» и ушёл.", "«самолёты прибудут в этом году»"),
        ("uk", "Він сказав: «літаки прибудуть цього року» і пішов.", "«літаки прибудуть цього року»"),
        ("ar", "قال «إن الطائرات ستصل العام المقبل» وغادر.", "«إن الطائرات ستصل العام المقبل»"),
    ],
)
def test_a_quotation_is_found_with_its_marks(language: str, text: str, inside: str) -> None:
    assert quoted(text, language) == [inside]


def test_a_quotation_runs_over_sentences() -> None:
    text = "“We signed. We paid. We wait,” he said. Nobody else spoke."
    assert quoted(text) == ["“We signed. We paid. We wait,”"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("ru", "Комплекс «Панцирь-С1» показали."), ("en", "The “Patriot” left."), ("uk", "ДК «Укроборонпром» мовчить.")],
)
def test_a_name_in_quotation_marks_is_no_quotation(language: str, text: str) -> None:
    assert quoted(text, language) == []


def test_two_quotations_stay_two() -> None:
    text = "“We will buy the jets soon,” he said. “They cost us nothing at all,” she said."
    assert quoted(text) == ["“We will buy the jets soon,”", "“They cost us nothing at all,”"]


def test_a_straight_mark_that_is_not_closed_ends_with_its_paragraph() -> None:
    text = 'He said "the jets will come next year.\nSomebody else said "no jets will come at all" then.'
    found = quoted(text)
    assert found[0] == '"the jets will come next year.'
    assert '"no jets will come at all"' in found


@pytest.mark.parametrize("mark", ["“", "«", '"', "„"])
def test_a_mark_that_is_never_closed_does_not_swallow_the_rest_of_the_text(mark: str) -> None:
    text = f"He said {mark}the jets will come next year.\nA new paragraph tells of other things entirely."
    assert all("\n" not in span for span in quoted(text, "ru" if mark in "«„" else "en"))
