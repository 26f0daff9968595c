"""Test questions in every form: what is read, and what is told of a slip."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.question_formats import (
    QuestionSlip,
    parse_json,
    parse_json_lines,
    parse_table,
    parse_yaml_questions,
)
from bot.model import Query
from bot.text import clean, one_line
from tests.faq_strategies import anything, phrases

_Parse = Callable[[str], Iterator[Query]]
_ALL: list[_Parse] = [parse_json_lines, parse_json, parse_yaml_questions, parse_table]
_WHEN = Query("when", "hours")
_OBJECT = '{"text": "when", "expected": "hours"}'


def slip(parse: _Parse, text: str) -> QuestionSlip:
    """Parse what cannot be parsed, and give what is told of it."""
    with pytest.raises(QuestionSlip) as caught:
        list(parse(text))
    assert caught.value.what.endswith(".")
    assert caught.value.mend.endswith(".")
    return caught.value


def test_a_json_line_is_a_question_with_the_right_reaction() -> None:
    """An id is expected, or null for no answer; other ids may do; further keys are ignored."""
    text = (
        '{"text": "when do you open", "expected": "hours"}\n'
        "\n"
        '{"text": "sing a song", "expected": null, "oos_kind": "ood"}\n'
        '{"text": "hours?", "expected": "hours", "also_ok": ["holidays", "sundays"]}\n'
        '{"text": "where", "expected": "place", "also_ok": null}'
    )
    assert list(parse_json_lines(text)) == [
        Query("when do you open", "hours"),
        Query("sing a song", None),
        Query("hours?", "hours", frozenset({"holidays", "sundays"})),
        Query("where", "place"),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        "when do you open",
        '{"text": "when"',
        '{"text": "when"}',
        '{"expected": "hours"}',
        '{"text": null, "expected": "hours"}',
        '{"text": "when", "expected": 7}',
        '{"text": "when", "expected": "hours", "also_ok": "holidays"}',
        '{"text": "when", "expected": "hours", "also_ok": [7]}',
        '["when", "hours"]',
        "null",
        "1" * 5000,
        "[" * 100_000,
    ],
)
def test_json_of_another_form_is_told_with_its_line_and_the_right_form(bad: str) -> None:
    """Whoever writes test questions learns which line is wrong and how it should read."""
    in_lines = slip(parse_json_lines, f"{_OBJECT}\n\n{bad}\n")
    in_list = slip(parse_json, f"[{_OBJECT},\n\n{bad}\n]")
    for told in (in_lines, in_list):
        assert told.line == 3
        assert told.what.startswith("This is not ")
        assert '{"text": "when do you open", "expected": "opening-hours"}' in told.mend


@pytest.mark.parametrize(
    "text",
    [
        f"[{_OBJECT}, {_OBJECT}]",
        f"\n [\n\t{_OBJECT}\n,{_OBJECT}\n]\n",
        f"{_OBJECT}\n{_OBJECT}\n",
    ],
)
def test_a_json_list_on_any_lines(text: str) -> None:
    """A .json file holds a list, on one line or many, or else one object a line."""
    assert list(parse_json(text)) == [_WHEN, _WHEN]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"[{_OBJECT}\n{_OBJECT}]", 2),
        (f"[\n{_OBJECT},\n{_OBJECT}", 3),
        (f"[{_OBJECT}]\n]", 1),
        (f"[{_OBJECT}] x", 1),
        ("[] []", 1),
        ("[", 1),
        (f"[\n{_OBJECT},\n]", 3),
    ],
)
def test_a_json_list_with_wrong_signs_is_told(text: str, line: int) -> None:
    """A missing or superfluous comma or bracket is told with its line."""
    assert slip(parse_json, text).line == line


def test_yaml_is_a_list_of_questions() -> None:
    """Texts stay texts, nothing and null are no answer, and one id needs no list."""
    text = """
- text: whats 17 x 23
  expected: null
- text: "where: here?"
  expected: place
  also_ok: [hours, 7]
- {text: 007, expected: no, also_ok: hours, note: [further, keys, {are: ignored}]}
- text: sing
  expected:
  also_ok:
"""
    assert list(parse_yaml_questions(text)) == [
        Query("whats 17 x 23", None),
        Query("where: here?", "place", frozenset({"hours", "7"})),
        Query("007", "no", frozenset({"hours"})),
        Query("sing", None),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        "- when do you open",
        "- [when, hours]",
        "- text: when",
        "- expected: hours",
        "- {text: null, expected: hours}",
        "- {text: [when], expected: hours}",
        "- {text: when, expected: [hours]}",
        "- {text: when, expected: hours, also_ok: {a: b}}",
        "- {text: when, expected: hours, also_ok: [[a]]}",
    ],
)
def test_yaml_of_another_form_is_told_with_its_line_and_the_right_form(bad: str) -> None:
    """Whoever writes test questions learns which line is wrong and how it should read."""
    told = slip(parse_yaml_questions, f"- text: when\n  expected: hours\n{bad}\n")
    assert (told.line, told.what) == (3, "This is not a test question.")
    assert "`- text: when do you open`" in told.mend


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("text: when\nexpected: hours", 1, "This file holds no list of questions."),
        ("# questions\nwhen", 2, "This file holds no list of questions."),
        ("- text: a: b\n  expected: c", 1, "This is not valid YAML: mapping values"),
        ("- text: *a\n  expected: c", 1, "YAML aliases"),
        ("- " * 50, 1, "This is nested too deeply."),
    ],
)
def test_what_is_no_yaml_is_told(text: str, line: int, what: str) -> None:
    """What the YAML reader tells comes through."""
    told = slip(parse_yaml_questions, text)
    assert told.line == line
    assert told.what.startswith(what)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_as_spreadsheets_write_it(delimiter: str) -> None:
    """Any delimiter and any case of the header do; empty is no answer, and so is null."""
    rows = [
        ["Note", "TEXT", "Expected", "Also OK"],
        ["", 'the "best", or; the\tworst', "opinion", ""],
        ["", "two\nlines", "hours", "a;b"],
        ["", "", "", ""],
        ["from the chat", "sing a song", "", ""],
        ["", "rhyme", "null", ""],
        ["", "where", "place", " a  b "],
        ["", "whither", "place", "two words | b"],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    text = f"{out.getvalue()}\n,when,hours\n".replace(",when,", delimiter.join(["", "when", ""]))
    expected = [
        Query('the "best", or; the\tworst', "opinion"),
        Query("two\nlines", "hours", frozenset("ab")),
        Query("sing a song", None),
        Query("rhyme", None),
        Query("where", "place", frozenset("ab")),
        Query("whither", "place", frozenset({"two words", "b"})),
        Query("when", "hours"),
    ]
    assert list(parse_table(text)) == expected
    assert list(parse_table(f"sep={delimiter}\n{text}")) == expected


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("text\nwhen", 1, 'The first row names no column "expected".'),
        ("when,hours\nwhere,place", 1, 'The first row names no column "text".'),
        ("text,expected\nwhen,hours\n,place", 3, "This row has no question."),
        ('text,expected\n"two\nlines",a\n\n,place', 5, "This row has no question."),
        ('text,expected\nwhen,hours\n"where,place\na,b', 3, "The table cannot be read"),
        ('text,expected\n"the "best"",place', 2, "The table cannot be read"),
        ("text,expected\n" + "a" * 200_000, 2, "The table cannot be read"),
        ("sep=;\ntext;expected\n;place", 3, "This row has no question."),
    ],
)
def test_slips_in_a_table_are_told(text: str, line: int, what: str) -> None:
    """A missing column, a row without a question and a lost quotation mark have their line."""
    told = slip(parse_table, text)
    assert told.line == line
    assert told.what.startswith(what)


@pytest.mark.parametrize("parse", _ALL)
def test_nothing_is_no_question(parse: _Parse) -> None:
    """An empty text holds no questions, and is no slip."""
    assert list(parse("")) == list(parse("\n \n")) == []
    assert list(parse_json("[ ]")) == list(parse_table("text,expected\n")) == []


_rows = st.lists(st.sampled_from(["a", '"', '""', ",", ";", "\t", "\n", "null"]) | st.text()).map(
    "".join
)
_tables = st.sampled_from(["text,expected\n", "sep=;\nalso_ok;expected;text\n"]).flatmap(
    lambda head: _rows.map(lambda rows: head + rows)
)
_anything = anything() | _tables


@pytest.mark.parametrize("parse", _ALL)
@given(text=_anything)
def test_no_text_breaks_a_reader(parse: _Parse, text: str) -> None:
    """Whatever a file holds, it gives questions or one slip with its line."""
    text = text.replace("\r", "\n")  # as reading a file does
    try:
        queries = list(parse(text))
    except QuestionSlip as told:
        # What is never closed may be missed behind the last line.
        assert 1 <= told.line <= text.count("\n") + 2  # noqa: PT017 - either is fine
    else:
        for query in queries:
            assert query.text == clean(query.text)
            assert query.expected != ""


_ids = phrases().map(one_line).filter(lambda it: not set(it) & set(";|,") and it.lower() != "null")
_queries = st.lists(
    st.builds(Query, phrases().map(clean), st.none() | _ids, st.frozensets(_ids, max_size=3))
)


@given(_queries, st.sampled_from(",;\t"))
def test_what_is_written_comes_back(queries: Sequence[Query], delimiter: str) -> None:
    """The same questions, written in any form by the usual libraries, are read as the same."""
    rows = [
        {"text": it.text, "expected": it.expected, "also_ok": sorted(it.also_ok)} for it in queries
    ]
    table = io.StringIO()
    writer = csv.writer(table, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["text", "expected", "also_ok"])
    writer.writerows((it.text, it.expected, ";".join([*it.also_ok, ""])) for it in queries)

    written: list[tuple[_Parse, str]] = [
        (parse_json_lines, "\n".join(map(json.dumps, rows))),
        (parse_json, json.dumps(rows, indent=2)),
        (parse_yaml_questions, yaml.safe_dump(rows)),
        (parse_table, table.getvalue()),
    ]
    for parse, text in written:
        assert list(parse(text)) == list(queries)
