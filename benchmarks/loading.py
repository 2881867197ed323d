"""What a run wrote, loaded into a register: claims a second. ``loading.py [CLAIMS]``"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import pyarrow as pa
from generated import grounded, reports, sentence
from pyarrow import parquet

import rasad
from rasad.claims import Claim, Document
from rasad.register import open_register
from rasad.register.load import load, run_in
from rasad.register.store import document_id
from rasad.result import RUN, Begun, Described, Report

CLAIMS = 100_000
ROWS = 5_000  #: of a row group


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else CLAIMS
    with tempfile.TemporaryDirectory() as place:
        documents = wrote(Path(place, "run"), size)
        with open_register(Path(place, "rasad.db"), create=True) as register:
            run = run_in(str(Path(place, "run")))
            started = time.perf_counter()
            loaded = load(register.engine, run)
            spent = time.perf_counter() - started
            started = time.perf_counter()
            load(register.engine, run)
            again = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stored = loaded.stored.claims
    print(f"{stored:,} claims of {documents:,} texts in {spent:.1f} s, {stored / spent:,.0f} claims a second")
    print(f"the same again, all of it there: {again:.1f} s; {memory:,.0f} MB at most")


def wrote(folder: Path, size: int) -> int:
    """Writes made-up claims as a run leaves them; gives the number of texts."""
    texts: dict[str, list[str]] = {}
    for _, report in reports(size):
        texts.setdefault(report.document, []).append(sentence(report.claim))
    documents = {name: Document(name=name, text="".join(said), language="en") for name, said in texts.items()}
    held = [
        {"document_id": document_id(documents[report.document]), **_row(report.claim)}
        for report in grounded(reports(size))
    ]
    known = [
        {"id": document_id(one), "hash": one.hash, **msgspec.structs.asdict(one), "copy_of": None} for one in documents.values()
    ]  # fmt: skip
    for name, rows in (("documents", known), ("claims", held)):
        (folder / name).mkdir(parents=True)
        schema = pa.schema([(column, pa.string()) for column in rows[0]])
        parquet.write_table(
            pa.Table.from_pylist(rows, schema), folder / name / "part-00000.parquet", row_group_size=ROWS
        )
    begun, report = Begun(reader="made up", sources=[]), Report(about=len(known), claims=len(held))
    told = Described(rasad=rasad.__version__, engine="local", begun=begun, report=report)
    (folder / RUN).write_bytes(told.packed())
    return len(known)


def _row(claim: Claim) -> dict[str, str]:
    return {"id": claim.id, "claim": msgspec.json.encode(claim).decode()}


if __name__ == "__main__":
    main()
