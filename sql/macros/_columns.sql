-- The names of a relation's columns, for an empty relation too.
--
-- Arguments:
--   data: any relation
-- Returns: _names VARCHAR[]
CREATE OR REPLACE MACRO _columns(data) AS TABLE
SELECT list_filter(
    struct_keys(coalesce(any_value(_ecomsql_row), {'_ecomsql_none': NULL})), lambda _name: _name != '_ecomsql_none'
) AS _names
FROM (FROM query_table(data) LIMIT 1) AS _ecomsql_row;
