-- The reviews of a relation.
--
-- Arguments:
--   data: any relation
--   id_col: column that says which review it is
--   text_col: column of texts
-- Returns: _id (in its own type), _text VARCHAR; rows where either is NULL are left out
CREATE OR REPLACE MACRO _reviews(data, id_col, text_col) AS TABLE
SELECT _id, _text
FROM (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(id_col::VARCHAR) OR _c = '_ecomsql_none')) AS _id,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(text_col::VARCHAR) OR _c = '_ecomsql_none'))::VARCHAR AS _text
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
)
WHERE _id IS NOT NULL AND _text IS NOT NULL;
