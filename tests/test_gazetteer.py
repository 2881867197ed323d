"""The gazetteer: what it knows, what it refuses, and one name in every script."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from rasad.gazetteer import COLUMNS, TABLES, GazetteerError, Row, entities, languages_named, named_language, rows
from rasad.gazetteer.patterns import unknown_designations
from rasad.languages import codes, profile
from rasad.languages.words import fold
from rasad.ontology import ontology
from rasad.reading.mentions import mentions
from rasad.reading.people import person_id
from rasad.reading.segment import Sentence
from rasad.reading.view import View

LANGUAGES = ("ar", "en", "ru", "uk")
DATA = Path(__file__).parents[1] / "src" / "rasad" / "gazetteer" / "data"

# ISO 3166-1 alpha-3, all 249 codes.
ISO_CODES = ["ABW", "AFG", "AGO", "AIA", "ALA", "ALB", "AND", "ARE", "ARG", "ARM", "ASM", "ATA", "ATF", "ATG", "AUS", "AUT", "AZE", "BDI", "BEL", "BEN", "BES", "BFA", "BGD", "BGR", "BHR", "BHS", "BIH", "BLM", "BLR", "BLZ", "BMU", "BOL", "BRA", "BRB", "BRN", "BTN", "BVT", "BWA", "CAF", "CAN", "CCK", "CHE", "CHL", "CHN", "CIV", "CMR", "COD", "COG", "COK", "COL", "COM", "CPV", "CRI", "CUB", "CUW", "CXR", "CYM", "CYP", "CZE", "DEU", "DJI", "DMA", "DNK", "DOM", "DZA", "ECU", "EGY", "ERI", "ESH", "ESP", "EST", "ETH", "FIN", "FJI", "FLK", "FRA", "FRO", "FSM", "GAB", "GBR", "GEO", "GGY", "GHA", "GIB", "GIN", "GLP", "GMB", "GNB", "GNQ", "GRC", "GRD", "GRL", "GTM", "GUF", "GUM", "GUY", "HKG", "HMD", "HND", "HRV", "HTI", "HUN", "IDN", "IMN", "IND", "IOT", "IRL", "IRN", "IRQ", "ISL", "ISR", "ITA", "JAM", "JEY", "JOR", "JPN", "KAZ", "KEN", "KGZ", "KHM", "KIR", "KNA", "KOR", "KWT", "LAO", "LBN", "LBR", "LBY", "LCA", "LIE", "LKA", "LSO", "LTU", "LUX", "LVA", "MAC", "MAF", "MAR", "MCO", "MDA", "MDG", "MDV", "MEX", "MHL", "MKD", "MLI", "MLT", "MMR", "MNE", "MNG", "MNP", "MOZ", "MRT", "MSR", "MTQ", "MUS", "MWI", "MYS", "MYT", "NAM", "NCL", "NER", "NFK", "NGA", "NIC", "NIU", "NLD", "NOR", "NPL", "NRU", "NZL", "OMN", "PAK", "PAN", "PCN", "PER", "PHL", "PLW", "PNG", "POL", "PRI", "PRK", "PRT", "PRY", "PSE", "PYF", "QAT", "REU", "ROU", "RUS", "RWA", "SAU", "SDN", "SEN", "SGP", "SGS", "SHN", "SJM", "SLB", "SLE", "SLV", "SMR", "SOM", "SPM", "SRB", "SSD", "STP", "SUR", "SVK", "SVN", "SWE", "SWZ", "SXM", "SYC", "SYR", "TCA", "TCD", "TGO", "THA", "TJK", "TKL", "TKM", "TLS", "TON", "TTO", "TUN", "TUR", "TUV", "TWN", "TZA", "UGA", "UKR", "UMI", "URY", "USA", "UZB", "VAT", "VCT", "VEN", "VGB", "VIR", "VNM", "VUT", "WLF", "WSM", "YEM", "ZAF", "ZMB", "ZWE"]  # fmt: skip

# Parts and dependencies of other states, and places without inhabitants of their own.
NOT_SOVEREIGN = ["ABW", "AIA", "ALA", "ASM", "ATA", "ATF", "BES", "BLM", "BMU", "BVT", "CCK", "COK", "CUW", "CXR", "CYM", "ESH", "FLK", "FRO", "GGY", "GIB", "GLP", "GRL", "GUF", "GUM", "HKG", "HMD", "IMN", "IOT", "JEY", "MAC", "MAF", "MNP", "MSR", "MTQ", "MYT", "NCL", "NFK", "NIU", "PCN", "PRI", "PYF", "REU", "SGS", "SHN", "SJM", "SPM", "SXM", "TCA", "TKL", "UMI", "VGB", "VIR", "WLF"]  # fmt: skip
SOVEREIGN = sorted(set(ISO_CODES) - set(NOT_SOVEREIGN))

SHARED_NAMES = {
    ("ru", "сана"): {"country:YEM", "org:sana"},  # the capital, and in capital letters the Syrian news agency
    ("uk", "сана"): {"country:YEM", "org:sana"},
    ("en", "new mexico"): {"country:USA", "place:new-mexico"},  # where the laboratories are, and no Mexico
}  # fmt: skip


@cache
def table(name: str) -> tuple[Row, ...]:
    return tuple(rows(DATA, name))


def all_rows() -> list[Row]:
    return [row for name in TABLES for row in table(name)]


def named(kind: str, language: str) -> set[str]:
    """The codes of the countries that have a name of this kind in a language."""
    return {row.id[8:] for row in table("countries.tsv") if row.kind == kind and row.names[language]}


def mentioned(text: str, language: str) -> dict[str, str]:
    """What is named in a sentence: the words with the id."""
    view = View(text, Sentence(0, len(text), 0), named_language(language))
    mentions(view, True, {})
    return {text[m.at : m.until]: m.entity.id for m in view.mentions if not m.kind.startswith("pointer")}


# What it knows


def test_the_lists_of_this_test_are_whole() -> None:
    assert len(ISO_CODES) == len(set(ISO_CODES)) == 249
    assert len(SOVEREIGN) == 196  # the members of the United Nations, the Holy See, Palestine and Taiwan


def test_there_is_a_column_for_every_language() -> None:
    assert set(LANGUAGES) == set(codes()) == set(languages_named())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_of_the_world_has_a_name(language: str) -> None:
    assert set(ISO_CODES) - named("name", language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["adjective", "capital"])
def test_every_sovereign_state_has_an_adjective_and_a_capital(kind: str, language: str) -> None:
    assert set(SOVEREIGN) - named(kind, language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_that_are_gone_are_there(language: str) -> None:
    assert {"SUN", "YUG"} <= named("name", language)


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("en", "The Kremlin is silent.", "RUS"),
        ("en", "The Pentagon is silent.", "USA"),
        ("en", "The Élysée is silent.", "FRA"),
        ("ru", "В Кремле молчат.", "RUS"),
        ("ru", "Пентагон молчит.", "USA"),
        ("uk", "У Кремлі мовчать.", "RUS"),
        ("uk", "Пентагон мовчить.", "USA"),
        ("ar", "الكرملين صامت.", "RUS"),
        ("ar", "البنتاغون صامت.", "USA"),
    ],
)
def test_a_seat_of_government_stands_for_its_country(language: str, text: str, country: str) -> None:
    found = [entities()[i] for i in mentioned(text, language).values()]
    assert [entity.country for entity in found] == [country]


def test_there_are_at_least_forty_blocs_treaties_and_bodies() -> None:
    ids = {row.id for row in table("blocs.tsv")}
    assert len(ids) >= 40
    assert {f"bloc:{b}" for b in ("CSTO", "NATO", "EU", "UN", "CIS", "SCO", "OSCE", "AU", "GCC", "BRICS")} <= ids
    assert all(identifier.startswith("bloc:") for identifier in ids)


def test_there_are_at_least_two_hundred_makers_agencies_and_services_each_with_its_country() -> None:
    kinds = {"company", "agency", "service", "ministry"}
    found = [row for row in table("organisations.tsv") if row.kind in kinds]
    assert len({row.id for row in found}) >= 200
    assert [
        row.id for row in found if row.country not in {*ISO_CODES, "SUN", "YUG", "XKX"} and not international(row)
    ] == []


def international(row: Row) -> bool:
    """Whether an organisation belongs to several states: MBDA, Eurofighter, an agency of NATO."""
    return row.country == "" or row.country.startswith("bloc:")


def test_few_makers_belong_to_no_one_country() -> None:
    makers = [row for row in table("organisations.tsv") if row.kind == "company"]
    assert sum(not row.country for row in makers) <= len(makers) // 20


def test_there_are_at_least_2500_designations_each_with_its_category() -> None:
    found = table("systems.tsv")
    assert len({row.id for row in found}) >= 2_500
    assert [row.where for row in found if row.category not in ontology().categories] == []
    assert {row.category for row in found} >= {
        "aircraft", "air-defence-systems", "armoured-vehicles", "artillery", "missiles", "sensors", "ships", "small-arms",
    }  # fmt: skip


def test_there_are_at_least_150_kinds_of_equipment_with_words_in_every_language() -> None:
    found = [row for row in table("classes.tsv") if row.id.startswith("class:")]
    assert len({row.id for row in found}) >= 150
    assert [(row.where, code) for row in found for code in LANGUAGES if not row.names[code]] == []
    assert [row.where for row in found if row.category not in ontology().categories] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_can_be_named(language: str) -> None:
    named_here = {row.id[9:] for row in table("classes.tsv") if row.id.startswith("category:") and row.names[language]}
    assert set(ontology().categories) - named_here <= {"other"}


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "They showed armored personnel carriers.", "class:armoured-personnel-carrier"),
        ("en", "They showed an armoured personnel carrier.", "class:armoured-personnel-carrier"),
        ("ru", "Показали бронетранспортёры.", "class:armoured-personnel-carrier"),
        ("ru", "Речь о двух бронетранспортерах.", "class:armoured-personnel-carrier"),
        ("uk", "Показали бронетранспортери.", "class:armoured-personnel-carrier"),
        ("uk", "Ідеться про закупівлю бронетранспортерів.", "class:armoured-personnel-carrier"),
        ("ar", "عرضوا ناقلات جند مدرعة.", "class:armoured-personnel-carrier"),
        ("ar", "عرضوا ناقلة الجند المدرعة.", "class:armoured-personnel-carrier"),
        ("ru", "Новой радиолокационной станцией довольны.", "class:radar"),
        ("ru", "Без радиолокационных станций нельзя.", "class:radar"),
        ("uk", "Без радіолокаційних станцій не можна.", "class:radar"),
        ("ar", "عرضوا راجمات صواريخ.", "class:multiple-rocket-launcher"),
        ("ar", "عرضوا راجمة الصواريخ.", "class:multiple-rocket-launcher"),
        ("ru", "Показали реактивную систему залпового огня.", "class:multiple-rocket-launcher"),
    ],
)
def test_a_kind_of_equipment_is_found_in_every_form(language: str, text: str, kind: str) -> None:
    assert list(mentioned(text, language).values()) == [kind]


def test_every_row_has_a_name_and_a_known_country() -> None:
    known = {row.id[8:] for row in table("countries.tsv")}
    for row in all_rows():
        assert any(row.names.values()), row.where
        assert row.country in known | {""}, row.where


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_means_two_things(language: str) -> None:
    owners: dict[str, set[str]] = {}
    for row in all_rows():
        for name in row.names[language]:
            if not name.endswith("?"):
                owners.setdefault(fold(name.strip("=")), set()).add(row.id)
    shared = {(language, name): ids for name, ids in owners.items() if len(ids) > 1}
    assert {name: ids for name, ids in shared.items() if SHARED_NAMES.get(name) != ids} == {}


def test_an_id_stands_in_one_table_only() -> None:
    places: dict[str, set[str]] = {}
    for row in all_rows():
        places.setdefault(row.id, set()).add(row.where.partition(",")[0])
    assert {identifier for identifier, found in places.items() if len(found) > 1} == set()


# What it refuses

HEADER = "\t".join([*COLUMNS, "en", "ru"]) + "\n"
GOOD = "system:S-300\tname\t\tair-defence-systems\tS-300|SA-10\tС-300\n"


def refused(folder: Path, text: str) -> str:
    """The message with which a table of systems is refused."""
    (folder / "systems.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(GazetteerError) as error:
        list(rows(folder, "systems.tsv"))
    return str(error.value)


def test_a_table_is_read_with_comments_blank_lines_and_several_names(tmp_path: Path) -> None:
    (tmp_path / "systems.tsv").write_text("# systems\n" + HEADER + "\n# air defence\n" + GOOD, encoding="utf-8")
    assert list(rows(tmp_path, "systems.tsv")) == [
        Row(
            "systems.tsv, line 5", "system:S-300", "name", "", "air-defence-systems",
            {"en": ["S-300", "SA-10"], "ru": ["С-300"]},
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD, "systems.tsv, line 1: the header must begin with id, kind, country, category"),
        (HEADER + GOOD + "system:S-400\tname\t\t\tS-400\n", "systems.tsv, line 3: 5 cells where the header has 6"),
        (HEADER + GOOD.rstrip("\n") + "\textra\n", "systems.tsv, line 2: 7 cells where the header has 6"),
        (HEADER + "# a\n\n" + GOOD.replace("system:", "system-"), "systems.tsv, line 4: 'system-S-300' is not an id of the form kind:name"),
        (HEADER + GOOD.replace("air-defence-systems", "air-defense"), "systems.tsv, line 2: unknown category 'air-defense'"),
    ],
    ids=["no header", "a cell too few", "a cell too many", "no kind in the id", "no such category"],
)  # fmt: skip
def test_a_malformed_line_is_named_with_its_file_and_number(tmp_path: Path, text: str, said: str) -> None:
    assert refused(tmp_path, text) == said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEADER + GOOD.replace("system:", "gadget:"), 2),
        (HEADER + GOOD.replace("system:S-300", "system:"), 2),
        (HEADER + GOOD + GOOD.replace("\tS-300|SA-10\tС-300", "\t\t"), 3),
    ],
    ids=["a kind that there is not", "an id without a name", "a line that names nothing"],
)
def test_a_line_that_can_name_nothing_is_refused(tmp_path: Path, text: str, line: int) -> None:
    assert refused(tmp_path, text).startswith(f"systems.tsv, line {line}: ")


@pytest.mark.parametrize("data", [None, HEADER.encode() + b"system:Caf\xe9\tname\t\t\tCaf\xe9\t\n", b""])
def test_a_table_that_is_absent_undecodable_or_empty_is_named(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "systems.tsv").write_bytes(data)
    with pytest.raises(GazetteerError, match=r"^systems\.tsv"):
        list(rows(tmp_path, "systems.tsv"))


# One name in every script

ONE_ENTITY = {
    "system:S-300": [
        ("en", "S-300"), ("en", "S300"), ("en", "S 300"), ("ru", "С-300"), ("uk", "С-300"), ("ar", "إس-300"),
        ("ar", "إس 300"), ("ar", "اس-300"), ("ar", "S-300"), ("ru", "S-300"), ("ar", "إس-٣٠٠"), ("ru", "С\N{NON-BREAKING HYPHEN}300"),
    ],
    "system:S-400": [("en", "S-400"), ("ru", "С-400"), ("uk", "С-400"), ("ar", "إس-400")],
    "system:Su-30MKI": [("en", "Su-30MKI"), ("ru", "Су-30МКИ"), ("uk", "Су-30МКІ")],
    "system:F-16": [("en", "F-16"), ("ru", "F-16"), ("uk", "F-16"), ("ar", "إف-16"), ("ar", "F-16")],
    "system:Rafale": [("en", "Rafale"), ("ru", "«Рафаль»"), ("uk", "«Рафаль»"), ("ar", "رافال")],
    "bloc:CSTO": [
        ("en", "CSTO"), ("en", "Collective Security Treaty Organization"), ("en", "Collective Security Treaty Organisation"),
        ("ru", "ОДКБ"), ("ru", "Организация Договора о коллективной безопасности"), ("uk", "ОДКБ"),
        ("ar", "منظمة معاهدة الأمن الجماعي"),
    ],
    "bloc:NATO": [("en", "NATO"), ("ru", "НАТО"), ("uk", "НАТО"), ("ar", "الناتو"), ("ar", "حلف شمال الأطلسي")],
    "country:KAZ": [
        ("en", "Kazakhstan"), ("en", "Astana"), ("ru", "Казахстан"), ("ru", "Астана"), ("uk", "Казахстан"),
        ("uk", "Астана"), ("ar", "كازاخستان"), ("ar", "أستانا"), ("ar", "كازاخستان"),
    ],
    "country:UKR": [("en", "Ukraine"), ("en", "Kyiv"), ("en", "Kiev"), ("ru", "Киев"), ("uk", "Київ"), ("ar", "كييف"), ("ar", "أوكرانيا")],
}  # fmt: skip


def quoted(name: str) -> str:
    return name.strip('«»"')


@pytest.mark.parametrize(
    ("language", "name", "identifier"), [(code, name, key) for key, names in ONE_ENTITY.items() for code, name in names]
)
def test_a_name_is_one_entity_in_every_script_and_spelling(language: str, name: str, identifier: str) -> None:
    frame = {"en": "They spoke of {}.", "ru": "Говорили про {}.", "uk": "Говорили про {}.", "ar": "تحدثوا عن {}."}
    found = mentioned(frame[language].format(name), language)
    assert found == {quoted(name): identifier}


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("ru", "вместе с Казахстаном", "KAZ"),
        ("ru", "казахстанскими", "KAZ"),
        ("uk", "разом із Казахстаном", "KAZ"),
        ("uk", "казахстанському", "KAZ"),
        ("ar", "لكازاخستان", "KAZ"),
        ("ar", "والكازاخستانية", "KAZ"),
        ("en", "Kazakhstan's", "KAZ"),
        ("en", "Kazakhstani", "KAZ"),
        ("ru", "Объединённых Арабских Эмиратов", "ARE"),
        ("uk", "Об'єднаних Арабських Еміратів", "ARE"),
        ("ar", "بالإمارات العربية المتحدة", "ARE"),
        ("ru", "Саудовской Аравией", "SAU"),
        ("ar", "وللسعودية", "SAU"),
    ],
)
def test_a_country_is_found_in_every_case_and_with_every_prefix(language: str, text: str, country: str) -> None:
    assert set(mentioned(text, language).values()) == {f"country:{country}"}


@pytest.mark.parametrize(
    ("text", "identifier"),
    [("S-300PS", "system:S-300PS"), ("S-300PMU-2", "system:S-300PMU2"), ("S-400", "system:S-400"), ("S-3000", "")],
)
def test_numbers_and_letters_tell_systems_apart(text: str, identifier: str) -> None:
    def plain(value: str) -> str:
        return re.sub(r"[^a-z0-9:]", "", value.lower())

    found = [plain(i) for i in mentioned(f"They spoke of {text}.", "en").values()]
    assert found == ([plain(identifier)] if identifier else [])


@pytest.mark.parametrize(("language", "spelled"), [("en", "S-300PS"), ("ru", "С-300ПС"), ("uk", "С-300ПС")])
def test_a_variant_keeps_the_name_and_category_of_its_system_and_is_not_another(language: str, spelled: str) -> None:
    (identifier,) = mentioned(f"({spelled})", language).values()
    variant = entities()[identifier]
    assert variant.name.startswith("S-300")
    assert variant.category == entities()["system:S-300"].category == "air-defence-systems"
    assert identifier not in ("system:S-300", "system:S-400")


@pytest.mark.parametrize(
    ("language", "text", "identifier", "category"),
    [
        ("en", "the Su-75 fighter", "system:Su-75", "aircraft"),
        ("ru", "истребитель Су-75", "system:Su-75", "aircraft"),
        ("uk", "винищувач Су-75", "system:Su-75", "aircraft"),
        ("en", "the Su-97 fighter", "system:Su-97", "aircraft"),
        ("ru", "истребитель Су-97", "system:Su-97", "aircraft"),
        ("uk", "винищувач Су-97", "system:Su-97", "aircraft"),
        ("ar", "المقاتلة سو-97", "system:Su-97", "aircraft"),
        ("ar", "منظومة إس-900", "system:S-900", "air-defence-systems"),
        ("en", "the S-900 system", "system:S-900", "air-defence-systems"),
        ("ru", "комплекс С-900", "system:S-900", "air-defence-systems"),
    ],
)
def test_a_designation_that_is_not_listed_is_found_by_its_pattern(
    language: str, text: str, identifier: str, category: str
) -> None:
    view = View(text, Sentence(0, len(text), 0), named_language(language))
    mentions(view, True, {})
    found = [m.entity for m in view.mentions if m.type == "system"]
    assert [(entity.id, entity.category) for entity in found] == [(identifier, category)]


def test_an_unlisted_designation_is_quoted_exactly() -> None:
    text = "They showed the Su-97, not the Kh-999."
    found = unknown_designations(text, 0, len(text), "en")
    assert [(text[a:b], entity.id) for a, b, entity in found] == [
        ("Su-97", "system:Su-97"),
        ("Kh-999", "system:Kh-999"),
    ]


SPELLINGS = ["Sergey Zgurets", "Сергей Згурец", "Сергій Згурець", "سيرغي زغوريتس", "سيرغي زغورتس", "Serhii Zghurets"]


def test_one_person_spelled_in_three_scripts_is_one_id() -> None:
    assert len({person_id(spelling) for spelling in SPELLINGS}) == 1


@pytest.mark.parametrize(
    ("language", "text"), [("en", "the T-14 tank"), ("ru", "танк Т-14"), ("uk", "танк Т-14"), ("ar", "الدبابة تي-14")]
)
def test_the_armata_is_one_tank_in_every_language(language: str, text: str) -> None:
    (found,) = [i for i in mentioned(text, language).values() if i.startswith("system:")]
    assert found.startswith("system:T-14")
    assert entities()[found].category == "armoured-vehicles"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_script_that_a_language_uses_is_one_that_it_declares(language: str) -> None:
    script = {"Arabic": r"[\u0600-\u06ff]", "Cyrillic": r"[\u0400-\u04ff]", "Latin": r"[A-Za-z]"}[
        profile(language).script
    ]
    foreign = [
        (row.where, name)
        for row in all_rows()
        if row.kind in ("name", "capital", "adjective") and row.id.startswith(("country:", "class:", "bloc:"))
        for name in row.names[language]
        if not re.search(script, name)
    ]
    assert foreign == []
