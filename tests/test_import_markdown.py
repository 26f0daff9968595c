"""Tags and texts to Markdown that shows what the document showed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from bot.importing.html_tree import Addresses, to_markdown
from bot.importing.markdown_builder import MarkdownBuilder
from tests.faq_strategies import phrases

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def convert(source: str) -> str:
    """Write a piece of HTML as Markdown."""
    root = html.fragment_fromstring(source, create_parent="div")
    return to_markdown([root], Addresses(root))


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("<p>One\n  line</p><p>two</p>", "One line\n\ntwo"),
        ("a<br>b<br><br>c", "a\\\nb\n\nc"),
        ("<b> bold </b>and<i>more</i>", "**bold** and*more*"),
        ("<strong>a <b>b</b></strong>", "**a b**"),
        ("<s>old</s> H<sub>2</sub>O 10<sup>3</sup>", "~~old~~ H₂O 10³"),
        ("<code>a_b`c</code> <kbd>x</kbd>", "``a_b`c`` `x`"),
        ('<a href="https://e.org/a (b)">t <b>x</b></a>', "[t **x**](https://e.org/a%28b%29)"),
        ('<a href="javascript:x()">t</a> <a href="#top">u</a>', "t u"),
        ('<img src="a.png" alt="A [b]"><img src="data:x" alt="B">', "![A \\[b\\]](a.png)B"),
        ("<q>so</q> <abbr>etc</abbr>", "“so” etc"),
        ("<hr>", "***"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>x", "- a\n  - b\n\nx"),
        ("<ol start=3><li>a<li><p>b<p>c</ol>", "3. a\n\n4. b\n\n   c"),
        ("<ul>x<ul><li>y</ul></ul>", "x\n\n- y"),
        ("x<blockquote>a<blockquote>b</blockquote></blockquote>", "x\n\n> a\n>\n> > b"),
        ("<blockquote>all of it</blockquote>", "all of it"),
        (
            '<div class="highlight-python"><pre><span>a = 1\n</span>  b</pre></div>',
            "```python\na = 1\n  b\n```",
        ),
        ('<pre><code class="language-sh">ls ```\n</code></pre>', "````sh\nls ```\n````"),
        ("<pre> \n </pre>", ""),
        ("<pre>a<br>b</pre>", "```\na\nb\n```"),
        (
            "<table><tr><th>a<th>b<tr><td>1|2<td>c<br>d<tr><td>3</table>",
            "| a | b |\n| --- | --- |\n| 1\\|2 | c d |\n| 3 |  |",
        ),
        ("<table><tr><td>a<tr><td>b</table>", "a\n\nb"),
        ("<table><tr><td><ul><li>a<li>b</ul><td>c</table>", "- a\n- b\n\nc"),
        ("<dl><dt>Term<dd>Meaning</dl>", "**Term**\n\nMeaning"),
        ("<h3>Part</h3>text", "**Part**\n\ntext"),
        ("<details><summary>More</summary>text</details>", "**More**\n\ntext"),
        (
            '<div class="admonition note"><p class="admonition-title">Note</p><p>x</p></div>y',
            "> **Note**\n>\n> x\n\ny",
        ),
        ("<button>Copy</button>text", "text"),
        ("<b><p>block in inline</p></b>", "block in inline"),
    ],
)
def test_what_a_page_shows_is_what_markdown_shows(source: str, markdown: str) -> None:
    """Each kind of formatting that an answer may have is kept."""
    assert convert(source) == markdown


TAGS = ("b", "i", "s", "code", "a", "span")
SIGNS = """
# no|- no|1. no|7) x|> q|+ x|---|===|~~~|a * b *c*|[a](b)|snake_case _x_|<b>|&lt;|a\\b|`x`|~~x~~
"""


@pytest.mark.parametrize("text", [*SIGNS.strip().split("|"), "![x](y)", "https://e.org/_a_"])
def test_signs_of_markdown_in_a_text_stay_what_they_are(text: str) -> None:
    """A text that looks like Markdown is shown as it was written."""
    assert _shown(_built(text)) == text


@given(phrases())
def test_any_text_is_shown_as_it_is(text: str) -> None:
    """Whatever somebody wrote on a page is what the bot's answer shows."""
    assert _shown(_built(text)).split() == " ".join(text.split()).split()


@given(
    st.lists(
        st.tuples(st.sampled_from(["b", "i", "s", "code", "a", "span"]), phrases()), max_size=6
    )
)
@example([("b", "0"), ("i", "0"), ("s", "0:"), ("b", "~0")])
@example([("s", "0~"), ("span", "~"), ("s", "~"), ("span", "~0")])
def test_emphasis_never_shows_its_signs(pieces: list[tuple[str, str]]) -> None:
    """However bold and italic follow each other, nobody sees a star that was not there."""
    builder = MarkdownBuilder()
    for tag, text in pieces:
        builder.start(tag, {"href": "https://e.org/"})
        builder.text(text)
        builder.end()

    assert _shown(builder.finish()).split() == "".join(text for _, text in pieces).split()


def test_an_address_is_made_absolute_where_the_page_says_where_it_is_from() -> None:
    """Links of a saved page lead to the site that it was saved from."""
    page = (
        '<head><base href="/docs/"><link rel=canonical href="https://e.org/x"></head>'
        "<p><a href=y>y</a>"
    )
    root = html.document_fromstring(page)

    assert to_markdown([root], Addresses(root)) == "[y](https://e.org/docs/y)"


@pytest.mark.parametrize("tag", ["ul", "blockquote", "b", "table", "div"])
def test_depth_does_no_harm(tag: str) -> None:
    """Ten thousand tags within each other come out as what they hold."""
    builder = MarkdownBuilder()
    for _ in range(10_000):
        builder.start(tag)
        builder.start({"ul": "li", "table": "td"}.get(tag, tag))
    builder.text("deep inside")

    assert "deep inside" in builder.finish()


def _built(text: str) -> str:
    builder = MarkdownBuilder()
    builder.start("p")
    builder.text(text)
    return builder.finish()


def _shown(markdown: str) -> str:
    """Give the text that readers see."""
    shown = MARKDOWN.render(markdown)
    return str(html.fragment_fromstring(shown, create_parent="div").text_content()).strip("\n")
