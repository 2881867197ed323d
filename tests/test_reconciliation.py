"""The press beside SIPRI's table: what both say, what only one says, in what they differ; on invented tables and reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rasad import Document
from rasad.analysis.reconciliation import Comparison, ReconciliationError, compared, coverage, reconcile
from rasad.exchange.imports import import_sipri
from rasad.register import Register, open_register

TITLES = "Supplier,Recipient,Ordered,Weapon model,Weapon category,Ordered year,Delivered year,Delivered num.,Comments"
S300 = "Russia,Kazakhstan,(5),S-300PS,SAM system,(2013),2015,(5),Second-hand"
S300_OLD = "Russia,Kazakhstan,1,S-300P,SAM system,1998,2000,1,"
RAFALE = "France,Egypt,24,Rafale,FGA aircraft,2015,2015-2019,24,"
SU30_FIRST = "Russia,Algeria,12,Su-30MK,FGA aircraft,2015,2016-2017,12,"
SU30_SECOND = "Russia,Algeria,8,Su-30MK,FGA aircraft,2015,2018,8,"

Reconciled = Callable[..., list[Comparison]]


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


@pytest.fixture
def reconciled(register: Register, tmp_path: Path) -> Reconciled:
    """The comparisons of a table of these rows with these reports."""

    def compared(rows: list[str], *reports: str, **filters: object) -> list[Comparison]:
        table = tmp_path / "table.csv"
        table.write_text("\n".join([TITLES, *rows]) + "\n")
        import_sipri(register, table)
        register.add([Document(name=f"{n}.txt", text=text, language="en") for n, text in enumerate(reports)])
        return reconcile(register, **filters)

    return compared


def differences(one: Comparison) -> dict[str, tuple[list[str], list[str]]]:
    return {d.column: ([str(v) for v in d.press], [str(v) for v in d.register]) for d in one.differences}


def told(one: Comparison, column: str) -> list[list[str]]:
    """What each deal of the table says under a column."""
    return [[str(said) for said in side.columns.get(column, ())] for side in one.register]


def test_another_supplier_of_the_same_weapon_is_shown_beside_those_that_the_table_knows(reconciled: Reconciled) -> None:
    report = "Ukraine has recently supplied Kazakhstan with S-300 anti-aircraft missile systems, said Sergey Zgurets."
    (one,) = reconciled([S300, S300_OLD], report)
    assert (one.kind, one.recipient.name, one.item.id) == ("differing", "Kazakhstan", "system:S-300")
    assert differences(one) == {"supplier": (["Ukraine"], ["Russia"])}
    assert one.note == "the table knows S-300 for Kazakhstan from Russia only"
    assert sorted(told(one, "year of order")) == [["(2013)"], ["1998"]]
    assert {side.columns["supplier"][0].value for side in one.register} == {"country:RUS"}


def test_both_sides_lead_to_their_claims(reconciled: Reconciled, register: Register) -> None:
    (one,) = reconciled([RAFALE], "Egypt ordered 24 Rafale fighters from France in 2015.")
    press, (listed,) = one.press, one.register
    assert press.deal == listed.deal
    said = {evidence.claim.id: evidence.claim for evidence in register.deal(press.deal).claims}
    assert [said[claim].evidence.quote for claim in press.claims] == [
        "Egypt ordered 24 Rafale fighters from France in 2015."
    ]
    assert {said[claim].attribution[0].id for claim in listed.claims} == {"org:sipri"}


def test_what_both_say_is_confirmed(reconciled: Reconciled) -> None:
    (one,) = reconciled([RAFALE], "Egypt ordered 24 Rafale fighters from France in 2015.")
    assert (one.kind, one.differences) == ("confirmed", ())
    assert {"supplier", "number ordered", "year of order"} <= set(one.agreed)


def test_another_number_is_a_difference(reconciled: Reconciled) -> None:
    (one,) = reconciled([RAFALE], "Egypt ordered 30 Rafale fighters from France in 2015.")
    assert one.kind == "differing"
    assert differences(one) == {"number ordered": (["30"], ["24"])}


def test_the_number_of_two_orders_of_one_year_together_is_no_difference(reconciled: Reconciled) -> None:
    (one,) = reconciled([SU30_FIRST, SU30_SECOND], "Algeria ordered 20 Su-30 fighters from Russia in 2015.")
    assert (one.kind, one.note) == ("confirmed", "the number is that of 2 orders of the table together")
    assert sorted(told(one, "number ordered")) == [["12"], ["8"]]


def test_a_report_goes_to_the_row_of_the_same_number(reconciled: Reconciled) -> None:
    found = reconciled([SU30_FIRST, SU30_SECOND], "Algeria ordered 8 Su-30 fighters from Russia in 2015.")
    assert [(one.kind, told(one, "number ordered")) for one in found] == [
        ("confirmed", [["8"]]),
        ("register only", [["12"]]),
    ]


def test_an_order_too_far_apart_in_time_differs_in_the_year(reconciled: Reconciled) -> None:
    (one,) = reconciled([RAFALE], "Egypt ordered 24 Rafale fighters from France in 2011.")
    assert one.kind == "differing"
    assert differences(one) == {"year of order": (["2011"], ["2015"])}


def test_more_delivered_than_the_table_counts_is_a_difference(reconciled: Reconciled) -> None:
    table = "France,Egypt,24,Rafale,FGA aircraft,2015,2015-2016,6,"
    (one,) = reconciled([table], "France delivered 9 Rafale fighters to Egypt in 2016.")
    assert differences(one) == {"number delivered": (["9"], ["6"])}


def test_a_part_of_what_was_delivered_is_no_difference(reconciled: Reconciled) -> None:
    (one,) = reconciled([RAFALE], "France delivered the first 3 Rafale fighters to Egypt in 2015.")
    assert (one.kind, one.differences) == ("confirmed", ())


def test_what_is_denied_is_a_difference(reconciled: Reconciled) -> None:
    (one,) = reconciled([RAFALE], "France has not delivered Rafale fighters to Egypt.")
    assert [difference.column for difference in one.differences] == ["denied"]


def test_delivered_in_the_press_and_only_ordered_in_the_table_differ_in_status(reconciled: Reconciled) -> None:
    table = "France,Egypt,24,Rafale,FGA aircraft,2015,,,"
    (one, _) = reconciled([table, SU30_FIRST], "France delivered Rafale fighters to Egypt in 2016.")
    assert differences(one) == {"status": (["delivered"], ["ordered"])}


def test_what_the_table_has_not_is_in_the_press_only(reconciled: Reconciled) -> None:
    found = reconciled([RAFALE], "Egypt ordered 46 MiG-29 fighters from Russia in 2015.")
    assert [(one.kind, one.item.name) for one in found] == [("press only", "MiG-29"), ("register only", "Rafale")]
    assert found[0].register == ()


def test_a_recipient_that_the_table_does_not_list_at_all_is_told(reconciled: Reconciled) -> None:
    found = reconciled([RAFALE], "Peru ordered 8 MiG-29 fighters from Russia in 2016.")
    assert (found[0].kind, found[0].note) == (
        "press only", "the table has no deal of this recipient at all: it may be no whole register",
    )  # fmt: skip


def test_what_no_report_tells_is_in_the_register_only(reconciled: Reconciled) -> None:
    (one,) = reconciled([RAFALE])
    assert (one.kind, one.press, told(one, "years of delivery")) == ("register only", None, [["2015", "2019"]])


@pytest.mark.parametrize(
    "report",
    [
        "Russia offered Egypt Su-35 fighters in 2016.",
        "Egypt is negotiating with Russia on the purchase of Su-35 fighters.",
        "Russia refused to sell Su-35 fighters to Egypt.",
        "Russia has not delivered Su-35 fighters to Egypt.",
        "Russia may sell Su-35 fighters to Egypt.",
    ],
)
def test_talks_offers_and_denials_do_not_contradict_the_silence_of_the_table(
    reconciled: Reconciled, report: str
) -> None:
    found = {one.item.name: one for one in reconciled([RAFALE], report)}
    assert found["Su-35"].kind == "not covered"
    assert found["Su-35"].note in (
        "the press tells of no order or delivery, only of what may come", "the press only denies it"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ("Egypt ordered 20 Su-35 fighters from Russia in 2022.", "the table ends in 2019"),
        ("The Soviet Union delivered 50 MiG-21 fighters to Egypt in 1967.", "the table begins in 2015"),
        ("Russia delivered 5000 AK-103 assault rifles to Egypt in 2016.", "SIPRI does not count small arms"),
    ],
)
def test_years_and_arms_that_the_table_does_not_count_are_not_covered(
    reconciled: Reconciled, report: str, reason: str
) -> None:
    (one, _) = sorted(reconciled([RAFALE], report), key=lambda one: one.press is None)
    assert (one.kind, one.note) == ("not covered", reason)


def test_a_report_that_names_no_designation_may_mean_several_deals(reconciled: Reconciled) -> None:
    mig = "Russia,Algeria,4,MiG-29,Fighter aircraft,2015,2016,4,"
    found = reconciled([SU30_FIRST, mig], "Russia delivered fighters to Algeria in 2016.")
    assert [one.kind for one in found] == ["unclear", "register only", "register only"]
    assert sorted(told(found[0], "designation")) == [["MiG-29"], ["Su-30MK"]]


def test_services_are_not_compared(reconciled: Reconciled) -> None:
    found = reconciled([RAFALE], "Ukraine overhauled S-300 systems for Kazakhstan in 2016.")
    assert [one.kind for one in found] == ["register only"]


def test_what_a_paper_tells_as_the_figures_of_sipri_is_no_second_voice(reconciled: Reconciled) -> None:
    (one,) = reconciled([RAFALE], "Egypt ordered 24 Rafale fighters from France in 2015, according to SIPRI.")
    assert (one.kind, one.press) == ("register only", None)


def test_filters_choose_the_deals_and_keep_what_stands_beside_them(reconciled: Reconciled) -> None:
    report = "Ukraine has recently supplied Kazakhstan with S-300 anti-aircraft missile systems."
    (one,) = reconciled([S300, RAFALE], report, supplier="Ukraine")
    assert (one.kind, told(one, "supplier")) == ("differing", [["Russia"]])


def test_without_a_table_there_is_nothing_to_compare_with(register: Register) -> None:
    with pytest.raises(ReconciliationError, match="rasad import sipri FILE"):
        reconcile(register)


def test_an_armed_group_is_not_the_state_that_it_is_in(reconciled: Reconciled) -> None:
    table = [
        "Iran,Hezbollah (Lebanon)*,(10),Fateh-110,SSM,(2012),2013,(10),",
        "Iran,Lebanon,10,Fateh-110,SSM,2012,2013,10,",
    ]
    found = reconciled(table, "Iran delivered Fateh-110 missiles to Hezbollah in 2013.")
    assert [(one.kind, one.recipient.id) for one in found] == [
        ("confirmed", "org:hezbollah"), ("register only", "country:LBN"),
    ]  # fmt: skip


def test_one_deal_is_compared_as_all_are(reconciled: Reconciled, register: Register) -> None:
    every = reconciled(
        [S300, S300_OLD, RAFALE, SU30_FIRST, SU30_SECOND],
        "Ukraine has recently supplied Kazakhstan with S-300 anti-aircraft missile systems.",
        "Egypt ordered 30 Rafale fighters from France in 2015.",
        "Russia delivered fighters to Algeria in 2016.",
        "Russia delivered arms to Algeria in 2016.",
    )
    covered = coverage(register)
    assert covered is not None
    of = {side.deal: one for one in reversed(every) for side in (*one.register, one.press) if side}
    assert len(of) > 5
    for deal, one in of.items():
        found = compared(register, deal, covered)
        assert found in every
        assert found is not None
        assert deal in {side.deal for side in (*found.register, found.press) if side}
        assert found.kind == one.kind or found.press is None or found.press.deal == deal


def test_without_a_table_one_deal_is_compared_with_nothing(register: Register) -> None:
    register.add([Document(name="a", text="Egypt ordered 30 Rafale fighters from France in 2015.", language="en")])
    assert coverage(register) is None
    assert compared(register, register.deals()[0]["deal"]) is None
