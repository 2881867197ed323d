"""Where a state or bloc is drifting: what it belongs to, what it is said to draw closer to or away from, year by year, and who wants
what.

*The index* of a year and a pole (a bloc or state) is the mean of all votes on it::

    index = (sum of the weights of votes toward − sum of the weights of votes away) / number of votes

An independent source has, a year and pole, one vote for each direction in which it tells of a move, however often and in however many
relations it does. The vote weighs as the source tells it where it is surest: asserted 1, probable 0.5, possible 0.25
(:data:`WEIGHTS`). The year is that of which the claim tells, else that of its first publication; claims with neither are in the tables
and not in the index, and what is said not to be so has no vote.

So the index lies between −1 (every source asserts that it moves away) and 1 (every source asserts that it draws closer); 0 is as much
of one as of the other. Doubt draws it to 0, since the weights are in the sum and not in the number of votes: an index of 0.25 is
one move that may come about, and the number of votes, which stands beside it, tells how much it rests on. There is no index over all
poles: to draw closer to one bloc is often to leave another, and the two would cancel out. Memberships are not in it: they tell where
somebody stands, not where it moves.

The index is this project's own. It counts what is said; it measures no policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from sqlalchemy import Connection, or_, select

from rasad.analysis import voices as told
from rasad.analysis.answers import Answer, Based, nothing, uncollected
from rasad.analysis.voices import Voice, voices_of
from rasad.pictures import NothingToDrawError, Picture, PictureError
from rasad.pictures.alignment import DEFINITION, Pole, Standing, timeline
from rasad.register import FilterError, Register
from rasad.register.database import reading
from rasad.register.deals import CERTAINTIES, names
from rasad.register.listing import resolved
from rasad.register.rows import Named
from rasad.register.schema import deals
from rasad.register.subjects import of_frame
from rasad.reports.wording import inline

Direction = Literal["toward", "away from"]
WEIGHTS = {"asserted": 1.0, "probable": 0.5, "possible": 0.25}  #: of a vote, by how surely the source tells it
POLES: dict[Direction, Callable[[Voice], str | None]] = {
    "toward": lambda voice: voice.partner,
    "away from": lambda voice: voice.third,
}  #: where a claim of a move names the pole
PICTURED = 8  #: poles of the picture


class Said(Based, frozen=True, kw_only=True):
    """What every row has that rests on claims of one thing: years of which they tell (or in which they were published), how surely the
    surest speaker says it, who says it, who says that it is not so; dates of report (ISO 8601), texts, independent sources; the
    relations. Those who deny it are in neither of the counts."""

    years: tuple[int, ...]
    certainty: str
    speaker: tuple[Named, ...]
    denied_by: tuple[Named, ...]
    first: str | None
    last: str | None
    reports: int
    sources: int
    relations: tuple[str, ...]


class Move(Said, frozen=True):
    """A move toward a pole or away from it."""

    direction: Direction
    pole: Named


class Membership(Said, frozen=True):
    """Belonging to an organisation. ``standing``: member, leading, observer, candidate, former."""

    organisation: Named
    standing: str


class Position(Said, frozen=True):
    """A stand that somebody takes: ``stance`` (supports, opposes, calls-for, warns) on what, concerning whom, and the words of the surest
    claim, which alone tell what is wanted."""

    holder: Named
    stance: tuple[str, ...]
    item: tuple[Named, ...]
    party: tuple[Named, ...]
    words: str
    language: str | None


class Year(Based, frozen=True, kw_only=True):
    """The index of a pole in a year (see the module). ``toward`` and ``away``: sums of weights; ``votes``: their number."""

    pole: Named
    year: int
    index: float
    toward: float
    away: float
    votes: int


class Alignment(Answer):
    """Tables ``moves`` (:class:`Move`), ``index`` (:class:`Year`), ``memberships`` (:class:`Membership`), and ``positions``
    (:class:`Position`): its own and its organisations', and those of others that concern it."""

    KIND = "alignment"
    HIDDEN = Answer.HIDDEN | {"language"}
    ROWS: ClassVar = {"moves": Move, "index": Year, "memberships": Membership, "positions": Position}

    @property
    def pictures(self) -> tuple[str, ...]:
        """The ``timeline``, where anything has a year."""
        belonging = (row for row in self.tables["memberships"] if isinstance(row, Membership))
        return ("timeline",) if self.tables["index"] or any(row.years for row in belonging) else ()

    def picture(self, kind: str | None = None) -> Picture:
        """The index by pole and year, and memberships (``timeline``). Raises PictureError where nothing has a year."""
        if kind not in (None, "timeline"):
            raise PictureError(f"alignment: there is no picture {kind!r}; there is timeline")
        index = [row for row in self.tables["index"] if isinstance(row, Year)]
        votes: Counter[Named] = Counter()
        for row in index:
            votes[row.pole] += row.votes
        best = [pole for pole, _ in votes.most_common(PICTURED)]
        drawn = [row for row in index if row.pole in best]
        belonging = [row for row in self.tables["memberships"] if isinstance(row, Membership) and row.years]
        if not drawn and not belonging:
            raise NothingToDrawError(f"{self.title}: nothing to draw: no move and no membership with a year")
        poles = [Pole(row.pole.name, row.year, row.index, row.votes) for row in drawn]
        standings = [Standing(row.organisation.name, min(row.years), _doubted(row)) for row in belonging]
        order = [pole.name for pole in best]
        more = f"the {PICTURED} poles with most votes of {len(votes)}" if len(votes) > PICTURED else ""
        return timeline(self.title, more, order, poles, standings, self.claims_behind([*drawn, *belonging]))


@uncollected()
def alignment(register: Register, who: str, *, year_from: int | None = None, year_to: int | None = None) -> Alignment:
    """Memberships, moves, their yearly index and stated positions of a state or bloc (a name, code or id), of these years.

    The module tells what the index is. Raises FilterError for what is neither state nor bloc, with the nearest.
    """
    with reading(register.engine) as connection:
        asked = resolved(connection, who, "alignment")
        if not asked.startswith(("country:", "bloc:")):
            raise FilterError(f"alignment: {who!r} is neither a state nor a bloc, but {asked}")
        every = _said(connection, asked)
        keys = {part for voice in every for key in (voice.actor, voice.partner, voice.third, voice.item) if key for part in key.split("+")}  # fmt: skip
        called = names(connection, keys | {asked})
    said = [voice for voice in every if _within(voice, year_from, year_to)]
    tables = _Gathered(said, called).tables()
    title = f"{called[asked]}: where it stands and where it moves{told.period(year_from, year_to)}"
    return Alignment(register, title, tables, tuple(_notes(register, called[asked], every, said)))


def _said(connection: Connection, asked: str) -> list[Voice]:
    """What is said of its moves and memberships, and the positions of its own and those that concern it."""
    own = (deals.c.kind == "relation", deals.c.frame.in_(("alignment", "membership")), deals.c.actor == asked)
    concerning = or_(*(deals.c.partner.like(place) for place in (asked, f"{asked}+%", f"%+{asked}", f"%+{asked}+%")))
    positions = or_(told.one_of_its(deals.c.actor, asked), concerning)
    found = list(connection.scalars(select(deals.c.deal).where(*own)))
    found += connection.scalars(select(deals.c.deal).where(of_frame("position"), positions))
    return voices_of(connection, found)


def _within(voice: Voice, first: int | None, last: int | None) -> bool:
    if first is None and last is None:
        return True
    return voice.told is not None and (first or 0) <= voice.told <= (last or 9999)


def _notes(register: Register, name: str, every: Sequence[Voice], said: Sequence[Voice]) -> Iterator[str]:
    if not said:
        years = sorted({voice.told for voice in every if voice.told})
        thing = f"moves, memberships or positions of {name}"
        if years:
            yield f"the register has {thing}, but none of these years; its first are of {years[0]}, its last of {years[-1]}"
        else:
            yield nothing(register, thing)
        return
    yield " ".join(DEFINITION)
    moves = [voice for voice in said if voice.frame == "alignment" and not voice.denied]
    if undated := {voice.claim for voice in moves if voice.told is None}:
        yield f"{len(undated):,} of {len({voice.claim for voice in moves}):,} claims of moves have no year and are not in the index"
    asserted = {voice.deal for voice in said if not voice.denied}
    if denied := {voice.deal for voice in said} - asserted:
        yield f"{len(denied):,} that sources only deny are not counted: {', '.join(sorted(denied))}"


Key = tuple[str | None, ...]


class _Gathered:
    """What is said, gathered into rows."""

    def __init__(self, said: Sequence[Voice], called: Mapping[str, str]) -> None:
        self._said = said
        self._called = called

    def tables(self) -> dict[str, tuple[Based, ...]]:
        """The tables of the answer."""
        return {
            "moves": tuple(self._moves()), "index": tuple(self._index()), "memberships": tuple(self._memberships()),
            "positions": tuple(self._positions()),
        }  # fmt: skip

    def _groups(self, frame: str, key: Callable[[Voice], Key]) -> Iterator[tuple[Key, list[Voice], list[Voice]]]:
        """What is said of each thing: its key, who says it, who denies it; the best supported first. What is only denied is not
        there."""
        groups: dict[Key, list[Voice]] = {}
        for voice in self._said:
            if voice.frame == frame:
                groups.setdefault(key(voice), []).append(voice)
        parted = [
            (one, [v for v in some if not v.denied], [v for v in some if v.denied]) for one, some in groups.items()
        ]
        told_of = [group for group in parted if group[1]]
        return iter(sorted(told_of, key=lambda group: (-told.sources(group[1]), str(group[0]))))

    def _moves(self) -> Iterator[Move]:
        for direction, pole in POLES.items():
            for (key,), some, denied in self._groups("alignment", _by(pole)):
                if key:
                    yield Move(direction=direction, pole=self._name(key), **_shared(some, denied))

    def _index(self) -> Iterator[Year]:
        votes: dict[tuple[str, int], dict[tuple[Direction, str], list[Voice]]] = {}
        for voice in self._said:
            for direction, pole in POLES.items():
                key = pole(voice)
                if voice.frame == "alignment" and key and voice.told and not voice.denied:
                    votes.setdefault((key, voice.told), {}).setdefault((direction, voice.source), []).append(voice)
        for (key, year), cast in sorted(votes.items()):
            weights = {vote: WEIGHTS[told.surest(some)] for vote, some in cast.items()}
            toward = sum((weight for (direction, _), weight in weights.items() if direction == "toward"), 0.0)
            away = sum(weights.values()) - toward
            yield Year(
                deals=_deals(voice for some in cast.values() for voice in some), pole=self._name(key), year=year,
                index=(toward - away) / len(weights), toward=toward, away=away, votes=len(weights),
            )  # fmt: skip

    def _memberships(self) -> Iterator[Membership]:
        groups = self._groups("membership", lambda voice: (voice.partner, voice.label or "member"))
        for (organisation, standing), some, denied in groups:
            named = self._name(organisation or "")
            yield Membership(organisation=named, standing=standing or "", **_shared(some, denied))

    def _positions(self) -> Iterator[Position]:
        for _, some, denied in self._groups("position", lambda voice: (voice.deal,)):
            clearest = min(some, key=lambda voice: CERTAINTIES.index(voice.certainty))
            yield Position(
                holder=self._name(clearest.actor or ""), stance=tuple((clearest.label or "").split("+")),
                item=self._names(voice.item for voice in some), party=self._names(voice.partner for voice in some),
                words=clearest.words, language=clearest.language, **_shared(some, denied),
            )  # fmt: skip

    def _names(self, keys: Iterable[str | None]) -> tuple[Named, ...]:
        return tuple(self._name(part) for part in dict.fromkeys(p for key in keys if key for p in key.split("+")))

    def _name(self, key: str) -> Named:
        return Named(key, self._called[key])


def _shared(some: Sequence[Voice], denied: Sequence[Voice]) -> dict[str, Any]:
    """What every row tells of who says it."""
    first, last = told.dates(some)
    relations = _deals([*some, *denied])
    return {
        "deals": relations, "relations": relations, "years": tuple(sorted({v.told for v in some if v.told})),
        "certainty": told.surest(some), "speaker": told.speakers(some), "denied_by": told.speakers(denied), "first": first,
        "last": last, "reports": told.reports(some), "sources": told.sources(some),
    }  # fmt: skip


def _doubted(row: Membership) -> str:
    """A standing with what makes it doubtful."""
    certainty = [] if row.certainty == "asserted" else [row.certainty]
    denial = [f"denied by {', '.join(inline(named.name) for named in row.denied_by)}"] if row.denied_by else []
    return ", ".join([row.standing, *certainty, *denial])


def _by(pole: Callable[[Voice], str | None]) -> Callable[[Voice], Key]:
    return lambda voice: (pole(voice),)


def _deals(some: Iterable[Voice]) -> tuple[str, ...]:
    return tuple(sorted({voice.deal for voice in some}))
