"""Where documents come from."""

from rasad.sources.decoding import Decoded, decode
from rasad.sources.files import from_bytes
from rasad.sources.pieces import Piece, Problem, Provenance, Skipped, with_provenance
from rasad.sources.places import Place
from rasad.sources.splits import documents, documents_of, unpacked

__all__ = [
    "Decoded", "Piece", "Place", "Problem", "Provenance", "Skipped", "decode", "documents", "documents_of", "from_bytes",
    "unpacked", "with_provenance",
]  # fmt: skip
