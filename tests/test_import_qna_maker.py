"""QnA Maker's and Azure's exports: alternate questions, line breaks and prompts arrive."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.draft import Parsed
from bot.importing.qna_maker import is_header, is_qna_maker, parse, parse_json
from tests.faq_strategies import anything
from tests.import_checks import assert_imported_well, told

HEADER = "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId"


def read(*rows: str, header: str = HEADER) -> Parsed:
    """Read a TSV and check what holds for every one."""
    parsed = parse("\n".join([header, *rows]).encode(errors="surrogatepass"), "kb.tsv")
    assert_imported_well(parsed)
    return parsed


def read_json(value: Any) -> Parsed:
    """Read a JSON export and check what holds for every one."""
    parsed = parse_json(json.dumps(value, indent=1).encode(), "kb.json")
    assert_imported_well(parsed)
    return parsed


def test_rows_of_one_number_are_one_entry() -> None:
    """Alternate questions stand on rows of their own, perhaps apart."""
    parsed = read(
        "When are you open?\tDaily.\tEditorial\t\t[]\tFalse\t[]\t1",
        'Where?\t"Here."\tEditorial\t\t[]\tFalse\t[]\t2',
        "hours\tDaily.\tEditorial\t\t[]\tFalse\t[]\t1",
    )
    assert [(it.line, it.questions, it.answer) for it in parsed.drafts] == [
        (2, ("When are you open?", "hours"), "Daily."),
        (3, ("Where?",), "Here."),
    ]


def test_without_numbers_the_same_answer_makes_one_entry() -> None:
    """Files written by hand have three columns."""
    parsed = read("A?\tSo.", "B?\tSo.", "C?\tThus.", header="Question\tAnswer\tSource")
    assert [it.questions for it in parsed.drafts] == [("A?", "B?"), ("C?",)]


def test_an_answer_keeps_its_lines() -> None:
    """Line breaks are written as two characters, Markdown as it is."""
    parsed = read('A?\t"**One**\\n\\n* two\\n* ""three"""\tx\t\t[]\tFalse\t[]\t1')
    assert told(parsed) == [("A?", '**One**\n\n* two\n* "three"')]


def test_prompts_lead_on() -> None:
    """A follow-up of the old bot is a related entry of the new one."""
    prompts = '[{"displayOrder":0,"qnaId":2,"displayText":"Fees"},{"qnaId":9}]'
    parsed = read(
        f"Pay?\tYes.\tx\t\t[]\tFalse\t{prompts}\t1", "Any fees?\tNo.\tx\t\t[]\tTrue\t[]\t2"
    )
    first, second = parsed.drafts
    assert first.details.related == (second.id,) == ("any-fees",)


def test_what_is_missing_is_told_by_line() -> None:
    """A row that is no entry is named."""
    parsed = read(
        "A?\t\tx\t\t[]\tFalse\t[]\t1", "\tAlone.\tx\t\t[]\tFalse\t[]\t2", "", "?\tx\t\t\t\t\t\t3"
    )
    assert [it.source.line for it in parsed.problems] == [2, 3, 5]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda items: {"qnaDocuments": items},
        lambda items: {"qnaList": items, "urls": []},
        lambda items: items,
        lambda items: {"value": items},
    ],
)
def test_json_of_every_version_can_be_read(wrap: Any) -> None:
    """The exports of the service's interfaces differ only in their outer names."""
    value = wrap(
        [
            {
                "id": 1,
                "answer": "Yes.",
                "source": "Editorial",
                "questions": ["Pay?", "Is it free?"],
                "metadata": [],
                "context": {"isContextOnly": False, "prompts": [{"qnaId": 2, "displayText": "x"}]},
            },
            {"id": 2, "answer": "No.", "questions": ["Any fees?"], "context": None},
            {"id": 3, "answer": "Lost.", "questions": []},
        ]
    )
    assert is_qna_maker(value)
    parsed = read_json(value)
    assert told(parsed) == [("Pay?", "Yes."), ("Any fees?", "No.")]
    assert parsed.drafts[0].questions == ("Pay?", "Is it free?")
    assert parsed.drafts[0].details.related == ("any-fees",)
    assert parsed.drafts[0].line < parsed.drafts[1].line
    assert len(parsed.problems) == 1


def test_azures_project_export_can_be_read() -> None:
    """Custom question answering capitalises its names and wraps them once more."""
    pair = {"Id": 1, "Answer": "Yes.", "Questions": ["Pay?"], "Dialog": {"Prompts": []}}
    value = {"Metadata": {}, "Assets": {"Synonyms": [], "Qnas": [pair]}}
    assert is_qna_maker(value)
    assert told(read_json(value)) == [("Pay?", "Yes.")]


def test_only_exports_are_taken_for_exports() -> None:
    """A plain table of questions and answers is the live format's."""
    assert is_header(HEADER)
    assert not is_header("question\tanswer")
    assert not is_header("question,answer,source")
    assert not is_qna_maker({"questions": []})
    assert not is_qna_maker(7)


@given(
    st.lists(st.text(st.characters(exclude_characters="\n")) | st.sampled_from(["a?\tb", "\t\t"]))
)
def test_any_row_can_be_read(rows: list[str]) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    read(*rows)


@given(anything())
def test_any_text_can_be_read(text: str) -> None:
    """The same holds for JSON."""
    assert_imported_well(parse_json(text.encode(errors="surrogatepass"), "kb.json"))
