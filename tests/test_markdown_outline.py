"""Which headings are entries, which group them, and at which levels."""
# ruff: noqa: RUF001 - in other scripts letters look like Latin ones

import pytest

from tests.markdown_checks import pairs, parse, topics


def test_groups_may_have_their_questions_at_different_levels() -> None:
    """Each group is understood by itself."""
    parsed = parse(
        """
        # Help

        ## When?
        Now.

        ## Delivery
        All about delivery.

        ### How long?
        Long.

        ### How much?
        Much.

        ## Returns

        #### Where to?
        Here.

        ## Trouble

        ### It rattles
        Oil it.

        ### It smokes
        Run.
        """
    )
    assert topics(parsed) == [
        ("When?", "Help"),
        ("How long?", "Delivery"),
        ("How much?", "Delivery"),
        ("Where to?", "Returns"),
        ("It rattles", "Trouble"),
        ("It smokes", "Trouble"),
    ]


def test_questions_win_over_groups_with_introductions() -> None:
    """The level whose headings ask is that of the questions."""
    parsed = parse("## A\nAll of A.\n### Why?\nSo.\n### How?\nSo.\n## B\nAll of B.\n### Who?\nUs.")
    assert topics(parsed) == [("Why?", "A"), ("How?", "A"), ("Who?", "B")]
    assert [problem.source.line for problem in parsed.problems] == [1, 7]


def test_a_question_with_headings_in_its_answer_is_one_entry_at_any_level() -> None:
    """Headings that ask nothing belong to the answer of the one above that asks."""
    parsed = parse(
        """
        # Help

        ## How do I install it?
        So:

        ### On Linux
        make

        ## Shop

        ### When?
        Now.

        ### Where?
        Here.
        """
    )
    assert pairs(parsed)[0] == ("How do I install it?", "So:\n\n### On Linux\nmake")
    assert [question for question, _ in pairs(parsed)[1:]] == ["When?", "Where?"]


def test_groups_of_statements_are_groups_if_most_have_no_text_of_their_own() -> None:
    """Where nothing asks, the level with the many texts is that of the entries."""
    parsed = parse(
        """
        # Trouble

        ## Sound
        ### No sound
        Turn it up.
        ### Noise
        Turn it down.

        ## Picture
        Mind the plug.
        ### No picture
        Turn it on.
        ### Flicker
        Turn it off.

        ## Smell
        ### Smoke
        Run.

        ## All else
        Ask.
        """
    )
    assert [question for question, _ in pairs(parsed)] == [
        *("No sound", "Noise", "No picture", "Flicker", "Smoke", "All else"),
    ]
    assert [problem.source.line for problem in parsed.problems] == [9]


def test_headings_may_be_all_of_an_answer() -> None:
    """Steps that are headings, with nothing below them."""
    parsed = parse("# FAQ\n## Guide\n### Step 1: go\n### Step 2: stop\n## » Where?\nHere.")
    assert pairs(parsed) == [
        ("Guide", "### Step 1: go\n\n### Step 2: stop"),
        ("Where?", "Here."),
    ]


def test_a_title_that_asks_may_be_the_only_question() -> None:
    """A file of one question has headings in its answer."""
    parsed = parse("# How do I pay?\nIn two ways.\n\n## By card\nHere.\n\n## In cash\nThere.")
    assert [question for question, _ in pairs(parsed)] == ["How do I pay?"]


@pytest.mark.parametrize("heading", ["A: Now.", "Answer: Now."])
def test_an_answer_may_be_a_heading(heading: str) -> None:
    """Some write both as headings."""
    parsed = parse(f"## Q: When?\n## {heading}\nReally.\n\n## Q: Where?\nHere.")
    assert [question for question, _ in pairs(parsed)] == ["When?", "Where?"]
    assert "Really." in parsed.drafts[0].answer


@pytest.mark.parametrize(
    ("first", "second"),
    [("1.1 When?", "1.2 Where?"), ("1. When?", "2) Where?"), ("Q1: When?", "Q2: Where?")],
)
def test_numbers_are_no_part_of_questions_and_topics(first: str, second: str) -> None:
    """Numbers count the headings of the page."""
    parsed = parse(f"## 1. Hours\n### {first}\nNow.\n### {second}\nHere.")
    assert topics(parsed) == [("When?", "Hours"), ("Where?", "Hours")]


def test_a_number_that_says_something_stays() -> None:
    """One heading that begins with a number is not counted, and an escaped one is meant so."""
    parsed = parse("## 3.11 or newer?\nNewer.\n## Where?\nHere.\n## 1\\. Mai: open?\nNo.")
    assert [question for question, _ in pairs(parsed)] == [
        "3.11 or newer?",
        "Where?",
        "1. Mai: open?",
    ]


@pytest.mark.parametrize(
    "contents",
    [
        "## Contents\n- [When?](help.md#when)\n- [Where?](https://example.org/help#where)\n",
        "## Table of contents\n**[Hours](#hours)**\n\n-   [When\n    is it?](#when)\n",
        "## Questions\n1. When?\n2. Where?\n",
        "## Index\n[When?](#when) | [Where?](#where)\n",
        (
            "**Table of Contents**  *generated with [DocToc](https://example.org)*\n\n"
            "- [When?](#when)\n- [Where?](#where)\n"
        ),
        "[[toc]]\n",
        "- [Hours](#hours)\n  1. [When?](#when)\n     - [Where?](#where)\n",
    ],
)
def test_no_table_of_contents_is_an_entry(contents: str) -> None:
    """With links to headings, here or by full address, or only with their words."""
    parsed = parse(f"# Help\n\n{contents}\n## When?\nNow.\n\n## Where?\nHere.\n")
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]


def test_what_follows_the_last_rule_are_closing_words() -> None:
    """Where rules part all entries, the page's farewell belongs to none; that is told."""
    parsed = parse("# FAQ\n## When?\nNow.\n\n---\n\n## Where?\nHere.\n\n---\n\nMore? Ask us.")
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]
    assert [problem.source.line for problem in parsed.problems] == [10]


def test_a_rule_in_the_last_answer_is_no_end_where_entries_need_none() -> None:
    """Only where all others end with one."""
    parsed = parse("# FAQ\n## When?\nNow.\n\n## Where?\nHere.\n\n---\n\nOr there.")
    assert pairs(parsed)[1] == ("Where?", "Here.\n\n---\n\nOr there.")


def test_right_to_left_text_is_read_like_any() -> None:
    """Direction marks and other digits do not matter."""
    parsed = parse("# \u200fأسئلة شائعة\n## \u200fكم السعر؟\nخمسة.\n## أين أنتم؟\nهنا.")
    assert [answer for _, answer in pairs(parsed)] == ["خمسة.", "هنا."]
