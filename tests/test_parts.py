"""A message to the questions in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.parts import MOST_PARTS, parts_of
from bot.matching.words import words
from bot.text import one_line
from tests.faq_strategies import anything

_text = (
    st.text(st.characters())
    | anything()
    | st.lists(
        st.sampled_from(["how", "do i pay", "y", "and", "?", ", ", ". ", "。", "密码", "\n", " "])
    ).map("".join)
)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?!",
        "password",
        "How do I reset my password?",
        "how do i reset my password",
        "  When are\tyou open?  ",
        "Rock'n'roll opening hours",
        "e-mail does not arrive",
        "パスワードを忘れました。",
    ],
)
def test_a_plain_question_has_no_parts(question: str) -> None:
    """Most messages are one question, and are taken as a whole."""
    assert parts_of(question) == ()


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ("Hello, how do I reset my password?", "how do I reset my password?"),
        ("Hi there! How do I reset my password?", "How do I reset my password?"),
        ("Good morning\nhow do I reset my password", "how do I reset my password"),
        ("Hallo \N{EN DASH} wie lange dauert der Versand?", "wie lange dauert der Versand?"),
        ("How do I reset my password? Thanks!", "How do I reset my password?"),
        ("你好\uff0c如何重置密码", "如何重置密码"),
        ("こんにちは。パスワードを忘れました。", "パスワードを忘れました。"),
    ],
)
def test_a_greeting_is_told_from_the_question(message: str, part: str) -> None:
    """The question behind or before a greeting stands on its own."""
    assert part in parts_of(message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "How do I reset my password? When are you open?",
            ("How do I reset my password?", "When are you open?"),
        ),
        (
            "how do I reset my password and when are you open",
            ("how do I reset my password", "when are you open"),
        ),
        (
            "Wie setze ich es zurück und wann ist geöffnet?",
            ("Wie setze ich es zurück", "wann ist geöffnet?"),
        ),
        (
            "¿Cómo cambio la clave y cuánto cuesta?",
            ("¿Cómo cambio la clave", "cuánto cuesta?"),
        ),
        (
            "Как сбросить пароль и когда вы открыты?",
            ("Как сбросить пароль", "когда вы открыты?"),
        ),
        (
            "Jak zmienić hasło i kiedy otwarte?",
            ("Jak zmienić hasło", "kiedy otwarte?"),
        ),
        ("如何重置密码\uff1f什么时候开门", ("如何重置密码\uff1f", "什么时候开门")),
    ],
)
def test_two_questions_are_told_apart(message: str, expected: tuple[str, ...]) -> None:
    """Two questions in one message, as sentences or joined by a word, come in their order."""
    assert parts_of(message) == expected


def test_a_sentence_of_pieces_stands_whole_as_well() -> None:
    """A comma may part two questions or belong to one, so beside others both are tried."""
    assert parts_of("One two, three four. Five six?") == (
        "One two",
        "three four.",
        "One two, three four.",
        "Five six?",
    )


def test_of_a_long_story_the_end_counts() -> None:
    """A text of very many sentences gives its last ones, where the question mostly is."""
    story = [f"This is sentence number {number}." for number in range(50)]

    assert parts_of(" ".join(story)) == tuple(story[-MOST_PARTS:])


def test_the_same_question_twice_is_asked_once() -> None:
    """Who insists still has one question."""
    assert parts_of("Are you open? Are you open? Are you open?") == ("Are you open?",)


@given(_text)
def test_parts_are_pieces_of_the_message(message: str) -> None:
    """Whatever people write, its parts are few, have words, and none of them is the whole."""
    parts = parts_of(message)

    assert len(parts) <= MOST_PARTS
    assert len(set(parts)) == len(parts)
    for part in parts:
        assert part != one_line(message)
        assert len(words(part)) >= 2
        assert part in one_line(message)
