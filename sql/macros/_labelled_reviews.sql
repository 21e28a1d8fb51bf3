-- Reviews to learn opinions from: up to 50,000 with a label, of each the first 10,000 characters.
--
-- Arguments:
--   data: any relation
--   id_col: column that says which review it is
--   text_col: column of texts
--   label_col: column of labels, or NULL
--   rating_col: column of ratings; NULL: `rating` when there. Labels come first
--   wanted: whether there is to be anything at all
-- Returns: one row: _texts VARCHAR[], _labels VARCHAR[] (NULL: none)
CREATE OR REPLACE MACRO _labelled_reviews(data, id_col, text_col, label_col, rating_col, wanted) AS TABLE
SELECT list(_some) AS _texts, list(_label) AS _labels
FROM (
    SELECT left(_text, 10000) AS _some, _label
    FROM (
        SELECT
            coalesce(*COLUMNS(lambda _c: lower(_c) = lower(id_col::VARCHAR) OR _c = '_ecomsql_none')) AS _id,
            coalesce(*COLUMNS(lambda _c: lower(_c) = lower(text_col::VARCHAR) OR _c = '_ecomsql_none'))::VARCHAR AS _text,
            coalesce(*COLUMNS(
                lambda _c: lower(_c) = lower(coalesce(label_col, rating_col, 'rating')::VARCHAR) OR _c = '_ecomsql_none'
            ))::VARCHAR AS _label
        FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
        WHERE wanted
    )
    WHERE _id IS NOT NULL AND _text IS NOT NULL AND _label IS NOT NULL
    ORDER BY md5(_some), _some, _label
    LIMIT 50000
);
