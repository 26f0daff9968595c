"""JSON as the same tree as YAML: it remembers its lines, and every value is a text.

The standard library's reader forgets where things stand, keeps the last of two equal keys without a
word, and recurses as deeply as the text does.
"""

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined] # the C function behind loads()

from bot.faq.yaml_tree import Fields, Items, Scalar, Tell, Tree, repeated

MAX_VALUES = 300_000
"""In one text; more than a FAQ could have, and they would take much memory."""

_DEEPEST = 20
_SOLID = re.compile(r"[^ \t\r\n\ufeff]|\Z")
_WORD = re.compile(r"-?[0-9][0-9.eE+-]*|-?Infinity|NaN|null|true|false")
_MEND = (
    "Look at this line and the one above for a missing comma, a missing quotation mark or bracket, "
    "or a comma before a closing bracket."
)


class JsonError(Exception):
    """The text is not JSON that can be used here."""

    def __init__(self, line: int, column: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.line = line
        self.column = column
        self.what = what
        self.mend = mend


def parse_json(text: str, on_repeat: Tell, first_line: int = 1) -> Iterator[Tree]:
    """Parse the JSON values of a text, most often one.

    Args:
        text: values, one behind the other, with nothing but spaces between them.
        on_repeat: takes note of keys that stand twice in one object, of which the first counts.
        first_line: the line of the file on which the text begins.

    Raises:
        JsonError: from the place on that is no JSON.
    """
    reader = _Reader(text, on_repeat, first_line)
    while not reader.is_at_end():
        yield reader.value(0)


class _Reader:
    """Reads from one place on, never back."""

    def __init__(self, text: str, on_repeat: Tell, first_line: int) -> None:
        self._text = text
        self._on_repeat = on_repeat
        self._at = 0
        self._line = first_line
        self._counted = 0
        self._values = 0

    def is_at_end(self) -> bool:
        return not self._next()

    def value(self, depth: int) -> Tree:
        char, line = self._next(), self._line_here()
        self._values += 1
        if self._values > MAX_VALUES:
            raise self._slip(
                f"This file holds more than {MAX_VALUES:,} values.", "Split it into several files."
            )
        if char == '"':
            return Scalar(line, self._string())
        if char in {"{", "["} and depth == _DEEPEST:
            raise self._slip("This is nested too deeply.")
        if char == "{":
            return self._object(line, depth)
        if char == "[":
            return Items(line, tuple(self._items(depth)))
        word = _WORD.match(self._text, self._at)
        if not word:
            raise self._slip("This is not valid JSON.")
        self._at = word.end()
        return Scalar(line, "" if word.group() == "null" else word.group())

    def _items(self, depth: int) -> Iterator[Tree]:
        self._at += 1
        is_over = self._take("]")
        while not is_over:
            yield self.value(depth + 1)
            is_over = self._ends("]")

    def _object(self, line: int, depth: int) -> Fields:
        self._at += 1
        values: dict[str, Tree] = {}
        lines: dict[str, int] = {}
        is_over = self._take("}")
        while not is_over:
            if self._next() != '"':
                raise self._slip("This is not valid JSON: here a name in quotation marks must be.")
            key_line, key = self._line_here(), self._string()
            if not self._take(":"):
                raise self._slip(f'This is not valid JSON: behind "{key[:40]}" a colon must be.')
            value = self.value(depth + 1)
            if key in values:
                self._on_repeat(*repeated(key, key_line, lines[key]))
            else:
                values[key], lines[key] = value, key_line
            is_over = self._ends("}")
        return Fields(line, values, lines)

    def _ends(self, bracket: str) -> bool:
        """Pass what stands behind a value in brackets; tell whether they end there."""
        if self._take(bracket):
            return True
        if not self._take(","):
            raise self._slip(f"This is not valid JSON: here a comma or {bracket} must be.")
        return self._take(bracket)  # a comma too many does no harm

    def _string(self) -> str:
        try:
            text, self._at = scanstring(self._text, self._at + 1, False)  # noqa: FBT003
        except json.JSONDecodeError as error:
            self._at = error.pos
            raise self._slip(f"This is not valid JSON: {error.msg}.") from None
        return str(text)

    def _next(self) -> str:
        solid = _SOLID.search(self._text, self._at)
        self._at = solid.start() if solid else len(self._text)
        return self._text[self._at : self._at + 1]

    def _take(self, char: str) -> bool:
        is_there = self._next() == char
        self._at += is_there
        return is_there

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _slip(self, what: str, mend: str = _MEND) -> JsonError:
        self._at = max(self._at, self._counted)
        column = self._at - self._text.rfind("\n", 0, self._at)
        return JsonError(self._line_here(), column, what, mend)
