"""SIPRI's trade register: read in every shape that it is published in, claimed as SIPRI's own, and written again."""

import os
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.claims import Claim, Money
from rasad.exchange.sipri import (
    BadRow,
    Figure,
    Party,
    Period,
    RegisterFormatError,
    RegisterRow,
    as_claims,
    read_register,
    words,
    write_register,
)
from rasad.ontology import ontology

COPY = "Supplier,Recipient,Ordered,Weapon model,Weapon category,Ordered year,Delivered year,Delivered num.,Comments\n"
"""The titles of a copy that has one column for everything that SIPRI says in brackets."""

WEBSITE = """SIPRI Arms Transfers Database,,,
"Generated: 3 May 2031; figures may change",,,

Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,Weapon description,Number delivered,,Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons
Iceland,Malta,2021,?,12,,MiG-29,Fighter aircraft,8,?,2023; 2024,Second hand,"EUR 1.1 b deal; for coast guard, as aid",10.5,126,84
"""


def reading(folder: Path, content: str | bytes, encoding: str = "utf-8") -> list[RegisterRow | BadRow]:
    path = folder / "register.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return list(read_register(path))


def deals(folder: Path, content: str | bytes, encoding: str = "utf-8") -> list[RegisterRow]:
    found = reading(folder, content, encoding)
    assert [str(row) for row in found if isinstance(row, BadRow)] == []
    return [row for row in found if isinstance(row, RegisterRow)]


def one(folder: Path, line: str, titles: str = COPY) -> RegisterRow:
    (row,) = deals(folder, titles + line + "\n")
    return row


def bad(folder: Path, line: str, titles: str = COPY) -> BadRow:
    (row,) = reading(folder, titles + line + "\n")
    assert isinstance(row, BadRow)
    return row


def claims_of(folder: Path, line: str) -> list[Claim]:
    return as_claims("register.csv", [one(folder, line)])[1]


def test_a_row_of_the_website_is_a_deal(tmp_path: Path) -> None:
    (row,) = deals(tmp_path, WEBSITE)
    assert (row.line, row.designation, row.item.id, row.category) == (5, "MiG-29", "system:MiG-29", "aircraft")
    assert row.supplier.entity is not None
    assert row.recipient.entity is not None
    assert (row.supplier.entity.id, row.recipient.entity.id) == ("country:MLT", "country:ISL")
    assert (row.year_of_order, row.number_ordered) == (Figure(2021, estimate=True), Figure(12))
    assert (row.number_delivered, row.years) == (Figure(8, estimate=True), [Figure(2023), Figure(2024)])
    assert (row.status, row.terms) == ("Second-hand", ("second-hand",))
    assert row.value == Money(1_100_000_000.0, "EUR")
    assert (row.tiv_per_unit, row.tiv_ordered, row.tiv_delivered) == (10.5, 126.0, 84.0)


def test_a_copy_with_other_titles_is_the_same_register(tmp_path: Path) -> None:
    row = one(tmp_path, "Malta,Iceland,12,MiG-29,Fighter aircraft,(2021),2023-2024,(8),Second-hand | aid")
    assert (row.number_ordered, row.year_of_order) == (Figure(12), Figure(2021, estimate=True))
    assert row.deliveries == (Period(Figure(2023), Figure(2024)),)
    assert (row.number_delivered, row.status) == (Figure(8, estimate=True), "Second-hand")
    assert row.terms == ("gift", "second-hand")


def test_columns_stand_in_any_order_under_any_of_their_titles(tmp_path: Path) -> None:
    row = one(
        tmp_path,
        "T-72;1999;Malta;(40);Iceland",
        "WEAPON DESIGNATION;Order date;Exporter;No. ordered;Recipient country\n",
    )
    assert (row.supplier.name, row.recipient.name, str(row.number_ordered)) == ("Malta", "Iceland", "(40)")


def test_deals_stand_beneath_the_name_of_their_supplier(tmp_path: Path) -> None:
    rows = deals(
        tmp_path,
        "Transfers of major weapons: deals with deliveries or orders\n\n"
        "Supplier/,,,,Year,Year(s),No.,\n"
        "recipient (R),No.,Weapon,Weapon,of order/,of,delivered/,\n"
        "or licenser (L),ordered,designation,description,licence,deliveries,produced,Comments\n\n"
        "Malta\n"
        "R: Iceland,12,MiG-29,Fighter aircraft,2021,2023,8,\n"
        ",(3),Mi-17,Helicopter,(2022),,,Second-hand\n"
        "L: Fiji,40,T-72,Tank,2020,,,For the army\n"
        "Cyprus\n"
        "R: Fiji,2,Mi-17,Helicopter,2020\n",
    )
    assert [(r.supplier.name, r.recipient.name, r.designation) for r in rows] == [
        ("Malta", "Iceland", "MiG-29"),
        ("Malta", "Iceland", "Mi-17"),
        ("Malta", "Fiji", "T-72"),
        ("Cyprus", "Fiji", "Mi-17"),
    ]
    assert (rows[2].terms, rows[2].comments) == (("licence",), "Licensed production; For the army")


def test_a_heading_gives_the_party_that_has_no_column(tmp_path: Path) -> None:
    rows = deals(
        tmp_path,
        "Supplier;Ordered;Designation;Year of order\nIceland;;;\nMalta;2;T-72;2001\nFiji;;;\nMalta;3;T-72;2002\n",
    )
    assert [(r.supplier.name, r.recipient.name) for r in rows] == [("Malta", "Iceland"), ("Malta", "Fiji")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2015", "2015"),
        ("(2015)", "(2015)"),
        ("(2015)-2017", "(2015)-2017"),
        ("2016-(2018)", "2016-(2018)"),
        ("(2015-2017)", "(2015)-(2017)"),
        ("2015-17", "2015-2017"),
        ("2015; 2017", "2015; 2017"),
        ("(2015; 2017)", "(2015); (2017)"),
        ("2015–2016, (2018)", "2015-2016; (2018)"),
        ("", ""),
        (". .", ""),
    ],
)
def test_brackets_are_estimates_in_years_of_delivery_too(tmp_path: Path, written: str, read: str) -> None:
    row = one(tmp_path, f'Malta,Iceland,12,MiG-29,Fighter aircraft,2014,"{written}",8,')
    assert "; ".join(map(str, row.deliveries)) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("(36)", Figure(36, estimate=True)),
        ("1 200", Figure(1200)),
        ("..", Figure()),
        ("()", Figure()),
        ("0", Figure(0)),
    ],
)
def test_a_number_may_be_an_estimate_or_unknown(tmp_path: Path, written: str, read: Figure) -> None:
    assert one(tmp_path, f"Malta,Iceland,{written},MiG-29,Fighter aircraft,2014,,,").number_ordered == read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    table = COPY + "Malta,Côte d'Ivoire,12,Göktürk,Recce satellite,2014,,,For use in the sea of Öland\n"
    (row,) = deals(tmp_path, table.replace(",", delimiter), encoding)
    assert (row.recipient.name, row.designation) == ("Côte d'Ivoire", "Göktürk")
    assert row.comments == "For use in the sea of Öland"


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Soviet Union", "country:SUN"),
        ("UAE", "country:ARE"),
        ("Cote dIvoire", "country:CIV"),
        ("Trinidad & Tobago", "country:TTO"),
        ("DR Congo", "country:COD"),
        ("Congo", "country:COG"),
        ("East Germany (GDR)", "country:DDR"),
        ("NATO**", "bloc:NATO"),
        ("Hezbollah (Lebanon)*", "org:hezbollah"),
        ("Houthi rebels (Yemen)*", "org:houthis"),
        ("Green Hill rebels (Malta)*", "org:green-hill-rebels-malta"),
    ],
)
def test_parties_are_states_blocs_and_groups(name: str, identifier: str) -> None:
    entity = words.party(name)
    assert entity is not None
    assert entity.id == identifier


def test_arms_for_rebels_are_no_arms_for_the_state_they_fight() -> None:
    rebels = words.party("LTTE (Sri Lanka)*")
    assert rebels is not None
    assert (rebels.id, rebels.country) == ("org:ltte", None)


def test_an_unknown_supplier_is_nobody(tmp_path: Path) -> None:
    claim, *_ = claims_of(tmp_path, "Unknown supplier(s),Iceland,2,T-72,Tank,2014,,,")
    assert set(claim.roles) == {"recipient", "item"}


@pytest.mark.parametrize(
    ("designation", "description", "identifier", "category"),
    [
        ("S-300PS", "SAM system", "system:S-300PS", "air-defence-systems"),
        ("Perry", "Frigate", "system:Oliver Hazard Perry-class", "ships"),
        ("D-30", "Turbofan", "system:D-30 (engines)", "engines"),
        ("D-30 122mm", "Towed gun", "system:D-30", "artillery"),
        ("Qwerty-17", "Towed gun", "system:Qwerty-17", "artillery"),
        ("Qwerty", "UAV", "system:Qwerty (aircraft)", "aircraft"),
        ("Leopard-1 turret", "Tank turret", "system:Leopard-1 turret", "other"),
    ],
)
def test_a_designation_is_the_system_that_the_press_names(
    designation: str, description: str, identifier: str, category: str
) -> None:
    item = words.item(designation, description)
    assert (item.id, item.category) == (identifier, category)


@pytest.mark.parametrize(
    ("description", "category"),
    [
        ("Diesel engine", "engines"),
        ("Combat ac radar", "sensors"),
        ("Portable SAM", "missiles"),
        ("Naval SAM system", "naval-weapons"),
        ("Aircraft carrier", "ships"),
        ("Tanker/transport ac", "aircraft"),
        ("Tank destroyer", "armoured-vehicles"),
        ("ASW MRL", "anti-submarine-warfare-weapons"),
        ("Qwerty", None),
    ],
)
def test_a_description_belongs_to_a_category(description: str, category: str | None) -> None:
    assert words.category(description) == category


def test_every_category_that_the_words_name_is_one_of_the_ontology() -> None:
    table = words.words()
    named = {entry["category"] for entry in table["descriptions"]}.union(table["kin"], *table["kin"].values())
    assert named <= set(ontology().categories)
    assert set(table["terms"]) <= set(ontology().frames["transfer"].attributes["terms"])
    assert set(table["stages"]) <= set(ontology().frames["transfer"].attributes["stage"])


@pytest.mark.parametrize(
    ("comments", "value"),
    [
        ("$560 m deal", Money(560_000_000.0, "USD")),
        ("Second-hand | EUR14 m deal | aid", Money(14_000_000.0, "EUR")),
        ("Possibly SEK39 b ($5.8 b) deal (offsets 80%)", Money(39_000_000_000.0, "SEK")),
        ("Second-hand; deal worth $1.5 m; for training", Money(1_500_000.0, "USD")),
        ("FFR20 m deal", Money(20_000_000.0, "FRF")),
        ("$9 m deal (part of $90 m deal)", Money(9_000_000.0, "USD")),
        ("Part of $200 m deal", None),
        ("$15-20 m deal", None),
        ("$42 m or $188 m deal", None),
        ("XQW20 m deal", None),
    ],
)
def test_a_value_is_read_only_where_it_is_that_of_the_deal_itself(comments: str, value: Money | None) -> None:
    assert words.value(comments) == value


@pytest.mark.parametrize(
    ("comments", "terms"),
    [
        ("Second-hand | probably aid", ("gift", "second-hand")),
        ("5-year lease", ("lease",)),
        ("Loan until 2029", ("loan",)),
        ("more produced under Ruritanian licence", ("licence",)),
        ("financed by a loan", ()),
        ("rest cancelled after withdrawal of export licence", ()),
    ],
)
def test_terms_are_told_by_remarks(comments: str, terms: tuple[str, ...]) -> None:
    assert words.terms("New", comments) == terms


def test_a_row_claims_the_order_and_the_deliveries(tmp_path: Path) -> None:
    ordered, first, last = claims_of(
        tmp_path, "Malta,Iceland,12,MiG-29,Fighter aircraft,2021,2023-2025,12,$80 m deal | aid"
    )
    assert (ordered.stage, ordered.quantity, ordered.year) == ("ordered", 12.0, 2021)
    assert (ordered.value, ordered.terms) == (Money(80_000_000.0, "USD"), "gift")
    assert (first.stage, first.quantity, first.year) == ("delivering", None, 2023)
    assert (last.stage, last.quantity, last.year, last.value) == ("delivered", 12.0, 2025, None)
    assert last.time is not None
    assert (last.time.text, last.time.from_, last.time.to) == ("2023-2025", "2023-01-01", "2025-12-31")
    assert {speaker.id for claim in (ordered, first, last) for speaker in claim.attribution} == {"org:sipri"}
    assert {claim.certainty for claim in (ordered, first, last)} == {"asserted"}
    assert len({ordered.id, first.id, last.id}) == 3


def test_fewer_than_ordered_are_still_being_delivered(tmp_path: Path) -> None:
    assert claims_of(tmp_path, "Malta,Iceland,12,MiG-29,Fighter aircraft,2021,2023,8,")[-1].stage == "delivering"


def test_an_estimate_is_probable_where_it_stands(tmp_path: Path) -> None:
    ordered, delivered = claims_of(tmp_path, "Malta,Iceland,12,MiG-29,Fighter aircraft,2021,2023,(12),")
    assert (ordered.certainty, delivered.certainty) == ("asserted", "probable")
    (doubted,) = claims_of(tmp_path, "Malta,Iceland,12,MiG-29,Fighter aircraft,2021,,,Supplier uncertain")
    assert doubted.certainty == "probable"


def test_what_is_selected_and_not_ordered_is_negotiated(tmp_path: Path) -> None:
    (claim,) = claims_of(tmp_path, "Malta,Iceland,12,MiG-29,Fighter aircraft,(2021),,,Selected but not yet ordered")
    assert claim.stage == "negotiated"


def test_the_evidence_is_the_line_of_the_row(tmp_path: Path) -> None:
    rows = deals(
        tmp_path, COPY + "Malta,Iceland,12,MiG-29,Fighter aircraft,2021,2023,(12),\nMalta,Fiji,,T-72,Tank,,,,\n"
    )
    document, claims = as_claims("register.csv", rows)
    assert (document.name, document.language, document.outlet) == ("register.csv", "en", "SIPRI")
    assert [claim.evidence.quote.split("\t")[:5] for claim in claims] == [
        ["Iceland", "Malta", "2021", "12", "MiG-29"],
        ["Iceland", "Malta", "2021", "12", "MiG-29"],
        ["Fiji", "Malta", "", "", "T-72"],
    ]
    for claim in claims:
        assert document.text[claim.evidence.start : claim.evidence.end] == claim.evidence.quote
        for role, filler in claim.fillers():
            assert document.text[filler.start : filler.end] == filler.text
            assert filler.text in ("Malta", "Iceland", "Fiji", "MiG-29", "T-72"), role


def test_the_same_deals_give_the_same_claims_however_the_file_is_written(tmp_path: Path) -> None:
    line = "Malta,Iceland,12,MiG-29,Fighter aircraft,2021,2023,(12),"
    commas = as_claims("a.csv", deals(tmp_path, COPY + line + "\n"))
    tabs = as_claims("a.csv", deals(tmp_path, (COPY + line + "\n").replace(",", "\t"), "utf-16"))
    assert commas == tabs


def test_two_equal_rows_are_two_deals(tmp_path: Path) -> None:
    line = "Malta,Iceland,1,Perry,Frigate,1998,1998,1,\n"
    _, claims = as_claims("register.csv", deals(tmp_path, COPY + line + line))
    assert len({claim.id for claim in claims}) == 4


@pytest.mark.parametrize(
    ("line", "column", "cell", "problem"),
    [
        ("Ruritania,Iceland,12,MiG-29,Fighter,2021,,,", "Supplier", "Ruritania", "of this name is known"),
        ("Malta,Icelund,12,MiG-29,Fighter,2021,,,", "Recipient", "Icelund", "the most like is 'iceland'"),
        (",Iceland,12,MiG-29,Fighter,2021,,,", "Supplier", "", "no supplier"),
        ("Malta,Iceland,a dozen,MiG-29,Fighter,2021,,,", "Ordered", "a dozen", "no number"),
        ("Malta,Iceland,(12,MiG-29,Fighter,2021,,,", "Ordered", "(12", "no number"),
        ("Malta,Iceland,12,,Fighter,2021,,,", "Weapon model", "", "no designation"),
        ("Malta,Iceland,12,MiG-29,Fighter,soon,,,", "Ordered year", "soon", "no year"),
        ("Malta,Iceland,12,MiG-29,Fighter,2021-2022,,,", "Ordered year", "2021-2022", "more than one year"),
        ("Malta,Iceland,12,MiG-29,Fighter,1066,,,", "Ordered year", "1066", "no year between 1900 and 2100"),
        ("Malta,Iceland,12,MiG-29,Fighter,2021,2025-2023,,", "Delivered year", "2025-2023", "the years run backwards"),
        ("Malta,Iceland,12,MiG-29,Fighter,2021,(2023,,", "Delivered year", "(2023", "a bracket is not closed"),
        ("Unknown supplier(s),Unknown country,2,T-72,Tank,2001,,,", "Supplier", "Unknown supplier(s)", "neither"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, line: str, column: str, cell: str, problem: str) -> None:
    row = bad(tmp_path, line)
    assert (row.line, row.column, row.cell) == (2, column, cell)
    assert problem in row.problem
    assert str(row).startswith(f"{tmp_path / 'register.csv'}, line 2, {column}: ")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Malta", "1 cell where the titles are 9"),
        ("Malta,Iceland,12", "3 cells where the titles are 9"),
        ("Malta,Iceland,12,MiG-29,Fighter,2021,,,Second-hand, for training", "10 cells where the titles are 9"),
        ('Malta,Iceland,12,MiG-29,Fighter,2021,,,"Second-hand', "a quotation mark is not closed"),
        ('Malta,Iceland,12,MiG-29,Fighter,2021,,,"Second"-hand', "the quotation marks are broken"),
        (COPY.strip(), "the titles stand here again"),
    ],
)
def test_a_broken_line_spoils_no_other(tmp_path: Path, line: str, problem: str) -> None:
    good = "Malta,Iceland,12,MiG-29,Fighter aircraft,2021,,,"
    first, broken, last = reading(tmp_path, f'{COPY}{good}\n{line}\n{good}"For training"\n')
    assert isinstance(broken, BadRow)
    assert broken.line == 3
    assert problem in broken.problem
    assert isinstance(first, RegisterRow)
    assert isinstance(last, RegisterRow)
    assert (first.line, last.line, last.comments) == (2, 4, "For training")


def test_a_cell_may_have_line_breaks_and_marks_of_inches(tmp_path: Path) -> None:
    rows = deals(
        tmp_path,
        COPY + 'Malta,Iceland,2,Qwerty 5" gun,Naval gun,2021,,,"For\ntraining"\nMalta,Fiji,2,T-72,Tank,2021,,,\n',
    )
    assert [(row.line, row.designation, row.comments) for row in rows] == [
        (2, 'Qwerty 5" gun', "For training"),
        (4, "T-72", ""),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"PK\x03\x04" + bytes(range(256)), "binary: a Word document or another ZIP archive"),
        (bytes(range(256)) * 20, "binary"),
        (b"The register of Malta\nin prose.\n", "no trade register"),
        (b"Supplier,Recipient,Ordered,Weapon model\n", "missing the columns year of order (year of order or"),
        (b"Supplier,Recipient,Ordered,Weapon model\n", "found Supplier, Recipient, Ordered, Weapon model"),
        (COPY.replace("Comments", "Supplier").encode(), "columns that say the same: Supplier"),
    ],
)
def test_a_file_that_is_no_register_says_why(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(RegisterFormatError) as caught:
        reading(tmp_path, content)
    assert "register.csv" in str(caught.value)
    assert told in str(caught.value)


def test_a_broken_byte_stays_in_its_cell(tmp_path: Path) -> None:
    table = (COPY + "Malta,Iceland,2,Göktürk,UAV,2021,,,Für\nMalta,Fiji,2,T-72,Tank,2021,,,Fjord\n").encode()
    rows = deals(tmp_path, table.replace(b"Fjord", b"Fj\xfford"))
    assert [(row.designation, row.comments) for row in rows] == [("Göktürk", "Für"), ("T-72", "Fj\ufffdord")]


def test_what_is_written_has_the_columns_of_the_website(tmp_path: Path) -> None:
    row = one(tmp_path, "Malta,Iceland,(12),MiG-29,Fighter aircraft,2021,(2023)-2024,8,Aid")
    stream = BytesIO()
    write_register([msgspec.structs.replace(row, claims=("c-0123456789abcdef",))], stream)
    assert stream.getvalue().decode() == (
        "Recipient,Supplier,Year of order,Number ordered,Weapon designation,Weapon description,Number delivered,"
        "Year(s) of delivery,Status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
        "Iceland,Malta,2021,(12),MiG-29,Fighter aircraft,8,(2023)-2024,New,Aid [claims c-0123456789abcdef],,,\n"
    )


YEARS = st.builds(Figure, st.integers(1950, 2030), st.booleans())
NUMBERS = st.just(Figure()) | st.builds(Figure, st.integers(0, 10**9), st.booleans())
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30).map(
    lambda text: " ".join(text.split())
)
TIVS = st.none() | st.floats(0, 1e6, allow_nan=False)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(YEARS)
    assert first.value is not None
    later = draw(st.integers(1, 20))
    return draw(
        st.sampled_from([Period(first, first), Period(first, Figure(first.value + later, draw(st.booleans())))])
    )


@st.composite
def register_rows(draw: st.DrawFn) -> RegisterRow:
    supplier, recipient = draw(
        st.permutations(["Malta", "Unknown country", "NATO**", "LTTE (Sri Lanka)*"]).filter(lambda n: "Malta" in n[:2])
    )[:2]
    designation = draw(st.sampled_from(["MiG-29", "Perry", 'Qwerty 5" gun', "S-300PS"]) | TEXT.filter(bool))
    description = draw(st.sampled_from(["Frigate", "Towed gun", ""]) | TEXT)
    return RegisterRow(
        line=0,
        supplier=Party(supplier, words.party(supplier)),
        recipient=Party(recipient, words.party(recipient)),
        designation=designation,
        item=words.item(designation, description),
        number_ordered=draw(NUMBERS),
        year_of_order=draw(st.just(Figure()) | YEARS),
        description=description,
        number_delivered=draw(NUMBERS),
        deliveries=tuple(draw(st.lists(periods(), max_size=3))),
        status=draw(st.sampled_from(["New", "Second-hand", "Second-hand but modernized"])),
        comments=draw(TEXT),
        tiv_per_unit=draw(TIVS),
        tiv_ordered=draw(TIVS),
        tiv_delivered=draw(TIVS),
        claims=tuple(draw(st.lists(st.from_regex(r"c-[0-9a-f]{16}", fullmatch=True), max_size=2))),
    )


@settings(deadline=None)  # the first example loads the gazetteer
@given(st.lists(register_rows(), max_size=4))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, rows: list[RegisterRow]) -> None:
    stream = BytesIO()
    write_register(rows, stream)
    path = tmp_path_factory.mktemp("written") / "register.csv"
    path.write_bytes(stream.getvalue())
    numbered = [msgspec.structs.replace(row, line=line) for line, row in enumerate(rows, 2)]
    assert list(read_register(path)) == numbered


@settings(deadline=None)  # the first example loads the gazetteer
@given(st.lists(register_rows(), max_size=4))
def test_every_claim_is_grounded(rows: list[RegisterRow]) -> None:
    document, claims = as_claims("register.csv", rows)
    assert len({claim.id for claim in claims}) == len(claims)
    for claim in claims:
        assert document.text[claim.evidence.start : claim.evidence.end] == claim.evidence.quote
        spans = [(f.start, f.end, f.text) for _, f in claim.fillers()]
        spans += [(claim.time.start, claim.time.end, claim.time.text)] if claim.time else []
        assert all(document.text[start:end] == text for start, end, text in spans)


SHARED = os.environ.get("RASAD_SHARED")


@pytest.mark.skipif(not SHARED, reason="RASAD_SHARED does not point to a folder with SIPRI's table")
def test_sipris_own_register_is_read_to_the_last_row() -> None:
    found = list(read_register(Path(str(SHARED), "data", "sipri_trade_register.csv")))
    assert len(found) == 12_761
    told = [row for row in found if isinstance(row, BadRow)]
    assert [row.column for row in told] == ["Supplier"] * 3
    assert all("neither supplier nor recipient is known" in row.problem for row in told)
    rows = [row for row in found if isinstance(row, RegisterRow)]
    s_300 = {r.supplier.name for r in rows if r.recipient.name == "Kazakhstan" and r.item.id.startswith("system:S-300")}
    assert s_300 == {"Russia"}
