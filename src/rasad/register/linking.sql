-- Atoms into deals and relations. Reads the tables `atoms` (atoms.py), `sort` (what sort of equipment an item is), `moved` (what
-- reviewers joined and split: the deal an atom goes to, and the deal whose parties and thing that one has) and `printed` (by how many
-- outlets a document was printed, where by more than one); leaves `assignment` and `summary`. The rules are told in linking.py.
-- DuckDB's dialect, kept to what sqlglot carries over to Spark; the order of the rows plays no part anywhere.

-- How each frame is linked. gap: years between two orders (of relations: between any two reports) from which they are two;
-- span: years that one deal's orders can reach over; wait: years from an order to its last delivery; pause: years without a
-- delivery after which deliveries that belong to no order are another deal. by_third, by_thing, by_label: what else than the
-- two parties tells one from another. open: a row that lacks a part joins the one relation that has it.
CREATE TEMPORARY TABLE rule AS
SELECT * FROM (VALUES
    ('transfer',      'deal',     1,    3,    12,   3,    FALSE, TRUE,  FALSE, FALSE),
    ('service',       'deal',     3,    5,    12,   3,    FALSE, TRUE,  FALSE, FALSE),
    ('joint_project', 'deal',     5,    20,   12,   5,    FALSE, TRUE,  FALSE, FALSE),
    ('competition',   'relation', 9999, 9999, 9999, 9999, TRUE,  FALSE, FALSE, TRUE),
    ('capability',    'relation', 9999, 9999, 9999, 9999, FALSE, TRUE,  FALSE, FALSE),
    ('dependence',    'relation', 9999, 9999, 9999, 9999, FALSE, TRUE,  FALSE, TRUE),
    ('cooperation',   'relation', 9999, 9999, 9999, 9999, FALSE, FALSE, FALSE, FALSE),
    ('membership',    'relation', 9999, 9999, 9999, 9999, FALSE, FALSE, FALSE, FALSE),
    ('alignment',     'relation', 9999, 9999, 9999, 9999, TRUE,  FALSE, FALSE, TRUE),
    ('allegation',    'relation', 5,    9999, 9999, 9999, FALSE, FALSE, TRUE,  TRUE),
    ('restriction',   'relation', 9999, 9999, 9999, 9999, FALSE, FALSE, FALSE, TRUE),
    ('position',      'relation', 9999, 9999, 9999, 9999, FALSE, TRUE,  TRUE,  FALSE)
) AS t(frame, kind, gap, span, wait, pause, by_third, by_thing, by_label, joins);

-- The life cycle: how far each stage is, and whether the year of a transfer or service at that stage is that of a delivery.
CREATE TEMPORARY TABLE life AS
SELECT * FROM (VALUES
    ('proposed', 1, FALSE), ('negotiated', 2, FALSE), ('approved', 3, FALSE), ('refused', 4, FALSE), ('ordered', 5, FALSE),
    ('agreed', 5, FALSE), ('in_force', 5, FALSE), ('under_way', 6, TRUE), ('delivering', 6, TRUE), ('suspended', 7, TRUE),
    ('delivered', 8, TRUE), ('completed', 8, TRUE), ('cancelled', 9, TRUE), ('lifted', 9, FALSE)
) AS t(stage, stage_rank, late);

-- The year that is told, and how far the deal is then. The year of an order that is later than its report is that of deliveries to
-- come, and tells nothing of the order.
CREATE TEMPORARY VIEW dating AS
SELECT
    a.*, COALESCE(l.stage_rank, 0) AS stage_rank, COALESCE(l.late, TRUE) AS arriving,
    CASE WHEN l.stage_rank BETWEEN 2 AND 5 AND a.frame <> 'joint_project' AND a.year > a.published THEN NULL ELSE a.year END AS known_year
FROM atoms AS a LEFT JOIN life AS l ON l.stage = a.stage;

-- Every atom with what it is about: parties, thing (family of a designation, else class or category), how exactly that is named.
-- Absent parts are '', an absent year 0, an absent number -1, so that they compare and join as any other.
CREATE TEMPORARY VIEW named AS
SELECT
    a.*, r.kind, COALESCE(a.actor, '') AS who, COALESCE(a.partner, '') AS whom,
    CASE WHEN r.by_third THEN COALESCE(a.third, '') ELSE '' END AS besides,
    CASE WHEN r.by_thing THEN COALESCE(a.family, a.item, '') ELSE '' END AS thing,
    CASE WHEN NOT r.by_thing OR a.item IS NULL THEN 3 WHEN a.family IS NOT NULL THEN 0
        WHEN a.item LIKE 'class:%' THEN 1 ELSE 2 END AS vagueness,
    CASE WHEN r.by_label THEN COALESCE(a.label, '') ELSE '' END AS what,
    r.kind = 'deal' AND a.frame <> 'joint_project' AND a.arriving AS late,
    COALESCE(a.polarity, '') = 'negative' AS negative,
    COALESCE(a.known_year, 0) AS in_year, COALESCE(a.quantity, -1) AS number, COALESCE(a.entry, '') AS line, COALESCE(s.sort, '') AS sort,
    CASE WHEN a.known_year IS NULL THEN COALESCE(a.published, 0) ELSE 0 END AS told
FROM dating AS a
JOIN rule AS r ON r.frame = a.frame
LEFT JOIN sort AS s ON s.item = a.item;

CREATE TEMPORARY VIEW keyed AS
SELECT *, SUBSTR(MD5(CONCAT_WS('|', block, who, whom, besides, thing, what)), 1, 16) AS key FROM named;

-- The threads: everything about the same parties and thing, whenever.
CREATE TEMPORARY TABLE thread AS
SELECT
    key, frame, block, who, whom, besides, thing, what, MIN(kind) AS kind, MIN(vagueness) AS vagueness,
    COALESCE(MIN(category), '') AS category, MIN(sort) AS sort, COUNT(DISTINCT source) AS sources
FROM keyed GROUP BY key, frame, block, who, whom, besides, thing, what;

-- Joint projects: sets of parties that share two or more are one. Each set points at the best of those it shares with (the
-- largest; then the best supported), and three leaps follow the pointers up to eight steps.
CREATE TEMPORARY TABLE party AS
SELECT key, block, thing, sources, LENGTH(who) - LENGTH(REPLACE(who, '+', '')) + 1 AS size, who, UNNEST(STRING_SPLIT(who, '+')) AS party
FROM thread WHERE frame = 'joint_project';

CREATE TEMPORARY TABLE step AS
SELECT key, near FROM (
    SELECT key, near, ROW_NUMBER() OVER (PARTITION BY key ORDER BY size DESC, sources DESC, near) AS place FROM (
        SELECT a.key, b.key AS near, b.size, b.sources
        FROM party AS a JOIN party AS b ON a.block = b.block AND a.thing = b.thing AND a.party = b.party
        GROUP BY a.key, b.key, b.size, b.sources HAVING COUNT(*) > 1 OR a.key = b.key
    ) AS sharing
) AS ranked WHERE place = 1;

CREATE TEMPORARY VIEW leap AS SELECT a.key, b.near FROM step AS a JOIN step AS b ON b.key = a.near;
CREATE TEMPORARY VIEW jump AS SELECT a.key, b.near FROM leap AS a JOIN leap AS b ON b.key = a.near;
CREATE TEMPORARY TABLE joint AS SELECT a.key, b.near FROM jump AS a JOIN jump AS b ON b.key = a.near;

-- What lacks a part goes to the one thread that has it, if there is just one: a joint project of which one party is named; a
-- relation without rival, market, counterpart, issuer or item. Threads that lack something themselves are no goal.
CREATE TEMPORARY TABLE fuller AS
SELECT a.key, b.key AS near
FROM thread AS a
JOIN rule AS r ON r.frame = a.frame AND r.joins
JOIN thread AS b ON b.block = a.block AND b.key <> a.key AND a.what = b.what
    AND a.who IN ('', b.who) AND a.whom IN ('', b.whom) AND a.besides IN ('', b.besides) AND a.thing IN ('', b.thing)
UNION ALL
SELECT DISTINCT a.key, j.near
FROM party AS a JOIN party AS b ON a.block = b.block AND a.thing = b.thing AND a.party = b.party AND a.size = 1 AND b.size > 1
JOIN joint AS j ON j.key = b.key;

CREATE TEMPORARY TABLE heading AS
SELECT t.key, COALESCE(s.near, j.near, t.key) AS thread
FROM thread AS t
LEFT JOIN joint AS j ON j.key = t.key
LEFT JOIN (
    SELECT f.key, MIN(f.near) AS near FROM fuller AS f LEFT JOIN (SELECT DISTINCT key FROM fuller) AS lacking ON lacking.key = f.near
    WHERE lacking.key IS NULL GROUP BY f.key HAVING COUNT(*) = 1
) AS s ON s.key = t.key;

CREATE TEMPORARY VIEW threaded AS SELECT k.*, h.thread FROM keyed AS k JOIN heading AS h ON h.key = k.key;

-- An order that is told without its year, with its number: the year in which it was first told so, unless the thread has a year for
-- that number, or an order near enough in time to be meant. So the 24 of 2015 and the 30 of 2021 are two, though no text says when.
CREATE TEMPORARY TABLE guess AS
WITH firm AS (
    SELECT DISTINCT thread, in_year, number, late FROM threaded WHERE in_year > 0 AND NOT negative
)
SELECT t.thread, t.number, MIN(t.told) AS in_year
FROM threaded AS t
LEFT JOIN (SELECT DISTINCT thread, number FROM firm WHERE number > 0) AS n ON n.thread = t.thread AND n.number = t.number
LEFT JOIN (SELECT DISTINCT thread, in_year FROM firm WHERE NOT late) AS o
    ON o.thread = t.thread AND t.told BETWEEN o.in_year - 2 AND o.in_year + 3
WHERE t.kind = 'deal' AND t.in_year = 0 AND t.told > 0 AND t.number > 0 AND NOT t.late AND NOT t.negative AND t.stage <> 'refused'
    AND t.line = '' AND n.thread IS NULL AND o.thread IS NULL
GROUP BY t.thread, t.number;

-- stated: the year that the text gives; in_year: that, or the guess.
CREATE TEMPORARY TABLE evidence AS
SELECT
    k.atom, k.claim, k.document, k.source, k.kind, k.frame, k.thread, k.late, k.negative, k.in_year AS stated,
    COALESCE(NULLIF(k.in_year, 0), g.in_year, 0) AS in_year, k.number, CASE WHEN g.in_year IS NULL THEN k.told ELSE 0 END AS told,
    k.line, k.stage_rank, k.stage, k.actor, k.third, k.item, k.vagueness, k.category, k.label, k.published, k.amount, k.currency
FROM threaded AS k
LEFT JOIN guess AS g
    ON g.thread = k.thread AND g.number = k.number AND k.in_year = 0 AND k.told > 0 AND NOT k.late AND NOT k.negative
    AND k.stage IS NOT NULL AND k.line = '';

-- What decides where a row goes, once each. line: the line of a table that it stands in, '' in a text.
CREATE TEMPORARY TABLE profile AS
SELECT thread, late, negative, in_year, number, told, line FROM evidence GROUP BY thread, late, negative, in_year, number, told, line;

-- Orders: years in a chain are one deal; two years further on still, if the number is the same.
CREATE TEMPORARY TABLE opening AS
WITH years AS (
    SELECT DISTINCT p.thread, p.in_year, r.gap, r.span
    FROM profile AS p JOIN thread AS t ON t.key = p.thread JOIN rule AS r ON r.frame = t.frame
    WHERE NOT p.late AND NOT p.negative AND p.in_year > 0
), again AS (
    SELECT DISTINCT thread, in_year FROM (
        SELECT thread, in_year, LAG(in_year) OVER (PARTITION BY thread, number ORDER BY in_year) AS before
        FROM (
            SELECT DISTINCT thread, in_year, number FROM profile WHERE NOT late AND NOT negative AND in_year > 0 AND number > 0
        ) AS numbers
    ) AS repeated WHERE in_year - before <= 2
), breaks AS (
    SELECT
        y.*,
        CASE WHEN y.in_year - LAG(y.in_year) OVER (PARTITION BY y.thread ORDER BY y.in_year) <= y.gap OR a.in_year IS NOT NULL
            THEN 0 ELSE 1 END AS opens
    FROM years AS y LEFT JOIN again AS a ON a.thread = y.thread AND a.in_year = y.in_year
), chains AS (
    SELECT thread, in_year, span, SUM(opens) OVER (PARTITION BY thread ORDER BY in_year) AS chain FROM breaks
), spans AS (
    SELECT thread, in_year, in_year - MOD(in_year - MIN(in_year) OVER (PARTITION BY thread, chain), span + 1) AS span FROM (
        SELECT thread, CAST(in_year AS INT) AS in_year, CAST(span AS INT) AS span, chain FROM chains
    ) AS whole
)
SELECT thread, in_year, MIN(in_year) OVER (PARTITION BY thread, span) AS begins FROM spans;

-- Deliveries: to the latest order that they can come from, the one for the same number first.
CREATE TEMPORARY TABLE arrival AS
SELECT thread, in_year, number, begins FROM (
    SELECT
        p.thread, p.in_year, p.number, o.begins,
        ROW_NUMBER() OVER (
            PARTITION BY p.thread, p.in_year, p.number
            ORDER BY CASE WHEN o.begins <= p.in_year THEN 0 ELSE 1 END, CASE WHEN q.number IS NULL THEN 1 ELSE 0 END, o.begins DESC
        ) AS place
    FROM (SELECT DISTINCT thread, in_year, number FROM profile WHERE late AND NOT negative AND in_year > 0) AS p
    JOIN thread AS t ON t.key = p.thread
    JOIN rule AS r ON r.frame = t.frame
    LEFT JOIN (SELECT DISTINCT thread, begins FROM opening) AS o
        ON o.thread = p.thread AND p.in_year BETWEEN o.begins - 1 AND o.begins + r.wait
    LEFT JOIN (
        SELECT DISTINCT o.thread, o.begins, p.number FROM opening AS o
        JOIN profile AS p ON p.thread = o.thread AND p.in_year = o.in_year AND NOT p.late AND NOT p.negative AND p.number > 0
    ) AS q ON q.thread = p.thread AND q.begins = o.begins AND q.number = p.number
) AS ranked WHERE place = 1;

-- Deliveries without an order gather by themselves.
CREATE TEMPORARY TABLE orphan AS
WITH years AS (
    SELECT DISTINCT a.thread, a.in_year, r.pause, r.wait
    FROM arrival AS a JOIN thread AS t ON t.key = a.thread JOIN rule AS r ON r.frame = t.frame
    WHERE a.begins IS NULL
), breaks AS (
    SELECT *, CASE WHEN in_year - LAG(in_year) OVER (PARTITION BY thread ORDER BY in_year) <= pause THEN 0 ELSE 1 END AS opens FROM years
), chains AS (
    SELECT thread, in_year, wait, SUM(opens) OVER (PARTITION BY thread ORDER BY in_year) AS chain FROM breaks
), spans AS (
    SELECT thread, in_year, in_year - MOD(in_year - MIN(in_year) OVER (PARTITION BY thread, chain), wait + 1) AS span FROM chains
)
SELECT thread, in_year, MIN(in_year) OVER (PARTITION BY thread, span) AS begins FROM spans;

CREATE TEMPORARY TABLE spell AS
SELECT p.*, CASE WHEN p.late THEN COALESCE('o' || a.begins, 'd' || d.begins) ELSE 'o' || o.begins END AS segment
FROM profile AS p
LEFT JOIN opening AS o ON o.thread = p.thread AND o.in_year = p.in_year
LEFT JOIN arrival AS a ON a.thread = p.thread AND a.in_year = p.in_year AND a.number = p.number
LEFT JOIN orphan AS d ON d.thread = p.thread AND d.in_year = p.in_year
WHERE p.in_year > 0 AND NOT p.negative;

-- Tables: each line is a deal of its own, however near in time. What texts say of a time in which lines have claims goes to the
-- one that fits best: of those that tell of the order (or only of deliveries; or have the same number delivered) the one whose
-- year is nearest, where the same number outweighs a year between.
CREATE TEMPORARY TABLE listed AS
SELECT
    thread, line,
    MIN(CASE WHEN NOT late THEN in_year END) AS ordered, MIN(CASE WHEN late THEN in_year END) AS arrives, MAX(in_year) AS ends
FROM spell WHERE line <> '' GROUP BY thread, line;

CREATE TEMPORARY TABLE fitting AS
SELECT thread, late, in_year, number, line FROM (
    SELECT
        p.thread, p.late, p.in_year, p.number, l.line,
        ROW_NUMBER() OVER (
            PARTITION BY p.thread, p.late, p.in_year, p.number
            ORDER BY
                2 * CASE WHEN NOT p.late OR l.arrives IS NULL THEN ABS(p.in_year - COALESCE(l.ordered, l.arrives))
                    WHEN p.in_year BETWEEN l.arrives AND l.ends THEN 0
                    ELSE LEAST(ABS(p.in_year - l.arrives), ABS(p.in_year - l.ends)) END
                - CASE WHEN q.number IS NULL THEN 0 ELSE 3 END,
                l.ends DESC, l.line
        ) AS place
    FROM (SELECT DISTINCT thread, late, in_year, number, segment FROM spell WHERE line = '') AS p
    JOIN (
        SELECT thread, segment, line, MIN(CASE WHEN late THEN 1 ELSE 0 END) AS deliveries FROM spell WHERE line <> ''
        GROUP BY thread, segment, line
    ) AS c ON c.thread = p.thread AND c.segment = p.segment
    JOIN listed AS l ON l.thread = c.thread AND l.line = c.line
    LEFT JOIN (SELECT DISTINCT thread, line, number FROM spell WHERE line <> '' AND number > 0) AS q
        ON q.thread = p.thread AND q.line = c.line AND q.number = p.number
    WHERE c.deliveries = 0 OR l.ordered IS NULL OR (p.late AND q.number IS NOT NULL)
) AS ranked WHERE place = 1;

CREATE TEMPORARY TABLE dated AS
SELECT
    s.thread, s.late, s.negative, s.in_year, s.number, s.told, s.line,
    CASE WHEN s.line <> '' THEN 'e' || s.line ELSE COALESCE('e' || f.line, s.segment) END AS segment
FROM spell AS s
LEFT JOIN fitting AS f ON f.thread = s.thread AND f.late = s.late AND f.in_year = s.in_year AND f.number = s.number;

CREATE TEMPORARY TABLE standing AS
SELECT d.thread, d.segment, MIN(d.in_year) AS begins, MAX(d.in_year) AS ends, COUNT(DISTINCT e.source) AS sources
FROM dated AS d
JOIN evidence AS e USING (thread, late, negative, in_year, number, told, line)
GROUP BY d.thread, d.segment;

-- A thread that no text dates: one deal as long as its reports follow each other within five years.
CREATE TEMPORARY TABLE talk AS
WITH years AS (
    SELECT DISTINCT p.thread, p.told FROM profile AS p LEFT JOIN (SELECT DISTINCT thread FROM dated) AS d ON d.thread = p.thread
    WHERE p.told > 0 AND d.thread IS NULL
), breaks AS (
    SELECT *, CASE WHEN told - LAG(told) OVER (PARTITION BY thread ORDER BY told) > 5 THEN 1 ELSE 0 END AS opens FROM years
), chains AS (
    SELECT thread, told, SUM(opens) OVER (PARTITION BY thread ORDER BY told) AS chain FROM breaks
)
SELECT thread, told, CASE WHEN chain = 0 THEN 'o0' ELSE 'u' || MIN(told) OVER (PARTITION BY thread, chain) END AS segment FROM chains;

-- Denials and rows without a year: into the deal of the thread that fits best.
CREATE TEMPORARY TABLE placed AS
SELECT thread, late, negative, in_year, number, told, line, segment FROM dated
UNION ALL
SELECT thread, late, negative, in_year, number, told, line, CASE WHEN line <> '' THEN 'e' || line ELSE segment END FROM (
    SELECT
        p.*, COALESCE(s.segment, u.segment, 'o0') AS segment,
        ROW_NUMBER() OVER (
            PARTITION BY p.thread, p.late, p.negative, p.in_year, p.number, p.told, p.line
            ORDER BY
                CASE WHEN p.in_year = 0 OR p.in_year BETWEEN s.begins - 1 AND s.ends + 1 THEN 0
                    ELSE LEAST(ABS(p.in_year - s.begins), ABS(p.in_year - s.ends)) END,
                CASE WHEN q.number IS NULL THEN 1 ELSE 0 END,
                CASE WHEN p.told = 0 OR p.told BETWEEN s.begins - 1 AND s.ends + 3 THEN 0 WHEN s.begins > p.told + 1 THEN 9999
                    ELSE p.told - s.ends END,
                s.sources DESC, s.ends DESC, s.segment
        ) AS place
    FROM profile AS p
    LEFT JOIN standing AS s ON s.thread = p.thread
    LEFT JOIN talk AS u ON u.thread = p.thread AND u.told = p.told
    LEFT JOIN (SELECT DISTINCT thread, segment, number FROM dated WHERE number > 0) AS q
        ON q.thread = s.thread AND q.segment = s.segment AND q.number = p.number
    WHERE p.in_year = 0 OR p.negative
) AS ranked WHERE place = 1;

CREATE TEMPORARY TABLE lot AS
SELECT
    p.thread, p.segment, MIN(t.block) AS block, MIN(t.frame) AS frame, MIN(t.who) AS who, MIN(t.whom) AS whom, MIN(t.thing) AS thing,
    MIN(t.vagueness) AS vagueness, MIN(t.category) AS category, MIN(t.sort) AS sort,
    SUBSTR(MIN(t.kind), 1, 1) || '-' || SUBSTR(MD5(CONCAT_WS('|', p.thread, p.segment)), 1, 16) AS deal,
    MIN(NULLIF(p.in_year, 0)) AS begins, MAX(p.in_year) AS ends, MIN(CASE WHEN NOT p.late THEN NULLIF(e.stated, 0) END) AS opens,
    MIN(NULLIF(e.stated, 0)) AS dates, MIN(NULLIF(p.told, 0)) AS first_told, MAX(p.told) AS last_told,
    MAX(CASE WHEN e.negative THEN 0 ELSE e.stage_rank END) AS reached, COUNT(DISTINCT e.source) AS sources, COUNT(*) AS weight
FROM placed AS p
JOIN thread AS t ON t.key = p.thread
JOIN evidence AS e USING (thread, late, negative, in_year, number, told, line)
GROUP BY p.thread, p.segment;

-- The same order told of different suppliers: same recipient, family, year and number (more than one), and no document that
-- names both. The best supported one is kept.
CREATE TEMPORARY TABLE rival AS
WITH orders AS (
    SELECT DISTINCT l.block, l.whom, l.thing, l.who, l.deal, l.thread, l.sources, l.weight, p.in_year, p.number
    FROM placed AS p JOIN lot AS l ON l.thread = p.thread AND l.segment = p.segment
    WHERE l.frame IN ('transfer', 'service') AND l.vagueness = 0 AND l.who <> '' AND l.whom <> ''
        AND NOT p.late AND NOT p.negative AND p.in_year > 0 AND p.number > 1
), pairs AS (
    SELECT DISTINCT a.deal, a.thread, b.deal AS other, b.thread AS beside, b.sources, b.weight, b.who
    FROM orders AS a JOIN orders AS b
        ON a.block = b.block AND a.whom = b.whom AND a.thing = b.thing AND a.in_year = b.in_year AND a.number = b.number AND a.who <> b.who
), told AS (
    SELECT DISTINCT p.thread, p.beside FROM (SELECT DISTINCT thread, beside FROM pairs) AS p
    JOIN evidence AS e ON e.thread = p.thread JOIN evidence AS f ON f.thread = p.beside AND f.document = e.document
), choice AS (
    SELECT p.deal, p.other, p.sources, p.weight, p.who FROM pairs AS p
    LEFT JOIN told AS t ON t.thread = p.thread AND t.beside = p.beside WHERE t.thread IS NULL
    UNION ALL
    SELECT deal, deal, sources, weight, who FROM lot
)
SELECT deal, other FROM (
    SELECT deal, other, ROW_NUMBER() OVER (PARTITION BY deal ORDER BY sources DESC, weight DESC, who, other) AS place FROM choice
) AS ranked WHERE place = 1;

CREATE TEMPORARY TABLE settled AS
SELECT l.thread, l.segment, b.other AS deal FROM lot AS l JOIN rival AS a ON a.deal = l.deal JOIN rival AS b ON b.deal = a.other;

CREATE TEMPORARY TABLE deal AS
SELECT
    k.deal, k.block, k.frame, k.who, k.whom, k.thing, k.vagueness, k.category, k.sort,
    MIN(l.begins) AS begins, MAX(l.ends) AS ends, COALESCE(MIN(l.begins), MIN(l.first_told)) AS since,
    MAX(GREATEST(l.ends, l.last_told)) AS until, MAX(l.reached) AS reached, SUM(l.sources) AS sources
FROM settled AS s
JOIN lot AS l ON l.thread = s.thread AND l.segment = s.segment
JOIN lot AS k ON k.deal = s.deal
GROUP BY k.deal, k.block, k.frame, k.who, k.whom, k.thing, k.vagueness, k.category, k.sort;

-- Rows that lack the supplier, or name only a class or category: to the one deal that they can mean.
CREATE TEMPORARY TABLE completed AS
WITH numbers AS (
    SELECT DISTINCT s.deal, p.number FROM placed AS p JOIN settled AS s ON s.thread = p.thread AND s.segment = p.segment WHERE p.number > 0
), numbered AS (
    SELECT deal, MAX(number) AS greatest FROM numbers GROUP BY deal
), partial AS (
    SELECT DISTINCT
        p.thread, p.late, p.number, p.in_year, p.told, COALESCE(g.in_year, p.told) AS heard,
        p.late OR l.frame = 'joint_project' AS long, l.who, l.whom, l.block, l.thing, l.vagueness, l.category, l.sort,
        CASE WHEN p.late THEN COALESCE(o.opens, NULLIF(p.in_year, 0), o.dates)
            ELSE COALESCE(CASE WHEN g.in_year IS NULL THEN NULLIF(p.in_year, 0) END, o.opens) END AS dated,
        CASE WHEN p.late AND o.opens IS NULL THEN r.wait ELSE 1 END AS slack, r.wait
    FROM placed AS p
    LEFT JOIN guess AS g ON g.thread = p.thread AND g.number = p.number AND g.in_year = p.in_year AND NOT p.late
    JOIN thread AS l ON l.key = p.thread
    JOIN rule AS r ON r.frame = l.frame
    JOIN lot AS o ON o.thread = p.thread AND o.segment = p.segment
    WHERE p.line = '' AND l.kind = 'deal' AND l.vagueness < 3 AND (l.whom <> '' OR l.frame = 'joint_project')
        AND (l.who = '' OR l.vagueness > 0)
), meant AS (
    SELECT
        p.thread, p.late, p.number, p.in_year, p.told, d.deal, d.who, d.sources, d.ends, d.thing = p.thing AS exact, p.late AND d.reached < 5 AS early,
        CASE WHEN d.thing = p.thing THEN -1 ELSE d.vagueness END AS distance,
        CASE WHEN q.deal IS NOT NULL THEN 0 WHEN p.number < 0 OR n.deal IS NULL OR (p.late AND p.number < n.greatest) THEN 1 ELSE 2 END AS unlike,
        CASE WHEN p.dated IS NOT NULL OR p.heard = 0 OR d.since IS NULL THEN TRUE
            WHEN p.long THEN p.heard BETWEEN d.since - 1 AND d.until + p.wait
            ELSE p.heard BETWEEN d.since - 5 AND d.until + 3 END AS timely
    FROM partial AS p
    JOIN deal AS d
        ON d.block = p.block AND d.whom = p.whom AND d.who <> '' AND p.who IN ('', d.who)
        AND ((d.thing = p.thing AND p.who = '') OR (d.vagueness < p.vagueness AND d.category = p.category))
        AND (d.sort = p.sort OR d.sort = '' OR p.sort = '')
        AND (p.dated IS NULL OR d.begins IS NULL OR p.dated BETWEEN d.begins - 1 AND d.ends + p.slack)
    LEFT JOIN numbers AS q ON q.deal = d.deal AND q.number = p.number
    LEFT JOIN numbered AS n ON n.deal = d.deal
), nearest AS (
    SELECT *, RANK() OVER (PARTITION BY thread, late, number, in_year, told ORDER BY distance, early, unlike) AS tier
    FROM meant WHERE (timely OR unlike = 0) AND (exact OR unlike < 2)
), weighed AS (
    SELECT
        *, COUNT(*) OVER (PARTITION BY thread, late, number, in_year, told) AS choices,
        SUM(sources) OVER (PARTITION BY thread, late, number, in_year, told) AS all_sources,
        SUM(sources) OVER (PARTITION BY thread, late, number, in_year, told, who) AS theirs
    FROM nearest WHERE tier = 1
)
SELECT thread, late, number, in_year, told, deal FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY thread, late, number, in_year, told ORDER BY sources DESC, ends DESC, deal) AS place
    FROM weighed WHERE theirs * 2 > all_sources AND (exact OR choices = 1)
) AS ranked WHERE place = 1;

CREATE TEMPORARY TABLE gathered AS
SELECT e.*, COALESCE(m.deal, c.deal, s.deal) AS deal
FROM evidence AS e
LEFT JOIN moved AS m ON m.atom = e.atom
JOIN placed AS p USING (thread, late, negative, in_year, number, told, line)
JOIN settled AS s ON s.thread = p.thread AND s.segment = p.segment
LEFT JOIN completed AS c
    ON c.thread = p.thread AND c.late = p.late AND c.number = p.number AND c.in_year = p.in_year AND c.told = p.told AND p.line = '';

CREATE TEMPORARY TABLE assignment AS SELECT atom, claim, deal, kind FROM gathered;

-- What a deal counts.
CREATE TEMPORARY TABLE counted AS
SELECT
    deal,
    MIN(CASE WHEN stage IN ('delivering', 'delivered', 'completed') AND NOT negative AND stated > 0 THEN stated END) AS first_delivery,
    MAX(CASE WHEN stage IN ('delivering', 'delivered', 'completed') AND NOT negative AND stated > 0 THEN stated END) AS last_delivery,
    MIN(NULLIF(stated, 0)) AS first_year, MAX(NULLIF(stated, 0)) AS last_year,
    COUNT(DISTINCT source) AS sources, COUNT(DISTINCT claim) AS claims,
    MAX(CASE WHEN negative THEN 1 ELSE 0 END) = 1 AND MIN(CASE WHEN negative THEN 1 ELSE 0 END) = 0 AS denied
FROM gathered GROUP BY deal;

-- A text that several outlets printed is a report of each.
CREATE TEMPORARY TABLE reported AS
SELECT t.deal, CAST(SUM(COALESCE(p.printings, 1)) AS BIGINT) AS reports
FROM (SELECT DISTINCT deal, document FROM gathered) AS t LEFT JOIN printed AS p ON p.document = t.document
GROUP BY t.deal;

-- What a deal shows. Of competing values the worthiest (a number from the firmest stage of the order, a stage or a delivery of
-- the latest year), then the one with the most independent sources, then the one with the most rows, then the greatest. A stage
-- without a year counts as of the year of its document, but not after the last year of the deal.
CREATE TEMPORARY TABLE vote AS
WITH ballots AS (
    SELECT deal, source, 'item' AS field, item AS word, CAST(NULL AS DOUBLE) AS figure, 3 - vagueness AS worth
    FROM gathered WHERE item IS NOT NULL
    UNION ALL SELECT deal, source, 'third', third, NULL, 0 FROM gathered WHERE third IS NOT NULL
    UNION ALL SELECT deal, source, 'category', category, NULL, 3 - vagueness FROM gathered WHERE category IS NOT NULL
    UNION ALL SELECT deal, source, 'label', label, NULL, 0 FROM gathered WHERE label IS NOT NULL
    UNION ALL SELECT deal, source, 'amount', currency, amount, 0 FROM gathered WHERE amount IS NOT NULL AND NOT negative
    UNION ALL
    SELECT
        g.deal, g.source, 'stage', g.stage, NULL,
        10 * CASE WHEN g.in_year > 0 THEN g.in_year ELSE COALESCE(LEAST(COALESCE(g.published, c.last_year), c.last_year), 0) END + g.stage_rank
    FROM gathered AS g JOIN counted AS c ON c.deal = g.deal WHERE g.stage_rank > 0 AND NOT g.negative
    UNION ALL SELECT deal, source, 'ordered', NULL, stated, 0 FROM gathered
        WHERE stated > 0 AND NOT negative AND stage IN ('ordered', 'agreed')
    UNION ALL SELECT deal, source, 'quantity', NULL, number, CASE WHEN late THEN -1 ELSE stage_rank END FROM gathered
        WHERE number > 0 AND NOT negative
    UNION ALL SELECT deal, source, 'delivered', NULL, number, in_year FROM gathered
        WHERE number > 0 AND NOT negative AND stage IN ('delivering', 'delivered', 'completed')
)
SELECT deal, field, word, figure FROM (
    SELECT
        deal, field, word, figure,
        ROW_NUMBER() OVER (
            PARTITION BY deal, field
            ORDER BY MAX(worth) DESC, COUNT(DISTINCT source) DESC, COUNT(*) DESC, figure DESC NULLS LAST,
                LENGTH(word) DESC NULLS LAST, word NULLS LAST
        ) AS place
    FROM ballots GROUP BY deal, field, word, figure
) AS ranked WHERE place = 1;

CREATE TEMPORARY TABLE shown AS
SELECT
    deal,
    MAX(CASE WHEN field = 'item' THEN word END) AS item, MAX(CASE WHEN field = 'third' THEN word END) AS third,
    MAX(CASE WHEN field = 'category' THEN word END) AS category, MAX(CASE WHEN field = 'label' THEN word END) AS label,
    MAX(CASE WHEN field = 'stage' THEN word END) AS stage, MAX(CASE WHEN field = 'quantity' THEN figure END) AS quantity,
    MAX(CASE WHEN field = 'delivered' THEN figure END) AS quantity_delivered, MAX(CASE WHEN field = 'amount' THEN figure END) AS amount,
    MAX(CASE WHEN field = 'amount' THEN word END) AS currency, CAST(MAX(CASE WHEN field = 'ordered' THEN figure END) AS INT) AS ordered
FROM vote GROUP BY deal;

-- Disagreement. Numbers are compared at the firmest stage of the order; fewer delivered than ordered is none, more is; of
-- deliveries without an order those of one year are compared.
CREATE TEMPORARY TABLE dispute AS
WITH firmest AS (
    SELECT *, MAX(CASE WHEN NOT late AND number > 0 THEN stage_rank ELSE -1 END) OVER (PARTITION BY deal) AS top
    FROM gathered WHERE NOT negative AND kind = 'deal'
), sorted AS (
    SELECT
        *, stage IN ('delivering', 'delivered', 'completed') AND number > 0 AS counts_arrival,
        NOT late AND number > 0 AND stage_rank = top AS counts_order, stage IN ('ordered', 'agreed') AND stated > 0 AS dates_order,
        COALESCE(NULLIF(in_year, 0), published) AS known
    FROM firmest
), unordered AS (
    SELECT DISTINCT deal FROM sorted WHERE top = -1 AND number > 0
    GROUP BY deal, in_year HAVING COUNT(DISTINCT number) > 1 AND COUNT(DISTINCT source) > 1
)
SELECT
    s.deal,
    (COUNT(DISTINCT CASE WHEN counts_order THEN number END) > 1 AND COUNT(DISTINCT CASE WHEN counts_order THEN source END) > 1)
    OR COALESCE(MAX(CASE WHEN counts_arrival THEN number END) > MAX(CASE WHEN counts_order THEN number END)
        AND COUNT(DISTINCT CASE WHEN counts_order OR counts_arrival THEN source END) > 1, FALSE)
    OR COUNT(u.deal) > 0 AS by_number,
    COALESCE(MAX(CASE WHEN dates_order THEN stated END) - MIN(CASE WHEN dates_order THEN stated END) > 1, FALSE)
    AND COUNT(DISTINCT CASE WHEN dates_order THEN source END) > 1 AS by_date,
    COALESCE(
        MIN(CASE WHEN stage = 'cancelled' THEN known END) <= MAX(CASE WHEN stage IN ('delivered', 'completed') THEN known END),
        COUNT(CASE WHEN stage = 'cancelled' THEN 1 END) > 0 AND COUNT(CASE WHEN stage IN ('delivered', 'completed') THEN 1 END) > 0
        AND COUNT(CASE WHEN stage IN ('cancelled', 'delivered', 'completed') THEN known END) = 0
    ) AS by_stage,
    COUNT(DISTINCT CASE WHEN frame <> 'joint_project' THEN actor END) > 1 AS by_supplier
FROM sorted AS s LEFT JOIN unordered AS u ON u.deal = s.deal
GROUP BY s.deal;

CREATE TEMPORARY TABLE summary AS
SELECT
    c.deal, d.block, r.kind, d.frame, NULLIF(d.who, '') AS actor, NULLIF(d.whom, '') AS partner, s.third, s.item,
    CASE WHEN d.vagueness = 0 THEN d.thing END AS family, s.category, s.label, s.stage, s.quantity, s.quantity_delivered, s.amount, s.currency,
    s.ordered, c.first_delivery, c.last_delivery, c.first_year, c.last_year, t.reports, c.sources, c.claims, c.denied,
    NULLIF(CONCAT_WS('+',
        CASE WHEN p.by_date THEN 'date' END, CASE WHEN c.denied THEN 'denied' END, CASE WHEN p.by_number THEN 'number' END,
        CASE WHEN p.by_stage THEN 'stage' END, CASE WHEN p.by_supplier THEN 'supplier' END), '') AS disputed
FROM counted AS c
JOIN reported AS t ON t.deal = c.deal
LEFT JOIN (SELECT deal, MIN(model) AS model FROM moved GROUP BY deal) AS m ON m.deal = c.deal
JOIN deal AS d ON d.deal = COALESCE(m.model, c.deal)
JOIN rule AS r ON r.frame = d.frame
LEFT JOIN shown AS s ON s.deal = c.deal
LEFT JOIN dispute AS p ON p.deal = c.deal;
