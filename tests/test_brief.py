"""The report on a country: every row leads to its sentences, and no accusation stands alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
import zlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rasad.analysis import brief
from rasad.analysis.briefs import BriefError, BriefWarning
from rasad.claims import Document
from rasad.cli import app
from rasad.register import FilterError, Register, open_register

TEXTS = {
    "en": "Russia delivered 12 Su-30SM fighters to Kazakhstan in 2018. Kazakhstan joined the CSTO in 1994.",
    "ar": "باعت أوكرانيا كازاخستان عشر طائرات من طراز سو-27 عام 2010.",
    "ru": "Киев обвинил Казахстан в незаконной передаче танков Т-72 Судану. Астана отвергла обвинения.",
}


@pytest.fixture
def register(tmp_path: Path):
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add(
            [
                Document(name=f"{code}.txt", text=text, language=code, outlet=f"Outlet {code}")
                for code, text in TEXTS.items()
            ]
        )
        yield opened


def test_every_footnote_of_a_row_leads_to_a_sentence_and_every_sentence_is_asked_for(register: Register) -> None:
    html = brief(register, "KAZ").html()
    asked = re.findall(r'href="#note-(\d+)"', html)
    assert set(asked) == set(re.findall(r'<li id="note-(\d+)"', html)) != set()
    assert TEXTS["en"].split(". ")[0] in html


def test_a_quotation_keeps_its_language_and_direction(register: Register) -> None:
    report = brief(register, "Kazakhstan")
    arabic = next(note for note in report.notes if note.language == "ar")
    assert (arabic.direction, arabic.quote) == ("rtl", TEXTS["ar"])
    assert f'<blockquote lang="ar" dir="rtl">{TEXTS["ar"]}' in report.html()


def test_an_accusation_stands_with_its_finding_and_its_denial(register: Register) -> None:
    report = brief(register, "KAZ")
    accusing = [note for note in report.notes if note.finding]
    assert accusing
    assert all("not established" in note.finding and "denied" in note.denial for note in accusing)
    (alleged,) = [section for section in report.sections if section.title == "What is alleged of it"]
    assert {"what came of it", "denial"} <= set(alleged.tables[0].columns)
    summary = alleged.tables[0].summary
    assert summary
    assert "illicit transfer" in summary.points[0].text
    assert summary.points[0].text.endswith("alleged, not established, denied by Kazakhstan")


def test_what_the_register_does_not_know_is_said(register: Register) -> None:
    report = brief(register, "RUS")
    assert all(bool(section.nothing) != bool(section.tables) for section in report.sections)
    assert "register" in next(section.nothing for section in report.sections if section.nothing)
    with pytest.raises(BriefError, match="the register has no claim that a brief on Iceland could tell"):
        brief(register, "ISL")


def test_a_table_of_the_markdown_has_as_many_cells_in_every_row(register: Register) -> None:
    blocks = re.findall(r"(?:^\|.*\n)+", brief(register, "KAZ").markdown(), re.MULTILINE)
    assert blocks
    for block in blocks:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1, block


def test_names_in_a_report_are_text_and_no_markup(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text=TEXTS["en"], language="en", outlet="<b>Outlet</b>")])
        assert "&lt;b&gt;Outlet" in brief(opened, "KAZ").html()


def test_a_report_that_cannot_be_made_or_written_is_refused_with_the_reason(register: Register, tmp_path: Path) -> None:
    with pytest.raises(FilterError, match=r"Kazakstan.*did you mean Kazakhstan"):
        brief(register, "Kazakstan")
    report = brief(register, "KAZ")
    with pytest.raises(BriefError, match=r"written as \.html, \.md, \.pdf, not as \.doc"):
        report.save(tmp_path / "brief.doc")
    for ending in ("html", "md", "pdf"):
        with pytest.raises(BriefError, match="cannot be written: No such file"):
            report.save(tmp_path / "nowhere" / f"brief.{ending}")
    with (
        open_register(tmp_path / "empty.db", create=True) as empty,
        pytest.raises(BriefError, match="the register has no claims yet"),
    ):
        brief(empty, "KAZ")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("KAZ", "-o", "brief.md"), 0), (("KAZ", "-o", "brief.pdf"), 0), (("KAZ", "-o", "brief.doc"), 2),
        (("KAZ", "-o", "nowhere/brief.pdf"), 2), (("KAX", "-o", "b.md"), 2),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("register")
def test_the_command_ends_with_the_right_status(tmp_path: Path, monkeypatch, arguments, status) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["brief", *arguments, "-r", "rasad.db"], prog_name="rasad")
    assert done.exit_code == status, done.output
    assert (tmp_path / arguments[-1]).exists() == (status == 0)


HOSTILE = '#panic("run") $x^2 *bold* _it_ [^1] `raw` <tag> @ref // \\ = {{ brief }} ~ https://x.example/#a'


@pytest.fixture
def hostile(tmp_path: Path):
    """A register whose text, outlet and name would be markup to Typst, Markdown, HTML and Jinja."""
    with open_register(tmp_path / "hostile.db", create=True) as opened:
        text = f"Russia delivered 12 Su-30SM fighters to Kazakhstan in 2018, {HOSTILE}, officials said."
        opened.add([Document(name=HOSTILE, text=text, language="en", outlet=HOSTILE)])
        yield opened


def test_nothing_that_a_report_says_is_run_as_markup(hostile: Register) -> None:
    report = brief(hostile, "KAZ")
    assert any(HOSTILE in note.quote and note.printed == HOSTILE for note in report.notes)
    assert report.pdf().startswith(b"%PDF")
    assert "<tag>" not in report.html()
    assert "{{ brief }}" in report.html()
    markdown = report.markdown()
    assert r"\*bold\* \_it\_ \[^1\] \`raw\` \<tag\>" in markdown
    assert set(re.findall(r"(?<!\\)\[\^(\d+)\]", markdown)) == {str(note.number) for note in report.notes}


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext")
def test_the_pdf_holds_the_sentences_word_for_word(hostile: Register, register: Register) -> None:
    read = "".join(_text(brief(one, "KAZ").pdf()) for one in (hostile, register))
    for words in (HOSTILE, TEXTS["en"].split(". ")[0], TEXTS["ru"].split(". ")[0], "denied by Kazakhstan"):
        assert "".join(words.split()) in "".join(read.split())


def _text(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def test_the_pdf_is_accessible_shows_every_letter_without_a_font_and_is_the_same_each_time(register: Register) -> None:
    report = brief(register, "KAZ")
    assert {note.language for note in report.notes} == {"ar", "en", "ru"}
    with warnings.catch_warnings():
        warnings.simplefilter("error", BriefWarning)
        pdf = report.pdf(machine_fonts=False)
    assert pdf == report.pdf(machine_fonts=False)
    inside = _unpacked(pdf)
    for part in (
        b"pdfuaid",
        b"/Lang(ar)",
        b"/Lang(ru)",
        b"/Title(Kazakhstan: arms trade brief)",
        b"/Title(Who arms it)",
    ):
        assert part in inside, part


def _unpacked(pdf: bytes) -> bytes:
    """The file with its compressed streams after it."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompress(one) for one in streams if one[:1] == b"\x78")


def test_a_letter_that_no_font_has_is_told(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text=TEXTS["en"], language="en", outlet="Outlet \U0010fffd")])
    done = CliRunner().invoke(
        app, ["brief", "KAZ", "-o", str(tmp_path / "brief.pdf"), "-r", str(tmp_path / "rasad.db")], prog_name="rasad"
    )
    assert done.exit_code == 0
    assert "plain PDF, not PDF/UA: the text" in done.stderr
    assert (tmp_path / "brief.pdf").read_bytes().startswith(b"%PDF")


def test_a_row_that_somebody_denies_is_footnoted_to_the_denial_too(tmp_path: Path) -> None:
    texts = ["Kazakhstan joined the CSTO in 1994.", "Kazakhstan is not a member of the CSTO."]
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name=str(at), text=text, language="en") for at, text in enumerate(texts)])
        report = brief(opened, "KAZ")
    (drifts,) = [section for section in report.sections if section.title == "Where it drifts"]
    cited = [note.quote for note in report.notes if note.number in drifts.tables[0].lines[0].notes]
    assert cited == texts


def test_the_summary_tells_the_first_rows_and_how_many_there_are_beside(tmp_path: Path) -> None:
    states = ("Russia", "Ukraine", "Israel", "Turkey", "China")
    told = " ".join(f"{state} delivered 12 armoured personnel carriers to Kazakhstan in 2018." for state in states)
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text=told, language="en")])
        report = brief(opened, "KAZ")
    (suppliers,) = [table for table in report.sections[0].tables if table.columns[0] == "supplier"]
    assert suppliers.summary
    assert [point.text for point in suppliers.summary.points] == ["China 1 (20%)", "Israel 1 (20%)", "Russia 1 (20%)"]
    assert suppliers.summary.more == 2
    for written in (report.html(), report.markdown()):
        assert "and 2 more." in written


def test_a_long_table_is_cut_and_names_the_command_that_gives_the_rest(tmp_path: Path) -> None:
    states = (
        "Russia",
        "Ukraine",
        "Israel",
        "Turkey",
        "China",
        "France",
        "Spain",
        "Italy",
        "Poland",
        "Serbia",
        "Canada",
    )
    told = " ".join(f"{state} delivered 12 armoured personnel carriers to Kazakhstan in 2018." for state in states)
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text=told, language="en")])
        report = brief(opened, "KAZ")
    (suppliers,) = [table for table in report.sections[0].tables if table.columns[0] == "supplier"]
    assert (len(suppliers.lines), suppliers.more) == (8, 3)
    assert "and 3 more: <code>rasad market KAZ</code>" in report.html()


def test_a_picture_of_nothing_is_told(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text="Kazakhstan is a member of the CSTO.", language="en")])
        report = brief(opened, "KAZ")
    (drifts,) = [section for section in report.sections if section.title == "Where it drifts"]
    assert drifts.picture is None
    assert drifts.notes[0] == "No picture: nothing to draw: no move and no membership with a year."


def test_who_speaks_without_a_name_is_told_to_have_none(tmp_path: Path) -> None:
    said = "Experts say that Russia competes with Ukraine in the arms market of Kazakhstan."
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text=said, language="en")])
        report = brief(opened, "KAZ")
    (rivals,) = [table for table in report.sections[0].tables if table.title == "Said to compete"]
    assert rivals.summary
    assert [point.text for point in rivals.summary.points] == ["Russia with Ukraine (asserted, unnamed experts)"]


def test_who_is_said_to_be_unable_is_told_in_the_summary(tmp_path: Path) -> None:
    said = "Russia delivered S-300 systems to Kazakhstan in 2018. Ukraine can overhaul the S-300. Russia cannot overhaul the S-300."
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text=said, language="en")])
        report = brief(opened, "KAZ")
    (depends,) = [section for section in report.sections if section.title == "On whom it depends"]
    told = [point.text for table in depends.tables if table.summary for point in table.summary.points]
    assert "S-300 (serviced by Ukraine) (said to be unable: Russia)" in told


def test_what_is_only_assumed_fills_no_table(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as opened:
        opened.add([Document(name="x", text="Russia delivered 12 Su-30SM fighters to Armenia in 2018.", language="en")])
        report = brief(opened, "ARM")
    (depends,) = [section for section in report.sections if section.title == "On whom it depends"]
    assert not depends.tables
    assert "that the one is able is said by nobody" in depends.nothing
