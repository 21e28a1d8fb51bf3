-- Names that were given as a list, or one by itself.
--
-- Arguments:
--   names: a list of texts, a text, or NULL
-- Returns: VARCHAR[], in lower case, and the whole as JSON
CREATE OR REPLACE MACRO _listed(names) AS
list_transform(
    list_concat(coalesce(to_json(names), '[]'::JSON) ->> '$[*]', [coalesce(to_json(names), '[]'::JSON) ->> '$']),
    lambda _n: lower(_n)
);
