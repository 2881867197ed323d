"""Who works at the desk: accounts, sessions, tokens, failed log-ins, and the log of who did what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_{change.lower()} BEFORE {change} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the log of the desk is only added to'); END"
        for change in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log of the desk is only added to'; END $$",
        "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows()",
    ],
}


def upgrade() -> None:
    """Brings a register to this version."""
    op.create_table(
        "users",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    _of_somebody("sessions", "created", "seen", "expires", "origin", "browser")
    _of_somebody("api_tokens", "name", "role", "created", "used?", "expires?")
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("at", "who", "origin", "action", "subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    for column in ("who", "action"):
        op.create_index(op.f(f"ix_audit_{column}"), "audit", [column])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _of_somebody(table: str, *columns: str) -> None:
    """What belongs to an account; a column with ``?`` may be empty."""
    op.create_table(
        table,
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        *(sa.Column(name.rstrip("?"), sa.String(), nullable=name.endswith("?")) for name in columns),
        sa.ForeignKeyConstraint(["person"], ["users.name"], name=op.f(f"fk_{table}_person")),
        sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_person"), table, ["person"])


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
