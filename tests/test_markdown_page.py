"""One file an entry, with its question in the front matter."""

import pytest

from bot.faq.ids import assign_ids
from tests.markdown_checks import pairs, parse


def test_a_question_in_front_matter_makes_the_file_one_entry() -> None:
    """Headings of any kind belong to the answer, and what else is known is kept."""
    parsed = parse(
        """
        ---
        question: How do I get a refund?
        also: [money back, "refund: how"]
        id: refund
        category: Payment
        tags: [cash, card]
        lang: en
        weight: 3
        ---

        # How do I get a refund?

        In two ways.

        ## Which card?

        Any.

        ## Which cash?

        Any.
        """,
        "refund.md",
    )
    (draft,) = parsed.drafts
    assert draft.questions == ("How do I get a refund?", "money back", "refund: how")
    assert draft.answer == "In two ways.\n\n## Which card?\n\nAny.\n\n## Which cash?\n\nAny."
    assert (draft.id, draft.topic, draft.language) == ("refund", "Payment", "en")
    assert draft.details.keywords == ("cash", "card")
    assert not parsed.problems


def test_a_title_that_asks_is_the_question() -> None:
    """Unless the headings below ask, too."""
    text = "---\ntitle: How do I pay?\n---\nBy card.\n\n## {}\n\nEtc.\n\n## {}\n\nEtc."
    assert len(parse(text.format("Visa", "Amex")).drafts) == 1
    assert len(parse(text.format("Where?", "When?")).drafts) == 2


def test_a_title_without_headings_below_is_the_question() -> None:
    """A page is an entry, if it is nothing else."""
    assert pairs(parse("---\ntitle: Opening hours\n---\n\nDaily, 9 to 17.")) == [
        ("Opening hours", "Daily, 9 to 17.")
    ]


@pytest.mark.parametrize("title", ["FAQ", "Frequently Asked Questions", "Opening hours"])
def test_a_title_above_questions_is_a_title(title: str) -> None:
    """Site generators want one on every page."""
    parsed = parse(f"---\ntitle: {title}\n---\n\n## When?\nNow.\n\n## Where?\nHere.")
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]


def test_questions_and_answer_may_both_stand_in_front_matter() -> None:
    """As editors with forms write them."""
    parsed = parse("---\nquestions: [When?, At what time?]\nanswer: Now.\n---\n")
    assert parsed.drafts[0].questions == ("When?", "At what time?")
    assert parsed.drafts[0].answer == "Now."


def test_a_page_without_an_answer_is_told() -> None:
    """An empty page is no entry."""
    parsed = parse("---\nquestion: When?\n---\n")
    assert not parsed.drafts
    assert "has no answer" in parsed.problems[0].what


def test_addresses_of_a_page_are_no_ids() -> None:
    """Hugo's aliases are addresses."""
    parsed = parse("---\nquestion: When?\naliases: [/old/, hours]\n---\nNow.")
    assert parsed.drafts[0].details.aliases == ("hours",)


@pytest.mark.parametrize(
    ("file", "language"),
    [
        ("refund.de.md", "de"),
        ("a/refund.pt-BR.md", "pt-BR"),
        ("refund.zh_TW.md", "zh-TW"),
        ("node.js.md", None),
        ("refund.md", None),
        ("de.md", None),
    ],
)
def test_a_file_name_may_say_the_language(file: str, language: str | None) -> None:
    """Only where its ending is a language's code."""
    assert parse("---\nquestion: Wann?\n---\nJetzt.", file).drafts[0].language == language
    assert parse("# Wann?\nJetzt.", file).drafts[0].language == language


def test_the_same_page_in_two_languages_is_one_entry() -> None:
    """refund.en.md and refund.de.md share the id that their name says."""
    files = {
        "refund.en.md": "---\nquestion: Refund?\n---\nYes.",
        "refund.de.md": "---\nquestion: Geld zurück?\n---\nJa.",
    }
    entries, problems = assign_ids((name, parse(text, name).drafts) for name, text in files.items())
    assert [(it.id, it.phrasings, it.answers) for it in entries] == [
        ("refund", ("Refund?", "Geld zurück?"), ("Yes.", "Ja."))
    ]
    assert not problems


def test_front_matter_may_be_toml() -> None:
    """It is left out, not shown."""
    assert pairs(parse('+++\ntitle = "FAQ"\n+++\n\n# When?\nNow.\n# Where?\nHere.')) == [
        ("When?", "Now."),
        ("Where?", "Here."),
    ]


def test_a_byte_order_mark_is_no_text() -> None:
    """Editors on Windows write one."""
    assert pairs(parse("\ufeff# When?\r\nNow.\r\n")) == [("When?", "Now.")]
