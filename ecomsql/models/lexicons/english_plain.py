"""English phrases that neither praise nor blame, though a word in them would."""

from __future__ import annotations

PLAIN = """
    (haven't|have not|hasn't) (opened|used|tried|worn) (it|this|them|these|the book|) yet,
    (has not|didn't|did not) (opened|used|tried|worn) (it|this|them|these|the book|) yet,
    (haven't|have not|hasn't) (installed|washed) (it|this|them|these|the book|) yet,
    (haven't|have not|hasn't) (received|read|finished) (it|this|them|these|the book|) yet,
    (has not|didn't|did not) (installed|washed) (it|this|them|these|the book|) yet,
    (has not|didn't|did not) (received|read|finished) (it|this|them|these|the book|) yet,
    dry (clean|cleaner|cleaners|cleaned|cleaning), dry clean only, (hand|machine) wash,
    (was|were) (so|very|really|super|a bit|a little|) (excited|worried|hesitant|concerned),
    (was|were) (so|very|really|super|a bit|a little|) (skeptical|nervous|unsure|afraid),
    as well, as well as, might as well, may as well, oh well, well known, well over, well under,
    well below, pretty much, pretty sure, good luck, for good, good idea to,
    a good (bit|deal|amount|while|few), better off, better luck, had better, like new condition,
    best before, best by, best friend, best friends, at best, best bet, at least,
    last but not least, no doubt, without (a|any|) doubt, no matter, whether or not, if not,
    not sure if, no longer than, in no time, no time at all, no wonder,
    no (extra|additional|) (cost|charge), no need to, no need for, not to mention, why not,
    no more than, not until, thank god it's, super market, supermarket, great lengths,
    great deal of, fine print, fine line, cold brew, sad to see it go, with ease, hard drive,
    hard wood, hardwood, hard disk, cheap and cheerful, raw denim, raw hem, thin crust,
    smelling salts, waste basket, waste bin, trash can, trash bags, trash bag, garbage can,
    garbage bag, garbage bags, garbage disposal, hair loss, weight loss, anti wrinkle,
    dark chocolate, stain remover, stain resistant, stains out, scratch resistant,
    scratch proof, leak proof, crack proof, tear resistant, pain relief, late night, late fall,
    late summer, late evening, cut out, return policy, free return, free returns, hole punch,
    button hole, button holes, strip mall, holes for, dry skin, oily skin, sensitive skin,
    acne prone, hot water, cold water, hot summer, hot weather, hot day, hot days, cold weather,
    cold day, cold days, slow cooker, slow cooking, slow cook, dirty clothes, dirty dishes,
    noise cancelling, noise canceling, noise cancellation, fair isle, fair skin, sweet potato,
    soft drink, soft drinks, easy chair, smart phone, smart tv, smart watch,
    light weight jacket, cool weather, cool day, cool days, warm weather, warm day, warm days,
    warm water, light bulb, bright side, sharp knife, solid color, solid colors, clean up,
    cleaning, kind of like, special occasion, special occasions, special order, strong coffee,
    strong wind, quick question, win win, gift card, gift wrap, lost weight, lose weight
"""
