"""The languages that the bot speaks, each from a gettext catalogue."""

import gettext
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import polib

SOURCE_LANGUAGE: Final = "en"
"""What the texts in the code are written in."""


@dataclass(frozen=True, slots=True)
class Speech:
    """One language of the bot's.

    Texts are looked up by what they are in English; what stands in braces is filled in. The
    catalogues' test finds every text by the names of these two methods.
    """

    language: str
    """The ISO 639-1 code."""
    _catalogue: gettext.NullTranslations

    def say(self, text: str, /, **values: object) -> str:
        """Say a text."""
        said = self._catalogue.gettext(text)
        return said.format(**values) if values else said

    def say_number(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Say a text in the form that goes with a number, there as {number}."""
        return self._catalogue.ngettext(one, many, number).format(number=number, **values)


ENGLISH: Final = Speech(SOURCE_LANGUAGE, gettext.NullTranslations())
"""For the command line, and wherever nobody knows better."""


class Languages:
    """All the languages that the bot speaks."""

    def __init__(self, speeches: Iterable[Speech] = (ENGLISH,)) -> None:
        self._speeches: Mapping[str, Speech] = {it.language: it for it in speeches}

    @classmethod
    def shipped(cls) -> "Languages":
        """Give the languages that come with faqbot."""
        folder = files("bot.wording") / "locales"
        found = sorted(it.name for it in folder.iterdir() if it.name.endswith(".po"))
        speeches = (
            Speech(name.removesuffix(".po"), _catalogue((folder / name).read_text("utf-8")))
            for name in found
        )
        return cls((ENGLISH, *speeches))

    @property
    def codes(self) -> tuple[str, ...]:
        """Their ISO 639-1 codes, English first."""
        return tuple(self._speeches)

    def speech(self, *wished: str | None) -> Speech:
        """Give the first of these languages that is spoken; English where none is.

        Args:
            wished: language tags such as `de` or `pt-br`, the dearest first.
        """
        for tag in wished:
            code = (tag or "").lower().replace("_", "-").split("-")[0]
            if code in self._speeches:
                return self._speeches[code]
        return self._speeches.get(SOURCE_LANGUAGE, ENGLISH)


def _catalogue(text: str) -> gettext.GNUTranslations:
    """Read a catalogue as translators edit it; the standard library reads compiled ones only."""
    return gettext.GNUTranslations(io.BytesIO(polib.pofile(text).to_binary()))
