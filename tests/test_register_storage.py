"""What befalls a register's file or server: each is told by name, with what to do, and nothing that was stored is lost."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from older import back_to_third
from sqlalchemy import event

from rasad import Document
from rasad.register import StoreError, database, open_register, upgrade

TEXT = "Russia delivered {n} S-400 systems to India in 2021."


def doc(number: int) -> Document:
    return Document(name=f"{number}.txt", text=TEXT.format(n=number))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A register with one report in it."""
    file = tmp_path / "rasad.db"
    with open_register(file, create=True) as register:
        register.add([doc(2)])
    return file


def test_a_register_that_is_not_there_is_named_and_so_is_the_command_that_makes_one(tmp_path):
    with pytest.raises(StoreError, match=r"none\.db: no such register; `rasad add PATH…` makes one"):
        open_register(tmp_path / "none.db")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StoreError, match=r"the folder .*nowhere does not exist"):
        open_register(tmp_path / "nowhere" / "rasad.db", create=True)


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    file = tmp_path / "notes.db"
    file.write_text("These are my notes on the arms trade. " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="is no register: it is not a SQLite file"):
        open_register(file, create=True)
    assert file.read_text(encoding="utf-8").startswith("These are my notes")


def test_a_database_of_another_program_is_not_made_a_register(tmp_path):
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match="is no register of Rasad's; it has the tables recipes"):
        open_register(file, create=True)


def test_a_register_of_a_newer_rasad_is_refused(path):
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"made by a newer Rasad .*9999.*; update Rasad"):
        open_register(path)


def test_a_register_of_an_older_rasad_is_refused_until_it_is_upgraded(path, tmp_path, monkeypatch):
    newest = ScriptDirectory(str(database._migrations())).get_current_head()
    later = tmp_path / "migrations"
    shutil.copytree(database._migrations(), later)
    (later / "versions" / "9999_later.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision, down_revision = '9999', '{newest}'\n"
        "branch_labels = depends_on = None\n\n\ndef upgrade():\n    op.add_column('documents', sa.Column('mood', sa.String()))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(database, "_migrations", lambda: later)
    with pytest.raises(StoreError, match=r"made by an older Rasad .*`rasad upgrade --register .*rasad\.db`"):
        open_register(path)
    assert upgrade(path) == "9999"
    with open_register(path) as register:
        assert register.deals()[0]["quantity_delivered"] == 2


def test_a_register_of_the_first_version_keeps_what_it_has_when_it_is_upgraded(tmp_path):
    file = tmp_path / "rasad.db"
    config = Config()
    config.set_main_option("script_location", str(database._migrations()))
    engine = database._engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO documents (id, hash, text, reader, copies) VALUES ('doc-1', 'x', 'kept', 'old', 'doc-1')"
        )
    engine.dispose()
    with pytest.raises(StoreError, match=r"made by an older Rasad \(version 0001"):
        open_register(file)
    upgrade(file)
    with open_register(file) as register:
        assert register.document("doc-1").text == "kept"
        assert register.add([doc(2)]).stored.new == 1


def test_a_register_of_the_third_version_answers_as_before_when_it_is_upgraded(address):
    reports = [
        "Russia sold 12 Su-30 fighters to Kazakhstan for 600 million dollars in 2015.",
        "Russia sold Su-35 fighters and S-400 air defence systems to India for 2 billion dollars in 2016.",
        "Russia may have sold four Mi-17 helicopters to Kazakhstan in 2012.",
        "Russia did not sell T-90 tanks to Kazakhstan in 2014.",
    ]
    with open_register(address, create=True) as register:
        register.add(Document(name=f"{number}.txt", text=text) for number, text in enumerate(reports))
        sure = {deal["deal"]: (deal["sure"], deal["valued"]) for deal in register.deals()}
        with register.engine.begin() as connection:
            back_to_third(connection)
    assert sorted(sure.values()) == [(0, 0), (1, 0), (2, 0), (2, 0), (2, 2)]
    upgrade(address)
    with open_register(address) as register:
        assert {deal["deal"]: (deal["sure"], deal["valued"]) for deal in register.deals()} == sure


def test_a_damaged_file_is_said_to_be_damaged(path):
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    with (
        pytest.raises(StoreError, match=r"rasad\.db: is damaged .*restore it from a copy"),
        open_register(path) as register,
    ):
        register.add([doc(3)])


def test_a_register_that_another_program_writes_to_is_waited_for_and_then_given_up(path, monkeypatch):
    monkeypatch.setattr(database, "WAITS", 0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_register(path) as register:
        assert len(register.deals()) == 1  # readers do not wait
        with pytest.raises(StoreError, match="another program has been writing to it"):
            register.add([doc(3)])
        other.execute("ROLLBACK")
        assert register.add([doc(3)]).stored.new == 1


def test_where_the_disk_is_full_nothing_is_stored_by_halves(path):
    with open_register(path) as register:

        @event.listens_for(register.engine, "connect")
        def _limit(connection, _):
            connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0] + 3}")

        register.engine.dispose()
        with pytest.raises(StoreError, match="the disk is full; nothing was stored by halves"):
            register.add([doc(number) for number in range(3, 60)])
    with open_register(path) as register:
        assert register.deals()[0]["claims"] == 1
        assert register.add([doc(number) for number in range(3, 60)]).stored.new == 57


def test_a_register_that_may_not_be_written_can_still_be_read(tmp_path):
    path = tmp_path / "kept" / "rasad.db"
    path.parent.mkdir()
    with open_register(path, create=True) as register:
        register.add([doc(2)])
    path.chmod(0o444)
    path.parent.chmod(0o555)
    program = (
        "import os, sys\nfrom rasad import Document\nfrom rasad.register import StoreError, open_register\n"
        f"open_register({str(tmp_path / 'warm.db')!r}, create=True).add([Document(name='w', text={TEXT.format(n=8)!r})])\n"
        "os.setuid(65534) if os.geteuid() == 0 else None\n"
        f"register = open_register({str(path)!r})\nprint(len(register.deals()))\n"
        f"try:\n    register.add([Document(name='x', text={TEXT.format(n=9)!r})])\nexcept StoreError as error:\n    print(error)\n"
    )
    for parent in list(path.parents)[:4]:
        if parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o055)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    path.parent.chmod(0o755)
    assert run.stdout.splitlines()[:1] == ["1"], run.stderr
    assert "is read-only; allow writing" in run.stdout


@pytest.mark.parametrize("after", [0.2, 0.5, 0.9])
def test_a_run_that_is_killed_leaves_whole_documents_and_the_next_run_finishes(tmp_path, after):
    file = tmp_path / "rasad.db"
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(2, 200):
        (folder / f"{number}.txt").write_text(TEXT.format(n=number), encoding="utf-8")
    with open_register(file, create=True):
        pass
    program = (
        "from rasad.register import open_register, add\nadd.BATCH = 4\n"
        f"register = open_register({str(file)!r})\nprint('ready', flush=True)\nregister.add([{str(folder)!r}])\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with open_register(file) as register:
        with sqlite3.connect(file) as raw:
            stored = raw.execute("SELECT count(*) FROM documents").fetchone()[0]
            claimed = raw.execute("SELECT count(DISTINCT document) FROM claims").fetchone()[0]
        assert stored == claimed, "a document without its claims"
        added = register.add([folder])
        assert (added.stored.new, added.stored.unchanged) == (198 - stored, stored)
        interrupted = (register.deals(), register.relations())
    with open_register(tmp_path / "whole.db", create=True) as register:
        register.add([folder])
        assert (register.deals(), register.relations()) == interrupted


def test_an_address_of_a_database_that_rasad_does_not_know_is_refused():
    with pytest.raises(StoreError, match=r"registers are kept in SQLite .* or PostgreSQL"):
        open_register("mysql://user@host/name")


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(StoreError) as told:
        open_register("postgresql://ann:secret@127.0.0.1:9/rasad")
    assert "no PostgreSQL server answers there" in str(told.value)
    assert "secret" not in str(told.value)
