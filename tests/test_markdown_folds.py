"""Questions that fold their answers away, in HTML and in site generators."""

import pytest

from tests.markdown_checks import pairs, parse, topics


@pytest.mark.parametrize(
    "fold",
    [
        "<details><summary>{0}</summary>{1}</details>",
        "<details>\n<summary>{0}</summary>\n\n{1}\n\n</details>",
        "<details open>\n  <summary>\n    <b>{0}</b>\n  </summary>\n  <br>\n\n  {1}\n</details>",
        "<details markdown='1'>\n<summary><h3>{0}</h3></summary>\n{1}\n</details>",
        '<Accordion title="{0}">{1}</Accordion>',
        "<FAQ question='{0}'>\n{1}\n</FAQ>",
        '??? question "{0}"\n\n    {1}\n',
        '???+ note "{0}"\n    {1}\n',
        '!!! question "{0}"\n    {1}\n',
        "::: details {0}\n{1}\n:::",
        ":::{{dropdown}} {0}\n{1}\n:::",
        "```{{dropdown}} {0}\n{1}\n```",
        '{{{{< details "{0}" >}}}}\n{1}\n{{{{< /details >}}}}',
        '{{{{% expand title="{0}" %}}}}\n{1}\n{{{{% /expand %}}}}',
        "{{% details {0} %}}\n{1}\n{{% enddetails %}}",
    ],
)
@pytest.mark.parametrize("heading", ["# FAQ\n\n", "## Opening\n\n", ""])
def test_what_folds_is_an_entry(fold: str, heading: str) -> None:
    """Its title is the question, the text inside the answer, whatever tool it is for."""
    first, second = fold.format("When?", "Now."), fold.format("Where?", "**Here.**")
    parsed = parse(f"{heading}{first}\n\n{second}\n")
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "**Here.**")]
    assert not parsed.problems


def test_folds_may_group_questions() -> None:
    """A fold of folds, or of headings, is a topic."""
    parsed = parse(
        """
        # Help

        <details><summary>Hours</summary>
          <details>
            <summary>When?</summary>
            Now.
          </details>
          <details>
            <summary>How long?</summary>

        ### Long
        Very.

          </details>
        </details>

        <details><summary>Ways</summary>

        ### Where?
        Here.

        ### How?
        By bus.

        </details>
        """
    )
    assert topics(parsed) == [
        ("When?", "Hours"),
        ("How long?", "Hours"),
        ("Where?", "Ways"),
        ("How?", "Ways"),
    ]
    assert pairs(parsed)[1] == ("How long?", "### Long\nVery.")


@pytest.mark.parametrize(
    "text",
    [
        "Long log:\n\n<details>\n<summary>Show</summary>\n\nlog\n\n</details>",
        'Mind this:\n\n??? note "More"\n    Text.',
        "::: tip Mind\nthis\n:::",
        "!!! note\n    Mind.",
        ":::note[How so?]\nSo.\n:::",
        '=== "Linux"\n    `make`',
    ],
)
def test_what_folds_within_an_answer_belongs_to_it(text: str) -> None:
    """Notes, tabs and long outputs are no questions."""
    parsed = parse(f"## When?\n{text}\n\n## Where?\nHere.")
    assert pairs(parsed) == [("When?", text), ("Where?", "Here.")]


def test_an_answer_may_be_folded_as_a_whole() -> None:
    """Then the heading is the question, and what to click on says nothing."""
    parsed = parse(
        """
        ## When
        <details><summary>Click to expand</summary>

        Now.

        </details>

        ## Where
        <details><summary>Click to expand</summary>

        Here.

        </details>
        """
    )
    assert pairs(parsed) == [("When", "Now."), ("Where", "Here.")]


def test_code_in_a_fold_is_code() -> None:
    """Also where no blank line parts it from the tags."""
    parsed = parse(
        """
        # FAQ
        <details><summary>How?</summary>
        ```sh
        # first

        ## then
        ```
        </details>
        <details><summary>Why?</summary>
        Because.
        </details>
        """
    )
    assert pairs(parsed) == [("How?", "```sh\n# first\n\n## then\n```"), ("Why?", "Because.")]


def test_folds_that_nobody_closes_end_where_the_next_begins() -> None:
    """A forgotten end tag costs no entry."""
    parsed = parse(
        """
        # FAQ
        <details><summary>When?</summary>
        Now.

        <details><summary>Where?</summary>
        Here.
        """
    )
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]


@pytest.mark.parametrize(
    "text",
    [
        "<details>\nNo title.\n</details>",
        "<details>\n<summary>Never ends",
        "</details>",
        "<summary>Alone</summary>",
        "::: details\nNo title.\n:::",
        '<Accordion title="x" />',
    ],
)
def test_half_a_fold_is_text(text: str) -> None:
    """What is no whole fold costs no entry."""
    parsed = parse(f"## When?\nNow.\n\n{text}\n\n## Where?\nHere.")
    assert [question for question, _ in pairs(parsed)] == ["When?", "Where?"]


def test_code_that_shows_a_fold_is_code() -> None:
    """A FAQ about HTML may show it."""
    text = "```html\n<details><summary>Why?</summary>So.</details>\n```"
    assert pairs(parse(f"# FAQ\n## How?\n{text}\n## Where?\nHere."))[0] == ("How?", text)


@pytest.mark.parametrize("code", ["`<details>`", "``<details>` ``", "`<summary>` and `</details>`"])
def test_a_tag_in_code_is_a_text(code: str) -> None:
    """An answer may tell how folding is written."""
    text = f"# F\n\n## How do I fold?\n\nWrite {code}. It folds.\n\n## And then?\n\nNothing.\n"
    assert pairs(parse(text)) == [
        ("How do I fold?", f"Write {code}. It folds."),
        ("And then?", "Nothing."),
    ]


def test_a_box_of_any_name_whose_title_asks_folds_among_others_that_fold() -> None:
    """Where questions fold, some stand in a box that only looks different."""
    text = """
        # FAQ

        ::: details Where is it?
        Here.

        ::: tip Really?
        Really.
        :::
        :::

        ::: danger Does it burn?
        Run.
        :::

        ::: tip Mind
        the gap.
        :::
    """
    assert pairs(parse(text)) == [
        ("Where is it?", "Here.\n\n::: tip Really?\nReally.\n:::"),
        ("Does it burn?", "Run."),
    ]
