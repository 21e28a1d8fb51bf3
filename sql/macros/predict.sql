-- Predict with a trained model: every column of the data, and what the model says of each row.
--
-- Models of train_classifier give `prediction`, with the type of the labels, and `probability`: of the positive class
-- when there are two, else of the predicted one. Those of train_regressor give `prediction` DOUBLE. Columns that the
-- model learned from must be there, by name; others are handed through. NULLs and values that training never had are
-- answered; a number where the model knows text, or the reverse, is converted or refused. Rows stream: memory does not
-- grow with them. When the model is in a temporary table, a CTE or an open transaction, its type cannot be seen
-- beforehand: `prediction` is then DOUBLE, true and false being 1 and 0, and text needs `prediction_type`.
--
-- Arguments:
--   data: the rows to score: a table, view, CTE, or file name
--   model: name of a table made by train_classifier or train_regressor; of several rows the newest
--   prediction_type: the SQL type of `prediction`; default: that of the labels
-- Returns: every column of data, then prediction, probability DOUBLE
-- Example:
--   WITH m AS (FROM train_regressor('items.parquet', 'price', method := 'linear'))
--   FROM predict('items.parquet', model := 'm') LIMIT 5;
CREATE OR REPLACE MACRO predict(
    data,
    model := 'ecomsql.internal._nothing',
    prediction_type := NULL
) AS TABLE
WITH
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_types AS (FROM ecomsql.main._types(data)),
_ecomsql_model AS MATERIALIZED (
    SELECT
        _open_predictor(
            _blob,
            _rows,
            to_json({
                'function': 'predict',
                'model': model,
                'columns': (SELECT _names FROM _ecomsql_columns),
                'types': (SELECT _types FROM _ecomsql_types)
            })
        ) AS _handle
    FROM ecomsql.main._model_row(model)
),
_ecomsql_scored AS NOT MATERIALIZED (
    SELECT
        *,
        _predicted((SELECT _handle FROM _ecomsql_model), *COLUMNS(*)) AS _ecomsql_answer
    FROM query_table(data)
)
FROM query(_prediction_select(model, prediction_type));
