"""A FAQ within a longer document."""

import pytest

from tests.markdown_checks import pairs, parse, topics

_SOON = [("When?", "Now."), ("Where?", "Here.")]


@pytest.mark.parametrize(
    "title",
    [
        "FAQ",
        "❓ FAQ",
        "**Q&A**",
        "Häufige Fragen",
        "Preguntas frecuentes",
        "Вопросы и ответы",
        "7. FAQ",
    ],
)
@pytest.mark.parametrize(
    "questions",
    [
        "### When?\nNow.\n\n### Where?\nHere.",
        "#### Hours\n\n##### When?\nNow.\n\n#### Ways\n\n##### Where?\nHere.",
        "**When?**\n\nNow.\n\n**Where?**\n\nHere.",
        (
            "<details><summary>When?</summary>Now.</details>\n"
            "<details><summary>Where?</summary>Here.</details>"
        ),
        "- **When?** Now.\n- **Where?** Here.",
        "Q: When?\nA: Now.\n\nQ: Where?\nA: Here.",
    ],
)
def test_of_a_readme_only_the_faq_is_read(title: str, questions: str) -> None:
    """Installation and licence answer nothing; one warning tells that they were left out."""
    parsed = parse(
        f"# Shop\n\nA shop.\n\n## Installation\n\nnpm i\n\n### On Windows\nno\n\n"
        f"## {title}\n\n{questions}\n\n## Licence\n\nMIT\n",
        "README.md",
    )
    assert pairs(parsed) == _SOON
    ((line, severity),) = [(it.source.line, it.severity) for it in parsed.problems]
    assert (line, severity) == (5, "warning")


def test_the_questions_may_follow_the_heading_at_its_own_level() -> None:
    """An empty heading with questions below it is meant to hold them."""
    parsed = parse(
        "# Shop\n## Usage\nso\n## Features\nmany\n## FAQ\n## When?\nNow.\n## Where?\nHere.\n"
        "## Licence\nMIT",
        "README.md",
    )
    assert pairs(parsed) == _SOON


@pytest.mark.parametrize(
    "text",
    [
        "# Help\n## General FAQ\n### When?\nNow.\n## Delivery\n### Where?\nHere.",
        "# FAQ\n## Frequently asked\n### When?\nNow.\n## Trouble\n### Where\nHere.",
        "# FAQ\n## When?\nNow.\n## Where?\nHere.",
    ],
)
def test_a_file_that_is_a_faq_loses_nothing(text: str) -> None:
    """Not even where one of its groups is called FAQ."""
    parsed = parse(text)
    assert [answer for _, answer in pairs(parsed)] == ["Now.", "Here."]
    assert not parsed.problems


def test_a_file_named_faq_is_one() -> None:
    """Its name counts, unless its headings are those of a README."""
    text = "# Shop\n## FAQ\n### When?\nNow.\n## {}\nHere.\n"
    assert len(parse(text.format("Rattling"), "faq.md").drafts) == 2
    assert len(parse(text.format("Rattling"), "shop.md").drafts) == 1
    assert len(parse(text.format("Installation"), "shop-faq.md").drafts) == 1


def test_a_heading_without_questions_leaves_the_file_as_it_is() -> None:
    """A link to a FAQ elsewhere is none."""
    parsed = parse("# Shop\n## Opening\nNow.\n## FAQ\nSee [there](faq.md).", "README.md")
    assert len(parsed.drafts) == 2


def test_entries_of_a_part_have_the_group_or_the_document_as_topic() -> None:
    """`FAQ` itself says nothing."""
    parsed = parse(
        "# Shop\n## Usage\nso\n## FAQ\n### When?\nNow.\n### Ways\n#### Where?\nHere.", "README.md"
    )
    assert topics(parsed) == [("When?", "Shop"), ("Where?", "Ways")]
