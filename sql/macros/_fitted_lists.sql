-- Lists of what to recommend, by a model that is fitted to the data now.
--
-- Arguments:
--   data: interactions
--   users: name of a relation of users to score, as text
--   user_col: column of users
--   item_col: column of items
--   time_col: column of times
--   weight_col: column of weights
--   options: everything else that the function was given, as a struct
-- Returns: user_id, rank INTEGER, item_id, score DOUBLE
CREATE OR REPLACE MACRO _fitted_lists(data, users, user_col, item_col, time_col, weight_col, options) AS TABLE
WITH
_ecomsql_wanted AS (FROM ecomsql.main._users(users, user_col)),
_ecomsql_user_columns AS (FROM ecomsql.main._columns(users)),
_session AS MATERIALIZED (
    FROM ecomsql.main._recommender(
        data, 'ecomsql.internal._nothing', 'ecomsql.internal._nothing', user_col, item_col, time_col, weight_col,
        struct_insert(options, user_columns := (SELECT _names FROM _ecomsql_user_columns))
    )
),
_handle AS (SELECT _handle FROM _session WHERE _kind = 'handle'),
_people AS (SELECT _user, _code FROM _session WHERE _kind = 'user'),
_asked AS (
    SELECT _user, _code FROM _people
    WHERE users = 'ecomsql.internal._nothing'
    UNION ALL
    SELECT _typed._user, coalesce(_people._code, -1)
    FROM (
        SELECT DISTINCT TRY(cast_to_type([_wanted._user], [_sample._user]))[1] AS _user
        FROM _ecomsql_wanted AS _wanted
        CROSS JOIN (SELECT any_value(_user) AS _user FROM _people) AS _sample
    ) AS _typed
    LEFT JOIN _people ON _people._user = _typed._user
    WHERE _typed._user IS NOT NULL
),
_hits AS (SELECT _user, unnest(_ranked((SELECT _handle FROM _handle), _code)) AS _hit FROM _asked)
SELECT _hits._user AS user_id, _hit.rank AS rank, _session._item AS item_id, _hit.score AS score
FROM _hits
JOIN _session ON _session._kind = 'item' AND _session._code = _hit.code;
