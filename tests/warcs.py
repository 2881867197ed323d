"""Web archives for tests, written by hand as ISO 28500 says."""

import gzip
from collections.abc import Iterable

import zstandard

PACKED = {"": lambda record: record, ".gz": gzip.compress, ".zst": zstandard.compress}


def record(
    body: bytes, *, address: str = "https://www.example.org/a", kind: str = "response", status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8", headers: str = "", more: str = "",
) -> bytes:  # fmt: skip
    """A record of an answer of HTTP; of a ``resource`` the body as it is."""
    content = body
    if kind in ("response", "request"):
        content = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{headers}\r\n".encode() + body
        content_type = "application/http; msgtype=response"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{abs(hash(body)):032x}>\r\n{more}"
        f"WARC-Date: 2024-03-09T00:00:00Z\r\nWARC-Target-URI: {address}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def archive(records: Iterable[bytes], packing: str = "") -> bytes:
    """Records one after the other, each packed by itself as archives are."""
    return b"".join(map(PACKED[packing], records))


def page(*paragraphs: str, title: str = "Fighters for China", head: str = "") -> bytes:
    """A page of a newspaper with a menu."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body>{menu}<article><h1>{title}</h1>{text}</article></body></html>"
    ).encode()
