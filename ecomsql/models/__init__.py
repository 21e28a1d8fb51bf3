"""Models: arrays in, arrays out; no database."""
