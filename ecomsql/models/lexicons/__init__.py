"""Words of opinion and of what they are about, in English and Chinese.

All of them were written for this project, from how people write reviews; no other list was copied.
What was missing was found by reading reviews: the training parts of those in benchmarks/reviews,
and Chinese ones of books, hotels and computers. They are under the licence of the project. A list
of words is one text, with commas between; :mod:`~ecomsql.models.lexicons.spelling` says how it is
written.
"""
