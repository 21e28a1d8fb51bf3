-- Train a regressor that predicts a number in a column of a table from the others, and return it as a row.
--
-- Keep the row in a table and give its name to predict, explain and feature_importance as `model`. Columns are taken as
-- they are; see train_classifier. Rows without a number to predict take no part. `metrics` has the figures of training and
-- of held-out rows side by side: rmse, mae and r2.
--
-- Arguments:
--   data: a table, view, CTE, or file name
--   target: the column to predict: a number
--   features: list of the columns to learn from; default: all others
--   method: lightgbm, mlp (a dense network), linear (ridge regression), or auto, which blends those that help on
--     held-out rows
--   seed: same data, options and seed give the same model
--   tune: look for better options of lightgbm and mlp first, by a random search on held-out rows
--   trials: how many options are tried when tuning; of mlp, a quarter of them
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
--   SELECT method, metrics->'validation' FROM train_regressor('items.parquet', 'price', method := 'linear');
CREATE OR REPLACE MACRO train_regressor(
    data,
    target,
    features := NULL,
    method := 'auto',
    seed := 42,
    tune := false,
    trials := 16,
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
        'function': 'train_regressor',
        'features': features,
        'method': method,
        'seed': seed,
        'tune': tune,
        'trials': trials,
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
