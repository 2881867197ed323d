"""Where a text was printed: under which title, by whom, and with small changes."""

import json

import pytest
from typer.testing import CliRunner

from rasad import Document
from rasad.cli import app
from rasad.reading import read_document
from rasad.register import Register, open_register
from rasad.register.store import Copied, Read, document_id, store_copies

WHOLE = "Russia delivered 12 Su-30 fighters to Kazakhstan in 2018. The pilots were trained in Lipetsk. Ceremonies were held."
PART = "Russia delivered 12 Su-30 fighters to Kazakhstan in 2018. The pilots were trained in Lipetsk."


def doc(text: str = WHOLE, **known: str) -> Document:
    return Document(text=text, language="en", **{"name": "1.txt", **known})


def whole(**known: str) -> Read:
    return Read(doc(**known), "reader-1", read_document(doc(**known)))


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


def reports(register: Register) -> list[tuple[str, int, int, int]]:
    return [(deal["frame"], deal["reports"], deal["sources"], deal["claims"]) for deal in register.deals()]


def test_a_title_and_an_author_are_kept_and_shown(tmp_path):
    path = tmp_path / "rasad.db"
    with open_register(path, create=True) as register:
        register.add([doc(title="Fighters arrive", author="A. Beketova", outlet="Harbour Review")])
        (identifier,) = (held.document for held in register.deal(register.deals()[0]["deal"]).claims)
    told = json.loads(CliRunner().invoke(app, ["show", identifier, "-r", str(path), "-f", "json"]).stdout)
    assert [(p["title"], p["author"], p["name"]) for p in told["publications"]] == [
        ("Fighters arrive", "A. Beketova", "1.txt")
    ]
    page = CliRunner().invoke(app, ["show", identifier, "-r", str(path)]).stdout
    assert "Harbour Review (Fighters arrive), by A. Beketova, 1.txt" in page
    assert page.startswith(f"━━ Fighters arrive · {identifier} ")


def test_a_title_that_is_learnt_later_is_added_and_one_that_is_known_stays(register):
    register.add([doc()])
    register.add([doc(title=title) for title in ("Fighters arrive", "Another headline")])
    (printed,) = register.publications([document_id(doc())])[document_id(doc())]
    assert printed.title == "Fighters arrive"


def test_a_text_with_small_changes_is_a_report_of_the_text_that_contains_it_and_no_claim_of_its_own(register):
    register.store([whole(outlet="Harbour Review")])
    copies = [Copied(doc(PART, outlet=outlet, name=outlet), document_id(doc())) for outlet in ("Inland Post", "Coast")]
    stored, left = store_copies(register.engine, copies)
    register.gather()
    assert (stored.reprinted, left) == (2, [])
    assert reports(register) == [("transfer", 3, 1, 1)]
    printed = register.publications([document_id(doc())])[document_id(doc())]
    assert [(one.outlet, one.copy) for one in printed] == [
        ("Harbour Review", None), ("Inland Post", doc(PART).hash), ("Coast", doc(PART).hash)
    ]  # fmt: skip
    assert store_copies(register.engine, copies)[0].unchanged == 2


def test_a_text_whose_container_is_not_there_is_given_back(register):
    copied = Copied(doc(PART), document_id(doc()))
    assert store_copies(register.engine, [copied])[1] == [copied]
    assert register.counts().documents == 0


@pytest.mark.parametrize("own_first", [True, False])
def test_a_text_that_is_also_read_itself_appears_only_as_itself_whichever_came_first(register, own_first):
    own = Read(doc(PART, outlet="Inland Post"), "reader-1", read_document(doc(PART)))
    register.store([whole(outlet="Harbour Review")])
    if own_first:
        register.store([own])
    store_copies(register.engine, [Copied(own.document, document_id(doc()))])
    if not own_first:
        register.store([own])
    register.gather()
    where = register.publications([document_id(doc()), document_id(own.document)])
    assert {text: [(one.outlet, one.copy) for one in held] for text, held in where.items()} == {
        document_id(doc()): [("Harbour Review", None)], document_id(own.document): [("Inland Post", None)]
    }  # fmt: skip
    assert reports(register) == [("transfer", 2, 1, 2)]
