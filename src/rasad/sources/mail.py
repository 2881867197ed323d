"""Mails: what their sender says in them, with what is attached; and mailboxes, mail by mail."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from functools import cache
from importlib.resources import files
from typing import IO, Any, NamedTuple

import msgspec

from rasad.claims import Document
from rasad.sources.decoding import decode, recoded
from rasad.sources.files import from_bytes
from rasad.sources.forms import TYPES, form_of
from rasad.sources.leaves import LEAVES
from rasad.sources.markup import from_markup
from rasad.sources.pieces import Piece, Problem, Provenance, Skipped, with_provenance
from rasad.sources.properties import author_of

LARGEST = 64 * 2**20  #: bytes of a mail of a mailbox; a larger one is passed over
_TELLING = frozenset({"from", "date", "subject", "message-id", "received"})
STUB = 300  #: characters of a plain text that may only say that there is a page
FIRST = date(1971, 1, 1)  #: of mail; what a broken clock says is no day
DEPTH = 8  #: mails within mails
WRAPPED = 60  #: characters from which a line that ends without a mark may go on in the next
_LINE = 1 << 20
_FROM = re.compile(rb"From \S*.*\d{1,2}:\d\d")
_QUOTED_FROM = re.compile(rb"^>(>*From )")
_ID = re.compile(r"(?:\"?([^\"<]*?)\"?\s*)?<([^<>\s]+)>")
_ITEM = re.compile(r"\s*(?:[-–—*•]\s|\d{1,2}[.)]\s|\s{2,}\S)")
_SIGNED = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_LOCKED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
Entry = Document | Problem | Skipped


def from_mail(name: str, data: bytes, known: Provenance = Provenance()) -> Iterator[Entry]:
    """The text of a mail with its subject as title, its sender as author, its list or the place of its sender as outlet, and its date;
    then what is attached to it, named ``name#file``: texts, pages, PDF and Word documents, mails. Anything else is named in a Problem.

    What others said before is not the sender's: quoted lines and answered mails are left out, and counted in a Problem; a mail that is
    passed on is a document of its own, ``name#forwarded``. A plain text is preferred to a page, where it says as much."""
    message = message_from_bytes(data)
    if _TELLING.isdisjoint(name.lower() for name in message.keys()):  # noqa: SIM118
        yield Skipped(name, "no mail: it has no head with a sender, date or subject")
        return
    yield from _letter(name, message, known, 0)


class _Parts(NamedTuple):
    """The parts of a mail: its text (plain, else a page), and what is attached."""

    plain: list[Message]
    page: list[Message]
    attached: list[Message]


def _letter(name: str, message: Message, known: Provenance, depth: int) -> Iterator[Entry]:
    if message.get_content_type() in _LOCKED:
        yield Skipped(name, "a mail that is encrypted")
        return
    told = with_provenance(known, _told(name, message))
    parts = _Parts([], [], [])
    _sort(message, parts)
    found = False
    for entry in _said(name, parts, told, known, depth):
        found = True
        yield entry
    others: list[str] = []
    for number, part in enumerate(parts.attached, 1):
        file = _file_name(part) or f"{number}"
        entries = _attached(f"{name}#{file}", file, part, known, depth)
        if entries is None:
            others.append(f"{file} ({part.get_content_type()})")
            continue
        found = True
        yield from entries
    if others:
        yield Problem(name, f"attachments that are no texts were left out: {', '.join(others)}")
    if not found:
        yield Skipped(name, "a mail without a text")


def _sort(part: Message, into: _Parts) -> None:
    """Sorts the parts of a mail (RFC 2046, 5.1)."""
    kind = part.get_content_type()
    named = _file_name(part) is not None or part.get_content_disposition() == "attachment"
    if kind == "message/rfc822" or (named and not part.is_multipart()):
        into.attached.append(part)
    elif part.is_multipart():
        for one in part.get_payload():
            if isinstance(one, Message):
                _sort(one, into)
    elif kind == "text/plain":
        into.plain.append(part)
    elif kind == "text/html":
        into.page.append(part)
    elif kind not in _SIGNED and not kind.startswith(("image/", "multipart/")):  # ornaments; parts that are not there
        into.attached.append(part)


def _said(name: str, parts: _Parts, told: Document, known: Provenance, depth: int) -> Iterator[Entry]:
    """What the sender says, and what they pass on."""
    plain = "\n\n".join(text for part in parts.plain if (text := _plain(part).strip()))
    if len(plain) < STUB and parts.page:
        pages = [_page(name, part, told) for part in parts.page]
        texts = [page for page in pages if isinstance(page, Document) and len(page.text) > 2 * len(plain)]
        if texts or not plain:
            yield from texts or pages
            return
    own, dropped, passed_on = _own(plain)
    if dropped:
        yield Problem(
            name, f"{dropped} lines that others wrote, in earlier mails or under every mail of a list, were left out"
        )
    if own:
        yield msgspec.structs.replace(told, text=own)
    if passed_on and depth < DEPTH:
        yield from _letter(f"{name}#forwarded", _headed(passed_on), known, depth + 1)


def _page(name: str, part: Message, told: Document) -> Document | Skipped:
    page = from_markup(name, _without_quotes(_payload(part)), part.get_content_charset())
    if isinstance(page, Skipped):
        return page
    return msgspec.structs.replace(told, text=page.text, title=told.title or page.title)


def _own(text: str) -> tuple[str, int, str]:
    """What the sender wrote, how many lines of others were left out, and the mail that is passed on."""
    words = _words()
    kept: list[str] = []
    dropped = 0
    lines = text.replace("\r\n", "\n").split("\n")
    for at, line in enumerate(lines):
        if line.rstrip("\n") in ("-- ", "--"):  # what follows is a signature (RFC 3676, 4.3)
            break
        if words["forwarded"].fullmatch(line.strip()):
            return _flowing(kept), dropped, "\n".join(lines[at + 1 :]).lstrip("\n")
        if words["original"].fullmatch(line.strip()):
            dropped += sum(bool(one.strip()) for one in lines[at + 1 :])
            break
        if line.startswith(">"):
            while not dropped and kept and not kept[-1].strip():
                kept.pop()
            if kept and words["answered"].fullmatch(" ".join(kept[-1].split())):
                kept.pop()
            elif len(kept) > 1 and words["answered"].fullmatch(" ".join(f"{kept[-2]} {kept[-1]}".split())):
                del kept[-2:]
            dropped += 1
            kept.append("")
            continue
        kept.append(line)
    return _flowing(kept), dropped, ""


def _flowing(lines: list[str]) -> str:
    """Paragraphs whose lines were broken to fit a screen as one line each."""
    text = ""
    before = ""
    for line in lines:
        goes_on = len(before.rstrip()) >= WRAPPED and line.strip() and not _ITEM.match(line)
        text += (" " if goes_on else "\n" if text else "") + (line.strip() if goes_on else line.rstrip())
        before = line
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _headed(text: str) -> Message:
    """A mail that is passed on within a text, with its head, in whatever language its names are."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        name, colon, value = line.strip("*> ").partition(":")
        if not line.strip() or not colon:
            break
        lines[at] = f"{_words()['head'].get(name.strip('* '), name.strip('* '))}: {value.strip('* ')}"
    return message_from_string("\n".join(lines))


def _attached(name: str, file: str, part: Message, known: Provenance, depth: int) -> Iterator[Entry] | None:
    """The documents of what is attached; None where it is no text."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload()
        message = inner[0] if isinstance(inner, list) and inner else None
        return _letter(name, message, known, depth + 1) if isinstance(message, Message) and depth < DEPTH else None
    data = _payload(part)
    form, packing = form_of(file)
    if form not in (*LEAVES, "html", "text") or packing is not None:
        form = TYPES.get(kind)
    if form is not None and form in LEAVES and (form != "mail" or depth < DEPTH):
        return LEAVES[form](name, data, known)
    if form == "html":
        return iter([from_markup(name, data, part.get_content_charset(), known)])
    if form == "text":
        read = from_bytes(name, recoded(data, part.get_content_charset() or "utf-8"))
        return (with_provenance(known, one) if isinstance(one, Document) else one for one in read)
    return None


def _plain(part: Message) -> str:
    data = recoded(_payload(part), part.get_content_charset() or "utf-8")
    known = decode(data)
    text = data.decode("utf-8", "replace") if known is None else known.text
    if part.get_param("format") == "flowed":  # RFC 3676: a line that ends in a blank goes on in the next
        text = re.sub(r"(?m)(?<!^--) \r?\n(?!>)", "" if part.get_param("delsp") == "yes" else " ", text)
    return text


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _without_quotes(data: bytes) -> bytes:
    """A page of a mail without the mails that it answers."""
    from lxml.etree import LxmlError  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring, tostring  # type: ignore[import-untyped]

    if b"blockquote" not in data and b"gmail_quote" not in data:
        return data
    try:
        tree = document_fromstring(data, parser=HTMLParser(encoding="iso-8859-1"))  # every byte stays what it is
    except LxmlError:
        return data
    for quoted in tree.xpath("//blockquote[@type='cite'] | //*[contains(@class, 'gmail_quote')]"):
        quoted.drop_tree()
    whole: bytes = tostring(tree, encoding="iso-8859-1")
    return whole


def _file_name(part: Message) -> str | None:
    name = part.get_filename()
    return re.sub(r"[\x00-\x1f/\\]", "_", _decoded(name)) if name else None


def _told(name: str, message: Message) -> Document:
    """What the head of a mail tells, without its text."""
    sender, host = _sender(message)
    listed = _ID.fullmatch(_head(message, "list-id"))
    outlet = (listed[1] or listed[2]).strip() if listed else host
    archived, identity = _head(message, "archived-at").strip("<> "), _head(message, "message-id").strip("<> ")
    address = (
        archived if archived.startswith(("http://", "https://")) else f"mid:{identity}" if identity else None
    )  # RFC 2392
    return Document(
        name=name, text="", title=_head(message, "subject") or None, author=author_of(sender), outlet=outlet or None,
        address=address, published=_day(message),
    )  # fmt: skip


def _raw(message: Message, name: str) -> str:
    """A field of the head as it was sent; in bytes of another encoding, as they show it. Empty where there is none."""
    value = next((str(value) for field, value in message.raw_items() if field.lower() == name), "")
    data = value.encode("utf-8", "surrogateescape")
    known = decode(data) if data else None
    return " ".join((known.text if known else value.encode("utf-8", "replace").decode()).split())


def _head(message: Message, name: str) -> str:
    return _decoded(_raw(message, name))


def _decoded(value: str) -> str:
    """A field of a head with its encoded words (RFC 2047) decoded, as far as they can be."""
    try:
        parts = decode_header(value)
    except (MessageError, ValueError):
        return value
    text = ""
    for part, charset in parts:
        data = part.encode("latin-1", "replace") if isinstance(part, str) and charset else part
        if isinstance(data, bytes):
            known = decode(recoded(data, charset or "utf-8")) if data.strip() else None
            data = known.text if known else data.decode("utf-8", "replace")
        text += data
    return " ".join(text.split())


def _sender(message: Message) -> tuple[str, str]:
    """The name of the sender, and the place that they write for: empty for those where everybody has an address."""
    try:
        name, address = parseaddr(_raw(message, "from"))
    except (RecursionError, IndexError):
        return "", ""
    host = _words()["machine"].sub("", address.rpartition("@")[2].lower())
    return _decoded(name) or address, "" if host in _words()["everybody"] or "." not in host else host


def _day(message: Message) -> str | None:
    try:
        day = parsedate_to_datetime(_raw(message, "date")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return day.isoformat() if day >= FIRST else None


@cache
def _words() -> dict[str, Any]:
    """What mail.toml says."""
    data = tomllib.loads(files(__package__).joinpath("mail.toml").read_text(encoding="utf-8"))
    patterns = {name: re.compile("|".join(data[name])) for name in ("answered", "original", "forwarded")}
    head = {told: name for name, others in data["head"].items() for told in others}
    machine = re.compile(rf"^(?:{'|'.join(data['machines']['names'])})\.(?=.+\.)")
    return {**patterns, "head": head, "machine": machine, "everybody": frozenset(data["everybody"]["hosts"])}


def messages(file: IO[bytes], name: str, place: str) -> Iterator[Piece | Skipped]:
    """The mails of a mailbox (RFC 4155), named ``name#1``, ``name#2`` …, one at a time: Python's own ``mailbox`` reads all of it first.
    Lines that were quoted as ``>From`` are as they were. A mail of more than :data:`LARGEST` bytes is named, and never held."""
    number, size = 0, 0
    held: list[bytes] = []
    blank = begins = True
    while line := file.readline(_LINE):
        if begins and blank and _FROM.match(line):
            if number:
                yield _message(held, size, f"{name}#{number}", place)
            number, size, held, blank = number + 1, 0, [], False
            begins = line.endswith(b"\n")
            continue
        if not number:
            if line.strip():
                yield Skipped(name, 'no mailbox: it does not begin with a line "From …"', place)
                return
            continue
        size += len(line)
        if size <= LARGEST:
            held.append(_QUOTED_FROM.sub(rb"\1", line) if begins else line)
        else:
            held.clear()
        blank = begins and not line.strip()
        begins = line.endswith(b"\n")
    if number:
        yield _message(held, size, f"{name}#{number}", place)


def _message(held: list[bytes], size: int, name: str, place: str) -> Piece | Skipped:
    if size > LARGEST:
        return Skipped(name, f"a mail of {size / 2**20:,.0f} MB; more than {LARGEST >> 20} are not read", place)
    data = b"".join(held)
    return Piece(name=name, place=place, form="mail", data=data, size=len(data))
