"""Where documents come from."""

from rasad.sources.decoding import Decoded, decode
from rasad.sources.files import Problem, Skipped, documents, find, from_bytes, from_file, standard_input

__all__ = [
    "Decoded", "Problem", "Skipped", "decode", "documents", "find", "from_bytes", "from_file", "standard_input",
]  # fmt: skip
