"""Fetching from a real server on this machine: what may be fetched, how much, and what comes of it."""

import asyncio
import gzip
import time
from ipaddress import ip_address

import pytest
import typst
from sites import Server, answer, dripping, endless, sent_on

from rasad.claims import Document
from rasad.sources import Skipped, addresses
from rasad.sources.addresses import Fetched, FetchError, Limits, documents_of, fetch, reached_by_all
from rasad.sources.markup import from_markup

ARTICLE = """<!doctype html><html><head><meta charset="windows-1251"><title>Россия передала Индии С-400</title>
<meta property="og:site_name" content="Пример"><meta property="article:published_time" content="2021-12-05T10:00:00Z"></head>
<body><nav><a href="/">Главная</a> <a href="/news">Новости</a></nav><article><h1>Россия передала Индии С-400</h1>
<p>Россия передала Индии зенитные ракетные системы С-400 в 2021 году, сообщил министр обороны на встрече с журналистами.</p>
<script>document.write("Россия передала Турции С-400")</script>
<p>По словам министра, поставки продолжатся в следующем году, а обслуживать системы будут индийские специалисты.</p>
</article><footer>Все права защищены</footer></body></html>"""

HERE = Limits(private=True, seconds=5, size=1_000_000)


def fetched(address: str, limits: Limits = HERE) -> Fetched:
    return asyncio.run(fetch(address, limits))


def fault(address: str, limits: Limits = HERE) -> FetchError:
    with pytest.raises(FetchError) as error:
        fetched(address, limits)
    return error.value


def test_a_page_becomes_a_text_with_its_title_outlet_and_date(server: Server) -> None:
    server.answers["/a"] = answer(ARTICLE.encode("windows-1251"))
    (document,) = documents_of(fetched(f"{server.address}/a"))
    assert isinstance(document, Document)
    assert document.text.startswith("Россия передала Индии С-400\n")
    assert "сообщил министр обороны" in document.text
    assert "Турции" not in document.text
    assert "Главная" not in document.text
    assert (document.outlet, document.published, document.address) == ("Пример", "2021-12-05", f"{server.address}/a")
    assert (document.name, document.title) == (f"{server.address}/a", "Россия передала Индии С-400")


def test_what_the_server_says_of_the_encoding_holds(server: Server) -> None:
    server.answers["/t"] = answer("Росія передала Індії С-400.".encode("koi8-u"), "text/plain; charset=koi8-u")
    (document,) = documents_of(fetched(f"{server.address}/t"))
    assert isinstance(document, Document)
    assert document.text == "Росія передала Індії С-400."
    assert document.outlet == "127.0.0.1"


def test_it_says_who_asks_and_under_which_name(server: Server) -> None:
    server.answers["/a?q=1"] = answer(b"some text", "text/plain")
    fetched(f"{server.address}/a?q=1#part")
    path, headers, _ = server.asked[0]
    assert path == "/a?q=1"
    assert headers["user-agent"].startswith("Rasad/")
    assert headers["host"] == server.address.removeprefix("http://")
    assert "cookie" not in headers


def test_a_page_without_a_text_is_skipped(server: Server) -> None:
    server.answers["/a"] = answer(b"<html><body><script>alert(1)</script></body></html>")
    (skipped,) = documents_of(fetched(f"{server.address}/a"))
    assert isinstance(skipped, Skipped)
    assert "without a text" in skipped.reason


def test_a_page_that_is_all_elements_is_skipped() -> None:
    skipped = from_markup("page", b"<html><body>" + b"<p>word " * 1_000_000)
    assert isinstance(skipped, Skipped)
    assert "50,000" in skipped.reason


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://localhost/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:8.8.8.8]/", "http://[64:ff9b::7f00:1]/", "http://[fe80::1]/",
        "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://169.254.169.254/latest/",
        "http://224.0.0.1/", "http://255.255.255.255/", "http://192.0.2.1/", "http://[2002:7f00:1::]/", "http://[fc00::1]/",
        "https://127.0.0.1/",
    ],
)  # fmt: skip
def test_the_own_network_is_not_reached_into(address: str) -> None:
    assert fault(address, Limits()).fault == "refused"


@pytest.mark.parametrize(
    "address",
    [
        "", "x", "file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://", "http://[::1", "http://a b/",
        "http://user:secret@example.org/", "http://example.org:22/", "http://example.org:99999/", "gopher://example.org/",
        "http://" + "a" * 300 + ".org/", "http://example.org/\r\nX: y",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    assert fault(address, Limits()).fault in ("refused", "unreachable")
    if not address.startswith("http://a"):
        assert fault(address, Limits()).fault == "refused"


def test_a_name_that_leads_into_the_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def led(_: object, __: str, port: int, **___: object) -> list[object]:
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.7", port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", led)
    error = fault("http://rebound.example/", Limits())
    assert error.fault == "refused"
    assert "10.0.0.7" in str(error)


def test_a_name_is_asked_for_once_and_its_number_kept(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    port = server.http.server_port

    async def led(_: object, host: str, port: int, **__: object) -> list[object]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "203.0.113.1", port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", led)
    server.answers["/"] = answer(b"some text", "text/plain")
    assert fetched(f"http://rebound.example:{port}/").data == b"some text"
    assert asked == ["rebound.example"]
    assert server.asked[0].headers["host"] == f"rebound.example:{port}"


def test_a_redirect_is_followed_and_checked_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers |= {
        "/a": sent_on("/b"),
        "/b": answer(b"text", "text/plain"),
        "/secret": answer(b"secret", "text/plain"),
    }
    assert fetched(f"{server.address}/a").address == f"{server.address}/b"
    monkeypatch.setattr(addresses, "reached_by_all", lambda number: str(number) != "127.0.0.2")
    monkeypatch.setattr(addresses, "PORTS", (80, 443, server.http.server_port))
    for where in (f"http://127.0.0.2:{server.http.server_port}/secret", "file:///etc/passwd", "//127.0.0.2/secret"):
        server.answers["/a"] = sent_on(where)
        assert fault(f"{server.address}/a", Limits()).fault == "refused"
    server.answers["/a"] = sent_on("http://[::")
    assert fault(f"{server.address}/a", Limits()).fault in ("refused", "unreachable")
    assert all(asked.path != "/secret" for asked in server.asked)


def test_endless_redirects_end(server: Server) -> None:
    server.answers["/a"] = sent_on("/a")
    assert "more than 5 times" in str(fault(f"{server.address}/a"))
    assert len(server.asked) == 6


def test_what_is_too_large_is_left(server: Server) -> None:
    bomb = gzip.compress(b"a" * 50_000_000, 9)
    server.answers |= {"/endless": endless, "/bomb": answer(bomb, "text/plain", Content_Encoding="gzip")}
    for path in ("/endless", "/bomb"):
        assert fault(server.address + path).fault == "large"


def test_what_is_packed_is_unpacked(server: Server) -> None:
    server.answers |= {
        "/gzip": answer(gzip.compress(b"some text"), "text/plain", Content_Encoding="gzip"),
        "/half": answer(gzip.compress(b"some text" * 1000)[:20], "text/plain", Content_Encoding="gzip"),
        "/none": answer(b"some text", "text/plain", Content_Encoding="gzip"),
        "/br": answer(b"some text", "text/plain", Content_Encoding="br"),
    }
    assert fetched(f"{server.address}/gzip").data == b"some text"
    assert [fault(f"{server.address}/{path}").fault for path in ("half", "none", "br")] == [
        "unreachable",
        "unreachable",
        "type",
    ]


def test_what_is_too_slow_is_left(server: Server) -> None:
    server.answers["/slow"] = dripping
    began = time.monotonic()
    assert fault(f"{server.address}/slow", Limits(private=True, seconds=0.6)).fault == "slow"
    assert time.monotonic() - began < 5


def test_a_pdf_becomes_a_text_with_its_address(server: Server) -> None:
    report = typst.compile(
        b'#set document(title: "Notice 21-07")\nPoland signed a contract for 32 F-35A fighters in 2020.'
    )
    server.answers["/notice"] = answer(report, "application/pdf")
    (document,) = documents_of(fetched(f"{server.address}/notice"))
    assert isinstance(document, Document)
    assert document.text == "Poland signed a contract for 32 F-35A fighters in 2020."
    assert (document.title, document.address) == ("Notice 21-07", f"{server.address}/notice")
    assert "application/pdf" in server.asked[0].headers["accept"]


def test_only_pages_and_texts_are_read(server: Server) -> None:
    server.answers |= {"/csv": answer(b"a,b", "text/csv"), "/svg": answer(b"<svg/>", "image/svg+xml")}
    assert "is text/csv" in str(fault(f"{server.address}/csv"))
    assert fault(f"{server.address}/svg").fault == "type"
    assert "answers 404" in str(fault(f"{server.address}/none"))


def test_nobody_there(server: Server) -> None:
    server.http.shutdown()
    server.http.server_close()
    assert fault(server.address).fault == "unreachable"


@pytest.mark.parametrize(
    ("number", "reached"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("192.88.99.1", False),
        ("2001:db8::1", False),
        ("2001::1", False),
        ("3fff::1", False),
    ],
)
def test_which_numbers_are_the_worlds(number: str, reached: bool) -> None:
    assert reached_by_all(ip_address(number)) is reached
