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
    SELECT _blob, _blob[:256] AS _head, octet_length(_blob) AS _size, _at FROM ecomsql.main._model_rows(relation)
);
