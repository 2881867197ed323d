"""What is alleged, and what came of it: who accuses whom of what, the findings through time, and the denials beside them.

An accusation is never given alone: every row says how it stands and whether it is denied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from rasad.analysis import voices as told
from rasad.analysis.answers import Answer, Based, nothing, uncollected
from rasad.analysis.voices import Voice, voices, voices_of
from rasad.ontology import ontology
from rasad.pictures import NothingToDrawError, Picture, PictureError
from rasad.pictures.allegations import Accused, Mark, named, timeline, years
from rasad.register import FilterError, Register
from rasad.register.database import reading, slices
from rasad.register.deals import names
from rasad.register.listing import resolved
from rasad.register.rows import Named
from rasad.register.schema import atoms, deals
from rasad.register.subjects import of_frame
from rasad.register.sureness import NOT
from rasad.reports.near import nearest
from rasad.reports.wording import inline, wording

FINAL = frozenset({"proven", "unproven", "dismissed"})  #: findings after which nothing is open
PICTURED = 25  #: rows of the picture
NO_DENIAL = "no denial found"
NO_ACCUSATION = "no accusation in the register"


class Stated(Based, frozen=True, kw_only=True):
    """What every row has: who is accused, of what, how it stands, in words (``charged, not yet judged``) and as findings of the
    ontology (``stands``), and who denies it."""

    accused: Named
    offence: tuple[str, ...]
    standing: str
    stands: tuple[str, ...]
    denial: str


class Accusation(Stated, frozen=True, kw_only=True):
    """An accusation. ``findings``: all that is told of it, in the order of the ontology; ``first`` and ``last``: dates of report (ISO
    8601); ``reports`` and ``sources``: the texts that accuse, and how many independent sources they are, those that deny not
    counted; ``id``: the relation."""

    accuser: tuple[Named, ...]
    counterpart: Named | None
    item: tuple[Named, ...]
    findings: tuple[str, ...]
    denied_by: tuple[Named, ...]
    first: str | None
    last: str | None
    reports: int
    sources: int
    id: str


class Finding(Stated, frozen=True, kw_only=True):
    """What was told on one date of what came of an accusation. ``date``: of the report; ``year``: of which it tells; ``certainty``:
    that of the surest speaker."""

    date: str | None
    year: int | None
    finding: str
    certainty: str
    speaker: tuple[Named, ...]
    denied_by: tuple[Named, ...]
    sources: int
    id: str


class Denial(Stated, frozen=True, kw_only=True):
    """What one speaker denies in one independent source, in the words of its first text, those of ``claim``. ``answers``: the
    accusations beside which it stands, in the same relation or of the same accused in the same text; of one that stands beside none
    ``standing`` says so."""

    date: str | None
    year: int | None
    denied_by: Named
    words: str
    language: str | None
    reports: int
    answers: tuple[str, ...]
    claim: str


class Allegations(Answer):
    """Tables ``accusations`` (:class:`Accusation`, the best supported first), ``findings`` (:class:`Finding`, by accusation and date)
    and ``denials`` (:class:`Denial`)."""

    KIND = "allegations"
    HIDDEN = Answer.HIDDEN | {"denied_by", "stands", "findings", "language", "answers"}
    ROWS: ClassVar = {"accusations": Accusation, "findings": Finding, "denials": Denial}

    @property
    def pictures(self) -> tuple[str, ...]:
        """The ``timeline``, where anything has a date."""
        return ("timeline",) if self._marks() else ()

    def picture(self, kind: str | None = None) -> Picture:
        """The findings and denials of each accusation by date of report (``timeline``); what has no date stands at the year it
        tells of. Raises PictureError where nothing has a date."""
        if kind not in (None, "timeline"):
            raise PictureError(f"allegations: there is no picture {kind!r}; there is timeline")
        marks = self._marks()
        every = [row for row in self.tables["accusations"] if isinstance(row, Accusation)]
        drawn = [row for row in every if row.id in marks][:PICTURED]
        if not drawn:
            raise NothingToDrawError(
                f"{self.title}: nothing to draw" + (": no report of them has a date" if every else "")
            )
        drawn.sort(key=lambda row: min(when for _, when in marks[row.id]))
        rows = [Accused(_named(row), marks[row.id]) for row in drawn]
        more = f"{len(drawn):,} drawn, the best supported that have a date" if len(drawn) < len(every) else ""
        return timeline(f"What is alleged, and what came of it: {self.title}", more, rows, self.claims_behind(drawn))

    def _marks(self) -> dict[str, list[Mark]]:
        """What is to be drawn of each accusation."""
        marks: dict[str, list[Mark]] = {}
        for row in self.tables["findings"]:
            assert isinstance(row, Finding)
            if when := row.date or row.year:
                marks.setdefault(row.id, []).append((row.finding, years(when)))
        for row in self.tables["denials"]:
            assert isinstance(row, Denial)
            if when := row.date or row.year:
                for answered in row.answers:
                    marks.setdefault(answered, []).append(("denied", years(when)))
        return marks


@uncollected()
def allegations(
    register: Register, *, accused: str | None = None, accuser: str | None = None, offence: str | None = None,
    year_from: int | None = None, year_to: int | None = None, limit: int | None = None,
) -> Allegations:  # fmt: skip
    """The accusations of somebody (a name, code or id; of a state also those of its organisations and persons), by somebody, of an
    offence, with a claim of these years; at most ``limit`` of them, the best supported. An accusation is given with its whole
    history.

    *How it stands*: as the latest report tells that says more than that it is alleged; of one date, as of the latest year that it
    tells of. What a report tells as possible only moves nothing. Of several findings of that time the final ones count (proven,
    unproven, dismissed), all of them where they contradict each other; else the furthest (alleged, investigated, charged). A
    report without a date counts as of the year that it tells of, and before all others where it tells none.

    What is only denied is no accusation: it stands among the denials. Raises FilterError for what means nothing, with the nearest.
    """
    with reading(register.engine) as connection:
        asked = _asked(connection, accused, accuser, offence)
        bounded = and_(*asked.where(), *told.within(year_from, year_to))
        accusing, denying = and_(bounded, ACCUSES), and_(bounded, ~ACCUSES)
        found = _listed(connection, accusing, limit)
        every = connection.scalar(select(func.count()).where(accusing)) if len(found) == limit else len(found)
        said = _said(connection, [*found, *_listed(connection, denying, limit)])
        called = names(connection, {key for voice in said for key in (voice.actor, voice.partner, voice.third, voice.item) if key})  # fmt: skip
        span = _span(connection, and_(*asked.where())) if not found and (year_from or year_to) else None
    tables = _Gathered([deal for deal, _ in found], said, called).tables()
    given = f"{len(found):,}" if len(found) == every else f"{len(found):,} of {every:,}"
    title = f"{given} accusation{'' if every == 1 else 's'}{asked.words}{told.period(year_from, year_to)}"
    return Allegations(register, title, tables, tuple(_notes(register, asked, len(found), every or 0, span)))


# Which accusations.


class _Asked(NamedTuple):
    """Whose accusations are asked for, and of what."""

    accused: Named | None
    accuser: Named | None
    offence: str | None

    def where(self) -> list[ColumnElement[bool]]:
        """The accusations and denials that are meant."""
        where = [of_frame("allegation"), *_of(self.offence)]
        if self.accused:
            where.append(told.one_of_its(deals.c.actor, self.accused.id))
        if self.accuser:
            by = told.one_of_its(atoms.c.third, self.accuser.id)
            where.append(select(atoms.c.atom).where(_SAID, by).exists())
        return where

    @property
    def words(self) -> str:
        """What comes after the word: `` of corruption against Croatia by Russia``."""
        of = f" of {_offences((self.offence,))}" if self.offence else ""
        whom = f" against {self.accused.name}" if self.accused else ""
        return of + whom + (f" by {self.accuser.name}" if self.accuser else "")


_SAID = and_(atoms.c.deal == deals.c.deal, atoms.c.polarity == "positive")
ACCUSES = deals.c.sure != NOT  #: whether somebody says so, and not only that it is not so


def _asked(connection: Connection, accused: str | None, accuser: str | None, offence: str | None) -> _Asked:
    known = ontology().frames["allegation"].attributes["offence"]
    if offence is not None and offence not in known:
        raise FilterError(f"offence: {offence!r} is not one of {', '.join(known)}{nearest(offence, known)}")
    ids = [resolved(connection, who, what) if who else "" for who, what in ((accused, "accused"), (accuser, "accuser"))]
    called = names(connection, filter(None, ids))
    whom, by = (Named(identifier, called[identifier]) if identifier else None for identifier in ids)
    return _Asked(whom, by, offence)


def _listed(connection: Connection, where: ColumnElement[bool], limit: int | None) -> list[tuple[str, str]]:
    """Relations with their blocks, the best supported first."""
    order = (deals.c.sources.desc(), deals.c.reports.desc(), deals.c.deal)
    rows = connection.execute(select(deals.c.deal, deals.c.block).where(where).order_by(*order).limit(limit))
    return [(row.deal, row.block) for row in rows]


def _of(offence: str | None) -> list[ColumnElement[bool]]:
    """The accusations of an offence, which may be one of several, joined with ``+``."""
    if offence is None:
        return []
    places = (offence, f"{offence}+%", f"%+{offence}", f"%+{offence}+%")
    return [or_(*(deals.c.label.like(place) for place in places))]


def _span(connection: Connection, where: ColumnElement[bool]) -> tuple[int, int] | None:
    """The first and the last year that there are claims of."""
    year = func.coalesce(atoms.c.year, atoms.c.published)
    both = select(func.min(year), func.max(year)).join(deals, deals.c.deal == atoms.c.deal).where(where)
    first, last = connection.execute(both).one()
    return None if first is None else (first, last)


def _said(connection: Connection, found: Sequence[tuple[str, str]]) -> list[Voice]:
    """What is said in these relations, and every denial in their blocks that stands beside one of them in a text."""
    said = voices_of(connection, (deal for deal, _ in found))
    texts = {(voice.document, voice.actor) for voice in said}
    own = {deal for deal, _ in found}
    for some in slices(sorted({block for _, block in found})):
        denials = voices(connection, and_(atoms.c.block.in_(some), atoms.c.polarity == "negative"))
        said += [voice for voice in denials if voice.deal not in own and (voice.document, voice.actor) in texts]
    return said


def _notes(register: Register, asked: _Asked, shown: int, every: int, span: tuple[int, int] | None) -> Iterable[str]:
    thing = f"accusations{asked.words}"
    if span:
        yield f"the register has {thing}, but none with claims of these years; its first are of {span[0]}, its last of {span[1]}"
    elif not shown:
        yield nothing(register, thing)
    else:
        yield (
            "An accusation is somebody's claim, not a fact: its finding and its denial belong to it. Sources are those that accuse, "
            "near-copies counted once; a text that only denies accuses nobody."
        )
    if shown < every:
        yield f"These are the best supported; a limit of 0 gives all {every:,}."


# What is told of them.


class _Gathered:
    """Relations, with what is said of each and the denials beside it."""

    def __init__(self, found: Iterable[str], said: Sequence[Voice], named: Mapping[str, str]) -> None:
        self._said: dict[str, list[Voice]] = {deal: [] for deal in found}
        self._denials: dict[tuple[str, str | None], list[Voice]] = {}
        self._named = named
        for voice in said:
            if voice.denied:
                self._denials.setdefault((voice.document, voice.actor), []).append(voice)
            if voice.deal in self._said:
                self._said[voice.deal].append(voice)

    def tables(self) -> dict[str, tuple[Based, ...]]:
        accusations: list[Accusation] = []
        findings: list[Finding] = []
        answered: dict[str, list[Accusation]] = {}
        for deal, said in self._said.items():
            accusing = [voice for voice in said if not voice.denied]
            denials = self._beside(said)
            accusation = self._accusation(deal, accusing, denials)
            accusations.append(accusation)
            findings += self._findings(accusation, accusing)
            for voice in denials:
                answered.setdefault(voice.claim, []).append(accusation)
        return {
            "accusations": tuple(accusations), "findings": tuple(findings), "denials": tuple(self._denied(answered)),
        }  # fmt: skip

    def _beside(self, said: Iterable[Voice]) -> list[Voice]:
        """The denials in a relation, and those of the same accused in its texts, each claim once."""
        texts = dict.fromkeys((voice.document, voice.actor) for voice in said)
        found = {voice.claim: voice for text in texts for voice in self._denials.get(text, ())}
        return list(found.values())

    def _accusation(self, deal: str, accusing: Sequence[Voice], denials: Sequence[Voice]) -> Accusation:
        known = ontology().frames["allegation"].attributes["finding"]
        findings = {voice.finding or "alleged" for voice in accusing}
        first, last = told.dates(accusing)
        counterpart = next((voice.partner for voice in accusing if voice.partner), None)
        deniers, stands = told.speakers(denials), _stands(accusing)
        return Accusation(
            deals=(deal, *sorted({voice.deal for voice in denials} - {deal})), id=deal,
            accused=self._name(accusing[0].actor or ""), offence=_split(accusing[0].label), standing=_in_words(stands), stands=stands,
            denial=_denial(deniers), accuser=tuple(self._name(key) for key in _each(voice.third for voice in accusing)),
            counterpart=self._name(counterpart) if counterpart else None,
            item=tuple(self._name(key) for key in _each(voice.item for voice in accusing)),
            findings=tuple(finding for finding in known if finding in findings), denied_by=deniers, first=first, last=last,
            reports=told.reports(accusing), sources=told.sources(accusing),
        )  # fmt: skip

    def _findings(self, accusation: Accusation, accusing: Iterable[Voice]) -> Iterable[Finding]:
        steps: dict[tuple[str | None, int | None, str], list[Voice]] = {}
        for voice in accusing:
            steps.setdefault((voice.date, voice.year, voice.finding or "alleged"), []).append(voice)
        for (date, year, finding), some in steps.items():
            yield Finding(
                deals=accusation.deals, id=accusation.id, accused=accusation.accused, offence=accusation.offence,
                standing=accusation.standing, stands=accusation.stands, denial=accusation.denial, date=date, year=year, finding=finding,
                certainty=told.surest(some), speaker=told.speakers(some), denied_by=accusation.denied_by, sources=told.sources(some),
            )  # fmt: skip

    def _denied(self, answered: Mapping[str, Sequence[Accusation]]) -> Iterable[Denial]:
        """The denials; those of one speaker in one independent source are one."""
        groups: dict[tuple[str | None, ...], dict[str, Voice]] = {}
        for voice in (voice for some in self._denials.values() for voice in some):
            key = (voice.actor, voice.label, voice.speaker.id, voice.source)
            groups.setdefault(key, {})[voice.claim] = voice
        for group in groups.values():
            voice = next(iter(group.values()))
            beside = {row.id: row for claim in group for row in answered.get(claim, ())}
            own = {one.deal for one in group.values()}
            yield Denial(
                deals=tuple(sorted(own | beside.keys())), accused=self._name(voice.actor or ""), offence=_split(voice.label),
                standing="; ".join(_each(row.standing for row in beside.values())) or NO_ACCUSATION,
                stands=tuple(_each(finding for row in beside.values() for finding in row.stands)), denial=_denial([voice.speaker]), date=voice.date, year=voice.year, denied_by=voice.speaker, words=voice.words,
                language=voice.language, reports=told.reports(group.values()), answers=tuple(beside), claim=voice.claim,
            )  # fmt: skip

    def _name(self, key: str) -> Named:
        return Named(key, self._named[key])


def _in_words(stands: Iterable[str]) -> str:
    """How an accusation stands, in words."""
    return "; ".join(wording().findings[finding] for finding in stands)


def _stands(accusing: Sequence[Voice]) -> tuple[str, ...]:
    """How it stands: its findings; the rule is told in :func:`allegations`."""
    known = ontology().frames["allegation"].attributes["finding"]
    firm = [voice for voice in accusing if voice.certainty != "possible" and voice.finding not in (None, "alleged")]
    if not firm:
        return ("alleged",)
    when = max(_time(voice) for voice in firm)
    latest = {voice.finding or "" for voice in firm if _time(voice) == when}
    return tuple(sorted(latest & FINAL, key=known.index)) or (max(latest, key=known.index),)


def _time(voice: Voice) -> tuple[str, int]:
    return voice.date or str(voice.year or ""), voice.told or 0


def _denial(deniers: Iterable[Named]) -> str:
    said = ", ".join(named.name for named in deniers)
    return f"denied by {said}" if said else NO_DENIAL


def _named(row: Accusation) -> tuple[str, ...]:
    accusers = [inline(accuser.name) for accuser in row.accuser]
    denial = _denial(Named(one.id, inline(one.name)) for one in row.denied_by)
    return named(inline(row.accused.name), _offences(row.offence), accusers, row.sources, row.standing, denial, row.id)


def _each(keys: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(key for key in keys if key))


def _split(label: str | None) -> tuple[str, ...]:
    return tuple(label.split("+")) if label else ()


def _offences(offences: Iterable[str]) -> str:
    """Offences in words."""
    return " and ".join(wording().words.get(o, o.replace("-", " ")) for o in offences) or "wrongdoing"
