"""Which languages a FAQ speaks, and which questions are in another one."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.language import foreignness, languages_of, load_identifier, warm_up
from bot.on_disk import keep_tables_in

_ENGLISH = (
    "How do I reset my password? Click on the link below the form and follow the instructions.",
    "When are you open on Sundays? Our shop is open from nine in the morning until noon.",
    "How much does the delivery cost? Within the country we deliver for free.",
)
_GERMAN = "Wie setze ich mein Passwort zurück? Klicken Sie auf den Link unter dem Formular."


@pytest.mark.parametrize(
    "question",
    [
        "Wie kann ich mein Passwort zurücksetzen?",
        "как сбросить пароль",
        "パスワードを忘れました",
        "¿Cuánto cuesta el envío a otro país?",
    ],
)
def test_a_question_in_another_language_is_foreign(question: str) -> None:
    """An English FAQ shares no words with such a question, and knows why."""
    assert foreignness(question, languages_of(_ENGLISH)) > 0.9


@pytest.mark.parametrize(
    "question",
    ["How can I change my password?", "opening hours", "where is my order", "E-1234", "ok"],
)
def test_a_question_in_the_faqs_language_is_not_foreign(question: str) -> None:
    """What is in the FAQ's own language, or too short to tell, counts as its own."""
    assert foreignness(question, languages_of(_ENGLISH)) < 0.1


def test_a_faq_may_speak_several_languages() -> None:
    """A FAQ in two languages takes questions in both; a third one is still foreign."""
    languages = languages_of([*_ENGLISH, _GERMAN])

    assert {"de", "en"} <= set(languages)
    assert foreignness("Wie kann ich mein Passwort ändern?", languages) < 0.1
    assert foreignness("как сбросить пароль", languages) > 0.9


def test_a_stray_text_makes_no_language() -> None:
    """What less than a tenth of a FAQ is written in is none of its languages."""
    assert "de" not in languages_of([*_ENGLISH * 4, _GERMAN])


def test_a_faq_in_many_languages_has_one_at_least() -> None:
    """Where no language makes up a tenth, the commonest is there all the same."""
    assert languages_of([_GERMAN]) == ("de",)
    assert languages_of([]) == ()


def test_without_languages_nothing_is_foreign() -> None:
    """A FAQ's own phrasings are never foreign to it."""
    assert foreignness(_GERMAN, ()) == 0


def test_a_language_that_nobody_knows_makes_all_else_foreign() -> None:
    """A code that is not among the identifier's compares with nothing."""
    assert foreignness(_GERMAN, ["tlh"]) == 1


@given(st.text(), st.permutations(["de", "en", "ja"]))
def test_foreignness_is_a_share_and_always_the_same(text: str, languages: list[str]) -> None:
    """Any text is foreign to a degree from 0 to 1, whenever and in whatever order one asks."""
    foreign = foreignness(text, languages)

    assert 0 <= foreign <= 1
    assert foreignness(text, sorted(languages)) == foreign


@given(st.permutations([*_ENGLISH, _GERMAN]))
def test_the_order_of_a_faq_does_not_change_its_languages(texts: list[str]) -> None:
    """Entries may be moved about: the FAQ still speaks the same languages."""
    assert languages_of(texts) == languages_of([*_ENGLISH, _GERMAN])


def test_warming_up_changes_nothing() -> None:
    """The identifier may be loaded ahead of the first question."""
    warm_up()

    assert foreignness(_ENGLISH[0], ["en"]) < 0.1


@pytest.fixture(scope="module")
def identifiers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """One in memory, and one on disk."""
    keep_tables_in(None)
    in_memory = load_identifier()
    keep_tables_in(tmp_path_factory.mktemp("tables"))
    try:
        yield in_memory, load_identifier()
    finally:
        keep_tables_in(None)


@given(text=st.text() | st.sampled_from([*_ENGLISH, _GERMAN, "как сбросить пароль", "パスワード"]))
def test_a_bot_that_saves_memory_tells_languages_apart_as_well(
    identifiers: tuple[Any, Any], text: str
) -> None:
    """With its tables on disk the identifier gives each language of each text the same score."""
    in_memory, on_disk = identifiers

    assert type(on_disk.nb_ptc) is not type(in_memory.nb_ptc)
    assert on_disk.rank(text) == in_memory.rank(text)
    assert on_disk.classify(text) == in_memory.classify(text)
