"""QnABot's exports: ids, phrasings, topics and Markdown answers arrive."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.draft import Parsed
from bot.importing.qnabot import is_qnabot, parse
from tests.faq_strategies import anything
from tests.import_checks import assert_imported_well


def read(text: str) -> Parsed:
    """Read an export and check what holds for every one."""
    parsed = parse(text.encode(errors="surrogatepass"), "qna.json")
    assert_imported_well(parsed)
    return parsed


def item(**changes: Any) -> dict[str, Any]:
    """Write an item as QnABot exports it, but for what is changed."""
    good = {
        "qid": "Hours.1",
        "type": "qna",
        "q": ["When are you open?", "hours"],
        "a": "Daily.",
        "t": "Visits",
        "r": {"title": "", "imageUrl": ""},
        "l": "",
        "args": [""],
    }
    return good | changes


def export(*items: dict[str, Any]) -> str:
    """Write an export, one field a line."""
    return json.dumps({"qna": items}, indent=1)


def test_an_item_is_an_entry() -> None:
    """Its id stays, so that links from elsewhere keep their meaning."""
    parsed = read(export(item(), item(qid="Way", q=["How do I get there?"], t="")))
    first, second = parsed.drafts
    assert (first.id, first.questions) == ("Hours.1", ("When are you open?", "hours"))
    assert (first.answer, first.topic) == ("Daily.", "Visits")
    assert (second.id, second.topic) == ("Way", None)
    assert 1 < first.line < second.line
    assert not parsed.problems


def test_the_answer_in_markdown_is_preferred() -> None:
    """What QnABot shows formatted is formatted in Telegram; cards and links are kept."""
    card = {
        "title": "Map",
        "imageUrl": "https://e.org/map.png",
        "buttons": [
            {"text": "Plan", "value": "https://e.org/"},
            {"text": "Again", "value": "hours"},
        ],
    }
    parsed = read(export(item(alt={"markdown": "**Daily**.", "ssml": "<speak/>"}, r=card)))
    assert parsed.drafts[0].answer == (
        "**Daily**.\n\n![Map](https://e.org/map.png)\n\n[Plan](https://e.org/)"
    )


def test_what_qnabot_fills_in_is_told() -> None:
    """A field in braces would be shown as it is."""
    parsed = read(export(item(a="Hello {{UserInfo.GivenName}}, daily.")))
    (problem,) = parsed.problems
    assert (problem.severity, len(parsed.drafts)) == ("warning", 1)
    assert "{{UserInfo.GivenName}}" in problem.what


def test_what_is_no_question_is_left_out_with_a_word() -> None:
    """Quizzes and slot types are no answers to anything."""
    parsed = read(export({"qid": "Quiz", "type": "quiz", "question": "1+1"}, item()))
    assert len(parsed.drafts) == 1
    assert '"Quiz" has no question' in parsed.problems[0].what


def test_items_may_stand_one_a_line() -> None:
    """Some tools write QnABot's items without the list around them."""
    assert len(read(f"{json.dumps(item())}\n{json.dumps(item(qid='b'))}\n").drafts) == 2


@pytest.mark.parametrize("text", ["{", '{"qna": [', "[" * 100_000, '{"qna": 1}', "", "null"])
def test_broken_json_is_told(text: str) -> None:
    """A file that was cut off yields a problem, or nothing."""
    assert not read(text).drafts


def test_only_exports_are_taken_for_exports() -> None:
    """Other JSON goes elsewhere."""
    assert is_qnabot({"qna": [item()]})
    assert is_qnabot([item()])
    assert not is_qnabot({"qna": []})
    assert not is_qnabot({"questions": []})


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["qid", "q", "a", "alt", "markdown", "r", "buttons", "t"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.lists(_VALUES, max_size=3).map(lambda it: json.dumps({"qna": it})) | anything())
def test_any_text_can_be_read(text: str) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    read(text)
