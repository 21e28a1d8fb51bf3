"""What English reviews speak of: the words of each aspect, with those that imply it."""

from __future__ import annotations

ASPECTS = {
    "size_fit": """
        size/n, sized, sizing, fit/n, fitted, fitting, tts, true to size,
        (too|so|very|bit|little) (small|big|large|long|short|tight|loose),
        (too|so|very|bit|little) (wide|narrow|tiny|baggy|snug|boxy|huge|roomy),
        (ran|runs|run|running) (small|large|big|short|long|wide|narrow|tight),
        (bigger|smaller|larger|longer|shorter|tighter|looser|wider) than, snug, tight, tighter,
        loose, looser, baggy, boxy, roomy, oversized, undersized, length, width, height, waist,
        waistband, bust, hip/n, shoulder/n, sleeve/n, inseam, torso, armhole/n, petite/n, xs, xxs,
        xl, xxl, size up, size down, sized up, sized down, tailored, shapeless, swim/v in, swam in,
        measurement/n, dimension/n
    """,
    "material": """
        material/n, fabric/n, cloth, textile, cotton, polyester, wool, linen, silk, silky, denim,
        leather, suede, satin, velvet, rayon, acrylic, cashmere, nylon, spandex, lycra, viscose,
        fleece, knit, lace, lining, unlined, thread/n, wood, wooden, metal, plastic, steel,
        aluminum, glass, ceramic, rubber, foam, sheer, see through, see thru, transparent, itchy,
        scratchy, soft, softer, softest, stretchy, thin, thick, flimsy, lightweight, heavyweight
    """,
    "quality": """
        quality, qualities, workmanship, craftsmanship, construction, build, built, well made,
        poorly made, badly made, cheaply made, stitching, stitch/n, seam/n, finish, durable,
        durability, sturdy, flimsy, solid, fragile, broke, breaks, broken, broke down, defect/n,
        defective, faulty, flaw/n, flawed, fell apart, falls apart, fall apart, falling apart,
        ripped, torn, tore, hole/n, unraveled, unraveling, frayed, snagged, snags, pilling, pilled,
        pills, shrank, shrunk, shrink, shrinks, faded, fades, fading, last/v, lasted, wears well,
        held up, holds up, cracked, rusted, peeling
    """,
    "comfort": """
        comfort, comfortable, comfortably, comfy, comfier, comfiest, uncomfortable, uncomfortably,
        cozy, cosy, itchy, itches, scratchy, breathable, cushion, cushioned, cushioning, padding,
        ergonomic, rub/v, pinch/v, dig/v into, digs in, digs into, blister/n, irritating, irritates,
        warm, warmth, stuffy, restrictive
    """,
    "look": """
        look/n, looked, looking, style/n, styled, stylish, styling, design/n, designed, color/n,
        colour/n, colored, colorful, pattern/n, print/n, printed, shade/n, cute, pretty, beautiful,
        gorgeous, lovely, ugly, flattering, unflattering, flatter, flatters, elegant, chic, trendy,
        fashionable, attractive, appearance, aesthetic/n, shape, silhouette, frumpy, frump, drape/v,
        neckline, compliment/n, faded, washed out, feminine, sexy, dowdy, matronly
    """,
    "price": """
        price/n, priced, pricing, pricey, pricy, cost/n, costly, expensive, inexpensive, overpriced,
        cheap, cheaper, cheapest, affordable, value, value for money, money, worth, bargain/n,
        deal/n, discount/n, discounted, on sale, sale price, full price, coupon/n, promotion/n,
        budget, splurge, dollar/n, bucks, $, €, £, ¥, fee/n, charged
    """,
    "delivery": """
        delivery, deliver/v, deliveries, shipping, ship/v, shipped, shipment/n, courier/n, arrive/v,
        arrival, arrived, parcel/n, mailed, in the mail, usps, ups, fedex, dhl, tracking,
        dispatch/v, never received, never came, on time, (arrived|came|delivered) late, delayed,
        delay/n
    """,
    "packaging": """
        packaging, package/n, packaged, packed, packing, pack/n, box/n, boxed, bubble wrap, wrapped,
        wrapping, wrapper/n, sealed, seal/n, unsealed, leaked, leaking, leaks, crushed, dented,
        bottle/n, jar/n, lid/n, pouch
    """,
    "service": """
        service, customer service, customer care, support, staff, employee/n, waiter/n, waitress,
        waitresses, seller/n, vendor/n, merchant/n, sales associate/n, salesperson,
        store associate/n, representative/n, agent/n, refund/n, refunded, refunding, return policy,
        warranty, guarantee, replacement/n, complaint/n, responsive, unresponsive,
        hotline, helpful, unhelpful, rude, polite, friendly, courteous
    """,
    "taste": """
        taste/v, tasty, tasteless, flavor/n, flavour/n, flavored, flavorful, flavorless, delicious,
        yummy, bland, salty, salted, sour, bitter, spicy, spiciness, juicy, crispy,
        crunchy, chewy, greasy, oily, soggy, stale, fresh, freshness, aftertaste,
        inedible, overcooked, undercooked, seasoned, seasoning
    """,
    "portion": """
        portions, portion size/n,
        (big|small|huge|tiny|large|generous|good) (portion|serving|amount), serving size/n,
        quantity, quantities, amount of food,
        (big|small|huge|tiny|large) (meal|bowl|plate|cup|bag|bottle|jar|container), filling,
        enough food, not enough (food|meat|rice|for)
    """,
    "hygiene": """
        clean, cleaner, cleanliness, hygiene, hygienic, unhygienic, sanitary, dirty, filthy,
        hair in, insect/n, cockroach/n, mold, moldy, mould, mouldy, stain/n, stained,
        spotless, expired, rotten, spoiled, bed bugs
    """,
    "scent": """
        smell/v, smelly, scent/n, scented, unscented, odor/n, odour/n, odorless, fragrance/n,
        fragranced, perfume/n, aroma, stink/v, stinks, stank, stinky, reek/v
    """,
    "usability": """
        easy to (use|install|clean|assemble|set up|operate),
        easy to (put on|take off|read|wash|carry|store),
        hard to (use|install|clean|assemble|set up|operate|put on|take off|read|wash|open),
        difficult to (use|install|clean|assemble|set up|operate|put on|take off|read), ease of use,
        user friendly, intuitive, instruction/n, manual, setup, set up, installation, install/v,
        assembly, assemble/v, convenient, inconvenient, convenience, handy, practical, useful,
        useless, complicated, confusing, controls, interface
    """,
    "performance": """
        performance, perform/v,
        (works|worked|working|work) (well|great|perfectly|fine|flawlessly|properly),
        (stopped|quit) working, (doesn't|does not|didn't|did not|don't|won't) work, not working,
        battery, batteries, battery life, charge/v, charger, screen/n, display, camera/n, sound,
        speaker/n, audio, microphone, signal, bluetooth, wifi, wi fi, connection, connect/v,
        disconnects, laggy, lags, powerful, power, motor, engine, noise, noisy, loud,
        quiet, suction, heats, overheat/v, software, app, update/n, effective, ineffective,
        effect/n, results
    """,
    "description": """
        description/n, described, as described, as advertised, as pictured, as shown, advertised,
        picture/n, pictured, photo/n, photograph/n, website, listing, misleading,
        wrong (item|color|size|order|product|one), not what i ordered, authentic, genuine,
        counterfeit, fake, knockoff, original, missing
    """,
}
