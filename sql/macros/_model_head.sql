-- The newest trained model of a relation made by a train_ function, without its bytes where it is in the cache.
--
-- Arguments:
--   relation: name of a table of models, as text
--   kind: what the cache calls the model
-- Returns: _newest STRUCT(head BLOB, size BIGINT, blob BLOB) (NULL: no model there), _rows BIGINT
CREATE OR REPLACE MACRO _model_head(relation, kind) AS TABLE
SELECT arg_max({'head': _head, 'size': _size, 'blob': CASE WHEN NOT _is_held(kind, _head, _size) THEN _blob END}, _at)
    FILTER (_blob IS NOT NULL) AS _newest, count(*) AS _rows
FROM (
    SELECT _blob, _blob[:256] AS _head, octet_length(_blob) AS _size, _at
    FROM (
        SELECT
            TRY_CAST(coalesce(*COLUMNS(lambda _c: lower(_c) = 'model' OR _c = '_ecomsql_none')) AS BLOB) AS _blob,
            coalesce(
                TRY_CAST(coalesce(*COLUMNS(lambda _c: lower(_c) = 'trained_at' OR _c = '_ecomsql_none')) AS TIMESTAMP),
                TIMESTAMP 'epoch'
            ) AS _at
        FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(relation))
    )
);
