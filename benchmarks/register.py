"""The register: how well claims are gathered and copies found, how fast, and in what memory."""

from __future__ import annotations

import argparse
from typing import Any

import big_register
import deal_quality
import linking
import near_copies


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Prints the tables; gives the promises."""
    promises = deal_quality.measure()
    promises += near_copies.measure(5_000 if options.quick else 100_000)
    promises += linking.measure(linking.SIZES[:2] if options.quick else linking.SIZES)
    promises += big_register.measure(30_000 if options.quick else 1_000_000)
    return {"promises": promises}
