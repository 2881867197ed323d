"""Several people at once: many read while one adds; on PostgreSQL several add."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx
from tests.desk.browsing import served

import rasad
from rasad.claims import Document

PAGES = (
    "/",
    "/search?q=S-400",
    "/search",
    "/countries/TUR",
    "/countries/TUR/market",
    "/systems/S-400",
    "/allegations",
    "/compare",
)
HERE = {"accept": "text/html", "sec-fetch-site": "same-origin"}


@contextmanager
def came(address: str) -> Iterator[httpx.Client]:
    """A browser that came with the token."""
    home = address.partition("/?")[0]
    with httpx.Client(base_url=home, headers=HERE, timeout=120, follow_redirects=True) as client:
        client.get(address).raise_for_status()
        yield client


def text(number: int) -> str:
    return f"In {1990 + number} Kenya ordered {number + 2} Mi-17 helicopters from Russia, the defence ministry said."


def add(client: httpx.Client, number: int) -> str:
    """Adds a text and waits until it was read; the id of its document."""
    answer = client.post("/add/text", data={"text": text(number), "outlet": f"Post {number}"})
    answer.raise_for_status()
    job = str(answer.url).rpartition("/")[2]
    while not (told := client.get(f"/add/{job}.json").raise_for_status().json())["arrived"]:
        time.sleep(0.1)
    (document,) = told["job"]["documents"]
    return str(document)


def test_many_read_while_one_adds(register_file: Path) -> None:
    over = Event()

    def read(address: str, start: int) -> list[int]:
        """The statuses of pages, opened one after the other until all was added."""
        seen = []
        with came(address) as client:
            while not over.is_set():
                seen.append(client.get(PAGES[(start + len(seen)) % len(PAGES)]).status_code)
        return seen

    with served(register_file) as address, ThreadPoolExecutor(8) as people, came(address) as writer:
        reading = [people.submit(read, address, start) for start in range(8)]
        documents = [add(writer, number) for number in range(5)]
        found = writer.get("/search", params={"q": "Kenya"}).text
        over.set()
        seen = [status for person in reading for status in person.result()]
    assert len(seen) >= len(PAGES)
    assert set(seen) == {200}
    assert all(document in found for document in documents)


def test_several_add_on_postgresql(postgresql: str, tmp_path: Path) -> None:
    rasad.open_register(postgresql, create=True).close()
    with served(postgresql) as first, served(postgresql) as second, ThreadPoolExecutor(4) as people:

        def add_two(person: int) -> list[str]:
            with came((first, second)[person % 2]) as client:
                return [add(client, number) for number in (person, person + 4)]

        documents = {document for added in people.map(add_two, range(4)) for document in added}
    with rasad.open_register(postgresql) as together, rasad.open_register(tmp_path / "alone.db", create=True) as alone:
        alone.add([Document(name=f"{number}", text=text(number), outlet=f"Post {number}") for number in range(8)])
        assert together.counts() == alone.counts()
        assert together.counts().documents == len(documents) == 8
        assert together.deals(recipient="Kenya") == alone.deals(recipient="Kenya") != []
