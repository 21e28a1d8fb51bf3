-- Lists of what to recommend, by a stored model: the work grows with the events of the users that are asked for.
--
-- Arguments:
--   data: interactions
--   model: name of a table of models, as text
--   users: name of a relation of users to score, as text
--   user_col: column of users
--   item_col: column of items
--   time_col: column of times
--   weight_col: column of weights
--   options: name of a relation of one row: `_all`, everything else that the function was given, as a struct
-- Returns: user_id, rank INTEGER, item_id, score DOUBLE
CREATE OR REPLACE MACRO _stored_lists(data, model, users, user_col, item_col, time_col, weight_col, options) AS TABLE
WITH
_ecomsql_wanted AS (FROM ecomsql.main._users(users, user_col)),
_ecomsql_user_columns AS (SELECT _names AS _user_names FROM ecomsql.main._columns(users)),
_ecomsql_nobody AS (SELECT NULL::VARCHAR[] AS _user_names),
_ecomsql_shape AS (FROM ecomsql.main._shape(data, user_col, item_col)),
_ecomsql_model AS (FROM ecomsql.main._model_head(model, 'model')),
_ecomsql_events AS (FROM ecomsql.main._events(data, user_col, item_col, time_col, weight_col)),
_opened AS MATERIALIZED (
    SELECT
        _user,
        _item,
        _is_caseless,
        _is_accentless,
        _open_scorer(
            _newest.head,
            _newest.size,
            _newest.blob,
            _rows,
            concat_ws(' ', typeof(_item), current_setting('TimeZone'), _is_caseless, _is_accentless),
            to_json({
                'options': _all,
                'model': model,
                'columns': _names,
                'user_columns': _user_names,
                'test': 'ecomsql.internal._nothing',
                'roles': {
                    'user_col': user_col, 'item_col': item_col, 'time_col': time_col, 'weight_col': weight_col
                }
            })
        ) AS _scorer
    FROM
        _ecomsql_model,
        _ecomsql_shape,
        query_table(options),
        query_table(if(users::VARCHAR = 'ecomsql.internal._nothing', '_ecomsql_nobody', '_ecomsql_user_columns'))
),
-- What the model's items are called in the data is read once, and known from then on.
_ready AS MATERIALIZED (
    SELECT
        _user,
        _is_caseless,
        _is_accentless,
        _read_items(_scorer.handle, list_transform(
            _scorer.unread,
            lambda _t: ecomsql.main._same_text(ecomsql.main._read_as(_t, _item), _is_caseless, _is_accentless)
        )) AS _handle
    FROM _opened
),
_asked AS (
    SELECT *
    FROM (
        SELECT DISTINCT TRY(cast_to_type([_ecomsql_wanted._user], [_ready._user]))[1] AS _user
        FROM _ecomsql_wanted CROSS JOIN _ready
    )
    LEFT JOIN _ecomsql_events USING (_user)
    WHERE _user IS NOT NULL
),
_histories AS (
    SELECT
        _events._user,
        any_value(_handle) AS _handle,
        any_value(_item) AS _sample,
        list(ecomsql.main._same_text(_item, _is_caseless, _is_accentless)) FILTER (_item IS NOT NULL) AS _items,
        list(_time) FILTER (_item IS NOT NULL) AS _times,
        -- Times that are neither numbers nor dates are in the order that SQL gives them.
        CASE WHEN count(_at) > count(_time) THEN
            list(CASE WHEN _at IS NOT NULL THEN create_sort_key([_at], 'ASC NULLS LAST') END)
                FILTER (_item IS NOT NULL)
        END AS _order,
        list(_weight) FILTER (_item IS NOT NULL) AS _weights
    FROM
        query_table(if(users::VARCHAR = 'ecomsql.internal._nothing', '_ecomsql_events', '_asked')) AS _events,
        _ready
    GROUP BY ALL
    -- Which users are scored together must not depend on the order of the rows: it shows in the last digit.
    ORDER BY _events._user
),
_hits AS (
    SELECT _user, _sample, unnest(_recommended(_handle, _items, _times, _order, _weights)) AS _hit FROM _histories
)
SELECT
    _user AS user_id,
    _hit.rank AS rank,
    TRY(cast_to_type([_hit.item], [_sample]))[1] AS item_id,
    _hit.score AS score
FROM _hits
UNION ALL
-- No row, but what is wrong with the model, columns or options is an error where nobody is to be scored, too.
SELECT NULL, NULL, NULL, NULL FROM _ready WHERE _handle IS NULL;
