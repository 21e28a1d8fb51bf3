-- Train a forecaster of the series in a table, and return it as a row.
--
-- Keep the row in a table and give its name to forecast_price or forecast_demand as `model`. The last steps of the series
-- are held back at first: `metrics` has the errors there, of each method that was tried. 'auto' keeps those methods of
-- theta, ets, sarima and lightgbm (of totals, tsb too) whose median had the least error; lightgbm, lstm, gru and attention
-- learn from all series together, and forecast others like them too. Methods of single series are fitted to whatever
-- series are given with the model. Series are brought to their rhythm as forecast_price says.
--
-- Arguments:
--   data: a table, view, CTE, or file name: a row for each series and time
--   horizon: steps to look ahead
--   method: naive, seasonal_naive, drift, theta, ets, arima, sarima, croston, tsb, lightgbm, lstm, gru, attention, or auto
--   total: whether values at one step are added up, and steps without any are 0 up to the last step of the whole data, as for
--     forecast_demand; else the mean, as for forecast_price
--   season: steps a season; 1: none; default: what goes with the rhythm
--   frequency: hour, day, week, month, quarter or year: the rhythm of all series; default: each its own
--   covariates: list of columns whose values are known ahead, for lightgbm, arima, sarima and auto: numbers or booleans
--   seed: same data, options and seed give the same model
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times: dates, timestamps, text that can be read as such, or whole numbers
--   value_col: column of values
-- Returns: model BLOB, task VARCHAR, method VARCHAR, trained_at TIMESTAMPTZ, rows BIGINT, options JSON,
--   metrics JSON, version VARCHAR
-- Example:
--   SELECT method, metrics->'members' FROM train_forecaster('prices.parquet', horizon := 14, method := 'theta');
CREATE OR REPLACE MACRO train_forecaster(
    data,
    horizon := 28,
    method := 'auto',
    total := false,
    season := NULL,
    frequency := NULL,
    covariates := [],
    seed := 42,
    series_col := 'item_id',
    time_col := 'ts',
    value_col := 'price'
) AS TABLE
FROM ecomsql.main._train_forecaster(
    data, series_col, time_col, value_col, total, frequency, 'ecomsql.internal._nothing', covariates,
    {
        'function': 'train_forecaster',
        'horizon': horizon,
        'method': method,
        'season': season,
        'covariates': covariates,
        'seed': seed
    }
);
