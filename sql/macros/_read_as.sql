-- A text as a value of the type of another, with its collation; NULL where it cannot be read so.
--
-- Arguments:
--   written: the text
--   sample: NULL of the type
-- Returns: the value
CREATE OR REPLACE MACRO _read_as(written, sample) AS coalesce(sample, TRY(cast_to_type([written], [sample]))[1]);
