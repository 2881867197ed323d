"""Texts put into files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from corpora import Text


def line(name: str, text: Text) -> bytes:
    """A text as a line of JSON."""
    return json.dumps({"name": name, "text": text[1]}, ensure_ascii=False).encode() + b"\n"


def write_lines(path: Path, texts: Iterable[Text]) -> Path:
    """Writes a line for each text; gives the path."""
    with path.open("wb") as file:
        file.writelines(line(f"report-{number:07}", text) for number, text in enumerate(texts))
    return path


def write_files(folder: Path, texts: Iterable[Text]) -> Path:
    """Writes a file for each text, a thousand to a folder; gives the folder above."""
    for number, (_, text) in enumerate(texts):
        path = folder / f"{number // 1000:04}" / f"report-{number:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder
