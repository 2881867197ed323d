"""What an analyst asks at the desk, asked of the register once for each of its states: pages, the rows behind a number and pictures
of one question share its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Literal, NamedTuple

import msgspec

from rasad.analysis.answers import Answer, country
from rasad.analysis.asked import AskedRegister
from rasad.analysis.periods import FIVE
from rasad.gazetteer import entities
from rasad.ontology import ontology
from rasad.pictures import Picture
from rasad.register import FilterError
from rasad.register.state import version
from rasad.reports.near import nearest
from rasad.web.cached import Kept
from rasad.web.errors import NotThereError

By = Literal["period", "year"]
Side = Literal["accused", "accuser"]
SPANS: Mapping[By, int] = {"period": FIVE, "year": 1}
ROW, DEAL = 400, 12  #: about how many bytes a row of an answer takes, and a deal that it rests on


class Options(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"first": "from", "last": "to"}):
    """How a question is narrowed. ``who``: a country, or a system; ``side``: whether ``who`` is accused or accuses; ``first`` and
    ``last``: years; ``on``: a day, month or year."""

    who: str | None = None
    category: str | None = None
    first: int | None = None
    last: int | None = None
    by: By = "period"
    without: str | None = None
    side: Side = "accused"
    accused: str | None = None
    accuser: str | None = None
    offence: str | None = None
    on: str | None = None
    supplier: str | None = None
    recipient: str | None = None

    def given(self) -> dict[str, Any]:
        """What differs from the defaults, as the query of an address has it."""
        told: dict[str, Any] = msgspec.to_builtins(self)
        return told


class Question(NamedTuple):
    """A question: who answers it, and the options that a page offers for it."""

    ask: Callable[[AskedRegister, Options], Answer]
    offers: tuple[str, ...]


def _trade(side: Literal["market", "supplier"]) -> Callable[[AskedRegister, Options], Answer]:
    def ask(register: AskedRegister, o: Options) -> Answer:
        bounds = {"year_from": o.first, "year_to": o.last, "years": SPANS[o.by]}
        found: Answer = getattr(register, side)(o.who or "", category=o.category, **bounds)
        return found

    return ask


def _dependence(register: AskedRegister, o: Options) -> Answer:
    weapon = (o.who or "").startswith(("system:", "class:", "category:"))
    return register.dependence(**{"item" if weapon else "holder": o.who}, without=o.without)


def _allegations(register: AskedRegister, o: Options) -> Answer:
    sides = {"accused": o.accused, "accuser": o.accuser} | ({o.side: o.who} if o.who else {})
    return register.allegations(**sides, offence=o.offence, year_from=o.first, year_to=o.last, limit=MOST)


def _alignment(register: AskedRegister, o: Options) -> Answer:
    return register.alignment(o.who or "", year_from=o.first, year_to=o.last)


def _embargoes(register: AskedRegister, o: Options) -> Answer:
    return register.embargoes(o.who, on=o.on)


def _flows(register: AskedRegister, o: Options) -> Answer:
    ends = {"supplier": o.supplier, "recipient": o.recipient}
    return register.flows(**ends, category=o.category, year_from=o.first, year_to=o.last)


MOST = 500  #: accusations that are gathered, the best supported
QUESTIONS: Mapping[str, Question] = {
    "market": Question(_trade("market"), ("category", "from", "to", "by")),
    "supplier": Question(_trade("supplier"), ("category", "from", "to", "by")),
    "dependence": Question(_dependence, ("without",)),
    "allegations": Question(_allegations, ("side", "offence", "from", "to")),
    "alignment": Question(_alignment, ("from", "to")),
    "embargoes": Question(_embargoes, ("on",)),
    "flows": Question(_flows, ("supplier", "recipient", "category", "from", "to")),
}

_kept = Kept()
_describing = Lock()  #: an answer may look up more for its pictures, and several readers share one


def answered(register: AskedRegister, question: str, options: Options) -> Answer:
    """The answer to one of :data:`QUESTIONS`. Raises NotThereError for another one, FilterError for options that mean
    nothing."""
    if question not in QUESTIONS:
        raise NotThereError(
            f"question: {question!r} is not one of {', '.join(QUESTIONS)}{nearest(question, QUESTIONS)}"
        )
    key = (
        id(register),
        version(register),
        question,
        options,
    )  # an answer holds its register, whose id so stays its own
    found: Answer = _kept.get(key, lambda: QUESTIONS[question].ask(register, options), _weight)
    return found


def pictures(answer: Answer) -> tuple[str, ...]:
    """The kinds of its pictures that there is something to draw for."""
    with _describing:
        return answer.pictures


def picture(answer: Answer, kind: str | None) -> Picture:
    """A picture of it. Raises PictureError."""
    with _describing:
        return answer.picture(kind)


def _weight(answer: Answer) -> int:
    return sum(ROW + DEAL * len(row.deals) for rows in answer.tables.values() for row in rows)


def choices(option: str) -> tuple[str, ...]:
    """What an option can be; nothing where that is open."""
    closed: Mapping[str, Any] = {
        "category": ontology().categories, "by": SPANS, "side": ("accused", "accuser"),
        "offence": ontology().frames["allegation"].attributes["offence"],
    }  # fmt: skip
    return tuple(closed.get(option, ()))


def state(register: AskedRegister, given: str) -> str:
    """The id of the state that an address names: ``KAZ``, ``Kazakhstan``, ``Казахстан``. Raises NotThereError, with the nearest."""
    try:
        found = country(register, given).id
    except FilterError as error:
        raise NotThereError(str(error)) from None
    if found not in entities():
        raise NotThereError(f"country: there is no {found!r}")
    return found


def whom(register: AskedRegister, given: str | None) -> str | None:
    """The id of whom or what a question is asked: one with its kind as it stands, of any other the state. Raises NotThereError."""
    return given if given is None or (":" in given and not given.startswith("country:")) else state(register, given)
