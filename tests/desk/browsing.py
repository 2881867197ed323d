"""A real browser on a desk that really runs: how tests start both, and what must hold on every page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / "src/rasad/web/ui/node_modules/axe-core/axe.min.js"
BUILT = ROOT / "src/rasad/web/assets/built/manifest.json"
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def needed(there: bool, what: str) -> None:
    """Ends a test that needs what is not there: as failed where everything is tested, else as skipped."""
    if not there:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is not installed")


@contextmanager
def started() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    needed(program is not None, "Chromium")
    needed(AXE.exists() and BUILT.exists(), "what npm installs and builds for the desk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()


@contextmanager
def served(register: Path | str, *more: str) -> Iterator[str]:
    """The address, with its token, of a desk that ``rasad serve`` opened on a file or a database."""
    command = [sys.executable, "-m", "rasad.cli", "serve", "--register", str(register), "--port", "0", *more]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=tempfile.gettempdir()
    )
    try:
        assert process.stderr is not None
        told = ""
        for line in process.stderr:
            told += line
            if found := re.search(r"http://\S+", line):
                yield found.group()
                break
        else:
            pytest.fail(f"the desk did not open: {told}")
    finally:
        process.terminate()
        process.wait(timeout=20)


class Watched:
    """A page on which every word in the console and every request to another place is noticed."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        """``home``: the address of the desk."""
        self.page: Page = context.new_page()
        self.home = home
        self.wrong: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("request", self._asked)

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.wrong.append(f"{message.type}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.wrong.append(f"asked {request.url}")

    def open(self, path: str) -> int:
        """Goes to a page; the status."""
        answer = self.page.goto(self.home + path, wait_until="load")
        assert answer is not None
        return answer.status

    def shoot(self, name: str) -> None:
        """Keeps what is seen."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)

    def barriers(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA, a line each: the rule, and where it is broken."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", WCAG)
        return [
            f"{broken['id']}: {node['html'][:160]} — {node['failureSummary'].splitlines()[-1].strip()}"
            for broken in found["violations"]
            for node in broken["nodes"]
        ]
