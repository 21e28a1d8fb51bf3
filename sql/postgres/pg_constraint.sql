-- Keys and checks of tables.
CREATE OR REPLACE VIEW pg_constraint AS
SELECT
    1000000000 + (c.table_oid % 1000000) * 1000 + c.constraint_index AS oid,
    c.constraint_name AS conname,
    16384 + c.schema_oid AS connamespace,
    CASE c.constraint_type
        WHEN 'PRIMARY KEY' THEN 'p' WHEN 'UNIQUE' THEN 'u' WHEN 'FOREIGN KEY' THEN 'f' ELSE 'c'
    END AS contype,
    false AS condeferrable,
    false AS condeferred,
    true AS convalidated,
    16384 + c.table_oid AS conrelid,
    0::BIGINT AS contypid,
    CASE
        WHEN c.constraint_type IN ('PRIMARY KEY', 'UNIQUE')
            THEN 1000000000 + (c.table_oid % 1000000) * 1000 + c.constraint_index
        ELSE coalesce(
            (
                SELECT any_value(1000000000 + (k.table_oid % 1000000) * 1000 + k.constraint_index)
                FROM duckdb_constraints() AS k
                WHERE
                    k.database_name = c.database_name
                    AND k.schema_name = c.schema_name
                    AND k.table_name = c.referenced_table
                    AND k.constraint_type IN ('PRIMARY KEY', 'UNIQUE')
                    AND k.constraint_column_names = c.referenced_column_names
            ),
            0
        )
    END AS conindid,
    0::BIGINT AS conparentid,
    coalesce(
        (
            SELECT 16384 + any_value(r.table_oid) FROM duckdb_tables() AS r
            WHERE
                r.database_name = c.database_name
                AND r.schema_name = c.schema_name
                AND r.table_name = c.referenced_table
        ),
        0
    ) AS confrelid,
    'a' AS confupdtype,
    'a' AS confdeltype,
    's' AS confmatchtype,
    true AS conislocal,
    0::INTEGER AS coninhcount,
    true AS connoinherit,
    list_transform(c.constraint_column_indexes, lambda _one: (_one + 1)::SMALLINT) AS conkey,
    (
        SELECT list(r.column_index::SMALLINT ORDER BY list_position(c.referenced_column_names, r.column_name))
        FROM duckdb_columns() AS r
        WHERE
            r.database_name = c.database_name
            AND r.schema_name = c.schema_name
            AND r.table_name = c.referenced_table
            AND list_contains(c.referenced_column_names, r.column_name)
    ) AS confkey,
    c.expression AS conbin,
    c.constraint_text AS _text
FROM duckdb_constraints() AS c
WHERE c.database_name = current_database() AND c.constraint_type <> 'NOT NULL';
