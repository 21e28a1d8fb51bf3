-- The types of a relation's columns, in the order of their names; NULL where the relation has no row.
--
-- Arguments:
--   data: any relation
-- Returns: _types VARCHAR[]
CREATE OR REPLACE MACRO _types(data) AS TABLE
SELECT any_value(_ecomsql_list) AS _types
FROM (
    SELECT list_value(*COLUMNS(*)) AS _ecomsql_list
    FROM (SELECT typeof(COLUMNS(*)) FROM query_table(data) LIMIT 1)
);
