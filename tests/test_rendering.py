"""What a reader in Telegram sees of an admin's Markdown."""

import html
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from apsw import unicode as segments
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.faq.faq_file import FORMATS
from bot.faq.folder import read_faq
from bot.model import Entry
from bot.telegram.directions import directed
from bot.telegram.rendering import MAX_MARKDOWN, Part, plain, read, render
from bot.telegram.splitting import is_blank
from bot.telegram.writing import write

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT.parent / "shared" / "faq-samples"
FAMILY = "👨‍👩‍👧‍👦"

QUOTES = {"blockquote", "expandable_blockquote"}

NOTHING: list[tuple[str, ...]] = []
SHOWN: list[tuple[str, str, list[tuple[str, ...]]]] = [
    # Emphasis and code
    ("**Now** or *never*", "Now or never", [("bold", "Now"), ("italic", "never")]),
    ("**a *b* c**", "a b c", [("bold", "a b c"), ("italic", "b")]),
    ("~~no~~, ~5 or ~6~", "no, ~5 or ~6~", [("strikethrough", "no")]),
    ("Run `go` *now*", "Run go now", [("code", "go"), ("italic", "now")]),
    ("**run `go` now**", "run go now", [("bold", "run"), ("code", "go"), ("bold", "now")]),
    ("```python\nif x:\n    y\n```", "if x:\n    y", [("pre", "if x:\n    y", "python")]),
    ("a\n\n      b\n     c", "a\n\n  b\n c", [("pre", "  b\n c")]),
    ("👍🏽 **ok** 🇩🇪", "👍🏽 ok 🇩🇪", [("bold", "ok")]),
    # Headings, quotes, rules, paragraphs
    ("# Title\n\ntext", "Title\n\ntext", [("bold", "Title")]),
    ("Title {#id}\n===\n## Sub\ntext {#x}", "Title\n\nSub\n\ntext {#x}",
     [("bold", "Title"), ("bold", "Sub")]),
    ("#### **Deep** down", "Deep down", [("bold", "Deep down")]),
    ("> said\n> so\n>> twice", "said\nso\n\ntwice", [("blockquote", "said\nso\n\ntwice")]),
    ("a\n\n---\n\nb", "a\n\n————————\n\nb", NOTHING),
    ("one  \ntwo\\\nthree\nfour", "one\ntwo\nthree\nfour", NOTHING),
    ("one\r\n\r\ntwo", "one\n\ntwo", NOTHING),
    # Lists
    ("- a\n  - b\n    1. c\n- d", "• a\n  • b\n    1. c\n• d", NOTHING),
    ("3. c\n4. d", "3. c\n4. d", NOTHING),
    ("- [x] done\n- [ ] open", "☑ done\n☐ open", NOTHING),
    ("1. [X] **done**\n2. \\[ ] no", "1. ☑ done\n2. [ ] no", [("bold", "done")]),
    ("- [ ](https://x.org)", "• https://x.org", [("text_link", "https://x.org", "https://x.org")]),
    ("- a\n\n  b\n\n- c", "• a\n\n  b\n\n• c", NOTHING),
    ("9. a  \n   b\n10. - c\n    - d", "9. a\n   b\n10. • c\n    • d", NOTHING),
    ("- \n- b", "•\n• b", NOTHING),
    ("- > a\n  >\n  > b", "• a\n\nb", [("blockquote", "a\n\nb")]),
    ("- # a\n  b", "• a\n  b", [("bold", "a")]),
    ("- a\n  ```\n  x\n  ```\n  b\n- c", "• a\nx\n  b\n• c", [("pre", "x")]),
    # Links
    ("[a](https://x.org/?b=c#d)", "a", [("text_link", "a", "https://x.org/?b=c#d")]),
    ("[a][1] [b]\n\n[1]: https://x.org 't'\n[b]: http://y.org", "a b",
     [("text_link", "a", "https://x.org"), ("text_link", "b", "http://y.org")]),
    ("<https://x.org>", "https://x.org", [("text_link", "https://x.org", "https://x.org")]),
    ("[bot](tg://resolve?domain=x)", "bot", [("text_link", "bot", "tg://resolve?domain=x")]),
    ("[`a`](https://x.org)", "a", [("text_link", "a", "https://x.org")]),
    ("x[ a ](https://x.org)b", "x a b", [("text_link", "a", "https://x.org")]),
    ("[a](javascript:alert(1)) [b](data:text/html,x) [c](d.md) [e](#f) [g]()", "a b c e g",
     NOTHING),
    # Telegram refuses these addresses, so they are told: it makes links of them by itself.
    ("[write](mailto:a@b.org?subject=x) or <c@d.org>", "write (a@b.org) or c@d.org", NOTHING),
    ("[call](tel:+4912345)", "call (+4912345)", NOTHING),
    ("[here](http://localhost:8080/)", "here (http://localhost:8080/)", NOTHING),
    ('[a](https://x.org "preview") [b](https://y.org "t")', "a b",
     [("text_link", "a", "https://x.org"), ("text_link", "b", "https://y.org")]),
    ("[a]( <d e.md> ) [b][c]", "a [b][c]", NOTHING),
    # Images
    ("![a cat](https://x.org/c.png)", "a cat", [("text_link", "a cat", "https://x.org/c.png")]),
    ("![a cat](img/c.png)", "a cat", NOTHING),
    ("![](https://x.org/c.png)", "https://x.org/c.png",
     [("text_link", "https://x.org/c.png", "https://x.org/c.png")]),
    ("[![a](https://x.org/a.png) b](https://y.org)", "a b",
     [("text_link", "a b", "https://y.org")]),
    # Tables
    ("|a|b|\n|-|-|\n|**1**|x<br>y|", "a | b\n--+--\n1 | x\n  | y",
     [("pre", "a | b\n--+--\n1 | x\n  | y")]),
    ("|a|b|\n|-|-|\n|[c](https://x.org)|d|", "a: c\nb: d",
     [("bold", "a"), ("text_link", "c", "https://x.org"), ("bold", "b")]),
    ("|Name|What it is very very good for|\n|-|-|\n|`a`|everything|\n|b||",
     "Name: a\nWhat it is very very good for: everything\n\nName: b",
     [("bold", "Name"), ("code", "a"), ("bold", "What it is very very good for"),
      ("bold", "Name")]),
    ("|One long header|and another one here|\n|-|-|", "One long header\nand another one here",
     [("bold", "One long header"), ("bold", "and another one here")]),
    ("- a\n\n  |b|\n  |-|\n  |c|", "• a\n\nb\n-\nc", [("pre", "b\n-\nc")]),
    ("<table><caption>T</caption><tr><th>a<th>b<tr><td>c</table>", "T\n\na | b\n--+--\nc |",
     [("bold", "T"), ("pre", "a | b\n--+--\nc |")]),
    # HTML and character references
    ("a <!-- not\nthis --> b\n\n<!-- nor\n\nthis -->", "a b", NOTHING),
    ("a<br>b <b>c</b> <kbd>d</kbd> <i>e", "a\nb c d e",
     [("bold", "c"), ("code", "d"), ("italic", "e")]),
    ('<a href="https://x.org">a</a> <a name="b"></a>c', "a c",
     [("text_link", "a", "https://x.org")]),
    ("a\n<details>\n<summary>More</summary>\n\nof **it**\n\n</details>\n\nb",
     "a\n\nMore\nof it\n\nb",
     [("expandable_blockquote", "More\nof it"), ("bold", "More"), ("bold", "it")]),
    ("<details>a</details>", "a", [("expandable_blockquote", "a")]),
    ("<ul>\n  <li>a &amp; b</li>\n  <li>c</li>\n</ul>", "• a & b\n• c", NOTHING),
    ("<ol start='3'><li>a<li>b<ul><li>c</ul></ol>", "3. a\n4. b\n   • c", NOTHING),
    ("<p>a<p>b<hr><h2>c</h2>d", "a\n\nb\n\n————————\n\nc\n\nd", [("bold", "c")]),
    ("<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>", "a\n  b\n  c\n\nd\n  e", [("bold", "a"), ("bold", "d")]),
    ("<pre><code>a\n  b</code></pre>", "a\n  b", [("pre", "a\n  b")]),
    ("<blockquote>a<br><br>b</blockquote>", "a\n\nb", [("blockquote", "a\n\nb")]),
    ("<u>a</u> <ins>b</ins> <q>c</q> <del>d</del>", "a b “c” d",
     [("underline", "a"), ("underline", "b"), ("strikethrough", "d")]),
    ("x<sup>2</sup> H<sub>2</sub>O 5<sup>th</sup> e<sup>x</sup> a<sub>i</sub>",
     "x² H₂O 5th e^x ai", NOTHING),
    ("**a <b>b** c</b> d</i>", "a b c d", [("bold", "a b")]),
    ("- <b>a\n- b", "• a\n• b", [("bold", "a")]),
    ("a <ul><li>b</ul> c", "a\n• b\nc", NOTHING),
    ("> a</blockquote>\n> b", "a\nb", [("blockquote", "a\nb")]),
    ('<img src="x.png" alt="a cat">', "a cat", NOTHING),
    ("<p>a</p><script>b()</script>", "a", NOTHING),
    ("Give <your-name> and <id>", "Give <your-name> and <id>", NOTHING),
    ("&lt;b&gt; &copy; &#8364; A&#1;B", "<b> © € A\ufffdB", NOTHING),
    ("&amp;amp; AT&T &nbsp;&shy;x", "&amp; AT&T \xa0\xadx", NOTHING),
    # Notes, definitions, footnotes
    ("> [!NOTE]\n> Be *quick*.\n> Now", "\N{INFORMATION SOURCE}\ufe0f Be quick.\nNow",
     [("blockquote", "\N{INFORMATION SOURCE}\ufe0f Be quick.\nNow"), ("italic", "quick")]),
    ("> [!warning]- Mind the **gap**\n>\n> - a", "⚠️ Mind the gap\n• a",
     [("blockquote", "⚠️ Mind the gap\n• a"), ("bold", "Mind the gap")]),
    ("> [!TIP]\n> ```\n> a\n> ```", "💡\na", [("blockquote", "💡\na"), ("pre", "a")]),
    ("> [!Own] x\n> y", "Own x\ny", [("blockquote", "Own x\ny"), ("bold", "Own x")]),
    ("> [!x](https://x.org)", "!x", [("blockquote", "!x"), ("text_link", "!x", "https://x.org")]),
    ('!!! danger "Hot"\n    a\n\nb', "🛑 Hot\na\n\nb",
     [("blockquote", "🛑 Hot\na"), ("bold", "Hot")]),
    ("!!! note\n    a", "\N{INFORMATION SOURCE}\ufe0f a",
     [("blockquote", "\N{INFORMATION SOURCE}\ufe0f a")]),
    ("??? question\n    a", "❓ a", [("expandable_blockquote", "❓ a")]),
    ("!!! Really, this?", "Really , this?",
     [("blockquote", "Really , this?"), ("bold", "Really , this?")]),
    (":::tip[Do it]\na\n:::", "💡 Do it\na", [("blockquote", "💡 Do it\na"), ("bold", "Do it")]),
    ("a\n: b\n\n    c\n\nd\n: `e`", "a\n  b\n  c\n\nd\n  e",
     [("bold", "a"), ("bold", "d"), ("code", "e")]),
    ("a[^1] b[^x]\n\n[^1]: c *d*", "a[1] b[^x]\n\n[1] c d", [("italic", "d")]),
    # Formulas and signs
    ("$a*b*c$ and $x_1 * y_1$", "$a*b*c$ and $x_1 * y_1$", NOTHING),
    ("$$\nE = m*c*^2\n$$", "E = m*c*^2", [("pre", "E = m*c*^2", "latex")]),
    ("*️⃣ a *️⃣, 1️⃣ *b* #️⃣", "*️⃣ a *️⃣, 1️⃣ b #️⃣", [("italic", "b")]),
    # Not Markdown: nothing is taken for formulas or spoilers
    ("$5 to $6, a || b || c, \\*d\\*, e_f_g", "$5 to $6, a || b || c, *d*, e_f_g", NOTHING),
]  # fmt: skip


def covered(part: Part) -> list[tuple[str, ...]]:
    """Give each entity's type, the text under it, and its address or language if it has one."""
    units = part.text.encode("utf-16-le")
    found: list[tuple[str, ...]] = []
    for entity in part.entities:
        under = units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        detail = entity.url or entity.language
        found.append((str(entity.type), under, detail) if detail else (str(entity.type), under))
    return found


def visible(text: str) -> str:
    """Leave out white space and invisible signs."""
    return "".join(char for char in text if not is_blank(char))


def units(text: str) -> int:
    """Measure a text as Telegram does."""
    return len(text.encode("utf-16-le")) // 2


def undivided(markdown: str) -> str:
    """Give the whole text before it is divided."""
    written = write(read(markdown))
    return directed(written.text, written.spans, written.items)[0]


def one(markdown: str) -> Part:
    """Render what fits into one message."""
    [part] = render(markdown)
    return part


@pytest.mark.parametrize(("markdown", "text", "entities"), SHOWN, ids=[it[0] for it in SHOWN])
def test_markdown_becomes_text_and_entities(
    markdown: str, text: str, entities: list[tuple[str, ...]]
) -> None:
    """Readers see formatted text, without marks, hidden parts or links that lead nowhere."""
    part = one(markdown)
    assert part.text == text
    assert covered(part) == entities


@pytest.mark.parametrize(
    "markdown", ["", " \n", "<!-- a -->", "\u200b", "&nbsp;", "\u2800", "[]( )", "\ufe0f", "\ud800"]
)
def test_nothing_to_see_gives_no_message(markdown: str) -> None:
    """Where there is nothing to see, there is nothing to send."""
    assert render(markdown) == ()
    assert plain(markdown) == ()


def test_plain_text_is_the_same_without_entities() -> None:
    """If Telegram refuses the formatting, readers get the same text without it."""
    markdown = "# A\n\n" + "**many words** " * 15 + "word " * 1000
    assert plain(markdown) == tuple(part.text for part in render(markdown))
    assert len(plain(markdown)) == 2


def test_long_answers_are_divided_before_a_heading() -> None:
    """A long answer goes on with a heading in the next message."""
    section = "## Heading\n\n" + "Some words. " * 130 + "\n\nAn end.\n\n"
    parts = render(section * 4)
    assert len(parts) == 2
    assert all(part.text.startswith("Heading\n\n") for part in parts)
    assert all(part.text.endswith("An end.") for part in parts)


@pytest.mark.parametrize("above", [600, 1000, 3000, 4080])
def test_a_heading_stays_with_its_text(above: int) -> None:
    """No message ends with a heading whose text is in the next."""
    parts = render("a" * above + "\n\n## Heading\n\n" + "b " * 2000)
    assert [part.text[:7] for part in parts] == ["aaaaaaa", "Heading"]
    assert covered(parts[1]) == [("bold", "Heading")]


def test_long_answers_are_divided_between_paragraphs() -> None:
    """Paragraphs stay whole as long as they fit."""
    paragraph = "A sentence.\nA line. " * 75
    parts = render("\n\n".join([paragraph] * 4))
    assert [part.text.count("\n\n") for part in parts] == [1, 1]
    assert all(part.text.startswith("A sentence.") for part in parts)


def test_long_code_is_divided_between_lines() -> None:
    """Code goes on as code in the next message, in the same language, indentation and all."""
    lines = [f"    line {number}" if number % 2 else "" for number in range(1000)]
    parts = render("```py\nx\n" + "\n".join(lines) + "\n```")
    assert len(parts) == 2
    for part in parts:
        assert covered(part) == [("pre", part.text, "py")]
    assert [line for part in parts for line in part.text.split("\n") if line] == [
        "x",
        *filter(None, lines),
    ]


def test_a_blank_line_in_code_parts_no_paragraphs() -> None:
    """Long code fills its messages, wherever there is a blank line in it."""
    code = "line\n" * 200 + "\n" + "line\n" * 800
    assert [units(text) for text in plain(f"```\n{code}```")] == [4095, 904]


def test_long_paragraphs_are_divided_between_sentences() -> None:
    """A paragraph too long for a message is divided where a sentence ends."""
    parts = render("This is one sentence, is it? " * 200)
    assert len(parts) == 2
    assert all(part.text.startswith("This") and part.text.endswith("?") for part in parts)


def test_long_sentences_are_divided_between_words() -> None:
    """A sentence too long for a message is divided between words."""
    parts = render("word " * 1000)
    assert {word for part in parts for word in part.text.split(" ")} == {"word"}


def test_long_words_are_divided_between_whole_signs() -> None:
    """Even without any space, no emoji is torn apart."""
    parts = render(FAMILY * 1000)
    assert all(part.text == FAMILY * part.text.count(FAMILY) for part in parts)
    assert sum(part.text.count(FAMILY) for part in parts) == 1000


def test_a_mark_stays_with_the_space_under_it() -> None:
    """A space can carry a mark, and then no message begins between the two."""
    texts = plain("word " * 800 + "w" * 90 + " \u0301" + "w" * 4000)
    assert not [text for text in texts if text.startswith("\u0301")]
    assert len(texts) == 2


def test_a_link_goes_on_in_the_next_message() -> None:
    """A link that spans a border leads to the same place from both messages."""
    parts = render("[" + "word " * 1500 + "](https://x.org)")
    assert [covered(part) for part in parts] == [
        [("text_link", part.text, "https://x.org")] for part in parts
    ]
    assert len(parts) == 2


def test_two_hundred_links_take_two_messages() -> None:
    """Telegram shows 100 formats a message, so the 101st begins the next."""
    parts = render("\n".join(f"- [link {number}](https://x.org/{number})" for number in range(200)))
    found = [entity for part in parts for entity in covered(part)]
    assert [entity[2] for entity in found] == [f"https://x.org/{n}" for n in range(200)]
    assert [len(part.entities) for part in parts] == [100, 100]


def test_a_letter_under_thousands_of_marks_is_sent_all_the_same() -> None:
    """What is no longer a letter but a prank is divided anywhere."""
    parts = render("a" + "\u0301" * 5000)
    assert [units(part.text) for part in parts] == [4096, 905]


def test_blank_stretches_are_no_messages() -> None:
    """Thousands of invisible signs between two words do not make an empty message."""
    assert [visible(text) for text in plain("a" + "\u200b" * 9000 + "b")] == ["a", "b"]


PIECES = st.sampled_from([
    FAMILY, "👍🏽", "🇩🇪🇫🇷", "🇩", "e\u0301\u0302", "\u0301", "한국어", "ไทย", "שלום", "مرحبا",
    "\u202e", "\u200d", "\u2028", "\xa0", "\0", "\t", "\r\n", "\n", "\n\n", "  \n", "    ", "\\",
    "*", "**", "_", "~~", "`", "```", "\n```\n", "[", "](https://x.org)", "](x.md)", "![", "||",
    "<b>", "</b>", "<a href='https://y.org'>", "</a>", "<br>", "<div>", "</div>\n\n", "<x>", "<!--",
    "-->", "> ", "\n> ", "# ", "\n\n## ", "- ", "\n- ", "\n  - ", "\n1. ", "---\n", " | ",
    "| a | b |\n|---|---|\n| ", "&amp;", "&#1;", "$", "http://localhost", "<mailto:a@b.c>", "word ",
    "Sentence. ", "w" * 5000, "word " * 1200, "文" * 3000, FAMILY * 300,
    "[a](https://x.org) " * 120, "- **a** `b` *c*\n" * 60,
])  # fmt: skip
MARKDOWN = st.lists(PIECES | st.text(max_size=10), max_size=30).map("".join)


def assert_sendable(part: Part) -> None:
    """Check what Telegram demands of a message."""
    assert not is_blank(part.text)
    assert units(part.text) <= 4096
    assert len(part.entities) <= 100
    offsets = [(entity.offset, -entity.length) for entity in part.entities]
    assert offsets == sorted(offsets)
    for entity, (kind, under, *_) in zip(part.entities, covered(part), strict=True):
        assert entity.offset >= 0
        assert entity.offset + entity.length <= units(part.text)
        assert under  # decoded without error: no surrogate pair is cut
        assert under == under.rstrip()
        assert kind in {"pre", *QUOTES} or under == under.lstrip()
    assert_nested(part)


def assert_nested(part: Part) -> None:
    """Check that formats lie side by side or one within another, as far as Telegram allows."""
    for number, outer in enumerate(part.entities):
        for inner in part.entities[number + 1 :]:
            if inner.offset >= outer.offset + outer.length:
                continue
            assert inner.offset + inner.length <= outer.offset + outer.length
            assert outer.type not in {"code", "pre"}
            assert inner.type != outer.type
            assert inner.type not in {"code", "pre"} or outer.type in QUOTES
            assert not {inner.type, outer.type} <= QUOTES


def borders(whole: str, parts: list[str]) -> Iterator[int]:
    """Find where each part but the first begins in the text over all parts."""
    position = 0
    for part in parts:
        position = whole.index(part, position)
        if position:
            yield position
        position += len(part)


@given(MARKDOWN)
@example("[" + FAMILY * 600 + "](https://x.org)")
@example("*a <b>b* c</b> `d <i>` e</i>")
@example("> ```\n> " + "    code\n> " * 900 + "```")
def test_whatever_was_written_can_be_sent(markdown: str) -> None:
    """No Markdown, however odd, makes a message that Telegram would refuse."""
    for part in render(markdown):
        assert_sendable(part)


@given(MARKDOWN)
def test_dividing_loses_nothing(markdown: str) -> None:
    """The parts together show what the undivided text shows, in whole graphemes."""
    whole, parts = undivided(markdown), list(plain(markdown))
    assert visible("".join(parts)) == visible(whole)
    clusters = {0, *(end for _, end, _ in segments.grapheme_iter_with_offsets(whole))}
    assert clusters.issuperset(borders(whole, parts))


@given(st.lists(st.sampled_from([FAMILY, "👍🏽", "e\u0301", "🇩🇪", "한", "a"]), min_size=1))
def test_no_part_begins_within_a_grapheme(signs: list[str]) -> None:
    """A part begins with no mark, joiner, skin tone or half a flag, whatever the library says."""
    word = "".join(signs) * (5000 // len(signs))
    texts = plain(word)
    assert "".join(texts) == word
    for text in texts:
        assert not unicodedata.category(text[0]).startswith("M")
        assert text[0] not in "\u200d🏽"
        assert text.count("🇩") == text.count("🇪")


@given(st.text(st.characters(categories=("L", "N")), min_size=1))
def test_plain_words_stay_as_they_are(text: str) -> None:
    """A text without any marks comes through unchanged."""
    if not is_blank(text):
        assert [visible(it) for it in plain(text)] == [visible(text)]


def _within(start: str, blocks: list[str]) -> str:
    """Put blocks into a quote, a list item or a note."""
    rest = "> " if start.startswith(">") else " " * len(start.rpartition("\n")[2])
    lines = "\n\n".join(blocks).split("\n")
    return start + ("\n" + rest).join(lines)


INLINE = st.recursive(
    st.sampled_from([
        "{}", "`{}`", "[{}](https://x.org)", "[{}](a.md)", "![{}](https://x.org/a.png) {}",
        "<kbd>{}</kbd>", "{} \\* {}", "$5 {}", "H<sub>2</sub> {}", "{} שלום", "{} 👍🏽",
    ]),
    lambda inner: st.builds(
        lambda around, it: around.replace("{}", it),
        st.sampled_from(["**{}**", "*{}*", "~~a {}~~", "<u>{}</u>", "{}  \n{}", "{}<br>{}"]),
        inner,
    ),
    max_leaves=4,
)  # fmt: skip
BLOCKS = st.recursive(
    INLINE | INLINE.map(lambda it: "## " + it.replace("  \n", " ")) | st.sampled_from([
        "```py\n{}\n{}\n```", "    {}", "---", "{}\n: {}", "{}[^1]\n\n[^1]: {}", "<div>{}</div>",
        "| {} | {} |\n|---|---|\n| {} | {} |", "$$\n{}\n$$", "<ul><li>{}<li>{}</ul>",
        "<details><summary>{}</summary>{}</details>",
        "<details>\n<summary>{}</summary>\n\n{}\n\n</details>",
    ]),
    lambda inner: st.builds(
        _within,
        st.sampled_from(["> ", "- ", "1. ", "- [x] ", "!!! note {}\n    ", "> [!TIP]\n> "]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.lists(BLOCKS, min_size=1, max_size=5).map("\n\n".join), st.integers(1, 300))
@example("- ![{}](https://x.org/a.png) {}", 2)
def test_every_word_is_there_in_its_order(pattern: str, repeats: int) -> None:
    """Whatever constructs stand within each other, readers see all words, and in their order."""
    gaps = pattern.count("{}")
    words = [f"{'word' * repeats}{number}x" for number in range(gaps)]
    parts = render(pattern.format(*words) if gaps else pattern)
    for part in parts:
        assert_sendable(part)
    text = "".join(visible(part.text) for part in parts)
    # A wide table repeats its header.
    found = list(dict.fromkeys(re.findall(r"(?:word)+\d+x", text)))
    assert sorted(found) == sorted(words)
    if "|" not in pattern:
        assert found == words


@pytest.mark.parametrize(
    "markdown",
    ["[the words of the link](https://x.org)", "**some bold words here**", "`run this command`"],
)
@pytest.mark.parametrize("above", range(4070, 4100, 3))
def test_a_short_format_stays_whole(markdown: str, above: int) -> None:
    """No link, name or command goes on in the next message if it can begin there."""
    parts = render("a" * (above - 1000) + " " + "b" * 1000 + " " + markdown + " c" * 50)
    assert len(parts) == 2
    assert [it.type for part in parts for it in part.entities] == [
        render(markdown)[0].entities[0].type
    ]


def test_text_that_an_editor_has_wrapped_flows() -> None:
    """Lines that end because an editor was full are joined; those that their author ended stay."""
    wrapped = (
        "This paragraph was written in an editor that breaks lines\n"
        "when they are full, so nobody meant these breaks."
    )
    assert plain(wrapped) == (wrapped.replace("\n", " "),)
    address = "Our office is here:\nExample Ltd.\n5 Long Street\nTown"
    assert plain(address) == (address,)
    chinese = "这是一个很长的段落" * 6
    assert plain(f"{chinese}\n{chinese}") == (chinese * 2,)


def test_long_quotes_are_folded() -> None:
    """A quote that would fill the screen is folded, and a warning never is."""
    [part] = render("> " + "many words " * 60)
    assert [it.type for it in part.entities] == ["expandable_blockquote"]
    [part] = render("> [!WARNING]\n> " + "many words " * 60)
    assert [it.type for it in part.entities] == ["blockquote"]


@pytest.mark.parametrize(
    "markdown",
    ["![" * 6000 + "a" + "](b)" * 6000, "<b>" * 9000 + "a", ">" * 9000 + "a", "- " * 9000 + "a",
     "<table><tr><td>a" * 900, "<i>" * 9000 + "a" + "</b>" * 5000, "*a **b " * 3000,
     "[" * 9000 + "a", "a" * (MAX_MARKDOWN + 1), "**a** " * MAX_MARKDOWN],
    ids=lambda it: it[:6],
)  # fmt: skip
def test_pranks_do_no_harm(markdown: str) -> None:
    """What nests thousandfold, or is as long as a book, is sent in some way."""
    parts = render(markdown)
    assert any("a" in part.text for part in parts)
    for part in parts:
        assert_sendable(part)


def without_code(part: Part) -> str:
    """Give the text that no code entity covers."""
    text = part.text.encode("utf-16-le")
    for entity in reversed(part.entities):
        if entity.type in {"code", "pre"}:
            text = text[: 2 * entity.offset] + text[2 * (entity.offset + entity.length) :]
    return text.decode("utf-16-le")


def assert_renders_whole(markdown: str) -> None:
    """Check that all words are there and no Markdown is left."""
    parts = render(markdown)
    shown = "\n".join(part.text for part in parts)
    assert visible(shown) == visible(undivided(markdown))
    for part in parts:
        assert_sendable(part)
    outside_code = "\n".join(without_code(part) for part in parts)
    assert not re.search(r"\]\(|```|<!--|^#+ |\*\*", outside_code, re.MULTILINE)
    # Another way from Markdown to words says which these are; only wide tables change their order.
    source = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    for run in re.split(r"</?table>", source):
        words = _words_of_html(run)
        found = iter(re.findall(r"\w+", shown))
        if "<th" in run:
            assert set(words) <= set(found)
        else:
            assert [word for word in words if word not in found] == []


def _words_of_html(source: str) -> list[str]:
    """Give the words that a browser would show."""
    without_hidden = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
    with_alt = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r" \1 ", without_hidden)
    joined = re.sub(r"</?(?:a|b|code|em|i|kbd|s|strong)\b[^>]*>", "", with_alt)
    text = html.unescape(re.sub(r"<(?=[/a-zA-Z])[^>]*>", " ", joined))
    return re.findall(r"\w+", re.sub(r"\[!\w+\]|\{#\S+\}", "", text))


@pytest.mark.parametrize("entry", read_faq(ROOT / "faq").entries, ids=lambda entry: entry.id)
def test_shipped_answers_render_whole(entry: Entry) -> None:
    """Every answer of the FAQ that comes with the bot shows all its words and no marks."""
    assert_renders_whole(entry.answer)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/faq-samples is not here")
@pytest.mark.parametrize("file", [it for it in sorted(SAMPLES.glob("*")) if it.suffix in FORMATS])
def test_real_answers_render_whole(file: Path) -> None:
    """Every answer of other people's FAQs shows all its words and no marks."""
    for entry in read_faq(file).entries:
        assert_renders_whole(entry.answer)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/faq-samples is not here")
@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.md")), ids=lambda file: file.name)
def test_real_documents_render_whole(file: Path) -> None:
    """Other people's whole FAQ documents show all their words and no marks."""
    assert_renders_whole(file.read_text(encoding="utf-8"))
