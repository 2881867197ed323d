"""What is needed to tell who is who across documents: names, titles, organisations and countries of mentions; the links found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ("name", "title", "organisation", "country")
ROWS = 5_000  #: mentions filled at a time


def upgrade() -> None:
    """Brings a register to this version."""
    for column in COLUMNS:
        op.add_column("mentions", sa.Column(column, sa.String(), nullable=True))
    op.create_table(
        "links",
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("into", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "document", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_into"), ["into"], unique=False)
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """Takes what the mentions lack from their claims, and leaves the linking to the next command."""
    claims = sa.table("claims", sa.column("id"), sa.column("body"))
    names = ("claim", "role", "position", "entity", *COLUMNS)
    mentions = sa.table("mentions", *(sa.column(name) for name in names))
    entities = sa.table("entities", sa.column("id"), sa.column("known", sa.Boolean))
    unlisted = sa.or_(entities.c.id.like("person:%"), entities.c.id.like("org:%")) & entities.c.known.is_(sa.false())
    wanted = (
        sa.select(mentions.c.claim, mentions.c.role, mentions.c.position, claims.c.body)
        .join(claims, claims.c.id == mentions.c.claim)
        .where(mentions.c.entity.in_(sa.select(entities.c.id).where(unlisted)))
    )
    rows = connection.execute(wanted).all()
    if not rows:
        return
    keys = [mentions.c[name] == sa.bindparam(f"its_{name}") for name in ("claim", "role", "position")]
    change = sa.update(mentions).where(*keys).values({name: sa.bindparam(name) for name in COLUMNS})
    for start in range(0, len(rows), ROWS):
        connection.execute(change, list(_filled(rows[start : start + ROWS])))
    connection.execute(sa.insert(sa.table("stale", sa.column("block"))).values(block="who is who"))


def _filled(rows: Any) -> Iterator[dict[str, Any]]:
    for claim, role, position, body in rows:
        told = msgspec.json.decode(body)
        held = (told["attribution"] if role == "speaker" else told["roles"][role])[position]
        key = {"its_claim": claim, "its_role": role, "its_position": position}
        yield key | {name: held.get(name) for name in COLUMNS}


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
