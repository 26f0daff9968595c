"""What a reader sees of a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.tables import MAX_COLUMNS, grid, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("e\u0301", 1),
        ("日本", 4),
        ("ｱ", 1),
        ("👨‍👩‍👧‍👦", 2),
        ("🇩🇪", 2),
        ("❤️", 2),
        ("1️⃣", 2),
        ("a\u200bb", 2),
    ],
)
def test_width_is_what_a_phone_shows(text: str, columns: int) -> None:
    """Wide letters and emoji, joined ones too, take two columns; marks none."""
    assert width(text) == columns


def test_columns_are_aligned() -> None:
    """Numbers stand to the right where the author says so, and wide letters shift nothing."""
    rows = [["Plan", "Price", "x"], ["日本", "5 €", "a\nb"], ["Pro 😀", "10 €", ""]]
    assert grid(rows, ["left", "right", "center"]) == (
        "Plan   | Price | x\n"
        "-------+-------+--\n"
        "日本   |   5 € | a\n"
        "       |       | b\n"
        "Pro 😀 |  10 € |"
    )


def test_too_wide_a_table_has_no_columns() -> None:
    """What a phone would break into pieces is shown in another way."""
    assert grid([["a" * MAX_COLUMNS]], [""]) is not None
    assert grid([["a" * (MAX_COLUMNS + 1)]], [""]) is None
    assert grid([["日" * 10, "b" * 10]], ["", ""]) is None


CELLS = st.text(st.sampled_from("ab 日é😀"), max_size=4).map(str.strip)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_all_columns_begin_at_the_same_place(rows: list[tuple[str, ...]]) -> None:
    """Whatever is in the cells, the bars stand below each other."""
    laid_out = grid(rows, ["", "right", "center"])
    assert laid_out is not None
    lines = laid_out.split("\n")
    places = {
        tuple(width(line[:at]) for at, char in enumerate(line) if char in "|+") for line in lines
    }
    assert len(places) == 1
