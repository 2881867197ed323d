"""How sure each deal and its value are, kept with it, so that analyses need not look through its atoms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FLOWS = [
    "actor",
    "partner",
    "stage",
    "category",
    "disputed",
    "first_year",
    "last_year",
    "claims",
    "sources",
    "deal",
    "frame",
]
SUPPORT = ["family", "item", "label", "actor", "partner", "stage", "sure", "deal", "frame"]
INDEXES = {
    "ix_deals_flows": (FLOWS, "frame = 'transfer'"),
    "ix_deals_support": (SUPPORT, "frame IN ('service', 'joint_project')"),
}
FILLED = """
UPDATE deals SET
    sure = CASE
        WHEN EXISTS (
            SELECT 1 FROM atoms AS a WHERE a.deal = deals.deal AND a.polarity = 'positive' AND a.certainty = 'asserted'
                AND (deals.quantity IS NULL OR a.quantity = deals.quantity)
        ) THEN 2
        WHEN EXISTS (SELECT 1 FROM atoms AS a WHERE a.deal = deals.deal AND a.polarity = 'positive') THEN 1
        ELSE 0 END,
    valued = CASE WHEN amount IS NULL THEN 0 ELSE COALESCE((
        SELECT MAX(CASE WHEN a.certainty = 'asserted' THEN 2 ELSE 1 END) FROM atoms AS a
        WHERE a.deal = deals.deal AND a.polarity = 'positive' AND a.amount = deals.amount AND a.currency = deals.currency
            AND (a.entry IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM atoms AS b
                WHERE b.document = a.document AND b.amount = a.amount AND b.currency = a.currency AND b.deal <> a.deal
            ))
    ), 0) END
"""


def upgrade() -> None:
    """Brings a register to this version."""
    for column in ("sure", "valued"):
        op.add_column("deals", sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    op.execute(FILLED)
    for name, (columns, where) in INDEXES.items():
        which = sa.text(where)
        op.create_index(name, "deals", columns, unique=False, sqlite_where=which, postgresql_where=which)


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
