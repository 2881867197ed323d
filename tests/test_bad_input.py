"""Bad input: each file gets a line that names it and says what was done, and never stops the others."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import rasad
from rasad.cli import app
from rasad.sources import Skipped, decode, documents, from_bytes
from rasad.sources import files as files_module
from rasad.sources.forms import FORMS

ENGLISH = (
    "In March 2006 Sweden delivered 12 Gripen fighters to Hungary, and the defence ministry said that it was paid for."
)
RUSSIAN = (
    "В прошлом году Россия поставила Китаю 24 истребителя Су-35, и это было не в первый раз, сообщило министерство."
)
ARABIC = "سلمت روسيا الصين في العام الماضي 24 مقاتلة من طراز سو-35، وقال مسؤولون إن ذلك تم من قبل."
GERMAN = "Gestern wurde im Dorf die neue Schule eröffnet, und die Kinder haben sich darüber sehr gefreut. Es war schön."


class Done(NamedTuple):
    """What a command printed, and its exit status."""

    code: int
    claims: list[dict[str, object]]
    told: list[str]


def read(*paths: str | Path, stdin: bytes | None = None) -> Done:
    done = CliRunner().invoke(app, ["read", "-f", "jsonl", *map(str, paths)], input=stdin, prog_name="rasad")
    return Done(done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.splitlines())


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(ENGLISH, encoding="utf-8")
    return path


def make_missing(path: Path) -> None:
    """No file at all."""


def make_dangling(path: Path) -> None:
    path.symlink_to(path.with_name("gone"))


def make_circular(path: Path) -> None:
    path.symlink_to(path)


SKIPPED = [
    (make_missing, "no such file or folder"),
    (make_dangling, "the link leads nowhere"),
    (make_circular, "the link leads nowhere"),
    (lambda path: path.write_bytes(b""), "empty"),
    (lambda path: path.write_bytes(b" \r\n\t\n"), "empty"),
    (lambda path: path.write_bytes("\ufeff".encode("utf-16")), "empty"),
    (lambda path: path.write_bytes(bytes(range(256)) * 40), "binary: control characters all over, not text"),
    (
        lambda path: path.write_bytes(b"\x7fELF\x02\x01\x01" + b"\x00\x01\x02\x90" * 500),
        "binary: control characters all over, not text",
    ),
    (lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), "binary: a PDF document, not plain text"),
    (
        lambda path: path.write_bytes(b"PK\x03\x04\x14\x00"),
        "binary: a Word document or another ZIP archive, not plain text",
    ),
    (lambda path: path.write_text(GERMAN, encoding="utf-8"), "language not one of ar, en, ru, uk"),
    (
        lambda path: path.write_text("日本語の文章です。新しい学校が開校しました。", encoding="utf-8"),
        "language not one of ar, en, ru, uk",
    ),
    (lambda path: path.write_text("1234 5678", encoding="utf-8"), "language not one of ar, en, ru, uk"),
    (
        lambda path: path.mkdir(),
        f"nothing to read in this folder (looked for {', '.join(sorted(filter(None, FORMS)))})",
    ),
]


@pytest.mark.parametrize(("make", "reason"), SKIPPED)
def test_what_cannot_be_read_is_skipped_with_the_reason_and_stops_nothing(
    make, reason: str, good: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    make(bad)
    done = read(bad, good)
    assert done.told == [f"{bad}: skipped, {reason}"]
    assert {c["document"] for c in done.claims} == {str(good)}
    assert done.code == 1


def test_a_file_that_the_system_refuses_is_skipped(good: Path) -> None:
    too_long = "x" * 5000
    done = read(too_long, "/proc/self/mem", good)
    assert done.told[0].startswith(f"{too_long}: skipped, cannot be read: ")
    assert done.told[1] == "/proc/self/mem: skipped, cannot be read: Input/output error"
    assert (done.code, {c["document"] for c in done.claims}) == (1, {str(good)})


def test_bad_files_in_a_folder_are_named_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "b.txt").touch()
    (tmp_path / "c.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "d.md").write_text(RUSSIAN, encoding="utf-8")
    (tmp_path / "e.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text(ENGLISH, encoding="utf-8")
    done = read(tmp_path)
    assert set(done.told) == {
        f"{tmp_path / 'b.txt'}: skipped, empty",
        f"{tmp_path / 'c.txt'}: skipped, the link leads nowhere",
        f"{tmp_path}: left out 1 file ending in .png",
    }
    assert {c["document"] for c in done.claims} == {str(tmp_path / "a.txt"), str(tmp_path / "inner" / "d.md")}


def test_everything_in_one_run_and_every_good_text_is_read(tmp_path: Path) -> None:
    bad = []
    for number, (make, _) in enumerate(SKIPPED):
        make(tmp_path / f"{number}.txt")
        bad.append(tmp_path / f"{number}.txt")
    for name, text in (("en", ENGLISH), ("ru", RUSSIAN), ("ar", ARABIC)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = read(tmp_path / "en", *bad[:7], tmp_path / "ru", *bad[7:], tmp_path / "ar")
    assert (len(done.told), done.code) == (len(SKIPPED), 1)
    assert {c["language"] for c in done.claims} == {"en", "ru", "ar"}


ENCODED = [
    (RUSSIAN, "cp1251", "windows-1251"),
    (RUSSIAN, "koi8-u", "koi8-u"),
    (ARABIC, "cp1256", "windows-1256"),
    ("The £5 million deal: " + ENGLISH, "cp1252", "windows-1252"),
    (ARABIC, "utf-16", "utf-16"),
    (RUSSIAN, "utf-16", "utf-16"),
    (RUSSIAN, "utf-16-le", "utf-16-le"),
    (RUSSIAN, "utf-16-be", "utf-16-be"),
    (ARABIC, "utf-16-le", "utf-16-le"),
    (ARABIC, "utf-16-be", "utf-16-be"),
    (ENGLISH, "utf-16-le", "utf-16-le"),
    (ENGLISH, "utf-16-be", "utf-16-be"),
    (ENGLISH, "utf-32", "utf-32"),
]


@pytest.mark.parametrize(("text", "codec", "told"), ENCODED)
def test_other_encodings_are_decoded_and_told(text: str, codec: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(codec))
    done = read(path)
    assert done.told == [f"{path}: decoded from {told}"]
    assert done.code == 0
    plain = tmp_path / "plain.txt"
    plain.write_text(text, encoding="utf-8")
    expected = read(plain).claims
    assert expected
    assert [c["id"] for c in done.claims] == [c["id"] for c in expected]


def test_a_utf8_mark_is_no_part_of_the_text_and_not_worth_a_word(tmp_path: Path, good: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + ENGLISH.encode())
    done = read(tmp_path / "a.txt")
    assert (done.code, done.told) == (0, [])
    assert [c["id"] for c in done.claims] == [c["id"] for c in read(good).claims]


def test_some_broken_bytes_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xd0" + RUSSIAN.encode() + b"\xff\xfe")
    done = read(path)
    assert done.told == [f"{path}: decoded from utf-8 with broken bytes replaced"]
    assert any(c["frame"] == "transfer" for c in done.claims)
    cut = tmp_path / "cut.txt"
    cut.write_bytes(RUSSIAN.encode("utf-16")[:-1])
    assert read(cut).told == [f"{cut}: decoded from utf-16 with broken bytes replaced"]
    assert read(cut).claims


def test_a_name_in_no_encoding_is_shown_as_well_as_can_be(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"\xff\xe0.txt")
    with open(path, "wb") as file:
        file.write(ENGLISH.encode())
    done = read(tmp_path)
    assert {c["document"] for c in done.claims} == {f"{tmp_path}/\ufffd\ufffd.txt"}
    assert done.code == 0


def test_a_name_cannot_write_lines_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a\nb: skipped\x1b[2J.txt").touch()
    assert read(tmp_path).told == [f"{tmp_path}/a b: skipped [2J.txt: skipped, empty"]


MARKS = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202e\u2066\u2067\u2069\ufeff\u00ad"


@pytest.mark.parametrize(
    ("text", "recipient"), [(ENGLISH, "country:HUN"), (RUSSIAN, "country:CHN"), (ARABIC, "country:CHN")]
)
def test_mixed_directions_and_marks_without_width_change_no_claim(text: str, recipient: str, tmp_path: Path) -> None:
    marked = text
    for number, mark in enumerate(MARKS):
        at = marked.find(" ", 7 * number)
        marked = marked[:at] + mark + marked[at:]
    path = tmp_path / "a.txt"
    path.write_text(f"\u202b{marked}\u202c (F-16 / إف-16 / Ф-16)", encoding="utf-8")
    stored = path.read_text(encoding="utf-8")
    transfers = [c for c in read(path).claims if c["frame"] == "transfer"]
    assert any(recipient in [f["id"] for f in c["roles"].get("recipient", ())] for c in transfers)
    for claim in transfers:
        evidence = claim["evidence"]
        assert stored[evidence["start"] : evidence["end"]] == evidence["quote"]
        for fillers in claim["roles"].values():
            assert all(stored[f["start"] : f["end"]] == f["text"] for f in fillers)


def test_standard_input_is_decoded_and_skipped_as_files_are() -> None:
    assert read("-", stdin=RUSSIAN.encode("cp1251")).told == ["-: decoded from windows-1251"]
    assert read("-", stdin=b"") == Done(1, [], ["-: skipped, empty"])


def test_the_library_warns_of_what_the_command_tells(tmp_path: Path, good: Path) -> None:
    (tmp_path / "r.txt").write_bytes(RUSSIAN.encode("cp1251"))
    with pytest.warns(UserWarning, match=r"r\.txt: decoded from windows-1251"):
        assert any(c.frame == "transfer" for c in rasad.read([tmp_path / "r.txt", good]))
    with pytest.warns(UserWarning, match=r"gone\.txt: skipped, no such file or folder"):
        assert rasad.read([tmp_path / "gone.txt", good])


# Very long texts.


@pytest.fixture
def short_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(files_module, "PART", 1_000)
    return 1_000


@pytest.mark.parametrize("unit", ["No end. ", "no end ", "noend", "One line\n", "\u0301"])
def test_the_parts_of_a_long_text_are_the_whole_text(short_parts: int, unit: str) -> None:
    text = unit * 3_000
    entries = list(from_bytes("long.txt", text.encode()))
    assert entries[0].message.startswith("long, read in parts of at most 1,000 characters")
    parts = entries[1:]
    assert "".join(part.text for part in parts) == text
    assert max(len(part.text) for part in parts) <= short_parts
    at = 0
    for part in parts:
        assert part.name == f"long.txt#char={at},{at + len(part.text)}"
        at += len(part.text)


@pytest.mark.usefixtures("short_parts")
def test_a_long_text_is_cut_between_sentences() -> None:
    parts = list(from_bytes("long.txt", ((ENGLISH + " ") * 100).encode()))[1:]
    assert len(parts) > 10
    assert all(part.text.rstrip().endswith("for.") for part in parts)


@given(st.binary(max_size=300))
def test_any_bytes_give_documents_or_a_reason(data: bytes) -> None:
    entries = list(from_bytes("x", data))
    assert entries
    assert isinstance(entries[-1], Skipped) == (not any(isinstance(e, rasad.Document) for e in entries))


@given(st.text(min_size=1, max_size=200))
def test_any_text_in_utf8_is_read_as_it_is(text: str) -> None:
    found = decode(text.encode("utf-8", "replace"))
    written = text.encode("utf-8", "replace").decode()
    if found is not None and not written.startswith("\ufeff") and found.encoding == "utf-8":
        assert found.text == written


def test_documents_are_opened_one_at_a_time(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(ENGLISH, encoding="utf-8")
    opened = documents([tmp_path])
    next(opened)
    (tmp_path / "1.txt").unlink()
    assert [type(entry).__name__ for entry in opened] == ["Skipped", "Document"]


# A process starts with the memory of the one that it is split from, so the reader is started by a small one.
STARTER = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


def measured(*arguments: str) -> tuple[int, list[dict[str, object]], int]:
    """The exit code of ``rasad read``, its claims, and the most bytes of memory that it took."""
    reader = [sys.executable, "-m", "rasad.cli", "read", "-f", "jsonl", *arguments]
    run = subprocess.run([sys.executable, "-c", STARTER, *reader], capture_output=True, text=True, check=False)
    claims = [json.loads(line) for line in run.stdout.splitlines()]
    return run.returncode, claims, int(run.stderr.split()[-1]) * 1024


@pytest.mark.parametrize(
    ("language", "filling", "claim"),
    [
        ("en", "The committee met on Tuesday to discuss the school budget and the roof of the library. ", ENGLISH),
        ("ru", "Комитет собрался во вторник, чтобы обсудить школьный бюджет и крышу библиотеки 😀. ", RUSSIAN),
    ],
)
def test_one_line_of_100_megabytes_is_read_to_its_end_in_little_memory(
    language: str, filling: str, claim: str, tmp_path: Path
) -> None:
    path = tmp_path / "line.txt"
    size = 100_000_000
    with path.open("wb") as file:
        block = (filling * 10_000).encode()
        for _ in range(size // len(block) + 1):
            file.write(block)
        file.write(claim.encode())
    assert path.stat().st_size > size
    code, claims, memory = measured(str(path))
    assert code == 0
    assert [c["frame"] for c in claims if c["frame"] == "transfer"] == ["transfer"]
    assert str(claims[0]["document"]).startswith(f"{path}#char=")
    assert claims[0]["language"] == language
    assert memory < 500_000_000
