-- Measure how well probabilities tell two classes apart, and how far they can be trusted.
--
-- Rows without a label or a probability take no part. A row is predicted positive when its probability is at least the
-- threshold: accuracy, precision, recall, f1, specificity (share of the negatives that are predicted so) and
-- balanced_accuracy (mean recall of the classes there) come from that, and so do the counts true_positives,
-- false_positives, true_negatives and false_negatives; a share of nothing is 0, as in scikit-learn. The others need no
-- threshold. auc: chance that a positive scores above a negative, where equal ones count half. average_precision: mean
-- precision over the positives, by falling score. log_loss: mean of -ln(probability of the true class), probabilities kept
-- 2.2e-16 away from 0 and 1. brier: mean squared error of the probability. calibration_error: rows in order of
-- probability are cut into 10 bins of as many rows each, equal probabilities staying together; the mean over the rows of
-- |mean probability - share of positives| in their bin. rows and positives: how many there are. With one class auc and
-- average_precision are NULL; without rows all is NULL but the counts.
--
-- Arguments:
--   data: labels and probabilities, one pair a row: a table, view, CTE, or file name
--   label_col: column of labels: BOOLEAN, the numbers 0 and 1, or two texts
--   probability_col: column of the probability of the positive class, 0 to 1
--   threshold: from this probability on a row is predicted positive, 0 to 1
--   positive: the label of the positive class, as text; default: true, 1, or of two texts the one that sorts last
-- Returns: metric VARCHAR, value DOUBLE
-- Example:
--   WITH buyers AS (
--       SELECT bool_or(event_type = 'purchase') AS label, 1 - exp(-count(*) / 40) AS probability
--       FROM 'events.parquet' GROUP BY user_id
--   )
--   FROM evaluate_classification(buyers);
CREATE OR REPLACE MACRO evaluate_classification(
    data,
    label_col := 'label',
    probability_col := 'probability',
    threshold := 0.5,
    positive := NULL
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_picked AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(label_col::VARCHAR) OR _c = '_ecomsql_none')) AS _label,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(probability_col::VARCHAR) OR _c = '_ecomsql_none')) AS _given
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
_checked_call AS MATERIALIZED (
    SELECT _checked(to_json({
        'function': 'evaluate_classification',
        'columns': _names,
        'roles': {'label_col': label_col, 'probability_col': probability_col},
        'threshold': threshold
    })) AS _options
    FROM _ecomsql_columns
),
-- Everything is measured on the rows of each label and probability; + 0.0 makes one of 0.0 and -0.0.
_levels AS MATERIALIZED (
    SELECT
        _label,
        typeof(_label) AS _type,
        TRY_CAST(_given AS DOUBLE) + 0.0 AS _p,
        count(*) AS _n
    FROM _ecomsql_picked
    WHERE _label IS NOT NULL AND _given IS NOT NULL
    GROUP BY ALL
),
-- Labels as text; equal numbers are written alike, whatever their type.
_labels AS (
    SELECT
        _label,
        _kind,
        CASE
            WHEN _kind = 'number' THEN regexp_replace(TRY_CAST(_label AS DOUBLE)::VARCHAR, '\.0$', '')
            ELSE _label::VARCHAR
        END AS _name
    FROM (
        SELECT DISTINCT
            _label,
            CASE
                WHEN _type = 'BOOLEAN' THEN 'boolean'
                WHEN regexp_full_match(_type, 'U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*') THEN 'number'
                ELSE 'text'
            END AS _kind
        FROM _levels
    )
),
_classes AS (
    SELECT
        any_value(_kind) AS _kind,
        list_sort(list(DISTINCT _name)) AS _names,
        CASE any_value(_kind)
            WHEN 'boolean' THEN coalesce(TRY_CAST(positive::VARCHAR AS BOOLEAN)::VARCHAR, positive::VARCHAR)
            WHEN 'number'
                THEN coalesce(
                    regexp_replace(TRY_CAST(positive::VARCHAR AS DOUBLE)::VARCHAR, '\.0$', ''), positive::VARCHAR
                )
            ELSE positive::VARCHAR
        END AS _wanted
    FROM _labels
),
_probabilities AS (
    SELECT
        coalesce(sum(_n), 0) AS _n,
        coalesce(sum(_n) FILTER (_p IS NULL OR NOT (_p >= 0 AND _p <= 1)), 0) AS _bad
    FROM _levels
),
-- The positive label; the options are read here, so that their check cannot be left out of the plan.
_sound AS MATERIALIZED (
    SELECT
        (_options ->> 'threshold')::DOUBLE AS _threshold,
        CASE
            WHEN _bad > 0
                THEN error(format(
                    'evaluate_classification: probability_col ''{}'' holds values that are not numbers from 0 to 1'
                    || ' ({} of {} rows)',
                    probability_col, _bad, _n
                ))
            WHEN len(_names) > 2
                THEN error(format(
                    'evaluate_classification: label_col ''{}'' holds {} labels, two at most can be told apart: {}{}',
                    label_col, len(_names), array_to_string(_names[:5], ', '), if(len(_names) > 5, ', ...', '')
                ))
            WHEN
                _wanted IS NOT NULL AND NOT list_contains(_names, _wanted)
                AND (len(_names) = 2 OR (_kind = 'boolean' AND _wanted NOT IN ('true', 'false')))
                THEN error(format(
                    'evaluate_classification: positive := ''{}'' is not one of the labels: {}',
                    positive, if(_kind = 'boolean', 'false, true', array_to_string(_names, ', '))
                ))
            WHEN _wanted IS NOT NULL THEN _wanted
            WHEN _kind = 'boolean' THEN 'true'
            WHEN _kind = 'number' AND len(list_filter(_names, lambda _l: _l NOT IN ('0', '1'))) > 0
                THEN error(format(
                    'evaluate_classification: label_col ''{}'' holds numbers other than 0 and 1: {};'
                    || ' say which is the positive one: positive := ''{}''',
                    label_col, array_to_string(_names, ', '), _names[-1]
                ))
            WHEN _kind = 'number' THEN '1'
            WHEN len(_names) = 2 THEN _names[2]
            WHEN TRY_CAST(_names[1] AS BOOLEAN) THEN _names[1]
            WHEN len(_names) = 1 AND TRY_CAST(_names[1] AS BOOLEAN) IS NULL
                THEN error(format(
                    'evaluate_classification: label_col ''{}'' holds a single label, ''{}'';'
                    || ' say which is the positive one: positive := ''{}''',
                    label_col, _names[1], _names[1]
                ))
            ELSE ''
        END AS _positive
    FROM _classes CROSS JOIN _probabilities CROSS JOIN _checked_call
),
_points AS (
    SELECT
        _p,
        sum(CASE WHEN _name = _positive THEN _n ELSE 0 END) AS _pos,
        sum(CASE WHEN _name = _positive THEN 0 ELSE _n END) AS _neg
    FROM _levels
    JOIN _labels USING (_label)
    CROSS JOIN _sound
    GROUP BY _p
),
_ordered AS MATERIALIZED (
    SELECT
        *,
        sum(_pos) OVER () AS _positives,
        sum(_pos + _neg) OVER () AS _rows,
        sum(_pos) OVER _rising - _pos AS _pos_below,
        sum(_neg) OVER _rising - _neg AS _neg_below
    FROM _points
    WINDOW _rising AS (ORDER BY _p)
),
-- A probability belongs to the bin of the row in the middle of those that have it.
_bins AS (
    SELECT abs(sum(_p * (_pos + _neg)) - sum(_pos)) AS _gap
    FROM _ordered
    GROUP BY (10 * (2 * (_pos_below + _neg_below) + _pos + _neg)) // (2 * _rows)
),
_counts AS (
    SELECT
        coalesce(sum(_pos), 0)::DOUBLE AS _positives,
        coalesce(sum(_neg), 0)::DOUBLE AS _negatives,
        coalesce(sum(_pos) FILTER (_p >= _threshold), 0)::DOUBLE AS _tp,
        coalesce(sum(_neg) FILTER (_p >= _threshold), 0)::DOUBLE AS _fp,
        sum(_pos * (2 * _neg_below + _neg))::DOUBLE / 2 AS _in_order,
        sum(_pos * (_positives - _pos_below)::DOUBLE / (_rows - _pos_below - _neg_below)) AS _precisions,
        -sum(
            _pos * ln(greatest(least(_p, 1 - 2.220446049250313e-16), 2.220446049250313e-16))
            + _neg * ln(greatest(least(1 - _p, 1 - 2.220446049250313e-16), 2.220446049250313e-16))
        ) AS _surprise,
        sum(_pos * (1 - _p) * (1 - _p) + _neg * _p * _p) AS _squares
    FROM _ordered CROSS JOIN _sound
),
_measured AS (
    SELECT
        *,
        _negatives - _fp AS _tn,
        _positives - _tp AS _fn,
        nullif(_positives + _negatives, 0) AS _n,
        (SELECT sum(_gap) FROM _bins) AS _gaps,
        coalesce(_tp / nullif(_positives, 0), 0) AS _recall,
        coalesce((_negatives - _fp) / nullif(_negatives, 0), 0) AS _specificity
    FROM _counts
)
SELECT
    unnest([
        {'metric': 'accuracy', 'value': (_tp + _tn) / _n},
        {'metric': 'precision', 'value': if(_n > 0, coalesce(_tp / nullif(_tp + _fp, 0), 0), NULL)},
        {'metric': 'recall', 'value': if(_n > 0, _recall, NULL)},
        {'metric': 'f1', 'value': if(_n > 0, coalesce(2 * _tp / nullif(2 * _tp + _fp + _fn, 0), 0), NULL)},
        {'metric': 'auc', 'value': _in_order / nullif(_positives * _negatives, 0)},
        {'metric': 'average_precision', 'value': if(_negatives > 0, _precisions / nullif(_positives, 0), NULL)},
        {'metric': 'log_loss', 'value': _surprise / _n},
        {'metric': 'brier', 'value': _squares / _n},
        {
            'metric': 'balanced_accuracy',
            'value': (_recall + _specificity) / nullif((_positives > 0)::INTEGER + (_negatives > 0)::INTEGER, 0)
        },
        {'metric': 'specificity', 'value': if(_n > 0, _specificity, NULL)},
        {'metric': 'calibration_error', 'value': _gaps / _n},
        {'metric': 'true_positives', 'value': _tp},
        {'metric': 'false_positives', 'value': _fp},
        {'metric': 'true_negatives', 'value': _tn},
        {'metric': 'false_negatives', 'value': _fn},
        {'metric': 'rows', 'value': coalesce(_n, 0)},
        {'metric': 'positives', 'value': _positives}
    ], recursive := true)
FROM _measured;
