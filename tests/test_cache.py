"""What is kept between runs: only how long a run takes depends on it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from rasad.cache import fingerprint, folder, kept, kept_array


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RASAD_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_a_thing_is_made_once_and_then_kept(place: Path) -> None:
    made: list[str] = []

    def make() -> list[int]:
        made.append("made")
        return [1, 2, 3]

    assert kept("thing", "a", make) == [1, 2, 3]
    assert kept("thing", "a", make) == [1, 2, 3]
    assert made == ["made"]
    assert [p.name for p in place.iterdir()] == ["thing-a.pickle"]


def test_another_key_is_another_thing_and_the_old_one_goes(place: Path) -> None:
    kept("thing", "a", lambda: "old")
    assert kept("thing", "b", lambda: "new") == "new"
    assert [p.name for p in place.iterdir()] == ["thing-b.pickle"]


def test_a_broken_file_is_made_anew(place: Path) -> None:
    kept("thing", "a", lambda: "whole")
    (place / "thing-a.pickle").write_bytes(b"broken")
    assert kept("thing", "a", lambda: "made again") == "made again"
    assert kept("thing", "a", lambda: "not made") == "made again"


def test_nothing_is_kept_where_that_is_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASAD_CACHE", "")
    assert folder() is None
    assert [kept("thing", "a", lambda n=n: n) for n in (1, 2)] == [1, 2]


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("RASAD_CACHE", str(blocked / "kept"))
    assert kept("thing", "a", lambda: 7) == 7
    assert os.listdir(tmp_path) == ["file"]


def test_a_fingerprint_tells_contents_apart(tmp_path: Path) -> None:
    file = tmp_path / "data.toml"
    file.write_text("a = 1")
    before = fingerprint([file], "3.11")
    assert fingerprint([file], "3.11") == before
    assert fingerprint([file], "3.12") != before
    file.write_text("a = 2")
    assert fingerprint([file], "3.11") != before


def test_an_array_that_was_kept_is_mapped_and_cannot_be_changed(place: Path) -> None:
    made = np.arange(6, dtype=np.uint8).reshape(2, 3)
    assert kept_array("table", "a", lambda: made) is made
    again = kept_array("table", "a", lambda: np.zeros_like(made))
    assert again.tolist() == made.tolist()
    assert isinstance(again.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        again[0, 0] = 9
    (place / "table-a.npy").write_bytes(b"broken")
    assert kept_array("table", "a", lambda: made) is made
    assert [p.name for p in place.iterdir()] == ["table-a.npy"]
