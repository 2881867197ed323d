"""Trains the head over the sentence encoder from ``src/rasad/languages/*/sentences.tsv``.

    python training/head.py            train, show how well it does on sentences held out, write head.npz
    python training/head.py --check    train, and exit 1 where the stored weights are not these weights

A line of ``sentences.tsv`` is a label (frames joined by ``+``, or ``none``), a tab, and the sentence.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import NamedTuple

import logistic
import numpy as np
import numpy.typing as npt

from rasad.ontology import ontology
from rasad.reading.encoder import load_encoder
from rasad.reading.head import NONE, clean, stored_weights

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = ROOT / "src/rasad/languages"
WEIGHTS = ROOT / "src/rasad/reading/head.npz"
PENALTY = 0.1  #: chosen on held-out sentences among 0.05, 0.1 and 0.2
STEP = 1 / 64  #: weights are multiples of this, which a 16-bit float holds exactly below 32
FOLDS = 5
SHOWN = 0.3  #: about the threshold of the best F1
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Array = npt.NDArray[np.float64]


class Sentence(NamedTuple):
    """A labelled sentence; ``fold`` says with which fifth it is held out."""

    language: str
    labels: frozenset[str]
    text: str
    fold: int


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the stored weights and write nothing")
    parser.add_argument(
        "--penalty", type=float, default=PENALTY, help="strength of the L2 penalty (default %(default)s)"
    )
    options = parser.parse_args()
    sentences = labelled(sorted(SENTENCES.glob("*/sentences.tsv")))
    labels = [*ontology().frames, NONE]
    vectors = embed(sentences)
    if options.check:
        return check(labels, train(sentences, vectors, labels, options.penalty))
    report(sentences, held_out(sentences, vectors, labels, options.penalty), labels)
    weights = train(sentences, vectors, labels, options.penalty)
    with WEIGHTS.open("wb") as file:
        np.savez(file, labels=np.array(labels), weights=weights.astype(np.float16))
    print(f"\n{WEIGHTS.relative_to(ROOT)}: {weights.size} weights from {len(sentences)} sentences")
    return 0


def labelled(paths: list[Path]) -> list[Sentence]:
    """Every sentence once, in an order that does not depend on the files. Exits where a line is malformed."""
    found: dict[str, Sentence] = {}
    known = {*ontology().frames, NONE}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            label, tab, text = line.partition("\t")
            labels = frozenset(part.strip() for part in label.split("+"))
            text = clean(text)
            if not tab or not text or labels - known or (NONE in labels and len(labels) > 1):
                sys.exit(
                    f"{path.relative_to(ROOT)}:{number}: expected frame[+frame] or none, a tab, a sentence; found {line[:60]!r}"
                )
            fold = hashlib.sha256(text.encode()).digest()[0] % FOLDS
            found[text] = Sentence(path.parent.name, labels, text, fold)
    if not found:
        sys.exit(f"{SENTENCES.relative_to(ROOT)}: no sentences.tsv in any language")
    return sorted(found.values(), key=lambda s: (s.language, s.text))


def embed(sentences: list[Sentence]) -> Array:
    """The vectors, with a column of ones for the bias. Rounded, so that the last bits of a machine do not matter."""
    vectors = load_encoder().encode([s.text for s in sentences]).astype(np.float64)
    return np.hstack([np.round(vectors, 5), np.ones((len(sentences), 1))])


def train(sentences: list[Sentence], vectors: Array, labels: list[str], penalty: float) -> Array:
    """The weights, a row for each label, as multiples of the rounding step. A sentence with two labels counts half for
    each."""
    shares = np.stack([answers(sentences, label) for label in labels], axis=1)
    weights = logistic.fit_shares(vectors, shares / shares.sum(axis=1, keepdims=True), penalty)
    return np.round(weights / STEP) * STEP


def answers(sentences: list[Sentence], label: str) -> Array:
    """1 where a sentence carries the label, else 0."""
    return np.array([float(label in s.labels) for s in sentences])


def held_out(sentences: list[Sentence], vectors: Array, labels: list[str], penalty: float) -> Array:
    """The probability of each label for each sentence, from the model trained on the other four fifths."""
    folds = np.array([s.fold for s in sentences])
    chances = np.zeros((len(sentences), len(labels)))
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        weights = train([sentences[i] for i in outside], vectors[outside], labels, penalty)
        chances[inside] = logistic.chances(vectors[inside], weights)
    return chances


def check(labels: list[str], weights: Array) -> int:
    """0 where the stored weights are these, to a rounding step; else 1."""
    stored_labels, stored = stored_weights()
    if stored_labels != labels or stored.shape != weights.shape:
        print(f"{WEIGHTS.relative_to(ROOT)}: other labels or another shape than the training gives", file=sys.stderr)
        return 1
    apart = float(np.abs(stored - weights).max() / STEP)
    same = apart < 1.5
    differing = int((np.abs(stored - weights) > STEP / 2).sum())
    print(
        f"{WEIGHTS.relative_to(ROOT)}: {differing} of {weights.size} weights differ, at most by {apart:.0f} steps of {STEP}"
    )
    return 0 if same else 1


def report(sentences: list[Sentence], chances: Array, labels: list[str]) -> None:
    """Prints precision and recall on held-out sentences: by frame and language at 0.5, and for several thresholds."""
    languages = sorted({s.language for s in sentences})
    print(
        f"Held out by fifths: precision/recall at {SHOWN} (sentences)\n{'':15}"
        + "".join(f"{x:>20}" for x in ["all", *languages])
    )
    for column, label in enumerate(labels):
        right = answers(sentences, label)
        cells = [cell(right, chances[:, column])]
        for language in languages:
            rows = np.array([s.language == language for s in sentences])
            cells.append(cell(right[rows], chances[rows, column]))
        print(f"{label:15}" + "".join(f"{c:>20}" for c in cells))
    print(f"\nAll frames together, for each threshold\n{'threshold':>10}{'precision':>11}{'recall':>8}{'F1':>7}")
    frames = [i for i, label in enumerate(labels) if label != NONE]
    right = np.concatenate([answers(sentences, labels[i]) for i in frames])
    chance = np.concatenate([chances[:, i] for i in frames])
    for threshold in THRESHOLDS:
        precision, recall = figures(right, chance, threshold)
        print(
            f"{threshold:>10}{precision:>11.2f}{recall:>8.2f}{2 * precision * recall / max(precision + recall, 1e-9):>7.2f}"
        )
    print("\nRecall at the threshold below which a frame is all but ruled out")
    for threshold in (0.01, 0.02, 0.05):
        precision, recall = figures(right, chance, threshold)
        print(f"{threshold:>10}{precision:>11.2f}{recall:>8.2f}")


def figures(right: Array, chance: Array, threshold: float) -> tuple[float, float]:
    """Precision and recall of what reaches the threshold."""
    found = chance >= threshold
    hits = float(right[found].sum())
    return hits / max(1, int(found.sum())), hits / max(1.0, float(right.sum()))


def cell(right: Array, chance: Array) -> str:
    precision, recall = figures(right, chance, SHOWN)
    return f"{precision:.2f}/{recall:.2f} ({int(right.sum())})"


if __name__ == "__main__":
    sys.exit(main())
