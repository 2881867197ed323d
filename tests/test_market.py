"""Who arms a country: small registers whose every share and index is worked out by hand beside the test."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from rasad import analysis
from rasad.claims import Claim, Document, Evidence, Filler, Money, Speaker
from rasad.exchange.imports import import_sipri
from rasad.pictures import PictureError
from rasad.register import FilterError, Register, open_register
from rasad.register.store import Read

NUMBERS = count()
CATEGORIES = {"S-300": "air-defence-systems", "S-400": "air-defence-systems", "Su-30": "aircraft", "Su-35": "aircraft",
              "An-72": "aircraft", "C-295": "aircraft", "Mi-17": "aircraft", "T-72": "armoured-vehicles", "BTR-82A": "armoured-vehicles",
              "Cobra": "armoured-vehicles", "Kh-31": "missiles"}  # fmt: skip
ANALYST = Speaker(id="person:lee-ann", name="Ann Lee", kind="person")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        yield opened


def filler(name: str) -> Filler:
    """KAZ is a state, "org:x of RUS" an organisation of Russia, S-300 a system."""
    entity, _, country = name.partition(" of ")
    if ":" in entity:
        return Filler(id=entity, name=entity, text=entity, start=0, end=1, country=country or None)
    if entity in CATEGORIES:
        return Filler(id=f"system:{entity}", name=entity, text=entity, start=0, end=1, category=CATEGORIES[entity])
    return Filler(id=f"country:{entity}", name=entity, text=entity, start=0, end=1, country=entity)


def claim(frame: str, *, certainty: str = "asserted", polarity: str = "positive", **said: Any) -> Claim:
    """A claim of fillers joined by a comma and of attributes."""
    roles = {name: said.pop(name) for name in ("supplier", "recipient", "item", "provider", "client", "party", "competitor", "rival", "market") if name in said}  # fmt: skip
    fillers = {role: [filler(name) for name in names.split(", ")] for role, names in roles.items() if names}
    known = {"stage": None, "quantity": None, "value": None, "year": None, "attribution": [], **said}
    return Claim(
        id=f"c-{next(NUMBERS):016x}", document="report.txt", language="en", frame=frame, roles=fillers, certainty=certainty,
        polarity=polarity, time=None, evidence=Evidence(0, 4, "Said"), confidence=0.9, **known,
    )  # fmt: skip


def sale(supplier: str | None, recipient: str, item: str | None, year: int | None = None, number: float | None = None,
         stage: str | None = "ordered", **said: Any) -> Claim:  # fmt: skip
    return claim("transfer", supplier=supplier, recipient=recipient, item=item, year=year, quantity=number, stage=stage, **said)  # fmt: skip


def told(register: Register, *reports: Claim | list[Claim]) -> None:
    """Stores reports, each a text and a source of its own, with one claim or several."""
    read = []
    for number, report in enumerate(reports):
        words = hashlib.sha256(f"{number} {next(NUMBERS)}".encode()).hexdigest()
        text = f"Said {' '.join(words[at : at + 5] for at in range(0, 60, 5))}"
        claims = report if isinstance(report, list) else [report]
        read.append(
            Read(Document(name=f"{words}.txt", text=text, language="en", published="2020-01-01"), "hand", claims)
        )
    register.store(read)


def shares(rows: Any, *columns: str) -> list[tuple[Any, ...]]:
    """What rows have in some columns; of an entity the code of its state."""
    return [tuple(short(getattr(row, column)) for column in columns) for row in rows]


def short(value: Any) -> Any:
    if isinstance(value, tuple):
        return [short(one) for one in value]
    return value.id.removeprefix("country:") if hasattr(value, "id") else value


# ── shares and concentration ───────────────────────────────────────────────────────────────────────────────────────────────


def test_one_supplier_has_everything(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2015, 5))
    answer = analysis.market(register, "KAZ")
    assert answer.title == "Who arms Kazakhstan, 2015–2015"
    assert shares(answer.table("suppliers"), "supplier", "deal_count", "deal_share") == [("RUS", 1, 1.0)]
    (period,) = answer.table("concentration")
    assert (period.period, period.hhi, period.since, period.change) == ("2015–2019", 10_000, None, None)
    assert (period.new, period.vanished) == ((), ())


def test_three_deals_of_four_are_three_quarters_and_the_index_is_6250(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2015), sale("RUS", "KAZ", "Su-30", 2015), sale("RUS", "KAZ", "BTR-82A", 2016),
         sale("UKR", "KAZ", "An-72", 2017), sale("RUS", "IND", "S-400", 2018))  # fmt: skip
    answer = analysis.market(register, "Kazakhstan")
    assert shares(answer.table(), "supplier", "deal_count", "deal_share") == [("RUS", 3, 0.75), ("UKR", 1, 0.25)]
    assert [row.hhi for row in answer.table("concentration")] == [75**2 + 25**2]
    of_aircraft = next(row for row in answer.table("concentration_by_category") if row.category == "aircraft")
    assert (of_aircraft.deal_count, of_aircraft.hhi) == (2, 50**2 + 50**2)


def test_periods_end_as_those_of_sipri_and_a_change_is_against_the_one_before(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2010), sale("UKR", "KAZ", "An-72", 2014), sale("RUS", "KAZ", "Su-30", 2015),
         sale("RUS", "KAZ", "T-72", 2019), sale("ESP", "KAZ", "C-295", 2016), sale("TUR", "KAZ", "Cobra", 2017))  # fmt: skip
    first, second = analysis.market(register, "KAZ").table("concentration")
    assert (first.period, first.deal_count, first.parties, first.hhi) == ("2010–2014", 2, 2, 5000)
    assert (second.period, second.deal_count, second.parties, second.hhi) == ("2015–2019", 4, 3, 50**2 + 25**2 + 25**2)
    assert (second.since, second.change) == ("2010–2014", 3750 - 5000)
    assert (short(second.new), short(second.vanished)) == (["ESP", "TUR"], ["UKR"])


def test_a_period_without_deals_is_passed_over_when_periods_are_compared(register: Register) -> None:
    told(
        register,
        sale("RUS", "KAZ", "S-300", 2001),
        sale("RUS", "KAZ", "S-300", 2016),
        sale("UKR", "KAZ", "An-72", 2016),
    )
    assert shares(analysis.market(register, "KAZ").table("concentration"), "period", "since", "change") == [
        ("2000–2004", None, None), ("2015–2019", "2000–2004", 5000 - 10_000),
    ]  # fmt: skip


def test_years_one_by_one(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2014), sale("UKR", "KAZ", "An-72", 2015))
    rows = analysis.market(register, "KAZ", years=1).table("by_period")
    assert shares(rows, "period", "supplier", "deal_share") == [("2014", "RUS", 1.0), ("2015", "UKR", 1.0)]


def test_periods_begin_with_the_first_year_asked_for_or_end_with_the_last(register: Register) -> None:
    told(register, *(sale("RUS", "KAZ", "S-300", year) for year in (1999, 2003, 2008, 2011)))

    def periods(**asked: int) -> list[str]:
        return [row.period for row in analysis.market(register, "KAZ", **asked).table("by_period")]

    assert periods(year_from=2001) == ["2001–2005", "2006–2010", "2011–2015"]
    assert periods(year_to=2008) == ["1999–2003", "2004–2008"]
    assert periods(year_from=2003, year_to=2008) == ["2003–2007", "2008"]


def test_units_are_added_up_within_a_category_and_only_where_a_number_is_told(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "Su-30", 2015, 12), sale("RUS", "KAZ", "Mi-17", 2016), sale("ESP", "KAZ", "C-295", 2017, 4),
         sale("RUS", "KAZ", "BTR-82A", 2015, 100))  # fmt: skip
    answer = analysis.market(register, "KAZ")
    assert shares(answer.table("by_category"), "category", "supplier", "deal_count", "numbers", "units", "unit_share") == [
        ("aircraft", "RUS", 2, 1, 12, 0.75), ("aircraft", "ESP", 1, 1, 4, 0.25), ("armoured-vehicles", "RUS", 1, 1, 100, 1.0),
    ]  # fmt: skip
    assert shares(answer.table("suppliers"), "supplier", "numbers", "units") == [("RUS", 2, None), ("ESP", 1, None)]
    of_aircraft = answer.table("concentration_by_category")[0]
    assert (of_aircraft.category, of_aircraft.unit_hhi) == ("aircraft", 75**2 + 25**2)
    aircraft = analysis.market(register, "KAZ", category="aircraft")
    assert shares(aircraft.table(), "supplier", "units", "unit_share") == [("RUS", 12, 0.75), ("ESP", 4, 0.25)]


def test_value_is_added_up_in_the_currency_that_most_deals_have(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "Su-30", 2015, value=Money(300e6, "USD")), sale("RUS", "KAZ", "S-300", 2016),
         sale("ESP", "KAZ", "C-295", 2017, value=Money(100e6, "USD")), sale("FRA", "KAZ", "Kh-31", 2017, value=Money(90e6, "EUR")))  # fmt: skip
    answer = analysis.market(register, "KAZ")
    assert shares(answer.table(), "supplier", "deal_count", "values", "value", "currency", "value_share") == [
        ("RUS", 2, 1, 300e6, "USD", 0.75), ("FRA", 1, 0, None, None, None), ("ESP", 1, 1, 100e6, "USD", 0.25),
    ]  # fmt: skip
    assert answer.table("concentration")[0].value_hhi == 75**2 + 25**2
    assert "1 value in other currencies" in " ".join(answer.notes)


def test_a_value_told_of_two_deals_together_is_that_of_neither(register: Register) -> None:
    together = sale("RUS", "KAZ", "Su-30, S-300", 2015, value=Money(1e9, "USD"))
    one_sentence = [sale("RUS", "EGY", "Su-35", 2018, 24, value=Money(2e9, "USD")), sale("RUS", "EGY", "T-72", 2018, 9, value=Money(2e9, "USD"))]  # fmt: skip
    told(register, together, one_sentence)
    for country in ("KAZ", "EGY"):
        (row,) = analysis.market(register, country).table()
        assert (row.deal_count, row.values, row.value, row.value_share) == (2, 0, None, None)
    told(register, sale("RUS", "EGY", "Su-35", 2018, 24, value=Money(2e9, "USD")))
    (row,) = analysis.market(register, "EGY").table()
    assert (row.values, row.value) == (1, 2e9)


def test_a_value_told_of_two_deals_is_that_of_one_once_the_other_is_rejected(register: Register) -> None:
    money = {"value": Money(1e9, "USD")}
    other = sale("RUS", "KAZ", "S-300", 2015, **money)
    told(register, [sale("RUS", "KAZ", "Su-30", 2015, **money), other])
    assert shares(analysis.market(register, "KAZ").table("suppliers"), "value", "values") == [(None, 0)]
    review = register.reject(other.id, reviewer="Ann")
    assert shares(analysis.market(register, "KAZ").table("suppliers"), "value", "values") == [(1e9, 1)]
    register.undo(review.id, reviewer="Ann")
    assert shares(analysis.market(register, "KAZ").table("suppliers"), "value", "values") == [(None, 0)]


def test_a_deal_that_is_only_denied_after_a_rejection_is_no_trade_any_more(register: Register) -> None:
    said = sale("RUS", "KAZ", "Su-30", 2015)
    told(register, said, sale("RUS", "KAZ", "Su-30", 2015, polarity="negative"), sale("RUS", "KAZ", "S-300", 2015))
    assert shares(analysis.market(register, "KAZ").table("suppliers"), "deal_count") == [(2,)]
    register.reject(said.id, reviewer="Ann")
    assert shares(analysis.market(register, "KAZ").table("suppliers"), "deal_count") == [(1,)]


def test_a_deal_without_a_year_of_order_counts_when_deliveries_began(register: Register) -> None:
    told(
        register, sale("RUS", "KAZ", "S-300", 2009, 2, "delivering"), sale("RUS", "KAZ", "S-300", 2011, 2, "delivered")
    )
    assert shares(analysis.market(register, "KAZ").table("by_period"), "period", "deal_count") == [("2005–2009", 1)]


def test_what_has_no_year_is_told_apart_and_compared_with_nothing(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2015), sale("UKR", "KAZ", "An-72", None, stage="delivered"))
    answer = analysis.market(register, "KAZ")
    rows = shares(answer.table("concentration"), "period", "hhi", "since", "new")
    assert rows == [("2015–2019", 10_000, None, []), ("no year", 10_000, None, [])]
    assert "1 deal of no known year" in " ".join(answer.notes)
    assert shares(analysis.market(register, "KAZ", year_from=2000).table(), "supplier") == [("RUS",)]


def test_the_company_that_supplies_counts_as_its_state(register: Register) -> None:
    told(
        register,
        sale("org:rosoboronexport of RUS", "KAZ", "S-300", 2015),
        sale("RUS", "org:army of KAZ", "Su-30", 2016),
    )
    assert shares(analysis.market(register, "KAZ").table(), "supplier", "deal_count") == [("RUS", 2)]


# ── what is known of it ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_deals_of_an_unnamed_supplier_are_shown_without_a_share(register: Register) -> None:
    told(
        register, sale("RUS", "KAZ", "S-300", 2015), sale("UKR", "KAZ", "An-72", 2016), sale(None, "KAZ", "Cobra", 2017)
    )
    answer = analysis.market(register, "KAZ")
    assert shares(answer.table(), "supplier", "deal_count", "deal_share") == [
        ("RUS", 1, 0.5),
        ("UKR", 1, 0.5),
        (None, 1, None),
    ]
    (period,) = answer.table("concentration")
    assert (period.deal_count, period.named, period.parties, period.hhi) == (3, 2, 2, 5000)
    assert answer.notes[0].startswith("Of 3 deals 2 name the supplier")


def test_what_is_only_denied_counts_nowhere(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2015), sale("TUR", "KAZ", "Cobra", 2015, polarity="negative"))
    answer = analysis.market(register, "KAZ")
    assert shares(answer.table(), "supplier") == [("RUS",)]
    assert answer.table("beside") == ()


def test_what_some_deny_counts_and_is_marked_as_disputed(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2015), sale("RUS", "KAZ", "S-300", 2015, polarity="negative"))
    assert shares(analysis.market(register, "KAZ").table(), "deal_count", "disputed", "estimated") == [(1, 1, 0)]


def test_a_number_on_which_sources_disagree_is_that_of_most_of_them_and_marked(register: Register) -> None:
    told(
        register,
        sale("RUS", "KAZ", "S-300", 2015, 5),
        sale("RUS", "KAZ", "S-300", 2015, 5),
        sale("RUS", "KAZ", "S-300", 2015, 6),
    )
    rows = analysis.market(register, "KAZ", category="air-defence-systems").table()
    assert shares(rows, "deal_count", "units", "disputed") == [(1, 5, 1)]


def test_what_nobody_asserts_outright_is_an_estimate(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2015, 5, certainty="probable"), sale("RUS", "KAZ", "Su-30", 2015, 12),
         sale("RUS", "KAZ", "Mi-17", 2016, 4), sale("RUS", "KAZ", "Mi-17", 2016, certainty="asserted"),
         sale("RUS", "KAZ", "T-72", 2016, value=Money(1e6, "USD"), certainty="possible"))  # fmt: skip
    assert shares(analysis.market(register, "KAZ").table(), "deal_count", "estimated") == [(4, 2)]


def test_offers_and_what_came_to_nothing_stand_beside(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2015), sale("TUR", "KAZ", "Cobra", 2016, stage="proposed"),
         sale("UKR", "KAZ", "An-72", 2012, stage="cancelled"), sale("ISR", "KAZ", "Kh-31", 2013, stage="refused"))  # fmt: skip
    answer = analysis.market(register, "KAZ")
    assert shares(answer.table(), "supplier", "deal_share") == [("RUS", 1.0)]
    assert shares(answer.table("beside"), "kind", "parties", "category", "deal_count", "first_year") == [
        ("offer", ["TUR"], "armoured-vehicles", 1, 2016), ("refused or cancelled", ["ISR"], "missiles", 1, 2013),
        ("refused or cancelled", ["UKR"], "aircraft", 1, 2012),
    ]  # fmt: skip


def test_what_was_cancelled_after_some_came_is_trade(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2010, 5), sale("RUS", "KAZ", "S-300", 2011, 2, "delivered"),
         sale("RUS", "KAZ", "S-300", 2013, stage="cancelled"))  # fmt: skip
    answer = analysis.market(register, "KAZ")
    assert (shares(answer.table(), "deal_count"), answer.table("beside")) == ([(1,)], ())


def test_services_and_joint_projects_stand_beside(register: Register) -> None:
    told(register, claim("service", provider="UKR", client="KAZ", item="An-72", stage="completed", year=2014),
         claim("joint_project", party="KAZ, TUR, ZAF", item="Cobra", stage="agreed", year=2011))  # fmt: skip
    answer = analysis.market(register, "KAZ")
    assert answer.table() == ()
    assert shares(answer.table("beside"), "kind", "parties", "category") == [
        ("service", ["UKR"], "aircraft"), ("joint project", ["TUR", "ZAF"], "armoured-vehicles"),
    ]  # fmt: skip
    seller = analysis.supplier(register, "UKR").table("beside")
    assert shares(seller, "kind", "parties") == [("service", ["KAZ"])]


def test_a_line_of_sipri_and_a_report_of_the_same_deal_are_one(register: Register, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(
        "Supplier,Recipient,Ordered,Weapon model,Weapon category,Ordered year,Delivered year,Delivered num.,Comments\n"
        "Russia,Kazakhstan,12,Su-30MK,FGA aircraft,2015,2015-2016,12,\n"
    )
    import_sipri(register, table)
    told(register, sale("RUS", "KAZ", "Su-30", 2015, 12))
    answer = analysis.market(register, "KAZ", category="aircraft")
    assert shares(answer.table(), "supplier", "deal_count", "units") == [("RUS", 1, 12)]
    assert {shown.claim.attribution[0].id for shown in answer.claims() if shown.claim.attribution} == {"org:sipri"}
    assert len(answer.claims()) == 4  # the order, two years of deliveries, and the report


# ── rivals ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_stated_rivals_come_with_basis_certainty_and_who_says_so(register: Register) -> None:
    said = {"competitor": "UKR", "rival": "RUS", "market": "KAZ"}
    told(register, claim("competition", **said, item="An-72", basis="price", certainty="possible", attribution=[ANALYST]),
         claim("competition", **said, item="An-72", basis="quality"), claim("competition", competitor="TUR", rival="RUS", market="UZB"),
         claim("competition", competitor="ISR", rival="RUS", market="KAZ", polarity="negative"))  # fmt: skip
    answer = analysis.market(register, "KAZ")
    (row,) = answer.table("stated_rivals")
    assert shares([row], "competitor", "rival", "category", "certainty", "sources", "denied") == [
        ("UKR", "RUS", "aircraft", "asserted", 2, False)
    ]
    assert (row.basis, short(row.speakers)) == (("price", "quality"), ["person:lee-ann"])
    assert {shown.claim.basis for shown in answer.claims(row)} == {"price", "quality"}
    in_any_market = analysis.supplier(register, "RUS").table("stated_rivals")
    assert sorted(shares(in_any_market, "competitor", "market")) == [("TUR", "UZB"), ("UKR", "KAZ")]


def test_observed_rivals_deliver_the_same_category_in_the_same_period(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "Su-30", 2013, 4, "delivering"), sale("RUS", "KAZ", "Su-30", 2016, 8, "delivered"),
         sale("ESP", "KAZ", "C-295", 2014, 2, "delivered"), sale("UKR", "KAZ", "An-72", 2018, 1, "delivered"),
         sale("TUR", "KAZ", "Cobra", 2013, 9, "delivered"), sale("CHN", "KAZ", "Mi-17", 2014, stage="ordered"))  # fmt: skip
    assert shares(analysis.market(register, "KAZ").table("observed_rivals"), "period", "category", "suppliers", "deal_count") == [
        ("2010–2014", "aircraft", ["RUS", "ESP"], 2), ("2015–2019", "aircraft", ["RUS", "UKR"], 2),
    ]  # fmt: skip


def test_the_same_from_the_side_of_the_seller(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2015, 5), sale("RUS", "IND", "S-400", 2018, 5), sale("RUS", "IND", "Su-30", 2012, 40),
         sale("RUS", "IND", "T-72", 2011), sale("FRA", "IND", "Kh-31", 2012))  # fmt: skip
    answer = analysis.supplier(register, "Россия")
    assert answer.title == "Whom Russia arms, 2011–2018"
    assert shares(answer.table("recipients"), "recipient", "supplier", "deal_count", "deal_share") == [
        ("IND", "RUS", 3, 0.75), ("KAZ", "RUS", 1, 0.25),
    ]  # fmt: skip
    assert shares(answer.table("concentration"), "period", "hhi", "change", "new") == [
        ("2010–2014", 10_000, None, []), ("2015–2019", 5000, -5000, ["KAZ"]),
    ]  # fmt: skip


def test_who_has_as_many_deals_stands_in_the_order_of_names(register: Register) -> None:
    told(
        register,
        sale("RUS", "KAZ", "S-300", 2015),
        sale("RUS", "ARM", "S-300", 2015),
        sale("RUS", "IND", "S-400", 2015),
    )
    assert shares(analysis.supplier(register, "RUS").table(), "recipient") == [("ARM",), ("IND",), ("KAZ",)]


def test_a_supplier_is_rivalled_where_it_delivered_last(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "Su-30", 2017, 8, "delivered"), sale("ESP", "KAZ", "C-295", 2019, 2, "delivered"),
         sale("UKR", "KAZ", "An-72", 2013, 1, "delivered"), sale("RUS", "KAZ", "T-72", 2013, 1, "delivered"),
         sale("TUR", "KAZ", "Cobra", 2013, 9, "delivered"), sale("FRA", "IND", "Kh-31", 2017, 9, "delivered"))  # fmt: skip
    assert shares(analysis.supplier(register, "RUS").table("observed_rivals"), "period", "category", "recipient", "suppliers") == [
        ("2015–2019", "aircraft", "KAZ", ["RUS", "ESP"])
    ]  # fmt: skip
    earlier = analysis.supplier(register, "RUS", year_to=2014).table("observed_rivals")
    assert shares(earlier, "period", "category", "suppliers") == [("2010–2014", "armoured-vehicles", ["RUS", "TUR"])]


# ── as tables, as pictures ─────────────────────────────────────────────────────────────────────────────────────────────────


def two_periods(register: Register) -> None:
    told(register, sale("RUS", "KAZ", "S-300", 2012, 5), sale("RUS", "KAZ", "Su-30", 2015, 12), sale("ESP", "KAZ", "C-295", 2016),
         sale(None, "KAZ", "Cobra", 2006))  # fmt: skip


def test_both_databases_answer_alike(address: str) -> None:
    with open_register(address, create=True) as register:
        two_periods(register)
        told(register, claim("competition", competitor="ESP", rival="RUS", market="KAZ", basis="price"))
        answer = analysis.market(register, "KAZ")
        assert shares(answer.table(), "supplier", "deal_count") == [("RUS", 2), ("ESP", 1), (None, 1)]
        assert shares(answer.table("stated_rivals"), "competitor", "rival") == [("ESP", "RUS")]


def test_a_table_for_polars_has_ids_beside_names_and_every_row_leads_to_its_deals(register: Register) -> None:
    two_periods(register)
    frame = analysis.market(register, "KAZ").to_polars()
    assert frame.select("supplier", "supplier_id", "deal_count").rows() == [
        ("Russia", "country:RUS", 2), ("Spain", "country:ESP", 1), (None, None, 1),
    ]  # fmt: skip
    assert [len(deals) for deals in frame["deals"]] == [2, 1, 1]
    assert all(register.deal(deal) for deals in frame["deals"] for deal in deals)


def test_the_picture_of_shares_has_every_deal_and_says_on_how_many_claims_it_rests(register: Register) -> None:
    two_periods(register)
    picture = analysis.market(register, "KAZ").picture()
    spec = picture.whole()
    assert spec["title"]["text"] == "Who arms Kazakhstan, 2006–2016, by category"
    assert spec["title"]["subtitle"].endswith("4 claims behind it")
    bars = {(bar["period"], bar["category"], bar["party"]): bar["deals"] for bar in spec["data"]["values"]}
    assert bars == {
        ("2005–2009", "armoured vehicles", "not named"): 1, ("2010–2014", "air defence systems", "Russia"): 1,
        ("2015–2019", "aircraft", "Russia"): 1, ("2015–2019", "aircraft", "Spain"): 1,
    }  # fmt: skip
    assert spec["spec"]["encoding"]["x"]["scale"]["domain"] == ["2005–2009", "2010–2014", "2015–2019"]
    assert picture.svg().startswith("<svg")


def test_the_picture_of_concentration_is_broken_where_there_are_no_deals(register: Register) -> None:
    told(
        register,
        sale("RUS", "KAZ", "S-300", 2002),
        sale("RUS", "KAZ", "Su-30", 2015),
        sale("ESP", "KAZ", "C-295", 2016),
    )
    spec = analysis.market(register, "KAZ").picture("concentration").whole()
    values = spec["layer"][1]["data"]["values"]
    assert [(value["period"], value["hhi"]) for value in values] == [
        ("2000–2004|1 deal|1 supplier", 10_000), ("2005–2009|no deals", None), ("2010–2014|no deals", None),
        ("2015–2019|2 deals|2 suppliers", 5000),
    ]  # fmt: skip


# ── what cannot be answered ────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_drawn_of_nothing(register: Register) -> None:
    told(register, claim("competition", competitor="UKR", rival="RUS", market="KAZ"))
    answer = analysis.market(register, "KAZ")
    assert (answer.table(), answer.notes) == ((), ("No transfer that was ordered or delivered is known.",))
    for kind in ("shares", "concentration"):
        with pytest.raises(PictureError, match="there is nothing to draw"):
            answer.picture(kind)
    with pytest.raises(PictureError, match="no picture 'map'; there are shares, concentration"):
        answer.picture("map")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"buyer": "Kazakstan"}, "did you mean Kazakhstan"),
        ({"buyer": "S-300"}, "'S-300' is no state"),
        ({"category": "aircrafts"}, "did you mean aircraft"),
        ({"year_from": 2016, "year_to": 2010}, "2016 comes after 2010"),
        ({"years": 0}, "a period has one year or more"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_told(register: Register, asked: dict[str, Any], message: str) -> None:
    two_periods(register)
    with pytest.raises(FilterError, match=message):
        analysis.market(register, **{"buyer": "KAZ", **asked})


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        ({"year_from": 2030}, "Kazakhstan has nothing in these years or this category; the register has 4 deals, 2006–2016"),
        ({"category": "ships"}, "Kazakhstan has nothing in these years or this category; the register has 4 deals, 2006–2016"),
        ({"buyer": "Tonga"}, "the register has no transfer, service or joint project of Tonga"),
    ],
)  # fmt: skip
def test_what_has_no_answer_has_no_rows_and_says_what_there_is(
    register: Register, asked: dict[str, Any], missing: str
) -> None:
    two_periods(register)
    given = analysis.market(register, **{"buyer": "KAZ", **asked})
    assert (given.notes, any(given.tables.values())) == ((missing,), False)


def test_a_register_without_claims_says_so(register: Register) -> None:
    for ask in (analysis.market, analysis.supplier):
        given = ask(register, "KAZ")
        assert given.notes == ("the register has no claims yet; `rasad add PATH…` reads reports into it",)
        assert given.to_polars("concentration").columns[1] == "period"


# ── on the command line ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def rasad(register: Register, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    two_periods(register)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rasad.cli", *arguments]
        environment = {**os.environ, "COLUMNS": "160"}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8")

    return run


def test_the_command_shows_a_person_the_tables(rasad: Callable[..., Any]) -> None:
    shown = rasad("market", "KAZ")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Who arms Kazakhstan, 2006–2016" in shown.stdout
    assert "By period" in shown.stdout
    assert "By category" not in shown.stdout
    assert "--table by_category" in shown.stdout
    assert "By category" in rasad("market", "KAZ", "--table", "by_category").stdout


def test_the_command_gives_data(rasad: Callable[..., Any]) -> None:
    given = json.loads(rasad("supplier", "RUS", "--format", "json", "--by", "year").stdout)
    assert [row["period"] for row in given["by_period"]] == ["2012", "2015"]
    assert given["recipients"][0]["recipient"] == {"id": "country:KAZ", "name": "Kazakhstan"}
    lines = rasad("market", "KAZ", "--format", "csv", "--table", "by_period", "--from", "2010").stdout.splitlines()
    assert lines[0].startswith("deals,period,category,supplier,supplier_id,recipient,recipient_id,deal_count")
    assert [line.split(",")[3] for line in lines[1:]] == ["Russia", "Russia", "Spain"]


def test_the_command_draws_into_a_file(rasad: Callable[..., Any], tmp_path: Path) -> None:
    assert rasad("market", "KAZ", "-o", "shares.png").returncode == 0
    assert (tmp_path / "shares.png").read_bytes().startswith(b"\x89PNG")
    assert rasad("market", "KAZ", "-o", "concentration.svg", "--picture", "concentration").returncode == 0
    assert "highly concentrated" in (tmp_path / "concentration.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Kazakstan"], "did you mean Kazakhstan"), (["KAZ", "--category", "tanks"], "category: 'tanks' is not one of"),
        (["KAZ", "--by", "decade"], "--by: 'decade' is not one of period, year"),
        (["KAZ", "-o", "nowhere/shares.svg"], "cannot be written"), (["KAZ", "-o", "shares.gif"], "a picture is written as"),
        (["KAZ", "--table", "rivals"], "there is no table 'rivals'"), (["KAZ", "--picture", "map", "-o", "map.svg"], "no picture 'map'"),
    ],
)  # fmt: skip
def test_the_command_ends_with_2_and_says_why(rasad: Callable[..., Any], arguments: list[str], message: str) -> None:
    ended = rasad("market", *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr
