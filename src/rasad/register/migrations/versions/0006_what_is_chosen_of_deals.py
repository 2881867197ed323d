"""Deals and relations in the orders in which they are listed, with what is chosen of them; and who printed what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHOSEN = ("frame", "actor", "partner", "category", "stage", "ordered", "first_year", "disputed")


def upgrade() -> None:
    """Brings a register to this version."""
    op.create_index("ix_deals_chosen", "deals", [sa.text("sources DESC"), sa.text("reports DESC"), "deal", *CHOSEN])
    op.create_index("ix_deals_year", "deals", [sa.text("coalesce(ordered, first_year, 0) DESC"), "deal"])
    op.create_index("ix_publications_outlet", "publications", ["outlet", "id"])


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
