-- Measure forecasting methods on what is known already: each forecasts the last windows of each series from what was before.
--
-- Windows of `horizon` steps do not overlap; the last ends where its series does: with total := true, with the last step of
-- the whole data that is over. Every method is fitted again for every window and sees nothing of it. A series that is too
-- short for a window has no row for it; it needs two values before; where all are, it is an error. Series are brought to
-- their rhythm as forecast_price says, or forecast_demand with total := true. With a the value and f the forecast: mae: mean
-- of |a - f|. rmse: root of the mean of (a - f)^2. smape: mean of 200 * |a - f| / (|a| + |f|), in percent. mase: mae in
-- parts of that of the seasonal naive forecast within what was known, NULL where that is 0. coverage: share of values within
-- the intervals. Their means over series are measures of a method: SELECT method, metric, avg(value) ... GROUP BY ALL.
--
-- Arguments:
--   data: a table, view, CTE, or file name: a row for each series and time
--   horizon: steps of a window
--   windows: how many
--   methods: list of methods of forecast_price
--   total: whether values at one step are added up, and steps without any are 0; else the mean, and steps between
--   level: share of what comes that the intervals are to hold
--   season: steps a season; 1: none; default: what goes with the rhythm
--   frequency: hour, day, week, month, quarter or year: the rhythm of all series; default: each its own
--   covariates: list of columns (or one) whose values are known ahead, for lightgbm, arima, sarima and auto; the other methods
--     do without, so that it shows whether covariates help
--   seed: same data, options and seed give the same answer
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times: dates, timestamps, text that can be read as such, or whole numbers
--   value_col: column of values
-- Returns: series_id, method VARCHAR, fold INTEGER (1: the oldest window), metric VARCHAR, value DOUBLE
-- Example:
--   SELECT method, metric, round(avg(value), 2) AS mean
--   FROM backtest_forecast('prices.parquet', horizon := 7, windows := 2, methods := ['naive', 'theta'])
--   GROUP BY method, metric ORDER BY metric, mean;
CREATE OR REPLACE MACRO backtest_forecast(
    data,
    horizon := 28,
    windows := 3,
    methods := ['naive', 'seasonal_naive', 'theta', 'ets', 'auto'],
    total := false,
    level := 0.9,
    season := NULL,
    frequency := NULL,
    covariates := [],
    seed := 42,
    series_col := 'item_id',
    time_col := 'ts',
    value_col := 'price'
) AS TABLE
WITH
_ecomsql_found AS MATERIALIZED (
    FROM ecomsql.main._series(data, series_col, time_col, value_col, total, frequency)
),
_ecomsql_series AS MATERIALIZED (FROM ecomsql.main._series_ended(_ecomsql_found, total)),
_beside AS (
    FROM ecomsql.main._series_beside(
        _ecomsql_series, data, 'ecomsql.internal._nothing', series_col, time_col, covariates
    )
),
_asked AS (
    FROM ecomsql.main._series_call(
        _ecomsql_series, total, frequency,
        {'series_col': series_col, 'time_col': time_col, 'value_col': value_col},
        {
            'function': 'backtest_forecast',
            'horizon': horizon,
            'windows': windows,
            'methods': methods,
            'level': level,
            'season': season,
            'covariates': covariates,
            'seed': seed
        }
    )
),
_measured AS (
    SELECT _backtested(_grid, _beside, _call) AS _answers
    FROM _asked CROSS JOIN _beside
)
SELECT
    _id AS series_id,
    _answer.method AS method,
    _answer.fold AS fold,
    _answer.metric AS metric,
    _answer.value AS value
FROM (SELECT unnest(_answers) AS _answer FROM _measured)
LEFT JOIN (SELECT _code, _id FROM _ecomsql_series) ON _code = _answer.series
ORDER BY _code, method, fold, metric;
