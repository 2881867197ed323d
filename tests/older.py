"""A register as earlier versions of Rasad left it: what later migrations made is taken out again."""

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection


def back_to_third(connection: Connection) -> None:
    """Without what the fourth and later versions added."""
    for index in ("uq_publications_document", "ix_publications_copy"):
        connection.exec_driver_sql(f"DROP INDEX {index}")
    with Operations(MigrationContext.configure(connection)).batch_alter_table("publications") as table:
        for column in ("title", "author", "copy"):
            table.drop_column(column)
        table.create_unique_constraint("uq_publications_document", ["document", "outlet"])
    for index in ("ix_deals_flows", "ix_deals_support", "ix_deals_chosen", "ix_deals_year", "ix_publications_outlet"):
        connection.exec_driver_sql(f"DROP INDEX {index}")
    for column in ("sure", "valued"):
        connection.exec_driver_sql(f"ALTER TABLE deals DROP COLUMN {column}")
    for table in ("aside", "brought", "visited", "watched", "sessions", "api_tokens", "users", "attempts", "audit"):
        connection.exec_driver_sql(f"DROP TABLE {table}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION audit_only_grows")
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")


def back_to_second(connection: Connection) -> None:
    """Without what the third added either."""
    back_to_third(connection)
    for column in ("name", "title", "organisation", "country"):
        connection.exec_driver_sql(f"ALTER TABLE mentions DROP COLUMN {column}")
    connection.exec_driver_sql("DROP TABLE links")
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
