"""English words that change what others say: negations, degrees, contrasts, wishes."""

from __future__ import annotations

NEGATIONS = """
    no more, free of, free from, not, never, no, none, neither, nor, without, hardly, barely,
    scarcely, rarely, seldom, cannot, nothing, nobody, no one, nowhere, isn't, isnt, wasn't,
    wasnt, aren't, arent, weren't, werent, don't, dont, doesn't, doesnt, didn't, didnt, won't,
    wont, wouldn't, wouldnt, can't, cant, couldn't, couldnt, shouldn't, shouldnt, haven't,
    havent, hasn't, hasnt, hadn't, hadnt, ain't, aint, can not, not at all, not even close to,
    no longer, far from, anything but, lack of
"""

DEGREES = {
    1.5: """
        extremely, incredibly, insanely, super, so so so, exceptionally, extraordinarily,
        unbelievably, absolutely, totally, completely, utterly, entirely, really really, very very,
        so so, so very, ridiculously, soooo, sooo, soo, sooooo, veryyy, way, damn
    """,
    1.25: """
        too, far, just, a lot, very, really, so, such, such a, quite, truly, especially,
        particularly, remarkably, highly, deeply, definitely, certainly, surely, seriously,
        honestly, exactly, always, even more, much, much more, more, most, overall, all around,
        rather, pretty
    """,
    0.6: """
        slightly, a bit, a little, a little bit, bit, somewhat, fairly, kind of, kinda, sort of,
        sorta, mildly, partly, mostly, almost, nearly, relatively, moderately, reasonably, a tad,
        tad, a touch, sometimes, occasionally, some
    """,
}

CONTRASTS = """
    but, however, although, though, yet, except, nevertheless, nonetheless, on the other hand,
    unfortunately though, that said, that being said, having said that
"""

WISHES = """
    wish, wished, if only, would have, would've, would be, could have, could've, could be,
    should have, should've, should be, might have, if it, if they, if you, wanted to, want to,
    wanted, tried to, hoping, hoped, was hoping, expecting, expected, seems like it would
"""
