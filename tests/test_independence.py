"""Origins and independent sources: forty copies of one wire story are one source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasad.register.independence import sources
from rasad.sources.origins import origin

# Origins


@pytest.mark.parametrize(
    ("language", "text", "medium"),
    [
        ("en", "KYIV, 12 May (Reuters) - Poland will buy tanks.", "reuters"),
        ("en", "Poland buys tanks\n\nWARSAW, May 12 (AP) — Poland will buy tanks.", "associated-press"),
        ("en", "Tanks\n\nPoland will buy tanks, as Reuters has reported.", "reuters"),
        ("en", "Tanks\n\nThe minister told Reuters that Poland would buy.", "reuters"),
        ("en", "Tanks\n\nPoland will buy tanks, according to the news agency AFP.", "afp"),
        ("en", "Tanks\n\nTASS reported, citing Interfax, that Poland would buy.", "interfax"),
        ("en", "Tanks\n\nPoland will buy tanks.\n\nSource: Interfax-Ukraine", "interfax-ukraine"),
        ("en", "Tanks\n\nPoland will. It must. It can. It shall. (AFP)", "afp"),
        ("ru", "МОСКВА, 5 мая — РИА Новости. Россия поставит танки.", "ria-novosti"),
        ("ru", "МОСКВА, 5 мая. /ТАСС/. Россия поставит танки.", "tass"),
        ("ru", "Россия поставит танки, сообщает ТАСС со ссылкой на Reuters.", "reuters"),
        ("ru", "Танки\n\nРоссия поставит танки. — РИА Новости", "ria-novosti"),
        ("uk", "Танки\n\nПольща купить танки, передає УНІАН.", "unian"),
        ("uk", "ПРАГА, 20 жовтня. УНІАН. Чехія передала танки.", "unian"),
        ("uk", "Танки\n\nПольща купить танки.\n\nДжерело: Укрінформ", "ukrinform"),
        ("ar", "باريس (أ ف ب) - قالت فرنسا إنها ستبيع دبابات.", "afp"),
        ("ar", "القاهرة - رويترز - ستبيع فرنسا دبابات.", "reuters"),
        ("ar", "دبابات\n\nستبيع فرنسا دبابات، نقلا عن رويترز.", "reuters"),
        ("ar", "دبابات\n\nذكرت وكالة الأناضول أن فرنسا ستبيع دبابات.", "anadolu"),
        ("ar", "دبابات\n\nستبيع فرنسا دبابات.\n\nالمصدر: سبوتنيك عربي", "sputnik"),
    ],
)
def test_a_text_credits_whom_its_dateline_its_opening_or_its_last_line_names(
    language: str, text: str, medium: str
) -> None:
    assert origin(text, language) == f"org:{medium}"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tanks\n\nThe printing house belongs to Thomson Reuters, which owns two more."),
        ("en", "The ministry banned Russia Today and Sputnik News from its briefings on tanks."),
        ("en", "Tanks\n\nPoland buys. It must. It can. Reuters reported last year that it could not. It did."),
        ("ru", "Министр посетил редакцию агентства ТАСС и рассказал о танках."),
        ("ar", "زار الوزير مقر قناة روسيا اليوم وتحدث عن الدبابات."),
        ("uk", "Танки\n\nПольща купить танки."),
        ("xx", "KYIV, 12 May (Reuters) - Poland will buy tanks."),
        ("en", ""),
    ],
)
def test_a_medium_that_is_a_topic_or_named_further_down_is_no_origin(language: str, text: str) -> None:
    assert origin(text, language) is None


# Sources


def test_copies_count_once_and_under_the_agency_that_any_of_them_credits() -> None:
    documents = [("d1", "Daily", "d1", None), ("d2", "Herald", "d1", "org:reuters"), ("d3", "Star", "d3", None)]
    found = sources(documents, [("c1", "d1", None), ("c2", "d2", None), ("c3", "d3", None)])
    assert found == {"c1": "org:reuters", "c2": "org:reuters", "c3": "d3"}


def test_a_claim_that_credits_somebody_comes_from_there() -> None:
    assert sources([("d1", None, "d1", "org:afp")], [("c1", "d1", "org:tass")]) == {"c1": "org:tass"}


def test_who_is_credited_most_often_is_the_source_and_the_first_in_the_alphabet_of_equals() -> None:
    documents = [(f"d{i}", None, "d1", credit) for i, credit in enumerate(["org:tass", "org:afp", "org:tass"])]
    assert sources(documents, [("c", "d1", None)]) == {"c": "org:tass"}
    assert sources(documents[:2], [("c", "d1", None)]) == {"c": "org:afp"}


@pytest.mark.parametrize("outlet", ["Reuters", "org:reuters", "رويترز", "reuters"])
def test_what_an_agency_publishes_itself_comes_from_it(outlet: str) -> None:
    documents = [("d1", outlet, "d1", None), ("d2", "Star", "d2", "org:reuters")]
    assert sources(documents, [("c1", "d1", None), ("c2", "d2", None)]) == {"c1": "org:reuters", "c2": "org:reuters"}


def test_a_text_that_several_outlets_print_without_a_credit_is_a_source_of_its_own() -> None:
    documents = [("d1", "The Hindu", "d1", None), ("d1", "Reuters", "d1", None)]
    assert sources(documents, [("c1", "d1", None)]) == {"c1": "d1"}


_DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(["d1", "d2", "d3", "d4"]),
        st.sampled_from([None, "", "Reuters", "AFP", "Star"]),
        st.sampled_from([None, "org:reuters", "org:tass"]),
    ),
    min_size=1,
    unique=True,
)


@given(_DOCUMENTS, st.randoms())
def test_the_order_of_arrival_and_unrelated_documents_change_no_source(
    rows: list[tuple[str, str | None, str | None]], chance: object
) -> None:
    group = {"d1": "d1", "d2": "d1", "d3": "d3", "d4": "d3"}
    documents = [(document, outlet, group[document], credit) for document, outlet, credit in rows]
    claims = [(f"c-{document}", document, None) for document, *_ in documents]
    found = sources(documents, claims)
    shuffled = documents.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sources(shuffled, claims[::-1]) == found
    more = [*documents, ("e1", "Reuters", "e1", "org:afp")]
    assert sources(more, claims) == found


def test_a_long_text_in_one_paragraph_is_signed_at_its_end() -> None:
    long = " ".join(["Algeria has received the second of its new frigates from a yard in Germany."] * 30)
    assert origin(f"{long} (Reuters)", "en") == "org:reuters"
    assert origin(f"{long} Reuters and others were there. {long}", "en") is None
