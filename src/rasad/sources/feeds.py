"""Feeds and sitemaps: which texts a site says that it has, and what it tells of them.

RSS and Atom are read by feedparser, sitemaps (https://www.sitemaps.org/protocol.html), also those of news
(https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap), by lxml. Neither loads anything from elsewhere or
puts in entities that a file defines for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from html import escape, unescape
from io import BytesIO
from typing import Any, Literal
from urllib.parse import urljoin
from xml.sax import SAXException

import msgspec

from rasad.sources.addresses import plain
from rasad.sources.decoding import NotTextError, encoding_of, is_utf8
from rasad.sources.packed import PackingError, Unpacked, packing_of
from rasad.sources.pieces import Piece, Provenance, Skipped
from rasad.sources.provenance import day

FEED = 5 * 2**20  #: bytes of a feed, at most
SITEMAP = 50 * 2**20  #: bytes of a sitemap, as its protocol allows
ENTRIES = 50_000  #: of one sitemap, as its protocol allows
LONGEST = 2_000  #: characters of an address
WHOLE = 600  #: characters from which on what a feed gives as the content of an entry is taken for the whole text
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_CUT = ("…", "...", "[…]", "[...]")
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""", re.ASCII)
_SITEMAP = re.compile(rb"<(?:[\w.-]+:)?(urlset|sitemapindex)[\s>]")


class FeedError(ValueError):
    """This is no feed and no sitemap; the message says what it is, without its name."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A text as a feed or sitemap announces it. ``text``: what a feed tells of it, as HTML; ``whole``: as far as can be seen that is
    all of it. ``published``: a date (ISO 8601). ``language``: as it is told, which need not be true."""

    address: str | None
    title: str | None = None
    published: str | None = None
    author: str | None = None
    language: str | None = None
    outlet: str | None = None
    text: str | None = None
    whole: bool = False

    def page(self) -> bytes:
        """What the feed tells of it as a page, in UTF-8, that a reader of pages can read."""
        title = escape(self.title or "")
        return f"<html><head><title>{title}</title></head><body><article>{self.text or ''}</article></body></html>".encode()


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed, a sitemap, or an ``index`` of sitemaps announces, in its order. ``remark``: what was wrong with it."""

    kind: Literal["feed", "sitemap", "index"]
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    remark: str | None = None


def links(data: bytes, base: str, encoding: str | None = None) -> Feed:
    """What a feed or sitemap, packed or not, announces; relative addresses are those of ``base``, ``encoding`` is what the server told.
    Raises FeedError."""
    data = _unpacked(data)
    found = _SITEMAP.search(data[:4096].replace(b"\0", b""))
    return _sitemap(data, base, found[1] == b"sitemapindex") if found else _feed(data, base, encoding)


def entries(name: str, data: bytes) -> Iterator[Piece | Skipped]:
    """The texts that a feed has itself, each as a page. What is no feed, and an entry without a text, is told."""
    try:
        feed = links(data, "")
    except FeedError as error:
        yield Skipped(name, str(error))
        return
    if feed.kind != "feed":
        yield Skipped(name, "a sitemap: it has addresses and no texts; `rasad watch` visits them")
        return
    for number, entry in enumerate(feed.entries, 1):
        part = f"{name}#{number}"
        if not entry.text:
            yield Skipped(part, "an entry without a text of its own")
            continue
        known = Provenance(
            title=entry.title, outlet=entry.outlet or feed.title, author=entry.author, address=entry.address, published=entry.published
        )  # fmt: skip
        page = entry.page()
        yield Piece(name=part, place=name, form="html", data=page, encoding="utf-8", size=len(page), known=known)


def _unpacked(data: bytes) -> bytes:
    if (packing := packing_of(data)) is None:
        return data
    try:
        plain_data = Unpacked(BytesIO(data), packing).read(SITEMAP + 1)
    except PackingError as error:
        raise FeedError(str(error)) from None
    if len(plain_data) > SITEMAP:
        raise FeedError(f"is larger than {SITEMAP / 2**20:g} MB when it is unpacked")
    return plain_data


def _sitemap(data: bytes, base: str, index: bool) -> Feed:
    from lxml import etree  # type: ignore[import-untyped]

    found: list[Entry] = []
    remark = None
    if len(data) > SITEMAP:
        raise FeedError(f"is larger than {SITEMAP / 2**20:g} MB")
    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    try:
        for _, element in etree.iterparse(BytesIO(data), tag=("{*}url", "{*}sitemap"), **safe):
            if entry := _located(element, base):
                found.append(entry)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if len(found) == ENTRIES:
                remark = f"only the first {ENTRIES:,} addresses are looked at"
                break
    except etree.XMLSyntaxError as error:
        remark = f"is broken XML ({error.msg})"
        if not found:
            raise FeedError(remark) from None
    return Feed(kind="index" if index else "sitemap", entries=tuple(found), remark=remark)


def _located(element: Any, base: str) -> Entry | None:
    """An address of a sitemap, with what is told of it."""

    def told(path: str) -> str | None:
        return " ".join((element.findtext(path) or "").split()) or None

    if (address := _address(told("{*}loc"), base)) is None:
        return None
    return Entry(
        address=address, title=told("{*}news/{*}title"), language=_language(told("{*}news/{*}publication/{*}language")),
        outlet=told("{*}news/{*}publication/{*}name"), published=_day(told("{*}news/{*}publication_date") or told("{*}lastmod")),
    )  # fmt: skip


def _feed(data: bytes, base: str, encoding: str | None) -> Feed:
    import feedparser  # type: ignore[import-untyped]

    if len(data) > FEED:
        raise FeedError(f"is larger than {FEED / 2**20:g} MB")
    if not data.strip():
        raise FeedError("is empty")
    charset = _charset(data, encoding)
    told_type = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    found = feedparser.parse(
        BytesIO(data), response_headers=told_type, sanitize_html=False, resolve_relative_uris=False
    )
    fault = found.get("bozo_exception")
    broken = str(fault).rpartition(": ")[2] if isinstance(fault, SAXException) else ""
    if not found.get("version") or (broken and not found.entries):
        raise FeedError(_no_feed(data, broken))
    told = found.feed
    language = _language(told.get("language"))
    return Feed(
        kind="feed", title=_words(told.get("title")), entries=tuple(_entry(one, base, language) for one in found.entries),
        remark=f"is broken XML ({broken}), read as far as it could be" if broken else None,
    )  # fmt: skip


def _charset(data: bytes, told: str | None) -> str | None:
    """The encoding of a feed: UTF-8 if it is that, else what the server told, else what it declares itself, else what its words show."""
    if is_utf8(data):
        return "utf-8"
    declared = _DECLARED.search(data[:200])
    for name in (told, declared[1].decode() if declared else None):
        with suppress(LookupError, UnicodeDecodeError):
            if name and data.decode(name):
                return name
    with suppress(NotTextError):
        return encoding_of(BytesIO(data)).name
    return None


def _no_feed(data: bytes, broken: str) -> str:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "is a page (HTML), not a feed"
    return (
        f"is broken XML ({broken}), not a feed" if start.startswith(b"<") and broken else "is no feed: not RSS or Atom"
    )


def _entry(told: Any, base: str, language: str | None) -> Entry:
    content = max((_markup(one) for one in told.get("content", ())), key=len, default="")
    summary = _markup(told.get("summary_detail") or {})
    words = _words(content) or ""
    return Entry(
        address=_address(told.get("link"), base), title=_words(told.get("title")), published=_published(told),
        author=_words(told.get("author_detail", {}).get("name") or told.get("author")), language=language,
        outlet=_words(told.get("source", {}).get("title")), text=max(content, summary, key=len) or None,
        whole=len(words) >= WHOLE and not words.endswith(_CUT),
    )  # fmt: skip


def _markup(detail: Any) -> str:
    """What a feed gives as text, as HTML."""
    value, kind = detail.get("value") or "", detail.get("type", "")
    return value if "html" in kind or _TAG.search(value) else escape(value)


def _words(given: str | None) -> str | None:
    """The words of what may be HTML, in one line."""
    return " ".join(unescape(_TAG.sub(" ", given)).split()) or None if given else None


def _published(told: Any) -> str | None:
    for name in ("published", "updated", "created"):
        if found := _day(told.get(name)):
            return found
        if parsed := told.get(f"{name}_parsed"):
            return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}"
    return None


def _day(given: str | None) -> str | None:
    """The date of a time, as it is where it was written."""
    if not given:
        return None
    with suppress(ValueError):
        return day(given)
    with suppress(TypeError, ValueError):
        return parsedate_to_datetime(given).date().isoformat()
    return None


def _language(given: str | None) -> str | None:
    """The code of a language that is told as ``en-GB``."""
    return re.split("[-_]", given.strip().lower())[0] or None if given else None


def _address(given: str | None, base: str) -> str | None:
    if not given or len(given) > LONGEST:
        return None
    try:
        return plain(urljoin(base, given.strip()))
    except ValueError:
        return None
