"""JSON Lines: one object a line with id, questions and answer."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given

from bot.faq.draft import Draft, Parsed
from bot.faq.jsonl_format import parse_jsonl
from tests.faq_strategies import (
    Written,
    anything,
    as_jsonl,
    assert_told_well,
    entries,
    told,
    written,
)

DATA = Path(__file__).parents[2] / "shared" / "data"


def parse(text: str) -> Parsed:
    """Parse a text as faq.jsonl and check what holds for every file."""
    parsed = parse_jsonl(text, "faq.jsonl")
    assert_told_well(parsed, text)
    return parsed


def line(**changes: object) -> str:
    """Write a good line, but for what is changed."""
    good = {"id": "opening-hours", "questions": ["When are you open?"], "answer": "Daily."}
    return json.dumps({key: it for key, it in (good | changes).items() if it is not ...})


def test_a_line_is_an_entry() -> None:
    """The first question stands for the entry; further keys are ignored, and so are blank lines."""
    text = '\n{"id": "a", "questions": ["When?", "hours"], "answer": "*Now*.\\n", "source": 7}\n \n'
    parsed = parse(text)
    assert parsed.drafts == [Draft(2, "a", ("When?", "hours"), "*Now*.", None, None)]
    assert not parsed.problems


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (line(questions=...), "This entry has no question."),
        (line(questions=[]), "This entry has no question."),
        (line(answer=...), '"When are you open?" has no answer.'),
        (line(answer=None), '"When are you open?" has no answer.'),
        (line(answer={"a": 1}), None),
        (line(id=["a"]), None),
        (line(answer=" \n"), '"When are you open?" has no answer.'),
        (
            line(questions=["?"]),
            'The question "?" has no letter or digit, so nobody can ask it.',
        ),
        ("{}", "This entry has no question."),
        ("[1]", "This line is JSON, but not an object in braces."),
        ("null", "This line is JSON, but not an object in braces."),
        (line() + ",", "This is not valid JSON (column 81)."),
        ("{'id': 1}", None),
        ('{"id": "a', None),
        ("id: a", None),
        ("[" * 100_000, None),
        ('{"id": ' + "1" * 5000 + "}", None),
        (line() + line(), "This line holds more than one entry."),
    ],
)
def test_a_bad_line_is_told_and_costs_no_other(bad: str, what: str | None) -> None:
    """Each line stands for itself: what is wrong with one is told with its number."""
    parsed = parse(f"{line(id='first')}\n{bad}\n{line(id='last')}\n")
    assert [it.id for it in parsed.drafts if it.line != 2] == ["first", "last"]
    assert {(number, severity) for number, severity, _ in told(parsed.problems)} == {(2, "error")}
    assert what in {None, parsed.problems[0].what}
    assert parsed.complete


def test_one_phrasing_without_words_costs_only_itself() -> None:
    """An entry keeps its other phrasings."""
    parsed = parse(line(questions=["!", "When?", "when?"]))
    assert parsed.drafts[0].questions == ("When?",)
    assert len(parsed.problems) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "  \n"])
def test_an_empty_file_is_no_problem(text: str) -> None:
    """A file that nobody has written yet has neither entries nor problems."""
    parsed = parse(text)
    assert (parsed.drafts, parsed.problems) == ([], [])


@pytest.mark.parametrize("key", ["id", "questions", "answer"])
def test_half_a_character_does_no_harm(key: str) -> None:
    """An export that cut an emoji in two (JSON's \\ud83d alone) can still be stored and shown."""  # noqa: D301 - one backslash is meant
    half = "Daily \ud83d"
    parsed = parse(line(**{key: [half] if key == "questions" else half}))
    for draft in parsed.drafts:
        for text in (draft.id or "", *draft.questions, draft.answer):
            text.encode()
    assert parsed.drafts or parsed.problems


def test_names_and_properties_are_those_of_every_format() -> None:
    """Who has a list of q and a need not rename them, nor make up ids."""
    parsed = parse('{"q": "When?", "a": "Now.", "tags": "hours, time", "category": "Visit"}')
    (draft,) = parsed.drafts
    assert (draft.id, draft.questions, draft.answer, draft.topic) == (
        None,
        ("When?",),
        "Now.",
        "Visit",
    )
    assert draft.details.keywords == ("hours", "time")


def test_a_key_that_stands_twice_is_told() -> None:
    """The first counts, where other readers take the last without a word."""
    parsed = parse('{"question": "When?", "answer": "Now.", "answer": "Never."}')
    assert [it.answer for it in parsed.drafts] == ["Now."]
    assert told(parsed.problems) == [
        (1, "error", '"answer" stands twice in the same place (first on line 1).')
    ]


def test_test_questions_are_no_faq() -> None:
    """A file for `faqbot eval` that lies in the folder is one warning, not one a line."""
    parsed = parse('{"text": "when", "expected": "a"}\n' * 50)
    assert [(it.source.line, it.severity) for it in parsed.problems] == [(1, "warning")]
    assert "underscore" in parsed.problems[0].mend
    assert not parsed.complete


@given(entries(with_ids=True))
def test_what_an_author_writes_is_what_is_read(faq: list[Written]) -> None:
    """Entries written as JSON Lines come back unchanged; the format has no topic or language."""
    parsed = parse(as_jsonl(faq))
    assert written(parsed) == [Written(it.id, it.questions, it.answer, None, None) for it in faq]
    assert not parsed.problems


@given(anything())
@example("\ufeff{}")
@example('{"id": NaN}')
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    parse(text)


@pytest.mark.parametrize(
    "name", ["clinc150/faq_5shot", "deepset-covid-en/faq", "hint3-curekart/faq_v1", "xsid/faq"]
)
def test_the_evaluation_sets_can_be_read(name: str) -> None:
    """Every line of the published sets is an entry."""
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: ../shared comes with the project's workspace only")
    text = path.read_text(encoding="utf-8")
    parsed = parse(text)
    assert len(parsed.drafts) == sum(bool(it.strip()) for it in text.split("\n"))


def test_what_a_terminal_would_obey_stays_out() -> None:
    """An answer from elsewhere cannot colour or clear anybody's screen."""
    parsed = parse_jsonl(
        '{"id": "a", "questions": ["When?"], "answer": "\\u001b[31mNow\\u0000.\\n\\tThen."}',
        "faq.jsonl",
    )

    assert parsed.drafts[0].answer == "[31mNow.\n\tThen."
