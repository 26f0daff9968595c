"""What an answer is without what only makes sense on its page."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.faq_strategies import anything
from tests.markdown_checks import pairs, parse


@pytest.mark.parametrize(
    "end",
    [
        "[Back to top](#top)",
        "[↑](#faq) ",
        "**[⬆ back to top](#table-of-contents)**",
        '<p align="right">(<a href="#readme-top">back to top</a>)</p>',
        "[Наверх](#top)",
        "---",
        "***\n",
        "<br>\n\n<br/>",
        "</div>",
        "</details>\n</div>",
        '<div align="center">',
        '<a name="where"></a>',
        "### [Next: prices](prices.md)",
        "---\n\n[Top](#)\n\n---",
        "[← Back to the manual](README.md)",
        "---\n\n[⬅️ Übersicht](index.md)",
    ],
)
def test_an_answer_ends_with_its_text(end: str) -> None:
    """Ways back, rules, breaks and lost tags between entries belong to neither."""
    parsed = parse(f"## When?\nNow.\n\n{end}\n\n## Where?\n<br>\n\nHere.\n\n{end}\n")
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]


@pytest.mark.parametrize(
    "answer",
    [
        "See [above](#hours).",
        "[Prices](#prices)",
        "[Top](https://example.org/top)",
        "<div>\nNow.\n</div>",
        "<p>Now.</p>",
        "![plan](plan.png)",
        "<img src='plan.png'>",
        "Now.\n\n---\n\nAlways.",
        "    code",
    ],
)
def test_what_says_something_stays(answer: str) -> None:
    """Links to other answers, pictures and tags with both ends."""
    assert pairs(parse(f"## When?\n{answer}\n\n## Where?\nHere.\n"))[0] == ("When?", answer)


def test_footnotes_follow_the_answers_that_refer_to_them() -> None:
    """Wherever in the file they stand; a link in a footnote comes along."""
    parsed = parse(
        """
        ## When?
        Now[^1], see [^b].

        [^1]: Or [later][site].
        [^b]: Two
        lines.

            And more.

        ## Where?
        Here[^1].

        [site]: https://example.org
        """
    )
    note = "[^1]: Or [later][site]."
    link = "[site]: https://example.org"
    assert [answer for _, answer in pairs(parsed)] == [
        f"Now[^1], see [^b].\n\n{note}\n[^b]: Two\nlines.\n\n    And more.\n{link}",
        f"Here[^1].\n\n{note}\n{link}",
    ]


_FRAGMENTS = st.sampled_from(
    [
        *("<details>", "<summary>", "</summary>", "</details>\n", "<summary>Why?</summary>\n"),
        *('??? question "Why?"\n', "    ", '!!! note "a"\n', "::: details Why?\n", ":::\n"),
        *(
            "```{dropdown} a\n",
            "```\n",
            "{% raw %}\n",
            "{% highlight a %}\n",
            "{% endhighlight %}\n",
        ),
        *("Q: a?\n", "A: b\n", "**a?**\n", "**a?** b\n", "- a?\n  b\n", "1. **a?**\n", "\n: b\n"),
        *("| question | answer |\n|-|-|\n", "| a | b |\n", "> Q: a?\n", "> A: b\n", "[^1]: c\n"),
        *(
            "# FAQ\n",
            "## Contents\n",
            "- [a](#a)\n",
            "<!-- c -->",
            "<!--",
            "-->",
            "<pre>\n",
            "</pre>",
        ),
        *(
            "---\n",
            "question: a?\n",
            "[top](#)\n",
            "<h2>a?</h2>\n",
            "##a?\n",
            "import 'a'\n",
            "text\n",
        ),
        *(
            '<FAQ title="a?">',
            "</FAQ>\n",
            "a?\n",
            "\n",
            "\n\n",
            "  ",
            "[^1]",
            "{: #a}\n",
            "1.1 a?\n",
        ),
    ]
)


@given(st.lists(_FRAGMENTS | anything(), max_size=30).map("".join))
@example("<pre>" * 3000)
@example("<details><summary>" * 3000)
@example("<!-- " * 3000)
@example("Q: a\n" * 3000)
@example("??? question 'a'\n" * 3000)
@example("- " * 10_000)
@example("> " * 10_000)
@example("## A?\n" + "[x](#" * 5000)
@example("## " + "?" * 60_000 + "a")
def test_any_text_yields_entries_of_the_file_or_problems(text: str) -> None:
    """However constructs are mixed, nested and left open, answers only say what the file says."""
    parse(text)
