"""A message to the parts that may be questions of their own."""

import re
from collections.abc import Iterator

from bot.matching.words import words
from bot.text import one_line

MOST_PARTS = 6
_FEWEST_WORDS = 2
_SENTENCE = re.compile(r"(?<=[.?!;])\s+|(?<=[。？！；؟۔।])|\n+")  # noqa: RUF001 - full-width on purpose
# Words that join two questions, in the languages that the embedded model speaks. Splitting where it
# is wrong costs little: a part counts only if it is answered on its own.
_JOINT = re.compile(
    r"[,，、،–—]\s*|\s-\s|"  # noqa: RUF001
    r"(?:^|\s)(?:and|also|plus|und|außerdem|et|aussi|y|e|también|também|anche|и|также|en|ook|oraz|"
    r"również|ve|ayrıca|و|"  # noqa: RUF001
    r"i(?=\s(?:jak|gdzie|kiedy|ile|czy|dlaczego)\b))\s",  # as in Polish, not in English
    re.IGNORECASE,
)


def parts_of(text: str) -> tuple[str, ...]:
    """Give the parts of a message that may be questions of their own, in their order.

    Returns:
        The sentences, and the pieces of those that are joined of several; each of two words or
        more and none the whole message. Empty for a plain question. Of very many parts the last
        ones: what people want of a long story mostly stands at its end.
    """
    whole = one_line(text)
    parts: dict[str, None] = {}
    for sentence in _SENTENCE.split(text):
        pieces = list(_pieces(sentence))
        parts |= dict.fromkeys(pieces)
        if len(pieces) != 1 and len(words(sentence)) >= _FEWEST_WORDS:
            parts[one_line(sentence)] = None
    parts.pop(whole, None)
    return tuple(parts) if len(parts) <= MOST_PARTS else tuple(parts)[-MOST_PARTS:]


def _pieces(sentence: str) -> Iterator[str]:
    for piece in _JOINT.split(sentence):
        if len(words(piece)) >= _FEWEST_WORDS:
            yield one_line(piece)
