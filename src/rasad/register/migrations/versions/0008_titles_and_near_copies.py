"""What a text is called and who wrote it; and appearances of it with small changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a register to this version."""
    with op.batch_alter_table("publications") as table:
        for name in ("title", "author", "copy"):
            table.add_column(sa.Column(name, sa.String(), nullable=True))
        table.drop_constraint("uq_publications_document", type_="unique")
    op.create_index("ix_publications_copy", "publications", ["copy"])
    told = sa.text("coalesce(copy, '')")
    op.create_index("uq_publications_document", "publications", ["document", "outlet", told], unique=True)


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
