"""PDF documents, set here with Typst, or written by hand where a fault is wanted: whole paragraphs in the order they are read in."""

import hashlib
import json
import re
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import typst

from rasad.claims import Claim, Document
from rasad.reading import read_document
from rasad.sources import Problem, Provenance, Skipped, pdf
from rasad.sources.pdf import from_pdf
from rasad.sources.properties import author_of, made, title_of

SET = """#let given = json(bytes(sys.inputs.given))
#set document(title: given.title, author: "Anna Petrova", date: datetime(year: 2024, month: 3, day: 5))
#set page(paper: "a5", columns: given.columns, header: [Annual report on arms], footer: context align(center, counter(page).display("— 1 —")))
#set text(11pt, lang: given.language, dir: if given.language == "ar" { rtl } else { ltr }, hyphenate: true,
  font: ("Libertinus Serif", "Noto Naskh Arabic", "DejaVu Sans Mono"))
#set par(justify: true, first-line-indent: given.indent * 1pt, spacing: if given.indent > 0 { 0.65em } else { 1.2em })
#heading(given.title)
#for one in given.paragraphs { par(one) }"""

LANGUAGES = ("ar", "en", "ru", "uk")
EXAMPLES = Path(__file__).parent.parent / "examples"


def paragraphs(language: str) -> list[str]:
    """What the examples say in a language."""
    lines = [
        line for path in sorted(EXAMPLES.glob(f"*.{language}.txt")) for line in path.read_text("utf-8").splitlines()
    ]
    return [" ".join(line.split()) for line in lines if line.strip()]


def compiled(
    language: str, given: list[str], *, columns: int = 1, indent: int = 0, title: str = "Report 2021"
) -> bytes:
    told = {"language": language, "columns": columns, "indent": indent, "title": title, "paragraphs": given}
    made: bytes = typst.compile(SET.encode(), sys_inputs={"given": json.dumps(told)})
    return made


def text_of(found: Iterator[Document | Problem | Skipped]) -> Document:
    (document,) = found
    assert isinstance(document, Document), document
    return document


def paragraphs_of(data: bytes) -> list[str]:
    return text_of(from_pdf("a.pdf", data)).text.split("\n\n")


def plain(text: str) -> str:
    """Without vowel signs; and whether a hyphen at the end of a line belongs to the word, nothing tells."""
    return re.sub("[\u064b-\u065f-]", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("columns", "indent"), [(1, 0), (2, 0), (1, 15)])
def test_paragraphs_are_whole_over_lines_columns_and_pages(language: str, columns: int, indent: int) -> None:
    data = compiled(language, paragraphs(language), columns=columns, indent=indent)
    assert len(pypdfium2.PdfDocument(data)) > 2
    told, wanted = [*map(plain, paragraphs_of(data))], ["Report 2021", *map(plain, paragraphs(language))]
    assert " ".join(told) == " ".join(wanted)
    cut = [one for one in told if one not in wanted]  # at the end of a column, after a sentence
    assert len(cut) <= 2 * columns * len(pypdfium2.PdfDocument(data))
    assert all(any(one in whole for whole in wanted) and one[-1] in ".!?»”" for one in cut)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_claims_of_a_pdf_are_those_of_its_text(language: str) -> None:
    document = text_of(from_pdf("a.pdf", compiled(language, paragraphs(language), columns=2)))
    claims = read_document(document)
    assert all(document.text[c.evidence.start : c.evidence.end] == c.evidence.quote for c in claims)
    typed = Document(name="a.txt", text="\n\n".join(["Report 2021", *paragraphs(language)]))
    assert sorted(map(told_by, claims)) == sorted(map(told_by, read_document(typed)))


def told_by(claim: Claim) -> tuple[str, list[tuple[str, str]]]:
    return claim.frame, sorted((role, filler.id) for role, filler in claim.fillers())


def test_vowel_signs_of_arabic_are_left_out_and_no_letter_comes_twice() -> None:
    signed = "زودت أوكرانيا كازاخستان مؤخرًا ووفقًا للخبراء عقدًا لم يُسلَّم وتقريبًا أيضًا محركًا خاصًا."
    told = paragraphs_of(compiled("ar", [signed]))
    assert told[-1] == "زودت أوكرانيا كازاخستان مؤخرا ووفقا للخبراء عقدا لم يسلم وتقريبا أيضا محركا خاصا."


def test_what_runs_the_other_way_in_a_line_keeps_its_order() -> None:
    mixed = "باعت (CSTO) أنظمة S-300 و إس-400 بين 2015-2018 مقابل 5.43 مليار [1] و «درون» من طراز Bayraktar TB2."
    assert paragraphs_of(compiled("ar", [*paragraphs("ar")[:2], mixed]))[-1] == mixed


def test_the_shapes_of_letters_are_the_letters() -> None:
    shapes = " ".join(["ﺑﺎﻋﺖ ﺭﻭﺳﻴﺎ ﺳﻼﺡ ﻻ ﺇﻟﻰ ﺍﻟﻬﻨﺪ."] * 3)
    told = paragraphs_of(compiled("ar", [shapes, "eﬃcient ﬁeld."]))
    assert told[-2:] == [" ".join(["باعت روسيا سلاح لا إلى الهند."] * 3), "efficient field."]
    assert paragraphs_of(compiled("en", ["Five eﬃcient ﬁelds, ﬂown oﬀ."]))[-1] == "Five efficient fields, flown off."


def test_a_pdf_tells_its_title_author_and_day() -> None:
    document = text_of(
        from_pdf(
            "a.pdf",
            compiled("en", ["Tanks."], title="Arms to India"),
            Provenance(outlet="The Institute", author="Another"),
        )
    )
    assert (document.name, document.title, document.author) == ("a.pdf", "Arms to India", "Anna Petrova")
    assert (document.outlet, document.published) == ("The Institute", "2024-03-05")


def test_a_pdf_that_is_only_described_tells_its_title_too() -> None:
    data = compiled("en", ["Tanks."], title="Arms to India")
    assert b"<x:xmpmeta" in data
    without = data.replace(b"/Title", b"/Titel").replace(b"/Author", b"/Autor ")
    assert pypdfium2.PdfDocument(without).get_metadata_dict()["Title"] == ""
    document = text_of(from_pdf("a.pdf", without))
    assert (document.title, document.author) == ("Arms to India", "Anna Petrova")


@pytest.mark.parametrize(
    "given", ["Microsoft Word - report.doc", "report_final.docx", "untitled", "Без имени 1", "Print", "12", "", None]
)
def test_what_a_program_puts_as_title_is_none(given: str | None) -> None:
    assert title_of(given) is None


@pytest.mark.parametrize("given", ["Printed guns reach Odesa", "Documents on the sale", "Новые документы о поставках"])
def test_a_title_that_only_begins_as_one_of_a_program_is_one(given: str) -> None:
    assert title_of(given) == given


def test_who_a_machine_belongs_to_is_no_author() -> None:
    assert [author_of(one) for one in ("Administrator", "CORP\\ivanov", "Пользователь", "", "Анна Петрова")] == [
        *[None] * 4,
        "Анна Петрова",
    ]


def test_a_file_that_was_changed_later_tells_no_day() -> None:
    assert made("2024-03-05", None) == "2024-03-05"
    assert made("2024-03-05", "2024-03-05") == "2024-03-05"
    assert made("2024-03-05", "2024-03-06") is None
    assert made("2024-13-45", None) is None


PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def written(text: str, password: str | None = None, pages: int = 1) -> bytes:
    """A PDF by hand; with a password locked by the standard handler, revision 2 (ISO 32000-1, 7.6.3)."""
    content = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    trailer = b""
    if password is not None:
        padded = (password.encode() + PAD)[:32]
        owner = rc4(hashlib.md5(padded).digest()[:5], padded)
        key = hashlib.md5(padded + owner + struct.pack("<i", -4) + b"0123456789abcdef").digest()[:5]
        content = rc4(hashlib.md5(key + b"\x04\x00\x00" + b"\x00\x00").digest()[:10], content)
        user = rc4(key, PAD)
        trailer = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{user.hex()}> >>".encode()
    kids = " ".join(["3 0 R"] * pages)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, offsets = BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    at = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % one for one in offsets))
    identity = b"0123456789abcdef".hex().encode()
    out.write(
        b"trailer << /Size 6 /Root 1 0 R /ID [<%s> <%s>] " % (identity, identity)
        + trailer
        + b" >>\nstartxref\n%d\n%%%%EOF" % at
    )
    return out.getvalue()


def reason(data: bytes) -> str:
    (skipped,) = from_pdf("a.pdf", data)
    assert isinstance(skipped, Skipped), skipped
    assert skipped.path == "a.pdf"
    return skipped.reason


def test_a_locked_pdf_is_skipped_and_one_without_a_password_is_read() -> None:
    assert paragraphs_of(written("Russia sold tanks.")) == ["Russia sold tanks."]
    assert paragraphs_of(written("Russia sold tanks.", password="")) == ["Russia sold tanks."]
    assert "password" in reason(written("Russia sold tanks.", password="secret"))


def test_a_pdf_of_pictures_a_broken_and_a_cut_one_are_skipped() -> None:
    assert "pictures" in reason(written(""))
    assert "pictures" in reason(typst.compile(b"#rect(width: 50pt, height: 50pt, fill: red)"))
    for broken in (b"", b"%PDF-1.7\n", b"%PDF-1.7\x00\x01", b"no PDF at all", compiled("en", ["Tanks."])[:2000]):
        assert "broken" in reason(broken)


def test_a_page_that_is_broken_is_named_and_the_others_read() -> None:
    problem, document = from_pdf(
        "a.pdf", written("Russia sold tanks.", pages=3).replace(b"[3 0 R 3 0 R", b"[3 0 R 9 0 R")
    )
    assert problem == Problem("a.pdf", "broken pages were left out: 2")
    assert isinstance(document, Document)
    assert document.text == "Russia sold tanks.\n\nRussia sold tanks."
    assert "no page of it can be read" in reason(written("x").replace(b"[3 0 R]", b"[9 0 R]"))


def test_a_pdf_with_too_many_pages_or_too_much_text_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "5,001 pages" in reason(written("x", pages=5_001))
    monkeypatch.setattr(pdf, "CHARACTERS", 40)
    assert "more than 40 characters" in reason(written("Russia sold tanks.", pages=3))
