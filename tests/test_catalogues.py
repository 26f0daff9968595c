"""Every language says all that the bot says, and nothing else."""

import string
from collections.abc import Sequence

import polib
import pytest
from telegram.constants import CallbackQueryLimit

from bot.telegram.rendering import render
from bot.wording.catalogue import Catalogue
from bot.wording.saying import did_you_mean, only_admins, still_reading, useless_button
from bot.wording.speech import Languages
from tests.catalogues import catalogues, said

_SAID = {it.key: it.place for it in said()}
_CATALOGUES = catalogues()


def _fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _forms(entry: polib.POEntry) -> Sequence[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_the_code_says_something() -> None:
    """The texts are really found; else nothing below could fail."""
    assert ("I have no answer to that.", "") in _SAID
    assert ("and {number} more", "and {number} more") in _SAID


@pytest.mark.parametrize("language", _CATALOGUES)
def test_nothing_is_missing_or_unused(language: str) -> None:
    """What the code says is in the catalogue and translated; what it does not say is not there."""
    catalogue = _CATALOGUES[language]
    keys = {(it.msgid, it.msgid_plural) for it in catalogue}
    assert {key: place for key, place in _SAID.items() if key not in keys} == {}
    assert keys - _SAID.keys() == set()
    assert [it.msgid for it in catalogue if not all(_forms(it)) or it.fuzzy] == []


@pytest.mark.parametrize("language", _CATALOGUES)
def test_what_is_filled_in_is_the_same(language: str) -> None:
    """A translation names what is filled in as the English text does, Markdown's code included."""
    for entry in _CATALOGUES[language]:
        for form in _forms(entry):
            assert _fields(form) <= _fields(entry.msgid_plural or entry.msgid), entry.msgid
            if not entry.msgid_plural:
                assert _fields(form) == _fields(entry.msgid), entry.msgid
                assert form.count("`") == entry.msgid.count("`"), entry.msgid


@pytest.mark.parametrize("language", _CATALOGUES)
def test_numbers_have_as_many_forms_as_the_language(language: str) -> None:
    """Each text with a number has all the forms that its language's rule asks for."""
    file = _CATALOGUES[language]
    numbers = Catalogue.read(language, str(file)).numbers()
    assert all(numbers)
    assert file.metadata["Language"] == language
    for entry in file:
        if entry.msgid_plural:
            assert list(entry.msgstr_plural) == list(range(len(numbers)))


@pytest.mark.parametrize("language", ["en", *_CATALOGUES])
def test_what_is_shown_on_a_press_fits(language: str) -> None:
    """Telegram shows 200 characters for a moment, and not one more."""
    speech = Languages.shipped().speech(language)
    for text in (useless_button(speech), still_reading(speech), only_admins(speech)):
        assert len(text) <= CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH


@pytest.mark.parametrize("language", ["en", *_CATALOGUES])
def test_suggestions_are_recognised(language: str) -> None:
    """What introduces suggestions is shown letter by letter, so that their language is known."""
    text = did_you_mean(Languages.shipped().speech(language))
    assert "".join(part.text for part in render(text)) == text


def test_the_languages_are_shipped() -> None:
    """All catalogues are spoken; a language that there is none of is answered in English."""
    languages = Languages.shipped()
    assert set(languages.codes) == {"en", *_CATALOGUES}
    assert languages.speech("xx", None).language == "en"
