-- The step of a series that a time is in; 0 is the first.
--
-- Arguments:
--   is_step: whether times are whole numbers
--   is_even: whether the series comes regularly: a time belongs to the nearest step, else to the one before
--   months: of a step, or 0
--   step: seconds of a step, or whole numbers
--   first: first time of the series
--   anchor: start of the first step
--   moment: the time, in seconds, or a whole number
-- Returns: BIGINT
CREATE OR REPLACE MACRO _series_place(is_step, is_even, months, step, first, anchor, moment) AS
CASE
    WHEN months > 0
        THEN datediff(
            'month', date_trunc('month', anchor), date_trunc('month', make_timestamp((moment * 1000000)::BIGINT))
        ) // months
    WHEN is_step THEN round((moment - first) / step)
    WHEN is_even THEN round((moment - epoch(anchor)) / step)
    ELSE floor((moment - epoch(anchor)) / step)
END::BIGINT;
