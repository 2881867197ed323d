"""``rasad brief`` writes one report on a country."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.telling import not_made, tell, wrong_use

Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="A state: its code or name.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it: .html, .pdf or .md.")]


def brief(country: Country, output: Output, register: RegisterOption = None) -> None:
    """Write one report on a country: its market, dependences, allegations, alignment and embargoes, with pictures, footnoted to
    the sentences."""
    with gathered(register) as kept:
        from rasad.analysis import brief as made
        from rasad.analysis.briefs import BriefError, BriefWarning, NothingToTellError

        try:
            report = made(kept, country)
        except NothingToTellError as error:
            raise not_made(str(error)) from None
        with warnings.catch_warnings(record=True, category=BriefWarning) as caught:
            try:
                report.save(output)
            except BriefError as error:
                raise wrong_use(str(error), "rasad brief") from None
    for one in caught:
        tell(f"{output}: {one.message}")
    tell(f"{output}: {report.of.name}, {len(report.notes)} sentence{'' if len(report.notes) == 1 else 's'}")
