"""The FAQ about faqbot itself, in faq/: an example to copy from, so it must be a good one."""

from collections import Counter
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from bot.faq.faq_file import FORMATS
from bot.faq.folder import read_faq
from bot.model import Faq
from bot.text import normalise

FOLDER = Path(__file__).parents[1] / "faq"


@pytest.fixture(name="faq", scope="module")
def _faq() -> Faq:
    """Read the shipped FAQ once."""
    return read_faq(FOLDER)


def test_there_are_no_problems(faq: Faq) -> None:
    """Whoever installs faqbot sees no complaint about files they did not write."""
    assert not faq.problems
    assert not faq.broken_files
    assert faq.files


def test_there_is_enough_to_try(faq: Faq) -> None:
    """There are at least 45 entries, with three phrasings or more each, under several topics."""
    assert len(faq.entries) >= 45
    assert not [entry.id for entry in faq.entries if len(entry.questions) < 3]
    assert len({entry.topic for entry in faq.entries}) >= 4
    assert all(entry.topic for entry in faq.entries)


def test_every_id_is_written(faq: Faq) -> None:
    """No entry loses its identity when its heading is edited."""
    without_id = [
        (name, draft.line)
        for name in faq.files
        for draft in FORMATS[Path(name).suffix](
            (FOLDER / name).read_text(encoding="utf-8"), name
        ).drafts
        if draft.id is None
    ]
    assert not without_id


def test_no_phrasing_stands_twice(faq: Faq) -> None:
    """No two entries claim the same words."""
    count = Counter(normalise(text) for entry in faq.entries for text in entry.questions)
    assert [text for text, times in count.items() if times > 1] == []


@pytest.mark.parametrize("what", ["link_open", "bullet_list_open", "fence", "code_inline"])
def test_answers_show_what_markdown_can_do(faq: Faq, what: str) -> None:
    """Links, lists and code are in some answer, as examples."""
    parser = MarkdownIt("commonmark")
    types = {
        child.type
        for entry in faq.entries
        for token in parser.parse(entry.answer)
        for child in (token, *(token.children or ()))
    }
    assert what in types


def test_answers_hold_no_comments(faq: Faq) -> None:
    """Nothing meant for editors alone is shown to those who ask."""
    for entry in faq.entries:
        blocks = MarkdownIt("commonmark").parse(entry.answer)
        assert not [token.content for token in blocks if token.type == "html_block"]
