"""Words that tell little of what a text is about, English and Chinese; written for this project."""

from __future__ import annotations

from functools import cache

import numpy as np

from ecomsql.features.text_terms import terms_of
from ecomsql.features.text_units import Hashes, units_of

ENGLISH = """
a about above after again all also although always am an and another any anyone anything are
aren't around as at away b back be because been before being below between both but by c came can
can't cannot come could couldn't d did didn't do does doesn't doing don't done down during e each
either else etc even ever every everyone everything f few for from further g get gets getting give
given go goes going gone got h had hadn't has hasn't have haven't having he he'd he'll he's her
here here's hers herself him himself his how however i i'd i'll i'm i've if in instead into is
isn't it it'd it'll it's its itself j just k l let let's like m made make makes many may me might
more most much must my myself n need neither no nor not now o of off often oh ok on once one ones
only onto or other others our ours ourselves out over own p per perhaps put q quite r rather
really s said same saw say see seem seemed seems shall she she'd she'll she's should shouldn't
since so some someone something sometimes still such t take taken than that that's the their
theirs them themselves then there there's these they they'd they'll they're they've thing things
think this those though three through thus till to together too took toward two u under until up
upon us use used using usually v very via w want wanted was wasn't way we we'd we'll we're we've
well went were weren't what what's when where whether which while who whole whom whose why will
with within without won't would wouldn't x y yes yet you you'd you'll you're you've your yours
yourself z
""".split()
"""Words without meaning of their own, contractions and single letters."""

CHINESE = """
的 了 是 我 也 就 都 在 和 有 还 这 那 不 很 一 个 们 你 他 她 它 吧 啊 呢 吗 呀 哦
哈 嗯 么 又 再 才 与 及 或 但 而 把 被 让 给 对 从 到 向 以 于 为 因 所 如 则 且 等
着 过 得 地 之 其 此 该 每 各 某 什 怎 谁 哪 几 多 少 些 没 别 去 来 要 会 能 可 想
说 看 用 上 下 里 中 后 前 时 次 点 真 太 最 更 比 较 非 常 特 挺 只 已 经 将 我们
你们 他们 自己 这个 那个 这些 那些 什么 怎么 这么 那么 因为 所以 但是 不过 可是 虽然 而且 如果
还是 就是 不是 没有 可以 已经 一个 一下 一点 一些 有点 有些 还有 这样 那样 时候 现在 之后 以后
然后 其他 大家 觉得 感觉 真的 非常 比较 特别 还可 可能 应该 知道 都是 也是 也不 还不 是不 的是
了一 我的 的话 就不
""".split()
"""Single characters and pairs of them, for texts that no one has cut into words."""


@cache
def stop_hashes() -> Hashes:
    """Return the hashes of the words and pairs, ascending; see :class:`Terms`.

    Examples
    --------
    >>> from ecomsql.features.text_units import units_of
    >>> units = units_of(["the dress 的 裙"])
    >>> np.isin(units.hashes, stop_hashes()).tolist()
    [True, False, True, False]
    """
    units = units_of([*ENGLISH, *CHINESE])
    terms = terms_of(units, words=1, ideographs=2)
    lengths = np.bincount(units.texts, minlength=units.n_texts)
    whole = terms.lasts - terms.firsts + 1 == lengths[terms.texts]
    return np.unique(terms.hashes[whole])
