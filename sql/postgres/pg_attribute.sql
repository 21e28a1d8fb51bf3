-- Columns of the tables and views in pg_class, and of its indexes.
CREATE OR REPLACE VIEW pg_attribute AS
WITH _columns AS (
    SELECT
        CASE WHEN database_name = 'temp' THEN 100000000 ELSE 16384 END + table_oid AS _relation,
        column_name,
        column_index,
        data_type,
        numeric_precision,
        numeric_scale,
        is_nullable,
        column_default,
        comment
    FROM duckdb_columns()
    WHERE (database_name = current_database() OR database_name = 'temp') AND NOT internal
),

_keys AS (SELECT indexrelid, indrelid, unnest(indkey) AS _number, indkey FROM ecomsql.postgres.pg_index),

_lists AS (
    SELECT
        list_concat(
            (
                SELECT
                    list(
                        ecomsql.postgres._attribute(
                            _relation, column_name, column_index, data_type, numeric_precision, numeric_scale,
                            NOT is_nullable, column_default, comment
                        )
                    )
                FROM _columns
            ),
            (
                SELECT
                    list(
                        ecomsql.postgres._attribute(
                            k.indexrelid, c.column_name, list_position(k.indkey, k._number), c.data_type,
                            c.numeric_precision, c.numeric_scale, false, NULL, NULL
                        )
                    )
                FROM _keys AS k
                JOIN _columns AS c ON c._relation = k.indrelid AND c.column_index = k._number
            )
        ) AS _all
),

_attributes AS (SELECT unnest(_all, recursive := true) FROM _lists),

_typed AS (SELECT *, ecomsql.postgres._type_oid(_type) AS _oid FROM _attributes)

SELECT
    c._relation AS attrelid,
    c._name AS attname,
    c._oid AS atttypid,
    -1::INTEGER AS attstattarget,
    coalesce(t.typlen, -1)::SMALLINT AS attlen,
    c._number::SMALLINT AS attnum,
    0::INTEGER AS attndims,
    -1::INTEGER AS attcacheoff,
    CASE WHEN c._oid = 1700 AND c._precision IS NOT NULL THEN ((c._precision << 16) | c._scale) + 4 ELSE -1 END
        AS atttypmod,
    false AS attbyval,
    'x' AS attstorage,
    'i' AS attalign,
    '' AS attcompression,
    c._is_required AS attnotnull,
    c._default IS NOT NULL AS atthasdef,
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
    c._default,
    c._type AS _data_type,
    c._comment
FROM _typed AS c
LEFT JOIN ecomsql.postgres.pg_type AS t ON t.oid = c._oid;
