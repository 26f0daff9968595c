"""Web pages: whatever asks on them becomes an entry, and nothing else."""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.faq.draft import Parsed
from bot.importing.html_page import parse
from tests.faq_strategies import anything
from tests.import_checks import assert_imported_well, told

EXPECTED = [
    ("How long is the warranty?", "Two **years**."),
    ("May I return it?", "Yes, within\n\na month."),
]


def read(page: str) -> Parsed:
    """Read a page as page.html and check what holds for every page."""
    parsed = parse(page.encode(), "page.html")
    assert_imported_well(parsed)
    return parsed


@pytest.mark.parametrize(
    "page",
    [
        # headings, with what sites have around their text
        """<nav><a href=/>Home</a></nav><header><p>The shop</p></header><h1>Questions</h1>
        <h2>How long is the warranty?</h2><p>Two <b>years</b>.</p>
        <h2>May I return it? <a class="headerlink" href="#x">¶</a></h2><p>Yes, within<p>a month.
        <script>track("What?")</script><footer><p>Imprint</p></footer>""",
        # what folds open by itself
        """<details><summary>How long is the warranty?</summary>Two <b>years</b>.</details>
        <details><summary><h3>May I return it?</h3></summary>
        <p>Yes, within<p>a month.</details>""",
        # details that fold others away
        """<details><summary>Orders</summary>
        <details><summary>How long is the warranty?</summary>Two <b>years</b>.</details>
        <details><summary>May I return it?</summary><p>Yes, within<p>a month.</details>
        </details>""",
        # definition lists
        """<dl><dt>How long is the warranty?<dd>Two <b>years</b>.
        <dt>May I return it?<dd>Yes, within<dd>a month.</dl>""",
        # accordions that name their panels
        """<h2><button aria-controls="p1">How long is the warranty?</button></h2>
        <div id="p1" aria-hidden="true"><p>Two <b>years</b>.</div>
        <h2><button aria-controls="p2">May I return it?<svg><title>open</title></svg></button></h2>
        <div id="p2"><p>Yes, within<p>a month.</div>""",
        """<p>How long is the warranty? <a data-toggle="collapse" href="#p1"></a></p>
        <div id="p1">Two <b>years</b>.</div>
        <div data-bs-target="#p2">May I return it?</div>
        <div id="p2">Yes, within<p>a month.</div>""",
        # accordions that do not
        """<div class="faq-item">
        <div class="faq-question"><span>How long is the warranty?</span></div>
        <div class="faq-answer">Two <b>years</b>.</div></div>
        <div class="faq-item"><div class="faq-question">May I return it?</div>
        <div class="faq-answer"><p>Yes, within<p>a month.</div></div>""",
        # microdata
        """<div itemtype="https://schema.org/FAQPage"><div itemtype="https://schema.org/Question">
        <h3 itemprop="name">How long is the warranty?</h3><div itemprop="acceptedAnswer">
        <div itemprop="text">Two <b>years</b>.</div></div></div>
        <div itemtype="http://schema.org/Question"><b itemprop="name">May I return it?</b>
        <div itemprop="acceptedAnswer"><p>Yes, within<p>a month.</div></div></div>""",
        # a table of two columns
        """<table><tr><th>Question<th>Answer<tr><td>How long is the warranty?<td>Two <b>years</b>.
        <tr><td>May I return it?<td><p>Yes, within<p>a month.</table>""",
        # bold lines
        """<h2>Questions</h2><p>We answer.<h2>More</h2><p>Here.
        <p><b>How long is the warranty?</b><br>Two <b>years</b>.
        <p><strong>May I return it?</strong><p>Yes, within<p>a month.""",
        # numbered ones, of which one does not ask; and old-fashioned quotes
        """<b>(1) How long is the warranty?</b><blockquote>Two <b>years</b>.</blockquote>
        <b>(2) May I return it?</b><blockquote>Yes, within<p>a month.</blockquote>""",
        # Q and A
        """<p><b>Q:</b> How long is the warranty?<p><b>A:</b> Two <b>years</b>.
        <p><b>Q: May I return it?</b><p>A: Yes, within<p>a month.""",
    ],
)
def test_whatever_asks_on_a_page_becomes_an_entry(page: str) -> None:
    """However a page shows its questions, each arrives with its whole answer and nothing else."""
    parsed = read(page)
    assert told(parsed) == EXPECTED
    assert not [it for it in parsed.problems if it.severity == "error"]


def test_headings_above_questions_are_topics() -> None:
    """An entry keeps the heading that it stood below; the title only where there is no other."""
    page = """<h1>Help</h1><p>Welcome.</p><h3>Who?</h3><p>We.</p><h2>Orders</h2>
    <details><summary>When?</summary>Now.</details><h2>Money</h2><div><details>
    <summary>How much?</summary>One.</details></div>"""
    assert [(it.questions[0], it.topic) for it in read(page).drafts] == [
        ("Who?", "Help"),
        ("When?", "Orders"),
        ("How much?", "Money"),
    ]


def test_what_folds_open_within_answers_stays_there() -> None:
    """Details below headings that ask are a part of the answer, and so are definition lists."""
    page = """<h2>It does not start?</h2><p>Look.<details><summary>A log</summary>x</details>
    <h2>It stops?</h2><dl><dt>-v<dd>tells more<dt>-q<dd>tells less</dl>"""
    assert told(read(page)) == [
        ("It does not start?", "Look.\n\n**A log**\n\nx"),
        ("It stops?", "**-v**\n\ntells more\n\n**-q**\n\ntells less"),
    ]


def test_deeper_headings_belong_to_the_answer() -> None:
    """An answer that has parts keeps their headings."""
    page = "<h2>A?</h2>a<h3>Part</h3>b<h2>B?</h2>c"
    assert told(read(page)) == [("A?", "a\n\n**Part**\n\nb"), ("B?", "c")]


def test_a_question_that_groups_further_ones_keeps_its_own_answer() -> None:
    """Where most questions stand deeper, those above them are entries all the same."""
    page = """<h2>Which one?</h2>This.<h3>Is it good?</h3>Yes.<h3>Is it old?</h3>No.
    <h3>Is it big?</h3>So-so."""
    assert [it for it, _ in told(read(page))] == [
        "Which one?",
        "Is it good?",
        "Is it old?",
        "Is it big?",
    ]
    assert told(read(page))[0] == ("Which one?", "This.")


def test_the_index_of_a_book_is_no_faq() -> None:
    """A page that only leads to the chapters holds nothing to answer with."""
    chapters = "".join(f"<dt><a href=c{it}.html#q>What is {it}?</a><dd>" for it in range(12))
    (problem,) = read(f"<h1>FAQ</h1><dl>{chapters}</dl>").problems
    assert problem.what == "No question was found in this file."


@pytest.mark.parametrize(
    "contents",
    [
        "<ul><li><a href='#a'>A?</a><li><a href='#b'>B?</a></ul>",
        "<h2>Contents</h2><ol><li><a href='faq.html#a'>A?</a><li><a href='faq.html#b'>B?</a></ol>",
        "<h2>Contents</h2><a href='#a'>A?</a><br><a href='#b'>B?</a><br><a href='#a'>A</a><br>",
        "<div class='toc'><p>On this page<p>A?<p>B?</div>",
    ],
)
def test_a_table_of_contents_is_no_entry(contents: str) -> None:
    """Links to the questions are neither a question nor an answer."""
    text = " ".join(["text"] * 20)
    page = f"{contents}<h2 id=a>A?</h2><p>{text}<h2 id=b>B?</h2><p>{text}</p><a href='#'>Top</a>"
    assert told(read(page)) == [("A?", text), ("B?", text)]


def test_the_list_for_search_engines_is_read_and_what_is_shown_preferred() -> None:
    """JSON-LD tells which the questions are; the page's own text keeps what JSON-LD left out."""
    page = """<script type="application/ld+json">{"@graph": [{"@type": "FAQPage", "mainEntity": [
    {"@type": "Question", "name": "A &amp; B?",
     "acceptedAnswer": {"@type": "Answer", "text": "<p>One <a href='https://e.org/'>two</a></p>"}},
    {"@type": ["Question"], "name": "Hidden?", "acceptedAnswer": [{"text": "Yes."}]},
    {"@type": "Question", "name": "Unanswered?"}, {"@type": "Question"}]}]}</script>
    <script type="application/ld+json">{broken</script>
    <h2>Our shop</h2><p>Buy.</p><h2>A & B?</h2><p>One two <i>three</i></p>
    <h2>Only shown?</h2>Yes."""
    assert told(read(page)) == [
        ("A & B?", "One two *three*"),
        ("Hidden?", "Yes."),
        ("Only shown?", "Yes."),
    ]


def test_half_a_question_takes_its_beginning_from_the_heading() -> None:
    """Lists such as "How do I ..." ask whole questions."""
    page = "<h2>How do I ...</h2><dl><dt>... pay?<dd>Cash.<dt>… leave?<dd>Now.</dl>"
    assert [it for it, _ in told(read(page))] == ["How do I pay?", "How do I leave?"]


@pytest.mark.parametrize(
    ("data", "question"),
    [
        ("<h1>Größe?</h1>ja".encode(), "Größe?"),
        ("<meta charset=iso-8859-1><h1>Größe?</h1>ja".encode("latin-1"), "Größe?"),
        ("<h1>Größe?</h1>ja".encode("utf-16"), "Größe?"),
        ("<meta charset='windows-1251'><h1>Сколько?</h1>ja".encode("cp1251"), "Сколько?"),
        ("<meta charset=nonsense><h1>Größe?</h1>ja".encode("cp1252"), "Größe?"),
        ("<h1>“Größe”?</h1>ja".encode("cp1252"), "“Größe”?"),
    ],
)
def test_a_page_may_be_in_any_encoding(data: bytes, question: str) -> None:
    """Old pages are read as they say, or as browsers guess."""
    assert told(parse(data, "page.html")) == [(question, "ja")]


def test_a_page_without_questions_says_so() -> None:
    """An admin who saved the wrong page is told."""
    (problem,) = read("<p>Loading ...</p>").problems
    assert problem.what == "No question was found in this file."


def test_text_above_the_questions_is_told() -> None:
    """What is left out is named, so that nobody misses it."""
    (problem,) = read(
        "<h2>Group</h2><p>Text.<h3>A?</h3>a<h3>B?</h3>b<h2>H</h2><h3>C?</h3>c"
    ).problems
    assert 'The text below "Group"' in problem.what


def test_lines_are_those_of_the_file() -> None:
    """A problem or an entry can be found in the page's source."""
    assert [it.line for it in read("\n\n<h2>A?</h2>\n<p>a\n<h2>B?</h2>\n<p>b").drafts] == [3, 5]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 10_000 + "x" + "</div>" * 10_000,
        "<h2>A?</h2>a<h2>B?</h2>b" + "<blockquote>" * 10_000 + "x",
        "<details><summary>a?</summary>" * 10_000,
        "<ul><li><b>a?</b> b" * 10_000,
        "<table><tr><td>" * 10_000,
        "<dl><dt>a?<dd>" * 10_000,
        "".join(f"<b id={i}>" for i in range(2_000)) + "<p>x" * 2_000,
        '<div class="nav question">' * 5_000 + "x",
        "<p>" * 50_000,
        "<h2>A?</h2>" + "<p>text text text</p>" * 20_000,
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        + "<p>&b;" * 1_000,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<p aria-controls="a">x</p>' * 3_000 + '<div id="a">' + "<i>y</i>" * 3_000,
        "<a href='#x'>x</a><br>" * 10_000,
        "\0<p>\0a?</p>",
        "",
    ],
    ids=lambda page: page[:30],
)
def test_no_page_is_too_strange(page: str) -> None:
    """What nobody would write costs neither a crash nor the memory."""
    read(page)


def test_a_page_of_many_megabytes_is_told_and_left() -> None:
    """Nobody's FAQ is that long, and pictures within a page do not count."""
    parsed = read("<h2>A?</h2><p>text " * 200_000)
    assert not parsed.complete
    assert "1,000,000 characters" in parsed.problems[0].what
    assert told(read(f"<h1>A?</h1>a<img alt=B src='data:{'A' * 5_000_000}'>")) == [("A?", "aB")]


def test_what_is_nested_too_deeply_is_told() -> None:
    """Text that was not read is not lost silently."""
    parsed = read("<h1>A?</h1>a" + "<div>" * 10_000 + "x")
    assert not parsed.complete


_PIECES = """
<h2>|</h2>|<p>|<b>|</b>|<dl><dt>|<dd>|<details>|<summary>|?|a|</summary>|</details>|<table>|<tr>|<td>
|<li>|<ul>|</ul>|<br>|&amp;|<a href='#x'>|</a>|<div id=x class='faq-question'>|<div class='answer'>
|</div>|<button aria-controls=x>|<pre>|</pre>|<!--|-->|<img src=x>|Q: |A: |1. |<i itemprop=name>
|<div itemtype='https://schema.org/Question'>|<i itemprop=acceptedAnswer>
"""


def _fragments() -> st.SearchStrategy[str]:
    return st.sampled_from(_PIECES.split("|"))


@given(anything() | st.lists(_fragments() | st.text(max_size=3), max_size=40).map("".join))
@example("<h1>\ufeff</h1>x")
def test_any_text_can_be_read(page: str) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    assert_imported_well(parse(page.encode(errors="surrogatepass"), "page.html"))


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(data: bytes) -> None:
    """A picture that is called .html is no reason to fail."""
    assert_imported_well(parse(data, "page.html"))


def test_what_folds_open_and_headings_may_ask_side_by_side() -> None:
    """A group may fold its answers away while another one has headings that ask."""
    parsed = read(
        "<h1>FAQ</h1><h2>Shipping</h2>"
        "<details><summary>How long does it take?</summary>Two days.</details>"
        "<details><summary>Do you ship abroad?</summary>To the EU.</details>"
        "<h2>Payment</h2><h3>Which cards do you take?</h3><p>All.</p>"
        "<h3>Can I get an invoice?</h3><p>Sure.</p>"
    )
    assert [(it.questions[0], it.topic, it.answer) for it in parsed.drafts] == [
        ("How long does it take?", "Shipping", "Two days."),
        ("Do you ship abroad?", "Shipping", "To the EU."),
        ("Which cards do you take?", "Payment", "All."),
        ("Can I get an invoice?", "Payment", "Sure."),
    ]


def test_what_folds_open_below_a_heading_that_asks_is_part_of_its_answer() -> None:
    """Details of an answer are no entry of their own."""
    parsed = read(
        "<h2>How do I install it?</h2><p>Run it.</p>"
        "<details><summary>Still stuck?</summary>Try again.</details>"
        "<h2>What does it cost?</h2><p>Nothing.</p>"
    )
    assert [it.questions[0] for it in parsed.drafts] == [
        "How do I install it?",
        "What does it cost?",
    ]
    assert "Try again." in parsed.drafts[0].answer


def test_what_stands_below_all_questions_is_no_part_of_the_last_answer() -> None:
    """The signature of a page is often no footer by its name, but outside of the questions' box."""
    parsed = read("""
        <div><h3>How long is the warranty?</h3> Two <b>years</b>.
        <h3>May I return it?</h3><p>Yes, within</p><p>a month.</p></div>
        <p>Write to us!</p><div>Drawn by Ann</div>
    """)
    assert told(parsed) == EXPECTED


def test_answers_beside_the_box_of_their_questions_are_kept() -> None:
    """Where the last question has its answer only outside, that is its answer."""
    parsed = read("""
        <div><h3>How long is the warranty?</h3>Two <b>years</b>.<h3>May I return it?</h3></div>
        <p>Yes, within<p>a month.
    """)
    assert told(parsed) == EXPECTED


def test_a_heading_below_the_questions_has_its_own_text() -> None:
    """What ends the last answer does not end the page."""
    parsed = read("""
        <div><h3>How long is the warranty?</h3>Two <b>years</b>.
        <h3>May I return it?</h3><p>Yes, within<p>a month.</div>
        <div>Adverts</div><h3>Repairs</h3><p>We repair all.
    """)
    assert told(parsed) == [*EXPECTED, ("Repairs", "We repair all.")]


def test_items_that_begin_with_a_line_that_stands_out_are_pairs() -> None:
    """Some of them state a trouble instead of asking."""
    parsed = read("""
        <h1>FAQ</h1><ol><li><em>It makes noises</em><p>Oil <b>it</b>.</p></li>
        <li><em>May I return it?</em> <p>Yes, within</p><p>a month.</p></li></ol><p>Ann</p>
    """)
    assert told(parsed) == [("It makes noises", "Oil **it**."), EXPECTED[1]]


def test_items_of_an_answer_that_begin_in_bold_stay_there() -> None:
    """Whatever stands out at the beginning of a line does not need to be a question."""
    parsed = read("""
        <h2>What is in the box?</h2><ul><li><b>A lid</b><p>of steel</p></li>
        <li><b>A cable</b><p>of a metre</p></li></ul><h2>May I return it?</h2><p>No.
    """)
    assert [question for question, _ in told(parsed)] == ["What is in the box?", "May I return it?"]


def test_what_folds_open_needs_no_place_in_the_list_for_search_engines() -> None:
    """Nor does it need to ask, as a heading does that the list lacks."""
    parsed = read("""
        <script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question",
        "name": "How long?", "acceptedAnswer": {"@type": "Answer", "text": "Two years."}}]}</script>
        <body><details><summary>How long?</summary>Two years.</details>
        <details><summary>It makes noises</summary>Oil it.</details>
        <h2>Our shop</h2><p>It is nice.
    """)
    assert told(parsed) == [("How long?", "Two years."), ("It makes noises", "Oil it.")]


def test_what_folds_open_may_be_marked_as_question_and_answer() -> None:
    """In an interview's manner, whatever the language."""
    parsed = read("""
        <details><summary>Q: How long is the warranty?</summary>
        <p><b>Answer:</b> Two <b>years</b>.</details>
        <details><summary>問：May I return it?</summary><p>答：Yes, within<p>a month.</details>
    """)
    assert told(parsed) == EXPECTED


def test_what_every_answer_ends_with_is_no_part_of_any() -> None:
    """Help centres ask below each whether it helped."""
    items = "".join(
        f"<details><summary>{question}</summary><p>{answer}<p>Did this help? Yes No</details>"
        for question, answer in (("How?", "So."), ("Where?", "Here."), ("When?", "Now."))
    )
    assert told(read(items)) == [("How?", "So."), ("Where?", "Here."), ("When?", "Now.")]


def test_the_arrow_of_what_folds_open_is_no_part_of_the_question() -> None:
    """It stands behind it, in an element of its own."""
    parsed = read("""
        <div class="faq-question"><span>How?</span> <span>▼</span></div>
        <div class="faq-answer">So.</div>
        <div class="faq-question">Which key is ↓?</div><div class="faq-answer">That.</div>
    """)
    assert told(parsed) == [("How?", "So."), ("Which key is ↓?", "That.")]
