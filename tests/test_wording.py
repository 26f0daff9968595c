"""What the bot says in its own words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.model import Entry, Match, Outcome, OutcomeKind
from bot.text import one_line
from bot.wording.saying import by_words, none_of_these, offer, reply, topics_of
from bot.wording.speech import ENGLISH
from tests.fakes import entry

_FAQ = (entry("When do you open?"), entry("Where are you?"), entry("What does it cost?"))
_MATCHES = (Match("When do you open?", "When do you open?", 0.4),)


def _seen(markdown: str) -> list[str]:
    """Give the paragraphs and list items that a reader of the rendered Markdown sees."""
    return [text for text, _ in _rendered(markdown)]


def _list_items(markdown: str) -> list[str]:
    """Give the list items only."""
    return [text for text, is_item in _rendered(markdown) if is_item]


def _rendered(markdown: str) -> Iterator[tuple[str, bool]]:
    depth = 0
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.type in {"list_item_open", "list_item_close"}:
            depth += token.nesting
        elif token.type == "inline":
            texts = (child.content for child in token.children or () if child.type == "text")
            yield "".join(texts), depth > 0


def _declined(matches: Sequence[Match] = _MATCHES) -> Outcome:
    return Outcome(OutcomeKind.DECLINE, None, (), (), tuple(matches), 0.8, 0.6, 0.2)


def _suggested(*entries: Entry) -> Outcome:
    return Outcome(OutcomeKind.SUGGEST, None, (), entries, _MATCHES, 0.4, 0.6, 0.2)


def _answered(*entries: Entry, without_embeddings: bool = False) -> Outcome:
    return Outcome(
        OutcomeKind.ANSWER,
        entries[0],
        entries[1:],
        (),
        _MATCHES,
        0.1,
        0.3,
        0.1,
        without_embeddings=without_embeddings,
    )


def test_an_answer_is_word_for_word() -> None:
    """An answer is what the admin wrote, to the letter, and nothing around it."""
    answer = "  *Daily*, 9 to 17.\n\n- but not on Sunday\n"
    found = entry("When do you open?", answer=answer)
    assert reply(_answered(found), _FAQ) == answer


def test_several_answers_come_with_their_questions() -> None:
    """Who asks several things at once reads which answer belongs to which, in their order."""
    entries = [
        entry("When do you open?", answer="- Daily\n- but not on Sunday"),
        entry("sum", "What is 2 * 3 * 4?", "another phrasing", answer="*Twenty-four*."),
        entry("Where are you?", answer="Here."),
    ]
    text = reply(_answered(*entries), _FAQ)
    assert text == (
        "**When do you open?**\n\n- Daily\n- but not on Sunday\n\n"
        "**What is 2 \\* 3 \\* 4?**\n\n*Twenty-four*.\n\n"
        "**Where are you?**\n\nHere."
    )
    seen = _seen(text)
    assert [seen.index(it.question) for it in entries] == [0, 3, 5]


def test_an_answer_by_words_alone_says_so() -> None:
    """Who was answered while the model was away learns it, and what to do if the answer is off."""
    found = entry("When do you open?", answer="At *nine*.")
    assert (
        reply(_answered(found, without_embeddings=True), _FAQ)
        == f"At *nine*.\n\n{by_words(ENGLISH)}"
    )
    assert "ask me again" in by_words(ENGLISH)


def test_several_answers_by_words_alone_say_so_once() -> None:
    """The same holds for several answers in one reply."""
    text = reply(_answered(*_FAQ[:2], without_embeddings=True), _FAQ)
    assert text.count(by_words(ENGLISH)) == 1
    assert text.endswith(by_words(ENGLISH))


def test_suggestions_are_questions() -> None:
    """When the bot is not sure it says so, and lists what it may have been asked, best first."""
    text = reply(_suggested(_FAQ[2], _FAQ[0]), _FAQ)
    assert _seen(text) == ["I am not sure. Did you mean:", _FAQ[2].question, _FAQ[0].question]
    assert _list_items(text) == [_FAQ[2].question, _FAQ[0].question]


def test_a_suggestion_shows_the_entrys_own_question() -> None:
    """What is suggested is the phrasing that stands for the entry, whichever came nearest."""
    text = reply(_suggested(entry("hours", "When do you open?", "opn today??")), _FAQ)
    assert _list_items(text) == ["When do you open?"]


def test_none_of_the_suggestions() -> None:
    """Who was offered nothing that fits is not left alone: other words may do, and about what."""
    seen = _seen(none_of_these(_FAQ, ENGLISH))
    assert seen[0].endswith("Please ask me again in other words.")
    assert seen[2:] == [it.question for it in _FAQ]


def test_a_question_without_an_answer() -> None:
    """When nothing fits the bot says so, gives no answer, and tells what it can be asked."""
    seen = _seen(reply(_declined(), _FAQ))
    assert seen[0] == "I have no answer to that."
    assert seen[2:] == [it.question for it in _FAQ]
    assert "An answer." not in seen


def test_a_text_without_words() -> None:
    """Whoever sends only signs is asked for words, and told what to ask."""
    seen = _seen(reply(_declined([]), _FAQ))
    assert seen[0] == "Please ask me in words."
    assert seen[2:] == [it.question for it in _FAQ]


def test_topics_come_in_the_order_of_the_faq() -> None:
    """Each topic is named once, where it first comes; entries without one add none."""
    topics = ("Money", None, "Travel", "Money", "Food", None, "Travel")
    entries = [replace(entry(str(i)), topic=topic) for i, topic in enumerate(topics)]
    assert topics_of(entries) == ["Money", "Travel", "Food"]


def test_a_faq_with_topics_offers_them() -> None:
    """A FAQ with topics is presented by them rather than by single questions."""
    entries = [replace(entry(f"{i}"), topic=f"Topic {i % 3}") for i in range(9)]
    text = offer(entries)
    assert _list_items(text) == ["Topic 0", "Topic 1", "Topic 2"]
    assert _seen(text)[0] == "I can help with:"


def test_many_topics_are_cut_short() -> None:
    """Of very many topics the first twelve are named, and how many more there are."""
    entries = [replace(entry(f"{i}"), topic=f"Topic {i}") for i in range(20)]
    assert _list_items(offer(entries)) == [*(f"Topic {i}" for i in range(12)), "and 8 more"]
    assert _list_items(offer(entries[:12])) == [f"Topic {i}" for i in range(12)]


@pytest.mark.parametrize("topic", [None, "The only one"])
def test_a_faq_without_topics_offers_questions(topic: str | None) -> None:
    """A FAQ without topics, or with one for all, is presented by a few questions from all over."""
    entries = [replace(entry(f"Question {i}?"), topic=topic) for i in range(100)]
    text = offer(entries)
    assert _list_items(text) == [f"Question {i}?" for i in (0, 25, 50, 75)]
    assert _seen(text)[0] == "You can ask me, for example:"


@pytest.mark.parametrize("size", range(1, 10))
def test_a_small_faq_offers_what_it_has(size: int) -> None:
    """Up to four different questions are offered, fewer only if there are fewer."""
    entries = [entry(f"Question {i}?") for i in range(size)]
    items = _list_items(offer(entries))
    assert len(items) == len(set(items)) == min(size, 4)


def test_an_empty_faq_offers_nothing() -> None:
    """Before there is an index nothing is promised: no list with nothing on it."""
    assert not offer(()).rstrip().endswith(":")
    assert reply(_declined([]), ()).startswith("Please ask me in words.")


_questions = st.text(st.characters(codec="utf-8"), min_size=1).map(one_line).filter(bool) | (
    st.sampled_from(
        [
            "What does __init__ do?",
            "2 * 3 * 4?",
            "# what?",
            "- and?",
            "<b>bold</b>?",
            "`x`?",
            "1. a",
        ]
    )
)


@given(_questions)
def test_questions_are_shown_as_they_are(question: str) -> None:
    """A question with signs that mean something in Markdown is still read as it was written."""
    both = (entry("a", question), entry("b", question))
    for text in (reply(_suggested(*both), _FAQ), offer(both)):
        assert [_plain(it) for it in _seen(text)[1:]] == [_plain(question)] * 2
    several = reply(_answered(*both), _FAQ)
    assert [_plain(it) for it in _seen(several)[::2]] == [_plain(question)] * 2


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)
