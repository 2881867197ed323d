"""How claims gather into deals and relations: the rules of rasad.register.linking, one case each."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import Any

import pyarrow as pa
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rasad.claims import Claim, Evidence, Filler, Money
from rasad.ontology import ontology
from rasad.register.atoms import ATOM_SCHEMA, Reported, atoms, family, links
from rasad.register.linking import link, script

NUMBERS = count()
CATEGORIES = {
    "S-300": "air-defence-systems", "S-300PS": "air-defence-systems", "S-400": "air-defence-systems", "Su-30": "aircraft",
    "Su-30MKI": "aircraft", "Su-35": "aircraft", "MiG-29": "aircraft", "fighter": "aircraft", "helicopter": "aircraft",
    "aircraft": "aircraft", "T-72": "armoured-vehicles", "T-90": "armoured-vehicles", "Mi-17": "aircraft",
}  # fmt: skip


def filler(name: str) -> Filler:
    """KAZ is a state, "org:x of RUS" an organisation of Russia, S-300 a system, fighter a class, aircraft a category."""
    entity, _, country = name.partition(" of ")
    if ":" in entity:
        return Filler(id=entity, name=entity, text=entity, start=0, end=1, country=country or None)
    if category := CATEGORIES.get(entity):
        kind = "category" if entity == category else "class" if entity.islower() else "system"
        return Filler(id=f"{kind}:{entity}", name=entity, text=entity, start=0, end=1, category=category)
    return Filler(id=f"country:{entity}", name=entity, text=entity, start=0, end=1, country=entity)


def report(frame: str = "transfer", *, document: str | None = None, source: str | None = None, published: int | None = None,
           polarity: str = "positive", **said: Any) -> Reported:  # fmt: skip
    """A claim of a document and a source of its own, unless they are given; roles as names joined by a comma."""
    number = next(NUMBERS)
    roles = {
        role: [filler(name) for name in said.pop(role).split(", ")]
        for role in ontology().frames[frame].roles
        if said.get(role)
    }
    claim = Claim(
        id=f"c-{number:06}", document="x", language="en", frame=frame, roles=roles, stage=said.pop("stage", None),
        certainty="asserted", polarity=polarity, quantity=said.pop("quantity", None), value=said.pop("value", None),
        year=said.pop("year", None), time=None, attribution=[], evidence=Evidence(0, 1, "x"), confidence=0.9,
        **{name: value for name, value in said.items() if value is not None},
    )  # fmt: skip
    return Reported(claim, document or f"document-{number}", published, source or f"source-{number}")


def sale(supplier: str | None, recipient: str | None, item: str | None, year: int | None = None, quantity: float | None = None,
         stage: str = "ordered", **more: Any) -> Reported:  # fmt: skip
    return report(supplier=supplier, recipient=recipient, item=item, year=year, quantity=quantity, stage=stage, **more)


def gathered(*reports: Reported) -> list[list[int]]:
    """The places of the reports that came together, deal by deal."""
    places = {reported.claim.id: place for place, reported in enumerate(reports)}
    deals: dict[str, set[int]] = defaultdict(set)
    for row in link(atoms(reports)).assignments.to_pylist():
        deals[row["deal"]].add(places[row["claim"]])
    return sorted(sorted(deal) for deal in deals.values())


def only_deal(*reports: Reported) -> dict[str, Any]:
    deals = link(atoms(reports)).deals.to_pylist()
    assert len(deals) == 1
    return deals[0]


# ── what is only partly told ───────────────────────────────────────────────────────────────────────────────────────────────


def test_fighters_are_the_su_30_and_no_helicopters() -> None:
    fighters = sale("RUS", "VEN", "fighter", 2008, stage="delivered")
    assert gathered(sale("RUS", "VEN", "Su-30", 2006), sale("RUS", "VEN", "Mi-17", 2006), fighters) == [[0, 2], [1]]
    assert gathered(sale("RUS", "VEN", "Su-30", 2006), sale("RUS", "VEN", "Su-35", 2006), fighters) == [[0], [1], [2]]


def test_a_delivery_is_of_what_was_ordered_not_of_what_was_offered() -> None:
    fighters = sale("RUS", "VEN", "fighter", 2008, stage="delivered")
    offered = sale("RUS", "VEN", "Su-35", 2006, stage="proposed")
    assert gathered(sale("RUS", "VEN", "Su-30", 2006), offered, fighters) == [[0, 2], [1]]


def test_fewer_delivered_than_ordered_contradict_nothing() -> None:
    ordered = sale("RUS", "VEN", "Su-30", 2006, 24)
    assert gathered(ordered, sale("RUS", "VEN", "fighter", 2007, 20, "delivered")) == [[0, 1]]
    assert gathered(ordered, sale("RUS", "VEN", "fighter", 2007, 30, "delivered")) == [[0], [1]]


def test_an_order_heard_of_long_after_a_deal_is_not_meant_by_it() -> None:
    leased = sale("RUS", "IND", "Su-30", 2004)
    assert gathered(leased, sale("RUS", "IND", "fighter", published=2006)) == [[0, 1]]
    assert gathered(leased, sale("RUS", "IND", "fighter", published=2019)) == [[0], [1]]
    assert gathered(leased, sale("RUS", "IND", "fighter", stage="delivered", published=2012)) == [[0, 1]]


def test_the_same_number_is_meant_however_late_it_is_told() -> None:
    ordered = sale("UKR", "IRQ", "T-72", 2009, 420)
    assert gathered(ordered, sale(None, "IRQ", "T-72", None, 420, published=2014)) == [[0, 1]]


def test_a_delivery_goes_where_the_order_of_its_text_goes() -> None:
    of_2019 = sale("TUR", "UKR", "Su-30", 2019, 6)
    second = [
        sale(None, "UKR", "Su-30", 2024, 5, published=2024),
        sale(None, "UKR", "Su-30", stage="delivered", published=2024),
    ]
    assert gathered(of_2019, *second) == [[0], [1, 2]]


def test_an_order_of_a_year_to_come_is_told_without_a_year() -> None:
    ordered = sale("RUS", "IND", "S-400", 2018, 5, published=2018)
    assert gathered(ordered, sale("RUS", "IND", "S-400", 2024, 5, published=2019)) == [[0, 1]]
    assert gathered(ordered, sale("RUS", "IND", "S-400", 2024, 5, published=2024)) == [[0], [1]]


def test_undated_reports_are_one_deal_while_they_follow_each_other() -> None:
    told = [sale("RUS", "IND", "Su-30", published=year) for year in (2008, 2012, 2019)]
    assert gathered(*told) == [[0, 1], [2]]
    assert gathered(*told, sale("RUS", "IND", "Su-30", published=2015)) == [[0, 1, 2, 3]]


# ── atoms ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ("S-300PS", "S-300"), ("S-300PMU-1", "S-300"), ("S-400", "S-400"), ("Su-30MKI", "Su-30"), ("Su-35", "Su-35"), ("F-16C", "F-16"),
        ("F-16(ADF)", "F-16"), ("F/A-18E/F", "F/A-18"), ("T-72B", "T-72"), ("T-90S", "T-90"), ("Mi-17", "Mi-17"), ("Mi-35M", "Mi-35"),
        ("MiG-29SMT", "MiG-29"), ("MiG-21", "MiG-21"), ("2S19M1", "2S19"), ("JAS-39C Gripen", "JAS-39"), ("JAS 39 Gripen", "JAS-39"),
        ("Leopard 2A7", "Leopard-2"), ("K9A1", "K9"), ("Tor-M2KM", "Tor"), ("Pantsir-S1", "Pantsir"), ("Gripen E", "Gripen"),
        ("Piranha III", "Piranha III"), ("Bayraktar TB2", "Bayraktar TB2"), ("Ababil-3", "Ababil-3"), ("F-22", "F-22"),
        ("F-22 frigate", "F-22 frigate"), ("CAESAR 8x8", "CAESAR 8x8"), ("Harop", "Harop"),
    ],
)  # fmt: skip
def test_variants_of_a_designation_are_a_family(entity: str, expected: str) -> None:
    assert family(f"system:{entity}") == expected


def test_a_class_of_equipment_has_no_family() -> None:
    assert family("class:S-300 launcher") is None


def test_a_claim_has_an_atom_for_each_combination_of_its_fillers() -> None:
    one = sale("RUS", "KAZ, ARM", "S-300, fighter", 2015, 4)
    rows = atoms([one]).to_pylist()
    assert [(row["atom"].split("/")[1], row["partner"], row["item"], row["block"]) for row in rows] == [
        ("0", "country:ARM", "class:fighter", "transfer|country:ARM|aircraft"),
        ("1", "country:ARM", "system:S-300", "transfer|country:ARM|air-defence-systems"),
        ("2", "country:KAZ", "class:fighter", "transfer|country:KAZ|aircraft"),
        ("3", "country:KAZ", "system:S-300", "transfer|country:KAZ|air-defence-systems"),
    ]


def test_a_company_stands_for_its_state_but_keeps_its_id() -> None:
    row = atoms([sale("org:arsenal of RUS", "KAZ", "S-300PS", value=Money(5e6, "USD"), terms="gift")]).to_pylist()[0]
    assert (row["actor"], row["actor_id"], row["family"]) == ("country:RUS", "org:arsenal", "S-300")
    assert (row["amount"], row["currency"], row["terms"]) == (5e6, "USD", "gift")


def test_the_accused_stand_for_themselves() -> None:
    accused = report(
        "allegation", accused="org:arsenal of RUS", counterpart="org:army of KAZ", offence=["diversion", "corruption"]
    )
    row = atoms([accused]).to_pylist()[0]
    assert (row["actor"], row["partner"], row["label"]) == ("org:arsenal", "country:KAZ", "corruption+diversion")


def test_a_set_of_parties_is_one_atom_however_they_are_listed() -> None:
    rows = atoms([report("cooperation", party="KAZ, RUS"), report("cooperation", party="RUS, KAZ")]).to_pylist()
    assert [row["actor"] for row in rows] == ["country:KAZ+country:RUS"] * 2


def test_every_frame_and_its_roles_are_linked() -> None:
    assert links().keys() == ontology().frames.keys()
    for frame, link_ in links().items():
        roles = {role for role in (link_.actor, link_.partner, link_.third) if role}
        assert roles | {"item"} >= ontology().frames[frame].roles.keys() >= roles
        assert link_.label is None or link_.label in ontology().frames[frame].attributes


def test_no_claims_are_an_empty_register() -> None:
    linked = link(atoms([]))
    assert (linked.assignments.num_rows, linked.deals.num_rows) == (0, 0)


# ── orders ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_reports_of_one_order_are_one_deal() -> None:
    assert gathered(sale("RUS", "IND", "Su-30", 1996, 40), sale("org:irkut of RUS", "IND", "Su-30MKI", 1997, 50)) == [
        [0, 1]
    ]


def test_two_orders_ten_years_apart_are_two_deals() -> None:
    assert gathered(sale("RUS", "IND", "T-90", 2001, 310), sale("RUS", "IND", "T-90", 2011, 464)) == [[0], [1]]


def test_orders_two_years_apart_are_one_deal_if_the_number_is_the_same() -> None:
    assert gathered(sale("RUS", "IND", "T-90", 2001, 310), sale("RUS", "IND", "T-90", 2003, 310)) == [[0, 1]]
    assert gathered(sale("RUS", "IND", "T-90", 2001, 310), sale("RUS", "IND", "T-90", 2003, 347)) == [[0], [1]]


def test_a_chain_of_yearly_orders_is_not_one_deal_for_ever() -> None:
    deals = gathered(*(sale("RUS", "IND", "Mi-17", year) for year in range(2000, 2009)))
    assert deals == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]


def test_other_designations_recipients_and_suppliers_are_other_deals() -> None:
    reports = [
        sale("RUS", "KAZ", "S-300", 2015),
        sale("RUS", "KAZ", "S-400", 2015),
        sale("RUS", "ARM", "S-300", 2015),
        sale("UKR", "KAZ", "S-300", 2015),
    ]
    assert gathered(*reports) == [[0], [1], [2], [3]]


# ── deliveries ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_delivery_goes_to_the_latest_order_before_it() -> None:
    orders = [sale("RUS", "IND", "T-90", 2001), sale("RUS", "IND", "T-90", 2007)]
    assert gathered(*orders, sale("RUS", "IND", "T-90", 2009, stage="delivered")) == [[0], [1, 2]]


def test_a_delivery_goes_to_the_order_for_the_same_number() -> None:
    orders = [sale("RUS", "IND", "T-90", 2001, 310), sale("RUS", "IND", "T-90", 2007, 347)]
    assert gathered(*orders, sale("RUS", "IND", "T-90", 2009, 310, stage="delivered")) == [[0, 2], [1]]


def test_a_delivery_thirteen_years_after_an_order_is_not_its() -> None:
    assert gathered(sale("RUS", "IND", "T-90", 2001), sale("RUS", "IND", "T-90", 2014, stage="delivered")) == [[0], [1]]


def test_a_delivery_told_a_year_before_the_order_is_its() -> None:
    assert gathered(sale("RUS", "IND", "T-90", 2001), sale("RUS", "IND", "T-90", 2000, stage="delivering")) == [[0, 1]]


def test_deliveries_without_an_order_are_parted_by_more_than_three_years() -> None:
    assert gathered(*(sale("RUS", "IND", "T-72", year, stage="delivered") for year in (1990, 1993, 1997))) == [
        [0, 1],
        [2],
    ]


def test_the_stages_of_a_deal_are_a_history_and_the_last_is_shown() -> None:
    deal = only_deal(
        sale("RUS", "EGY", "Su-35", 2018, 24), sale("RUS", "EGY", "Su-35", 2017, stage="proposed"),
        sale("RUS", "EGY", "Su-35", 2021, 5, stage="delivering"), sale("RUS", "EGY", "Su-35", 2024, 22, stage="delivered"),
    )  # fmt: skip
    assert (deal["stage"], deal["ordered"], deal["first_delivery"], deal["last_delivery"]) == (
        "delivered",
        2018,
        2021,
        2024,
    )
    assert (deal["quantity"], deal["quantity_delivered"], deal["disputed"]) == (24, 22, None)


def test_a_delivery_without_a_year_is_further_than_an_order_with_one() -> None:
    order, delivery = sale("RUS", "EGY", "Su-35", 2018), sale("RUS", "EGY", "Su-35", stage="delivered")
    assert only_deal(order, delivery)["stage"] == "delivered"
    assert (
        only_deal(sale("RUS", "EGY", "Su-35", published=2022), sale("RUS", "EGY", "Su-35", 2020, stage="delivered"))[
            "stage"
        ]
        == "delivered"
    )


# ── denials, and rows without a year ───────────────────────────────────────────────────────────────────────────────────────


def test_a_denial_stays_in_the_deal_it_denies() -> None:
    told, denied = (
        sale("RUS", "SYR", "S-300", 2010),
        sale("RUS", "SYR", "S-300", 2013, stage="delivered", polarity="negative"),
    )
    assert gathered(told, denied) == [[0, 1]]
    deal = only_deal(told, denied)
    assert (deal["denied"], deal["disputed"], deal["stage"]) == (True, "denied", "ordered")


def test_a_denial_of_nothing_is_a_deal_of_its_own_that_nobody_disputes() -> None:
    deal = only_deal(sale("RUS", "SYR", "S-300", polarity="negative"))
    assert (deal["denied"], deal["disputed"], deal["stage"]) == (False, None, None)


def test_a_row_without_a_year_goes_to_the_same_number() -> None:
    orders = [
        sale("RUS", "IND", "T-90", 2001, 310),
        sale("RUS", "IND", "T-90", 2007, 347),
        sale("RUS", "IND", "T-90", 2007),
    ]
    assert gathered(*orders, sale("RUS", "IND", "T-90", None, 310)) == [[0, 3], [1, 2]]


def test_a_row_without_a_year_goes_where_its_document_fits_in_time() -> None:
    orders = [sale("RUS", "IND", "T-90", 2001), sale("RUS", "IND", "T-90", 2001), sale("RUS", "IND", "T-90", 2019)]
    assert gathered(*orders, sale("RUS", "IND", "T-90", published=2020)) == [[0, 1], [2, 3]]


def test_a_row_without_a_year_goes_to_the_deal_with_most_sources() -> None:
    orders = [sale("RUS", "IND", "T-90", 2001), sale("RUS", "IND", "T-90", 2001), sale("RUS", "IND", "T-90", 2019)]
    assert gathered(*orders, sale("RUS", "IND", "T-90")) == [[0, 1, 3], [2]]


def test_a_thread_without_years_is_one_deal() -> None:
    assert gathered(
        sale("UKR", "KAZ", "S-300", None, 4),
        sale("UKR", "KAZ", "S-300PS"),
        sale("UKR", "KAZ", "S-300", stage="delivered"),
    ) == [[0, 1, 2]]


# ── partial rows ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_without_supplier_joins_the_only_supplier() -> None:
    assert gathered(sale("RUS", "KAZ", "Su-30", 2015, 4), sale(None, "KAZ", "Su-30", 2016, stage="delivered")) == [
        [0, 1]
    ]


def test_a_row_without_supplier_stays_alone_between_two_suppliers_alike() -> None:
    assert gathered(
        sale("RUS", "KAZ", "S-300", 2015), sale("UKR", "KAZ", "S-300", 2015), sale(None, "KAZ", "S-300", 2015)
    ) == [[0], [1], [2]]


def test_a_row_without_supplier_joins_the_supplier_that_most_sources_name() -> None:
    reports = [sale("RUS", "KAZ", "S-300", 2015), sale("RUS", "KAZ", "S-300", 2015), sale("UKR", "KAZ", "S-300", 2015)]
    assert gathered(*reports, sale(None, "KAZ", "S-300", 2015)) == [[0, 1, 3], [2]]


def test_fighters_are_the_only_fighters_that_were_sold() -> None:
    deal = only_deal(
        sale("RUS", "KAZ", "Su-30", 2015, 4),
        sale("RUS", "KAZ", "fighter", 2015, 4),
        sale("RUS", "KAZ", "aircraft", 2016, stage="delivered"),
    )
    assert (deal["item"], deal["family"], deal["reports"]) == ("system:Su-30", "Su-30", 3)


def test_fighters_may_be_either_of_two() -> None:
    reports = [sale("RUS", "KAZ", "Su-30", 2015), sale("RUS", "KAZ", "MiG-29", 2015)]
    assert gathered(*reports, sale("RUS", "KAZ", "fighter", 2015)) == [[0], [1], [2]]


def test_fighters_are_those_of_the_same_number() -> None:
    reports = [sale("RUS", "KAZ", "Su-30", 2015, 4), sale("RUS", "KAZ", "MiG-29", 2015, 12)]
    assert gathered(*reports, sale("RUS", "KAZ", "fighter", 2015, 12)) == [[0], [1, 2]]


def test_fighters_of_another_number_or_year_are_others() -> None:
    reports = [
        sale("RUS", "KAZ", "Su-30", 2015, 4),
        sale("RUS", "KAZ", "fighter", 2015, 40),
        sale("RUS", "KAZ", "fighter", 2022, 4),
    ]
    assert gathered(*reports) == [[0], [1], [2]]


def test_helicopters_are_no_fighters() -> None:
    assert gathered(sale("RUS", "KAZ", "fighter", 2015), sale("RUS", "KAZ", "helicopter", 2015)) == [[0], [1]]


def test_arms_in_general_are_a_deal_of_their_own() -> None:
    assert gathered(
        sale("RUS", "KAZ", "Su-30", 2015), sale("RUS", "KAZ", None, 2015), sale("RUS", "KAZ", None, 2016)
    ) == [[0], [1, 2]]


def test_a_sale_to_nobody_named_is_a_deal_of_its_own() -> None:
    assert gathered(sale("RUS", "KAZ", "Su-30", 2015), sale("RUS", None, "Su-30", 2015)) == [[0], [1]]


# ── disagreement ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_order_told_of_two_suppliers_is_a_deal_with_a_disputed_supplier() -> None:
    deal = only_deal(
        sale("RUS", "KAZ", "S-300", 2015, 10),
        sale("RUS", "KAZ", "S-300", 2015, 10),
        sale("BLR", "KAZ", "S-300", 2015, 10),
    )
    assert (deal["actor"], deal["disputed"]) == ("country:RUS", "supplier")


def test_a_document_that_names_both_suppliers_tells_of_two_deals() -> None:
    both = [sale(supplier, "KAZ", "S-300", 2015, 10, document="both") for supplier in ("RUS", "BLR")]
    assert gathered(*both, sale("BLR", "KAZ", "S-300", 2015, 10)) == [[0], [1, 2]]


def test_one_and_the_same_single_thing_from_two_suppliers_is_no_dispute() -> None:
    assert gathered(sale("RUS", "KAZ", "S-300", 2015, 1), sale("BLR", "KAZ", "S-300", 2015, 1)) == [[0], [1]]


def test_different_numbers_ordered_are_disputed_and_the_better_supported_one_is_shown() -> None:
    deal = only_deal(*(sale("RUS", "CHN", "Su-35", 2015, number) for number in (24, 24, 48)))
    assert (deal["quantity"], deal["disputed"]) == (24, "number")


def test_forty_copies_are_one_source() -> None:
    copies = [sale("RUS", "CHN", "Su-35", 2015, 48, source="wire") for _ in range(40)]
    deal = only_deal(*copies, *(sale("RUS", "CHN", "Su-35", 2015, 24) for _ in range(2)))
    assert (deal["quantity"], deal["reports"], deal["sources"], deal["claims"]) == (24, 42, 3, 42)


def test_two_numbers_of_one_source_are_no_dispute() -> None:
    assert (
        only_deal(*(sale("RUS", "CHN", "Su-35", 2015, number, source="wire") for number in (24, 48)))["disputed"]
        is None
    )


def test_a_number_proposed_and_another_ordered_are_a_history() -> None:
    deal = only_deal(sale("RUS", "CHN", "Su-35", 2014, 48, stage="proposed"), sale("RUS", "CHN", "Su-35", 2015, 24))
    assert (deal["quantity"], deal["disputed"]) == (24, None)


def test_fewer_delivered_than_ordered_is_no_dispute_but_more_is() -> None:
    order = sale("RUS", "CHN", "Su-35", 2015, 24)
    assert only_deal(order, sale("RUS", "CHN", "Su-35", 2016, 4, stage="delivered"))["disputed"] is None
    assert only_deal(order, sale("RUS", "CHN", "Su-35", 2018, 28, stage="delivered"))["disputed"] == "number"


def test_orders_dated_more_than_a_year_apart_are_a_disputed_date() -> None:
    assert only_deal(sale("RUS", "CHN", "Su-35", 2013, 24), sale("RUS", "CHN", "Su-35", 2015, 24))["disputed"] == "date"
    assert only_deal(sale("RUS", "CHN", "Su-35", 2014, 24), sale("RUS", "CHN", "Su-35", 2015, 24))["disputed"] is None


def test_what_was_cancelled_and_delivered_later_is_disputed() -> None:
    order = sale("FRA", "RUS", "Mi-17", 2011)
    assert (
        only_deal(
            order,
            sale("FRA", "RUS", "Mi-17", 2014, stage="cancelled"),
            sale("FRA", "RUS", "Mi-17", 2015, stage="delivered"),
        )["disputed"]
        == "stage"
    )
    assert (
        only_deal(
            order,
            sale("FRA", "RUS", "Mi-17", 2012, stage="delivered"),
            sale("FRA", "RUS", "Mi-17", 2014, stage="cancelled"),
        )["disputed"]
        is None
    )


# ── services and joint projects ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_repair_and_a_modernisation_for_the_same_client_are_one_deal() -> None:
    repair = report(
        "service", provider="UKR", client="KAZ", item="S-300", year=2010, stage="agreed", activity=["repair"]
    )
    later = report(
        "service", provider="UKR", client="KAZ", item="S-300", year=2013, stage="agreed", activity=["modernisation"]
    )
    assert gathered(repair, later) == [[0, 1]]
    assert gathered(
        repair, report("service", provider="UKR", client="KAZ", item="S-300", year=2016, stage="agreed")
    ) == [[0], [1]]


def test_a_joint_project_gains_parties() -> None:
    sets = [("FRA, DEU", 2017), ("FRA, DEU, ESP", 2019), ("DEU, ESP", 2018), ("FRA, ITA", 2018)]
    reports = [report("joint_project", party=parties, item="fighter", year=year) for parties, year in sets]
    assert gathered(*reports) == [[0, 1, 2], [3]]
    assert gathered(*reports[:3], report("joint_project", party="FRA", item="fighter", year=2018)) == [[0, 1, 2, 3]]


# ── relations ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_relation_is_one_over_all_years() -> None:
    members = [report("membership", member="KAZ", organisation="bloc:CSTO", year=year) for year in (1992, 2024)]
    assert gathered(*members, report("membership", member="KAZ", organisation="bloc:SCO")) == [[0, 1], [2]]


def test_dependence_without_item_joins_the_only_dependence_between_the_two() -> None:
    about = report("dependence", dependent="KAZ", provider="RUS", item="S-300")
    bare = report("dependence", dependent="KAZ", provider="RUS")
    assert gathered(about, bare) == [[0, 1]]
    assert gathered(about, bare, report("dependence", dependent="KAZ", provider="RUS", item="Su-30")) == [[0], [1], [2]]


def test_a_competitor_without_rival_joins_the_only_rivalry_in_the_market() -> None:
    rivalry = report("competition", competitor="UKR", rival="RUS", market="KAZ")
    assert gathered(
        rivalry,
        report("competition", competitor="UKR", market="KAZ"),
        report("competition", competitor="UKR", rival="RUS"),
    ) == [[0, 1, 2]]
    assert gathered(rivalry, report("competition", competitor="UKR", market="ARM")) == [[0], [1]]


def test_who_can_and_who_cannot_are_one_relation_that_is_denied() -> None:
    deal = only_deal(
        report("capability", holder="KAZ", item="S-300"),
        report("capability", holder="KAZ", item="S-300PS", polarity="negative"),
    )
    assert (deal["kind"], deal["disputed"], deal["family"]) == ("relation", "denied", "S-300")


def test_another_offence_and_an_offence_years_later_are_other_allegations() -> None:
    cases = [("embargo-breach", 2002), ("embargo-breach", 2006), ("corruption", 2006), ("embargo-breach", 2015)]
    reports = [
        report("allegation", accused="UKR", counterpart="IRQ", offence=[offence], year=year) for offence, year in cases
    ]
    assert gathered(*reports, report("allegation", accused="UKR", offence=["corruption"])) == [[0, 1], [2, 4], [3]]


def test_an_embargo_imposed_and_lifted_is_one_restriction() -> None:
    reports = [
        report("restriction", issuer="bloc:UN", target="IRQ", stage="in_force", year=1990),
        report("restriction", issuer="bloc:UN", target="IRQ", stage="lifted", year=2004),
    ]
    assert gathered(*reports, report("restriction", target="IRQ")) == [[0, 1, 2]]
    assert only_deal(*reports)["stage"] == "lifted"


def test_what_is_feared_of_one_system_is_not_what_is_feared_of_another() -> None:
    reports = [
        report("position", holder="anonymous:experts", item=item, stance=["warns"])
        for item in ("S-300", "S-300PS", "Su-30")
    ]
    assert gathered(*reports) == [[0, 1], [2]]


# ── for any claims ─────────────────────────────────────────────────────────────────────────────────────────────────────────

STATES = st.sampled_from(["RUS", "UKR", "KAZ", None])
SALES = st.builds(
    sale, STATES, st.sampled_from(["IND", "KAZ", None]), st.sampled_from(["Su-30", "Su-30MKI", "MiG-29", "fighter", "aircraft", "S-300", None]),
    st.sampled_from([None, 2000, 2001, 2002, 2004, 2007, 2012]), st.sampled_from([None, 1, 4, 12, 24]),
    st.sampled_from(["proposed", "ordered", "delivering", "delivered", "cancelled"]), polarity=st.sampled_from(["positive", "positive", "negative"]),
    document=st.sampled_from(["a", "b", "c", "d", "e"]), source=st.sampled_from(["x", "y", "z"]), published=st.sampled_from([None, 2003, 2015]),
)  # fmt: skip
PROJECTS = st.builds(
    report, st.just("joint_project"), party=st.sampled_from(["RUS, IND", "RUS, IND, KAZ", "IND, KAZ", "RUS, UKR", "UKR", "RUS"]),
    item=st.sampled_from(["Su-30", "fighter"]), year=st.sampled_from([None, 2000, 2004, 2012]),
)  # fmt: skip
RIVALRIES = st.builds(report, st.just("competition"), competitor=st.just("RUS"), rival=STATES, market=STATES)
CLAIMS = st.lists(st.one_of(SALES, SALES, PROJECTS, RIVALRIES), min_size=1, max_size=40)
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(CLAIMS, st.randoms(use_true_random=False))
def test_the_order_of_the_claims_plays_no_part(reports: list[Reported], chance: Any) -> None:
    before = link(atoms(reports))
    chance.shuffle(reports)
    after = link(atoms(reports))
    assert before == after
    assert sorted(before.assignments["atom"].to_pylist()) == sorted(atoms(reports)["atom"].to_pylist())


@few
@given(CLAIMS)
def test_a_block_is_linked_the_same_alone_as_among_others(reports: list[Reported]) -> None:
    table = atoms(reports)
    alone = [link(pa.Table.from_pylist(rows, ATOM_SCHEMA)) for rows in _by_block(table.to_pylist())]
    whole = link(table)
    assert pa.concat_tables([one.assignments for one in alone]).sort_by("atom") == whole.assignments
    assert pa.concat_tables([one.deals for one in alone]).sort_by("deal") == whole.deals
    assert link(table, part=5) == whole


def _by_block(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    blocks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        blocks[row["block"]].append(row)
    return list(blocks.values())


def test_every_statement_is_also_one_for_spark() -> None:
    statements = sqlglot.transpile(script(), read="duckdb", write="spark")
    assert len(statements) == script().count("CREATE TEMPORARY ")
    assert [sqlglot.parse_one(statement, read="spark").sql("spark") for statement in statements] == statements
