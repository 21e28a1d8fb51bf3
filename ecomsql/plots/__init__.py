"""Pictures of results: what a table shows is told by its columns; matplotlib draws it.

Arrays in, files out. Nothing here knows a database, and matplotlib loads at the first drawing.
"""
