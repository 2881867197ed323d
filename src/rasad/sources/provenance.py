"""When a text was published, as far as it is told."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(?=$|[T ]))?)?(?:[T ].*)?")


def day(given: str) -> str:
    """A date as far as it is known: 2018, 2018-10 or 2018-10-05. A time of day after a whole date is left out. Raises ValueError
    for what is none."""
    match = _DATE.fullmatch(given.strip())
    known = given.strip()[:10] if match else ""
    try:
        date.fromisoformat(f"{known}-01-01"[:10] if len(known) == 4 else f"{known}-01"[:10])
    except ValueError:
        raise ValueError(f"{given!r} is no date (ISO 8601: 2018, 2018-10 or 2018-10-05)") from None
    return known
