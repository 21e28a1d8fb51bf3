-- Split the rows of a table into one part to learn from and one to test on.
--
-- random: by a hash of the content of the row and the seed, so that neither the order of the rows nor the number of
-- threads matters, and equal rows land together. The test part is as near to the share asked for as whole rows allow.
-- time: the latest rows are the test; rows of the same time stay together. group: a share of the groups, all rows of each
-- group on one side, by a hash of the group and the seed. With stratify_col each of its values (NULL is one too) is
-- split on its own, and the shares add up to the one of the whole; with time, and users to stratify by, the latest of each
-- user are the test. Rows without a time (strategy time) or a group (strategy group) are train, and are not counted. Equal
-- rows that alone would be twice the test part or more stay in train. Few rows may leave one side empty.
--
-- Arguments:
--   data: any rows: a table, view, CTE, or file name; no column may be called `split`
--   test: share of the test part, above 0 and below 1
--   strategy: random, time or group
--   seed: same data, options and seed give the same split; time alone needs none
--   time_col: time: column of times, dates or any order; default: `ts`; text that is no date or number is ordered as text
--   group_col: group: column of groups; default: `user_id`
--   stratify_col: random and time: column whose values are each split in the same share
-- Returns: every column of data, then split VARCHAR
-- Example:
--   SELECT split, count(*), min(ts) FROM train_test_split('events.parquet', strategy := 'time') GROUP BY split;
CREATE OR REPLACE MACRO train_test_split(
    data,
    test := 0.2,
    strategy := 'random',
    seed := 42,
    time_col := NULL,
    group_col := NULL,
    stratify_col := NULL
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_call AS MATERIALIZED (
    SELECT
        (_options ->> 'test')::DOUBLE AS _ecomsql_share,
        _options ->> 'seed' AS _ecomsql_seed
    FROM (
        SELECT _checked(to_json({
            'function': 'train_test_split',
            'columns': _names,
            'test': test,
            'strategy': strategy,
            'seed': seed,
            'roles': {'time_col': time_col, 'group_col': group_col, 'stratify_col': stratify_col}
        })) AS _options
        FROM _ecomsql_columns
    )
),
_ecomsql_read AS (
    SELECT
        *,
        CASE WHEN lower(strategy::VARCHAR) = 'random' THEN hash(_ecomsql_row) END AS _ecomsql_content,
        coalesce(
            *COLUMNS(lambda _c: lower(_c) = lower(coalesce(time_col::VARCHAR, 'ts')) OR _c = '_ecomsql_none')
        ) AS _ecomsql_time,
        coalesce(
            *COLUMNS(lambda _c: lower(_c) = lower(coalesce(group_col::VARCHAR, 'user_id')) OR _c = '_ecomsql_none')
        ) AS _ecomsql_group,
        hash(
            coalesce(*COLUMNS(lambda _c: lower(_c) = lower(stratify_col::VARCHAR) OR _c = '_ecomsql_none'))
        ) AS _ecomsql_stratum
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data)) AS _ecomsql_row
),
-- A level is what stays together: equal rows, one time of a stratum, or a group. NULL: rows that are train anyway.
_ecomsql_rows AS MATERIALIZED (
    SELECT
        * EXCLUDE (_ecomsql_none, _ecomsql_content, _ecomsql_time, _ecomsql_group, _ecomsql_seed),
        CASE lower(strategy::VARCHAR)
            WHEN 'time' THEN if(_ecomsql_latest IS NOT NULL, hash(_ecomsql_latest, _ecomsql_stratum), NULL)
            WHEN 'group' THEN if(_ecomsql_group IS NOT NULL, hash(hash(_ecomsql_group, _ecomsql_seed)), NULL)
            ELSE hash(hash(_ecomsql_content, _ecomsql_seed))
        END AS _ecomsql_level
    FROM (
        SELECT
            *,
            CASE
                WHEN
                    lower(strategy::VARCHAR) = 'time' AND _ecomsql_time IS NOT NULL
                    AND NOT coalesce(isnan(TRY_CAST(_ecomsql_time AS DOUBLE)), false)
                    THEN ecomsql.main._time_order(_ecomsql_time)
            END AS _ecomsql_latest
        FROM _ecomsql_read
        CROSS JOIN (SELECT _ecomsql_seed FROM _ecomsql_call)
    )
),
_levels AS MATERIALIZED (
    SELECT
        _ecomsql_stratum AS _stratum,
        _ecomsql_level AS _level,
        any_value(_ecomsql_latest) AS _latest,
        CASE WHEN lower(strategy::VARCHAR) = 'group' THEN 1 ELSE count(*) END AS _n
    FROM _ecomsql_rows
    WHERE _ecomsql_level IS NOT NULL
    GROUP BY ALL
),
-- Whole numbers a stratum that add up to the share of all: each is the step that the rounded running total takes.
_targets AS (
    SELECT
        _stratum,
        ceil(_ecomsql_share * _total - 0.5) - ceil(_ecomsql_share * (_total - _n) - 0.5) AS _target
    FROM (
        SELECT _stratum, _n, sum(_n) OVER (ORDER BY hash(hash(_stratum, _ecomsql_seed)), _stratum) AS _total
        FROM (SELECT _stratum, sum(_n) AS _n FROM _levels GROUP BY _stratum)
        CROSS JOIN _ecomsql_call
    )
    CROSS JOIN _ecomsql_call
),
-- Levels are taken in turn while that brings the test part nearer to its target.
_chosen AS (
    SELECT _level
    FROM (
        SELECT
            _level,
            _n,
            _target,
            sum(_n) OVER (PARTITION BY _stratum ORDER BY _latest DESC NULLS LAST, _level) AS _taken
        FROM _levels
        JOIN _targets USING (_stratum)
        WHERE _n < 2 * _target OR lower(strategy::VARCHAR) = 'time'
    )
    WHERE 2 * _taken - _n < 2 * _target
)
SELECT
    * EXCLUDE (_ecomsql_stratum, _ecomsql_latest, _ecomsql_level),
    CASE WHEN _ecomsql_level IN (SELECT _level FROM _chosen) THEN 'test' ELSE 'train' END AS split
FROM _ecomsql_rows
UNION ALL
-- No row: it makes the check of the options run over empty data too.
SELECT _ecomsql_rows.* EXCLUDE (_ecomsql_stratum, _ecomsql_latest, _ecomsql_level), NULL
FROM _ecomsql_call LEFT JOIN _ecomsql_rows ON false
WHERE _ecomsql_share IS NULL;
