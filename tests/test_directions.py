"""What a reader of Hebrew or Arabic sees."""

# ruff: noqa: RUF001 - letters of other scripts are the point

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.directions import directed, is_right_to_left
from bot.telegram.rendering import render
from bot.telegram.splitting import Span

LEFT, RIGHT = "\u200e", "\u200f"


def shown(markdown: str) -> str:
    """Render what fits into one message."""
    [part] = render(markdown)
    return part.text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("שלום", "שלום"),
        ("Only English `x`", "Only English x"),
        ("Git הוא כלי טוב", f"{RIGHT}Git הוא כלי טוב"),
        ("שלום is a Hebrew word", f"{LEFT}שלום is a Hebrew word"),
        ("An English line.\n\nשורה בעברית", "An English line.\n\nשורה בעברית"),
        ("- שלום\n- Git\n- 5", f"• שלום\n{RIGHT}• Git\n• 5"),
        ("1. Git is good\n2. שלום", f"1. Git is good\n{LEFT}2. שלום"),
        (
            "Wikipedia and Python ועוד\n\nכל אלה כאן",
            f"{RIGHT}Wikipedia and Python ועוד\n\nכל אלה כאן",
        ),
        ("Stackoverflow שלום", f"{RIGHT}Stackoverflow שלום"),
        ("טקסט `--help` ועוד", f"טקסט {LEFT}--help{LEFT} ועוד"),
        ("`--help` הוא טוב מאוד", f"{RIGHT}{LEFT}--help{LEFT} הוא טוב מאוד"),
        ("```\nx = 1 # הערה\n```\nשלום", "x = 1 # הערה\n\nשלום"),
        ("|שם|x|\n|-|-|\n|א|1|", f"שם: א\n{LEFT}x: 1".replace(LEFT, "")),
    ],
)
def test_lines_run_as_they_should(markdown: str, text: str) -> None:
    """A line that begins with a foreign word keeps its side, and code keeps its signs in order."""
    assert shown(markdown) == text


def test_marks_stay_out_of_code() -> None:
    """Who copies code from a message copies no invisible marks."""
    [part] = render("> הקלידו `/ask` **`--x`** עכשיו")
    quote, *code = part.entities
    assert (quote.type, quote.offset) == ("blockquote", 0)
    covered = [part.text[it.offset : it.offset + it.length] for it in code if it.type == "code"]
    assert covered == ["/ask", "--x"]


@given(
    st.text(st.sampled_from("aאب \n`5"), max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))),
)
def test_formats_cover_what_they_covered(text: str, places: list[tuple[int, int]]) -> None:
    """Direction marks change no word, and each format still covers its words."""
    spans = [Span(start, end, "code") for start, end in places if start < end <= len(text)]
    marked, moved = directed(text, spans, [])
    assert _unmarked(marked) == text
    assert [_unmarked(marked[it.start : it.end]) for it in moved] == [
        text[it.start : it.end] for it in spans
    ]
    if not is_right_to_left(text):
        assert marked == text


def _unmarked(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) != "Cf")
