"""Numbers, `Q:` and `A:`: what belongs to the page, not to question and answer."""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

import pytest

from bot.faq.markdown_marks import has_answer_mark, without_answer_mark, without_number


@pytest.mark.parametrize(
    "title",
    [
        "1. How?",
        "1) How?",
        "(1) How?",
        "#1: How?",
        "1.2. How?",
        "3 - How?",
        "Q: How?",
        "Q. How?",
        "Q3: How?",
        "Q3 How?",
        "Q 3) How?",
        "1. Q: How?",
        "Question 3: How?",
        "Frage: How?",
        "F: How?",
        "Вопрос 2. How?",
        "问：How?",
        "一、How?",
        "iv. How?",
        "01/ How?",
        "- How?",
    ],
)
def test_what_counts_a_question_is_no_part_of_it(title: str) -> None:
    """However questions are counted or marked."""
    assert without_number(title) == "How?"


@pytest.mark.parametrize(
    "title",
    [
        "3 ways to pay",
        "2.0 or 3.0?",
        "Question of trust",
        "Quality: how?",
        "1.",
        "Q:",
        "24/7?",
        "--how fails",
        "-1 is shown",
    ],
)
def test_other_numbers_and_letters_stay(title: str) -> None:
    """A number that says something, and a title of nothing but a number, are kept."""
    assert without_number(title) == title


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("A: So.", "So."),
        ("**A:** So.", "So."),
        ("**A**: So.", "So."),
        ("**A: So.** Yes.", "**So.** Yes."),
        ("A1: So.", "So."),
        ("Answer: So.", "So."),
        ("**Antwort:** So.", "So."),
        ("R: So.", "So."),
        ("答：So.", "So."),
        ("<b>A:</b> So.", "So."),
        ("A lot.", "A lot."),
        ("A. Milne wrote it.", "A. Milne wrote it."),
        ("All: so.", "All: so."),
    ],
)
def test_the_mark_of_an_answer_is_no_part_of_it(text: str, rest: str) -> None:
    """A and its kin need a colon, and what the mark's bold type goes on to stays bold."""
    assert without_answer_mark(text) == rest


def test_below_a_question_with_a_mark_a_full_stop_will_do() -> None:
    """`A. So.` answers `Q. How?`, but may be a name elsewhere."""
    assert without_answer_mark("A. So.", brief=True) == "So."
    assert has_answer_mark("**A**. So.", brief=True)
    assert not has_answer_mark("A. So.")
