"""The register that answers."""

from __future__ import annotations

from pathlib import Path

import pytest

import rasad
from rasad.claims import Document


@pytest.fixture
def register(tmp_path: Path):
    text = "Russia delivered 12 Su-30SM fighters to Kazakhstan in 2018. Kazakhstan joined the CSTO in 1994."
    with rasad.open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text=text, language="en")])
        yield opened


def test_each_question_is_a_method(register) -> None:
    assert register.market("KAZ").to_polars()["supplier"].to_list() == ["Russia"]
    assert register.supplier("RUS").to_pandas()["recipient"].tolist() == ["Kazakhstan"]
    assert register.flows(recipient="KAZ").to_arrow().num_rows == 1
    assert [row.organisation.name for row in register.alignment("KAZ").table("memberships")] == [
        "Collective Security Treaty Organization"
    ]
    assert not register.allegations().table()
    assert register.embargoes("LBY").table()
    assert register.dependence("KAZ").claims()
    assert register.brief("KAZ").of.name == "Kazakhstan"


def test_an_answer_shows_itself_in_a_notebook_and_leads_to_its_claims(register) -> None:
    market = register.market("KAZ")
    assert "<td dir='auto'>Russia</td>" in market._repr_html_()
    assert [shown.claim.evidence.quote[:6] for shown in market.claims(market.table()[0])] == ["Russia"]
    assert "image/svg+xml" in market.picture()._repr_mimebundle_()
