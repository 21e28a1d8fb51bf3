-- Comments on relations, columns and functions.
CREATE OR REPLACE VIEW pg_description AS
WITH _lists AS (
    SELECT
        list_concat(
            (
                SELECT list(ecomsql.postgres._description(16384 + table_oid, 1259, 0, comment)) FROM duckdb_tables()
                WHERE database_name = current_database() AND comment IS NOT NULL
            ),
            (
                SELECT list(ecomsql.postgres._description(16384 + view_oid, 1259, 0, comment)) FROM duckdb_views()
                WHERE database_name = current_database() AND comment IS NOT NULL
            ),
            (
                SELECT list(ecomsql.postgres._description(attrelid, 1259, attnum, _comment))
                FROM ecomsql.postgres.pg_attribute
                WHERE _comment IS NOT NULL
            ),
            (
                SELECT list(ecomsql.postgres._description(oid, 1255, 0, split_part(_comment, chr(10), 1)))
                FROM ecomsql.postgres.pg_proc
                WHERE _comment IS NOT NULL
            )
        ) AS _all
)

SELECT unnest(_all, recursive := true) FROM _lists;
