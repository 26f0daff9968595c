"""Text to the tokens of lexical matching: word stems, codes, and the grams that survive a typo."""

import re
import unicodedata
from functools import lru_cache

from bot.text import normalise

_STEM_CHARS = 5
_GRAM_LENGTHS = (3, 4, 5)

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, Han, Hiragana, Katakana, by block. All
# their marks stand in the same blocks.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007"
    "\u3021-\u3029\u3031-\u3035\u3038-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
# What holds the parts of a code together, such as E-1234, ERR_404 or v2.1.
_JOINTS = "._-"
_MARK = rf"[^\w\s{_JOINTS}]"  # once all else is blanked out, nothing else is no word character
_PIECE = re.compile(
    rf"(?P<unspaced>(?=\w)[{_UNSPACED}](?:[{_UNSPACED}]|{_MARK})*)|[^\W_][^{_UNSPACED}]*"
)
_PART = re.compile(rf"[^\W_][^{_JOINTS}]*")
_DIGIT = re.compile(r"\d")
_TIGHTER = str.maketrans("", "", "-_")


def words(text: str) -> list[str]:
    """Give the tokens to compare texts by their words, as often as they occur.

    Words are cut to their first five characters: a stemmer that knows no language. What holds a
    digit stays whole, since codes differ in their ends; a code of several parts is there in its
    parts and as a whole, hyphens left out, so that E-1234, E1234 and "error 1234" meet. Where a
    script knows no spaces, pairs of neighbouring characters stand for words.
    """
    found: list[str] = []
    for run in _runs(text):
        if run.isalpha() and run.isascii():  # nearly all; nothing of what follows could apply
            found.append(run[:_STEM_CHARS])
            continue
        for piece in _PIECE.finditer(run):
            if piece["unspaced"]:
                pairs = [piece[0][i : i + 2] for i in range(len(piece[0]) - 1)]
                found += pairs or [piece[0]]
                continue
            parts = _PART.findall(piece[0])
            found += [part if _DIGIT.search(part) else part[:_STEM_CHARS] for part in parts]
            if len(parts) > 1 and _DIGIT.search(piece[0]):
                found.append(piece[0].rstrip(_JOINTS).translate(_TIGHTER))
    return found


def grams(text: str) -> list[str]:
    """Give all runs of 3, 4 and 5 characters of each word, as often as they occur.

    A word has one space on either side, so that its ends count as such.
    """
    found: list[str] = []
    for part in _parts(text):
        padded = f" {part} "
        found += [
            padded[start : start + length]
            for length in _GRAM_LENGTHS
            for start in range(len(padded) - length + 1)
        ]
    return found


def _parts(text: str) -> list[str]:
    """Give the words of a text at full length, codes in their parts only."""
    found: list[str] = []
    for run in _runs(text):
        if run.isalpha() and run.isascii():  # as above
            found.append(run)
            continue
        for piece in _PIECE.finditer(run):
            found += (piece[0],) if piece["unspaced"] else _PART.findall(piece[0])
    return found


# A question is asked for its words and its grams, and for the words of its parts.
@lru_cache(maxsize=64)
def _runs(text: str) -> tuple[str, ...]:
    """Give the runs of letters, their marks, digits and joints in a text."""
    normal = normalise(text)
    signs = {ord(char): _blanked(char) for char in set(normal) if not char.isalnum()}
    return tuple(run.strip(_JOINTS) for run in normal.translate(signs).split())


def _blanked(char: str) -> str:
    r"""Keep joints and the marks of letters, which are no \w; blank out other signs."""
    if char in _JOINTS:
        return char
    if char == "\u2010":  # the hyphen of typesetters
        return "-"
    if unicodedata.category(char) not in {"Mn", "Mc"}:
        return " "
    # These choose between the shapes of one letter.
    return "" if unicodedata.name(char, "").startswith("VARIATION SELECTOR") else char
