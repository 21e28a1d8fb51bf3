-- Forecast the demand of each item, with intervals: quantities, never below zero.
--
-- One row for each series and step ahead, ordered by series and time. Each series is brought to its own rhythm: the step
-- between most of its times, from seconds to years or whole numbers, or a day, week or month where times come irregularly;
-- values at one step are added up, steps without any are 0. A few times within a day are no rhythm. All series go to the
-- last step of the whole data, with 0 after their own last sale. A last step that is not over is not learned from, and
-- forecasts start with it: where the day on which the next sale is due, by the usual gap between days, is still in the step.
-- Future times go on in that rhythm; months that ended on their last day go on so. `method` says which model answered,
-- `status` is 'ok' or why a simpler one did. Rows without a series, time or value, and infinite values, take no part. The
-- same call again does not compute again.
--
-- Arguments:
--   data: a table, view, CTE, or file name: a row for each series and time
--   horizon: steps to look ahead
--   method: naive, seasonal_naive, drift, theta, ets, arima, sarima, croston, tsb, of each series by itself; lightgbm,
--     lstm, gru, attention, which learn from all series together; or auto: of each series the median of theta, ets and
--     sarima, or tsb where most steps are 0
--   level: share of what comes that is to lie between `lower` and `upper`
--   season: steps a season; 1: none; default: what goes with the rhythm (hours 24, days 7, weeks 52, months 12, quarters 4)
--   frequency: hour, day, week, month, quarter or year: the rhythm of all series; default: each its own
--   model: name of a table, in quotes, with a model that train_forecaster made; it answers in place of `method`
--   covariates: list of columns (or one) whose values are known ahead (promotions, prices, holidays), for lightgbm, arima,
--     sarima, and auto, which then is the mean of sarima and lightgbm: numbers or booleans
--   future: name of a relation, in quotes, with the covariates of the steps ahead; one without `series_col` is of all series;
--     a step, series or value that it lacks is an error
--   seed: same data, options and seed give the same answer
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times: dates, timestamps, text that can be read as such, or whole numbers
--   value_col: column of values
-- Returns: series_id, ts, forecast DOUBLE, lower DOUBLE, upper DOUBLE, method VARCHAR, status VARCHAR
-- Example:
--   FROM forecast_demand('orders.parquet', horizon := 4, method := 'theta', frequency := 'week') LIMIT 8;
CREATE OR REPLACE MACRO forecast_demand(
    data,
    horizon := 28,
    method := 'auto',
    level := 0.9,
    season := NULL,
    frequency := NULL,
    model := 'ecomsql.internal._nothing',
    covariates := [],
    future := 'ecomsql.internal._nothing',
    seed := 42,
    series_col := 'item_id',
    time_col := 'ts',
    value_col := 'quantity'
) AS TABLE
FROM ecomsql.main._forecast(
    data, series_col, time_col, value_col, true, frequency, future, covariates, model,
    {
        'function': 'forecast_demand',
        'horizon': horizon,
        'method': method,
        'level': level,
        'season': season,
        'covariates': covariates,
        'future': future,
        'model': model,
        'seed': seed
    }
);
