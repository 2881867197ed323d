"""Embargoes: the table that comes with Rasad, tables of one's own, and the deals that fall into them, through the public door. Every
register is made by hand, and so is every number that is expected of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from rasad.analysis import embargoes
from rasad.analysis.embargo_table import EmbargoFileError, embargo_table
from rasad.analysis.embargoed import flags_of
from rasad.claims import Claim, Document, Evidence, Filler
from rasad.pictures import PictureError
from rasad.register import FilterError, Register, open_register
from rasad.register.store import Read

NUMBERS = count()
COLUMNS = (
    "id", "direction", "targets", "issuer", "from", "to", "force", "reach", "categories", "scope", "exceptions", "act", "checked",
    "source",
)  # fmt: skip
IRAQ = {
    "id": "iraq", "direction": "to", "targets": "country:IRQ", "issuer": "UN", "from": "1990-08-06", "to": "2004-06-08",
    "force": "mandatory", "reach": "whole", "categories": "", "scope": "all arms", "exceptions": "", "act": "UNSCR 661",
    "checked": "memory", "source": "",
}  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        yield opened


def filler(name: str, category: str | None = None) -> Filler:
    """IRQ is a state, "org:unita" itself, anything else a system."""
    if name.startswith("org:"):
        return Filler(id=name, name=name[4:], text=name, start=0, end=1)
    if category is None:
        return Filler(id=f"country:{name}", name=name, text=name, start=0, end=1, country=name)
    return Filler(id=f"system:{name}", name=name, text=name, start=0, end=1, category=category or None)


def claim(supplier: str | None, recipient: str | None, item: str, year: int | None, stage: str | None, *, frame: str = "transfer",
          category: str = "aircraft", polarity: str = "positive", certainty: str = "asserted", published: str | None = None) -> Read:  # fmt: skip
    """A report of its own that says so."""
    number = next(NUMBERS)
    text = f"Report {number} of {supplier}, {recipient}, {item}, {year}, {stage}."
    first, second = ("supplier", "recipient") if frame == "transfer" else ("provider", "client")
    roles = {role: [filler(name)] for role, name in ((first, supplier), (second, recipient)) if name}
    said = Claim(
        id=f"c-{number:016x}", document="x", language="en", frame=frame, roles={**roles, "item": [filler(item, category)]},
        stage=stage, certainty=certainty, polarity=polarity, quantity=None, value=None, year=year, time=None, attribution=[],
        evidence=Evidence(0, len(text), text), confidence=0.9,
    )  # fmt: skip
    return Read(Document(name=f"{number}.txt", text=text, published=published), "by hand", [said])


def table(folder: Path, *rows: dict[str, str]) -> Path:
    """A file of embargoes, each like Iraq's but for what is given."""
    path = folder / "mine.tsv"
    lines = ["\t".join(COLUMNS), *("\t".join((IRAQ | row)[name] for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def caught(answer: Any) -> list[tuple[str, str]]:
    return [(flag.embargo, flag.caught) for flag in answer.flags]


def rasad(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "140"}
    command = [sys.executable, "-m", "rasad.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)


# ── which deals fall in ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ordered_before_and_delivered_during_is_flagged_for_the_delivery_and_says_so(register, tmp_path):
    register.store([claim("FRA", "IRQ", "Roland", 1988, "ordered"), claim("FRA", "IRQ", "Roland", 1991, "delivered")])
    answer = embargoes(register, file=table(tmp_path, {}))
    assert caught(answer) == [("iraq", "delivered 1991")]
    assert answer.flags[0].look_at == "ordered 1988, before it"
    assert (answer.flags[0].years, answer.flags[0].ordered, answer.flags[0].delivered) == ((1991,), (), (1991,))


def test_ordered_in_the_year_in_which_it_was_lifted_is_flagged_with_the_day(register, tmp_path):
    register.store([claim("POL", "IRQ", "W-3", 2004, "ordered"), claim("POL", "IRQ", "W-3", 2006, "delivered")])
    answer = embargoes(register, file=table(tmp_path, {}))
    assert caught(answer) == [("iraq", "ordered 2004")]
    assert answer.flags[0].look_at == "in force only until 8 June 2004"


def test_the_years_on_both_edges_fall_in_and_those_beside_them_do_not(register, tmp_path):
    years = {"A-1": 1989, "B-2": 1990, "C-3": 2004, "D-4": 2005}
    register.store([claim("RUS", "IRQ", item, year, "delivered") for item, year in years.items()])
    answer = embargoes(register, file=table(tmp_path, {}))
    assert [(flag.item.name, flag.years) for flag in answer.flags] == [("B-2", (1990,)), ("C-3", (2004,))]
    assert answer.tables["embargoes"][0].flagged == 2
    assert answer.notes[0].startswith("2 deals of 4 with a target to be looked at: 2 under an embargo on the whole")


def test_an_embargo_from_new_year_to_new_years_eve_has_no_edge_to_tell(register, tmp_path):
    register.store([claim("RUS", "IRQ", "A-1", 1990, "ordered")])
    answer = embargoes(register, file=table(tmp_path, {"from": "1990-01-01", "to": "1990-12-31"}))
    assert (caught(answer), answer.flags[0].look_at) == ([("iraq", "ordered 1990")], "")


def test_a_partial_embargo_tells_its_scope_and_exceptions_beside_the_flag(register, tmp_path):
    part = {"reach": "part", "scope": "only rebels", "exceptions": "the Government", "from": "2004-06-08", "to": ""}
    register.store([claim("USA", "IRQ", "F-16", 2011, "ordered")])
    answer = embargoes(register, file=table(tmp_path, part))
    assert [(flag.reach, flag.look_at) for flag in answer.flags] == [
        ("part", "part: only rebels; excepted: the Government")
    ]
    assert answer.notes[0] == (
        "1 deal of 1 with a target to be looked at: 0 under an embargo on the whole of it, 1 only under one on a part."
    )


def test_the_group_that_a_partial_embargo_is_on_is_under_the_whole_of_it(register, tmp_path):
    unita = {
        "id": "unita",
        "targets": "org:unita|country:AGO",
        "reach": "part",
        "scope": "only UNITA",
        "from": "1993-09-25",
    }
    register.store([claim("BGR", "org:unita", "BM-21", 1998, "delivered"), claim("BGR", "AGO", "T-55", 1998, "delivered")])  # fmt: skip
    answer = embargoes(register, file=table(tmp_path, unita))
    assert [(flag.recipient.name, flag.reach) for flag in answer.flags] == [("unita", "whole"), ("Angola", "part")]
    assert [flag.item.name for flag in embargoes(register, target="org:unita", file=tmp_path / "mine.tsv").flags] == [
        "BM-21", "T-55",
    ]  # fmt: skip


def test_an_embargo_on_groups_leaves_the_state_free_and_says_how_many_deals_that_are(register, tmp_path):
    unita = {"id": "unita", "targets": "org:unita|country:AGO", "reach": "groups", "from": "1993-09-25", "to": "2002-12-09"}  # fmt: skip
    register.store([
        claim("BGR", "org:unita", "BM-21", 1998, "delivered"), claim("BGR", "AGO", "T-55", 1998, "delivered"),
        claim("RUS", "AGO", "Su-24", 1999, "ordered"), claim("RUS", "AGO", "Su-30", 2013, "ordered"),
    ])  # fmt: skip
    answer = embargoes(register, file=table(tmp_path, unita))
    assert [(flag.recipient.name, flag.reach, flag.look_at) for flag in answer.flags] == [("unita", "whole", "")]
    assert answer.notes[0] == (
        "1 deal of 4 with a target to be looked at: 1 under an embargo on the whole of it, 0 only under one on a part."
        " 2 deals with a state left out, since what was in force there was on non-governmental forces alone."
    )
    assert embargoes(register, file=tmp_path / "mine.tsv", target="AGO").tables["embargoes"][0].reach == "groups"


def test_a_deal_that_another_embargo_catches_is_not_counted_as_left_out(register, tmp_path):
    groups = {"id": "groups", "targets": "country:IRQ", "reach": "groups", "from": "2003-01-01", "to": ""}
    register.store([claim("POL", "IRQ", "W-3", 2004, "ordered")])
    answer = embargoes(register, file=table(tmp_path, {}, groups))
    assert caught(answer) == [("iraq", "ordered 2004")]
    assert "left out" not in answer.notes[0]


def test_only_the_equipment_that_is_covered_falls_in_and_the_unknown_is_told(register, tmp_path):
    tanks = {"categories": "armoured-vehicles|ships", "reach": "part", "scope": "tanks and warships"}
    register.store([
        claim("RUS", "IRQ", "T-72", 1995, "ordered", category="armoured-vehicles"),
        claim("RUS", "IRQ", "Mi-8", 1995, "ordered"), claim("RUS", "IRQ", "Thing", 1995, "ordered", category=""),
    ])  # fmt: skip
    found = {
        flag.item.name: flag.look_at for flag in embargoes(register, file=table(tmp_path, tanks)).flags if flag.item
    }
    assert found == {
        "T-72": "part: tanks and warships",
        "Thing": "part: tanks and warships; what kind of equipment is not known",
    }


def test_the_union_binds_its_members_and_only_while_they_are(register, tmp_path):
    union = {"id": "eu", "issuer": "EU", "from": "1990-01-01", "to": ""}
    register.store([
        claim("RUS", "IRQ", "A-1", 1995, "ordered"), claim("POL", "IRQ", "B-2", 2003, "ordered"), claim("POL", "IRQ", "C-3", 2004, "ordered"),
        claim("GBR", "IRQ", "D-4", 2020, "ordered"), claim("GBR", "IRQ", "E-5", 2021, "ordered"), claim(None, "IRQ", "F-6", 1995, "ordered"),
    ])  # fmt: skip
    found = {flag.item.name: flag.look_at for flag in embargoes(register, file=table(tmp_path, union)).flags}
    assert found == {"C-3": "", "D-4": "", "F-6": "whose supplier is not known, so not whether the EU binds it"}


def test_a_company_is_bound_where_it_is_at_home_and_a_group_is_not_unknown(register, tmp_path):
    union = {"id": "eu", "issuer": "EU", "from": "1990-01-01", "to": ""}
    sold = {"id": "from", "issuer": "EU", "direction": "from", "targets": "country:IRN", "from": "2007-04-23", "to": ""}
    register.store([
        claim("org:rosoboronexport", "IRQ", "A-1", 2015, "ordered"), claim("org:naval-group", "IRQ", "B-2", 2015, "ordered"),
        claim("org:nobody-knows", "IRQ", "C-3", 2015, "ordered"), claim("IRN", "org:houthis", "D-4", 2015, "delivered"),
        claim("IRN", "GRC", "E-5", 2015, "delivered"),
    ])  # fmt: skip
    found = {flag.item.name: flag.look_at for flag in embargoes(register, file=table(tmp_path, union, sold)).flags}
    assert found == {"B-2": "", "C-3": "whose supplier is not known, so not whether the EU binds it", "E-5": ""}


def test_arms_that_a_target_sells_fall_into_an_embargo_on_arms_from_it(register, tmp_path):
    iran = {"id": "from", "direction": "from", "targets": "country:IRN", "from": "2007-03-24", "to": "2020-10-18"}
    register.store([claim("IRN", "SDN", "Ababil", 2008, "delivered"), claim("SDN", "IRN", "Ababil", 2008, "delivered")])
    answer = embargoes(register, file=table(tmp_path, iran))
    assert [(flag.supplier.name, flag.recipient.name) for flag in answer.flags] == [("Iran", "Sudan")]


def test_a_repair_falls_in_and_is_called_one(register, tmp_path):
    register.store([
        claim("UKR", "IRQ", "An-32", 1999, "agreed", frame="service"),
        claim("UKR", "IRQ", "An-32", 2000, "under_way", frame="service"), claim("UKR", "IRQ", "Mi-8", 1999, None, frame="service"),
    ])  # fmt: skip
    found = {flag.item.name: flag.caught for flag in embargoes(register, file=table(tmp_path, {})).flags}
    assert found == {"An-32": "agreed 1999, carried out 2000", "Mi-8": "told of for 1999"}


def test_what_is_only_offered_refused_or_denied_falls_into_nothing(register, tmp_path):
    register.store([
        claim("RUS", "IRQ", "A-1", 1995, "proposed"), claim("RUS", "IRQ", "B-2", 1995, "refused"),
        claim("RUS", "IRQ", "C-3", 1995, "delivered", polarity="negative"),
    ])  # fmt: skip
    answer = embargoes(register, file=table(tmp_path, {}))
    assert answer.flags == ()
    assert "2 deals of which no order or delivery is told" in answer.notes[0]
    assert "1 deal that every claim denies left out" in answer.notes[0]


def test_a_denied_delivery_does_not_date_a_deal_that_others_claim(register, tmp_path):
    register.store([
        claim("RUS", "IRQ", "A-1", 1988, "ordered"), claim("RUS", "IRQ", "A-1", 1991, "delivered", polarity="negative"),
    ])  # fmt: skip
    assert embargoes(register, file=table(tmp_path, {})).flags == ()


def test_a_deal_of_which_only_the_year_of_the_report_is_known_is_marked(register, tmp_path):
    register.store([claim("RUS", "IRQ", "A-1", None, "delivered", published="1999-05-02")])
    answer = embargoes(register, file=table(tmp_path, {}))
    assert [(flag.caught, flag.dated, flag.look_at) for flag in answer.flags] == [
        ("reported 1999", "report", "only the year of the report is known")
    ]
    assert "Of 1 flagged deal only the year of a report is known." in answer.notes[0]


def test_years_that_nobody_asserts_stand_in_brackets(register, tmp_path):
    register.store([
        claim("RUS", "IRQ", "A-1", 1995, "ordered", certainty="probable"), claim("RUS", "IRQ", "A-1", 1996, "delivered"),
        claim("RUS", "IRQ", "A-1", 1997, "delivered"),
    ])  # fmt: skip
    assert caught(embargoes(register, file=table(tmp_path, {}))) == [("iraq", "ordered (1995), delivered 1996–1997")]


def test_an_embargo_between_two_deliveries_is_told_as_that(register, tmp_path):
    short = {"from": "1993-01-01", "to": "1993-12-31"}
    register.store([
        claim("RUS", "IRQ", "A-1", 1990, "ordered"), claim("RUS", "IRQ", "A-1", 1991, "delivering"),
        claim("RUS", "IRQ", "A-1", 1995, "delivered"),
    ])  # fmt: skip
    answer = embargoes(register, file=table(tmp_path, short))
    assert caught(answer) == [("iraq", "delivered between 1991 and 1995")]
    assert (answer.flags[0].years, answer.flags[0].delivered) == ((1993,), ())


def test_a_voluntary_embargo_says_that_it_binds_nobody(register, tmp_path):
    register.store([claim("RUS", "IRQ", "A-1", 1995, "ordered")])
    answer = embargoes(register, file=table(tmp_path, {"force": "voluntary"}))
    assert answer.flags[0].look_at == "a call upon states, not binding"


def test_postgresql_answers_the_same(postgresql, tmp_path):
    with open_register(postgresql, create=True) as kept:
        kept.store([
            claim("FRA", "IRQ", "Roland", 1988, "ordered"), claim("FRA", "IRQ", "Roland", 1991, "delivered", certainty="probable"),
            claim("RUS", "IRQ", "A-1", None, "delivered", published="1999-05-02"),
        ])  # fmt: skip
        answer = embargoes(kept, file=table(tmp_path, {}))
        assert caught(answer) == [("iraq", "delivered (1991)"), ("iraq", "reported 1999")]


def test_a_flag_leads_back_to_its_claims(register, tmp_path):
    register.store([claim("FRA", "IRQ", "Roland", 1991, "delivered"), claim("FRA", "IRQ", "Roland", 1988, "ordered")])
    answer = embargoes(register, file=table(tmp_path, {}))
    assert sorted(shown.claim.year for shown in answer.claims(answer.flags[0])) == [1988, 1991]


def test_the_tables_are_data_frames_with_ids_beside_names(register, tmp_path):
    register.store([claim("FRA", "IRQ", "Roland", 1991, "delivered")])
    frame = embargoes(register, file=table(tmp_path, {})).to_polars("flags")
    assert frame.select("supplier_id", "recipient", "embargo", "years").rows() == [
        ("country:FRA", "Iraq", "iraq", [1991])
    ]


# ── the table that comes with Rasad ────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_has_the_embargoes_of_all_three_and_cites_an_act_for_each():
    every = embargo_table()
    assert {one.issuer for one in every} == {"UN", "EU", "OSCE"}
    assert all(one.act and one.scope for one in every)
    sources = [source for one in every if one.checked != "memory" for source in one.source.split(" | ")]
    assert [source for source in sources if not source.startswith(("https://", "http://")) or " " in source] == []


def test_the_docs_say_how_much_of_the_table_was_checked():
    told = (Path(__file__).parent.parent / "docs" / "analysis.md").read_text(encoding="utf-8")
    for checked, lines in Counter(one.checked for one in embargo_table()).items():
        assert f"| `{checked}` | {lines} |" in told


@pytest.mark.parametrize(("target", "on", "expected"), [
    ("IRQ", "2000", ["un-irq-1990", "eu-irq-1990"]), ("Iraq", "2004-06-08", ["un-irq-2003", "un-irq-2004", "eu-irq-1990"]),
    ("China", "2024-01-01", ["eu-chn-1989"]), ("UZB", "2009-11-14", []), ("UZB", "2009-11", ["eu-uzb-2005"]),
    ("org:hezbollah", None, ["un-lbn-2006", "eu-lbn-2006"]), ("Армения", "1992", ["osce-aze-1992"]),
    ("RWA", "1995-08-16", ["un-rwa-1994", "un-rwa-1995"]), ("KAZ", None, []), ("COD", "2006", ["un-cod-2005", "eu-cod-2002"]),
    ("LBR", "2009-12-31", ["un-lbr-2009", "eu-lbr-2001"]), ("Somalia", "2024-01", ["un-som-2023", "eu-som-2013"]),
    ("org:northern-alliance", "2000", ["un-afg-1996", "eu-afg-1996"]), ("Syria", "2014", ["eu-syr-2012-from"]),
    ("AFG", "2021-08-15", ["un-afg-2002", "un-afg-2021", "eu-afg-2002", "eu-afg-2021"]),
])  # fmt: skip
def test_which_embargoes_were_on_whom_and_when(register, target, on, expected):
    assert [row.embargo for row in embargoes(register, target=target, on=on).tables["embargoes"]] == expected


def test_russian_fighters_for_china_are_not_the_unions_business_and_french_helicopters_are(register):
    register.store([claim("RUS", "CHN", "Su-27", 1991, "ordered"), claim("FRA", "CHN", "AS-365", 1991, "delivered")])
    (flag,) = embargoes(register).flags
    assert (flag.embargo, flag.item.name) == ("eu-chn-1989", "AS-365")
    assert "a political commitment, not law" in flag.look_at


def test_one_deal_tells_every_embargo_it_falls_into(register):
    register.store([claim("FRA", "IRQ", "Roland", 1991, "delivered"), claim("RUS", "IND", "Su-30", 1996, "ordered")])
    deals = {deal["item"]: deal["deal"] for deal in register.deals()}
    assert [flag.embargo for flag in flags_of(register, deals["system:Roland"])] == ["eu-irq-1990", "un-irq-1990"]
    assert flags_of(register, deals["system:Su-30"]) == ()


# ── pictures ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_picture_says_what_is_seen_and_on_how_many_claims_it_rests(register):
    register.store([claim("FRA", "IRQ", "Roland", 1988, "ordered"), claim("FRA", "IRQ", "Roland", 1991, "delivered")])
    picture = embargoes(register).picture()
    assert picture.claims == 2
    assert "2 claims behind it" in picture.spec["title"]["subtitle"]
    assert "to be looked at" in picture.svg()


def test_nothing_to_draw_is_said(register):
    with pytest.raises(PictureError, match="no deal of the register falls into one of these"):
        embargoes(register).picture()
    with pytest.raises(PictureError, match="there is no picture 'map'; there is timeline"):
        embargoes(register).picture("map")


# ── what is wrong ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("row", "message"), [
    ({"from": "1990-13-01"}, "mine.tsv, line 2: from '1990-13-01' is no date; write 1990-08-06"),
    ({"from": ""}, "mine.tsv, line 2: from is empty"),
    ({"to": "1989-01-01"}, "mine.tsv, line 2: ends on 1989-01-01, before it begins on 1990-08-06"),
    ({"targets": "country:IRK"}, "mine.tsv, line 2: 'IRK' is the code of no country"),
    ({"targets": "Iraq"}, "mine.tsv, line 2: target 'Iraq' is neither country:… nor org:…"),
    ({"targets": ""}, "mine.tsv, line 2: targets is empty"),
    ({"act": ""}, "mine.tsv, line 2: act is empty"),
    ({"issuer": "NATO"}, "mine.tsv, line 2: issuer 'NATO' is not one of UN, EU, OSCE"),
    ({"force": "mandatry"}, "mine.tsv, line 2: force 'mandatry' is not one of mandatory, political, voluntary; did you mean mandatory?"),
    ({"categories": "aircraft|tank"}, "mine.tsv, line 2: category 'tank' is not one of aircraft"),
])  # fmt: skip
def test_a_malformed_line_is_named_with_what_is_wrong(tmp_path, row, message):
    with pytest.raises(EmbargoFileError) as error:
        embargo_table(table(tmp_path, row))
    assert str(error.value).startswith(message)


def test_a_file_of_the_wrong_shape_is_refused(tmp_path):
    path = table(tmp_path, {}, {})
    with pytest.raises(EmbargoFileError, match=r"mine.tsv, line 3: there is an embargo 'iraq' already"):
        embargo_table(path)
    path.write_text("# nothing but words\nid,target\n")
    with pytest.raises(EmbargoFileError, match=r"mine.tsv, line 2: the header must be id, direction, targets"):
        embargo_table(path)
    path.write_text("\t".join(COLUMNS) + "\niraq\tto\n")
    with pytest.raises(EmbargoFileError, match=r"mine.tsv, line 2: 2 cells where the header has 14"):
        embargo_table(path)
    path.write_text("\t".join(COLUMNS) + "\n")
    with pytest.raises(EmbargoFileError, match=r"mine.tsv: no embargo in it"):
        embargo_table(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(EmbargoFileError, match=r"cannot be read: not in UTF-8"):
        embargo_table(path)


def test_a_date_that_is_none_and_a_name_of_nobody_are_told(register):
    with pytest.raises(FilterError, match=r"on: '2015-13' is no date; write 2015, 2015-06 or 2015-06-30"):
        embargoes(register, on="2015-13")
    with pytest.raises(FilterError, match=r"target: nothing is called 'Afganistan'; did you mean Afghanistan\?"):
        embargoes(register, target="Afganistan")


def test_an_empty_register_and_an_embargo_that_there_is_not_are_answered_in_a_sentence(register):
    assert embargoes(register).notes == ("the register has no claims yet; `rasad add PATH…` reads reports into it",)
    assert embargoes(register, target="KAZ").notes == ("the table has no such embargo",)
    register.store([claim("RUS", "KAZ", "S-300", 2015, "delivered")])
    assert embargoes(register, target="IRQ").notes == ("the register has no deal with one of these targets",)


# ── the command ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_shows_the_table_the_deals_and_the_picture(register, tmp_path):
    register.store([claim("FRA", "IRQ", "Roland", 1991, "delivered")])
    shown = rasad("embargoes", "--target", "Iraq", "--on", "1991", folder=tmp_path)
    assert shown.returncode == 0
    assert "un-irq-1990" in shown.stdout
    assert "UNSCR 661" in shown.stdout
    flags = rasad("embargoes", "--deals", "-f", "json", folder=tmp_path)
    assert [flag["embargo"] for flag in json.loads(flags.stdout)["flags"]] == ["eu-irq-1990", "un-irq-1990"]
    csv = rasad("embargoes", "--deals", "-f", "csv", folder=tmp_path)
    assert csv.stdout.splitlines()[1].startswith("d-")
    drawn = rasad("embargoes", "-o", "picture.png", folder=tmp_path)
    assert drawn.returncode == 0
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_a_deals_page_names_the_embargoes_it_falls_into(register, tmp_path):
    register.store([claim("FRA", "IRQ", "Roland", 1991, "delivered")])
    (deal,) = register.deals()
    shown = rasad("show", deal["deal"], folder=tmp_path)
    assert "To be looked at" in shown.stdout
    assert "un-irq-1990: delivered 1991" in shown.stdout


@pytest.mark.parametrize(("arguments", "message"), [
    (["--target", "Afganistan"], "did you mean Afghanistan?"), (["--on", "soon"], "on: 'soon' is no date"),
    (["--file", "none.tsv"], "none.tsv: cannot be read: No such file or directory"), (["-o", "picture.pdf"], "not as .pdf"),
    (["-o", "nowhere/picture.svg"], "cannot be written"), (["-f", "xml"], "'xml' is not one of"),
    (["--table", "deals", "-f", "csv"], "there is no table 'deals'; there are embargoes, flags"),
])  # fmt: skip
def test_what_is_wrong_ends_the_command_with_one_line(register, tmp_path, arguments, message):
    register.store([claim("FRA", "IRQ", "Roland", 1991, "delivered")])
    ended = rasad("embargoes", *arguments, folder=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert message in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
