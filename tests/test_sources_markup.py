"""Pages of the web: what of them is text, what they tell of it, and which of them need not be looked at any further."""

import json
import re
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.claims import Document
from rasad.reading import read_document
from rasad.reading.screen import screen
from rasad.sources import Provenance, Skipped
from rasad.sources.markup import from_markup, sift_markup

ORDINARY = {
    "ar": ["أعلنت البلدية افتتاح مكتبة جديدة في وسط المدينة بعد عامين من العمل.", "وقال رئيس البلدية إن المكتبة ستفتح أبوابها كل يوم."],
    "en": ["The town opened a new library in its centre after two years of work.", "The mayor said it would be open every day of the week."],
    "ru": ["Город открыл новую библиотеку в центре после двух лет работ.", "Мэр сказал, что она будет открыта каждый день недели."],
    "uk": ["Місто відкрило нову бібліотеку в центрі після двох років робіт.", "Мер сказав, що вона буде відкрита щодня."],
}  # fmt: skip
ARMS = {
    "ar": "سلمت روسيا الهند منظومات الدفاع الجوي إس-400 في عام 2021.",
    "en": "Russia delivered S-400 air defence systems to India in 2021.",
    "ru": "Россия поставила Индии зенитные ракетные системы С-400 в 2021 году.",
    "uk": "Росія поставила Індії зенітні ракетні системи С-400 у 2021 році.",
}


def page(
    language: str, paragraphs: list[str], title: str = "A day in the town", head: str = "", beside: str = ""
) -> bytes:
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)} | The Daily</title>{head}
    <script>var tanks = "S-400 missiles";</script><style>.tank {{}}</style></head><body>
    <nav><a href="/">Home</a> <a href="/t">Russia sells S-300 missiles to Iran</a></nav>
    <main><article><h1>{escape(title)}</h1>{body}</article></main>{beside}
    <aside><h2>Most read</h2><p>Turkey delivered Bayraktar TB2 drones to Ukraine.</p></aside>
    <footer>All rights reserved. Missiles.</footer></body></html>""".encode()


def text_of(found: Document | Skipped | None) -> Document:
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize("language", sorted(ARMS))
def test_a_page_tells_its_claims_title_and_language(language: str) -> None:
    document = text_of(from_markup("a.html", page(language, [ARMS[language], *ORDINARY[language]], "News")))
    assert (document.name, document.title, document.language) == ("a.html", "News", language)
    assert "Bayraktar" not in document.text
    assert "Iran" not in document.text
    transfers = [claim for claim in read_document(document) if claim.frame == "transfer"]
    assert {filler.id for claim in transfers for filler in claim.roles["recipient"]} == {"country:IND"}
    assert all(document.text[c.evidence.start : c.evidence.end] == c.evidence.quote for c in transfers)


def test_a_page_tells_its_author_outlet_address_and_day() -> None:
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "author": {"@type": "Person", "name": "Anna Petrova"},
    }
    head = (
        '<meta property="og:title" content="Told to others"><meta property="og:site_name" content="The Daily">'
        '<link rel="canonical" href="https://daily.example/a"><meta property="article:published_time" content="2021-12-05T10:00:00Z">'
        f'<script type="application/ld+json">{json.dumps(told)}</script>'
    )
    document = text_of(from_markup("a.html", page("en", [ARMS["en"], *ORDINARY["en"]], head=head)))
    assert (document.title, document.author, document.outlet) == ("Told to others", "Anna Petrova", "The Daily")
    assert (document.address, document.published) == ("https://daily.example/a", "2021-12-05")
    assert document.text.startswith("Told to others\n\n")


def test_what_the_page_does_not_tell_is_left_to_who_knows_it() -> None:
    known = Provenance(outlet="daily.example", author="An agency", published="2020", title="Another")
    bare = text_of(from_markup("a.html", page("en", [ARMS["en"], *ORDINARY["en"]])))
    assert (bare.outlet, bare.author, bare.published, bare.address) == (None, None, None, None)
    document = text_of(from_markup("a.html", page("en", [ARMS["en"], *ORDINARY["en"]]), None, known))
    assert (document.outlet, document.author, document.published) == ("daily.example", "An agency", "2020")
    assert document.title == "A day in the town"


def test_the_title_in_a_window_is_without_the_name_of_the_place() -> None:
    without = page("en", [ARMS["en"], *ORDINARY["en"]]).replace(b"<h1>A day in the town</h1>", b"")
    assert text_of(from_markup("a.html", without)).title == "A day in the town"


def test_a_page_that_says_another_language_than_its_text_is_not_believed() -> None:
    assert text_of(from_markup("a.html", page("ru", [ARMS["en"], *ORDINARY["en"]]))).language is None
    assert text_of(from_markup("a.html", page("en-GB", [ARMS["en"], *ORDINARY["en"]]))).language == "en"
    kazakh = (
        "Қазақстан Республикасының Қорғаныс министрлігі жаңа техника сатып алатынын мәлімдеді, деп хабарлады баспасөз қызметі. "
        * 4
    )
    assert text_of(from_markup("a.html", page("ru", [kazakh]))).language is None


@pytest.mark.parametrize(
    ("told", "encoding"),
    [
        ("windows-1251", "windows-1251"),
        ("koi8-u", "koi8-u"),
        ("utf-16", "utf-8"),
        ("no-such", "utf-8"),
        ("utf-8", "windows-1251"),
    ],
)
def test_a_page_is_decoded_as_it_says_or_as_it_is(told: str, encoding: str) -> None:
    markup = (
        page("ru", [ARMS["ru"], *ORDINARY["ru"]], "Новости").decode().replace('charset="utf-8"', f'charset="{told}"')
    )
    assert ARMS["ru"] in text_of(from_markup("a.html", markup.encode(encoding))).text


def test_what_the_server_says_of_the_encoding_comes_first() -> None:
    markup = (
        page("ru", [ARMS["ru"], *ORDINARY["ru"]], "Новости").decode().replace('charset="utf-8"', 'charset="koi8-r"')
    )
    assert ARMS["ru"] in text_of(from_markup("a.html", markup.encode("windows-1251"), "windows-1251")).text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "without a text"), (b"<html></html>", "without a text"), (b"<html><body><script>x()</script>", "without a text"),
        (b"\x00\x01\x02\x03" * 50, "binary"), (b"<p>a" * 60_000, "50,000"), (b"<?xml version='1.0' encoding='x'?>", "page"),
        (b"<div>" * 49_000 + b"S-400", ""),
    ],
)  # fmt: skip
def test_what_is_no_article_is_told(data: bytes, reason: str) -> None:
    skipped = from_markup("a.html", data)
    assert isinstance(skipped, Skipped)
    assert skipped.path == "a.html"
    assert reason in skipped.reason


def test_a_page_about_other_things_is_passed_over_whatever_stands_beside_it() -> None:
    for language, paragraphs in ORDINARY.items():
        assert sift_markup("a.html", page(language, paragraphs * 3, "Library")) is None
        found = sift_markup("a.html", page(language, [*paragraphs, ARMS[language]], "Library"))
        assert found == from_markup("a.html", page(language, [*paragraphs, ARMS[language]], "Library"))
        assert isinstance(found, Document)


def test_a_page_of_which_only_the_title_is_about_arms_is_let_through() -> None:
    assert isinstance(
        sift_markup("a.html", page("en", ORDINARY["en"] * 3, "Russia delivers S-400 systems to India")), Document
    )


WORDS = st.sampled_from(
    ["tank", "S-400", "missile", "contract", "library", "С-300", "танк", "دبابة", "<b>", "</b>", "&amp;", " ", ". ", "Russia", "sold",
     "<br>", "12 ", "anti-", "aircraft", "&#1090;", "<i>fr</i>", "igate", "\n"]
)  # fmt: skip
BLOCK = st.tuples(
    st.sampled_from(["p", "div", "h1", "li", "td", "span", "section", "blockquote", "a"]), st.lists(WORDS, max_size=40)
)


@settings(max_examples=300, deadline=None)
@given(blocks=st.lists(BLOCK, max_size=12), title=st.lists(WORDS, max_size=6))
def test_no_page_is_passed_over_that_the_screen_lets_through(
    blocks: list[tuple[str, list[str]]], title: list[str]
) -> None:
    body = "".join(f"<{tag}>{''.join(words)}</{tag}>" for tag, words in blocks)
    markup = f"<!doctype html><html><head><title>{re.sub('<.*?>', '', ''.join(title))}</title></head><body>{body}</body></html>"
    whole, sifted = from_markup("a.html", markup.encode()), sift_markup("a.html", markup.encode())
    if isinstance(whole, Skipped):
        assert sifted == whole
    else:
        assert sifted == (whole if screen(whole.text) else None)
