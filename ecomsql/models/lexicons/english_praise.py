"""English words and phrases of praise, by valence: 1 faint to 4 the strongest."""

from __future__ import annotations

PRAISE = {
    4.0: """
        amazing/a, awesome, outstanding, phenomenal/a, spectacular, stunning, superb/a, exceptional,
        exceptionally, magnificent, perfection, breathtaking, flawless, flawlessly, obsessed,
        masterpiece, best ever, (absolutely|totally|completely|truly) (love|loved|loving|adore),
        (exceeded|exceeds|surpassed|beyond) (all|my|our|all my|) expectations,
        (ten|five|5) (out of|) (ten|five|stars|star), 5 5, 10 10, must have/n, must buy, must own,
        (can't|cannot|couldn't|can not|could not) (be|get|ask for|find|beat) (any|a|) better,
        (so|very|extremely|super|really) glad (i|we) (bought|purchased|ordered|got|found),
        best purchase, best (thing|dress|shirt|top|jeans|pants|sweater|product|one|coat|jacket) ever,
        life changer, game changer, life saver, lifesaver, holy grail, heavenly, divine, to die for,
        knock/v it out of the park, home run, head over heels, in love, showstopper, show stopper
    """,
    3.5: """
        excellent, excellently, fantastic, wonderful, fabulous, perfect, perfectly, gorgeous,
        incredible, incredibly beautiful, marvelous, marvellous, brilliant/a, terrific, exquisite,
        superior, love it, loved it, love them, love this, love these, love love love, love love,
        (am|i'm|was|are|we're) in love, highly recommend/v, strongly recommend/v, (highly|definitely) recommended,
        (would|will|i'd|i'll) (definitely|highly|certainly|absolutely|totally|gladly|)
        (definitely|certainly) recommend, (can't|cannot|couldn't|can not) recommend (it|this|them|these|) enough,
        (can't|cannot|couldn't|can not) say enough (good|great|nice|) (things|), worth every penny,
        worth (each|every) (cent|dollar), dream come true, top notch, first class, world class, stellar,
        delighted, thrilled, ecstatic, overjoyed, blown away, favorite, favourite, favorites, favourites,
        (buy|buying|bought|get|getting|ordered|ordering|order|purchased|purchasing)
        (another|more|one more|two|both|several|every color|in every color|multiple|all the) (colors|colours|color|colour)
    """,
    3.0: """
        love, loves, loved, loving, lovely, adore/v, adorable, beautiful, beautifully, great, flattering,
        flatters, flatter, delicious, impressive, impressed, elegant/a, stylish, chic, delightful,
        compliment/n, complimented, (tons|lots|so many|many|several|a lot) of compliments, dreamy, awe,
        luxurious, luxury, comfortable, comfortably, comfy, comfiest, comfier, cozy, cosy, coziest, cozier,
        recommend it, recommend this, recommend them, recommended, so happy, very happy, extremely happy,
        (very|so|extremely|really|super) (pleased|satisfied), outdid, yummy, tasty, scrumptious,
        (wear|wearing|wore|use|using) (it|this|them|these) (all the time|every day|everyday|constantly|again and again|all summer|all winter),
        (wear|wore|worn) (it|this|them|these) (several|many|multiple|a few|a dozen|three|four) times already,
        (buy|order|purchase|bought|ordered|purchased|buying) (it|this|them|these|from them|from here|from this seller|) again and again,
        (will|would|i'll|i'd|we'll) (definitely|certainly|absolutely|surely|gladly|) (buy|order|purchase|shop|use|come back|return to buy)
        (here|from here|from them|) again, perfect fit, fit/v perfectly, fits like a glove, fit like a glove,
        fits (great|beautifully|wonderfully|well|nicely|so well|very well), fit (great|beautifully|wonderfully|well|nicely|so well|very well),
        true to size, true to my size, right size, excited, superbly made, well made, well crafted, well built, well designed,
        (high|great|good|excellent|amazing|top) quality, quality is (great|good|excellent|amazing|fantastic|wonderful|superb|top notch),
        classy, dazzling, glad i (bought|purchased|ordered|got|found|tried|took|kept|did|grabbed|went), so glad, slimming,
        dress (it|this|them|) up or down, dressed up or down, dress up or dress down, up or down, great deal, good deal, steal, bargain,
        keeper, a winner, winner, gem, treasure, stands out, standout, super cute, so cute, very cute, too cute, head turner, wow
    """,
    2.5: """
        cute/a, pretty much perfect, happy with, happily, happy, pleased, pleasantly surprised, pleasant surprise, satisfied,
        wonderfully, nicely, great value, good value, value for money, great price, good price, great buy, good buy, bang for the buck,
        soft/a, super soft, silky, buttery, velvety, plush, cuddly, snuggly, smooth/a, vibrant, rich, sophisticated, sleek,
        versatile, durable, sturdy/a, reliable, dependable, solid, long lasting, well worth, worth it, worth the (money|price|splurge|cost|investment|wait),
        so worth, ideal, ideally, easy to (use|clean|install|wear|wash|assemble|set up|care for|style|put on), effortless, effortlessly,
        works (great|well|perfectly|wonderfully|beautifully|like a charm|like a dream|as expected|as advertised|as described|fine),
        worked (great|well|perfectly|wonderfully|beautifully|like a charm), as described, as advertised, as pictured, exactly as pictured,
        just as (pictured|described|shown), exactly what i (wanted|needed|expected|was looking for|ordered|hoped for), just what i (wanted|needed|was looking for),
        glad, fresh/a, crispy, juicy, flavorful, flavourful, mouth watering, friendly, courteous, polite, helpful, attentive,
        responsive, professional, knowledgeable, prompt/a, (fast|quick|speedy|prompt|rapid|swift) (shipping|delivery|service|response|and easy),
        arrived (early|quickly|on time|fast|promptly|ahead of schedule|in perfect condition|safely|before), on time, ahead of schedule,
        timeless, feminine, girly, sexy, sassy, flirty, youthful, unique/a, special, interesting, eye catching, figure flattering, charming,
        graceful, whimsical, romantic, trendy, fashionable, hip, dressy, polished, sharp, crisp, genius, clever/a, innovative, thoughtful/a,
        luxuriously, lightweight, breathable, airy, flowy, drapes, drapes (beautifully|nicely|well), swingy, stretchy, roomy,
        snuggle, warm and cozy, warm/a, go to, staple, wardrobe staple, must try, enjoy/v, enjoyable, fun, playful, thank you, thanks, grateful, appreciate/v,
        make me (smile|happy), makes me (smile|happy|feel), feel (beautiful|pretty|sexy|great|confident|good), feels (great|good|amazing|wonderful|luxurious|so good|so soft|expensive),
        even better, better than (expected|i expected|pictured|the picture|the photo|i thought|described|advertised|anticipated|imagined), like new, brand new
    """,
    2.0: """
        good, nice, nicer, nicest, pretty, prettier, prettiest, fine quality, attractive, appealing, well, convenient/a, handy, useful,
        practical/a, efficient/a, effective/a, affordable, inexpensive, reasonably priced, reasonable price, economical, generous, decent price,
        sweet/a, cool, neat/a, clean/a, bright/a, colorful, colourful, shiny, strong/a, tough, quick/a, fast/a, accurate/a, precise/a, quiet/a, safe/a, secure/a,
        smart/a, easy, easier, easily, simple, gentle, light and airy, balanced, moist, healthy, natural, authentic, genuine, original,
        better, best, improved, improvement, upgrade, success, successful, win, wins, praise/v, bonus, plus, pluses, advantage, benefit/n,
        trust, trustworthy, honest/a, fair price, confident, confidence, joy, pleasure, pleasant/a, peace of mind, relaxed, relaxing, refreshing, smile, smiling,
        yay, hooray, woohoo, kudos, bravo, congratulations, surprised how (good|nice|soft|comfortable|well), surprisingly (good|well|comfortable|nice|soft),
        flattered, accentuate/v, accents, hugs, hugs in all the right places, all the right places, hides, hide my (belly|tummy|stomach|hips|flaws|problem areas),
        camouflage/v, forgiving, on trend, splurge, stock up, impulse buy, winning, beauty, beauties, treat, glamorous, radiant, glowing, sparkle/v,
        well put together, put together, holds up, held up, holding up, holds up well, lasts, lasted, hold up (well|great|nicely), washes well, washed well, washes (great|beautifully|nicely),
        no complaints, no complaint, no problem, no problems, no issues, no issue, no regrets, no trouble, no wrinkles, no fuss, nothing but praise, nothing to complain about,
        can't complain, cannot complain, can't wait to, cannot wait to, cant wait to, can't go wrong, cannot go wrong, can't beat, cannot beat, can't stop, never disappoint/v, never fails,
        not too (tight|loose|big|small|long|short|thick|thin|heavy|clingy|sheer|hot|revealing|low|boxy), without being (too|), not see through, not itchy, not sheer,
        doesn't (wrinkle|cling|itch|shrink|fade|pill), does not (wrinkle|cling|itch|shrink|fade|pill), didn't (shrink|fade|wrinkle|pill), did not (shrink|fade|wrinkle|pill),
        not only, bought (two|2|three|3|four|another|several|both), ordered (two|2|three|3|another), getting another, buying another, (back|went back|came back|going back) for (more|another)
    """,
    1.5: """
        like it, liked it, like this, like them, like the, like these, i like, really like, likes, liked, likable, suitable, suit/v, suits me, works for me, works with, pairs well, goes with everything, goes with anything, goes well, goes great,
        casual, comfort, quality, correct, correctly, properly, appropriate/a, adequate/a, satisfying, satisfactory, hooked, addicted, addictive, recommend/v, lucky, fortunate, fortunately, luckily, thankfully, happiest,
        classic, timely, detailed, subtle, as expected, according to expectations, complete, completed, worth, valuable, functional, works, worked, compact, portable, adjustable, flexible, full refund given,
        relief, resolved, solved, helped, helps, helping, support/v, welcoming, kind, kindly, patient, cared, caring, gracious, perfect for (work|summer|spring|fall|winter|everyday|travel|the office), great for, good for, nice for, 
    """,
    1.0: """
        fits, fit, ok for the price, decent, fine, okay, ok, not bad, not too bad, alright, fair/a, acceptable, intact, ready, basic but, tailored, fitted, structured, modest, generous cut, kept, keeping, kept it, keeping it, keep it, keep this, keeping this,
         loose fitting, relaxed fit, usual size, rich color, year round
    """,
}
