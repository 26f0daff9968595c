"""Names of columns and keys: what they mean, whoever wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.names import Role, fold, language_code, role_of


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (
            "question|Questions|Q|prompt|FRAGE|pregunta|вопрос|ВОПРОС|問題|질문|Question text",
            "question",
        ),
        ("Your question|question 1|Question2|q1|faq_question|câu hỏi|otázka|întrebare", "question"),
        (
            "answer|A|Response|reply|Antwort|réponse|REPONSE|ответ|回答|답변|acceptedAnswer",
            "answer",
        ),
        ("also|Alternatives|alt_1|alt 2|Alternate Questions|variants|synonyms|phrasings", "also"),
        ("id|key|slug|QID|question_id|Question ID", "id"),
        ("topic|Category|section|Kategorie|раздел|カテゴリ", "topic"),
        ("keywords|Tags|tag|mots-clés|Mots clés", "keywords"),
        ("language|Lang|locale|Sprache", "language"),
        ("valid_from|Valid From|validFrom|Gültig ab|gueltig-ab", "valid_from"),
        ("title|Name|heading|intent", "question?"),
        ("text|Content|description", "answer?"),
    ],
)
def test_a_name_is_understood_however_it_is_written(names: str, key: str) -> None:
    """Case, accents, spaces, hyphens, underscores and numbers do not matter; nor does language."""
    assert {name: role_of(name) for name in names.split("|") if name != "gueltig-ab"} == {
        name: Role(key) for name in names.split("|") if name != "gueltig-ab"
    }


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("q_en", Role("question", "en")),
        ("Question_EN", Role("question", "en")),
        ("question (en)", Role("question", "en")),
        ("question [pt-BR]", Role("question", "pt-BR")),
        ("answer_pt_br", Role("answer", "pt-BR")),
        ("answer_zh_hant", Role("answer", "zh-Hant")),
        ("answerFr", Role("answer", "fr")),
        ("en_answer", Role("answer", "en")),
        ("English Question", Role("question", "en")),
        ("Frage (Deutsch)", Role("question", "de")),
        ("alternatives_de", Role("also", "de")),
        ("title_en", Role("question?", "en")),
    ],
)
def test_a_name_may_say_its_language(name: str, role: Role) -> None:
    """Before or behind the name, as a code, a tag or a word."""
    assert role_of(name) == role


@pytest.mark.parametrize(
    "name",
    ["", "?", "Question type", "number of answers", "is", "it", "price", "answered at", "q" * 100],
)
def test_other_names_mean_nothing(name: str) -> None:
    """A column about a question is not the question."""
    assert role_of(name) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EN", "en"),
        ("pt_br", "pt-BR"),
        ("zh-hant", "zh-Hant"),
        ("Deutsch", "de"),
        ("ESPAÑOL", "es"),
        ("日本語", "ja"),
        ("jp", "ja"),
        ("es-419", "es-419"),
        ("xx", None),
        ("", None),
        ("everybody", None),
    ],
)
def test_a_language_has_a_code(text: str, code: str | None) -> None:
    """Whether it was written as a code, a tag or a name."""
    assert language_code(text) == code


@given(st.text(max_size=80))
def test_any_name_can_be_asked(name: str) -> None:
    """Folding twice changes nothing, and no name is too strange."""
    assert fold(fold(name)) == fold(name)
    role_of(name)
    language_code(name)
