"""Texts become YAML that reads back as the same, and looks as a person writes it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.faq.yaml_edit import value_of
from bot.faq.yaml_text import write_field, write_text
from bot.faq.yaml_tree import Fields, parse_yaml
from bot.text import sendable
from tests.faq_strategies import anything


@given(anything().map(sendable), st.sampled_from(("", "  ", "      ")))
@example("a\n\n  b\n", "  ")
@example(" a\nb", "")
@example("null", "")
@example("a #b", "")
@example("\ufeff\uffff\u2028", "")
def test_a_text_reads_back_as_it_was(text: str, indent: str) -> None:
    """Whatever a text holds, it comes back, but for one line break at its end."""
    lines = write_field("key", text, indent)
    tree = parse_yaml("\n".join([f"{indent}x: y", *lines, f"{indent}z: y", ""]))
    assert isinstance(tree, Fields)
    found = value_of(tree.values["key"])
    assert isinstance(found, str)
    assert text in {found, found.removesuffix("\n")}
    assert value_of(tree.values["z"]) == "y"


@given(st.lists(anything().map(sendable), min_size=1, max_size=3))
def test_a_list_reads_back_as_it_was(texts: list[str]) -> None:
    """Each item comes back, and none can end a comment of HTML."""
    lines = write_field("key", tuple(texts))
    tree = parse_yaml("\n".join(lines))
    assert isinstance(tree, Fields)
    assert value_of(tree.values["key"]) == tuple(texts)
    assert not any("-->" in line for line in lines)


@pytest.mark.parametrize(
    "text", ["When are you open?", "it's 5 o'clock", "C++", "2026-01-31", "営業時間", "a:b"]
)
def test_plain_words_stay_plain(text: str) -> None:
    """Nobody has to read quotation marks that are not needed."""
    assert write_text(text) == text


def test_an_answer_of_several_lines_stands_below_a_bar() -> None:
    """Answers keep their lines, so that they can be edited by hand."""
    assert write_field("answer", "One:\n\n- two # three", "  ") == [
        "  answer: |",
        "    One:",
        "",
        "    - two # three",
    ]
