"""What words say, and what the words around them make of it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from ecomsql.models import lexicon_entries
from ecomsql.models.lexicon_sentiment import SENTIMENTS, lexicon_scores, sentiment_codes
from ecomsql.models.lexicons import chinese_plain, english_plain
from ecomsql.models.lexicons.spelling import spelled_out


def score(text: str) -> float:
    return float(lexicon_scores([text])[0])


GOOD = """
    The battery lasts two full days and the screen is gorgeous. | Works exactly as described
    Great sound for the price, no complaints. | Not bad at all for the money. | very good
    I couldn't be happier with this purchase. | My kids can't put this book down. | Five stars!
    You won't regret it. | Never had a problem with this brand. | It didn't disappoint.
    Don't hesitate to buy this. | Smells amazing and doesn't irritate my sensitive skin.
    A bit pricey but worth every penny. | I wish I had bought this sooner! | too cute
    手机很流畅，屏幕清晰，电池耐用 | 物流很快，包装严实 | 衣服质量很好，没有色差 | 不起球，面料舒服
    没有想象中那么难用，挺好的 | 再也不用担心漏水了 | 味道不错👍 | 一点都不贵，很实惠 | 太好了
    好吃
    酒店干净，前台热情 | 书的印刷清晰，孩子爱不释手 | 一如既往的好 | 没问题 | 👍👍
    It&#39;s <b>GREAT</b>
"""
BAD = """
    The battery dies after an hour. | Stopped working after two weeks. | Waste of money. | too big
    Never received my order. | I would not buy this again. | It broke the first time I used it.
    Too small for my head. | I wanted to love this, but it gave me a rash. | Don't waste your money.
    It's not good. | Looks nothing like the picture. | Fell apart after one wash. | I sent it back.
    I had to return it. | Arrived late and damaged | Would be great if it actually worked.
    They sent the wrong color. | runs small | see-through | not very comfortable | Buyer beware
    手机发烫，用了两天就死机 | 客服不理人，不给退 | 洗一次就缩水了 | 等了两个小时 | 没送到 | 洒了
    凉了
    味道一般，有点咸 | 不推荐 | 质量不怎么样 | 不是正品 | 太贵，不值 | 图片和实物不符 | 再也不会买了
    太小
    不好吃 | 一点都不好 | 不怎么好 | 少送了一份 | 要求退款 | 👎 | It was ok. 但是太小了
    不错but too small
"""


def lines(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"[|\n]", text) if one.strip()]


@pytest.mark.parametrize("text", lines(GOOD))
def test_praise(text):
    assert score(text) > 0.1


@pytest.mark.parametrize("text", lines(BAD))
def test_blame(text):
    assert score(text) < -0.1


@pytest.mark.parametrize("text", ["", "   ", "The table has four legs.", "1234", "桌子", "qwerty"])
def test_nothing_known_is_neutral(text):
    assert score(text) == 0.0


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("extremely comfortable", "comfortable"),
        ("comfortable", "slightly comfortable"),
        ("非常好吃", "好吃"),
        ("slightly itchy", "very itchy"),
        ("good", "not bad"),
        ("not great", "terrible"),
        ("Expensive but beautiful.", "Beautiful but expensive."),
        ("贵但是好看", "好看但是贵"),
        ("good good", "good"),
    ],
)
def test_order(more, less):
    assert score(more) > score(less)


@pytest.mark.parametrize(
    ("text", "turned"),
    [("It is flattering.", "It is not flattering."), ("划算", "不划算"), ("舒服", "一点都不舒服")],
)
def test_negation_turns_around(text, turned):
    assert score(text) > 0 > score(turned)


def test_negation_ends_with_its_clause():
    assert score("Not mine. Lovely.") > score("Not lovely.")


def test_scores_do_not_depend_on_other_texts():
    texts = lines(GOOD + BAD) * 3
    alone = np.array([score(text) for text in texts])
    assert (lexicon_scores(texts) == alone).all()
    assert (lexicon_scores(texts[::-1]) == alone[::-1]).all()
    assert (np.abs(alone) < 1.0).all()


@pytest.mark.parametrize("text", ["不错" * 500_000, "not good! " * 100_000, "a" * 1_000_000])
def test_long_texts(text):
    assert -1.0 <= score(text) <= 1.0


def test_names():
    codes = sentiment_codes(np.array([-1.0, -0.11, -0.1, 0.0, 0.1, 0.11]))
    names = [SENTIMENTS[code] for code in codes]
    assert names == ["negative"] * 2 + ["neutral"] * 3 + ["positive"]


def test_no_phrase_is_in_two_lists_that_disagree():
    plain = set(spelled_out(english_plain.PLAIN)) | set(spelled_out(chinese_plain.PLAIN))
    known: dict[str, float] = {}
    for words in lexicon_entries.OPINIONS:
        for phrase, valence in lexicon_entries.levels(words).items():
            assert phrase not in plain
            assert known.setdefault(phrase, valence) * valence > 0, phrase


def test_there_are_enough_words_of_both_languages():
    phrases = lexicon_entries.opinions()
    assert sum(one.isascii() for one in phrases) > 3000
    assert sum(not one.isascii() for one in phrases) > 2000


FACTS = """
    I'm 5'4" and 130 lbs and ordered a size 6. | It has three buttons on the front.
    Comes with a case.
    I bought this for my mother. | I ordered it on Monday and it came on Friday.
    How long is the cable?
    I have not opened it yet. | Will update after I use it. | It weighs 2 kg.
    Same as the old model.
    收到了，还没用 | 给妈妈买的 | 身高170体重60公斤，买的L码 | 一个红色一个蓝色 | 系统默认好评
    先用用看再来评价
"""


@pytest.mark.parametrize("text", lines(FACTS))
def test_facts_are_neutral(text):
    assert abs(score(text)) <= 0.1
