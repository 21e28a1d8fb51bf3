-- The newest trained model of a relation made by a train_ function.
--
-- Arguments:
--   relation: name of a table of models, as text
-- Returns: _blob BLOB (NULL: no model there), _rows BIGINT
CREATE OR REPLACE MACRO _model_row(relation) AS TABLE
SELECT arg_max(_blob, _at) AS _blob, count(*) AS _rows FROM ecomsql.main._model_rows(relation);
