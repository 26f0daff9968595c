"""What a title says of the text below it, in many languages."""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.markdown_titles import is_asked, is_contents_title, is_faq, is_question, leads_back


@pytest.mark.parametrize(
    "title",
    [
        "Is it free?",
        "Is it free ?",
        "Is it free? (Windows)",
        "Is it free?! 🎉",
        "Can I change it? I want another.",
        "¿Es gratis?",
        "免费吗？",
        "هل هو مجاني؟",
        "Είναι δωρεάν;",
    ],
)
def test_a_question_mark_makes_a_question(title: str) -> None:
    """Whatever the script, and whatever follows the mark."""
    assert is_question(title)


@pytest.mark.parametrize("title", ["Delivery", "What is new", "a?b=c", "Wait; then go", "", "Ω; a"])
def test_without_a_question_mark_nothing_is_certain(title: str) -> None:
    """A mark within a word, or none, does not make a question."""
    assert not is_question(title)


@pytest.mark.parametrize(
    "title",
    [
        "How to update",
        "Wie geht das",
        "Как обновить",
        "如何更新",
        "可以退款吗",
        "返品できますか",
        "환불되나요",
    ],
)
def test_words_can_ask_without_a_mark(title: str) -> None:
    """Many authors leave the question mark out."""
    assert is_asked(title)


@pytest.mark.parametrize("title", ["Delivery", "Whatever", "Issues", "退款", "Iskra"])
def test_other_words_do_not_ask(title: str) -> None:
    """A word that only begins like a question word is none."""
    assert not is_asked(title)


@pytest.mark.parametrize(
    "title",
    [
        "FAQ",
        "FAQs",
        "F.A.Q.",
        "🤔 FAQ",
        "Frequently Asked Questions (FAQ)",
        "Delivery FAQ",
        "Q&A",
        "Q & A",
        "Questions",
        "Common questions",
        "Häufige Fragen",
        "Häufig gestellte Fragen",
        "Preguntas frecuentes",
        "Foire aux questions",
        "Perguntas frequentes",
        "Domande frequenti",
        "Вопросы и ответы",
        "Часто задаваемые вопросы",
        "Поширені запитання",
        "常见问题",
        "よくある質問",
        "자주 묻는 질문",
        "الأسئلة الشائعة",
        "שאלות נפוצות",
        "Sıkça Sorulan Sorular",
    ],
)
def test_the_title_of_a_faq_is_known(title: str) -> None:
    """In every language that the bot is likely to meet."""
    assert is_faq(title)


@pytest.mark.parametrize(
    "title",
    ["Delivery", "Where is the FAQ?", "Unanswered", "Faqir", "质量问题"],
)
def test_other_titles_are_no_faq(title: str) -> None:
    """A question about the FAQ is a question, not the FAQ."""
    assert not is_faq(title)


@pytest.mark.parametrize(
    "title", ["Contents", "TABLE OF CONTENTS:", "Inhalt", "目录", "Содержание"]
)
def test_the_title_of_a_table_of_contents_is_known(title: str) -> None:
    """Case and signs around it do not matter."""
    assert is_contents_title(title)


@pytest.mark.parametrize("text", ["Back to top", "↑ back to top ↑", "⬆", "наверх", "回到顶部", "¶"])
def test_a_way_back_is_known(text: str) -> None:
    """Words or an arrow, around the world."""
    assert leads_back(text)


@given(st.text())
def test_any_title_can_be_judged(title: str) -> None:
    """No title is too strange."""
    assert {is_question(title), is_asked(title), is_faq(title), is_contents_title(title)} <= {
        True,
        False,
    }
