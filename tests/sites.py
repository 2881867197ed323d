"""A site on this machine that does what a test lays down, well or badly, and remembers what it was asked, and when."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(body: bytes, kind: str = "text/html", **headers: str) -> Answer:
    def give(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Type", kind)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)

    return give


def sent_on(where: str) -> Answer:
    def give(to: BaseHTTPRequestHandler) -> None:
        to.send_response(302)
        to.send_header("Location", where)
        to.end_headers()

    return give


def endless(to: BaseHTTPRequestHandler) -> None:
    answer(b"")(to)
    while True:
        to.wfile.write(b"x" * 65536)


def dripping(to: BaseHTTPRequestHandler) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
        to.wfile.write(bytes([byte]))
        to.wfile.flush()
        time.sleep(0.05)


class Asked(NamedTuple):
    """A request: its path, its headers by their small names, and when it came (``time.monotonic``)."""

    path: str
    headers: dict[str, str]
    at: float


class Server:
    """A server whose answers a test lays down, by path; others are answered with 404."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {k.lower(): v for k, v in self.headers.items()}
                outer.asked.append(Asked(self.path, headers, time.monotonic()))
                try:
                    outer.answers.get(self.path, lambda to: to.send_error(404))(self)
                except OSError:  # the other side has gone
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Nobody is there any more."""
        self.http.shutdown()
        self.http.server_close()
