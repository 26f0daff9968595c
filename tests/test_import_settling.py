"""What is imported can be written down as Markdown."""

import pytest
from hypothesis import given

from bot.faq.draft import Draft
from bot.faq.writing import UnwritableError, write_drafts
from bot.importing.settling import settle
from tests.faq_strategies import anything


def draft(answer: str, question: str = "When?") -> Draft:
    """Give a draft as an importer makes it."""
    return Draft(1, None, (question,), answer, None, None)


@pytest.mark.parametrize(
    "answer",
    ["***\n\n**Answer:** Now.", "A: Now.", "Now.\n\n---", "Now.\n\n[Back to top](#top)"],
)
def test_what_stands_around_an_answer_is_left_out(answer: str) -> None:
    """As it is wherever Markdown is read."""
    settled = settle([draft(answer)])
    assert settled == [draft("Now.")]
    assert "Now." in write_drafts(settled, "markdown")


@pytest.mark.parametrize(
    "answer", ["Now.", "See **A: the sign**.", "- Now.\n- Here.", "# No\n\nNow."]
)
def test_all_else_stays(answer: str) -> None:
    """Even what Markdown cannot hold, as the FAQ may be kept in another format."""
    assert settle([draft(answer)]) == [draft(answer)]


def test_a_mark_that_is_meant_stays_in_the_question() -> None:
    """Only answers are settled."""
    question = "Q: what does that stand for?"
    assert settle([draft("For question.", question)])[0].questions == (question,)


@given(anything())
def test_no_answer_is_lost(answer: str) -> None:
    """Whatever it holds, something is left, and settling it once more changes nothing."""
    if not answer.strip():
        return
    once = settle([draft(answer)])
    assert once[0].answer.strip()
    try:
        write_drafts(once, "markdown")
    except UnwritableError:
        return
    assert settle(once) == once
