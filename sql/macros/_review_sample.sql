-- Texts of a relation to learn from: up to 50,000 different ones, of each the first 10,000 characters.
--
-- Arguments:
--   data: any relation
--   id_col: column that says which review it is
--   text_col: column of texts
--   wanted: whether there is to be anything at all
-- Returns: one row: _texts VARCHAR[] (NULL: none), _rows BIGINT (reviews in all)
CREATE OR REPLACE MACRO _review_sample(data, id_col, text_col, wanted) AS TABLE
WITH
_ecomsql_texts AS MATERIALIZED (
    SELECT left(_text, 10000) AS _some, count(*) AS _times
    FROM ecomsql.main._reviews(data, id_col, text_col)
    WHERE wanted
    GROUP BY ALL
),
_drawn AS (SELECT _some FROM _ecomsql_texts ORDER BY md5(_some) LIMIT 50000)
SELECT
    (SELECT list(_some) FROM _drawn) AS _texts,
    (SELECT coalesce(sum(_times), 0)::BIGINT FROM _ecomsql_texts) AS _rows;
