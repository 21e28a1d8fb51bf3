"""Contestants over tables: a file each.

``run(con, fold, argument)`` learns from the table ``train`` of a fold and scores ``test``; it
leaves a table ``scored (label BOOLEAN, probability DOUBLE)`` and returns seconds.
"""
