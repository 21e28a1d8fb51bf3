-- The models of a relation made by a train_ function, and when each was trained.
--
-- Arguments:
--   relation: name of a table of models, as text
-- Returns: _blob BLOB (NULL: no model there), _at TIMESTAMP
CREATE OR REPLACE MACRO _model_rows(relation) AS TABLE
SELECT
    TRY_CAST(coalesce(*COLUMNS(lambda _c: lower(_c) = 'model' OR _c = '_ecomsql_none')) AS BLOB) AS _blob,
    coalesce(
        TRY_CAST(coalesce(*COLUMNS(lambda _c: lower(_c) = 'trained_at' OR _c = '_ecomsql_none')) AS TIMESTAMP),
        TIMESTAMP 'epoch'
    ) AS _at
FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(relation));
