-- The handle of a model of topics: of the one that is given, or of one that learns from the reviews.
--
-- Arguments:
--   data: reviews
--   model: name of a table of models, as text
--   id_col: column that says which review it is
--   text_col: column of texts
--   options: the name of the function and its options, a struct
-- Returns: one row: _handle VARCHAR (NULL: no review has a word that could tell a topic)
CREATE OR REPLACE MACRO _topic_model(data, model, id_col, text_col, options) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_model AS (FROM ecomsql.main._model_row(model)),
_ecomsql_sample AS (
    FROM ecomsql.main._review_sample(data, id_col, text_col, model = 'ecomsql.internal._nothing')
)
SELECT
    _open_topics(
        _blob,
        _rows,
        (SELECT _texts FROM _ecomsql_sample),
        to_json({
            'options': options,
            'model': model,
            'id_col': id_col,
            'text_col': text_col,
            'columns': (SELECT _names FROM _ecomsql_columns)
        })
    ) AS _handle
FROM _ecomsql_model;
