"""What the register keeps of a text's appearances, and of what could not be read, on the desk's pages."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

import rasad
from rasad.claims import Document
from rasad.register.store import Copied, document_id, store_copies
from rasad.sources import Skipped

TEXT = "Ukraine supplied Kazakhstan with four S-300 systems in 2014. The two sides signed in Kyiv, an official said."
WHOLE = Document(
    name="wire/1.txt", text=TEXT, language="en", title="Systems <arrive>", author="A. Beketova", outlet="Harbour Review"
)


@pytest.fixture
def printed(register_file: Path) -> str:
    """A text that another outlet printed with small changes; its id."""
    shorter = Document(name="2.txt", text=TEXT.partition(" The")[0], language="en", outlet="Inland Post")
    with rasad.open_register(register_file) as register:
        register.add([WHOLE])
        store_copies(register.engine, [Copied(shorter, document_id(WHOLE))])
        register.gather()
    return document_id(WHOLE)


def test_a_text_is_called_by_its_title_and_its_appearances_are_told_apart(desk: TestClient, printed: str) -> None:
    page = desk.get(f"/documents/{printed}").text
    assert '<h1 dir="auto" lang="en">Systems &lt;arrive&gt;</h1>' in page
    assert "by <bdi>A. Beketova</bdi>" in page
    assert '<bdi title="wire/1.txt">Systems &lt;arrive&gt;</bdi>' in page
    appearances = page.partition('<ul class="plain">')[2].partition("</ul>")[0].split("<li>")
    assert ["with small changes" in one for one in appearances[1:]] == [False, True]
    assert "Inland Post" in appearances[2]
    told = desk.get(f"/documents/{printed}.json").json()["text"]["publications"]
    assert [(one["title"], one["author"], one.get("copy") is None) for one in told] == [
        ("Systems <arrive>", "A. Beketova", True), (None, None, False)
    ]  # fmt: skip


@pytest.mark.usefixtures("printed")
def test_the_first_page_lists_texts_under_their_titles(desk: TestClient) -> None:
    assert 'title="wire/1.txt">Systems &lt;arrive&gt;</a>' in desk.get("/").text


def test_what_could_not_be_read_is_listed_with_why_and_how_often(
    desk: TestClient, register_file: Path, tmp_path: Path
) -> None:
    assert desk.get("/aside.json").json() == {"aside": [], "total": 0}
    scan = tmp_path / "scan <1>.pdf"
    scan.write_bytes(b"%PDF-")
    with rasad.open_register(register_file) as register:
        for reason in ("broken", "=no text"):
            register.set_aside([Skipped(str(scan), reason)])
    page = desk.get("/aside").text
    assert "1 thing is set aside" in page
    assert "scan &lt;1&gt;.pdf</bdi></td>" in page
    assert '<td class="number">2</td>' in page
    (told,) = desk.get("/aside.json").json()["aside"]
    assert (told["place"], told["reason"], told["tries"]) == (str(scan), "=no text", 2)
    assert "'=no text" in desk.get("/aside.csv").text
