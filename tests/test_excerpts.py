"""The faulty line on a terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.cli.excerpts import excerpt_of


def test_a_short_line_is_shown_whole_with_a_caret_below_the_column() -> None:
    """The author sees where in the line it is."""
    excerpt = excerpt_of("id: a: b", 6)

    assert (excerpt.text, excerpt.caret) == ("id: a: b", "     ^")


def test_a_long_line_is_cut_around_the_column() -> None:
    """Of a long line there is what stands around the place, not its beginning."""
    excerpt = excerpt_of("x" * 500 + "HERE" + "y" * 500, 501)

    assert excerpt.text.startswith("…x")
    assert excerpt.text.endswith("y…")
    assert len(excerpt.text) <= 102
    assert excerpt.text[excerpt.place :].startswith("HERE")


def test_the_end_of_a_long_line_is_not_marked_as_cut() -> None:
    """Three dots stand only where something is missing."""
    assert excerpt_of("x" * 500, 500).text == "…" + "x" * 100
    assert excerpt_of("x" * 500, 1).text == "x" * 100 + "…"


def test_wide_characters_count_twice_for_the_caret() -> None:
    """The caret stands below the place, though each character before it fills two cells."""
    assert excerpt_of("日本語!", 4).caret == " " * 6 + "^"


def test_a_line_from_right_to_left_has_no_caret() -> None:
    """No caret is better than one below another letter."""
    excerpt = excerpt_of("question: شروع: چیست", 15)

    assert excerpt.caret == ""
    assert excerpt.text == "question: شروع: چیست"


def test_an_accent_stays_with_its_letter() -> None:
    """A line is not cut between a letter and what belongs on it."""
    excerpt = excerpt_of("e\u0301" * 200, 200)

    assert excerpt.text[1] == "e"
    assert excerpt.text[-2] == "\u0301"


def test_what_would_steer_a_terminal_is_blank() -> None:
    """A FAQ can neither colour the terminal of its admin nor turn the line round."""
    assert excerpt_of("a\x1b[31mb\tc\u202ed", 1).text == "a [31mb c d"


@given(line=st.text(max_size=400), column=st.integers(min_value=1, max_value=500))
def test_any_line_can_be_shown(line: str, column: int) -> None:
    """Whatever stands in a file, its excerpt is bounded, and the caret is at its column."""
    excerpt = excerpt_of(line, column)

    assert len(excerpt.text) <= 302
    assert 0 <= excerpt.place <= len(excerpt.text)
    assert not any(unicodedata.category(char) == "Cc" for char in excerpt.text)
    if excerpt.caret:
        assert cell_len(excerpt.caret) == cell_len(excerpt.text[: excerpt.place]) + 1
    if column <= len(line) and line[column - 1].isalnum():
        assert excerpt.text[excerpt.place] == line[column - 1]
