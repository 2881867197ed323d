"""What stands in a file, told by the ending of its name, by its first bytes, or by the type that comes with it."""

from __future__ import annotations

import os
import re

UNKNOWN = "unknown"  #: the form of what has to be opened to be told
FORMS = {
    "": UNKNOWN, ".txt": "text", ".text": "text", ".md": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf", ".docx": "docx", ".eml": "mail", ".mbox": "mbox", ".rss": "feed", ".atom": "feed", ".xml": "feed",
    ".jsonl": "lines", ".ndjson": "lines", ".parquet": "parquet", ".warc": "warc",
}  # fmt: skip
TYPES = {
    "text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "text/markdown": "text", "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}  # fmt: skip  #: the form of what a server, an archive or a mail says is of such a type
PACKINGS = {".gz": "gz", ".zst": "zst"}
HEAD = 4096  #: bytes by which a form is told
_BEGINNINGS = (
    (re.compile(rb"%PDF-"), "pdf"),
    (re.compile(rb"PK\x03\x04(?s:.*)(?:word/|\[Content_Types\]\.xml)"), "docx"),
    (re.compile(rb"PAR1"), "parquet"),
    (re.compile(rb"WARC/[01]\.\d+\r?\n"), "warc"),
    (re.compile(rb"From \S+.*\d\d:\d\d.*\r?\n[!-9;-~]+:"), "mbox"),
    (re.compile(rb"(?:Return-Path|Delivered-To|Received|Message-ID|MIME-Version):", re.IGNORECASE), "mail"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\""), "lines"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b"), "feed"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|\?xml|head|body)\b", re.IGNORECASE), "html"),
)


def form_of(name: str) -> tuple[str | None, str | None]:
    """Form and packing by the ending of a name; None for the form where the ending tells nothing."""
    stem, ending = os.path.splitext(name.lower())
    if packing := PACKINGS.get(ending):
        return FORMS.get(os.path.splitext(stem)[1]), packing
    return FORMS.get(ending), None


def told_by(head: bytes) -> str:
    """The form of what begins with these bytes; ``text`` where nothing else is told."""
    return next((form for pattern, form in _BEGINNINGS if pattern.match(head)), "text")
