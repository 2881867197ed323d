"""`rasad load`: what `rasad run` wrote goes into a register, and gives the same as adding the texts."""

import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from rasad import Document
from rasad.claims import Claim
from rasad.cli import app
from rasad.exchange import jsonl
from rasad.reading import read_document
from rasad.reading.identify import identify
from rasad.register import Filters, Register, load, open_register
from rasad.register.add import reader
from rasad.register.load import LoadError, run_in
from rasad.register.store import document_id
from rasad.reports.rows import row
from rasad.result import RUN, Begun, Described, Report, described
from rasad.sources import documents

TEXTS = [
    "Russia delivered 12 Su-30 fighters to Kazakhstan in 2018, Colonel Akhmetov said.",
    "Russia will deliver 18 Su-30 fighters to Kazakhstan in 2019.",
    "Ukraine cannot overhaul the S-300. Kazakhstan depends on Russia for the S-300. Russia leads the CSTO.",
    "Officials of Ruritania were accused of selling S-300 systems to Iran. They deny it.",
    "Nothing in this is about weapons at all, but it is kept.",
]


def doc(number: int, **known: str) -> Document:
    return Document(name=f"{number}.txt", text=TEXTS[number], language="en", **known)


def told(document: Document, copy_of: str | None = None) -> dict[str, object]:
    fields = {name: getattr(document, name) for name in document.__struct_fields__}
    return {"id": document_id(document), "hash": document.hash, **fields, "copy_of": copy_of}


def wrote(
    folder: Path, texts: Sequence[Document], copies: Iterable[tuple[Document, str]] = (), *, made_by: str | None = None,
    claims: Sequence[tuple[str, Claim]] | None = None,
) -> Path:  # fmt: skip
    """A folder as a run leaves it."""
    rows = [told(text) for text in texts] + [told(*copied) for copied in copies]
    (folder / "documents").mkdir(parents=True)
    schema = pa.schema([(name, pa.string()) for name in rows[0]])
    for number in range(0, len(rows), 3):
        table = pa.Table.from_pylist(rows[number : number + 3], schema)
        parquet.write_table(table, folder / "documents" / f"part-{number:05}.parquet")
    if claims is None:
        claims = [(document_id(text), claim) for text in texts for claim in read_document(text)]
    frames: dict[str, list[dict[str, object]]] = {}
    for document, claim in reversed(claims):
        frames.setdefault(claim.frame, []).append({**row(claim), "document_id": document})
    for frame, held in frames.items():
        (folder / "claims" / f"frame={frame}").mkdir(parents=True)
        parquet.write_table(pa.Table.from_pylist(held), folder / "claims" / f"frame={frame}" / "part-00000.parquet")
    report = Report(about=len(rows), claims=len(claims))
    whole = Described(rasad="1", engine="local", begun=Begun(reader=made_by or reader(), sources=[]), report=report)
    (folder / RUN).write_bytes(whole.packed())
    return folder


def everything(register: Register) -> tuple[object, ...]:
    exported = io.BytesIO()
    jsonl.write(register, Filters(), exported)
    lines = [json.loads(line) for line in exported.getvalue().splitlines()]
    return register.deals(), register.relations(), register.counts(), lines


@pytest.fixture
def register(address: str):
    with open_register(address, create=True) as opened:
        yield opened


def test_a_register_that_was_loaded_is_the_one_that_was_added_to(register, tmp_path, monkeypatch):
    monkeypatch.setattr(load, "BATCH", 4)
    texts = [doc(0, outlet="Harbour Review", published="2018-10-05", title="Fighters"), *map(doc, range(1, 5))]
    texts += [
        msgspec.structs.replace(one, language=identify(one.text))
        for one in documents([Path(__file__).parent.parent / "examples"])
        if isinstance(one, Document)
    ]
    again = doc(0, outlet="Inland Post")
    run = run_in(str(wrote(tmp_path / "run", texts, [(again, document_id(again))])))
    loaded = load.load(register.engine, run)
    with open_register(tmp_path / "added.db", create=True) as added:
        stored = added.add([*texts, again]).stored
        assert loaded.skipped == ()
        assert (loaded.stored.new, loaded.stored.claims) == (stored.new, stored.claims)
        assert stored.claims > 60
        assert everything(register) == everything(added)


def test_loading_again_changes_nothing_and_a_load_that_was_stopped_is_given_again(register, tmp_path, monkeypatch):
    monkeypatch.setattr(load, "BATCH", 2)
    run = run_in(str(wrote(tmp_path / "run", [doc(number) for number in range(5)])))

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load.load(register.engine, run, done=stop)
    assert register.counts().documents == 2
    assert load.load(register.engine, run).stored[:4] == (3, 0, 0, 2)
    before = everything(register)
    assert load.load(register.engine, run).stored[:4] == (0, 0, 0, 5)
    assert everything(register) == before


def test_texts_that_another_contains_are_its_reports(register, tmp_path):
    whole = Document(name="whole", text=f"{TEXTS[0]} {TEXTS[4]}", language="en", outlet="Harbour Review")
    copied = [(doc(0, outlet=outlet), document_id(whole)) for outlet in ("Inland Post", "Coast")]
    load.load(register.engine, run_in(str(wrote(tmp_path / "run", [whole], copied))))
    assert [(deal["reports"], deal["sources"], deal["claims"]) for deal in register.deals()] == [(3, 1, 1)]


def test_claims_of_another_reader_are_taken_with_its_name_and_read_again_when_the_texts_are_added(register, tmp_path):
    run = run_in(str(wrote(tmp_path / "run", [doc(0)], made_by="reader-old")))
    assert run.older
    load.load(register.engine, run)
    assert register.document(document_id(doc(0))).reader == "reader-old"
    assert register.add([doc(0)]).stored.again == 1


def test_claims_of_another_reader_never_take_the_place_of_those_that_are_there(register, tmp_path):
    register.add([doc(0)])
    run = run_in(str(wrote(tmp_path / "run", [doc(0, outlet="Coast")], made_by="reader-old", claims=[])))
    assert load.load(register.engine, run).stored.reprinted == 1
    held = register.document(document_id(doc(0)))
    assert (held.reader, len(held.claims), len(held.publications)) == (reader(), 1, 2)


def test_a_claim_that_is_not_what_it_should_be_is_named_and_the_others_are_stored(register, tmp_path):
    text = doc(2)
    first, second, *rest = read_document(text)
    moved = msgspec.structs.replace(first.evidence, start=first.evidence.start + 1)
    wrong = [
        msgspec.structs.replace(first, evidence=moved),
        msgspec.structs.replace(second, polarity="negative" if second.polarity == "positive" else "positive"),
        msgspec.structs.replace(second, id="c-1", frame="friendship"),
    ]
    owned = [(document_id(text), claim) for claim in (*wrong, *rest)]
    run = run_in(str(wrote(tmp_path / "run", [text, doc(0)], claims=[*owned, ("doc-none", read_document(doc(0))[0])])))
    loaded = load.load(register.engine, run)
    assert {(entry.path, entry.reason) for entry in loaded.skipped} == {
        (f"2.txt, claim {first.id}", f"its words are not those of the text, characters {moved.start} to {moved.end}"),
        (f"2.txt, claim {second.id}", "its id is not that of what it says"),
        ("2.txt, claim c-1", f"friendship with {', '.join(second.roles)} is no claim that Rasad knows"),
        (f"claim {read_document(doc(0))[0].id}", "its text (doc-none) is not among those that were read"),
    }
    assert (loaded.stored.new, register.counts().claims) == (2, len(rest))
    assert rest


def test_a_text_that_is_not_what_its_id_says_is_named(register, tmp_path):
    folder = wrote(tmp_path / "run", [doc(0), doc(2)])
    (file,) = folder.glob("documents/*")
    rows = parquet.read_table(file).to_pylist()
    rows[0]["text"] += " It was altered."
    parquet.write_table(pa.Table.from_pylist(rows), file)
    loaded = load.load(register.engine, run_in(str(folder)))
    assert [(entry.path, entry.reason) for entry in loaded.skipped] == [
        ("0.txt", f"its id ({document_id(doc(0))}) is not that of its text")
    ]
    assert loaded.stored.new == 1


def test_a_text_at_which_the_reader_failed_is_not_taken_for_one_without_claims(register, tmp_path):
    folder = wrote(tmp_path / "run", [doc(0), doc(4)])
    (folder / "aside.jsonl").write_text('{"path": "4.txt", "reason": "the reader failed", "place": null}\n')
    loaded = load.load(register.engine, run_in(str(folder)))
    assert loaded.skipped == (("4.txt", "the run could not read it, and set it aside", None),)
    assert loaded.stored.new == 1
    assert register.document(document_id(doc(4))) is None


def broken(folder: Path, how: str) -> None:
    claims = next(folder.glob("claims/*/*"))
    if how == "cut":
        claims.write_bytes(claims.read_bytes()[:-20])
    elif how == "missing":
        claims.unlink()
    elif how == "column":
        parquet.write_table(parquet.read_table(claims, partitioning=None).drop_columns(["claim"]), claims)
    elif how == "under way":
        told = described((folder / RUN).read_bytes())
        told.report = None
        (folder / RUN).write_bytes(told.packed())
    elif how == "no json":
        (folder / "run.json").write_text("{")
    else:
        (folder / "run.json").unlink()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("cut", r"part-00000\.parquet: cannot be read \("),
        ("missing", r"claims: has 0 rows, and run\.json tells of 1; something is missing"),
        ("column", r"part-00000\.parquet: has no column claim"),
        ("under way", r"this run has not ended; give the same `rasad run` again"),
        ("no json", r"run\.json: cannot be read \("),
        ("none", r"has no run\.json, it is no result of `rasad run`"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused(tmp_path, how, said):
    folder = wrote(tmp_path / "run", [doc(0)])
    broken(folder, how)
    with pytest.raises(LoadError, match=said):
        run_in(str(folder))


def invoked(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_says_what_came_of_it(tmp_path):
    register = tmp_path / "rasad.db"
    good = wrote(tmp_path / "good", [doc(0), doc(1)])
    older = wrote(tmp_path / "older", [doc(2)], [(doc(3), "doc-none")], made_by="reader-old")
    code, said, beside = invoked("load", good, older, "--register", register)
    assert (code, said.splitlines()[0]) == (1, "3 new · 1 left out · 5 claims stored")
    assert f"{older}: was read by another version of the reader (reader-old)" in beside
    assert "3.txt: left out, the text that contains it (doc-none) was not loaded" in beside
    assert invoked("load", good, "-r", register)[:2] == (
        0, "2 unchanged\nthe register has 1 deal and 3 relations, from 5 claims in 3 texts\n"
    )  # fmt: skip


def test_nothing_is_loaded_where_one_folder_is_no_run(tmp_path):
    code, _, beside = invoked(
        "load", wrote(tmp_path / "good", [doc(0)]), tmp_path / "none", "-r", tmp_path / "rasad.db"
    )
    assert code == 2
    assert beside == f"rasad load: {tmp_path / 'none'}: has no run.json, it is no result of `rasad run`\n"
    with open_register(tmp_path / "rasad.db") as register:
        assert register.counts().documents == 0
