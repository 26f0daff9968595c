"""YAML as a tree: texts stay texts, lines are known, slips are told.

Most tests feed their own docstring to the parser; there the test's name says what it does.
"""

import contextlib
import inspect

import pytest
from hypothesis import given

from bot.faq.yaml_tree import Fields, Items, Scalar, Tree, YamlError, parse_yaml
from tests.faq_strategies import anything


@pytest.fixture(name="tree")
def _tree(request: pytest.FixtureRequest) -> Tree | None:
    """Feed the test's own docstring to the parser."""
    return parse_yaml(inspect.getdoc(request.function) or "")


def slip(text: str, first_line: int = 1) -> YamlError:
    """Parse what cannot be parsed, and give what is told of it."""
    with pytest.raises(YamlError) as caught:
        parse_yaml(text, first_line)
    assert caught.value.what.endswith(".")
    assert caught.value.mend.endswith(".")
    return caught.value


def plain(tree: Tree | None) -> object:
    """Give a tree as Python's own lists, dicts and texts."""
    match tree:
        case Items():
            return [plain(value) for value in tree.values]
        case Fields():
            return {key: plain(value) for key, value in tree.values.items()}
        case Scalar():
            return tree.text
        case _:
            return None


def test_a_text_stays_as_it_is_written(tree: Tree | None) -> None:
    """- no
    - 1.10
    - 2026-01-31
    - 0x1F
    - 007
    - "null"
    - 12:30
    - yes
    """
    assert plain(tree) == ["no", "1.10", "2026-01-31", "0x1F", "007", "null", "12:30", "yes"]


def test_nothing_is_the_empty_text(tree: Tree | None) -> None:
    """- null
    - ~
    -
    - ""
    """
    assert plain(tree) == [""] * 4


def test_every_value_and_key_knows_its_line(tree: Tree | None) -> None:
    """# a note

    question: When?
    also:
      - at what time

      - hours
    answer: |
      Daily.

      Not on holidays.
    topic: Hours
    """
    assert isinstance(tree, Fields)
    assert tree.line == 3
    assert dict(tree.lines) == {"question": 3, "also": 4, "answer": 8, "topic": 12}
    also = tree.values["also"]
    assert isinstance(also, Items)
    assert [it.line for it in also.values] == [5, 7]


def test_lines_count_from_where_the_document_begins() -> None:
    """In a comment or front matter, a line is that of the whole file."""
    tree = parse_yaml("\nid: x\n", first_line=10)
    assert isinstance(tree, Fields)
    assert tree.lines["id"] == 11
    assert slip("id: [x\n", first_line=10).line in {10, 11}


def test_texts_over_several_lines_are_whole(tree: Tree | None) -> None:
    """- |
      one

      two
    - >
      one
      two
    - one
      two
    - "one\\ntwo"
    """  # noqa: D301 - YAML's own backslash, which Python wants twice
    assert plain(tree) == ["one\n\ntwo\n", "one two\n", "one two", "one\ntwo"]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a note\n", "---\n...\n"])
def test_an_empty_document_is_no_tree_or_an_empty_text(text: str) -> None:
    """A file in which nothing stands holds nothing."""
    assert plain(parse_yaml(text)) in (None, "")


@pytest.mark.parametrize(
    ("text", "line", "mend"),
    [
        ("a: b\nc: Note: closed\n", 2, "quotation marks"),
        ("- a: b\n\tc: d\n", 2, "spaces"),
        ("a: b\n c: d\n", 2, "indentation"),
        ("a: b\nc d\ne: f\n", 3, "colon"),
        ("- a\nb: c\n", 2, "indentation"),
        ("a: `make`\n", 1, "quotation mark"),
        ("a: @maria\n", 1, "quotation mark"),
        ("a: %5\n", 1, "quotation mark"),
        ("a: b\na: c\n", 2, "Keep one of the two"),
        ("a: b\n---\na: c\n", 2, "one document"),
        ("a: &x b\nc: *x\n", 2, "quotation marks"),
        ("a: *bold* text\n", 1, "quotation mark"),
        ("[" * 30, 1, "brackets"),
    ],
)
def test_a_slip_is_told_with_its_line_and_how_to_mend_it(text: str, line: int, mend: str) -> None:
    """Whoever is no programmer learns where to look and what to write instead."""
    error = slip(text)
    assert error.line == line
    assert mend in error.mend


@pytest.mark.parametrize("text", ['a: b\nc: "d\ne: f\n', "a: b\nc: 'd\ne: f\n", "a: b\nc: [d\ne\n"])
def test_what_is_never_closed_is_told_where_it_opens(text: str) -> None:
    """A missing quotation mark or bracket is told at its line, not at the end of the file."""
    assert slip(text).line == 2


@pytest.mark.parametrize("char", ["\x07", "\x00", "\x1b", "\ufffe"])
def test_an_invisible_character_is_told_with_its_line(char: str) -> None:
    """A character that no editor shows is found on the line that is named."""
    error = slip(f"a: b\nc: d\ne: f{char}g\n")
    assert error.line == 3
    assert "cannot be seen" in error.mend


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\x85"])
def test_lines_are_those_that_an_editor_counts(char: str) -> None:
    """A rare line separator within a text, pasted from a website, does not shift the lines."""
    assert slip(f'a: "b{char}c"\na: d\n').line == 2


def test_an_alias_cannot_blow_up() -> None:
    """A few lines that would stand for billions of texts are refused."""
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert slip(bomb).line == 2


@given(anything())
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever is written, there is a tree or something to tell."""
    with contextlib.suppress(YamlError):
        plain(parse_yaml(text))


def test_a_line_of_dashes_below_all_is_no_document() -> None:
    """Site generators end their data files as they end front matter."""
    assert plain(parse_yaml("---\n- a\n---\n")) == ["a"]
    assert plain(parse_yaml("---\n- a\n---")) == ["a"]
    assert slip("- a\n---\n- b\n").line == 2


def test_keys_that_stand_twice_can_be_told_one_by_one() -> None:
    """Whoever reads entries wants to lose one of them, not the file."""
    told: list[tuple[int, str]] = []
    tree = parse_yaml("a: 1\nb:\n  c: 2\n  c: [3]\na: 4\n", 1, lambda *it: told.append(it[:2]))
    assert plain(tree) == {"a": "1", "b": {"c": "2"}}
    assert told == [
        (4, '"c" stands twice in the same place (first on line 3).'),
        (5, '"a" stands twice in the same place (first on line 1).'),
    ]
