"""``rasad user`` and ``rasad serve``: accounts from the command line, and what the desk refuses to be."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient
from test_cli import Done, rasad

from rasad.register import audit, database, open_register, sessions, users
from rasad.register.audit import By
from rasad.web.access import passwords
from rasad.web.app import create_app
from rasad.web.serving import ServeError, Wanted, settings_for

PASSWORD = b"blue kettle sings at noon\n"
PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}


def user(register: Path, *arguments: str, stdin: bytes = PASSWORD) -> Done:
    return rasad("user", *arguments, "--register", register, stdin=stdin)


def told(done: Done) -> tuple[int, str]:
    return done.returncode, done.stderr


@pytest.fixture
def ann(register_file: Path) -> Path:
    """A register at which Ann administers."""
    assert user(register_file, "add", "Ann", "--role", "admin").stdout == "ann may log in as admin\n"
    return register_file


def test_an_account_is_made_listed_and_changed(ann: Path) -> None:
    assert user(ann, "add", "boris").stdout == "boris may log in as reader\n"
    assert user(ann, "role", "Boris", "reviewer").stdout == "boris is reviewer now\n"
    assert user(ann, "disable", "boris").stdout == "the account of boris is closed\n"
    listed = json.loads(user(ann, "list", "--format", "json").stdout)
    assert [(one["name"], one["role"], one["disabled"]) for one in listed] == [
        ("ann", "admin", False),
        ("boris", "reviewer", True),
    ]
    table = user(ann, "list").stdout.splitlines()
    assert table[3].split() == ["boris", "reviewer", listed[1]["created"][:10], "closed"]
    assert user(ann, "enable", "boris").stdout == "the account of boris is open\n"
    with open_register(ann) as register:
        lines = audit.lines(register.engine)
    assert [line.action for line in lines] == ["user_enabled", "user_disabled", "user_role", "user_added", "user_added"]
    assert {line.origin for line in lines} == {"command line"}


def test_a_new_password_ends_the_sessions_and_is_kept_as_a_hash(ann: Path) -> None:
    with open_register(ann) as register:
        session = sessions.begin(register.engine, By("ann", "::1"), "")
        assert user(ann, "password", "ann", stdin=b"green lorry under a bridge\n").returncode == 0
        assert sessions.of_session(register.engine, session) is None
        kept = users.password_of(register.engine, "ann")
    assert passwords.fits("green lorry under a bridge", kept)
    assert not passwords.fits(PASSWORD.decode().strip(), kept)
    assert b"green lorry" not in ann.read_bytes()


def test_a_token_is_printed_once(ann: Path) -> None:
    token = user(ann, "token", "ann", "--for", "the nightly export", "--days", "7").stdout.strip()
    with open_register(ann) as register:
        assert sessions.of_token(register.engine, token) == sessions.Known("ann", "reader", "")
        (held,) = sessions.tokens_of(register.engine, "ann")
    assert (held.name, held.expires is None) == ("the nightly export", False)
    assert token.encode() not in ann.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (("add", "ann"), PASSWORD, "ann: there is an account of this name already"),
        (("add", "a b"), PASSWORD, "'a b' is no name: letters, digits and . _ @ - make one, without spaces, 64 at the most"),
        (("add", "boris"), b"short\n", "A password has at least 12 characters."),
        (("add", "boris"), b"", "A password has at least 12 characters."),
        (("add", "boris"), b"boris-boris-boris\n", "That is too easy to guess."),
        (("add", "boris", "--role", "reviwer"), PASSWORD, "'reviwer' is no role; reader, reviewer, admin are; did you mean reviewer?"),
        (("role", "an", "reader"), PASSWORD, "an: there is no account of this name; did you mean ann?"),
        (("password", "nobody"), PASSWORD, "nobody: there is no account of this name"),
        (("token", "nobody"), PASSWORD, "nobody: there is no account of this name, or it is closed"),
        (("list", "--format", "yaml"), PASSWORD, "--format: 'yaml' is not one of table, json"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_line(
    ann: Path, arguments: tuple[str, ...], stdin: bytes, message: str
) -> None:
    done = user(ann, *arguments, stdin=stdin)
    assert done.returncode == 2
    assert done.stderr.startswith(f"rasad: {message}")
    assert len(done.stderr.splitlines()) == 1


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(register_file: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rasad.cli", "user", "add", "ann", "--register", str(register_file)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    seen = b""
    for asked in (b"Password:", b"Repeat"):
        while asked not in seen:
            seen += os.read(ours, 1000)
        time.sleep(0.2)  # until what is typed is not echoed any more
        os.write(ours, PASSWORD)
    with suppress(OSError):  # how Linux says that the other end is closed
        while block := os.read(ours, 1000):
            seen += block
    os.close(ours)
    assert process.wait(20) == 0
    assert b"ann may log in as reader" in seen
    assert b"kettle" not in seen


def test_without_an_administrator_it_is_said_how_one_is_made(register_file: Path) -> None:
    assert told(user(register_file, "add", "boris")) == (0, "nobody is an admin yet: `rasad user role NAME admin`\n")
    assert told(user(register_file, "list"))[0] == 0


def test_a_register_that_is_not_there_gets_no_accounts(tmp_path: Path) -> None:
    assert told(user(tmp_path / "none.db", "add", "ann")) == (2, f"rasad: {tmp_path}/none.db: no such register; `rasad add PATH…` makes one\n")  # fmt: skip


# What rasad serve refuses.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--host", "0.0.0.0"), "others could come in: make accounts first"),
        (("--name", "desk.example.org", "--proxy"), "others could come in: make accounts first"),
        (("--own", "--proxy"), "--own is for your own machine"),
        (("--host", "192.0.2.1", "--own"), "--own is for your own machine"),
        (("--host", "desk.invalid", "--own"), "--own is for your own machine"),
        (("--port", "65536"), "--port: 65536 is no port; 0 to 65535 are"),
        (("--workers", "0"), ""),
    ],
)  # fmt: skip
def test_a_desk_of_nobody_is_not_opened_to_others(
    register_file: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = rasad("serve", "--register", register_file, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(f"rasad: {message}") or not message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--host", "0.0.0.0"), "passwords would cross the network as they are typed"),
        (("--name", "desk.example.org"), "passwords would cross the network as they are typed"),
        (("--host", "0.0.0.0", "--insecure"), "say under which name the desk is asked for"),
        (("--proxy",), "say under which name the desk is asked for"),
        (("--host", "192.0.2.1", "--insecure"), "cannot listen at 192.0.2.1, port 8321: this machine has no such address"),
        (("--host", "desk.invalid", "--insecure"), "cannot listen at desk.invalid, port 8321: there is no such address"),
    ],
)  # fmt: skip
def test_passwords_do_not_cross_a_network_by_oversight(ann: Path, arguments: tuple[str, ...], message: str) -> None:
    done = rasad("serve", "--register", ann, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(f"rasad: {message}")


def test_a_port_that_is_taken_is_named(register_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = rasad("serve", "--register", register_file, "--port", str(port))
    assert told(done) == (
        2,
        f"rasad: port {port} is taken at 127.0.0.1 by another program; --port 0 takes one that is free\n",
    )


# The desk as it runs.


def test_the_browser_is_opened_by_a_token_of_its_own_and_nothing_is_left_behind(
    register_file: Path, tmp_path: Path
) -> None:
    browser, left = tmp_path / "browser", tmp_path / "temporary"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    left.mkdir()
    with serving(register_file, "--open", environment={"BROWSER": str(browser), "TMPDIR": str(left)}) as (
        process,
        address,
    ):
        answer(address.partition("?")[0] + "healthy")
        opened = (tmp_path / "opened").read_text().strip()
        assert opened.partition("=")[0] == address.partition("=")[0]
        assert opened != address
        assert httpx.get(opened, headers=PAGE).headers["location"] == "/"
        assert httpx.get(opened, headers=PAGE).headers["location"].startswith("/login")
        process.terminate()
        assert process.wait(20) == 0
    assert list(left.glob("rasad-*/ticket")) == []


def test_no_browser_that_takes_the_terminal_is_opened(register_file: Path, tmp_path: Path) -> None:
    text = tmp_path / "w3m"
    text.write_text(f"#!/bin/sh\ntouch {tmp_path}/opened\n")
    text.chmod(0o755)
    alone = {"PATH": str(tmp_path), "TERM": "xterm", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    with serving(register_file, "--open", environment=alone) as (process, address):
        assert process.stderr is not None
        assert [process.stderr.readline() for _ in range(2)] == [
            "end it with Ctrl-C\n", "no browser could be opened: open the address yourself\n",
        ]  # fmt: skip
        answer(address.partition("?")[0] + "healthy")
        process.terminate()
        assert process.wait(20) == 0
    assert not (tmp_path / "opened").exists()


@contextmanager
def serving(
    register: Path, *arguments: str, environment: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, and the address that it tells."""
    command = [sys.executable, "-m", "rasad.cli", "serve", "--register", str(register), "--port", "0", *arguments]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, env=os.environ | (environment or {})
    )
    try:
        assert process.stderr is not None
        address = process.stderr.readline().removeprefix("the desk is open at ").strip()
        yield process, address
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answer(address: str, **headers: str) -> httpx.Response:
    for _ in range(100):
        try:
            return httpx.get(address, headers=headers, timeout=60)
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("the desk does not answer")


def test_several_processes_know_the_same_sessions_and_end_without_a_word(ann: Path) -> None:
    with serving(ann, "--workers", "3") as (process, address):
        answer(address + "healthy")
        with httpx.Client(headers=PAGE) as browser:
            assert (
                browser.post(address + "login", data={"name": "ann", "password": PASSWORD.decode().strip()}).status_code
                == 303
            )
            cookies = dict(browser.cookies)
        statuses = {httpx.get(address + "account", headers=PAGE, cookies=cookies).status_code for _ in range(12)}
        assert statuses == {200}, "each request is a connection of its own, taken by any of the processes"
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == "end it with Ctrl-C\n"


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_without_a_word(register_file: Path, end: signal.Signals) -> None:
    with serving(register_file) as (process, address):
        assert answer(address, accept="text/html").status_code == 303
        os.killpg(process.pid, end)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == "end it with Ctrl-C\n"


@pytest.mark.parametrize(
    ("arguments", "origin"), [((), "127.0.0.1"), (("--proxy", "--name", "Desk.example.org"), "203.0.113.9")]
)
def test_only_a_proxy_is_believed_where_a_request_came_from(ann: Path, arguments: tuple[str, ...], origin: str) -> None:
    with serving(ann, *arguments) as (process, address):
        host = "127.0.0.1"
        if arguments:
            assert address == "https://desk.example.org/"
            assert process.stderr is not None
            address = process.stderr.readline().removeprefix("hand on to it at ").strip()
            host = "desk.example.org"
        answer(address + "healthy")
        headers = PAGE | {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "host": host}
        httpx.post(address + "login", headers=headers, data={"name": "ann", "password": "wrong"})
        with open_register(ann) as register:
            assert audit.lines(register.engine, action="login_failed")[0].origin == origin


def test_a_register_that_may_only_be_read_is_served_to_one_person(ann: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_may_write", lambda _: False)  # who runs the tests may be allowed everything
    with open_register(ann) as register:
        with pytest.raises(ServeError, match=r"is read-only; .* nobody can log in. --own serves it to you alone"):
            settings_for(register, str(ann), Wanted())
        settings = settings_for(register, str(ann), Wanted(own=True))
    with TestClient(create_app(settings), headers=PAGE, base_url="http://localhost:8321") as browser:
        assert browser.get("/help", params={"token": settings.token}).status_code == 200
        assert browser.get("/account/users.json").json()["users"][0]["name"] == "ann"
        refused = browser.post("/account/users", data={"name": "boris"})
        assert refused.status_code == 503
        assert "What was asked was not done" in refused.text
