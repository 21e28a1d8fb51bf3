-- The rows of items' prices and quantities as lists: one row, what the UDFs of prices take.
--
-- An item is coded by its place in the order of the ids. Only rows that say something are listed: a price above 0, a
-- quantity of at least 0, a time where there is a column of times. Items without such rows are among the items all the same.
--
-- Arguments:
--   data: any relation
--   item_col: column of items; NULL: all rows are one
--   price_col: column of prices
--   quantity_col: column of quantities
--   category_col: column of categories; NULL: none
--   time_col: column of times; NULL, or not there: none
--   cost_col: column of costs; NULL: none
--   controls: names of columns
-- Returns: the items, then what the UDFs take: facts as JSON; codes, prices, quantities, times and costs of the rows; the
--   category of each item; and the rows of each control, in the order of the relation's columns
CREATE OR REPLACE MACRO _price_lists(
    data, item_col, price_col, quantity_col, category_col, time_col, cost_col, controls
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_types AS (FROM ecomsql.main._types(data)),
_ecomsql_rows AS MATERIALIZED (
    SELECT
        coalesce(*COLUMNS(
            lambda _c: lower(_c) = coalesce(lower(item_col::VARCHAR), '_ecomsql_nobody') OR _c = '_ecomsql_none'
        )) AS _ecomsql_item,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(price_col::VARCHAR) OR _c = '_ecomsql_none')) AS _ecomsql_price,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(quantity_col::VARCHAR) OR _c = '_ecomsql_none')) AS _ecomsql_sold,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(category_col::VARCHAR) OR _c = '_ecomsql_none'))::VARCHAR
            AS _ecomsql_category,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(time_col::VARCHAR) OR _c = '_ecomsql_none')) AS _ecomsql_at,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(cost_col::VARCHAR) OR _c = '_ecomsql_none')) AS _ecomsql_cost,
        COLUMNS(lambda _c:
            _c = '_ecomsql_none' OR contains(lower(to_json(controls)::VARCHAR), lower(to_json(_c)::VARCHAR))
        )
    FROM (SELECT *, NULL AS _ecomsql_none, NULL::VARCHAR AS _ecomsql_nobody FROM query_table(data))
),
_ecomsql_sample AS MATERIALIZED (
    SELECT
        coalesce(any_value(typeof(_ecomsql_at)), '') AS _ecomsql_type,
        regexp_full_match(_ecomsql_type, 'U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?') AS _ecomsql_is_step
    FROM _ecomsql_rows
    WHERE _ecomsql_at IS NOT NULL
),
_ecomsql_numbers AS MATERIALIZED (
    SELECT
        *,
        TRY_CAST(_ecomsql_price AS DOUBLE) AS _ecomsql_p,
        TRY_CAST(_ecomsql_sold AS DOUBLE) AS _ecomsql_q,
        TRY_CAST(_ecomsql_cost AS DOUBLE) AS _ecomsql_c,
        CASE
            WHEN _ecomsql_is_step THEN TRY_CAST(_ecomsql_at AS DOUBLE)
            ELSE epoch(TRY_CAST(_ecomsql_at AS TIMESTAMP))
        END AS _ecomsql_t
    FROM _ecomsql_rows
    CROSS JOIN _ecomsql_sample
    WHERE _ecomsql_item IS NOT NULL OR item_col IS NULL
),
_ecomsql_names AS MATERIALIZED (
    SELECT _ecomsql_item, (row_number() OVER (ORDER BY _ecomsql_item) - 1)::INTEGER AS _ecomsql_code
    FROM (SELECT DISTINCT _ecomsql_item FROM _ecomsql_numbers)
),
-- An item is of the category that most of its rows say.
_ecomsql_categories AS (
    SELECT _ecomsql_item, arg_max(_ecomsql_category, (_ecomsql_votes, _ecomsql_category)) AS _ecomsql_most
    FROM (
        SELECT _ecomsql_item, _ecomsql_category, count(*) AS _ecomsql_votes
        FROM _ecomsql_numbers
        WHERE _ecomsql_category IS NOT NULL
        GROUP BY ALL
    )
    GROUP BY _ecomsql_item
),
_ecomsql_kept AS (
    SELECT *
    FROM _ecomsql_numbers
    JOIN _ecomsql_names ON _ecomsql_numbers._ecomsql_item IS NOT DISTINCT FROM _ecomsql_names._ecomsql_item
    WHERE
        isfinite(_ecomsql_p) AND _ecomsql_p > 0 AND isfinite(_ecomsql_q) AND _ecomsql_q >= 0
        AND (_ecomsql_type = '' OR isfinite(_ecomsql_t))
)
SELECT
    (SELECT list(_ecomsql_item ORDER BY _ecomsql_code) FROM _ecomsql_names) AS _ecomsql_items,
    to_json({
        'columns': (SELECT _names FROM _ecomsql_columns),
        'types': (SELECT _types FROM _ecomsql_types),
        'items': (SELECT count(*) FROM _ecomsql_names),
        'bad_prices': (SELECT count(*) FROM _ecomsql_numbers WHERE _ecomsql_price IS NOT NULL AND _ecomsql_p IS NULL),
        'bad_quantities': (SELECT count(*) FROM _ecomsql_numbers WHERE _ecomsql_sold IS NOT NULL AND _ecomsql_q IS NULL),
        'bad_costs': (SELECT count(*) FROM _ecomsql_numbers WHERE _ecomsql_cost IS NOT NULL AND _ecomsql_c IS NULL),
        'least_cost': (SELECT min(_ecomsql_c) FROM _ecomsql_numbers),
        'bad_times': (SELECT count(*) FROM _ecomsql_numbers WHERE _ecomsql_at IS NOT NULL AND _ecomsql_t IS NULL),
        'steps': (SELECT _ecomsql_is_step FROM _ecomsql_sample),
        'roles': {
            'item_col': item_col,
            'price_col': price_col,
            'quantity_col': quantity_col,
            'category_col': category_col,
            'time_col': time_col,
            'cost_col': cost_col
        },
        'controls': controls,
        'listed': (
            SELECT list_filter(
                _names, lambda _name: contains(lower(to_json(controls)::VARCHAR), lower(to_json(_name)::VARCHAR))
            )
            FROM _ecomsql_columns
        )
    })::VARCHAR AS _ecomsql_facts,
    list(_ecomsql_code) AS _ecomsql_codes,
    list(_ecomsql_p) AS _ecomsql_prices,
    list(_ecomsql_q) AS _ecomsql_quantities,
    list(_ecomsql_t) AS _ecomsql_times,
    list(_ecomsql_c) AS _ecomsql_costs,
    (
        SELECT list(_ecomsql_most ORDER BY _ecomsql_code)
        FROM _ecomsql_names LEFT JOIN _ecomsql_categories
            ON _ecomsql_names._ecomsql_item IS NOT DISTINCT FROM _ecomsql_categories._ecomsql_item
    ) AS _ecomsql_of_items,
    list(COLUMNS(lambda _c: _c = '_ecomsql_none' OR NOT starts_with(_c, '_ecomsql_')))
FROM _ecomsql_kept;
