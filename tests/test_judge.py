"""The judge of claims: what a careful reader would accept, and how far confidence can be trusted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))

from judge import accepts, same, topics
from reliability import calibration_error, reliability

from rasad.claims import Claim, Evidence, Filler

SALE = {
    "frame": "transfer",
    "roles": {"supplier": ["country:RUS"], "item": ["system:S-300"]},
    "optional_roles": {"recipient": ["country:KAZ"]},
    "polarity": "positive",
}


def filler(identity: str, name: str = "", country: str | None = None, category: str | None = None) -> Filler:
    return Filler(id=identity, name=name, text=name, start=0, end=len(name), country=country, category=category)


def claim(frame: str, roles: dict[str, list[Filler]], **attributes: Any) -> Claim:
    values: dict[str, Any] = {
        "stage": None, "certainty": "asserted", "polarity": "positive", "quantity": None, "value": None, "year": None,
        "time": None, "attribution": [], "confidence": 0.5, **attributes,
    }  # fmt: skip
    return Claim(id="c-1", document="d", language="en", frame=frame, roles=roles, evidence=Evidence(0, 0, ""), **values)


RUSSIA = filler("country:RUS", "Russia", country="RUS")
KAZAKHSTAN = filler("country:KAZ", "Kazakhstan", country="KAZ")
S300 = filler("system:S-300", "S-300", category="air-defence-systems")


def test_a_claim_with_the_fillers_of_gold_is_accepted() -> None:
    assert accepts([SALE], claim("transfer", {"supplier": [RUSSIA], "item": [S300]}))


def test_an_optional_filler_is_allowed_but_is_no_hit_by_itself() -> None:
    assert accepts([SALE], claim("transfer", {"supplier": [RUSSIA], "recipient": [KAZAKHSTAN]}))
    assert not accepts([SALE], claim("transfer", {"recipient": [KAZAKHSTAN]}))


def test_one_filler_that_gold_does_not_have_is_enough_to_reject() -> None:
    assert not accepts([SALE], claim("transfer", {"supplier": [RUSSIA, KAZAKHSTAN], "item": [S300]}))
    assert not accepts([SALE], claim("transfer", {"supplier": [KAZAKHSTAN], "recipient": [RUSSIA]}))


def test_another_frame_is_rejected() -> None:
    assert not accepts([SALE], claim("service", {"provider": [RUSSIA], "item": [S300]}))


def test_polarity_counts_only_where_gold_states_it() -> None:
    denial = claim("transfer", {"supplier": [RUSSIA], "item": [S300]}, polarity="negative")
    assert not accepts([SALE], denial)
    assert accepts([{**SALE, "polarity": ["positive", "negative"]}], denial)
    assert accepts([{k: v for k, v in SALE.items() if k != "polarity"}], denial)


def test_fillers_must_come_from_one_gold_claim() -> None:
    other = {"frame": "transfer", "roles": {"supplier": ["country:UKR"], "item": ["system:T-72"]}}
    assert not accepts(
        [SALE, other], claim("transfer", {"supplier": [RUSSIA], "item": [filler("system:T-72", "T-72")]})
    )


def test_a_stance_must_be_the_right_one() -> None:
    gold = {"frame": "position", "roles": {"holder": ["country:RUS"], "stance": ["opposes"]}}
    assert accepts([gold], claim("position", {"holder": [RUSSIA]}, stance=["opposes"]))
    assert not accepts([gold], claim("position", {"holder": [RUSSIA]}, stance=["supports"]))
    assert not accepts([gold], claim("position", {"holder": [RUSSIA]}))


def test_a_text_without_gold_claims_accepts_nothing() -> None:
    assert not accepts([], claim("transfer", {"supplier": [RUSSIA], "item": [S300]}))


@pytest.mark.parametrize(
    ("gold", "found"),
    [
        ("country:RUS", filler("org:rosoboronexport", "Rosoboronexport", country="RUS")),
        ("category:air-defence-systems", S300),
        ("system:S-300", filler("system:S-300PS", "S-300PS")),
        ("system:Su-30", filler("system:su-30mki", "Su-30MKI")),
        ("person:Zgurets", filler("person:zhurets-serhii", "Serhii Zhurets")),
        ("org:Amnesty International", filler("org:amnesty", "Amnesty")),
        ("anonymous:officials", filler("anonymous:officials", "officials")),
        ("*", RUSSIA),
    ],
)
def test_names_of_one_entity(gold: str, found: Filler) -> None:
    assert same(gold, found)


@pytest.mark.parametrize(
    ("gold", "found"),
    [
        ("country:RUS", KAZAKHSTAN),
        ("system:S-300", filler("system:S-400", "S-400")),
        ("system:S-30", S300),
        ("system:S-300", filler("class:s-300", "S-300")),
        ("person:Zgurets", filler("person:ivanov", "Ivanov")),
        ("org:Boeing", filler("org:baykar", "Baykar")),
        ("bloc:NATO", filler("bloc:CSTO", "CSTO")),
    ],
)
def test_names_of_two_entities(gold: str, found: Filler) -> None:
    assert not same(gold, found)


def test_a_gold_file_without_claims_names_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"id": "a", "texts": {}}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.json: without claims"):
        topics(tmp_path)


def test_calibration_error_weighs_each_bin_by_its_claims() -> None:
    bins = reliability([0.85, 0.85, 0.85, 0.15], [True, True, False, False])
    assert [(b.claims, round(b.accepted, 3)) for b in bins] == [(1, 0.0), (3, 0.667)]
    assert calibration_error(bins) == pytest.approx((0.15 + 3 * (0.85 - 2 / 3)) / 4)


def test_certainty_falls_in_the_last_bin() -> None:
    assert [(b.low, b.claims) for b in reliability([1.0], [True])] == [(0.9, 1)]
