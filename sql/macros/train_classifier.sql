-- Train a classifier that predicts a column of a table from the others, and return it as a row.
--
-- Keep the row in a table and give its name to predict, explain and feature_importance as `model`. Columns are taken as
-- they are: numbers, booleans, dates, times and text, with NULLs. Text counts as a category: the 255 most frequent values
-- of a column, each in three rows or more, are told apart, the rest is one value. Dates and times also give month, weekday
-- and hour. Columns that are empty, or the same in every row, and nested ones are not used; infinite numbers count as
-- missing; an interval counts in seconds. Rows without a label take no part. Probabilities are calibrated on rows that
-- were held out; `metrics` has the figures of training and of held-out rows side by side, and `calibration_error`, how
-- far from the truth probabilities are. Rare classes are not weighted up: a probability of 0.1 means one in ten, and
-- `threshold` says which of them are a yes. Held-out rows are chosen by content, so that the order of the rows does not
-- matter.
--
-- Arguments:
--   data: a table, view, CTE, or file name
--   target: the column to predict: boolean, number or text, two to 100 different values
--   features: list of the columns to learn from; default: all others
--   method: lightgbm, mlp (a dense network), linear (logistic regression), or auto, which blends those that help on
--     held-out rows
--   seed: same data, options and seed give the same model
--   tune: look for better options of lightgbm and mlp first, by a random search on held-out rows
--   trials: how many options are tried when tuning; of mlp, a quarter of them
--   positive: of two classes the one that `probability` is of, as text; default: true, the greater number, or the text
--     that sorts last
--   threshold: of two classes, the probability from which on `prediction` is the positive one: a number, or 'f1' or
--     'balanced', which take what is best for that (balanced: the mean of both classes' recall) on held-out rows
--   learning_rate: lightgbm and mlp: size of a step
--   leaves: lightgbm: leaves of a tree
--   min_rows: lightgbm: rows in a leaf, at least
--   penalty: lightgbm and linear: weight of the squared values, or weights
--   layers: mlp: how many
--   units: mlp: how wide the layers are
--   dropout: mlp: share of a layer that is left out at random in training
--   weight_decay: mlp: how strongly weights are pulled to 0
-- Returns: model BLOB, task VARCHAR, method VARCHAR, trained_at TIMESTAMPTZ, rows BIGINT, options JSON,
--   metrics JSON, version VARCHAR
-- Example:
--   SELECT method, metrics->'validation' FROM train_classifier('users.parquet', 'age_band', method := 'linear');
CREATE OR REPLACE MACRO train_classifier(
    data,
    target,
    features := NULL,
    method := 'auto',
    seed := 42,
    tune := false,
    trials := 16,
    positive := NULL,
    threshold := 0.5,
    learning_rate := NULL,
    leaves := NULL,
    min_rows := NULL,
    penalty := NULL,
    layers := NULL,
    units := NULL,
    dropout := NULL,
    weight_decay := NULL
) AS TABLE
FROM ecomsql.main._train_table(
    data, target,
    {
        'function': 'train_classifier',
        'features': features,
        'method': method,
        'seed': seed,
        'tune': tune,
        'trials': trials,
        'positive': positive,
        'threshold': threshold,
        'method_options': {
            'learning_rate': learning_rate,
            'leaves': leaves,
            'min_rows': min_rows,
            'penalty': penalty,
            'layers': layers,
            'units': units,
            'dropout': dropout,
            'weight_decay': weight_decay
        }
    }
);
