"""The words of the interface, one catalogue a language: a new language is one file beside these.

A catalogue is a TOML file of tables: ``[deal] title = "…"`` is asked for as ``deal.title``. What depends on a number is a table of
CLDR's plural forms (zero, one, two, few, many, other), chosen by Babel, with ``{n}`` for the number:
``claims = { one = "{n} claim", other = "{n} claims" }``. https://cldr.unicode.org/index/cldr-spec/plural-rules
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_compact_currency, format_decimal, format_percent

DEFAULT = "en"


class Words:
    """The words of one language, and its way to write numbers, dates and the names of countries."""

    def __init__(self, code: str, said: Mapping[str, str | Mapping[str, str]], spare: Words | None) -> None:
        """``spare`` has what this language does not say yet."""
        self.code = code
        self.locale = Locale.parse(code)
        self.direction = self.locale.text_direction
        self._said = said
        self._spare = spare

    @property
    def name(self) -> str:
        """The language in itself: English, العربية."""
        return str(self.locale.get_display_name(self.locale))

    def __call__(self, key: str, n: float | None = None, **values: Any) -> str:
        """The words of a key, with its values. Raises KeyError for a key that no catalogue has."""
        said = self._said.get(key)
        if said is None:
            if self._spare is None:
                raise KeyError(f"the catalogue of {self.code} has no words for {key!r}")
            return self._spare(key, n, **values)
        if not isinstance(said, str):
            said = said.get(self.locale.plural_form(0 if n is None else n), said["other"])
        return said.format(n="" if n is None else self.number(n), **values) if n is not None or values else said

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in self._said or (self._spare is not None and self._spare.has(key))

    def plain(self, table: str, name: str) -> str:
        """The word for a name of the ontology (``stage``, ``delivered``); the name itself where the catalogue has none."""
        key = f"{table}.{name}"
        return self(key) if self.has(key) else name.replace("_", " ").replace("-", " ")

    def number(self, value: float) -> str:
        """A number as this language writes it, in Latin digits, as tables of this field are kept in every language."""
        return str(format_decimal(round(value, 2), locale=self.locale, numbering_system="latn"))

    def percent(self, share: float) -> str:
        """A share in per cent, without decimals."""
        return str(format_percent(share, locale=self.locale, numbering_system="latn"))

    def money(self, amount: float, currency: str) -> str:
        """An amount, shortened: $5.43 billion."""
        return str(
            format_compact_currency(
                amount, currency, locale=self.locale, fraction_digits=2, format_type="short", numbering_system="latn"
            )
        )

    def day(self, given: str) -> str:
        """A date as told: whole dates in words, what is only a year or a month as it stands."""
        try:
            return str(format_date(date.fromisoformat(given[:10]), "medium", self.locale))
        except ValueError:
            return given

    def moment(self, given: str) -> str:
        """A time as told, in UTC, to the minute."""
        return f"{self.day(given)} {datetime.fromisoformat(given).astimezone(UTC):%H:%M}"

    def country(self, alpha_2: str, otherwise: str) -> str:
        """The name of a country by its ISO 3166-1 alpha-2 code."""
        return str(self.locale.territories.get(alpha_2, otherwise))

    def language(self, code: str | None) -> str:
        """The name of a language by its code."""
        return str(self.locale.languages.get(code, code)) if code else self("document.unknown_language")


@cache
def codes() -> tuple[str, ...]:
    """The languages that there is a catalogue of, the default first."""
    found = {file.name.removesuffix(".toml") for file in files(__package__).iterdir() if file.name.endswith(".toml")}
    return tuple(sorted(found, key=lambda code: (code != DEFAULT, code)))


@cache
def words(code: str = DEFAULT) -> Words:
    """The words of a language; of one without a catalogue those of the default."""
    if code not in codes():
        code = DEFAULT
    tables = tomllib.loads(files(__package__).joinpath(f"{code}.toml").read_text("utf-8"))
    said = {f"{table}.{name}": value for table, held in tables.items() for name, value in held.items()}
    return Words(code, said, None if code == DEFAULT else words(DEFAULT))


def preferred(accepted: str) -> str:
    """The language to begin with, by what a browser says that it accepts (``Accept-Language``)."""
    asked: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            asked.append((-float(quality or 1), Locale.parse(tag, sep="-").language))
        except (ValueError, UnknownLocaleError):
            continue
    return next((code for _, code in sorted(asked, key=lambda a: a[0]) if code in codes()), DEFAULT)
