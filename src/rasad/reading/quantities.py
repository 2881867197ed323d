"""Numbers, money, years and expressions of time (part of step 3)."""

from __future__ import annotations

import calendar
import re

from rasad.languages.lexicon import Match
from rasad.reading.view import Quantity, View

Dated = tuple[str | None, str | None]  #: the first and the last day of a time
_FIGURE = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d+(?:[.,٫]\d+)?"
)
_SCALED = 1_000_000  #: from here on a word for a number is its own scale
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SYMBOLS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
    "₴": "UAH",
    "₹": "INR",
    "¥": "CNY",
    "₩": "KRW",
    "₺": "TRY",
    "₪": "ILS",
}


def quantities(view: View) -> None:
    """Fills ``view.quantities`` and ``view.times``."""
    words = view.words
    months = {m.start: m for m in view.cue("months")}
    numbers = {m.start: m.value.value for m in view.cue("numbers")}
    scales = {m.start: m for m in view.cue("scales")}
    currencies = {m.start: m for m in view.cue("currencies")}
    measures = {m.start for m in view.cue("measure")}
    of = {m.start for m in view.cue("marker") if m.value.name in ("of", "from") and m.end == m.start + 1}
    designations = {i for m in view.mentions if m.type == "system" for i in range(m.start, m.end)}
    position = 0
    while position < len(words):
        if position in designations or not (words[position].kind == "n" or position in numbers or position in scales):
            position += 1
            continue
        counted = position in numbers or position not in scales
        value, end = _number(view, position, numbers) if counted else (1.0, position)
        scaled = value >= _SCALED and position in numbers  # ملياري: a dual that is its own scale
        while end in scales:
            value *= scales[end].value.value
            end = scales[end].end
            scaled = True
        end, value = _compound(view, end, value, numbers, scales) if scaled else (end, value)
        start, currency = position, ""
        if position and words[position - 1].fold in _SYMBOLS:
            start, currency = position - 1, _SYMBOLS[words[position - 1].fold]
        elif position and any(c.end == position for c in currencies.values()):
            currency = next(c.value.name for c in currencies.values() if c.end == position)
        if scaled and end in of and end + 1 in currencies:
            end += 1  # three hundred millions of dollars
        if end in currencies and not currency:
            currency, end = currencies[end].value.name, currencies[end].end
        elif end < len(words) and words[end].fold in _SYMBOLS and not currency:
            currency, end = _SYMBOLS[words[end].fold], end + 1
        whole = words[position].kind == "n" and end == position + 1
        if currency:
            currency = _of_state(view, currency) if "/" in currency else currency
            view.quantities.append(Quantity("money", value, start, end, currency))
        elif whole and not scaled and _is_year(view, position, value):
            view.quantities.append(Quantity("year", value, position, end))
            _add_time(view, position, int(value), months)
        elif words[position].kind != "n" or not _is_glued(view, position, end):
            measured = end in measures or (whole and _is_day(view, position, months))  # in two years, on 12 March
            kind = "measure" if measured else "count"
            view.quantities.append(Quantity(kind, value, position, end))
        position = max(end, position + 1)
    _part_from_whole(view, of)
    for match in view.cue("time"):
        view.times.append((match.start, match.end, None, None))


def _is_day(view: View, position: int, months: dict[int, Match]) -> bool:
    """Whether a figure is the day of a month, or of a time that it follows in brackets: *August 11*, *today (23)*."""
    after = position + 1
    counts = any(m.start == after and m.type in ("system", "class", "category") for m in view.mentions)
    if after in months or (any(m.end == position for m in months.values()) and not counts):
        return True
    bracketed = "".join(w.fold for w in view.words[position - 1 : after + 1 : 2]) == "()"
    return bracketed and any(m.end == position - 1 for m in view.cue("time"))


def _part_from_whole(view: View, of: set[int]) -> None:
    """The number of which only a part is told counts nothing here: *two of six fighters*, *the last of the 24*."""
    parts = {q.end for q in view.quantities if q.kind == "count"} | {m.end for m in view.cue("part")}
    for number in view.quantities:
        before = number.start - 1
        while before > 0 and view.words[before].fold in view.language.before_nouns and before not in of:
            before -= 1
        if number.kind == "count" and before in of and before in parts:
            number.kind = "whole"


GLUE = frozenset(["", "-", "‐", "‑"])  #: what stands between the parts of a designation
LINKS = 3  #: words that only link, over which a number belongs to a verb


def alone(view: View, number: Quantity) -> bool:
    """Whether a number stands without a word for what it counts: before a mark, a verb, or a word that only links; a
    score (2:1) is none."""
    ends = {end for q in view.quantities for end in (q.start, q.end)}
    if number.start - 1 in ends or number.end + 1 in ends - {number.end}:
        return False
    return (
        number.end >= len(view.words)
        or _links(view, number.end)
        or any(m.start == number.end for m in [*view.triggers, *view.cue("stage")])
    )


def told(view: View, trigger: Match) -> Quantity | None:
    """The number that a verb tells without a word for what it counts: *of the 24 aircraft six were delivered*, *received
    ten in 2016*."""
    if trigger.value.pos != "verb":
        return None
    for number in view.quantities:
        before = number.end <= trigger.start
        between = range(number.end, trigger.start) if before else range(trigger.end, number.start)
        near = len(between) <= LINKS and all(_links(view, i) and view.words[i].kind != "p" for i in between)
        if number.kind == "count" and near and alone(view, number):
            return number
    return None


def _links(view: View, index: int) -> bool:
    """Whether a word only links: a mark, a preposition, an auxiliary."""
    word = view.words[index]
    return word.kind == "p" or not view.language.linking.isdisjoint([word.fold, *word.keys])


def same_time(view: View, before: Dated | None) -> Dated | None:
    """Lets *that same year* mean the time ``before``, which the text named last; gives the time that is named last now."""
    same = {m.start for m in view.cue("time", "same")}
    if before is not None:
        view.times = [
            (t[0], t[1], *before) if t[0] in same and t[2] is None and before[0] is not None else t for t in view.times
        ]
    dated = [t for t in sorted(view.times) if t[2] is not None]
    return (dated[-1][2], dated[-1][3]) if dated else before


def _of_state(view: View, currencies: str) -> str:
    """Which of the currencies of one name (``NOK/NOR SEK/SWE``) is meant: that of a state in the sentence, or else the first."""
    states = {m.entity.country for m in view.mentions}
    pairs = [pair.split("/") for pair in currencies.split()]
    return next((code for code, state in pairs if state in states), pairs[0][0])


def _compound(
    view: View, end: int, value: float, numbers: dict[int, float], scales: dict[int, Match]
) -> tuple[int, float]:
    """(end, value) of a number that goes on after its scale: two billion two hundred and sixty million."""
    joiners = {m.start for m in view.cue("coordinators")}
    at = end + 1 if end in joiners and end + 1 in numbers else end
    if at not in numbers and not (at < len(view.words) and view.words[at].kind == "n"):
        return end, value
    more, after = _number(view, at, numbers)
    if after in scales and more * scales[after].value.value < value:
        return scales[after].end, value + more * scales[after].value.value
    return end, value


def _number(view: View, position: int, numbers: dict[int, float]) -> tuple[float, int]:
    words = view.words
    if words[position].kind == "n":
        match = _FIGURE.match(view.text, words[position].start, view.sentence.end)
        if match is None:  # digits of another script
            return float(words[position].fold), position + 1
        end = position
        while end < len(words) and words[end].start < match.end():
            end += 1
        return _value(match.group(), view.language.profile.data.get("decimal", ".")), end
    total, end = 0.0, position
    while end in numbers:
        number = numbers[end]
        total = total * number if number in (100, 1000) and 0 < total < number else total + number
        end += 1
        if number >= _SCALED:
            break
        coordinated = end + 1 in numbers and end < len(words) and any(m.start == end for m in view.cue("coordinators"))
        if coordinated and numbers[end + 1] < 100 <= total:
            end += 1
    return total, end


def _value(figure: str, decimal: str) -> float:
    figure = re.sub(r"[ \u00a0\u202f]", "", figure).replace("٫", ".")
    if figure.count(".") > 1:
        figure = figure.replace(".", "")
    if "," in figure and "." in figure:
        figure = figure.replace(",", "")
    elif "," in figure:
        thousands = re.fullmatch(r"\d{1,3}(,\d{3})+", figure) and (decimal == "." or figure.count(",") > 1)
        figure = figure.replace(",", "" if thousands else ".")
    return float(figure)


def _is_glued(view: View, start: int, end: int) -> bool:
    """Whether the figure is part of a longer token (a designation, a percentage)."""
    words = view.words
    joined = view.text[words[start - 1].end : words[start].start] if start else " "
    before = (
        joined in GLUE
        and words[start - 1].kind == "w"
        and not (view.language.clitics and len(words[start - 1].fold) == 1)
    )
    after = end < len(words) and (
        words[end].fold == "%" or (words[end].start == words[end - 1].end and words[end].kind == "w")
    )
    return before or after


def _is_year(view: View, position: int, value: float) -> bool:
    word = view.words[position]
    if len(word.fold) != 4 or not _FIRST_YEAR <= value <= _LAST_YEAR or _is_glued(view, position, position + 1):
        return False
    if (
        any(m.end == position and m.value.name == "words" and m.start > 0 for m in view.cue("year"))
        and view.language.order == "VSO"
    ):
        return True
    following = view.words[position + 1 : position + 2]
    return not any(m.start == position + 1 and m.type in ("system", "class") for m in view.mentions) or not following


def _add_time(view: View, position: int, year: int, months: dict[int, Match]) -> None:
    start, end = position, position + 1
    first, last = f"{year}-01-01", f"{year}-12-31"
    for before in (position - 1, position - 2):
        match = months.get(before)
        if match is not None:
            month = int(match.value.value)
            start = before
            first, last = f"{year}-{month:02}-01", f"{year}-{month:02}-{calendar.monthrange(year, month)[1]:02}"
            break
    for match in view.cue("year"):
        if match.end == start:
            start = match.start
        elif match.start == end:
            end = match.end
    view.times.append((start, end, first, last))
