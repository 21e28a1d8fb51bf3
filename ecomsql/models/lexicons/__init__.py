"""Words of opinion and of what they are about, in English and Chinese.

All of them were written for this project, from how people write reviews; no other list was copied.
They are under the licence of the project. A list of words is one text, with commas between; see
:mod:`~ecomsql.models.lexicons.spelling` for how it is written.
"""
