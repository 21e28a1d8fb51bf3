-- The distinct users of a relation that lists the users to score.
--
-- Arguments:
--   relation: name of the relation, as text
--   user_col: column of users
-- Returns: _user
CREATE OR REPLACE MACRO _users(relation, user_col) AS TABLE
SELECT DISTINCT _user
FROM (
    SELECT coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col) OR _c = '__none')) AS _user
    FROM (SELECT *, NULL AS __none FROM query_table(relation))
)
WHERE _user IS NOT NULL;
