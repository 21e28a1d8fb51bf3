-- Comments on relations, columns and functions.
CREATE OR REPLACE VIEW pg_description AS
SELECT
    16384 + table_oid AS objoid, 1259::BIGINT AS classoid, 0::INTEGER AS objsubid, comment AS description
FROM duckdb_tables()
WHERE database_name = current_database() AND comment IS NOT NULL
UNION ALL
SELECT 16384 + view_oid, 1259, 0, comment FROM duckdb_views()
WHERE database_name = current_database() AND comment IS NOT NULL
UNION ALL
SELECT attrelid, 1259, attnum, _comment FROM ecomsql.postgres.pg_attribute WHERE _comment IS NOT NULL
UNION ALL
SELECT oid, 1255, 0, split_part(_comment, chr(10), 1) FROM ecomsql.postgres.pg_proc
WHERE _comment IS NOT NULL;
