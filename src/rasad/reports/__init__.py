"""Claims as a person or another program wants them: a table to read, JSON lines, CSV, Parquet."""

from rasad.reports.sinks import FORMATS, Record, Sink, open_sink
from rasad.reports.wording import readable, right_to_left

__all__ = ["FORMATS", "Record", "Sink", "open_sink", "readable", "right_to_left"]
