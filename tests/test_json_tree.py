"""JSON as a tree: texts, lines, and what is told of slips."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.json_tree import MAX_VALUES, JsonError, parse_json
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree
from tests.faq_strategies import anything


def parse(text: str) -> tuple[list[Tree], list[tuple[int, str]]]:
    """Parse a text; give its values, and what is told of keys that stand twice."""
    told: list[tuple[int, str]] = []
    return list(parse_json(text, lambda line, what, _: told.append((line, what)))), told


def plain(tree: Tree) -> object:
    """Give a tree as Python's own lists, dicts and texts."""
    if isinstance(tree, Items):
        return [plain(value) for value in tree.values]
    if isinstance(tree, Fields):
        return {key: plain(value) for key, value in tree.values.items()}
    return tree.text


def as_texts(value: object) -> object:
    """Give what JSON's own reader found with every scalar as the text that it stood as."""
    if isinstance(value, list):
        return [as_texts(item) for item in value]
    if isinstance(value, dict):
        return {key: as_texts(item) for key, item in value.items()}
    return {None: "", True: "true", False: "false"}.get(value, value)  # type: ignore[call-overload]


def test_everything_knows_its_line() -> None:
    """Values where they begin, keys where they stand."""
    ((tree,), _) = parse('\n{"a":\n  [1,\n  "x\\ny"],\n "b": {}}\n')
    assert tree == Fields(
        2,
        {"a": Items(3, (Scalar(3, "1"), Scalar(4, "x\ny"))), "b": Fields(5, {}, {})},
        {"a": 2, "b": 5},
    )


def test_what_is_no_text_is_one_as_it_was_written() -> None:
    """A version 1.10 stays 1.10, and null is nothing."""
    assert plain(parse('[1.10, true, false, null, -1e5, ""]')[0][0]) == [
        *("1.10", "true", "false", "", "-1e5", "")
    ]


def test_a_key_that_stands_twice_is_told_and_the_first_counts() -> None:
    """Other readers keep the last without a word."""
    ((tree,), told) = parse('{"a": 1,\n"b": 2,\n"a": 3}')
    assert plain(tree) == {"a": "1", "b": "2"}
    assert told == [(3, '"a" stands twice in the same place (first on line 1).')]


def test_values_may_follow_each_other() -> None:
    """Some name a file .json that has one object a line."""
    assert [plain(it) for it in parse('{"a": 1}\n{"a": 2}\n')[0]] == [{"a": "1"}, {"a": "2"}]


def test_a_comma_too_many_does_no_harm() -> None:
    """Whoever deletes the last entry often leaves one behind."""
    assert plain(parse('[{"a": 1,}, ]')[0][0]) == [{"a": "1"}]


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ('{"a": 1\n "b": 2}', 2, 2, "This is not valid JSON: here a comma or } must be."),
        ("[1\n\n2]", 3, 1, "This is not valid JSON: here a comma or ] must be."),
        ('{\n"a" 1}', 2, 5, 'This is not valid JSON: behind "a" a colon must be.'),
        ("{a: 1}", 1, 2, "This is not valid JSON: here a name in quotation marks must be."),
        ("[\n  tru]", 2, 3, "This is not valid JSON."),
        ('["a', 1, 2, "This is not valid JSON: Unterminated string starting at."),
        ('["\\x"]', 1, 3, "This is not valid JSON: Invalid \\escape."),
        ("[" * 30, 1, 21, "This is nested too deeply."),
        ("[", 1, 2, "This is not valid JSON."),
        ("// a note\n[]", 1, 1, "This is not valid JSON."),
    ],
)
def test_a_slip_is_told_where_it_is(text: str, line: int, column: int, what: str) -> None:
    """The line and the column are those where an editor shows them."""
    with pytest.raises(JsonError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column, caught.value.what) == (line, column, what)
    assert caught.value.mend.endswith(".")


def test_more_values_than_a_faq_has_are_refused() -> None:
    """Ten megabytes of nothing do not fill the memory."""
    with pytest.raises(JsonError) as caught:
        parse(f"[{'0,' * MAX_VALUES}0]")
    assert "300,000 values" in caught.value.what


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=20,
    ),
    st.sampled_from([None, 1, "\t"]),
)
def test_it_reads_what_json_writes(value: object, indent: int | str | None) -> None:
    """Escapes, tabs and all."""
    ((tree,), told) = parse(json.dumps(value, indent=indent))
    assert plain(tree) == as_texts(value)
    assert not told


@given(anything())
def test_no_text_is_too_strange(text: str) -> None:
    """Either it is JSON, or there is a line to look at."""
    lines: list[int] = []
    try:
        parse(text)
    except JsonError as error:
        lines.append(error.line)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)
