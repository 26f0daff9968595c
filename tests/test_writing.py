"""Entries become text, and the text the same entries."""

from hypothesis import given, settings

from bot.faq.faq_file import FORMATS
from bot.faq.ids import assign_ids
from bot.faq.writing import UnwritableError, write_entries
from bot.model import Entry
from tests.entry_strategies import placeless_entries, whole_entries

_FORMS = {"markdown": ".md", "yaml": ".yaml", "jsonl": ".jsonl"}


def read(text: str, form: str) -> list[Entry]:
    """Read entries through the reader of a format."""
    parsed = FORMATS[_FORMS[form]](text, "faq")
    entries, problems = assign_ids([("faq", parsed.drafts)])
    assert not [it for it in (*parsed.problems, *problems) if it.severity == "error"]
    return placeless_entries(entries)


@settings(deadline=None, max_examples=50)
@given(whole_entries())
def test_yaml_holds_whatever_an_entry_says(entries: list[Entry]) -> None:
    """Every text, every property and every language comes back from YAML to the letter."""
    assert read(write_entries(entries, "yaml"), "yaml") == entries


@settings(deadline=None, max_examples=50)
@given(whole_entries())
def test_json_lines_hold_whatever_an_entry_says(entries: list[Entry]) -> None:
    """Every text, every property and every language comes back from JSON Lines to the letter."""
    assert read(write_entries(entries, "jsonl"), "jsonl") == entries


@settings(deadline=None, max_examples=50)
@given(whole_entries(min_size=2))
def test_markdown_holds_an_entry_or_says_that_it_cannot(entries: list[Entry]) -> None:
    """What is written comes back to the letter; where it would not, an error names the entry."""
    text = told = ""
    try:
        text = write_entries(entries, "markdown")
    except UnwritableError as error:
        told = str(error)
    if told:
        assert any(f'"{it.id}"' in told for it in entries)
    else:
        assert read(text, "markdown") == entries
