"""Mails and mailboxes, made here with Python's own email, or by hand where it would not make them so badly."""

import mailbox
import tracemalloc
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO, RawIOBase
from pathlib import Path

import docx
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from rasad.claims import Document
from rasad.reading import read_document
from rasad.sources import Piece, Problem, Provenance, Skipped
from rasad.sources import mail as mails
from rasad.sources.mail import from_mail, messages

SAID = {
    "ar": "سلمت روسيا الهند منظومات الدفاع الجوي إس-400 في عام 2021.",
    "en": "Russia delivered S-400 air defence systems to India in 2021.",
    "ru": "Россия поставила Индии зенитные ракетные системы С-400 в 2021 году.",
    "uk": "Росія поставила Індії зенітні ракетні системи С-400 у 2021 році.",
}
Entry = Document | Problem | Skipped


def mail(text: str | None = None, **head: str) -> EmailMessage:
    message = EmailMessage()
    fields = {
        "From": "Anna Petrova <anna@institute.example>",
        "Subject": "News",
        "Date": "Tue, 05 Mar 2024 23:30:00 +0300",
        **head,
    }
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    if text is not None:
        message.set_content(text)
    return message


def read(message: EmailMessage | bytes, known: Provenance = Provenance()) -> list[Entry]:
    data = (
        message if isinstance(message, bytes) else message.as_bytes(policy=SMTP.clone(max_line_length=998))
    )  # Python loses blanks of long heads
    return [*from_mail("a.eml", data, known)]


def only(message: EmailMessage | bytes) -> Document:
    (document,) = read(message)
    assert isinstance(document, Document), document
    return document


def texts(entries: list[Entry]) -> dict[str, str]:
    return {entry.name: entry.text for entry in entries if isinstance(entry, Document)}


@pytest.mark.parametrize("language", sorted(SAID))
@pytest.mark.parametrize("encoding", ["utf-8", "own"])
def test_the_claims_of_a_mail_quote_its_text(language: str, encoding: str) -> None:
    message = mail(Subject=SAID[language])
    own = {"ar": "windows-1256", "en": "us-ascii", "ru": "koi8-r", "uk": "windows-1251"}[language]
    message.set_content(SAID[language], charset=own if encoding == "own" else encoding, cte="base64")
    document = only(message)
    assert (document.text, document.title) == (SAID[language], SAID[language])
    (claim,) = [claim for claim in read_document(document) if claim.frame == "transfer"]
    assert [filler.id for filler in claim.roles["item"]] == ["system:S-400"]
    assert document.text[claim.evidence.start : claim.evidence.end] == claim.evidence.quote


def test_the_head_tells_sender_outlet_day_and_address() -> None:
    document = only(mail("Text.", Message_ID="<1@institute.example>"))
    assert (document.name, document.title, document.author) == ("a.eml", "News", "Anna Petrova")
    assert (document.outlet, document.published, document.address) == (
        "institute.example",
        "2024-03-05",
        "mid:1@institute.example",
    )
    listed = only(mail("Text.", List_Id='"Arms news" <arms.lists.example>', Archived_At="<https://lists.example/1>"))
    assert (listed.outlet, listed.address) == ("Arms news", "https://lists.example/1")
    assert only(mail("Text.", From="ivan@mail.ru")).outlet is None
    assert only(mail("Text.", From="ivan@mail.ru")).author == "ivan@mail.ru"
    assert only(mail("Text.", From="news@newsletter.institute.example")).outlet == "institute.example"
    (known,) = read(mail("Text.", From="ivan@mail.ru"), Provenance(outlet="A paper", author="Somebody"))
    assert isinstance(known, Document)
    assert (known.outlet, known.author) == ("A paper", "ivan@mail.ru")


@pytest.mark.parametrize(
    "head",
    [
        b"From: =?utf-8?b?broken\nSubject: x", b"From: \nDate: never\nSubject: =?no-such?q?x?=", b"From: <@>, ;:\nSubject: x\nDate: 99 Xxx 20 99:99",
        b"From: a@b@c <<>>\nSubject: \xff\xfe\nDate: Tue, 05 Mar 0001 00:00:00 +9999", b"From: [" + b"(" * 3000 + b"\nSubject: x",
    ],
)  # fmt: skip
def test_a_broken_head_does_not_stop_a_text(head: bytes) -> None:
    document = only(head + b"\nContent-Type: text/plain; charset=no-such\n\nRussia sold tanks.")
    assert document.text == "Russia sold tanks."
    assert document.published is None


def test_a_wrong_charset_is_found_out() -> None:
    raw = b"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit\n\n"
    for encoding in ("utf-8", "windows-1251"):
        assert only(raw + SAID["ru"].encode(encoding)).text == SAID["ru"]


def test_lines_that_were_broken_to_fit_go_on() -> None:
    wrapped = (
        "Russia delivered S-400 air defence systems to India in 2021 after a\ncontract of 2018, officials said.\n\nA list of the other deals:\n"
        "- tanks to Iraq, which has ordered them a long time ago, it seems\n- jets to Serbia\n\nYours\nAnna\n-- \nThe Institute\n"
    )
    assert only(mail(wrapped)).text.split("\n") == [
        "Russia delivered S-400 air defence systems to India in 2021 after a contract of 2018, officials said.", "",
        "A list of the other deals:", "- tanks to Iraq, which has ordered them a long time ago, it seems", "- jets to Serbia", "",
        "Yours", "Anna",
    ]  # fmt: skip
    flowed = b"From: a@b.example\nContent-Type: text/plain; format=flowed\n\nRussia \ndelivered \ntanks.\nIndia paid."
    assert only(flowed).text == "Russia delivered tanks.\nIndia paid."


ANSWERED = {
    "en": "On Tue, Mar 5, 2024 at 10:00 AM Ivan Petrov <ivan@mail.ru> wrote:",
    "ru": "вт, 5 мар. 2024 г. в 10:00, Иван Петров <ivan@mail.ru> пишет:",
    "uk": "вт, 5 бер. 2024 р. о 10:00 Іван Петров <ivan@mail.ru> пише:",
    "ar": "في ثلاثاء، ٥ مارس ٢٠٢٤ في ١٠:٠٠ ص كتب Ivan Petrov <ivan@mail.ru>:",
}


@pytest.mark.parametrize("language", sorted(ANSWERED))
def test_what_another_said_before_is_not_the_senders(language: str) -> None:
    text = (
        f"That is not so.\n\n{ANSWERED[language]}\n\n> {SAID[language]}\n>\n> {SAID[language]}\n\nNobody confirmed it."
    )
    problem, document = read(mail(text))
    assert isinstance(problem, Problem)
    assert problem.message.startswith("3 lines that others wrote")
    assert isinstance(document, Document)
    assert document.text == "That is not so.\n\nNobody confirmed it."


def test_an_answered_mail_without_marks_is_left_out() -> None:
    problem, document = read(
        mail("That is not so.\n\n-----Original Message-----\nFrom: Ivan\nSent: Tuesday\n\nRussia sold tanks.\n")
    )
    assert isinstance(problem, Problem)
    assert isinstance(document, Document)
    assert document.text == "That is not so."


@pytest.mark.parametrize(
    ("marker", "head"),
    [
        ("---------- Forwarded message ---------", "From: Iraq Post <desk@iraqpost.example>\nDate: Mon, 4 Mar 2024 10:00:00 +0000\nSubject: Deals\nTo: x"),
        ("-------- Пересылаемое сообщение --------", "От: Iraq Post <desk@iraqpost.example>\nДата: Mon, 4 Mar 2024 10:00:00 +0000\nТема: Deals\nКому: x"),
    ],
)  # fmt: skip
def test_a_mail_that_is_passed_on_is_its_own_writers(marker: str, head: str) -> None:
    entries = read(mail(f"See below.\n\n{marker}\n{head}\n\nRussia sold tanks."))
    assert texts(entries) == {"a.eml": "See below.", "a.eml#forwarded": "Russia sold tanks."}
    passed_on = entries[-1]
    assert isinstance(passed_on, Document)
    assert (passed_on.author, passed_on.outlet, passed_on.published, passed_on.title) == (
        "Iraq Post",
        "iraqpost.example",
        "2024-03-04",
        "Deals",
    )


def page(body: str) -> str:
    return f"<html><head><title>A page</title></head><body><article>{body}</article></body></html>"


def test_a_plain_text_is_preferred_and_a_page_read_where_there_is_none() -> None:
    both = mail(SAID["en"] * 6)
    both.add_alternative(page(f"<p>{SAID['en'] * 6}</p><p>Second.</p>"), subtype="html")
    assert "Second." not in only(both).text
    alone = mail()
    alone.set_content(
        page(f"<p>{SAID['ru']}</p><blockquote type='cite'><p>Another said this.</p></blockquote>"),
        subtype="html",
        charset="koi8-r",
    )
    assert only(alone).text.endswith(SAID["ru"])
    assert "Another" not in only(alone).text
    assert only(alone).title == "News"


def test_a_plain_text_that_only_points_to_the_page_is_not_read() -> None:
    stub = mail("View this mail in your browser.")
    stub.add_alternative(page(f"<p>{SAID['en']}</p>" * 3), subtype="html")
    assert SAID["en"] in only(stub).text
    assert "browser" not in only(stub).text


def test_what_is_attached_is_a_document_of_its_own() -> None:
    message = mail("See what is attached.")
    word, held = docx.Document(), BytesIO()
    word.add_paragraph("Said in Word.")
    word.save(held)
    message.add_attachment(held.getvalue(), maintype="application", subtype="octet-stream", filename="заметка.docx")
    message.add_attachment(typst.compile(b"Said in a PDF."), maintype="application", subtype="pdf", filename="a/b.pdf")
    message.add_attachment(page(f"<p>{SAID['en']}</p>"), subtype="html", filename="page.html")
    message.add_attachment(SAID["ru"].encode("windows-1251"), maintype="text", subtype="plain", filename="note.txt")
    message.add_attachment(mail("Said in a mail.", Subject="Inner", From="Ivan <ivan@mail.ru>"))
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="map.png")
    entries = read(message)
    found = texts(entries)
    assert found["a.eml#заметка.docx"] == "Said in Word."
    assert found["a.eml#a_b.pdf"] == "Said in a PDF."
    assert SAID["en"] in found["a.eml#page.html"]
    assert found["a.eml#note.txt"] == SAID["ru"]
    assert found["a.eml#5"] == "Said in a mail."
    assert [entry.author for entry in entries if isinstance(entry, Document)] == [
        "Anna Petrova",
        None,
        None,
        None,
        None,
        "Ivan",
    ]
    problems = [entry.message for entry in entries if isinstance(entry, Problem) and entry.path == "a.eml"]
    assert problems == ["attachments that are no texts were left out: map.png (image/png)"]


def test_a_broken_attachment_does_not_stop_the_others() -> None:
    message = mail("Text.")
    message.add_attachment(b"%PDF-1.4 broken", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment("Note.", filename="b.txt")
    entries = read(message)
    assert {name: text.strip() for name, text in texts(entries).items()} == {"a.eml": "Text.", "a.eml#b.txt": "Note."}
    (skipped,) = [entry for entry in entries if isinstance(entry, Skipped)]
    assert skipped.path == "a.eml#a.pdf"


def test_what_is_no_mail_or_has_no_text_is_told() -> None:
    for data, reason in (
        (b"", "no mail"), (b"Just a text\nwithout a head.", "no mail"), (b"\x00\x01\x02", "no mail"),
        (b"From: a@b.example\n\n", "without a text"),
        (b"From: a@b.example\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\n--x--", "encrypted"),
        (b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\nno parts", "without a text"),
    ):  # fmt: skip
        (skipped,) = read(data)
        assert isinstance(skipped, Skipped)
        assert reason in skipped.reason


def test_mails_within_mails_end() -> None:
    message = mail("The innermost.")
    for _ in range(30):
        outer = mail("Outer.")
        outer.add_attachment(message)
        message = outer
    entries = read(message)
    assert len([one for one in entries if isinstance(one, Document)]) == mails.DEPTH + 1
    assert any(isinstance(one, Problem) and "message/rfc822" in one.message for one in entries)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400), cut=st.integers(0, 2000))
def test_no_mail_stops_the_reader(data: bytes, cut: int) -> None:
    message = mail("Text.")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    whole = message.as_bytes()
    for given_ in (data, b"From: x@y.example\n" + data, whole[:cut] + data + whole[cut:]):
        assert all(isinstance(entry, (Document, Problem, Skipped)) for entry in from_mail("a.eml", given_))


def test_a_mailbox_is_read_mail_by_mail(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "a.mbox")
    for number in range(3):
        box.add(mail(f"Mail {number}.\n\nFrom 2015 on, nothing.\n\nFrom Russia at 10:00 came tanks."))
    box.close()
    with (tmp_path / "a.mbox").open("rb") as file:
        pieces = [*messages(file, "a.mbox", str(tmp_path / "a.mbox"))]
    assert [piece.name if isinstance(piece, Piece) else piece for piece in pieces] == [
        "a.mbox#1",
        "a.mbox#2",
        "a.mbox#3",
    ]
    for number, piece in enumerate(pieces):
        assert isinstance(piece, Piece)
        assert (piece.form, piece.place) == ("mail", str(tmp_path / "a.mbox"))
        document = only(piece.data or b"")
        assert document.text == f"Mail {number}.\n\nFrom 2015 on, nothing.\n\nFrom Russia at 10:00 came tanks."


def test_what_is_no_mailbox_is_told() -> None:
    (skipped,) = messages(BytesIO(b"Just a text.\n\nFrom a 10:00\n"), "a.mbox", "a.mbox")
    assert isinstance(skipped, Skipped)
    assert "no mailbox" in skipped.reason
    assert [*messages(BytesIO(b"\n\n"), "a.mbox", "a.mbox")] == []


class Endless(RawIOBase):
    """A mailbox of many megabytes that nobody holds: small mails, and among them one that is very long, without an end of a line."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks, self.rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1) -> bytes:  # type: ignore[override]
        if not self.rest:
            self.rest = next(self.blocks, b"")
        most = len(self.rest) if size is None or size < 0 else size
        at = self.rest.find(b"\n", 0, most)
        end = at + 1 if at >= 0 else min(len(self.rest), most)
        line, self.rest = self.rest[:end], self.rest[end:]
        return line


def test_a_mailbox_is_never_held_nor_a_mail_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "LARGEST", 2**20)
    small = b"From a@b.example Tue Mar  5 10:00:00 2024\nFrom: a@b.example\n\n" + b"A line of a mail.\n" * 2_000 + b"\n"

    def blocks() -> Iterator[bytes]:
        for _ in range(400):
            yield small
        yield b"From a@b.example Tue Mar  5 10:00:00 2024\nFrom: a@b.example\n\n"
        for _ in range(30):
            yield b"x" * 2**20
        yield b"\n\n" + small

    tracemalloc.start()
    told = [
        (one.name, None) if isinstance(one, Piece) else (one.path, one.reason)
        for one in messages(Endless(blocks()), "a.mbox", "a.mbox")
    ]  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [name for name, _ in told] == [f"a.mbox#{number}" for number in range(1, 403)]
    assert [told[400]] == [one for one in told if one[1]]
    assert "30 MB" in str(told[400][1])
    assert peak < 8 * 2**20
