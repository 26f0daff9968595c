"""What entries are taken apart into."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.entry_parts import Parts
from bot.matching.questions import Questions
from bot.text import has_words
from tests.fakes import word_vector

_texts = st.text(st.sampled_from("aé密 -.1"), min_size=1).filter(has_words)


@given(st.lists(_texts, min_size=1, max_size=6), st.data())
def test_phrasings_are_put_together_again(texts: list[str], data: st.DataObject) -> None:
    """What was counted of a phrasing gives the same question as its text does."""
    vectors = np.stack([word_vector(text) for text in texts])
    own = Questions.of(texts, vectors)
    parts = Parts.of(
        own, [1] * len(texts), ["an answer"] * len(texts), [0] * len(texts), vectors[:0]
    )
    rows = np.array(data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1)))

    again = parts.own(rows)

    assert again.vectors is not None
    np.testing.assert_array_equal(again.vectors, vectors[rows])
    np.testing.assert_array_equal(again.foreign, own.foreign[rows])
    for kind in ("words", "grams"):
        for bag, expected in zip(
            getattr(again, kind), [getattr(own, kind)[row] for row in rows], strict=True
        ):
            np.testing.assert_array_equal(bag.keys, expected.keys)
            np.testing.assert_array_equal(bag.counts, expected.counts)
