"""The tables of a register. The same on SQLite and PostgreSQL; ``migrations/`` makes them and brings older ones up to date.

A *document* is a text, stored once. A *publication* is one appearance of it: who printed it, where, and when, in its own words or
with small changes (a text that it contains wholly, which was not read itself). A *claim* belongs to a document, so that forty copies
make their claims once. *Atoms* are claims with one filler for each role; linking gathers
atoms into *deals* (and relations). What can be worked out anew (atoms, deals, groups of near-copies) is a function of the
documents, the claims and the log of reviews; ``stale`` names the blocks of atoms of which that is still to be done.

Who works at a desk on the register stands in tables of its own, from ``users`` on, and what is watched in those from ``watched`` on:
nothing of the register depends on them.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    literal_column,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),  # "doc-" and 16 digits of the hash
    Column("hash", String, nullable=False, unique=True),  # SHA-256 of the text
    Column("language", String),
    Column("text", Text, nullable=False),
    Column("reader", String, nullable=False),  # what made its claims: the version of the reader, or the source imported
    Column("copies", String, nullable=False, index=True),  # the group of near-copies it belongs to
    Column("origin", String),  # the agency or outlet that the text credits
    Column("signature", LargeBinary),  # for finding near-copies (sources/copies.py)
)

publications = Table(
    "publications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", ForeignKey("documents.id"), nullable=False, index=True),
    Column("name", String, nullable=False),  # the file, or the name that was given
    Column("title", String),
    Column("author", String),
    Column("outlet", String, nullable=False),  # "" where it is not known
    Column("address", String),
    Column("published", String),  # ISO 8601 date, as far as it is known
    Column("read", String, nullable=False),  # ISO 8601 time, UTC
    Column("copy", String, index=True),  # SHA-256 of what it printed, where that is not the document's text
    Index("ix_publications_outlet", "outlet", "id"),
)
Index(
    "uq_publications_document", publications.c.document, publications.c.outlet,
    func.coalesce(publications.c.copy, literal_column("''")), unique=True,
)  # fmt: skip

bands = Table(  # keys under which near-copies meet
    "bands",
    metadata,
    Column("band", String, primary_key=True),
    Column("document", ForeignKey("documents.id"), primary_key=True, index=True),
)

claims = Table(
    "claims",
    metadata,
    Column("id", String, primary_key=True),
    Column("document", ForeignKey("documents.id"), nullable=False, index=True),
    Column("frame", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("source", String, nullable=False),  # claims with the same key come from the same source
    Column("confidence", Float, nullable=False),
    Column("body", Text, nullable=False),  # the claim as JSON, as docs/claims.md describes it
    Column("entry", String),  # of a table: the first claim of its line; each line is a deal of its own
)

mentions = Table(  # who and what is named where: fillers of roles, and speakers (role "speaker")
    "mentions",
    metadata,
    Column("claim", ForeignKey("claims.id"), primary_key=True),
    Column("role", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("entity", String, nullable=False, index=True),
    Column("text", String, nullable=False),
    # of persons and organisations that the gazetteer does not know, what tells who they are (identity.py)
    *(Column(name, String) for name in ("name", "title", "organisation", "country")),
)

links = Table(  # persons and organisations that are one, as identity.py finds; see also reviews
    "links",
    metadata,
    Column("entity", String, primary_key=True),
    Column("document", String, primary_key=True),  # in which it is; "" for all
    Column("into", String, nullable=False, index=True),
    Column("probability", Float, nullable=False),
    Column("explanation", Text, nullable=False),  # JSON: with whom it was compared, and what each comparison found
)

entities = Table(
    "entities",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("country", String),
    Column("category", String),
    Column("known", Boolean, nullable=False),  # whether it stands in the gazetteer
)

atoms = Table(
    "atoms",
    metadata,
    Column("atom", String, primary_key=True),
    Column("claim", ForeignKey("claims.id"), nullable=False, index=True),
    Column("document", String, nullable=False, index=True),
    Column("block", String, nullable=False, index=True),
    Column("deal", String, index=True),
    Column("source", String, nullable=False),
    Column("frame", String, nullable=False),
    *(Column(name, String) for name in ("actor", "partner", "third", "actor_id", "partner_id")),
    *(
        Column(name, String)
        for name in ("item", "category", "family", "label", "stage", "polarity", "certainty", "terms", "finding")
    ),
    Column("quantity", Float),
    Column("amount", Float),
    Column("currency", String),
    Column("year", Integer),
    Column("published", Integer),
    Column("confidence", Float, nullable=False),
    Column("language", String),
    Column("entry", String),
)

deals = Table(
    "deals",
    metadata,
    Column("deal", String, primary_key=True),
    Column("block", String, nullable=False, index=True),
    Column("kind", String, nullable=False),  # deal, relation
    Column("frame", String, nullable=False),
    *(Column(name, String) for name in ("actor", "partner", "third", "item", "family", "category", "label", "stage")),
    Column("quantity", Float),
    Column("quantity_delivered", Float),
    Column("amount", Float),
    Column("currency", String),
    *(Column(name, Integer) for name in ("ordered", "first_delivery", "last_delivery", "first_year", "last_year")),
    Column("reports", Integer, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("denied", Boolean, nullable=False),
    Column("disputed", String),  # joined with "+": number, date, supplier, stage, denied
    *(Column(name, Integer, nullable=False, server_default="0") for name in ("sure", "valued")),  # see sureness.py
    Index("ix_deals_order", "kind", "sources", "deal"),
    Index("ix_deals_actor", "actor", "kind"),
    Index("ix_deals_partner", "partner", "kind"),
    Index("ix_deals_item", "family", "kind"),
)

# Of whole frames, all that is asked. Only a query that names the frame in the same words, and not by a parameter, is answered from these
IS_TRANSFER = deals.c.frame == literal_column("'transfer'")  # flows of the world
IS_SUPPORT = deals.c.frame.in_(
    [literal_column("'service'"), literal_column("'joint_project'")]
)  # who keeps a system going
FLOWS_COLUMNS = (
    "actor", "partner", "stage", "category", "disputed", "first_year", "last_year", "claims", "sources", "deal", "frame",
)  # fmt: skip
SUPPORT_COLUMNS = ("family", "item", "label", "actor", "partner", "stage", "sure", "deal", "frame")
for _name, _columns, _which in (("flows", FLOWS_COLUMNS, IS_TRANSFER), ("support", SUPPORT_COLUMNS, IS_SUPPORT)):
    Index(f"ix_deals_{_name}", *(deals.c[name] for name in _columns), sqlite_where=_which, postgresql_where=_which)

CHOSEN_COLUMNS = ("frame", "actor", "partner", "category", "stage", "ordered", "first_year", "disputed")
DEAL_YEAR = func.coalesce(deals.c.ordered, deals.c.first_year, literal_column("0"))  # 0: none is told
Index(
    "ix_deals_chosen", deals.c.sources.desc(), deals.c.reports.desc(), *(deals.c[n] for n in ("deal", *CHOSEN_COLUMNS))
)
Index("ix_deals_year", DEAL_YEAR.desc(), deals.c.deal)

reviews = Table(  # append-only: a trigger refuses changes
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),  # ISO 8601 time, UTC
    Column("reviewer", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("content", Text, nullable=False),  # JSON: what the action needs, and the claim as it was
    Column("reason", String, nullable=False),
)

stale = Table("stale", metadata, Column("block", String, primary_key=True))

passages = Table(  # what can be found: whole documents, and evidence, once for each wording; the table "words" has their words by id
    "passages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),  # document, evidence
    Column("document", ForeignKey("documents.id"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("vector", LargeBinary),  # of evidence: what the encoder gives, 512 signed bytes
)

aside = Table(  # what could not be read, to be tried again
    "aside",
    metadata,
    Column("place", String, primary_key=True),  # what is opened: a whole path, or an address
    Column("name", String, primary_key=True),  # of what could not be read there
    Column("reason", String, nullable=False),
    Column("first", String, nullable=False),  # when it was tried: ISO 8601, UTC
    Column("last", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("given", Text, nullable=False),  # JSON: how the place was given (aside.py)
)

users = Table(  # who may log in at the desk
    "users",
    metadata,
    Column("name", String, primary_key=True),
    Column("password", String, nullable=False),  # its Argon2id hash, with the figures it was made with
    Column("role", String, nullable=False),  # reader, reviewer, admin
    Column("created", String, nullable=False),  # these and all times below: ISO 8601, UTC
    Column("disabled", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", String, primary_key=True),  # SHA-256 of what the browser shows
    Column("person", ForeignKey("users.name"), nullable=False, index=True),
    Column("created", String, nullable=False),
    Column("seen", String, nullable=False),  # to five minutes
    Column("expires", String, nullable=False),
    Column("origin", String, nullable=False),  # the address of the log-in
    Column("browser", String, nullable=False),  # what it says of itself
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("key", String, primary_key=True),  # SHA-256 of the token
    Column("name", String, nullable=False),  # what it is for
    Column("person", ForeignKey("users.name"), nullable=False, index=True),
    Column("role", String, nullable=False),  # it may do no more than its owner either
    Column("created", String, nullable=False),
    Column("used", String),  # to five minutes
    Column("expires", String),
)

attempts = Table(  # failed log-ins of the last day, counted by name and by address
    "attempts",
    metadata,
    Column("key", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", String, nullable=False),
    Column("until", String, nullable=False),  # no try before
)

audit = Table(  # append-only: a trigger refuses changes
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False, index=True),
    Column("origin", String, nullable=False),
    Column("action", String, nullable=False, index=True),
    Column("subject", String, nullable=False),
)

watched = Table(  # feeds, sitemaps and pages that are visited again and again
    "watched",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("address", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),  # feed, sitemap, page
    Column("outlet", String),
    Column("etag", String),  # what the server told of the state that was last fetched, as is "modified"
    Column("modified", String),
    Column("last", String),  # the last visit
    Column("next", String),  # the next one; nothing where it is watched no more
    Column("visits", Integer, nullable=False),
    Column("failures", Integer, nullable=False),  # since the last visit that went well
    Column("error", String),  # what went wrong at the last visit
)

visited = Table(  # addresses of texts that watched sources named
    "visited",
    metadata,
    Column("address", String, primary_key=True),
    Column("source", ForeignKey("watched.id"), nullable=False, index=True),
    Column("known", Text, nullable=False),  # JSON: what the source tells of the text
    Column("next", String, index=True),  # when it is to be visited; nothing where that is done
    Column("failures", Integer, nullable=False),
    Column("error", String),  # why nothing came of the last visit
)

brought = Table(  # the texts that watched sources gave
    "brought",
    metadata,
    Column("source", ForeignKey("watched.id"), primary_key=True),
    Column("document", ForeignKey("documents.id"), primary_key=True, index=True),
    Column("address", String, nullable=False),
    Column("at", String, nullable=False),
    Column("new", Boolean, nullable=False),  # to the register
    Column("about_arms", Boolean, nullable=False),
)
