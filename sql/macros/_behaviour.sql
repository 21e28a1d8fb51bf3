-- Events of users for the functions that predict what users do: codes, and the handle of what the UDF has opened.
--
-- Arguments:
--   data: events or order lines
--   model: name of a table of models, as text
--   user_col: column of users
--   item_col: column of items, NULL: none
--   time_col: column of times
--   event_col: column of kinds of events; 'event_type' when NULL and there; else every row is a purchase
--   price_col: column of prices; 'price' when NULL and there
--   quantity_col: column of quantities; 'quantity' when NULL and there
--   names: what purchases, views and carts are called, as a struct
--   options: everything else that the function was given, as a struct
-- Returns: _kind ('user', 'item' or 'handle'), _user, _item, _code INTEGER, _handle
CREATE OR REPLACE MACRO _behaviour(
    data, model, user_col, item_col, time_col, event_col, price_col, quantity_col, names, options
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_model AS MATERIALIZED (FROM ecomsql.main._model_row(model)),
_picked AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col::VARCHAR) OR _c = '_ecomsql_none')) AS _user,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(item_col::VARCHAR) OR _c = '_ecomsql_none')) AS _item,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(time_col::VARCHAR) OR _c = '_ecomsql_none')) AS _at,
        coalesce(
            *COLUMNS(lambda _c: lower(_c) = lower(coalesce(event_col::VARCHAR, 'event_type')) OR _c = '_ecomsql_none')
        )::VARCHAR AS _event,
        coalesce(
            *COLUMNS(lambda _c: lower(_c) = lower(coalesce(price_col::VARCHAR, 'price')) OR _c = '_ecomsql_none')
        ) AS _price,
        coalesce(
            *COLUMNS(lambda _c: lower(_c) = lower(coalesce(quantity_col::VARCHAR, 'quantity')) OR _c = '_ecomsql_none')
        ) AS _quantity
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
_events AS MATERIALIZED (
    SELECT
        _user,
        _item,
        _event,
        _at IS NOT NULL AS _is_timed,
        coalesce(epoch(TRY_CAST(_at AS TIMESTAMP)), TRY_CAST(_at AS DOUBLE)) AS _time,
        CASE lower(_event)
            WHEN lower(struct_extract(names, 'purchase')::VARCHAR) THEN 2
            WHEN lower(struct_extract(names, 'cart')::VARCHAR) THEN 1
            WHEN lower(struct_extract(names, 'view')::VARCHAR) THEN 0
            ELSE 3
        END::TINYINT AS _type,
        TRY_CAST(_price AS DOUBLE) AS _price,
        TRY_CAST(_quantity AS DOUBLE) AS _quantity
    FROM _picked
    WHERE _user IS NOT NULL
),
_timed AS (FROM _events WHERE isfinite(_time)),
_people AS MATERIALIZED (
    SELECT _user, (row_number() OVER (ORDER BY _user) - 1)::INTEGER AS _code
    FROM (SELECT DISTINCT _user FROM _timed)
),
_things AS MATERIALIZED (
    SELECT _item, (row_number() OVER (ORDER BY _item) - 1)::INTEGER AS _code
    FROM (SELECT DISTINCT _item FROM _timed WHERE _item IS NOT NULL)
),
_opened AS (
    SELECT
        _open_behaviour(
            list(_people._code),
            list(_things._code),
            list(_time),
            list(_type),
            list(_price),
            list(_quantity),
            (SELECT _blob FROM _ecomsql_model),
            to_json({
                'options': options,
                'names': names,
                'columns': (SELECT _names FROM _ecomsql_columns),
                'model': model,
                'model_rows': (SELECT _rows FROM _ecomsql_model),
                'bad_times': (SELECT count(*) FROM _events WHERE _is_timed AND coalesce(NOT isfinite(_time), true)),
                'event_types': (SELECT list(DISTINCT _event) FROM (SELECT DISTINCT _event FROM _timed LIMIT 1000)),
                'roles': {
                    'user_col': user_col,
                    'item_col': item_col,
                    'time_col': time_col,
                    'event_col': event_col,
                    'price_col': price_col,
                    'quantity_col': quantity_col
                }
            })
        ) AS _handle
    FROM _timed
    JOIN _people USING (_user)
    LEFT JOIN _things USING (_item)
)
SELECT 'user' AS _kind, _user, NULL AS _item, _code, NULL AS _handle FROM _people
UNION ALL
SELECT 'item', NULL, _item, _code, NULL FROM _things
UNION ALL
SELECT 'handle', NULL, NULL, NULL, _handle FROM _opened;
