"""BM25 and TF-IDF, against their formulas written out."""

import itertools
import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.lexicon import Bag, Lexicon, bag
from bot.matching.segments import Segments

_tokens = st.lists(st.sampled_from("abcdefgh"), max_size=12)
_documents = st.lists(_tokens, min_size=1, max_size=6)
_questions = st.lists(st.sampled_from("abcdxyz"), max_size=8)


def _overlap(lexicon: Lexicon, question: Sequence[str]) -> tuple[list[float], float]:
    everything = np.arange(len(lexicon.documents))
    scores, unknown = lexicon.overlap(bag(question), *lexicon.documents.places(everything))
    return scores.tolist(), unknown


def _cosines(lexicon: Lexicon, question: Sequence[str]) -> list[float]:
    everything = np.arange(len(lexicon.documents))
    scores = lexicon.cosines(bag(question), *lexicon.documents.places(everything))
    return [float(score) for score in scores]


def _naive_bm25(
    documents: Sequence[Sequence[str]], question: Sequence[str]
) -> tuple[list[float], float]:
    """Score by Okapi BM25 with k1 = 1.2, b = 0.5, as a share of the question's whole worth."""
    average = sum(map(len, documents)) / len(documents)

    def worth(token: str) -> float:
        having = sum(token in document for document in documents)
        return math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))

    asked = set(question)
    whole = sum(map(worth, asked))
    scores = []
    for document in documents:
        counts = Counter(document)
        norm = 1.2 * (0.5 + 0.5 * len(document) / average) if average else 1.0
        score = sum(worth(it) * counts[it] * 2.2 / (counts[it] + norm) for it in asked)
        scores.append(score * 2 / 2.2 / whole if whole else 0.0)
    known = {token for document in documents for token in document}
    return scores, sum(worth(it) for it in asked - known) / whole if whole else 0.0


def _naive_cosines(documents: Sequence[Sequence[str]], question: Sequence[str]) -> list[float]:
    """Score by the cosine of vectors of (1 + ln tf)(1 + ln((1 + n) / (1 + df)))."""

    def weighed(tokens: Sequence[str]) -> dict[str, float]:
        return {
            token: (1 + math.log(count))
            * (1 + math.log((1 + len(documents)) / (1 + sum(token in it for it in documents))))
            for token, count in Counter(tokens).items()
        }

    asked = weighed(question)
    scores = []
    for document in map(weighed, documents):
        lengths = math.hypot(*asked.values()) * math.hypot(*document.values())
        dot = sum(weight * document.get(token, 0.0) for token, weight in asked.items())
        scores.append(dot / lengths if lengths else 0.0)
    return scores


@given(_tokens)
def test_a_bag_counts_each_token_once(tokens: list[str]) -> None:
    """A text's tokens are kept with their counts, whatever their order."""
    counted = bag(tokens)

    assert sorted(counted.counts) == sorted(Counter(tokens).values())
    assert (np.diff(counted.keys) > 0).all()
    again = bag(reversed(tokens))
    assert again.keys.tolist() == counted.keys.tolist()
    assert again.counts.tolist() == counted.counts.tolist()


@given(_documents, _questions)
def test_bm25_is_what_the_formula_says(documents: list[list[str]], question: list[str]) -> None:
    """Shared words count by their rarity and the length of the text, unknown ones against it."""
    scores, unknown = _overlap(Lexicon.of([*map(bag, documents)]).bm25(), question)

    expected, expected_unknown = _naive_bm25(documents, question)
    assert scores == pytest.approx(expected, abs=1e-6)
    assert unknown == pytest.approx(expected_unknown, abs=1e-6)


@given(_documents, _questions)
def test_tf_idf_is_what_the_formula_says(documents: list[list[str]], question: list[str]) -> None:
    """Spelling is compared by the cosine of weighed tokens, unknown ones included."""
    scores = _cosines(Lexicon.of([*map(bag, documents)]).tf_idf(), question)

    assert scores == pytest.approx(_naive_cosines(documents, question), abs=1e-6)


@given(_documents)
def test_a_text_is_nearest_to_itself(documents: list[list[str]]) -> None:
    """A question that is one of the texts has its full score there, and no more elsewhere."""
    lexicon = Lexicon.of([*map(bag, documents)]).tf_idf()
    for place, document in enumerate(documents):
        scores = _cosines(lexicon, document)
        assert scores[place] == pytest.approx(1 if document else 0, abs=1e-6)
        assert max(scores) <= 1 + 1e-6


@given(_documents, st.data())
def test_what_is_left_out_was_never_there(documents: list[list[str]], data: st.DataObject) -> None:
    """Texts can be dropped: the others score as if they had been alone from the start."""
    rows = data.draw(st.lists(st.sampled_from(range(len(documents))), unique=True, min_size=1))
    question = data.draw(_questions)
    everything = Lexicon.of([*map(bag, documents)])

    left = everything.selected(np.array(rows))
    alone = Lexicon.of([bag(documents[row]) for row in rows])

    scores, unknown = _overlap(left.bm25(), question)
    alone_scores, alone_unknown = _overlap(alone.bm25(), question)
    assert scores == pytest.approx(alone_scores, rel=1e-12)
    assert unknown == pytest.approx(alone_unknown, rel=1e-12, abs=1e-15)
    assert _cosines(left.tf_idf(), question) == pytest.approx(
        _cosines(alone.tf_idf(), question), rel=1e-12
    )


@given(
    st.lists(st.tuples(st.lists(_tokens, max_size=3), _tokens), min_size=1, max_size=4), _questions
)
def test_texts_of_one_entry_become_one(
    entries: list[tuple[list[list[str]], list[str]]], question: list[str]
) -> None:
    """An entry's phrasings, and its answer for less, score like one text of all their words."""
    phrasings = [phrasing for group, _ in entries for phrasing in group]
    both = Lexicon.of([*map(bag, phrasings), *(bag(answer) for _, answer in entries)])
    of_phrasings = both.selected(np.arange(len(phrasings)))
    of_answers = both.selected(np.arange(len(phrasings), len(both.documents)))

    merged = of_phrasings.times(2).merged(
        Segments.of_lengths([len(group) for group, _ in entries]), of_answers
    )

    joined = [[*itertools.chain(*group, *group), *answer] for group, answer in entries]
    expected, expected_unknown = _naive_bm25(joined, question)
    scores, unknown = _overlap(merged.bm25(), question)
    assert scores == pytest.approx(expected, abs=1e-6)
    assert unknown == pytest.approx(expected_unknown, abs=1e-6)


@pytest.mark.parametrize("question", [[], ["a"]], ids=["nothing asked", "something asked"])
def test_without_any_words_nothing_is_shared(question: list[str]) -> None:
    """Texts and questions without words, and a FAQ without texts, score 0."""
    empty = Lexicon.of([bag([]), bag([])])

    assert _overlap(empty.bm25(), question) == ([0, 0], len(question))
    assert _cosines(empty.tf_idf(), question) == [0, 0]
    assert _cosines(Lexicon.of([]).tf_idf(), question) == []
    assert _overlap(Lexicon.of([]).bm25(), question)[0] == []


def test_an_undecodable_sign_is_a_token_like_any_other() -> None:
    """A lone surrogate in a text stops nothing."""
    assert isinstance(bag(["\ud83d"]), Bag)
