-- Trains a predictor of one column of a table from others, and returns its row.
--
-- Arguments:
--   data: any relation
--   target: the column to predict
--   options: everything else that the function was given, as a struct
-- Returns: the columns of a model row
CREATE OR REPLACE MACRO _train_table(data, target, options) AS TABLE
WITH
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_types AS (FROM ecomsql.main._types(data)),
-- One scan and one aggregate, so that labels and columns are of the same rows.
_ecomsql_lists AS (
    SELECT
        list(coalesce(
            *COLUMNS(lambda _c: lower(_c) = lower(target::VARCHAR) OR _c = '_ecomsql_none')
        )::VARCHAR) AS _ecomsql_labels,
        list(COLUMNS(lambda _c: _c != '_ecomsql_none'))
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
_trained AS (
    SELECT
        _train_on_table(
            to_json({
                'columns': (SELECT _names FROM _ecomsql_columns),
                'types': (SELECT _types FROM _ecomsql_types),
                'target': target,
                'options': options
            }),
            *COLUMNS(*)
        ) AS _row
    FROM _ecomsql_lists
)
SELECT
    _row.model AS model,
    _row.task AS task,
    _row.method AS method,
    now() AS trained_at,
    _row.rows AS rows,
    _row.options::JSON AS options,
    _row.metrics::JSON AS metrics,
    _row.version AS version
FROM _trained;
