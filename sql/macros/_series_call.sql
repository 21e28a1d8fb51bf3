-- What the UDFs over series are given: the series in lists, and all that was asked for.
--
-- Arguments:
--   series: name of the relation that _series returned
--   total: as given to _series
--   frequency: as given to _series
--   roles: names of columns by argument, a struct
--   options: everything else that the function was given, a struct
-- Returns: one row: _grid STRUCT(codes INTEGER[], places BIGINT[][], "values" DOUBLE[][], seasons BIGINT[]), with NULLs in
--   it where there is no series; _call JSON
CREATE OR REPLACE MACRO _series_call(series, total, frequency, roles, options) AS TABLE
SELECT
    {
        'codes': list(_code) FILTER (_code IS NOT NULL),
        'places': list(_places) FILTER (_code IS NOT NULL),
        'values': list(_values) FILTER (_code IS NOT NULL),
        'seasons': list(_season) FILTER (_code IS NOT NULL)
    } AS _grid,
    to_json({
        'options': options,
        'total': total,
        'frequency': frequency,
        'columns': any_value(_columns),
        'wrong': any_value(_wrong),
        'roles': roles
    }) AS _call
FROM query_table(series);
