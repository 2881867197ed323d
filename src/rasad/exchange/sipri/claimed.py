"""What a trade register claims, in the words of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rasad.claims import Claim, Document, Entity, Evidence, Filler, Speaker, TimeSpan, hashed_id
from rasad.exchange.sipri import words
from rasad.exchange.sipri.register import TITLES, cells_of
from rasad.exchange.sipri.rows import Figure, RegisterRow

SIPRI = Speaker(
    id="org:sipri", name="Stockholm International Peace Research Institute", kind="org", organisation=None, title=None
)
OUTLET = "SIPRI"
COLUMNS = TITLES[:10]
_ROLES = {"supplier": 1, "recipient": 0, "item": 4}  #: the cells that name the fillers
_ORDERED, _DELIVERED = 2, 7  #: the cells of the year of order and the years of delivery


def as_claims(name: str, rows: Iterable[RegisterRow]) -> tuple[Document, list[Claim]]:
    """A register as a document and its claims, all in the frame ``transfer`` and said by SIPRI.

    The text of the document is the table once more in one fixed form, a line a row and tabs between the cells under
    SIPRI's titles, so that the same deals give the same claims however the file was written; the evidence of a claim is
    the line of its row.

    A row gives one claim with ``stage`` ordered (negotiated, where a remark says that the order is not yet made), with the
    number ordered, the year of order and the value; then one claim for each year of delivery that the row names. The last
    of these has the number delivered of the whole row, and its ``time`` runs over all the years; those before it tell only
    that deliveries went on in that year. The last is ``delivered``, or ``delivering`` where fewer have come than were
    ordered. A number or a year in brackets makes its claim ``probable``, and so does a remark that calls the deal
    uncertain. ``confidence`` is 1: nobody had to read a sentence to find the claim.

    The id of a claim is a hash of the order (parties, designation, year, number, and of equal orders which one) and of what
    is claimed of it, not of the whole table: a claim that a newer edition repeats keeps its id, and what was decided of it.
    """
    kept = list(rows)
    header = "\t".join(COLUMNS)
    lines = ["\t".join(cells_of(row)) for row in kept]
    document = Document(name=name, text="\n".join([header, *lines]) + "\n", language="en", outlet=OUTLET)
    found: list[Claim] = []
    start = len(header) + 1
    equal: Counter[tuple[str, ...]] = Counter()
    for row, line in zip(kept, lines, strict=True):
        order = tuple(line.split("\t")[:5])
        equal[order] += 1
        key = "\x1e".join((OUTLET, *order, str(equal[order])))
        found.extend(_claims(row, _Line(name, key, start, line)))
        start += len(line) + 1
    return document, found


class _Line(NamedTuple):
    """The line of a row: where in which document it stands, and what its order is known by in every edition."""

    document: str
    order: str
    start: int
    text: str

    def span(self, cell: int) -> tuple[int, int]:
        """Where in the document a cell stands."""
        cells = self.text.split("\t")
        start = self.start + sum(len(text) + 1 for text in cells[:cell])
        return start, start + len(cells[cell])


class _Told(NamedTuple):
    """What a row tells of one step of its deal."""

    stage: str
    quantity: Figure
    year: Figure
    cell: int  #: the cell that tells when
    first: int | None  #: the first year of the time
    sure: bool = True


def _claims(row: RegisterRow, line: _Line) -> Iterator[Claim]:
    roles = {
        role: [_filler(entity, line, _ROLES[role])]
        for role, entity in (("supplier", row.supplier.entity), ("recipient", row.recipient.entity), ("item", row.item))
        if entity is not None
    }
    for told in _steps(row):
        yield _claim(row, line, roles, told)


def _steps(row: RegisterRow) -> Iterator[_Told]:
    ordered = row.year_of_order
    yield _Told(words.stage(row.comments), row.number_ordered, ordered, _ORDERED, ordered.value)
    years = row.years
    for year in years[:-1]:
        yield _Told("delivering", Figure(), year, _DELIVERED, year.value)
    number, all_ordered = row.number_delivered, row.number_ordered.value
    if years or number.value:
        fewer = number.value is not None and all_ordered is not None and number.value < all_ordered
        last, first = (years[-1], years[0].value) if years else (Figure(), None)
        sure = not any(year.estimate for year in years)
        yield _Told("delivering" if fewer else "delivered", number, last, _DELIVERED, first, sure)


def _claim(row: RegisterRow, line: _Line, roles: dict[str, list[Filler]], told: _Told) -> Claim:
    evidence = Evidence(line.start, line.start + len(line.text), line.text)
    estimate = told.quantity.estimate or told.year.estimate or not told.sure or row.doubtful
    certainty = "probable" if estimate else "asserted"
    quantity = None if told.quantity.value is None else float(told.quantity.value)
    identity = [f"{role}={filler.id}" for role, fillers in roles.items() for filler in fillers]
    attributes = (told.stage, certainty, "positive", quantity, told.year.value)
    return Claim(
        id=hashed_id([line.order, 0, 0, "transfer", *sorted(identity), *attributes]),
        document=line.document,
        language="en",
        frame="transfer",
        roles=roles,
        stage=told.stage,
        certainty=certainty,
        polarity="positive",
        quantity=quantity,
        value=row.value if told.cell == _ORDERED else None,
        year=told.year.value,
        time=_time(line, told),
        attribution=[SIPRI],
        evidence=evidence,
        confidence=1.0,
        terms=next(iter(row.terms), None),
    )


def _time(line: _Line, told: _Told) -> TimeSpan | None:
    if told.year.value is None or told.first is None:
        return None
    start, end = line.span(told.cell)
    text = line.text[start - line.start : end - line.start]
    return TimeSpan(text=text, start=start, end=end, from_=f"{told.first}-01-01", to=f"{told.year.value}-12-31")


def _filler(entity: Entity, line: _Line, cell: int) -> Filler:
    start, end = line.span(cell)
    text = line.text[start - line.start : end - line.start]
    return Filler(
        id=entity.id, name=entity.name, text=text, start=start, end=end,
        country=None if entity.type == "system" else entity.country, category=entity.category,
    )  # fmt: skip
