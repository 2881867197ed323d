"""Sources watched on a real server of this machine, which misbehaves: what is asked of it, when, and what is stored in the end."""

import asyncio
import gzip
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from older import back_to_third
from sites import Answer, Server, answer, dripping, endless, sent_on
from sqlalchemy import select, text
from test_cli import rasad

from rasad.register import Register, open_register, upgrade, watched
from rasad.register.database import StoreError, reading, writing
from rasad.register.schema import documents, publications, visited
from rasad.register.watched import Watched
from rasad.register.watching import Watch, alone, delay
from rasad.sources.visits.agenda import Agenda
from rasad.sources.visits.plan import DAY, PlanError, Source, plan_of
from rasad.sources.visits.robots import Rules

SALE = "Russia delivered {n} S-400 systems to India in 2021, the defence ministry said."
SCHOOL = "The village school reopened on Monday, and the children said that they were happy with the new library."
RUSSIAN = "Россия передала Индии {n} систем С-400 в 2021 году, сообщил министр обороны на встрече с журналистами."
DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Christmas",
    "Easter",
    "Midsummer",
)
PACE = 0.1  #: seconds between two requests


def page(words: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>News</title>{head}</head><body><article><p>{words}</p></article></body></html>".encode()


def sale(n: int, **headers: str) -> Answer:
    return answer(page(SALE.format(n=n)), **headers)


def refused(status: int, **headers: str) -> Answer:
    def give(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()

    return give


def in_turn(*answers: Answer) -> Answer:
    """Each answer once, and the last again and again."""
    left = itertools.chain(answers, itertools.repeat(answers[-1]))
    return lambda to: next(left)(to)


def rss(*items: str, title: str = "The Gazette") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{title}</title>{"".join(items)}</channel></rss>'.encode()


def item(link: str, **more: str) -> str:
    told = "".join(f"<{name.replace('_', ':')}>{value}</{name.replace('_', ':')}>" for name, value in more.items())
    return f"<item><title>A headline</title><link>{link}</link>{told}</item>"


def feed(*links: str) -> Answer:
    return answer(rss(*map(item, links)), "application/rss+xml")


def paths(server: Server) -> list[str]:
    return [asked.path for asked in server.asked]


def times(server: Server) -> list[float]:
    return [asked.at for asked in server.asked]


Visits = Callable[..., bool]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with open_register(tmp_path / "rasad.db", create=True) as register:
        yield register


@pytest.fixture
def visits(server: Server, register: Register) -> Visits:
    """Visits once what is due of some tables of a plan, whose addresses are paths of the server."""

    def visit(*tables: str, log: list[str] | None = None, seconds: float = 5, **top: object) -> bool:
        told = log if log is not None else []
        watch = Watch(register.engine, plan_of(written(server, *tables, **top)), told.append, told.append, seconds)
        return asyncio.run(watch.run(asyncio.Event(), once=True))

    return visit


def written(server: Server, *tables: str, **top: object) -> str:
    told = {"contact": "desk@example.org", "private": True, "rate": PACE, "every": "0.2s", **top}
    lines = [f"{name} = {json.dumps(value)}" for name, value in told.items()]
    return "\n".join([*lines, *tables]).replace('address = "/', f'address = "{server.address}/')


def source(path: str, kind: str = "feed", **more: object) -> str:
    told = {"address": path, **more}
    return "\n".join([f"[[{kind}]]", *(f"{name} = {json.dumps(value)}" for name, value in told.items())])


FEED = source("/feed")


def stands(register: Register) -> Watched:
    (one,) = watched.sources(register.engine)
    return one


def stored(register: Register) -> list[str]:
    with reading(register.engine) as connection:
        return list(connection.scalars(select(documents.c.text).order_by(documents.c.text)))


def printed(register: Register) -> list[tuple[str, str, str | None]]:
    columns = (publications.c.address, publications.c.outlet, publications.c.published)
    with reading(register.engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(publications.c.id))]


def again(register: Register) -> None:
    """All that will be due is due now."""
    with writing(register.engine) as connection:
        for table in ("watched", "visited"):
            connection.execute(text(f"UPDATE {table} SET next = '2000-01-01T00:00:00+00:00' WHERE next IS NOT NULL"))


# What is read.


def test_what_a_feed_announces_is_fetched_read_and_stored(server: Server, register: Register, visits: Visits) -> None:
    server.answers |= {"/feed": feed("/a", "/b"), "/a": sale(4), "/b": answer(page(SCHOOL))}
    log: list[str] = []
    assert visits(FEED, log=log)
    assert [SALE.format(n=4) in one or SCHOOL in one for one in stored(register)] == [True, True]
    one = stands(register)
    assert (one.texts, one.about_arms, one.claims, one.visits, one.waiting, one.error) == (2, 1, 1, 1, 0, None)
    assert log == [
        f"{server.address}/feed: 2 entries, 2 new",
        f"{server.address}/a: new, 1 claim",
        f"{server.address}/b: new, not about arms",
    ]
    assert [deal["item"] for deal in register.deals(recipient="India")] == ["system:S-400"]


def test_what_a_person_says_of_a_source_comes_first_and_then_what_the_source_says(
    server: Server, register: Register, visits: Visits
) -> None:
    dated = item("/a", pubDate="Mon, 05 Oct 2026 23:30:00 -0500")
    server.answers |= {"/feed": answer(rss(dated), "text/xml"), "/a": answer(page(SALE.format(n=4), '<meta property="og:site_name" content="Site">'))}  # fmt: skip
    visits(source("/feed", outlet="The Herald"))
    assert printed(register) == [(f"{server.address}/a", "The Herald", "2026-10-05")]


def test_a_feed_that_has_the_whole_text_is_not_asked_for_it_again(
    server: Server, register: Register, visits: Visits
) -> None:
    whole = f"<![CDATA[<p>{SALE.format(n=4)}</p><p>{SCHOOL}</p>{''.join(f'<p>{day} was a day of rain in all of the village.</p>' for day in DAYS)}]]>"
    server.answers["/feed"] = answer(rss(item("/a", content_encoded=whole)))
    visits(FEED)
    assert paths(server) == ["/robots.txt", "/feed"]
    assert printed(register) == [(f"{server.address}/a", "The Gazette", None)]
    assert stored(register)[0].startswith(f"A headline\n\n{SALE.format(n=4)}")
    assert (stands(register).about_arms, stands(register).waiting) == (1, 0)


def test_a_text_is_fetched_once_whatever_hangs_on_its_address(
    server: Server, register: Register, visits: Visits
) -> None:
    server.answers |= {
        "/feed": feed("/a?utm_source=rss#top", "/a?utm_medium=x", "/a", "/short"),
        "/other": feed("/b", "/c"),
        "/a": sale(4),
        "/short": sent_on("/b"),
        "/b": sale(5),
        "/c": answer(page(SALE.format(n=6), f'<link rel="canonical" href="{server.address}/d">')),
        "/third": feed("/d", "/a"),
    }
    visits(FEED)
    visits(source("/other"), source("/third"))
    assert paths(server).count("/a") == 1
    assert paths(server).count("/b") == 1
    assert "/d" not in paths(server)
    assert sorted(address for address, *_ in printed(register)) == [f"{server.address}/{one}" for one in "abd"]


def test_a_sitemap_of_news_is_read_with_what_it_tells(server: Server, register: Register, visits: Visits) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    told = f"<news:news><news:publication><news:name>The Courier</news:name><news:language>en</news:language></news:publication><news:publication_date>{today}T10:00:00Z</news:publication_date><news:title>Systems</news:title></news:news>"
    french = told.replace(">en<", ">fr<")
    server.answers |= {
        "/map.xml": answer(sitemap(("/a", told), ("/fr", french), ("/old", "<lastmod>2019-01-01</lastmod>"))),
        "/a": sale(4),
    }
    assert visits(source("/map.xml", "sitemap"))
    assert paths(server) == ["/robots.txt", "/map.xml", "/a"]
    assert printed(register) == [(f"{server.address}/a", "The Courier", today)]


def sitemap(*urls: tuple[str, str], kind: str = "url") -> bytes:
    inner = "".join(f"<{kind}><loc>{at}</loc>{more}</{kind}>" for at, more in urls)
    root = "urlset" if kind == "url" else "sitemapindex"
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{inner}</{root}>'.encode()


def test_an_index_of_sitemaps_is_followed_packed_or_not_and_one_that_is_missing_stops_nothing(
    server: Server, register: Register, visits: Visits
) -> None:
    parts = [("/1.xml.gz", ""), ("/2.xml", ""), ("/none.xml", ""), ("/old.xml", "<lastmod>2019-01-01</lastmod>")]
    server.answers |= {
        "/index.xml": answer(sitemap(*parts, kind="sitemap"), "text/xml", ETag='"same"'),
        "/1.xml.gz": answer(gzip.compress(sitemap(("/a", ""))), "application/gzip"),
        "/2.xml": answer(sitemap(("/b", "")), "text/xml"),
        "/a": sale(4),
        "/b": sale(5),
    }
    log: list[str] = []
    assert visits(source("/index.xml", "sitemap"), log=log)
    assert "/old.xml" not in paths(server)
    assert f"2 entries, 2 new; {server.address}/none.xml answers 404" in log[0]
    assert stands(register).texts == 2
    again(register)
    visits(source("/index.xml", "sitemap"))
    assert paths(server).count("/1.xml.gz") == 2
    assert all("if-none-match" not in asked.headers for asked in server.asked)


def test_a_page_is_read_again_only_when_it_has_changed(server: Server, register: Register, visits: Visits) -> None:
    def changing(to: BaseHTTPRequestHandler) -> None:
        asked = to.headers.get("If-None-Match"), to.headers.get("If-Modified-Since")
        if len(server.asked) < 5 and asked == ('"one"', "Mon, 05 Oct 2026 10:00:00 GMT"):
            refused(304)(to)
        else:
            n = 4 if len(server.asked) < 5 else 6
            sale(n, ETag='"one"', Last_Modified="Mon, 05 Oct 2026 10:00:00 GMT")(to)

    server.answers["/page"] = changing
    logs: list[list[str]] = [[], [], []]
    for log in logs:
        assert visits(source("/page", "page"), log=log)
        again(register)
    assert [log[0].rpartition(": ")[2] for log in logs] == ["new, 1 claim", "unchanged", "new, 1 claim"]
    assert [asked.headers.get("if-none-match") for asked in server.asked if asked.path == "/page"] == [None, '"one"', '"one"']  # fmt: skip
    assert (stands(register).texts, stands(register).visits) == (2, 3)


def test_encodings_that_lie_and_change_give_one_text(server: Server, register: Register, visits: Visits) -> None:
    words = page(RUSSIAN.format(n=5)).decode()
    server.answers["/page"] = in_turn(
        answer(words.encode(), "text/html; charset=iso-8859-1"),
        answer(words.encode("windows-1251"), "text/html"),
        answer(words.encode("koi8-r"), "text/html; charset=koi8-r"),
        answer(words.encode("windows-1251"), "text/html; charset=utf-8"),
    )
    for _ in range(4):
        assert visits(source("/page", "page"))
        again(register)
    assert [RUSSIAN.format(n=5) in one for one in stored(register)] == [True]
    assert stands(register).visits == 4


# How it behaves as a guest.


def test_it_says_who_asks_and_keeps_its_distance(server: Server, visits: Visits) -> None:
    server.answers |= {"/feed": feed("/a", "/b", "/c"), **{f"/{name}": sale(n) for n, name in enumerate("abc", 4)}}
    visits(FEED, rate=0.3)
    (agent,) = {asked.headers["user-agent"] for asked in server.asked}
    assert re.fullmatch(r"Rasad/\d+\.\d+\.\d+ \(\+desk@example\.org\)", agent)
    assert len(server.asked) == 5
    assert min(later - sooner for sooner, later in itertools.pairwise(times(server))) >= 0.29


def test_a_host_that_asks_for_more_time_gets_it(server: Server, visits: Visits) -> None:
    server.answers |= {"/robots.txt": answer(b"User-agent: *\nCrawl-delay: 0.5\n", "text/plain"), "/feed": feed("/a"), "/a": sale(4)}  # fmt: skip
    visits(FEED)
    _, second, third = times(server)
    assert third - second >= 0.49


def test_what_robots_forbid_is_not_visited_also_where_a_redirect_leads(
    server: Server, register: Register, visits: Visits
) -> None:
    server.answers |= {
        "/robots.txt": answer(b"User-agent: other\nDisallow:\n\nUser-agent: rasad\nDisallow: /private\n", "text/plain"),
        "/feed": feed("/private/a", "/moved", "/b"),
        "/moved": sent_on("/private/b"),
        "/b": sale(4),
    }
    assert visits(FEED)
    assert [path for path in paths(server) if path.startswith("/private")] == []
    one = stands(register)
    assert (one.texts, one.lost, one.waiting) == (1, 2, 0)
    assert all("robots.txt" in lost.error for lost in watched.lost(register.engine, one.id, 10))


@pytest.mark.parametrize("answered", [refused(500), refused(503), refused(429), endless])
def test_nothing_is_visited_where_the_robots_cannot_be_read(
    server: Server, register: Register, visits: Visits, answered: Answer
) -> None:
    server.answers |= {"/robots.txt": answered, "/feed": feed("/a")}
    assert not visits(FEED)
    assert paths(server) == ["/robots.txt"]
    assert "nothing is visited there now" in (stands(register).error or "")


@pytest.mark.parametrize(
    ("asked", "pause"), [("2.5", 2.5), ("1000000000", DAY), ("inf", 0), ("nan", 0), ("-3", 0), ("soon", 0)]
)
def test_a_pause_that_is_none_is_not_made(asked: str, pause: float) -> None:
    assert Rules(f"User-agent: *\nCrawl-delay: {asked}\n").pause == pause


def test_a_rate_that_is_asked_for_is_kept() -> None:
    assert Rules("User-agent: *\nCrawl-delay: 2\nRequest-rate: 1/10s\n").pause == 10


def test_where_there_are_no_robots_everything_is_visited_and_robots_are_asked_once(
    server: Server, visits: Visits
) -> None:
    server.answers |= {"/robots.txt": refused(403), "/feed": feed("/a", "/b"), "/a": sale(4), "/b": sale(5)}
    assert visits(FEED)
    assert sorted(paths(server)) == ["/a", "/b", "/feed", "/robots.txt"]


def test_one_host_is_asked_one_thing_at_a_time_and_several_at_once(register: Register) -> None:
    here: list[int] = []
    most: list[int] = []

    def slowly(to: BaseHTTPRequestHandler) -> None:
        here.append(1)
        most.append(len(here))
        time.sleep(0.3)
        here.pop()
        answer(rss(), "text/xml")(to)

    servers = [Server() for _ in range(3)]
    try:
        for one in servers:
            one.answers |= {"/1": slowly, "/2": slowly}
        tables = "\n".join(source(f"{one.address}/{n}") for one in servers for n in (1, 2))
        plan = plan_of(written(servers[0], tables, hosts=2))
        assert asyncio.run(Watch(register.engine, plan).run(asyncio.Event(), once=True))
    finally:
        for one in servers:
            one.close()
    assert len(most) == 6
    assert max(most) == 2


def test_a_server_that_asks_to_be_left_alone_is(server: Server, register: Register, visits: Visits) -> None:
    server.answers |= {
        "/feed": feed("/a", "/b", "/c"),
        "/a": sale(4),
        "/b": refused(429, Retry_After="3600"),
        "/c": sale(5),
        "/later0": feed(),
    }
    log: list[str] = []
    assert not visits(FEED, *(source(f"/later{n}") for n in range(3)), log=log)
    assert "/c" not in paths(server)
    assert "/later2" not in paths(server)
    assert log[-1] == f"{server.address}/later2: not visited, the host asked to be left alone for a while"
    wait = datetime.fromisoformat(log[-2].rpartition(" ")[2]) - datetime.now(UTC)
    assert timedelta(minutes=59) < wait <= timedelta(minutes=60)
    assert watched.sources(register.engine)[0].waiting == 2


@pytest.mark.parametrize(
    "told", [lambda: "7200", lambda: format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)]
)
def test_a_source_that_says_when_is_visited_then(
    server: Server, register: Register, visits: Visits, told: Callable[[], str]
) -> None:
    server.answers["/feed"] = refused(503, Retry_After=told())
    assert not visits(FEED)
    one = stands(register)
    assert one.error == "answers 503 Service Unavailable"
    wait = datetime.fromisoformat(one.next or "") - datetime.now(UTC)
    assert timedelta(minutes=119) < wait <= timedelta(minutes=120)


def test_failures_are_followed_by_longer_and_longer_peace_but_a_day_at_most() -> None:
    assert [delay(n, 600) / 600 for n in range(1, 6)] == [2, 4, 8, 16, 32]
    assert delay(40, 600) == DAY
    assert delay(3, 7 * DAY) == 7 * DAY
    assert delay(1, 600, wait=3 * DAY) == 3 * DAY


def test_what_fails_again_and_again_is_asked_ever_less_often_until_it_is_well(
    server: Server, register: Register, visits: Visits
) -> None:
    server.answers["/feed"] = in_turn(refused(500), refused(502), feed())
    waits = []
    for well in (False, False, True):
        assert visits(FEED, every="10m") is well
        one = stands(register)
        waits.append(round((datetime.fromisoformat(one.next or "") - datetime.now(UTC)).total_seconds() / 600))
        again(register)
    assert waits == [2, 4, 1]
    assert (stands(register).failures, stands(register).error) == (0, None)


def test_a_text_that_cannot_be_fetched_is_tried_again_and_given_up_in_the_end(
    server: Server, register: Register, visits: Visits
) -> None:
    server.answers |= {"/feed": in_turn(feed("/a", "/gone"), refused(304)), "/a": refused(500), "/gone": refused(410)}
    for _ in range(7):
        visits(FEED)
        again(register)
    assert paths(server).count("/a") == 6
    assert paths(server).count("/gone") == 1
    one = stands(register)
    assert (one.waiting, one.lost) == (0, 2)
    assert [lost.error for lost in watched.lost(register.engine, one.id, 9)] == ["answers 500 Internal Server Error", "answers 410 Gone"]  # fmt: skip


# What sites do to their guests.


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (answer(page(SCHOOL)), "is a page (HTML), not a feed"),
        (answer(b'{"items": []}', "application/rss+xml"), "is no feed: not RSS or Atom"),
        (answer(b"<rss><channel><title>A", "application/rss+xml"), "is broken XML"),
        (answer(b""), "is empty"),
        (answer(gzip.compress(b" " * 60_000_000)), "is larger than 50 MB when it is unpacked"),
        (answer(gzip.compress(rss())[:-9]), "breaks off"),
        (answer(gzip.compress(b"a" * 60_000_000, 9), Content_Encoding="gzip"), "is larger than 5 MB"),
        (endless, "is larger than 5 MB"),
        (dripping, "took longer than 1 seconds"),
        (lambda _: time.sleep(3), "took longer than 1 seconds"),
        (sent_on("/feed"), "sent on more than 5 times"),
        (sent_on("file:///etc/passwd"), "only addresses that begin with http:// or https:// are fetched"),
        (refused(404), "answers 404 Not Found"),
        (lambda to: to.connection.close(), ""),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_named_and_stops_nothing_else(
    server: Server, register: Register, visits: Visits, answered: Answer, reason: str
) -> None:
    server.answers |= {"/feed": answered, "/good": feed("/a"), "/a": sale(4)}
    assert not visits(FEED, source("/good"), seconds=1)
    bad, good = watched.sources(register.engine)
    assert reason in (bad.error or "")
    assert (bad.failures, good.texts, good.error) == (1, 1, None)


def test_entities_that_multiply_or_reach_elsewhere_are_not_put_in(
    server: Server, register: Register, visits: Visits
) -> None:
    reaches = '<!ENTITY x SYSTEM "file:///etc/passwd">'
    multiplies = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))

    def defining(body: bytes, root: str, entities: str) -> Answer:
        start = b'<?xml version="1.0"?>'
        return answer(body.replace(start, start + f"<!DOCTYPE {root} [{entities}]>".encode()), "text/xml")

    server.answers |= {
        "/feed": defining(rss(item("/a", description="&a9;&x;")), "rss", reaches + multiplies),
        "/bomb": defining(sitemap(("/b&a9;", "")), "urlset", multiplies),
        "/map": defining(sitemap(("/c&x;", ""), ("/d", "")), "urlset", reaches),
        "/a": sale(4),
        "/d": sale(5),
    }
    visits(FEED, source("/bomb", "sitemap"), source("/map", "sitemap"))
    errors = {one.address.rpartition("/")[2]: one.error for one in watched.sources(register.engine)}
    assert "entity amplification" in (errors.pop("bomb") or "")
    assert errors == {"feed": None, "map": None}
    assert {"/a", "/d"} < set(paths(server))
    with reading(register.engine) as connection:
        told = "".join(connection.scalars(select(visited.c.address + visited.c.known)))
    assert "root:" not in told
    assert "aaaaaaaaaa" not in told


def test_broken_xml_is_read_as_far_as_it_goes_and_that_is_told(
    server: Server, register: Register, visits: Visits
) -> None:
    broken = rss(item("/a"), item("/b")).replace(b"</channel></rss>", b"<item><title>Tanks & more")
    server.answers |= {"/feed": answer(broken), "/a": sale(4), "/b": sale(5)}
    log: list[str] = []
    assert visits(FEED, log=log)
    assert "is broken XML" in log[0]
    assert stands(register).texts == 2


def test_texts_of_the_wrong_kind_are_given_up(server: Server, register: Register, visits: Visits) -> None:
    server.answers |= {
        "/feed": feed("/film", "/pdf", "/empty", "/french"),
        "/film": answer(b"\0\0\0 ftypisom", "video/mp4"),
        "/pdf": answer(b"%PDF-1.7", "application/pdf"),
        "/empty": answer(b"<html><body></body></html>"),
        "/french": answer(page("Le gouvernement a annoncé hier que les écoles du village seraient ouvertes lundi, et que les enfants en étaient très contents.")),
    }  # fmt: skip
    assert visits(FEED)
    reasons = {lost.address.rpartition("/")[2]: lost.error for lost in watched.lost(register.engine, 1, 9)}
    assert reasons["film"].startswith("is video/mp4")
    assert reasons["pdf"].startswith("a broken PDF")
    assert "without a text" in reasons["empty"]
    assert reasons["french"] == "not in a language that Rasad reads"
    assert stored(register) == []


def test_the_own_network_is_not_visited_unless_that_is_said(server: Server, register: Register) -> None:
    plan = plan_of(f'contact = "a@b.org"\n[[feed]]\naddress = "{server.address}/feed"')
    assert not asyncio.run(Watch(register.engine, plan).run(asyncio.Event(), once=True))
    assert server.asked == []
    assert "only 80 and 443" in (stands(register).error or "")


def test_a_reader_that_fails_costs_one_visit(
    server: Server, register: Register, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RecursionError("too deep")

    server.answers |= {"/feed": feed("/a"), "/a": sale(4)}
    monkeypatch.setattr("rasad.register.watching.documents_of", fails)
    log: list[str] = []
    assert visits(FEED, log=log)
    assert log[1] == f"{server.address}/a: the reader failed, please report it (RecursionError: too deep)"
    monkeypatch.setattr("rasad.register.watching.links", fails)
    again(register)
    assert not visits(FEED)
    assert "please report it" in (stands(register).error or "")


# Ended and begun again.


def test_what_was_left_is_done_the_next_time(server: Server, register: Register, visits: Visits) -> None:
    server.answers |= {
        "/feed": in_turn(feed("/a", "/b"), refused(304)),
        "/a": refused(429, Retry_After="60"),
        "/b": sale(5),
    }
    visits(FEED)
    assert stands(register).waiting == 2
    server.answers["/a"] = sale(4)
    again(register)
    visits(FEED)
    assert (stands(register).texts, stands(register).waiting, stands(register).lost) == (2, 0, 0)


def test_what_is_not_due_is_not_visited_and_what_is_not_in_the_plan_no_more(
    server: Server, register: Register, visits: Visits
) -> None:
    server.answers |= {"/feed": feed(), "/other": feed()}
    visits(FEED, every="1h")
    visits(FEED, source("/other"), every="1h")
    assert paths(server).count("/feed") == 1
    visits(source("/other"), every="1h")
    assert [(one.address.rpartition("/")[2], one.next is None) for one in watched.sources(register.engine)] == [("other", False), ("feed", True)]  # fmt: skip
    visits(FEED, every="1s")
    assert paths(server).count("/feed") == 2


def test_a_register_that_is_written_elsewhere_costs_one_visit(
    server: Server, register: Register, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise StoreError("rasad.db: another program has been writing to it for a while")

    server.answers |= {"/feed": feed("/a"), "/a": sale(4)}
    log: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr("rasad.register.watching.add", locked)
        assert not visits(FEED, log=log)
    assert log[-1] == f"{server.address}/a: not stored, rasad.db: another program has been writing to it for a while"
    assert stands(register).waiting == 1
    assert visits(FEED)
    assert stands(register).texts == 1


def test_two_do_not_watch_for_one_register(register: Register) -> None:
    with alone(register.engine), pytest.raises(StoreError, match="another `rasad watch`"), alone(register.engine):
        pass
    with alone(register.engine):
        pass


def test_a_register_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    with open_register(tmp_path / "rasad.db", create=True) as register, writing(register.engine) as connection:
        back_to_third(connection)
    upgrade(tmp_path / "rasad.db")
    with open_register(tmp_path / "rasad.db") as register:
        assert watched.sources(register.engine) == ()


def test_it_is_kept_in_postgresql_too(server: Server, address: str) -> None:
    server.answers |= {"/feed": feed("/a", "/b"), "/a": sale(4), "/b": refused(404)}
    with open_register(address, create=True) as register:
        plan = plan_of(written(server, FEED))
        assert asyncio.run(Watch(register.engine, plan).run(asyncio.Event(), once=True))
        one = stands(register)
        assert (one.texts, one.about_arms, one.claims, one.lost) == (1, 1, 1, 1)
        (told,) = watched.texts(register.engine, one.id, 10)
        assert (told.title, told.address, told.new, told.claims) == ("News", f"{server.address}/a", True, 1)


# The agenda and the plan.


def test_things_of_two_kinds_take_turns_and_hosts_that_are_held_wait() -> None:
    agenda: Agenda[str | int] = Agenda()
    for due, given in ((1.0, "text"), (2.0, "second text"), (1.0, 1), (1.5, 2)):
        agenda.add("a", due, given)
    agenda.add("b", 3.0, "other")
    assert agenda.take(0.5) is None
    assert agenda.pause(0.5) == 0.5
    taken = []
    for _ in range(4):
        taken.append(agenda.take(2.5))
        assert agenda.take(2.5) is None
        agenda.leave("a")
    assert taken == ["text", 1, "second text", 2]
    agenda.hold("b", 9.0)
    assert agenda.take(6.0) is None
    assert agenda.pause(6.0) == 3.0
    assert agenda.take(9.0) == "other"
    assert agenda.pause(9.0) is None


def test_a_plan_is_read() -> None:
    plan = plan_of('contact = "https://example.org/about"\nevery = "2h"\n[[feed]]\naddress = "HTTPS://Example.org:443/rss?utm_x=1#a"\noutlet = "E"\nlanguage = "ar"\n[[sitemap]]\naddress = "https://example.org/s.xml"\nevery = "1d"\nsince = "2d"')  # fmt: skip
    assert plan.sources == (
        Source(kind="feed", address="https://example.org/rss", every=7200, outlet="E", language="ar"),
        Source(kind="sitemap", address="https://example.org/s.xml", every=DAY, since=2 * DAY),
    )
    assert (plan.rate, plan.private) == (5.0, False)


def test_every_mistake_of_a_plan_is_named() -> None:
    with pytest.raises(PlanError) as error:
        plan_of('rate = 0.5\nhosts = 0\ncolour = "red"\n[[feed]]\nevery = "soon"\n[[feed]]\naddress = "ftp://x"\nlanguage = "fr"\n[[page]]\naddress = "http://a.org"\nevery = "1s"\n[[page]]\naddress = "http://a.org/#x"')  # fmt: skip
    assert list(error.value.mistakes) == [
        "hosts: 0 is no number from 1 to 64",
        "colour: means nothing here (known: contact, every, rate, hosts, private, feed, sitemap, page)",
        "contact: is missing; a mail address or a page where who is visited can ask what you are doing",
        "rate: 0.5 is less than a second, which only the own network bears (private = true)",
        "[[feed]] 1, every: 'soon' is no span of time, such as \"30m\", \"6h\" or \"1d\"",
        "[[feed]] 1, address: is missing",
        "[[feed]] 2, address: 'ftp://x' is no address of the web",
        "[[feed]] 2, language: 'fr' is not one of ar, en, ru, uk",
        "[[page]] 1, every: is less than a minute, which only the own network bears (private = true)",
        "[[page]] 2, address: http://a.org/ is there already",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "mistake"),
    [
        ("contact = ", "is no TOML: Invalid value"),
        ('contact = "me (here)"\n[[page]]\naddress = "http://a.org"', "neither a mail address nor the address of a page"),
        ('contact = "a@b"\nfeed = 3', "feed: is no list of tables"),
        ('contact = "a@b"', "nothing is to be visited"),
    ],
)  # fmt: skip
def test_a_plan_that_means_nothing_is_refused(tmp_path: Path, told: str, mistake: str) -> None:
    file = tmp_path / "watch.toml"
    file.write_text(told, encoding="utf-8")
    done = rasad("watch", file, "--register", tmp_path / "rasad.db")
    assert (done.returncode, done.stderr.startswith(f"rasad: {file}: ")) == (2, True)
    assert mistake in done.stderr
    assert not (tmp_path / "rasad.db").exists()


# The commands.


def started(file: Path, register: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "rasad.cli", "watch", str(file), "--register", str(register), *more]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"})


def test_once_visits_what_is_due_and_says_whether_all_went_well(server: Server, tmp_path: Path) -> None:
    server.answers |= {"/feed": feed("/a"), "/a": sale(4)}
    file, register = tmp_path / "watch.toml", tmp_path / "rasad.db"
    file.write_text(written(server, FEED), encoding="utf-8")
    done = rasad("watch", file, "--once", "--register", register)
    assert done.returncode == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d http\S+/feed: 1 entry, 1 new", done.stderr.splitlines()[0])
    server.answers["/feed"] = refused(500)
    time.sleep(1.1)
    done = rasad("watch", file, "--once", "--quiet", "--register", register)
    assert (done.returncode, done.stderr) == (1, "")
    listed = json.loads(rasad("watched", "--register", register, "--format", "json").stdout)
    assert [(one["texts"], one["claims"], one["failures"], one["error"]) for one in listed] == [(1, 1, 1, "answers 500 Internal Server Error")]  # fmt: skip


@pytest.fixture
def other() -> Iterator[Server]:
    """Another site on this machine."""
    server = Server()
    yield server
    server.close()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_until_it_is_ended_and_ends_in_good_order(
    server: Server, other: Server, tmp_path: Path, end: signal.Signals
) -> None:
    server.answers |= {"/feed": feed("/a"), "/a": sale(4)}
    other.answers["/slow"] = dripping
    file, register = tmp_path / "watch.toml", tmp_path / "rasad.db"
    file.write_text(written(server, FEED, source(f"{other.address}/slow")), encoding="utf-8")
    process = started(file, register)
    try:
        until = time.monotonic() + 60
        while paths(server).count("/feed") < 3 and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(end)
        _, told = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in told
    assert f"{server.address}/a: new, 1 claim" in told
    listed = json.loads(rasad("watched", "--register", register, "--format", "json").stdout)
    assert [(one["texts"], one["visits"] > 1) for one in listed] == [(1, True), (0, False)]
    assert "/slow" in paths(other)


def test_watched_shows_what_each_source_gave(server: Server, tmp_path: Path, visits: Visits) -> None:
    server.answers |= {"/feed": feed("/a", "/b"), "/a": sale(4), "/b": refused(404), "/bad": answer(page(SCHOOL))}
    visits(source("/feed", outlet="The Herald"), source("/bad"))
    file = tmp_path / "rasad.db"
    lines = rasad("watched", "--register", file, width=160).stdout.splitlines()
    assert lines[0].split("  ")[0] == "Source"
    herald = next(line for line in lines if line.startswith("The Herald"))
    assert re.search(r"\d\d:\d\d +\d{4}-\d\d-\d\d \d\d:\d\d +1 +1 +1 +1 given up", herald)
    assert "is a page (HTML), not a feed · 1 failed in a row" in next(line for line in lines if "/bad" in line)
    told = rasad("watched", f"{server.address}/feed", "--register", file, "--format", "json").stdout
    assert [(one["title"], one["about_arms"], one["claims"]) for one in json.loads(told)] == [("News", True, 1)]
    assert "News" in rasad("watched", f"{server.address}/feed", "--register", file, width=160).stdout
    wrong = rasad("watched", f"{server.address}/fed", "--register", file)
    assert (wrong.returncode, wrong.stderr) == (2, f"rasad: {server.address}/fed: is not watched; did you mean {server.address}/feed?\n")  # fmt: skip


@pytest.mark.usefixtures("register")
def test_watched_of_a_register_that_watches_nothing_says_how(tmp_path: Path) -> None:
    done = rasad("watched", "--register", tmp_path / "rasad.db")
    assert (done.returncode, done.stdout) == (0, "nothing is watched yet; `rasad watch FILE` watches what a file names\n")  # fmt: skip
