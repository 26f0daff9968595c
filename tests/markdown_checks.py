"""How tests feed Markdown to the parser, and what holds whatever the text."""

import inspect

from bot.faq.draft import Parsed
from bot.faq.markdown_format import parse_markdown
from bot.text import sendable
from tests.faq_strategies import assert_told_well


def parse(text: str, file: str = "help.md") -> Parsed:
    """Parse a text that may be indented as a whole, and check what holds for every file."""
    text = inspect.cleandoc(text)
    parsed = parse_markdown(text, file)
    assert_told_well(parsed, text)
    assert_is_of_the_file(parsed, text)
    return parsed


def assert_is_of_the_file(parsed: Parsed, text: str) -> None:
    """Check that every line of an answer has its letters, in their order, from the file."""
    plain = sendable(text)
    for line in {line for draft in parsed.drafts for line in draft.answer.split("\n")}:
        letters = iter(plain)
        assert all(char in letters for char in line if not char.isspace())


def pairs(parsed: Parsed) -> list[tuple[str, str]]:
    """Give the entries' main questions and their answers."""
    return [(draft.questions[0], draft.answer) for draft in parsed.drafts]


def topics(parsed: Parsed) -> list[tuple[str, str | None]]:
    """Give the entries' main questions and their topics."""
    return [(draft.questions[0], draft.topic) for draft in parsed.drafts]
