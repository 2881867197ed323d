"""Deals unfolded, decisions made at the desk, and the press beside SIPRI."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import rasad
from rasad.claims import Document
from rasad.register import Register

TABLE = (
    "Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,Weapon description,Number delivered,,Year(s) of delivery,"
    "status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
    "Turkey,Russia,2017,,2,,S-400,SAM system,1,,2019,New,USD2.5 b deal,400,800,400\n"
    "Poland,South Korea,2022,,212,,K-9,155mm self-propelled gun,24,?,2022,New,,2,400,48\n"
)
TURKEY = "d-"


@pytest.fixture
def asked(register_file: Path) -> Register:
    """The register behind the desk, to see what was stored."""
    return rasad.open_register(register_file)


def s400(register: Register) -> dict[str, Any]:
    return register.deals(supplier="Russia", recipient="Turkey", item="S-400")[0]


def claims_of(desk: TestClient, deal: str) -> list[str]:
    sources = desk.get(f"/deals/{deal}.json").json()["sources"]
    return [one["held"]["claim"]["id"] for source in sources for one in source["evidence"]]


def decide(desk: TestClient, claim: str, action: str, **fields: Any) -> Any:
    return desk.post(f"/review/claims/{claim}", data={"action": action, "next": "/review", **fields})


# Deals.


def test_a_deal_is_the_row_of_a_trade_register(desk: TestClient, asked: Register) -> None:
    deal = s400(asked)["deal"]
    page = desk.get(f"/deals/{deal}").text
    for title in ("Supplier", "Recipient", "Number ordered", "Year of order", "Years of delivery", "Terms", "Comments"):
        assert f"{title}</th>" in page or f"{title.lower()}</th>" in page
    assert '<a href="/countries/RUS" dir="auto">Russia</a>' in page


def test_every_value_leads_to_its_claims_on_the_same_page(desk: TestClient, asked: Register) -> None:
    deal = s400(asked)["deal"]
    page = desk.get(f"/deals/{deal}").text
    told = desk.get(f"/deals/{deal}.json").json()
    for field in told["deal"]["fields"]:
        for claim in field["values"][0]["support"]["claims"][:3]:
            assert f'href="#{claim}"' in page
            assert f'id="{claim}"' in page


def test_copies_are_one_source(desk: TestClient, asked: Register) -> None:
    asked.add([Document(name=f"copy{n}", text=COPIED, outlet=f"Paper {n}", published=f"2031-0{n}") for n in (1, 2)])
    asked.add(
        [Document(name="own", text="Ruritania ordered 9 K9 howitzers from South Korea in 2030.", outlet="Herald")]
    )
    deal = asked.deals(supplier="South Korea", item="K9", order="sources")
    ours = next(d for d in deal if d["ordered"] == 2030)
    told = desk.get(f"/deals/{ours['deal']}.json").json()
    assert len(told["sources"][0]["reports"]) == 2
    assert "2 reports of this one source" in desk.get(f"/deals/{ours['deal']}").text


COPIED = (
    "The ministry of defence of Poland said on Tuesday that South Korea would deliver the howitzers on time. "
    "Poland ordered 212 K9 howitzers from South Korea in 2030. The first of them are to arrive at the port of Gdynia in autumn, "
    "and the crews will train at the proving ground in Torun, officials said."
)
