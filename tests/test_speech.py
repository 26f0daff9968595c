"""Which language is spoken with whom."""

import pytest

from bot.wording.autonyms import autonym
from bot.wording.speech import ENGLISH, Languages, Listener

_LANGUAGES = Languages.shipped()


@pytest.mark.parametrize(
    ("wished", "language"),
    [
        (["de-AT"], "de"),
        (["DE"], "de"),
        (["fr", "es_MX"], "es"),
        ([None, "ru"], "ru"),
        (["fr"], "en"),
        ([], "en"),
        (["en-GB", "de"], "en"),
        (["dehong"], "en"),
    ],
)
def test_the_first_wished_language_that_is_spoken(wished: list[str | None], language: str) -> None:
    """People get what they like best of what there is, and else English."""
    assert _LANGUAGES.speech(*wished).language == language


def test_the_faqs_language_comes_before_english() -> None:
    """Who reads none of the languages gets what the FAQ is in, if that is spoken."""
    assert _LANGUAGES.with_(Listener(("fr",), faq_languages=("ca", "es", "de"))).language == "es"
    assert _LANGUAGES.with_(Listener(("fr",), faq_languages=("ca",))).language == "en"


def test_answers_are_read_in_what_is_wished() -> None:
    """A language that the bot does not speak may still be that of an entry."""
    assert _LANGUAGES.speech("fr", "de-AT").reads == ("fr", "de-AT", "de")


def test_a_question_has_its_own_language() -> None:
    """What is asked in German is answered in German, unless another language was chosen."""
    speech = _LANGUAGES.speech("ru").answering("de", ("en", "de"))
    assert speech.language == "de"
    assert speech.listener == Listener(("de", "ru"), faq_languages=("en", "de"))
    assert _LANGUAGES.speech("ru").answering(None, ()).language == "ru"
    chosen = _LANGUAGES.with_(Listener(("ru",), has_chosen=True))
    assert chosen.answering("de", ("en",)).language == "ru"
    assert ENGLISH.answering("de", ()).reads == ("de", "en")
    assert ENGLISH.spoken == ("en",)


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 1, "and 1 more"),
        ("de", 1, "und 1 weiteres"),
        ("de", 2, "und 2 weitere"),
        ("ru", 21, "и ещё 21"),
        ("ar", 1, "وواحد آخر"),
        ("ar", 2, "واثنان آخران"),
        ("ar", 3, "و3 أخرى"),
        ("ar", 111, "و111 آخر"),
    ],
)
def test_numbers_have_their_forms(language: str, number: int, said: str) -> None:
    """Each language has as many forms as it needs: Arabic has six."""
    speech = _LANGUAGES.speech(language)
    assert speech.say_number("and {number} more", "and {number} more", number) == said


def test_a_text_that_is_not_translated_is_said_in_english() -> None:
    """Nobody is left with nothing."""
    assert _LANGUAGES.speech("de").say("Never translated.") == "Never translated."


def test_what_is_overridden_counts_until_it_is_overridden_again() -> None:
    """The last word on all texts is the admin's, English included; each time afresh."""
    languages = Languages.shipped()
    hello = ("Hello! Ask me a question in your own words.", "")
    languages.override({"en": {hello: ("Hi!",)}, "de-at": {hello: ("Servus!",)}})
    assert languages.speech("en").say(hello[0]) == "Hi!"
    assert languages.speech("de-AT").say(hello[0]) == "Servus!"
    assert languages.speech("de-AT").say("None of these") == "Nichts davon"
    assert languages.speech("de").say(hello[0]).startswith("Hallo!")
    assert languages.codes[0] == "en"
    languages.override({})
    assert languages.codes == _LANGUAGES.codes
    assert languages.speech("en").say(hello[0]) == hello[0]


@pytest.mark.parametrize(
    ("named", "tag"),
    [
        *((tag, tag) for tag in _LANGUAGES.codes),
        *((autonym(tag).upper(), tag) for tag in _LANGUAGES.codes),
        (" de_CH ", "de"),
        ("spanish", "es"),
        ("fr", None),
        ("", None),
        ("deutsche bahn", None),
    ],
)
def test_a_language_is_named(named: str, tag: str | None) -> None:
    """By its code, its own name, or another name of it that is well known."""
    assert _LANGUAGES.chosen(named) == tag


@pytest.mark.parametrize(
    ("tag", "name"),
    [("de", "Deutsch"), ("de-AT", "Deutsch"), ("pt-BR", "Português (Brasil)"), ("tlh", "tlh")],
)
def test_a_language_has_its_own_name(tag: str, name: str) -> None:
    """What those who speak it call it; its tag where nobody has told."""
    assert autonym(tag) == name
