-- Columns of the relations in pg_class.
CREATE OR REPLACE VIEW pg_attribute AS
SELECT
    CASE WHEN c.database_name = 'temp' THEN 100000000 ELSE 16384 END + c.table_oid AS attrelid,
    c.column_name AS attname,
    ecomsql.postgres._type_oid(c.data_type) AS atttypid,
    -1::INTEGER AS attstattarget,
    coalesce(t.typlen, -1)::SMALLINT AS attlen,
    c.column_index::SMALLINT AS attnum,
    0::INTEGER AS attndims,
    -1::INTEGER AS attcacheoff,
    CASE
        WHEN starts_with(c.data_type, 'DECIMAL(')
            THEN ((c.numeric_precision::INTEGER << 16) | c.numeric_scale::INTEGER) + 4
        ELSE -1
    END AS atttypmod,
    false AS attbyval,
    'x' AS attstorage,
    'i' AS attalign,
    '' AS attcompression,
    NOT c.is_nullable AS attnotnull,
    c.column_default IS NOT NULL AS atthasdef,
    false AS atthasmissing,
    '' AS attidentity,
    '' AS attgenerated,
    false AS attisdropped,
    true AS attislocal,
    0::INTEGER AS attinhcount,
    0::BIGINT AS attcollation,
    NULL::VARCHAR[] AS attacl,
    NULL::VARCHAR[] AS attoptions,
    NULL::VARCHAR[] AS attfdwoptions,
    c.column_default AS _default,
    c.data_type AS _data_type,
    c.comment AS _comment
FROM duckdb_columns() AS c
LEFT JOIN ecomsql.postgres.pg_type AS t ON t.oid = ecomsql.postgres._type_oid(c.data_type)
WHERE
    (c.database_name = current_database() OR c.database_name = 'temp')
    AND NOT c.internal;
