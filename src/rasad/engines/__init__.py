"""Reading any amount of text: the same functions on the cores of this machine and on Spark.

A process that does a part of the work needs little of this: what is named here is loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasad.engines.batches import CLAIMS, DOCUMENTS, claims_of, sift
    from rasad.engines.folder import RunError
    from rasad.engines.local import run
    from rasad.engines.readers import Readers
    from rasad.result import Report

__all__ = ["CLAIMS", "DOCUMENTS", "Readers", "Report", "RunError", "claims_of", "run", "sift"]

_MODULES = {
    **dict.fromkeys(("CLAIMS", "DOCUMENTS", "claims_of", "sift"), "rasad.engines.batches"),
    "RunError": "rasad.engines.folder",
    "run": "rasad.engines.local",
    "Readers": "rasad.engines.readers",
    "Report": "rasad.result",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
