"""The desk under readers: how long pages take over a big register while fifty people read at once; how heavy and how soon drawn
the first page is. ``desk.py FILE [READERS] [SECONDS]`` (a register that ``big_register.py CLAIMS FILE`` made)

A reader opens a page, looks at it for two seconds on average, opens another; every page of the desk is among them. Pages of states,
systems and lists were opened once before, as in a register of which something is added every hour and not every second; what that
took is told too. Deals, claims, texts and searches are drawn at random, and most are opened for the first time."""

from __future__ import annotations

import asyncio
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from sqlalchemy import func, select
from tables import aligned, promise

from rasad.analysis.asked import open_register
from rasad.register.database import reading
from rasad.register.schema import claims, deals, documents, entities
from rasad.web.addresses import address

READERS, SECONDS = 50, 60
LOOKS = 2.0  #: seconds that a reader looks at a page, on average
MOST, HEAVIEST, SOON = 100, 150, 1.0  #: milliseconds of a page; kilobytes and seconds of the first
AT_RANDOM = ("deal", "claim", "document", "search", "search by meaning", "search with facets")
DRAWN = 400  #: things of each kind that readers choose among


def measure(path: str, readers: int = READERS, seconds: float = SECONDS) -> list[tuple[str, str, str, bool]]:
    """Prints milliseconds of every page; gives what was promised."""
    pages = _pages(path)
    with _served(path) as start:
        first = _opened_once(start, {kind: paths for kind, paths in pages.items() if kind not in AT_RANDOM})
        drawn = _drawn(start)
        took, errors, weight = asyncio.run(_read(start, pages, readers, seconds))
    rows = []
    for name, each in sorted(took.items()):
        each.sort()
        once = sorted(first.get(name, ())) or [None]
        parts = [1000 * each[int(part * (len(each) - 1))] for part in (0.5, 0.95, 1)]
        rows.append([name, once[len(once) // 2], once[-1], len(each), *parts])
    every = sum(len(each) for each in took.values())
    print(aligned(["milliseconds", "first: median", "slowest", "opened", "median", "95th percentile", "slowest"], rows))
    print(
        f"\n{readers} readers, {seconds:.0f} s: {every:,} pages, {every / seconds:.0f} a second, {errors} errors",
        end="\n\n",
    )
    slowest = max(row[5] for row in rows)
    made = [
        promise(f"{readers} readers at once, slowest page's 95th percentile", slowest, MOST, " ms", most=True),
        promise("errors", errors, 0, "", most=True),
        promise("first page over the wire", weight / 1000, HEAVIEST, " kB", most=True),
    ]
    return made if drawn is None else [*made, promise("first page drawn", drawn, SOON, " s", most=True)]


def _pages(path: str) -> dict[str, list[str]]:
    """The addresses of each kind of page."""
    pick = random.Random(7)
    with open_register(path) as register, reading(register.engine) as connection:
        states = list(connection.scalars(select(deals.c.partner).where(deals.c.partner.startswith("country:"), ~deals.c.partner.contains("+")).group_by(deals.c.partner).order_by(func.count().desc()).limit(60)))  # fmt: skip
        systems = list(connection.scalars(select(entities.c.id).where(entities.c.id.startswith("system:")).order_by(entities.c.id).limit(60)))  # fmt: skip

        def some(column: object, table: object) -> list[str]:
            first = list(connection.scalars(select(column).select_from(table).limit(40 * DRAWN)))  # type: ignore[arg-type,call-overload]
            return pick.sample(first, min(DRAWN, len(first)))

        found = {
            "home": ["/"],
            "deal": [address(one) for one in some(deals.c.deal, deals)],
            "claim": [address(one) for one in some(claims.c.id, claims)],
            "document": [f"/documents/{one}" for one in some(documents.c.id, documents)],
            "countries": ["/countries"],
            "search": [
                f"/search?q={word}"
                for word in ("S-400", "fighters", "Казахстан", "أوكرانيا", "delivered+missiles", "ships")
            ],
            "search by meaning": [
                f"/search?meaning=1&q={words}" for words in ("who+delivered+aircraft", "поставки+ракет", "تسليم+سفن")
            ],
            "search with facets": [f"/search?supplier={one[8:]}" for one in states],
            "compare": ["/compare"],
            "allegations": ["/allegations"],
            "review": ["/review"],
            "system": [address(one) for one in systems],
            "person": [address(f"person:speaker-{n}") for n in range(60)],
        }
        for part in ("", "/market", "/supplier", "/dependence", "/allegations", "/alignment", "/embargoes"):
            found[f"country{part}"] = [address(one) + part for one in states]
    return found


@contextmanager
def _served(path: str) -> Iterator[str]:
    command = [sys.executable, "-m", "rasad.cli", "serve", "--register", path, "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = next(line for line in process.stderr if "http://" in line)
        yield re.search(r"http://\S+", line).group()  # type: ignore[union-attr]
    finally:
        process.terminate()
        process.wait()


def _opened_once(start: str, pages: dict[str, list[str]]) -> dict[str, list[float]]:
    """Milliseconds of each page when it is opened for the first time, one after the other."""
    took: dict[str, list[float]] = defaultdict(list)
    with httpx.Client(base_url=start.partition("/?")[0], timeout=60, headers={"accept": "text/html"}) as client:
        client.get(start)
        for kind, paths in pages.items():
            for path in paths:
                before = time.perf_counter()
                client.get(path).raise_for_status()
                took[kind].append(1000 * (time.perf_counter() - before))
    return took


async def _read(
    start: str, pages: dict[str, list[str]], readers: int, seconds: float
) -> tuple[dict[str, list[float]], int, int]:
    """Seconds of each page by its kind, errors, and the bytes of the first page with all that it loads."""
    took: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    home = start.partition("/?")[0]
    async with httpx.AsyncClient(
        base_url=home, timeout=30, headers={"accept": "text/html", "accept-encoding": "gzip"}
    ) as client:
        await client.get(start)
        weight = await _weight(client)
        until = time.perf_counter() + seconds

        async def reader(number: int) -> None:
            choose = random.Random(number)
            kinds = list(pages)
            await asyncio.sleep(choose.random() * LOOKS)
            while time.perf_counter() < until:
                kind = choose.choice(kinds)
                path = choose.choice(pages[kind])
                before = time.perf_counter()
                answer = await client.get(path)
                if answer.status_code == 200:
                    took[kind].append(time.perf_counter() - before)
                else:
                    wrong.append(f"{path}: {answer.status_code}")
                await asyncio.sleep(choose.expovariate(1 / LOOKS))

        await asyncio.gather(*(reader(number) for number in range(readers)))
    for line in sorted(set(wrong))[:10]:
        print(line, file=sys.stderr)
    return took, len(wrong), weight


async def _weight(client: httpx.AsyncClient) -> int:
    """Bytes over the wire of the first page, its style and its scripts; pictures come later, when they are seen."""
    total = 0
    answer = await client.get("/")
    asked = ["/", *re.findall(r'(?:href|src)="(/assets/[^"]+)"', answer.text)]
    for path in asked:
        async with client.stream("GET", path) as part:
            total += sum([len(chunk) async for chunk in part.aiter_raw()])
    return total


def _drawn(start: str) -> float | None:
    """Seconds until the first page is drawn in Chromium; None where there is none."""
    import shutil

    program = shutil.which("chromium")
    if program is None:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"])  # fmt: skip
        page = browser.new_page()
        page.goto(start)
        page.goto(start.partition("/?")[0] + "/", wait_until="load")
        paint = page.evaluate(
            "new Promise(seen => new PerformanceObserver(list => seen(list.getEntries()[0].startTime / 1000))"
            ".observe({type: 'paint', buffered: true}))"
        )
        browser.close()
    return float(paint)


if __name__ == "__main__":
    promised = measure(sys.argv[1], *(int(value) for value in sys.argv[2:]))
    print(aligned(["", "measured", "aim", "kept"], [[*row[:3], "yes" if row[3] else "no"] for row in promised]))
