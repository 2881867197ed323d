"""Deals unfolded, decisions made at the desk, and the press beside SIPRI."""

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from starlette.testclient import TestClient

import rasad
from rasad.claims import Document
from rasad.exchange.imports import import_sipri
from rasad.register import Register
from rasad.register.worth import WEIGHTS
from rasad.web.access import Person

TABLE = (
    "Supplier,Recipient,Ordered,Weapon model,Weapon category,Ordered year,Delivered year,Delivered num.,Comments\n"
    "Russia,Turkey,2,S-400,SAM system,2017,2019-2020,2,USD2.5 b deal\n"
    "France,Egypt,24,Rafale,FGA aircraft,2015,2015-2019,24,\n"
)
ORDER = "Ruritania ordered nine K9 howitzers from South Korea in 2030."
STORY = (
    "The ministry of defence of Poland said on Tuesday that South Korea would deliver the howitzers on time. "
    "Poland ordered 212 K9 howitzers from South Korea in 2030. The first of them are to arrive at the port of Gdynia in autumn, "
    "and the crews will train at the proving ground in Torun, officials said."
)
HOSTILE = "<script>alert(1)</script>\u202e\x1b"


@pytest.fixture
def asked(register_file: Path) -> Register:
    """The register behind the desk, to see and change what is stored."""
    return rasad.open_register(register_file)


def deal_of(register: Register, **filters: Any) -> str:
    return str(register.deals(**filters)[0]["deal"])


def s400(register: Register) -> str:
    return deal_of(register, supplier="Russia", recipient="Turkey", item="S-400")


def claims_of(desk: TestClient, deal: str) -> list[str]:
    sources = desk.get(f"/deals/{deal}.json").json()["sources"]
    return [one["held"]["claim"]["id"] for source in sources for one in source["evidence"]]


def decide(desk: TestClient, claim: str, action: str, **fields: Any) -> Any:
    return desk.post(f"/review/claims/{claim}", data={"action": action, "next": "/review", **fields})


def queued(desk: TestClient, **asked: Any) -> list[str]:
    return [one["claim"]["id"] for one in desk.get("/review.json", params=asked).json()["queue"]]


def says(page: str, title: str) -> bool:
    return f">{title.lower()}</th>" in page.lower()


# Deals.


def test_a_deal_is_the_row_of_a_trade_register(desk: TestClient, asked: Register) -> None:
    page = desk.get(f"/deals/{s400(asked)}").text
    columns = (
        "Supplier", "Recipient", "Number ordered", "Designation", "Description", "Year of order", "Years of delivery", "Number delivered",
        "Status", "Value", "Terms", "Comments",
    )  # fmt: skip
    assert [title for title in columns if not says(page, title)] == []
    assert '<a href="/countries/RUS" dir="auto">Russia</a>' in page


def test_every_value_leads_to_its_claims_on_the_same_page(desk: TestClient, asked: Register) -> None:
    deal = s400(asked)
    page = desk.get(f"/deals/{deal}").text
    for field in desk.get(f"/deals/{deal}.json").json()["deal"]["fields"]:
        for claim in field["values"][0]["support"]["claims"][:3]:
            assert f'href="#{claim}"' in page
            assert f'id="{claim}"' in page


def test_copies_are_one_source(desk: TestClient, asked: Register) -> None:
    asked.add([Document(name=f"copy{n}", text=STORY, outlet=f"Paper {n}", published=f"2031-0{n}") for n in (1, 2)])
    asked.add([Document(name="own", text=STORY.split(". ")[1] + ".", outlet="Herald")])
    deal = deal_of(asked, supplier="South Korea", recipient="Poland", item="K9", year_from=2030)
    told = desk.get(f"/deals/{deal}.json").json()
    assert told["row"]["sources"] == len(told["sources"])
    assert [one["outlet"] for one in told["sources"][0]["reports"]] == ["Paper 1", "Paper 2"]
    assert "2 reports of this one source" in desk.get(f"/deals/{deal}").text


def test_numbers_that_differ_are_told_with_the_sources_of_each(desk: TestClient, asked: Register) -> None:
    asked.add([Document(name="a", text=ORDER, outlet="Herald"), Document(name="b", text=ORDER.replace("nine", "twelve"), outlet="Post")])  # fmt: skip
    deal = deal_of(asked, supplier="South Korea", item="K9", disputed="number")
    page = desk.get(f"/deals/{deal}").text
    dispute = page[page.index('class="disputes"') : page.index("</ul>", page.index('class="disputes"'))]
    assert ">9<" in dispute.replace("<bdi>", ">").replace("</bdi>", "<")
    assert ">12<" in dispute.replace("<bdi>", ">").replace("</bdi>", "<")
    assert dispute.count("1 independent source") == 2


def test_a_number_that_nobody_asserts_stands_in_brackets(desk: TestClient, asked: Register) -> None:
    asked.add(
        [Document(name="a", text="Ruritania may order nine K9 howitzers from South Korea in 2030.", outlet="Herald")]
    )
    deal = deal_of(asked, supplier="South Korea", item="K9", year_from=2030)
    assert "[9]</span>" in desk.get(f"/deals/{deal}").text


def test_an_accusation_stands_with_what_came_of_it_and_the_denial(desk: TestClient, asked: Register) -> None:
    accusation = next(row for row in asked.relations(frame="allegation") if row["denied"])["deal"]
    page = desk.get(f"/deals/{accusation}").text
    assert page.index('class="standing"') < page.index('class="by-field"')
    evidence = page[page.index('id="evidence"') :]
    assert evidence.count('class="evidence"') <= evidence.count('class="standing"')
    assert "denied by" in evidence


def test_a_deal_with_an_embargoed_party_is_to_be_looked_at(desk: TestClient, asked: Register) -> None:
    asked.add([Document(name="a", text="China delivered 20 F-7 fighters to Iraq in 1995.", outlet="Herald")])
    deal = deal_of(asked, supplier="China", recipient="Iraq", year_from=1995)
    page = desk.get(f"/deals/{deal}").text
    assert "That does not say that it broke one" in page
    assert "delivered 1995" in page
    assert "661" in page


def test_sources_are_paged_and_one_can_be_opened(desk: TestClient, asked: Register) -> None:
    texts = [f"{ORDER} Correspondent number {n} of the {name} saw it." for n, name in enumerate(NAMES)]
    asked.add([Document(name=name, text=text, outlet=f"The {name}") for name, text in zip(NAMES, texts, strict=True)])
    deal = deal_of(asked, supplier="South Korea", item="K9", year_from=2030)
    told = desk.get(f"/deals/{deal}.json").json()
    assert told["row"]["sources"] == len(NAMES)
    assert len(told["sources"]) == 20
    assert len(desk.get(f"/deals/{deal}.json?page=2").json()["sources"]) == len(NAMES) - 20
    source = told["sources"][0]["id"]
    assert [one["id"] for one in desk.get(f"/deals/{deal}.json", params={"source": source}).json()["sources"]] == [
        source
    ]
    assert desk.get(f"/deals/{deal}", params={"source": "doc-none"}).status_code == 404
    assert desk.get(f"/deals/{deal}", params={"page": 0}).status_code == 422


NAMES = [f"{first}{second}" for first in ("Morning", "Evening", "Daily", "Weekly", "Sunday") for second in ("Star", "Echo", "Mail", "Sun", "Bee")]  # fmt: skip


def test_the_history_is_its_table(desk: TestClient, asked: Register) -> None:
    deal = s400(asked)
    rows = list(csv.DictReader(io.StringIO(desk.get(f"/deals/{deal}.csv").text)))
    history = desk.get(f"/deals/{deal}.json").json()["deal"]["history"]
    assert [row["stage"] for row in rows] == [event["stage"] for event in history]


def test_what_is_no_deal_has_no_page(desk: TestClient) -> None:
    for path in ("/deals/d-0000000000000000", "/deals/nonsense", "/deals/country:KAZ"):
        assert desk.get(path).status_code in (400, 404)


# The queue.


def test_the_queue_is_ordered_by_doubt_and_what_hangs_on_a_claim(desk: TestClient) -> None:
    queue = [one["worth"] for one in desk.get("/review.json").json()["queue"]]
    assert [one["worth"] for one in queue] == sorted((one["worth"] for one in queue), reverse=True)
    for one in queue:
        p, stake = one["confidence"], 1 + sum(WEIGHTS[reason] for reason in one["reasons"])
        assert one["worth"] == pytest.approx(4 * p * (1 - p) * stake)


def test_a_claim_that_stands_alone_matters_more(desk: TestClient, asked: Register) -> None:
    for one in desk.get("/review.json").json()["queue"]:
        deal = asked.deal(one["worth"]["deal"])
        assert deal is not None
        assert ("alone" in one["worth"]["reasons"]) == (deal.summary["claims"] == 1)
        assert ("accusation" in one["worth"]["reasons"]) == (one["claim"]["frame"] == "allegation")


def test_lines_of_tables_are_not_asked_about(desk: TestClient, asked: Register, tmp_path: Path) -> None:
    before = desk.get("/review.json").json()["total"]
    imported(asked, tmp_path)
    assert desk.get("/review.json").json()["total"] == before


def test_the_claim_stands_in_its_text(desk: TestClient, asked: Register) -> None:
    page = desk.get("/review.json").json()
    context = page["asked"]["context"]
    evidence = page["asked"]["shown"]["claim"]["evidence"]
    assert context["quote"] == evidence["quote"]
    text = asked.document(page["asked"]["shown"]["document"])
    assert text is not None
    assert context["before"] + context["quote"] + context["after"] in text.text


def test_accepting_takes_a_claim_out_and_taking_back_brings_it_back(desk: TestClient, asked: Register) -> None:
    first, second = queued(desk)[:2]
    answer = decide(desk, first, "accept", reason="read it myself")
    assert (answer.status_code, urlsplit(answer.headers["location"]).path) == (303, "/review")
    number = parse_qs(urlsplit(answer.headers["location"]).query)["done"][0]
    assert queued(desk)[0] == second
    (line,) = asked.reviews()
    assert (line.action, line.subject, line.reason) == ("accept", first, "read it myself")
    assert line.reviewer
    assert "read it myself" in desk.get(answer.headers["location"]).text
    assert desk.post(f"/review/{number}/undo", data={"next": "/review"}).status_code == 303
    assert queued(desk)[0] == first


def test_rejecting_changes_the_deal_and_taking_back_restores_it(desk: TestClient, asked: Register) -> None:
    asked.add([Document(name="a", text=ORDER, outlet="Herald"), Document(name="b", text=ORDER.replace("nine", "twelve"), outlet="Post")])  # fmt: skip
    deal = deal_of(asked, supplier="South Korea", item="K9", disputed="number")
    claim = claims_of(desk, deal)[0]
    assert desk.get(f"/deals/{deal}.json").json()["row"]["disputed"] == ["number"]
    decide(desk, claim, "reject", reason="a misprint")
    told = desk.get(f"/deals/{deal}.json").json()
    assert told["row"]["disputed"] == []
    assert [(one["line"]["action"], one["line"]["reason"]) for one in told["decisions"]] == [("reject", "a misprint")]
    desk.post(f"/review/{told['decisions'][0]['line']['id']}/undo", data={})
    told = desk.get(f"/deals/{deal}.json").json()
    assert told["row"]["disputed"] == ["number"]
    assert told["decisions"][0]["undone_by"] is not None


def test_only_one_reason_can_be_asked_for(desk: TestClient) -> None:
    every = desk.get("/review.json").json()
    for reason, count in every["reasons"].items():
        assert desk.get("/review.json", params={"why": reason}).json()["total"] == count
    assert desk.get("/review", params={"why": "alon"}).status_code == 400
    assert "alone" in desk.get("/review", params={"why": "alon"}).text
    arabic = desk.get("/review.json", params={"language": "ar"}).json()["queue"]
    assert arabic
    assert {one["claim"]["language"] for one in arabic} == {"ar"}


def test_any_claim_can_be_reviewed(desk: TestClient, asked: Register) -> None:
    claim = claims_of(desk, s400(asked))[0]
    assert desk.get("/review.json", params={"claim": claim}).json()["asked"]["shown"]["claim"]["id"] == claim
    assert desk.get("/review", params={"claim": "c-0000000000000000"}).status_code == 404
    assert desk.get("/review", params={"claim": "Kazakhstan"}).status_code == 404


# Corrections.


def transfer(desk: TestClient, asked: Register) -> str:
    asked.add([Document(name="a", text=ORDER, outlet="Herald")])
    return claims_of(desk, deal_of(asked, supplier="South Korea", item="K9", year_from=2030))[0]


def form_of(desk: TestClient, claim: str) -> dict[str, list[str]]:
    """The form as it stands, as a browser would send it."""
    form = desk.get("/review.json", params={"claim": claim}).json()["asked"]["form"]
    return {one["name"]: [*one["values"]] for one in form}


def test_a_correction_stores_only_what_was_changed(desk: TestClient, asked: Register) -> None:
    claim = transfer(desk, asked)
    form = form_of(desk, claim) | {"quantity": ["12"], "recipient": ["Poland"], "value": ["2500000000", "usd"]}
    assert decide(desk, claim, "correct", **form).status_code == 303
    fields = asked.reviews()[-1].content["fields"]
    assert fields == {"quantity": 12.0, "recipient": ["country:POL"], "value": {"amount": 2.5e9, "currency": "USD"}}
    shown = asked.claim(claim)
    assert shown is not None
    assert shown.rows[0].number_ordered == 12
    assert "As it stands after review:" in desk.get(f"/deals/{shown.rows[0].id}").text


def test_a_field_can_be_emptied(desk: TestClient, asked: Register) -> None:
    claim = transfer(desk, asked)
    decide(desk, claim, "correct", **(form_of(desk, claim) | {"year": [""]}))
    assert asked.reviews()[-1].content["fields"] == {"year": None}


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("recipient", "Ruritanistan", "Ruritanistan"), ("quantity", "a dozen", "a dozen"), ("quantity", "nan", "nan"), ("year", "20300", "20300"),
        ("stage", "dreamt", "dreamt"), ("supplier", "system:nothing-known", "system:nothing-known"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    desk: TestClient, asked: Register, field: str, typed: str, told: str
) -> None:
    claim = transfer(desk, asked)
    answer = decide(desk, claim, "correct", reason="because & why", **(form_of(desk, claim) | {field: [typed]}))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert told in answer.text
    assert 'value="because &amp; why"' in answer.text
    assert asked.reviews() == []
    if field != "stage":
        assert f'name="{field}" value="{typed}"' in answer.text


def test_a_correction_of_nothing_is_none(desk: TestClient, asked: Register) -> None:
    claim = transfer(desk, asked)
    answer = decide(desk, claim, "correct", **form_of(desk, claim))
    assert answer.status_code == 400
    assert "nothing was changed" in answer.text


def test_what_a_form_does_not_name_stays(desk: TestClient, asked: Register) -> None:
    claim = transfer(desk, asked)
    decide(desk, claim, "correct", quantity="12")
    assert asked.reviews()[-1].content["fields"] == {"quantity": 12.0}
    accusation = claims_of(desk, asked.relations(frame="allegation")[0]["deal"])[0]
    page = desk.get("/review", params={"claim": accusation}).text
    assert '<input type="hidden" name="offence" value="">' in page
    decide(desk, accusation, "correct", offence="")
    assert asked.reviews()[-1].content["fields"] == {"offence": None}


def test_a_correction_leaves_enough_to_be_a_claim(desk: TestClient, asked: Register) -> None:
    claim = transfer(desk, asked)
    answer = decide(desk, claim, "correct", supplier="", recipient="")
    assert answer.status_code == 400
    assert "supplier and item, or recipient and item" in answer.text
    assert decide(desk, claim, "correct", supplier="", recipient="Poland").status_code == 303


def test_the_order_of_what_is_ticked_is_no_change(desk: TestClient, asked: Register) -> None:
    accusation = asked.relations(frame="allegation")[0]["deal"]
    claim = claims_of(desk, accusation)[0]
    decide(desk, claim, "correct", **(form_of(desk, claim) | {"offence": ["diversion", "corruption"]}))
    assert (
        decide(desk, claim, "correct", **(form_of(desk, claim) | {"offence": ["corruption", "diversion"]})).status_code
        == 400
    )
    assert len(asked.reviews()) == 1


def test_who_comes_second_sees_what_was_decided_meanwhile(desk: TestClient, asked: Register) -> None:
    claim = queued(desk)[0]
    asked.reject(claim, reviewer="Zofia", reason="not said there")
    answer = decide(desk, claim, "accept", seen="0", reason="it is there")
    assert answer.status_code == 409
    assert "Zofia" in answer.text
    assert "not said there" in answer.text
    assert 'value="it is there"' in answer.text
    assert [line.action for line in asked.reviews()] == ["reject"]
    assert decide(desk, claim, "accept", seen=str(asked.reviews()[-1].id)).status_code == 303
    assert [line.action for line in asked.reviews()] == ["reject", "accept"]
    log = desk.get("/review/log").text
    assert "Zofia" in log
    assert log.count('class="decision"') == 2


# Deals and entities.


def test_deals_are_joined_and_split_again(desk: TestClient, asked: Register) -> None:
    asked.add([Document(name="a", text=ORDER, outlet="Herald"), Document(name="b", text=ORDER.replace("2030", "2034"), outlet="Post")])  # fmt: skip
    first, second = (row["deal"] for row in asked.deals(supplier="South Korea", item="K9", year_from=2030))
    likely = [row["id"] for row in desk.get(f"/deals/{first}.json").json()["likely"]]
    assert second in likely
    answer = desk.post(f"/review/deals/{first}", data={"action": "join", "other": second, "reason": "one contract"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/deals/{first}")
    assert desk.get(f"/deals/{second}").status_code == 404
    told = desk.get(f"/deals/{first}.json").json()
    assert told["row"]["claims"] == 2
    assert [one["line"]["action"] for one in told["decisions"]] == ["join"]
    desk.post(f"/review/deals/{first}", data={"action": "split", "claims": claims_of(desk, first)[:1]})
    assert [line.action for line in asked.reviews()] == ["join", "split"]
    assert sum(row["claims"] for row in asked.deals(supplier="South Korea", item="K9", year_from=2030)) == 2
    assert len(asked.deals(supplier="South Korea", item="K9", year_from=2030)) == 2


def test_joining_and_splitting_are_reached_by_keys(desk: TestClient, asked: Register) -> None:
    page = desk.get(f"/deals/{s400(asked)}").text
    for key, place in (("m", "other"), ("s", "pick")):
        assert f'href="#{place}" data-key="{key}"' in page
        assert page.count(f' id="{place}"') == 1


def test_a_join_that_cannot_be_keeps_what_was_typed(desk: TestClient, asked: Register) -> None:
    deal = s400(asked)
    relation = asked.relations()[0]["deal"]
    for typed in (relation, deal, "d-0000000000000000", ""):
        answer = desk.post(f"/review/deals/{deal}", data={"action": "join", "typed": typed, "reason": "one & same"})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert 'value="one &amp; same"' in answer.text
        assert f'value="{typed}"' in answer.text
    assert asked.reviews() == []


def test_entities_are_merged_and_parted(desk: TestClient, asked: Register) -> None:
    people = [one.id for one in asked.entities(kind="person").entities][:2]
    page = desk.get(f"/review/entities/{people[0]}")
    assert page.status_code == 200
    assert f'action="/review/entities/{quote(people[0])}"' in page.text
    answer = desk.post(f"/review/entities/{people[0]}", data={"action": "merge", "into": people[1]})
    assert answer.status_code == 303
    assert people[1] in desk.get(f"/review/entities/{people[0]}").text
    assert [(line.action, line.subject, line.content["into"]) for line in asked.reviews()] == [("merge", *people)]
    bad = desk.post(f"/review/entities/{people[0]}", data={"action": "merge", "into": "country:KAZ", "reason": "so"})
    assert bad.status_code == 400
    assert "different kinds" in bad.text
    assert 'value="country:KAZ"' in bad.text
    assert desk.get("/review/entities/person:nobody").status_code == 404


# The log.


def test_the_log_is_newest_first_and_can_be_narrowed(desk: TestClient, asked: Register) -> None:
    first, second = queued(desk)[:2]
    asked.accept(first, reviewer="Zofia")
    asked.reject(second, reviewer="Omar", reason="no")
    lines = desk.get("/review/log.json").json()["decisions"]
    assert [one["line"]["reviewer"] for one in lines] == ["Omar", "Zofia"]
    assert [one["line"]["subject"] for one in desk.get("/review/log.json?reviewer=Zofia").json()["decisions"]] == [
        first
    ]
    assert [one["line"]["subject"] for one in desk.get("/review/log.json?action=reject").json()["decisions"]] == [
        second
    ]
    assert desk.get("/review/log?action=rejct").status_code == 400
    assert desk.get("/review/log.csv").text.splitlines()[0] == "id,at,reviewer,action,subject,reason,undone_by"


def test_an_accusation_never_stands_alone_in_queue_log_or_lists(desk: TestClient, asked: Register) -> None:
    accusation = next(row for row in asked.relations(frame="allegation") if row["denied"])
    claim = claims_of(desk, accusation["deal"])[0]
    answer = decide(desk, claim, "accept")
    shown = asked.claim(claim)
    assert shown is not None
    denier = asked.row(asked.deal(accusation["deal"])).denied_by[0].name  # type: ignore[arg-type]
    named = next(
        filler.id for _, filler in shown.claim.fillers() if filler.id.startswith(("person:", "org:", "country:"))
    )
    for path in (answer.headers["location"], "/review/log", f"/review/entities/{quote(named)}"):
        page = desk.get(path).text.partition("<main")[2]
        after = page[page.index(claim) :]
        assert 'class="standing"' in after[:4_000]
        assert denier in after
    for row in desk.get("/review.json").json()["queue"]:
        assert bool(row["rows"]) == (row["claim"]["frame"] == "allegation")


def test_an_undo_can_be_undone(desk: TestClient, asked: Register) -> None:
    line = asked.accept(queued(desk)[0], reviewer="Zofia")
    desk.post(f"/review/{line.id}/undo", data={"next": "/review/log"})
    desk.post(f"/review/{line.id + 1}/undo", data={"next": "/review/log"})
    undone = {one["line"]["id"]: one["undone_by"] for one in desk.get("/review/log.json").json()["decisions"]}
    assert undone == {line.id: None, line.id + 1: line.id + 2, line.id + 2: None}
    assert desk.post(f"/review/{line.id + 1}/undo").status_code == 400
    assert desk.post("/review/999/undo").status_code == 400


# Who may, and bad input.


def test_readers_see_the_log_and_decide_nothing(
    desk: TestClient, asked: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, deal = queued(desk)[0], s400(asked)

    async def nura(_: object) -> Person:
        return Person("Nura", "reader")

    monkeypatch.setattr(desk.app.state.desk.door, "person", nura)  # type: ignore[attr-defined]
    assert desk.get("/review").status_code == 403
    assert desk.get(f"/review/entities/{claim}").status_code == 403
    assert desk.get("/review/log").status_code == 200
    assert decide(desk, claim, "accept").status_code == 403
    assert desk.post(f"/review/deals/{deal}", data={"action": "join"}).status_code == 403
    assert desk.post("/review/entities/person:x", data={"action": "merge"}).status_code == 403
    assert desk.post("/review/1/undo").status_code == 403
    page = desk.get(f"/deals/{deal}").text
    assert "Join or split" not in page
    assert "pick for a split" not in page
    assert asked.reviews() == []


def test_hostile_text_is_shown_as_text(desk: TestClient, asked: Register) -> None:
    asked.add(
        [
            Document(
                name=HOSTILE,
                text=f"{ORDER} {HOSTILE} javascript:alert(2)",
                outlet=HOSTILE,
                address="javascript:alert(3)",
            )
        ]
    )
    deal = deal_of(asked, supplier="South Korea", item="K9", year_from=2030)
    claim = claims_of(desk, deal)[0]
    decide(desk, claim, "accept", reason=HOSTILE)
    for path in (
        f"/deals/{deal}",
        f"/review?claim={claim}",
        "/review/log",
        f"/review/entities/{quote(HOSTILE)}",
        f"/compare?supplier={quote(HOSTILE)}",
    ):
        page = desk.get(path).text.partition("<main")[2]
        assert page
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "\x1b" not in page
        assert 'href="javascript:' not in page


def test_a_form_that_is_too_long_is_refused(desk: TestClient, asked: Register) -> None:
    claim = queued(desk)[0]
    assert decide(desk, claim, "accept", reason="a" * 2**20).status_code == 413
    assert decide(desk, claim, "accept", reason="a" * 3_000).status_code == 400
    assert asked.reviews() == []


def test_only_addresses_of_the_desk_are_gone_on_to(desk: TestClient) -> None:
    for next_ in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        answer = decide(desk, queued(desk)[0], "accept", next=next_)
        assert answer.headers["location"].startswith("/")
        assert "evil" not in answer.headers["location"]


def test_the_address_of_a_form_leads_to_its_page(desk: TestClient) -> None:
    assert desk.get("/review/claims/c-1").headers["location"] == "/review?claim=c-1"
    assert desk.get("/review/deals/d-1").headers["location"] == "/deals/d-1"


def test_no_such_claim_deal_or_action(desk: TestClient) -> None:
    assert decide(desk, "c-0000000000000000", "accept").status_code == 404
    assert decide(desk, queued(desk)[0], "praise").status_code == 400
    assert desk.post("/review/deals/d-0000000000000000", data={"action": "join", "other": "d-1"}).status_code == 404


# Press and SIPRI.


def imported(register: Register, folder: Path) -> None:
    table = folder / "table.csv"
    table.write_text(TABLE)
    import_sipri(register, table)


def test_without_a_table_the_page_says_how_to_get_one(desk: TestClient, asked: Register) -> None:
    page = desk.get("/compare")
    assert page.status_code == 200
    assert "rasad import sipri" in page.text
    assert "rasad import sipri" in desk.get(f"/deals/{s400(asked)}").text


def test_press_and_table_are_set_side_by_side(desk: TestClient, asked: Register, tmp_path: Path) -> None:
    imported(asked, tmp_path)
    told = desk.get("/compare.json").json()
    assert told["whole"] == sum(told["counts"].values()) == told["total"]
    only = desk.get("/compare.json", params={"kind": "register only"}).json()
    assert [one["item"]["name"] for one in only["comparisons"]] == ["Rafale"]
    turkey = desk.get("/compare.json", params={"recipient": "Turkey", "supplier": "Russia", "item": "S-400"}).json()
    (one,) = turkey["comparisons"]
    assert [side["deal"] for side in one["register"]] == [one["press"]["deal"]]
    page = desk.get(f"/deals/{one['press']['deal']}").text
    assert {"confirmed": "confirmed by both", "differing": "differing"}[one["kind"]] in page
    assert "USD2.5 b deal" in page


def test_comparisons_are_filtered_by_year_and_category(desk: TestClient, asked: Register, tmp_path: Path) -> None:
    imported(asked, tmp_path)
    found = desk.get(
        "/compare.json", params={"category": "aircraft", "year_from": 2015, "year_to": 2019, "kind": "register only"}
    ).json()
    assert [one["item"]["name"] for one in found["comparisons"]] == ["Rafale"]
    later = desk.get(
        "/compare.json", params={"category": "aircraft", "year_from": 2020, "kind": "register only"}
    ).json()
    assert later["comparisons"] == []
    for bad in ({"category": "aeroplanes"}, {"kind": "confirm"}, {"supplier": "Ruritanistan"}):
        assert desk.get("/compare", params=bad).status_code == 400
    assert desk.get("/compare", params={"year_from": "soon"}).status_code == 422


def test_the_comparison_is_a_table_too(desk: TestClient, asked: Register, tmp_path: Path) -> None:
    imported(asked, tmp_path)
    rows = list(
        csv.DictReader(io.StringIO(desk.get("/compare.csv", params={"item": "Rafale", "recipient": "Egypt"}).text))
    )
    assert [(row["kind"], row["sipri_supplier"], row["sipri_number_ordered"]) for row in rows] == [
        ("register only", "France", "24")
    ]


def test_a_decision_shows_in_the_comparison(desk: TestClient, asked: Register, tmp_path: Path) -> None:
    imported(asked, tmp_path)
    told = desk.get("/compare.json", params={"recipient": "Turkey", "supplier": "Russia", "item": "S-400"}).json()[
        "comparisons"
    ][0]
    for claim in told["press"]["claims"]:
        decide(desk, claim, "reject")
    again = desk.get("/compare.json", params={"recipient": "Turkey", "supplier": "Russia", "item": "S-400"}).json()[
        "comparisons"
    ]
    assert [(one["kind"], one["press"]) for one in again] == [("register only", None)]
