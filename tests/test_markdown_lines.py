"""What is not for readers: comments, template tags, anchors; and headings that HTML would hide."""

import pytest

from tests.markdown_checks import pairs, parse

_TWO = "\n\n## Where?\nHere.\n"


def answer(text: str) -> str:
    """Give the first answer of a file with two questions, the second being well."""
    parsed = parse(f"## When?\n{text}{_TWO}")
    assert pairs(parsed)[-1] == ("Where?", "Here.")
    return parsed.drafts[0].answer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Now <!-- ask Maria --> and always.", "Now  and always."),
        ("Now.<!-- a --> Yes.<!-- b -->", "Now. Yes."),
        ("<!-- a --> <!-- b --> Now.", "Now."),
        ("<!-- a --><!-- b -->\nNow.", "Now."),
        ("Now, <!-- a\nb\nc --> always.", "Now,\nalways."),
        ("- Now\n  <!-- ask Maria -->\n- Later", "- Now\n\n- Later"),
        ("> Now <!-- ask -->", "> Now"),
        ("Now.\n\n<!---->\nYes.", "Now.\n\n\nYes."),
        ("Write `<!-- a -->` or ``b ` <!-- c -->``.", "Write `<!-- a -->` or ``b ` <!-- c -->``."),
        ("```\n<!-- a -->\n```", "```\n<!-- a -->\n```"),
        ("So:\n\n    <!-- a -->", "So:\n\n    <!-- a -->"),
        ("1 <!- 2 and 3 <!-- 4", "1 <!- 2 and 3 <!-- 4"),
    ],
)
def test_comments_are_shown_to_nobody(text: str, shown: str) -> None:
    """Wherever in an answer they stand, but in code they are what the answer is about."""
    assert answer(text).rstrip() == shown


@pytest.mark.parametrize(
    "line",
    [
        "{% raw %}",
        "{%- endraw -%}",
        "{% include toc.html %}",
        "{{< toc >}}",
        "(my-target)=",
        "{: .no_toc }",
        '<a name="x"></a> <a id="y"></a>',
        "[//]: # (a note)",
        "[comment]: <> (a note)",
    ],
)
def test_what_only_a_site_generator_reads_is_shown_to_nobody(line: str) -> None:
    """Template tags, targets, attributes and anchors on lines of their own."""
    assert answer(f"Now.\n\n{line}\n").strip() == "Now."
    assert answer(f"{line}\nNow.\n").strip() == "Now."


def test_the_code_of_an_mdx_page_is_no_answer() -> None:
    """Imports stand above and between headings; in an answer's code they stay."""
    parsed = parse(
        """
        import Tabs from '@theme/Tabs';
        import "./a.css"

        export const x = 1;

        ## How do I import it?
        ```js
        import a from "a";
        ```
        ## Where?
        Here.
        """
    )
    assert pairs(parsed) == [
        ("How do I import it?", '```js\nimport a from "a";\n```'),
        ("Where?", "Here."),
    ]


@pytest.mark.parametrize(
    "tag", ["{% highlight sh %}|{% endhighlight %}", "{{< highlight sh >}}|{{< /highlight >}}"]
)
def test_a_line_that_looks_like_a_heading_in_a_template_is_code(tag: str) -> None:
    """Site generators have code blocks of their own."""
    begin, end = tag.split("|")
    assert answer(f"{begin}\n# update\n\n## upgrade\n{end}\nDone.").endswith("Done.")


@pytest.mark.parametrize(
    "html",
    [
        "<div>",
        "<p>Some text",
        "<details>\n<summary>More</summary>",
        "<img src='a.png'>",
        "<br>",
        "<center>",
        "<script>",
        "<style>",
        "<pre>",
    ],
)
def test_html_hides_no_heading(html: str) -> None:
    """A heading right below a tag is one, even if the tag is never closed."""
    parsed = parse(f"## When?\nNow.\n\n{html}\n## Where?\nHere.\n\n## Who?\nUs.")
    assert [question for question, _ in pairs(parsed)] == ["When?", "Where?", "Who?"]


def test_what_looks_like_a_heading_in_closed_code_is_none() -> None:
    """<pre> with its end holds code."""
    text = "<pre>\n## A\n\n## B\n</pre>"
    assert answer(text) == text


def test_an_open_tag_of_code_is_told() -> None:
    """Whoever forgot the end of <pre> learns where."""
    parsed = parse(f"## When?\n<pre>\nNow.{_TWO}")
    assert [(it.source.line, it.severity) for it in parsed.problems] == [(2, "warning")]


def test_headings_may_be_html() -> None:
    """READMEs centre their headings so."""
    parsed = parse(
        """
        <h1 align="center">Shop</h1>
        <h2>When?</h2>
        Now.
        <h2 id="w">Where?</h2>

        Here.
        """
    )
    assert [(it.questions[0], it.answer, it.topic) for it in parsed.drafts] == [
        ("When?", "Now.", "Shop"),
        ("Where?", "Here.", "Shop"),
    ]


@pytest.mark.parametrize("heading", ["##Where?", "##\u00a0Where?", "#Where is it?"])
def test_a_heading_needs_no_space(heading: str) -> None:
    """Old tools did without, so old files do; it is told once."""
    parsed = parse(f"{heading}\nHere.\n\n{heading.replace('Where', 'When')}\nNow.")
    assert len(parsed.drafts) == 2
    assert len(parsed.problems) == 1


def test_hashtags_and_numbers_of_issues_are_no_headings() -> None:
    """One sign alone begins a heading only if it is a question."""
    assert (
        answer("#shop is our channel.\n\n#12 is fixed.") == "#shop is our channel.\n\n#12 is fixed."
    )


@pytest.mark.parametrize(
    ("heading", "id_"),
    [
        ("## When? { #hours data-toc-label='Hours' }", "hours"),
        ("## When? {.big}", None),
        ("## When? {/* #hours */}", "hours"),
        ("## When?\n{: #hours .big}", "hours"),
        ("## When? [¶](#when)", None),
        ("## [](#when) When?", None),
        ("## <a name='when'></a>When?", None),
        ("## ~~When?~~", None),
        ("## When? [![badge](a.svg)](b)", None),
    ],
)
def test_what_else_stands_in_a_heading_is_no_part_of_the_question(
    heading: str, id_: str | None
) -> None:
    """Attributes, links to itself, anchors and badges."""
    first = parse(f"{heading}\nNow.{_TWO}").drafts[0]
    assert (first.questions, first.id, first.answer) == (("When?",), id_, "Now.")


def test_a_line_of_dashes_may_still_underline_a_heading() -> None:
    """Where headings are underlined, dashes are no rule."""
    parsed = parse("When?\n---\nNow.\n\nWhere?\n---\nHere.")
    assert pairs(parsed) == [("When?", "Now."), ("Where?", "Here.")]
