-- Explanations of the rows of a table by a model of train_classifier or train_regressor.
--
-- Arguments:
--   data: the rows to explain
--   model: name of a table of models, as text
--   id_col: column that says which row it is; NULL: the rows are counted from 1
--   top: how many features a row
--   task: what the user says that the model is for, or NULL
-- Returns: id, rank INTEGER, feature VARCHAR, value VARCHAR, contribution DOUBLE
CREATE OR REPLACE MACRO _explained_table(data, model, id_col, top, task) AS TABLE
WITH
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_types AS (FROM ecomsql.main._types(data)),
_ecomsql_model AS MATERIALIZED (
    SELECT
        _open_predictor(
            _blob,
            _rows,
            to_json({
                'function': 'explain',
                'model': model,
                'task': task,
                'top': top,
                'id_col': id_col,
                'columns': (SELECT _names FROM _ecomsql_columns),
                'types': (SELECT _types FROM _ecomsql_types)
            })
        ) AS _handle
    FROM ecomsql.main._model_row(model)
),
_ecomsql_parts AS (
    SELECT
        coalesce(
            *COLUMNS(lambda _c: lower(_c) = lower(coalesce(id_col::VARCHAR, '_ecomsql_place')) OR _c = '_ecomsql_none')
        ) AS _ecomsql_id,
        _explained(
            (SELECT _handle FROM _ecomsql_model),
            *COLUMNS(lambda _c: _c NOT IN ('_ecomsql_place', '_ecomsql_none'))
        ) AS _ecomsql_list
    FROM (SELECT row_number() OVER () AS _ecomsql_place, *, NULL AS _ecomsql_none FROM query_table(data))
)
SELECT
    _id AS id,
    _part.rank AS rank,
    _part.feature AS feature,
    _part.value AS value,
    _part.contribution AS contribution
FROM (
    SELECT _ecomsql_id AS _id, unnest(_ecomsql_list) AS _part FROM _ecomsql_parts WHERE _ecomsql_id IS NOT NULL
);
