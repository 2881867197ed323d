"""What is most worth a reviewer's decision, on small registers of invented reports, in SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasad import Document
from rasad.exchange.imports import import_sipri
from rasad.register import Register, open_register
from rasad.register.database import reading
from rasad.register.unfolded import context, unfolded
from rasad.register.worth import WEIGHTS, Worth, most_worth

NOBODY: dict[str, frozenset[str]] = {"actor": frozenset(), "partner": frozenset()}
RAFALE = "France delivered 12 Rafale fighters to Egypt in 2019."


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


def told(register: Register, *reports: str) -> None:
    register.add(
        [Document(name=f"{n}.txt", text=text, outlet=f"Paper {n}", language="en") for n, text in enumerate(reports)]
    )


def ranked(register: Register, most: int = 100, watched=NOBODY, falls=lambda _: ()) -> tuple[Worth, ...]:
    with reading(register.engine) as connection:
        return most_worth(connection, watched, falls, most)


def test_worth_is_doubt_times_what_hangs_on_it(register: Register) -> None:
    told(
        register,
        "Ruritania may sell eight S-300 systems to Kazakhstan, an expert said. Russia delivered 6 Su-30 to Kazakhstan in 2015.",
    )
    every = ranked(register)
    assert every
    for one in every:
        assert one.stake == 1 + sum(WEIGHTS[reason] for reason in one.reasons)
        assert one.worth == pytest.approx(4 * one.confidence * (1 - one.confidence) * one.stake)
    assert [one.worth for one in every] == sorted((one.worth for one in every), reverse=True)


def test_the_only_claim_of_a_deal_stands_alone_and_others_of_one_source_do_not(register: Register) -> None:
    told(register, "France delivered 12 Rafale fighters to Egypt in 2019.", "Russia delivered 6 Su-30 fighters to Kazakhstan in 2015. Russia delivered 6 Su-30 fighters to Kazakhstan in 2015, officials said.")  # fmt: skip
    for one in ranked(register):
        deal = register.deal(one.deal)
        assert deal is not None
        alone, sole = deal.summary["claims"] == 1, deal.summary["sources"] == 1
        assert ("alone" in one.reasons, "source" in one.reasons) == (alone, sole and not alone)


def test_a_claim_matters_where_it_speaks_to_what_is_disputed(register: Register) -> None:
    told(register, "South Korea sold Poland 24 K9 howitzers in 2020.", "South Korea sold Poland 30 K9 howitzers in 2020.", "South Korea sold Poland K9 howitzers in 2020.")  # fmt: skip
    (deal,) = register.deals(recipient="Poland", item="K9")
    assert deal["disputed"] == "number"
    quantities = {held.claim.id: held.claim.quantity for held in register.deal(deal["deal"]).claims}  # type: ignore[union-attr]
    found = {one.claim: one.reasons for one in ranked(register)}
    assert {claim: "number" in found[claim] for claim in quantities} == {
        claim: number is not None for claim, number in quantities.items()
    }
    assert set(quantities.values()) == {24, 30, None}


def test_an_embargo_counts_for_the_deals_that_fall_into_it_alone(register: Register) -> None:
    told(
        register,
        "France delivered 12 Rafale fighters to Egypt in 2019.",
        "France delivered 4 Gowind frigates to Egypt in 2018.",
    )
    watched = {"actor": frozenset[str](), "partner": frozenset({"country:EGY"})}
    (rafale,) = register.deals(item="Rafale")
    every = ranked(register, watched=watched, falls=lambda some: [deal for deal in some if deal == rafale["deal"]])
    assert {one.deal for one in every if "embargo" in one.reasons} == {rafale["deal"]}
    assert len({one.deal for one in every}) == 2


def test_who_is_decided_on_waits_no_more_until_that_is_taken_back(register: Register) -> None:
    told(
        register,
        "France delivered 12 Rafale fighters to Egypt in 2019.",
        "Russia delivered 6 Su-30 fighters to Kazakhstan in 2015.",
    )
    first, *rest = ranked(register)
    line = register.accept(first.claim, reviewer="Zofia")
    assert ranked(register) == tuple(rest)
    register.undo(line.id, reviewer="Zofia")
    assert [one.claim for one in ranked(register)] == [first.claim, *(one.claim for one in rest)]
    assert len(ranked(register, most=1)) == 1


def test_a_claim_of_several_deals_is_asked_about_once(register: Register) -> None:
    told(register, "France delivered Rafale fighters and Gowind frigates to Egypt and Qatar in 2019.")
    claims = [one.claim for one in ranked(register)]
    assert len(claims) == len(set(claims))


def test_lines_of_a_table_are_not_asked_about(register: Register, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(
        "Supplier,Recipient,Ordered,Weapon model,Weapon category,Ordered year,Delivered year,Delivered num.,Comments\n"
        "France,Egypt,(24),Rafale,FGA aircraft,2015,2015-2019,24,\n"
    )
    import_sipri(register, table)
    assert ranked(register) == ()


# A deal unfolded.


def test_sources_come_with_their_texts_and_the_surest_claims(register: Register) -> None:
    told(
        register,
        *["South Korea sold Poland 24 K9 howitzers in 2020."] * 2,
        "In 2020 South Korea sold 24 howitzers of the type K9 to Poland.",
    )
    (deal,) = register.deals(recipient="Poland", item="K9")
    with reading(register.engine) as connection:
        found = unfolded(connection, deal["deal"])
        assert unfolded(connection, "d-none") is None
    assert found is not None
    assert len(found.sources) == deal["sources"]
    assert sum(source.claims for source in found.sources) == deal["claims"]
    assert sorted(len(source.reports) for source in found.sources) == [1, 2]


def test_what_may_be_one_has_the_same_parties_and_thing(register: Register) -> None:
    told(register, "France ordered 4 K9 howitzers from South Korea in 2010.", "France ordered 6 K9 howitzers from South Korea in 2019.", "France ordered 8 K2 tanks from South Korea in 2019.")  # fmt: skip
    early, late = sorted(register.deals(item="K9"), key=lambda row: row["ordered"])
    with reading(register.engine) as connection:
        found = unfolded(connection, early["deal"])
    assert found is not None
    assert [row.id for row in found.likely] == [late["deal"]]


@pytest.mark.parametrize("many", [0, 1, 90])
def test_the_words_stand_between_whole_sentences(register: Register, many: int) -> None:
    told(register, f"{'One thing. ' * many}{RAFALE}{' Another thing.' * many}")
    shown = register.claim(ranked(register)[0].claim)
    assert shown is not None
    with reading(register.engine) as connection:
        around = context(connection, shown.claim, shown.document)
    assert around.quote == shown.claim.evidence.quote
    before, after = around.before.count("One thing. "), around.after.count(" Another thing.")
    assert around.before == "One thing. " * before
    assert around.after == " Another thing." * after
    assert (before, after) == (min(many, 54), min(many, 39))
