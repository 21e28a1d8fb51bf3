-- How much each feature matters to a trained model, most important first.
--
-- 'permutation': by how much the mean loss on held-out rows grows when the values of the feature are shuffled (the log
-- loss, or for numbers and money the mean squared error); about 0, also below, where a feature does not matter. 'gain':
-- the loss that splits on the feature took away in training, of models with trees in them.
-- Of gru and attention, the features are what they are told of the last events of a user, as `explain` has them. Of value
-- models they are what is known of a customer, and the loss is that of the money of the last days before `as_of`, as
-- many as trees learn from; the customers are then those that the trees did not learn from.
--
-- Arguments:
--   model: a table made by train_classifier, train_regressor, train_purchase_model, train_churn_model or
--     train_ltv_model; of several rows the newest
--   kind: permutation or gain
-- Returns: feature VARCHAR, importance DOUBLE
-- Example:
--   WITH m AS (FROM train_classifier('users.parquet', 'age_band', method := 'linear'))
--   FROM feature_importance(m);
CREATE OR REPLACE MACRO feature_importance(model, kind := 'permutation') AS TABLE
SELECT _part.feature AS feature, _part.importance AS importance
FROM (
    SELECT unnest(_importances(_blob, _rows, kind)) AS _part
    FROM ecomsql.main._model_row(model)
)
ORDER BY importance DESC, feature;
