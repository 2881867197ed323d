"""Which line of a table a claim stands in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a register to this version."""
    for table in ("claims", "atoms"):
        op.add_column(table, sa.Column("entry", sa.String(), nullable=True))


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
