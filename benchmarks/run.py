"""Measures Rasad, and in the same run its peers. Prints tables; ``--json FILE`` writes the same figures for programs.

    python benchmarks/run.py                      everything (some minutes)
    python benchmarks/run.py --only speed         one section: quality, background, reliability, speed, register, amount or
                                                  profile
    python benchmarks/run.py --quick              a first look: less text, fewer runs; no figures to quote

The gold texts under ``tests/gold`` are always there. The development sets, ordinary news and the scorer are looked for in
the folder that ``--shared`` names; what is not there is left out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECTIONS = ("quality", "background", "reliability", "speed", "register", "amount")
_MODULES = {
    "quality": "quality",
    "background": "background",
    "reliability": "calibration",
    "speed": "speed",
    "register": "register",
    "amount": "amount",
    "profile": "hot_spots",
}


def main() -> int:
    options = _options()
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[threads] = "1"  # one core, for Rasad and for its peers; before anything loads NumPy
    figures: dict[str, Any] = {"machine": _machine()}
    print(f"{figures['machine']['processor']} · Python {figures['machine']['python']}" + " · quick" * options.quick)
    for section in options.only or SECTIONS:
        started = time.perf_counter()
        print(f"\n━━ {section} " + "━" * (96 - len(section)))
        figures[section] = import_module(_MODULES[section]).measure(options)
        print(f"({time.perf_counter() - started:.0f} s)", flush=True)
    _summary(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--only", action="append", choices=list(_MODULES), help="this section; may be given more than once"
    )
    parser.add_argument("--quick", action="store_true", help="less text and fewer runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    parser.add_argument(
        "--amount", type=float, default=1, metavar="GB", help="how much is read to see whether memory grows [1]"
    )
    parser.add_argument(
        "--shared",
        type=Path,
        metavar="DIR",
        default=ROOT.parent / "shared",
        help="where eval/, data/ and seed/ are [../shared]",
    )
    parser.add_argument("--scorer", type=Path, metavar="FILE", help="the scorer [eval/score.py in --shared]")
    options = parser.parse_args()
    options.scorer = options.scorer or options.shared / "eval" / "score.py"
    return options  # fmt: skip


def _machine() -> dict[str, str]:
    return {"processor": _processor(), "system": platform.system(), "python": platform.python_version()}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _summary(figures: dict[str, Any]) -> None:
    """The figures that the project promises, one a line, with what was promised."""
    from tables import aligned

    rows = [row for section in figures.values() for row in section.get("promises", ())]
    if rows:
        print("\n━━ promises " + "━" * 88)
        print(aligned(("figure", "measured", "promised", ""), [(*row[:3], "" if row[3] else "missed") for row in rows]))


if __name__ == "__main__":
    sys.exit(main())
