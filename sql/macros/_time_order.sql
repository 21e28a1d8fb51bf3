-- What orders a time of any type: itself, or for text the date or the number that it says, before other text.
--
-- Arguments:
--   moment: the time
-- Returns: a struct to order by
CREATE OR REPLACE MACRO _time_order(moment) AS {
    '_date': CASE WHEN typeof(moment) = 'VARCHAR' THEN TRY_CAST(moment AS TIMESTAMP) END,
    '_number': CASE WHEN typeof(moment) = 'VARCHAR' THEN TRY_CAST(moment AS DOUBLE) END,
    '_other': CASE
        WHEN
            typeof(moment) <> 'VARCHAR'
            OR (TRY_CAST(moment AS TIMESTAMP) IS NULL AND TRY_CAST(moment AS DOUBLE) IS NULL)
            THEN moment
    END
};
