"""Properties of an entry: known keys, right shapes, and what is told of the rest."""

from datetime import date

import pytest

from bot.faq.draft import Parsed
from bot.faq.properties import (
    COMMENT_KEYS,
    Properties,
    check_keys,
    parse_date,
    read_properties,
)
from bot.faq.yaml_tree import Fields, parse_yaml
from bot.model import Details
from tests.faq_strategies import told


def read(text: str) -> tuple[Properties, Parsed]:
    """Read properties, with their keys checked, as under a Markdown heading."""
    parsed = Parsed("faq.md")
    tree = parse_yaml(text)
    assert isinstance(tree, Fields)
    check_keys(tree, COMMENT_KEYS, parsed)
    return read_properties(tree, parsed), parsed


def test_all_properties_are_texts() -> None:
    """What is written is what counts, even where YAML would see a number or a truth value."""
    properties, parsed = read("id: 007\nalso: [1.10, no]\ntopic: on\nlanguage: no\n")
    assert properties == Properties("007", ("1.10", "no"), "on", "no")
    assert not parsed.problems


def test_what_is_left_empty_is_not_set() -> None:
    """A key that somebody means to fill in later changes nothing."""
    properties, parsed = read('id:\nalso:\n  - ""\n  -\n  - "  "\ntopic: ""\nlanguage: null\n')
    assert properties == Properties()
    assert not parsed.problems


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("id: [a]\n", 1, '"id" must be a text.'),
        ("topic:\n  a: b\n", 2, '"topic" must be a text.'),
        ("language:\n  - de\n", 2, '"language" must be a text.'),
        ("also:\n  a: b\n", 2, '"also" must be a list.'),
        (
            "also:\n  - a\n  - b: c\n",
            3,
            "This item of the list is not a plain text, so it was left out.",
        ),
    ],
)
def test_a_wrong_shape_is_told_where_it_is(text: str, line: int, what: str) -> None:
    """A list where a text belongs, or the other way round, is told and left out."""
    _, parsed = read(text)
    assert told(parsed.problems) == [(line, "error", what)]


def test_all_that_an_entry_may_say_of_itself() -> None:
    """Lists may be written in a line; numbers and days are read as such."""
    properties, parsed = read(
        "keywords: refund, money back\nrelated: [a, b]\naudience: '-100123, @staff'\n"
        "threshold: 0.6\nvalid_from: 2026-01-31\nvalid_until: 2026-12-31\n"
        "attachments: plan.pdf\naliases:\n  - old id\n"
    )
    assert not parsed.problems
    assert properties.details == Details(
        aliases=("old id",),
        keywords=("refund", "money back"),
        related=("a", "b"),
        audience=("-100123", "@staff"),
        threshold=0.6,
        valid_from=date(2026, 1, 31),
        valid_until=date(2026, 12, 31),
        attachments=("plan.pdf",),
    )


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        (
            "threshold: high",
            '"high" is no threshold.',
            "Write a number from 0 (always answer) to 1, such as `0.6`.",
        ),
        (
            "threshold: 60",
            '"60" is no threshold.',
            "Write a number from 0 (always answer) to 1, such as `0.6`.",
        ),
        (
            "valid_until: Christmas",
            '"Christmas" is no day.',
            "Write year, month and day, such as `2026-12-31`.",
        ),
        (
            "audience: staff",
            '"staff" names no chat, so nobody is shown what is only for it.',
            "Write the chat's number, such as `-1001234567890`, or its @name.",
        ),
    ],
)
def test_what_cannot_be_meant_is_told(text: str, what: str, mend: str) -> None:
    """A threshold, a day or a chat that is none is told, with a right one."""
    _, parsed = read(text)
    assert told(parsed.problems) == [(1, "error", what)]
    assert parsed.problems[0].mend == mend


def test_what_a_file_says_holds_where_an_entry_says_nothing() -> None:
    """An entry's own properties come first; its id and its words are its own alone."""
    general, _ = read("id: file\ntopic: T\nthreshold: 0.5\nkeywords: all\nvalid_from: 2026-01-01")
    own, _ = read("id: own\nlanguage: de\nthreshold: 0")
    assert own.over(general) == Properties(
        id="own",
        topic="T",
        language="de",
        details=Details(threshold=0.0, valid_from=date(2026, 1, 1)),
    )


def test_one_wrong_item_costs_no_other() -> None:
    """The phrasings beside one that YAML reads otherwise count."""
    properties, parsed = read("also:\n  - one\n  - Note: two\n  - three\n")
    assert properties.also == ("one", "three")
    assert parsed.problems[0].mend == (
        'Put quotation marks around a text that holds a colon, as in - "Note: is it open?"'
    )


@pytest.mark.parametrize(
    ("key", "mend"),
    [
        ("alos", "Did you mean `also`?"),
        ("topics", "Did you mean `topic`?"),
        ("lang", "Did you mean `language`?"),
        ("Id", "Did you mean `id`?"),
        ("ALSO", "Did you mean `also`?"),
        ("colour", f"Known are: {', '.join(COMMENT_KEYS)}."),
    ],
)
def test_a_slip_of_the_pen_is_told_with_what_may_be_meant(key: str, mend: str) -> None:
    """A key that is not known has no effect, and that is said."""
    properties, parsed = read(f"id: a\n{key}: b\n")
    assert properties == Properties(id="a")
    assert told(parsed.problems) == [
        (2, "warning", f'"{key}" is not a property, so it has no effect.')
    ]
    assert parsed.problems[0].mend == mend


@pytest.mark.parametrize("text", ["2026-12-31", "31.12.2026", "31. 12. 2026", "2026-12-31T10:00"])
def test_a_day_may_be_written_as_spreadsheets_do(text: str) -> None:
    """With full stops the day comes first everywhere; with slashes nobody can tell."""
    assert parse_date(text) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["12/31/2026", "31.13.2026", "soon"])
def test_what_is_no_day_is_told(text: str) -> None:
    """The message shows what was written."""
    with pytest.raises(ValueError, match="is no day") as caught:
        parse_date(text)
    assert text in caught.value.args[0]
