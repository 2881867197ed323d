"""On whom somebody depends: small registers whose every row is worked out by hand beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from rasad.analysis import dependence
from rasad.analysis.dependences import Dependence
from rasad.claims import Claim, Document, Evidence, Filler, Speaker, hashed_id
from rasad.exchange.imports import import_sipri
from rasad.ontology import ontology
from rasad.pictures import PictureError
from rasad.register import FilterError, Register, open_register
from rasad.register.store import Read

SEED = Path(__file__).parents[2] / "shared" / "seed" / "article.ar.txt"
#: The Q-300, the Q-400 and the Ab-32 are made up: of them nobody knows the maker.
CATEGORIES = {
    "Q-300": "air-defence-systems", "Q-300PS": "air-defence-systems", "Q-300PMU-1": "air-defence-systems", "Q-400": "air-defence-systems",
    "Ab-32": "aircraft", "spare-parts": "other", "artillery-shell": "ammunition", "fighter": "aircraft",
    "S-300": "air-defence-systems", "S-125": "air-defence-systems", "An-32": "aircraft", "T-80": "armoured-vehicles",
}  # fmt: skip
WORDS = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heath",
    "ivory",
    "jetty",
    "knoll",
    "larch",
    "maple",
    "north",
)
NUMBERS = count(1)
TITLES = "Supplier,Recipient,Ordered,Weapon model,Weapon category,Ordered year,Delivered year,Delivered num.,Comments"


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


def filler(name: str) -> Filler:
    """UKR is a state, Q-300 a system, spare-parts and fighter are kinds."""
    if category := CATEGORIES.get(name):
        kind = "class" if name.islower() else "system"
        return Filler(id=f"{kind}:{name}", name=name, text=name, start=0, end=1, category=category)
    return Filler(id=f"country:{name}", name=name, text=name, start=0, end=1, country=name)


def report(
    frame: str, *, polarity: str = "positive", certainty: str = "asserted", speaker: str | None = None, **said: Any
) -> Read:
    """A text of its own with one claim; roles as names joined by a comma."""
    number = next(NUMBERS)
    text = " ".join(WORDS[(number * step) % len(WORDS)] + str(number * step) for step in range(1, 12))
    roles = {
        role: [filler(name) for name in said.pop(role).split(", ")]
        for role in ontology().frames[frame].roles
        if role in said
    }
    document = Document(name=f"{number}.txt", text=text, language="en")
    evidence = Evidence(0, len(text), text)
    attribution = [Speaker(id=f"person:{speaker}", name=speaker, kind="person")] if speaker else []
    claim = Claim(
        id=hashed_id([document.hash, evidence.start, evidence.end, frame]), document=document.name, language="en", frame=frame, roles=roles,
        stage=said.pop("stage", None), certainty=certainty, polarity=polarity, quantity=None, value=None, year=said.pop("year", None),
        time=None, attribution=attribution, evidence=evidence, confidence=0.9, **said,
    )  # fmt: skip
    return Read(document, "made by hand", [claim])


def has(holder: str, supplier: str, item: str = "Q-300", **said: Any) -> Read:
    return report("transfer", supplier=supplier, recipient=holder, item=item, **{"stage": "delivered", **said})


def able(who: str, item: str = "Q-300", *activity: str, **said: Any) -> Read:
    return report("capability", holder=who, item=item, activity=list(activity) or None, **said)


def unable(who: str, item: str = "Q-300", *activity: str, **said: Any) -> Read:
    return able(who, item, *activity, polarity="negative", **said)


def overhauls(provider: str, client: str, item: str = "Q-300", **said: Any) -> Read:
    return report(
        "service", provider=provider, client=client, item=item, **{"stage": "under_way", "activity": ["repair"], **said}
    )


def depends(who: str, on: str, item: str | None = None, **said: Any) -> Read:
    return report("dependence", dependent=who, provider=on, **({"item": item} if item else {}), **said)


def needs(answer: Dependence) -> list[tuple[str, str | None, str, str]]:
    return [
        (n.holder.id[-3:], n.item.name if n.item else None, n.provider.id[-3:], n.basis)
        for n in answer.tables["dependences"]
    ]


def points(answer: Dependence) -> list[tuple[str, str, list[str]]]:
    return [
        (p.item.name, p.provider.id[-3:], [d.id[-3:] for d in p.dependents]) for p in answer.tables["single_points"]
    ]


def lost(answer: Dependence) -> list[tuple[str, str | None, str, str, list[str]]]:
    rows = answer.tables["breaks"]
    return [
        (b.holder.id[-3:], b.item.name if b.item else None, b.loses, b.basis, [o.id[-3:] for o in b.left]) for b in rows
    ]


def deals_of(register: Register, **filters: Any) -> set[str]:
    return {row["deal"] for row in (*register.deals(**filters), *register.relations(**filters))}


# ── what is inferred ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_has_a_system_that_only_one_other_can_service_depends_on_that_one(register):
    register.store([has("KAZ", "RUS"), able("UKR", "Q-300", "repair")])
    answer = dependence(register, "Kazakhstan")
    assert needs(answer) == [("KAZ", "Q-300", "UKR", "inferred")]
    (need,) = answer.tables["dependences"]
    assert (need.itself, need.does, need.others, need.sources, need.certainty) == (
        "unknown",
        ("overhauls",),
        (),
        2,
        "asserted",
    )
    assert set(need.deals) == deals_of(register)
    assert {claim.claim.id for claim in answer.claims(need)} == set(need.claims)
    assert [ground.partition(" (")[0] for ground in need.grounds] == [
        "Kazakhstan has it",
        "Ukraine alone is known to be able",
    ]
    assert points(answer) == [("Q-300", "UKR", ["KAZ"])]


def test_a_second_provider_is_named_and_nothing_is_inferred(register):
    register.store([has("KAZ", "RUS"), able("UKR"), able("BLR", certainty="possible")])
    answer = dependence(register, "KAZ")
    assert needs(answer) == points(answer) == []
    (system,) = answer.tables["systems"]
    assert [who.id[-3:] for who in system.serviced_by] == ["BLR", "UKR"]


def test_who_can_service_it_itself_depends_on_nobody(register):
    register.store([has("KAZ", "RUS"), able("UKR"), overhauls("KAZ", "KAZ")])
    assert needs(dependence(register, "KAZ")) == []


def test_a_maker_that_cannot_overhaul_keeps_nothing_going(register):
    register.store(
        [
            has("KAZ", "RUS"),
            able("RUS", "Q-300", "production"),
            unable("RUS", "Q-300", "repair"),
            able("UKR", "Q-300", "repair"),
        ]
    )
    answer = dependence(register, item="Q-300")
    assert needs(answer) == [("KAZ", "Q-300", "UKR", "inferred")]
    (system,) = answer.tables["systems"]
    assert [[who.id[-3:] for who in some] for some in (system.made_by, system.serviced_by, system.unable)] == [
        ["RUS"],
        ["UKR"],
        ["RUS"],
    ]
    (point,) = answer.tables["single_points"]
    assert [who.id[-3:] for who in point.unable] == ["RUS"]


def test_who_cannot_make_it_may_still_service_it(register):
    register.store(
        [has("KAZ", "RUS"), able("KAZ", "Q-300", "repair"), unable("KAZ", "Q-300", "production"), able("UKR")]
    )
    assert needs(dependence(register, "KAZ")) == []


def test_to_train_crews_keeps_no_system_going(register):
    register.store([has("KAZ", "RUS"), overhauls("RUS", "KAZ", activity=["training"]), able("UKR")])
    answer = dependence(register, "KAZ")
    assert needs(answer) == [("KAZ", "Q-300", "UKR", "inferred")]
    assert {
        part.part for part in dependence(register, item="Q-300").tables["parts"] if part.who.id == "country:RUS"
    } == {"supplies", "trains"}


def test_what_is_only_ordered_or_proposed_shows_nothing(register):
    register.store([has("KAZ", "RUS", stage="ordered"), able("UKR")])
    assert needs(dependence(register, "KAZ")) == []
    register.store([has("IND", "RUS", "Ab-32"), overhauls("UKR", "IND", "Ab-32", stage="proposed")])
    assert needs(dependence(register, "IND")) == []


def test_what_is_only_denied_counts_nowhere(register):
    register.store(
        [has("KAZ", "RUS", polarity="negative"), able("UKR"), depends("KAZ", "UKR", "Q-300", polarity="negative")]
    )
    assert needs(dependence(register, "KAZ")) == []
    register.store([has("IND", "RUS", "Ab-32"), overhauls("UKR", "IND", "Ab-32", stage=None, polarity="negative")])
    assert needs(dependence(register, "IND")) == []
    assert [part.part for part in dependence(register, "IND", item="Ab-32").tables["parts"]] == ["operates", "supplies"]


def test_an_inference_is_as_sure_as_its_weakest_ground_and_says_who_denies_it(register):
    register.store([
        has("KAZ", "RUS"), able("UKR", certainty="possible"), able("UKR", certainty="probable"), unable("UKR", speaker="Ann"),
        depends("KAZ", "UKR", polarity="negative", speaker="Bob"),
    ])  # fmt: skip
    (need,) = dependence(register, "KAZ").tables["dependences"]
    assert (need.basis, need.certainty, need.denied) == ("inferred", "probable", True)
    assert sorted(speaker.name for speaker in need.denied_by) == ["Ann", "Bob"]


def test_who_is_unable_and_said_to_depend_in_general_needs_the_one_who_is_able(register):
    register.store([unable("RUS"), able("UKR"), depends("RUS", "UKR"), unable("KEN")])
    answer = dependence(register, item="Q-300")
    assert needs(answer) == [("RUS", "Q-300", "UKR", "inferred")]
    (need,) = answer.tables["dependences"]
    assert need.itself == "unable"
    assert [ground.partition(" (")[0] for ground in need.grounds] == [
        "Russia is said to depend on it", "Russia is said to be unable", "Ukraine alone is known to be able",
    ]  # fmt: skip
    assert needs(dependence(register, "RUS")) == [("RUS", "Q-300", "UKR", "inferred"), ("RUS", None, "UKR", "stated")]


def test_variants_are_one_system_and_other_numbers_are_not(register):
    register.store([has("KAZ", "RUS", "Q-300PS"), able("UKR", "Q-300PMU-1"), has("KAZ", "RUS", "Q-400")])
    assert needs(dependence(register, "KAZ")) == [("KAZ", "Q-300", "UKR", "inferred")]
    assert needs(dependence(register, item="Q-300PS")) == [("KAZ", "Q-300", "UKR", "inferred")]


def test_of_a_kind_of_equipment_nothing_is_inferred(register):
    register.store([has("KAZ", "RUS", "fighter"), able("UKR", "fighter")])
    answer = dependence(register, "KAZ")
    assert needs(answer) == points(answer) == []
    assert [system.item.name for system in answer.tables["systems"]] == ["fighter jet"]


def test_a_line_of_sipris_and_the_press_are_one_deal_behind_an_inference(register, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(f"{TITLES}\nRussia,Kazakhstan,5,Q-300PS,SAM system,2013,2015,5,\n")
    import_sipri(register, table)
    register.store([has("KAZ", "RUS", "Q-300PS", year=2015), able("UKR")])
    (need,) = dependence(register, "KAZ").tables["dependences"]
    assert len([deal for deal in need.deals if deal.startswith("d-")]) == 1
    assert need.sources == 3


# ── what is stated ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stated_dependence_keeps_its_certainty_and_its_speakers(register):
    register.store(
        [
            depends("KAZ", "UKR", "Q-300", certainty="probable", speaker="Ann"),
            depends("KAZ", "UKR", "Q-300", certainty="possible", speaker="Bob"),
        ]
    )
    answer = dependence(register, "KAZ")
    assert needs(answer) == [("KAZ", "Q-300", "UKR", "stated")]
    (need,) = answer.tables["dependences"]
    assert (need.certainty, need.sources, need.denied, need.grounds) == ("probable", 2, False, ())
    assert sorted(speaker.name for speaker in need.speakers) == ["Ann", "Bob"]


def test_what_is_stated_and_what_is_inferred_stand_side_by_side(register):
    register.store([has("KAZ", "RUS"), able("UKR"), depends("KAZ", "UKR", "Q-300")])
    assert needs(dependence(register, "KAZ")) == [
        ("KAZ", "Q-300", "UKR", "inferred"),
        ("KAZ", "Q-300", "UKR", "stated"),
    ]


def test_a_stated_dependence_names_who_else_is_able(register):
    register.store([able("UKR"), able("BLR"), depends("KAZ", "UKR", "Q-300")])
    (need,) = dependence(register, "KAZ").tables["dependences"]
    assert [who.id for who in need.others] == ["country:BLR"]


# ── what is assumed of the maker ───────────────────────────────────────────────────────────────────────────────────────────


def codes(some: Iterable[Any]) -> list[str]:
    return [one.id[-3:] for one in some]


def test_the_maker_counts_as_a_second_though_nobody_speaks_of_it(register):
    register.store([has("KAZ", "BLR", "S-300"), able("UKR", "S-300"), depends("KAZ", "UKR", "S-300")])
    answer = dependence(register, "KAZ")
    assert needs(answer) == [("KAZ", "S-300", "UKR", "stated")]
    assert points(answer) == []
    (need,), (system,) = answer.tables["dependences"], answer.tables["systems"]
    assert (codes(need.others), codes(need.others_assumed)) == ([], ["RUS"])
    assert (codes(system.serviced_by), codes(system.assumed)) == (["UKR"], ["RUS"])


def test_a_dependence_on_a_maker_of_whom_nobody_speaks_is_assumed_and_says_so(register):
    register.store([has("PER", "UKR", "An-32", certainty="probable")])
    answer = dependence(register, "PER")
    assert needs(answer) == [("PER", "An-32", "UKR", "assumed")]
    (need,) = answer.tables["dependences"]
    assert (need.does, need.itself, need.certainty, need.sources) == (
        ("assumed, as its maker",),
        "unknown",
        "probable",
        1,
    )
    assert need.grounds[0].startswith("Peru has it (d-")
    assert need.grounds[1:] == ("Ukraine alone is assumed to be able, as its maker",)
    assert {claim.claim.id for claim in answer.claims(need)} == set(need.claims)
    assert points(answer) == [("An-32", "UKR", ["PER"])]
    assert any(note.startswith("Assumed: ") and "Ukraine 1" in note for note in answer.notes)


def test_a_maker_that_is_said_to_be_unable_is_not_assumed_and_that_is_a_ground(register):
    register.store([has("KAZ", "BLR", "S-300"), able("UKR", "S-300"), unable("RUS", "S-300", certainty="possible")])
    answer = dependence(register, "KAZ")
    assert needs(answer) == [("KAZ", "S-300", "UKR", "inferred")]
    (need,) = answer.tables["dependences"]
    assert (need.certainty, need.sources, codes(need.others_assumed)) == ("possible", 3, [])
    assert [ground.partition(" (")[0] for ground in need.grounds] == [
        "Kazakhstan has it", "Russia is its maker, and said to be unable", "Ukraine alone is known to be able",
    ]  # fmt: skip
    assert set(need.deals) == deals_of(register)


def test_having_delivered_a_system_does_not_say_that_one_can_service_it(register):
    register.store([has("KAZ", "RUS", "S-300"), able("UKR", "S-300"), unable("RUS", "S-300", certainty="possible")])
    (need,) = dependence(register, "KAZ").tables["dependences"]
    assert (need.provider.id, need.basis, need.certainty) == ("country:UKR", "inferred", "possible")
    assert [ground.partition(" (")[0] for ground in need.grounds][1] == "Russia is its maker, and said to be unable"


def test_the_makers_of_all_variants_are_assumed(register):
    register.store([has("PAK", "UKR", "T-80")])
    answer = dependence(register, "PAK")
    assert needs(answer) == []
    assert codes(answer.tables["systems"][0].assumed) == ["RUS", "UKR"]


def test_who_makes_it_under_licence_is_told_to_be_able(register):
    register.store([has("POL", "RUS", "S-125", terms="licence"), has("KAZ", "RUS", "S-125")])
    assert needs(dependence(register, item="S-125")) == []
    answer = dependence(register, "KAZ")
    assert (needs(answer), codes(answer.tables["systems"][0].made_by)) == ([], ["POL"])
    assert [part.part for part in dependence(register, item="S-125").tables["parts"] if part.who.id[-3:] == "POL"] == [
        "makes under licence", "operates",
    ]  # fmt: skip


def test_for_a_state_that_is_gone_stand_its_successors_and_it_depends_on_nobody(register):
    register.store([
        able("DDR", "Ab-32", "production"), has("KAZ", "DDR", "Ab-32"), has("CSK", "DDR", "Ab-32"),
        able("SUN", "Q-300", "production"), has("KAZ", "SUN"),
    ])  # fmt: skip
    assert needs(dependence(register, "KAZ")) == [("KAZ", "Ab-32", "DEU", "assumed")]
    assert needs(dependence(register, item="Ab-32")) == [("KAZ", "Ab-32", "DEU", "assumed")]
    assert codes(dependence(register, item="Q-300").tables["systems"][0].assumed) == ["RUS", "UKR"]
    assert needs(dependence(register, "CSK")) == []


def test_a_maker_that_needs_another_for_its_own_system_is_assumed_to_be_able_itself(register):
    register.store([depends("RUS", "UKR", "S-300")])
    (need,) = dependence(register, "RUS").tables["dependences"]
    assert (need.itself, codes(need.others_assumed)) == ("assumed", ["RUS"])


def test_what_breaks_counts_on_makers_and_tells_them_apart(register):
    register.store([has("PER", "UKR", "An-32"), overhauls("UKR", "KAZ", "S-300"), overhauls("UKR", "IND", "Ab-32")])
    answer = dependence(register, without="UKR")
    assert lost(answer) == [
        ("IND", "Ab-32", "upkeep", "inferred", []),
        ("PER", "An-32", "supply", "observed", []),
        ("PER", "An-32", "upkeep", "assumed", []),
        ("KAZ", "S-300", "upkeep", "observed", []),
    ]
    assert [(row.breaks, codes(row.left_assumed)) for row in answer.tables["breaks"]][-2:] == [
        (True, []), (False, ["RUS"]),
    ]  # fmt: skip
    assert lost(dependence(register, without="RUS")) == []


def test_what_is_assumed_has_a_line_of_its_own_in_the_picture(register):
    register.store([has("PER", "UKR", "An-32"), has("KAZ", "BLR", "S-300"), able("UKR", "S-300")])
    picture = dependence(register, "PER").picture()
    assert {(line["basis"], line["fate"].partition(":")[0]) for line in picture.spec["layer"][0]["data"]["values"]} == {
        ("assumed: nobody says it, it is the maker", "would break")
    }
    shared = dependence(register, "KAZ").picture().spec["layer"][0]["data"]["values"]
    assert {line["fate"].partition(":")[0] for line in shared} == {"would hold, or another is known"}


# ── what breaks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_breaks_without_a_provider_and_who_is_left(register):
    register.store([
        has("KAZ", "UKR"), able("UKR"), has("KAZ", "UKR", "Ab-32"), has("KAZ", "RUS", "Ab-32"), overhauls("UKR", "KAZ", "Ab-32"),
        able("POL", "Ab-32"), depends("KAZ", "UKR"), report("joint_project", party="KAZ, UKR", item="Ab-32", stage="agreed"),
    ])  # fmt: skip
    assert lost(dependence(register, "KAZ", without="UKR")) == [
        ("KAZ", "Ab-32", "joint project", "observed", []),
        ("KAZ", "Q-300", "supply", "observed", []),
        ("KAZ", "Q-300", "upkeep", "inferred", []),
        ("KAZ", None, "what is stated", "stated", []),
        ("KAZ", "Ab-32", "supply", "observed", ["RUS"]),
        ("KAZ", "Ab-32", "upkeep", "observed", ["KAZ", "POL"]),
    ]


def test_of_one_provider_everywhere_the_holders_of_what_only_it_keeps_going(register):
    register.store([
        has("KAZ", "RUS"), has("IND", "RUS"), able("UKR"), has("PER", "UKR", "Ab-32"), able("UKR", "Ab-32"), able("POL", "Ab-32"),
        overhauls("UKR", "PER", "Ab-32"), depends("EGY", "UKR", "Ab-32"),
    ])  # fmt: skip
    assert lost(dependence(register, without="Ukraine")) == [
        ("IND", "Q-300", "upkeep", "inferred", []),
        ("KAZ", "Q-300", "upkeep", "inferred", []),
        ("EGY", "Ab-32", "what is stated", "stated", ["POL"]),
        ("PER", "Ab-32", "upkeep", "observed", ["POL"]),
    ]


def test_spare_parts_named_with_a_system_feed_it(register):
    register.store([has("KAZ", "UKR", "Q-300, spare-parts"), has("KAZ", "RUS", "artillery-shell")])
    assert [
        (p.item.name, p.who.id[-3:])
        for p in dependence(register, "KAZ", item="Q-300").tables["parts"]
        if p.part == "feeds"
    ] == [("Q-300", "UKR")]
    assert ("KAZ", "Q-300", "parts", "observed", []) in lost(dependence(register, item="Q-300", without="UKR"))


def test_who_stops_where_nothing_rests_on_it_breaks_nothing(register):
    register.store([has("KAZ", "RUS"), able("UKR")])
    answer = dependence(register, "KAZ", without="FRA")
    assert answer.tables["breaks"] == ()
    assert answer.notes[0] == "Nothing here is known to rest on France."


# ── how it is given ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not SEED.exists(), reason="the article is not part of the repository")
def test_the_article_has_kazakhstan_and_russia_depend_on_ukraine_for_the_s_300(register):
    register.add([SEED])
    assert needs(dependence(register, "KAZ")) == [("KAZ", "S-300", "UKR", "inferred")]
    answer = dependence(register, item="S-300", without="UKR")
    assert needs(answer) == [("KAZ", "S-300", "UKR", "inferred"), ("RUS", "S-300", "UKR", "inferred")]
    assert all(claim.claim.evidence.quote in SEED.read_text() for claim in answer.claims())


def test_rows_are_tables_for_polars_with_names_beside_ids(register):
    register.store([has("KAZ", "RUS"), able("UKR")])
    answer = dependence(register, "KAZ", item="Q-300", without="RUS")
    frame = answer.to_polars("dependences")
    assert frame["provider"].to_list() == ["Ukraine"]
    assert frame["provider_id"].to_list() == ["country:UKR"]
    assert answer.to_pandas("parts")["part"].tolist() == ["operates", "services", "supplies"]
    assert "Ukraine alone is known to be able" in answer._repr_html_()


def test_what_would_break_is_drawn_in_another_line_and_the_claims_are_counted(register):
    register.store(
        [has("KAZ", "UKR"), able("UKR"), depends("IND", "UKR", "Ab-32"), able("POL", "Ab-32"), able("UKR", "Ab-32")]
    )
    picture = dependence(register, without="UKR").picture()
    lines = {(line["basis"], line["fate"].partition(":")[0]) for line in picture.spec["layer"][0]["data"]["values"]}
    assert ("dependence that is inferred", "would break") in lines
    assert ("dependence that is stated", "would hold, or another is known") in lines
    assert picture.claims == 5
    assert picture.spec["title"]["subtitle"] == "5 claims behind it"
    assert "Kazakhstan" in picture.svg()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "name a country, a system"),
        ({"holder": "Kazahkstan"}, "Kazakhstan"),
        ({"holder": "S-300"}, "is no state"),
        ({"item": "KAZ"}, "is no weapon, but country:KAZ"),
        ({"item": "Bayraktar TB22"}, "Bayraktar"),
        ({"without": "Ukrane"}, "Ukraine"),
    ],
)
def test_what_means_nothing_is_told_with_what_is_nearest(register, asked, message):
    with pytest.raises(FilterError, match=message):
        dependence(register, **asked)


def test_of_what_the_register_does_not_know_it_says_so_and_draws_nothing(register):
    answer = dependence(register, "KAZ")
    assert not any(answer.tables.values())
    assert answer.notes == ("the register has no claims yet; `rasad add PATH…` reads reports into it",)
    register.store([has("IND", "RUS")])
    for asked in ({"item": "S-300"}, {"without": "UKR"}, {"holder": "KAZ", "item": "S-300"}):
        assert dependence(register, **asked).notes[0].startswith("the register has no claim that bears on this: ")
    with pytest.raises(PictureError, match="nothing to draw"):
        answer.picture()
    with pytest.raises(PictureError, match="there is no picture 'map'"):
        answer.picture("map")


def rasad(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "120"}
    command = [sys.executable, "-m", "rasad.cli", "dependence", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)


def test_the_command_answers_draws_and_ends_in_good_order(tmp_path):
    with open_register(tmp_path / "rasad.db", create=True) as made:
        made.store([has("KAZ", "RUS"), able("UKR")])
    shown = rasad("KAZ", "--without", "UKR", folder=tmp_path)
    assert shown.returncode == 0
    assert "Kazakhstan: what breaks if Ukraine stops" in shown.stdout
    given = json.loads(rasad("--item", "Q-300", "-f", "json", folder=tmp_path).stdout)
    assert [need["provider"]["id"] for need in given["dependences"]] == ["country:UKR"]
    assert rasad("KAZ", "-o", "picture.svg", folder=tmp_path).returncode == 0
    assert "Ukraine" in (tmp_path / "picture.svg").read_text()
    for arguments, message in (
        (["KAZ", "-o", "missing/picture.svg"], "cannot be written"),
        (["KAZ", "-o", "picture.bmp"], "not as .bmp"),
        (["Kazahkstan"], "Kazakhstan"),
        ([], "name a country"),
    ):
        wrong = rasad(*arguments, folder=tmp_path)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert message in wrong.stderr
        assert "Traceback" not in wrong.stderr
