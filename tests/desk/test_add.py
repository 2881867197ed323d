"""Texts come in: pasted, as files, from an address; and what is refused."""

import os
import subprocess
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sites import Server, answer, sent_on
from sqlalchemy import update
from starlette.testclient import TestClient
from tests.desk.conftest import BROWSER, TOKEN
from tests.test_addresses import ARTICLE

import rasad
from rasad.register.schema import documents
from rasad.web.app import create_app
from rasad.web.settings import Settings

PASTED = (
    "Ruritania ordered six S-300 systems from Russia in 2019, the defence minister said.\n\nFreedonia denies that it supplied the "
    "radars.\n"
)
SIPRI = (
    "Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,Weapon description,Number delivered,,Year(s) of delivery,"
    "status,Comments\nKazakhstan,Russia,2015,,4,,Su-30MK,FGA aircraft,4,,2015,New,\n"
)


def job_of(desk: TestClient, where: str) -> dict[str, Any]:
    """The job at an address, when it is over."""
    for _ in range(300):
        told = desk.get(f"{where}.json").json()
        if told["job"]["status"] in ("done", "failed"):
            return told
        time.sleep(0.1)
    raise AssertionError(f"{where} is not over after 30 seconds")


def added(desk: TestClient, path: str, **given: Any) -> dict[str, Any]:
    """What comes of a form that is taken."""
    answer = desk.post(path, **given)
    assert answer.status_code == 303, answer.text
    return job_of(desk, answer.headers["location"])


def held(desk: TestClient) -> int:
    return int(desk.app.state.desk.register.counts().documents)


def files(*given: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", one) for one in given]


@pytest.fixture
def fetching(settings: Settings) -> Iterator[TestClient]:
    """A desk that may fetch from the own machine."""
    own = msgspec.structs.replace(settings, fetch_private=True)
    with TestClient(create_app(own), headers=BROWSER, follow_redirects=False) as client:
        client.get("/", params={"token": TOKEN})
        yield client


def test_a_pasted_text_is_read_and_leads_to_its_claims(desk: TestClient) -> None:
    told = added(
        desk,
        "/add/text",
        data={"text": PASTED, "outlet": "Example Post", "published": "2019-03", "address": "https://example.org/a"},
    )
    assert (told["job"]["new"], told["job"]["skipped"]) == (1, [])
    (arrived,) = told["arrived"]
    assert arrived["claims"] >= 1
    printed = arrived["publications"][0]
    assert (printed["outlet"], printed["published"], printed["address"]) == (
        "Example Post",
        "2019-03",
        "https://example.org/a",
    )
    page = desk.get(f"/add/{told['job']['id']}")
    assert "Refresh" not in page.headers
    assert f'href="/documents/{arrived["id"]}"' in page.text
    assert any("S-300" in named["name"] for row in arrived["rows"] for named in row["roles"].get("item", []))
    assert desk.get(f"/documents/{arrived['id']}").status_code == 200


def test_what_an_earlier_reader_read_is_read_again(desk: TestClient) -> None:
    told = added(desk, "/add/text", data={"text": PASTED, "outlet": "Example Post", "published": "2019-03"})
    (identifier,) = told["job"]["documents"]
    claims = desk.get(f"/documents/{identifier}.json").json()["text"]["claims"]
    assert "/add/again/" not in desk.get(f"/documents/{identifier}").text
    with desk.app.state.desk.register.engine.begin() as connection:
        connection.execute(update(documents).where(documents.c.id == identifier).values(reader="reader-of-old"))
    assert f'action="/add/again/{identifier}"' in desk.get(f"/documents/{identifier}?part=1").text
    again = added(desk, f"/add/again/{identifier}")
    assert (again["job"]["new"], again["job"]["again"], again["job"]["documents"]) == (0, 1, [identifier])
    assert desk.get(f"/documents/{identifier}.json").json()["text"]["claims"] == claims
    assert desk.post("/add/again/doc-0000000000000000").status_code == 404


def test_the_same_again_changes_nothing(desk: TestClient) -> None:
    added(desk, "/add/text", data={"text": PASTED})
    before = held(desk)
    told = added(desk, "/add/text", data={"text": PASTED})
    assert (told["job"]["new"], told["job"]["unchanged"], held(desk)) == (0, 1, before)


def test_files_of_several_sorts_together(desk: TestClient) -> None:
    line = msgspec.json.encode(
        {"text": "Ukraine supplied Freedonia with 12 T-80 tanks in 2011.", "outlet": "Line Post"}
    )
    given = files(
        ("../../etc/a.txt", PASTED.encode()), ("b.html", ARTICLE.encode("windows-1251")), ("c.jsonl", line + b"\n{}\n"),
        ("d.doc", b"\xd0\xcf\x11\xe0\x00\x01"), ("e.csv", SIPRI.encode()), ("f.txt", b""),
    )  # fmt: skip
    told = added(desk, "/add/files", files=given, data={"published": "2022"})
    assert told["job"]["given"] == ["a.txt", "b.html", "c.jsonl", "d.doc", "e.csv", "f.txt"]
    assert (told["job"]["new"], told["job"]["rows"]) == (4, 1)
    names = {one["publications"][0]["name"]: one["publications"][0] for one in told["arrived"]}
    assert names["a.txt"]["published"] == "2022"
    assert names["b.html"]["published"] == "2021-12-05"
    assert names["b.html"]["title"] == "Россия передала Индии С-400"
    assert names["c.jsonl:1"]["outlet"] == "Line Post"
    assert {one[0] for one in told["job"]["skipped"]} == {"c.jsonl:2", "d.doc", "f.txt"}
    page = desk.get(f"/add/{told['job']['id']}").text
    assert "an old Word document, not plain text" in page


def test_a_table_that_is_none_is_told(desk: TestClient) -> None:
    told = added(desk, "/add/files", files=files(("e.csv", b"a,b\n1,2\n")))
    ((name, reason, place),) = told["job"]["skipped"]
    assert name == "e.csv"
    assert "/tmp" not in reason
    assert place is None
    assert told["job"]["status"] == "done"


def test_a_page_of_the_web_is_fetched(fetching: TestClient, server: Server) -> None:
    server.answers["/a"] = answer(ARTICLE.encode("windows-1251"))
    told = added(fetching, "/add/address", data={"fetch": f"{server.address}/a"})
    (arrived,) = told["arrived"]
    printed = arrived["publications"][0]
    assert (printed["outlet"], printed["address"], printed["published"]) == (
        "Пример",
        f"{server.address}/a",
        "2021-12-05",
    )
    assert arrived["claims"] >= 1


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("http://127.0.0.1:{port}/a", 403),
        ("http://169.254.169.254/latest/meta-data/", 403),
        ("file:///etc/passwd", 403),
        ("", 403),
    ],
)
def test_the_own_network_is_not_let_through(desk: TestClient, server: Server, address: str, status: int) -> None:
    given = address.format(port=server.http.server_port)
    refused = desk.post("/add/address", data={"fetch": given})
    assert refused.status_code == status
    assert f'value="{given}"' in refused.text
    assert server.asked == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/film", 415),
        ("/pdf", 422),
        ("/none", 502),
        ("/large", 413),
        ("/file", 403),
        ("/script", 422),
        ("/closed", 502),
    ],
)
def test_what_an_address_does_not_give_is_told(fetching: TestClient, server: Server, path: str, status: int) -> None:
    server.answers |= {
        "/film": answer(b"ftypisom", "video/mp4"), "/pdf": answer(b"%PDF", "application/pdf"), "/large": answer(b"x" * 11_000_000, "text/plain"), "/file": sent_on("file:///etc/passwd"),
        "/script": answer(b"<html><script>alert(1)</script></html>"), "/closed": lambda to: to.connection.close(),
    }  # fmt: skip
    before = held(fetching)
    told = fetching.post("/add/address", data={"fetch": server.address + path})
    assert told.status_code == status
    assert 'role="alert"' in told.text
    assert held(fetching) == before


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"text": ""}, 422, "There is no text"),
        ({"text": " \n "}, 422, "There is no text"),
        ({"text": "\x00\x01\x02" * 50}, 422, "control characters"),
        (
            {"text": "Wir liefern im nächsten Jahr keine Panzer an die Türkei, sagte der Minister."},
            422,
            "choose its language",
        ),
        ({"text": "<html><body><script>alert(1)</script></body></html>"}, 422, "without a text"),
        ({"text": PASTED, "published": "soon"}, 422, "soon is no date"),
        ({"text": PASTED, "address": "javascript:alert(1)"}, 422, "is no address"),
        ({"text": PASTED, "address": "http://[::"}, 422, "is no address"),
        ({"text": PASTED, "language": "tlh"}, 422, "tlh is no language"),
    ],
)
def test_what_cannot_be_read_comes_back_with_the_reason_and_what_was_typed(
    desk: TestClient, given: dict[str, str], status: int, said: str
) -> None:
    before = held(desk)
    told = desk.post("/add/text", data={"outlet": "Example Post", **given})
    assert told.status_code == status
    assert said in told.text
    assert 'value="Example Post"' in told.text
    assert "<script>alert" not in told.text
    assert held(desk) == before


def test_a_text_of_100_megabytes_is_refused(desk: TestClient) -> None:
    before = held(desk)
    for path, name in (("/add/text", "text"), ("/add/files", "files")):
        told = desk.post(path, files={name: ("big.txt", b"x" * 100_000_000)})
        assert told.status_code == 413
        assert "nothing of it was stored" in told.text

    def blocks() -> Iterator[bytes]:  # without a length
        yield b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
        for _ in range(100):
            yield b"x" * 1_000_000

    told = desk.post("/add/text", content=blocks(), headers={"content-type": "multipart/form-data; boundary=x"})
    assert told.status_code == 413
    assert held(desk) == before


def test_files_of_another_type_are_refused(desk: TestClient) -> None:
    told = desk.post("/add/files", files=files(("a.doc", b"\xd0\xcf\x11\xe0"), ("<b>.png", b"\x89PNG\r\n\x1a\n")))
    assert told.status_code == 415
    assert "an old Word document" in told.text
    assert "&lt;b&gt;.png" in told.text
    assert desk.post("/add/files", data={"outlet": "x"}).status_code == 422


def test_what_is_no_form_is_refused(desk: TestClient) -> None:
    for kind, body in (
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--y\r\n"),
        ("application/json", b"{}"),
        ("", b"x"),
    ):
        assert desk.post("/add/text", content=body, headers={"content-type": kind}).status_code == 422


def test_a_program_gets_json(desk: TestClient) -> None:
    told = desk.post("/add/text", data={"text": PASTED}, headers={"accept": "application/json"})
    assert told.status_code == 202
    assert job_of(desk, told.headers["location"].removesuffix(".json"))["job"]["new"] == 1
    wrong = desk.post("/add/text", data={"text": ""}, headers={"accept": "application/json"})
    assert (wrong.status_code, wrong.json()["status"]) == (422, 422)


def test_a_job_that_is_not_there(desk: TestClient) -> None:
    for name in ("0123456789abcdef", "%2e%2e", "%2e%2e%2fetc", "x" * 500):
        assert desk.get(f"/add/{name}").status_code == 404


def test_a_refused_form_that_is_loaded_again_leads_to_the_forms(desk: TestClient) -> None:
    for way in ("text", "files", "address"):
        assert desk.get(f"/add/{way}").headers["location"] == "/add"


def test_hostile_names_are_shown(desk: TestClient) -> None:
    given = "<script>alert(1)</script> Russia delivered S-400 systems to India in 2021. \u202e" + "x" * 1_000_000
    told = added(desk, "/add/text", data={"text": given, "outlet": '"><img src=x onerror=alert(1)>'})
    for page in (
        desk.get(f"/add/{told['job']['id']}").text,
        desk.get("/add").text,
        desk.get(f"/documents/{told['arrived'][0]['id']}").text,
    ):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "\u202e" not in page


def test_a_job_that_fails_stores_nothing_by_half(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = held(desk)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(import_module("rasad.register.store"), "_insert_claims", broken)
    told = added(desk, "/add/text", data={"text": PASTED})
    assert (told["job"]["status"], told["job"]["error"]) == ("failed", "fault")
    assert held(desk) == before
    assert "Something in Rasad failed" in desk.get(f"/add/{told['job']['id']}").text


def test_other_workers_see_the_job(desk: TestClient, settings: Settings) -> None:
    told = added(desk, "/add/text", data={"text": PASTED})
    with TestClient(create_app(settings), headers=BROWSER, follow_redirects=False) as other:
        other.get("/", params={"token": TOKEN})
        assert other.get(f"/add/{told['job']['id']}.json").json()["job"]["new"] == 1
        assert f'href="/add/{told["job"]["id"]}"' in other.get("/add").text


def test_a_page_comes_back_until_the_job_is_over(desk: TestClient) -> None:
    told = added(desk, "/add/text", data={"text": PASTED})
    state = Path(desk.app.state.desk.jobs.place) / told["job"]["id"] / "state.json"
    state.write_bytes(msgspec.json.encode({**told["job"], "status": "reading", "read": 3, "process": os.getpid()}))
    page = desk.get(f"/add/{told['job']['id']}")
    assert "3 texts read so far" in page.text
    assert "Refresh" in page.headers or '<noscript><meta http-equiv="refresh"' in page.text
    assert desk.get(f"/add/{told['job']['id']}.json").json()["arrived"] == []


def test_a_job_whose_process_has_gone_was_interrupted(desk: TestClient) -> None:
    told = added(desk, "/add/text", data={"text": PASTED})
    state = Path(desk.app.state.desk.jobs.place) / told["job"]["id"] / "state.json"
    with subprocess.Popen(["true"]) as gone:
        pass
    state.write_bytes(msgspec.json.encode({**told["job"], "status": "reading", "process": gone.pid}))
    page = desk.get(f"/add/{told['job']['id']}").text
    assert "The desk was closed before the job was over." in page
    assert "nothing was stored by half" in page


def test_the_files_of_a_job_do_not_stay(desk: TestClient) -> None:
    told = added(desk, "/add/files", files=files(("a.txt", PASTED.encode())))
    folder = Path(desk.app.state.desk.jobs.place) / told["job"]["id"]
    assert folder.stat().st_mode & 0o077 == 0
    for _ in range(50):
        if [file.name for file in folder.iterdir()] == ["state.json"]:
            break
        time.sleep(0.1)
    assert [file.name for file in folder.iterdir()] == ["state.json"]
    desk.app.state.desk.jobs.close()
    assert not folder.parent.exists()


def test_a_reader_adds_nothing(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasad.web.access.Person, "may", lambda _, role: role == "reader")
    assert desk.get("/add").status_code == 403
    for way in ("text", "files", "address"):
        assert desk.post(f"/add/{way}", data={"text": PASTED}).status_code == 403


def test_a_word_file_a_pdf_and_a_mail_are_read_and_an_archive_is_not(desk: TestClient, tmp_path: Path) -> None:
    import docx
    import typst

    word = docx.Document()
    word.add_paragraph("Ukraine supplied Freedonia with 12 T-80 tanks in 2011.")
    word.save(str(tmp_path / "a.docx"))
    (tmp_path / "b.typ").write_text("Russia delivered 24 Su-35 fighters to China in 2016, the defence ministry said.")
    pdf = typst.compile(str(tmp_path / "b.typ"))
    mail = b"From: a@example.org\nSubject: Gripen\nMIME-Version: 1.0\nContent-Type: text/plain\n\nSweden delivered 12 Gripen fighters to Hungary in 2006.\n"
    given = files(
        ("a.docx", (tmp_path / "a.docx").read_bytes()), ("b.pdf", pdf), ("c.eml", mail), ("d.warc.gz", b"\x1f\x8b\x08")
    )
    told = added(desk, "/add/files", files=given)
    assert (told["job"]["new"], told["job"]["claims"] >= 3) == (3, True)
    ((name, reason, _),) = told["job"]["skipped"]
    assert (name, reason) == ("d.warc.gz", "gz: not taken here, where a file is one text; `rasad add` reads it")
