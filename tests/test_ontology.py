"""The ontology: what can be claimed, and how a malformed file is refused."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from rasad.ontology import KINDS, OntologyError, load, ontology

FILES = ("frames.toml", "senses.toml", "stages.toml", "categories.toml")

ROLES = {
    "transfer": ["supplier", "recipient", "item"],
    "service": ["provider", "client", "item"],
    "joint_project": ["party", "item"],
    "competition": ["competitor", "rival", "market", "item"],
    "capability": ["holder", "item"],
    "dependence": ["dependent", "provider", "item"],
    "cooperation": ["party"],
    "membership": ["member", "organisation"],
    "alignment": ["actor", "toward", "away_from"],
    "allegation": ["accused", "accuser", "counterpart", "item"],
    "restriction": ["issuer", "target", "item"],
    "position": ["holder", "item", "party"],
}

STAGES_OF_WORK = {"proposed", "negotiated", "agreed", "under_way", "completed", "suspended", "cancelled"}

VALUES = {
    ("transfer", "stage"): {
        "proposed", "approved", "negotiated", "ordered", "delivering", "delivered", "suspended", "cancelled", "refused",
    },
    ("transfer", "terms"): {"sale", "gift", "loan", "lease", "licence", "second-hand", "offset"},
    ("service", "activity"): {"repair", "maintenance", "modernisation", "training"},
    ("service", "stage"): STAGES_OF_WORK,
    ("joint_project", "stage"): STAGES_OF_WORK,
    ("competition", "basis"): {"price", "quality", "politics"},
    ("membership", "standing"): {"member", "leading", "observer", "candidate", "former"},
    ("allegation", "offence"): {
        "corruption", "illicit-transfer", "export-control-breach", "embargo-breach", "diversion", "other",
    },
    ("allegation", "finding"): {"alleged", "investigated", "charged", "proven", "unproven", "dismissed"},
    ("restriction", "stage"): {"proposed", "in_force", "lifted"},
    ("position", "stance"): {"supports", "opposes", "calls-for", "warns"},
}  # fmt: skip

SIPRI_CATEGORIES = {
    "aircraft", "air-defence-systems", "anti-submarine-warfare-weapons", "armoured-vehicles", "artillery", "engines",
    "missiles", "naval-weapons", "satellites", "sensors", "ships", "other",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the ontology's files, to spoil."""
    for name in FILES:
        shutil.copyfile(str(files("rasad.ontology").joinpath(name)), tmp_path / name)
    return tmp_path


def test_there_are_twelve_frames_and_each_has_its_roles_in_the_order_of_showing() -> None:
    assert {name: list(frame.roles) for name, frame in ontology().frames.items()} == ROLES


@pytest.mark.parametrize(("frame", "attribute"), VALUES, ids=lambda part: str(part))
def test_the_values_of_an_attribute_are_those_of_the_field(frame: str, attribute: str) -> None:
    assert set(ontology().frames[frame].attributes[attribute]) == VALUES[frame, attribute]


def test_a_transfer_has_a_quantity_a_value_and_a_year() -> None:
    attributes = ontology().frames["transfer"].attributes
    assert (attributes["quantity"], attributes["value"], attributes["year"]) == ("number", "money", "year")


def test_a_capability_tells_what_the_holder_can_do() -> None:
    assert {"repair", "maintenance", "modernisation"} <= set(ontology().frames["capability"].attributes["activity"])


def test_the_categories_are_those_of_sipri_and_small_arms_and_ammunition() -> None:
    assert set(ontology().categories) == SIPRI_CATEGORIES | {"small-arms", "ammunition"}
    assert all(ontology().categories.values())


def test_two_of_the_three_parts_of_a_transfer_make_a_claim() -> None:
    made = {frozenset(needed) for needed in ontology().frames["transfer"].requires}
    assert made == {
        frozenset({"supplier", "item"}),
        frozenset({"recipient", "item"}),
        frozenset({"supplier", "recipient"}),
    }


@pytest.mark.parametrize("frame", ["joint_project", "cooperation"])
def test_partners_are_a_set_and_two_of_them_make_a_claim(frame: str) -> None:
    shape = ontology().frames[frame]
    assert shape.roles["party"].set
    assert ["party", "party"] in shape.requires


@pytest.mark.parametrize(
    ("frame", "roles"),
    [
        ("capability", ["holder", "item"]),
        ("dependence", ["dependent", "provider"]),
        ("membership", ["member", "organisation"]),
        ("allegation", ["accused"]),
        ("position", ["holder"]),
    ],
)
def test_the_roles_that_make_a_claim_are_enough_and_no_fewer_are(frame: str, roles: list[str]) -> None:
    assert ontology().frames[frame].requires == [roles]


def test_only_equipment_can_be_an_item_and_no_equipment_can_act() -> None:
    equipment = {"system", "class", "category"}
    for frame in ontology().frames.values():
        for name, role in frame.roles.items():
            assert role.kinds <= equipment if name == "item" else not role.kinds & equipment
            assert role.kinds <= KINDS


def test_every_frame_is_evoked_by_some_sense() -> None:
    assert {sense.frame for sense in ontology().senses.values()} == set(ROLES)


def test_the_shipped_files_load_from_any_folder(folder: Path) -> None:
    assert load(folder) == ontology()


def spoil(folder: Path, name: str, old: str, new: str) -> str:
    """Writes one thing otherwise and gives the message with which the file is then refused."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(OntologyError) as refused:
        load(folder)
    return str(refused.value)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(OntologyError, match=f"^{name}: no such file"):
        load(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_toml_is_named_with_the_line(folder: Path, name: str) -> None:
    (folder / name).write_text("[ok]\n\nthis is not toml\n", encoding="utf-8")
    with pytest.raises(OntologyError, match=rf"^{name}: .*line 3"):
        load(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_utf8_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"# caf\xe9\n" + (folder / name).read_bytes())
    with pytest.raises(OntologyError, match=f"^{name}: "):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('supplier = { kinds = ["country"', 'supplier = { kinds = ["planet"', "[transfer]: role supplier takes unknown kinds: planet"),
        ('requires = [["supplier", "item"]', 'requires = [["seller", "item"]', "[transfer]: requires roles that it does not have: seller"),
        ('quantity = "number"', 'quantity = "count"', "[transfer]: attribute quantity has an unknown kind of value: count"),
    ],
)  # fmt: skip
def test_a_wrong_entry_of_a_frame_is_named_with_its_table(folder: Path, old: str, new: str, said: str) -> None:
    assert spoil(folder, "frames.toml", old, new) == f"frames.toml: {said}"


def test_a_frame_without_roles_is_refused(folder: Path) -> None:
    with (folder / "frames.toml").open("a", encoding="utf-8") as file:
        file.write('\n[gift]\nabout = "something"\nrequires = []\nroles = {}\n')
    with pytest.raises(OntologyError, match=r"^frames\.toml: \[gift\]: has no roles$"):
        load(folder)


@pytest.mark.parametrize(
    ("addition", "entry"),
    [
        ('[gift]\nrequires = []\nroles = { giver = { kinds = ["org"] } }\n', "about"),
        ('[gift]\nabout = "x"\nroles = { giver = { kinds = ["org"] } }\n', "requires"),
        ('[gift]\nabout = "x"\nrequires = []\nroles = { giver = { sort = "org" } }\n', "sort"),
        ('[gift]\nabout = "x"\nrequires = []\nrolls = 1\nroles = { giver = { kinds = ["org"] } }\n', "rolls"),
        ('[gift]\nabout = 7\nrequires = []\nroles = { giver = { kinds = ["org"] } }\n', "about"),
    ],
    ids=["no about", "no requires", "role with an unknown key", "unknown key", "about is a number"],
)
def test_a_frame_of_another_shape_is_refused_and_its_table_named(folder: Path, addition: str, entry: str) -> None:
    with (folder / "frames.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + addition)
    with pytest.raises(OntologyError, match=rf"^frames\.toml: \[gift\]: .*{entry}"):
        load(folder)


SENSE = '\n[hire]\nframe = "transfer"\nroles = { supplier = ["subject"], item = ["object"] }\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('frame = "transfer"', 'frame = "transport"', "unknown frame: transport"),
        ('supplier = ["subject"]', 'seller = ["subject"]', "frame transfer has no role seller"),
        ('item = ["object"]', 'item = ["objekt", "at"]', "role item has unknown functions: objekt"),
        ("item = ", "client = [], item = ", "frame transfer has no role client"),
    ],
)
def test_a_wrong_entry_of_a_sense_is_named_with_its_table(folder: Path, old: str, new: str, said: str) -> None:
    with (folder / "senses.toml").open("a", encoding="utf-8") as file:
        file.write(SENSE.replace(old, new))
    with pytest.raises(OntologyError) as refused:
        load(folder)
    assert str(refused.value) == f"senses.toml: [hire]: {said}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('stage = { past = "gone" }', "unknown stage: gone"),
        ('stage = { yesterday = "delivered" }', "unknown tense: yesterday"),
        ('set = { terms = "theft" }', "terms cannot be theft"),
        ('set = { polarity = "neutral" }', "polarity cannot be neutral"),
        ('set = { finding = "alleged" }', "finding cannot be alleged"),
    ],
)
def test_a_sense_can_set_only_what_its_frame_has(folder: Path, line: str, said: str) -> None:
    with (folder / "senses.toml").open("a", encoding="utf-8") as file:
        file.write(SENSE + line + "\n")
    with pytest.raises(OntologyError) as refused:
        load(folder)
    assert str(refused.value) == f"senses.toml: [hire]: {said}"


def test_a_new_frame_and_its_sense_need_no_code(folder: Path) -> None:
    with (folder / "frames.toml").open("a", encoding="utf-8") as file:
        file.write('\n[gift]\nabout = "x"\nrequires = [["giver"]]\n[gift.roles]\ngiver = { kinds = ["country"] }\n')
    with (folder / "senses.toml").open("a", encoding="utf-8") as file:
        file.write('\n[bestow]\nframe = "gift"\nroles = { giver = ["subject"] }\n')
    assert load(folder).frames["gift"].requires == [["giver"]]
    assert load(folder).senses["bestow"].frame == "gift"


def test_categories_stand_in_one_table(folder: Path) -> None:
    with (folder / "categories.toml").open("a", encoding="utf-8") as file:
        file.write('\n[more]\nlasers = "Lasers"\n')
    with pytest.raises(OntologyError, match=r"^categories\.toml: must hold the one table \[categories\]$"):
        load(folder)


def test_a_sense_cannot_set_an_open_value(folder: Path) -> None:
    with (folder / "senses.toml").open("a", encoding="utf-8") as file:
        file.write(SENSE + 'set = { quantity = "num" }\n')
    with pytest.raises(OntologyError, match=r"^senses\.toml: \[hire\]: quantity cannot be num$"):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('complete = "delivered"', 'complete = "gone"', r"^stages\.toml: \[transfer\].*gone"),
        ("[transfer]", "[transport]", r"^stages\.toml: .*transport"),
    ],
)
def test_a_stage_that_a_frame_does_not_have_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    assert re.search(said, spoil(folder, "stages.toml", old, new))
