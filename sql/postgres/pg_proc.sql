-- The functions of ecomsql with what they are for, and the macros of the session's database.
CREATE OR REPLACE VIEW pg_proc AS
SELECT
    CASE WHEN f.database_name = 'ecomsql' THEN 500000000 ELSE 16384 END + f.function_oid AS oid,
    f.function_name AS proname,
    CASE
        WHEN f.database_name = 'ecomsql' THEN 12
        ELSE 16384 + coalesce(
            (
                SELECT any_value(s.oid) FROM duckdb_schemas() AS s
                WHERE s.database_name = f.database_name AND s.schema_name = f.schema_name
            ),
            0
        )
    END AS pronamespace,
    10::BIGINT AS proowner,
    14::BIGINT AS prolang,
    1::FLOAT AS procost,
    0::FLOAT AS prorows,
    0::BIGINT AS provariadic,
    'f' AS prokind,
    false AS proisagg,
    false AS prosecdef,
    false AS proleakproof,
    false AS proisstrict,
    f.function_type = 'table_macro' AS proretset,
    's' AS provolatile,
    'u' AS proparallel,
    len(f.parameters)::SMALLINT AS pronargs,
    0::SMALLINT AS pronargdefaults,
    CASE WHEN f.function_type = 'table_macro' THEN 2249::BIGINT ELSE 25 END AS prorettype,
    list_transform(f.parameters, lambda _one: 25::BIGINT) AS proargtypes,
    NULL::BIGINT[] AS proallargtypes,
    NULL::VARCHAR[] AS proargmodes,
    f.parameters AS proargnames,
    NULL::VARCHAR AS proargdefaults,
    f.macro_definition AS prosrc,
    NULL::VARCHAR AS probin,
    NULL::VARCHAR AS prosqlbody,
    NULL::VARCHAR[] AS proconfig,
    NULL::VARCHAR[] AS proacl,
    f.comment AS _comment
FROM duckdb_functions() AS f
WHERE
    f.function_type IN ('macro', 'table_macro')
    AND NOT starts_with(f.function_name, '_')
    AND (
        (f.database_name = 'ecomsql' AND f.schema_name = 'main')
        OR (f.database_name = current_database() AND NOT f.internal)
    );
