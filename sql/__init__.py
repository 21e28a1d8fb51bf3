"""The SQL files of ecomsql, shipped with the package."""
