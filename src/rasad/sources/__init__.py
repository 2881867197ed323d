"""Where documents come from."""

from rasad.sources.decoding import Decoded, decode
from rasad.sources.files import documents, find, from_bytes, from_file, standard_input
from rasad.sources.pieces import Piece, Problem, Provenance, Skipped, with_provenance

__all__ = [
    "Decoded", "Piece", "Problem", "Provenance", "Skipped", "decode", "documents", "find", "from_bytes", "from_file",
    "standard_input", "with_provenance",
]  # fmt: skip
