"""HTML out of data for web pages, as Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.html_text import html_to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("Just text, 2 < 3 & <name>.", "Just text, 2 < 3 & <name>."),
        ("Fish &amp; chips", "Fish & chips"),
        ("<p>One  line.</p>\n<p>Two<br>lines.</p>", "One line.\n\nTwo\nlines."),
        ("<b>Bold</b>, <em>so</em>, <code>x</code>", "**Bold**, *so*, `x`"),
        (
            'See <a href="https://example.org/?a=1&amp;b">the <i>page</i></a>.',
            "See [the *page*](https://example.org/?a=1&b).",
        ),
        ("<a href='mailto:a@b.c'>mail</a> <A HREF=/x>x</A>", "[mail](mailto:a@b.c) [x](/x)"),
        ('<a href="javascript:alert(1)">click</a> <a name="x">y</a></a>', "click y"),
        ("<ul><li>one</li><li>two</li></ul>End", "- one\n- two\n\nEnd"),
        ("<p>Say <placeholder> or<!-- not --> go</p>", "Say <placeholder> or go"),
        ("a<script>alert('<p>')</script>b<style>p {}</style>c<script>d", "abc"),
        ("<h3>Head</h3><div>Text<hr/>more</div>", "Head\n\nText\n\nmore"),
    ],
)
def test_what_can_be_kept_is_kept(html: str, markdown: str) -> None:
    """Paragraphs, lists, links, bold and code stay; scripts and odd links go."""
    assert html_to_markdown(html) == markdown


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<a href='/x'>", "</a>", "<!--", "-->", "<", ">", "<a ", "x"]
        )
        | st.text(max_size=4)
    ).map("".join)
)
def test_no_html_is_too_strange(text: str) -> None:
    """Whatever stands there comes out as some text."""
    html_to_markdown(text)


@pytest.mark.parametrize("unit", ["<a ", "<!--", "<b> ", "<p>", "<a href=", "&", "<a href='x"])
def test_endless_repetition_takes_no_endless_time(unit: str) -> None:
    """Half a megabyte of the same is done at once."""
    assert html_to_markdown(unit * (500_000 // len(unit))) is not None
