"""Entries written as Markdown look as a person writes them."""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

from dataclasses import replace

import pytest
from hypothesis import given

from bot.faq.draft import Draft
from bot.faq.markdown_format import parse_markdown
from bot.faq.markdown_writer import heading_text, write_markdown
from bot.model import Details
from bot.text import one_line
from tests.faq_strategies import phrases

HOURS = Draft(0, "hours", ("When are you open?", "opening hours"), "9 to 17.", "Shop", "en")
PAYING = Draft(0, None, ("How can I pay?",), "By card.", "Money", None)


def test_topics_are_headings_and_properties_are_comments() -> None:
    """Who opens the file sees questions and answers, and finds the rest below the question."""
    details = Details(keywords=("open: late",), threshold=0.5)
    assert write_markdown([replace(HOURS, details=details), PAYING]) == (
        "# Shop\n\n## When are you open?\n<!--\nid: hours\nalso:\n  - opening hours\nlanguage: en\n"
        'keywords:\n  - "open: late"\nthreshold: 0.5\n-->\n9 to 17.\n\n'
        "# Money\n\n## How can I pay?\n\nBy card.\n"
    )


def test_an_entry_without_a_topic_gets_none() -> None:
    """No topic stands above all if one entry has none."""
    text = write_markdown(
        [replace(HOURS, questions=HOURS.questions[:1]), replace(PAYING, topic=None)]
    )
    assert text.startswith("## When are you open?\n<!--\nid: hours\ntopic: Shop\n")
    assert [it.topic for it in parse_markdown(text, "").drafts] == ["Shop", None]


def test_questions_stand_above_the_headings_in_answers() -> None:
    """Where an answer has headings of the second level, questions have the first."""
    text = write_markdown([replace(HOURS, answer="See:\n\n## Sundays\n\nClosed."), PAYING])
    assert [it.questions[0] for it in parse_markdown(text, "").drafts] == [
        "When are you open?",
        "How can I pay?",
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("What's C++ / C#?", "What's C++ / C#?"),
        ("Is 2 * 3 = 6?", "Is 2 * 3 = 6?"),
        ("What is __init__?", "What is \\_\\_init\\_\\_?"),
        ("What is [x]?", "What is \\[x\\]?"),
        ("How do I use <T>?", "How do I use \\<T\\>?"),
    ],
)
def test_only_signs_that_mean_something_get_backslashes(text: str, written: str) -> None:
    """A heading is as easy to read as it can be."""
    assert heading_text(text) == written


@given(phrases().map(one_line))
def test_a_heading_shows_every_text_as_it_is(text: str) -> None:
    """Whatever signs a question has, readers see these and no others."""
    parsed = parse_markdown(f"## {heading_text(text)}\n\nYes.\n", "")
    assert [it.questions for it in parsed.drafts] == [(text,)]


@pytest.mark.parametrize(
    "text", ["問：何時開門？", "一、何時開門", "（1）何時開門", "→ When?", "01/ When?"]
)
def test_a_number_or_mark_that_is_meant_stays(text: str) -> None:
    """Not all that counts a question has a sign that a backslash could stand before."""
    parsed = parse_markdown(f"## {heading_text(text)}\n\nYes.\n", "")
    assert [it.questions for it in parsed.drafts] == [(text,)]


def test_a_title_that_says_faq_is_a_topic_beside_others() -> None:
    """As a heading it would be the title of the file, and nobody's topic."""
    drafts = [
        Draft(1, None, ("How?",), "So.", "Paying", None),
        Draft(2, None, ("What else?",), "Nothing.", "Frequently asked questions", None),
    ]
    read = parse_markdown(write_markdown(drafts), "").drafts
    assert [(it.questions[0], it.topic) for it in read] == [
        ("How?", "Paying"),
        ("What else?", "Frequently asked questions"),
    ]
