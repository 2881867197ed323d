"""Pages of newspapers as the web has them, and archives of such pages as Common Crawl keeps its news."""

from __future__ import annotations

import gzip
import html
import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from corpora import Text, fresh, size

LEAST, MOST = 60_000, 150_000  #: bytes of a page
SENTENCES = 3  #: in a paragraph
LINKS = 240  #: in the menus of a page, about
DAY = "2026-03-14"


def archive(path: Path, news: Path, count: int, seed: int = 5) -> int:
    """Writes an archive of so many pages, every record packed by itself; gives the bytes of the pages."""
    total = 0
    with path.open("wb") as file:
        for number, (text, page) in enumerate(islice(pages(news, seed), count)):
            total += size(page)
            file.write(gzip.compress(_record(number, text[0], page.encode()), 6))
    return total


def pages(news: Path, seed: int = 5) -> Iterator[tuple[Text, str]]:
    """Reports (corpora.fresh), each with the page it stands on, without end."""
    choice = random.Random(seed)
    words = [word for text in islice(fresh(news), 400) for word in text[1].split()]
    for number, (code, text) in enumerate(fresh(news, seed)):
        yield (code, text), _page(number, code, text, words, choice)


def _record(number: int, code: str, page: bytes) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: nginx\r\n\r\n" + page
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\nWARC-Date: {DAY}T09:00:00Z\r\n"
        f"WARC-Target-URI: https://www.paper-{number % 97}.example/{code}/{number}.html\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def _page(number: int, code: str, text: str, words: list[str], choice: random.Random) -> str:
    """A page with what surrounds an article: menus, pictures, links to other articles, comments of readers, scripts."""
    title = html.escape(f"{' '.join(text.split()[:9]).rstrip('.,:;')} ({number})")
    address = f"https://www.paper-{number % 97}.example/{code}/{number}.html"
    told = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": html.unescape(title), "url": address,
        "datePublished": f"{DAY}T08:30:00+00:00", "author": {"@type": "Person", "name": _some(words, choice, 2)},
        "publisher": {"@type": "Organization", "name": f"Paper {number % 97}"},
    }  # fmt: skip
    head = (
        f'<!DOCTYPE html>\n<html lang="{code}"><head><meta charset="utf-8"><title>{title} | Paper {number % 97}</title>'
        f'<meta name="viewport" content="width=device-width"><meta property="og:title" content="{title}">'
        f'<meta property="og:type" content="article"><meta property="article:published_time" content="{DAY}T08:30:00Z">'
        f'<link rel="canonical" href="{address}"><script type="application/ld+json">{json.dumps(told)}</script>'
        f"<style>{_style(choice, 8_000)}</style><script>{_script(choice, 6_000)}</script></head>"
    )
    menu = "".join(_link(words, choice, "menu__item") for _ in range(LINKS * 2 // 3))
    article = "".join(f"<p>{html.escape(part)}</p>{_between(words, choice)}" for part in _paragraphs(text))
    related = "".join(_card(words, choice) for _ in range(40))
    comments = "".join(_comment(words, choice) for _ in range(choice.randrange(4, 30)))
    foot = "".join(_link(words, choice, "footer__link") for _ in range(LINKS // 3))
    body = (
        f'<body class="page article-{number}"><div id="app"><header class="header"><nav><ul class="menu">{menu}</ul></nav></header>'
        f'<main class="layout"><article class="article"><h1 class="article__title">{title}</h1>'
        f'<div class="article__meta"><span class="author">{html.escape(_some(words, choice, 2))}</span> <time datetime="{DAY}">14.03.2026</time></div>'
        f'<figure><img src="/img/{number}.jpg" alt=""><figcaption>{html.escape(_some(words, choice, 6))}</figcaption></figure>'
        f'<div class="article__body">{article}</div></article><aside class="sidebar">{related}</aside>'
        f'<section class="comments" id="comments"><h3>{len(comments)}</h3>{comments}</section></main>'
        f'<footer class="footer"><ul>{foot}</ul></footer></div>'
    )
    short = choice.randrange(LEAST, MOST) - size(head) - size(body)
    scripts = [f"<script>{_script(choice, max(0, short) // 3)}</script>" for _ in range(3)]
    return f"{head}{body}{''.join(scripts)}</body></html>"


def _paragraphs(text: str) -> Iterator[str]:
    for part in text.split("\n\n"):
        sentences = part.split(". ")
        for start in range(0, len(sentences), SENTENCES):
            yield ". ".join(sentences[start : start + SENTENCES])


def _some(words: list[str], choice: random.Random, count: int) -> str:
    start = choice.randrange(len(words) - count)
    return " ".join(words[start : start + count])


def _link(words: list[str], choice: random.Random, kind: str) -> str:
    return (
        f'<li class="{kind}"><a href="/section/{choice.randrange(10**6)}" data-track="{choice.randrange(10**9):x}">'
        f"{html.escape(_some(words, choice, 2))}</a></li>"
    )


def _card(words: list[str], choice: random.Random) -> str:
    return (
        f'<div class="card card--small"><a class="card__link" href="/news/{choice.randrange(10**8)}.html"><img class="card__image" '
        f'loading="lazy" src="/thumb/{choice.randrange(10**8)}.webp" alt=""><span class="card__title">'
        f'{html.escape(_some(words, choice, 9))}</span></a><span class="card__time">{choice.randrange(24):02}:15</span></div>'
    )


def _comment(words: list[str], choice: random.Random) -> str:
    return (
        f'<div class="comment" data-id="{choice.randrange(10**9)}"><b class="comment__author">{html.escape(_some(words, choice, 1))}</b>'
        f'<p class="comment__text">{html.escape(_some(words, choice, choice.randrange(6, 40)))}</p><button>+{choice.randrange(50)}</button></div>'
    )


def _between(words: list[str], choice: random.Random) -> str:
    """What now and then stands between two paragraphs: a place for an advertisement, or a link to another article."""
    if choice.random() < 0.2:
        return f'<div class="ad" id="ad-{choice.randrange(10**6)}"><script>window.ads.push({choice.randrange(10**9)})</script></div>'
    if choice.random() < 0.2:
        return f'<div class="also"><a href="/news/{choice.randrange(10**8)}">{html.escape(_some(words, choice, 8))}</a></div>'
    return ""


def _style(choice: random.Random, length: int) -> str:
    rules = iter(
        lambda: (
            f".c{choice.randrange(10**5):x}{{margin:{choice.randrange(40)}px;color:#{choice.randrange(1 << 24):06x}}}"
        ),
        "",
    )
    return _to(rules, length)


def _script(choice: random.Random, length: int) -> str:
    parts = iter(
        lambda: (
            f'e[{choice.randrange(10**4)}]=function(t,n){{return t.{choice.choice(("push", "map", "call"))}(n,"{choice.randrange(1 << 40):x}")}};'
        ),
        "",
    )
    return _to(parts, length)


def _to(parts: Iterator[str], length: int) -> str:
    found: list[str] = []
    while length > 0:
        found.append(next(parts))
        length -= len(found[-1])
    return "".join(found)
