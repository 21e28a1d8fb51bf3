-- Indexes, and the primary and unique keys, which DuckDB does not list as indexes.
CREATE OR REPLACE VIEW pg_index AS
WITH _named AS (
    SELECT
        *, list_transform(string_split(trim(expressions, '[]'), ','), lambda _one: trim(_one, ' "''')) AS _names
    FROM duckdb_indexes()
    WHERE database_name = current_database()
),

-- Columns that an index names; of an expression, none.
_indexes AS (
    SELECT
        16384 + i.index_oid AS _index,
        16384 + i.table_oid AS _table,
        i.is_unique AS _is_unique,
        i.is_primary AS _is_primary,
        (
            SELECT coalesce(list(a.column_index::SMALLINT ORDER BY list_position(i._names, a.column_name)), [])
            FROM duckdb_columns() AS a
            WHERE a.table_oid = i.table_oid AND list_contains(i._names, a.column_name)
        ) AS _columns,
        i.sql AS _sql
    FROM _named AS i
),

_lists AS (
    SELECT
        list_concat(
            (SELECT list(ecomsql.postgres._index(_index, _table, _is_unique, _is_primary, _columns, _sql)) FROM _indexes),
            (
                SELECT list(ecomsql.postgres._index(oid, conrelid, true, contype = 'p', conkey, NULL))
                FROM ecomsql.postgres.pg_constraint
                WHERE contype IN ('p', 'u')
            )
        ) AS _all
),

_both AS (SELECT unnest(_all, max_depth := 2) FROM _lists)

SELECT
    _index AS indexrelid,
    _table AS indrelid,
    len(_columns)::SMALLINT AS indnatts,
    len(_columns)::SMALLINT AS indnkeyatts,
    _is_unique AS indisunique,
    _is_primary AS indisprimary,
    false AS indisexclusion,
    true AS indimmediate,
    false AS indisclustered,
    true AS indisvalid,
    false AS indcheckxmin,
    true AS indisready,
    true AS indislive,
    false AS indisreplident,
    false AS indnullsnotdistinct,
    _columns AS indkey,
    list_transform(_columns, lambda _one: 0::BIGINT) AS indcollation,
    list_transform(_columns, lambda _one: 0::BIGINT) AS indclass,
    list_transform(_columns, lambda _one: 0::SMALLINT) AS indoption,
    NULL::VARCHAR AS indexprs,
    NULL::VARCHAR AS indpred,
    _sql
FROM _both;
