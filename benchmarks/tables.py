"""Plain tables for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any


def aligned(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table: the first column, and columns of text, on the left; numbers on the right; None is a dash."""
    cells = [[_cell(value) for value in row] for row in rows]
    numeric = [bool(rows) and all(_is_number(row[i]) for row in rows) for i in range(len(header))]
    widths = [max(_width(line[i]) for line in [list(header), *cells]) for i in range(len(header))]
    lines = [list(header), ["─" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(_pad(*column) for column in zip(line, widths, numeric, strict=True)).rstrip() for line in lines
    )


def promise(
    name: str, measured: float, bound: float, unit: str = "", *, most: bool = False
) -> tuple[str, str, str, bool]:
    """A row of the summary: the name, what was measured, what was promised (at least ``bound``, or at most), and whether
    the promise is kept."""
    kept = measured <= bound if most else measured >= bound
    return name, f"{measured:,.3g}{unit}", f"{'≤' if most else '≥'} {bound:,g}{unit}", kept


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) >= 10 else f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, int | float)


def _width(text: str) -> int:
    return sum(not unicodedata.combining(c) for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    blank = " " * (width - _width(text))
    return blank + text if right else text + blank
