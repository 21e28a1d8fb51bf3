-- The handle of what tells sentiment: of the model that is given, of one that learns from ratings or labels, or the lexicon.
--
-- Arguments:
--   data: reviews
--   model: name of a table of models, as text
--   id_col: column that says which review it is
--   text_col: column of texts
--   label_col: column of labels, or NULL
--   rating_col: column of ratings; NULL: `rating` when there
--   options: method, seed and the name of the function, a struct
-- Returns: one row: _handle VARCHAR
CREATE OR REPLACE MACRO _sentiment_model(data, model, id_col, text_col, label_col, rating_col, options) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_model AS (FROM ecomsql.main._model_row(model)),
-- Where nothing is learned, nothing is read.
_ecomsql_labelled AS (
    FROM ecomsql.main._labelled_reviews(
        data, id_col, text_col, label_col, rating_col,
        model = 'ecomsql.internal._nothing' AND lower(struct_extract(options, 'method')::VARCHAR) <> 'lexicon'
    )
)
SELECT
    _open_sentiment(
        _blob,
        _rows,
        _texts,
        _labels,
        to_json({
            'options': options,
            'model': model,
            'id_col': id_col,
            'text_col': text_col,
            'label_col': label_col,
            'rating_col': rating_col,
            'columns': (SELECT _names FROM _ecomsql_columns)
        })
    ) AS _handle
FROM _ecomsql_labelled CROSS JOIN _ecomsql_model;
