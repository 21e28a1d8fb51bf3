"""Contestants: a file each.

``run(con, dataset, argument)`` leaves a table ``lists (user_id, rank, item_id)`` and returns the
seconds that fitting and scoring took.
"""
