"""The languages that the bot speaks, and which of them to speak with whom."""

import gettext
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.faq.names import language_code
from bot.language_tags import best_match
from bot.wording.autonyms import autonym
from bot.wording.catalogue import SOURCE_LANGUAGE, Catalogue, Key, nearest, shipped


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody whom the bot speaks with, as far as languages go."""

    wished: tuple[str, ...] = ()
    """The tags of the languages that they chose, asked in or have set, the dearest first."""
    has_chosen: bool = False
    """Whether they chose one, so that nothing that they write changes it."""
    faq_languages: tuple[str, ...] = ()
    """What the FAQ is in, the commonest first."""


@dataclass(frozen=True, slots=True)
class Speech:
    """One language of the bot's, and with whom it is spoken.

    Texts are looked up by what they are in English; what stands in braces is filled in. The
    catalogues' test finds every text by the names of these two methods.
    """

    language: str
    """The tag."""
    _catalogue: gettext.NullTranslations
    listener: Listener = Listener()
    _among: "Languages | None" = field(default=None, repr=False, compare=False)

    def say(self, text: str, /, **values: object) -> str:
        """Say a text."""
        said = self._catalogue.gettext(text)
        return said.format(**values) if values else said

    def say_number(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Say a text in the form that goes with a number, there as {number}."""
        return self._catalogue.ngettext(one, many, number).format(number=number, **values)

    @property
    def reads(self) -> tuple[str, ...]:
        """The tags of the languages to give answers in, the dearest first."""
        return (*self.listener.wished, self.language)

    @property
    def spoken(self) -> tuple[str, ...]:
        """The tags of all languages that could be spoken instead."""
        return self._among.codes if self._among else (self.language,)

    def answering(self, language: str | None, faq_languages: tuple[str, ...]) -> "Speech":
        """Give how to speak with the same person about a question.

        Args:
            language: what it was clearly asked in; None where that is not known.
            faq_languages: what the FAQ is in, the commonest first.
        """
        asked = (language,) if language and not self.listener.has_chosen else ()
        wished = (*asked, *self.listener.wished)
        listener = replace(self.listener, wished=wished, faq_languages=faq_languages)
        return self._among.with_(listener) if self._among else replace(self, listener=listener)


ENGLISH: Final = Speech(SOURCE_LANGUAGE, gettext.NullTranslations())
"""For the command line, and wherever nobody knows better."""


class Languages:
    """All the languages that the bot speaks."""

    def __init__(self, catalogues: Iterable[Catalogue] = ()) -> None:
        """Prepare.

        Args:
            catalogues: what comes with faqbot.
        """
        self._shipped = {it.language: it for it in catalogues}
        self._speeches: Mapping[str, Speech] = {}
        self.override({})

    @classmethod
    def shipped(cls) -> "Languages":
        """Give the languages that come with faqbot."""
        return cls(shipped())

    def override(self, texts: Mapping[str, Mapping[Key, tuple[str, ...]]]) -> None:
        """Say other texts than those that are shipped, from now on.

        Args:
            texts: by language, which may be one that is not shipped; whatever was there before
                counts no more.
        """
        catalogues = [
            nearest(tag, self._shipped).saying(texts.get(tag, {}))
            for tag in dict.fromkeys((*self._shipped, *texts))
        ]
        spoken = {it.language: Speech(it.language, it.translations()) for it in catalogues}
        self._speeches = {SOURCE_LANGUAGE: ENGLISH, **spoken}

    @property
    def codes(self) -> tuple[str, ...]:
        """Their tags, English first."""
        return tuple(self._speeches)

    def speech(self, *wished: str | None) -> Speech:
        """Give the first of these languages that is spoken; English where none is.

        Args:
            wished: language tags such as `de` or `pt-br`, the dearest first.
        """
        return self.with_(Listener(tuple(tag for tag in wished if tag)))

    def with_(self, listener: Listener) -> Speech:
        """Give the language to speak with someone: theirs, else the FAQ's, else English."""
        for tag in (*listener.wished, *listener.faq_languages):
            found = best_match(tag, self._speeches)
            if found:
                return replace(self._speeches[found], listener=listener, _among=self)
        return replace(self._speeches[SOURCE_LANGUAGE], listener=listener, _among=self)

    def chosen(self, text: str) -> str | None:
        """Give the language that somebody names by its tag or a name of it; None for others."""
        name = text.strip().casefold()
        for tag in self._speeches:
            if name in {tag.casefold(), autonym(tag).casefold()}:
                return tag
        return best_match(language_code(name) or name, self._speeches)
