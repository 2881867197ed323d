"""How far ``confidence`` can be trusted: the reliability table and the expected calibration error."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from corpora import GOLD_DEV, GOLD_TEST, ROOT
from tables import aligned, promise

sys.path.append(str(ROOT / "training"))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """The table for the test split, which the calibration never saw, and the errors on the sets that it may have seen."""
    try:
        from judge import judged
        from reliability import calibration_error, of_claims
    except ImportError as missing:
        print(f"left out: {missing}")
        return {}
    found: dict[str, Any] = {}
    folders = (("own test", GOLD_TEST), ("own dev", GOLD_DEV), ("shared dev", options.shared / "eval" / "dev"))
    for name, folder in folders:
        if not any(folder.glob("*.json")):
            continue
        claims = list(judged(folder))
        bins = of_claims(claims)
        error = calibration_error(bins)
        accepted = sum(j.accepted for j in claims) / max(1, len(claims))
        print(f"{name}: {len(claims)} claims, {accepted:.3f} accepted, expected calibration error {error:.3f}")
        rows = [(f"{b.low:.1f} to {b.high:.1f}", b.claims, b.confidence, b.accepted) for b in bins]
        print(aligned(("confidence", "claims", "mean", "accepted"), rows), end="\n\n")
        found[name] = {"bins": rows, "error": error, "claims": len(claims), "accepted": accepted}
    if "own test" in found:
        found["promises"] = [promise("own test, calibration error", found["own test"]["error"], 0.05, most=True)]
    return found
