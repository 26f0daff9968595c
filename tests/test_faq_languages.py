"""Which languages a FAQ is in, and which a question."""

from dataclasses import replace

import pytest

from bot.faq_languages import asked_in, languages_of_faq
from bot.model import Details, Entry, Source, Translation
from tests.fakes import entry


def _in(language: str | None, number: int, *translations: str) -> list[Entry]:
    variants = tuple(Translation(it, ("?",), "!", Source("a", 1)) for it in translations)
    details = Details(translations=variants)
    return [
        replace(entry(f"{language} {it}"), language=language, details=details)
        for it in range(number)
    ]


_SPANISH = [
    entry("¿Cuándo abren ustedes?", answer="Abrimos todos los días a las nueve de la mañana."),
    entry("¿Dónde está la tienda?", answer="La tienda está en la plaza, junto al ayuntamiento."),
    entry("¿Cómo puedo pagar?", answer="Se puede pagar con tarjeta o en efectivo."),
]


def test_what_entries_say_counts() -> None:
    """Languages come by how many entries have them, those of translations included."""
    assert languages_of_faq([*_in("en", 2), *_in("de-AT", 3, "en", "fr")]) == ("en", "de", "fr")
    assert languages_of_faq(_in("English", 1)) == ("en",)
    assert languages_of_faq([]) == ()


def test_silent_entries_are_identified() -> None:
    """A FAQ that never tells its language has one all the same."""
    assert languages_of_faq(_SPANISH) == ("es",)
    assert languages_of_faq(_SPANISH * 100) == ("es",)
    assert languages_of_faq([*_SPANISH, *_in("de", 4)]) == ("de", "es")


@pytest.mark.parametrize(
    ("question", "person", "language"),
    [
        ("Wann habt ihr offen?", "en", "de"),
        ("Wann habt ihr offen?", "de-AT", None),
        ("when do you open", "de", "en"),
        ("when do you open", "en", None),
        ("сколько стоит", "en", None),  # not one of those that it may be
        ("hotel", "en", None),
        ("PayPal?", "de", None),
        ("Hoe laat gaat de winkel vandaag open en hoe kan ik betalen?", "en", None),
        ("", "en", None),
    ],
)
def test_a_question_that_is_clearly_in_a_language(
    question: str, person: str, language: str | None
) -> None:
    """Who writes German with an English client is heard; a name or a third language says little."""
    assert asked_in(question, person, ("en", "de")) == language


def test_the_phrasing_that_was_found_supports_a_short_question() -> None:
    """One word tells little, unless what it found is in the same language."""
    assert asked_in("Preis", "en", ("en", "de")) is None
    assert asked_in("Preis", "en", ("en", "de"), "de") == "de"
    assert asked_in("hotel", "en", ("en", "de"), "de") is None


def test_without_languages_nothing_is_told() -> None:
    """A FAQ that nobody has read yet says nothing of what it is asked in."""
    assert asked_in("Wann habt ihr offen?", "en", ()) is None
