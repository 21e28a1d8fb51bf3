-- A time as text: of dates, and of text without hours, the day alone.
--
-- Arguments:
--   moment: a timestamp
--   is_date: whether times were given as dates
--   is_text: or as text
-- Returns: VARCHAR
CREATE OR REPLACE MACRO _time_text(moment, is_date, is_text) AS
CASE
    WHEN is_date OR (is_text AND moment = date_trunc('day', moment)) THEN strftime(moment, '%Y-%m-%d')
    ELSE moment::VARCHAR
END;
