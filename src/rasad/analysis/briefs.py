"""One report on a country: its market, its dependences, what is alleged, where it drifts, and its embargoes, with pictures, and with
a footnote to the sentences behind every row. What it shows of each answer stands in ``templates/brief.toml``."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from rasad.analysis.accusations import allegations
from rasad.analysis.alignments import alignment
from rasad.analysis.answers import Answer, Based, country, nothing, told
from rasad.analysis.dependences import dependence
from rasad.analysis.embargoed import embargoes
from rasad.analysis.footnotes import Note, Notes
from rasad.analysis.markets import market, supplier
from rasad.analysis.periods import UNDATED
from rasad.pictures import PictureError
from rasad.register import Register
from rasad.register.rows import Named
from rasad.reports.wording import called, right_to_left, wording

if TYPE_CHECKING:
    from jinja2 import Template

NAMED = 5  #: names in a cell; how many more there are is told
WORDS = 220  #: characters of a cell; the sentence behind it is whole in its footnote
ANSWERS: dict[str, Callable[[Register, str], Answer]] = {
    "rasad market {code}": market,
    "rasad supplier {code}": supplier,
    "rasad dependence {code}": dependence,
    "rasad allegations --accused {code}": lambda register, of: allegations(register, accused=of),
    "rasad allegations --accuser {code}": lambda register, of: allegations(register, accuser=of),
    "rasad alignment {code}": alignment,
    "rasad embargoes --target {code}": embargoes,
}
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_MARKUP = re.compile(r"[\\`*_\[\]<>|#$~&]")  #: what Markdown may take for markup within a line
_SLOT = re.compile(r"\{(\w+)\}")


class BriefError(ValueError):
    """A report that cannot be made or written; the message says why."""


class NothingToTellError(BriefError):
    """The register has no sentence for a report; the message says what is missing."""


class BriefWarning(UserWarning):
    """A report that is not all that it could be; the message says why."""


class Cell(msgspec.Struct, frozen=True):
    """Words with the direction in which they are read."""

    text: str
    rtl: bool = False


class Line(msgspec.Struct, frozen=True):
    """A row of a table as it is read, with the numbers of its footnotes."""

    cells: tuple[Cell, ...]
    notes: tuple[int, ...]


class Point(msgspec.Struct, frozen=True):
    """A row of a table as the summary tells it, with the numbers of its footnotes."""

    text: str
    notes: tuple[int, ...]


class Summary(msgspec.Struct, frozen=True):
    """A sentence of the summary: what it is about, some rows of a table, and how many ``more`` there are."""

    opening: str
    points: tuple[Point, ...]
    more: int


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a section; ``more`` rows are left out, which ``command`` gives."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int
    command: str
    summary: Summary | None


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One of the questions, answered, as ``command`` answers it; ``nothing`` says why there is no answer. ``picture`` is SVG."""

    title: str
    command: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    picture: str | None = None
    nothing: str = ""


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """A report on a country, ready to be written. ``documents`` and ``claims``: how many the register has that it was made from."""

    of: Named
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    documents: int
    claims: int

    @property
    def title(self) -> str:
        """What stands above it."""
        return f"{self.of.name}: arms trade brief"

    @property
    def introduction(self) -> str:
        """What it was made from, and how it is to be read."""
        return (
            f"What is published about the arms trade of {self.of.name}, from a register of {self.claims:,} claims in "
            f"{self.documents:,} texts. Every row is somebody's claim, not a fact; its numbers lead to the sentences at the end."
        )

    def html(self) -> str:
        """The report as one HTML file that needs nothing else, fit to be printed."""
        return _template("brief.html.j2").render(brief=self)

    def markdown(self) -> str:
        """The report as Markdown with footnotes, without pictures."""
        return _template("brief.md.j2").render(brief=self)

    def pdf(self, *, machine_fonts: bool = True) -> bytes:
        """The report as PDF/UA-1 (ISO 14289-1), which screen readers can read. Without the fonts of this machine those that come
        with Typst do, which have all letters of the languages that Rasad reads, and the bytes are the same everywhere. Where no font
        has a letter it is plain PDF with boxes, and a BriefWarning tells the letter."""
        import typst

        # The text is data to Typst, so that nothing in a quotation is markup.
        given = {"title": self.title, "introduction": self.introduction, **msgspec.to_builtins(self)}
        page = files("rasad.analysis").joinpath("templates", "brief.typ").read_bytes()
        data = {"brief": msgspec.json.encode(given).decode()}

        def written(*standards: Literal["ua-1"]) -> bytes:
            return typst.compile(
                page, format="pdf", sys_inputs=data, ignore_system_fonts=not machine_fonts, pdf_standards=[*standards]
            )

        try:
            return written("ua-1")
        except typst.TypstError as error:
            reason = error.message.removeprefix("PDF/UA-1 error: ")
            warnings.warn(
                f"plain PDF, not PDF/UA: {reason}; a font that has it would help, such as Noto Sans", BriefWarning, 2
            )
            return written()

    def save(self, path: str | Path) -> None:
        """Writes it as ``.html``, ``.md`` or ``.pdf``. Raises BriefError for another ending or a place that cannot be written to."""
        path = Path(path)
        make = _maker(self, path)
        made = make()
        try:
            path.write_bytes(made if isinstance(made, bytes) else made.encode())
        except OSError as error:
            raise BriefError(f"{path}: cannot be written: {error.strerror or error}") from None

    def _repr_html_(self) -> str:
        return self.html()


def _maker(report: Brief, path: Path) -> Callable[[], str | bytes]:
    made: dict[str, Callable[[], str | bytes]] = {".html": report.html, ".md": report.markdown, ".pdf": report.pdf}
    ending = path.suffix.lower()
    if ending not in made:
        raise BriefError(f"{path}: a brief is written as {', '.join(made)}, not as {ending or 'a file without ending'}")
    return made[ending]


class _Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is shown of a table; see the file."""

    name: str
    title: str
    columns: dict[str, str]
    rows: int
    newest: bool = False
    latest: bool = False
    only: tuple[str, ...] = ()
    without: dict[str, str] = {}
    blank: dict[str, str] = {}
    command: str = ""
    opening: str = ""
    lead: str = ""
    leads: int = 3


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is shown of an answer; see the file."""

    title: str
    command: str
    table: tuple[_Shown, ...]
    nothing: str = ""


@cache
def _layout() -> tuple[_Asked, ...]:
    read = files("rasad.analysis").joinpath("templates", "brief.toml").read_bytes()
    return msgspec.toml.decode(read, type=dict[str, tuple[_Asked, ...]])["section"]


def brief(register: Register, of: str) -> Brief:
    """The report on a country. Raises FilterError for what is none, with the nearest, and NothingToTellError where the register has
    no sentence for it."""
    state, counts = country(register, of), register.counts()
    notes, said = Notes(register), set[str]()
    sections = tuple(_section(register, state, asked, notes, said) for asked in _layout())
    sentences = notes.all()
    if not sentences:
        raise NothingToTellError(nothing(register, f"claim that a brief on {state.name} could tell"))
    return Brief(of=state, sections=sections, notes=sentences, documents=counts.documents, claims=counts.claims)


def _section(register: Register, state: Named, asked: _Asked, notes: Notes, said: set[str]) -> Section:
    """The section of an answer; what an earlier one ``said`` in its remarks is not said again."""
    command = asked.command.format(code=state.id.partition(":")[2])
    given = ANSWERS[asked.command](register, state.id)
    tables = tuple(
        _table(shown, rows, command, state, notes)
        for shown in asked.table
        if (rows := _rows(shown, given.tables.get(shown.name, ())))
    )
    if not tables:
        reason = " ".join(given.notes) if any(given.tables.values()) else asked.nothing or _sentence(given.notes[0])
        return Section(title=asked.title, command=command, nothing=reason)
    picture, missing = _picture(given)
    remarks = (*missing, *(one for one in given.notes if one not in said))
    said.update(remarks)
    return Section(title=asked.title, command=command, tables=tables, picture=picture, notes=remarks)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '”')) else '.'}"


def _picture(given: Answer) -> tuple[str | None, tuple[str, ...]]:
    """The picture as SVG, or why there is none."""
    try:
        return given.picture().svg(), ()
    except PictureError as error:
        return None, (f"No picture: {str(error).removeprefix(f'{given.title}: ')}.",)


def _rows(shown: _Shown, rows: Sequence[Any]) -> Sequence[Any]:
    """The rows of a table that the report chooses from."""
    if shown.only:
        return [row for row in rows if any(getattr(row, field) for field in shown.only)]
    if shown.latest:
        periods = {row.period for row in rows} - {UNDATED}
        return [row for row in rows if row.period == max(periods)] if len(periods) > 1 else ()
    return [row for row in rows if not any(told(f, getattr(row, f)) == it for f, it in shown.without.items())]


def _table(shown: _Shown, rows: Sequence[Based], command: str, state: Named, notes: Notes) -> Table:
    chosen = rows[-shown.rows :] if shown.newest else rows[: shown.rows]
    cells = [{field: _cell(shown, field, getattr(row, field)) for field in row.__struct_fields__} for row in chosen]
    filled = [field for field in shown.columns if any(one[field].text not in ("", "0") for one in cells)]
    footnotes = [notes.of(row) for row in chosen]
    own = shown.command.format(code=state.id.partition(":")[2])
    return Table(
        title=_filled(shown.title, cells[0]), columns=tuple(shown.columns[field] for field in filled),
        lines=tuple(Line(tuple(one[field] for field in filled), numbers) for one, numbers in zip(cells, footnotes, strict=True)),
        more=len(rows) - len(chosen), command=own or command, summary=_summary(shown, cells, footnotes, len(rows)),
    )  # fmt: skip


def _cell(shown: _Shown, field: str, value: Any) -> Cell:
    """A value as the report tells it: codes in words, long lists and long sentences cut."""
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    if field == "denied":
        values = ("denied",) if value else ()
    elif field == "category":
        values = tuple(one.replace("-", " ") for one in values)
    elif field in ("hhi", "change"):
        values = tuple(float(round(one)) for one in values)
    elif field in ("offence", "stance", "standing", "kind"):
        values = tuple(wording().words.get(one, one.replace("-", " ")) for one in values)
    values = tuple(called(one.id, one.name) if isinstance(one, Named) else one for one in values)
    text = told(field, values[:NAMED]) + (f" and {len(values) - NAMED} more" if len(values) > NAMED else "")
    if len(text) > WORDS:
        text = f"{text[:WORDS].rpartition(' ')[0]} …"
    text = text or shown.blank.get(field, "")
    return Cell(text, right_to_left(text))


def _summary(
    shown: _Shown, cells: Sequence[Mapping[str, Cell]], notes: Sequence[tuple[int, ...]], rows: int
) -> Summary | None:
    if not shown.lead:
        return None
    told_first = list(zip(cells, notes, strict=True))[: shown.leads]
    points = tuple(Point(_filled(shown.lead, one), numbers) for one, numbers in told_first)
    return Summary(_filled(shown.opening, cells[0]), points, rows - len(points))


def _filled(template: str, cells: Mapping[str, Cell]) -> str:
    """A template with its slots filled, without the parts in brackets of which a slot is empty."""

    def optional(match: re.Match[str]) -> str:
        inside = match.group(1)
        return inside if all(cells[slot].text for slot in _SLOT.findall(inside)) else ""

    return _SLOT.sub(lambda slot: cells[slot.group(1)].text, _OPTIONAL.sub(optional, template))


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, StrictUndefined

    text = files("rasad.analysis").joinpath("templates", name).read_text("utf-8")
    escaped: Any = name.endswith(".html.j2")
    environment = Environment(autoescape=escaped, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["md"] = _literal
    return environment.from_string(text)


def _literal(text: str) -> str:
    """Text that Markdown takes for text."""
    return _MARKUP.sub(r"\\\g<0>", text)
