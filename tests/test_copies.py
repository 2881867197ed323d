"""Near-copies: which texts are one story, and which of them have to be read."""

from __future__ import annotations

from collections import Counter

import pytest
from gold_copies import copies, groups, quality
from hypothesis import given
from hypothesis import strategies as st

from rasad.languages import codes
from rasad.sources.copies import LIKE, bands, components, likeness, signature

STORY = """Norway to lend two minesweepers

OSLO, 4 May (Reuters) - Norway will lend Estonia two minesweepers for three years, the defence ministry said on Tuesday.

The ships, the Rauma and the Otra, were built in 1996 and last overhauled in 2019 at a yard in Bergen. Their crews of 38 will be trained by Norwegian sailors until the end of August.

"Estonia pays for fuel and upkeep, we pay for the crews to learn," a spokeswoman said.

Estonia has three minehunters of its own, all bought second-hand from Britain. It has cleared more than a thousand mines from two wars off its coast."""

NOTICE = """The government of {country} has asked to buy {number} {item} and related equipment for an estimated cost of {cost} million dollars. The agency notified Congress of this possible sale today.

This proposed sale will support the foreign policy of the United States by improving the security of a friendly country. It will not alter the basic military balance in the region, and there are no known offset agreements in connection with it."""


def alike(a: str, b: str) -> bool:
    return bool(set(bands(signature(a))) & set(bands(signature(b)))) and likeness(signature(a), signature(b)) >= LIKE


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned on", "held out"])
def test_near_copies_are_found_and_look_alikes_stay_apart(held_out: bool, capsys: pytest.CaptureFixture[str]) -> None:
    texts = copies(held_out=held_out)
    found = quality(texts, groups(texts))
    with capsys.disabled():
        print(f"\n{len(texts)} texts: precision {found.precision:.3f}, recall {found.recall:.3f}")
    assert found.precision >= 0.98, found.wrong
    assert found.recall >= 0.90, found.missed


def test_the_gold_has_forty_families_in_four_languages_a_third_of_them_held_out() -> None:
    kept, held = copies(held_out=False), copies(held_out=True)
    families = {
        side: {text.name.partition("/")[0] for text in texts} for side, texts in (("kept", kept), ("held", held))
    }
    assert len(families["kept"] | families["held"]) >= 40
    assert 3 * len(families["held"]) >= len(families["kept"] | families["held"]) - 1
    assert set(Counter(text.language for text in held)) == set(codes())


def test_a_story_that_was_cut_is_a_copy_though_most_of_it_is_gone() -> None:
    cut = "\n\n".join(STORY.split("\n\n")[:2])
    assert len(cut) < len(STORY) / 3
    assert alike(STORY, cut)


def test_quotation_marks_dashes_case_and_another_agency_in_the_dateline_make_no_difference() -> None:
    printed = (
        STORY.replace('"', "”").replace(" - ", " — ").replace("(Reuters)", "(AFP)").replace("Norway to", "NORWAY TO")
    )
    assert likeness(signature(STORY), signature(printed)) > 0.9


def test_arabic_vowels_and_tatweel_make_no_difference() -> None:
    plain = "تسلم الجيش من الأردن ناقلة جند مدرعة هبة من الحكومة البريطانية"
    assert signature(plain) == signature(plain.replace("الجيش", "الجَيْش").replace("هبة", "هبـــة"))


def test_a_form_filled_in_with_another_country_is_another_report() -> None:
    first = NOTICE.format(country="Morocco", number="612", item="missiles", cost="260")
    second = NOTICE.format(country="Romania", number="115", item="missiles", cost="592")
    assert likeness(signature(first), signature(second)) == 0


def test_a_short_text_must_agree_more() -> None:
    told = "Georgia has ordered a long-range radar from Thales of France, the defence ministry in Tbilisi said on Thursday afternoon."
    other = told.replace("Georgia", "Armenia").replace("Tbilisi", "Yerevan").replace("Thursday", "Monday")
    assert not alike(told, other)
    assert alike(told, told.replace("afternoon", "evening"))


@given(st.text(), st.text())
def test_likeness_is_the_same_both_ways_and_never_above_one(a: str, b: str) -> None:
    assert likeness(signature(a), signature(b)) == likeness(signature(b), signature(a))
    assert 0 <= likeness(signature(a), signature(b)) <= 1


def test_a_signature_is_the_same_on_every_machine() -> None:
    assert signature("Norway lends 2 ships").hex() == "010000000dbed51a2846d384f97c545a"
    assert bands(signature("Norway lends 2 ships")) == [1515486457, 2228438568]


def test_a_text_without_words_is_like_none() -> None:
    assert bands(signature("…")) == []
    assert likeness(signature("…"), signature("…")) == 0


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))), st.randoms())
def test_groups_do_not_depend_on_the_order_of_pairs(pairs: list[tuple[str, str]], chance: object) -> None:
    shuffled = [pair[::-1] for pair in pairs]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found = components(pairs, "abcdefgh")
    assert components(shuffled, "hgfedcba") == found
    assert all(found[group] == group <= document for document, group in found.items())
    assert all(found[a] == found[b] for a, b in pairs)


def test_a_group_is_named_after_its_smallest_document() -> None:
    assert components([("c", "b"), ("d", "c")], ["d", "c", "b", "a"]) == {"a": "a", "b": "b", "c": "b", "d": "b"}
