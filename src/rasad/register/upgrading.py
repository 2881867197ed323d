"""A register that an older Rasad made, brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from rasad.register import database
from rasad.register.database import StoreError, address, shown, told


class Upgraded(NamedTuple):
    """The version of the tables before and after."""

    before: str
    after: str


def upgraded(given: str | Path | None) -> Upgraded:
    """Brings an existing register up to date. Raises StoreError for what is none, or was made by a newer Rasad: nothing is
    touched then."""
    url = address(given)
    before = _version(url)
    scripts = ScriptDirectory(str(Path(__file__).with_name("migrations")))
    if before not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            f"{shown(url)}: was made by a newer Rasad (version {before} of the tables); update Rasad to use it"
        )
    return Upgraded(before, database.upgrade(given))


def _version(url: str) -> str:
    path = Path(make_url(url).database or "")
    if url.startswith("sqlite") and not path.is_file():
        raise StoreError(f"{path}: no such register; `rasad add PATH…` makes one")
    engine = create_engine(url)
    try:
        with told(url), engine.connect() as connection:
            version = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    if version is None:
        raise StoreError(f"{shown(url)}: is no register of Rasad's, nothing to bring up to date")
    return version
