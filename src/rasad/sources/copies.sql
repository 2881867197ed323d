-- Which documents are worth comparing. Reads the table `keys` (document, key), in which documents are named so that the longest sorts
-- first; leaves `pairs` (a, b; a before b). DuckDB's dialect, kept to what sqlglot carries over to Spark; the order of the rows plays
-- no part anywhere.

CREATE TEMPORARY TABLE met AS
SELECT document, key, ROW_NUMBER() OVER (PARTITION BY key ORDER BY document) AS place, size
FROM keys JOIN (SELECT key AS shared_key, COUNT(*) AS size FROM keys GROUP BY key HAVING COUNT(*) > 1) AS common ON key = shared_key;

-- Up to 64 documents under a key: each with each. More (a menu, a legal notice, a story that everybody printed): each with the longest
-- and with the four before it, so that the pairs grow with the documents, and what is a copy still hangs together.
CREATE TEMPORARY VIEW meeting AS
SELECT a.document AS a, b.document AS b FROM met AS a JOIN met AS b ON a.key = b.key AND a.place < b.place
WHERE a.size <= 64 AND b.size <= 64
UNION ALL
SELECT a.document AS a, b.document AS b FROM met AS a JOIN met AS b ON a.key = b.key
WHERE a.size > 64 AND a.place = 1 AND b.place > 1
UNION ALL
SELECT a.document AS a, b.document AS b
FROM (SELECT document, key, place + step AS next FROM met CROSS JOIN (VALUES (1), (2), (3), (4)) AS s(step) WHERE size > 64 AND place > 1) AS a
JOIN met AS b ON a.key = b.key AND a.next = b.place
WHERE b.size > 64;

-- A sentence in common is not worth a comparison: near-copies share more than an eighth of the keys of the one with fewer. (Where the
-- half of all runs of three words agrees that is required, about 0.8 of the words do, and so a third of the runs of five.)
CREATE TEMPORARY TABLE pairs AS
SELECT m.a, m.b FROM (SELECT a, b, COUNT(*) AS shared FROM meeting GROUP BY a, b) AS m
JOIN (SELECT document, COUNT(*) AS number FROM keys GROUP BY document) AS x ON x.document = m.a
JOIN (SELECT document, COUNT(*) AS number FROM keys GROUP BY document) AS y ON y.document = m.b
WHERE m.shared * 8 >= LEAST(x.number, y.number);
