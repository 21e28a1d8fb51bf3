-- Measure ranked lists against what the users took afterwards.
--
-- The figures are means over the users of truth; a user without a list counts as 0. Lists are cut at k. With hits the
-- items of the list that the user took: hit_rate: share of users with a hit. precision: hits / k. recall: hits / items
-- taken. ndcg: sum of 1 / log2(place + 1) over the hits, divided by that of a perfect list. mrr: 1 / place of the first
-- hit. map: sum of the precision at each hit, divided by the smaller of k and the items taken. coverage: share of the
-- items in data or truth that is in a list of these users. users: how many were measured; with none, all is 0. They are
-- those of evaluate_recommender.
-- A list is read in the order of rank, equal ranks in the order of the items; gaps close, so that the places are 1, 2, 3.
-- An item that comes twice in a list, or a pair in truth, counts once. Rows without a user or item take no part, nor do
-- those of data without a rank.
--
-- Arguments:
--   data: lists, one place a row, as recommend gives them: a table, view, CTE, or file name
--   truth: name of a relation, in quotes, of what the users took: one pair of user and item a row
--   k: length of the lists
--   user_col: column of users, in both
--   item_col: column of items, in both
--   rank_col: column of ranks in data: numbers, the smallest first
-- Returns: metric VARCHAR, value DOUBLE
-- Example:
--   WITH most_viewed AS (
--       SELECT user_id, item_id, row_number() OVER (PARTITION BY user_id ORDER BY count(*) DESC, item_id) AS rank
--       FROM 'events.parquet' WHERE ts < '2025-02-01' GROUP BY user_id, item_id
--   ),
--   bought AS (FROM 'orders.parquet' WHERE ts >= '2025-02-01')
--   FROM evaluate_ranking(most_viewed, 'bought', k := 5);
CREATE OR REPLACE MACRO evaluate_ranking(
    data,
    truth,
    k := 10,
    user_col := 'user_id',
    item_col := 'item_id',
    rank_col := 'rank'
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_truth_columns AS (FROM ecomsql.main._columns(truth)),
_ecomsql_lists AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col::VARCHAR) OR _c = '_ecomsql_none')) AS _user,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(item_col::VARCHAR) OR _c = '_ecomsql_none')) AS _item,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(rank_col::VARCHAR) OR _c = '_ecomsql_none')) AS _given
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
_ecomsql_taken AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col::VARCHAR) OR _c = '_ecomsql_none')) AS _user,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(item_col::VARCHAR) OR _c = '_ecomsql_none')) AS _item
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(truth))
),
_checked_call AS MATERIALIZED (
    SELECT _checked(to_json({
        'function': 'evaluate_ranking',
        'columns': _ecomsql_columns._names,
        'truth': truth,
        'truth_columns': _ecomsql_truth_columns._names,
        'roles': {'user_col': user_col, 'item_col': item_col, 'rank_col': rank_col},
        'k': k
    })) AS _options
    FROM _ecomsql_columns CROSS JOIN _ecomsql_truth_columns
),
-- A pair of user and item once, with its best rank, and whether it was taken. Ids of two types become text here.
_pairs AS MATERIALIZED (
    SELECT _user, _item, min(_rank) AS _rank, bool_or(_is_listed) AS _is_listed, bool_or(_is_taken) AS _is_taken
    FROM (
        SELECT _user, _item, TRY_CAST(_given AS DOUBLE) AS _rank, true AS _is_listed, false AS _is_taken
        FROM _ecomsql_lists
        WHERE _given IS NOT NULL
        UNION ALL
        SELECT _user, _item, NULL, false, true
        FROM _ecomsql_taken
    )
    WHERE _user IS NOT NULL AND _item IS NOT NULL
    GROUP BY ALL
),
-- The options are read here, so that their check cannot be left out of the plan.
_sound AS MATERIALIZED (
    SELECT
        CASE
            WHEN _bad > 0
                THEN error(format(
                    'evaluate_ranking: rank_col ''{}'' holds values that are not numbers ({} pairs)', rank_col, _bad
                ))
            ELSE (_options ->> 'k')::BIGINT
        END AS _k
    FROM (SELECT count_if(_is_listed AND _rank IS NULL) AS _bad FROM _pairs) CROSS JOIN _checked_call
),
_people AS (
    SELECT _user, count_if(_is_taken) AS _relevant FROM _pairs GROUP BY _user HAVING count_if(_is_taken) > 0
),
_places AS MATERIALIZED (
    SELECT _user, _item, _is_taken, _place, sum(_is_taken::INTEGER) OVER (PARTITION BY _user ORDER BY _place) AS _hits
    FROM (
        SELECT _user, _item, _is_taken, row_number() OVER (PARTITION BY _user ORDER BY _rank, _item) AS _place
        FROM _pairs
        WHERE _is_listed
    )
    WHERE _place <= (SELECT _k FROM _sound)
),
_found AS (
    SELECT
        _user,
        count(*) AS _hits,
        min(_place) AS _first,
        sum(1 / log2(_place + 1)) AS _gain,
        sum(_hits::DOUBLE / _place) AS _precisions
    FROM _places
    WHERE _is_taken
    GROUP BY _user
),
_users AS (
    SELECT
        coalesce(_hits, 0) AS _hits,
        _first,
        coalesce(_gain, 0) AS _gain,
        coalesce(_precisions, 0) AS _precisions,
        _relevant,
        least(_relevant, _k) AS _ideal,
        _k
    FROM _people
    LEFT JOIN _found USING (_user)
    CROSS JOIN _sound
),
-- What a perfect list of each length that is needed gains.
_best AS (
    SELECT _n AS _ideal, sum(1 / log2(_n + 1)) OVER (ORDER BY _n) AS _best_gain
    FROM (SELECT unnest(range(1, (SELECT coalesce(max(_ideal), 0) + 1 FROM _users)::BIGINT)) AS _n)
),
_measured AS (
    SELECT
        avg((_hits > 0)::INTEGER) AS _hit_rate,
        avg(_hits::DOUBLE / _k) AS _precision,
        avg(_hits::DOUBLE / _relevant) AS _recall,
        avg(_gain / _best_gain) AS _ndcg,
        avg(coalesce(1::DOUBLE / _first, 0)) AS _mrr,
        avg(_precisions / _ideal) AS _map,
        count(*) AS _n
    FROM _users JOIN _best USING (_ideal)
),
_coverage AS (
    SELECT
        (SELECT count(DISTINCT _item)::DOUBLE FROM _places WHERE _user IN (SELECT _user FROM _people))
        / (SELECT nullif(count(DISTINCT _item), 0) FROM _pairs) AS _share
)
SELECT
    unnest([
        {'metric': 'hit_rate', 'value': coalesce(_hit_rate, 0)::DOUBLE},
        {'metric': 'precision', 'value': coalesce(_precision, 0)},
        {'metric': 'recall', 'value': coalesce(_recall, 0)},
        {'metric': 'ndcg', 'value': coalesce(_ndcg, 0)},
        {'metric': 'mrr', 'value': coalesce(_mrr, 0)},
        {'metric': 'map', 'value': coalesce(_map, 0)},
        {'metric': 'coverage', 'value': coalesce(_share, 0)},
        {'metric': 'users', 'value': _n::DOUBLE}
    ], recursive := true)
FROM _measured CROSS JOIN _coverage
WHERE (SELECT _k FROM _sound) IS NOT NULL;
