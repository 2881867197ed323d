"""The first register: documents, claims, deals, reviews, and the index of words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rasad.register.search import tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER reviews_{change.lower()} BEFORE {change} ON reviews "
        "BEGIN SELECT RAISE(ABORT, 'the log of reviews is only added to'); END"
        for change in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION reviews_only_grow() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log of reviews is only added to'; END $$",
        "CREATE TRIGGER reviews_kept BEFORE UPDATE OR DELETE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_only_grow()",
    ],
}


def upgrade() -> None:
    """Brings a register to this version."""
    op.create_table(
        "deals",
        sa.Column("deal", sa.String(), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("frame", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("partner", sa.String(), nullable=True),
        sa.Column("third", sa.String(), nullable=True),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("family", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("quantity", sa.Float(), nullable=True),
        sa.Column("quantity_delivered", sa.Float(), nullable=True),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("ordered", sa.Integer(), nullable=True),
        sa.Column("first_delivery", sa.Integer(), nullable=True),
        sa.Column("last_delivery", sa.Integer(), nullable=True),
        sa.Column("first_year", sa.Integer(), nullable=True),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("denied", sa.Boolean(), nullable=False),
        sa.Column("disputed", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("deal", name=op.f("pk_deals")),
    )
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.create_index("ix_deals_actor", ["actor", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_deals_block"), ["block"], unique=False)
        batch_op.create_index("ix_deals_item", ["family", "kind"], unique=False)
        batch_op.create_index("ix_deals_order", ["kind", "sources", "deal"], unique=False)
        batch_op.create_index("ix_deals_partner", ["partner", "kind"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("copies", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("hash", name=op.f("uq_documents_hash")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_copies"), ["copies"], unique=False)

    op.create_table(
        "entities",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entities")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_subject"), ["subject"], unique=False)

    op.create_table(
        "stale",
        sa.Column("block", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("block", name=op.f("pk_stale")),
    )
    op.create_table(
        "bands",
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_bands_document")),
        sa.PrimaryKeyConstraint("band", "document", name=op.f("pk_bands")),
    )
    with op.batch_alter_table("bands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bands_document"), ["document"], unique=False)

    op.create_table(
        "claims",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("frame", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_claims_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_document"), ["document"], unique=False)

    op.create_table(
        "passages",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_passages_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passages")),
    )
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passages_document"), ["document"], unique=False)

    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("outlet", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("published", sa.String(), nullable=True),
        sa.Column("read", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_publications_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("document", "outlet", name="uq_publications_document"),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publications_document"), ["document"], unique=False)

    op.create_table(
        "atoms",
        sa.Column("atom", sa.String(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("deal", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("frame", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("partner", sa.String(), nullable=True),
        sa.Column("third", sa.String(), nullable=True),
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("family", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("polarity", sa.String(), nullable=True),
        sa.Column("certainty", sa.String(), nullable=True),
        sa.Column("terms", sa.String(), nullable=True),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("quantity", sa.Float(), nullable=True),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_atoms_claim")),
        sa.PrimaryKeyConstraint("atom", name=op.f("pk_atoms")),
    )
    with op.batch_alter_table("atoms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_atoms_block"), ["block"], unique=False)
        batch_op.create_index(batch_op.f("ix_atoms_claim"), ["claim"], unique=False)
        batch_op.create_index(batch_op.f("ix_atoms_deal"), ["deal"], unique=False)
        batch_op.create_index(batch_op.f("ix_atoms_document"), ["document"], unique=False)

    op.create_table(
        "mentions",
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_mentions_claim")),
        sa.PrimaryKeyConstraint("claim", "role", "position", name=op.f("pk_mentions")),
    )
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentions_entity"), ["entity"], unique=False)

    dialect = op.get_bind().dialect.name
    for statement in (*tables(dialect), *APPEND_ONLY[dialect]):
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: keep a copy."""
    raise NotImplementedError("restore the copy that was made before")
