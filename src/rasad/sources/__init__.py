"""Where documents come from."""

from rasad.sources.files import Problem, Skipped, decode, documents, find

__all__ = ["Problem", "Skipped", "decode", "documents", "find"]
