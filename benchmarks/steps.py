"""Where the time of a run goes: its two functions in this process, which a timer of the system looks at every two milliseconds that
they take of a processor. (A thread that looked would be let in where the functions wait, and see little else.)"""

from __future__ import annotations

import gc
import io
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from rasad.engines.batches import CLAIMS, SIFTED, claims_of, pieces_batch, sift
from rasad.engines.plan import batches, planned
from rasad.result import Begun

EVERY = 0.002  #: seconds between two looks
#: The step of each module, looked for from the function that runs outwards.
STEPS = {
    "sources/splits": "opening", "sources/places": "opening", "sources/packed": "unpacking", "sources/archives": "unpacking",
    "sources/tables": "rows of the source", "sources/decoding": "encoding", "sources/files": "encoding",
    "sources/markup": "extraction", "trafilatura": "extraction", "htmldate": "extraction", "reading/screen": "screen",
    "reading/identify": "identify", "sources/origins": "whom it credits", "sources/copies": "signature",
    "reading/segment": "segment", "reading/mentions": "mentions", "reading/people": "mentions",
    "reading/organisations": "mentions", "reading/quantities": "mentions", "reading/view": "words and their forms",
    "languages": "words and their forms", "gazetteer": "words and their forms", "reading/frames": "frames",
    "reading/head": "encoder", "reading/encoder": "encoder", "reading/roles": "roles", "reading/functions": "roles",
    "reading/affinity": "roles", "reading/doers": "roles", "reading/discourse": "roles", "reading/drafts": "roles",
    "reading/qualify": "qualify", "reading/attribute": "attribute", "reading/ground": "ground", "reports/rows": "rows",
    "rasad/claims": "hashes", "engines/batches": "Arrow", "benchmarks/steps": "writing", "pyarrow": "writing",
}  # fmt: skip
#: Functions of the words are put down to whoever asks for them, where that is one of these.
ASKING = {"sources/origins": "whom it credits", "sources/copies": "signature"}


def seconds_by_step(source: Path, begin: Path) -> dict[str, float]:
    """Seconds of a processor by step of a run over a source in one process, which has read another before."""
    gc.set_threshold(50_000, 10, 10)  # as the processes of a run have it
    _work(begin)
    with _looked_at() as looks:
        _work(source)
    found: Counter[str] = Counter()
    for files, seconds in looks:
        found[_step(files)] += seconds
    return dict(found.most_common())


def _work(source: Path) -> None:
    """What a run does with a source, but for finding copies and gathering deals."""
    plan = planned(Begun(reader="", sources=[str(source)]))
    sifted = pa.Table.from_batches(sift(pieces_batch(batch.pieces)) for batch in batches(plan))
    documents = sifted.filter(pc.equal(sifted["kind"], "document")).combine_chunks()
    claims = [claims_of(batch) for batch in documents.to_batches(max_chunksize=40)]
    for schema, done in ((SIFTED, sifted.to_batches()), (CLAIMS, claims)):
        with parquet.ParquetWriter(io.BytesIO(), schema, compression="zstd") as writer:
            for batch in done:
                writer.write_batch(batch)


@contextmanager
def _looked_at() -> Iterator[list[tuple[list[str], float]]]:
    """The files of the functions that run, innermost first, and the seconds since the look before, for each look."""
    looks: list[tuple[list[str], float]] = []
    before = time.process_time()

    def look(_: int, frame: FrameType | None) -> None:
        nonlocal before
        now = time.process_time()
        looks.append((_files(frame), now - before))
        before = now

    replaced = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        yield looks
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, replaced)


def _files(frame: FrameType | None) -> list[str]:
    found = []
    while frame is not None:
        found.append(frame.f_code.co_filename)
        frame = frame.f_back
    return found


def _step(files: list[str]) -> str:
    named = [_named(file) for file in files]
    for asking, step in ASKING.items():
        if asking in named:
            return step
    return next((STEPS[name] for name in named if name in STEPS), "elsewhere")


def _named(file: str) -> str:
    """The key of STEPS for a file, or something that is none."""
    path = Path(file).with_suffix("")
    near = "/".join(path.parts[-2:])
    return near if near in STEPS else next((part for part in reversed(path.parts[:-1]) if part in STEPS), near)
