-- PostgreSQL's functions on its catalogue, as far as clients call them.
--
-- What a function is given may be a column of the relation that it looks up, so that relations are read with other
-- names for their columns.

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

CREATE OR REPLACE MACRO _relation(
    _database, _schema, _schema_number, _name, _number, _kind, _columns, _has_key, _has_index, _rows, _checks
) AS {
    'database_name': _database,
    'schema_name': _schema,
    'schema_number': _schema_number::BIGINT,
    'name': _name,
    'number': _number::BIGINT,
    'kind': _kind,
    'columns': _columns::BIGINT,
    'has_primary_key': _has_key,
    'has_index': _has_index,
    'tuples': _rows::BIGINT,
    'checks': _checks::BIGINT
};

CREATE OR REPLACE MACRO _index(_number, _relation, _unique, _primary, _key, _text) AS {
    '_index': _number::BIGINT,
    '_table': _relation::BIGINT,
    '_is_unique': _unique::BOOLEAN,
    '_is_primary': _primary::BOOLEAN,
    '_columns': _key::SMALLINT[],
    '_sql': _text::VARCHAR
};

CREATE OR REPLACE MACRO _attribute(
    _relation, _name, _number, _type, _precision, _scale, _is_required, _default, _comment
) AS {
    '_relation': _relation::BIGINT,
    '_name': _name,
    '_number': _number::INTEGER,
    '_type': _type,
    '_precision': CASE WHEN starts_with(_type, 'DECIMAL(') THEN _precision::INTEGER END,
    '_scale': CASE WHEN starts_with(_type, 'DECIMAL(') THEN _scale::INTEGER END,
    '_is_required': _is_required::BOOLEAN,
    '_default': _default::VARCHAR,
    '_comment': _comment::VARCHAR
};

CREATE OR REPLACE MACRO _description(_oid, _class, _part, _text) AS {
    'objoid': _oid::BIGINT,
    'classoid': _class::BIGINT,
    'objsubid': _part::INTEGER,
    'description': _text
};

CREATE OR REPLACE MACRO format_type(_oid, _mod) AS (
    SELECT any_value(
        CASE
            WHEN _mod IS NOT NULL AND _mod > 0 AND _key = 1700
                THEN 'numeric(' || ((_mod - 4) >> 16) || ',' || ((_mod - 4) & 65535) || ')'
            ELSE _value
        END
    ) FROM (SELECT oid AS _key, _title AS _value FROM ecomsql.postgres.pg_type) AS _inner
    WHERE _key = _oid
);

CREATE OR REPLACE MACRO _relation_name(_oid) AS coalesce((
    SELECT any_value(_value) FROM (SELECT oid AS _key, relname AS _value FROM ecomsql.postgres.pg_class) AS _inner WHERE _key = _oid
), _oid::VARCHAR);

CREATE OR REPLACE MACRO _relation_oid(_name) AS coalesce(
    (
        SELECT any_value(_key)
        FROM (
            SELECT c.oid AS _key, c.relname AS _relation, n.nspname AS _schema
            FROM ecomsql.postgres.pg_class AS c
            JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace
        ) AS _inner
        WHERE
            _relation = ecomsql.postgres._last_name(_name)
            AND (NOT contains(_name, '.') OR _schema = replace(split_part(_name, '.', 1), '"', ''))
    ),
    TRY_CAST(_name || '' AS BIGINT),
    CASE ecomsql.postgres._last_name(_name)
        WHEN 'pg_class' THEN 1259 WHEN 'pg_proc' THEN 1255 WHEN 'pg_type' THEN 1247 WHEN 'pg_namespace' THEN 2615
        WHEN 'pg_constraint' THEN 2606 WHEN 'pg_database' THEN 1262
    END
);

CREATE OR REPLACE MACRO _last_name(_name) AS replace(regexp_extract(_name, '("[^"]*"|[^."]*)$', 1), '"', '');

CREATE OR REPLACE MACRO _type_name(_oid) AS coalesce((
    SELECT any_value(_value) FROM (SELECT oid AS _key, _title AS _value FROM ecomsql.postgres.pg_type) AS _inner WHERE _key = _oid
), _oid::VARCHAR);

CREATE OR REPLACE MACRO _type_number(_name) AS coalesce(
    (
        SELECT any_value(oid) FROM ecomsql.postgres.pg_type
        WHERE typname = ecomsql.postgres._last_name(_name) OR _title = lower(_name)
    ),
    TRY_CAST(_name || '' AS BIGINT)
);

CREATE OR REPLACE MACRO _function_name(_oid) AS coalesce((
    SELECT any_value(_value) FROM (SELECT oid AS _key, proname AS _value FROM ecomsql.postgres.pg_proc) AS _inner WHERE _key = TRY_CAST(_oid::VARCHAR AS BIGINT)
), _oid::VARCHAR);

CREATE OR REPLACE MACRO _function_number(_name) AS coalesce(
    (
        SELECT any_value(oid) FROM ecomsql.postgres.pg_proc
        WHERE proname = ecomsql.postgres._last_name(split_part(_name, '(', 1))
    ),
    CASE WHEN _name = 'array_in' THEN 750 ELSE TRY_CAST(_name || '' AS BIGINT) END
);

CREATE OR REPLACE MACRO _schema_name(_oid) AS coalesce((
    SELECT any_value(_value) FROM (SELECT oid AS _key, nspname AS _value FROM ecomsql.postgres.pg_namespace) AS _inner WHERE _key = _oid
), _oid::VARCHAR);

CREATE OR REPLACE MACRO _schema_number(_name) AS coalesce(
    (
        SELECT any_value(oid) FROM ecomsql.postgres.pg_namespace
        WHERE nspname = ecomsql.postgres._last_name(_name)
    ),
    TRY_CAST(_name || '' AS BIGINT)
);

CREATE OR REPLACE MACRO to_regclass(_name) AS ecomsql.postgres._relation_oid(_name);

CREATE OR REPLACE MACRO to_regtype(_name) AS ecomsql.postgres._type_number(_name);

CREATE OR REPLACE MACRO to_regnamespace(_name) AS ecomsql.postgres._schema_number(_name);

CREATE OR REPLACE MACRO obj_description
(_oid, _catalog) AS (
    SELECT any_value(_value) FROM (SELECT objoid AS _key, description AS _value, objsubid AS _part FROM ecomsql.postgres.pg_description) AS _inner WHERE _key = _oid AND _part = 0
),
(_oid) AS (
    SELECT any_value(_value) FROM (SELECT objoid AS _key, description AS _value, objsubid AS _part FROM ecomsql.postgres.pg_description) AS _inner WHERE _key = _oid AND _part = 0
);

CREATE OR REPLACE MACRO col_description(_oid, _column) AS (
    SELECT any_value(_value) FROM (SELECT objoid AS _key, description AS _value, objsubid AS _part FROM ecomsql.postgres.pg_description) AS _inner WHERE _key = _oid AND _part = _column
);

CREATE OR REPLACE MACRO shobj_description(_oid, _catalog) AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_table_is_visible(_oid) AS (
    SELECT count(*) > 0
    FROM (
        SELECT c.oid AS _key, n.nspname AS _schema FROM ecomsql.postgres.pg_class AS c
        JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace
    ) AS _inner
    WHERE _key = _oid AND (_schema = 'pg_temp' OR list_contains(current_schemas(true), _schema))
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
(_oid) AS (
    SELECT any_value(_value) FROM (SELECT oid AS _key, _text AS _value FROM ecomsql.postgres.pg_constraint) AS _inner WHERE _key = _oid
),
(_oid, _pretty) AS (
    SELECT any_value(_value) FROM (SELECT oid AS _key, _text AS _value FROM ecomsql.postgres.pg_constraint) AS _inner WHERE _key = _oid
);

CREATE OR REPLACE MACRO _index_text(_oid) AS coalesce((
    SELECT any_value(_value) FROM (SELECT indexrelid AS _key, _sql AS _value FROM ecomsql.postgres.pg_index) AS _inner WHERE _key = _oid
), (
    SELECT any_value(_value) FROM (SELECT oid AS _key, 'CREATE UNIQUE INDEX ' || conname || ' USING art ' || regexp_extract(_text, '\(.*\)') AS _value FROM ecomsql.postgres.pg_constraint) AS _inner WHERE _key = _oid
));

CREATE OR REPLACE MACRO pg_get_indexdef
(_oid) AS ecomsql.postgres._index_text(_oid),
(_oid, _column, _pretty) AS CASE
    WHEN _column = 0 THEN ecomsql.postgres._index_text(_oid)
    ELSE (
        SELECT any_value(_value)
        FROM (
            SELECT i.indexrelid AS _key, list_position(i.indkey, a.attnum) AS _place, a.attname AS _value
            FROM ecomsql.postgres.pg_index AS i
            JOIN ecomsql.postgres.pg_attribute AS a ON a.attrelid = i.indrelid
        ) AS _inner
        WHERE _key = _oid AND _place = _column
    )
END;

CREATE OR REPLACE MACRO pg_get_viewdef
(_oid) AS (
    SELECT any_value(_value) FROM (SELECT 16384 + view_oid AS _key, sql AS _value, view_name AS _view FROM duckdb_views()) AS _inner WHERE _key = TRY_CAST(_oid::VARCHAR AS BIGINT) OR _view = _oid::VARCHAR
),
(_oid, _pretty) AS (
    SELECT any_value(_value) FROM (SELECT 16384 + view_oid AS _key, sql AS _value, view_name AS _view FROM duckdb_views()) AS _inner WHERE _key = TRY_CAST(_oid::VARCHAR AS BIGINT) OR _view = _oid::VARCHAR
);

CREATE OR REPLACE MACRO pg_get_function_arguments(_oid) AS (
    SELECT any_value(_value) FROM (SELECT oid AS _key, array_to_string(proargnames, ', ') AS _value FROM ecomsql.postgres.pg_proc) AS _inner WHERE _key = _oid
);

CREATE OR REPLACE MACRO pg_get_function_identity_arguments(_oid) AS ecomsql.postgres.pg_get_function_arguments(_oid);

CREATE OR REPLACE MACRO pg_get_function_result(_oid) AS (
    SELECT any_value(_value) FROM (SELECT oid AS _key, CASE WHEN proretset THEN 'TABLE' ELSE 'scalar' END AS _value FROM ecomsql.postgres.pg_proc) AS _inner WHERE _key = _oid
);

CREATE OR REPLACE MACRO pg_get_functiondef(_oid) AS (
    SELECT any_value(_value) FROM (SELECT oid AS _key, prosrc AS _value FROM ecomsql.postgres.pg_proc) AS _inner WHERE _key = _oid
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

-- The key is what the asking session proves with whose it is; the server adds it.
CREATE OR REPLACE MACRO pg_cancel_backend(_number, _key) AS _end_session(_number::INTEGER, _key, false);

CREATE OR REPLACE MACRO pg_terminate_backend(_number, _key) AS _end_session(_number::INTEGER, _key, true);

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

CREATE OR REPLACE MACRO array_remove(_list, _item) AS list_filter(_list, lambda _one: _one IS DISTINCT FROM _item);

CREATE OR REPLACE MACRO pg_partition_ancestors(_oid) AS TRY_CAST(_oid::VARCHAR AS BIGINT);

CREATE OR REPLACE MACRO pg_partition_root(_oid) AS _oid;

CREATE OR REPLACE MACRO pg_advisory_unlock_all() AS NULL::VARCHAR;

CREATE OR REPLACE MACRO pg_notification_queue_usage() AS 0::DOUBLE;

CREATE OR REPLACE MACRO _partition_ancestors(_oid) AS TABLE SELECT TRY_CAST(_oid::VARCHAR AS BIGINT) AS relid, 1::BIGINT AS depth;

CREATE OR REPLACE MACRO _pg_expandarray(_list) AS unnest(
    list_transform(_list, lambda _one, _place: {'x': _one, 'n': _place::INTEGER})
);
