"""Where the time of a run goes: its two functions in this process, looked at every few milliseconds from another thread."""

from __future__ import annotations

import gc
import io
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from rasad.engines.batches import CLAIMS, claims_of, pieces_batch, sift
from rasad.engines.folder import Begun
from rasad.engines.plan import batches, planned

EVERY = 0.002  #: seconds between two looks
#: The step of each module, looked for from the function that runs outwards.
STEPS = {
    "sources/splits": "opening", "sources/places": "opening", "sources/packed": "unpacking", "sources/archives": "unpacking",
    "sources/tables": "rows of the source", "sources/decoding": "encoding", "sources/files": "encoding",
    "sources/markup": "extraction", "trafilatura": "extraction", "htmldate": "extraction", "reading/screen": "screen",
    "reading/identify": "identify", "register/independence": "whom it credits", "sources/copies": "signature",
    "reading/segment": "segment", "reading/mentions": "mentions", "reading/people": "mentions",
    "reading/organisations": "mentions", "reading/quantities": "mentions", "reading/view": "words and their forms",
    "languages": "words and their forms", "gazetteer": "words and their forms", "reading/frames": "frames",
    "reading/head": "encoder", "reading/encoder": "encoder", "reading/roles": "roles", "reading/functions": "roles",
    "reading/affinity": "roles", "reading/doers": "roles", "reading/discourse": "roles", "reading/drafts": "roles",
    "reading/qualify": "qualify", "reading/attribute": "attribute", "reading/ground": "ground", "reports/rows": "rows",
    "engines/batches": "Arrow", "benchmarks/steps": "writing", "pyarrow": "writing",
}  # fmt: skip
#: Functions of the words are put down to whoever asks for them, where that is one of these.
ASKING = {"register/independence": "whom it credits", "sources/copies": "signature"}


def seconds_by_step(source: Path) -> dict[str, float]:
    """Seconds of a processor by step of a run over a source in one process, its word lists loaded before."""
    handed = [pieces_batch(batch.pieces) for batch in batches(planned(Begun(reader="", sources=[str(source)])))]
    gc.set_threshold(200_000, 20, 20)  # as the processes of a run have it
    _work(handed[:1])
    with _looked_at() as looks:
        started = time.process_time()
        _work(handed)
        spent = time.process_time() - started
    counted = Counter(map(_step, looks))
    return {step: spent * count / counted.total() for step, count in counted.most_common()}


def _work(handed: list[pa.RecordBatch]) -> None:
    """What a run does with pieces, but for finding copies and gathering deals."""
    sifted = pa.Table.from_batches(map(sift, handed))
    documents = sifted.filter(pc.equal(sifted["kind"], "document")).combine_chunks()
    with parquet.ParquetWriter(io.BytesIO(), CLAIMS, compression="zstd") as writer:
        for batch in documents.to_batches(max_chunksize=40):
            writer.write_batch(claims_of(batch))


@contextmanager
def _looked_at() -> Iterator[list[list[str]]]:
    """The files of the functions that run in this thread, innermost first, a list for each look."""
    looks: list[list[str]] = []
    ended, thread = threading.Event(), threading.get_ident()

    def look() -> None:
        while not ended.wait(EVERY):
            looks.append(_files(sys._current_frames().get(thread)))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield looks
    finally:
        ended.set()
        looking.join()


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
