-- The rows of any relation, with two lists beside the columns: each column as a number, and as text where it is none.
--
-- Booleans are 0 and 1, dates and times seconds since 1970. One scan, whatever the columns are called or hold.
--
-- Arguments:
--   data: any relation
-- Returns: every column, _ecomsql_numbers DOUBLE[], _ecomsql_texts VARCHAR[]
CREATE OR REPLACE MACRO _wide(data) AS TABLE
SELECT
    COLUMNS(lambda _c: NOT starts_with(_c, '_ecomsql_n_') AND NOT starts_with(_c, '_ecomsql_s_')),
    list_value(*COLUMNS('^_ecomsql_n_')) AS _ecomsql_numbers,
    list_value(*COLUMNS('^_ecomsql_s_')) AS _ecomsql_texts
FROM (
    SELECT
        *,
        CASE
            WHEN typeof(COLUMNS('(?s)(.*)')) = 'DATE' OR starts_with(typeof(COLUMNS('(?s)(.*)')), 'TIMESTAMP')
                THEN epoch(TRY_CAST(COLUMNS('(?s)(.*)') AS TIMESTAMP))
            WHEN typeof(COLUMNS('(?s)(.*)')) = 'VARCHAR' THEN NULL
            ELSE TRY_CAST(COLUMNS('(?s)(.*)') AS DOUBLE)
        END AS "_ecomsql_n_\1",
        CASE
            WHEN typeof(COLUMNS('(?s)(.*)')) = 'DATE' OR starts_with(typeof(COLUMNS('(?s)(.*)')), 'TIMESTAMP') THEN NULL
            WHEN typeof(COLUMNS('(?s)(.*)')) IN ('INTEGER', 'UINTEGER', 'DOUBLE', 'FLOAT', 'BOOLEAN', 'BIGNUM') THEN NULL
            WHEN starts_with(typeof(COLUMNS('(?s)(.*)')), 'DECIMAL') THEN NULL
            WHEN ends_with(typeof(COLUMNS('(?s)(.*)')), 'INT') THEN NULL
            ELSE COLUMNS('(?s)(.*)')::VARCHAR
        END AS "_ecomsql_s_\1"
    FROM query_table(data)
);
