"""Near-copies: which texts are one story, and which of them have to be read."""

from __future__ import annotations

import random
from collections import Counter

import duckdb
import pyarrow as pa
import pytest
import sqlglot
from gold_copies import copies, groups, quality
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.claims import Document
from rasad.languages import codes
from rasad.languages.words import split
from rasad.sources.copies import LIKE, bands, contains, likeness, signature, story
from rasad.sources.corpus import compare, components, copies_of, keys, script, settle

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


# Across a corpus


def corpus(texts: dict[str, str]) -> pa.Table:
    """The documents of these ids and texts, as they come out of the sifting."""
    return pa.table(
        {
            "id": list(texts),
            "hash": [Document(name=name, text=text).hash for name, text in texts.items()],
            "length": [len(text) for text in texts.values()],
            "signature": [signature(text) for text in texts.values()],
            "story_start": [story(text)[0] for text in texts.values()],
            "story_end": [story(text)[1] for text in texts.values()],
        }
    )


def linked(texts: dict[str, str]) -> dict[str, tuple[str, str | None]]:
    """For each document its group and the document that is read in its place."""
    return {row["id"]: (row["copies"], row["copy_of"]) for row in copies_of(corpus(texts).to_batches()).to_pylist()}


HEADLINE, LEAD, SHIPS, QUOTE, LAST = STORY.split("\n\n")
DIGEST = "\n\n".join([NOTICE.format(country="Peru", number=3, item="radars", cost=7), STORY, "That was the week."])


def test_what_is_cut_from_a_story_is_read_with_the_story() -> None:
    cut, inner = "\n\n".join([HEADLINE, LEAD, SHIPS]), "\n\n".join([LEAD, SHIPS, QUOTE])
    assert linked({"a": cut, "b": STORY, "c": inner}) == {"a": ("a", "b"), "b": ("a", None), "c": ("a", "b")}


def test_a_copy_of_a_copy_points_at_the_text_that_is_read() -> None:
    found = linked({"a": "\n\n".join([LEAD, SHIPS]), "b": STORY, "c": DIGEST})
    assert found == {"a": ("a", "c"), "b": ("a", "c"), "c": ("a", None)}


@pytest.mark.parametrize(
    "other",
    [
        "\n\n".join(["Estonia gets help at sea, and Latvia not.", LEAD, SHIPS, QUOTE]),
        "\n\n".join(["Estonia gets 5 ships", LEAD, SHIPS, QUOTE]),
        STORY.replace("will lend", "will not lend").removesuffix(LAST),
        STORY.replace("three years", "four years").removesuffix(LAST),
        "\n\n".join([HEADLINE, LEAD, QUOTE]),
    ],
    ids=[
        "a sentence of its own",
        "another number in the headline",
        "one word more",
        "another number",
        "a paragraph left out",
    ],
)
def test_a_near_copy_that_says_something_otherwise_is_read_itself(other: str) -> None:
    assert len(other) < len(STORY)
    assert linked({"a": STORY, "b": other}) == {"a": ("a", None), "b": ("a", None)}


@pytest.mark.parametrize(
    "other",
    [
        "\n\n".join(["Estonia gets help at sea", LEAD, SHIPS, QUOTE]),
        "\n\n".join(["Estonia gets help at sea", LEAD.replace("(Reuters)", "(AFP)"), SHIPS]),
        "\n\n".join([HEADLINE, LEAD.partition(" - ")[2], SHIPS, "(Reporting by A. Writer; editing by An Editor)"]),
    ],
    ids=["its own headline", "another agency too", "no dateline, and who wrote it"],
)
def test_a_story_under_another_headline_or_dateline_is_read_once(other: str) -> None:
    assert linked({"a": STORY, "b": other}) == {"a": ("a", None), "b": ("a", "a")}


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("КИЇВ, 12 травня (УНІАН) — ", "Польща передала Україні чотири літаки."),
        ("بيروت - ", "تسلم الجيش ناقلات جند مدرعة من بريطانيا."),
        ("Oslo, 4 May – ", "Norway lends two ships."),
        ("", "Norway will not lend ships - it sells them."),
        ("", "Польща не передає літаки — вона їх продає."),
    ],
)
def test_what_is_a_dateline(dateline: str, rest: str) -> None:
    begin, end = story(f"A headline\n\n{dateline}{rest}\n\nThe end of it.")
    words = [word for word in split(f"A headline {dateline}") if word.kind != "p"]
    assert begin == len(words)
    assert end == len(signature(f"A headline {dateline}{rest} The end of it.")) // 4 - 1 - (
        "12" in dateline or "4" in dateline
    )


def test_of_texts_that_differ_in_punctuation_only_the_one_with_the_smaller_hash_is_read() -> None:
    texts = {"a": STORY, "b": STORY.replace('"', "'"), "c": STORY.replace(".", ";")}
    hashes = {name: Document(name=name, text=text).hash for name, text in texts.items()}
    first = min(texts, key=hashes.__getitem__)
    assert linked(texts) == {name: ("a", None if name == first else first) for name in texts}


def test_a_corpus_has_the_groups_that_the_register_finds() -> None:
    texts = [*copies(held_out=False), *copies(held_out=True)]
    found = linked({text.name: text.text for text in texts})
    assert {name: group for name, (group, _) in found.items()} == groups(texts)


def test_a_corpus_without_documents_has_no_copies() -> None:
    assert copies_of(corpus({"a": STORY}).slice(1).to_batches()).to_pylist() == []
    assert linked({"a": "…", "b": "…"}) == {"a": ("a", None), "b": ("b", None)}


_PIECES = st.lists(st.sampled_from([HEADLINE, LEAD, SHIPS, QUOTE, LAST]), min_size=1, max_size=5).filter(
    lambda parts: len(" ".join(parts).split()) >= 20
)


@given(st.lists(_PIECES, min_size=1, max_size=8, unique_by=tuple), st.randoms())
@settings(max_examples=40, deadline=None)
def test_every_document_of_twenty_words_is_read_or_stands_in_one_that_is_in_whatever_order_they_come(
    drawn: list[list[str]], chance: object
) -> None:
    texts = {f"d{number}": "\n\n".join(parts) for number, parts in enumerate(drawn)}
    found = linked(texts)
    names = list(texts)
    chance.shuffle(names)  # type: ignore[attr-defined]
    assert linked({name: texts[name] for name in names}) == found
    for name, (group, whole) in found.items():
        within = {
            other
            for other in texts
            if other != name
            and (-len(texts[other]), Document(name=other, text=texts[other]).hash)
            < (-len(texts[name]), Document(name=name, text=texts[name]).hash)
            and contains(signature(texts[other]), signature(texts[name]), story(texts[name]))
        }
        assert (whole is not None) == bool(within)
        if whole:
            assert found[whole] == (group, None)


def test_twenty_thousand_documents_that_share_a_sentence_are_compared_with_few_and_a_story_among_them_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []
    monkeypatch.setattr("rasad.sources.corpus.compare", lambda pairs: compared.append(len(pairs)) or compare(pairs))
    chance = random.Random(1)
    words, stock = [f"word{number}" for number in range(5_000)], NOTICE.split("\n\n")[1].partition(". ")[0]
    texts = {f"d{number}": f"{' '.join(chance.choices(words, k=50))}. {stock}." for number in range(20_000)}
    story = {f"s{number}": f"Desk {number}. {STORY}" for number in range(300)}
    found = linked(texts | story)
    assert len(texts) < sum(compared) < 10 * len(found)
    assert {group for name, (group, _) in found.items() if name in story} == {"s0"}
    assert all(found[name] == (name, None) for name in texts)


def test_every_statement_that_makes_pairs_is_also_one_for_spark() -> None:
    statements = sqlglot.transpile(script(), read="duckdb", write="spark")
    assert len(statements) == script().count("CREATE TEMPORARY ")
    assert [sqlglot.parse_one(statement, read="spark").sql("spark") for statement in statements] == statements


def test_documents_may_go_by_any_name_that_sorts_from_the_longest() -> None:
    texts = corpus({"x": "\n\n".join([LEAD, SHIPS]), "y": STORY, "z": NOTICE}).to_pylist()
    pairs = pa.RecordBatch.from_pylist(
        [
            {"a": "0y", "b": "1x", "signature_a": texts[1]["signature"], "signature_b": texts[0]["signature"]}
            | {name: texts[0][name] for name in ("story_start", "story_end")}
        ]
    )
    named = pa.table({"document": ["1x", "2z", "0y"], "id": ["x", "z", "y"]})
    assert settle(pa.Table.from_batches([compare(pairs)]), named).to_pydict() == {
        "id": ["x", "z", "y"], "copies": ["x", "z", "x"], "copy_of": ["y", None, None]
    }  # fmt: skip
    made = keys(pa.record_batch({"document": ["0y"], "signature": [texts[1]["signature"]]}))
    assert set(made["document"].to_pylist()) == {"0y"}
    assert [key % 2**32 for key in made["key"].to_pylist()] == bands(texts[1]["signature"])


def test_pairs_for_which_there_is_too_little_memory_are_made_with_more(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        f"t{n}": f"{STORY}\n\nReport number {n} of the day, with {n} more words than the others." for n in range(40)
    }
    wanted = copies_of(corpus(texts).to_batches())
    monkeypatch.setattr("rasad.sources.corpus.MEMORY", ("1MB", "500MB"))
    assert copies_of(corpus(texts).to_batches()).equals(wanted)
    monkeypatch.setattr("rasad.sources.corpus.MEMORY", ("1MB",))
    with pytest.raises(duckdb.OutOfMemoryException):
        copies_of(corpus(texts).to_batches())
