"""How far the confidence of claims can be trusted: the reliability table and the expected calibration error.

    python training/reliability.py tests/gold/dev        read the texts of a gold folder, judge and tabulate the claims

``table`` and ``calibration_error`` are for other programs (``benchmarks/run.py``).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from judge import Judged, judged

BINS = 10


class Bin(NamedTuple):
    """The claims whose confidence is in ``[low, high)``: how many, their mean confidence, the share accepted."""

    low: float
    high: float
    claims: int
    confidence: float
    accepted: float


def reliability(confidences: Sequence[float], accepted: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """The bins, of equal width, that hold any claim."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for pair in zip(confidences, accepted, strict=True):
        members[min(bins - 1, int(pair[0] * bins))].append(pair)
    return [
        Bin(i / bins, (i + 1) / bins, len(inside), _mean([c for c, _ in inside]), _mean([a for _, a in inside]))
        for i, inside in enumerate(members)
        if inside
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: the mean distance of confidence and share accepted, each bin by its claims
    (Naeini, Cooper and Hauskrecht 2015)."""
    return sum(b.claims * abs(b.confidence - b.accepted) for b in bins) / max(1, sum(b.claims for b in bins))


def table(bins: Sequence[Bin]) -> str:
    """The bins as text, with the expected calibration error in the last line."""
    lines = [f"{'confidence':>11}{'claims':>8}{'mean':>8}{'accepted':>10}"]
    lines += [f"{f'{b.low:.1f}-{b.high:.1f}':>11}{b.claims:>8}{b.confidence:>8.3f}{b.accepted:>10.3f}" for b in bins]
    lines.append(f"{sum(b.claims for b in bins)} claims, expected calibration error {calibration_error(bins):.3f}")
    return "\n".join(lines)


def of_claims(found: Sequence[Judged]) -> list[Bin]:
    """The bins of judged claims, by the confidence that the reader gave them."""
    return reliability([j.claim.confidence for j in found], [j.accepted for j in found])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gold", type=Path, help="a folder of gold files")
    found = list(judged(parser.parse_args().gold))
    print(table(of_claims(found)))
    for language in sorted({j.language for j in found}):
        chosen = [j for j in found if j.language == language]
        accepted = _mean([j.accepted for j in chosen])
        print(
            f"{language}: {len(chosen)} claims, {accepted:.3f} accepted, error {calibration_error(of_claims(chosen)):.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
