-- The users of a relation that lists the users to score.
--
-- Arguments:
--   relation: name of the relation, as text
--   user_col: column of users
-- Returns: _user
CREATE OR REPLACE MACRO _users(relation, user_col) AS TABLE
SELECT _user
FROM (
    SELECT coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col::VARCHAR) OR _c = '_ecomsql_none')) AS _user
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(relation))
)
WHERE _user IS NOT NULL;
