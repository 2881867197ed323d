CREATE TABLE entities (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, country TEXT, category TEXT
);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, name TEXT, outlet TEXT, published TEXT, address TEXT, title TEXT, author TEXT, language TEXT
);
CREATE TABLE publications (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL REFERENCES documents (id), name TEXT NOT NULL, outlet TEXT NOT NULL,
    published TEXT, address TEXT, title TEXT, author TEXT, copy TEXT NOT NULL, UNIQUE (document, outlet, copy)
);
CREATE TABLE claims (
    id TEXT PRIMARY KEY, quotation TEXT NOT NULL, said_by TEXT NOT NULL, document TEXT NOT NULL REFERENCES documents (id), language TEXT,
    frame TEXT NOT NULL, stage TEXT, standing TEXT, certainty TEXT NOT NULL, polarity TEXT NOT NULL, number REAL, value REAL,
    currency TEXT, year INTEGER, confidence REAL NOT NULL, source TEXT NOT NULL, review TEXT, start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE TABLE speakers (
    claim TEXT NOT NULL REFERENCES claims (id), position INTEGER NOT NULL, entity TEXT NOT NULL REFERENCES entities (id), title TEXT,
    organisation TEXT, PRIMARY KEY (claim, position)
);
CREATE TABLE deals (
    id TEXT PRIMARY KEY, sentence TEXT NOT NULL, frame TEXT NOT NULL, activity TEXT, supplier TEXT REFERENCES entities (id),
    recipient TEXT REFERENCES entities (id), partners TEXT, designation TEXT REFERENCES entities (id), category TEXT,
    number_ordered REAL, number_delivered REAL, value REAL, currency TEXT, year_of_order INTEGER, first_delivery INTEGER,
    last_delivery INTEGER, stage TEXT, polarity TEXT NOT NULL, estimates TEXT, disputed TEXT, first_year INTEGER, last_year INTEGER,
    independent_sources INTEGER NOT NULL, reports INTEGER NOT NULL, claims INTEGER NOT NULL
);
CREATE TABLE relations (
    id TEXT PRIMARY KEY, sentence TEXT NOT NULL, frame TEXT NOT NULL, standing TEXT, label TEXT, category TEXT, stage TEXT,
    polarity TEXT NOT NULL, first_year INTEGER, last_year INTEGER, disputed TEXT, independent_sources INTEGER NOT NULL,
    reports INTEGER NOT NULL, claims INTEGER NOT NULL
);
CREATE TABLE parties (
    id INTEGER PRIMARY KEY, deal TEXT REFERENCES deals (id), relation TEXT REFERENCES relations (id), role TEXT NOT NULL,
    entity TEXT NOT NULL REFERENCES entities (id), CHECK ((deal IS NULL) <> (relation IS NULL))
);
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY, deal TEXT REFERENCES deals (id), relation TEXT REFERENCES relations (id),
    claim TEXT NOT NULL REFERENCES claims (id), CHECK ((deal IS NULL) <> (relation IS NULL))
);

CREATE VIEW who_says_so AS
SELECT
    COALESCE(e.deal, e.relation) AS about, COALESCE(d.sentence, r.sentence) AS sentence, r.standing, c.quotation, c.said_by, c.certainty,
    c.polarity, t.outlet, t.published, t.address, c.language, c.id AS claim
FROM evidence AS e
JOIN claims AS c ON c.id = e.claim
JOIN documents AS t ON t.id = c.document
LEFT JOIN deals AS d ON d.id = e.deal
LEFT JOIN relations AS r ON r.id = e.relation;

CREATE VIEW allegations AS
SELECT r.id, r.sentence, r.standing, r.label AS offence, p.entity AS accused, e.name AS accused_name, r.first_year, r.last_year, r.independent_sources, r.reports
FROM relations AS r JOIN parties AS p ON p.relation = r.id AND p.role = 'accused' JOIN entities AS e ON e.id = p.entity
WHERE r.frame = 'allegation';

CREATE VIEW suppliers AS
SELECT
    d.supplier, e.name, d.category, COUNT(*) AS deals, COUNT(d.number_ordered) AS deals_with_a_number,
    MIN(d.first_year) AS first_year, MAX(d.last_year) AS last_year
FROM deals AS d JOIN entities AS e ON e.id = d.supplier
WHERE d.frame = 'transfer' AND d.polarity = 'positive' AND d.stage IN ('ordered', 'delivering', 'delivered')
GROUP BY d.supplier, d.category;
