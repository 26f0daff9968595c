"""reStructuredText: whatever asks in a document becomes an entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.draft import Parsed
from bot.importing.restructured_text import parse
from tests.faq_strategies import anything
from tests.import_checks import assert_imported_well, told

EXPECTED = [
    ("How long is the warranty?", "Two **years**."),
    ("May I return it?", "Yes, within\n\na month."),
]


def read(text: str) -> Parsed:
    """Read a text as faq.rst and check what holds for every document."""
    parsed = parse(text.encode(), "faq.rst")
    assert_imported_well(parsed)
    return parsed


@pytest.mark.parametrize(
    "text",
    [
        # sections
        """
=========
Questions
=========

.. contents::
   :local:

.. _warranty:

How long is the warranty?
=========================

Two **years**.

.. a comment

May I return it?
================

Yes, within

a month.
""",
        # definition lists
        """
How long is the warranty?
    Two **years**.

May I return it?
    Yes, within

    a month.
""",
        # rubrics
        """
.. rubric:: How long is the warranty?

Two **years**.

.. rubric:: May I return it?

Yes, within

a month.
""",
        # bold lines, with the answer in the same paragraph or below
        """
Questions
=========

**How long is the warranty?**
Two **years**.

**May I return it?**

Yes, within

a month.
""",
        # bold questions in a list
        """
1. **How long is the warranty?**

   Two **years**.

2. **May I return it?** Yes, within

   a month.
""",
        # Q and A in several ways
        """
:Q: How long is the warranty?
:A: Two **years**.
:Q: May I return it?
:A: Yes, within

    a month.
""",
        """
Q
  How long is the warranty?

A
  Two **years**.

Q
  May I return it?

A
  Yes, within

  a month.
""",
        """
Q: How long is the warranty?

A: Two **years**.

Q: May I return it?

A: Yes, within

a month.
""",
        # directives of extensions
        """
.. faq:: How long is the warranty?
   :icon: clock

   Two **years**.

.. dropdown:: May I return it?

   Yes, within

   a month.
""",
    ],
)
def test_whatever_asks_becomes_an_entry(text: str) -> None:
    """However a document shows its questions, each arrives with its whole answer only."""
    parsed = read(text)
    assert told(parsed) == EXPECTED
    assert not parsed.problems


@pytest.mark.parametrize(
    ("answer", "markdown"),
    [
        ("*a* ``b`` `c` `see d`", "*a* `b` `c` *see d*"),
        (
            "`E <https://e.org/>`_ and E_\n\n.. _E: https://e.org/x",
            "[E](https://e.org/) and [E](https://e.org/x)",
        ),
        ("https://e.org/", "[https://e.org/](https://e.org/)"),
        ("* a\n\n  * b\n* c", "- a\n  - b\n- c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("::\n\n  x = 1\n   y", "```\nx = 1\n y\n```"),
        (".. code-block:: python\n   :linenos:\n\n   x = 1", "```python\nx = 1\n```"),
        (">>> 1\n1", "```\n>>> 1\n1\n```"),
        ("x\n\n.. note:: Mind *this*.", "x\n\n> **Note**\n>\n> Mind *this*."),
        (".. admonition:: Mind\n\n   this\n\nx", "> **Mind**\n>\n> this\n\nx"),
        (".. image:: a.png\n   :alt: A", "![A](a.png)"),
        (".. figure:: a.png\n\n   Shown", "![](a.png)\n\nShown"),
        ("=  =\na  b\n=  =\n1  2\n=  =", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("| one\n| two", "one\\\ntwo"),
        ("a\n\n  quoted\n\n  -- Who", "a\n\n> quoted\n>\n> Who"),
        ("|x| y\n\n.. |x| replace:: z", "z y"),
        ("a [#]_\n\n.. [#] Foot", "a \\[1\\]\n\n**\\[1\\]**\n\nFoot"),
        ("H\\ :sub:`2`\\ O", "H₂O"),
        ("-v  tells more\n-q  tells less", "**-v**\n\ntells more\n\n**-q**\n\ntells less"),
        (":math:`x^2`", "`x^2`"),
        ("a\n\n----\n\nb", "a\n\n***\n\nb"),
        # Sphinx
        (":ref:`first`, :ref:`that <x>`, :doc:`/a/my_page`", "First?, that, my page"),
        (":class:`~a.b.C`, :py:func:`f`, :issue:`12`, :guilabel:`OK`", "`C`, `f`, issue 12, OK"),
        (":made_up:`some text`", "some text"),
        (".. versionadded:: 1.2 Now *so*.", "Added in version 1.2: Now *so*."),
        (".. py:function:: f(x)\n\n   It does.", "**f(x)**\n\nIt does."),
        (".. toctree::\n   :maxdepth: 2\n\n   a\n   b\n\nText", "Text"),
        (".. unheard-of:: Words\n   :and: options\n\n   *Text*.", "**Words**\n\n*Text*."),
        # what could be dangerous
        (".. include:: /etc/passwd\n\nText", "Text"),
        (".. raw:: html\n\n   <script>x</script>\n\nText", "Text"),
        (".. csv-table::\n   :file: /etc/passwd\n\nText", "Text"),
    ],
)
def test_an_answer_keeps_its_formatting(answer: str, markdown: str) -> None:
    """Everything that a document can hold is shown by the bot, or was not for readers."""
    text = f".. _first:\n\nFirst?\n======\n\nx\n\nAnd?\n====\n\n{answer}\n"
    assert told(read(text)) == [("First?", "x"), ("And?", markdown)]


def test_sections_beside_lists_that_ask_are_entries_too() -> None:
    """A document is text throughout, so nothing of it is left out as advertising."""
    text = "T\n=\n\nAsk\n---\n\nA?\n  a\n\nB?\n  b\n\nNotes\n-----\n\nn\n\nMore\n~~~~\n\nm\n"
    parsed = read(text)
    assert told(parsed) == [("A?", "a"), ("B?", "b"), ("Notes", "n\n\n**More**\n\nm")]
    assert [it.topic for it in parsed.drafts] == ["Ask", "Ask", "T"]


def test_terms_that_do_not_ask_belong_to_the_answer() -> None:
    """A list of options within an answer stays there."""
    text = "A?\n==\n\n-v\n  more\n\nB?\n==\n\nlog\n  less\n"
    assert told(read(text)) == [
        ("A?", "**-v**\n\nmore"),
        ("B?", "**log**\n\nless"),
    ]


def test_lines_are_those_of_the_file() -> None:
    """An entry can be found in its document."""
    assert [it.line for it in read("A?\n==\n\na\n\nB?\n==\n\nb\n").drafts] == [1, 6]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just text",
        "* " * 5_000 + "x",
        "> " * 5_000,
        "- - - - " * 200 + "a",
        "A?\n==\n\n" + "".join(f"{' ' * i}* x\n\n" for i in range(400)),
        "A?\n==\n\n:a:`b`" * 500,
        "|a|\n\n.. |a| replace:: |b|\n.. |b| replace:: |a|\n",
        "x" * 60_000,
        "a\n" * 600_000,
        ".. role:: raw-html(raw)\n   :format: html\n\nA?\n==\n\n:raw-html:`<b>`",
        ".. faq::\n\n   x",
        ".. table::\n\n   x",
        "+--+\n|a \n+--+",
    ],
    ids=lambda text: text[:20],
)
def test_no_text_is_too_strange(text: str) -> None:
    """What nobody would write costs neither a crash nor the memory."""
    read(text)


_PIECES = """
A?|\n==\n|\n--\n|\n\n|.. |::|:: |note|faq|rubric|code-block|  |    |* |1. |**|*|`|``|:x:|_|__|-|+
[1]_|\\||=  =|
"""


def _fragments() -> st.SearchStrategy[str]:
    return st.sampled_from(_PIECES.split("|")) | st.text(max_size=3)


@given(anything() | st.lists(_fragments()).map("".join))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    assert_imported_well(parse(text.encode(errors="surrogatepass"), "faq.rst"))


def test_a_lone_question_keeps_the_sections_that_divide_its_answer() -> None:
    """Below it are several sections of one level, none of which asks."""
    parsed = read("""
Lamps
=====

Q: May I wash it?
-----------------

That depends.

The shade
~~~~~~~~~

By hand.

The foot
~~~~~~~~

Never.
""")
    assert told(parsed) == [
        ("May I wash it?", "That depends.\n\n**The shade**\n\nBy hand.\n\n**The foot**\n\nNever.")
    ]
