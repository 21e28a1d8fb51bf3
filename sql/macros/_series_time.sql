-- The time of a step of a series, as text that can be cast to the type of its times.
--
-- Arguments:
--   rhythm: of the series, from _series
--   place: of the step; 0 is the first
-- Returns: VARCHAR
CREATE OR REPLACE MACRO _series_time(rhythm, place) AS
CASE
    WHEN struct_extract(rhythm, 'is_step')
        THEN (struct_extract(rhythm, 'first') + place * struct_extract(rhythm, 'step'))::HUGEINT::VARCHAR
    ELSE ecomsql.main._time_text(
        CASE
            WHEN struct_extract(rhythm, 'months') > 0 AND struct_extract(rhythm, 'ends_months')
                THEN last_day(
                    (date_trunc('month', struct_extract(rhythm, 'anchor')) + to_months((place * struct_extract(rhythm, 'months'))::INTEGER))::DATE
                ) + (struct_extract(rhythm, 'anchor') - date_trunc('day', struct_extract(rhythm, 'anchor')))
            WHEN struct_extract(rhythm, 'months') > 0
                THEN struct_extract(rhythm, 'anchor') + to_months((place * struct_extract(rhythm, 'months'))::INTEGER)
            ELSE make_timestamp(
                (epoch(struct_extract(rhythm, 'anchor')) * 1000000)::BIGINT + (place * struct_extract(rhythm, 'step') * 1000000)::BIGINT
            )
        END,
        struct_extract(rhythm, 'is_date'),
        struct_extract(rhythm, 'is_text')
    )
END;
