"""What is a claim and what is none, and the numbers, stages and years of those that are. The reports are invented."""

from __future__ import annotations

import pytest
from tests.engines.corpus import gold

import rasad
from rasad.claims import Claim
from rasad.reading import may_claim
from rasad.reading.screen import screen

ABOUT_ARMS = {  # so that no report is too short to be about arms
    "ar": " افتتح يوم الاثنين معرض الأسلحة والمعدات العسكرية.",
    "en": " The exhibition of weapons and military equipment opened on Monday.",
    "ru": " В понедельник открылась выставка вооружений и военной техники.",
    "uk": " У понеділок відкрилася виставка озброєнь і військової техніки.",
}


def claims(code: str, text: str) -> list[Claim]:
    """The claims of a text that belongs to a report about arms."""
    return rasad.read(text + ABOUT_ARMS[code], language=code)


def transfers(code: str, text: str) -> list[Claim]:
    return [claim for claim in claims(code, text) if claim.frame == "transfer"]


# Fixed phrases


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "نفذت البحرية التركية تدريبا مشتركا مع فرقاطات تونسية، ورافقتها سفينة إمداد."),
        ("ar", "وتسلم قائد الفرقاطة جائزة من تونس."),
        ("en", "The Polish general pays a visit to the German tank plant on Monday."),
        ("en", "Latvia sent up two helicopters and asked Estonia for help."),
        ("ru", "Экипажи чешских вертолётов провели учебные стрельбы в полигонах боевой подготовки."),
        ("uk", "Екіпаж чеського вертольота отримав наказ, а словацький екіпаж узяв участь у навчаннях."),
    ],
)
def test_a_fixed_phrase_that_looks_like_a_deal_is_none(code: str, text: str) -> None:
    assert [(c.frame, c.evidence.quote) for c in claims(code, text)] == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Turkish crews sent troops and Turkey supplied Tunisia with howitzers under fire."),
        ("ru", "Турция получила приказ и поставила Тунису гаубицы."),
    ],
)
def test_the_deal_beside_a_fixed_phrase_is_read(code: str, text: str) -> None:
    (claim,) = transfers(code, text)
    assert [f.id for f in claim.roles["item"]] == ["class:howitzer"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "اشترت شركة الطيران مروحيتين من إيطاليا لنقل الركاب."),
        ("en", "The airline bought two helicopters from Italy for passengers."),
        ("en", "Farmers in Kenya bought 30 drones from China."),
        ("ru", "Больница получила вертолёт из Германии."),
        ("uk", "Фермери Кенії купили в Китаю 30 дронів."),
    ],
)
def test_the_machines_of_airlines_farmers_and_hospitals_are_no_arms(code: str, text: str) -> None:
    assert rasad.read(text, language=code) == []
    assert transfers(code, text) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "The Kenyan army bought 30 drones from China and showed them to the passengers of a ferry."),
        ("ru", "Армия Кении купила у Китая 30 дронов и показала их фермерам."),
    ],
)
def test_the_machines_of_an_army_are_arms_whoever_looks_at_them(code: str, text: str) -> None:
    (claim,) = transfers(code, text)
    assert {f.id for f in claim.roles["item"]} == {"class:drone"}


# Numbers

ORDERED = {
    "ar": "طلبت بولندا من كوريا الجنوبية 180 دبابة كي 2. ",
    "en": "Poland has ordered 180 K2 tanks from South Korea. ",
    "ru": "Польша заказала у Южной Кореи 180 танков К2. ",
    "uk": "Польща замовила в Південної Кореї 180 танків К2. ",
}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "وسُلمت عشر في ديسمبر."),
        ("en", "Ten were delivered in December."),
        ("ru", "Десять поставили в декабре."),
        ("uk", "Десять поставили в грудні."),
    ],
)
def test_a_number_that_a_verb_tells_points_back_at_what_was_named(code: str, text: str) -> None:
    ordered, delivered = transfers(code, ORDERED[code] + text)
    assert (ordered.stage, ordered.quantity) == ("ordered", 180)
    assert (delivered.stage, delivered.quantity) == ("delivered", 10)
    assert {f.id for f in delivered.roles["item"]} == {f.id for f in ordered.roles["item"]}
    assert {f.id for f in delivered.roles["recipient"]} == {"country:POL"}


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("en", "France has delivered two of six frigates to Greece.", 2),
        ("ru", "Франция передала Греции два из шести фрегатов.", 2),
        ("uk", "Франція передала Греції два з шести фрегатів.", 2),
        ("en", "France has delivered to Greece the last of the 24 fighters.", None),
        ("ru", "Франция передала Греции последний из 24 истребителей.", None),
        ("uk", "Франція передала Греції останній із 24 винищувачів.", None),
    ],
)
def test_a_part_has_its_own_number_and_not_that_of_the_whole(code: str, text: str, number: int | None) -> None:
    (claim,) = transfers(code, text)
    assert claim.quantity == number


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "وسيجري تسليم الدبابات بعد ثلاث سنوات."),
        ("en", "The tanks will be delivered in two years."),
        ("en", "The tanks were delivered on 12 March."),
        ("ru", "Эти танки поставят через два года."),
        ("uk", "Ці танки поставлять за два роки."),
    ],
)
def test_a_number_of_years_or_a_day_of_a_month_counts_no_equipment(code: str, text: str) -> None:
    _, delivered = transfers(code, ORDERED[code] + text)
    assert delivered.quantity is None


# Stage, polarity, year


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Turkey has given Azerbaijan no armed drones."),
        ("en", "Sweden will get no missiles from France."),
        ("ru", "Передачу танков Киеву Рабат отрицает."),
        ("uk", "Рабат передачу танків Києву заперечує."),
    ],
)
def test_what_is_not_given_or_is_denied_is_no_transfer(code: str, text: str) -> None:
    (claim,) = claims(code, text)
    assert (claim.frame, claim.polarity) == ("transfer", "negative")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Poland received the K2 tanks that it had ordered from South Korea in 2022."),
        ("ru", "Польша получила танки К2, которые заказала в Южной Корее в 2022 году."),
        ("ru", "Польша получила заказанные в Южной Корее в 2022 году танки К2."),
        ("uk", "Польща отримала танки К2, які замовила в Південній Кореї 2022 року."),
    ],
)
def test_the_year_of_the_order_is_not_that_of_the_delivery(code: str, text: str) -> None:
    (delivered,) = [c for c in transfers(code, text) if c.stage == "delivered"]
    assert delivered.year is None


# The screen

AROUND = {  # of something else, so that a sentence about arms stands alone in it
    "ar": " كان الطقس في العاصمة جيدا يوم الاثنين. وكانت المتاجر مفتوحة والحافلات تسير في مواعيدها، كما قال رئيس بلدية المدينة الذي "
    "التقى معلمي مدرستين ثم ذهب إلى الغداء مع الأسقف ومدير البنك المحلي.",
    "en": " The weather in the capital was fine on Monday. Shops were open and the buses ran on time, said the mayor of the town, "
    "who met the teachers of two schools, and then he went to lunch with the bishop and the head of the local bank.",
    "ru": " Погода в столице в понедельник была хорошей. Магазины работали, автобусы ходили по расписанию, рассказал мэр города, "
    "который встретился с учителями двух школ, а потом отправился на обед с епископом и главой местного банка.",
    "uk": " Погода в столиці в понеділок була гарною. Крамниці працювали, автобуси ходили за розкладом, розповів мер міста, який "
    "зустрівся з учителями двох шкіл, а потім вирушив на обід з єпископом і головою місцевого банку.",
}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", "ستشتري كينيا 12 مروحية من صربيا."),
        ("en", "Kenya will buy 12 helicopters from Serbia."),
        ("ru", "Кения купит у Сербии 12 вертолётов."),
        ("uk", "Кенія купить у Сербії 12 вертольотів."),
        ("uk", "Кенія отримала від Сербії броньовик і гаубицю."),
        ("en", "Kenya's navy has received a corvette from Serbia."),
    ],
)
def test_one_sentence_of_a_brief_is_enough_to_be_about_arms(code: str, text: str) -> None:
    (claim,) = rasad.read(text + AROUND[code], language=code)
    assert {f.id for f in claim.roles["recipient"]} & {"country:KEN", "org:kenyan-navy"}


def test_forms_of_one_word_do_not_make_a_long_report_one_about_arms() -> None:
    text = "Kenya bought a tank from Serbia; such tanks hold rain, and the bomb found there, like all bombs of that year, was harmless."
    assert rasad.read(text + 3 * AROUND["en"], language="en") == []


MUSEUM = {  # about arms, with which nobody does anything
    "ar": "في متحف المدينة قاعة جديدة فيها دبابة ومدفع هاوتزر وصاروخ مضاد للدبابات ومدرعة. القاعة مفتوحة يوم الجمعة، والأطفال يحبون الدبابة.",
    "en": "The museum of the town has a new hall with a battle tank, a howitzer, an anti-tank missile and a fighter aircraft. It is open on Friday.",
    "ru": "В музее города новый зал: там танк, гаубица, противотанковая ракета и истребитель. Зал открыт по пятницам, детям нравится танк.",
    "uk": "У музеї міста новий зал: там танк, гаубиця, протитанкова ракета й винищувач. Зал відкритий щоп'ятниці, дітям подобається танк.",
}


@pytest.mark.parametrize("code", MUSEUM)
def test_a_text_in_which_nobody_does_anything_with_arms_is_not_let_through(code: str) -> None:
    hits = screen(MUSEUM[code])
    assert hits is not None
    assert not may_claim(MUSEUM[code], code, hits)


def test_what_has_claims_is_let_through() -> None:
    texts = [(name, text) for name, text in gold(12) if rasad.read(text, language=name[-2:])]
    assert len(texts) > 30
    for name, text in texts:
        hits = screen(text)
        assert hits is not None, name
        assert may_claim(text, name[-2:], hits), name
