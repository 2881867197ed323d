"""What a sentence seems to be about: a multilingual sentence encoder and a small trained head on top of it.

The encoder turns a sentence in any of the languages into 512 numbers; the head, a multinomial logistic model, turns
these into the share of each frame, and of none, in what the sentence says. ``training/head.py`` trains it and writes ``head.npz``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Protocol

import numpy as np
import numpy.typing as npt

from rasad.reading.encoder import load_encoder

Floats = npt.NDArray[np.float32]

NONE = "none"  #: the label of a sentence that evokes no frame
LONGEST = 600  #: code points of a sentence that are looked at; what a longer one says is in its beginning
REMEMBERED = 2048  #: sentences whose answer is kept
TOGETHER = 256  #: sentences encoded in one go: bounds the memory


class Encoder(Protocol):
    """Anything that turns sentences into vectors; another encoder can stand in after retraining."""

    def encode(self, texts: list[str]) -> Floats:
        """One row of 512 numbers, of length 1, for each text."""


class Head:
    """The trained head: a multinomial logistic model, and a bounded memory of the sentences seen last."""

    def __init__(self, encoder: Encoder, labels: Sequence[str], weights: Floats, remembered: int = REMEMBERED) -> None:
        """``weights`` has a row for each label: the 512 weights and, last, the bias."""
        if weights.shape[0] != len(labels):
            raise ValueError(f"head: {len(labels)} labels but weights of shape {weights.shape}")
        self.encoder = encoder
        self.labels = tuple(labels)
        self.weights = weights
        self.remembered = remembered
        self._memory: OrderedDict[str, dict[str, float]] = OrderedDict()

    def probabilities(self, sentences: Sequence[str]) -> list[dict[str, float]]:
        """For each sentence the probability of each label, to two decimals. They add up to 1: of a sentence that evokes
        two frames, each has about half.

        Two decimals, because the last bits of a product of matrices differ between machines and with what else is in the
        batch; the reader must not.
        """
        texts = [clean(sentence) for sentence in sentences]
        known = {text: self._memory[text] for text in texts if text in self._memory}
        new = list(dict.fromkeys(text for text in texts if text not in known))
        for start in range(0, len(new), TOGETHER):
            batch = new[start : start + TOGETHER]
            for text, row in zip(batch, self._scores(batch).tolist(), strict=True):
                known[text] = dict(zip(self.labels, (round(p, 2) for p in row), strict=True))
        for text in texts:
            self._memory[text] = known[text]
            self._memory.move_to_end(text)
        while len(self._memory) > self.remembered:
            self._memory.popitem(last=False)
        return [dict(known[text]) for text in texts]

    def _scores(self, texts: list[str]) -> npt.NDArray[np.float64]:
        scores = (
            self.encoder.encode(texts).astype(np.float64) @ self.weights[:, :-1].T.astype(np.float64)
            + self.weights[:, -1]
        )
        grown = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: npt.NDArray[np.float64] = grown / grown.sum(axis=1, keepdims=True)
        return shares


def clean(sentence: str) -> str:
    """The part of a sentence that is encoded: no lone surrogates, white space folded, not endless."""
    return " ".join(sentence[:LONGEST].encode("utf-8", "replace").decode("utf-8").split())


def frame_probabilities(sentences: list[str]) -> list[dict[str, float]]:
    """For each sentence the probability of each frame, and of ``none``. The first call loads the encoder."""
    return _head().probabilities(sentences)


@cache
def _head() -> Head:
    labels, weights = stored_weights()
    return Head(load_encoder(), labels, weights)


def stored_weights() -> tuple[list[str], Floats]:
    """The labels and the weights of ``head.npz``."""
    with as_file(files("rasad.reading") / "head.npz") as path, np.load(path, allow_pickle=False) as stored:
        return [str(label) for label in stored["labels"]], stored["weights"].astype(np.float32)
