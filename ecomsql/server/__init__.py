"""Serves a database with every function on it to other programs."""
