-- What the columns of a relation are: one row, for an empty relation too.
--
-- Arguments:
--   data: events, as a relation
--   user_col: column of users
--   item_col: column of items
-- Returns: _names VARCHAR[]; _user and _item, NULLs that have the type of the ids; _is_caseless and _is_accentless,
--   whether ids of items that differ in upper and lower case, or in accents, are equal
CREATE OR REPLACE MACRO _shape(data, user_col, item_col) AS TABLE
SELECT
    list_filter(
        struct_keys(coalesce(_ecomsql_row, {'_ecomsql_none': NULL})), lambda _name: _name != '_ecomsql_none'
    ) AS _names,
    _user,
    _item,
    coalesce(ecomsql.main._read_as('a', _item) = ecomsql.main._read_as('A', _item), false) AS _is_caseless,
    coalesce(ecomsql.main._read_as('e', _item) = ecomsql.main._read_as('é', _item), false) AS _is_accentless
FROM (SELECT 1) LEFT JOIN (
    SELECT
        _ecomsql_row,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col::VARCHAR) OR _c = '_ecomsql_none')) AS _user,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(item_col::VARCHAR) OR _c = '_ecomsql_none')) AS _item
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data)) AS _ecomsql_row
    LIMIT 0
) ON true;
