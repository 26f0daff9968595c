"""YAML files: a list of entries, alone or beside defaults for the whole file.

Most tests feed their own docstring to the parser; there the test's name says what it does.
"""

import inspect
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given

from bot.faq.draft import Draft, Parsed
from bot.faq.yaml_format import parse_yaml_faq
from bot.model import Source, Translation
from tests.faq_strategies import (
    Written,
    anything,
    as_yaml,
    assert_told_well,
    entries,
    told,
    written,
)

SAMPLES = Path(__file__).parents[2] / "shared" / "faq-samples"


@pytest.fixture(name="parsed")
def _parsed(request: pytest.FixtureRequest) -> Parsed:
    """Feed the test's own docstring to the parser."""
    return parse(inspect.getdoc(request.function) or "")


def parse(text: str) -> Parsed:
    """Parse a text as faq.yaml and check what holds for every file."""
    parsed = parse_yaml_faq(text, "faq.yaml")
    assert_told_well(parsed, text)
    return parsed


def test_a_file_is_a_list_of_entries(parsed: Parsed) -> None:
    """- id: delivery-time
      question: How long does delivery take?
      also:
        - when will my parcel arrive
        - "parcel: where is it"
      topic: Delivery
      language: en
      answer: |
        Two to four days.

        On *islands*, up to six.

    - question: Where are you?
      answer: Here.
    """
    assert parsed.drafts == [
        Draft(
            line=1,
            id="delivery-time",
            questions=(
                "How long does delivery take?",
                "when will my parcel arrive",
                "parcel: where is it",
            ),
            answer="Two to four days.\n\nOn *islands*, up to six.",
            topic="Delivery",
            language="en",
        ),
        Draft(13, None, ("Where are you?",), "Here.", None, None),
    ]
    assert not parsed.problems


def test_a_file_may_set_defaults_beside_its_entries(parsed: Parsed) -> None:
    """topic: Delivery
    language: de
    entries:
      - question: How long?
        answer: Two days.
      - question: Where?
        answer: Here.
        topic: The way
        language: en
    """
    assert [(it.topic, it.language) for it in parsed.drafts] == [
        ("Delivery", "de"),
        ("The way", "en"),
    ]
    assert not parsed.problems


def test_an_entry_may_have_a_list_of_questions(parsed: Parsed) -> None:
    """- questions: [When?, At what time?]
      also: hours
      answer: Now.
    - question: Where?
      questions:
        - At which place?
      answer: Here.
    """
    assert [it.questions for it in parsed.drafts] == [
        ("When?", "At what time?", "hours"),
        ("Where?", "At which place?"),
    ]


def test_words_that_mean_something_to_yaml_are_texts(parsed: Parsed) -> None:
    """- question: Is 1.10 the version?
      answer: no
    - question: 2026
      answer: 12:30
    """
    assert [(it.questions[0], it.answer) for it in parsed.drafts] == [
        ("Is 1.10 the version?", "no"),
        ("2026", "12:30"),
    ]


def test_what_is_wrong_with_one_entry_costs_no_other(parsed: Parsed) -> None:
    """- question: When?
      answer: Now.
    - answer: Lost.
    - question: How?
    - just a text
    - - question: Why?
    - question: "???"
      answer: Lost.
    - question: What?
      answer: {a: b}
    - question: Where?
      answer: Here.
    """
    assert [it.questions[0] for it in parsed.drafts] == ["When?", "Where?"]
    assert told(parsed.problems) == [
        (3, "error", "This entry has no question."),
        (4, "error", '"How?" has no answer.'),
        (5, "error", "This is not an entry."),
        (6, "error", "This is not an entry."),
        (7, "error", 'The question "???" has no letter or digit, so nobody can ask it.'),
        (10, "error", '"answer" must be a text.'),
        (9, "error", '"What?" has no answer.'),
    ]
    assert parsed.complete


def test_a_property_that_means_nothing_is_told_with_what_may_be_meant(parsed: Parsed) -> None:
    """entires: []
    entries:
      - question: When?
        anser: Then.
        answer: Now.
        colour: red
      - question: Where?
        answer: Here.
        colour: blue
    """
    assert [it.answer for it in parsed.drafts] == ["Now.", "Here."]
    assert [(line, kind) for line, kind, _ in told(parsed.problems)] == [
        (1, "warning"),
        (4, "warning"),
        (6, "warning"),
    ]
    assert [it.mend for it in parsed.problems][:2] == [
        "Did you mean `entries`?",
        "Did you mean `answer`?",
    ]
    assert "answer" in parsed.problems[2].mend


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "[]", "entries: []\n"])
def test_a_file_without_entries_is_no_problem(text: str) -> None:
    """A file that nobody has written yet has neither entries nor problems."""
    parsed = parse(text)
    assert (parsed.drafts, parsed.problems, parsed.complete) == ([], [], True)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("just a text", "warning"),
        ("topic: Museum\n", "warning"),
        ("- a\n- b\n", "warning"),
        ("site_name: Docs\nnav:\n  - Home: index.md\n", "warning"),
        ("entries: none\n", "error"),
    ],
)
def test_a_file_of_another_form_is_told_with_the_right_one(text: str, severity: str) -> None:
    """What holds no entries counts as unread, so that its former ones stay; most is no slip."""
    parsed = parse(text)
    assert not parsed.drafts
    assert not parsed.complete
    (problem,) = parsed.problems
    assert (problem.what, problem.severity) == ("This file holds no list of entries.", severity)
    assert "- question:" in problem.mend


def test_an_entry_may_have_translations(parsed: Parsed) -> None:
    """- id: when
      question: When are you open?
      language: en
      answer: Daily.
      translations:
        de:
          question: Wann ist offen?
          also: [Öffnungszeiten]
          answer: |
            Täglich.
        fr:
          questions: [Quand, Horaires]
          answer: Tous les jours.
    - question: Where?
      answer: Here.
    """
    assert not parsed.problems
    assert parsed.drafts[0].details.translations == (
        Translation("de", ("Wann ist offen?", "Öffnungszeiten"), "Täglich.", Source("faq.yaml", 7)),
        Translation("fr", ("Quand", "Horaires"), "Tous les jours.", Source("faq.yaml", 12)),
    )


def test_a_key_that_stands_twice_costs_its_entry_alone(parsed: Parsed) -> None:
    """- question: When?
      answer: Now.
      question: Where?
      answer: Here.
    - question: Who?
      answer: Us.
    """
    assert [(it.questions, it.answer) for it in parsed.drafts] == [
        (("When?",), "Now."),
        (("Who?",), "Us."),
    ]
    assert told(parsed.problems) == [
        (3, "error", '"question" stands twice in the same place (first on line 1).'),
        (4, "error", '"answer" stands twice in the same place (first on line 2).'),
    ]
    assert parsed.complete


@pytest.mark.parametrize(
    "text",
    [
        "question: When?\nanswer: Now.\n",
        "When?: Now.\n",
        "faq:\n  when is it: {answer: Now.}\n",
        "pages:\n  - - question: When?\n      answer: Now.\n    - 5\n  - text\n  - {x: y}\n",
        "faq:\n  en: {question: When?, answer: Now.}\n",
    ],
)
def test_entries_are_found_wherever_they_stand(text: str) -> None:
    """In other forms than ours, what lies beside them is nobody's business."""
    parsed = parse(text)
    assert [(it.id, it.answer) for it in parsed.drafts] == [(None, "Now.")]
    assert not parsed.problems


def test_microsofts_own_form_is_read(parsed: Parsed) -> None:
    """### YamlMime:FAQ
    metadata:
      title: About things
      ms.topic: faq
    title: Questions about things
    summary: Words.
    sections:
      - name: General
        questions:
          - question: |
              What is a thing?
            answer: |
              > [!NOTE]
              > A thing.

              [!INCLUDE [more](more.md)]
      - name: Prices
        questions:
          - question: How much?
            answer: Five.
    additionalContent: |
      ## More
    """
    assert not parsed.problems
    assert [(it.line, it.topic, it.questions[0], it.answer) for it in parsed.drafts] == [
        (
            10,
            "General",
            "What is a thing?",
            "> [!NOTE]\n> A thing.\n\n[!INCLUDE [more](more.md)]",
        ),
        (19, "Prices", "How much?", "Five."),
    ]


def test_microsofts_faq_of_linux_on_windows_is_read() -> None:
    """It has 35 questions, counted by hand: 24 below General and 11 below WSL 2."""
    path = SAMPLES / "microsoft-wsl-faq.yml"
    if not path.exists():
        pytest.skip(f"{path} is not there: ../shared comes with the project's workspace only")
    parsed = parse_yaml_faq(path.read_text(encoding="utf-8"), path.name)
    assert not parsed.problems
    assert Counter(it.topic for it in parsed.drafts) == {"General": 24, "WSL 2": 11}
    by_question = {it.questions[0]: it.answer for it in parsed.drafts}
    assert by_question["What processors does WSL support?"] == "WSL supports x64 and Arm64 CPUs."
    assert by_question["How do I change the display language of WSL?"].endswith("```")
    assert "<Distro>" in by_question["How do I uninstall a WSL Distribution?"]


def test_a_slip_in_the_yaml_is_told_and_the_file_counts_as_unread(parsed: Parsed) -> None:
    """- question: When?
      answer: Now.
    - question: Note: when?
      answer: Now.
    """
    assert not parsed.drafts
    assert not parsed.complete
    ((line, severity, what),) = told(parsed.problems)
    assert (line, severity) == (3, "error")
    assert what.startswith("This is not valid YAML")
    assert "colon" in parsed.problems[0].mend


@given(entries())
@example([Written(None, ("When?",), "    indented code\n\nand text", None, None)])
def test_what_an_author_writes_is_what_is_read(faq: list[Written]) -> None:
    """Entries written as YAML come back unchanged, whatever their texts hold."""
    parsed = parse(as_yaml(faq))
    assert written(parsed) == faq
    assert not parsed.problems


@given(anything())
@example('- question: a\n  answer: "\\ud800"')
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    parsed = parse(text)
    for draft in parsed.drafts:
        repr(draft).encode()
        draft.answer.encode()


def test_a_number_sign_that_cuts_a_text_is_told() -> None:
    """YAML takes " #5" for a note; an author who meant it learns so, with the line."""
    parsed = parse_yaml_faq(
        "- question: What about issue #5?\n"
        "  also: ['What of #5?', C# or not]\n"
        "  answer: See there. # and nowhere else\n",
        "faq.yaml",
    )

    assert parsed.drafts[0].questions == ("What about issue", "What of #5?", "C# or not")
    assert {it.source.line for it in parsed.problems} == {1, 3}
    assert all("quotation marks" in it.mend for it in parsed.problems)


def test_a_tab_is_told_as_one() -> None:
    """A tab looks like spaces; the remedy names it."""
    parsed = parse_yaml_faq("- question: When?\n\tanswer: Now.\n", "faq.yaml")

    assert parsed.problems[0].mend == "Indent with spaces, not with tabs."


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- question: a: b\n  answer: c\n", (1, 14)),
        ("- question: a\n  answer: 'never closed\n", (2, 11)),
        ("- question: a\n  answer: b\x07\n", (2, 12)),
    ],
)
def test_what_is_no_yaml_is_told_with_its_column(text: str, place: tuple[int, int]) -> None:
    """The author is led to the very character."""
    (problem,) = parse(text).problems

    assert (problem.source.line, problem.column) == place


@pytest.mark.parametrize("wrong", ["Wann?", "[Wann?]", "{de: Wann?}"])
def test_translations_that_cannot_be_read_are_told(wrong: str) -> None:
    """Nobody wonders why the bot does not know a language that was written down."""
    parsed = parse_yaml_faq(
        f"- question: When?\n  answer: Now.\n  translations: {wrong}\n", "a.yaml"
    )
    assert len(parsed.drafts) == 1
    assert told(parsed.problems) == [
        (3, "error", 'No translation can be read from "translations".')
    ]
