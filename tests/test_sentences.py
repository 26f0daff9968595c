"""An answer to the sentences that a question may resemble."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.sentences import MOST_SENTENCES, plain_text, sentences
from bot.text import has_words
from tests.faq_strategies import answers, anything


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("", ()),
        ("👍 — !", ()),
        ("Click on it.", ("Click on it.",)),
        ("Click on it. Then wait!  Done?", ("Click on it.", "Then wait!", "Done?")),
        ("one\ntwo\n\nthree", ("one", "two", "three")),
        ("Version 2.1 costs 3.50 now", ("Version 2.1 costs 3.50 now",)),
        ("はい。そうです。", ("はい。", "そうです。")),
        ("नमस्ते। धन्यवाद", ("नमस्ते।", "धन्यवाद")),
        ("Yes. Yes. No.", ("Yes.", "No.")),
        ("# Title\n- **one**\n- `two`", ("Title", "- one", "- two")),
        ("See [the guide](https://example.org/a.b?c=d).", ("See the guide.",)),
        ('See [it](x.html "a title") here', ("See it here",)),
        ("![a picture](cat.png) of a cat", ("a picture of a cat",)),
        ("<!-- id: x. also: y. -->Shown.", ("Shown.",)),
        ("| a | b |\n|---|---|\n| c | d |", ("a b", "c d")),
    ],
)
def test_sentences_are_what_people_read(markdown: str, expected: tuple[str, ...]) -> None:
    """Sentences come without the marks of Markdown, links by their words, and none twice."""
    assert sentences(markdown) == expected


def test_a_long_answer_gives_its_beginning() -> None:
    """Of a long answer the first sentences count: each costs an embedding."""
    many = [f"Sentence number {number}." for number in range(50)]

    assert sentences(" ".join(many)) == tuple(many[:MOST_SENTENCES])


@given(answers() | anything() | st.text(st.characters()))
def test_every_sentence_can_be_embedded(markdown: str) -> None:
    """Whatever an answer looks like, its sentences are few, single lines, and have words."""
    found = sentences(markdown)

    assert len(found) <= MOST_SENTENCES
    assert len(set(found)) == len(found)
    for sentence in found:
        assert has_words(sentence)
        assert sentence == " ".join(sentence.split())
        sentence.encode()


@given(st.lists(st.sampled_from(["wort", "слово", "密码", "E-1234", "don't"]), min_size=1))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    """What is no markup is kept, word for word."""
    assert plain_text(" ".join(words)).split() == words


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "  ```"])
def test_examples_in_code_are_no_sentences(fence: str) -> None:
    """A question in an example is not one that the answer answers; the words around it count."""
    answer = f"Write it so:\n{fence}yaml\n- text: what is the weather?\n{fence}\nThen save."
    assert sentences(answer) == ("Write it so:", "Then save.")
    assert sentences(f"Write it so:\n{fence}\n- text: what is the weather?") == ("Write it so:",)
    assert "weather" in plain_text(answer)
