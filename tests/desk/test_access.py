"""Accounts at the desk: who is let in, what they may, and what is written down of it."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc, text
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.desk.conftest import BROWSER, TOKEN

from rasad.register import StoreError, attempts, audit, open_register, sessions, users
from rasad.register.audit import By
from rasad.register.users import Role, UserError
from rasad.web.access import passwords
from rasad.web.access.cookies import local
from rasad.web.app import create_app
from rasad.web.settings import Settings
from rasad.web.views import every

PASSWORD = "blue kettle sings at noon"
TYPED = By("typist", "command line")
HASHED = passwords.hashed(PASSWORD)

Browse = Callable[..., TestClient]


@pytest.fixture
def server(register_file: Path) -> Settings:
    """A desk at which Ann reads, Boris reviews and Clara administers."""
    with open_register(register_file) as register:
        for name, role in (("ann", "reader"), ("boris", "reviewer"), ("clara", "admin")):
            users.add(register.engine, name, HASHED, role, TYPED)  # type: ignore[arg-type]
    return Settings(register=str(register_file), hosts=("testserver",))


@pytest.fixture
def browse(server: Settings) -> Iterator[Browse]:
    """Makes browsers on it: of somebody who logged in, or of nobody."""
    with TestClient(create_app(server)) as app:

        def browser(name: str | None = None, **headers: str) -> TestClient:
            client = TestClient(app.app, headers=BROWSER | headers, follow_redirects=False)
            if name:
                assert log_in(client, name).status_code == 303
            return client

        yield browser


def log_in(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login", data={"name": name, "password": password, **more})


@contextmanager
def database(settings: Settings) -> Iterator[sqlite3.Connection]:
    """The register, as another program sees it."""
    connection = sqlite3.connect(settings.register, isolation_level=None)
    yield connection
    connection.close()


def logged(settings: Settings) -> list[tuple[str, str, str]]:
    with database(settings) as raw:
        return raw.execute(
            "SELECT who, action, subject FROM audit WHERE origin <> 'command line' ORDER BY id"
        ).fetchall()


# In and out.


def test_a_name_and_its_password_let_in(browse: Browse) -> None:
    stranger = browse()
    assert stranger.get("/account").headers["location"] == "/login?next=%2Faccount"
    answer = log_in(stranger, " Ann ", next="/help")
    assert (answer.status_code, answer.headers["location"]) == (303, "/help")
    assert re.match(
        r"rasad_session_80=[\w-]{43}; HttpOnly; Max-Age=1209600; Path=/; SameSite=strict$", answer.headers["set-cookie"]
    )
    page = stranger.get("/account")
    assert "<bdi>ann</bdi>" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_over_https_the_cookie_belongs_to_this_host_alone(server: Settings) -> None:
    secure = Settings(register=server.register, hosts=server.hosts, secure=True)
    with TestClient(
        create_app(secure), headers=BROWSER, follow_redirects=False, base_url="https://testserver"
    ) as client:
        cookie = log_in(client, "ann").headers["set-cookie"]
        assert cookie.startswith("__Host-rasad_session=")
        assert "Path=/; SameSite=strict; Secure" in cookie
        assert client.get("/account").status_code == 200
        assert client.get("/account").headers["strict-transport-security"] == "max-age=31536000"


def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_same_words(browse: Browse, server: Settings) -> None:
    wrong = [
        log_in(browse(), name, password) for name, password in (("ann", "not that one at all"), ("nobody", PASSWORD))
    ]
    assert [answer.status_code for answer in wrong] == [401, 401]
    assert "This name and this password do not belong together." in wrong[0].text
    assert wrong[0].text.replace("ann", "nobody") == wrong[1].text
    assert "set-cookie" not in wrong[0].headers
    assert logged(server) == [("", "login_failed", "ann"), ("", "login_failed", "")], "a name may be a password"


def test_what_is_typed_as_a_name_is_shown_as_text(browse: Browse) -> None:
    page = log_in(browse(), '"><script>alert(1)</script>\u202e', "x" * 2000).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page


def test_after_some_failures_even_the_right_password_has_to_wait(browse: Browse, server: Settings) -> None:
    for _ in range(attempts.FREE["name"] + 1):
        assert log_in(browse(), "ann", "wrong again and again").status_code == 401
    early = log_in(browse(), "ann")
    assert (early.status_code, early.headers["retry-after"]) == (429, "2")
    assert "Try again in 2 seconds." in early.text
    assert log_in(browse(), "boris").status_code == 303, "others are not held back"
    with database(server) as raw:
        raw.execute("UPDATE attempts SET until = last")
    assert log_in(browse(), "ann").status_code == 303
    assert log_in(browse(), "ann", "wrong").status_code == 401, "and nothing is held against the name any more"


def test_who_logs_out_is_out(browse: Browse, server: Settings) -> None:
    ann = browse("ann")
    kept = dict(ann.cookies)
    assert ann.post("/logout").headers["location"] == "/login"
    assert not ann.cookies
    ann.cookies.update(kept)
    assert ann.get("/account").status_code == 303, "the session is over, not only forgotten"
    assert logged(server) == [("ann", "login", ""), ("ann", "logout", "")]


def test_each_log_in_has_a_session_of_its_own(browse: Browse) -> None:
    ann = browse("ann")
    first = dict(ann.cookies)
    log_in(ann, "ann")
    assert dict(ann.cookies) != first
    ann.cookies.clear()
    ann.cookies.update(first)
    assert ann.get("/account").status_code == 303


@pytest.mark.parametrize(("column", "hours"), [("seen", 12), ("expires", 14 * 24)])
def test_a_session_ends_by_itself(browse: Browse, server: Settings, column: str, hours: int) -> None:
    ann = browse("ann")

    def aged(by: float) -> None:
        with database(server) as raw:
            raw.execute(f"UPDATE sessions SET {column} = strftime('%Y-%m-%dT%H:%M:%S+00:00', {column}, '-{by} hours')")

    aged(hours - 0.1)
    assert ann.get("/account").status_code == 200
    with database(server) as raw:
        assert raw.execute("SELECT (julianday('now') - julianday(seen)) * 86400 < 60 FROM sessions").fetchall() == [
            (1,)
        ]
    aged(hours if column == "seen" else 0.2)
    assert ann.get("/account").status_code == 303


def test_when_somebody_was_last_seen_is_written_every_five_minutes_and_waits_for_nobody(
    browse: Browse, server: Settings
) -> None:
    ann = browse("ann")
    with database(server) as raw:
        raw.execute("UPDATE sessions SET seen = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-4 minutes')")
        before = raw.execute("SELECT seen FROM sessions").fetchall()
        ann.get("/account")
        assert raw.execute("SELECT seen FROM sessions").fetchall() == before
        raw.execute("UPDATE sessions SET seen = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-6 minutes')")
        before = raw.execute("SELECT seen FROM sessions").fetchall()
        raw.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert ann.get("/account").status_code == 200
        assert time.monotonic() - began < 5, "it waited for the other program"
        raw.execute("ROLLBACK")
        assert raw.execute("SELECT seen FROM sessions").fetchall() == before
        ann.get("/account")
        assert raw.execute("SELECT seen FROM sessions").fetchall() != before


def test_two_desks_on_one_machine_keep_their_browsers_apart(settings: Settings) -> None:
    with TestClient(
        create_app(settings), headers=BROWSER, follow_redirects=False, base_url="http://testserver:8321"
    ) as first:
        cookie = first.get("/", params={"token": TOKEN}).headers["set-cookie"]
    assert cookie.startswith("rasad_own_8321=")


# Coming back.


def hidden(page: str) -> dict[str, str]:
    """What the log-in page keeps."""
    return {name: unescape(value) for name, value in re.findall(r'name="(next|kept|action)" value="([^"]*)"', page)}


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "evil", "/a\r\nSet-Cookie: x=y"])  # fmt: skip
def test_a_log_in_leads_to_no_other_site(browse: Browse, elsewhere: str) -> None:
    assert log_in(browse(), "ann", next=elsewhere).headers["location"] == "/"
    assert local(elsewhere) == "/"


def test_no_address_of_the_desk_leads_to_another_site(browse: Browse, stranger: TestClient) -> None:
    for path, leads in (("//evil.example/x", "/"), ("/\\evil.example", "/%5Cevil.example")):
        sent = browse().get(f"http://testserver{path}", headers={"sec-fetch-site": "cross-site"})
        assert f'url={leads}"' in sent.text
        entered = stranger.get(f"http://testserver{path}", params={"token": TOKEN})
        assert entered.headers["location"] == leads


def test_who_follows_a_link_from_another_site_comes_in_with_their_session(browse: Browse) -> None:
    """Browsers keep the cookie back on the first request, and send it on the one that the desk's own page makes."""
    ann = browse("ann")
    withheld = {"sec-fetch-site": "cross-site", "cookie": ""}
    answer = ann.get("/account?x=1&y=%22", headers=withheld)
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/account?x=1&amp;y=%22">' in answer.text
    assert ann.get("/account", headers={"sec-fetch-site": "same-origin"}).status_code == 200
    assert browse().get("/account", headers={"sec-fetch-site": "same-origin"}).headers["location"].startswith("/login")


def test_what_was_typed_when_the_session_was_over_can_be_sent_after_the_log_in(
    browse: Browse, server: Settings
) -> None:
    boris = browse("boris")
    with database(server) as raw:
        raw.execute("DELETE FROM sessions")
    typed = {"action": "reject", "reason": 'a "typed" </form><script>alert(1)</script> reason', "next": "/review"}
    page = boris.post("/review/claims/c-1", data=typed, headers={"referer": "http://testserver/review?x=1"})
    assert page.status_code == 401
    assert "What you had typed is kept on this page" in page.text
    assert "<script>alert" not in page.text
    held = hidden(page.text)
    assert (held["next"], held["action"]) == ("/review?x=1", "/review/claims/c-1")
    again = log_in(boris, "boris", **held)
    assert again.status_code == 200
    assert '<form method="post" action="/review/claims/c-1"' in again.text
    assert '<input type="hidden" name="action" value="reject">' in again.text
    assert 'value="a &#34;typed&#34; &lt;/form&gt;&lt;script&gt;alert(1)&lt;/script&gt; reason"' in again.text
    assert boris.get("/account").status_code == 200


def test_a_text_that_was_pasted_is_kept_too_but_no_file(browse: Browse) -> None:
    pasted = browse().post(
        "/add/text", files={"text": (None, "Ukraine supplied S-300 systems & more."), "file": ("a.txt", b"secret")}
    )
    assert pasted.status_code == 401
    assert json.loads(hidden(pasted.text)["kept"]) == [["text", "Ukraine supplied S-300 systems & more."]]
    broken = browse().post("/add/text", content=b"x", headers={"content-type": "multipart/form-data"})
    assert "Log in, then go back" in broken.text
    arabic = browse().post("/add/text", files={"text": (None, "ص" * 300_000)})
    assert len(hidden(arabic.text)["kept"]) > 300_000
    assert "kept" not in hidden(browse().post("/add/text", files={"text": (None, "ص" * 400_000)}).text)
    assert browse().post("/add/text", data={"text": "x" * 2**21}).status_code == 401
    back = browse()
    sent = {
        name: (None, value) for name, value in (hidden(arabic.text) | {"name": "boris", "password": PASSWORD}).items()
    }
    resumed = back.post("/login", files=sent)
    assert resumed.status_code == 200
    assert f'name="text" value="{"ص" * 300_000}"' in resumed.text


def test_a_password_that_was_typed_is_not_kept_on_a_page(browse: Browse) -> None:
    page = browse().post("/account/password", data={"old": PASSWORD, "new": "x", "again": "x"})
    assert page.status_code == 401
    assert "kettle" not in page.text


def test_a_kept_form_is_sent_to_this_desk_only(browse: Browse) -> None:
    page = log_in(browse(), "ann", kept='[["a", "b"]]', action="https://evil.example/").text
    assert 'action="/"' in page
    assert "evil" not in page
    assert log_in(browse(), "ann", kept="no JSON", next="/help").headers["location"] == "/help"


# What somebody may.


def test_every_address_asks_for_its_role(browse: Browse) -> None:
    """All routes of the application, asked by nobody, a reader and a reviewer."""
    readers_post = {"/preferences", "/login", "/logout", "/account/password", "/account/sessions/end", "/account/tokens", "/account/tokens/end"}  # fmt: skip
    open_to_all = {"/preferences", "/login", "/healthy", "/assets"}
    nobody, reader, reviewer = browse(), browse("ann"), browse("boris")
    app: Any = nobody.app
    routes: list[Any] = [route for route in app.routes if hasattr(route, "path")]
    routes += [route for pages in every() for route in pages.router.routes]
    asked = 0
    for route in routes:
        path = re.sub(r"{(\w+)(:\w+)?}", "x", route.path)
        for method in sorted(getattr(route, "methods", None) or {"GET"}):
            unknown = nobody.request(method, path)
            if route.path not in open_to_all:
                assert unknown.status_code == 401 or unknown.headers.get("location", "").startswith("/login"), (
                    method,
                    path,
                )
            if method in ("GET", "HEAD", "OPTIONS"):
                refused = reader.request(method, path).status_code == 403
                if path.startswith(("/account/users", "/account/audit")) or path in ("/review", "/add"):
                    assert refused, path
                elif not path.startswith(("/review/", "/add/", "/review.", "/add.")):
                    assert not refused, path
            elif route.path not in readers_post:
                assert reader.request(method, path, data={"action": "x"}).status_code == 403, path
                asked += 1
            if route.path.startswith(("/account/users", "/account/audit")):
                assert reviewer.request(method, path).status_code == 403, path
    assert asked >= 2
    assert "/account/users" in {route.path for route in routes}


def test_a_page_that_forgets_to_ask_for_a_role_is_still_no_readers_to_change(server: Settings) -> None:
    app = create_app(server)
    app.add_api_route("/new", lambda: "changed", methods=["POST"])
    with TestClient(app, headers=BROWSER, follow_redirects=False) as client:
        log_in(client, "ann")
        assert client.post("/new").status_code == 403
        log_in(client, "boris")
        assert client.post("/new").json() == "changed"


def test_another_role_holds_at_once(browse: Browse) -> None:
    clara, ann = browse("clara"), browse("ann")
    assert ann.get("/account/users").status_code == 403
    assert clara.post("/account/users/ann", data={"action": "role", "role": "admin"}).status_code == 303
    assert ann.get("/account/users").status_code == 200


def test_a_closed_account_is_out_at_once_and_for_good(browse: Browse, server: Settings) -> None:
    clara, ann = browse("clara"), browse("ann")
    token = made_token(ann)
    clara.post("/account/users/ann", data={"action": "disable"})
    assert ann.get("/account").status_code == 303
    assert log_in(browse(), "ann").status_code == 401
    clara.post("/account/users/ann", data={"action": "enable"})
    assert browse().get("/help.json", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert log_in(browse(), "ann").status_code == 303
    assert [line[1:] for line in logged(server) if line[0] == "clara"] == [
        ("login", ""),
        ("user_disabled", "ann"),
        ("user_enabled", "ann"),
    ]


def test_an_administrator_makes_accounts_and_hands_over_their_passwords(browse: Browse) -> None:
    clara = browse("clara")
    page = clara.post("/account/users", data={"name": "Dora", "role": "reviewer"})
    assert page.headers["cache-control"] == "no-store"
    password = re.search(r'readonly value="([\w-]{16})"', page.text).group(1)  # type: ignore[union-attr]
    dora = browse()
    assert log_in(dora, "dora", password).status_code == 303
    assert [user["role"] for user in clara.get("/account/users.json").json()["users"] if user["name"] == "dora"] == [
        "reviewer"
    ]
    assert password not in clara.get("/account/users").text
    again = clara.post("/account/users/dora", data={"action": "password"}).text
    assert re.search(r'value="([\w-]{16})"', again).group(1) != password  # type: ignore[union-attr]
    assert dora.get("/account").status_code == 303, "another password ends the sessions"


def test_what_is_no_name_and_what_is_taken_is_said(browse: Browse) -> None:
    clara = browse("clara")
    assert "ann: there is an account of this name already" in clara.post("/account/users", data={"name": "ANN"}).text
    bad = clara.post("/account/users", data={"name": "<script>alert(1)</script>"})
    assert bad.status_code == 400
    assert "<script>alert" not in bad.text
    assert clara.post("/account/users/nobody", data={"action": "role"}).status_code == 400
    assert clara.post("/account/users/ann", data={"action": "explode"}).status_code == 422


def test_an_administrator_is_always_left(browse: Browse) -> None:
    clara = browse("clara")
    for change in ({"action": "role", "role": "reader"}, {"action": "disable"}):
        answer = clara.post("/account/users/clara", data=change)
        assert answer.status_code == 403
        assert "Another administrator can." in answer.text


# Passwords, sessions and tokens of one's own.


def test_another_password_ends_every_other_session(browse: Browse) -> None:
    here, there = browse("ann"), browse("ann")
    new = "green lorry under a bridge"
    answer = here.post("/account/password", data={"old": PASSWORD, "new": new, "again": new})
    assert answer.headers["location"] == "/account?done=password"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert log_in(browse(), "ann").status_code == 401
    assert log_in(browse(), "ann", new).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "why"),
    [
        ("not mine", "green lorry under a bridge", None, "That is not your present password."),
        (PASSWORD, "green lorry", None, "at least 12 characters"),
        (PASSWORD, "passwordpassword1", None, "too easy to guess"),
        (PASSWORD, "green lorry under a bridge", "green lorry under a bidge", "typed in two ways"),
        (PASSWORD, "x" * 1025, None, "too long"),
    ],
)  # fmt: skip
def test_a_password_that_will_not_do_changes_nothing(
    browse: Browse, old: str, new: str, again: str | None, why: str
) -> None:
    ann = browse("ann")
    answer = ann.post("/account/password", data={"old": old, "new": new, "again": again or new})
    assert answer.status_code == 400
    assert why in answer.text
    assert log_in(browse(), "ann").status_code == 303


def test_guessing_the_present_password_is_slowed_down_too(browse: Browse) -> None:
    ann = browse("ann")
    new = "green lorry under a bridge"
    answers = [ann.post("/account/password", data={"old": "guess", "new": new, "again": new}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [400] * 6 + [429]


def test_one_ends_ones_own_sessions_and_nobody_elses(browse: Browse, server: Settings) -> None:
    here, there, boris = browse("ann"), browse("ann", **{"user-agent": "Lynx <b>"}), browse("boris")
    page = here.get("/account").text
    assert "Lynx &lt;b&gt;" in page
    (other,) = re.findall(r'name="key" value="(\w{64})"', page)
    assert boris.post("/account/sessions/end", data={"key": other}).status_code == 400
    assert there.get("/account").status_code == 200
    assert here.post("/account/sessions/end", data={"key": other}).headers["location"] == "/account?done=session"
    assert there.get("/account").status_code == 303
    with database(server) as raw:
        assert not raw.execute("SELECT 1 FROM sessions WHERE key IN (SELECT value FROM json_each(?))", [json.dumps(list(here.cookies.values()))]).fetchall()  # fmt: skip


def made_token(client: TestClient, **asked: object) -> str:
    page = client.post("/account/tokens", data={"name": "a script", **asked}).text
    return re.search(r'value="(rasad_[\w-]{43})"', page).group(1)  # type: ignore[union-attr]


def test_a_program_with_a_token_does_what_the_token_may(browse: Browse) -> None:
    boris = browse("boris")
    reading, changing = made_token(boris), made_token(boris, role="admin", days=30)
    program = browse(accept="*/*", **{"sec-fetch-site": "cross-site"})
    assert program.get("/help.json", headers={"authorization": f"Bearer {reading}"}).json()["version"]
    for token, status in ((reading, 403), (changing, 404)):  # a role above that of its owner is that of its owner
        assert program.post("/nothing-here", headers={"authorization": f"Bearer {token}"}).status_code == status
    assert program.get("/account/users.json", headers={"authorization": f"Bearer {changing}"}).status_code == 403
    assert reading not in boris.get("/account").text


def test_what_a_token_could_leave_behind_it_may_not_do(browse: Browse) -> None:
    clara = browse("clara")
    admin = {"authorization": f"Bearer {made_token(clara, role='admin')}"}
    assert browse().get("/account/audit.json", headers=admin).status_code == 200
    for path in ("/account/tokens", "/account/password", "/account/users", "/account/users/ann", "/logout"):
        assert browse().post(path, headers=admin, data={"name": "x", "action": "role"}).status_code == 403, path


def test_the_cookie_of_a_browser_does_not_help_a_token(browse: Browse) -> None:
    """Else a page elsewhere that makes the browser send any token at all would be taken for a program."""
    clara = browse("clara")
    answer = clara.post("/account/users", data={"name": "mallory", "role": "admin"}, headers={"authorization": "Bearer x", "sec-fetch-site": "cross-site"})  # fmt: skip
    assert answer.status_code == 401
    assert "mallory" not in clara.get("/account/users").text


def test_a_token_that_is_over_or_ended_opens_nothing(browse: Browse, server: Settings) -> None:
    ann = browse("ann")
    first, second = made_token(ann, days=30), made_token(ann, days=90)
    with database(server) as raw:
        raw.execute(
            "UPDATE api_tokens SET expires = '2020-01-01T00:00:00+00:00' WHERE expires = (SELECT min(expires) FROM api_tokens)"
        )
        (key,) = raw.execute("SELECT key FROM api_tokens WHERE expires > '2021'").fetchone()
    program = browse(accept="*/*")
    assert program.get("/help.json", headers={"authorization": f"Bearer {first}"}).status_code == 401
    assert program.get("/help.json", headers={"authorization": f"Bearer {second}"}).status_code == 200
    assert browse("boris").post("/account/tokens/end", data={"key": key}).status_code == 400
    assert ann.post("/account/tokens/end", data={"key": key}).status_code == 303
    assert program.get("/help.json", headers={"authorization": f"Bearer {second}"}).status_code == 401


def test_on_the_own_machine_the_printed_token_is_that_of_programs_too(stranger: TestClient) -> None:
    asked = {"accept": "*/*", "sec-fetch-site": "cross-site"}
    assert stranger.get("/help.json", headers={**asked, "authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert stranger.get("/help.json", headers={**asked, "authorization": "Bearer x"}).status_code == 401


def test_the_token_that_the_browser_is_opened_with_is_good_once(settings: Settings, tmp_path: Path) -> None:
    ticket = tmp_path / "ticket"
    ticket.write_text("good-once")
    opened = Settings(register=settings.register, token=TOKEN, secret="s", hosts=("testserver",), ticket=str(ticket))
    with TestClient(create_app(opened), headers=BROWSER, follow_redirects=False) as client:
        assert client.get("/help?token=good-once").headers["location"] == "/help"
        assert client.get("/help").status_code == 200
        client.cookies.clear()
        assert client.get("/help?token=good-once").headers["location"].startswith("/login")
        assert client.get(f"/help?token={TOKEN}").headers["location"] == "/help"


def test_who_lost_the_address_of_their_own_machine_types_the_token(stranger: TestClient) -> None:
    assert "`rasad serve`" in stranger.get("/login").text
    assert stranger.post("/login", data={"password": "wrong"}).status_code == 401
    assert stranger.post("/login", data={"password": TOKEN, "next": "/help"}).headers["location"] == "/help"
    assert stranger.get("/account/users").status_code == 200
    stranger.post("/logout")
    assert stranger.get("/help").status_code == 303


# What browsers send.


@pytest.mark.parametrize(
    ("headers", "changes"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://evil.example"}, True),  # browsers do not let a page set the first
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://testserver:8000"}, False),
        ({"origin": "https://testserver"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://testserver.evil.example"}, False),
        ({"referer": "http://testserver/login"}, True),
        ({"referer": "http://evil.example/http://testserver/"}, False),
        ({"origin": "null", "referer": "http://testserver/"}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_a_log_in_comes_from_a_page_of_the_desk_in_every_browser(
    browse: Browse, headers: dict[str, str], changes: bool
) -> None:
    client = browse()
    del client.headers["sec-fetch-site"]
    answer = client.post("/login", data={"name": "ann", "password": PASSWORD}, headers=headers)
    assert answer.status_code == (303 if changes else 403)
    assert ("set-cookie" in answer.headers) == changes


def test_other_methods_change_nothing(browse: Browse) -> None:
    boris = browse("boris")
    assert boris.request("TRACE", "/account").status_code == 405
    assert browse().request("TRACE", "/account").status_code == 401
    for method in ("HEAD", "OPTIONS"):
        assert boris.request(method, "/logout").status_code == 405
        assert boris.get("/account").status_code == 200


def test_no_other_channel_is_opened(browse: Browse) -> None:
    clara = browse("clara")
    with pytest.raises(WebSocketDisconnect), clara.websocket_connect("/account"):
        pass


def test_a_form_holds_a_megabyte_at_the_most(browse: Browse) -> None:
    boris = browse("boris")
    assert boris.post("/review/claims/c-1", data={"reason": "x" * 2**20}).status_code == 413
    pieces = (b"x" * 65536 for _ in range(17))
    assert boris.post("/review/claims/c-1", content=pieces).status_code == 413, "of a length that is not told"
    assert browse().post("/login", data={"name": "x" * 500_000, "password": "y" * 500_000}).status_code == 401


def test_names_are_compared_as_names_are(browse: Browse) -> None:
    ann = browse("ann")
    assert ann.get("/account", headers={"host": "TestServer"}).status_code == 200
    for host in ("testserver.evil.example", "testserver@evil.example", "[::1", "", "testserver:80:80"):
        assert ann.get("/account", headers={"host": host}).status_code == 421, host


# The log.


def test_an_administrator_reads_the_log_a_page_at_a_time(browse: Browse, server: Settings) -> None:
    with open_register(server.register) as register:
        for number in range(120):
            audit.note(register.engine, By("boris", "10.0.0.9"), "review", f"c-{number:03} <b>")
    clara = browse("clara")
    page = clara.get("/account/audit?who=boris").text
    assert "c-119 &lt;b&gt;" in page
    assert "c-069 " not in page
    (earlier,) = re.findall(r'href="(\?who=boris&amp;before=\d+)"', page)
    second = clara.get("/account/audit" + earlier.replace("&amp;", "&")).text
    assert "c-069 " in second
    assert "c-070 " not in second
    lines = clara.get("/account/audit.json?action=login").json()["lines"]
    assert [(line["who"], line["action"]) for line in lines] == [("clara", "login")]
    assert clara.get("/account/audit.csv?who=boris").text.splitlines()[1].endswith("10.0.0.9,review,c-119 <b>")


def test_decisions_and_texts_are_in_the_log_with_who_brought_them(browse: Browse, server: Settings) -> None:
    boris = browse("boris")
    claim = boris.get("/review.json").json()["queue"][0]["claim"]["id"]
    assert boris.post(f"/review/claims/{claim}", data={"action": "accept", "next": "/review"}).status_code == 303
    assert boris.post("/review/1/undo", data={"next": "/review/log"}).status_code == 303
    job = boris.post("/add/text", files={"text": (None, "Russia delivered 2 S-400 systems to India in 2021.")}).headers[
        "location"
    ]
    while boris.get(f"{job}.json").json()["job"]["status"] in ("waiting", "reading"):
        time.sleep(0.05)
    lines = logged(server)
    assert lines[:3] == [
        ("boris", "login", ""),
        ("boris", "review", f"1: accept {claim}"),
        ("boris", "review", "2: undo 1"),
    ]
    assert [line[:2] for line in lines[3:]] == [("boris", "add")]
    with open_register(server.register) as register:
        assert [line.reviewer for line in register.reviews()] == ["boris", "boris"]


@pytest.mark.parametrize(
    "query", ["before=0", "before=x", "action=exploded", "before=99999999999999999999", "who=" + "x" * 65]
)
def test_what_the_log_is_asked_wrongly_is_said(browse: Browse, query: str) -> None:
    assert browse("clara").get(f"/account/audit?{query}").status_code == 422


# The tables, on both databases.


@pytest.fixture
def engine(address: str) -> Iterator[Any]:
    with open_register(address, create=True) as register:
        yield register.engine


def test_people_log_in_on_either_database(engine: Any, address: str) -> None:
    users.add(engine, "رنا", HASHED, "admin", TYPED)
    with TestClient(
        create_app(Settings(register=address, hosts=("testserver",))), headers=BROWSER, follow_redirects=False
    ) as rana:
        assert log_in(rana, "رنا", "wrong").status_code == 401
        assert log_in(rana, "رنا").status_code == 303
        token = made_token(rana)
        assert rana.get("/account/audit.json").json()["lines"][0]["action"] == "token_added"
        assert rana.get("/help.json", headers={"authorization": f"Bearer {token}", "accept": "*/*"}).status_code == 200
        assert rana.get("/account/audit?who=%00").status_code == 200
        rana.post("/logout")
        assert rana.get("/account").status_code == 303
    assert [line.action for line in audit.lines(engine)] == [
        "logout",
        "token_added",
        "login",
        "login_failed",
        "user_added",
    ]


def test_who_was_seen_is_not_written_while_the_row_is_held(engine: Any) -> None:
    users.add(engine, "ann", HASHED, "reader", TYPED)
    secret = sessions.begin(engine, By("ann", "::1"), "")
    long_ago = (datetime.now(UTC) - timedelta(minutes=9)).isoformat(timespec="seconds")
    with engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET seen = :seen"), {"seen": long_ago})
    with engine.connect().execution_options(writes=True) as other, other.begin() as held:
        other.execute(text("UPDATE sessions SET origin = 'x'"))
        began = time.monotonic()
        assert sessions.of_session(engine, secret) is not None
        assert time.monotonic() - began < 5
        held.rollback()
    assert sessions.of_person(engine, "ann")[0].seen == long_ago
    assert sessions.of_session(engine, secret) is not None
    assert sessions.of_person(engine, "ann")[0].seen > long_ago


def test_the_log_of_the_desk_is_only_added_to(engine: Any) -> None:
    audit.note(engine, TYPED, "login")
    for change in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with pytest.raises(exc.DBAPIError, match="the log of the desk is only added to"), engine.begin() as connection:
            connection.execute(text(change))
    assert [line.who for line in audit.lines(engine)] == ["typist"]


@pytest.mark.parametrize(("role", "held"), [("admin", "reviewer"), ("reviewer", "reviewer"), ("reader", "reader")])
def test_sessions_and_tokens_are_known_by_their_secret_alone(engine: Any, role: Role, held: Role) -> None:
    users.add(engine, "Ann", HASHED, "reviewer", TYPED)
    session = sessions.begin(engine, By("ann", "::1"), "Firefox")
    token = sessions.add_token(engine, "job", role, By("ann", "::1"), of="ann", days=None)
    assert sessions.of_session(engine, session) == sessions.Known(
        "ann", "reviewer", sessions.of_person(engine, "ann")[0].key
    )
    assert sessions.of_token(engine, token) == sessions.Known("ann", held, "")
    assert sessions.of_session(engine, token) is None
    assert sessions.of_token(engine, sessions.tokens_of(engine, "ann")[0].key) is None
    with engine.connect() as connection:
        stored = str(
            connection.execute(text("SELECT * FROM sessions")).all()
            + connection.execute(text("SELECT * FROM api_tokens")).all()
        )
    assert session not in stored
    assert token not in stored
    users.set_role(engine, "ann", "reader", TYPED)
    assert sessions.of_token(engine, token) == sessions.Known("ann", "reader", "")
    users.set_disabled(engine, "ann", True, TYPED)
    assert sessions.of_session(engine, session) is None
    assert not users.any_users(engine)


def test_many_tries_at_once_are_all_counted(engine: Any) -> None:
    these = attempts.tried("ann", "192.0.2.7")
    with ThreadPoolExecutor(12) as pool:
        waits = list(pool.map(lambda _: attempts.count(engine, these), range(24)))
    assert waits.count(0) == attempts.FREE["name"] + 1
    assert set(waits) <= {0, 1, 2}


def test_tries_are_counted_by_name_and_by_address(engine: Any) -> None:
    for number in range(attempts.FREE["from"] + 1):
        assert attempts.count(engine, attempts.tried(f"name{number}", f"2001:db8::{number}")) == 0
    assert attempts.count(engine, attempts.tried("another", "2001:db8:0:0:ffff::1")) > 0, "one customer's network"
    assert attempts.count(engine, attempts.tried("another", "2001:db8:0:1::1")) == 0


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    assert [attempts.wait("name:x", n) for n in (5, 6, 7, 8, 15, 16, 99)] == [0, 2, 4, 8, 900, 900, 900]
    assert attempts.wait("from:x", 20) == 0


def test_nobody_has_two_accounts_under_one_name(engine: Any) -> None:
    users.add(engine, "Ｒana", HASHED, "reader", TYPED)  # a full-width letter
    with pytest.raises(UserError, match="rana: there is an account of this name already"):
        users.add(engine, "RANA", HASHED, "reader", TYPED)
    with pytest.raises(UserError, match="nobody: there is no account of this name"):
        users.set_role(engine, "nobody", "admin", TYPED)


@pytest.mark.parametrize("name", ["", "a b", "-ann", "ann\u202e", "x" * 65, "a/b", "ann\0"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(UserError, match="is no name"):
        users.written(name)


# Passwords.


@pytest.mark.parametrize("password", ["password1234", "P@ssw0rd!!!!!", "123456789012", "qwertyuiop12", "aaaaaaaaaaaaaaa", "annannannann", "йцукенгшщзйц", "rasadrasad2024"])  # fmt: skip
def test_common_passwords_are_refused(password: str) -> None:
    with pytest.raises(passwords.PasswordError, match=r"password\.common"):
        passwords.checked(password, "ann")


@pytest.mark.parametrize(
    "password", [PASSWORD, "ثلاثة مراكب في الضباب", "Vierzehn Äpfel", "x9$Lq-27vTbz", "совы летят на юг"]
)
def test_long_ones_of_any_letters_are_taken(password: str) -> None:
    assert passwords.fits(passwords.checked(password, "ann"), passwords.hashed(password))


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    assert passwords.fits("Vierzehn A\u0308pfel", passwords.hashed("Vierzehn Äpfel"))
    assert not passwords.fits("Vierzehn Apfel", passwords.hashed("Vierzehn Äpfel"))
    assert not passwords.fits("x", None)
    assert HASHED.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_store_that_cannot_be_written_says_so_and_lets_nobody_in(
    browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise StoreError("rasad.db: another program has been writing to it for a while")

    monkeypatch.setattr(sessions, "begin", locked)
    answer = log_in(browse(), "ann")
    assert (answer.status_code, "set-cookie" in answer.headers) == (503, False)
