"""The words of the interface, and sentences in its languages."""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from starlette.testclient import TestClient

import rasad
from rasad.claims import Claim, Evidence, Filler, Money, TimeSpan
from rasad.ontology import ontology
from rasad.reports.wording import sentence, wording
from rasad.web.words import codes, words


def catalogue(package: str, name: str) -> dict[str, Any]:
    tables = tomllib.loads(files(package).joinpath(name).read_text("utf-8"))
    return {f"{table}.{key}": said for table, held in tables.items() for key, said in held.items()}


def blanks(said: str | Mapping[str, str]) -> set[str]:
    """The placeholders of a text; of plural forms those of its most general form, since one and two may leave out {n}."""
    return set(re.findall(r"\{[a-z_]*\}", said if isinstance(said, str) else said["other"]))


OTHERS = [code for code in codes() if code != "en"]


@pytest.mark.parametrize("code", OTHERS)
def test_every_catalogue_says_the_same_things(code: str) -> None:
    english, other = catalogue("rasad.web.words", "en.toml"), catalogue("rasad.web.words", f"{code}.toml")
    assert sorted(other.keys() ^ english.keys()) == []
    assert [key for key, said in english.items() if blanks(said) != blanks(other[key])] == []
    assert [key for key, said in english.items() if isinstance(said, str) != isinstance(other[key], str)] == []


@pytest.mark.parametrize("code", codes())
def test_what_depends_on_a_number_has_every_form_of_its_language(code: str) -> None:
    forms = set(Locale.parse(code).plural_form.tags) | {"other"}
    if code == "en":
        forms = {"one", "other"}
    numbered = {
        key: said for key, said in catalogue("rasad.web.words", f"{code}.toml").items() if not isinstance(said, str)
    }
    assert {key: sorted(forms - said.keys()) for key, said in numbered.items() if forms - said.keys() - {"zero"}} == {}


@pytest.mark.parametrize("code", codes())
def test_every_name_of_the_ontology_has_its_word(code: str) -> None:
    spoken, known = words(code), ontology()
    asked = [("frame", name) for name in known.frames]
    asked += [("claim_role", role) for frame in known.frames.values() for role in frame.roles]
    asked += [("category", name) for name in known.categories]
    for frame in known.frames.values():
        for name, held in frame.attributes.items():
            asked += [(name, value) for value in held] if isinstance(held, (list, tuple)) else []
    assert [f"{table}.{name}" for table, name in asked if not spoken.has(f"{table}.{name}")] == []
    assert "offence.embargo-breach" in {f"{table}.{name}" for table, name in asked}


def claim(frame: str, roles: dict[str, list[tuple[str, str]]], **more: Any) -> Claim:
    fillers = {role: [Filler(id=i, name=n, text=n, start=0, end=0) for i, n in held] for role, held in roles.items()}
    plain: dict[str, Any] = {
        "id": "c-1", "document": "", "language": "en", "stage": None, "certainty": "asserted", "polarity": "positive",
        "quantity": None, "value": None, "year": None, "time": None, "attribution": [], "evidence": Evidence(0, 0, ""), "confidence": 1.0,
    }  # fmt: skip
    return Claim(frame=frame, roles=fillers, **{**plain, **more})


RUSSIA, TURKEY, S400 = ("country:RUS", "Russia"), ("country:TUR", "Turkey"), ("system:S-400", "S-400")
DELIVERY = claim(
    "transfer", {"supplier": [RUSSIA], "recipient": [TURKEY], "item": [S400]},
    quantity=4.0, terms="sale", value=Money(2.5e9, "USD"), year=2017,
)  # fmt: skip


def test_a_sentence_in_arabic_runs_from_right_to_left_and_isolates_what_does_not() -> None:
    assert sentence(DELIVERY) == "Russia → Turkey: 4 × S-400 · sale · 2.5 billion USD · 2017"
    assert sentence(DELIVERY, "ar") == "روسيا ← تركيا: 4 × \u2066S-400\u2069 · بيع · 2.5 مليار USD · 2017"


def test_names_in_arabic_are_those_of_the_gazetteer_and_of_cldr() -> None:
    member = claim("membership", {"member": [("country:KAZ", "Kazakhstan")], "organisation": [("bloc:CSTO", "CSTO")]})
    assert sentence(member, "ar") == "كازاخستان: عضو في منظمة معاهدة الأمن الجماعي"
    gone = claim("capability", {"holder": [("country:SUN", "Soviet Union")], "item": [("category:engines", "engines")]})
    assert sentence(gone, "ar") == "الاتحاد السوفيتي: قدرة على الصنع أو الصيانة: محركات"


def test_what_the_sentence_does_not_say_stays_marked_and_a_denial_stays_one() -> None:
    nameless = claim("position", {"holder": [("anonymous:experts", "experts")]}, stance=["warns"], polarity="negative")
    assert sentence(nameless, "ar") == "نفي: خبراء لم تُذكر أسماؤهم: تحذير من"
    when = TimeSpan(text="last year", start=0, end=9)
    implied = claim("cooperation", {"party": [RUSSIA, TURKEY]}, time=when)
    hidden = [Filler(id=f.id, name=f.name, text="", start=0, end=0, implicit=True) for f in implied.roles["party"][:1]]
    both = claim("cooperation", {}, time=when)
    both.roles["party"] = [*hidden, implied.roles["party"][1]]
    assert sentence(both, "ar") == "تعاون بين ‹روسيا› وتركيا · \u2066last year\u2069"


@pytest.mark.parametrize("code", OTHERS)
def test_sentences_have_the_same_slots_in_every_language(code: str) -> None:
    english, other = wording(), wording(code)
    slots = re.compile(r"\{([a-z_]+)\+?(?:\|[^}]*)?\}")
    assert other.language == code
    assert other.frames.keys() == english.frames.keys()
    for frame, told in english.frames.items():
        for form in ("positive", "negative"):
            assert sorted(slots.findall(getattr(told, form))) == sorted(
                slots.findall(getattr(other.frames[frame], form))
            )
    for table in ("words", "phrases", "findings", "speakers"):
        assert not getattr(english, table).keys() - getattr(other, table).keys()


@pytest.mark.parametrize("code", OTHERS)
def test_every_value_of_an_attribute_that_sentences_tell_has_its_word(code: str) -> None:
    told = ("terms", "activity", "basis", "standing", "offence", "stance")
    values = {v for frame in ontology().frames.values() for name in told for v in frame.attributes.get(name, ())}
    assert "second-hand" in values
    assert sorted(values - wording(code).words.keys()) == []


def test_the_page_of_a_deal_is_in_the_language_that_was_chosen(desk: TestClient, register_file: Path) -> None:
    with rasad.open_register(register_file) as register:
        deal = register.deals(supplier="Russia", recipient="Turkey", item="S-400")[0]["deal"]
    assert "Russia → Turkey: " in desk.get(f"/deals/{deal}").text
    desk.cookies.set("rasad_language", "ar")
    page = desk.get(f"/deals/{deal}").text
    assert '<html lang="ar" dir="rtl"' in page
    assert "روسيا ← تركيا: " in page
    assert "Russia →" not in page
