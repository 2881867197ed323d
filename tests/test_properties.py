"""What holds for any text whatever: nothing breaks, everything quotes the text, and the same text says the same."""

from __future__ import annotations

import itertools
import os
import random
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import rasad
from rasad.claims import Claim, Document
from rasad.languages import codes, profile
from rasad.ontology import ontology
from rasad.reading.segment import quotations, sentences

LANGUAGES = ("ar", "en", "ru", "uk")

FRAGMENTS = {
    "en": [
        "Russia delivered 24 Su-35 fighters to China", "the defence ministry said", "“Turkey sold drones to Kenya. It was paid,” he said",
        "denied the accusation", "may buy S-400 systems", "in 2019", "for $3.5 billion", "The country received them", "not yet",
        "according to analyst Marko Dravinets", "the two countries", "was accused of illegal arms sales to Iraq", "this organisation",
        "no plants to overhaul T-72 tanks", "competes with Israel on the Azerbaijani market", "is a member of the CSTO", "Mr. J. R. Smith",
    ],
    "ru": [
        "Россия поставила Китаю 24 истребителя Су-35", "сообщило министерство обороны", "«Турция продала Кении беспилотники. Всё оплачено», — сказал он",
        "отверг обвинения", "может купить комплексы С-400", "в 2019 году", "за 3,5 млрд долларов", "Страна получила их", "ещё не",
        "по словам аналитика Марко Дравинца", "обе страны", "обвиняли в незаконных продажах оружия Ираку", "этой организации",
        "нет заводов для ремонта танков Т-72", "конкурирует с Израилем на рынке Азербайджана", "входит в ОДКБ", "г. Тула, А. Б. Иванов",
    ],
    "uk": [
        "Росія поставила Китаю 24 винищувачі Су-35", "повідомило міністерство оборони", "«Туреччина продала Кенії безпілотники. Усе оплачено», — сказав він",
        "відкинув звинувачення", "може купити комплекси С-400", "у 2019 році", "за 3,5 млрд доларів", "Країна отримала їх", "ще не",
        "за словами аналітика Марка Дравинця", "обидві країни", "звинувачували в незаконних продажах зброї Іраку", "цій організації",
        "немає заводів для ремонту танків Т-72", "конкурує з Ізраїлем на ринку Азербайджану", "входить до ОДКБ", "м. Київ, А. Б. Іваненко",
    ],
    "ar": [
        "سلمت روسيا الصين 24 مقاتلة سو-35", "قالت وزارة الدفاع", "«باعت تركيا كينيا طائرات مسيرة. ودفع الثمن»، قال المتحدث",
        "نفى الاتهام", "قد تشتري منظومات إس-400", "في عام 2019", "بقيمة 3.5 مليار دولار", "وتسلمتها البلاد", "لم بعد",
        "بحسب المحلل ماركو درافينتس", "البلدان", "اتهمت ببيع أسلحة للعراق بشكل غير قانوني", "هذه المنظمة",
        "لا تملك مصانع لإصلاح دبابات تي-72", "تنافس إسرائيل في سوق أذربيجان", "عضو في منظمة معاهدة الأمن الجماعي", "د. أحمد",
    ],
}  # fmt: skip

LETTERS = st.characters()  #: lone surrogates included

NOISE = st.one_of(
    st.sampled_from(
        [
            " ", "  ", ". ", ", ", "\n", "\n\n", "; ", ": ", " — ", "-", "…", "! ", "؟ ", "، ", "“", "”", "«", "»", '"', "'", "(", ")", "№",
            "\u200b", "\u200d", "\u200e", "\u200f", "\u202b", "\u202e", "\u2066", "\u2069", "\u00ad", "\u0640", "\u064e", "\u0301", "\ufeff",
            "\x00", "\x1b", "\x85", "\u2028", "\t", "\r\n", "🙂", "👩‍👩‍👧", "𝕊-𝟛𝟘𝟘", "İ", "ǅ", "ﬁ", "ß", "٣٠٠", "①", "½", "²", "S-", "300", "-",
        ]
    ),
    st.text(LETTERS, max_size=6),
)  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> str:
    """Fragments of arms news in one language or several, glued together with anything."""
    mixed = draw(st.booleans())
    language = draw(st.sampled_from(LANGUAGES))
    parts = []
    for _ in range(draw(st.integers(1, 8))):
        code = draw(st.sampled_from(LANGUAGES)) if mixed else language
        fragment = draw(st.sampled_from(FRAGMENTS[code]))
        if draw(st.integers(0, 9)) == 0:
            at = draw(st.integers(0, len(fragment)))
            fragment = fragment[:at] + draw(NOISE) + fragment[at:]
        parts += [fragment, draw(st.one_of(st.just(". "), st.just(" "), NOISE))]
    return "".join(parts)


EXAMPLES = int(os.environ.get("RASAD_TEST_EXAMPLES", "150"))  #: the same texts at every run; more of them on request
TEXTS = st.one_of(st.text(LETTERS, max_size=400), reports(), reports(), reports())
anything = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
some = settings(anything, max_examples=EXAMPLES // 2)


@dataclass(frozen=True)
class Span:
    """Words that a claim quotes, and where it says that they stand."""

    text: str
    start: int
    end: int


def quoted(claim: Claim) -> list[Span]:
    """Everything in a claim that quotes the text."""
    spans = [Span(f.text, f.start, f.end) for _, f in claim.fillers()]
    spans.append(Span(claim.evidence.quote, claim.evidence.start, claim.evidence.end))
    if claim.time is not None:
        spans.append(Span(claim.time.text, claim.time.start, claim.time.end))
    return spans


def read(text: str, code: str | None, name: str = "d") -> list[Claim]:
    return rasad.read_document(Document(name=name, text=text, language=code))


def test_the_fragments_make_claims_so_the_properties_are_not_empty() -> None:
    for code in LANGUAGES:
        assert len(read(". ".join(FRAGMENTS[code]) + ".", code)) >= 4


@anything
@given(TEXTS, st.sampled_from([None, *LANGUAGES]))
@example("", None)
@example("İİİİ Russia delivered S-300 systems to Syria", "en")
@example("Russia delivered S-300 systems to İran and ﬁve weapons to Syria", "en")
def test_every_offset_quotes_the_text_exactly(text: str, code: str | None) -> None:
    for claim in read(text, code):
        for span in quoted(claim):
            assert text[span.start : span.end] == span.text
            assert span.text != ""
            assert 0 <= span.start < span.end <= len(text)


@anything
@given(TEXTS, st.sampled_from([None, *LANGUAGES]))
def test_every_claim_is_whole_and_of_the_ontology(text: str, code: str | None) -> None:
    found = read(text, code)
    assert len({claim.id for claim in found}) == len(found)
    for claim in found:
        frame = ontology().frames[claim.frame]
        assert set(claim.roles) <= set(frame.roles)
        assert all(fillers for fillers in claim.roles.values())
        assert any(
            all(len(claim.roles.get(role, ())) >= needed.count(role) for role in needed) for needed in frame.requires
        )
        assert claim.language == code if code else claim.language in codes()
        assert claim.certainty in ("asserted", "probable", "possible")
        assert claim.polarity in ("positive", "negative")
        assert 0 < claim.confidence < 1
        if claim.stage is not None:
            assert claim.stage in frame.attributes["stage"]
        for role, filler in claim.fillers():
            kind = filler.id.partition(":")[0]
            assert kind in frame.roles[role].kinds, (claim.frame, role, filler.id)


@some
@given(TEXTS, st.sampled_from([None, *LANGUAGES]))
def test_every_explanation_quotes_the_text_exactly(text: str, code: str | None) -> None:
    for claim, why in rasad.explain_document(Document(name="d", text=text, language=code)):
        cited = [*why.triggers, *why.speakers, *why.cues.values(), *(c for role in why.roles.values() for c in role)]
        assert why.claim == claim.id
        assert why.triggers
        assert all(text[c.start : c.end] == c.text for c in cited)


@some
@given(TEXTS, TEXTS, st.sampled_from([None, *LANGUAGES]))
def test_a_text_read_again_says_the_same_whatever_was_read_between(text: str, other: str, code: str | None) -> None:
    first = read(text, code)
    read(other, None)
    read(other, code)
    assert read(text, code) == first


@some
@given(reports(), st.text(max_size=20), st.text(max_size=20))
def test_ids_do_not_depend_on_the_name_of_the_document(text: str, one: str, other: str) -> None:
    assert [claim.id for claim in read(text, None, one)] == [claim.id for claim in read(text, None, other)]


@some
@given(reports(), reports())
def test_ids_depend_on_the_content_of_the_document(text: str, other: str) -> None:
    if text != other:
        assert not {claim.id for claim in read(text, "en")} & {claim.id for claim in read(other, "en")}


@some
@given(reports(), st.sampled_from(LANGUAGES))
def test_claims_come_in_the_order_of_their_evidence(text: str, code: str) -> None:
    starts = [claim.evidence.start for claim in read(text, code)]
    assert starts == sorted(starts)


@some
@given(reports(), st.sampled_from(LANGUAGES))
def test_evidence_is_a_sentence_and_a_filler_outside_it_is_implicit(text: str, code: str) -> None:
    cut = {(s.start, s.end) for s in sentences(text, profile(code))}
    for claim in read(text, code):
        start, end = claim.evidence.start, claim.evidence.end
        assert (start, end) in cut
        for _, filler in claim.fillers():
            assert filler.implicit or start <= filler.start < filler.end <= end


@anything
@given(st.one_of(st.text(LETTERS, max_size=300), reports()), st.sampled_from(LANGUAGES))
def test_sentences_hold_all_of_the_text_but_white_space(text: str, code: str) -> None:
    found = sentences(text, profile(code))
    assert all(a.end <= b.start and a.paragraph <= b.paragraph for a, b in itertools.pairwise(found))
    at = 0
    for sentence in found:
        assert text[at : sentence.start].strip() == ""
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end] != ""
        at = sentence.end
    assert text[at:].strip() == ""


@anything
@given(st.one_of(st.text(LETTERS, max_size=300), reports()), st.sampled_from(LANGUAGES))
def test_quotations_lie_in_the_text_one_after_another(text: str, code: str) -> None:
    found = quotations(text, profile(code))
    marks = {mark for pair in profile(code).quotes for mark in pair} | {'"'}
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    for start, end in found:
        assert 0 <= start < end <= len(text)
        assert text[start] in marks


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_order_in_which_documents_are_read_changes_nothing(code: str) -> None:
    texts = [". ".join(random.Random(seed).sample(FRAGMENTS[code], 6)) + "." for seed in range(12)]
    forward = [read(text, code) for text in texts]
    backward = [read(text, code) for text in reversed(texts)]
    assert forward == backward[::-1]
    assert sum(map(len, forward)) > 0


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "word", ["\u0640", "\u0640\u0640", "\u0301", "\ud800", "\U00017000", "\U000e0041", "\x00"], ids=ascii
)
def test_a_word_that_is_no_word_neither_stops_the_reader_nor_hides_a_claim(word: str, code: str) -> None:
    text = ". ".join(FRAGMENTS[code]) + "."
    frames = [claim.frame for claim in read(text, code)]
    assert [claim.frame for claim in read(f"{text} {word} {word}2019.", code)] == frames != []
    assert [claim.frame for claim in read(f"{word}. {text}", code)] == frames
