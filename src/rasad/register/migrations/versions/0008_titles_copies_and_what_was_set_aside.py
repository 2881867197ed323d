"""What a text is called and who wrote it; appearances of it with small changes; and what could not be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
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
    op.create_table(
        "aside",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("place", "name", "reason", "first", "last")),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", "name", name=op.f("pk_aside")),
    )


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
