"""Pages of the web as documents: the text that was written for readers, and where and when it was published, as the page says."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from rasad.claims import Document
from rasad.sources.decoding import decode, is_utf8
from rasad.sources.pieces import Skipped
from rasad.sources.provenance import day

ENDINGS = frozenset({".html", ".htm", ".xhtml"})
_BEGINNINGS = ("<!doctype html", "<html", "<?xml", "<head", "<body")
ELEMENTS = 50_000  #: begun or ended on a page, at most; the longest articles have a tenth of it
NO_TEXT = "a page without a text: nothing in it reads like an article"


def is_markup(text: str) -> bool:
    """Whether a text begins as a page of the web does."""
    return text[:200].lstrip("\ufeff \t\r\n").lower().startswith(_BEGINNINGS)


def from_markup(name: str, data: bytes, encoding: str | None = None) -> Document | Skipped:
    """The text of a page with its title, outlet, address and date of publication, where the page tells them. Menus, scripts and
    comments of readers are left out. ``encoding`` is what the server said; without it the page itself tells."""
    from trafilatura import bare_extraction

    if data.count(b"<") > ELEMENTS:
        return Skipped(name, f"a page with more than {ELEMENTS:,} marks of elements; give its text alone")
    text = _decoded(data, encoding)
    if isinstance(text, Skipped):
        return text._replace(path=name)
    careful = {"extensive_search": False, "original_date": True}  # only a date that the page gives as its own
    found = bare_extraction(text, with_metadata=True, include_comments=False, date_extraction_params=careful)
    body = "" if found is None or isinstance(found, dict) else (found.text or "").strip()
    if found is None or isinstance(found, dict) or not body:
        return Skipped(name, NO_TEXT)
    title = " ".join((found.title or "").split())
    headed = body if not title or body.startswith(title) else f"{title}\n\n{body}"
    return Document(
        name=title or name, text=headed, outlet=found.sitename or None, address=found.url if found.url and is_address(found.url) else None,
        published=_published(found.date),
    )  # fmt: skip


def _decoded(data: bytes, encoding: str | None) -> str | bytes | Skipped:
    """The page as text where the server named its encoding, else as bytes that tell it themselves."""
    if encoding is not None and not is_utf8(data):
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(encoding)
    known = decode(data)
    if known is None:
        return Skipped("", "binary: control characters all over, not text")
    return known.text if known.encoding == "utf-8" else data


def is_address(given: str) -> bool:
    """Whether this is an address of the web."""
    try:
        return urlsplit(given).scheme in ("http", "https")
    except ValueError:
        return False


def _published(given: str | None) -> str | None:
    try:
        return day(given) if given else None
    except ValueError:
        return None
