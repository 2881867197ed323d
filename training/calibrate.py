"""Calibrates the confidence of claims on the gold in ``tests/gold/calibration`` and ``tests/gold/dev`` (never on
``tests/gold/test``). The rules were tuned on ``dev`` and do better there than on other texts; ``calibration`` was written
after them. A bias set on ``calibration`` alone was tried: eight topics are too few, it made every confidence too low.

    python training/calibrate.py            fit, show the reliability on topics held out, write calibration.json
    python training/calibrate.py --check    fit, and exit 1 where the stored weights are not these weights

The reader reads every text of every topic; ``judge`` says of each claim whether a careful reader would accept it; a logistic
model over the features of ``rasad.reading.ground`` learns to say how often. Every topic is held out once, in all its
languages, for the figures that are printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import logistic
import numpy as np
import numpy.typing as npt
from judge import Judged, judged
from reliability import reliability, table

from rasad.reading.ground import confidence

ROOT = Path(__file__).resolve().parents[1]
GOLD = (ROOT / "tests/gold/dev", ROOT / "tests/gold/calibration")
WEIGHTS = ROOT / "src/rasad/reading/calibration.json"
PENALTIES = (0.3, 1.0, 3.0, 10.0)  #: the one with the least log loss on topics held out is taken
DECIMALS = 2
BIAS = "bias"

Array = npt.NDArray[np.float64]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the stored weights and write nothing")
    options = parser.parse_args()
    found = [one for folder in GOLD for one in judged(folder)]
    insist_on_the_features(found)
    names = sorted({name for j in found for name in j.features})
    inputs, accepted = matrix(found, names), np.array([float(j.accepted) for j in found])
    topics = [j.topic for j in found]
    tried = {penalty: held_out(inputs, accepted, topics, names, penalty) for penalty in PENALTIES}
    penalty = min(tried, key=lambda p: round(loss(tried[p], accepted), 4))
    weights = fit(inputs, accepted, names, penalty)
    if options.check:
        return check(weights)
    report(found, tried, penalty)
    WEIGHTS.write_text(json.dumps(weights, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{WEIGHTS.relative_to(ROOT)}: {len(weights)} weights from {len(found)} claims")
    return 0


def insist_on_the_features(found: Sequence[Judged]) -> None:
    """Exits where the features that explain a claim are not those that its confidence was reckoned from: to fit them would
    calibrate another model than the reader's."""
    for one in found:
        again = confidence(one.features)
        if abs(again - one.claim.confidence) > 0.01:
            sys.exit(
                f"{one.claim.document}: {one.claim.id} has confidence {one.claim.confidence}, but {again} by the features of its "
                "explanation (rasad.reading.explain must give the same features as rasad.reading.ground)"
            )


def matrix(found: Sequence[Judged], names: Sequence[str]) -> Array:
    """A row of features for each claim; a feature that a claim lacks is 0."""
    return np.array([[j.features.get(name, 0.0) for name in names] for j in found])


def fit(inputs: Array, accepted: Array, names: Sequence[str], penalty: float) -> dict[str, float]:
    """The rounded weight of each feature, those left out that weigh nothing."""
    fitted = logistic.fit(inputs, accepted, penalty, free=names.index(BIAS))
    rounded = {name: round(float(weight), DECIMALS) for name, weight in zip(names, fitted, strict=True)}
    return {name: weight for name, weight in rounded.items() if weight}


def held_out(inputs: Array, accepted: Array, topics: Sequence[str], names: Sequence[str], penalty: float) -> Array:
    """The confidence of each claim from the model that has not seen its topic."""
    of = np.array(topics)
    chances = np.zeros(len(topics))
    for topic in sorted(set(topics)):
        inside = of == topic
        weights = fit(inputs[~inside], accepted[~inside], names, penalty)
        chances[inside] = logistic.probability(inputs[inside], np.array([weights.get(name, 0.0) for name in names]))
    return chances


def loss(chances: Array, accepted: Array) -> float:
    """The mean log loss."""
    safe = np.clip(chances, 1e-6, 1 - 1e-6)
    return float(-np.mean(accepted * np.log(safe) + (1 - accepted) * np.log(1 - safe)))


def check(weights: dict[str, float]) -> int:
    """0 where the stored weights are these, to a rounding step; else 1."""
    stored: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    limit = 1.5 * 10**-DECIMALS
    apart = [n for n in sorted({*stored, *weights}) if abs(stored.get(n, 0.0) - weights.get(n, 0.0)) > limit]
    for name in apart:
        print(
            f"{WEIGHTS.relative_to(ROOT)}: {name} is {stored.get(name)}, training gives {weights.get(name)}",
            file=sys.stderr,
        )
    return 1 if apart else 0


def report(found: Sequence[Judged], tried: dict[float, Array], penalty: float) -> None:
    """Prints how many claims were accepted, the penalties tried, and the reliability on topics held out."""
    accepted = np.array([float(j.accepted) for j in found])
    print(
        f"{len(found)} claims of {len({j.topic for j in found})} topics that have any, {accepted.mean():.3f} accepted"
    )
    for kind, names in (("language", [j.language for j in found]), ("frame", [j.claim.frame for j in found])):
        groups = {
            group: [j.accepted for j, name in zip(found, names, strict=True) if name == group]
            for group in sorted(set(names))
        }
        print(f"by {kind}: " + ", ".join(f"{group} {sum(marks)}/{len(marks)}" for group, marks in groups.items()))
    base = loss(np.full(len(found), accepted.mean()), accepted)
    losses = ", ".join(f"{p}: {loss(chances, accepted):.4f}" for p, chances in tried.items())
    print(f"log loss held out, by penalty: {losses} (always the mean: {base:.4f}); taken: {penalty}")
    print("\nReliability, every topic held out once")
    print(table(reliability(tried[penalty].tolist(), [j.accepted for j in found])))


if __name__ == "__main__":
    sys.exit(main())
