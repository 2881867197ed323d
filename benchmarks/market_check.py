"""Whether ``rasad market`` counts what SIPRI's table has: the same counted with Polars, over the file itself.
``market_check.py FILE`` takes a trade register as SIPRI's website gives it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import polars as pl
from tables import aligned

from rasad.analysis import market
from rasad.exchange.imports import import_sipri
from rasad.register import open_register

COUNTRIES = {"KAZ": "Kazakhstan", "IND": "India", "EGY": "Egypt"}
NAMES = {"Czechia": "Czech Republic", "UAE": "United Arab Emirates"}  #: as SIPRI writes them, and as the register does
NOBODY = "Unknown supplier(s)"
OFFERED = "not yet ordered"
Counts = dict[tuple[object, ...], float]


def main() -> None:
    path = Path(sys.argv[1])
    table = pl.read_csv(path, infer_schema=False)
    found = []
    with tempfile.TemporaryDirectory() as folder, open_register(Path(folder, "rasad.db"), create=True) as register:
        import_sipri(register, path)
        for code, name in COUNTRIES.items():
            answer = market(register, code)
            ours = {
                "deals": _counts(answer.to_polars("by_period"), "deal_count"),
                "units": _summed(answer.to_polars("by_category"), "units"),
                "index": {(row.period,): row.hhi for row in answer.table("concentration")},
            }
            for what, counted in _counted(table, name).items():
                same = sum(abs(ours[what].get(key, 0) - value) < 1e-6 for key, value in counted.items())
                found.append([name, what, f"{len(counted)}", f"{same}", f"{len(ours[what].keys() - counted.keys())}"])
                for key in sorted(counted.keys() | ours[what].keys(), key=str):
                    if abs(ours[what].get(key, 0) - counted.get(key, 0)) >= 1e-6:
                        print(name, what, *key, "file", counted.get(key), "register", ours[what].get(key))
    print(aligned(["recipient", "", "in the file", "the same", "only in the register"], found))


def _counts(frame: pl.DataFrame, column: str) -> Counts:
    return {(period, supplier): count for period, supplier, count in frame.select("period", "supplier", column).rows()}


def _summed(frame: pl.DataFrame, column: str) -> Counts:
    summed = frame.group_by("period", "supplier").agg(pl.col(column).sum())
    return {key: units for key, units in _counts(summed, column).items() if units}


def _counted(table: pl.DataFrame, recipient: str) -> dict[str, Counts]:
    """Deals and units by period and supplier, and the squared shares of each period, from the cells alone."""

    def number(title: str) -> pl.Expr:
        return pl.col(title).str.extract(r"(\d+)").cast(pl.Int64)

    year = pl.coalesce(number("Ordered year"), number("Delivered year"))
    begins = year - year.mod(5)
    deals = table.filter(
        pl.col("Recipient") == recipient, ~pl.col("Comments").fill_null("").str.contains(OFFERED, literal=True)
    ).select(
        period=pl.format("{}–{}", begins, begins + 4),
        supplier=pl.when(pl.col("Supplier") != NOBODY).then(pl.col("Supplier").replace(NAMES)),
        units=pl.coalesce(number("Ordered"), number("Delivered num.")),
    )
    counts = deals.group_by("period", "supplier").agg(deals=pl.len(), units=pl.col("units").sum())
    share = 100 * pl.col("deals") / pl.col("deals").sum()
    index = counts.filter(pl.col("supplier").is_not_null()).group_by("period").agg(index=(share**2).sum())
    return {
        "deals": _counts(counts, "deals"),
        "units": {key: units for key, units in _counts(counts, "units").items() if units},
        "index": {(period,): value for period, value in index.rows()},
    }


if __name__ == "__main__":
    main()
