"""Word documents, made here with python-docx, and by hand where it cannot make them."""

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.document import Document as WordDocument

from rasad.claims import Document
from rasad.reading import read_document
from rasad.sources import Problem, Provenance, Skipped
from rasad.sources.leaves import LEAVES
from rasad.sources.word import from_docx

SAID = {
    "ar": "سلمت روسيا الهند منظومات الدفاع الجوي إس-400 في عام 2021.",
    "en": "Russia delivered S-400 air defence systems to India in 2021.",
    "ru": "Россия поставила Индии зенитные ракетные системы С-400 в 2021 году.",
    "uk": "Росія поставила Індії зенітні ракетні системи С-400 у 2021 році.",
}
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(word: WordDocument) -> bytes:
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def with_body(xml: str) -> bytes:
    """A document whose body is this WordprocessingML."""
    return changed(
        saved(docx.Document()),
        "word/document.xml",
        lambda old: re.sub(rb"<w:body>.*</w:body>", f"<w:body>{xml}</w:body>".encode(), old, flags=re.DOTALL),
    )


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def text_of(found: Document | Problem | Skipped) -> Document:
    assert isinstance(found, Document), found
    return found


def reason(data: bytes) -> str:
    skipped = from_docx("a.docx", data)
    assert isinstance(skipped, Skipped), skipped
    assert skipped.path == "a.docx"
    return skipped.reason


@pytest.mark.parametrize("language", sorted(SAID))
def test_the_claims_of_a_word_document_quote_its_text(language: str) -> None:
    word = docx.Document()
    word.add_heading("1", 1)
    word.add_paragraph(SAID[language])
    document = text_of(from_docx("a.docx", saved(word)))
    assert document.text == f"1\n\n{SAID[language]}"
    (claim,) = [claim for claim in read_document(document) if claim.frame == "transfer"]
    assert [filler.id for filler in claim.roles["item"]] == ["system:S-400"]
    assert document.text[claim.evidence.start : claim.evidence.end] == claim.evidence.quote


def test_paragraphs_and_tables_stand_in_their_order() -> None:
    word = docx.Document()
    word.add_paragraph("Before.")
    table = word.add_table(2, 3)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells),
        ["Supplier", "Item", "Year", "Russia", "S-400", "2021"],
        strict=True,
    ):
        cell.text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "inner", "cells"
    word.add_paragraph("After.\tThat\nis all.")
    assert text_of(from_docx("a.docx", saved(word))).text.split("\n\n") == [
        "Before.", "Supplier Item | Year", "Russia | S-400 inner | cells | 2021", "After. That is all."
    ]  # fmt: skip


def test_tracked_changes_are_accepted() -> None:
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    gone = "<w:r><w:delText xml:space='preserve'>{}</w:delText></w:r>"
    body = (
        f"<w:p>{run.format('Russia sold ')}<w:del w:id='1'>{gone.format('12 ')}</w:del><w:ins w:id='2'>{run.format('18 ')}</w:ins>{run.format('tanks.')}</w:p>"
        f"<w:p><w:pPr><w:rPr><w:del w:id='3'/></w:rPr></w:pPr>{run.format('One ')}</w:p><w:p>{run.format('sentence.')}</w:p>"
        f"<w:p><w:moveFrom w:id='4'>{run.format('Moved.')}</w:moveFrom></w:p><w:p><w:moveTo w:id='5'>{run.format('Moved.')}</w:moveTo></w:p>"
    )
    assert text_of(from_docx("a.docx", with_body(body))).text.split("\n\n") == [
        "Russia sold 18 tanks.",
        "One sentence.",
        "Moved.",
    ]


def test_controls_links_boxes_and_fields_are_text_and_what_is_hidden_is_not() -> None:
    body = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>A link</w:t></w:r></w:hyperlink><w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r><w:r><w:t>.</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:r><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></w:r></mc:Choice>"
        "<mc:Fallback><w:r><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></w:r></mc:Fallback></mc:AlternateContent></w:p>"
    )
    assert text_of(from_docx("a.docx", with_body(body))).text.split("\n\n") == ["In a control.", "A link.", "In a box."]


def test_footnotes_stand_at_the_end() -> None:
    notes = f"""<?xml version="1.0"?><w:footnotes {SPACE}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>
    <w:footnote w:id="1"><w:p><w:r><w:t>Turkey denied this.</w:t></w:r></w:p></w:footnote></w:footnotes>"""
    word = docx.Document()
    word.add_paragraph("Text.")
    data = changed(saved(word), "word/_rels/document.xml.rels", lambda old: old.replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" '
        b'Target="footnotes.xml"/></Relationships>',
    ))  # fmt: skip
    data = changed(data, "[Content_Types].xml", lambda old: old.replace(
        b"</Types>",
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>',
    ))  # fmt: skip
    out = BytesIO(data)
    with ZipFile(out, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    assert text_of(from_docx("a.docx", out.getvalue())).text == "Text.\n\nTurkey denied this."


def test_its_properties_are_told_where_they_are_sound() -> None:
    word = docx.Document()
    word.add_paragraph("Arms to India", style="Title")
    word.add_paragraph("Text.")
    bare = text_of(from_docx("a.docx", saved(word), Provenance(outlet="The Institute")))
    assert (bare.title, bare.author, bare.published, bare.outlet) == ("Arms to India", None, None, "The Institute")
    told = word.core_properties
    told.title, told.author = "Microsoft Word - draft.doc", "Анна Петрова"
    told.created = told.modified = datetime(2024, 3, 5, 10)
    document = text_of(from_docx("a.docx", saved(word)))
    assert (document.title, document.author, document.published) == ("Arms to India", "Анна Петрова", "2024-03-05")
    told.title, told.modified = "Who arms India", datetime(2025, 1, 1)
    document = text_of(from_docx("a.docx", saved(word)))
    assert (document.title, document.published) == ("Who arms India", None)


def test_what_is_no_word_document_is_told() -> None:
    assert "old Word" in reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    assert "password" in reason(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    )
    whole = saved(docx.Document())
    assert "without a text" in reason(whole)
    assert "broken" in reason(b"")
    assert "broken" in reason(whole[: len(whole) // 2])
    assert "broken" in reason(changed(whole, "word/document.xml", lambda old: old[:-40]))
    other = BytesIO()
    with ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "text")
    assert "broken" in reason(other.getvalue())
    sheet = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert "not with a Word document" in reason(
        changed(whole, "[Content_Types].xml", lambda old: old.replace(main, sheet))
    )


def test_a_bomb_is_not_unpacked() -> None:
    bomb = changed(saved(docx.Document()), "word/document.xml", lambda _: b" " * (64 * 2**20))
    assert len(bomb) < 2**20
    assert "unpacks to 65 MB" in reason(bomb)


def test_entities_of_a_word_document_are_not_followed() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    data = changed(
        with_body("<w:p><w:r><w:t>x&b;y</w:t></w:r></w:p>"), "word/document.xml",
        lambda old: re.sub(rb"^<\?xml[^>]*\?>", lambda m: m[0] + bomb, old),
    )  # fmt: skip
    assert "aaaa" not in getattr(from_docx("a.docx", data), "text", "")


def test_a_long_document_comes_in_parts() -> None:
    word = docx.Document()
    for _ in range(5_000):
        word.add_paragraph(SAID["en"])
    word.core_properties.title = "All deals"
    problem, *parts = LEAVES["docx"]("a.docx", saved(word), Provenance())
    assert isinstance(problem, Problem)
    assert len(parts) == 2
    assert "".join(text_of(part).text for part in parts) == "\n\n".join([SAID["en"]] * 5_000)
    assert {text_of(part).title for part in parts} == {"All deals"}
    assert text_of(parts[0]).name.startswith("a.docx#char=0,")
