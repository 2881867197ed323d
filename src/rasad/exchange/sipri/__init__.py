"""SIPRI's trade register: read from the tables that SIPRI publishes, claimed as its own, and written in the same columns.

What is particular to SIPRI's spelling stands in ``words.toml`` (titles of columns, descriptions, remarks) and in
``names.toml`` (suppliers and recipients).
"""

from rasad.exchange.sipri.claimed import SIPRI, as_claims
from rasad.exchange.sipri.register import read_register, write_register
from rasad.exchange.sipri.rows import BadRow, Figure, Party, Period, RegisterRow
from rasad.exchange.sipri.table import RegisterFormatError

__all__ = [
    "SIPRI", "BadRow", "Figure", "Party", "Period", "RegisterFormatError", "RegisterRow", "as_claims", "read_register",
    "write_register",
]  # fmt: skip
