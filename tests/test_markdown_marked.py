"""Questions that are no headings, and what only looks like one."""

import pytest

from tests.markdown_checks import pairs, parse, topics

_SOON = [("When?", "Now."), ("Where?", "Here.\n\nReally.")]


@pytest.mark.parametrize(
    "text",
    [
        "**When?**\n\nNow.\n\n**Where?**\n\nHere.\n\nReally.",
        "**When?**\nNow.\n\n**Where?**\nHere.\n\nReally.",
        "**When?** Now.\n\n**Where?** Here.\n\nReally.",
        "**When?**<br>\nNow.\n\n**Where?**  \nHere.\n\nReally.",
        "__When?__\n\nNow.\n\n**Where**?\n\nHere.\n\nReally.",
        "***When?***\n\nNow.\n\n*Where?*\n\nHere.\n\nReally.",
        "<b>When?</b>\n\nNow.\n\n<strong>Where?</strong>\n\nHere.\n\nReally.",
        "**1. When?**\n\nNow.\n\n**2. Where?**\n\nHere.\n\nReally.",
        "**(1) When?**\n\nA. Now.\n\n**(2) Where?**\n\nA. Here.\n\nReally.",
        "**Q: When?**\n\n**A:** Now.\n\n**Q: Where?**\n\n**A:** Here.\n\nReally.",
        "**Q**. When?\n\n**A**. Now.\n\n**Q**. Where?\n\n**A**. Here.\n\nReally.",
        "**Q:** When?  \n**A:** Now.\n\n**Q:** Where?  \n**A:** Here.\n\nReally.",
        "Q: When?\nA: Now.\nQ: Where?\nA: Here.\n\nReally.",
        "Q: When? A: Now.\n\nQ: Where? A: Here.\n\nReally.",
        "Q1. When?\n\nNow.\n\nQ2. Where?\n\nHere.\n\nReally.",
        "> **Q:** When?\n>\n> **A:** Now.\n\n> Q: Where?\n>\n> A: Here.\n>\n> Really.",
        "> Q: When?\n\nNow.\n\n> Q: Where?\n\nHere.\n\nReally.",
        "1. **When?**\n\n   Now.\n\n2. **Where?**\n\n   Here.\n\n   Really.",
        "1. **When?** Now.\n2. **Where?** Here.\n\n   Really.",
        "1. **When?**\n\nNow.\n\n2. **Where?**\n\nHere.\n\nReally.",
        "1. When?\n\nNow.\n\n2. Where?\n\nHere.\n\nReally.",
        "1. **When?**\n\n    Now.\n\n2. **Where?**\n\n    Here.\n\n    Really.",
        "> Q: When?\n\nA: Now.\n\n> Where?\n\nA: Here.\n\nReally.",
        "- When?\n  Now.\n- Where?\n  Here.\n\n  Really.",
        "* __When?__\nNow.\n\n* __Where?__\nHere.\n\n  Really.",
        "- Q: When?\n- A: Now.\n- Q: Where?\n- A: Here.\n\n  Really.",
        "1. ### When?\n   Now.\n2. ### Where?\n   Here.\n\n   Really.",
        "When?\n: Now.\n\nWhere?\n: Here.\n\n    Really.",
        "When?\n\n: Now.\n\nWhere?\n\n: Here.\n\n: Really.",
    ],
)
@pytest.mark.parametrize("above", ["# FAQ\n\n", "# Shop\n\n", "", "# Shop\n\n## Questions\n\n"])
def test_questions_need_no_headings(text: str, above: str) -> None:
    """Bold lines, `Q:`, items, definitions and plain lines are questions where nothing else is."""
    assert pairs(parse(above + text)) == _SOON


@pytest.mark.parametrize(
    "text",
    [
        "When?\n\nNow.\n\nWhere?\n\nHere.\n\nReally.",
        "> When?\n\nNow.\n\n> Where?\n\nHere.\n\nReally.",
    ],
)
@pytest.mark.parametrize("above", ["# FAQ\n\n", ""])
def test_plain_lines_are_questions_in_a_faq(text: str, above: str) -> None:
    """Elsewhere a line with a question mark is just a line, unless there are several."""
    assert pairs(parse(above + text)) == _SOON


def test_a_table_may_hold_questions_and_answers() -> None:
    """Its columns say so; further ones are nothing to readers."""
    parsed = parse(
        """
        ## FAQ

        | # | Question | Answer |
        |---|----------|--------|
        | 1 | When?    | Now, **really**. |
        | 2 | Where?   | [Here](a.md). |
        """
    )
    assert pairs(parsed) == [("When?", "Now, **really**."), ("Where?", "[Here](a.md).")]
    assert [draft.line for draft in parsed.drafts] == [5, 6]


def test_other_tables_are_text() -> None:
    """A table of prices is an answer."""
    text = "| What | Price |\n|---|---|\n| A? | 1 |"
    assert pairs(parse(f"## How much?\n{text}\n## Where?\nHere."))[0] == ("How much?", text)


def test_a_bold_line_above_questions_is_their_topic() -> None:
    """It asks nothing, and nothing stands between it and the question."""
    parsed = parse(
        """
        # FAQ

        **Hours**

        **When?**
        Now.

        **Ways**

        **Where?**
        Here.
        """
    )
    assert topics(parsed) == [("When?", "Hours"), ("Where?", "Ways")]


def test_two_questions_may_share_an_answer() -> None:
    """The first of them is another phrasing of the second."""
    parsed = parse("# FAQ\n\n**When?**\n\n**At what time?**\n\nNow.\n\n**Where?**\n\nHere.")
    assert [draft.questions for draft in parsed.drafts] == [("At what time?", "When?"), ("Where?",)]


def test_bold_statements_are_questions_where_a_faq_has_nothing_else() -> None:
    """Many name the problem instead of asking."""
    parsed = parse("# FAQ\n\n**No sound**\n\nTurn it up.\n\n**No picture**\n\nTurn it on.")
    assert pairs(parsed) == [("No sound", "Turn it up."), ("No picture", "Turn it on.")]


def test_bold_statements_among_questions_belong_to_answers() -> None:
    """Steps and notes are no entries."""
    parsed = parse(
        """
        # FAQ

        **How do I install it?**

        **Step one**

        Unpack it.

        **Note:** slowly.

        **Why?**

        Because.
        """
    )
    assert pairs(parsed)[0] == (
        "How do I install it?",
        "**Step one**\n\nUnpack it.\n\n**Note:** slowly.",
    )


@pytest.mark.parametrize(
    "answer",
    [
        "**Is it new?** Then wait.\n\n**Is it old?** Then go.",
        "1. **Is it new?**\n\n   Wait.\n2. **Is it old?**\n\n   Go.",
        "**1. Unpack it**\n\nSlowly.\n\n**2. Turn it on**\n\nFast.",
        "Ask yourself:\n\n- Is it new?\n- Is it old?",
        "*Why not?*",
        "Q: is a letter.",
    ],
)
def test_an_answer_may_ask_back(answer: str) -> None:
    """Below a heading that asks, what looks like a question is part of the answer."""
    assert pairs(parse(f"## How do I begin?\n{answer}\n\n## Where?\nHere.")) == [
        ("How do I begin?", answer),
        ("Where?", "Here."),
    ]


def test_a_list_of_questions_that_are_answered_elsewhere_is_no_entry() -> None:
    """Such as a table of contents without links."""
    parsed = parse("# Help\n\n1. When?\n2. Where?\n\n## When?\nNow.\n\n## Where?\nHere.")
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]


def test_headings_may_divide_the_answer_to_a_bold_question() -> None:
    """They ask nothing, and bold questions go on behind them."""
    parsed = parse(
        """
        # FAQ

        **How?**

        There are ways.

        ## One way

        So.

        **Why?**

        Because.
        """
    )
    assert pairs(parsed) == [("How?", "There are ways.\n\n## One way\n\nSo."), ("Why?", "Because.")]


def test_properties_may_stand_under_any_question() -> None:
    """A comment under a bold line is like one under a heading."""
    parsed = parse(
        """
        # FAQ

        **When?**
        <!-- id: hours -->
        Now.

        **Where?** {#place}

        Here.
        """
    )
    assert [(draft.id, draft.answer) for draft in parsed.drafts] == [
        ("hours", "Now."),
        ("place", "Here."),
    ]


def test_lines_with_a_list_right_below_each_are_questions() -> None:
    """Those that ask nothing, too, if most do and the text consists of nothing else."""
    text = """
        # FAQ

        How do I open the lid?
        - Press the red button.

        The lid is stuck.
        - Wait until it has cooled down.
        - Then press again.

        May I wash it?
        1. Only by hand.
    """
    assert pairs(parse(text)) == [
        ("How do I open the lid?", "- Press the red button."),
        ("The lid is stuck.", "- Wait until it has cooled down.\n- Then press again."),
        ("May I wash it?", "1. Only by hand."),
    ]


def test_a_line_above_a_list_is_no_question_where_there_is_other_text() -> None:
    """Then it may as well introduce the list, within an answer."""
    text = """
        # FAQ

        How do I open the lid?
        - Press the red button.

        Or else:
        - Use a spoon.

        Nobody was hurt so far.

        May I wash it?
        - Only by hand.
    """
    assert pairs(parse(text)) == [
        (
            "How do I open the lid?",
            "- Press the red button.\n\nOr else:\n- Use a spoon.\n\nNobody was hurt so far.",
        ),
        ("May I wash it?", "- Only by hand."),
    ]


def test_a_question_may_go_on_in_a_second_paragraph() -> None:
    """What asks there, above the answer, is no question of its own."""
    text = "Q: The lid is stuck.\n\nWhat now?\n\nA: Wait.\n\nQ: Where?\n\nA: Here."
    assert [question for question, _ in pairs(parse(text))] == ["The lid is stuck.", "Where?"]
