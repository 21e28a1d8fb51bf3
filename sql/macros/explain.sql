-- Explain predictions: what each feature of a row adds to the model's answer.
--
-- Contributions are in the units of the target, or for classes in log-odds: of the positive class when there are two, else
-- of the predicted one. Those of all features and the model's `base` (in its metrics) add up to the answer:
-- `1 / (1 + exp(-(base + sum(contribution))))` is the probability. Trees are explained by exact Shapley values (TreeSHAP),
-- networks by integrated gradients, linear models by weights; of a blend they are added up with its weights. A date counts
-- as one feature. Rows without an id take no part.
--
-- Arguments:
--   data: the rows to explain: a table, view, CTE, or file name
--   model: name of a table made by train_classifier or train_regressor
--   id_col: column that says which row it is; default: the rows are counted from 1
--   top: how many features a row, those that matter most first; all if there are fewer
-- Returns: id, rank INTEGER, feature VARCHAR, value VARCHAR, contribution DOUBLE
-- Example:
--   WITH m AS (FROM train_classifier('users.parquet', 'age_band', method := 'linear'))
--   FROM explain('users.parquet', model := 'm', id_col := 'user_id', top := 3) LIMIT 6;
CREATE OR REPLACE MACRO explain(
    data,
    model := 'ecomsql.internal._nothing',
    id_col := NULL,
    top := 5
) AS TABLE
WITH
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_types AS (FROM ecomsql.main._types(data)),
_ecomsql_rows AS NOT MATERIALIZED (
    SELECT
        coalesce(
            *COLUMNS(lambda _c: lower(_c) = lower(coalesce(id_col::VARCHAR, '_ecomsql_place')) OR _c = '_ecomsql_none')
        ) AS _id,
        _ecomsql_numbers AS _numbers,
        _ecomsql_texts AS _texts
    FROM (SELECT row_number() OVER () AS _ecomsql_place, *, NULL AS _ecomsql_none FROM ecomsql.main._wide(data))
),
_ecomsql_model AS MATERIALIZED (
    SELECT
        _open_predictor(
            _blob,
            _rows,
            to_json({
                'function': 'explain',
                'model': model,
                'top': top,
                'id_col': id_col,
                'columns': (SELECT _names FROM _ecomsql_columns),
                'types': (SELECT _types FROM _ecomsql_types)
            })
        ) AS _handle
    FROM ecomsql.main._model_row(model)
),
_parts AS (
    SELECT _id, unnest(_explained((SELECT _handle FROM _ecomsql_model), _numbers, _texts)) AS _part
    FROM _ecomsql_rows
    WHERE _id IS NOT NULL
)
SELECT
    _id AS id,
    _part.rank AS rank,
    _part.feature AS feature,
    _part.value AS value,
    _part.contribution AS contribution
FROM _parts;
