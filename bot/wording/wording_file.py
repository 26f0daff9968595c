"""An admin's own words in the place of the bot's: one YAML file for all languages.

    de:
      I have no answer to that.: Da bin ich überfragt.
      "I can help with:": Frag mich etwas über
      and {number} more: [und eins mehr, "und {number} mehr"]

Whatever is wrong in it leaves the shipped words in place.
"""

import difflib
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from bot.faq.decoding import decode
from bot.faq.draft import Parsed
from bot.faq.names import language_code
from bot.faq.yaml_text import quoted
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree, YamlError, parse_yaml
from bot.model import Problem
from bot.wording.autonyms import autonym
from bot.wording.catalogue import SOURCE_LANGUAGE, Catalogue, Key, nearest, shipped
from bot.wording.speech import Languages

_MOST_BYTES = 1_000_000
_MOST_QUOTED = 60
_FIELD = re.compile(r"\{\w+\}")

Texts: TypeAlias = Mapping[str, Mapping[Key, tuple[str, ...]]]
"""Texts with all their forms, by language."""


class WordingFile:
    """The words in use: those that are shipped, and what the admin's file says instead."""

    def __init__(self, path: Path | None) -> None:
        """Prepare, without reading the file.

        Args:
            path: of the file; None where there is none.
        """
        self._path = path
        self._catalogues = {it.language: it for it in shipped()}
        self._seen: bytes | None = b""
        self.languages = Languages(self._catalogues.values())

    def refresh(self) -> tuple[Problem, ...]:
        """Speak as the file says now.

        Returns:
            What is wrong in it; nothing where it is as it was when this was last asked.
        """
        if self._path is None:
            return ()
        data = _read(self._path)
        if data == self._seen:
            return ()
        self._seen = data
        texts, problems = parse_wording(data, str(self._path.absolute()), self._catalogues)
        self.languages.override(texts)
        return problems


def parse_wording(
    data: bytes | None, file: str, catalogues: Mapping[str, Catalogue]
) -> tuple[Texts, tuple[Problem, ...]]:
    """Read an admin's words.

    Args:
        data: the file; None where it could not be read.
        file: its name.
        catalogues: what is shipped, by language.

    Returns:
        The texts that can be said as they are, and what is wrong with the others.
    """
    into = Parsed(file)
    texts = {}
    for tag, fields in _languages(data, into):
        catalogue = nearest(tag, catalogues)
        keys = catalogues[SOURCE_LANGUAGE].texts
        texts[tag] = dict(_Reader(catalogue, tuple(keys), into).read(fields))
        missing = len(keys.keys() - catalogue.texts.keys() - texts[tag].keys())
        if missing:
            into.warning(
                fields.line,
                f"{missing} of {len(keys)} texts are not there in the language {tag}, and are "
                "said in English.",
                f"`faqbot config --wording {tag}` lists them all.",
            )
    return texts, tuple(into.problems)


def template(language: str, catalogues: Mapping[str, Catalogue]) -> str:
    """Give all texts of a language as a file to begin with, in which nothing counts yet."""
    catalogue = nearest(language, catalogues)
    lines = [
        f"# All that the bot says by itself, in {autonym(language)}. To say something else, take",
        "# away the # before a line, and write what you want behind the colon. What you leave out",
        "# is said as before. What stands in {braces} is filled in and must stay. Markdown works.",
        f"{language}:",
    ]
    for key in catalogues[SOURCE_LANGUAGE].texts:
        one, many = key
        forms = catalogue.texts.get(key) or ((one, many) if many else (one,))
        if not many:
            lines.append(f"#  {quoted(one)}: {quoted(forms[0])}")
            continue
        lines.append(f"#  {quoted(many)}:")
        for form, numbers in zip(forms, catalogue.numbers(), strict=True):
            listed = ", ".join(map(str, numbers))
            lines.append(f"#    - {quoted(form)}  # for {listed} …")
    return "\n".join([*lines, ""])


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError):
        return None
    return data if len(data) <= _MOST_BYTES else None


def _languages(data: bytes | None, into: Parsed) -> Iterator[tuple[str, Fields]]:
    """Give what the file has for each language."""
    if data is None:
        into.error(
            1,
            "The file of FAQBOT_WORDING_PATH cannot be read.",
            "Check that it is there, may be read and has at most 1 MB; until then the words that "
            "are shipped are said.",
        )
        return
    try:
        tree = parse_yaml(decode(data), on_repeat=into.error)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        into.error(line, "This file is not UTF-8.", "Save it with the encoding UTF-8.")
        return
    except YamlError as error:
        into.error(error.line, error.what, error.mend, column=error.column)
        return
    if tree is None or tree == Scalar(tree.line, ""):
        return
    if not isinstance(tree, Fields):
        into.error(
            tree.line,
            "This file must begin with a language.",
            "Write `de:` on a line of its own, and the texts below it, indented; "
            "`faqbot config --wording de` prints such a file.",
        )
        return
    for name, value in tree.values.items():
        tag = language_code(name)
        if not tag:
            into.error(
                tree.lines[name],
                f'"{name[:_MOST_QUOTED]}" is no language.',
                "Write its code, such as `de` or `pt-BR`.",
            )
        elif isinstance(value, Fields):
            yield tag.lower(), value
        elif value != Scalar(value.line, ""):
            into.error(
                value.line,
                f'Below "{name[:_MOST_QUOTED]}" there must be texts.',
                "Indent each below it: the text in English, a colon, and what to say instead.",
            )


class _Reader:
    """Reads the texts of one language."""

    def __init__(self, catalogue: Catalogue, keys: Sequence[Key], into: Parsed) -> None:
        self._catalogue = catalogue
        self._into = into
        self._keys = {
            text: key
            for key in keys
            # As it is shown now, and before all in English.
            for text in (*catalogue.texts.get(key, ()), *key)
            if text
        }

    def read(self, fields: Fields) -> Iterator[tuple[Key, tuple[str, ...]]]:
        """Give each text that can be said, with all its forms."""
        for name, value in fields.values.items():
            line = fields.lines[name]
            key = self._keys.get(name)
            if key is None:
                near = difflib.get_close_matches(name, self._keys, n=1)
                self._into.error(
                    line,
                    f'The bot never says "{name[:_MOST_QUOTED]}".',
                    f"Did you mean {quoted(near[0])}?"
                    if near
                    else "`faqbot config --wording` and a language lists all that it says.",
                )
            elif forms := self._forms(key, value, line):
                yield key, forms

    def _forms(self, key: Key, value: Tree, line: int) -> tuple[str, ...]:
        """Give what to say in each form; nothing where something is wrong."""
        needed = self._catalogue.forms if key[1] else 1
        items = value.values if isinstance(value, Items) else (value,)
        forms = tuple(it.text.strip() for it in items if isinstance(it, Scalar))
        if len(forms) < len(items) or not all(forms) or len(forms) not in {1, needed}:
            several = f", or a list of {needed} texts, one for each form" if needed > 1 else ""
            self._into.error(
                line,
                f'"{key[0][:_MOST_QUOTED]}" needs one text{several}.',
                "Put quotation marks around the text, if it holds a colon or a #.",
            )
            return ()
        for form in forms:
            if wrong := _wrong_braces(form, key):
                self._into.error(line, *wrong)
                return ()
        return forms * (needed // len(forms))


def _wrong_braces(form: str, key: Key) -> tuple[str, str] | None:
    """Tell what is wrong with what a text has in braces, and how to mend it."""
    one, many = key
    wanted = _braces(many or one) or set()
    if not wanted:
        filled = _FIELD.search(form)  # any other brace is just that
        return filled and (
            f"Nothing is known here to fill {filled.group()} with.",
            "Write the text without it.",
        )
    given = _braces(form)
    listed = ", ".join(f"{{{name}}}" for name in sorted(wanted))
    if given is None:
        return (
            "A brace in this text has no partner, or holds more than a name.",
            f"What is filled in is {listed}, written just so; for a brace itself write two.",
        )
    if unknown := given - wanted:
        return (
            f"Nothing is known here to fill {{{min(unknown)}}} with.",
            f"What can be filled in is {listed}.",
        )
    # One, two or no things may do without their number.
    if not many and (missing := wanted - given):
        return f"{{{min(missing)}}} is missing in this text.", f"It must hold {listed}."
    return None


def _braces(text: str) -> set[str] | None:
    """Give what is filled in; None where that cannot be done."""
    try:
        fields = [it for it in string.Formatter().parse(text) if it[1] is not None]
    except ValueError:
        return None
    plain = all(name and name.isidentifier() and not (how or turn) for _, name, how, turn in fields)
    return {str(name) for _, name, _, _ in fields} if plain else None
