-- PostgreSQL's functions on its catalogue, as far as clients call them. Each is one line of SQL over the views.

-- What becomes of a type of DuckDB; the server's own table of types has the rest.
CREATE OR REPLACE MACRO _type_oid(_type) AS coalesce(
    (SELECT any_value(oid) FROM ecomsql.postgres._type_names WHERE name = _type),
    CASE
        WHEN starts_with(_type, 'DECIMAL(') AND ends_with(_type, ')') THEN 1700
        WHEN starts_with(_type, 'DECIMAL(') THEN 1231
        WHEN starts_with(_type, 'ENUM(') THEN 25
        WHEN starts_with(_type, 'STRUCT(') OR starts_with(_type, 'MAP(') OR starts_with(_type, 'UNION(') THEN 114
        WHEN ends_with(_type, ']') AND NOT contains(_type[:-3], '[')
            THEN (SELECT any_value(array_oid) FROM ecomsql.postgres._type_names WHERE name = split_part(_type, '[', 1))
        WHEN ends_with(_type, ']') THEN 114
    END,
    25
)::BIGINT;

CREATE OR REPLACE MACRO format_type(_oid, _mod) AS (
    SELECT any_value(
        CASE
            WHEN _mod IS NOT NULL AND _mod > 0 AND oid = 1700
                THEN 'numeric(' || ((_mod - 4) >> 16) || ',' || ((_mod - 4) & 65535) || ')'
            ELSE _title
        END
    ) FROM ecomsql.postgres.pg_type WHERE oid = _oid
);

CREATE OR REPLACE MACRO _relation_name(_oid) AS coalesce(
    (SELECT any_value(relname) FROM ecomsql.postgres.pg_class WHERE oid = _oid), _oid::VARCHAR
);

CREATE OR REPLACE MACRO _relation_oid(_name) AS coalesce(
    (
        SELECT any_value(c.oid) FROM ecomsql.postgres.pg_class AS c
        JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE
            c.relname = ecomsql.postgres._last_name(_name)
            AND (NOT contains(_name, '.') OR n.nspname = replace(split_part(_name, '.', 1), '"', ''))
    ),
    TRY_CAST(_name AS BIGINT),
    CASE _name WHEN 'pg_class' THEN 1259 WHEN 'pg_proc' THEN 1255 WHEN 'pg_type' THEN 1247 END
);

CREATE OR REPLACE MACRO _last_name(_name) AS replace(regexp_extract(_name, '("[^"]*"|[^."]*)$', 1), '"', '');

CREATE OR REPLACE MACRO _type_name(_oid) AS coalesce(
    (SELECT any_value(_title) FROM ecomsql.postgres.pg_type WHERE oid = _oid), _oid::VARCHAR
);

CREATE OR REPLACE MACRO _type_number(_name) AS coalesce(
    (
        SELECT any_value(oid) FROM ecomsql.postgres.pg_type
        WHERE typname = ecomsql.postgres._last_name(_name) OR _title = lower(_name)
    ),
    TRY_CAST(_name AS BIGINT)
);

CREATE OR REPLACE MACRO _function_name(_oid) AS coalesce(
    (SELECT any_value(proname) FROM ecomsql.postgres.pg_proc WHERE oid = TRY_CAST(_oid AS BIGINT)), _oid::VARCHAR
);

CREATE OR REPLACE MACRO _schema_name(_oid) AS coalesce(
    (SELECT any_value(nspname) FROM ecomsql.postgres.pg_namespace WHERE oid = _oid), _oid::VARCHAR
);

CREATE OR REPLACE MACRO _schema_number(_name) AS coalesce(
    (
        SELECT any_value(oid) FROM ecomsql.postgres.pg_namespace
        WHERE nspname = ecomsql.postgres._last_name(_name)
    ),
    TRY_CAST(_name AS BIGINT)
);

CREATE OR REPLACE MACRO to_regclass(_name) AS ecomsql.postgres._relation_oid(_name);

CREATE OR REPLACE MACRO to_regtype(_name) AS ecomsql.postgres._type_number(_name);

CREATE OR REPLACE MACRO to_regnamespace(_name) AS ecomsql.postgres._schema_number(_name);

CREATE OR REPLACE MACRO obj_description
(_oid, _catalog) AS (
    SELECT any_value(description) FROM ecomsql.postgres.pg_description WHERE objoid = _oid AND objsubid = 0
),
(_oid) AS (
    SELECT any_value(description) FROM ecomsql.postgres.pg_description WHERE objoid = _oid AND objsubid = 0
);

CREATE OR REPLACE MACRO col_description(_oid, _column) AS (
    SELECT any_value(description) FROM ecomsql.postgres.pg_description WHERE objoid = _oid AND objsubid = _column
);

CREATE OR REPLACE MACRO shobj_description(_oid, _catalog) AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_table_is_visible(_oid) AS (
    SELECT count(*) > 0 FROM ecomsql.postgres.pg_class AS c
    JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = _oid AND (n.nspname = 'pg_temp' OR list_contains(current_schemas(true), n.nspname))
);

CREATE OR REPLACE MACRO pg_function_is_visible(_oid) AS _oid IS NOT NULL;

CREATE OR REPLACE MACRO pg_type_is_visible(_oid) AS _oid IS NOT NULL;

CREATE OR REPLACE MACRO pg_operator_is_visible(_oid) AS _oid IS NOT NULL;

CREATE OR REPLACE MACRO pg_collation_is_visible(_oid) AS _oid IS NOT NULL;

CREATE OR REPLACE MACRO pg_statistics_obj_is_visible(_oid) AS _oid IS NOT NULL;

CREATE OR REPLACE MACRO pg_get_userbyid(_oid) AS 'ecomsql';

CREATE OR REPLACE MACRO pg_get_expr
(_text, _relation) AS _text,
(_text, _relation, _pretty) AS _text;

CREATE OR REPLACE MACRO pg_get_constraintdef
(_oid) AS (SELECT any_value(_text) FROM ecomsql.postgres.pg_constraint WHERE oid = _oid),
(_oid, _pretty) AS (SELECT any_value(_text) FROM ecomsql.postgres.pg_constraint WHERE oid = _oid);

CREATE OR REPLACE MACRO _index_text(_oid) AS coalesce(
    (SELECT any_value(_sql) FROM ecomsql.postgres.pg_index WHERE indexrelid = _oid),
    (
        SELECT any_value(
            'CREATE UNIQUE INDEX ' || conname || ' USING art ' || regexp_extract(_text, '\(.*\)')
        ) FROM ecomsql.postgres.pg_constraint WHERE oid = _oid
    )
);

CREATE OR REPLACE MACRO pg_get_indexdef
(_oid) AS ecomsql.postgres._index_text(_oid),
(_oid, _column, _pretty) AS CASE
    WHEN _column = 0 THEN ecomsql.postgres._index_text(_oid)
    ELSE (
        SELECT any_value(a.attname) FROM ecomsql.postgres.pg_index AS i
        JOIN ecomsql.postgres.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[_column]
        WHERE i.indexrelid = _oid
    )
END;

CREATE OR REPLACE MACRO pg_get_viewdef
(_oid) AS (
    SELECT any_value(sql) FROM duckdb_views()
    WHERE 16384 + view_oid = TRY_CAST(_oid AS BIGINT) OR view_name = _oid::VARCHAR
),
(_oid, _pretty) AS (
    SELECT any_value(sql) FROM duckdb_views()
    WHERE 16384 + view_oid = TRY_CAST(_oid AS BIGINT) OR view_name = _oid::VARCHAR
);

CREATE OR REPLACE MACRO pg_get_function_arguments(_oid) AS (
    SELECT any_value(array_to_string(proargnames, ', ')) FROM ecomsql.postgres.pg_proc WHERE oid = _oid
);

CREATE OR REPLACE MACRO pg_get_function_identity_arguments(_oid) AS ecomsql.postgres.pg_get_function_arguments(_oid);

CREATE OR REPLACE MACRO pg_get_function_result(_oid) AS (
    SELECT any_value(CASE WHEN proretset THEN 'TABLE' ELSE 'scalar' END) FROM ecomsql.postgres.pg_proc
    WHERE oid = _oid
);

CREATE OR REPLACE MACRO pg_get_functiondef(_oid) AS (
    SELECT any_value(prosrc) FROM ecomsql.postgres.pg_proc WHERE oid = _oid
);

CREATE OR REPLACE MACRO pg_get_function_sqlbody(_oid) AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_get_serial_sequence(_relation, _column) AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_get_partkeydef(_oid) AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_get_ruledef
(_oid) AS NULL::VARCHAR,
(_oid, _pretty) AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_get_triggerdef
(_oid) AS NULL::VARCHAR,
(_oid, _pretty) AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_get_statisticsobjdef_columns(_oid) AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_relation_is_publishable(_oid) AS false;

CREATE OR REPLACE MACRO pg_relation_size
(_oid) AS 0::BIGINT,
(_oid, _fork) AS 0::BIGINT;

CREATE OR REPLACE MACRO pg_total_relation_size(_oid) AS 0::BIGINT;

CREATE OR REPLACE MACRO pg_table_size(_oid) AS 0::BIGINT;

CREATE OR REPLACE MACRO pg_indexes_size(_oid) AS 0::BIGINT;

CREATE OR REPLACE MACRO pg_database_size(_name) AS 0::BIGINT;

CREATE OR REPLACE MACRO pg_size_pretty(_bytes) AS format_bytes(_bytes);

CREATE OR REPLACE MACRO pg_encoding_to_char(_number) AS 'UTF8';

CREATE OR REPLACE MACRO pg_char_to_encoding(_name) AS 6;

CREATE OR REPLACE MACRO pg_client_encoding() AS 'UTF8';

CREATE OR REPLACE MACRO pg_is_in_recovery() AS false;

CREATE OR REPLACE MACRO pg_is_other_temp_schema(_oid) AS false;

CREATE OR REPLACE MACRO pg_my_temp_schema() AS 3::BIGINT;

CREATE OR REPLACE MACRO pg_tablespace_location(_oid) AS '';

CREATE OR REPLACE MACRO pg_postmaster_start_time() AS current_timestamp;

CREATE OR REPLACE MACRO pg_jit_available() AS false;

CREATE OR REPLACE MACRO has_schema_privilege
(_schema, _privilege) AS true,
(_user, _schema, _privilege) AS true;

CREATE OR REPLACE MACRO has_table_privilege
(_relation, _privilege) AS true,
(_user, _relation, _privilege) AS true;

CREATE OR REPLACE MACRO has_any_column_privilege
(_relation, _privilege) AS true,
(_user, _relation, _privilege) AS true;

CREATE OR REPLACE MACRO has_column_privilege
(_relation, _column, _privilege) AS true,
(_user, _relation, _column, _privilege) AS true;

CREATE OR REPLACE MACRO has_database_privilege
(_database, _privilege) AS true,
(_user, _database, _privilege) AS true;

CREATE OR REPLACE MACRO has_function_privilege
(_function, _privilege) AS true,
(_user, _function, _privilege) AS true;

CREATE OR REPLACE MACRO quote_ident(_name) AS CASE
    WHEN regexp_full_match(_name, '[a-z_][a-z0-9_$]*') THEN _name
    ELSE '"' || replace(_name, '"', '""') || '"'
END;

CREATE OR REPLACE MACRO quote_literal(_text) AS '''' || replace(_text, '''', '''''') || '''';

CREATE OR REPLACE MACRO inet_server_addr() AS NULL::VARCHAR;

CREATE OR REPLACE MACRO inet_server_port() AS NULL::INTEGER;

CREATE OR REPLACE MACRO inet_client_addr() AS NULL::VARCHAR;

CREATE OR REPLACE MACRO inet_client_port() AS NULL::INTEGER;

CREATE OR REPLACE MACRO array_upper(_list, _dimension) AS nullif(len(_list), 0);

CREATE OR REPLACE MACRO array_lower(_list, _dimension) AS CASE WHEN len(_list) > 0 THEN 1 END;

CREATE OR REPLACE MACRO array_in(_text) AS _text;
