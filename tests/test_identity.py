"""Who is who across documents: persons and organisations that the gazetteer does not know."""

import csv
import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from older import back_to_second
from test_cli import rasad

from rasad import Document
from rasad.languages.words import fold
from rasad.reading.people import person_id, romanise
from rasad.register import FilterError, Register, open_register, upgrade
from rasad.register.identity import MENTIONS, Link, linked

ROMAN = "Roman Hnatiuk, head of the missile programme at Ukroboronprom, said that Ukraine delivered 5 T-72 tanks to Poland in 2015."
TITLE = "Ukraine delivered 6 T-72 tanks to Poland in 2015, said head of the missile programme Hnatiuk."
TITLE_RU = "Украина в 2015 году передала Польше 7 танков Т-72, заявил руководитель ракетной программы Гнатюк."
EMPLOYER_UK = (
    "Україна у 2015 році передала Польщі 8 танків Т-72, заявив керівник ракетної програми Укроборонпрому Гнатюк."
)
OPPOSITION = "Ukraine delivered 9 T-72 tanks to Poland in 2015, said opposition leader Hnatiuk."
TARAS = "Taras Hnatiuk, head of the missile programme at Ukroboronprom, said that Ukraine delivered 10 T-72 tanks to Poland in 2015."
GAMAL = "Defence Minister Gamal Haddad opposes the sale of tanks to Iraq."
JAMAL = "Defence Minister Jamal Haddad opposes the sale of tanks to Iraq. He spoke in the capital."
JAMAL_AR = "وقال وزير الدفاع جمال حداد إنه يعارض بيع الدبابات إلى العراق."
TITLE_WITHIN = "In 2015 Ukraine delivered 11 T-72 tanks to Poland, said the head of the missile programme Hnatiuk."
GOLD = Path(__file__).parent / "gold" / "identity.tsv"


@pytest.fixture
def register(address: str) -> Iterator[Register]:
    with open_register(address, create=True) as opened:
        yield opened


def add(register: Register, *texts: str) -> None:
    register.add([Document(name=f"{text[:12]}.txt", text=text) for text in texts])


def persons(register: Register) -> dict[str, int]:
    """In how many texts each person is named."""
    return {entity.id: entity.documents for entity in register.entities(kind="person").entities}


def holders(register: Register) -> list[str]:
    return [row["actor"] for row in register.relations(frame="position")]


def link(register: Register, entity: str) -> Link:
    (found,) = register.entity(entity).linked_into
    return found


def claims_of(register: Register, entity: str) -> dict[str, str]:
    """The claims that mean an entity, by the beginning of their evidence."""
    return {held.claim.evidence.quote: held.claim.id for held in register.entity(entity).evidence}


# What is one, and what is not.


def test_a_surname_with_the_title_of_somebody_named_in_full_is_that_person_in_every_language(register):
    add(register, TITLE, TITLE_RU, EMPLOYER_UK)
    assert persons(register) == {"person:gntk": 3}
    add(register, ROMAN)
    assert persons(register) == {"person:gntk-r": 4}
    names = {(seen.text, seen.language) for seen in register.entity("person:gntk-r").names}
    assert names == {("Roman Hnatiuk", "en"), ("Hnatiuk", "en"), ("Gnatyuk", "ru"), ("Gnatyuk", "uk")}


def test_a_surname_with_another_title_is_another_person(register):
    add(register, ROMAN, OPPOSITION)
    assert persons(register) == {"person:gntk": 1, "person:gntk-r": 1}


def test_one_surname_may_mean_two_persons_in_two_documents(register):
    add(register, ROMAN, TITLE, OPPOSITION)
    assert persons(register) == {"person:gntk": 1, "person:gntk-r": 2}
    assert list(claims_of(register, "person:gntk")) == [OPPOSITION]


def test_where_two_persons_fit_equally_a_surname_is_neither(register):
    add(register, ROMAN, TITLE)
    assert persons(register) == {"person:gntk-r": 2}
    add(register, TARAS)
    assert persons(register) == {"person:gntk": 1, "person:gntk-r": 1, "person:gntk-t": 1}


def test_a_given_name_in_two_spellings_is_one_person_and_what_is_said_of_both_one_relation(register):
    add(register, GAMAL)
    assert holders(register) == ["person:gd-g"]
    add(register, JAMAL)
    (holder,) = holders(register)
    assert (holder, register.relations(frame="position")[0]["claims"]) == ("person:gd-c", 2)


def test_a_name_in_arabic_is_linked_to_its_latin_spelling(register):
    add(register, GAMAL, JAMAL_AR)
    assert persons(register) == {"person:gd-g": 2}


def test_a_link_says_what_was_compared_and_what_each_comparison_weighs(register):
    add(register, ROMAN, TITLE)
    found = link(register, "person:gntk")
    assert (found.into, found.probability) == ("person:gntk-r", pytest.approx(0.923, abs=0.001))
    assert [(reason.found, reason.factor) for reason in found.reasons if reason.factor != 1] == [
        ("same surname", 120),
        ("title agrees", 25),
    ]
    assert "organisation unknown" in {reason.found for reason in found.reasons}


def test_the_probability_is_the_prior_odds_times_the_factors(register):
    add(register, ROMAN, TITLE)
    odds = 0.004 / 0.996
    for reason in link(register, "person:gntk").reasons:
        odds *= reason.factor
    assert link(register, "person:gntk").probability == pytest.approx(odds / (1 + odds), abs=1e-4)


# Whatever the order, and after whatever happened.


def test_the_order_of_arrival_makes_no_difference(tmp_path: Path):
    found = []
    for number, order in enumerate(permutations([ROMAN, TITLE, TARAS, GAMAL], 4)):
        if number % 8:
            continue
        with open_register(tmp_path / f"{number}.db", create=True) as register:
            for text in [*order, JAMAL]:
                add(register, text)
            found.append((persons(register), register.deals(), register.relations()))
    assert found == [found[0]] * 3


def test_a_text_that_is_read_anew_and_no_longer_names_somebody_takes_the_links_with_it(register, monkeypatch):
    add(register, ROMAN, TITLE)
    monkeypatch.setattr("rasad.register.add.reader", lambda: "reader-of-tomorrow")
    monkeypatch.setattr("rasad.register.add.read_document", lambda _: [])
    add(register, ROMAN)
    assert persons(register) == {"person:gntk": 1}
    assert register.entity("person:gntk").linked_into == ()


def test_a_register_of_an_older_version_is_linked_when_it_is_upgraded(tmp_path: Path):
    file = tmp_path / "rasad.db"
    with open_register(file, create=True) as register:
        add(register, ROMAN, TITLE, GAMAL, JAMAL)
        linked_at_once = (persons(register), register.relations(), link(register, "person:gntk"))
        with register.engine.begin() as connection:
            back_to_second(connection)
    upgrade(file)
    with open_register(file) as register:
        register.gather()
        assert (persons(register), register.relations(), link(register, "person:gntk")) == linked_at_once


NAMES = ["Roman Hnatiuk", "Taras Hnatiuk", "R. Hnatiuk", "Hnatiuk", "Hnatyuk", "Gnatyuk", "Roman Gnatiuk", "Hnatiuka"]
HELD = ["head of the programme", "director", "руководитель программы", None]


@st.composite
def _mentions(draw: st.DrawFn) -> list[dict[str, str | None]]:
    rows = st.tuples(
        st.sampled_from(NAMES), st.sampled_from("abc"), st.sampled_from(HELD), st.sampled_from(["Boeing", None])
    )
    return [
        {
            "entity": person_id(name),
            "document": document,
            "name": name,
            "title": title,
            "organisation": organisation,
            "country": None,
        }
        for name, document, title, organisation in draw(st.lists(rows, min_size=2, max_size=9))
    ]


def found(rows: list[dict[str, str | None]]) -> list[Link]:
    return linked(pa.Table.from_pylist(rows, MENTIONS))


@given(_mentions(), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_links_depend_on_the_mentions_and_not_on_their_order_or_on_others(rows, chance):
    links = found(rows)
    shuffled = [*rows, rows[0], {**rows[0], "entity": "person:btrf-m", "name": "Maria Petrov"}]
    chance.shuffle(shuffled)
    assert found(shuffled) == links
    assert len({(link.entity, link.document) for link in links}) == len(links), (
        "an entity is one other at most in a document"
    )
    assert not {link.into for link in links} & {link.entity for link in links}, "who stays is nobody else"


def test_the_id_that_stays_is_that_of_the_fullest_name():
    full, short = ("person:gd-g", "Gamal Abdelaziz Haddad"), ("person:gd-c", "Jamal Haddad")
    rows = [
        {
            "entity": entity,
            "document": entity,
            "name": name,
            "title": "defence minister",
            "organisation": None,
            "country": None,
        }
        for entity, name in (short, full)
    ]
    assert [(link.entity, link.into) for link in found(rows)] == [("person:gd-c", "person:gd-g")]


def test_full_names_that_agree_are_enough_where_no_title_is_told_unless_the_surname_is_short():
    names = {
        "person:gntk-m": "Mykola Hnatiuk",
        "person:gntk-n": "Nikolai Hnatiuk",
        "person:l-m": "Mykola Li",
        "person:l-n": "Nikolai Li",
    }
    rows = [
        {"entity": entity, "document": entity, "name": name, "title": None, "organisation": None, "country": None}
        for entity, name in names.items()
    ]
    assert [(link.entity, link.into) for link in found(rows)] == [("person:gntk-m", "person:gntk-n")]


# What reviewers say goes before.


def test_a_reviewer_undoes_a_link_by_saying_that_the_claim_means_the_one_it_names(register):
    add(register, ROMAN, TITLE, TITLE_WITHIN)
    claim = claims_of(register, "person:gntk-r")[TITLE]
    register.part("person:gntk", [claim], "person:gntk", reviewer="ann", reason="his brother")
    assert persons(register) == {"person:gntk": 1, "person:gntk-r": 2}
    assert claims_of(register, "person:gntk") == {TITLE: claim}
    add(register, TITLE_RU)
    assert persons(register) == {"person:gntk": 1, "person:gntk-r": 3}
    register.undo(1, reviewer="ann")
    assert persons(register) == {"person:gntk-r": 4}


def test_a_linked_claim_is_parted_from_the_one_it_was_linked_to(register):
    add(register, GAMAL, JAMAL)
    claim = next(i for quote, i in claims_of(register, "person:gd-c").items() if "Gamal" in quote)
    register.part("person:gd-c", [claim], "person:gd-g", reviewer="ann")
    assert sorted(holders(register)) == ["person:gd-c", "person:gd-g"]
    register.undo(1, reviewer="ann")
    assert holders(register) == ["person:gd-c"]


def test_a_merge_takes_along_who_is_linked(register):
    add(register, GAMAL, JAMAL)
    add(register, "Foreign Minister Karim Toma opposes the sale of tanks to Iraq.")
    (other,) = set(holders(register)) - {"person:gd-c"}
    register.merge("person:gd-c", other, reviewer="ann")
    assert holders(register) == [other]
    assert {entity: number for entity, number in persons(register).items() if entity.startswith("person:gd")} == {}
    register.undo(1, reviewer="ann")
    assert sorted(holders(register)) == sorted(["person:gd-c", other])


# The commands.


def test_names_are_listed_with_how_often_and_in_which_forms(register):
    add(register, ROMAN, TITLE, OPPOSITION)
    listed = {entity.id: entity for entity in register.entities().entities}
    assert (listed["country:POL"].claims, listed["country:POL"].documents, listed["country:POL"].in_gazetteer) == (
        3,
        3,
        True,
    )
    assert listed["person:gntk-r"].forms == ("Hnatiuk", "Roman Hnatiuk")
    assert [entity.id for entity in register.entities("hnatiuk").entities] == ["person:gntk-r", "person:gntk"]
    assert [entity.id for entity in register.entities(kind="system").entities] == ["system:T-72"]
    assert (len(register.entities(limit=2).entities), register.entities(limit=2).total) == (2, 5)
    with pytest.raises(FilterError, match=r"kind: 'persn' is not one of .*did you mean person\?"):
        register.entities(kind="persn")


def test_the_commands_list_entities_and_say_in_words_why_they_are_one(tmp_path: Path):
    with open_register(tmp_path / "rasad.db", create=True) as register:
        add(register, ROMAN, TITLE)
    listed = rasad("entities", "Hnatiuk", "--kind", "person", "-r", tmp_path / "rasad.db", "-f", "csv").stdout
    assert list(csv.DictReader(listed.splitlines())) == [
        {"id": "person:gntk-r", "name": "Roman Hnatiuk", "kind": "person", "in_gazetteer": "False", "claims": "2", "documents": "2",
         "forms": "Hnatiuk;Roman Hnatiuk"}
    ]  # fmt: skip
    shown = rasad("show", "person:gntk-r", "-r", tmp_path / "rasad.db", width=200).stdout
    assert "person:gntk is it in 1 text\n" in shown
    assert "same surname ×120, given name unknown ×1, second name unknown ×1, title agrees ×25, organisation unknown ×1, country unknown ×1 → 0.923" in shown  # fmt: skip
    assert "it is person:gntk-r in 1 text\n" in rasad("show", "person:gntk", "-r", tmp_path / "rasad.db").stdout
    wrong = rasad("entities", "--kind", "persn", "-r", tmp_path / "rasad.db")
    assert (wrong.returncode, wrong.stderr.startswith("rasad: kind: 'persn' is not one of")) == (2, True)


# Quality.


def _both(number: int, row: dict[str, str]) -> Iterator[dict[str, str | None]]:
    """The two mentions of a pair. Their ids tell them apart even where the reader gives both the same, and from other pairs."""
    for place, prefix in enumerate(("", "other_")):
        name = romanise(row[f"{prefix}name"])
        if row["kind"] == "person":
            entity = re.sub(r"^(person:[^-]*)", rf"\1x{number}", person_id(row[f"{prefix}name"])) + "-again" * (
                place and row["again"]
            )
        else:
            entity = "org:" + re.sub(r"\W+", "-", fold(name)) + f"-{place}"
        told = {column: row[f"{prefix}{column}"] or None for column in ("title", "organisation", "country")}
        yield {"entity": entity, "document": f"{number}{prefix}", "name": name, **told}


def quality(part: str) -> tuple[float, float, int]:
    """Precision and recall of the links between the pairs of one part of the gold, and how many pairs it has."""
    lines = [line for line in GOLD.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["part"] == part]
    mentions: list[dict[str, str | None]] = []
    same: dict[tuple[str | None, ...], bool] = {}
    for number, row in enumerate(rows):
        again = person_id(row["name"]) == person_id(row["other_name"])
        both = list(_both(number, {**row, "again": again}))
        if row["kind"] == "organisation":  # names of their own: a pair meets no other
            both = [{**one, "entity": str(one["entity"]), "document": f"{number}"} for one in both]
        mentions += both
        same[tuple(one["entity"] for one in both)] = row["pair"] == "same"
    links = {(link.entity, link.into) for link in found(mentions)}
    told = {pair for pair in same if pair in links or pair[::-1] in links}
    right = sum(same[pair] for pair in told)
    return right / len(told), right / sum(same.values()), len(same)


@pytest.mark.parametrize("part", ["known", "held-out"])
def test_pairs_of_mentions_are_told_to_be_one_or_not(part: str, capsys: pytest.CaptureFixture[str]):
    precision, recall, pairs = quality(part)
    with capsys.disabled():
        print(f"\nwho is who, {part}, {pairs} pairs: precision {precision:.3f}, recall {recall:.3f}")
    assert pairs >= 100
    assert precision >= 0.98
    assert recall >= 0.90


def test_a_third_of_the_pairs_is_held_out():
    parts = [line.split("\t")[0] for line in GOLD.read_text("utf-8").splitlines()[2:]]
    assert parts.count("held-out") * 3 >= len(parts) - 1
