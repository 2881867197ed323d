-- Where each document that was read was printed. Reads `documents` (batches.DOCUMENTS); leaves `printing`, a row for each outlet.
-- A copy (its `copy_of` is not null) is a printing of the document that is read in its place, as the register keeps it: that outlet
-- reports what the document claims, and of several copies in one outlet there is one report. DuckDB's dialect, kept to what
-- sqlglot carries over to Spark.
CREATE TEMPORARY TABLE printing AS
SELECT r.id AS document, NULLIF(d.outlet, '') AS outlet, COALESCE(r.copies, r.id) AS copies, r.origin, MIN(d.published) AS published
FROM documents AS d
JOIN (SELECT id, copies, origin FROM documents WHERE copy_of IS NULL) AS r ON r.id = COALESCE(d.copy_of, d.id)
GROUP BY r.id, NULLIF(d.outlet, ''), r.copies, r.origin;
