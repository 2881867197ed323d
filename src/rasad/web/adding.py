"""Texts are read and stored while pages are served: a job for what somebody gave, one at a time, in a thread of its own.

A job is a folder in a place that all processes of the desk share: what it reads, and its state, which any of them can show. What is
stored of it is stored document by document; what fails stores nothing by half.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from time import time
from typing import IO, Literal

import msgspec

from rasad.claims import Document, document_id
from rasad.exchange.imports import import_sipri
from rasad.exchange.sipri import BadRow, RegisterFormatError
from rasad.register import Register, StoreError
from rasad.register.store import Stored, now
from rasad.sources import Piece, Problem, Provenance, Skipped, documents_of, with_provenance
from rasad.sources.decoding import NotTextError, encoding_of
from rasad.sources.forms import FORMS, HEAD, UNKNOWN, form_of, told_by
from rasad.web.settings import Settings

try:
    from fcntl import LOCK_EX, flock
except ImportError:  # Windows serves with one process
    flock = None  # type: ignore[assignment]

log = logging.getLogger("rasad.web")
TABLE = ".csv"
TAKEN = frozenset({"text", "html", "pdf", "docx", "mail", "lines"})  #: what holds one text, or says what each is
READABLE = tuple(sorted(ending for ending, form in (FORMS | {TABLE: "text"}).items() if form in TAKEN))
KEPT = 7 * 24 * 3600  #: seconds that the state of a job is kept
LISTED = 500  #: texts, and things skipped, that a job remembers
STATE = "state.json"

Status = Literal["waiting", "reading", "done", "failed"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody gave to be added, how far it is, and what came of it. ``given`` are the names of what was given, ``read`` how many
    texts were read so far; ``documents`` are the ids of the texts; ``error`` says why a job failed (``interrupted``, ``fault`` or a
    sentence). ``rows`` are those of a table."""

    id: str
    by: str
    at: str
    given: tuple[str, ...]
    status: Status = "waiting"
    read: int = 0
    documents: tuple[str, ...] = ()
    new: int = 0
    again: int = 0
    reprinted: int = 0
    unchanged: int = 0
    claims: int = 0
    rows: int = 0
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[Problem, ...] = ()
    error: str | None = None
    process: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in ("done", "failed")


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A job with what is to be read: texts, and files of its folder (0, 1, 2 …) by the names they had; and what is known of all."""

    job: Job
    known: Provenance
    documents: tuple[Document, ...]
    files: tuple[str, ...]
    begun: Callable[[str], None]


class StoppedError(Exception):
    """The desk is being closed."""


class Jobs:
    """The jobs of a desk, and the thread that does them."""

    def __init__(self, settings: Settings, register: Register) -> None:
        """Takes an open register; the thread begins with the first job."""
        self._register = register
        self.place = _place(settings)
        self._waiting: SimpleQueue[Given | None] = SimpleQueue()  #: None: nothing more comes
        self._closing = Event()
        self._thread: Thread | None = None

    def start(
        self,
        by: str,
        known: Provenance,
        documents: Sequence[Document] = (),
        write: Callable[[Path], Sequence[str]] = lambda _: (),
        begun: Callable[[str], None] = lambda _: None,
    ) -> Job:
        """Begins a job over texts, and files that ``write`` puts into a folder as 0, 1, 2 …; it gives the names they had. ``begun``
        hears of the id of the job when its turn has come, in the thread of the jobs."""
        self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.place.is_symlink() or (hasattr(os, "getuid") and self.place.stat().st_uid != os.getuid()):
            raise StoreError(f"{self.place}: belongs to somebody else; what is to be read cannot be kept there")
        self._forget()
        identifier = secrets.token_hex(8)
        folder = self.place / identifier
        folder.mkdir(mode=0o700)
        try:
            files = tuple(write(folder))
            names = (*(document.name for document in documents), *files)
            job = Job(id=identifier, by=by, at=now(), given=names[:LISTED], process=os.getpid())
            self._keep(job)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._work, name="adding", daemon=True)
            self._thread.start()
        self._waiting.put(Given(job=job, known=known, documents=tuple(documents), files=files, begun=begun))
        return job

    def job(self, identifier: str) -> Job | None:
        """A job as it stands; None where there is none of this id, or it was long ago."""
        if not identifier.isalnum():
            return None
        try:
            found = msgspec.json.decode((self.place / identifier / STATE).read_bytes(), type=Job)
        except (OSError, msgspec.DecodeError):
            return None
        if found.over or _lives(found.process):
            return found
        return msgspec.structs.replace(found, status="failed", error="interrupted")

    def latest(self, most: int = 10) -> list[Job]:
        """The last jobs, newest first."""
        with suppress(FileNotFoundError):
            found = (self.job(folder.name) for folder in self.place.iterdir())
            return sorted(filter(None, found), key=lambda job: (job.at, job.id), reverse=True)[:most]
        return []

    def close(self) -> None:
        """Ends the thread after the text that it is reading. What was stored until then stays; the states of jobs go, unless another
        process still does one."""
        self._closing.set()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(5)
        if all(job.over or job.process == os.getpid() for job in self.latest(LISTED)):
            shutil.rmtree(self.place, ignore_errors=True)

    def _work(self) -> None:
        while (given := self._waiting.get()) is not None and not self._closing.is_set():
            folder = self.place / given.job.id
            try:
                with _turn(self.place):
                    given.begun(given.job.id)
                    job = self._done(given, folder)
            except StoreError as error:
                job = self._failed(given.job, str(error))
            except StoppedError:
                job = self._failed(given.job, "interrupted")
            except Exception:
                log.exception("job %s failed", given.job.id)
                job = self._failed(given.job, "fault")
            with suppress(OSError):
                self._keep(job)
                for file in folder.iterdir():
                    if file.name != STATE:
                        file.unlink()

    def _failed(self, job: Job, error: str) -> Job:
        return msgspec.structs.replace(self.job(job.id) or job, status="failed", error=error)

    def _done(self, given: Given, folder: Path) -> Job:
        """Does a job; gives it as it then stands."""
        job = msgspec.structs.replace(given.job, status="reading")
        remarks: list[Problem] = []
        skipped: list[Skipped] = []
        documents: dict[str, None] = {}
        self._keep(job)

        def tell(entry: Problem | Skipped) -> None:
            (remarks if isinstance(entry, Problem) else skipped).append(entry)  # type: ignore[arg-type]

        def done(document: Document) -> None:
            nonlocal job
            documents[document_id(document)] = None
            job = msgspec.structs.replace(job, read=job.read + 1)
            self._keep(job)
            if self._closing.is_set():
                raise StoppedError

        stored, rows = Stored(), 0
        for at, name in enumerate(given.files):
            if name.lower().endswith(TABLE):
                try:
                    table = import_sipri(self._register, folder / str(at), lambda row: tell(_bad(row)), name)
                except RegisterFormatError as error:
                    tell(Skipped(name, str(error).partition(": ")[2]))
                    continue
                stored, rows = stored + table.stored, rows + table.rows
        added = self._register.add(_entries(given, folder), language=given.known.language, tell=tell, done=done)
        stored += added.stored
        return msgspec.structs.replace(
            job, status="done", new=stored.new, again=stored.again, reprinted=stored.reprinted, unchanged=stored.unchanged,
            claims=stored.claims, rows=rows, documents=tuple(documents)[:LISTED], skipped=tuple(skipped[:LISTED]),
            remarks=tuple(remarks[:LISTED]),
        )  # fmt: skip

    def _keep(self, job: Job) -> None:
        """Writes the state of a job, at one stroke."""
        folder = self.place / job.id
        fresh = folder / f".{STATE}"
        fresh.write_bytes(msgspec.json.encode(job))
        fresh.replace(folder / STATE)

    def _forget(self) -> None:
        """Takes away jobs of long ago."""
        for folder in self.place.iterdir():
            with suppress(OSError):
                if folder.is_dir() and time() - folder.stat().st_mtime > KEPT:
                    shutil.rmtree(folder, ignore_errors=True)


def _place(settings: Settings) -> Path:
    """The folder of the jobs: the same for all processes of a desk, and nobody else's."""
    own = sha256(f"{settings.secret}\0{settings.register}".encode()).hexdigest()[:32]
    return Path(tempfile.gettempdir()) / f"rasad-desk-{own}"


def _lives(process: int) -> bool:
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _turn(place: Path) -> Iterator[None]:
    """Waits until no other process of the desk does a job."""
    with (place / ".lock").open("w") as lock:
        if flock is not None:
            flock(lock, LOCK_EX)
        yield


def _bad(row: BadRow) -> Skipped:
    """A line of a table that is no deal."""
    return Skipped(f"line {row.line}", f"{row.column}, {row.cell!r}: {row.problem}" if row.column else row.problem)


def _entries(given: Given, folder: Path) -> Iterator[Document | Problem | Skipped]:
    """The texts of a job, each with what is known of it."""
    read = (read_file(n, folder / str(at)) for at, n in enumerate(given.files) if not n.lower().endswith(TABLE))
    for entry in chain(given.documents, chain.from_iterable(read)):
        yield with_provenance(given.known, entry) if isinstance(entry, Document) else entry


def read_file(name: str, path: Path) -> Iterator[Document | Problem | Skipped]:
    """The texts in a file that somebody gave."""
    with path.open("rb") as file:
        form = form_given(name, file)
    if isinstance(form, Skipped):
        yield form
    else:
        for entry in documents_of(Piece(name=name, place=str(path), form=form)):
            yield entry._replace(place=None) if isinstance(entry, Skipped) else entry


def form_given(name: str, file: IO[bytes]) -> str | Skipped:
    """What a file is that somebody gave, by the ending of its name, else by what it begins with; or why it is not taken."""
    head = file.read(HEAD)
    form, packing = form_of(name)
    form = told_by(head) if form in (None, UNKNOWN) else form
    if packing is not None or form not in TAKEN:
        return Skipped(name, f"{packing or form}: not taken here, where a file is one text; `rasad add` reads it")
    try:
        if form == "text":
            encoding_of(file)
    except NotTextError as error:
        return Skipped(name, str(error))
    return str(form)
