"""The words of reviews: five topics, praise and blame, in English and Chinese."""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    """What a sentence can be about: the things, and the good and bad said of them."""

    things: tuple[str, ...]
    praise: tuple[str, ...]
    blame: tuple[str, ...]


QUALITY, FIT, DELIVERY, VALUE, SERVICE = range(5)

ENGLISH = (
    Topic(
        ("material", "build quality", "finish", "stitching", "surface"),
        ("solid", "sturdy", "durable", "well made", "excellent"),
        ("flimsy", "cheaply made", "cracked", "fragile", "badly finished"),
    ),
    Topic(
        ("size", "fit", "cut", "length", "shape"),
        ("perfect", "comfortable", "true to size", "flattering", "exactly right"),
        ("too tight", "too loose", "uncomfortable", "too short", "smaller than shown"),
    ),
    Topic(
        ("delivery", "shipping", "parcel", "courier", "packaging"),
        ("fast", "on time", "careful", "quick", "earlier than promised"),
        ("late", "slow", "damaged", "delayed", "careless"),
    ),
    Topic(
        ("price", "value for money", "offer", "discount", "deal"),
        ("fair", "great", "unbeatable", "reasonable", "worth it"),
        ("too high", "poor", "overpriced", "unreasonable", "not worth it"),
    ),
    Topic(
        ("customer service", "support", "refund process", "hotline", "staff"),
        ("friendly", "helpful", "quick to answer", "polite", "competent"),
        ("rude", "unhelpful", "impossible to reach", "useless", "unfriendly"),
    ),
)

CHINESE = (
    Topic(
        ("质量", "做工", "材质", "手感"),
        ("很好", "非常结实", "很耐用", "很精致"),
        ("很差", "太粗糙", "容易坏", "很廉价"),
    ),
    Topic(
        ("尺码", "大小", "版型", "长度"),
        ("正合适", "很舒服", "很标准", "刚刚好"),
        ("偏小", "偏大", "不合适", "不舒服"),
    ),
    Topic(
        ("物流", "快递", "发货", "包装"),
        ("很快", "很及时", "很用心", "非常迅速"),
        ("太慢", "很慢", "破损了", "不及时"),
    ),
    Topic(
        ("价格", "性价比", "优惠", "活动"),
        ("很实惠", "很高", "很划算", "很合理"),
        ("太贵", "很低", "不划算", "不合理"),
    ),
    Topic(
        ("客服", "售后", "服务", "退款"),
        ("很热情", "很耐心", "很好", "回复很快"),
        ("态度差", "没人理", "很差", "太敷衍"),
    ),
)

ENGLISH_OPENINGS = (
    ("Terrible.", "A complete waste of money.", "I want my money back."),
    ("Disappointed.", "I expected more.", "Would not buy again."),
    ("It is okay.", "Average, nothing special.", "Mixed feelings."),
    ("Happy with it.", "Good purchase.", "I like it."),
    ("Love it!", "Absolutely wonderful.", "Highly recommended."),
)
"""By rating, 1 to 5."""

CHINESE_OPENINGS = (
    ("太糟糕了。", "非常失望,要求退款。"),
    ("不太满意。", "有点失望。"),
    ("一般般。", "还可以吧。"),
    ("不错。", "挺满意的。"),
    ("非常喜欢!", "强烈推荐!"),
)

TOPIC_SHARES = {
    "Dresses": (0.20, 0.50, 0.12, 0.10, 0.08),
    "Shoes": (0.20, 0.50, 0.12, 0.10, 0.08),
    "Baby": (0.30, 0.30, 0.15, 0.15, 0.10),
    "Audio": (0.45, 0.05, 0.15, 0.25, 0.10),
    "Gaming": (0.45, 0.05, 0.15, 0.25, 0.10),
}
"""How likely each topic is in a sentence about a category; see OTHER_SHARES."""

OTHER_SHARES = (0.40, 0.08, 0.22, 0.18, 0.12)
