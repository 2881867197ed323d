"""Pages of the web as documents: the text that was written for readers, and where and when it was published, as the page says."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from rasad.claims import Document
from rasad.languages import codes
from rasad.reading.identify import identify
from rasad.reading.screen import screen
from rasad.sources.decoding import NotTextError, decode, encoding_of, is_utf8
from rasad.sources.pieces import Provenance, Skipped, with_provenance
from rasad.sources.properties import author_of
from rasad.sources.provenance import day

if TYPE_CHECKING:
    from lxml.html import HtmlElement, HTMLParser  # type: ignore[import-untyped]
    from trafilatura.settings import Extractor

_BEGINNINGS = ("<!doctype html", "<html", "<?xml", "<head", "<body")
ELEMENTS = 50_000  #: begun or ended on a page, at most; the longest articles have a tenth of it
NO_TEXT = "a page without a text: nothing in it reads like an article"
BRIEF = 300  #: characters of a text too short to tell its language for certain
_BESIDE = ("style", "nav", "aside", "footer", "svg", "noscript", "iframe", "template")
_TOLD_CHARSET = re.compile(
    rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{1,100}?encoding=[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
#: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {"iso-8859-1": "windows-1252", "utf-16": "", "utf-16le": "", "utf-16be": ""}
_ASCII = re.compile(rb"[\x00-\x7f]+")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_SITE = re.compile(r"\s+[|•·»–—-]\s+")


def is_markup(text: str) -> bool:
    """Whether a text begins as a page of the web does."""
    return text[:200].lstrip("\ufeff \t\r\n").lower().startswith(_BEGINNINGS)


class _Page(NamedTuple):
    """A page whose article is found: its text under its title."""

    tree: HtmlElement
    title: str | None
    text: str


def from_markup(
    name: str, data: bytes, encoding: str | None = None, known: Provenance = Provenance()
) -> Document | Skipped:
    """The text of a page with its title, author, outlet, address, language and date of publication, where the page tells them. Menus,
    scripts and comments of readers are left out. ``encoding`` is what the server said; without it the page itself tells. What the page
    says of its language holds only where the text is too short to tell another."""
    page = _page(name, data, encoding)
    return page if isinstance(page, Skipped) else _document(name, page, known)


def sift_markup(
    name: str, data: bytes, encoding: str | None = None, known: Provenance = Provenance()
) -> Document | Skipped | None:
    """What :func:`from_markup` gives, or None where the screen finds nothing about arms in the text: then nothing else is looked for."""
    page = _page(name, data, encoding)
    if isinstance(page, Skipped):
        return page
    return _document(name, page, known) if screen(page.text) else None


def _page(name: str, data: bytes, encoding: str | None) -> _Page | Skipped:
    from lxml.etree import LxmlError, ParserError  # type: ignore[import-untyped]
    from trafilatura import bare_extraction

    if len(data) > 3 * ELEMENTS and data.count(b"<") > ELEMENTS:
        return Skipped(name, f"a page with more than {ELEMENTS:,} marks of elements; give its text alone")
    markup = _decoded(data, encoding)
    if markup is None:
        return Skipped(name, "binary: control characters all over, not text")
    try:
        tree = _tree(markup)
        found = bare_extraction(tree, options=_options())
    except ParserError:  # nothing in it
        return Skipped(name, NO_TEXT)
    except (LxmlError, RecursionError, AssertionError) as error:
        return Skipped(name, f"a page that cannot be taken apart: {error or type(error).__name__}")
    body = "" if found is None or isinstance(found, dict) else (found.text or "").strip()
    if not body:
        return Skipped(name, NO_TEXT)
    title = _title(tree)
    return _Page(tree, title, body if not title or body.startswith(title) else f"{title}\n\n{body}")


@cache
def _options() -> Extractor:
    """The quick way of trafilatura: without asking other extractors, which on pages of news find nothing better and take as long again."""
    from trafilatura.settings import Extractor

    for library in ("trafilatura", "htmldate"):  # what they could not do is told here, in our words
        logging.getLogger(library).setLevel(logging.CRITICAL)
    return Extractor(output_format="python", fast=True, comments=False)


@cache
def _parser() -> HTMLParser:
    """Every element is of one class: looking for a special one for each costs a sixth of the whole."""
    from lxml.etree import ElementDefaultClassLookup
    from lxml.html import HtmlComment, HtmlElement, HTMLParser

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))
    return parser


def _tree(markup: str) -> HtmlElement:
    """The page, without what stands beside the article by the meaning of its elements. Raises LxmlError where there is none."""
    from lxml.etree import strip_elements
    from lxml.html import document_fromstring

    tree: HtmlElement = document_fromstring(markup.replace("\0", "").encode("utf-8", "replace"), parser=_parser())
    for script in [*tree.iter("script")]:
        if "json" not in script.get("type", ""):  # those of JSON-LD tell the author, the day, at times the text
            script.drop_tree()
    strip_elements(tree, *_BESIDE, with_tail=False)
    return tree


def _title(tree: HtmlElement) -> str | None:
    """What the page is headed: as it tells others, as its only heading says, or as its window is named."""
    told = tree.xpath("//meta[@property='og:title' or @name='og:title' or @name='twitter:title']/@content")
    headings = ["".join(h.itertext()) for h in tree.iter("h1")]
    named = [_SITE.split("".join(title.itertext()).strip())[0] for title in tree.iter("title")]
    for candidates in (told, headings if len(headings) == 1 else [], named, headings):
        for candidate in candidates:
            if title := " ".join(candidate.split()):
                return title
    return None


def _document(name: str, page: _Page, known: Provenance) -> Document:
    from trafilatura import extract_metadata

    found = extract_metadata(
        page.tree, date_config={"extensive_search": False, "original_date": True}
    )  # its own date only
    return with_provenance(known, Document(
        name=name, text=page.text, title=page.title, author=author_of(found.author), language=_language(page),
        outlet=found.sitename if found.sitename and found.sitename not in (found.url or "") else None,
        address=_own_address(found.url, known.address), published=_published(found.date),
    ))  # fmt: skip


def _own_address(told: str | None, fetched: str | None) -> str | None:
    """The address that a page calls its own; none where it was fetched from another place, which any page can name."""
    if not told or not is_address(told):
        return None
    return told if fetched is None or host_of(told) == host_of(fetched) else None


def host_of(address: str) -> str:
    """The name of the place of an address, without www."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _language(page: _Page) -> str | None:
    """The language that the page says it is in, where the text does not tell another: many pages carry that of their template."""
    told = (page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()
    code = re.split("[-_]", told)[0]
    if code not in codes():
        return None
    seen = identify(page.text)
    return code if seen == code or (seen is None and len(page.text) <= BRIEF) else None


def _decoded(data: bytes, encoding: str | None) -> str | None:
    """The page as text: in UTF-8, in the encoding that the server named, as the page tells, or as its words show. None where it is none."""
    told = _TOLD_CHARSET.search(data[:4096])
    named = (told[1] or told[2]).decode("ascii", "replace").lower() if told else ""
    binary = len(_CONTROLS.findall(data[:2000])) > 20
    for candidate in (
        None if is_utf8(data) else encoding,
        *(() if binary else ("utf-8-sig", _MEANT.get(named, named))),
    ):
        if candidate:
            with suppress(LookupError, UnicodeDecodeError):
                return data.decode(candidate)
    with suppress(NotTextError):
        shown = encoding_of(BytesIO(data if binary else _ASCII.sub(b" ", data)))  # markup is English in every language
        return data.decode(shown.name, "replace")
    known = decode(data)
    return None if known is None else known.text


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
