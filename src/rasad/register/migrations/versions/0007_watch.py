"""What is watched: the sources, the addresses that they named, the texts that they gave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a register to this version."""
    op.create_table(
        "watched",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("address", "kind")),
        *(sa.Column(name, sa.String()) for name in ("outlet", "etag", "modified", "last", "next")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("visits", "failures")),
        sa.Column("error", sa.String()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched")),
        sa.UniqueConstraint("address", name=op.f("uq_watched_address")),
    )
    op.create_table(
        "visited",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("next", sa.String()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String()),
        sa.ForeignKeyConstraint(["source"], ["watched.id"], name=op.f("fk_visited_source")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_visited")),
    )
    op.create_table(
        "brought",
        sa.Column("source", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("document", "address", "at")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("new", "about_arms")),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_brought_document")),
        sa.ForeignKeyConstraint(["source"], ["watched.id"], name=op.f("fk_brought_source")),
        sa.PrimaryKeyConstraint("source", "document", name=op.f("pk_brought")),
    )
    for table, column in (("visited", "source"), ("visited", "next"), ("brought", "document")):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
