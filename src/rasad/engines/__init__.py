"""Reading any amount of text: the same functions on the cores of this machine and on Spark."""

from rasad.engines.batches import CLAIMS, DOCUMENTS, claims_of, sift
from rasad.engines.folder import Report, RunError
from rasad.engines.local import run
from rasad.engines.readers import Readers

__all__ = ["CLAIMS", "DOCUMENTS", "Readers", "Report", "RunError", "claims_of", "run", "sift"]
