"""One report on a country: its market, its dependences, what is alleged, where it drifts, and its embargoes, with pictures, and with
a footnote to the sentences behind every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import select

from rasad.analysis.accusations import allegations
from rasad.analysis.alignments import alignment
from rasad.analysis.answers import Answer, Based, country, heading, told, visible
from rasad.analysis.dependences import dependence
from rasad.analysis.embargoed import embargoes
from rasad.analysis.markets import market, supplier
from rasad.exchange.wording import denied
from rasad.pictures import PictureError
from rasad.register import FilterError, Register, ShownClaim
from rasad.register.database import reading, slices
from rasad.register.rows import Named
from rasad.register.schema import atoms, claims
from rasad.reports import readable
from rasad.reports.wording import according_to, finding, is_turned, sentence

if TYPE_CHECKING:
    from jinja2 import Template

ROWS = 12  #: rows of a table that a report shows; how many more there are is told
NOTES = 2  #: sentences that a row is footnoted to
DEALS = 40  #: deals and relations of a row that are looked at for them


class BriefError(ValueError):
    """A report that cannot be made or written; the message says why."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence behind a row: what it claims, who says so and how surely, its words in their own language and direction, and
    where they were printed. ``finding`` and ``denial`` are those of an accusation."""

    number: int
    claim: str
    says: str
    speaker: str
    certainty: str
    quote: str
    language: str
    direction: Literal["ltr", "rtl"]
    printed: str
    finding: str = ""
    denial: str = ""


class Line(msgspec.Struct, frozen=True):
    """A row of a table as it is read, with the numbers of its footnotes."""

    cells: tuple[str, ...]
    notes: tuple[int, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a section; ``more`` rows are left out."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One of the questions, answered; ``nothing`` says why there is no answer. ``command`` gives it whole."""

    title: str
    command: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    picture: str | None = None
    nothing: str = ""


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """A report on a country, ready to be written. ``counts``: the texts and claims of the register that it was made from."""

    of: Named
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    documents: int
    claims: int

    def html(self) -> str:
        """The report as one HTML file that needs nothing else, fit to be printed."""
        return _template("brief.html.j2").render(brief=self, heading=heading)

    def markdown(self) -> str:
        """The report as Markdown with footnotes, without pictures."""
        return _template("brief.md.j2").render(brief=self, heading=heading)

    def save(self, path: str | Path) -> None:
        """Writes it as ``.html`` or ``.md``. Raises BriefError for another ending or a place that cannot be written to."""
        path = Path(path)
        made: dict[str, Callable[[], str]] = {".html": self.html, ".md": self.markdown}
        make = made.get(path.suffix.lower())
        if make is None:
            raise BriefError(f"{path}: a brief is written as {' or '.join(made)}; print the HTML for a PDF")
        text = make()
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BriefError(f"{path}: cannot be written: {error.strerror or error}") from None

    def _repr_html_(self) -> str:
        return self.html()


def brief(register: Register, of: str) -> Brief:
    """The report on a country. Raises FilterError for what is none, with the nearest."""
    state = country(register, of)
    code = state.id.partition(":")[2]
    notes = _Notes(register)
    questions: tuple[tuple[str, str, Callable[[], Answer]], ...] = (
        ("Who arms it", f"rasad market {code}", lambda: market(register, state.id)),
        ("Whom it arms", f"rasad supplier {code}", lambda: supplier(register, state.id)),
        ("On whom it depends", f"rasad dependence {code}", lambda: dependence(register, state.id)),
        (
            "What is alleged of it",
            f"rasad allegations --accused {code}",
            lambda: allegations(register, accused=state.id),
        ),
        ("What it alleges", f"rasad allegations --accuser {code}", lambda: allegations(register, accuser=state.id)),
        ("Where it drifts", f"rasad alignment {code}", lambda: alignment(register, state.id)),
        ("Which embargoes it is under", f"rasad embargoes --target {code}", lambda: embargoes(register, state.id)),
    )
    sections = tuple(_section(title, command, ask, notes) for title, command, ask in questions)
    counts = register.counts()
    return Brief(of=state, sections=sections, notes=notes.all(), documents=counts.documents, claims=counts.claims)


def _section(title: str, command: str, ask: Callable[[], Answer], notes: _Notes) -> Section:
    try:
        given = ask()
    except FilterError as error:
        return Section(title=title, command=command, nothing=str(error))
    filled = {name: rows for name, rows in given.tables.items() if rows and name not in given.DETAILED}
    if not filled:
        return Section(title=title, command=command, nothing="the register says nothing of it")
    tables = tuple(_table(given, name, rows, notes) for name, rows in filled.items())
    return Section(title=title, command=command, tables=tables, notes=given.notes, picture=_picture(given))


def _picture(given: Answer) -> str | None:
    try:
        return given.picture().svg()
    except PictureError:
        return None


def _table(given: Answer, name: str, rows: Sequence[Based], notes: _Notes) -> Table:
    fields, shown = visible(given, rows), rows[:ROWS]
    lines = tuple(Line(tuple(told(f, getattr(row, f)) for f in fields), notes.of(row)) for row in shown)
    columns = tuple(heading(field) for field in fields)
    return Table(title=heading(name).capitalize(), columns=columns, lines=lines, more=len(rows) - len(shown))


class _Notes:
    """Footnotes, numbered as rows ask for them; a sentence that two rows rest on has one number."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._numbers: dict[str, int] = {}

    def of(self, row: Based) -> tuple[int, ...]:
        """The numbers of the sentences that a row rests on: of texts before tables, the surest first."""
        best: list[tuple[bool, float, str, tuple[str, int]]] = []
        columns = (claims.c.entry, claims.c.confidence, claims.c.id, claims.c.document, claims.c.start)
        with reading(self._register.engine) as connection:
            for some in slices(row.deals[:DEALS]):
                behind = select(*columns).join(atoms, atoms.c.claim == claims.c.id).where(atoms.c.deal.in_(some))
                for entry, sure, identifier, document, start in connection.execute(behind.distinct()):
                    best.append((entry is not None, -sure, identifier, (document, start)))
        sentences: dict[tuple[str, int], str] = {}
        for _, _, identifier, place in sorted(best):
            sentences.setdefault(place, identifier)
        chosen = list(sentences.values())[:NOTES]
        return tuple(self._numbers.setdefault(identifier, len(self._numbers) + 1) for identifier in chosen)

    def all(self) -> tuple[Note, ...]:
        """Every footnote, in the order of their numbers."""
        shown = ((number, self._register.claim(identifier)) for identifier, number in self._numbers.items())
        return tuple(_note(number, one) for number, one in shown if one is not None)


def _note(number: int, shown: ShownClaim) -> Note:
    claim = shown.standing or shown.claim
    turned = is_turned(claim.evidence.quote, claim.language)
    return Note(
        number=number, claim=claim.id, says=sentence(claim), speaker=according_to(claim.attribution), certainty=claim.certainty,
        quote=readable(claim.evidence.quote), language=claim.language, direction="rtl" if turned else "ltr",
        printed="; ".join(", ".join(filter(None, (p.outlet or p.name, p.published, p.address))) for p in shown.publications),
        finding=finding(claim) if claim.frame == "allegation" else "",
        denial=denied(shown.rows) if claim.frame == "allegation" else "",
    )  # fmt: skip


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, StrictUndefined

    text = files("rasad.analysis").joinpath("templates", name).read_text("utf-8")
    escaped: Any = name.endswith(".html.j2")
    return Environment(autoescape=escaped, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        text
    )
