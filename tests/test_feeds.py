"""Feeds and sitemaps as files: what their entries say, and what is told of those that say nothing."""

import gzip
from pathlib import Path

import pytest
from test_cli import rasad

from rasad.claims import Document
from rasad.sources import Piece, Skipped
from rasad.sources.feeds import Entry, FeedError, entries, links
from rasad.sources.splits import documents

SALE = "Russia delivered 24 Su-35 fighters to China in 2018, the defence ministry said."
RUSSIAN = "Россия передала Китаю 24 истребителя Су-35 в 2018 году, сообщил министр обороны на встрече с журналистами."
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>The &lt;b&gt;Gazette&lt;/b&gt;</title>
<entry><title type="html">Fighters &amp;amp; more</title><link rel="alternate" href="/a?utm_source=x"/><updated>2018-11-02T23:30:00-05:00</updated>
<author><name>Anna Hentzau</name></author><content type="html">&lt;p&gt;{SALE}&lt;/p&gt;</content></entry>
<entry><title>Nothing</title><link href="/b"/></entry></feed>"""
RSS = f"""<rss version="2.0"><channel><title>Вести</title><language>ru-RU</language>
<item><title>Истребители</title><link>http://example.org/1</link><pubDate>Fri, 02 Nov 2018 10:00:00 GMT</pubDate><description>{SALE}</description></item>
<item><description>5 &lt; 6 &amp; 7 &gt; 6</description></item></channel></rss>"""


def test_the_entries_of_a_feed_are_pieces_with_what_is_known_of_them() -> None:
    piece, skipped = entries("news.atom", ATOM.encode())
    assert isinstance(piece, Piece)
    assert (piece.name, piece.place, piece.form, piece.encoding) == ("news.atom#1", "news.atom", "html", "utf-8")
    known = piece.known
    assert (known.title, known.outlet, known.author, known.published) == ("Fighters & more", "The Gazette", "Anna Hentzau", "2018-11-02")  # fmt: skip
    assert skipped == Skipped("news.atom#2", "an entry without a text of its own")


def test_a_feed_is_read_as_a_file_packed_or_not(tmp_path: Path) -> None:
    (tmp_path / "news.xml").write_text(ATOM, encoding="utf-8")
    (tmp_path / "news.rss.gz").write_bytes(gzip.compress(RSS.encode("utf-16")))
    found = [entry for entry in documents([tmp_path]) if isinstance(entry, Document)]
    texts = {one.name.rpartition("/")[2]: (one.text, one.outlet, one.published) for one in found}
    assert texts["news.xml#1"] == (f"Fighters & more\n\n{SALE}", "The Gazette", "2018-11-02")
    assert texts["news.rss.gz#1"] == (f"Истребители\n\n{SALE}", "Вести", "2018-11-02")
    assert texts["news.rss.gz#2"][0] == "5 < 6 & 7 > 6"
    done = rasad("read", tmp_path / "news.xml", "--format", "csv")
    assert "Russia" in done.stdout
    assert "an entry without a text of its own" in done.stderr


DECLARED = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    ("declared", "written", "told"),
    [
        ("", "utf-16", None), ("", "windows-1251", None), ("", "koi8-r", "koi8-r"), ("windows-1251", "utf-8", None),
        ("utf-8", "windows-1251", "windows-1251"), ("utf-8", "windows-1251", "utf-8"), ("koi8-r", "koi8-r", None),
        ("utf-8", "utf-8", "iso-8859-1"), ("nonsense", "windows-1251", "nonsense"),
    ],
)  # fmt: skip
def test_encodings_that_lie_do_not_spoil_a_feed(declared: str, written: str, told: str | None) -> None:
    text = (DECLARED.format(declared) if declared else "") + RSS.replace(SALE, RUSSIAN)
    feed = links(text.encode(written), "http://example.org/", told)
    assert (feed.title, feed.entries[0].text, feed.remark) == ("Вести", RUSSIAN, None)


def test_addresses_are_those_of_the_feed_without_what_makes_no_difference() -> None:
    feed = links(ATOM.encode(), "https://Example.org/feed")
    assert [one.address for one in feed.entries] == ["https://example.org/a", "https://example.org/b"]
    assert links(RSS.encode(), "http://example.org").entries[0].language == "ru"


@pytest.mark.parametrize(
    ("content", "whole"),
    [("word " * 200, True), ("word " * 200 + "…", False), ("word " * 200 + "[...]", False), ("word " * 20, False)],
)
def test_what_a_feed_cuts_off_is_not_the_whole_text(content: str, whole: bool) -> None:
    given = ATOM.replace(SALE, content)
    assert links(given.encode(), "http://example.org").entries[0].whole is whole


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "http://user:secret@a.org/", "http://[", "http://a.org/" + "x" * 3000]
)  # fmt: skip
def test_what_is_no_address_is_none(address: str) -> None:
    feed = links(f"<rss version='2.0'><channel><item><title>T</title><link>{address}</link></item></channel></rss>".encode(), "http://b.org/")  # fmt: skip
    assert feed.entries == (Entry(address=None, title="T"),)


def test_a_sitemap_is_no_text() -> None:
    (skipped,) = entries("map.xml", b"<urlset><url><loc>http://a.org/</loc></url></urlset>")
    assert isinstance(skipped, Skipped)
    assert "`rasad watch` visits them" in skipped.reason


def test_a_sitemap_that_breaks_off_gives_what_stands_before() -> None:
    broken = links(b"<urlset><url><loc>http://a.org/1</loc></url><url><loc>http://a.org/2</l", "")
    assert [one.address for one in broken.entries] == ["http://a.org/1"]
    assert (broken.remark or "").startswith("is broken XML")
    with pytest.raises(FeedError, match="is broken XML"):
        links(b"<urlset><url><loc", "")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<html><body>Welcome</body></html>", "is a page (HTML), not a feed"),
        (b"\x00\x01\x02", "is no feed"),
        (b"<feed", "is broken XML"),
        (gzip.compress(RSS.encode())[:50], "breaks off"),
    ],
)
def test_what_is_no_feed_is_named(data: bytes, reason: str) -> None:
    (skipped,) = entries("feed.xml", data)
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(reason)
