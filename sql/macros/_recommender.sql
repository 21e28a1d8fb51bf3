-- A recommender over a relation: its codes of users and items, and the handle of what the UDF has opened.
--
-- Arguments:
--   data: interactions
--   test: name of a relation of held-out interactions, as text
--   model: name of a table of models, as text
--   user_col: column of users
--   item_col: column of items
--   time_col: column of times
--   weight_col: column of weights
--   options: everything else that the function was given, as a struct
-- Returns: _kind ('user', 'item' or 'handle'), _user, _item, _code INTEGER, _handle
CREATE OR REPLACE MACRO _recommender(data, test, model, user_col, item_col, time_col, weight_col, options) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_test_columns AS (FROM ecomsql.main._columns(test)),
_ecomsql_test AS (FROM ecomsql.main._interactions(test, user_col, item_col, '', NULL)),
_ecomsql_model AS MATERIALIZED (
    SELECT _load_recommender(_blob, _rows, to_json({'function': struct_extract(options, 'function'), 'model': model})) AS _loaded
    FROM ecomsql.main._model_row(model)
),
_events AS MATERIALIZED (
    SELECT *, false AS _is_test
    FROM ecomsql.main._interactions(data, user_col, item_col, time_col, weight_col)
    UNION ALL
    SELECT *, true AS _is_test FROM _ecomsql_test
),
_people AS MATERIALIZED (
    SELECT _user, (row_number() OVER (ORDER BY _user) - 1)::INTEGER AS _code
    FROM (SELECT DISTINCT _user FROM _events)
),
_sample AS (SELECT any_value(_item) AS _item FROM _events),
-- Items have the codes of the model, if there is one, and else their rank.
_catalogue AS MATERIALIZED (
    SELECT _item, (row_number() OVER (ORDER BY _item) - 1)::INTEGER AS _code
    FROM (SELECT DISTINCT _item FROM _events)
    WHERE (SELECT _loaded IS NULL FROM _ecomsql_model)
    UNION ALL
    SELECT TRY(cast_to_type([_text], [_sample._item]))[1], _code
    FROM (
        SELECT
            unnest(_loaded.items) AS _text,
            (generate_subscripts(_loaded.items, 1) - 1)::INTEGER AS _code
        FROM _ecomsql_model
    ) CROSS JOIN _sample
),
_pairs AS (
    SELECT
        _people._code AS _u,
        _catalogue._code AS _i,
        max(_time) AS _t,
        sum(_weight) AS _w,
        _is_test
    FROM _events
    JOIN _people USING (_user)
    JOIN _catalogue USING (_item)
    GROUP BY ALL
),
_opened AS (
    SELECT
        _open_recommender(
            list(_u),
            list(_i),
            list(_t),
            list(_w),
            list(_is_test) FILTER (test <> 'ecomsql.internal._nothing'),
            (SELECT count(*) FROM _people)::INTEGER,
            (SELECT count(*) FROM _catalogue)::INTEGER,
            (SELECT _loaded.handle FROM _ecomsql_model),
            to_json({
                'options': options,
                'columns': (SELECT _names FROM _ecomsql_columns),
                'test': test,
                'test_columns': (SELECT _names FROM _ecomsql_test_columns),
                'foreign_ids': (SELECT count(*) FROM _catalogue WHERE _item IS NULL),
                'roles': {
                    'user_col': user_col, 'item_col': item_col, 'time_col': time_col, 'weight_col': weight_col
                }
            })
        ) AS _handle
    FROM _pairs
)
SELECT 'user' AS _kind, _user, NULL AS _item, _code, NULL AS _handle FROM _people
UNION ALL
SELECT 'item', NULL, _item, _code, NULL FROM _catalogue
UNION ALL
SELECT 'handle', NULL, NULL, NULL, _handle FROM _opened;
