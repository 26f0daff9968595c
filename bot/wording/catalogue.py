"""All that the bot says in one language, as gettext keeps it."""

import gettext
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final, TypeAlias

import polib

from bot.language_tags import best_match

SOURCE_LANGUAGE: Final = "en"
"""What the texts in the code are written in."""

Key: TypeAlias = tuple[str, str]
"""A text in English, and its plural or nothing."""

_ENGLISH_PLURALS = "nplurals=2; plural=(n != 1);"
_MOST_TRIED = 200
_MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the bot says in one language."""

    language: str
    plural_forms: str
    """How many forms a text with a number has, and which is for which, as gettext writes it."""
    texts: Mapping[Key, tuple[str, ...]]
    """Each with all its forms; what is not there is said in English."""

    @classmethod
    def read(cls, language: str, text: str) -> "Catalogue":
        """Read what translators edit; the standard library reads compiled catalogues only."""
        file = polib.pofile(text)
        said = {
            (it.msgid, it.msgid_plural): tuple(it.msgstr_plural.values()) or (it.msgstr,)
            for it in file
        }
        return cls(language, file.metadata["Plural-Forms"], said)

    @classmethod
    def unwritten(cls, language: str) -> "Catalogue":
        """Make one for a language that has none, in which all is said in English."""
        return cls(language, _ENGLISH_PLURALS, {})

    @classmethod
    def english(cls, keys: Iterable[Key]) -> "Catalogue":
        """Make the one that says what stands in the code."""
        texts = {key: tuple(it for it in key if it) for key in keys}
        return cls(SOURCE_LANGUAGE, _ENGLISH_PLURALS, texts)

    def saying(self, texts: Mapping[Key, tuple[str, ...]]) -> "Catalogue":
        """Say these texts instead."""
        return replace(self, texts={**self.texts, **texts})

    @property
    def forms(self) -> int:
        """How many forms a text with a number has."""
        return int(self.plural_forms.split(";")[0].split("=")[1])

    def numbers(self) -> tuple[tuple[int, ...], ...]:
        """Give the first few numbers that each form is for."""
        rule = self.plural_forms.split("plural=")[-1].strip().rstrip(";")
        form_of = gettext.c2py(rule)
        found: list[list[int]] = [[] for _ in range(self.forms)]
        for number in range(_MOST_TRIED):
            found[form_of(number)].append(number)
        return tuple(tuple(numbers[:_MOST_EXAMPLES]) for numbers in found)

    def translations(self) -> gettext.GNUTranslations:
        """Compile it."""
        file = polib.POFile()
        file.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Plural-Forms": self.plural_forms,
        }
        for (one, many), forms in self.texts.items():
            entry = polib.POEntry(msgid=one)
            if many:
                entry.msgid_plural, entry.msgstr_plural = many, dict(enumerate(forms))
            else:
                (entry.msgstr,) = forms
            file.append(entry)
        return gettext.GNUTranslations(io.BytesIO(file.to_binary()))


def nearest(tag: str, catalogues: Mapping[str, Catalogue]) -> Catalogue:
    """Give what to begin with in a language: its own catalogue, or that of de for de-at, or none.

    Args:
        tag: of the language.
        catalogues: by language.
    """
    found = best_match(tag, catalogues)
    return replace(catalogues[found], language=tag) if found else Catalogue.unwritten(tag)


def shipped() -> Iterator[Catalogue]:
    """Give the catalogues that come with faqbot, English first."""
    folder = files("bot.wording") / "locales"
    found = sorted(it.name for it in folder.iterdir() if it.name.endswith(".po"))
    others = [
        Catalogue.read(name.removesuffix(".po"), (folder / name).read_text("utf-8"))
        for name in found
    ]
    yield Catalogue.english(dict.fromkeys(key for it in others for key in it.texts))
    yield from others
