"""What a register finds: by words and meaning, by facets, by the beginning of a name; the same on both databases."""

from collections.abc import Iterator

import pytest

from rasad import open_register
from rasad.claims import Document
from rasad.register import Asked, Finding, Register, meaning
from rasad.register import choose as choosing
from rasad.register.facets import Chosen

TEXTS = {
    "rafale.txt": ("Gulf Daily", "2015-02-17", "Egypt bought 24 Rafale fighters from France in 2015."),
    "rafale-ru.txt": ("Вестник", "2016-02-18", "В 2015 году Египет купил у Франции 24 истребителя «Рафаль»."),
    "s300.txt": ("Al Masdar", "2017-05-02", "سلمت أوكرانيا كازاخستان أنظمة إس-300 عام 2016."),
    "tanks.txt": ("Gulf Daily", "2019-03-01", "Russia may deliver T-90 tanks to India in 2019."),
    "embargo.txt": ("", None, "The European Union imposed an arms embargo on Belarus in 2011."),
    "weather.txt": ("Gulf Daily", "2019-03-02", "It will rain in the north tomorrow, and the wind will be strong."),
}


@pytest.fixture
def register(address: str) -> Iterator[Register]:
    with open_register(address, create=True) as register:
        register.add(
            Document(text=text, name=name, outlet=outlet or None, published=published)
            for name, (outlet, published, text) in TEXTS.items()
        )
        yield register


def counts(finding: Finding, name: str) -> dict[str, int]:
    return next({v.value: v.count for v in facet.values} for facet in finding.facets if facet.name == name)


def names(register: Register, finding: Finding) -> list[str]:
    whole = finding.counts.keys() == {"documents"}
    return [one.publications[0].name for one in register.shown_at(finding.places, whole=whole)]


def test_a_name_finds_what_has_another_name_of_the_same(register):
    for query in ["Kazakhstan", "Казахстан", "казахстану", "S-300", "С-300", "إس-300", "Kazakhstan S-300", "كازاخستان"]:
        for show in ("claims", "documents"):
            assert names(register, register.find(Asked(query=query, show=show))) == ["s300.txt"], query


def test_all_words_before_some_words(register):
    every = register.find(Asked(query="Egypt fighters"))
    assert (names(register, every), every.every) == (["rafale.txt"], True)
    some = register.find(Asked(query="Egypt zeppelin"))
    assert (set(names(register, some)), some.every) == ({"rafale.txt", "rafale-ru.txt"}, False)


def test_a_choice_holds_for_one_claim(register):
    register.add(
        [
            Document(
                text="Russia delivered S-400 systems to India in 2021. Russia may sell Su-57 fighters to India.",
                name="both.txt",
            )
        ]
    )
    asked = Chosen(recipient="India", category="aircraft", certainty="asserted")
    assert register.find(Asked(query="Russia India", chosen=asked)).total == 0
    assert register.find(Asked(query="Russia India", chosen=Chosen(recipient="IND", category="aircraft"))).total == 1


def test_facets_of_places_and_of_their_deals(register):
    found = register.find(Asked(query="Rafale"))
    assert counts(found, "outlet") == {"Gulf Daily": 1, "Вестник": 1}
    assert counts(found, "language") == {"en": 1, "ru": 1}
    assert counts(found, "supplier") == {"country:FRA": 2}
    deals = register.find(Asked(query="Rafale", show="deals"))
    assert counts(deals, "supplier") == {"country:FRA": 1}
    assert counts(deals, "language") == {"en": 1, "ru": 1}


def test_facets_of_all_deals(register):
    found = register.find(Asked(show="deals"))
    assert found.total == len(register.deals()) + len(register.relations())
    assert counts(found, "supplier") == {"country:FRA": 1, "country:RUS": 1, "country:UKR": 1}
    assert counts(found, "year") == {"2019": 1, "2016": 1, "2015": 1, "2011": 1}
    assert counts(found, "certainty")["possible"] == 1
    assert counts(found, "outlet") == {"Gulf Daily": 2, "Вестник": 1, "Al Masdar": 1}


CHOICES = [
    (Chosen(supplier="France"), ["system:Rafale"]), (Chosen(recipient="KAZ", stage="delivered"), ["system:S-300"]),
    (Chosen(certainty="possible"), ["system:T-90"]), (Chosen(outlet="Вестник"), ["system:Rafale"]),
    (Chosen(outlet="Gulf Daily", year=2019), ["system:T-90"]), (Chosen(language="ar"), ["system:S-300"]),
    (Chosen(language="ru", category="ships"), []), (Chosen(outlet="Nobody"), []), (Chosen(supplier="BLR"), []),
]  # fmt: skip


def test_deals_are_narrowed_by_what_is_chosen(register):
    for chosen, items in CHOICES:
        found = register.find(Asked(show="deals", chosen=chosen))
        assert [row.roles["item"][0].id for row in register.rows_by_id(found.deals)] == items, chosen
        assert found.total == len(items)


def test_the_counts_of_a_big_register_are_kept_a_while(register, monkeypatch):
    monkeypatch.setattr(choosing, "AT_ONCE", 1)
    monkeypatch.setattr(choosing, "MOST", 2)
    before = register.find(Asked(show="deals"))
    register.add([Document(text="France delivered 12 Rafale fighters to Qatar in 2019.", name="qatar.txt")])
    after = register.find(Asked(show="deals"))
    assert (counts(after, "supplier"), after.total, after.paged) == (counts(before, "supplier"), before.total + 1, 2)
    monkeypatch.setattr(choosing, "KEPT", 0)
    choosing._counted[register.engine]._until = 0
    assert counts(register.find(Asked(show="deals")), "supplier")["country:FRA"] == 2


def test_the_latest_documents_come_first_with_or_without_claims(register):
    found = register.find(Asked(show="documents"))
    assert names(register, found) == [*reversed(TEXTS)]
    assert names(
        register, register.find(Asked(show="documents", chosen=Chosen(outlet="Gulf Daily", language="en")))
    ) == ["weather.txt", "tanks.txt", "rafale.txt"]
    assert names(register, register.find(Asked(query="rain wind", show="documents"))) == ["weather.txt"]


def test_the_latest_claims_come_first(register):
    found = register.find(Asked(show="claims"))
    assert names(register, found)[:2] == ["embargo.txt", "tanks.txt"]
    assert counts(found, "language") == {"en": 3, "ar": 1, "ru": 1}
    assert names(register, register.find(Asked(show="claims", chosen=Chosen(supplier="FRA")))) == [
        "rafale-ru.txt",
        "rafale.txt",
    ]


def test_what_many_texts_have_is_compared_in_the_latest_only(register, monkeypatch):
    monkeypatch.setattr("rasad.register.search.COMPARED", 1)
    found = register.find(Asked(query="Russia Egypt", show="claims"))
    assert (found.every, found.more) == (False, True)
    assert set(names(register, found)) == {"tanks.txt", "rafale-ru.txt"}


def test_sketches_find_the_meanings_that_all_vectors_find(register, monkeypatch):
    queries = ["Egypt bought French jets", "танки для Индии", "European sanctions", "منظومات للدفاع الجوي"]
    exact = [register.search(query, meaning=True)[:1] for query in queries]
    monkeypatch.setattr(meaning, "MULTIPLIED", 0)
    monkeypatch.setattr(meaning, "NEAREST", 3)
    assert [register.search(query, meaning=True)[:1] for query in queries] == exact
    assert all(exact[:2])
    register.add([Document(text="Germany sold 100 Leopard 2 tanks to Qatar.", name="leopard.txt")])
    assert "Leopard" in register.search("танки для Катара", meaning=True)[0].quote


BEGUN = {
    "kaz": "country:KAZ",
    "كازا": "country:KAZ",
    "s3": "system:S-300",
    "с-30": "system:S-300",
    "100%": None,
    "_": None,
    "": None,
}


def test_names_by_their_beginning(register):
    for begun, first in BEGUN.items():
        assert next((one.id for one in register.suggested(begun) if one.in_register), None) == first, begun


def test_whom_only_the_register_knows_is_suggested_in_each_script(register):
    register.add([
        Document(text="Egypt has bought 24 Rafale fighters from France, Defence Minister Roman Hnatiuk said.", name="a.txt"),
        Document(text="Украина поставила Казахстану комплексы С-300, сообщил министр обороны Пётр Зубакин.", name="b.txt"),
    ])  # fmt: skip
    assert [one.name for one in register.suggested("hnat")] == ["Roman Hnatiuk"]
    assert [one.name for one in register.suggested("зубак")] == ["Petr Zubakin"]


def test_what_came_in_touched_and_is_disputed(register):
    register.add(
        [Document(text="Egypt bought 30 Rafale fighters from France in 2015.", name="thirty.txt", outlet="Other")]
    )
    lately = register.lately()
    assert [one.publication.name for one in lately.documents] == ["thirty.txt", *reversed(TEXTS)]
    assert [one.claims for one in lately.documents][:2] == [1, 0]
    assert lately.touched[0].roles["item"][0].id == "system:Rafale"
    assert [row.disputed for row in lately.disputed] == [("number",)]
    assert lately.accusations == ()
