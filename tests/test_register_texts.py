"""A text as the register gives it to a page: a part at a time, its claims as they stand, and why they were made."""

from collections.abc import Iterator

import pytest

from rasad import Document
from rasad.register import FilterError, Register, open_register
from rasad.register.texts import PART

TEXT = (
    "Russia delivered S-400 systems to India in 2021.\n\nKazakhstan ordered 12 Su-30SM fighters from Russia in 2015.\n"
)
LONG = "The weather was fine. " * 1000 + "\n" + TEXT


@pytest.fixture
def register(address: str) -> Iterator[Register]:
    with open_register(address, create=True) as register:
        register.add([
            Document(name="short.txt", text=TEXT, language="en", outlet="Example Post", published="2021-12"),
            Document(name="long.txt", text=LONG, language="en"),
        ])  # fmt: skip
        yield register


def identifier(register: Register, name: str) -> str:
    found = {hit.document for word in ("S-400", "weather") for hit in register.search(word, kind="document")}
    return next(one for one in found if register.publications([one])[one][0].name == name)


def test_a_text_with_its_claims_in_their_order(register: Register) -> None:
    text = register.text(identifier(register, "short.txt"))
    assert text is not None
    assert (text.text, text.part, text.parts, text.imported) == (TEXT, 1, 1, False)
    assert [one.claim.roles["recipient"][0].id for one in text.claims] == ["country:IND", "country:KAZ"]
    assert [(one.outlet, one.published) for one in text.publications] == [("Example Post", "2021-12")]
    assert register.text("doc-0000000000000000") is None


def test_a_claim_is_found_in_its_part(register: Register) -> None:
    long = identifier(register, "long.txt")
    first = register.text(long)
    assert first is not None
    assert (first.part, first.claims, first.claims_in_all) == (1, (), 2)
    last = register.text(long, first.parts)
    assert last is not None
    claim = last.claims[0].claim
    found = register.text(long, claim=claim.id)
    assert found is not None
    assert found.part == first.parts
    assert found.text == LONG[found.start : found.end]
    assert claim.evidence.quote in found.text
    assert len(found.text) <= PART
    with pytest.raises(FilterError, match=f"this text has {first.parts}"):
        register.text(long, first.parts + 1)


def test_what_reviewers_said_stands_with_it(register: Register) -> None:
    short = identifier(register, "short.txt")
    text = register.text(short)
    assert text is not None
    first, second = (one.claim.id for one in text.claims)
    register.reject(first, reviewer="ann")
    register.correct(second, {"year": 2014}, reviewer="ann")
    again = register.text(short)
    assert again is not None
    assert [(one.review, one.claim.year) for one in again.claims] == [("reject", 2021), ("correct", 2014)]


def test_why_a_claim_was_made(register: Register) -> None:
    text = register.text(identifier(register, "short.txt"))
    assert text is not None
    claim = text.claims[0].claim.id
    told = register.why(claim)
    assert told is not None
    assert told.explanation is not None
    assert told.explanation.triggers[0].text.startswith("delivered")
    short = register.why(claim, longest=10)
    assert short is not None
    assert (short.explanation, short.missing) == (None, "long")
    assert register.why("c-0000000000000000") is None


def test_what_came_of_texts_that_were_added(register: Register) -> None:
    short, long = identifier(register, "short.txt"), identifier(register, "long.txt")
    told = register.arrived([long, "doc-0000000000000000", short])
    assert [(one.id, one.claims) for one in told] == [(long, 2), (short, 2)]
    assert {named.id for row in told[1].rows for named in row.roles["recipient"]} == {"country:IND", "country:KAZ"}
