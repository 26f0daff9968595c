"""The text of a file's bytes, be it UTF-8, UTF-16, or what spreadsheets wrote before these.

An old encoding does not say which it is. It is guessed only where a language's letters account for
nearly all that is not ASCII: shown to people, a wrong guess is worse than a file left unread.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_LATIN = {
    "cp1252": (
        "äöüß",  # German
        "éèêëàâçùûüôîïœæ«»",
        "áéíóúñü¿¡ºª",
        "ãõçáéíóúâêôàüºª",
        "àèéìòùî",
        "åäöéøæ",  # Nordic
        "éëïóöüèêáíú",  # Dutch
        "àèéíïóòúüç·",
        "áéíóúýðþæö",
    ),
    "cp1250": (
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "áéíóöőúüű",
        "ăâîşţ",
        "čćđšž",
    ),
    "cp1254": ("çğıöşüâîû",),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž"),
    "mac_roman": ("áéíóúñü¿¡", "éèêëàâçùûüôîïœæ«»", "äöüß"),
}
_SCRIPTS = {
    "cp1251": "CYRILLIC",
    "koi8_r": "CYRILLIC",
    "cp866": "CYRILLIC",
    "cp1253": "GREEK",
    "cp1255": "HEBREW",
    "cp1256": "ARABIC",
    "cp932": "KATAKANA HIRAGANA CJK",
    "cp949": "HANGUL",
    "gb18030": "CJK",
    "big5": "CJK",
}
# The commonest letters of each: the wrong encoding gives others just as well.
_COMMON = {
    "CYRILLIC": "оеаинтсрвлкмдупі",
    "GREEK": "αοιετσνηυρπκάέίόςμ",
    "HEBREW": "יוהלארתבשמנם",
    "ARABIC": "اليمونترب",
    "HANGUL": "이다는에을가의고하지를은로한기사시어도나자해서인요",
    "KATAKANA HIRAGANA CJK": (
        "のにはをたがでてとしれさるいもなかすりきうくあこまよそちせえらんけおだどみつめっやば"
    ),
    "CJK": "的一是了我不在有他这這们們来來到时時要就可以会會吗嗎什么麼请請问問怎如何您你为為和",
}
_NAMES: Mapping[str, str] = {
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1257": "Baltic (Windows-1257)",
    "mac_roman": "Mac OS Roman",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "cp866": "Cyrillic (DOS)",
    "cp1253": "Greek (Windows-1253)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp932": "Japanese (Shift JIS)",
    "cp949": "Korean (Windows-949)",
    "gb18030": "simplified Chinese (GB 18030)",
    "big5": "traditional Chinese (Big5)",
}
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Of these and of punctuation no language has more than another.
_SIGNS = frozenset("\u00b0\u00a9\u00ae\u2122\u00b1\u00d7\u00b2\u2026")
_RARE_SIGNS = frozenset("\u2020\u2021\u2030\u00b6")
_MIXED = re.compile(r"[a-zA-Z][^\W\d_a-zA-Z]|[^\W\d_a-zA-Z][a-zA-Z]")
_SAMPLE = 200_000
_ENOUGH = 0.97
_LEAST_COMMON_OF_ALPHABETS = 0.4
_LEAST_COMMON = {"CJK": 0.05, "HANGUL": 0.05, "KATAKANA HIRAGANA CJK": 0.2}


class Decoded(NamedTuple):
    """A text, and how it was written."""

    text: str
    guessed: str | None
    """The encoding's name for people, where it had to be guessed."""


def decode(data: bytes) -> str:
    """Decode a file that is UTF-8, or UTF-16 with a mark that says so.

    Raises:
        UnicodeDecodeError: it is neither, from a place on.
    """
    for mark, encoding in _MARKS:
        # Whatever the language, UTF-16 has a zero byte in every space and line end.
        if data.startswith(mark) and (encoding == "utf-8" or b"\0" in data):
            return data[len(mark) :].decode(encoding)
    return data.decode()


def decode_guessing(data: bytes) -> Decoded:
    """Decode a file of any common encoding.

    Raises:
        UnicodeDecodeError: it has none that could be told with certainty.
    """
    try:
        return Decoded(decode(data), None)
    except UnicodeDecodeError:
        best = max(_guesses(data[:_SAMPLE]), default=None)
        if not best:
            raise
        encoding = best[-1]
        return Decoded(data.decode(encoding, errors="replace"), _NAMES[encoding])


def guessed_encoding(data: bytes) -> str | None:
    """Give Python's name of the old encoding of a file; None where it cannot be told."""
    best = max(_guesses(data[:_SAMPLE]), default=None)
    return best[-1] if best else None


def _guesses(data: bytes) -> Iterator[tuple[float, int, str]]:
    """Give the encodings that account for a text, how well they do, and how usual they are."""
    if b"\0" in data:
        return  # no encoding of these has it in a text
    for place, (encoding, alphabets) in enumerate(_LATIN.items()):
        # A table in one language is the common case, so one alphabet must do alone.
        if _latin_share(_sample(data, encoding), alphabets) >= _ENOUGH:
            yield math.inf, -place, encoding
    for place, (encoding, script) in enumerate(_SCRIPTS.items()):
        likelihood = _likelihood(_sample(data, encoding), script)
        if likelihood:
            yield likelihood, -place, encoding


def _sample(data: bytes, encoding: str) -> str:
    text = data.decode(encoding, errors="replace")
    return text.removesuffix("\ufffd")  # a sample may end in the middle of a character


def _strange(text: str) -> list[str]:
    """Give the characters that are neither ASCII nor signs of many languages."""
    return [
        char
        for char in text
        if char > "\x7f"
        and char not in _SIGNS
        and (unicodedata.category(char)[0] != "P" or char in _RARE_SIGNS)
        and unicodedata.category(char) not in {"Zs", "Sc"}
    ]


def _latin_share(text: str, alphabets: tuple[str, ...]) -> float:
    """Give the share of letters that one language accounts for."""
    letters = [char.lower() for char in _strange(text)]
    if not letters:
        return 1.0
    return max(sum(map(alphabet.__contains__, letters)) for alphabet in alphabets) / len(letters)


def _likelihood(text: str, script: str) -> float:
    """Give how many common letters of a script there are, against the fewest that a text has.

    0 where this cannot be a text in that script.
    """
    letters = _strange(text)
    names = tuple(script.split())
    fitting = [char for char in letters if unicodedata.name(char, "").startswith(names)]
    if not fitting or len(fitting) < _ENOUGH * len(letters):
        return 0.0
    if "CJK" not in names and len(_MIXED.findall(text)) * 5 > len(fitting):
        return 0.0
    common = sum(map(_COMMON[script].__contains__, map(str.lower, fitting))) / len(fitting)
    likelihood = common / _LEAST_COMMON.get(script, _LEAST_COMMON_OF_ALPHABETS)
    return likelihood if likelihood >= 1 else 0.0
