"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class OutputError(ValueError):
    """A file cannot be written, or is there already; the message names it and says what to do."""


@contextmanager
def replacing(path: Path, *, force: bool) -> Iterator[Path]:
    """A place beside a file that takes its name when everything is written; if that fails, nothing of it stays. A file that is
    there already is replaced only with ``force``. Raises OutputError."""
    if path.exists() and not path.is_file():
        raise OutputError(f"{path}: is {'a folder' if path.is_dir() else 'no file'}; name a file to write to")
    if path.exists() and not force:
        raise OutputError(f"{path}: is there already; --force replaces it")
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.unlink(missing_ok=True)
        yield partial
        os.replace(partial, path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        _gone(partial)


def _gone(partial: Path) -> None:
    try:
        partial.unlink(missing_ok=True)
    except OSError:
        return  # what could not be made, as in a folder that is none, cannot be taken away
