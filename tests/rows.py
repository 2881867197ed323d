"""Tables compared as sets of rows: two engines give the same in whatever order."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa


def rows(table: pa.Table) -> Counter[tuple[tuple[str, Any], ...]]:
    """The rows of a table, each with the names of its columns, and how often each is there."""
    return Counter(tuple(sorted(row.items())) for row in table.to_pylist())
