"""The processors of this machine."""

from __future__ import annotations

import os
from pathlib import Path

#: A process a core: threads of NumPy would only stand in each other's way.
_ALONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
#: What OpenBLAS needs of a processor for its widest kernels. It takes them on Intel's by itself, and on others that have as much not.
_WIDE = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"})


def settle_numpy() -> None:
    """Sets what NumPy is to make of this machine in the processes that this one starts, where nobody has set that: one thread, and the
    widest kernels that there are."""
    for name, value in _ALONE.items():
        os.environ.setdefault(name, value)
    if _flags() >= _WIDE:
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


def _flags() -> set[str]:
    """What the processors say they can do; nothing where the system does not tell."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as told:
            return set(next((line for line in told if line.startswith("flags")), "").split())
    except OSError:
        return set()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
