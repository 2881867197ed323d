"""Reading and adding on several cores give what one gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from rasad import open_register
from rasad.claims import Document
from rasad.engines import Readers

from .corpus import gold, news


def rasad(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rasad.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_reading_on_two_cores_prints_what_one_prints(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=3)
    (given / "broken.txt").write_bytes(b"\x00\x01\x02" * 400)
    for form in ("table", "jsonl"):
        one, two = (rasad("read", given, "--format", form, "--processes", n) for n in (0, 2))
        assert (one.returncode, one.stdout, one.stderr) == (two.returncode, two.stdout, two.stderr)
        assert (one.returncode, "broken.txt: skipped" in one.stderr) == (1, True)


def test_adding_on_two_cores_makes_the_same_register(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=3)
    kept: list[Any] = []
    for n in (0, 2):
        done = rasad("add", given, "-r", tmp_path / f"{n}.db", "--processes", n)
        assert done.returncode == 0, done.stderr
        with open_register(tmp_path / f"{n}.db") as register:
            kept.append((register.deals(), register.relations(), register.counts()))
    assert kept[0] == kept[1]
    assert len(kept[0][0]) > 5


def test_readers_give_the_claims_of_each_document_in_their_order() -> None:
    texts = [Document(name=name, text=text, language=name[-2:]) for name, text in gold(3)]
    with Readers(2) as readers, Readers(1) as alone:
        assert readers(texts) == alone(texts)
        assert readers([]) == []
