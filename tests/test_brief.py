"""The report on a country: every row leads to its sentences, and no accusation stands alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rasad.analysis import brief
from rasad.analysis.briefs import BriefError
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
    assert {"standing", "denial"} <= set(alleged.tables[0].columns)


def test_what_the_register_does_not_know_is_said(register: Register) -> None:
    report = brief(register, "ISL")
    assert all(section.nothing or section.tables for section in report.sections)
    assert "register" in next(section.nothing for section in report.sections if section.nothing)
    assert not report.notes


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
    with pytest.raises(BriefError, match=r"written as \.html or \.md"):
        report.save(tmp_path / "brief.pdf")
    with pytest.raises(BriefError, match="cannot be written: No such file"):
        report.save(tmp_path / "nowhere" / "brief.html")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("KAZ", "-o", "brief.md"), 0), (("KAZ", "-o", "brief.doc"), 2), (("KAX", "-o", "b.md"), 2)],
)
@pytest.mark.usefixtures("register")
def test_the_command_ends_with_the_right_status(tmp_path: Path, monkeypatch, arguments, status) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["brief", *arguments, "-r", "rasad.db"], prog_name="rasad")
    assert done.exit_code == status, done.output
    assert (tmp_path / "brief.md").exists() == (status == 0)
