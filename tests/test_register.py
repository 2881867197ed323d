"""The register, through its public door, on SQLite and on PostgreSQL."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rasad import Document
from rasad.register import FilterError, Register, ReviewError, open_register

S400 = "India signed a contract with Russia in 2018 for five S-400 air defence systems worth 5.43 billion dollars."
S400_RU = "Россия в 2018 году продала Индии пять зенитных ракетных систем С-400."
S400_SIX = "In 2018 India ordered six S-400 air defence systems from Russia."
DELIVERED = "Russia delivered the first two S-400 systems to India in 2021."
RAFALE = "France delivered 36 Rafale fighters to India in 2022."


def doc(text: str, name: str = "report.txt", **provenance: str) -> Document:
    return Document(name=name, text=text, **provenance)


@pytest.fixture
def register(address: str) -> Register:
    with open_register(address, create=True) as opened:
        yield opened


def s400(register: Register) -> dict:
    found = register.deals(recipient="IND", item="S-400")
    assert len(found) == 1, found
    return found[0]


def test_reports_of_one_deal_in_two_languages_are_one_deal_with_two_sources(register):
    register.add([doc(S400), doc(S400_RU, "second.txt")])
    deal = s400(register)
    assert (deal["actor"], deal["partner"], deal["item"]) == ("country:RUS", "country:IND", "system:S-400")
    assert (deal["quantity"], deal["ordered"], deal["reports"], deal["sources"]) == (5, 2018, 2, 2)


def test_adding_the_same_text_twice_changes_nothing(register):
    first = register.add([doc(S400)])
    before = (register.deals(), register.relations())
    again = register.add([doc(S400), doc(S400, "elsewhere/copy.txt")])
    assert (first.stored.new, again.stored.new, again.stored.unchanged) == (1, 0, 2)
    assert (register.deals(), register.relations()) == before


def test_the_same_text_in_another_outlet_is_one_more_report_and_no_more_support(register):
    register.add([doc(S400, outlet="The Daily"), doc(S400, outlet="The Weekly")])
    deal = s400(register)
    assert (deal["reports"], deal["sources"]) == (2, 1)


def test_different_numbers_stand_side_by_side_and_the_deal_says_that_they_differ(register):
    register.add([doc(S400), doc(S400_RU), doc(S400_SIX)])
    summary = s400(register)
    assert summary["disputed"] == "number"
    assert summary["quantity"] == 5
    deal = register.deal(summary["deal"])
    ordered = next(field for field in deal.fields if field.name == "number_ordered")
    assert [(value.value, value.support.sources) for value in ordered.values] == [(5, 2), (6, 1)]
    (disagreement,) = deal.disagreements
    assert disagreement.kind == "number"
    assert {value.value for value in disagreement.values} == {5, 6}


def test_the_stages_of_a_deal_are_a_history(register):
    register.add([doc(S400), doc(DELIVERED)])
    deal = register.deal(s400(register)["deal"])
    assert [(event.year, event.stage, event.quantity) for event in deal.history] == [
        (2018, "ordered", 5),
        (2021, "delivered", 2),
    ]


def test_every_claim_behind_a_deal_quotes_its_document(register):
    texts = {"a.txt": S400, "b.txt": S400_RU, "c.txt": DELIVERED}
    register.add([doc(text, name) for name, text in texts.items()])
    for evidence in register.deal(s400(register)["deal"]).claims:
        span = evidence.claim.evidence
        assert texts[evidence.publications[0].name][span.start : span.end] == span.quote


def test_a_rejected_claim_takes_part_in_nothing_until_that_is_undone(register):
    register.add([doc(S400), doc(S400_SIX)])
    six = next(e.claim.id for e in register.deal(s400(register)["deal"]).claims if e.claim.quantity == 6)
    review = register.reject(six, reviewer="ann", reason="misread")
    assert (s400(register)["claims"], s400(register)["disputed"]) == (1, None)
    register.undo(review.id, reviewer="ann")
    assert (s400(register)["claims"], s400(register)["disputed"]) == (2, "number")


def test_a_corrected_claim_says_what_the_reviewer_says_and_keeps_what_was_read(register):
    register.add([doc(S400_SIX)])
    claim = register.deal(s400(register)["deal"]).claims[0].claim
    register.correct(claim.id, {"quantity": 5}, reviewer="ann", reason="the annex says five")
    assert s400(register)["quantity"] == 5
    assert register.deal(s400(register)["deal"]).claims[0].claim.quantity == 6
    assert register.deal(s400(register)["deal"]).claims[0].review == "correct"


def test_a_correction_that_the_frame_does_not_know_is_refused_and_nothing_is_written(register):
    register.add([doc(S400)])
    claim = register.deal(s400(register)["deal"]).claims[0].claim.id
    with pytest.raises(ReviewError, match="'bought' is not one of proposed"):
        register.correct(claim, {"stage": "bought"}, reviewer="ann")
    assert register.reviews() == []


def test_deals_that_a_reviewer_joined_stay_joined_when_more_is_added(register):
    register.add([doc(S400), doc("Russia delivered S-300 systems to India in 2010.", "old.txt")])
    old = register.deals(item="S-300")[0]["deal"]
    register.join(s400(register)["deal"], old, reviewer="ann", reason="one contract")
    assert register.deals(item="S-300") == []
    register.add([doc(S400_RU)])
    assert s400(register)["claims"] == 3
    register.undo(1, reviewer="ann")
    assert len(register.deals(item="S-300")) == 1


def test_claims_that_a_reviewer_split_off_are_a_deal_of_their_own(register):
    register.add([doc(S400), doc(S400_SIX)])
    whole = s400(register)["deal"]
    six = next(e.claim.id for e in register.deal(whole).claims if e.claim.quantity == 6)
    register.split(whole, [six], reviewer="ann", reason="another contract")
    assert sorted(deal["quantity"] for deal in register.deals(item="S-400")) == [5, 6]
    register.undo(1, reviewer="ann")
    assert s400(register)["claims"] == 2


def test_entities_that_a_reviewer_merged_are_one(register):
    register.add(
        [
            doc("Russia delivered 12 Su-75 fighters to Peru in 2015."),
            doc("Russia delivered 12 Su-57 fighters to Peru in 2015."),
        ]
    )
    assert {deal["item"] for deal in register.deals(recipient="PER")} == {"system:Su-57", "system:Su-75"}
    register.merge("system:Su-75", "system:Su-57", reviewer="ann", reason="a misprint")
    (deal,) = register.deals(recipient="PER")
    assert (deal["item"], deal["reports"]) == ("system:Su-57", 2)
    register.undo(1, reviewer="ann")
    assert len(register.deals(recipient="PER")) == 2


def test_reading_again_replaces_the_claims_and_keeps_the_reviews(register, monkeypatch):
    register.add([doc(S400), doc(S400_SIX)])
    six = next(e.claim.id for e in register.deal(s400(register)["deal"]).claims if e.claim.quantity == 6)
    register.reject(six, reviewer="ann", reason="misread")
    monkeypatch.setattr("rasad.register.add.reader", lambda: "reader-of-tomorrow")
    again = register.add([doc(S400), doc(S400_SIX)])
    assert (again.stored.again, again.stored.unchanged) == (2, 0)
    assert s400(register)["claims"] == 1
    assert [line.reason for line in register.reviews()] == ["misread"]


def test_the_log_of_reviews_cannot_be_changed(register):
    register.add([doc(S400)])
    register.accept(register.deal(s400(register)["deal"]).claims[0].claim.id, reviewer="ann")
    for change in ("UPDATE reviews SET reviewer = 'bob'", "DELETE FROM reviews"):
        with pytest.raises(Exception, match="only added to"), register.engine.begin() as connection:
            connection.exec_driver_sql(change)


def test_words_find_every_form_of_themselves_in_every_language(register):
    register.add([doc(S400), doc(S400_RU), doc(RAFALE)])
    assert [hit.quote for hit in register.search("delivering Rafales")] == [RAFALE]
    assert [hit.quote for hit in register.search("зенитная система")] == [S400_RU]


def test_evidence_is_found_by_the_names_of_those_it_is_about(register):
    register.add([doc(S400_RU), doc(RAFALE)])
    assert [hit.quote for hit in register.search("Russia S-400")] == [S400_RU]


def test_meaning_is_found_across_languages(register):
    register.add([doc(S400_RU), doc(RAFALE), doc("وقّعت مصر عام 2015 عقدا مع فرنسا لشراء 24 مقاتلة من طراز رافال.")])
    best = register.search("Egypt bought French fighter jets", meaning=True)[0]
    assert "مصر" in best.quote


HNATIUK = "Egypt has bought 24 Rafale fighters from France, Defence Minister Roman Hnatiuk said."
HNATIUK_UK = "Єгипет купив у Франції 24 винищувачі «Рафаль», заявив міністр оборони Роман Гнатюк."
TEXTS = [S400, S400_RU, S400_SIX, DELIVERED, RAFALE, S400 + " " + RAFALE, HNATIUK, HNATIUK_UK]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(TEXTS))), batches=st.integers(1, 3))
def test_where_the_order_of_arrival_is_another_the_register_is_the_same(tmp_path_factory, order, batches):
    def made(places: list[int], at_once: int) -> tuple:
        with open_register(tmp_path_factory.mktemp("order") / "rasad.db", create=True) as register:
            for start in range(0, len(places), at_once):
                register.add([doc(TEXTS[p], f"{p}.txt", outlet=f"Outlet {p}") for p in places[start : start + at_once]])
            return register.deals(), register.relations(), register.entities()

    assert made(order, batches) == made(list(range(len(TEXTS))), len(TEXTS))


def test_what_holds_after_undos_of_undos_is_what_can_be_undone(register):
    register.add([doc(S400), doc(S400_SIX)])
    six = next(e.claim.id for e in register.deal(s400(register)["deal"]).claims if e.claim.quantity == 6)
    line = register.reject(six, reviewer="ann").id
    for _ in range(3):  # undone, holds again, undone again
        line = register.undo(line, reviewer="ann").id
    assert s400(register)["claims"] == 2
    with pytest.raises(ReviewError, match="1: was undone already"):
        register.undo(1, reviewer="ann")


def test_a_weapon_is_found_under_every_spelling_and_a_slip_is_answered_with_the_nearest_name(register):
    register.add([doc(S400)])
    found = [register.deals(item=name) for name in ("S-400", "С-400", "إس-400", "SA-21")]
    assert all(deals == found[0] and len(deals) == 1 for deals in found)
    with pytest.raises(FilterError, match="called 'Katar'; did you mean Qatar"):
        register.deals(recipient="Katar")
