"""What the reader makes of a report, in Arabic, English, Russian and Ukrainian. The reports are invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rasad
from rasad.claims import Claim, Document, Filler, Money

LANGUAGES = ("ar", "en", "ru", "uk")


def in_each_language(faults: dict[str, str] | None = None, **texts: str) -> Callable[[Any], Any]:
    """Runs a test on a text in each of these languages; ``faults`` tells where the reader is known to be wrong, and why."""
    known = faults or {}
    return pytest.mark.parametrize(
        ("code", "text"),
        [
            pytest.param(
                code,
                texts[code],
                id=code,
                marks=[pytest.mark.xfail(strict=True, reason=known[code])] if code in known else [],
            )
            for code in LANGUAGES
            if code in texts
        ],
    )


def cases(pairs: list[tuple[str, str]], faults: dict[tuple[str, str], str]) -> list[Any]:
    """Cases, each a language with something, those where the reader is known to be wrong marked with the reason."""
    return [
        pytest.param(*pair, marks=[pytest.mark.xfail(strict=True, reason=faults[pair])] if pair in faults else [])
        for pair in pairs
    ]


ABOUT_ARMS = {  # so that no report is too short to be about arms
    "ar": " افتتح يوم الاثنين معرض الأسلحة والمعدات العسكرية، وفيه دبابات ومدافع هاوتزر وصواريخ مضادة للدبابات.",
    "en": " The exhibition of weapons and military equipment opened on Monday, with battle tanks, howitzers and anti-tank missiles.",
    "ru": " В понедельник открылась выставка вооружений и военной техники, на ней танки, гаубицы и противотанковые ракеты.",
    "uk": " У понеділок відкрилася виставка озброєнь і військової техніки, на ній танки, гаубиці та протитанкові ракети.",
}


def read(code: str, text: str) -> list[Claim]:
    """The claims of a text that belongs to a report about arms."""
    return rasad.read(text + ABOUT_ARMS[code], language=code)


def claims(code: str, text: str, frame: str) -> list[Claim]:
    """The claims of one frame in a text."""
    return [claim for claim in read(code, text) if claim.frame == frame]


def only(code: str, text: str, frame: str) -> Claim:
    """The one claim of this frame that the text makes."""
    found = claims(code, text, frame)
    assert len(found) == 1, [(claim.frame, who(claim)) for claim in read(code, text)]
    return found[0]


def who(claim: Claim) -> dict[str, set[str]]:
    """The ids in each role."""
    return {role: {filler.id for filler in fillers} for role, fillers in claim.roles.items()}


def ids(claim: Claim, role: str) -> set[str]:
    return {filler.id for filler in claim.roles.get(role, ())}


def filler(claim: Claim, role: str) -> Filler:
    (found,) = claim.roles[role]
    return found


def speakers(claim: Claim) -> list[str]:
    return [speaker.id for speaker in claim.attribution]


# A claim and its parts

DELIVERY = {
    "en": "In 2021 Turkey delivered 12 Bayraktar TB2 drones to Kenya.",
    "ru": "В 2021 году Турция поставила Кении 12 беспилотников «Байрактар ТБ2».",
    "uk": "У 2021 році Туреччина поставила Кенії 12 безпілотників «Байрактар ТБ2».",
    "ar": "في عام 2021 سلمت تركيا كينيا 12 طائرة مسيرة من طراز بيرقدار تي بي 2.",
}


@in_each_language(**DELIVERY)
def test_a_delivery_is_a_transfer_with_supplier_recipient_item_number_and_year(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert who(claim) == {"supplier": {"country:TUR"}, "recipient": {"country:KEN"}, "item": {"system:Bayraktar TB2"}}
    assert (claim.stage, claim.quantity, claim.year) == ("delivered", 12, 2021)
    assert (claim.certainty, claim.polarity, claim.attribution) == ("asserted", "positive", [])


@in_each_language(**DELIVERY)
def test_a_claim_quotes_the_words_that_it_rests_on(code: str, text: str) -> None:
    text = f"\n {text}\n"
    claim = only(code, text, "transfer")
    assert claim.evidence.quote == text.strip()
    assert all(text[f.start : f.end] == f.text != "" for _, f in claim.fillers())
    assert claim.time is not None
    assert "2021" in claim.time.text
    assert text[claim.time.start : claim.time.end] == claim.time.text
    assert (claim.time.from_, claim.time.to) == ("2021-01-01", "2021-12-31")


@in_each_language(**DELIVERY)
def test_an_entity_tells_its_country_and_an_item_its_category(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert (filler(claim, "supplier").name, filler(claim, "supplier").country) == ("Turkey", "TUR")
    assert filler(claim, "item").category == "aircraft"


def test_the_same_report_makes_the_same_claim_in_every_language() -> None:
    told = {
        (str(who(c)), c.stage, c.quantity, c.year)
        for code, text in DELIVERY.items()
        for c in rasad.read(text, language=code)
    }
    assert len(told) == 1


@in_each_language(**DELIVERY)
def test_a_text_whose_language_is_not_given_is_looked_at(code: str, text: str) -> None:
    assert rasad.read(text * 2) == rasad.read(text * 2, language=code) != []


@in_each_language(**DELIVERY)
def test_a_file_is_read_as_its_text_is_and_its_claims_have_the_same_ids(code: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / f"report.{code}.txt"
    path.write_text(text, encoding="utf-8")
    assert [c.id for c in rasad.read(path)] == [c.id for c in rasad.read(text)] != []
    assert {c.document for c in rasad.read([path])} == {str(path)}


@in_each_language(**DELIVERY)
def test_a_claim_explains_which_words_gave_it(code: str, text: str) -> None:
    ((claim, why),) = rasad.explain_document(Document(name="d", text=text, language=code))
    assert why.claim == claim.id
    verb = {"en": "delivered", "ru": "поставила", "uk": "поставила", "ar": "سلمت"}[code]
    assert [trigger.text for trigger in why.triggers] == [verb]
    assert set(why.roles) == {"supplier", "recipient", "item"}
    cited = [*why.triggers, *why.speakers, *why.cues.values(), *(c for role in why.roles.values() for c in role)]
    assert all(text[c.start : c.end] == c.text for c in cited)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Ukraine delivered the S-300 to Slovakia."),
        ("en", "Russia delivered 24 Su-35 fighters to China."),
        ("ru", "Россия поставила Китаю 24 истребителя Су-35."),
        ("uk", "Росія поставила Китаю 24 винищувачі Су-35."),
        ("ar", "سلمت روسيا الصين 24 مقاتلة سو-35."),
        ("ru", "Украина поставила Словакии С-300."),
        ("uk", "Україна поставила Словаччині С-300."),
        ("ar", "سلمت أوكرانيا سلوفاكيا إس-300."),
        ("ru", "Украина продала Уганде Ми-17."),
        ("uk", "Україна продала Уганді Мі-17."),
        ("ar", "باعت أوكرانيا أوغندا مي-17."),
        ("en", "Germany may deliver Taurus missiles to Ukraine."),
        ("en", "Pakistan may buy J-35 fighters from China."),
        ("en", "Egypt bought 24 tanks from Russia."),
        ("en", "Ukraine and Thailand signed a contract for 49 Oplot tanks."),
    ],
)
def test_one_sentence_with_one_designation_is_report_enough(code: str, text: str) -> None:
    assert [claim.frame for claim in rasad.read(text, language=code)] == ["transfer"]


# Number, money, time


@in_each_language(
    en="Romania bought 32 F-16 fighter aircraft from Norway for 388 million euros in 2022.",
    ru="Румыния купила у Норвегии 32 истребителя F-16 за 388 миллионов евро в 2022 году.",
    uk="Румунія купила в Норвегії 32 винищувачі F-16 за 388 мільйонів євро у 2022 році.",
    ar="اشترت رومانيا من النرويج 32 مقاتلة من طراز إف-16 مقابل 388 مليون يورو في عام 2022.",
)
def test_a_price_is_an_amount_in_a_currency(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert who(claim) == {"supplier": {"country:NOR"}, "recipient": {"country:ROU"}, "item": {"system:F-16"}}
    assert claim.value == Money(388_000_000, "EUR")
    assert (claim.stage, claim.quantity, claim.year) == ("ordered", 32, 2022)


@in_each_language(
    en="Poland ordered arms worth $2.5 billion: Seoul will supply K2 tanks to Warsaw for $2.5 billion.",
    ru="Сеул поставит Варшаве танки К2 на 2,5 млрд долларов США.",
    uk="Сеул поставить Варшаві танки К2 на 2,5 млрд доларів США.",
    ar="ستسلم سيول وارسو دبابات كيه 2 بقيمة 2.5 مليار دولار.",
)
def test_a_decimal_mark_of_the_language_is_read(code: str, text: str) -> None:
    assert {claim.value for claim in claims(code, text, "transfer")} == {Money(2_500_000_000, "USD")}


@in_each_language(
    en="Germany handed over eighteen Leopard 2 tanks to Ukraine.",
    ru="Германия передала Украине восемнадцать танков «Леопард 2».",
    uk="Німеччина передала Україні вісімнадцять танків «Леопард 2».",
    ar="سلمت ألمانيا أوكرانيا ثماني عشرة دبابة من طراز ليوبارد 2.",
)
def test_a_number_in_words_is_a_number(code: str, text: str) -> None:
    assert only(code, text, "transfer").quantity == 18


@in_each_language(
    en="France delivered 6 Rafale fighters and 4 Gowind corvettes to Egypt.",
    ru="Франция поставила Египту 6 истребителей «Рафаль» и 4 корвета «Говинд».",
    uk="Франція поставила Єгипту 6 винищувачів «Рафаль» і 4 корвети «Говінд».",
    ar="سلمت فرنسا مصر 6 مقاتلات رافال و4 طرادات غوويند.",
)
def test_items_with_numbers_of_their_own_are_claims_of_their_own(code: str, text: str) -> None:
    found = {f.id: claim.quantity for claim in claims(code, text, "transfer") for f in claim.roles["item"]}
    assert {name.partition(":")[2].split()[0]: number for name, number in found.items()} == {"Rafale": 6, "Gowind": 4}


@in_each_language(
    en="Ukraine delivered Mi-17 helicopters, S-125 missile systems and armoured personnel carriers to Uganda.",
    ru="Украина поставила Уганде вертолёты Ми-17, комплексы С-125 и бронетранспортёры.",
    uk="Україна поставила Уганді вертольоти Мі-17, комплекси С-125 та бронетранспортери.",
    ar="سلمت أوكرانيا أوغندا مروحيات مي-17 ومنظومات إس-125 وناقلات جند مدرعة.",
)
def test_one_claim_lists_several_items(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert ids(claim, "item") == {"system:Mi-17", "system:S-125", "class:armoured-personnel-carrier"}
    assert (ids(claim, "supplier"), ids(claim, "recipient")) == ({"country:UKR"}, {"country:UGA"})


@in_each_language(
    en="Sweden leases 14 Gripen fighters to Hungary. Norway donated 22 M109 howitzers to Ukraine.",
    ru="Швеция сдала Венгрии в аренду 14 истребителей «Грипен». Норвегия безвозмездно передала Украине 22 гаубицы М109.",
    uk="Швеція здала Угорщині в оренду 14 винищувачів «Гріпен». Норвегія безоплатно передала Україні 22 гаубиці М109.",
    ar="تؤجر السويد للمجر 14 مقاتلة غريبن. ومنحت النرويج أوكرانيا 22 مدفع هاوتزر من طراز إم 109 هبة.",
)
def test_a_lease_and_a_gift_are_told_from_a_sale(code: str, text: str) -> None:
    found = {next(iter(ids(claim, "supplier"))): claim.terms for claim in claims(code, text, "transfer")}
    assert found == {"country:SWE": "lease", "country:NOR": "gift"}


# How surely


@in_each_language(
    en="Russia has not yet delivered the S-400 systems to India.",
    ru="Россия ещё не поставила Индии комплексы С-400.",
    uk="Росія ще не поставила Індії комплекси С-400.",
    ar="لم تسلم روسيا الهند منظومات إس-400 بعد.",
)
def test_what_is_not_yet_delivered_is_denied_as_a_delivery(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert (claim.stage, claim.polarity, claim.certainty) == ("delivered", "negative", "asserted")
    assert who(claim) == {"supplier": {"country:RUS"}, "recipient": {"country:IND"}, "item": {"system:S-400"}}


@in_each_language(
    en="Pakistan may buy J-35 fighters from China.",
    ru="Пакистан может купить у Китая истребители J-35.",
    uk="Пакистан може купити в Китаю винищувачі J-35.",
    ar="قد تشتري باكستان من الصين مقاتلات جيه-35.",
)
def test_what_may_be_is_possible(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert (claim.certainty, claim.polarity) == ("possible", "positive")
    assert who(claim) == {"supplier": {"country:CHN"}, "recipient": {"country:PAK"}, "item": {"system:J-35"}}


@in_each_language(
    en="Pakistan is likely to buy J-35 fighters from China.",
    ru="Пакистан, вероятно, купит у Китая истребители J-35.",
    uk="Пакистан, імовірно, купить у Китаю винищувачі J-35.",
    ar="من المرجح أن تشتري باكستان من الصين مقاتلات جيه-35.",
)
def test_what_is_likely_is_probable(code: str, text: str) -> None:
    assert only(code, text, "transfer").certainty == "probable"


@in_each_language(
    en="Kazakhstan has no plants to overhaul S-300 systems.",
    ru="В Казахстане нет заводов для ремонта комплексов С-300.",
    uk="У Казахстані немає заводів для ремонту комплексів С-300.",
    ar="لا تملك كازاخستان مصانع لإصلاح منظومات إس-300.",
)
def test_having_no_plants_is_a_capability_denied(code: str, text: str) -> None:
    claim = only(code, text, "capability")
    assert who(claim) == {"holder": {"country:KAZ"}, "item": {"system:S-300"}}
    assert claim.polarity == "negative"
    assert "repair" in (claim.activity or [])


STAGES = {
    "en": {
        "proposed": "France has offered Rafale fighters to Iraq.",
        "approved": "The United States approved the sale of F-35 fighters to Greece.",
        "negotiated": "Iraq is in talks with France on the purchase of Rafale fighters.",
        "ordered": "Serbia signed a contract with France for Rafale fighters.",
        "cancelled": "Malaysia cancelled its order for Su-30 fighters from Russia.",
        "suspended": "Deliveries of Leopard 2 tanks from Germany to Turkey are suspended.",
        "refused": "Germany refused to supply Taurus missiles and other weapons to Ukraine.",
    },
    "ru": {
        "proposed": "Франция предложила Ираку истребители «Рафаль».",
        "approved": "США одобрили продажу Греции истребителей F-35.",
        "negotiated": "Ирак ведёт с Францией переговоры о покупке истребителей «Рафаль».",
        "ordered": "Сербия подписала с Францией контракт на истребители «Рафаль».",
        "cancelled": "Малайзия отменила заказ на истребители Су-30 из России.",
        "suspended": "Поставки танков «Леопард 2» из Германии в Турцию приостановлены.",
        "refused": "Германия отказалась поставить Украине ракеты «Таурус».",
    },
    "uk": {
        "proposed": "Франція запропонувала Іраку винищувачі «Рафаль».",
        "approved": "США схвалили продаж Греції винищувачів F-35.",
        "negotiated": "Ірак веде з Францією переговори про купівлю винищувачів «Рафаль».",
        "ordered": "Сербія підписала з Францією контракт на винищувачі «Рафаль».",
        "cancelled": "Малайзія скасувала замовлення на винищувачі Су-30 з Росії.",
        "suspended": "Постачання танків «Леопард 2» з Німеччини до Туреччини призупинено.",
        "refused": "Німеччина відмовилася поставити Україні ракети «Таурус».",
    },
    "ar": {
        "proposed": "عرضت فرنسا على العراق مقاتلات رافال.",
        "approved": "وافقت الولايات المتحدة على بيع مقاتلات إف-35 لليونان.",
        "negotiated": "يجري العراق مفاوضات مع فرنسا لشراء مقاتلات رافال.",
        "ordered": "وقعت صربيا عقدا مع فرنسا لشراء مقاتلات رافال.",
        "cancelled": "ألغت ماليزيا طلبية مقاتلات سو-30 من روسيا.",
        "suspended": "تم تعليق تسليم دبابات ليوبارد 2 من ألمانيا إلى تركيا.",
        "refused": "رفضت ألمانيا تزويد أوكرانيا بصواريخ توروس.",
    },
}

STAGE_FAULTS: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize(
    ("code", "stage"), cases([(code, stage) for code in LANGUAGES for stage in STAGES[code]], STAGE_FAULTS)
)
def test_a_transfer_has_the_stage_that_the_words_say(code: str, stage: str) -> None:
    claim = only(code, STAGES[code][stage], "transfer")
    assert claim.stage == stage
    assert {"item", "recipient"} <= set(claim.roles)


# Who does what to whom


@in_each_language(
    en="The S-300 systems were delivered to Slovakia by Ukraine.",
    ru="Комплексы С-300 были поставлены Словакии Украиной.",
    uk="Комплекси С-300 були поставлені Словаччині Україною.",
    ar="تم تسليم منظومات إس-300 إلى سلوفاكيا من قبل أوكرانيا.",
)
def test_the_passive_turns_the_roles_round(code: str, text: str) -> None:
    assert who(only(code, text, "transfer")) == {
        "supplier": {"country:UKR"},
        "recipient": {"country:SVK"},
        "item": {"system:S-300"},
    }


@in_each_language(
    en="Two of the six Su-30 fighters ordered by Myanmar in 2018 have been delivered.",
    ru="Истребители Су-30, заказанные Мьянмой, доставлены.",
)
def test_who_ordered_is_not_who_delivered(code: str, text: str) -> None:
    assert all("country:MMR" not in ids(claim, "supplier") for claim in claims(code, text, "transfer"))


@in_each_language(
    en="America's $15 billion contract with Saudi Arabia covers 928 LAV-25 vehicles.",
    ru="Россия подписала с Сирией договор о поставке комплексов С-300.",
    uk="Україна підписала з Таїландом контракт на постачання 49 танків «Оплот».",
)
def test_of_the_two_sides_of_a_contract_the_maker_of_the_equipment_supplies(code: str, text: str) -> None:
    sides = {
        "en": {"supplier": {"country:USA"}, "recipient": {"country:SAU"}},
        "ru": {"supplier": {"country:RUS"}, "recipient": {"country:SYR"}},
        "uk": {"supplier": {"country:UKR"}, "recipient": {"country:THA"}},
    }
    claim = only(code, text, "transfer")
    assert {role: ids(claim, role) for role in ("supplier", "recipient")} == sides[code]


@in_each_language(
    en="The overhaul of Malaysian Su-30 fighters in India has begun.",
    ru="Индийский завод ремонтирует малайзийские истребители Су-30.",
)
def test_whose_equipment_is_mended_is_the_client_whoever_made_it(code: str, text: str) -> None:
    assert ids(only(code, text, "service"), "client") == {"country:MYS"}


@in_each_language(
    en="Thirty Kirpi armoured vehicles arrived in Uzbekistan from Turkey.",
    ru="Тридцать бронемашин «Кирпи» прибыли в Узбекистан из Турции.",
    uk="Тридцять бронемашин «Кірпі» прибули до Узбекистану з Туреччини.",
    ar="وصلت ثلاثون مدرعة من تركيا إلى أوزبكستان.",
)
def test_what_arrives_is_the_item(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert (ids(claim, "supplier"), ids(claim, "recipient")) == ({"country:TUR"}, {"country:UZB"})


@in_each_language(
    en="Malaysia sent its Su-30 fighters to India for overhaul.",
    ru="Малайзия отправила свои истребители Су-30 в Индию на капремонт.",
)
def test_who_sends_equipment_for_overhaul_is_the_client(code: str, text: str) -> None:
    claim = only(code, text, "service")
    assert (ids(claim, "provider"), ids(claim, "client")) == ({"country:IND"}, {"country:MYS"})


@in_each_language(
    en="Moscow lost the Vietnamese fighter market to Seoul.",
    ru="Россия уступает Сеулу рынок истребителей.",
)
def test_who_loses_a_market_is_the_rival(code: str, text: str) -> None:
    claim = only(code, text, "competition")
    assert (ids(claim, "competitor"), ids(claim, "rival")) == ({"country:KOR"}, {"country:RUS"})


@in_each_language(en="Russia is Algeria's sole supplier of spare parts for Su-30 fighters.")
def test_the_only_supplier_is_whom_the_other_depends_on(code: str, text: str) -> None:
    claim = only(code, text, "dependence")
    assert (ids(claim, "provider"), ids(claim, "dependent")) == ({"country:RUS"}, {"country:DZA"})


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "سلمت أوكرانيا سلوفاكيا منظومات إس-300."),
        ("ar", "أوكرانيا سلمت سلوفاكيا منظومات إس-300."),
        ("ar", "سلمت أوكرانيا منظومات إس-300 لسلوفاكيا."),
        ("ru", "Словакии поставила комплексы С-300 Украина."),
        ("ru", "Комплексы С-300 Украина поставила Словакии."),
        ("uk", "Словаччині поставила комплекси С-300 Україна."),
        ("en", "Ukraine delivered Slovakia the S-300 systems."),
        ("en", "Slovakia received the S-300 systems from Ukraine."),
        ("en", "Slovakia has been supplied with S-300 systems by Ukraine."),
        ("ru", "Словакия получила от Украины комплексы С-300."),
        ("uk", "Словаччина отримала від України комплекси С-300."),
        ("ar", "تسلمت سلوفاكيا من أوكرانيا منظومات إس-300."),
    ],
)
def test_the_order_of_words_does_not_change_who_supplies_whom(code: str, text: str) -> None:
    assert who(only(code, text, "transfer")) == {
        "supplier": {"country:UKR"},
        "recipient": {"country:SVK"},
        "item": {"system:S-300"},
    }


@in_each_language(
    en="Kyiv delivered S-300 systems to the Slovak side.",
    ru="Киев поставил словацкой стороне комплексы С-300.",
    uk="Київ поставив словацькій стороні комплекси С-300.",
    ar="سلمت كييف الجانب السلوفاكي منظومات إس-300.",
)
def test_a_capital_and_a_side_stand_for_their_countries(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert {filler(claim, "supplier").country, filler(claim, "recipient").country} == {"UKR", "SVK"}
    assert filler(claim, "supplier").id == "country:UKR"


@in_each_language(
    en="Rosoboronexport delivered Su-30 fighters to Algeria.",
    ru="«Рособоронэкспорт» поставил Алжиру истребители Су-30.",
    uk="«Рособоронекспорт» поставив Алжиру винищувачі Су-30.",
    ar="سلمت شركة روس أوبورون إكسبورت الجزائر مقاتلات سو-30.",
)
def test_a_company_keeps_its_own_id_and_has_a_country(code: str, text: str) -> None:
    supplier = filler(only(code, text, "transfer"), "supplier")
    assert (supplier.id, supplier.country) == ("org:rosoboronexport", "RUS")


# What stands only in the context


@in_each_language(
    en="Kazakhstan is renewing its air defences. Last year the country received S-300 systems from Ukraine.",
    ru="Казахстан обновляет противовоздушную оборону. В прошлом году эта страна получила от Украины комплексы С-300.",
    uk="Казахстан оновлює протиповітряну оборону. Торік ця країна отримала від України комплекси С-300.",
    ar="تجدد كازاخستان دفاعها الجوي. وفي العام الماضي تسلمت هذه الدولة من أوكرانيا منظومات إس-300.",
)
def test_words_that_point_back_are_filled_by_what_they_point_at(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    recipient = filler(claim, "recipient")
    assert (recipient.id, recipient.implicit) == ("country:KAZ", True)
    assert recipient.end <= claim.evidence.start  # quoted where it is named, in the sentence before
    assert text[recipient.start : recipient.end] == recipient.text
    assert not filler(claim, "supplier").implicit


@in_each_language(
    en="Turkey and Pakistan are partners in arms. The two countries jointly build Anka drones.",
    ru="Турция и Пакистан — партнёры в сфере вооружений. Обе страны совместно производят беспилотники «Анка».",
    uk="Туреччина й Пакистан — партнери у сфері озброєнь. Обидві країни спільно виробляють безпілотники «Анка».",
    ar="تركيا وباكستان شريكتان في مجال السلاح. ويشترك البلدان في إنتاج طائرات مسيرة من طراز أنكا.",
)
def test_the_two_countries_are_the_two_named_before(code: str, text: str) -> None:
    claim = only(code, text, "joint_project")
    assert ids(claim, "party") == {"country:TUR", "country:PAK"}
    assert all(party.implicit for party in claim.roles["party"])


@in_each_language(
    faults={"ar": "Russian weapons in the relative clause make Russia the member"},
    en="Armenia, which buys Russian weapons, belongs to the CSTO. Russia plays the leading role in this organisation.",
    ru="Армения, которая покупает российское оружие, входит в ОДКБ. Ведущую роль в этой организации играет Россия.",
    uk="Вірменія, яка купує російську зброю, входить до ОДКБ. Провідну роль у цій організації відіграє Росія.",
    ar="أرمينيا التي تشتري أسلحة روسية عضو في منظمة معاهدة الأمن الجماعي. وتلعب روسيا الدور القيادي في هذه المنظمة.",
)
def test_this_organisation_is_the_bloc_named_before(code: str, text: str) -> None:
    found = {next(iter(ids(c, "member"))): c for c in claims(code, text, "membership")}
    assert {member: c.standing for member, c in found.items()} == {"country:ARM": "member", "country:RUS": "leading"}
    organisation = filler(found["country:RUS"], "organisation")
    assert (organisation.id, organisation.implicit) == ("bloc:CSTO", True)


@in_each_language(
    en="Egypt ordered Rafale fighters from France in 2015. The first three were delivered to Cairo in July 2015.",
    ru="Египет заказал у Франции истребители «Рафаль» в 2015 году. Первые три машины поставили Каиру в июле 2015 года.",
    uk="Єгипет замовив у Франції винищувачі «Рафаль» у 2015 році. Перші три машини поставили Каїру в липні 2015 року.",
    ar="طلبت مصر من فرنسا مقاتلات رافال في عام 2015. وسلمت أول ثلاث منها إلى القاهرة في يوليو 2015.",
)
def test_a_sentence_that_leaves_the_item_out_takes_it_from_the_one_before(code: str, text: str) -> None:
    delivered = [c for c in claims(code, text, "transfer") if c.stage == "delivered"]
    assert [ids(c, "recipient") for c in delivered] == [{"country:EGY"}]
    assert any(f.implicit and f.id == "system:Rafale" for f in delivered[0].roles["item"])


@in_each_language(
    en="Kazakhstan signed a contract with Turkey for Anka drones. The country's military leadership received the first three "
    "drones in 2023.",
    ru="Казахстан подписал с Турцией контракт на беспилотники «Анка». Военное руководство страны получило первые три беспилотника "
    "в 2023 году.",
    uk="Казахстан підписав із Туреччиною контракт на безпілотники «Анка». Військове керівництво країни отримало перші три "
    "безпілотники у 2023 році.",
    ar="وقعت كازاخستان عقدا مع تركيا لشراء طائرات أنكا المسيرة. وتسلمت القيادة العسكرية للبلاد أول ثلاث طائرات مسيرة في عام 2023.",
)
def test_the_country_is_the_one_that_the_text_is_about_and_not_the_last_named(code: str, text: str) -> None:
    (received,) = [c for c in claims(code, text, "transfer") if c.year == 2023]
    assert ids(received, "recipient") == {"country:KAZ"}
    assert ids(received, "supplier") <= {"country:TUR"}
    assert filler(received, "recipient").implicit


@in_each_language(
    faults={
        "ar": "such howitzers stay a kind and are not the K9 named before",
        "en": "such howitzers stay a kind and are not the K9 named before",
        "ru": "such howitzers stay a kind and are not the K9 named before",
        "uk": "such howitzers stay a kind and are not the K9 named before",
    },
    en="South Korea offers K9 howitzers. In 2021 the country delivered 12 of these howitzers to Finland.",
    ru="Южная Корея предлагает гаубицы К9. В 2021 году эта страна поставила Финляндии 12 таких гаубиц.",
    uk="Південна Корея пропонує гаубиці К9. У 2021 році ця країна поставила Фінляндії 12 таких гаубиць.",
    ar="تعرض كوريا الجنوبية مدافع هاوتزر من طراز كيه 9. وفي عام 2021 سلمت هذه الدولة فنلندا 12 مدفعا من هذا الطراز.",
)
def test_these_howitzers_are_the_howitzers_named_before(code: str, text: str) -> None:
    (delivered,) = [c for c in claims(code, text, "transfer") if c.stage == "delivered"]
    assert (ids(delivered, "supplier"), ids(delivered, "recipient")) == ({"country:KOR"}, {"country:FIN"})
    assert filler(delivered, "supplier").implicit
    assert ids(delivered, "item") == {"system:K9"}
    assert filler(delivered, "item").implicit


@in_each_language(**DELIVERY)
def test_what_the_sentence_names_is_not_marked_as_implicit(code: str, text: str) -> None:
    assert not any(f.implicit for _, f in only(code, text, "transfer").fillers())


# Who says so


@in_each_language(
    en="“Turkey delivered 20 Bayraktar TB2 drones to Ukraine. Poland ordered 24 such drones from Turkey. Azerbaijan received "
    "six,” said Oleksii Petrenko, an analyst.",
    ru="«Турция поставила Украине 20 беспилотников «Байрактар ТБ2». Польша заказала у Турции 24 таких беспилотника», — сказал "
    "аналитик Алексей Петренко.",
    uk="«Туреччина поставила Україні 20 безпілотників «Байрактар ТБ2». Польща замовила в Туреччини 24 такі безпілотники», — "
    "сказав аналітик Олексій Петренко.",
    ar="«سلمت تركيا أوكرانيا 20 طائرة مسيرة من طراز بيرقدار تي بي 2. وطلبت بولندا من تركيا 24 طائرة من هذا الطراز»، هكذا قال المحلل "
    "أوليكسي بيترينكو.",
)
def test_a_speaker_holds_over_a_quotation_of_several_sentences(code: str, text: str) -> None:
    found = claims(code, text, "transfer")
    assert {"country:UKR", "country:POL"} <= {i for c in found for i in ids(c, "recipient")}
    assert {tuple(speaker.kind for speaker in c.attribution) for c in found} == {("person",)}
    assert len({speaker.id for c in found for speaker in c.attribution}) == 1


@in_each_language(
    en="“Turkey delivered 20 Bayraktar TB2 drones to Ukraine,” analyst Oleksii Petrenko said.\n\nRussia supplied S-300 systems "
    "to Syria.",
    ru="«Турция поставила Украине 20 беспилотников Bayraktar TB2», — сказал аналитик Алексей Петренко.\n\nРоссия поставила Сирии "
    "комплексы С-300.",
    uk="«Туреччина поставила Україні 20 безпілотників Bayraktar TB2», — сказав аналітик Олексій Петренко.\n\nРосія поставила Сирії "
    "комплекси С-300.",
    ar="«سلمت تركيا أوكرانيا 20 طائرة مسيرة من طراز بيرقدار تي بي 2»، قال المحلل أوليكسي بيترينكو.\n\nسلمت روسيا سوريا منظومات إس-300.",
)
def test_when_the_quotation_ends_the_author_speaks_again(code: str, text: str) -> None:
    found = {next(iter(ids(c, "recipient"))): speakers(c) for c in claims(code, text, "transfer")}
    assert len(found["country:UKR"]) == 1
    assert found["country:SYR"] == []


@in_each_language(
    en="Reuters, citing a source in the industry, reported that Turkey had delivered Bayraktar TB2 drones to Kenya.",
    ru="Агентство «Рейтер» со ссылкой на источник в отрасли сообщило, что Турция поставила Кении беспилотники «Байрактар ТБ2».",
    uk="Агентство «Рейтер» із посиланням на джерело в галузі повідомило, що Туреччина поставила Кенії безпілотники «Байрактар ТБ2».",
    ar="ذكرت وكالة رويترز، نقلا عن مصدر في القطاع، أن تركيا سلمت كينيا طائرات مسيرة من طراز بيرقدار تي بي 2.",
)
def test_attribution_is_a_chain_with_the_nearest_speaker_first(code: str, text: str) -> None:
    said = only(code, text, "transfer").attribution
    assert [speaker.id for speaker in said] == ["anonymous:sources", "org:reuters"]
    assert [speaker.anonymous for speaker in said] == [True, False]


ANONYMOUS = {
    "en": {"experts": "experts say", "analysts": "analysts say", "officials": "officials said", "sources": "sources said", "media": "local media reported"},
    "ru": {"experts": "считают эксперты", "analysts": "отмечают аналитики", "officials": "сообщили чиновники", "sources": "сообщили источники", "media": "сообщили СМИ"},
    "uk": {"experts": "вважають експерти", "analysts": "зазначають аналітики", "officials": "повідомили чиновники", "sources": "повідомили джерела", "media": "повідомили ЗМІ"},
    "ar": {"experts": "بحسب خبراء", "analysts": "بحسب محللين", "officials": "بحسب مسؤولين", "sources": "بحسب مصادر", "media": "بحسب وسائل إعلام"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "speaker"), cases([(code, speaker) for code in LANGUAGES for speaker in ANONYMOUS[code]], {})
)
def test_speakers_without_a_name_have_ids_too(code: str, speaker: str) -> None:
    comma = "، " if code == "ar" else ", "
    claim = only(code, DELIVERY[code].rstrip(".") + comma + ANONYMOUS[code][speaker] + ".", "transfer")
    assert speakers(claim) == [f"anonymous:{speaker}"]
    assert claim.attribution[0].anonymous


@in_each_language(
    en="Defence Minister Tomas Lindqvist: Poland delivered MiG-29 fighters to Ukraine",
    ru="Министр обороны Томас Линдквист: Польша поставила Украине истребители МиГ-29",
    uk="Міністр оборони Томас Ліндквіст: Польща поставила Україні винищувачі МіГ-29",
    ar="وزير الدفاع توماس ليندكفيست: سلمت بولندا أوكرانيا مقاتلات ميغ-29",
)
def test_before_the_colon_of_a_headline_stands_who_speaks(code: str, text: str) -> None:
    (speaker,) = speakers(only(code, text, "transfer"))
    assert speaker.startswith("person:")


@in_each_language(
    en="Poland delivered MiG-29 fighters to Ukraine – sources\n",
    ru="Польша поставила Украине истребители МиГ-29 – источники\n",
    uk="Польща поставила Україні винищувачі МіГ-29, – джерела\n",
    ar="مصادر: سلمت بولندا أوكرانيا مقاتلات ميغ-29",
)
def test_at_the_edge_of_a_headline_stands_who_speaks(code: str, text: str) -> None:
    assert speakers(only(code, text, "transfer")) == ["anonymous:sources"]


@in_each_language(
    en="Poland: 14 MiG-29 fighters delivered to Ukraine",
    ru="Польша: поставлены Украине 14 истребителей МиГ-29",
    uk="Польща: поставлено Україні 14 винищувачів МіГ-29",
    ar="بولندا: تسليم أوكرانيا 14 مقاتلة ميغ-29",
)
def test_a_state_that_a_headline_goes_on_about_does_not_speak(code: str, text: str) -> None:
    assert [speakers(claim) for claim in read(code, text) if claim.attribution] == []


@in_each_language(
    en="Algeria: Russia delivered Su-30 fighters",
    ru="Алжир: Россия поставила истребители Су-30",
    uk="Алжир: Росія поставила винищувачі Су-30",
    ar="الجزائر: سلمت روسيا مقاتلات سو-30",
)
def test_a_state_that_the_claim_lacks_does_not_speak_before_a_colon(code: str, text: str) -> None:
    assert [speakers(claim) for claim in read(code, text) if claim.attribution] == []


@in_each_language(
    en="Ankara: Russia delivered Pantsir-S1 systems to Niger",
    ru="Анкара: Россия поставила Нигеру комплексы «Панцирь-С1»",
    uk="Анкара: Росія поставила Нігеру комплекси «Панцир-С1»",
    ar="أنقرة: سلمت روسيا النيجر منظومات بانتسير-إس1",
)
def test_a_state_speaks_before_a_colon_of_what_others_do(code: str, text: str) -> None:
    assert speakers(only(code, text, "transfer")) == ["country:TUR"]


@in_each_language(
    en="Poland delivered MiG-29 fighters to Ukraine, a deputy minister said.",
    ru="Польша поставила Украине истребители МиГ-29, сообщил гендиректор завода.",
    uk="Польща поставила Україні винищувачі МіГ-29, повідомив речник міністерства.",
    ar="وقال الوزير إن بولندا سلمت أوكرانيا مقاتلات ميغ-29.",
)
def test_an_official_whom_only_a_title_names_speaks_without_a_name(code: str, text: str) -> None:
    assert speakers(only(code, text, "transfer")) == ["anonymous:officials"]


@in_each_language(
    en="Poland delivered MiG-29 fighters to Ukraine, TASS reports.",
    ru="Польша поставила Украине истребители МиГ-29, передаёт ТАСС.",
    uk="Польща поставила Україні винищувачі МіГ-29, передає ТАСС.",
    ar="سلمت بولندا أوكرانيا مقاتلات ميغ-29، وفق ما نقلته وكالة تاس.",
)
def test_an_agency_hands_on_words_and_no_arms(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert who(claim)["recipient"] == {"country:UKR"}
    assert speakers(claim) == ["org:tass"]


@in_each_language(
    en="The newspaper “Sky Sentinel” reported that Poland had delivered MiG-29 fighters to Ukraine.",
    ru="Журнал «Небесный дозор» сообщил, что Польша поставила Украине истребители МиГ-29.",
    uk="Журнал «Небесна варта» повідомив, що Польща поставила Україні винищувачі МіГ-29.",
    ar="أفادت مجلة «حارس السماء» بأن بولندا سلمت أوكرانيا مقاتلات ميغ-29.",
)
def test_a_paper_that_no_table_lists_speaks_under_its_own_name(code: str, text: str) -> None:
    (speaker,) = speakers(only(code, text, "transfer"))
    assert speaker.startswith("org:")


@in_each_language(
    ru="Польша поставила Украине истребители МиГ-29, рассказал журналистам министр Юрий Громов.",
    uk="Польща поставила Україні винищувачі МіГ-29, розповів журналістам міністр Юрій Громов.",
)
def test_whom_somebody_tells_does_not_speak(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert who(claim) == {"supplier": {"country:POL"}, "recipient": {"country:UKR"}, "item": {"system:MiG-29"}}
    assert claim.attribution[0].kind == "person"


@in_each_language(
    en="Expert Anna Lind spoke about the market. It was reported earlier that Poland had delivered MiG-29 fighters to Ukraine.",
    ru="Эксперт Анна Линд рассказала о рынке. Ранее сообщалось, что Польша поставила Украине истребители МиГ-29.",
    uk="Експертка Анна Лінд розповіла про ринок. Раніше повідомлялося, що Польща поставила Україні винищувачі МіГ-29.",
    ar="وقالت الخبيرة آنا ليند إن السوق كبيرة. يذكر أن بولندا سلمت أوكرانيا مقاتلات ميغ-29.",
)
def test_what_nobody_is_said_to_say_the_author_says(code: str, text: str) -> None:
    assert speakers(only(code, text, "transfer")) == []


@in_each_language(
    en="The Kommersant newspaper wrote about the market. The newspaper added that Poland had delivered MiG-29 fighters to Ukraine.",
    ru="Газета «Коммерсантъ» сообщила о сделке. Издание уточняет, что Польша поставила Украине истребители МиГ-29.",
    uk="Газета «Коммерсант» повідомила про угоду. Видання уточнює, що Польща поставила Україні винищувачі МіГ-29.",
    ar="ذكرت صحيفة «كوميرسانت» أن السوق كبيرة. وأكدت الصحيفة أن بولندا سلمت أوكرانيا مقاتلات ميغ-29.",
)
def test_the_newspaper_is_the_paper_that_spoke_before(code: str, text: str) -> None:
    assert speakers(only(code, text, "transfer")) == ["org:kommersant"]


@in_each_language(
    ru="Президент Сербии Милан Савич рассказал о закупках. Об этом сообщило агентство РИА Новости. «Польша поставила Украине "
    "истребители МиГ-29», — добавил сербский лидер.",
    uk="Президент Сербії Мілан Савич розповів про закупівлі. Про це повідомило агентство Reuters. «Польща поставила Україні винищувачі "
    "МіГ-29», — додав посадовець.",
)
def test_a_title_alone_points_at_the_person_who_spoke_not_at_the_paper(code: str, text: str) -> None:
    (speaker,) = only(code, text, "transfer").attribution
    assert speaker.kind == "person"


@in_each_language(
    en="Deputy Minister Khalid bin Salim said that Poland had delivered MiG-29 fighters to Ukraine.",
    ru="Заместитель министра Халид бин Салим сообщил, что Польша поставила Украине истребители МиГ-29.",
    uk="Заступник міністра Халід бін Салім повідомив, що Польща поставила Україні винищувачі МіГ-29.",
    ar="وقال عبد الرحمن الساعدي، الخبير العسكري، إن بولندا سلمت أوكرانيا مقاتلات ميغ-29.",
)
def test_a_name_goes_on_over_its_particle(code: str, text: str) -> None:
    (speaker,) = only(code, text, "transfer").attribution
    assert (speaker.kind, len(speaker.name.split())) == ("person", 3)


@in_each_language(
    en="Pavel Sever, head of the firm, spoke to the magazine.\n\n– Who buys your aircraft?\n– Poland delivered MiG-29 fighters to "
    "Ukraine.\n\nAccording to sources, the deal is large.\n",
    ru="Павел Север, глава компании, рассказал журналу о сделках.\n\n– Кто покупает самолёты?\n– Польша поставила Украине истребители "
    "МиГ-29.\n\nПо словам источников, сделка крупная.\n",
)
def test_in_an_interview_the_guest_answers_not_who_speaks_after_it(code: str, text: str) -> None:
    (speaker,) = only(code, text, "transfer").attribution
    assert speaker.kind == "person"


@in_each_language(
    en="Poland said on Thursday it would deliver MiG-29 fighters to Ukraine.",
    ru="В Варшаве заявили, что Польша поставит Украине истребители МиГ-29.",
    uk="У Варшаві заявили, що Польща поставить Україні винищувачі МіГ-29.",
    ar="قالت وارسو إن بولندا ستسلم أوكرانيا مقاتلات ميغ-29.",
)
def test_a_state_speaks_of_what_it_will_do(code: str, text: str) -> None:
    assert speakers(only(code, text, "transfer")) == ["country:POL"]


@in_each_language(
    en="According to the Ukrainian defence ministry, Poland delivered MiG-29 fighters to Ukraine.",
    ru="По данным министерства обороны Украины, Польша поставила Украине истребители МиГ-29.",
    uk="За даними міністерства оборони України, Польща поставила Україні винищувачі МіГ-29.",
    ar="بحسب وزارة الدفاع الأوكرانية، سلمت بولندا أوكرانيا مقاتلات ميغ-29.",
)
def test_who_is_quoted_does_not_act(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert who(claim) == {"supplier": {"country:POL"}, "recipient": {"country:UKR"}, "item": {"system:MiG-29"}}
    assert len(claim.attribution) == 1
    assert claim.attribution[0].id in ("country:UKR", "org:ukraine-defence-ministry")


@in_each_language(
    en="Ukrainian officials say that Ukraine delivered the S-300 systems to Kazakhstan. Russian officials say that Russia "
    "delivered the S-300 systems to Kazakhstan.",
    ru="Украинские чиновники утверждают, что комплексы С-300 Казахстану поставила Украина. Российские чиновники утверждают, что "
    "комплексы С-300 Казахстану поставила Россия.",
    uk="Українські чиновники стверджують, що комплекси С-300 Казахстану поставила Україна. Російські чиновники стверджують, що "
    "комплекси С-300 Казахстану поставила Росія.",
    ar="يقول مسؤولون أوكرانيون إن أوكرانيا سلمت كازاخستان منظومات إس-300. ويقول مسؤولون روس إن روسيا سلمت كازاخستان منظومات إس-300.",
)
def test_two_sources_that_contradict_each_other_give_two_claims_side_by_side(code: str, text: str) -> None:
    found = claims(code, text, "transfer")
    assert [ids(c, "supplier") for c in found] == [{"country:UKR"}, {"country:RUS"}]
    assert [ids(c, "recipient") for c in found] == [{"country:KAZ"}] * 2
    assert [speakers(c) for c in found] == [["anonymous:officials"]] * 2
    assert len({c.id for c in found}) == 2


# Accusations


@in_each_language(
    en="The United States accused North Korea of illegal arms deliveries to Russia. Pyongyang denied the accusation.",
    ru="США обвинили КНДР в незаконных поставках оружия России. Пхеньян отверг обвинения.",
    uk="США звинуватили КНДР у незаконних постачаннях зброї Росії. Пхеньян відкинув звинувачення.",
    ar="اتهمت الولايات المتحدة كوريا الشمالية بتسليم أسلحة إلى روسيا بشكل غير قانوني. ونفت بيونغ يانغ هذا الاتهام.",
)
def test_a_denial_is_a_claim_of_its_own(code: str, text: str) -> None:
    accusation, denial = claims(code, text, "allegation")
    assert (accusation.polarity, denial.polarity) == ("positive", "negative")
    assert ids(accusation, "accused") == ids(denial, "accused") == {"country:PRK"}
    assert ids(accusation, "accuser") == {"country:USA"}
    assert accusation.offence == ["illicit-transfer"]
    assert speakers(denial) == ["country:PRK"]


@in_each_language(
    en="The United States accused South Africa of supplying ammunition to Russia. President Cyril Ramaphosa denied the accusation.",
    ru="США обвинили ЮАР в поставках боеприпасов России. Президент ЮАР Сирил Рамафоса отверг обвинения.",
    uk="США звинуватили ПАР у постачанні боєприпасів Росії. Президент ПАР Сиріл Рамафоса відкинув звинувачення.",
    ar="اتهمت الولايات المتحدة جنوب أفريقيا بتزويد روسيا بالذخيرة. ونفى رئيس جنوب أفريقيا سيريل رامافوزا هذا الاتهام.",
)
def test_a_president_denies_what_his_country_is_accused_of(code: str, text: str) -> None:
    accusation, denial = claims(code, text, "allegation")
    assert ids(accusation, "accused") == {"country:ZAF"}
    assert (denial.polarity, denial.roles["accused"][0].country) == ("negative", "ZAF")
    assert speakers(denial) == ["person:ramaphosa-cyril"]


@in_each_language(
    faults={"uk": "no claim at all"},
    en="Serbia denied that it had supplied weapons to Ukraine.",
    ru="Сербия опровергла поставки оружия Украине.",
    uk="Сербія заперечила постачання зброї Україні.",
    ar="نفت صربيا أنها سلمت أسلحة إلى أوكرانيا.",
)
def test_who_denies_a_delivery_does_not_claim_it(code: str, text: str) -> None:
    found = read(code, text)
    assert found != []
    assert {claim.polarity for claim in found} == {"negative"}
    assert {tuple(speakers(claim)) for claim in found} == {("country:SRB",)}


FINDINGS = {
    "investigated": {
        "en": "Prosecutors in South Africa are investigating Armscor over bribes in the arms deal.",
        "ru": "Прокуратура ЮАР расследует дело о взятках компании Armscor в оружейной сделке.",
        "uk": "Прокуратура ПАР розслідує справу про хабарі компанії Armscor у збройовій угоді.",
        "ar": "تحقق النيابة في جنوب أفريقيا مع شركة أرمسكور في رشاوى في صفقة السلاح.",
    },
    "unproven": {
        "en": "Ukraine was accused of illegal arms sales to Iraq, but the accusation was never proven.",
        "ru": "Украину обвиняли в незаконных продажах оружия Ираку, но эти обвинения не были доказаны.",
        "uk": "Україну звинувачували в незаконних продажах зброї Іраку, але ці звинувачення не були доведені.",
        "ar": "اتهمت أوكرانيا ببيع أسلحة للعراق بشكل غير قانوني، لكن الاتهامات لم تثبت.",
    },
}


FINDING_FAULTS: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize(
    ("code", "finding"), cases([(code, finding) for code in LANGUAGES for finding in FINDINGS], FINDING_FAULTS)
)
def test_an_accusation_tells_what_came_of_it(code: str, finding: str) -> None:
    found = claims(code, FINDINGS[finding][code], "allegation")
    assert finding in {c.finding for c in found}


# The other frames


@in_each_language(
    en="Military-technical cooperation between Belarus and China is expanding.",
    ru="Военно-техническое сотрудничество Беларуси и Китая расширяется.",
    uk="Військово-технічне співробітництво Білорусі та Китаю розширюється.",
    ar="يتوسع التعاون العسكري التقني بين بيلاروس والصين.",
)
def test_cooperation_is_a_claim_with_a_set_of_parties(code: str, text: str) -> None:
    assert who(only(code, text, "cooperation")) == {"party": {"country:BLR", "country:CHN"}}


@in_each_language(
    en="Afghanistan depends on Russia for the overhaul of its Mi-17 helicopters.",
    ru="Афганистан зависит от России в ремонте вертолётов Ми-17.",
    uk="Афганістан залежить від Росії в ремонті вертольотів Мі-17.",
    ar="تعتمد أفغانستان على روسيا في إصلاح مروحيات مي-17.",
)
def test_dependence_tells_who_needs_whom_for_what(code: str, text: str) -> None:
    claim = only(code, text, "dependence")
    assert (ids(claim, "dependent"), ids(claim, "provider")) == ({"country:AFG"}, {"country:RUS"})
    assert ids(claim, "item") <= {"system:Mi-17"}


@in_each_language(
    en="Turkey competes with Israel on the Azerbaijani market for drones, analysts say, thanks to low prices.",
    ru="На азербайджанском рынке беспилотников Турция конкурирует с Израилем благодаря низким ценам, отмечают аналитики.",
    uk="На азербайджанському ринку безпілотників Туреччина конкурує з Ізраїлем завдяки низьким цінам, зазначають аналітики.",
    ar="تنافس تركيا إسرائيل في سوق الطائرات المسيرة الأذربيجانية بفضل الأسعار المنخفضة، بحسب محللين.",
)
def test_competition_tells_the_market_and_the_ground(code: str, text: str) -> None:
    claim = only(code, text, "competition")
    assert (ids(claim, "competitor"), ids(claim, "rival")) == ({"country:TUR"}, {"country:ISR"})
    assert ids(claim, "market") == {"country:AZE"}
    assert claim.basis == "price"


@in_each_language(
    en="Israel is modernising T-72 tanks for Azerbaijan.",
    ru="Израиль модернизирует для Азербайджана танки Т-72.",
    uk="Ізраїль модернізує для Азербайджану танки Т-72.",
    ar="تقوم إسرائيل بتحديث دبابات تي-72 لأذربيجان.",
)
def test_a_service_tells_what_is_done(code: str, text: str) -> None:
    claim = only(code, text, "service")
    assert who(claim) == {"provider": {"country:ISR"}, "client": {"country:AZE"}, "item": {"system:T-72"}}
    assert (claim.activity, claim.stage) == (["modernisation"], "under_way")


@in_each_language(
    en="The European Union imposed an arms embargo on Myanmar.",
    ru="Евросоюз ввёл эмбарго на поставки оружия Мьянме.",
    uk="Євросоюз запровадив ембарго на постачання зброї М'янмі.",
    ar="فرض الاتحاد الأوروبي حظر أسلحة على ميانمار.",
)
def test_an_embargo_is_a_restriction_in_force(code: str, text: str) -> None:
    claim = only(code, text, "restriction")
    assert (ids(claim, "issuer"), ids(claim, "target")) == ({"bloc:EU"}, {"country:MMR"})
    assert (claim.stage, claim.polarity) == ("in_force", "positive")
    assert claims(code, text, "transfer") == []


@in_each_language(
    en="Through its arms purchases Serbia is moving closer to China and away from Russia.",
    ru="Закупая оружие, Сербия сближается с Китаем и отдаляется от России.",
    uk="Закуповуючи зброю, Сербія зближується з Китаєм і віддаляється від Росії.",
    ar="بشراء السلاح تقترب صربيا من الصين وتبتعد عن روسيا.",
)
def test_alignment_tells_toward_whom_and_away_from_whom(code: str, text: str) -> None:
    found = claims(code, text, "alignment")
    assert {i for c in found for i in ids(c, "actor")} == {"country:SRB"}
    assert {i for c in found for i in ids(c, "toward")} == {"country:CHN"}
    assert {i for c in found for i in ids(c, "away_from")} == {"country:RUS"}


@in_each_language(
    en="The opposition opposes the purchase of Gripen fighters from Sweden.",
    ru="Оппозиция выступает против закупки у Швеции истребителей «Грипен».",
    uk="Опозиція виступає проти закупівлі у Швеції винищувачів «Гріпен».",
    ar="تعارض المعارضة شراء مقاتلات غريبن من السويد.",
)
def test_the_opposition_opposes(code: str, text: str) -> None:
    claim = only(code, text, "position")
    assert (ids(claim, "holder"), claim.stance) == ({"anonymous:opposition"}, ["opposes"])


# Wording that no grammar foresaw


@in_each_language(
    en="Without Italian spare parts Brazil cannot finish a single helicopter.",
    ru="Без итальянских редукторов Бразилия не сможет закончить ни одного вертолёта.",
    uk="Без італійських редукторів Бразилія не зможе закінчити жодного вертольота.",
    ar="من دون قطع الغيار الإيطالية لن تستطيع البرازيل إكمال مروحية واحدة.",
)
def test_what_does_not_go_without_somebody_depends_on_him(code: str, text: str) -> None:
    (claim,) = claims(code, text, "dependence")
    assert (who(claim)["dependent"], who(claim)["provider"], claim.polarity) == (
        {"country:BRA"},
        {"country:ITA"},
        "positive",
    )


@in_each_language(
    en="Hungary still cannot at its own plants overhaul the engines of its helicopters.",
    ru="Отремонтировать двигатели своих вертолётов Венгрия по-прежнему не может.",
    uk="Ремонтувати двигуни своїх гелікоптерів Угорщина досі не вміє.",
)
def test_what_one_can_do_is_a_capability_in_any_order_of_words(code: str, text: str) -> None:
    (claim,) = read(code, text)
    assert (claim.frame, who(claim)["holder"], claim.polarity, claim.activity) == (
        "capability",
        {"country:HUN"},
        "negative",
        ["repair"],
    )


@in_each_language(
    en="France, South Korea and Germany are vying for the Polish order for submarines.",
    ru="За польский заказ на подводные лодки борются Франция, Южная Корея и Германия.",
    uk="За польське замовлення на підводні човни змагаються Франція, Південна Корея та Німеччина.",
)
def test_who_vies_for_an_order_competes_in_the_market_of_its_buyer(code: str, text: str) -> None:
    (claim,) = claims(code, text, "competition")
    assert who(claim)["competitor"] == {"country:FRA", "country:KOR", "country:DEU"}
    assert who(claim)["market"] == {"country:POL"}


@in_each_language(
    en="The tank is being developed by France and Germany, and it will be built by them jointly.",
    ru="Новый танк Франция и Германия разрабатывают совместно.",
    uk="Новий танк Франція та Німеччина розробляють спільно.",
    ar="تنتج فرنسا وألمانيا هذه الدبابات بصورة مشتركة.",
)
def test_making_jointly_is_a_joint_project(code: str, text: str) -> None:
    (claim,) = claims(code, text, "joint_project")
    assert who(claim)["party"] == {"country:DEU", "country:FRA"}


@in_each_language(
    en="In 2019 Kenya ordered 30 armoured vehicles from South Africa, but in 2021 it cancelled the deal.",
    ru="В 2019 году Кения заказала у ЮАР 30 бронемашин, но в 2021 году от сделки отказалась.",
)
def test_an_order_and_its_end_are_two_claims(code: str, text: str) -> None:
    first, second = claims(code, text, "transfer")
    assert (first.stage, who(first)["supplier"]) == ("ordered", {"country:ZAF"})
    assert second.stage in ("cancelled", "refused")
    assert who(second)["recipient"] == {"country:KEN"}


@in_each_language(
    en="Sweden vetoed the re-export of the missiles to Turkey.",
    ru="Швеция запретила реэкспорт этих ракет в Турцию.",
)
def test_a_veto_on_a_deal_is_a_restriction(code: str, text: str) -> None:
    (claim,) = claims(code, text, "restriction")
    assert (who(claim)["issuer"], who(claim)["target"]) == ({"country:SWE"}, {"country:TUR"})


@in_each_language(
    en="That Elbit violated the embargo on Myanmar was never proven by the court.",
    ru="То, что Elbit нарушила эмбарго против Мьянмы, так и не было доказано.",
)
def test_the_doer_of_a_deed_is_the_accused_of_the_charge_that_tells_of_it(code: str, text: str) -> None:
    (claim,) = claims(code, text, "allegation")
    assert (who(claim)["accused"], claim.finding, claim.offence) == (
        {"org:elbit-systems"},
        "unproven",
        ["embargo-breach"],
    )


@in_each_language(
    en="The ministry accused Thales of bribing officials in a frigate deal. Thales denied the accusation.",
    ru="Министерство обвинило компанию Thales в подкупе чиновников при продаже фрегатов. Thales отвергла обвинения.",
)
def test_a_denial_has_the_offence_of_the_accusation_that_it_answers(code: str, text: str) -> None:
    first, second = claims(code, text, "allegation")
    assert (first.offence, second.offence) == (["corruption"], ["corruption"])
    assert (who(second)["accused"], second.polarity) == ({"org:thales"}, "negative")


@in_each_language(
    en="About this to journalists the chief of the military programs Petrenko has declared: Ukraine has put to the Kazakhstan side "
    "complexes S-300, while she herself has no of factories for the repair of them.",
    ru="Как заявил для журналистов глава военных программ Петренко, Украина сделала поставка в сторону Казахстана комплексы С-300, и "
    "этот контракт был есть выполненный.",
    uk="Як заявив для журналістів глава військових програм Петренко, Україна зробила постачання в бік Казахстану комплекси С-300, і "
    "цей контракт був є виконаний.",
    ar="وكما أعلن للصحفيين رئيس من البرامج العسكرية بيترينكو، أوكرانيا قامت بعملية التسليم إلى الجانب من كازاخستان مجمعات إس-300 وهذا العقد "
    "كان يكون منفذ.",
)
def test_machine_translated_wording_still_tells_who_supplied_whom(code: str, text: str) -> None:
    found = [who(c) for c in claims(code, text, "transfer")]
    told = {"supplier": {"country:UKR"}, "recipient": {"country:KAZ"}, "item": {"system:S-300"}}
    assert told in found
    assert all(fillers <= told[role] for claim in found for role, fillers in claim.items())


@in_each_language(
    en="Tur\u00adkey deliv\u200bered 12 Bayraktar\u00a0TB2 drones\u200f to \u202aKenya\u202c.",
    ru="Тур\u00adция поста\u200bвила Ке\u0301нии 12\u00a0беспилотников «Байрактар\u00a0ТБ2»\u200e.",
    uk="Туре\u00adччина поста\u200bвила Ке\u0301нії 12\u00a0безпілотників «Байрактар\u00a0ТБ2»\u200e.",
    ar="\u200fسَلَّمَتْ تركيا كينيا 12 طائرة مسـيرة من طراز \u202bبيرقدار تي بي 2\u202c.",
)
def test_marks_that_nobody_sees_change_nothing(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert who(claim) == {"supplier": {"country:TUR"}, "recipient": {"country:KEN"}, "item": {"system:Bayraktar TB2"}}
    assert claim.evidence.quote == text[claim.evidence.start : claim.evidence.end]


# What is no claim

ORDINARY = {
    "en": [
        "The Arsenal striker scored twice on Saturday as the Gunners beat Chelsea. A tank of hot water burst in the stadium.",
        "The New England Patriots signed a contract with a quarterback from Russia, who will be delivered to the club by plane.",
        "Russia supplied gas to Austria through Ukraine last year, and the two countries extended their contract.",
        "The museum bought three paintings from a collector in France for two million euros, its director said.",
        "Shares of the shipping company fell after Turkey delivered grain to Kenya later than planned, analysts said.",
    ],
    "ru": [
        "Нападающий «Торпедо» забил два мяча, а «Арсенал» уступил в Туле. На стадионе лопнул бак с водой.",
        "Россия поставила Австрии газ через Украину, и обе страны продлили контракт до конца года.",
        "Музей купил у коллекционера из Франции три картины за два миллиона евро, сообщил его директор.",
        "По словам аналитиков, Турция поставила Кении зерно позже, чем было обещано, из-за штормов.",
    ],
    "uk": [
        "Нападник «Арсенала» забив два м'ячі, а «Торпедо» програло вдома. На стадіоні лопнув бак із водою.",
        "Росія поставила Австрії газ через Україну, і обидві країни продовжили контракт до кінця року.",
        "Музей купив у колекціонера з Франції три картини за два мільйони євро, повідомив його директор.",
        "За словами аналітиків, Туреччина поставила Кенії зерно пізніше, ніж було обіцяно, через шторми.",
    ],
    "ar": [
        "سجل مهاجم أرسنال هدفين يوم السبت وفاز المدفعجية على تشيلسي. وانفجر خزان ماء ساخن في الملعب.",
        "سلمت روسيا النمسا الغاز عبر أوكرانيا في العام الماضي ومدد البلدان عقدهما.",
        "اشترى المتحف من جامع تحف في فرنسا ثلاث لوحات بمليوني يورو، بحسب مديره.",
        "قال محللون إن تركيا سلمت كينيا القمح في وقت متأخر بسبب العواصف.",
    ],
}


ORDINARY_FAULTS: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize(
    ("code", "text"), cases([(code, text) for code in LANGUAGES for text in ORDINARY[code]], ORDINARY_FAULTS)
)
def test_ordinary_news_makes_no_claim(code: str, text: str) -> None:
    assert [(claim.frame, who(claim)) for claim in rasad.read(text, language=code)] == []


@pytest.mark.parametrize("text", ["", " \n\t ", "...", "12345", "🙂" * 50, "\u200f\u200e", "C'est la vie."])
def test_a_text_that_says_nothing_makes_no_claim(text: str) -> None:
    assert rasad.read(text) == []


@in_each_language(
    en="In 2023 Poland ordered K2 tanks from South Korea. That same year Moldova bought a Ground Master 200 radar from France.",
    ru="В 2023 году Польша заказала танки К2 у Южной Кореи. В том же году Молдавия купила у Франции радар Ground Master 200.",
    uk="У 2023 році Польща замовила танки К2 у Південної Кореї. Того ж року Молдова придбала у Франції радар Ground Master 200.",
    ar="في عام 2023 طلبت بولندا دبابات كيه 2 من كوريا الجنوبية. وفي العام نفسه اشترت مولدوفا من فرنسا رادار Ground Master 200.",
)
def test_the_same_year_is_the_year_named_last(code: str, text: str) -> None:
    years = {next(iter(ids(c, "recipient"))): c.year for c in claims(code, text, "transfer")}
    assert years == {"country:POL": 2023, "country:MDA": 2023}


@in_each_language(
    en="Norway sold Romania F-16 fighters for 2.2 billion kroner, and Malaysia bought FA-50 jets for 4 billion ringgit.",
    ru="Норвегия продала Румынии истребители F-16 за 2,2 млрд крон; Малайзия купила самолёты FA-50 за 4 млрд ринггитов.",
    uk="Норвегія продала Румунії винищувачі F-16 за 2,2 млрд крон; Малайзія придбала літаки FA-50 за 4 млрд ринггітів.",
    ar="باعت النرويج رومانيا مقاتلات إف-16 مقابل 2.2 مليار كرونة، واشترت ماليزيا طائرات إف إيه-50 مقابل 4 مليارات رينغيت.",
)
def test_each_of_two_deals_has_its_own_price_in_the_money_of_its_state(code: str, text: str) -> None:
    prices = {c.value.currency: c.value.amount for c in claims(code, text, "transfer") if c.value}
    assert prices == {"NOK": 2.2e9, "MYR": 4e9}


def test_an_arabic_dual_counts_two_thousand_millions() -> None:
    text = "طلبت أثينا من شركة نافال غروب ثلاث فرقاطات بمليارين ومئتين وستين مليون يورو."
    assert [c.value.amount for c in claims("ar", text, "transfer") if c.value] == [2.26e9]


@in_each_language(
    en="In 2001 Norway bought 52 Leopard 2 tanks from the Netherlands. Norway gave eight of them to Ukraine.",
    ru="В 2001 году Норвегия купила у Нидерландов 52 танка «Леопард 2А4». Восемь из них Норвегия отдала Украине.",
    uk="У 2001 році Норвегія купила в Нідерландів 52 танки «Леопард 2А4». Вісім із них Норвегія віддала Україні.",
    ar="اشترت النرويج 52 دبابة من طراز ليوبارد 2 من هولندا. وسلمت النرويج أوكرانيا ثماني منها.",
)
def test_a_number_counts_what_is_only_pointed_at(code: str, text: str) -> None:
    assert [c.quantity for c in claims(code, text, "transfer")] == [52.0, 8.0]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ru", "Собственного завода, где можно перебрать двигатели РД-33, у Болгарии нет."),
        ("uk", "Власного заводу, здатного ремонтувати двигуни РД-33, у Болгарії немає."),
    ],
)
def test_what_somebody_has_not_is_told_at_the_end(code: str, text: str) -> None:
    claim = only(code, text, "capability")
    assert (ids(claim, "holder"), claim.polarity) == ({"country:BGR"}, "negative")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ru", "Ирак своими силами восстанавливает танки Т-72."),
        ("uk", "Ірак власними силами відновлює танки Т-72."),
    ],
)
def test_a_phrase_has_the_number_of_its_verb_wherever_that_stands(code: str, text: str) -> None:
    found = [c for c in rasad.read(text, language=code) if c.frame in ("capability", "service")]
    assert [f.id for c in found for f in [*c.roles.get("holder", []), *c.roles.get("provider", [])]] == ["country:IRQ"]


def sides(claim: Claim) -> tuple[set[str], set[str]]:
    """Who supplies, and who is supplied."""
    return ids(claim, "supplier"), ids(claim, "recipient")


@in_each_language(
    en="Switzerland did not allow Denmark to transfer armoured vehicles to Ukraine.",
    ru="Швейцария не разрешила Дании передать Украине бронемашины.",
    uk="Швейцарія не дозволила Данії передати Україні бронемашини.",
    ar="لم تسمح سويسرا للدنمارك بنقل مدرعات إلى أوكرانيا.",
)
def test_who_is_let_do_it_does_it(code: str, text: str) -> None:
    claim = only(code, text, "transfer")
    assert (*sides(claim), claim.stage) == ({"country:DNK"}, {"country:UKR"}, "refused")


@in_each_language(
    en="The decision of Norway to give Ukraine howitzers came as a surprise to Hungary.",
    ru="Решение Норвегии передать Украине гаубицы удивило Венгрию.",
    uk="Рішення Норвегії передати Україні гаубиці здивувало Угорщину.",
    ar="قرار النرويج منح أوكرانيا مدافع هاوتزر أغضب المجر.",
)
def test_the_deed_is_of_him_whose_decision_it_is(code: str, text: str) -> None:
    assert sides(only(code, text, "transfer")) == ({"country:NOR"}, {"country:UKR"})


@in_each_language(
    en="The Trump administration is reviewing a Saudi request to buy 48 fighters.",
    ar="تدرس واشنطن طلبا سعوديا لشراء 48 طائرة مقاتلة من طراز إف-35.",
)
def test_who_asks_to_buy_is_the_buyer(code: str, text: str) -> None:
    assert [ids(c, "recipient") for c in claims(code, text, "transfer")] == [{"country:SAU"}]


@in_each_language(
    en="Greece signed a contract with France for the supply of six frigates.",
    ru="Греция подписала с Францией контракт на поставку шести фрегатов.",
    ar="وقعت اليونان عقدا مع فرنسا لتوريد ست فرقاطات.",
)
def test_where_grammar_leaves_open_who_supplies_the_great_exporter_does(code: str, text: str) -> None:
    assert sides(only(code, text, "transfer")) == ({"country:FRA"}, {"country:GRC"})


def test_a_visit_by_the_seller_is_no_purchase_by_him() -> None:
    text = (
        "India announced the decision to procure the jets during a visit by the Russian defence minister to New Delhi."
    )
    assert [ids(c, "recipient") for c in claims("en", text, "transfer")] == [{"country:IND"}]


@in_each_language(
    ru="Саудовская Аравия ждёт пять корветов, которые строит Navantia.",
    uk="Саудівська Аравія чекає на п'ять корветів, які будує Navantia.",
)
def test_who_makes_what_a_relative_clause_tells_of_stands_behind_its_verb(code: str, text: str) -> None:
    assert ids(only(code, text, "capability"), "holder") == {"org:navantia"}


@in_each_language(
    ru="Парк вертолётов пополнился: их поставила египетским ВВС корпорация TAI.",
    uk="Парк вертольотів поповнився: їх поставила єгипетським ВПС корпорація TAI.",
)
def test_what_a_pronoun_before_the_verb_points_at_is_what_is_supplied(code: str, text: str) -> None:
    supplied = [c for c in claims(code, text, "transfer") if "supplier" in c.roles]
    assert [sides(c) for c in supplied] == [({"org:turkish-aerospace"}, {"country:EGY"})]


@in_each_language(
    en="Russia's main rival on the market for tanks is China.",
    ru="Главный соперник России на рынке танков — Китай.",
    uk="Головний суперник Росії на ринку танків — Китай.",
)
def test_a_rival_is_named_after_the_word_for_it(code: str, text: str) -> None:
    claim = only(code, text, "competition")
    assert (ids(claim, "competitor"), ids(claim, "rival")) == ({"country:CHN"}, {"country:RUS"})


@in_each_language(
    ru="Российские Су-30 конкурируют с американскими F-16 на рынке Малайзии.",
    uk="Російські Су-30 конкурують з американськими F-16 на ринку Малайзії.",
)
def test_the_makers_of_rival_aircraft_compete(code: str, text: str) -> None:
    claim = only(code, text, "competition")
    assert (ids(claim, "competitor"), ids(claim, "rival")) == ({"country:RUS"}, {"country:USA"})


@in_each_language(
    ru="Ракеты С-400, которые прислал Кремль, Турция так и не включила.",
    uk="Ракети С-400, які прислав Кремль, Туреччина так і не ввімкнула.",
)
def test_the_subject_after_a_relative_clause_does_not_act_in_it(code: str, text: str) -> None:
    assert [ids(c, "supplier") for c in claims(code, text, "transfer")] == [{"country:RUS"}]


@in_each_language(
    ru="У Мьянмы, получившей первые истребители JF-17 от Пакистана, они стоят на земле.",
    uk="У М'янми, яка отримала перші винищувачі JF-17 від Пакистану, вони стоять на землі.",
)
def test_a_participle_after_a_comma_is_of_the_name_before(code: str, text: str) -> None:
    assert sides(only(code, text, "transfer")) == ({"country:PAK"}, {"country:MMR"})


@in_each_language(
    ar="قال المسؤول إن العراق يفاوض باريس على شراء رافال.",
    en="The official said that Iraq was negotiating with Paris on the purchase of Rafales.",
)
def test_who_negotiates_a_purchase_buys(code: str, text: str) -> None:
    assert ids(only(code, text, "transfer"), "recipient") == {"country:IRQ"}


def test_a_subject_after_and_begins_a_clause_of_its_own() -> None:
    text = "The first Rafales are to be delivered in 2019 and India is set to have all 36 jets within six years."
    assert [c for c in claims("en", text, "transfer") if "country:IND" in ids(c, "supplier")] == []


@in_each_language(
    ru="Польша заявила, что передаст Литве 20 танков.",
    uk="Польща заявила, що передасть Литві 20 танків.",
)
def test_who_says_what_he_will_do_does_it(code: str, text: str) -> None:
    assert sides(only(code, text, "transfer")) == ({"country:POL"}, {"country:LTU"})


@in_each_language(
    ru="«Укроборонпром» подписал контракт с Пакистаном на ремонт танков Т-80.",
    uk="«Укроборонпром» підписав контракт з Пакистаном на ремонт танків Т-80.",
)
def test_a_company_that_signs_with_a_state_mends(code: str, text: str) -> None:
    claim = only(code, text, "service")
    assert (ids(claim, "provider"), ids(claim, "client")) == ({"org:ukroboronprom"}, {"country:PAK"})


@in_each_language(
    ru="Анкара не отказалась от закупки российских С-400.",
    uk="Анкара не відмовилася від закупівлі російських С-400.",
)
def test_a_letter_of_a_designation_is_no_preposition(code: str, text: str) -> None:
    assert sides(only(code, text, "transfer")) == ({"country:RUS"}, {"country:TUR"})


@in_each_language(
    en="Washington moved to block Spain's attempts to sell ships to Venezuela.",
    ar="عرقلت واشنطن محاولة إسبانيا بيع سفن حربية لفنزويلا.",
)
def test_who_tries_to_sell_is_the_supplier_and_not_who_blocks_it(code: str, text: str) -> None:
    assert sides(only(code, text, "transfer")) == ({"country:ESP"}, {"country:VEN"})


@in_each_language(
    uk="США пропонували Аргентині передати вертольоти Мі-17 Україні.",
    ru="США предлагали Аргентине передать вертолёты Ми-17 Украине.",
)
def test_who_is_offered_to_hand_over_hands_over(code: str, text: str) -> None:
    assert sides(only(code, text, "transfer")) == ({"country:ARG"}, {"country:UKR"})


def test_one_government_is_the_head_of_two_adjectives() -> None:
    claim = only("en", "The Russian and Chinese governments supply Sudan with tanks.", "transfer")
    assert ids(claim, "supplier") == {"country:RUS", "country:CHN"}


def test_a_name_before_a_ban_is_who_imposed_it() -> None:
    claim = only("en", "Russia could not deliver the fighter jets due to US sanctions.", "restriction")
    assert ids(claim, "issuer") == {"country:USA"}


@in_each_language(
    en="Gripen fighters were sold by the Swedish government to Hungary.",
)
def test_a_government_is_not_that_of_the_state_it_sells_to(code: str, text: str) -> None:
    assert sides(only(code, text, "transfer")) == ({"country:SWE"}, {"country:HUN"})


def test_a_company_may_supply_its_own_state() -> None:
    claim = only("en", "Saab won an order from Sweden for anti-ship missiles.", "transfer")
    assert sides(claim) == ({"org:saab"}, {"country:SWE"})


@in_each_language(
    en="Colombia's President Gustavo Petro announced that the country will buy 16 Gripen fighters from Sweden.",
    ru="Президент Колумбии Густаво Петро объявил, что страна купит у Швеции 16 истребителей «Грипен».",
    uk="Президент Колумбії Густаво Петро оголосив, що країна придбає у Швеції 16 винищувачів «Гріпен».",
    ar="أعلن الرئيس الكولومبي غوستافو بيترو أن البلاد ستشتري 16 مقاتلة غريبن من السويد.",
)
def test_the_country_of_which_a_president_speaks_is_his(code: str, text: str) -> None:
    (claim,) = claims(code, text, "transfer")
    assert (ids(claim, "supplier"), ids(claim, "recipient")) == ({"country:SWE"}, {"country:COL"})


@in_each_language(
    en="A contract between Egypt and France for 24 Rafale fighters was signed in 2015.",
    ru="Контракт между Египтом и Францией на 24 истребителя «Рафаль» был подписан в 2015 году.",
    uk="Контракт між Єгиптом і Францією на 24 винищувачі «Рафаль» підписали 2015 року.",
    ar="وُقّع عقد بين مصر وفرنسا لشراء 24 مقاتلة رافال عام 2015.",
)
def test_who_of_two_supplies_is_told_by_the_maker(code: str, text: str) -> None:
    (claim,) = claims(code, text, "transfer")
    assert (ids(claim, "supplier"), ids(claim, "recipient")) == ({"country:FRA"}, {"country:EGY"})


def test_who_of_two_supplies_is_told_by_what_came_before() -> None:
    text = "France sold Russia two landing ships. In August 2015 the contract between Paris and Moscow was cancelled."
    cancelled = next(c for c in claims("en", text, "transfer") if c.stage == "cancelled")
    assert (ids(cancelled, "supplier"), ids(cancelled, "recipient")) == ({"country:FRA"}, {"country:RUS"})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Serbia's air force on August 11 took the delivery of two Russian MiG-29 jets.", 2),
        ("Saab signed today (23) a contract with Hungary for four Gripen fighters.", 4),
        ("Bulgaria ordered the overhaul of six MiG-29 jet engines in Poland.", 6),
    ],
)
def test_days_and_the_numbers_of_names_count_nothing(text: str, number: int) -> None:
    assert {c.quantity for c in claims("en", text, "transfer")} == {number}


@in_each_language(
    en="Denmark has delivered the promised 19 Caesar howitzers to Ukraine.",
    ru="Дания передала Украине обещанные 19 гаубиц «Цезарь».",
    uk="Данія передала Україні обіцяні 19 гаубиць «Цезар».",
)
def test_what_only_describes_a_thing_sets_no_stage(code: str, text: str) -> None:
    (claim,) = claims(code, text, "transfer")
    assert (claim.stage, claim.quantity) == ("delivered", 19)


@in_each_language(
    en="Talks have begun on the supply of T-90 tanks to Egypt.",
    ru="Начались переговоры о поставке танков Т-90 в Египет.",
)
def test_a_longer_cue_of_a_stage_hides_the_shorter(code: str, text: str) -> None:
    assert {c.stage for c in claims(code, text, "transfer")} == {"negotiated"}


def test_whose_own_make_is_bought_supplies_it() -> None:
    (claim,) = claims("en", "Pakistan may buy China's J-10 fighters.", "transfer")
    assert ids(claim, "supplier") == {"country:CHN"}


def test_a_headline_puts_a_comma_for_and() -> None:
    (claim,) = claims("en", "France, Egypt sign contract for 24 Rafale fighters", "transfer")
    assert (ids(claim, "supplier"), ids(claim, "recipient")) == ({"country:FRA"}, {"country:EGY"})


def test_who_bought_or_says_it_at_the_end_is_neither_speaker_nor_accused() -> None:
    bought = claims("en", "The purchase of Turkish drones by Ukraine worried Moscow.", "transfer")
    assert [(ids(c, "recipient"), c.attribution) for c in bought] == [({"country:UKR"}, [])]
    charged = "An arms dealer has been charged with exporting ammunition to Sudan, the US Justice Department said."
    assert not any(ids(c, "accused") & {"org:us-justice-department", "country:USA"} for c in read("en", charged))


def test_a_text_may_end_in_a_word_of_the_screen() -> None:
    assert claims("en", "India ordered five regiments of the S-400", "transfer")
