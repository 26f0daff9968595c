"""Markdown: which headings are questions, what belongs to an answer, and what is told of slips.

Most tests feed their own docstring to the parser, so that input and assertion sit together; there
the test's name says what the software does.
"""

import inspect
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.faq.draft import Draft, Parsed
from bot.faq.markdown_format import parse_markdown
from bot.faq.markdown_titles import is_contents_title, is_faq
from tests.faq_strategies import (
    Written,
    answers,
    anything,
    as_markdown,
    assert_told_well,
    entries,
    phrases,
    told,
    written,
)

SAMPLES = Path(__file__).parents[2] / "shared" / "faq-samples"


@pytest.fixture(name="parsed")
def _parsed(request: pytest.FixtureRequest) -> Parsed:
    """Feed the test's own docstring to the parser."""
    return parse(inspect.getdoc(request.function) or "")


def parse(text: str) -> Parsed:
    """Parse a text as faq.md and check what holds for every file."""
    parsed = parse_markdown(text, "faq.md")
    assert_told_well(parsed, text)
    return parsed


def questions(parsed: Parsed) -> list[str]:
    """Give the entries' main questions."""
    return [draft.questions[0] for draft in parsed.drafts]


def only(parsed: Parsed) -> Draft:
    """Give the first entry of a file without problems."""
    assert not parsed.problems
    return parsed.drafts[0]


# Which headings are questions


def test_a_heading_is_a_question_and_the_text_below_its_answer(parsed: Parsed) -> None:
    """## When are you open?

    Daily, 9 to 17.

    Not on *holidays*.

    ## Where are you?
    In the High Street.
    """
    assert written(parsed) == [
        Written(None, ("When are you open?",), "Daily, 9 to 17.\n\nNot on *holidays*.", None, None),
        Written(None, ("Where are you?",), "In the High Street.", None, None),
    ]
    assert [draft.line for draft in parsed.drafts] == [1, 7]
    assert not parsed.problems


@pytest.mark.parametrize("level", range(1, 7))
def test_any_level_can_be_the_question_level(level: int) -> None:
    """The shallowest level that has two headings with text is that of the questions."""
    mark = "#" * level
    parsed = parse(f"{mark} One?\na\n\n{mark} Two?\nb\n")
    assert questions(parsed) == ["One?", "Two?"]


def test_deeper_headings_belong_to_the_answer(parsed: Parsed) -> None:
    """## How do I install it?

    There are two ways.

    ### On Windows

    Run the installer.

    #### On old Windows
    Good luck.

    ### On Linux

    Run `make`.

    ## How do I remove it?
    Delete it.
    """
    assert questions(parsed) == ["How do I install it?", "How do I remove it?"]
    assert only(parsed).answer == (
        "There are two ways.\n\n### On Windows\n\nRun the installer.\n\n"
        "#### On old Windows\nGood luck.\n\n### On Linux\n\nRun `make`."
    )


def test_a_question_may_go_straight_to_deeper_headings(parsed: Parsed) -> None:
    """## How much is it?
    Nothing.
    ## How do I install it?
    ### On Windows
    Run the installer.
    ## How do I remove it?
    Delete it.
    """
    assert questions(parsed) == ["How much is it?", "How do I install it?", "How do I remove it?"]
    assert parsed.drafts[1].answer == "### On Windows\nRun the installer."


def test_a_heading_without_text_above_questions_is_their_topic(parsed: Parsed) -> None:
    """## Delivery

    ### How long does it take?
    Two days.

    ### What does it cost?
    Five euros.

    ## Returns
    ### How do I send it back?
    By post.
    """
    assert [(draft.questions[0], draft.topic) for draft in parsed.drafts] == [
        ("How long does it take?", "Delivery"),
        ("What does it cost?", "Delivery"),
        ("How do I send it back?", "Returns"),
    ]


def test_topics_may_have_topics(parsed: Parsed) -> None:
    """# Help
    ## Shop
    ### Delivery
    #### How long does it take?
    Two days.
    #### What does it cost?
    Five euros.
    ## Museum
    #### When are you open?
    Daily.
    """
    assert [draft.topic for draft in parsed.drafts] == ["Shop / Delivery"] * 2 + ["Museum"]


def test_a_lone_h1_is_the_title_and_the_topic_of_what_has_none(parsed: Parsed) -> None:
    """# Questions about the museum

    Welcome! Here is what people ask.

    ## When are you open?
    Daily.

    ## Where are you?
    <!-- topic: The way -->
    In the High Street.
    """
    assert [draft.topic for draft in parsed.drafts] == ["Questions about the museum", "The way"]


def test_several_h1_are_questions(parsed: Parsed) -> None:
    """# When are you open?
    Daily.
    # Where are you?
    In the High Street.
    """
    assert questions(parsed) == ["When are you open?", "Where are you?"]


def test_a_shallower_heading_with_an_answer_is_a_question_too(parsed: Parsed) -> None:
    """# Help
    ## Delivery
    ### How long does it take?
    Two days.
    ### What does it cost?
    Five euros.
    ## Are there gift cards?
    Yes.
    """
    assert [(draft.questions[0], draft.topic) for draft in parsed.drafts] == [
        ("How long does it take?", "Delivery"),
        ("What does it cost?", "Delivery"),
        ("Are there gift cards?", "Help"),
    ]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("# When are you open?\nDaily.\n", None),
        ("### When are you open?\nDaily.\n", None),
        ("# Help\n\n## When are you open?\n\nDaily.\n", "Help"),
        ("# Help\n\nWelcome!\n\n## When are you open?\n\nDaily.\n", "Help"),
        ("When are you open?\n==================\nDaily.", None),
    ],
)
def test_a_file_may_have_one_question(text: str, topic: str | None) -> None:
    """One question is enough for a file, with or without a title above it."""
    assert written(parse(text)) == [Written(None, ("When are you open?",), "Daily.", topic, None)]


def test_underlined_headings_are_headings(parsed: Parsed) -> None:
    """Questions about
    the museum
    ==========

    When are you open?
    ------------------
    Daily.

    Where are
    you?
    ---
    Here.
    """
    assert questions(parsed) == ["When are you open?", "Where are you?"]
    assert [draft.line for draft in parsed.drafts] == [5, 9]
    assert only(parsed).topic == "Questions about the museum"


def test_a_line_that_looks_like_a_heading_in_code_is_code(parsed: Parsed) -> None:
    """## How do I update?

    ```sh
    # update first
    ## then upgrade
    ```

    ~~~
    ## ``` is no end here
    ~~~

    Or so:

        ## indented

    ## How do I stop?
    Press Ctrl-C.
    """
    assert questions(parsed) == ["How do I update?", "How do I stop?"]
    assert "## then upgrade\n```" in only(parsed).answer
    assert only(parsed).answer.endswith("Or so:\n\n    ## indented")


def test_headings_in_lists_and_quotes_belong_to_the_answer(parsed: Parsed) -> None:
    """## What do people say?

    - ## Great
      Very good.

    > ## Awful
    > Not good.

    ## Who are you?
    Us.
    """
    assert questions(parsed) == ["What do people say?", "Who are you?"]
    assert only(parsed).answer == "- ## Great\n  Very good.\n\n> ## Awful\n> Not good."


@pytest.mark.parametrize(
    "contents",
    [
        "- [When?](#when)\n- [Where?](#where)",
        "1. [When?](#when)\n   - [Where?](#where)\n",
        "[When?](#when)\n\n[Where?](#where)",
        "* Table of Contents\n{:toc}",
        "[[_TOC_]]",
        "[TOC]",
        "<!-- toc -->\n\n- [When?](#when)\n- [Where?](#where)\n\n<!-- tocstop -->",
    ],
)
@pytest.mark.parametrize("heading", ["## Contents\n\n", ""])
def test_a_table_of_contents_is_no_entry(contents: str, heading: str) -> None:
    """What only links to the file's own headings answers nothing."""
    parsed = parse(f"# Help\n\n{heading}{contents}\n\n## When?\nNow.\n\n## Where?\nHere.\n")
    assert questions(parsed) == ["When?", "Where?"]
    assert not parsed.problems


@pytest.mark.parametrize(
    "answer",
    [
        "[See the shipping rules](#shipping)",
        "[Shipping](#shipping) takes two days; for the price see [prices](#prices)",
        "[As with returns](#returns):\n\n```\nsend back\n```",
    ],
)
def test_an_answer_that_points_to_another_one_is_an_answer(answer: str) -> None:
    """A reader who is sent on to another question is not left without an answer."""
    parsed = parse(f"## When?\nNow.\n\n## How?\n\n{answer}\n\n## Where?\nHere.\n")
    assert questions(parsed) == ["When?", "How?", "Where?"]
    assert parsed.drafts[1].answer == answer


def test_text_before_the_first_heading_is_an_introduction(parsed: Parsed) -> None:
    """Welcome to our *questions*.

    ## When?
    Now.
    ## Where?
    Here.
    """
    assert [draft.answer for draft in parsed.drafts] == ["Now.", "Here."]
    assert not parsed.problems


# What a question reads like


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("What is `make install` **for**?", "What is make install for?"),
        ("See [the guide](https://example.org)?", "See the guide?"),
        ("A &amp; B &lt;name&gt; &copy; &#x41;", "A & B <name> © A"),
        ("Is it <b>free</b>?", "Is it free?"),
        (r"What is 2 \* 3 \_ 4?", "What is 2 * 3 _ 4?"),
        ("Why ![the logo](a.png)?", "Why the logo?"),
        ("Closed ##", "Closed"),
        ("What is C#", "What is C#"),
        ("What   is\tit?", "What is it?"),
        ("Is it 👍🏽 or 1️⃣?", "Is it 👍🏽 or 1️⃣?"),
        ("מה שעות הפתיחה?", "מה שעות הפתיחה?"),
        ("\u200fكم سعر؟", "\u200fكم سعر؟"),
    ],
)
def test_a_question_is_what_readers_see_of_the_heading(heading: str, question: str) -> None:
    """Markdown and HTML in a heading are no part of the question; text in any script is."""
    assert questions(parse(f"## {heading}\na\n\n## Other?\nb\n"))[0] == question


def test_a_link_in_a_heading_may_be_defined_elsewhere(parsed: Parsed) -> None:
    """## What is [pnpm][site]?
    A package manager.

    ## Is [npm] better?
    No.

    [site]: https://pnpm.io
    [npm]: https://npmjs.com
    """
    assert questions(parsed) == ["What is pnpm?", "Is npm better?"]


@pytest.mark.parametrize(
    ("heading", "question", "id_"),
    [
        ("When? {#opening-hours}", "When?", "opening-hours"),
        ("When?{#a.b_c}  ", "When?", "a.b_c"),
        ("When? {#hours} ##", "When?", "hours"),
        ("Why is {#x} there?", "Why is {#x} there?", None),
    ],
)
def test_a_heading_may_end_with_its_id(heading: str, question: str, id_: str | None) -> None:
    """What other tools write behind a heading, {#id}, is the entry's id."""
    first = parse(f"## {heading}\na\n\n## Other?\nb\n").drafts[0]
    assert (first.questions, first.id) == ((question,), id_)


# Properties


def test_properties_stand_in_a_comment_under_the_heading(parsed: Parsed) -> None:
    """## How long does delivery take?
    <!--
    id: delivery-time
    also:
      - when will my parcel arrive
      - "parcel: where is it"
    topic: Delivery
    language: en
    # ask Maria before changing this
    -->
    Two to four days.

    ## Where are you?
    Here.
    """
    assert only(parsed) == Draft(
        line=1,
        id="delivery-time",
        questions=(
            "How long does delivery take?",
            "when will my parcel arrive",
            "parcel: where is it",
        ),
        answer="Two to four days.",
        topic="Delivery",
        language="en",
    )


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- id: x -->",
        "<!--id: x-->",
        "\n<!--\nid: x\n-->\n",
        "<!--\n\nid: x\n\n-->",
        "<!--\n  id: x\n-->",
        "  <!-- id: x -->",
        "<!-- id: 'x' # the id -->",
    ],
)
def test_the_comment_may_be_written_in_many_ways(comment: str) -> None:
    """Blank lines, spaces and line breaks around the properties do not matter."""
    first = only(parse(f"## When?\n{comment}\nNow.\n\n## Where?\nHere.\n"))
    assert (first.id, first.answer) == ("x", "Now.")


def test_the_answer_may_begin_behind_the_comment(parsed: Parsed) -> None:
    """## When?
    <!-- id: when --> Now,
    and always.

    ## Where?
    Here.
    """
    assert (only(parsed).id, only(parsed).answer) == ("when", "Now,\nand always.")


def test_an_id_in_the_comment_wins_over_one_in_the_heading(parsed: Parsed) -> None:
    """## When? {#heading}
    <!-- id: comment -->
    Now.

    ## Where? {#where}
    <!-- also: at which place -->
    Here.
    """
    assert [draft.id for draft in parsed.drafts] == ["comment", "where"]


def test_one_other_phrasing_needs_no_list(parsed: Parsed) -> None:
    """## When?
    <!-- also: at what time -->
    Now.

    ## Where?
    <!-- also: [at which place, "city: which one"] -->
    Here.
    """
    assert parsed.drafts[0].questions == ("When?", "at what time")
    assert parsed.drafts[1].questions == ("Where?", "at which place", "city: which one")


def test_a_phrasing_counts_once(parsed: Parsed) -> None:
    """## When are you open?
    <!-- also: [when are you OPEN?, opening hours, "Opening  hours"] -->
    Now.

    ## Where?
    Here.
    """
    assert only(parsed).questions == ("When are you open?", "opening hours")


def test_a_property_that_means_nothing_is_told_with_what_may_be_meant(parsed: Parsed) -> None:
    """## When?
    <!--
    id: when
    alos:
      - at what time
    -->
    Now.

    ## Where?
    Here.
    """
    assert told(parsed.problems) == [
        (4, "warning", '"alos" is not a property, so it has no effect.')
    ]
    assert parsed.problems[0].mend == "Did you mean `also`?"
    assert parsed.drafts[0].id == "when"


def test_properties_that_cannot_be_read_do_not_cost_the_entry(parsed: Parsed) -> None:
    """## When?
    <!--
    id: when
    topic: Hours: all of them
    -->
    Now.

    ## Where?
    Here.
    """
    assert questions(parsed) == ["When?", "Where?"]
    assert parsed.drafts[0].answer == "Now."
    ((line, severity, what),) = told(parsed.problems)
    assert (line, severity) == (4, "error")
    assert what.startswith("The properties were left out.")
    assert "quotation marks" in parsed.problems[0].mend


def test_properties_of_the_wrong_shape_are_told_one_by_one(parsed: Parsed) -> None:
    """## When?
    <!--
    id: [when]
    also:
      - at what time
      - hours: which
    topic: Hours
    -->
    Now.

    ## Where?
    Here.
    """
    assert parsed.drafts[0].questions == ("When?", "at what time")
    assert parsed.drafts[0].topic == "Hours"
    assert told(parsed.problems) == [
        (3, "error", '"id" must be a text.'),
        (
            6,
            "error",
            "This item of the list is not a plain text, so it was left out.",
        ),
    ]


@pytest.mark.parametrize("comment", ["- id: when", "alos:\n  - at what time", "[\nid: when\n]"])
def test_what_is_nearly_properties_is_told(comment: str) -> None:
    """A slip of the pen that makes the properties look like a note is told, not swallowed."""
    parsed = parse(f"## When?\n<!--\n{comment}\n-->\nNow.\n\n## Where?\nHere.\n")
    assert [it.answer for it in parsed.drafts] == ["Now.", "Here."]
    assert [1 < line < 6 for line, _, _ in told(parsed.problems)] == [True]


def test_properties_below_the_answer_are_told(parsed: Parsed) -> None:
    """## When?
    Now.

    <!-- id: where -->
    ## Where?
    Here.
    """
    assert [draft.id for draft in parsed.drafts] == [None, None]
    assert [draft.answer for draft in parsed.drafts] == ["Now.", "Here."]
    ((line, severity, what),) = told(parsed.problems)
    assert (line, severity) == (4, "warning")
    assert "has no effect" in what
    assert parsed.problems[0].mend == "Move it directly under the question's heading."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<!-- id: x -->\n# Help\n## When?\nNow.\n## Where?\nHere.\n", 1),
        ("# Help\n<!-- id: x -->\n## When?\nNow.\n## Where?\nHere.\n", 2),
        ("## Hours\n<!-- language: de -->\n### When?\nNow.\n### How long?\nLong.\n", 2),
        ("## When?\nNow.\n### Later?\n<!-- also: x -->\nThen.\n## Where?\nHere.\n", 4),
    ],
    ids=["above the first heading", "below the title", "below a topic", "within an answer"],
)
def test_properties_where_no_question_is_are_told(text: str, line: int) -> None:
    """Properties that no entry can have, because they stand elsewhere, have no silent end."""
    assert [it.source.line for it in parse(text).problems] == [line]


def test_a_note_may_stand_before_the_properties(parsed: Parsed) -> None:
    """## When?
    <!-- Ask Maria before changing this. -->
    <!-- id: when -->
    Now.

    ## Where?
    Here.
    """
    assert only(parsed).id == "when"


def test_other_comments_are_notes_that_nobody_is_shown(parsed: Parsed) -> None:
    """## When?
    <!-- Ask Maria whether this is still so. -->
    Now.
    <!-- TODO:
    summer hours -->
    Always.

    ## Where?
    Here.
    <!--

    ## An entry for later?
    Not yet.

    -->
    """
    assert [draft.answer.split() for draft in parsed.drafts] == [["Now.", "Always."], ["Here."]]
    assert not parsed.problems


def test_a_comment_in_code_is_shown(parsed: Parsed) -> None:
    """## How do I comment?
    ```html
    <!-- id: x -->
    ```
    ## Where?
    Here.
    """
    assert only(parsed).id is None
    assert only(parsed).answer == "```html\n<!-- id: x -->\n```"


def test_a_comment_that_never_ends_is_told_and_the_file_counts_as_unread(parsed: Parsed) -> None:
    """## When?
    Now.

    ## How?
    <!--
    id: how
    So.

    ## Where?
    Here.

    ## Why?
    Because.
    """
    assert "When?" in questions(parsed)
    assert not parsed.complete
    assert (5, "error") in [(line, severity) for line, severity, _ in told(parsed.problems)]
    assert "-->" in next(it for it in parsed.problems if it.source.line == 5).mend


@pytest.mark.parametrize("above", ["", "Welcome!\n\n"])
def test_a_comment_at_the_top_that_never_ends_is_told(above: str) -> None:
    """An unclosed comment above the first heading hides the whole file, and that is said."""
    parsed = parse(f"{above}<!-- Maria looks after this file\n\n## When?\nNow.\n\n## Where?\nHere.")
    assert not parsed.complete
    assert [(line, kind) for line, kind, _ in told(parsed.problems)] == [
        (1 + above.count("\n"), "error")
    ]


# Front matter


def test_front_matter_sets_defaults_for_the_file(parsed: Parsed) -> None:
    """---
    topic: Museum
    language: de
    title: for the website
    tags: [a, b]
    ---

    # Questions

    ## When?
    Now.

    ## Where?
    <!--
    topic: The way
    language: en
    -->
    Here.
    """
    assert [(it.topic, it.language) for it in parsed.drafts] == [
        ("Museum", "de"),
        ("The way", "en"),
    ]
    assert [it.line for it in parsed.drafts] == [10, 13]
    assert not parsed.problems


def test_a_topic_in_the_file_is_nearer_than_front_matter(parsed: Parsed) -> None:
    """---
    topic: Museum
    ...
    ## Tickets
    ### How much?
    Nothing.
    ### How many?
    Two.
    ## Where?
    Here.
    """
    assert [it.topic for it in parsed.drafts] == ["Tickets", "Tickets", "Museum"]


def test_front_matter_that_cannot_be_read_costs_no_entry(parsed: Parsed) -> None:
    """---
    topic: Museum: the big one
    ---
    ## When?
    Now.
    ## Where?
    Here.
    """
    assert questions(parsed) == ["When?", "Where?"]
    ((line, severity, what),) = told(parsed.problems)
    assert (line, severity) == (2, "warning")
    assert what.startswith("The front matter was left out.")


def test_front_matter_of_a_site_generator_is_none_of_our_business(parsed: Parsed) -> None:
    """---
    id: faq
    last_review_date: "2026-07-18"
    permalink: /faq/
    ---
    ## When?
    Now.
    ## Where?
    Here.
    """
    assert written(parsed)[0] == Written(None, ("When?",), "Now.", None, None)
    assert not parsed.problems


@pytest.mark.parametrize("answer", ["Opening: daily.", "**Note**: daily.", "Daily."])
def test_a_question_between_two_rules_is_no_front_matter(answer: str) -> None:
    """A colon in an answer does not turn the first entry below a rule into front matter."""
    parsed = parse(f"---\n\n## When?\n{answer}\n\n---\n\n## Where?\nHere.\n")
    assert [it.answer for it in parsed.drafts] == [answer, "Here."]


def test_a_rule_at_the_top_is_no_front_matter(parsed: Parsed) -> None:
    """---

    ## When?
    Now.

    ---

    ## How?
    So.

    ---

    ## Where?
    Here.
    """
    assert questions(parsed) == ["When?", "How?", "Where?"]
    assert [it.answer for it in parsed.drafts] == ["Now.", "So.", "Here."]


# What belongs to an answer


def test_a_link_defined_elsewhere_in_the_file_works_in_the_answer(parsed: Parsed) -> None:
    """## When?
    See [the site][Site] and [the hard
    links].

    [site]: https://example.org/a "Our site"

    ## Where?
    On the [map], ![as here][pic].

    [map]: <https://example.org/a map>
    [the hard links]: https://example.org/b
    [pic]: pic.png
    [unused]: https://example.org/c
    """
    assert [it.answer for it in parsed.drafts] == [
        (
            "See [the site][Site] and [the hard\nlinks].\n\n"
            '[site]: https://example.org/a "Our site"\n'
            "[the hard links]: https://example.org/b"
        ),
        "On the [map], ![as here][pic].\n\n[map]: <https://example.org/a map>\n[pic]: pic.png",
    ]


def test_link_definitions_alone_are_no_answer(parsed: Parsed) -> None:
    """## When?
    [site]: https://example.org
    ## Where?
    Here.
    ## Who?
    Us.
    """
    assert questions(parsed) == ["Where?", "Who?"]
    assert told(parsed.problems) == [(1, "error", '"When?" has no answer.')]


def test_an_answer_may_begin_with_indented_code(parsed: Parsed) -> None:
    """## How do I update?

        brew update
        brew upgrade

    Then wait.

    ## How do I stop?
    <!-- id: stop -->
        kill
    """
    assert [it.answer for it in parsed.drafts] == [
        "    brew update\n    brew upgrade\n\nThen wait.",
        "    kill",
    ]


def test_a_rule_between_entries_belongs_to_neither(parsed: Parsed) -> None:
    """# Help

    ---

    ## Hours

    ---

    ### When?
    Now.

    ***

    ### How long?
    Long.

    - - -

    Very long.

    ---
    """
    assert [(it.topic, it.answer) for it in parsed.drafts] == [
        ("Hours", "Now."),
        ("Hours", "Long.\n\n- - -\n\nVery long."),
    ]


def test_markdown_in_an_answer_stays_as_it_is_written(parsed: Parsed) -> None:
    r"""## What can I write?
    *Bold*, `code`, 5 \* 3, &amp;, <kbd>Ctrl</kbd>, two spaces at the end of a line
    and a table:

    | a | b |
    |---|---|
    | c | d |

    <details>
    <summary>More</summary>

    Here.

    </details>

    ## Where?
    Here.
    """
    assert only(parsed).answer == (
        "*Bold*, `code`, 5 \\* 3, &amp;, <kbd>Ctrl</kbd>, two spaces at the end of a line\n"
        "and a table:\n\n| a | b |\n|---|---|\n| c | d |\n\n"
        "<details>\n<summary>More</summary>\n\nHere.\n\n</details>"
    )


@pytest.mark.parametrize(
    "anchor",
    [
        '<a name="when"></a>',
        "<a id='when'></a>",
        '<a data-proofer-ignore name="when"></a>',
        '<a name="when" />',
        "<a name=when>\n</a>",
    ],
)
def test_an_anchor_above_a_heading_is_shown_to_nobody(anchor: str) -> None:
    """An invisible anchor, for links from elsewhere, is no text: topics stay topics."""
    parsed = parse(
        f"# Help\n\n## Hours\n\n{anchor}\n\n### When?\nNow.\n\n{anchor}\n\n### How long?\nLong.\n\n"
        f"## Ways\n\n{anchor}\n\n### Where?\nHere.\n"
    )
    assert [(it.questions[0], it.topic, it.answer) for it in parsed.drafts] == [
        ("When?", "Hours", "Now."),
        ("How long?", "Hours", "Long."),
        ("Where?", "Ways", "Here."),
    ]


# Nothing is lost silently


def test_a_question_without_an_answer_is_told(parsed: Parsed) -> None:
    """## When?
    Now.
    ## How?
    <!-- id: how -->

    ## Where?
    Here.
    """
    assert questions(parsed) == ["When?", "Where?"]
    assert told(parsed.problems) == [(3, "error", '"How?" has no answer.')]


def test_a_heading_without_words_is_told(parsed: Parsed) -> None:
    """## When?
    Now.
    ##
    Lost.
    ## ???
    Lost as well.
    ## Where?
    Here.
    """
    assert questions(parsed) == ["When?", "Where?"]
    assert [(line, kind) for line, kind, _ in told(parsed.problems)] == [(3, "error"), (5, "error")]


def test_a_phrasing_without_words_is_told_and_the_others_count(parsed: Parsed) -> None:
    """## When?
    <!-- also: ["???", at what time, ""] -->
    Now.
    ## Where?
    Here.
    """
    assert parsed.drafts[0].questions == ("When?", "at what time")
    assert len(parsed.problems) == 1
    assert "???" in parsed.problems[0].what


def test_headings_without_any_text_are_told(parsed: Parsed) -> None:
    """## When are you open?
    ## Where are you?
    """
    assert not parsed.drafts
    assert parsed.problems


@pytest.mark.parametrize("text", ["When are you open? Daily.", "We are open daily.", "- Daily"])
def test_a_file_with_text_and_no_question_is_told(text: str) -> None:
    """Whoever wrote no question that can be recognised learns that none was found."""
    parsed = parse(text)
    assert not parsed.drafts
    assert parsed.problems


@pytest.mark.parametrize("text", ["", "\n \n", "---\ntopic: Museum\n---\n", "<!-- soon -->\n"])
def test_an_empty_file_is_no_problem(text: str) -> None:
    """A file that nobody has written yet has neither entries nor problems."""
    parsed = parse(text)
    assert (parsed.drafts, parsed.problems, parsed.complete) == ([], [], True)


def test_an_empty_heading_beside_topics_is_told(parsed: Parsed) -> None:
    """## Hours
    ### When?
    Now.
    ### How long?
    Long.
    ## Where are you?
    """
    assert questions(parsed) == ["When?", "How long?"]
    assert [line for line, _, _ in told(parsed.problems)] == [6]


def test_a_question_below_the_wrong_heading_is_told(parsed: Parsed) -> None:
    """# Help
    ## Hours
    ### When?
    Now.
    ### How long?
    Long.
    ## Returns
    #### How do I send it back?
    By post.
    """
    found = [it.line for it in parsed.drafts] + [line for line, _, _ in told(parsed.problems)]
    assert 8 in found


def test_a_question_too_deep_at_the_top_is_told(parsed: Parsed) -> None:
    """### How do I send it back?
    By post.
    ## When?
    Now.
    ## Where?
    Here.
    """
    found = [it.line for it in parsed.drafts] + [line for line, _, _ in told(parsed.problems)]
    assert 1 in found


def test_an_answer_above_deeper_questions_is_an_entry_too(parsed: Parsed) -> None:
    """## How do I pay?
    By card.
    ### Which cards?
    All.
    ### When?
    Now.
    """
    assert [(it.questions[0], it.answer) for it in parsed.drafts] == [
        ("How do I pay?", "By card."),
        ("Which cards?", "All."),
        ("When?", "Now."),
    ]


@pytest.mark.parametrize("slip", ["##Where are you?", "###Where are you?", "##**Where** are you?"])
def test_a_heading_without_a_space_is_told(slip: str) -> None:
    """`##Question` is no heading in Markdown, which nobody sees who forgets the space."""
    parsed = parse(f"## When?\nNow.\n\n{slip}\nHere.\n\n## Who?\nUs.\n")
    assert [line for line, _, _ in told(parsed.problems)] == [4]


@pytest.mark.parametrize("fence", ["```", "~~~", "```sh"])
def test_a_code_block_that_never_ends_is_told(fence: str) -> None:
    """Questions that vanish in the code of the answer above are not lost without a word."""
    parsed = parse(f"## When?\nNow.\n\n## How?\n{fence}\nso\n\n## Where?\nHere.\n\n## Who?\nUs.\n")
    assert [line for line, _, _ in told(parsed.problems)] == [5]


@pytest.mark.parametrize("tag", ["<pre>", "<div>", "<details>", "<script>"])
def test_a_heading_right_below_html_is_a_heading(tag: str) -> None:
    """Markdown takes a heading right below a tag for HTML, which its author cannot see."""
    parsed = parse(f"## When?\nNow.\n\n{tag}\n## Where?\nHere.\n\n## Who?\nUs.\n")
    assert [(it.questions[0], it.answer) for it in parsed.drafts] == [
        ("When?", "Now."),
        ("Where?", "Here."),
        ("Who?", "Us."),
    ]


def test_a_line_of_dashes_right_below_a_text_parts_entries(parsed: Parsed) -> None:
    """## When?
    Now.
    ---
    ## Where?
    Here.
    ## Who?
    Us.
    """
    assert [it.answer for it in parsed.drafts] == ["Now.", "Here.", "Us."]
    assert not parsed.problems


_LEVELS = st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=8)


@given(_LEVELS)
@example([(1, True), (2, True), (3, True), (3, True)])
def test_every_heading_with_text_is_answered_or_told(headings: list[tuple[int, bool]]) -> None:
    """However the levels are mixed, each text is in an answer or in a problem, save a title's."""
    lines: list[str] = []
    for number, (level, has_text) in enumerate(headings):
        lines += [f"{'#' * level} Heading {number}", f"text-{number}." if has_text else ""]
    parsed = parse("\n".join(lines))
    answered = "\n".join(it.answer for it in parsed.drafts)
    told_lines = {line for line, _, _ in told(parsed.problems)}
    has_title = [level for level, _ in headings].count(1) == 1 and len(headings) > 1
    for number, (level, has_text) in enumerate(headings):
        if has_text and not (level == 1 and has_title):
            assert f"text-{number}." in answered or 2 * number + 1 in told_lines


def test_properties_may_begin_where_the_comment_does(parsed: Parsed) -> None:
    """## When?
    <!-- id: when
    also:
      - At what time?
    -->
    Now.

    ## Where?
    <!-- id: where
         also: At what place? -->
    Here.
    """
    assert [(it.id, it.questions) for it in parsed.drafts] == [
        ("when", ("When?", "At what time?")),
        ("where", ("Where?", "At what place?")),
    ]
    assert not parsed.problems


def test_questions_that_an_answer_swallows_are_told(parsed: Parsed) -> None:
    """## How do I order?
    In the shop.
    ### When does it come?
    Soon.
    ### What does it cost?
    A little.
    ## How do I return it?
    By post.
    """
    assert questions(parsed) == ["How do I order?", "How do I return it?"]
    ((line, severity, what),) = told(parsed.problems)
    assert (line, severity) == (1, "warning")
    assert "2 headings that look like questions" in what


def test_a_group_may_have_an_introduction(parsed: Parsed) -> None:
    """## Orders
    All about orders.
    ### When does it come?
    Soon.
    ### What does it cost?
    A little.
    ## Returns
    By post, at any time.
    """
    assert [(it.questions[0], it.topic) for it in parsed.drafts] == [
        ("When does it come?", "Orders"),
        ("What does it cost?", "Orders"),
        ("Returns", None),
    ]
    assert [line for line, _, _ in told(parsed.problems)] == [1]


def test_front_matter_may_come_after_a_blank_line() -> None:
    """A blank line at the top of a file is no reason to lose its topic."""
    parsed = parse("\n---\ntopic: Museum\n---\n## When?\nNow.\n")
    assert [(it.topic, it.line) for it in parsed.drafts] == [("Museum", 5)]


def test_a_heading_that_is_no_question_for_its_length_is_told() -> None:
    """A whole story in a heading is told rather than taken apart for minutes."""
    parsed = parse(f"## {'[' * 60_000}\nNow.\n\n## Where?\nHere.\n")
    assert questions(parsed) == ["Where?"]
    assert "is longer than 1,000 characters" in parsed.problems[0].what
    assert len(parsed.problems[0].what) < 200


# Any text


@given(entries(answers(deeper_than=3), min_size=2), st.none() | phrases())
def test_what_an_author_writes_is_what_is_read(faq: list[Written], title: str | None) -> None:
    """Questions, phrasings, ids, topics and answers written as Markdown come back unchanged.

    Only what is called a FAQ or its contents is no entry, and no author would call an entry so.
    """
    titles = [title or "", *(it.questions[0] for it in faq)]
    assume(not any(is_faq(it) or is_contents_title(it) for it in titles))
    expected = [
        Written(it.id, it.questions, it.answer, it.topic or title, it.language) for it in faq
    ]
    parsed = parse(as_markdown(faq, title))
    assert written(parsed) == expected
    assert not parsed.problems


@given(anything())
@example("# a\rb\r---\r\r---")
@example("## a\n<!-->\nb\n## c\nd")
@example("---")
@example("---\n---")
@example("## A\n" + "<a name=x>\n" * 10 + "text")
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    parse(text)


@given(anything())
def test_strange_text_costs_no_other_entry(text: str) -> None:
    """An entry above whatever goes wrong is read."""
    parsed = parse(f"# When?\nNow.\n\n# Where?\nHere.\n\n# Who?\n{text}")
    assert questions(parsed)[:2] == ["When?", "Where?"]


# Files that nobody prepared


def _sample(name: str) -> Parsed:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{path} is not there: ../shared comes with the project's workspace only")
    return parse(path.read_text(encoding="utf-8"))


def test_the_faq_of_pnpm_works_unchanged() -> None:
    """All nine H2 are questions: at lines 6, 24, 32, 40, 48, 64, 68, 100 and 105; the H3 below the
    last but two ("Store path is …") and the last ("Solution 1" to 3) are parts of answers. There is
    neither title nor topic.
    """
    parsed = _sample("pnpm-faq.md")
    assert not parsed.problems
    assert [it.line for it in parsed.drafts] == [6, 24, 32, 40, 48, 64, 68, 100, 105]
    assert {it.topic for it in parsed.drafts} == {None}
    by_line = {it.line: it for it in parsed.drafts}
    assert by_line[105].questions == ("pnpm does not work with <YOUR-PROJECT-HERE>?",)
    assert by_line[105].answer.count("\n### Solution ") == 3
    assert by_line[105].answer.endswith(
        "[`nodeLinker: hoisted`]: settings/node-modules.md#nodelinker\n"
        "[Webpack Dashboard]: https://github.com/pnpm/pnpm/issues/1043"
    )
    assert by_line[68].answer.count("\n### Store path is") == 2
    assert "\n[eps-issue]: https://" in by_line[48].answer


def test_the_faq_of_homebrew_works_unchanged() -> None:
    """Below the title, whose text is a table of contents, there are 28 H2, each of them a question:
    at lines 10, 14, 32, 52, 56, 72, 76, 82, 86, 95, 99, 112, 122, 126, 130, 148, 162, 166, 170,
    184, 190, 201, 207, 211, 217, 223, 249 and 263. None has deeper headings.
    """
    parsed = _sample("homebrew-FAQ.md")
    assert not parsed.problems
    lines = [it.line for it in parsed.drafts]
    assert lines == [
        *(10, 14, 32, 52, 56, 72, 76, 82, 86, 95, 99, 112, 122, 126, 130, 148, 162, 166, 170, 184),
        *(190, 201, 207, 211, 217, 223, 249, 263),
    ]
    assert {it.topic for it in parsed.drafts} == {"FAQ (Frequently Asked Questions)"}
    by_line = {it.line: it for it in parsed.drafts}
    assert by_line[72].questions == (
        (
            "Why does brew upgrade <formula> or brew install <formula> also upgrade a bunch of "
            "other stuff?"
        ),
    )
    assert by_line[76].answer == "    brew --cache\n\nWhich is usually: `~/Library/Caches/Homebrew`"


def test_anchors_in_the_faq_of_homebrew_are_shown_to_nobody() -> None:
    """The invisible anchor at line 221, above a heading, is no part of the answer before it."""
    parsed = _sample("homebrew-FAQ.md")
    answer = next(it.answer for it in parsed.drafts if it.line == 217)
    assert answer == (
        "`brew edit <formula>` and edit the formula directly. "
        "Currently there is no other way to do this."
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("---\ntopic: a\nlanguage: a: b\n---\n# A\n\nB\n", (3, 12)),
        ("# A\n<!--\nid: a: b\n-->\nB\n", (3, 6)),
        ("# A\n<!-- id: a: b -->\nB\n", (2, 1)),
    ],
)
def test_properties_that_are_no_yaml_are_told_with_their_column(
    text: str, place: tuple[int, int]
) -> None:
    """The author is led to the character; where a comment begins on its line, to the line."""
    problem = parse_markdown(text, "faq.md").problems[0]

    assert (problem.source.line, problem.column) == place


def test_a_page_in_html_is_told_to_be_imported() -> None:
    """Some sites keep their pages as Markdown in which there is none."""
    text = "<h1>FAQ</h1>\n<ul>\n\n    <li><b>When?</b><p>Now.</p></li>\n</ul>"
    (problem,) = parse(text).problems
    assert problem.what == "This file is written in HTML, and no question was found in it."
    assert "faqbot import" in problem.mend
