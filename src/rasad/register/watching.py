"""Sources visited on a schedule, and what is new in them read and stored. The visits go on while texts are read: that is done in a
thread of its own, one after the other. What is left to do stands in the register, so that whoever begins again goes on from there."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import time
from typing import ParamSpec, TypeVar

import msgspec
from sqlalchemy import Engine

from rasad.claims import Document, document_id
from rasad.languages import codes
from rasad.reading.screen import screen
from rasad.register import watched
from rasad.register.add import add
from rasad.register.database import StoreError, shown
from rasad.register.watched import Announced, Brought, Standing, moment
from rasad.sources import Problem, Provenance, Skipped, with_provenance
from rasad.sources.addresses import Fetched, FetchError, documents_of, plain
from rasad.sources.feeds import Entry, Feed, FeedError, links
from rasad.sources.markup import from_markup
from rasad.sources.pieces import reader_failed
from rasad.sources.visits.agenda import Agenda
from rasad.sources.visits.plan import DAY, Plan, Source
from rasad.sources.visits.visitor import SECONDS, Visitor, host_of

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows has no such locks
    flock = None  # type: ignore[assignment]

FIRST = 300.0  #: seconds after which a text that could not be fetched is tried again; twice as many each time
TRIES = 6  #: visits after which a text that cannot be fetched is given up: the last is some three hours after the first
LONGEST = 30 * DAY  #: seconds for which a host is left alone, whatever it asks
SITEMAPS = 20  #: parts of an index of sitemaps that are looked at in one visit, the newest
_LASTS = frozenset({"refused", "forbidden", "type", "large"})  # faults that do not pass with time
_PASSES = frozenset({408, 425, 429})  # answers of the kind 4xx that do

P = ParamSpec("P")
T = TypeVar("T")
Item = Source | Announced


def delay(failures: int, every: float, wait: float | None = None) -> float:
    """Seconds until what failed so many times in a row is visited again: twice as many after each, a day at most, but never less than
    the server asks for."""
    return max(min(every * 2.0 ** min(failures, 30), max(DAY, every)), min(wait or 0.0, LONGEST))


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Sees to it that one person watches for a register once on this machine. Raises StoreError where they do so already."""
    register = engine.url.render_as_string(hide_password=True)
    name = str(Path(engine.url.database or "").absolute()) if engine.dialect.name == "sqlite" else register
    own = f"{name}\0{os.getuid() if hasattr(os, 'getuid') else ''}"
    lock = Path(tempfile.gettempdir()) / f"rasad-watch-{sha256(own.encode()).hexdigest()[:32]}"
    with lock.open("a") as held:
        try:
            if flock is not None:
                flock(held, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"{shown(register)}: another `rasad watch` is watching for it; end that one first"
            ) from None
        yield


class Watch:
    """The sources of a plan, watched for a register."""

    def __init__(
        self,
        engine: Engine,
        plan: Plan,
        tell: Callable[[str], None] = lambda _: None,
        warn: Callable[[str], None] = lambda _: None,
        seconds: float = SECONDS,
    ) -> None:
        """``tell`` hears of each visit, in one line, and ``warn`` of what could not be stored; ``seconds`` is what a visit may
        take."""
        self._engine = engine
        self._plan = plan
        self._tell = tell
        self._warn = warn
        self._seconds = seconds
        self._sources: dict[int, Source] = {}
        self._stands: dict[int, Standing] = {}
        self._ids: dict[str, int] = {}
        self._agenda: Agenda[Item] = Agenda()
        self._known: set[str] = set()  # addresses under which texts were found that were fetched elsewhere
        self._whole: dict[str, Entry] = {}  # by address, what feeds have of texts that wait to be read
        self._once = False
        self._well = True

    async def run(self, stop: asyncio.Event, *, once: bool = False) -> bool:
        """Visits what is due, for as long as nobody stops it, or until ``once`` all is done that was due. What is read at the end is
        still stored. Gives whether every source could be visited. Raises StoreError where the register cannot be used at all."""
        self._once = once
        self._visitor = Visitor(self._plan, self._seconds)
        with ThreadPoolExecutor(1, "reading") as self._thread:
            await self._aside(self._begin)
            stopped = asyncio.create_task(stop.wait())
            visits: set[asyncio.Task[object]] = {stopped}
            try:
                while not stop.is_set():
                    while (item := self._agenda.take(time())) is not None:
                        visits.add(asyncio.create_task(self._visit(item)))
                    pause = self._agenda.pause(time())
                    if once and visits == {stopped} and pause != 0:
                        self._tell_left()
                        break
                    done, visits = await asyncio.wait(visits, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                    for visit in done:
                        visit.result()
            finally:
                for visit in visits:
                    visit.cancel()
                await asyncio.gather(*visits, return_exceptions=True)
        return self._well

    def _begin(self) -> None:
        stands = watched.begin(self._engine, self._plan.sources)
        for source in self._plan.sources:
            standing = stands[source.address]
            self._sources[standing.id], self._stands[standing.id] = source, standing
            self._ids[source.address] = standing.id
            self._agenda.add(host_of(source.address), _seconds(standing.next), source)
        for due, one in watched.waiting(self._engine):
            self._agenda.add(host_of(one.address), _seconds(due), one)

    async def _aside(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Does what takes a while in the thread that reads and stores."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(act, *args, **kwargs))

    async def _visit(self, item: Item) -> None:
        host = host_of(item.address)
        try:
            await (self._visit_source(item) if isinstance(item, Source) else self._visit_text(item))
        except StoreError as error:
            self._well = False
            self._warn(f"{item.address}: not stored, {error}")
            self._later(item, FIRST)
        finally:
            self._agenda.leave(host)

    def _later(self, item: Item, after: float) -> None:
        """Puts on the agenda what is to be visited again; what is done once is left to the next time."""
        if not self._once:
            self._agenda.add(host_of(item.address), time() + after, item)

    def _tell_left(self) -> None:
        """Tells which sources are due and were not visited, as their hosts asked to be left alone."""
        for item in self._agenda.held(time()):
            if isinstance(item, Source):
                self._well = False
                self._tell(f"{item.address}: not visited, the host asked to be left alone for a while")

    # Sources.

    async def _visit_source(self, source: Source) -> None:
        standing = self._stands[self._ids[source.address]]
        after, problem = source.every, None
        try:
            told = await self._looked_at(source, standing)
        except (FetchError, FeedError) as error:
            if isinstance(error, FetchError) and error.fault == "unchanged":
                told = "unchanged"
                await self._aside(self._seen, source, standing.etag, standing.modified)
            else:
                problem = error
        except StoreError:
            raise
        except Exception as error:  # a fault of a reader costs one visit, not the watch
            problem = FeedError(reader_failed(error))
        if problem is not None:
            self._well = False
            after = delay(standing.failures + 1, source.every, self._held(source.address, problem))
            told = f"failed: {_reason(source.address, problem)}; again at {moment(time() + after)}"
            await self._aside(self._failed, source, _reason(source.address, problem), moment(time() + after))
        self._tell(f"{source.address}: {told}")
        self._later(source, after)

    async def _looked_at(self, source: Source, standing: Standing) -> str:
        """Visits a source and stores what came of it; tells what that was."""
        fetched = await self._visitor.visit(source.address, source.kind, standing.etag, standing.modified)
        if source.kind == "page":
            return await self._aside(self._page_changed, source, standing, fetched)
        feed = await self._aside(links, fetched.data, fetched.address, fetched.encoding)
        whole = feed.kind == "index"  # whose parts may change though it does not
        if whole:
            feed = await self._parts(source, feed)
        state = (None, None) if whole else (fetched.etag, fetched.modified)
        wanted = _wanted(source, feed)
        fresh = await self._aside(self._seen, source, *state, feed.title, wanted)
        for one in fresh:
            if (entry := wanted[one.address]).whole:
                self._whole[one.address] = entry
            self._agenda.add(host_of(one.address), time(), one)
        told = f"{_counted(len(feed.entries), 'entry', 'entries')}, {len(fresh):,} new"
        return f"{told}; {feed.remark}" if feed.remark else told

    async def _parts(self, source: Source, index: Feed) -> Feed:
        """All that the sitemaps of an index announce, as one."""
        entries: list[Entry] = []
        remarks: list[str] = []
        parts = list(_wanted(source, index))
        for address in parts[:SITEMAPS]:
            try:
                fetched = await self._visitor.visit(address, "sitemap")
                part = await self._aside(links, fetched.data, fetched.address, fetched.encoding)
                if part.kind == "index":
                    raise FeedError("is an index of sitemaps again, left out")
                entries += part.entries
            except (FetchError, FeedError) as error:
                remarks.append(f"{address} {_reason(address, error)}")
        if remarks and len(remarks) == len(parts[:SITEMAPS]):
            raise FeedError(f"none of its sitemaps can be read: {remarks[0]}")
        if len(parts) > SITEMAPS:
            remarks.append(f"{len(parts) - SITEMAPS} of its sitemaps were left out")
        return Feed(kind="sitemap", entries=tuple(entries), remark="; ".join(remarks) or None)

    def _seen(
        self,
        source: Source,
        etag: str | None,
        modified: str | None,
        title: str | None = None,
        wanted: dict[str, Entry] | None = None,
    ) -> list[Announced]:
        identifier, next_visit = self._ids[source.address], moment(time() + source.every)
        self._stands[identifier] = Standing(id=identifier, next=next_visit, etag=etag, modified=modified)
        named = ((address, _known(entry, title)) for address, entry in (wanted or {}).items())
        return watched.seen(self._engine, identifier, next_visit, etag, modified, named)

    def _failed(self, source: Source, error: str, next_visit: str) -> None:
        standing = self._stands[self._ids[source.address]]
        failures = standing.failures + 1
        self._stands[standing.id] = msgspec.structs.replace(standing, next=next_visit, failures=failures)
        watched.failed(self._engine, standing.id, error, next_visit, failures)

    def _page_changed(self, source: Source, standing: Standing, fetched: Fetched) -> str:
        texts, told = self._stored(source, Provenance(), documents_of(fetched))
        if not texts:
            raise FeedError(told)
        watched.bring(self._engine, standing.id, texts)
        self._seen(source, fetched.etag, fetched.modified)
        return told

    # Texts that sources name.

    async def _visit_text(self, one: Announced) -> None:
        if one.address in self._known:
            return
        entry = self._whole.pop(one.address, None)
        try:
            if entry is not None:
                told = await self._aside(self._read_entry, one, entry)
            else:
                fetched = await self._visitor.visit(one.address, "page")
                told = await self._aside(self._read_page, one, fetched)
        except FetchError as error:
            told = await self._missed(one, error)
        except StoreError:
            raise
        except Exception as error:
            told = reader_failed(error)
            await self._aside(watched.settled, self._engine, one, told)
        self._tell(f"{one.address}: {told}")

    async def _missed(self, one: Announced, error: FetchError) -> str:
        """Notes that a text could not be fetched, and whether it is tried again."""
        reason, failures = _reason(one.address, error), one.failures + 1
        wait = self._held(one.address, error)
        gone = error.status is not None and 400 <= error.status < 500 and error.status not in _PASSES
        if error.fault in _LASTS or gone or failures >= TRIES:
            await self._aside(watched.settled, self._engine, one, reason)
            return f"given up: {reason}"
        after, again = delay(failures - 1, FIRST, wait), msgspec.structs.replace(one, failures=failures)
        await self._aside(watched.put_off, self._engine, again, reason, moment(time() + after))
        self._later(again, after)
        return f"failed: {reason}; again at {moment(time() + after)}"

    def _held(self, address: str, error: Exception) -> float | None:
        """For how many seconds a server asks to be left alone; all that is on the agenda of the host waits for so long."""
        if not isinstance(error, FetchError) or error.status not in (429, 503):
            return None
        wait = error.wait if error.wait is not None or error.status == 503 else FIRST
        if wait is not None:
            self._agenda.hold(host_of(address), time() + min(wait, LONGEST))
        return wait

    def _read_page(self, one: Announced, fetched: Fetched) -> str:
        source = self._sources[one.source]
        texts, told = self._stored(source, one.known, documents_of(fetched))
        watched.bring(self._engine, one.source, texts)
        also = {plain(fetched.address), *(text.address for text in texts)}
        self._known |= also
        watched.settled(self._engine, one, None if texts else told, also)
        return told

    def _read_entry(self, one: Announced, entry: Entry) -> str:
        known = msgspec.structs.replace(one.known, address=one.address)
        texts, told = self._stored(self._sources[one.source], known, [from_markup(one.address, entry.page(), "utf-8")])
        watched.bring(self._engine, one.source, texts)
        watched.settled(self._engine, one, None if texts else told)
        return f"{told} (from the feed)"

    def _stored(
        self, source: Source, known: Provenance, entries: Iterable[Document | Problem | Skipped]
    ) -> tuple[list[Brought], str]:
        """Reads and stores texts; gives what they are, and tells it. What a person said of the source comes before what it says, and
        that before what its pages say."""
        texts: list[Brought] = []
        reasons: list[str] = []
        claims = 0
        for entry in entries:
            if not isinstance(entry, Document):
                reasons += [entry.reason] if isinstance(entry, Skipped) else []
                continue
            told = with_provenance(known, entry)
            address = told.address or source.address
            document = msgspec.structs.replace(
                told, name=told.name if "#char=" in told.name else address, language=source.language or told.language,
                outlet=source.outlet or known.outlet or told.outlet,
            )  # fmt: skip
            added = add(self._engine, [document])
            reasons += [skipped.reason for skipped in added.skipped]
            if not added.skipped:
                about_arms = screen(document.text) is not None
                texts.append(Brought(document_id(document), address, bool(added.stored.new), about_arms))
                claims += added.stored.claims
        if not texts:
            return texts, reasons[0] if reasons else "no text"
        if not any(text.new for text in texts):
            return texts, "known already"
        if not any(text.about_arms for text in texts):
            return texts, "new, not about arms"
        return texts, f"new, {_counted(claims, 'claim', 'claims')}"


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _seconds(given: str) -> float:
    return datetime.fromisoformat(given).timestamp()


def _reason(address: str, error: Exception) -> str:
    return str(error).removeprefix(f"{address}: ")


def _known(entry: Entry, title: str | None) -> Provenance:
    """What a feed of this title tells of an entry."""
    outlet = entry.outlet or (title if entry.whole else None)
    return Provenance(title=entry.title, outlet=outlet, author=entry.author, published=entry.published)


def _wanted(source: Source, feed: Feed) -> dict[str, Entry]:
    """The entries that are to be looked at, by address: those in a language that is read, as far as one is told; of a sitemap those
    that are new, the newest first."""
    entries = [one for one in feed.entries if source.language or one.language is None or one.language in codes()]
    if feed.kind != "feed":
        oldest = moment(time() - source.since)[:10]
        entries = [one for one in entries if one.published is None or one.published >= oldest]
        entries.sort(key=lambda one: one.published or "", reverse=True)
    found: dict[str, Entry] = {}
    for one in entries:
        if one.address:
            found.setdefault(one.address, one)
    return found
